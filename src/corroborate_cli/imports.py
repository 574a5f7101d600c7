"""`corroborate imports`: which files came in, what each added and changed, and how one is taken back."""

import json
from pathlib import Path
from typing import Any

import click

from corroborate.translation import Sentence
from corroborate_cli.desks import looked_into, opened
from corroborate_cli.speaking import say
from corroborate_cli.vaults import now, vault_options
from corroborate_cli.written import counted
from corroborate_node.core import journal
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions
from corroborate_node.records import imports, models
from corroborate_node.release import listed, saying

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
        found = [_summary(one) for one in imports.imports_seen(desk)]
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


def _summary(row: models.Import) -> dict[str, Any]:
    """Stable keys."""
    return {
        "import": row.number,
        "id": row.id,
        "list": "" if row.list is None else row.list.title,
        "source": row.list_id,
        "file": row.name,
        "sha256": row.digest,
        "program": row.program or None,
        "by": row.by,
        "at": row.at.isoformat(),
        "rows": {one: row.counted[one] for one in ("new", "changed", "same", "withdrawn") if one in row.counted},
        "claims": row.counted.get("claims"),
        "sources_standing": getattr(row, "standing", None),
        "undone": None if row.undone is None else row.undone.isoformat(),
    }


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
        told = _summary(row)
        journal.viewed(desk, "command imports show", [row.id])
    if as_json:
        rows = [
            {
                "source": one.source,
                "called": one.called,
                "about": one.about or None,
                "changed": one.changed,
                "withdrawn": one.withdrawn,
                "claims": one.claims,
            }
            for one in came
        ]
        click.echo(json.dumps({**told, "choices": row.choices, "sources": rows}, ensure_ascii=False))
        return
    called = told["list"] or row.name or ("undone" if row.undone else "withdrawn")
    say("Import {number} of {at} by {by}: {called}", number=number, at=str(told["at"])[:16], by=row.by, called=called)
    say("  file {name}, SHA-256 {digest}", name=row.name or Sentence("(erased)"), digest=row.digest)
    for field, column in row.choices.get("columns", {}).items():
        say("  {column} from column {field}, as somebody chose", column=column, field=field)
    standing = [one for one in came if not one.withdrawn]
    for one in standing[:_SHOWN]:
        what = "changed" if one.changed else "added"
        click.echo(f"  {what:<8} {one.called or one.source}: {counted(one.claims, 'claim', 'claims')}  {one.source}")
    if len(standing) > _SHOWN:
        say("  … and {number} more; --json lists them all", number=len(standing) - _SHOWN)
    if gone := len(came) - len(standing):
        say("  {counted} of it withdrawn since", counted=counted(gone, "source", "sources"))


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
            carried = listed.carrying(desk, done.withdrawn.records)
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
    sources, claims = counted(len(gone.sources), "source", "sources"), counted(gone.claims, "claim", "claims")
    people = counted(len(gone.people), "person", "people")
    by_hand = (
        Sentence(" {counted} by hand among them.", counted=counted(done.corrections, "correction", "corrections"))
        if done.corrections
        else ""
    )
    if dry_run:
        say(
            "{sources} with {claims} about {people} would be erased.{by_hand} Nothing was.",
            sources=sources,
            claims=claims,
            people=people,
            by_hand=by_hand,
        )
        return
    say(
        "Import {number} is undone: {sources} with {claims} about {people} were erased.{by_hand}",
        number=number,
        sources=sources,
        claims=claims,
        people=people,
        by_hand=by_hand,
    )
    for row in carried:
        say(
            "Release {number} carried some of it. Tell them: {recall_command}",
            number=row.number,
            recall_command=saying.recall_command(row.number),
        )
