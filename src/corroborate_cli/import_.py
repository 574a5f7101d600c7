"""`corroborate import`: a member's list into its vault."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as with_default
from pathlib import Path
from typing import TYPE_CHECKING

import click

from corroborate.custody import write_file
from corroborate.errors import InputRefused
from corroborate.importers import (
    Habits,
    PersonRow,
    Reading,
    Rejected,
    Table,
    checked_mapping,
    person_entries,
    rejected_csv,
    understood,
    without_words,
)
from corroborate.importers.apart import read_table_apart
from corroborate.importers.recording import locator
from corroborate.languages.calendars import CALENDARS, Calendar
from corroborate_cli.import_export import known
from corroborate_cli.vaults import now, vault_options

if TYPE_CHECKING:
    from corroborate_node.records.imports import Done

SHOWN = 10  # rows of each kind that are told one by one


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person chose over the guess. ``columns``: field -> column."""

    columns: dict[str, str] = with_default(default_factory=dict)
    encoding: str | None = None
    sheet: str | None = None
    day_first: bool | None = None
    calendar: Calendar | None = None
    agreed: bool = False
    key: tuple[str, ...] = ()


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
@click.option("--again", type=click.IntRange(1), metavar="NUMBER", help="It is the list of this import, come again.")
@click.option("--new", "as_new", is_flag=True, help="It is a list of its own, though it resembles one that is here.")
@click.option(
    "--key", multiple=True, metavar="COLUMN", help="A row that came before is known by this column; again for more."
)
@click.option("--looked", is_flag=True, help="No new row of it is one that was withdrawn: you looked.")
@click.option("--like", type=click.IntRange(1), metavar="NUMBER", help="Read it as the file of this import was read.")
@click.option("--guess", is_flag=True, help="Guess its columns, though a file of this shape was read otherwise before.")
@click.option("--recorder", default="import", show_default=True, help="Who takes it in.")
@click.option("--case", "cases", multiple=True, help="File all of it in this open case; again for more.")
@click.option("--dry-run", is_flag=True, help="Read, map and check, but take nothing in.")
@click.option("--strict", is_flag=True, help="Refuse the whole file when one row fails.")
@click.option(
    "--rejected",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write which rows were left out, and why, to this file.",
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
    again: int | None,
    as_new: bool,
    key: tuple[str, ...],
    looked: bool,
    like: int | None,
    guess: bool,
    recorder: str,
    cases: tuple[str, ...],
    dry_run: bool,
    strict: bool,
    rejected: Path | None,
    as_json: bool,
) -> None:
    """Take in a list of people (CSV, XLSX), a program's export, a document, or a folder of documents and media.

    Columns are guessed in eleven languages. Rows that fail are left out with their reason; the others are taken in
    together or not at all. What is printed says lines and columns, and repeats no words of the list; --json does.
    A list that comes again adds its new rows, and what changed in the others beside what they said: nothing doubles.
    `corroborate imports` lists what came in, and undoes it.

    Example: corroborate import list.csv --vault our-vault --map name=성명 --dry-run
    """
    at = now()
    if encoding is None and sheet is None and not changes and (given := known(file)):
        from corroborate_cli.taking_exports import Asked, take_exports  # the node, as below

        asked = Asked(title, agreed, recorder, cases, at, dry_run, strict, as_json, again, as_new, looked)
        take_exports(given, asked, folder, passphrase_file)
        return
    chosen = Chosen(changes, encoding, sheet, day_first, calendar, agreed, key)
    if like is not None:
        from corroborate_cli.taking_in import as_before  # the node, as below

        chosen = as_before(like, chosen, folder, passphrase_file)
    table = read_table_apart(file, encoding=chosen.encoding, sheet=chosen.sheet)
    if table.unsure and not dry_run:
        raise InputRefused(f"{file.name}: {table.unsure}")
    mapping = checked_mapping(table, chosen.columns)
    habits = Habits(chosen.day_first, chosen.calendar)
    reading = person_entries(table, mapping, title or file.stem, latest=at.year, habits=habits)
    if rejected is not None:
        _write_left_out(rejected, reading)
    if strict and reading.rejected:
        raise _some_fail(reading)
    done = None
    if not dry_run:
        from corroborate_cli.taking_in import Asked, take_in  # the node: a dry run is a command on a file

        asked_for = Asked(
            title or file.stem, recorder, at, chosen.agreed, again, as_new, chosen.key, looked,
        )  # fmt: skip
        reading, done = take_in(file, table, reading, asked_for, chosen, folder, passphrase_file, cases, guess=guess)
    if as_json:
        click.echo(json.dumps(_summary(table, mapping, reading, done), ensure_ascii=False))
        return
    _told(table, mapping, reading)
    if rejected is not None:
        click.echo(f"Rows left out, with reasons: {rejected}")
    if done is None:
        click.echo(f"{len(reading.entries)} rows would be taken in, {len(reading.rejected)} left out.")
    else:
        from corroborate_cli.taking_exports import told_of

        told_of(done)


