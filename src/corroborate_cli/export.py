"""`corroborate export`: everything that a vault holds, in the clear."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from corroborate_cli.desks import looked_into
from corroborate_cli.speaking import say, worded
from corroborate_cli.vaults import now, vault_options
from corroborate_node import api


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@vault_options
@click.option("--yes", is_flag=True, help="Do not ask whether every name may be written in the clear.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(out: Path, folder: Path, passphrase_file: Path | None, yes: bool, as_json: bool) -> None:
    """Write everything that a vault holds into the new folder OUT, IN THE CLEAR: to leave, or to hand over.

    Nothing is asked of sources' consents, for it goes to nobody: put it on an encrypted disk, and destroy it when it
    was taken in. `corroborate new DIR --from-export OUT` makes a vault of it. Accounts, drafts and keys are not in it.
    To give records to somebody, make a release; to keep a copy, make a backup.

    Example: corroborate export /media/encrypted/all --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        if not yes:
            asked = worded(
                "Every name in {name} is written to {out}, readable by anybody who has it. Go on?",
                name=vault.name,
                out=out,
            )
            click.confirm(asked, abort=True, err=True)
        done = api.export(vault, out, now())
    if as_json:
        click.echo(json.dumps({**asdict(done), "folder": str(done.folder)}))
        return
    say(
        (
            "{folder} holds {rows:,} row, {files:,} files and {lines:,} lines of FollowTheMoney, readable by anybody.",
            "{folder} holds {rows:,} rows, {files:,} files and {lines:,} lines of FollowTheMoney, readable by anybody.",
        ),
        folder=done.folder,
        rows=done.rows,
        files=done.files,
        lines=done.lines,
    )
    if done.not_in_lines:
        say(
            (
                "{number:,} thing has no place in FollowTheMoney; it is in the tables.",
                "{number:,} things have no place in FollowTheMoney; they are in the tables.",
            ),
            number=done.not_in_lines,
        )
    say("Make a vault of it: corroborate new DIR --name NAME --from-export {folder}", folder=done.folder)
