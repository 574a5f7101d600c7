"""Dates that are as exact as their source, and no more."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from corroborate.errors import InvalidValue

_YEAR_MONTH_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, a month or a day: never more exact than its source was."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.month is None and self.day is not None:
            raise InvalidValue("day {day} of no month in {year}", day=self.day, year=self.year)
        try:
            date(self.year, *(1 if part is None else part for part in (self.month, self.day)))
        except ValueError as error:
            raise InvalidValue("{own} is not in the calendar", own=self) from error

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``1997``, ``1997-03`` or ``1997-03-12`` (ISO 8601-1)."""
        found = _YEAR_MONTH_DAY.fullmatch(text.strip())
        if found is None:
            raise InvalidValue("{words!r} is not a year, a month or a day (1997-03-12)", words=text)
        return cls(*(int(part) for part in found.groups() if part))

    @property
    def earliest(self) -> date:
        """First day that the date can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """Last day that the date can mean."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def __str__(self) -> str:
        parts = (part for part in (self.month, self.day) if part is not None)
        return "-".join([f"{self.year:04}", *(f"{part:02}" for part in parts)])


@dataclass(frozen=True, slots=True)
class DateSpan:
    """Days between which something happened, both ends included: ``1970s``, ``summer 1978``.

    An end that the source leaves open is the calendar's own (``before 1980`` begins on ``date.min``). ``approximate``:
    the source itself says *about*, so that the ends are its best knowledge and no bounds.
    """

    earliest: date
    latest: date
    approximate: bool = False

    def __post_init__(self) -> None:
        if self.latest < self.earliest:
            raise InvalidValue("{latest} is before {earliest}", latest=self.latest, earliest=self.earliest)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what ``str`` wrote: ``1979-01-01/1979-12-31``, ``/1979-12-31``, ``~1979-01-01/1979-12-31``."""
        first, between, last = text.removeprefix("~").partition("/")
        if not between:
            raise InvalidValue("{words!r} is not two days with a stroke between them", words=text)
        try:
            ends = (date.fromisoformat(first) if first else date.min, date.fromisoformat(last) if last else date.max)
        except ValueError as error:
            raise InvalidValue("{words!r} is not two days with a stroke between them", words=text) from error
        return cls(*ends, text.startswith("~"))

    @property
    def begins(self) -> date | None:
        """The earliest day, or None where that end is open."""
        return None if self.earliest == date.min else self.earliest

    @property
    def ends(self) -> date | None:
        """The latest day, or None where that end is open."""
        return None if self.latest == date.max else self.latest

    @property
    def bounded(self) -> bool:
        """Whether neither end is open."""
        return self.begins is not None and self.ends is not None

    def __str__(self) -> str:
        ends = ("" if end is None else end.isoformat() for end in (self.begins, self.ends))
        return ("~" if self.approximate else "") + "/".join(ends)