def _some_fail(reading: Reading) -> InputRefused:
    first = reading.rejected[0]
    why = without_words(first.reason)
    return InputRefused(f"{len(reading.rejected)} rows fail, the first in {locator(first)}: it {why}")


def _write_left_out(path: Path, reading: Reading) -> None:
    """Which rows were left out, and why: for the eyes of whoever asked, and never over something else."""
    if path.exists():
        raise InputRefused(f"{path} is there already, and is not written over: name another file with --rejected")
    write_file(path, rejected_csv(reading.rejected).encode())
    path.chmod(0o600)


def _summary(table: Table, mapping: Mapping[str, str], reading: Reading, done: "Done | None") -> dict[str, object]:
    """What ``--json`` prints. ``done``: claims taken in and the size of the log; None for a dry run, which says how
    each row was read."""
    read = understood(reading)
    return {
        "rows": len(table.rows) + len(table.rejected),
        "taken": 0 if done is None else done.counted["new"] + done.counted["changed"],
        "good": len(reading.entries),
        "doubtful": [
            {"row": one.row, "sheet": one.sheet, "line": one.line, "doubts": list(one.notes)}
            for one in reading.entries
            if one.notes
        ],
        "notes_beside_a_yes": [
            {"sheet": one.sheet, "line": one.line, "notes": notes} for one, notes in _beside_a_yes(reading)
        ],
        "encoding": table.encoding,
        "mapping": dict(mapping),
        "notices": list(table.notices),
        **(read if done is None else _as_taken(done) | {"rejected": read["rejected"]}),
    }


def _as_taken(done: "Done") -> dict[str, object]:
    """``import``: its number, null where nothing was new."""
    return {"claims": done.claims, "log_size": done.size, "import": done.number or None, "again": dict(done.counted)}


def _told(table: Table, mapping: Mapping[str, str], reading: Reading) -> None:
    """How the list was read, and the first rows that fail or are in doubt."""
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
    for one in reading.rejected[:SHOWN]:
        click.echo(f"{_place(one)} left out: it {without_words(one.reason)}")
    if len(reading.rejected) > SHOWN:
        click.echo(f"… and {len(reading.rejected) - SHOWN} more; --rejected FILE writes them all")
    doubtful = [one for one in reading.entries if one.notes]
    for entry in doubtful[:SHOWN]:
        about = f" about {', '.join(entry.doubtful)}" if entry.doubtful else ""
        doubts = dict.fromkeys(map(without_words, entry.notes))
        click.echo(f"{_place(entry)} taken in with a doubt{about}: {'; '.join(doubts)}")
    if len(doubtful) > SHOWN:
        click.echo(f"… and {len(doubtful) - SHOWN} more; --json lists them all")
    beside = _beside_a_yes(reading)
    if beside:
        click.echo(f"{len(beside)} rows have notes beside a yes to publication: read these, they may take it back")
    for entry, columns in _columns_of_notes(reading, beside[:SHOWN]):
        click.echo(f"{_place(entry)} has notes beside a yes, in {', '.join(columns)}")
    if len(beside) > SHOWN:
        click.echo(f"… and {len(beside) - SHOWN} more; --json lists them all")


def _columns_of_notes(
    reading: Reading, beside: list[tuple[PersonRow, list[str]]]
) -> Iterator[tuple[PersonRow, list[str]]]:
    """Rows with the headings of their notes."""
    headings = [column.heading for column in reading.columns if column.field == "notes"]
    for entry, _ in beside:
        yield entry, [one for one in headings if one in dict(entry.told)]


def _place(one: PersonRow | Rejected) -> str:
    """Where a person who opens the file finds the row, at the beginning of a sentence."""
    where = locator(one)
    return where[:1].upper() + where[1:]


def _beside_a_yes(reading: Reading) -> list[tuple[PersonRow, list[str]]]:
    """Rows whose name may be published, and which have notes: no program understands all that a note can say."""
    headings = {column.heading for column in reading.columns if column.field == "notes"}
    rows = [
        (entry, [words for heading, words in entry.told if heading in headings])
        for entry in reading.entries
        if entry.consent.name_public
    ]
    return [(entry, notes) for entry, notes in rows if notes]
