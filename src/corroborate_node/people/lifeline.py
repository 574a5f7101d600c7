"""A life as it was told, along a line: what happened, between which days, each as exact as its source.

A picture and the same as a table. An event whose day is not known is as long as the time in which it may have been; two
sources that differ stand below one another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from corroborate.values import DateSpan, PartialDate

What = Literal["birth", "act", "held", "event"]
WIDTH, LEFT, ROW, TOP = 640, 8, 22, 24  # units of the picture
LEAST = 6  # units: what is shorter could not be seen
OPEN = (date.min, date.max)  # ends that a source leaves open


@dataclass(frozen=True, slots=True)
class Event:
    """Something of a life: between its first and last day. ``claim``: that says it; ``id``: of the act."""

    what: What
    title: str
    begin: PartialDate | DateSpan | None
    end: PartialDate | DateSpan | None
    claim: Any
    id: str = ""

    @property
    def first(self) -> date | None:
        return _known(self.begin.earliest if self.begin else None) or _known(self.end.earliest if self.end else None)

    @property
    def last(self) -> date | None:
        return _known(self.end.latest if self.end else None) or _known(self.begin.latest if self.begin else None)

    @property
    def when(self) -> str:
        """As the claims have it."""
        if self.what == "held":
            return f"{self.begin or '?'} – {self.end or '?'}"
        return str(self.begin or self.end or "")


def _known(day: date | None) -> date | None:
    return None if day is None or day in OPEN else day


@dataclass(frozen=True, slots=True)
class Bar:
    """An event in the picture, in units from its left and top."""

    event: Event
    x: float
    y: int
    width: float

    @property
    def text_y(self) -> int:
        return self.y + 10


@dataclass(frozen=True, slots=True)
class Line:
    """The picture. ``ticks``: years, and where each begins."""

    bars: tuple[Bar, ...]
    ticks: tuple[tuple[int, float], ...]
    width: int = WIDTH
    height: int = 0


def drawn(events: Sequence[Event]) -> Line | None:
    """Events in time; None where none has a day."""
    known = sorted((one for one in events if one.first and one.last), key=lambda one: (one.first, one.last, one.title))
    if not known:
        return None
    first = min(one.first.year for one in known if one.first)
    last = max(one.last.year for one in known if one.last) + 1
    begin, days = date(first, 1, 1).toordinal(), date(min(last, 9999), 1, 1).toordinal() - date(first, 1, 1).toordinal()

    def at(day: date) -> float:
        return round(LEFT + (WIDTH - 2 * LEFT) * (day.toordinal() - begin) / days, 1)

    bars = []
    for number, one in enumerate(known):
        if one.first is not None and one.last is not None:
            width = max(LEAST, at(one.last) - at(one.first))
            bars.append(Bar(one, min(at(one.first), WIDTH - LEFT - width), TOP + number * ROW, width))
    step = max(1, -(-(last - first) // 8))
    ticks = tuple((year, at(date(year, 1, 1))) for year in range(first, last + 1, step) if year <= 9999)
    return Line(tuple(bars), ticks, WIDTH, TOP + len(bars) * ROW + 4)
