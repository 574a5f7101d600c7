"""`corroborate import`: a member's list into its vault."""

import json
from collections import Counter
from pathlib import Path

import click

from corroborate.errors import InputRefused
from corroborate.importers import (
    Habits,
    Reading,
    checked_mapping,
    person_entries,
    rejected_csv,
    understood,
)
from corroborate.importers.apart import read_table_apart
from corroborate.languages.calendars import CALENDARS, Calendar
from corroborate_cli.vaults import marks_folder, now, passphrase_of, vault_options


def _changes(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    changes: dict[str, str] = {}
    for one in given:
        field, equals, column = one.partition("=")
        if not (field and equals and column):
            raise click.BadParameter(f"{one!r} is not FIELD=COLUMN", context, parameter)
        if field in changes or column in changes.values():
            raise click.BadParameter(
                f"{one!r}: a field has one column and a column one field. Say which", context, parameter
            )
        changes[field] = column
    return changes


def _kinds(reading: Reading) -> list[str]:
    """Victims without a whole name, and cells that wait for a person."""
    counts = Counter(entry.kind for entry in reading.entries)
    people = sum(entry.count or 0 for entry in reading.entries if entry.kind == "group")
    unread = sum(len(entry.unread) for entry in reading.entries)
    lines = [f"{counts['partial']} victims are known by a part of their name"] if counts["partial"] else []
    if counts["unnamed"]:
        lines.append(f"{counts['unnamed']} victims have no name: kept and counted, never matched")
    if counts["group"]:
        lines.append(f"{counts['group']} rows are groups, of {people} people as far as they say: kept, never matched")
    return lines + ([f"{unread} cells are not understood: their words are kept"] if unread else [])


def _free(path: Path) -> Path:
    """The path, or the first with a number that is not taken: what an earlier import rejected stays."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_stem(f"{path.stem}-{number}")
    return free


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@vault_options
@click.option("--as", "title", default="", help="What the list is called; otherwise the file's name.")
@click.option("--map", "changes", multiple=True, callback=_changes, help="FIELD=COLUMN, over the guess.")
@click.option("--encoding", help="Of a CSV file; otherwise detected and shown.")
@click.option("--sheet", help="Of a workbook; otherwise all with the same heading.")
@click.option(
    "--agreed",
    is_flag=True,
    help="The list came with leave for the coalition to link it and publish numbers, no names, from it.",
)
@click.option(
    "--day-first/--month-first",
    "day_first",
    default=None,
    help="Which comes first in dates such as 3/12/1978; otherwise the column's other cells decide.",
)
@click.option(
    "--calendar",
    type=click.Choice([one.word for one in CALENDARS]),
    help="The calendar of years that ours cannot have (1358, 2522).",
)
@click.option("--recorder", default="import", show_default=True, help="Who takes it in.")
@click.option("--dry-run", is_flag=True, help="Read, map and check, but take nothing in.")
@click.option("--strict", is_flag=True, help="Refuse the whole file when one row fails.")
@click.option(
    "--rejected",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Rows not taken; otherwise rejected.csv beside FILE.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    file: Path,
    folder: Path,
    passphrase_file: Path | None,
    title: str,
    changes: dict[str, str],
    encoding: str | None,
    sheet: str | None,
    agreed: bool,
    day_first: bool | None,
    calendar: Calendar | None,
    recorder: str,
    dry_run: bool,
    strict: bool,
    rejected: Path | None,
    as_json: bool,
) -> None:
    """Take a list of people in: FILE is CSV or XLSX. Columns are guessed from headings in eleven languages.

    Rows that fail are left out with their reason; the others are taken in together or not at all.

    Example: corroborate import list.csv --vault our-vault --map name=성명 --dry-run
    """
    at = now()
    table = read_table_apart(file, encoding=encoding, sheet=sheet)
    if table.unsure and not dry_run:
        raise InputRefused(f"{file.name}: {table.unsure}")
    mapping = checked_mapping(table, changes)
    habits = Habits(day_first, calendar)
    reading = person_entries(table, mapping, title or file.stem, latest=at.year, habits=habits)
    if rejected is None and reading.rejected and not dry_run:
        rejected = _free(file.parent / "rejected.csv")  # beside the list, which is in clear text too
    if rejected is not None:
        rejected.write_text(rejected_csv(reading.rejected), encoding="utf-8", newline="")
    if strict and reading.rejected:
        first = reading.rejected[0]
        raise InputRefused(f"{len(reading.rejected)} rows fail, the first in row {first.row}: it {first.reason}")
    summary: dict[str, object] = {
        "rows": len(table.rows) + len(table.rejected),
        "taken": 0 if dry_run else len(reading.entries),
        "good": len(reading.entries),
        "doubtful": [{"row": one.row, "doubts": list(one.notes)} for one in reading.entries if one.notes],
        "encoding": table.encoding,
        "mapping": dict(mapping),
        "notices": list(table.notices),
    }
    if not dry_run:
        from corroborate_node import api
        from corroborate_node.records import taking

        with api.open_vault(folder, passphrase_of(passphrase_file), marks=marks_folder()) as vault:
            api.may_sign(vault, at)  # an older copy of itself takes nothing in
            taken = taking.from_rows(reading.entries, title or file.stem, recorder=recorder, at=at, agreed=agreed)
            done = api.receive(vault, taken.entities, taken.sources, taken.consents, taken.claims, at)
            api.checkpoint(vault, at)
        summary |= {"claims": done.claims, "log_size": done.size}
    if as_json:
        read = understood(reading)
        click.echo(json.dumps(summary | (read if dry_run else {"rejected": read["rejected"]}), ensure_ascii=False))
        return
    click.echo(f"Encoding: {table.encoding}")
    for field, column in mapping.items():
        click.echo(f"  {field:<12} from column {column}")
    for column in reading.columns:
        if column.field is None:
            click.echo(f"  no field     column {column.heading}: its words are kept")
    for line in _kinds(reading):
        click.echo(line)
    for notice in table.notices:
        click.echo(f"Note: {notice}")
    for one in reading.rejected[:10]:
        click.echo(f"Row {one.row} left out: it {one.reason}")
    if len(reading.rejected) > 10:
        click.echo(f"… and {len(reading.rejected) - 10} more")
    doubtful = [one for one in reading.entries if one.notes]
    for entry in doubtful[:10]:
        click.echo(f"Row {entry.row} taken in with a doubt: {'; '.join(entry.notes)}")
    if len(doubtful) > 10:
        click.echo(f"… and {len(doubtful) - 10} more; --json lists them all")
    if rejected is not None:
        click.echo(f"Rows left out, with reasons: {rejected}")
    if dry_run:
        click.echo(f"{len(reading.entries)} rows would be taken in, {len(reading.rejected)} left out.")
    else:
        click.echo(f"{len(reading.entries)} rows taken in as {done.claims} claims; the log has {done.size} entries.")
