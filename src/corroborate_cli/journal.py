"""`corroborate journal`: who saw and did what in a vault or hub."""

import json
from itertools import islice
from pathlib import Path

import click

from corroborate.translation import Sentence
from corroborate_cli.desks import looked_into
from corroborate_cli.speaking import echo, say
from corroborate_cli.vaults import now, vault_options
from corroborate_node.core import journal
from corroborate_node.core.desk import owner


@click.command()
@vault_options
@click.option("--about", default="", help="Lines about one person, act, source or account, by its id.")
@click.option("--by", default="", help="Lines of one account; 'owner' is the command line.")
@click.option("--asked", default="", help="Searches for exactly these words.")
@click.option("--most", default=200, show_default=True, type=click.IntRange(1), help="So many lines.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def command(
    folder: Path, passphrase_file: Path | None, about: str, by: str, asked: str, most: int, as_json: bool
) -> None:
    """Show the journal, newest first: views, searches, acts, exports and refusals, by ids.

    It holds no content of a record, and no searched words: it can only say whether given words were searched for.

    Example: corroborate journal --about source_… --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        found = journal.lines(owner(vault, now()), about=about, by=by, asked=asked)
        entries = journal.entries(list(islice(found, most)))
    if as_json:
        click.echo(json.dumps([one.as_json() for one in entries], ensure_ascii=False))
        return
    for one in entries:
        named = " ".join(one.objects[:3]) + (
            Sentence(" … {number} in all", number=one.number) if one.number > 3 else ""
        )
        echo(f"{one.at:%Y-%m-%d %H:%M:%S} UTC  {one.by}  {one.kind}  {one.what}  {named}".rstrip())
    if not entries:
        say("No line of the journal fits.")
