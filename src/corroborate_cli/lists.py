"""Lists as linkage wants them, from files as members keep them. Shared by `link`, `dedupe` and the demonstration."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from corroborate.errors import InputRefused
from corroborate.importers import PersonRow, Reading, Table, checked_mapping, person_entries, read_table
from corroborate.languages.kinship import named_kin
from corroborate.linkage import PersonEntry
from corroborate.linkage.kinds import kind_of
from corroborate.values import DateSpan, PartialDate


def changes(pairs: Sequence[str]) -> dict[str, str]:
    """``--map FIELD=COLUMN`` options as a mapping."""
    found = {}
    for pair in pairs:
        field, equals, column = pair.partition("=")
        if not equals or not field or not column:
            raise click.BadParameter(f"{pair!r} is not FIELD=COLUMN", param_hint="--map")
        found[field] = column
    return found


def read_list(
    path: Path, name: str, *, maps: Mapping[str, str], encoding: str | None, latest: int
) -> tuple[Table, Reading]:
    """A file's table and its people, with the mapping guessed and then changed."""
    table = read_table(path, encoding=encoding)
    fitting = {field: column for field, column in maps.items() if column in table.columns}
    return table, person_entries(table, checked_mapping(table, fitting), name, latest=latest)


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists as linkage takes them, what was said of each while reading, and who each row is about."""

    lists: Mapping[str, Sequence[PersonEntry]]
    said: Mapping[str, Mapping[str, Any]]
    truth: Mapping[tuple[str, int], str]
    notices: tuple[str, ...]


def read_lists(
    files: Sequence[Path], *, maps: Sequence[str], encoding: str | None, latest: int, truth: str | None
) -> Lists:
    """Read files as lists named after them. InputRefused for what cannot be linked, before anything is compared."""
    names = [path.stem for path in files]
    if len(set(names)) != len(names):
        raise InputRefused(f"two files have the same name: {', '.join(names)}; a list is named after its file")
    wanted = changes(maps)
    lists, said, known, notices = {}, {}, {}, []
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
    if missing := sorted(set(wanted.values()) - every):
        raise InputRefused(f"no file has a column {', '.join(missing)}")
    if truth is not None and not known:
        raise InputRefused(f"no file has a column {truth!r} for --truth")
    if same := [" and ".join(files_) for files_ in cells_of.values() if len(files_) > 1]:
        raise InputRefused(f"{same[0]} hold the same rows: one list given twice would put everybody on two lists")
    for name, entries in lists.items():
        if not any(one.names for one in entries):
            raise InputRefused(f"list {name} holds no name that can be read: say which column does (--map name=COLUMN)")
    return Lists(lists, said, known, tuple(notices))


def _notices(name: str, table: Table, reading: Reading) -> list[str]:
    """Columns without a cell filled, ids that repeat, dates that are none."""
    said = []
    for field, column in reading.mapping.items():
        cells = [row.cells.get(column, "").strip() for row in table.rows]
        if cells and not any(cells):
            said.append(f"{name}: the column {column} ({field}) is empty")
        if field == "id":
            twice = [cell for cell, n in Counter(filter(None, cells)).items() if n > 1]
            if twice:
                said.append(f"{name}: {len(twice):,} ids repeat, such as {twice[0]}; rows count by number")
    for field, attribute in (("birth", "birth"), ("event_date", "event")):
        if field in reading.mapping:
            column = reading.mapping[field]
            filled = {row.number for row in table.rows if row.cells.get(column, "").strip()}
            none = [row.row for row in reading.entries if row.row in filled and getattr(row, attribute) is None]
            if len(none) > 0.2 * max(len(filled), 1):
                said.append(f"{name}: {len(none):,} of {len(filled):,} cells of {column} are no date that we can read")
    return said


def _years(value: PartialDate | DateSpan | None) -> tuple[int, int] | None:
    return None if value is None else (value.earliest.year, value.latest.year)


def entry(row: PersonRow) -> PersonEntry:
    """What linkage may know of a row: no source, no witness, no consent."""
    day = _day(row)
    birth = _years(row.birth) or ((int(day[:4]), int(day[:4])) if day else None)
    apart = bool(row.family or row.given)
    kind = kind_of(row.names[0].text)
    return PersonEntry(
        row.list, row.row, tuple(name.text for name in row.names),
        kind != "partial" and not (apart and not (row.family and row.given)), row.sex, birth, row.place,
        _years(row.event), row.facility, day, row.family, row.given, row.region, row.occupation,
        named_kin(row.kin_named, row.kin), kind,
    )  # fmt: skip


def _day(row: PersonRow) -> str | None:
    """Eight digits of a day of birth, also of one that no calendar has: a slip of a digit still tells people apart."""
    if isinstance(row.birth, PartialDate) and row.birth.day is not None:
        return str(row.birth).replace("-", "")
    digits = re.fullmatch(r"(\d{4})[-./]?(\d\d)[-./]?(\d\d)", row.birth_text or "")
    return "".join(digits.groups()) if digits and 1850 <= int(digits[1]) <= 2100 else None
