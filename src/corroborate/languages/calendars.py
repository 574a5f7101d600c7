"""Calendars that lists of this field count in beside ours, by rules of arithmetic."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from corroborate.values import DateSpan, PartialDate

Calendar = Literal["solar-hijri", "hijri", "buddhist", "minguo"]
_PERSIAN_EPOCH = date(622, 3, 21)
_HIJRI_EPOCH = date(622, 7, 19)  # of the tabular calendar, in ours
_PERSIAN_LEAPS = (1, 5, 9, 13, 17, 22, 26, 30)  # in 33 years: right for 1178 to 1633
_HIJRI_LEAPS = (2, 5, 7, 10, 13, 16, 18, 21, 24, 26, 29)  # in 30 years


@dataclass(frozen=True, slots=True)
class Known:
    """A calendar, and which of its years a list of living and dead people can have."""

    word: Calendar
    name: str
    first: int
    last: int

    def could_be(self, year: int, latest: int) -> bool:
        """Whether the year can be of this calendar: none of its years lies after ``latest`` of ours."""
        return self.first <= year <= self.last and (self.word != "buddhist" or year - 543 <= latest)


CALENDARS = (
    Known("solar-hijri", "Solar Hijri", 1230, 1430),
    Known("hijri", "Hijri", 1267, 1460),
    Known("buddhist", "Buddhist", 2393, 2600),
    Known("minguo", "Minguo", 1, 130),
)


def from_calendar(calendar: Calendar, year: int, month: int | None, day: int | None) -> PartialDate | DateSpan:
    """A date of another calendar in ours. Hijri months begin with the moon that is seen: off by a day or two."""
    if calendar in ("buddhist", "minguo"):
        return PartialDate(year - 543 if calendar == "buddhist" else year + 1911, month, day)
    first = _day(calendar, year, month or 1, day or 1)
    if day is not None:
        return PartialDate(first.year, first.month, first.day)
    after = _day(calendar, *((year, month + 1) if month is not None and month < 12 else (year + 1, 1)), 1)
    return DateSpan(first, after - timedelta(days=1))


def _day(calendar: Calendar, year: int, month: int, day: int) -> date:
    longest = (31 if month <= 6 else 30) if calendar == "solar-hijri" else 30
    if not 1 <= month <= 12 or not 1 <= day <= longest:
        raise ValueError(f"{year}-{month}-{day} is not in the {calendar} calendar")
    if calendar == "solar-hijri":
        before = _days(year, 33, _PERSIAN_LEAPS, 365) + (month - 1) * 31 - max(0, month - 7)
        return _PERSIAN_EPOCH + timedelta(days=before + day - 1)
    before = _days(year, 30, _HIJRI_LEAPS, 354) + 29 * (month - 1) + month // 2
    return _HIJRI_EPOCH + timedelta(days=before + day - 1)


def _days(year: int, cycle: int, leaps: tuple[int, ...], common: int) -> int:
    """Days before the first of a year."""
    rounds, rest = divmod(year - 1, cycle)
    return (year - 1) * common + rounds * len(leaps) + sum(leap <= rest for leap in leaps)
