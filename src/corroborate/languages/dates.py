"""Dates and ages as Korean, Japanese and English lists write them. What is unclear is said."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from corroborate.errors import InvalidValue
from corroborate.values import DateSpan, PartialDate

AgeSystem = Literal["international", "counting", "unknown"]
_DOUBT = re.compile(r"\(\?\)|[?？※*†‡]\d*|약|쯤|경|頃|ごろ|추정|\babout\b|\bapprox\.?|\bn/k\b", re.I)
_EMPTY = {"", "미상", "불명", "不明", "未詳", "unknown", "n/k", "n/a", "-", "?", "모름", "언젠지 모름"}
_ERAS = {  # first day of each era (Japan; Korea's of 1948 to 1961 count from 2333 BC)
    "明治": date(1868, 1, 25), "大正": date(1912, 7, 30), "昭和": date(1926, 12, 25), "平成": date(1989, 1, 8),
    "令和": date(2019, 5, 1), "M": date(1868, 1, 25), "T": date(1912, 7, 30), "S": date(1926, 12, 25),
    "H": date(1989, 1, 8), "R": date(2019, 5, 1),
}  # fmt: skip
_NEXT = {"明治": "大正", "大正": "昭和", "昭和": "平成", "平成": "令和", "M": "T", "T": "S", "S": "H", "H": "R"}
_KANJI = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "元": 1}
_SEASONS = {
    "봄": (3, 5), "여름": (6, 8), "가을": (9, 11), "春": (3, 5), "夏": (6, 8), "秋": (9, 11),
    "spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11),
    "초": (1, 4), "말": (9, 12), "early": (1, 4), "late": (9, 12), "末": (9, 12), "初": (1, 4),
}  # fmt: skip
_MONTHS = {name: at for at, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1)}  # fmt: skip

_AGE = re.compile(
    r"(?:만|満|数え年?|数|세는 ?나이|約|c\.)?\s*(\d{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?)"
    r"\s*(?:세|살|歳|才|yrs?|years(?: old)?)?"
)


@dataclass(frozen=True, slots=True)
class DateReading:
    """What a cell says, or nothing; and every doubt about it, in words."""

    value: PartialDate | DateSpan | None
    notes: tuple[str, ...] = ()

    @property
    def years(self) -> tuple[int, int] | None:
        """Earliest and latest year it can mean."""
        if self.value is None:
            return None
        return self.value.earliest.year, self.value.latest.year


def read_date(text: str, *, latest: int, day_first: bool | None = None) -> DateReading:
    """Read a date. ``latest``: the latest year it can be, which places two-digit years (``78년``) and decades.

    Reads ISO 8601, ``1978.3.12``, ``78년 봄``, ``70년대 말``, Japanese eras, ``주체 67``, ``c. 1978``, ``Spring 1978``,
    ``1970s``, ``3/12/78`` (noted as unclear unless ``day_first`` says), Excel serial numbers (noted), and full-width
    digits. ``value`` is None when the cell is empty or cannot be read; the notes say which.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    notes: list[str] = []
    if _DOUBT.search(plain):
        stripped = _DOUBT.sub("", plain).strip()
        if stripped and stripped.lower() not in _EMPTY:
            notes.append(f"the source marks {text!r} as doubtful")
        plain = stripped
    plain = re.sub(r"^\((.*)\)$", r"\1", plain.rstrip(". "))
    if plain.lower() in _EMPTY:
        return DateReading(None, tuple(notes))
    if re.match(r"^음|^陰", plain):
        notes.append("a lunar date: off by up to 50 days")
        plain = plain[1:].lstrip("력. ")
    for pattern, read in _FORMS:
        found = pattern.fullmatch(plain)
        if found:
            try:
                value = read(found, latest, notes, day_first)
            except (InvalidValue, ValueError) as error:
                return DateReading(None, (*notes, f"{text!r} is no date: {error}"))
            if value is not None:
                return DateReading(value, tuple(notes))
    return DateReading(None, (*notes, f"{text!r} is no date that we can read"))


def read_age(text: str) -> int | None:
    """Years of age in a cell such as ``54세``, ``満12``, ``数え十三歳``, ``36살``; None when it says none."""
    plain = _DOUBT.sub("", unicodedata.normalize("NFKC", text)).strip()
    found = _AGE.fullmatch(plain)
    if found is None or _number(found[1]) > 120:
        return None
    return _number(found[1])


