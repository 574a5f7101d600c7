"""What a spreadsheet shows of a number: a date as exact as its format, a number with its leading zeros."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

from corroborate.translation import Sentence

Precision = Literal["", "year", "month", "day", "day of a year", "time", "moment"]

# ECMA-376, part 1, 18.8.30: formats that every workbook has without writing them; 27 to 36 and 50 to 58 are the dates
# of East Asian languages, 71 to 81 those of Thai.
_BUILT_IN: dict[int, Precision] = {
    14: "day", 15: "day", 16: "day of a year", 17: "month", 18: "time", 19: "time", 20: "time", 21: "time",
    22: "moment", 27: "day", 28: "day", 29: "day", 30: "day", 31: "day", 32: "time", 33: "time", 34: "time",
    35: "time", 36: "day", 45: "time", 46: "time", 47: "time", 50: "day", 51: "day", 52: "day", 53: "day", 54: "day",
    55: "day", 56: "day", 57: "day", 58: "day", 71: "day", 72: "day", 73: "day of a year", 74: "month", 75: "time",
    76: "time", 77: "moment", 78: "time", 79: "time", 80: "time", 81: "day",
}  # fmt: skip
_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.I)
_LAST_DAY = 2_958_465  # 31 December 9999, the last that a spreadsheet shows


@dataclass(frozen=True, slots=True)
class Shown:
    """``zeros``: how many digits a whole number is filled up to."""

    precision: Precision = ""
    zeros: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """A number's words, whether it is a date, and what a person must look at."""

    words: str
    is_date: bool = False
    doubt: str = ""


def shown_by(number: int, code: str | None) -> Shown:
    """What a number format shows, by its own code or, without one, by its number in the standard."""
    if code is None:
        return Shown(_BUILT_IN.get(number, ""))
    first = _NOT_SHOWN.sub("", code.split(";")[0])
    if re.fullmatch(r"0{2,30}", first.strip()):
        return Shown(zeros=len(first.strip()))
    if re.search(r"e[+-]|general|[#?]", first, re.I):
        return Shown()
    return Shown(_precision(first.lower()))


def _precision(code: str) -> Precision:
    code = re.sub(r"am/pm|a/p|上午/下午", "h", code)
    clock = bool(re.search(r"[hs]|\[m", code))
    # an m beside hours or seconds is minutes
    months = re.sub(r"(?<=h)[^a-z]*m+|m+[^a-z]*(?=s)|\[m+\]", "", code) if clock else code
    year, month, day = (bool(re.search(letters, months)) for letters in ("[yeb]", "m", "d"))
    if not (year or month or day):
        return "time" if clock else ""
    if year and clock:
        return "moment"
    if year:
        return "day" if day else ("month" if month else "year")
    return "day of a year"


@lru_cache(maxsize=65_536)
def as_shown(value: str, shown: Shown, *, since_1904: bool) -> Cell:
    """A number as a person sees it in the sheet. Assumes the calendar of Excel, in which 1900 has a 29 February."""
    try:
        number = float(value)
    except ValueError:
        return Cell(value)
    if not shown.precision:
        return Cell(_number(value, number, shown.zeros))
    if not 0 <= number < _LAST_DAY + 1:
        return Cell(value, False, Sentence("shows ########: the number {value} is no date", value=value))
    if shown.precision == "time" or (number < 1 and shown.precision == "moment"):
        return Cell(str((datetime(1900, 1, 1) + timedelta(days=round(number % 1, 9))).time().replace(microsecond=0)))
    whole = int(number) + (1462 if since_1904 else 0)
    if whole == 0:
        return Cell("1900-01-00", True)
    if whole == 60:
        return Cell("1900-02-29", True)
    moment = datetime(1899, 12, 31 if whole < 60 else 30) + timedelta(days=whole, seconds=round((number % 1) * 86_400))
    if shown.precision == "year":
        return Cell(f"{moment:%Y}", True)
    if shown.precision == "month":
        return Cell(f"{moment:%Y-%m}", True)
    if shown.precision == "day of a year":
        return Cell(f"{moment:%m-%d}", False, Sentence("shows a day without its year"))
    if shown.precision == "moment" and (moment.hour or moment.minute or moment.second):
        return Cell(f"{moment:%Y-%m-%d %H:%M:%S}", True)
    return Cell(f"{moment:%Y-%m-%d}", True)


def _number(value: str, number: float, zeros: int) -> str:
    if value.isdecimal():
        return value.zfill(zeros)
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number)).zfill(zeros)
    return repr(number)
