"""`corroborate show`: one record with what each source says of it, and where."""

import json
from pathlib import Path

import click

from corroborate.errors import InvalidValue
from corroborate_cli.desks import desk_of, looked_into
from corroborate_cli.search import account_options
from corroborate_cli.speaking import echo, language, worded
from corroborate_cli.vaults import vault_options
from corroborate_node.core import journal
from corroborate_node.core.filters import titled
from corroborate_node.core.wording import Words
from corroborate_node.finding import telling


@click.command()
@click.argument("id_", metavar="ID")
@vault_options
@account_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    id_: str, folder: Path, passphrase_file: Path | None, account: str | None, account_file: Path | None, as_json: bool
) -> None:
    """Show a person, an act or a source by its ID: every claim, who said it, and where in the source.

    Example: corroborate show person_… --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        record = telling.record(desk, id_)
        if record is None:
            raise InvalidValue("there is no record {id} here that you may see; `corroborate search` gives ids", id=id_)
        journal.viewed(desk, "show", [id_])
        said = telling.said(record, "en" if as_json else language())
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    frame = Words(language(), "core")
    kind = frame.get(f"kind_{said['kind']}", said["kind"])
    echo(f"{kind}  {said['title']}  {said['id']}".replace("    ", "  "))
    for one in said["claims"]:
        state = "" if one["stands"] else "  " + worded("(corrected or withdrawn: it counts no more)")
        click.echo(f"  {titled(one['property'], frame)}: {one['value']}  [{one['source']} {one['locator']}]{state}")
