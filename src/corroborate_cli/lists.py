"""Lists as linkage wants them, from files as members keep them. Shared by `link`, `dedupe` and the demonstration."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from corroborate.errors import InputRefused
from corroborate.importers import PersonRow, Reading, Table, checked_mapping, person_entries, read_table
from corroborate.languages.kinship import named_kin
from corroborate.linkage import PersonEntry
from corroborate.translation import Sentence
from corroborate.values import DateSpan, PartialDate, read_name
from corroborate_cli.speaking import worded


@dataclass(frozen=True, slots=True)
class Mapped:
    """One ``--map``: a field, the column that holds it, and the one list that it is for, or None for all."""

    field: str
    column: str
    list: str | None = None


def changes(pairs: Sequence[str], lists: Collection[str] = ()) -> tuple[Mapped, ...]:
    """``--map FIELD=COLUMN`` and ``--map LIST:FIELD=COLUMN`` options. A field may have several columns."""
    found = []
    for pair in pairs:
        field, equals, column = pair.partition("=")
        if not equals or not field or not column:
            raise click.BadParameter(worded("{pair!r} is not FIELD=COLUMN", pair=pair), param_hint="--map")
        name, colon, rest = field.rpartition(":")
        if colon and name not in lists:
            raise click.BadParameter(
                worded(
                    "{pair!r}: no list {name}; the lists are {listed}", pair=pair, name=name, listed=", ".join(lists)
                ),
                param_hint="--map",
            )
        found.append(Mapped(rest, column, name if colon else None))
    return tuple(found)


def read_list(
    path: Path, name: str, *, maps: Sequence[Mapped], encoding: str | None, latest: int
) -> tuple[Table, Reading]:
    """A file's table and its people, with the mapping guessed and then changed.

    Several columns for a name are several writings of it (name=name_ar name=name_en). Of another field the first column
    that a row fills counts.
    """
    table = read_table(path, encoding=encoding)
    if table.unsure:
        raise InputRefused("{name}: {unsure}", name=path.name, unsure=table.unsure)
    several: dict[str, list[str]] = {}
    for one in maps:
        if one.list == name and one.column not in table.columns:
            raise InputRefused(
                "{name} has no column {column}; it has {listed}",
                name=path.name,
                column=one.column,
                listed=", ".join(table.columns),
            )
        if one.list in (None, name) and one.column in table.columns and one.column not in several.get(one.field, []):
            several.setdefault(one.field, []).append(one.column)
    first = {field: columns[0] for field, columns in several.items()}
    mapping = {f: c for f, c in checked_mapping(table, first).items() if f in first or not _taken(c, several)}
    if any(len(columns) > 1 for columns in several.values()):
        table = replace(table, rows=tuple(replace(row, cells=_filled(row.cells, several)) for row in table.rows))
    reading = person_entries(table, mapping, name, latest=latest)
    entries, more = tuple(reading.entries), several.get("name", [])[1:]
    if more:
        cells = {row.number: row.cells for row in table.rows}
        entries = tuple(_also(row, [cells[row.row][column] for column in more]) for row in entries)
    said = {field: ", ".join(several.get(field, [column])) for field, column in reading.mapping.items()}
    return table, Reading(entries, reading.rejected, said)


def _taken(column: str, several: Mapping[str, Sequence[str]]) -> bool:
    return any(column in columns for columns in several.values())


def _filled(cells: Mapping[str, str], several: Mapping[str, Sequence[str]]) -> Mapping[str, str]:
    """Cells in which the first column of a field has what the first filled one says."""
    made = dict(cells)
    for columns in several.values():
        if not made[columns[0]].strip():
            made[columns[0]] = next((cells[column] for column in columns if cells[column].strip()), made[columns[0]])
    return made


def _also(row: PersonRow, cells: Sequence[str]) -> PersonRow:
    """A row with more writings of its name."""
    more = [read_name(cell) for cell in cells if cell.strip()]
    names = tuple(dict.fromkeys((*row.names, *(name for name in more if name.script != "Zyyy"))))
    return replace(row, names=names)


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists as linkage takes them, what was said of each while reading, and who each row is about."""

    lists: Mapping[str, Sequence[PersonEntry]]
    said: Mapping[str, Mapping[str, Any]]
    truth: Mapping[tuple[str, int], str]
    notices: tuple[Sentence, ...]