def age_system(text: str) -> AgeSystem:
    """How a cell says that its age is counted: 만 and 満 from birth, 세는나이 and 数え from one at birth."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.startswith(("세는", "数")):
        return "counting"
    return "international" if plain.startswith(("만", "満")) else "unknown"


def born_from_age(age: int, year: int, system: AgeSystem) -> DateSpan:
    """Birth years that an age at some time in a year can mean.

    Counting age (세는나이, 数え年) is the year less the birth year plus one. International age is one less, or two less
    before the birthday. Unknown: all of these.
    """
    first, last = {"counting": (age - 1, age - 1), "international": (age, age + 1), "unknown": (age - 1, age + 1)}[
        system
    ]
    return DateSpan(date(year - last, 1, 1), date(year - first, 12, 31))


_Read = Callable[[re.Match[str], int, list[str], bool | None], PartialDate | DateSpan | None]


def _year(two: str, latest: int) -> int:
    """A year of two digits: the last such year that is not after ``latest``."""
    if len(two) == 4:
        return int(two)
    century = latest // 100 * 100
    return century + int(two) if century + int(two) <= latest else century - 100 + int(two)


def _number(text: str) -> int:
    """Arabic or kanji digits: 53, 五十三, 五三, 元."""
    if text.isdigit():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_KANJI[tens] if tens else 1) * 10 + (_KANJI[ones] if ones else 0)
    return int("".join(str(_KANJI[c]) for c in text))


def _months(year: int, first: int, last: int) -> DateSpan:
    return DateSpan(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def _parts(found: re.Match[str], latest: int, notes: list[str], _day_first: bool | None) -> PartialDate:
    year, month, day = (found[name] if name in found.re.groupindex else None for name in ("y", "m", "d"))
    if year is not None and len(year) == 2:
        notes.append(f"a year of two digits, read as {_year(year, latest)}")
    return PartialDate(_year(str(year), latest), int(month) if month else None, int(day) if day else None)


def _era(found: re.Match[str], _latest: int, notes: list[str], _day_first: bool | None) -> PartialDate | DateSpan:
    era, start = found["era"], _ERAS[found["era"]]
    if found["n"] is None:  # 大正末, 昭和初
        end = _ERAS[_NEXT[era]] if era in _NEXT else date(start.year + 10, 12, 31)
        first, last = (end.year - 3, end.year) if found["part"] == "末" else (start.year, start.year + 3)
        return DateSpan(date(first, 1, 1), date(last, 12, 31))
    year = start.year + _number(found["n"]) - 1
    month, day = (_number(found[name]) if found[name] else None for name in ("m", "d"))
    end = _ERAS[_NEXT[era]] if era in _NEXT else date.max
    if year > end.year or year < start.year:
        raise ValueError(f"{era} has no year {found['n']}")
    if found["season"]:
        return _in_season(year, found["season"], notes)
    value = PartialDate(year, month, day)
    if value.earliest >= end:
        notes.append(f"{era} ended on {end - timedelta(days=1)}; the date as written is later")
    if year in (start.year, end.year) and month is None:
        within = DateSpan(max(date(year, 1, 1), start), min(date(year, 12, 31), end - timedelta(days=1)))
        notes.append(f"{era} {found['n']} has only the days {within}")
        return within
    return value


def _decade(found: re.Match[str], latest: int, notes: list[str], _day_first: bool | None) -> DateSpan:
    text = found["dec"]
    start = _year(text, latest)
    if len(text) == 2:
        notes.append(f"a decade of two digits, read as the {start}s")
    part = found["part"] if "part" in found.re.groupindex else None
    first, last = {
        "초": (0, 3),
        "말": (7, 9),
        "중반": (4, 6),
        "初": (0, 3),
        "前半": (0, 4),
        "半ば": (4, 6),
        "後半": (5, 9),
        "末": (7, 9),
        "early": (0, 3),
        "late": (7, 9),
        "mid": (4, 6),
    }.get((part or "").strip(" -").lower(), (0, 9))
    return DateSpan(date(start + first, 1, 1), date(start + last, 12, 31))


def _season(found: re.Match[str], latest: int, notes: list[str], _day_first: bool | None) -> DateSpan | PartialDate:
    return _in_season(_year(found["y"], latest), found["season"].lower(), notes)


def _in_season(year: int, season: str, notes: list[str]) -> DateSpan:
    if season in ("겨울", "冬", "winter"):
        notes.append("a winter reaches over the new year: it may be the one before or after")
        return DateSpan(date(year, 1, 1), date(year + 1, 2, monthrange(year + 1, 2)[1]))
    return _months(year, *_SEASONS[season])


def _era_decade(found: re.Match[str], _latest: int, _notes: list[str], _day_first: bool | None) -> DateSpan:
    start = _ERAS[found["era"]].year + _number(found["n"]) - 1  # 昭和50年代: the years 50 to 59
    return DateSpan(date(start, 1, 1), date(start + 9, 12, 31))


def _range(found: re.Match[str], _latest: int, _notes: list[str], _day_first: bool | None) -> DateSpan:
    return DateSpan(date(int(found["y"]), 1, 1), date(int(found["z"]), 12, 31))


def _tangi(found: re.Match[str], _latest: int, _notes: list[str], _day_first: bool | None) -> PartialDate:
    return PartialDate(int(found["n"]) - 2333)  # counted from 2333 BC, in official use in the South until 1961


def _kanji_year(found: re.Match[str], _latest: int, _notes: list[str], _day_first: bool | None) -> PartialDate:
    return PartialDate(_number(found["n"]))


def _slashed(found: re.Match[str], latest: int, notes: list[str], day_first: bool | None) -> PartialDate:
    one, two, year = int(found["a"]), int(found["b"]), _year(found["y"], latest)
    if day_first is None and one <= 12 and two <= 12 and one != two:
        notes.append(f"{found[0]} may be month/day or day/month: kept as the year")
        return PartialDate(year)
    if day_first or (one > 12 and two <= 12):
        one, two = two, one
    return PartialDate(year, one, two)


def _juche(found: re.Match[str], _latest: int, notes: list[str], _day_first: bool | None) -> PartialDate:
    year = 1911 + int(found["n"])  # Juche 1 is 1912
    if found["y"] and int(found["y"]) != year:
        notes.append(f"Juche {found['n']} is {year}, not {found['y']} as written beside it: read as {year}")
    return PartialDate(year, int(found["m"]) if found["m"] else None)


def _serial(found: re.Match[str], latest: int, notes: list[str], _day_first: bool | None) -> PartialDate | None:
    value = date(1899, 12, 30) + timedelta(days=int(found[0]))  # Excel's 1900 system, its false 29 February included
    if not 1900 <= value.year <= latest:
        return None
    notes.append(f"a spreadsheet's serial number, read as {value}")
    return PartialDate(value.year, value.month, value.day)


def _named_month(found: re.Match[str], _latest: int, _notes: list[str], _day_first: bool | None) -> PartialDate:
    return PartialDate(int(found["y"]), _MONTHS[found["mon"][:3].lower()], int(found["d"]) if found["d"] else None)


_N = r"[元〇一二三四五六七八九十]{1,3}|\d{1,2}"
_MON = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_FORMS: tuple[tuple[re.Pattern[str], _Read], ...] = tuple(
    (re.compile(pattern, re.I), read)
    for pattern, read in (
        (r"(?P<y>\d{4})-(?P<m>\d\d?)(?:-(?P<d>\d\d?))?", _parts),
        (r"(?P<y>\d{4})[./](?P<m>\d\d?)(?:[./](?P<d>\d\d?))?", _parts),
        (r"(?:c\.|ca\.?)?\s*(?P<y>\d{4})(?:년생?|年生まれ|年生|年|생)?", _parts),
        (r"(?P<y>\d\d)(?:년생|년|年)", _parts),
        (r"(?P<y>\d{4}|\d\d)\s*[년年]\s*(?P<m>\d\d?)\s*[월月](?:\s*(?P<d>\d\d?)\s*[일日])?(?:생)?", _parts),
        (
            rf"(?P<era>明治|大正|昭和|平成|令和)(?:(?P<n>{_N})年?(?:(?P<m>{_N})月(?:(?P<d>{_N})日)?)?(?P<season>[春夏秋冬])?|(?P<part>[末初]))",
            _era,
        ),
        (
            r"(?P<era>[MTSHR])\s?(?P<n>\d{1,2})(?:\.(?P<m>\d\d?)(?:\.(?P<d>\d\d?))?)?(?P<season>\Z(?!\Z))?(?P<part>\Z(?!\Z))?",
            _era,
        ),
        (r"주체\s*(?P<n>\d{1,3})\s*(?:\((?P<y>\d{4})\))?\s*년?(?:\s*(?P<m>\d\d?)\s*월)?", _juche),
        (r"(?:단기|檀紀)\s*(?P<n>4[23]\d\d)년?", _tangi),
        (r"(?P<n>[一二][〇零一二三四五六七八九]{3})年", _kanji_year),
        (rf"(?P<era>明治|大正|昭和|平成)(?P<n>{_N})年代", _era_decade),
        (r"(?P<y>\d{4})년?\s*[-~–]\s*(?P<z>\d{4})년?", _range),
        (r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)", _parts),
        (r"(?P<y>\d\d)\.(?P<m>\d\d?)\.(?P<d>\d\d?)", _parts),
        (r"(?P<dec>\d{4}|\d\d)년대(?:\s*(?P<part>초|중반|말))?", _decade),
        (r"(?P<dec>\d{4})年代(?P<part>初|前半|半ば|後半|末)?", _decade),
        (r"(?:the )?(?:(?P<part>early|mid|late)[ -])?(?P<dec>\d{4}|\d\d)'?s", _decade),
        (r"(?P<y>\d{4}|\d\d)\s*[년年]?\s*(?P<season>봄|여름|가을|겨울|초|말|春|夏|秋|冬)", _season),
        (r"(?P<season>spring|summer|autumn|fall|winter|early|late)\s+(?P<y>\d{4})", _season),
        (r"(?P<a>\d\d?)/(?P<b>\d\d?)/(?P<y>\d{4}|\d\d)", _slashed),
        (rf"(?P<d>\d\d?)?\s*(?P<mon>{_MON})[a-z]*\.?\s+(?P<y>\d{{4}})", _named_month),
        (rf"(?P<mon>{_MON})[a-z]*\.?\s+(?P<d>\d\d?),?\s+(?P<y>\d{{4}})", _named_month),
        (r"\d{5}", _serial),
    )
)
