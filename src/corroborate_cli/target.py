"""`corroborate target`: States and their votes, what they committed to, and letters to them."""

import json
from pathlib import Path

import click

from corroborate.coalition import Commitment, read_votes
from corroborate.coalition.targets import VOTES, votes_json
from corroborate.custody import write_file
from corroborate.errors import InputRefused
from corroborate.translation import Sentence
from corroborate.values import PartialDate
from corroborate_cli.desks import looked_into, opened
from corroborate_cli.speaking import echo, say
from corroborate_cli.vaults import now, vault_options
from corroborate_node.coalition.advocacy import actions
from corroborate_node.coalition.advocacy import queries as advocacy_queries
from corroborate_node.core.desk import owner

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def command() -> None:
    """States: take votes in, record commitments, write letters from one text. Contacts stay in a member's vault.

    Example: corroborate target votes votes.csv --vault hub
    """


@command.command()
@click.argument("file", type=_FILE)
@vault_options
@click.option("--dry-run", is_flag=True, help="Read the file and keep nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def votes(file: Path, folder: Path, passphrase_file: Path | None, dry_run: bool, as_json: bool) -> None:
    """Take in votes from a CSV file: state, body (HRC, GA, GA3), resolution, date, vote, source. All or nothing.

    Example: corroborate target votes votes.csv --dry-run
    """
    read, new = read_votes(file.read_bytes(), now().date()), 0
    if not dry_run:
        with opened(folder, passphrase_file) as vault:
            new = actions.take_votes(owner(vault, now()), read)
    if as_json:
        click.echo(json.dumps({"read": len(read), "new": new, "votes": votes_json(read)}, ensure_ascii=False))
        return
    echo(
        Sentence(("{number} vote read, {new} new", "{number} votes read, {new} new"), number=len(read), new=new)
        if not dry_run
        else Sentence(("{number} vote read, none kept", "{number} votes read, none kept"), number=len(read))
    )


@command.command("undo-votes")
@click.argument("resolution")
@vault_options
def undo_votes(resolution: str, folder: Path, passphrase_file: Path | None) -> None:
    """Take back the votes on RESOLUTION, so that a corrected file can be taken in.

    Example: corroborate target undo-votes A/HRC/RES/22/13 --vault hub
    """
    with opened(folder, passphrase_file) as vault:
        many = actions.take_back_votes(owner(vault, now()), resolution)
    say("Votes taken back: {many}.", many=many)


@command.command()
@click.argument("state")
@vault_options
@click.option("--what", required=True, help="What it said it would do.")
@click.option("--on", required=True, help="2026, 2026-11 or 2026-11-24.")
@click.option("--source", required=True, help="Document symbol or published page.")
@click.option("--demand", default="", help="Id of the demand it is about.")
@click.option("--kept", default="open", show_default=True, type=click.Choice(["open", "kept", "broken"]))
def commitment(
    state: str, folder: Path, passphrase_file: Path | None, what: str, on: str, source: str, demand: str, kept: str
) -> None:
    """Record what a State (ISO 3166-1) committed to.

    Example: corroborate target commitment KR --what "will raise it" --on 2026-10 --source A/HRC/61/SR.5 --vault hub
    """
    asked = demand if not demand or demand.startswith("demand.") else f"demand.{demand}"
    made = Commitment(state.upper(), what, PartialDate.parse(on), source, asked, kept)
    with opened(folder, passphrase_file) as vault:
        actions.commit(owner(vault, now()), made)
    click.echo(f"{made.state}: {made.what} ({made.on})")


@command.command()
@click.argument("states", nargs=-1, required=True)
@click.option("--text", "text_file", required=True, type=_FILE, help="The common text; {name}, {state}, {local} … are filled.")  # fmt: skip  # noqa: E501
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for the letters.")
@vault_options
def letters(states: tuple[str, ...], text_file: Path, out: Path, folder: Path, passphrase_file: Path | None) -> None:
    """Write a letter for each addressee at STATES from one text. Nothing is sent.

    Example: corroborate target letters KR JP --text letter.txt --out letters --vault our-vault
    """
    try:
        text = text_file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InputRefused("{text_file} is not UTF-8 (byte {start})", text_file=text_file, start=error.start) from error
    if out.exists() and any(out.iterdir()):
        raise InputRefused("{out} is not empty: letters are written into a folder of their own", out=out)
    with opened(folder, passphrase_file) as vault:
        made = actions.letters_to(owner(vault, now()), text, [one.upper() for one in states])
    for number, (_, letter) in enumerate(made, start=1):
        write_file(out / f"letter-{number:03}.txt", letter.encode())
    say(("{number} letter in {out}", "{number} letters in {out}"), number=len(made), out=out)


@command.command(name="list")
@vault_options
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_(folder: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """List the votes that are recorded.

    Example: corroborate target list --vault hub
    """
    with looked_into(folder, passphrase_file):
        found = advocacy_queries.campaign().votes
    if as_json:
        click.echo(json.dumps(votes_json(found), ensure_ascii=False))
        return
    for one in found:
        say(
            "{on} {resolution}: {state} {vote}",
            on=one.on,
            resolution=one.resolution,
            state=one.state,
            vote=VOTES[one.vote],
        )
