"""Dates as people say them: not first and last days with a stroke between them."""

from datetime import date, timedelta

from corroborate.values import DateSpan, PartialDate
from corroborate_node.core.wording import Words


def understood(value: object, words: Words) -> str:
    """A date in the reader's words, as short as it is exact: 1998-03 – 1998-05, and not first and last days."""
    if isinstance(value, PartialDate):
        return str(value)
    if not isinstance(value, DateSpan):
        return ""
    first, last = value.earliest, value.latest
    begin = "" if first == date.min else _begins(first, last)
    end = "" if last == date.max else _ends(first, last)
    if begin and end:
        said = begin if begin == end else f"{begin} – {end}"
    elif begin:
        said = words["day_since"].format(day=begin)
    else:
        said = words["day_until"].format(day=end)
    return words["day_about"].format(day=said) if value.approximate else said


def _whole(first: date, last: date) -> str:
    """Of which parts the span between two days is made: whole years, whole months, or days."""
    starts, after = (first.month, first.day), last if last == date.max else last + timedelta(days=1)
    if starts == (1, 1) and (after.month, after.day) == (1, 1):
        return "%Y"
    return "%Y-%m" if first.day == 1 and after.day == 1 else "%Y-%m-%d"


def _begins(first: date, last: date) -> str:
    return f"{first.year:04}" + first.strftime(_whole(first, last).removeprefix("%Y"))


def _ends(first: date, last: date) -> str:
    return f"{last.year:04}" + last.strftime(_whole(first, last).removeprefix("%Y"))


__all__ = ["understood"]
