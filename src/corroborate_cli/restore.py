"""`corroborate restore`: a vault from its backup."""

import json
from pathlib import Path

import click

from corroborate_cli.shares import shares_options, typed
from corroborate_cli.speaking import say, worded
from corroborate_cli.vaults import marks_option, new_passphrase, now, passphrase_of
from corroborate_node import api
from corroborate_node.log.restoring import Restored


@click.command()
@click.argument("backup", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--passphrase-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Its first line is the passphrase. Otherwise CORROBORATE_PASSPHRASE, or a question.",
)
@marks_option
@shares_options
@click.option(
    "--new-passphrase-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With --shares: its first line opens the vault from now on; otherwise a question.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    backup: Path,
    folder: Path,
    passphrase_file: Path | None,
    marks: Path,
    shares_file: Path | None,
    by_shares: bool,
    new_passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Make the vault FOLDER from BACKUP, a file or the newest of a folder of backups: whole, or nothing of it.

    What was withdrawn after the backup is erased again, and what was taken back is relied on no more, where a note of
    it lies beside the backup. A vault that has witnesses signs nothing until they said what they cosigned last
    (corroborate log restored).

    With --shares it is opened with shares from paper, where no passphrase is left, and is given a new passphrase.

    \b
    Example: corroborate restore /media/disk/backups our-vault
             corroborate restore 2026-11.backup our-vault --shares
    """
    by_paper, new = by_shares or shares_file is not None, ""
    if not by_paper and new_passphrase_file is not None:
        raise click.UsageError(worded("Give --new-passphrase-file with --shares."))
    secret = typed(shares_file)[0] if by_paper else passphrase_of(passphrase_file)
    if by_paper:
        new = new_passphrase(new_passphrase_file)
    found = api.restore(backup, folder, secret, now(), marks=marks, new_passphrase=new)
    if as_json:
        click.echo(json.dumps(_as_json(found), ensure_ascii=False))
    else:
        _said(found)


def _as_json(found: Restored) -> dict[str, object]:
    return {
        "folder": str(found.folder),
        "name": found.name,
        "at": found.at.isoformat(),
        "entries": found.entries,
        "sealed_files": found.files,
        "withdrawn_again": list(found.withdrawn),
        "taken_back_again": list(found.taken_back),
        "to_be_asked": found.unsure,
        "signed_later": found.signed,
        "later_backups": [{"name": one.name, "at": one.at.isoformat(), "entries": one.entries} for one in found.later],
        "state": found.state or "free",
    }


def _said(found: Restored) -> None:
    say(
        (
            (
                "{name} is in {folder}, as it was at {at} UTC: {entries:,} entry of the log, {files:,} "
                "sealed files. All of it was checked."
            ),
            (
                "{name} is in {folder}, as it was at {at} UTC: {entries:,} entries of the log, {files:,} "
                "sealed files. All of it was checked."
            ),
        ),
        name=found.name,
        folder=found.folder,
        at=f"{found.at:%Y-%m-%d %H:%M}",
        entries=found.entries,
        files=found.files,
    )
    _done_again(found)
    for later in found.later:
        say(
            "Newer, and not in it: {name} of {at} UTC has {entries:,} more entries of the log.",
            name=later.name,
            at=f"{later.at:%Y-%m-%d %H:%M}",
            entries=later.entries,
        )
    if found.signed:
        say(
            (
                "This machine signed {number:,} entry after it: that entry is not in this vault.",
                "This machine signed {number:,} entries after it: they are not in this vault.",
            ),
            number=found.signed,
        )
    _goes_on(found)


def _goes_on(found: Restored) -> None:
    """Whether the log goes on as it is."""
    if found.state == "asking":
        say(
            "What came after it nobody here knows. This vault signs nothing until its witnesses said what they cosigned"
            " last: corroborate log restored --help"
        )
    elif found.state == "behind":
        say(
            "No other organisation can be asked. The log goes on under a new name: corroborate log anew --vault"
            " {folder}",
            folder=found.folder,
        )
    else:
        say("What was recorded after it is not in it: take it in again.")


def _done_again(found: Restored) -> None:
    """What was withdrawn and taken back after the backup, and who is to be asked whether they did."""
    for one in found.withdrawn:
        say("Withdrawn after the backup, and erased again: {one}", one=one)
    for one in found.taken_back:
        say("Taken back after the backup, and relied on no more again: {one}", one=one)
    if found.unsure:
        say(
            (
                "{n} source has a code with which whoever told it may have taken something back since: ask them before "
                "anything of it leaves. It waits on Today.",
                "{n} sources have a code with which whoever told them may have taken something back since: ask them "
                "before anything of them leaves. They wait on Today.",
            ),
            n=found.unsure,
        )
