"""What is to be taken out of a copy: regions of pages, stretches of a recording, as a person writes them.

A region is a line of five numbers: the page, then left, top, width and height in hundredths of the page as it is seen.
A stretch is a line of two times: from, to.
"""

import math
import re
from dataclasses import dataclass
from typing import Self

from corroborate.errors import InvalidValue

MOST = 2_000  # lines
_TIME = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,4}):)?(\d{1,6}(?:[.,]\d{1,3})?)")
_APART = re.compile(r"\s*(?:-{1,2}>|[–—-])\s*|\s+")


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a page: the page from 1; left, top, width and height in hundredths of what is seen of it."""

    page: int
    left: float
    top: float
    width: float
    height: float

    def __post_init__(self) -> None:
        whole = (self.left, self.top, self.width, self.height)
        if self.page < 1 or not all(math.isfinite(one) for one in whole):
            raise InvalidValue("a region names its page from 1, and four numbers from 0 to 100")
        if self.left < 0 or self.top < 0 or self.width <= 0 or self.height <= 0:
            raise InvalidValue("a region begins within its page, and is wider and higher than nothing")
        if self.left >= 100 or self.top >= 100:
            raise InvalidValue("a region begins within its page: left and top are below 100")

    def pixels(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Left, top, right and bottom in a picture of some size: whole pixels, none left that the region touches."""
        left, top = math.floor(self.left * width / 100), math.floor(self.top * height / 100)
        right = min(width, math.ceil((self.left + self.width) * width / 100))
        bottom = min(height, math.ceil((self.top + self.height) * height / 100))
        return left, top, max(right, left + 1), max(bottom, top + 1)

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read ``2 10 25.5 40 5``."""
        parts = line.replace(",", " ").replace("%", " ").split()
        try:
            page, *numbers = parts
            left, top, width, height = map(float, numbers)
            return cls(int(page), left, top, width, height)
        except ValueError as error:
            if isinstance(error, InvalidValue):
                raise
            raise InvalidValue(
                "{line!r} is no region: write page, left, top, width, height, the last four from 0 to 100", line=line
            ) from error

    def __str__(self) -> str:
        return " ".join([str(self.page), *(f"{n:g}" for n in (self.left, self.top, self.width, self.height))])


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a recording, in seconds from its beginning."""

    start: float
    stop: float

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.stop:
            raise InvalidValue("a stretch ends after it begins")

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read ``1:05 1:09.5`` or ``00:01:05 --> 00:01:09``."""
        parts = [one for one in _APART.split(line.strip()) if one]
        if len(parts) != 2:
            raise InvalidValue("{line!r} is no stretch: write two times, from and to, as 1:05 1:09", line=line)
        return cls(seconds(parts[0]), seconds(parts[1]))

    def __str__(self) -> str:
        return f"{time_code(self.start)} {time_code(self.stop)}"


def seconds(text: str) -> float:
    """Read a time code: ``65``, ``1:05``, ``0:01:05.250``."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise InvalidValue("{text!r} is no time code: write minutes and seconds, as 1:05", text=text)
    hours, minutes, rest = found.groups()
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(rest.replace(",", "."))


def time_code(at: float) -> str:
    """``00:01:05.250``, the milliseconds only where there are some."""
    whole, part = divmod(round(at * 1000), 1000)
    code = f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
    return f"{code}.{part:03}" if part else code


def regions(text: str) -> tuple[Region, ...]:
    """Regions, one a line. Raises InvalidValue with the line that is none."""
    return tuple(Region.parse(line) for line in _lines(text))


def stretches(text: str) -> tuple[Stretch, ...]:
    """Stretches, one a line. Raises InvalidValue with the line that is none."""
    return tuple(Stretch.parse(line) for line in _lines(text))


def _lines(text: str) -> list[str]:
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > MOST:
        raise InvalidValue("no more than {most} lines say what is to be taken out", most=MOST)
    return lines


__all__ = ["Region", "Stretch", "regions", "seconds", "stretches", "time_code"]
