"""The front door for tables in memory: link and deduplicate what pandas, polars, DuckDB or Arrow hold.

A table is anything that hands itself over by Arrow's PyCapsule interface (``__arrow_c_stream__``): a pandas or polars
frame, a DuckDB relation, a table or reader of pyarrow. None of these is needed to install this. Results are tables of
pyarrow, which hand themselves over in the same way: ``pandas.DataFrame.from_arrow``, ``polars.from_arrow``,
``duckdb.sql("select * from pairs")``. A row is told by its position, from 0, as ``take`` and ``iloc`` count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast, overload

import pyarrow as pa

from corroborate.errors import InvalidValue
from corroborate.languages.ages import read_years
from corroborate.languages.dates import decided_day_first, read_date
from corroborate.languages.kinship import Kin, named_kin
from corroborate.languages.persons import read_person
from corroborate.languages.sexes import read_sex
from corroborate.linkage import linking
from corroborate.linkage.entries import PersonEntry
from corroborate.linkage.linking import Linkage, Options
from corroborate.translation import Sentence
from corroborate.values import DateSpan, PartialDate

FIELDS = (
    "name",
    "family",
    "given",
    "sex",
    "birth",
    "age",
    "place",
    "region",
    "event_date",
    "facility",
    "occupation",
    "father",
    "mother",
    "spouse",
    "kin",
)
"""What can be compared. ``name`` may have several columns: several writings of one name."""
Columns = Mapping[str, str | Sequence[str]]
_LATEST = 2100  # year that a date can have, at the latest


@dataclass(frozen=True, slots=True)
class Linked:
    """A linkage of tables. ``pairs``: both sides' list and row, weight, probability, decision. ``clusters``: each row
    and the number of its person. ``overlap``: a 0/1 column for each list, and ``count``: what ``estimate`` takes."""

    linkage: Linkage
    pairs: pa.Table
    clusters: pa.Table
    overlap: pa.Table
    notices: tuple[str, ...]


@overload
def link(tables: Mapping[str, Sequence[PersonEntry]], *, options: Options | None = None) -> Linkage: ...
@overload
def link(tables: Mapping[str, Any], columns: Columns | None = None, *, options: Options | None = None) -> Linked: ...
def link(
    tables: Mapping[str, object], columns: Columns | None = None, *, options: Options | None = None
) -> Linkage | Linked:
    """Find the same person across lists, which are tables or sequences of ``PersonEntry``, by their names.

    ``columns``: field -> column, or columns (``{"name": ["name_ar", "name_en"], "birth": "dob"}``); without it, columns
    named like the fields (``FIELDS``). InvalidValue for what is no table, a field or a column that is not there, and
    cells that cannot be read where they are most of a column; NotLinkable as ``linking.link``.
    """
    if all(_are_entries(rows) for rows in tables.values()):
        return linking.link(cast("Mapping[str, Sequence[PersonEntry]]", tables), options=options)
    lists, notices = {}, list[str]()
    for name, table in tables.items():
        lists[name], said = entries_of_table(name, table, columns)
        notices += said
    return _results(linking.link(lists, options=options), notices)


@overload
def dedupe(table: str, columns: Sequence[PersonEntry], /, *, options: Options | None = None) -> Linkage: ...
@overload
def dedupe(table: object, columns: Columns | None = None, /, *, options: Options | None = None) -> Linked: ...
def dedupe(
    table: object, columns: Columns | Sequence[PersonEntry] | None = None, /, *, options: Options | None = None
) -> Linkage | Linked:
    """Find rows of one table that are the same person; or entries of one list, ``dedupe("name", entries)``."""
    if isinstance(table, str) and columns is not None and not isinstance(columns, Mapping):
        return linking.dedupe(table, columns, options=options)
    found: Columns | None = columns if isinstance(columns, Mapping) else None
    entries, notices = entries_of_table("table", table, found)
    return _results(linking.dedupe("table", entries, options=options), notices)


def _are_entries(rows: object) -> bool:
    return isinstance(rows, Sequence) and all(isinstance(one, PersonEntry) for one in rows)


def entries_of_table(
    name: str, table: object, columns: Columns | None = None
) -> tuple[list[PersonEntry], tuple[str, ...]]:
    """Rows of a table as entries, and what is said of cells that could not be read."""
    arrow = arrow_of(table)
    chosen = _chosen(name, arrow.column_names, columns)
    cells = {field: [arrow[column].to_pylist() for column in of] for field, of in chosen.items()}
    reader = _Reader(name, {field: [_first(row) for row in zip(*of, strict=True)] for field, of in cells.items()})
    names = list(zip(*cells["name"], strict=True)) if "name" in cells else [()] * len(arrow)
    entries = [reader.entry(at, each) for at, each in enumerate(names)]
    return entries, reader.said()


def arrow_of(table: object) -> pa.Table:
    """A table as Arrow has it. InvalidValue for what hands over no table."""
    if isinstance(table, pa.Table):
        return table
    if hasattr(table, "__arrow_c_stream__"):
        return pa.table(table)
    if hasattr(table, "to_arrow_table"):
        return pa.table(table.to_arrow_table())
    if isinstance(table, Mapping):
        return pa.table(dict(table))
    raise InvalidValue(
        "{name} is no table: give a frame of pandas (2.2 or newer) or polars, a relation of DuckDB, a"
        " table of Arrow, or a dictionary of columns",
        name=type(table).__name__,
    )


def _chosen(name: str, there: Sequence[str], columns: Columns | None) -> dict[str, list[str]]:
    if columns is None:
        chosen = {field: [field] for field in FIELDS if field in there}
    else:
        chosen = {field: [of] if isinstance(of, str) else list(of) for field, of in columns.items()}
    if unknown := sorted(set(chosen) - set(FIELDS)):
        raise InvalidValue("no field {unknown}: fields are {listed}", unknown=unknown[0], listed=", ".join(FIELDS))
    if missing := [one for of in chosen.values() for one in of if one not in there]:
        raise InvalidValue(
            "table {name} has no column {missing}; it has {listed}",
            name=name,
            missing=missing[0],
            listed=", ".join(there),
        )
    if not {"name", "family", "given"} & set(chosen):
        raise InvalidValue("table {name} has no column for a name: say which one, columns={{'name': ...}}", name=name)
    return chosen


def _first(row: Sequence[object]) -> object:
    return next((cell for cell in row if _text(cell) is not None), None)


def _text(cell: object) -> str | None:
    """A cell as text; None for an empty one, and for the not-a-number that frames put into empty cells."""
    if cell is None or cell != cell:
        return None
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip() or None


class _Reader:
    """Cells of one table, a list for each field, and how many could not be read."""

    def __init__(self, name: str, cells: Mapping[str, Sequence[object]]) -> None:
        self._name, self._cells = name, cells
        self._unread: dict[str, int] = {}
        self._day_first = {
            field: decided_day_first([text for cell in cells[field] if (text := _text(cell))])
            for field in ("birth", "event_date")
            if field in cells
        }

    def _of(self, field: str, row: int) -> str | None:
        return _text(self._cells[field][row]) if field in self._cells else None

    def entry(self, row: int, written: Sequence[object]) -> PersonEntry:
        family, given = self._of("family", row), self._of("given", row)
        texts = [text for cell in written if (text := _text(cell))]
        if not texts and (family or given):
            texts = [" ".join(filter(None, (given, family)))]
        people = [read_person(text) for text in texts]
        names = tuple(dict.fromkeys(name.text for person in people for name in person.names))
        kind = people[0].kind if people and people[0].kind != "none" else "unnamed"
        parts = bool(family or given)
        if parts and names:
            kind = "named"
        birth, age = self._date("birth", row), self._age(row)
        return PersonEntry(
            self._name,
            row,
            names,
            kind == "named" and not (parts and not (family and given)),
            self._sex(row),
            _years(birth),
            self._of("place", row),
            _years(self._date("event_date", row)),
            self._of("facility", row),
            str(birth).replace("-", "") if isinstance(birth, PartialDate) and birth.day is not None else None,
            family,
            given,
            self._of("region", row),
            self._of("occupation", row),
            self._kin(row),
            kind,
            age,
        )

    def _date(self, field: str, row: int) -> PartialDate | DateSpan | None:
        cell = self._cells[field][row] if field in self._cells else None
        if isinstance(cell, date | datetime) and cell == cell:
            return PartialDate(cell.year, cell.month, cell.day)
        if (text := _text(cell)) is None:
            return None
        value = read_date(text, latest=_LATEST, day_first=self._day_first[field]).value
        if value is None:
            self._unread[field] = self._unread.get(field, 0) + 1
        return value

    def _age(self, row: int) -> tuple[int, int] | None:
        text = self._of("age", row)
        found = read_years(text) if text else None
        if text and found is None:
            self._unread["age"] = self._unread.get("age", 0) + 1
        # an age with one end alone (over 60) would be the same as every older one
        return None if found is None or found.ends is None else (found.lowest, found.highest)

    def _sex(self, row: int) -> str | None:
        text = self._of("sex", row)
        return read_sex(text) if text else None

    def _kin(self, row: int) -> tuple[Kin, ...]:
        named = [(which, text) for which in ("father", "mother", "spouse") if (text := self._of(which, row))]
        return named_kin(named, self._of("kin", row))

    def said(self) -> tuple[str, ...]:
        return tuple(
            Sentence(
                (
                    "{name}: {count:,} cell of {field} could not be read, and counts as empty",
                    "{name}: {count:,} cells of {field} could not be read, and count as empty",
                ),
                name=self._name,
                count=count,
                field=field,
            )
            for field, count in self._unread.items()
        )


def _years(value: PartialDate | DateSpan | None) -> tuple[int, int] | None:
    if value is None or (isinstance(value, DateSpan) and not value.bounded):
        return None
    return value.earliest.year, value.latest.year


def _results(found: Linkage, notices: Sequence[str]) -> Linked:
    pairs = found.pairs
    clusters = [(*place, number) for number, one in enumerate(found.clusters, start=1) for place in one]
    lists = found.overlap.lists
    patterns = sorted(found.overlap.counts, reverse=True)
    return Linked(
        found,
        pa.table(
            {
                "left_list": pa.array([one.left[0] for one in pairs], pa.string()),
                "left_row": pa.array([one.left[1] for one in pairs], pa.int64()),
                "right_list": pa.array([one.right[0] for one in pairs], pa.string()),
                "right_row": pa.array([one.right[1] for one in pairs], pa.int64()),
                "weight": pa.array([one.weight for one in pairs], pa.float64()),
                "probability": pa.array([one.probability for one in pairs], pa.float64()),
                "decision": pa.array([one.decision for one in pairs], pa.string()),
            }
        ),
        pa.table(
            {
                "list": pa.array([one[0] for one in clusters], pa.string()),
                "row": pa.array([one[1] for one in clusters], pa.int64()),
                "person": pa.array([one[2] for one in clusters], pa.int64()),
            }
        ),
        pa.table(
            {
                **{name: pa.array([one[at] for one in patterns], pa.int8()) for at, name in enumerate(lists)},
                "count": pa.array([found.overlap.counts[one] for one in patterns], pa.int64()),
            }
        ),
        (*notices, *found.notices),
    )
