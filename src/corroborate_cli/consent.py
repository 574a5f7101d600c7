"""`corroborate consent`: what is no longer relied on, what left under it, and how a list is read again."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from corroborate.importers import checked_mapping, person_entries, read_table, without_words
from corroborate.importers.recording import locator
from corroborate.tables import Rejected
from corroborate_cli.desks import looked_into, opened
from corroborate_cli.speaking import say
from corroborate_cli.vaults import now, vault_options
from corroborate_node.core import journal
from corroborate_node.core.desk import owner
from corroborate_node.http_api import answers
from corroborate_node.log import actions as log_actions
from corroborate_node.records import rereading
from corroborate_node.records.relied import blocked as not_relied_on
from corroborate_node.release import left

_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
_SHOWN = 20  # lines of each kind on the screen


@click.group()
def command() -> None:
    """Consents that a vault does not rely on, and what left under them.

    Earlier versions took some refusals for a yes, and did not keep the words. Such a consent allows nothing beyond the
    vault until the list is read again.

    Example: corroborate consent list --vault our-vault
    """


@command.command("list")
@vault_options
@_JSON
def list_(folder: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """List consents that are not relied on, and every package that left under one: to whom, on which day.

    Example: corroborate consent list --vault our-vault
    """
    with looked_into(folder, passphrase_file) as vault:
        blocked, gone = not_relied_on(), left.left()
        journal.viewed(owner(vault, now()), "command consent list", [one.source for one in blocked])
    if as_json:
        click.echo(json.dumps(answers.consents(blocked, gone), ensure_ascii=False))
        return
    waiting = [one for one in blocked if not one.allowed_again]
    say(
        (
            "{number} consent is not relied on; {number2} were given again since.",
            "{number} consents are not relied on; {number2} were given again since.",
        ),
        number=len(waiting),
        number2=len(blocked) - len(waiting),
    )
    for one in waiting[:_SHOWN]:
        click.echo(f"  {one.title}: {one.why}")
    if len(waiting) > _SHOWN:
        say("  … and {number} more; --json lists them all", number=len(waiting) - _SHOWN)
    for package in gone:
        to, records = package.body or package.audience, len(package.records)
        say(
            (
                "Left on {at:%Y-%m-%d} to {to}: {records} record, in the package {number}",
                "Left on {at:%Y-%m-%d} to {to}: {records} records, in the package {number}",
            ),
            at=package.at,
            to=to,
            records=records,
            number=package.number,
        )
    if gone:
        say("Tell these receivers which records they may not use; then read the list again, or withdraw.")


@command.command("reread")
@click.argument("file", type=click.Path(path_type=Path))
@vault_options
@click.option("--as", "title", default="", help="What the list was called when it was taken in; otherwise FILE's name.")
@click.option("--encoding", help="Of a CSV file; otherwise detected.")
@click.option("--sheet", help="Of a workbook; otherwise all with the same heading.")
@_JSON
def reread(
    file: Path,
    folder: Path,
    passphrase_file: Path | None,
    title: str,
    encoding: str | None,
    sheet: str | None,
    as_json: bool,
) -> None:
    """Read the consents of a list again that was taken in before. Only rows that are as they were count.

    What a row allows is recorded beside what stood; what stood and is not allowed any more is relied on no longer.

    Example: corroborate consent reread list.csv --vault our-vault
    """
    at = now()
    table = read_table(file, encoding=encoding, sheet=sheet)
    name = title or file.stem
    reading = person_entries(table, checked_mapping(table, {}), name, latest=at.year)
    with opened(folder, passphrase_file) as vault:
        cells = {row.number: row.cells for row in table.rows}
        done = rereading.reread(owner(vault, at), reading.entries, name, cells=cells, left_out=reading.rejected)
        log_actions.checkpoint(owner(vault, at))
    if as_json:
        click.echo(json.dumps(asdict(done)))
        return
    _print_reread(done, reading.rejected)


def _print_reread(done: rereading.Reread, rejected: Sequence[Rejected]) -> None:
    """What a list allows as it is read today, and what is relied on no more."""
    say(
        (
            "{allowed} row allows that the name be published, {refused} do not or do not say.",
            "{allowed} rows allow that the name be published, {refused} do not or do not say.",
        ),
        allowed=done.allowed,
        refused=done.refused,
    )
    if done.taken_away:
        say(
            (
                (
                    "{taken_away} consent that stood is relied on no more: the list, as it is read today, "
                    "does not allow it. `corroborate consent list` says what left under it."
                ),
                (
                    "{taken_away} consents that stood are relied on no more: the list does not allow them as "
                    "it is read today. `corroborate consent list` says what left under them."
                ),
            ),
            taken_away=done.taken_away,
        )
    if done.unknown:
        say(
            (
                "{number} row is not as it was taken in: the one in {unknown}.",
                "{number} rows are not as they were taken in, the first in {unknown}.",
            ),
            number=len(done.unknown),
            unknown=done.unknown[0],
        )
    for one in rejected[:_SHOWN]:
        say(
            "In {locator}: it {without_words}. Withdraw its source if it was taken in.",
            locator=locator(one),
            without_words=without_words(one.reason),
        )
