"""What an analyst asks for, checked once: which lists or table, which people, how joined, with which seed."""

import csv
import io
from dataclasses import dataclass
from typing import Any, Literal, Self, get_args

from corroborate.errors import InvalidValue
from corroborate.records import Audience
from corroborate.values import OverlapTable

Joining = Literal["judged", "drawn"]
STRATA = ("sex", "province", "decade", "facility")  # of the vault's own people; a table has columns of its own
OPEN_TO: tuple[Audience, ...] = ("own", "coalition", "public")
DRAWS = 20  # ways in which the waiting pairs may turn out, pooled
LARGEST = 1 << 20  # bytes of a table
_YEARS = (1900, 2100)


@dataclass(frozen=True, slots=True)
class Options:
    """An estimate as it is asked for. Either ``lists``, ids of the vault's own, or a ``table`` in CSV."""

    lists: tuple[str, ...] = ()
    table: str = ""
    table_name: str = ""
    by: tuple[str, ...] = ()  # strata
    since: int | None = None  # first and last year of the people's taking, both included
    until: int | None = None
    audience: Audience = "own"  # before whom the people must be countable
    joining: Joining = "judged"
    seed: int = 0
    level: float = 0.95

    def __post_init__(self) -> None:
        if bool(self.lists) == bool(self.table.strip()):
            raise InvalidValue("choose lists of this vault, or give an overlap table: one of the two")
        if not self.table and len(set(self.lists)) < 2:
            raise InvalidValue("one list alone says nothing about the people on no list: choose two at least")
        if self.table and (self.since or self.until or self.joining != "judged"):
            raise InvalidValue("an overlap table holds no dates and no pairs: a period and drawn pairs are for lists")
        if len(self.table.encode()) > LARGEST:
            raise InvalidValue("the table is larger than 1 MB: an overlap table has a line for each set of lists")
        if self.audience not in OPEN_TO:
            raise InvalidValue("{audience!r} is no audience that an estimate can be made for", audience=self.audience)
        if self.joining not in get_args(Joining):
            raise InvalidValue("{joining!r} is no way to join people", joining=self.joining)
        if self.joining == "drawn" and self.by:
            raise InvalidValue("drawn pairs and strata cannot be had in one estimate yet: choose one of them")
        for year in (self.since, self.until):
            if year is not None and not _YEARS[0] <= year <= _YEARS[1]:
                raise InvalidValue(
                    "{year} is no year from {years} to {years2}", year=year, years=_YEARS[0], years2=_YEARS[1]
                )
        if self.since is not None and self.until is not None and self.since > self.until:
            raise InvalidValue(
                "the period ends in {until}, before it begins in {since}", until=self.until, since=self.since
            )
        if not 0 <= self.seed < 2**32:
            raise InvalidValue("{seed} is no seed: a whole number from 0 to 4,294,967,295", seed=self.seed)
        if not 0.5 <= self.level < 1:
            raise InvalidValue("a level of {level} is no level: give one from 0.5 up to 0.999", level=self.level)
        if self.table:
            self.tables()
        elif unknown := sorted(set(self.by) - set(STRATA)):
            raise InvalidValue(
                "there are no strata by {listed}; there are {listed2}",
                listed=", ".join(unknown),
                listed2=", ".join(STRATA),
            )

    def tables(self) -> dict[tuple[str, ...], OverlapTable]:
        """The given table, by stratum. Raises InvalidValue for what is none."""
        if self.by:
            return OverlapTable.parse_strata(self.table, self.by)
        return {(): OverlapTable.parse(self.table)}

    def as_json(self) -> dict[str, Any]:
        return {
            "lists": list(self.lists), "table": self.table, "table_name": self.table_name, "by": list(self.by),
            "since": self.since, "until": self.until, "audience": self.audience, "joining": self.joining,
            "seed": self.seed, "level": self.level,
        }  # fmt: skip

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        return cls(**{**kept, "lists": tuple(kept["lists"]), "by": tuple(kept["by"])})


def strata_columns(text: str) -> tuple[str, ...]:
    """The columns of a table that hold anything but 0 and 1, the last one aside: what it can be stratified by."""
    rows = [row for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) if any(map(str.strip, row))]
    if len(rows) < 2:
        return ()
    return tuple(
        name.strip()
        for at, name in enumerate(rows[0][:-1])
        if any(len(row) > at and row[at].strip() not in ("0", "1") for row in rows[1:])
    )
