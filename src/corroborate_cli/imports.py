"""`corroborate imports`: which files came in, what each added and changed, and how one is taken back."""

import json
from pathlib import Path
from typing import Any

import click

from corroborate.translation import counted
from corroborate_cli.desks import looked_into, opened
from corroborate_cli.speaking import say
from corroborate_cli.vaults import now, vault_options
from corroborate_node.core import journal
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions
from corroborate_node.records import imports
from corroborate_node.release import summaries, wording

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_SHOWN = 40  # rows on the screen


@click.group()
def command() -> None:
    """Files that came in by `corroborate import` or the page Import.

    Each has a number. An import can be looked into at any time, and undone: then all that came with it is erased, as if
    it had not been. Seals stay in the log, and say nothing.

    Example: corroborate imports list --vault our-vault
    """


@command.command("list")
@vault_options
@_JSON
def list_(folder: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """List imports, the newest first.

    Example: corroborate imports list --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        desk = owner(vault, now())
        found = [imports.said(one) for one in imports.imports_seen(desk)]
        journal.viewed(desk, "command imports list", [])
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    if not found:
        say("Nothing came in by an import yet. `corroborate import FILE` takes a list in.")
    for one in found:
        undone = f"  undone {str(one['undone'])[:10]}" if one["undone"] else ""
        rows = ", ".join(f"{number} {word}" for word, number in one["rows"].items() if number)
        click.echo(f"{one['import']:>4}  {str(one['at'])[:10]}  {one['list'] or one['file'] or '-'}  {rows}{undone}")


@command.command()
@click.argument("number", type=click.IntRange(1))
@vault_options
@_JSON
def show(number: int, folder: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Show what import NUMBER added and what it changed, row by row.

    Example: corroborate imports show 3 --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        desk = owner(vault, now())
        row = imports.import_seen(desk, number)
        came = imports.came_with(desk, row)
        told = imports.said(row)
        journal.viewed(desk, "command imports show", [row.id])
    if as_json:
        rows = imports.rows_said(came)
        click.echo(json.dumps({**told, "choices": row.choices, "sources": rows}, ensure_ascii=False))
        return
    called = told["list"] or row.name or ("undone" if row.undone else "withdrawn")
    say("Import {number} of {at} by {by}: {called}", number=number, at=str(told["at"])[:16], by=row.by, called=called)
    if row.name:
        say("  file {name}, SHA-256 {digest}", name=row.name, digest=row.digest)
    else:
        say("  file (erased)")
    for field, column in row.choices.get("columns", {}).items():
        say("  {column} from column {field}, as somebody chose", column=column, field=field)
    current = [one for one in came if not one.withdrawn]
    for one in current[:_SHOWN]:
        what = "changed" if one.changed else "added"
        click.echo(f"  {what:<8} {one.called or one.source}: {counted(one.claims, 'claim', 'claims')}  {one.source}")
    if len(current) > _SHOWN:
        say("  … and {number} more; --json lists them all", number=len(current) - _SHOWN)
    if gone := len(came) - len(current):
        say("  {counted} of it withdrawn since", counted=counted(gone, "source", "sources"))


def _say_gone(number: int, done: imports.Undone, *, dry_run: bool) -> None:
    gone, by_hand = done.withdrawn, done.corrections
    counts: dict[str, Any] = {
        "sources": counted(len(gone.sources), "source", "sources"),
        "claims": counted(gone.claims, "claim", "claims"),
        "people": counted(len(gone.people), "person", "people"),
    }
    if dry_run:
        say("{sources} with {claims} about {people} would be erased. Nothing was.", **counts)
    else:
        say("Import {number} is undone. Erased: {sources} with {claims} about {people}.", number=number, **counts)
    if by_hand:
        say("By hand among them: {counted}.", counted=counted(by_hand, "correction", "corrections"))


@command.command()
@click.argument("number", type=click.IntRange(1))
@vault_options
@click.option("--dry-run", is_flag=True, help="Say what would go, and erase nothing.")
@_JSON
def undo(number: int, folder: Path, passphrase_file: Path | None, dry_run: bool, as_json: bool) -> None:
    """Take import NUMBER back, as if it had not been: erase all that came with it, and its file.

    Corrections made by hand on what came with it go too: --dry-run counts them. Where the same list came again since,
    that import is undone first. What left in releases is listed with the command that tells its receiver.

    Example: corroborate imports undo 3 --vault our-vault --dry-run
    """
    at = now()
    with opened(folder, passphrase_file) as vault:
        desk = owner(vault, at)
        if dry_run:
            done, carried = imports.would_go(desk, number), []
        else:
            done = imports.undo(desk, number, at.date())
            carried = summaries.that_carried(desk, done.withdrawn.records)
            log_actions.checkpoint(desk)
    gone = done.withdrawn
    if as_json:
        told = {
            "import": number,
            "undone": not dry_run,
            "sources": list(gone.sources),
            "claims": gone.claims,
            "people": list(gone.people),
            "corrections": done.corrections,
            "consents": done.consents,
            "releases": [one.number for one in carried],
        }
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    _say_gone(number, done, dry_run=dry_run)
    for row in carried:
        say(
            "Release {number} carried some of it. Tell them: {recall_command}",
            number=row.number,
            recall_command=wording.recall_command(row.number),
        )
