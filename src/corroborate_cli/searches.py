"""`corroborate searches`: the searches that somebody keeps under a name."""

import json
from pathlib import Path

import click

from corroborate_cli.desks import desk_of, looked_into
from corroborate_cli.search import account_options
from corroborate_cli.speaking import say
from corroborate_cli.vaults import vault_options
from corroborate_node.finding import saving
from corroborate_node.http_api import answers


@click.command()
@vault_options
@account_options
@click.option("--rename", nargs=2, metavar="OLD NEW", help="Give a search another name.")
@click.option("--delete", metavar="NAME", help="Forget a search.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    rename: tuple[str, str] | None,
    delete: str | None,
    as_json: bool,
) -> None:
    """List your saved searches, rename one, or delete one. `corroborate search --save NAME` keeps one, `--saved NAME`
    asks it again. Each account has its own, and so has the owner.

    \b
    Example: corroborate searches --vault our-vault
             corroborate searches --rename "camp 15" "Yodok" --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        desk.require("record.read")
        if rename:
            saving.rename(desk, saving.named(desk, rename[0]).pk, rename[1])
        if delete:
            saving.delete(desk, saving.named(desk, delete).pk)
        found = [answers.search(one) for one in saving.searches(desk)]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for one in found:
        asks = " ".join(f"{key}={value}" if key != "q" else value for key, value in one["asks"].items())
        click.echo(f"{one['name']}  {asks}")
    if not found:
        say("No search is saved. `corroborate search WORDS --save NAME` saves one.")
