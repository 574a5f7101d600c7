"""`corroborate deadlines`: what was promised to sources, and until when they are kept."""

import json
from datetime import datetime
from pathlib import Path

import click

from corroborate_cli.desks import desk_of, opened
from corroborate_cli.search import account_options
from corroborate_cli.speaking import say
from corroborate_cli.vaults import vault_options
from corroborate_node.core import journal
from corroborate_node.deadlines import actions
from corroborate_node.http_api import answers


@click.command()
@click.argument("source", default="")
@vault_options
@account_options
@click.option("--promise", default="", help="Whoever told SOURCE is to hear this by the day of --on.")
@click.option("--keep-until", type=click.Choice(actions.THEN), help="SOURCE is kept until --on; then ask, or erase.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day: 2027-03-01.")
@click.option("--settle", default="", help="Say what became of this day, deadline_…, with --how.")
@click.option("--how", default="", help="What was told, or what the source said.")
@click.option("--not-kept", is_flag=True, help="With --settle: it was not kept.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    source: str,
    folder: Path,
    passphrase_file: Path | None,
    account: str | None,
    account_file: Path | None,
    promise: str,
    keep_until: str | None,
    on: datetime | None,
    settle: str,
    how: str,
    not_kept: bool,
    as_json: bool,
) -> None:
    """Show the days of SOURCE, or of every source that waits; set one, settle one. Nothing is erased by itself.

    Example: corroborate deadlines source_… --promise "what the court said" --on 2027-03-01 --vault our-vault
    """
    with opened(folder, passphrase_file) as vault:
        desk = desk_of(vault, account, account_file)
        if on is not None:
            kind = "retention" if keep_until else "feedback"
            actions.plan(desk, source, kind, on.date(), promise, keep_until or "")
        if settle:
            actions.settle(desk, settle, how, kept=not not_kept)
        rows = actions.of_source(desk, source) if source else actions.every(desk)
        found = [answers.deadline(one) for one in rows]
        journal.viewed(desk, "command deadlines", [source] if source else [])
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    if not found:
        say("No day is set.")
    for one in found:
        mark = {None: "·", True: "✓", False: "✕"}[one["kept"]]
        click.echo(f"{mark} {one['on']}  {one['then'] or one['kind']}  {one['source']}  {one['what']}  {one['id']}")