def read_lists(
    files: Sequence[Path], *, maps: Sequence[str], encoding: str | None, latest: int, truth: str | None
) -> Lists:
    """Read files as lists named after them. InputRefused for what cannot be linked, before anything is compared."""
    names = [path.stem for path in files]
    if len(set(names)) != len(names):
        raise InputRefused(
            "two files have the same name: {listed}; a list is named after its file", listed=", ".join(names)
        )
    wanted = changes(maps, names)
    lists: dict[str, list[PersonEntry]] = {}
    said: dict[str, dict[str, Any]] = {}
    known: dict[tuple[str, int], str] = {}
    notices: list[Sentence] = []
    every: set[str] = set()
    cells_of: dict[tuple[tuple[str, ...], ...], list[str]] = {}
    for path, name in zip(files, names, strict=True):
        table, reading = read_list(path, name, maps=wanted, encoding=encoding, latest=latest)
        every |= set(table.columns)
        lists[name] = [entry(row) for row in reading.entries]
        said[name] = {
            "encoding": table.encoding, "mapping": dict(reading.mapping), "rows": len(reading.entries),
            "rejected": [{"row": one.row, "reason": one.reason} for one in reading.rejected],
            "notices": list(table.notices),
        }  # fmt: skip
        notices += _notices(name, table, reading)
        if table.rows:
            cells_of.setdefault(tuple(sorted(tuple(row.cells.values()) for row in table.rows)), []).append(path.name)
        if truth is not None and truth in table.columns:
            cells = {row.number: row.cells[truth] for row in table.rows}
            known |= {(name, row.row): cells[row.row] for row in reading.entries if cells[row.row]}
    if missing := sorted({one.column for one in wanted} - every):
        raise InputRefused("no file has a column {listed}", listed=", ".join(missing))
    if truth is not None and not known:
        raise InputRefused("no file has a column {truth!r} for --truth", truth=truth)
    if same := [" and ".join(files_) for files_ in cells_of.values() if len(files_) > 1]:
        raise InputRefused(
            "{same} hold the same rows: one list given twice would put everybody on two lists", same=same[0]
        )
    for name, entries in lists.items():
        if not any(one.names for one in entries):
            raise InputRefused(
                "list {name} holds no name that can be read: say which column does (--map name=COLUMN)", name=name
            )
    return Lists(lists, said, known, tuple(notices))


def _notices(name: str, table: Table, reading: Reading) -> list[Sentence]:
    """Columns without a cell filled, ids that repeat, dates that are none."""
    said = []
    for field, column in reading.mapping.items():
        column = column.split(", ")[0]
        cells = [row.cells.get(column, "").strip() for row in table.rows]
        if field not in COMPARED:
            said.append(
                Sentence(
                    "{name}: linkage does not compare {field} ({column}): it is left as it is",
                    name=name,
                    field=field,
                    column=column,
                )
            )
        if cells and not any(cells):
            said.append(
                Sentence("{name}: the column {column} ({field}) is empty", name=name, column=column, field=field)
            )
        if field == "id":
            twice = [cell for cell, n in Counter(filter(None, cells)).items() if n > 1]
            if twice:
                said.append(
                    Sentence(
                        (
                            "{name}: {number:,} id repeats: {twice}; rows count by number",
                            "{name}: {number:,} ids repeat, such as {twice}; rows count by number",
                        ),
                        name=name,
                        number=len(twice),
                        twice=twice[0],
                    )
                )
    for field, attribute in (("birth", "birth"), ("event_date", "event")):
        if field in reading.mapping:
            column = reading.mapping[field].split(", ")[0]
            filled = {row.number for row in table.rows if row.cells.get(column, "").strip()}
            none = [row.row for row in reading.entries if row.row in filled and getattr(row, attribute) is None]
            if len(none) > 0.2 * max(len(filled), 1):
                said.append(
                    Sentence(
                        "{name}: {number:,} of {number2:,} cells of {column} are no date that we can read",
                        name=name,
                        number=len(none),
                        number2=len(filled),
                        column=column,
                    )
                )
    return said


def _years(value: PartialDate | DateSpan | None) -> tuple[int, int] | None:
    if value is None or (isinstance(value, DateSpan) and not value.bounded):
        return None  # "before 1980" tells nobody apart
    return value.earliest.year, value.latest.year


# Fields that linkage compares, or that say who a row is about.
COMPARED = frozenset((
    "id", "name", "family", "given", "hanja", "alias", "reading", "sex", "birth", "age", "place", "region",
    "event_date", "facility", "occupation", "father", "mother", "spouse", "kin", "invented", "consent",
))  # fmt: skip


def entry(row: PersonRow) -> PersonEntry:
    """What linkage may know of a row: no source, no witness, no consent."""
    day = _day(row)
    birth = _years(row.birth) or ((int(day[:4]), int(day[:4])) if day else None)
    apart = bool(row.family or row.given)
    return PersonEntry(
        row.list, row.row, tuple(name.text for name in row.names),
        row.kind == "named" and not (apart and not (row.family and row.given)), row.sex, birth, row.place,
        _years(row.event), row.facility, day, row.family, row.given, row.region, row.occupation,
        named_kin(row.kin_named, row.kin), row.kind,
        None if row.age is None else (row.age.lowest, row.age.highest),
    )  # fmt: skip


def _day(row: PersonRow) -> str | None:
    """Eight digits of a day of birth, also of one that no calendar has: a slip of a digit still tells people apart."""
    if isinstance(row.birth, PartialDate) and row.birth.day is not None:
        return str(row.birth).replace("-", "")
    digits = re.fullmatch(r"(\d{4})[-./]?(\d\d)[-./]?(\d\d)", row.birth_text or "")
    return "".join(digits.groups()) if digits and 1000 <= int(digits[1]) <= 2100 else None
