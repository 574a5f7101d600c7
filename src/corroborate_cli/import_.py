"""`corroborate import`: a member's list into its vault."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from corroborate.custody import write_file
from corroborate.errors import InputRefused
from corroborate.importers import (
    Habits,
    PersonRow,
    Reading,
    Rejected,
    Table,
    checked_mapping,
    notes_beside,
    notes_beside_a_yes,
    person_entries,
    rejected_csv,
    understood,
    without_words,
)
from corroborate.importers.apart import read_table_apart
from corroborate.importers.recording import locator
from corroborate.translation import Sentence, together
from corroborate_cli.import_export import known
from corroborate_cli.import_options import Asked, options
from corroborate_cli.import_said import show_compared
from corroborate_cli.speaking import echo, say, worded
from corroborate_cli.vaults import now, vault_options

if TYPE_CHECKING:
    from corroborate_node.records.imports import Done

SHOWN = 10  # rows of each kind that are told one by one


@dataclass(slots=True)
class _Told:
    """What is told of the rows together, and the first of those that are told one by one: gathered in one walk, since a
    long list is not held in memory as it is."""

    counts: Counter[str] = field(default_factory=Counter)  # rows, by the kind of victim
    people: int = 0  # of groups
    unread: int = 0  # cells
    doubtful: int = 0
    beside: int = 0  # rows that have notes beside a yes
    first_doubtful: list[PersonRow] = field(default_factory=list)
    first_beside: list[PersonRow] = field(default_factory=list)

    @classmethod
    def of(cls, reading: Reading) -> "_Told":
        told = cls()
        notes_of = notes_beside(reading)
        for entry in reading.entries:
            told.counts[entry.kind] += 1
            told.people += entry.at_least if entry.kind == "group" else 0
            told.unread += len(entry.unread)
            if entry.notes:
                told.doubtful += 1
                told.first_doubtful += [entry] if told.doubtful <= SHOWN else []
            if notes_of(entry):
                told.beside += 1
                told.first_beside += [entry] if told.beside <= SHOWN else []
        return told


def _kinds(told: _Told) -> list[Sentence]:
    """Victims without a whole name, and cells that wait for a person."""
    counts, people, unread = told.counts, told.people, told.unread
    lines = (
        [
            Sentence(
                (
                    "{partial} victim is known by a part of the name",
                    "{partial} victims are known by a part of their name",
                ),
                partial=counts["partial"],
            )
        ]
        if counts["partial"]
        else []
    )
    if counts["unnamed"]:
        lines.append(
            Sentence(
                (
                    "{unnamed} victim has no name: kept and counted, never matched",
                    "{unnamed} victims have no name: kept and counted, never matched",
                ),
                unnamed=counts["unnamed"],
            )
        )
    if counts["group"]:
        lines.append(
            Sentence(
                (
                    "{group} row is a group, of {people} people as far as it says: kept, never matched",
                    "{group} rows are groups, of {people} people as far as they say: kept, never matched",
                ),
                group=counts["group"],
                people=people,
            )
        )
    return lines + (
        [
            Sentence(
                (
                    "{unread} cell is not understood: its words are kept",
                    "{unread} cells are not understood: their words are kept",
                ),
                unread=unread,
            )
        ]
        if unread
        else []
    )


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@vault_options
@options
@click.pass_context
def command(context: click.Context, /, file: Path, folder: Path, passphrase_file: Path | None, **said: Any) -> None:
    """Take in a list of people (CSV, XLSX), a program's export, a document, or a folder of documents and media.

    Columns are guessed in eleven languages. Rows that fail are left out with their reason; the others are taken in
    together or not at all. What is printed says lines and columns, and repeats no words of the list; --json does.
    A list that comes again adds its new rows, and what changed in the others beside what they said: nothing doubles.
    `corroborate imports` lists what came in, and undoes it. With --vault, --dry-run also says what would be added,
    changed and left, given what is there.

    Example: corroborate import list.csv --vault our-vault --map name=성명 --dry-run
    """
    named = context.get_parameter_source("folder") is ParameterSource.COMMANDLINE
    asked = Asked(**said, compared=named and said["dry_run"])
    if asked.as_new and asked.again:
        raise click.UsageError(worded("Give --again or --new: it is either the list of an import, or one of its own."))
    if asked.by_itself and (given := known(file, asked.said)):
        from corroborate_cli.import_exports import import_exports  # the node: a dry run of a list does without it

        import_exports(given, asked, now(), folder, passphrase_file)
    else:
        _list(file, folder, passphrase_file, asked)


def _list(file: Path, folder: Path, passphrase_file: Path | None, asked: Asked) -> None:
    """A list: read, checked, taken in where it is no dry run, and told."""
    at, chosen, title = now(), asked.chosen, asked.title or file.stem
    if asked.like is not None:
        from corroborate_cli.import_lists import as_before

        chosen = as_before(asked.like, chosen, folder, passphrase_file)
    table = read_table_apart(file, encoding=chosen.encoding, sheet=chosen.sheet)
    if table.unsure and not asked.dry_run:
        raise InputRefused("{name}: {unsure}", name=file.name, unsure=table.unsure)
    mapping = checked_mapping(table, chosen.columns)
    habits = Habits(chosen.day_first, chosen.calendar)
    reading = person_entries(table, mapping, title, latest=at.year, habits=habits)
    if asked.rejected is not None:
        _write_left_out(asked.rejected, reading)
    if asked.strict and reading.rejected:
        raise _some_fail(reading)
    done = compared = None
    if not asked.dry_run or asked.compared:
        from corroborate_cli.import_lists import compare_list, import_list

        given = (file, table, reading, asked, chosen, at, folder, passphrase_file)
        if asked.dry_run:
            reading, compared = compare_list(*given)
        else:
            reading, done = import_list(*given)
    if asked.as_json:
        again = {} if compared is None else {"again": compared.as_json()}
        click.echo(json.dumps(_summary(table, mapping, reading, done) | again, ensure_ascii=False))
        return
    _show_columns(table, mapping, reading)
    if asked.rejected is not None:
        say("Rows left out, with reasons: {rejected}", rejected=asked.rejected)
    if done is None:
        say(
            (
                "{number} row would be taken in, {number2} left out.",
                "{number} rows would be taken in, {number2} left out.",
            ),
            number=len(reading.entries),
            number2=len(reading.rejected),
        )
        if compared is not None:
            show_compared(compared.counted, compared.gone, compared.question)
    else:
        from corroborate_cli.import_exports import show_done

        show_done(done)


def _some_fail(reading: Reading) -> InputRefused:
    first = reading.rejected[0]
    why = without_words(first.reason)
    return InputRefused(
        ("{number} row fails, in {locator}: it {why}", "{number} rows fail, the first in {locator}: it {why}"),
        number=len(reading.rejected),
        locator=locator(first),
        why=why,
    )


def _write_left_out(path: Path, reading: Reading) -> None:
    """Which rows were left out, and why: for the eyes of whoever asked, and never over something else."""
    if path.exists():
        raise InputRefused(
            "{path} is there already, and is not written over: name another file with --rejected", path=path
        )
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
            {"sheet": one.sheet, "line": one.line, "notes": notes} for one, notes in notes_beside_a_yes(reading)
        ],
        "encoding": table.encoding,
        "mapping": dict(mapping),
        "notices": list(table.notices),
        **(read if done is None else _as_taken(done) | {"rejected": read["rejected"]}),
    }


def _as_taken(done: "Done") -> dict[str, object]:
    """``import``: its number, null where nothing was new."""
    return {"claims": done.claims, "log_size": done.size, "import": done.number or None, "again": dict(done.counted)}


def _show_columns(table: Table, mapping: Mapping[str, str], reading: Reading) -> None:
    """How the list was read, and the first rows that fail or are in doubt."""
    say("Encoding: {encoding}", encoding=table.encoding)
    for name, heading in mapping.items():
        say("  {field:<12} from column {column}", field=name, column=heading)
    for column in reading.columns:
        if column.field is None:
            say("  no field     column {heading}: its words are kept", heading=column.heading)
    told = _Told.of(reading)
    for line in _kinds(told):
        echo(line)
    for notice in table.notices:
        say("Note: {notice}", notice=notice)
    for one in reading.rejected[:SHOWN]:
        say("{place} left out: it {without_words}", place=_place(one), without_words=without_words(one.reason))
    if len(reading.rejected) > SHOWN:
        say("… and {number} more; --rejected FILE writes them all", number=len(reading.rejected) - SHOWN)
    for entry in told.first_doubtful:
        about = Sentence(" about {columns}", columns=", ".join(entry.doubtful)) if entry.doubtful else ""
        doubts = together(tuple(dict.fromkeys(map(without_words, entry.notes))))
        say("{place} taken in with a doubt{about}: {listed}", place=_place(entry), about=about, listed=doubts)
    if told.doubtful > SHOWN:
        say("… and {number} more; --json lists them all", number=told.doubtful - SHOWN)
    if told.beside:
        say(
            (
                "{number} row has notes beside a yes to publication: read these, they may take it back",
                "{number} rows have notes beside a yes to publication: read these, they may take it back",
            ),
            number=told.beside,
        )
    for entry, columns in _columns_of_notes(reading, told.first_beside):
        say("{place} has notes beside a yes, in {listed}", place=_place(entry), listed=", ".join(columns))
    if told.beside > SHOWN:
        say("… and {number} more; --json lists them all", number=told.beside - SHOWN)


def _columns_of_notes(reading: Reading, beside: list[PersonRow]) -> Iterator[tuple[PersonRow, list[str]]]:
    """Rows with the headings of their notes."""
    headings = [column.heading for column in reading.columns if column.field == "notes"]
    for entry in beside:
        yield entry, [one for one in headings if one in dict(entry.told)]


def _place(one: PersonRow | Rejected) -> str:
    """Where a person who opens the file finds the row, at the beginning of a sentence."""
    where = locator(one)
    return where[:1].upper() + where[1:]
