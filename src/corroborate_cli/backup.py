"""`corroborate backup`: a copy of a vault that was restored and checked before it counts."""

import json
from pathlib import Path

import click

from corroborate.errors import InvalidValue
from corroborate.translation import Sentence
from corroborate_cli.desks import looked_into
from corroborate_cli.speaking import say, worded
from corroborate_cli.vaults import now, vault_options
from corroborate_cli.waiting import waiting
from corroborate_node.core.desk import owner
from corroborate_node.log import backups, scheduled


@click.command()
@click.argument("target", required=False, type=click.Path(path_type=Path))
@vault_options
@click.option(
    "--keep",
    default=backups.KEEP,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="How many backups a folder keeps; older ones go.",
)
@click.option(
    "--every",
    "hours",
    type=click.IntRange(1, 744),
    metavar="HOURS",
    help="From now on make one by itself every so many hours, while the pages are served.",
)
@click.option("--no-plan", is_flag=True, help="Make none by itself any more.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    target: Path | None,
    folder: Path,
    passphrase_file: Path | None,
    keep: int,
    hours: int | None,
    no_plan: bool,
    as_json: bool,
) -> None:
    """Make a backup of a vault at TARGET, encrypted: a folder of backups, or one file, whose name ends in .backup.

    It is restored beside itself and checked before it counts. It opens with what opens the vault. A folder of backups
    holds each sealed file once; a single file holds everything. Keep it on another disk than the vault's.

    \b
    Example: corroborate backup /media/disk/backups --vault our-vault
             corroborate backup /media/disk/2026-11.backup --vault our-vault
             corroborate backup /media/disk/backups --every 24 --vault our-vault
    """
    if no_plan == (target is not None):
        raise click.UsageError(worded("Give TARGET, or --no-plan alone."))
    with looked_into(folder, passphrase_file) as vault:
        desk = owner(vault, now())
        if target is None:
            _unplanned(scheduled.end_plan(desk), as_json)
            return
        if hours is not None and backups.one_file(target):
            raise InvalidValue("backups that are made by themselves go into a folder, and not into one file").advising(
                Sentence("Leave the ending out. Nothing was changed.")
            )
        with waiting("Writing the backup") as tell:
            made = backups.make(desk, target, keep, tell)
        if hours is not None:
            scheduled.plan(desk, target, hours, keep)
    if as_json:
        click.echo(json.dumps(_as_json(made, hours), ensure_ascii=False))
        return
    _said(made)
    if hours is not None:
        say(
            (
                "From now on one is made every {hours} hour while the pages are served; {keep} are kept.",
                "From now on one is made every {hours} hours while the pages are served; {keep} are kept.",
            ),
            hours=hours,
            keep=keep,
        )


def _unplanned(was: bool, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"plan_ended": was}))
    elif was:
        say("No backup is made by itself any more. Those that were made stay.")
    else:
        say("No backup was made by itself.")


def _as_json(made: backups.Made, hours: int | None) -> dict[str, object]:
    return {
        "file": str(made.file),
        "at": made.at.isoformat(),
        "bytes": made.size,
        "entries": made.entries,
        "sealed_files": made.files,
        "new_sealed_files": made.new,
        "gone": list(made.gone),
        "same_disk": made.same_disk,
        "every_hours": hours,
    }


def _said(made: backups.Made) -> None:
    say("{file} was restored beside itself and checked: it is good.", file=made.file)
    say(
        (
            (
                "It holds {entries:,} entry of the log and {files:,} sealed files ({new:,} copied now), and "
                "opens with what opens the vault."
            ),
            (
                "It holds {entries:,} entries of the log and {files:,} sealed files ({new:,} copied now), "
                "and opens with what opens the vault."
            ),
        ),
        entries=made.entries,
        files=made.files,
        new=made.new,
    )
    for name in made.gone:
        say("Gone in its place: {name}", name=name)
    if made.same_disk:
        say("It lies on the same disk as the vault: one theft or fire takes both. Carry a copy elsewhere.", err=True)
