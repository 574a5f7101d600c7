"""Lists as linkage wants them, from files as members keep them. Shared by `link`, `dedupe` and the demonstration."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from corroborate.importers import PersonRow, Reading, Table, checked_mapping, person_entries, read_table
from corroborate.linkage import PersonEntry
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


def _years(value: PartialDate | DateSpan | None) -> tuple[int, int] | None:
    return None if value is None else (value.earliest.year, value.latest.year)


def entry(row: PersonRow) -> PersonEntry:
    """What linkage may know of a row: no source, no witness, no consent."""
    return PersonEntry(
        row.list, row.row, tuple(name.text for name in row.names), row.complete, row.sex, _years(row.birth), row.place,
        _years(row.event), row.facility,
    )  # fmt: skip
