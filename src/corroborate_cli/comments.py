"""`corroborate comments`: what people who work on a source say of it to each other."""

import json
from pathlib import Path

import click

from corroborate_cli.desks import desk_of, opened
from corroborate_cli.search import account_options
from corroborate_cli.speaking import say
from corroborate_cli.vaults import vault_options
from corroborate_node.core import journal
from corroborate_node.http_api import answers
from corroborate_node.records import remarks


@click.command()
@click.argument("source")
@vault_options
@account_options
@click.option("--say", "text", default="", help="Say this of it.")
@click.option("--place", default="", help="Of what: the number of a passage, or the id of a person or an act.")
@click.option("--to", default="", help="The account that it is for.")
@click.option("--asks", is_flag=True, help="It asks that something be mended.")
@click.option("--settle", default="", help="Say that this comment, remark_…, is settled.")
@click.option("--reopen", default="", help="Open this comment, remark_…, again.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    source: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    text: str,
    place: str,
    to: str,
    asks: bool,
    settle: str,
    reopen: str,
    as_json: bool,
) -> None:
    """Show what people who work on SOURCE say of it; say more, settle something. It is no claim, and leaves nowhere.

    Example: corroborate comments source_… --say "Is this the same camp?" --place act_… --as duri --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        if text:
            remarks.make(desk, source, text, place, to, asks=asks)
        if settle or reopen:
            remarks.settle(desk, settle or reopen, again=bool(reopen))
        found = [answers.remark(one) for one in remarks.of_source(desk, source)]
        journal.viewed(desk, "command comments", [source])
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    if not found:
        say("Nobody said anything of it yet.")
    for one in found:
        mark = "✓" if one["settled"] else ("!" if one["asks"] else "·")
        said = " ".join(part for part in (one["kind"], one["text"]) if part)
        click.echo(f"{mark} {one['place'] or '*'}  {one['by']}: {said}  {one['id']}")
