"""What a person chose about a list, and how its rows are read with that. The command reads with the same functions."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, get_args

from corroborate.errors import InputRefused, InvalidValue
from corroborate.importers import Habits, PersonRow, Reading, Table, checked_mapping, person_entries
from corroborate.importers.apart import read_table_apart
from corroborate.importers.exports import Export
from corroborate.importers.exports_apart import medium, read_export_apart
from corroborate.importers.forms import interviews
from corroborate.importers.headings import NAME_FIELDS, columns_of, guess_mapping
from corroborate.languages.calendars import CALENDARS
from corroborate.tables import File, Limits
from corroborate_node.coding.table import own_table

Narrowing = Literal["unnamed", "own", "out"]  # never named in public | this vault alone | the row is left out
NARROWINGS: tuple[Narrowing, ...] = get_args(Narrowing)
AS_TOLD = "-"  # a column's words are kept as they are, and taken for no field
ON_A_PAGE = Limits(file_bytes=64 << 20, unpacked_bytes=512 << 20, seconds=120, memory=2 << 30)


@dataclass(frozen=True, slots=True)
class Choices:
    """Frozen and checked. ``columns``: column -> field or ``AS_TOLD``, only where a person changed the guess.
    ``narrowed``: (heading, cell) of consent -> what it is narrowed to."""

    title: str
    encoding: str = ""
    sheet: str = ""
    dates: str = ""  # day, month; empty: the column's other cells decide
    calendar: str = ""
    agreed: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    narrowed: Mapping[tuple[str, str], Narrowing] = field(default_factory=dict)
    again: str = ""  # number of the import whose list this is, come again; or the list's id
    new: bool = False  # a list of its own, whatever it resembles
    looked: bool = False  # somebody made sure that no new row is one that was withdrawn
    key: tuple[str, ...] = ()  # columns that tell one row from another

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise InvalidValue("a list needs a title")
        if self.calendar and self.calendar not in {one.word for one in CALENDARS}:
            raise InvalidValue("no calendar {calendar!r}", calendar=self.calendar)
        if unknown := set(self.narrowed.values()) - set(NARROWINGS):
            raise InvalidValue(
                "consent can be narrowed to {listed}, not to {unknown!r}",
                listed=", ".join(NARROWINGS),
                unknown=min(unknown),
            )

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"narrowed": [[*key, rule] for key, rule in self.narrowed.items()]}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Choices":
        narrowed = {(heading, cell): rule for heading, cell, rule in kept.get("narrowed", ())}
        return cls(**{**kept, "narrowed": narrowed, "key": tuple(kept.get("key", ()))})

    @property
    def of_shape(self) -> bool:
        """Whether a person changed how a file of this shape is read."""
        return bool(self.columns or self.dates or self.calendar)

    @property
    def habits(self) -> Habits:
        calendar = next((one for one in CALENDARS if one.word == self.calendar), None)
        return Habits({"day": True, "month": False}.get(self.dates), None if calendar is None else calendar.word)


def export_of(name: str, content: bytes) -> tuple[str, Export] | None:
    """The program that wrote a file in memory, and what its export says; None for a list like any other. Read in a
    limited process. Raises InputRefused."""
    if (found := medium(name)) is not None:
        return "media", found
    read = read_export_apart(File(name, content=content), ON_A_PAGE)
    if read is not None:
        interviews.check_list(read[1], name)
    return read


def as_before(kept: Choices, before: Mapping[str, Any]) -> Choices:
    """What was chosen for a file of this shape before; title and consent are of this one."""
    same = {name: before.get(name, "") for name in ("encoding", "sheet", "dates", "calendar")}
    return replace(kept, **same, columns=dict(before.get("columns", {})), key=tuple(before.get("key", ())))


def table_of(name: str, content: bytes, choices: Choices, most: int | None = None) -> Table:
    """The rows of a file that lies in memory, or its first ``most``, read in a limited process. Raises InputRefused."""
    return read_table_apart(
        File(name, content=content),
        encoding=choices.encoding or None,
        sheet=choices.sheet or None,
        limits=ON_A_PAGE,
        most=most,
    )


def mapping_of(table: Table, choices: Choices) -> dict[str, str]:
    """Field -> column: the guess with a person's changes. A change about a column that is not there (another sheet was
    chosen since) counts for nothing. Raises InputRefused where no column holds a name, or two hold one field."""
    here = {column: chosen for column, chosen in choices.columns.items() if column in table.columns}
    changes: dict[str, str] = {}
    for column, chosen in here.items():
        if chosen in changes:
            raise InputRefused(
                "{changes} and {column} are both taken for one field. Choose one of them",
                changes=changes[chosen],
                column=column,
            )
        if chosen != AS_TOLD:
            changes[chosen] = column
    mapping = checked_mapping(table, changes)
    kept = {field: column for field, column in mapping.items() if here.get(column) != AS_TOLD}
    if not set(NAME_FIELDS) & set(kept):
        raise InputRefused(
            "no column is taken for a name: {listed}. Choose which holds it", listed=", ".join(table.columns)
        )
    return kept


def fields_shown(table: Table, choices: Choices) -> dict[str, str]:
    """Column -> the field that it is taken for, or ``AS_TOLD``: also where no mapping is possible yet."""
    try:
        mapping = mapping_of(table, choices)
    except InputRefused:
        mapping = guess_mapping(table.columns)
    return {one.heading: one.field or AS_TOLD for one in columns_of(table.columns, mapping)} | {
        column: chosen for column, chosen in choices.columns.items() if column in table.columns
    }


def read(table: Table, choices: Choices, year: int) -> Reading:
    """Every row, understood with the choices; consent as it was read, before it is narrowed. Raises InputRefused."""
    if table.unsure:
        raise InputRefused(table.unsure)
    habits = replace(choices.habits, coding=own_table())
    return person_entries(table, mapping_of(table, choices), choices.title, latest=year, habits=habits)


def narrowed(reading: Reading, choices: Choices) -> tuple[tuple[PersonRow, ...], int]:
    """The rows with their consent narrowed as a person chose, and how many rows were left out by that. Nothing here
    can widen what a row allows."""
    kept = []
    for entry in reading.entries:
        rules = {choices.narrowed[said] for said in entry.consent.words if said in choices.narrowed}
        if "out" not in rules:
            kept.append(_narrower(entry, own="own" in rules) if rules else entry)
    return tuple(kept), len(reading.entries) - len(kept)


def _narrower(entry: PersonRow, *, own: bool) -> PersonRow:
    consent = replace(entry.consent, name_public=False, refused=True, agreed=entry.consent.agreed and not own)
    return replace(entry, consent=consent, publish=False)
