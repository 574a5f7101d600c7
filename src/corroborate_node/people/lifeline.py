"""A life as it was told, along a line: what happened, between which days, each as exact as its source.

A picture and the same as a table. An event whose day is not known is as long as the time in which it may have been; two
sources that differ stand below one another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from corroborate.values import DateSpan, PartialDate

What = Literal["birth", "act", "away", "held", "post", "event"]
WIDTH, LEFT, ROW, TOP = 640, 20, 22, 24  # units of the picture
LEAST = 6  # units: what is shorter could not be seen
OPEN = (date.min, date.max)  # ends that a source leaves open


@dataclass(frozen=True, slots=True)
class Event:
    """Something of a life: between its first and last day. ``away``: somebody was made to disappear, and came back.
    ``claim``: that says it; ``id``: of the act."""

    what: What
    title: str
    begin: PartialDate | DateSpan | None
    end: PartialDate | DateSpan | None
    claim: Any
    id: str = ""
    more: str = ""  # told beside its title

    @property
    def days(self) -> tuple[date, ...]:
        """The days between which it was, as far as they are known: an end that a source leaves open is none."""
        ends = [day for one in (self.begin, self.end) if one for day in (one.earliest, one.latest)]
        return tuple(sorted(day for day in ends if day not in OPEN))

    @property
    def when(self) -> str:
        """As the claims have it."""
        if self.what in ("away", "held", "post"):
            return f"{self.begin or '?'} – {self.end or '?'}"
        return str(self.begin or self.end or "")


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
    known = sorted((one for one in events if one.days), key=lambda one: (one.days[0], one.days[-1], one.title))
    if not known:
        return None
    first, last = known[0].days[0].year, min(9999, max(one.days[-1].year for one in known) + 1)
    begin = date(first, 1, 1).toordinal()
    days = max(1, date(last, 1, 1).toordinal() - begin)

    def at(day: date) -> float:
        return round(LEFT + (WIDTH - 2 * LEFT) * min(1.0, (day.toordinal() - begin) / days), 1)

    bars = []
    for number, one in enumerate(known):
        width = max(LEAST, at(one.days[-1]) - at(one.days[0]))
        bars.append(Bar(one, min(at(one.days[0]), WIDTH - LEFT - width), TOP + number * ROW, width))
    step = max(1, -(-(last - first) // 8))
    ticks = tuple((year, at(date(year, 1, 1))) for year in range(first, last + 1, step))
    return Line(tuple(bars), ticks, WIDTH, TOP + len(bars) * ROW + 4)
