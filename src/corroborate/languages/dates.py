"""Dates as lists of this field write them, in eleven languages and their calendars. What is unclear is said."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any, Literal

from corroborate.errors import InvalidValue
from corroborate.languages.calendars import CALENDARS, Calendar, from_calendar
from corroborate.languages.numbers import PARTS_OF_TEN, part_words
from corroborate.languages.reviewed import reviewed
from corroborate.languages.wordings import reworded
from corroborate.translation import Sentence
from corroborate.values import DateSpan, PartialDate

AgeSystem = Literal["international", "counting", "unknown"]
FIRST_YEAR = 1850  # nobody in a list of today was born before
_ERAS = {  # first day of each era (Japan; Korea's of 1948 to 1961 count from 2333 BC)
    "明治": date(1868, 1, 25),
    "大正": date(1912, 7, 30),
    "昭和": date(1926, 12, 25),
    "平成": date(1989, 1, 8),
    "令和": date(2019, 5, 1),
    "m": date(1868, 1, 25),
    "t": date(1912, 7, 30),
    "s": date(1926, 12, 25),
    "h": date(1989, 1, 8),
    "r": date(2019, 5, 1),
    "meiji": date(1868, 1, 25),
    "taisho": date(1912, 7, 30),
    "showa": date(1926, 12, 25),
    "heisei": date(1989, 1, 8),
    "reiwa": date(2019, 5, 1),
    "쇼와": date(1926, 12, 25),
    "소화": date(1926, 12, 25),
    "평성": date(1989, 1, 8),
    "헤이세이": date(1989, 1, 8),
    "대정": date(1912, 7, 30),
    "명치": date(1868, 1, 25),
    "레이와": date(2019, 5, 1),
}
_NEXT = {
    "明治": "大正",
    "大正": "昭和",
    "昭和": "平成",
    "平成": "令和",
    "m": "t",
    "t": "s",
    "s": "h",
    "h": "r",
    "meiji": "taisho",
    "taisho": "showa",
    "showa": "heisei",
    "heisei": "reiwa",
    "쇼와": "平成",
    "소화": "平成",
    "평성": "令和",
    "헤이세이": "令和",
    "대정": "昭和",
    "명치": "大正",
}
_KANJI = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "元": 1, "정": 1}


@dataclass(frozen=True, slots=True)
class DateReading:
    """What a cell says, or nothing; and every doubt about it, in words. ``approximate``: the source says *about*."""

    value: PartialDate | DateSpan | None
    notes: tuple[str, ...] = ()
    approximate: bool = False

    @property
    def years(self) -> tuple[int, int] | None:
        """Earliest and latest year it can mean."""
        if self.value is None:
            return None
        return self.value.earliest.year, self.value.latest.year


@dataclass(slots=True)
class _Cell:
    """What is known around a cell while it is read, and what its reading adds."""

    text: str
    latest: int
    day_first: bool | None
    calendar: Calendar | None
    notes: list[str] = field(default_factory=list)
    approximate: bool = False
    in_words: bool = False  # whether the rarer forms are tried as well

    def again(self, *, in_words: bool) -> "_Cell":
        """The same cell, of which nothing is read yet."""
        return _Cell(self.text, self.latest, self.day_first, self.calendar, in_words=in_words)

    def say(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)


_Value = PartialDate | DateSpan
_Reader = Callable[[re.Match[str], _Cell], _Value | None]


def _words() -> dict[str, Any]:
    found: dict[str, Any] = reviewed(__package__, "dates")
    return found


def read_date(
    text: str, *, latest: int, day_first: bool | None = None, calendar: Calendar | None = None
) -> DateReading:
    """Read a date. ``latest``: the latest year it can be, which places two-digit years (``78년``) and decades.

    ``day_first``: whether 3/12/78 begins with the day; None: not known, and then such a date is kept as its year, and
    noted. ``calendar``: the calendar that the list counts in, for years that ours cannot have. ``value`` is None when
    the cell is empty or cannot be read; the notes say which.
    """
    return _read_date(text, latest, day_first, calendar)


# 1998년 4월 15일(음력), 1998年4月15日（旧暦）, 1998.4.15 (음)
_LUNAR_BEHIND = re.compile(
    r"^(\d.*?)\s*(?:\(\s*(?:음력|음|陰暦|陰曆|陰|旧暦|阴历|農曆|农历|lunar)\s*\)|\s(?:음력|lunar)|(?<=日)旧暦)$"
)


@lru_cache(maxsize=100_000)
def _read_date(text: str, latest: int, day_first: bool | None, calendar: Calendar | None) -> DateReading:
    cell = _Cell(text.strip(), latest, day_first, calendar)
    plain = _plain(text)
    if not plain:
        return DateReading(None)
    if plain in _unknown_words():
        return DateReading(None, (Sentence("{words!r} says no date", words=cell.text),))
    if "음" in plain or "lunar" in plain or "暦" in plain or "历" in plain or "曆" in plain:
        plain = re.sub(r"^(\d{4}\s?[년年]\s?)(음력|陰暦|旧暦|阴历|農曆|农历)\s?(?=\d)", r"\2 \1", plain)
        plain = _LUNAR_BEHIND.sub(r"음력 \1", plain)
    if re.match(r"음(?:력)?(?=[\s.\d(])|陰|旧暦|阴历|農曆|农历|(?:lunar)\b", plain):
        cell.say(Sentence("a lunar date: off by up to 50 days"))
        cell.approximate = True
        plain = re.sub(r"^(?:음력|음|陰暦|陰曆|陰|旧暦|阴历|農曆|农历|lunar)[\s.:]*", "", plain)
    if _without_doubt(plain)[0] in _unknown_words():
        return DateReading(None, (Sentence("{words!r} says no date", words=cell.text),))
    value = _whole(plain, cell)
    if value is not None and "(" in plain and not plain.isascii():
        _doubt_two_years(plain, cell)
    if value is None:
        if any(repr(cell.text) in note for note in cell.notes):
            return DateReading(None, tuple(cell.notes))
        return DateReading(None, (*cell.notes, Sentence("{words!r} is no date that we can read", words=cell.text)))
    if value.latest.year > latest and value.latest != date.max and value.earliest.year > latest:
        return DateReading(
            None, (*cell.notes, Sentence("{words!r} is no date: it lies after this list was read", words=cell.text))
        )
    if value.earliest.year < FIRST_YEAR and value.earliest != date.min:
        return DateReading(
            None,
            (
                *cell.notes,
                Sentence("{words!r} is no date of our calendar; --calendar says which it is", words=cell.text),
            ),
        )
    return DateReading(value, tuple(cell.notes), cell.approximate)


@cache
def _unknown_words() -> frozenset[str]:
    return frozenset(_plain(word) for word in _words()["unknown"]) | frozenset(("?", "-", "--", "?-?", "?/?"))


_DASHES = str.maketrans(
    {**dict.fromkeys("–—−‐‑‒―", "-"), **dict.fromkeys("～〜∼˜", "~"), "’": "'", "‘": "'", "،": ",", "、": ","}
)


def _plain(text: str) -> str:
    """Lower case, half-width, Latin letters without marks, any script's digits as ours, single spaces."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_DASHES)
        if not _EAST_ASIAN.fullmatch(text):  # most dates that are not in ASCII: they have no marks to take off
            text = _without_marks(text)
    return " ".join(text.split()).lower()


_EAST_ASIAN = re.compile(r"[\x00-\x7f\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3]*")


def _without_marks(text: str) -> str:
    """Digits of any script as ours, letters without their marks."""
    text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    bare = "".join(
        c for c in unicodedata.normalize("NFD", text) if not ("\u0300" <= c <= "\u036f" or c in "\u200e\u200f\u200b")
    )
    return re.sub(r"[\u064b-\u0652\u0640]", "", unicodedata.normalize("NFC", bare))


_OF_AGE = re.compile(r"\d\s?(?:세(?!기)|살|歳|才|岁)")


def _whole(plain: str, cell: _Cell) -> _Value | None:
    """A cell in its own words; else in words that our forms have, where it tells a number at all."""
    before, about = list(cell.notes), cell.approximate
    value = _as_worded(plain, cell)
    if value is not None or any(" is no date: " in note for note in cell.notes):
        return value
    if _OF_AGE.search(plain):
        return None
    again = cell.again(in_words=True)
    worded = _one_calendar(reworded(plain), again)
    if not re.search(r"\d|millennium", worded):
        return None
    value = _as_worded(worded, again)
    if value is not None or any(" is no date: " in note for note in again.notes):
        cell.notes[:] = [*before, *again.notes]
        cell.approximate = about or again.approximate
    return value


def _as_worded(plain: str, cell: _Cell) -> _Value | None:
    """A cell: brackets and marks of doubt taken off, then an open date, a span or one date."""
    for form in _unwrapped(plain, cell):
        for read in (_single, _open, _span):
            value = read(form, cell)
            if value is not None:
                return value
            if any(" is no date: " in note for note in cell.notes):
                return None
    return None


def _unwrapped(plain: str, cell: _Cell) -> list[str]:
    """The forms under which a cell is tried: as it is, then without marks of doubt, weekday, time and brackets."""
    forms = [re.sub(r"\s*\(\s*", "(", plain)] if "(" in plain else [plain]
    timeless = _TIME.sub("", plain).strip(" ,;")
    stripped = _WEEKDAY.sub("", timeless).strip(" ,;")
    if inside := re.fullmatch(r"[(\[<]([^()\[\]<>]*)[)\]>]", stripped):
        stripped = inside[1].strip()
    forms.append(stripped)
    bare, doubted = _without_doubt(stripped)
    if doubted:
        forms.append(bare)
        cell.approximate = True
        cell.say(Sentence("the source marks {words!r} as doubtful", words=cell.text))
        direct = _single(stripped, cell.again(in_words=cell.in_words))
        if direct is not None:  # 1997-??-??: the marks are digits that nobody knows
            cell.approximate = False
            cell.notes.clear()
            return [stripped]
        forms = [bare]
    outside = re.sub(r"\s*[(\[][^()\[\]]*[)\]]\s*", " ", bare).strip()
    if outside and outside != bare:
        forms.append(outside)
    forms += _without_lead(forms[-1])
    return list(dict.fromkeys(one for one in forms if one))


_LEAD = re.compile(
    r"(?:in|on|at|during|throughout|either|the|of|en|dans|el|le|la|les|au|aux|dated?|year|ano|annee|durante|pendant|a l'|l'"
    r"|в|во|у|на|течение|год|году|في|خلال|عام|سنة|在|于|於)(?:\s+|(?<='))(?!before\b|after\b|prior\b)(?=\S)"
    r"|(?:the |la |el |le )?(?:night|early hours|morning|evening|afternoon|dawn|eve|day|date|month|year|course|noche|madrugada|manana|tarde"
    r"|dia|mes|ano|nuit|matin|soir|aube|jour|mois)(?: of| du| de la| del?| au)? (?!before\b|after\b|prior\b|following\b|antes\b|avant\b|apres\b|despues\b)(?=\S)"
)


def _without_lead(text: str) -> list[str]:
    """A date without the words that lead to it in a sentence: *on the night of*, *en la*, *в*."""
    forms = []
    for _ in range(5):
        found = _LEAD.match(text)
        if found is None:
            break
        text = text[found.end() :].strip()
        forms.append(text)
    return forms


_TIME = re.compile(
    r"(?:[t ,]|\s)+(?:오전|오후|午前|午後|at )?\s*\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?\s*(?:[ap]\.?m\.?)?\s*(?:z|utc|gmt|kst|jst|[+-]\d\d:?\d\d)?$"
    r"|(?<=\d)t\d{4,6}z?$|\s+\d{1,2}\s?[ap]\.?m\.?$|(?<=[일日])\s*(?:오전|오후|午前|午後|새벽|밤)?\s*\d{1,2}\s*[시時](?:\s*\d{1,2}\s*[분分])?(?:경|頃)?$"
    r"|(?<=[일日])\s*(?:밤|새벽|아침|저녁|낮|오전|오후|정오|심야|夜|朝|未明|早朝|夕方|午前|午後|昼|深夜|夜間)(?:에|に)?$"
)
_WEEKDAY = re.compile(
    r"^(?:mon|tues?|wednes|wed|thurs?|thu|fri|satur|sat|sun)(?:day)?[.,]?\s+(?=\d|[a-z])"
    r"|^(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche),?\s+"
    r"|\s*[(（]?[월화수목금토일月火水木金土日](?:요일|曜日?)?[)）]$(?<=[)）])|\s+[월화수목금토일]요일$|[月火水木金土日]曜日?$"
)


@cache
def _doubt_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    def any_of(words: list[str]) -> str:
        plain = sorted({_plain(word) for word in words}, key=lambda word: -len(word))
        ends = "".join(
            re.escape(word) + (r"(?:\.|\b)|" if word[-1].isascii() and word[-1].isalpha() else "|") for word in plain
        )
        return ends.rstrip("|")

    about = _words()["about"]
    before = re.compile(rf"^[(\[]?(?:{any_of(about['before'])}|ca?(?=\d{{4}}))[)\]]?\s*[:,]?\s*(?=\S)")
    marks = r"\?+|[※*†‡]+\d*|\(\?+\)"
    after = re.compile(rf"(?<=\S)\s*[(\[,]?\s*(?:{any_of(about['after'])}|{marks})\s*[)\]]?$")
    return before, after


def _without_doubt(text: str) -> tuple[str, bool]:
    before, after = _doubt_patterns()
    doubted = False
    for _ in range(3):
        bare = before.sub("", text).strip()
        bare = after.sub("", bare).strip() if bare else bare
        if not bare or bare == text:
            break
        text, doubted = bare, True
    return text, doubted


# open dates: before, until, after, since

_BEFORE = re.compile(
    r"(?:before|prior to|earlier than|pre-?|antes del?(?: ano)?|avant(?: le)?|до|раніше|قبل|پیش از|<)\s*(?P<x>.+)"
    r"|(?P<y>.+?)\s*(?:이전에?|전에?|以前|より前|以前に|之前|前)"
)
_UNTIL = re.compile(
    r"(?:on or before|until|till|up to|through|no later than|not later than|by|at the latest|hasta|jusqu'?(?:en|au|a)|не позже|<=|≤|-\s?)\s*(?P<x>.+)"
    r"|(?P<y>.+?)\s*(?:까지|まで|まで|为止|이내|or earlier|or before)"
)
_AFTER = re.compile(
    r"(?:after|later than|post-?|despues del?|tras|apres(?: le)?|после|після|بعد|پس از|>)\s*(?P<x>.+)"
    r"|(?P<y>.+?)\s*(?:이후에?|후에?|以後|以降|より後|之后|之後|后|後)"
)
_SINCE = re.compile(
    r"(?:from|since|desde|depuis|с)\s+(?P<z>.+?)\s+(?:onwards?|on|forward|en adelante)|(?:on or after|since|from|as of|starting|not before|no earlier than|desde|a partir del?|depuis|des|с|з|починаючи з|منذ|>=|≥)\s*(?P<x>.+)"
    r"|(?P<y>.+?)\s*(?:부터|から|より|起|始め?|-|~|to present|to date|or later|or after|onwards?|(?:-|~|to|until|till|hasta|a|jusqu'a|по|до)?\s*(?:the )?(?:present|now|today|ongoing|current|la fecha|la actualidad|actualidad|presente|hoy|aujourd'hui|настоящее время|нині|现在|현재|現在|今)(?: day)?)"
)


_SO_LONG = re.compile(r"\d{1,2}\s?[년年]\s?(?:전|후|前|後|后)에?|[0-3]?\d\s?[년年]\s?(?:이전|이후|以前|以後|以降)에?")


def _open(text: str, cell: _Cell) -> _Value | None:
    for pattern, side in ((_BEFORE, "before"), (_AFTER, "after"), (_UNTIL, "until"), (_SINCE, "since")):
        found = pattern.fullmatch(text)
        inner = found and (found["x"] or found["y"] or _of(found, "z"))
        if not inner:
            continue
        if side in ("before", "after") and _SO_LONG.fullmatch(text):
            cell.say(Sentence("{words!r} may say how long ago it was, which is no date", words=cell.text))
            continue
        bare, doubted = _without_doubt(inner.strip())
        value = _single(bare, cell) or (_single(inner.strip(), cell) if doubted else None)
        if value is None or (side == "before" and value.earliest == date.min):
            continue
        cell.approximate = cell.approximate or doubted
        if side in ("before", "after") and re.search(r"이전|이후|以前|以後|以降", text):
            cell.say(Sentence("{words!r} may include the time that it names", words=cell.text))
        if side == "before":
            return DateSpan(date.min, value.earliest - timedelta(days=1))
        if side == "until":
            return DateSpan(date.min, value.latest)
        if side == "after" and value.latest < date.max:
            return DateSpan(value.latest + timedelta(days=1), date.max)
        return DateSpan(value.earliest, date.max)
    return None


# spans: two dates, of which the first may leave out what the second says

_BETWEEN = re.compile(
    r"(?:between|entre|между|між|بين)\s+(?P<a>.+?)\s+(?:and|y|et|и|і|و)\s*(?P<b>.+)"
    r"|(?:from|desde|del?|du|de|с|з|від|من)\s+(?P<c>.+?)\s+(?:to|until|till|through|up to|hasta|al?|au|jusqu'(?:au|en|a)|по|до|الى|إلى)\s+(?P<d>.+)"
    r"|(?:从|從|自)\s*(?P<q>.+?)\s*(?:到|至)\s*(?P<r>.+)"
    r"|(?P<e>.+?)\s*(?:부터|에서|から|より)\s*(?P<f>.+?)\s*(?:까지|まで|の間|사이)?"
    r"|(?P<g>.+?)\s*(?:와|과|と)\s*(?P<h>.+?)\s*(?:사이|の間)"
    r"|(?P<i>.+?)\s*(?:~|:|\bto\b|\buntil\b|\bthrough\b|\btill\b|\bor\b|\bo\b|또는|或|または|至|到|\s-\s|/|\bhasta\b|\bal\b)\s*(?P<j>.+)"
    r"|(?P<k>[^-]+)-(?P<l>[^-]+)"
    r"|(?P<m>\d{4}-\d\d?-\d\d?)-(?P<n>\d{4}-\d\d?-\d\d?)|(?P<o>\d{4}-\d\d)-(?P<p>\d{4}-\d\d)"
)


def _span(text: str, cell: _Cell) -> _Value | None:
    for found in _cuts(text):
        first, second = (part.strip(" ,") for part in found)
        one, doubt_one = _without_doubt(first)
        other, doubt_other = _without_doubt(second)
        end = _single(other, cell) or _borrowed(other, one, cell)
        if end is None:
            continue
        begin = _borrowed(one, other, cell) or _single(one, cell)
        if begin is None or begin.earliest > end.latest:
            continue
        cell.approximate = (
            cell.approximate
            or doubt_one
            or doubt_other
            or any(isinstance(each, DateSpan) and each.approximate for each in (begin, end))
        )
        return DateSpan(begin.earliest, end.latest)
    return None


def _cuts(text: str) -> list[tuple[str, str]]:
    found = _BETWEEN.fullmatch(text)
    cuts: list[tuple[str, str]] = []
    if found:
        given = [part for part in found.groups() if part is not None]
        if len(given) == 2:
            cuts.append((given[0], given[1]))
    for mark in ("~", " - ", ":", " to ", "/", "-"):
        parts = text.split(mark)
        cuts += [(mark.join(parts[:at]), mark.join(parts[at:])) for at in range(1, len(parts))]
    return [cut for cut in dict.fromkeys(cuts) if cut[0].strip() and cut[1].strip()]


def _borrowed(short: str, whole: str, cell: _Cell) -> _Value | None:
    """A date that leaves out what its neighbour says: the ``March`` of *March to April 1979*, the ``15`` of
    *1979.3.12~15*, the ``79`` of *1977-79*."""
    if short in part_words():  # the *early* of "early to late March 1997"
        parts = sorted((word for word in part_words() if word in whole), key=len, reverse=True)
        swapped = (whole.replace(word, short, 1) for word in parts)
        return next((value for one in swapped if (value := _single(one, cell.again(in_words=cell.in_words)))), None)
    year = re.search(r"(?<!\d)\d{4}(?!\d)", whole)
    if re.fullmatch(r"\d{4}[./-]\s?\d\d?[./-]\s?\d\d?\.?", whole) and re.fullmatch(r"\d\d?[./-]\s?\d\d?\.?", short):
        return _single(whole[:5] + short.replace(" ", ""), cell)  # 1997.1.12~4.2: its neighbour has the year first
    digits = re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)?", short)
    if digits and (same := re.fullmatch(r"(\d\d)\d\d(?:년|年)?", whole)) and len(short) == 2:
        return _single(same[1] + short, cell)
    if digits:  # a day beside "March 1979", "15 March 1979" or "1979.3.12"
        number = re.match(r"\d+", short)
        month = re.sub(r"^\d{1,2}(?:st|nd|rd|th)?\s*[ .\-]?\s*(?:de |of )?(?=\D)", "", whole)
        tries = [f"{number[0]} {month}" if number else ""]
        if found := re.fullmatch(r"(\d{4}([-./]|년\s*|年)\d\d?([-./]|월\s*|月))\s*\d\d?(일|日)?\.?", whole):
            tries.append(f"{found[1]}{short}{found[4] or ''}")
        if found := re.fullmatch(r"\d\d?([./-])(\d\d?[./-]\d{4})", whole):
            tries.append(f"{short}{found[1]}{found[2]}")
        if found := re.fullmatch(r"(\d\d?)\s*(?:월|月)", short):
            tries.append(f"{year[0] if year else ''}{short}")
        return next((value for one in tries if one and (value := _single(one, cell)) is not None), None)
    if year and not re.search(r"\d{4}", short):
        tries = [
            f"{short} {year[0]}",
            f"{year[0]} {short}",
            f"{year[0]}년 {short}",
            f"{year[0]}年{short}",
            f"{short}.{year[0]}",
            f"{short}/{year[0]}",
        ]
        if found := re.fullmatch(r"(\d{4}[년年]\s*\d\d?\s*[월月])\s*\d\d?\s*[일日]", whole):
            tries.insert(0, f"{found[1]}{short}")
        silent = cell.again(in_words=cell.in_words)
        return next((value for one in tries if (value := _single(one, silent)) is not None), None)
    return None


# one date


def _single(text: str, cell: _Cell) -> _Value | None:
    text = text.strip(" ,;")
    return next((value for one in (text, *_without_lead(text)) if (value := _formed(one, cell)) is not None), None)


def _formed(text: str, cell: _Cell) -> _Value | None:
    text = _with_months(text).rstrip(". ")
    for pattern, read in (*_FORMS, *_rare_forms()) if cell.in_words else _FORMS:
        found = pattern.fullmatch(text)
        if found is None:
            continue
        try:
            value = read(found, cell)
        except (InvalidValue, ValueError, OverflowError) as error:
            cell.say(Sentence("{words!r} is no date: {error}", words=cell.text, error=error))
            return None
        if value is not None:
            return value
    return None


@cache
def _month_pattern() -> tuple[re.Pattern[str], dict[str, int]]:
    table = {_plain(word): int(number) for number, words in _words()["months"].items() for word in words}
    for word, number in list(table.items()):
        if re.fullmatch(r"[a-zа-яіїє]{4,}", word):
            for cut in range(3, len(word)):
                table.setdefault(word[:cut], number)
    longest = sorted(table, key=lambda word: (-len(word), word))
    return re.compile(rf"(?<![^\W\d_])(?:{'|'.join(map(re.escape, longest))})(?![^\W\d_])\.?"), table


_ROMANS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_ROMAN = re.compile(r"(?<![^\s./-])(?:viii|vii|iii|xii|ii|iv|vi|ix|xi|i|v|x)(?=[\s./-]+(?:19|20)\d\d(?!\d))")


@lru_cache(maxsize=20_000)
def _with_months(text: str) -> str:
    """Names of months as ``<3>``."""
    text = _ROMAN.sub(lambda found: f"<{_ROMANS.index(found[0]) + 1}>", text)
    if not re.search(r"[^\W\d_]{3}|آب", text):
        return text
    pattern, table = _month_pattern()
    return pattern.sub(lambda found: f"<{table[found[0].rstrip('.')]}>", text)


def read_age(text: str) -> int | None:
    """Years of age in a cell such as ``54세``, ``満12``, ``数え十三歳``, ``36살``; None when it says none."""
    plain = _AGE_DOUBT.sub("", unicodedata.normalize("NFKC", text)).strip()
    found = _AGE.fullmatch(plain)
    if found is None or _number(found[1]) > 120:
        return None
    return _number(found[1])


_AGE_DOUBT = re.compile(r"\(\?\)|[?？※*†‡]\d*|약|쯤|경|頃|ごろ|추정|\babout\b|\bapprox\.?|\bn/k\b", re.I)
_AGE = re.compile(
    r"(?:만|満|数え年?|数|세는 ?나이|約|c\.)?\s*(\d{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?)"
    r"\s*(?:세|살|歳|才|yrs?|years(?: old)?)?"
)


def age_system(text: str) -> AgeSystem:
    """How a cell says that its age is counted: 만 and 満 from birth, 세는나이 and 数え from one at birth."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.startswith(("세는", "数", "한국", "우리")):
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


def _of(found: re.Match[str], name: str) -> str | None:
    return found[name] if name in found.re.groupindex else None


def _parts(found: re.Match[str], cell: _Cell) -> _Value | None:
    """Year, month and day by name; 00, XX and ?? are parts that nobody knows."""
    year, month, day = (_of(found, name) for name in ("y", "m", "d"))
    if year is None:
        return None
    if len(year) == 2:
        cell.say(Sentence("a year of two digits, read as {year}", year=_year(year, cell.latest)))
    if day is None and month is not None and month.isdigit() and int(month) > 12:
        return None  # 1977-79 are two years
    if len(found[0]) == 6 and found[0][4] == "-" and found[0][3] < found[0][5]:
        cell.say(Sentence("{words!r} may be a month, or two years: read as a month", words=cell.text))
    whole = _year(year, cell.latest)
    month = None if month is None or not month.isdigit() or int(month) == 0 else month
    day_known = day is not None and day.isdigit() and int(day) != 0
    if whole == 1900 and month == "01" and day in ("00", "01"):
        raise ValueError("a spreadsheet writes its zero so")
    if month is None and day_known:
        raise ValueError(f"day {day} of no month")
    return _dated(whole, int(month) if month else None, int(day) if day and day_known else None, cell)


def _dated(year: int, month: int | None, day: int | None, cell: _Cell) -> _Value | None:
    """A date of the list's calendar; of ours where none is said."""
    if cell.calendar is not None and not FIRST_YEAR <= year <= cell.latest:
        return from_calendar(cell.calendar, year, month, day)
    if year < FIRST_YEAR or (cell.latest < year <= 2700):
        likely = next((one for one in CALENDARS if one.could_be(year, cell.latest)), None)
        if likely:
            raise ValueError(f"its year may be of the {likely.name} calendar: --calendar {likely.word} reads it so")
    if not FIRST_YEAR <= year <= 9998:
        raise ValueError(f"no list has a year {year}")
    return PartialDate(year, month, day)


def _era(found: re.Match[str], cell: _Cell) -> _Value | None:
    era, start = found["era"], _ERAS[found["era"]]
    if found["n"] is None:  # 大正末, 昭和初
        end = _ERAS[_NEXT[era]] if era in _NEXT else date(start.year + 10, 12, 31)
        first, last = (end.year - 3, end.year) if found["part"] == "末" else (start.year, start.year + 3)
        cell.approximate = True
        return DateSpan(date(first, 1, 1), date(last, 12, 31))
    year = start.year + _number(found["n"]) - 1
    month, day = (_number(text) if (text := _of(found, name)) else None for name in ("m", "d"))
    end = _ERAS[_NEXT[era]] if era in _NEXT else date.max
    if year > end.year or year < start.year:
        raise ValueError(f"{era} has no year {found['n']}")
    if season := _of(found, "season"):
        return _in_season(year, season, cell)
    value = PartialDate(year, month, day)
    if value.earliest >= end:
        cell.say(Sentence("{era} ended on {end}; the date as written is later", era=era, end=end - timedelta(days=1)))
    if year in (start.year, end.year) and month is None:
        within = DateSpan(max(date(year, 1, 1), start), min(date(year, 12, 31), end - timedelta(days=1)))
        cell.say(Sentence("{era} {n} has only the days {within}", era=era, n=found["n"], within=within))
        return within
    return value


_YEAR_PARTS = {
    "early": (1, 4),
    "mid": (5, 8),
    "late": (9, 12),
    "first half": (1, 6),
    "second half": (7, 12),
    "early to mid": (1, 8),
    "mid to late": (5, 12),
}
_MONTH_PARTS = {
    "early": (1, 10),
    "mid": (11, 20),
    "late": (21, 31),
    "first half": (1, 15),
    "second half": (16, 31),
    "early to mid": (1, 20),
    "mid to late": (11, 31),
}


def _part(found: re.Match[str]) -> str | None:
    word = _of(found, "part") or _of(found, "part2")
    if word is None:
        return None
    return part_words().get(word.strip(" -"), None)


def _decade(found: re.Match[str], cell: _Cell) -> DateSpan:
    text = found["dec"]
    start = _year(text, cell.latest) // 10 * 10
    if len(text) == 2:
        cell.say(Sentence("a decade of two digits, read as the {start}s", start=start))
    part = _part(found)
    cell.approximate = cell.approximate or part is not None
    if len(text) == 4 and start % 100 == 0 and (start < 2000 or part is None):
        if part is not None:
            raise ValueError(f"the {start}s may be ten years or a hundred")
        cell.say(Sentence("the {start}s may be ten years or a hundred", start=start))
        return DateSpan(date(start, 1, 1), date(start + (99 if start < 2000 else 9), 12, 31))
    first, last = PARTS_OF_TEN[part] if part else (0, 9)
    return DateSpan(date(start + first, 1, 1), date(start + last, 12, 31))


def _in_part(found: re.Match[str], cell: _Cell) -> _Value | None:
    """Early, in the middle or late in a year or in a month."""
    part, year = _part(found), _year(found["y"], cell.latest)
    if part is None:
        return None
    cell.approximate = True
    month = _of(found, "m")
    if month is None:
        return _months(year, *_YEAR_PARTS[part])
    first, last = _MONTH_PARTS[part]
    end = min(last, monthrange(year, int(month))[1])
    return DateSpan(date(year, int(month), first), date(year, int(month), end))


def _season(found: re.Match[str], cell: _Cell) -> _Value | None:
    if len(found["y"]) == 2:
        cell.say(Sentence("a year of two digits, read as {year}", year=_year(found["y"], cell.latest)))
    return _in_season(_year(found["y"], cell.latest), found["season"], cell)


@cache
def _season_words() -> dict[str, tuple[int, int]]:
    table = _words()["seasons"].values()
    return {_plain(word): (one["months"][0], one["months"][1]) for one in table for word in one["words"]}


def _in_season(year: int, season: str, cell: _Cell) -> DateSpan:
    cell.approximate = True
    first, last = _season_words()[season]
    if first > last:
        cell.say(Sentence("a winter reaches over the new year: it may be the one before or after"))
        return DateSpan(date(year, 1, 1), date(year + 1, 2, monthrange(year + 1, 2)[1]))
    return _months(year, first, last)


def _winter(found: re.Match[str], cell: _Cell) -> DateSpan | None:
    """A winter that names both of its years."""
    year, after = _year(found["y"] or found["y3"], cell.latest), found["y2"] or found["y4"]
    if (year + 1) % 10 ** len(after) != int(after):
        return None
    cell.approximate = True
    return DateSpan(date(year, 12, 1), date(year + 1, 2, monthrange(year + 1, 2)[1]))


def _quarter(found: re.Match[str], cell: _Cell) -> DateSpan:
    number = int(found["q"])
    return _months(_year(found["y"], cell.latest), 3 * number - 2, 3 * number)


def _era_decade(found: re.Match[str], cell: _Cell) -> DateSpan:
    start = _ERAS[found["era"]].year + _number(found["n"]) - 1  # 昭和50年代: the years 50 to 59
    part = _part(found)
    cell.approximate = cell.approximate or part is not None
    first, last = PARTS_OF_TEN[part] if part else (0, 9)
    return DateSpan(date(start + first, 1, 1), date(start + last, 12, 31))


def _tangi(found: re.Match[str], _cell: _Cell) -> PartialDate:
    month, day = (int(text) if (text := _of(found, part)) else None for part in ("m", "d"))
    return PartialDate(
        int(found["n"]) - 2333, month, day
    )  # counted from 2333 BC, in official use in the South until 1961


def _marked(word: str) -> _Reader:
    """A date that says which calendar it counts in."""

    def read(found: re.Match[str], cell: _Cell) -> _Value | None:
        calendar = next(one for one in CALENDARS if one.word == word)
        month, day = (int(text) if (text := _of(found, part)) else None for part in ("m", "d"))
        value = from_calendar(calendar.word, int(found["y"]), month, day)
        cell.say(Sentence("a date of the {name} calendar, read as {value}", name=calendar.name, value=value))
        return value

    return read


def _kanji_year(found: re.Match[str], _cell: _Cell) -> PartialDate:
    month, day = (_number(text) if (text := _of(found, name)) else None for name in ("m", "d"))
    return PartialDate(_number(found["n"]), month, day)


def _slashed(found: re.Match[str], cell: _Cell) -> _Value | None:
    one, two, year = int(found["a"]), int(found["b"]), _year(found["y"], cell.latest)
    if len(found["y"]) == 2:
        cell.say(Sentence("a year of two digits, read as {year}", year=year))
    day_first = True if _of(found, "dot") else cell.day_first
    if day_first is None and one <= 12 and two <= 12 and one != two:
        cell.say(
            Sentence("{words} may be month/day or day/month: kept as the year; --day-first says which", words=found[0])
        )
        return _dated(year, None, None, cell)
    swapped = two > 12 >= one
    if swapped and _of(found, "dot"):
        cell.say(Sentence("{words} has its month first", words=found[0]))
    if (day_first and not swapped) or one > 12 >= two:
        one, two = two, one
    return _dated(year, one, two, cell)


def _juche(found: re.Match[str], cell: _Cell) -> PartialDate:
    year = 1911 + int(found["n"])  # Juche 1 is 1912
    if found["y"] and int(found["y"]) != year:
        cell.say(
            Sentence(
                "Juche {n} is {year}, not {y} as written beside it: read as {year}",
                n=found["n"],
                year=year,
                y=found["y"],
            )
        )
    return PartialDate(year, *(int(text) if (text := _of(found, part)) else None for part in ("m", "d")))


def _serial(found: re.Match[str], cell: _Cell) -> PartialDate | None:
    value = date(1899, 12, 30) + timedelta(days=int(found[0]))  # Excel's 1900 system, its false 29 February included
    if not 1900 <= value.year <= cell.latest:
        return None
    cell.say(Sentence("a spreadsheet's serial number, read as {value}", value=value))
    return PartialDate(value.year, value.month, value.day)


def _six(found: re.Match[str], cell: _Cell) -> _Value | None:
    """Six digits: a year and a month, or a year of two digits, a month and a day."""
    text = found[0]
    if FIRST_YEAR <= int(text[:4]) <= cell.latest and 1 <= int(text[4:]) <= 12:
        cell.say(
            Sentence(
                "{words} may be a year and a month or a day of {year}: read as the first", words=text, year=text[:2]
            )
        )
        return PartialDate(int(text[:4]), int(text[4:]))
    cell.say(Sentence("a year of two digits, read as {year}", year=_year(text[:2], cell.latest)))
    return PartialDate(_year(text[:2], cell.latest), int(text[2:4]), int(text[4:]))


def _week(found: re.Match[str], _cell: _Cell) -> _Value:
    """ISO 8601 weeks begin on Monday."""
    year, week = int(found["y"]), int(found["w"])
    if found["d"]:
        day = date.fromisocalendar(year, week, int(found["d"]))
        return PartialDate(day.year, day.month, day.day)
    return DateSpan(date.fromisocalendar(year, week, 1), date.fromisocalendar(year, week, 7))


def _ordinal(found: re.Match[str], _cell: _Cell) -> _Value:
    day = date(int(found["y"]), 1, 1) + timedelta(days=int(found["n"]) - 1)
    if day.year != int(found["y"]):
        raise ValueError(f"{found['y']} has no day {found['n']}")
    return PartialDate(day.year, day.month, day.day)


def _alternatives(words: list[str]) -> str:
    return "|".join(map(re.escape, sorted({_plain(word) for word in words}, key=lambda word: -len(word))))


def _forms() -> tuple[tuple[re.Pattern[str], _Reader], ...]:
    n = r"[元정〇一二三四五六七八九十]{1,3}|\d{1,2}"
    seasons = _alternatives([word for one in _words()["seasons"].values() for word in one["words"]])
    part = _alternatives([word for words in _words()["parts"].values() for word in words])
    year = r"(?P<y>\d{4})"
    mm, dd = r"(?P<m>\d\d?|xx|\?\??|--|__)", r"(?P<d>\d\d?|xx|\?\??|--|__)"
    eras = "|".join(sorted((era for era in _ERAS if len(era) > 1), key=len, reverse=True))
    forms: tuple[tuple[str, _Reader], ...] = (
        (rf"{year}-{mm}(?:-{dd})?", _parts),
        (rf"{year}\s?[./]\s?{mm}(?:\s?[./]\s?{dd})?", _parts),
        (rf"{year}\s?(?:년생?|年生まれ|年生|年|생|г\.?|год[ау]?|року|р\.?|م|ad|ce)?", _parts),
        (
            r"(?P<y>\d\d)\s?(?:년생|년|年生まれ|年生|年)|'(?P<y2>\d\d)",
            lambda f, c: _parts(f, c) if f["y"] else _two(f, c),
        ),
        (
            r"(?P<y>\d{4}|\d\d)\s*[년年]\s*(?P<m>\d\d?)\s*[월月](?:\s*(?P<d>\d\d?)\s*[일日号號]?)?(?:생|生まれ|生)?",
            _parts,
        ),
        (
            rf"(?P<era>{eras})\s?(?:(?P<n>{n})\s?[년年]?(?:\s?(?P<m>{n})[월月](?:\s?(?P<d>{n})[일日])?)?\s?(?P<season>{seasons})?|の?(?P<part>[末初])[期めり]?)",
            _era,
        ),
        (rf"(?P<era>{eras})\s?(?P<n>\d\d?)[./-](?P<m>\d\d?)(?:[./-](?P<d>\d\d?))?", _era),
        (
            r"(?P<era>[mtshr])\.?\s?(?P<n>\d{1,2})(?:[./-](?P<m>\d\d?)(?:[./-](?P<d>\d\d?))?|年(?:(?P<m2>\d\d?)月)?)?",
            _era,
        ),
        (
            r"(?:주체|主体|主體|juche)\s*(?P<n>\d{1,3})\s*(?:\((?P<y>\d{4})\))?\s*[년年]?(?:\s*(?P<m>\d\d?)\s*[월月.](?:\s*(?P<d>\d\d?)\s*[일日]?)?)?",
            _juche,
        ),
        (
            r"(?:단기|檀紀)\s*(?P<n>4[23]\d\d)\s?[년年]?(?:\s*(?P<m>\d\d?)\s*[월月](?:\s*(?P<d>\d\d?)\s*[일日])?)?",
            _tangi,
        ),
        (
            r"(?:民國|民国|중화민국|minguo|roc)\s*(?P<y>\d{1,3})\s*年?(?:\s*(?P<m>\d\d?)\s*月?(?:\s*(?P<d>\d\d?)\s*日?)?)?",
            _marked("minguo"),
        ),
        (
            r"(?:พ\.?ศ\.?|b\.?e\.?|불기|佛曆|仏暦)\s*(?P<y>2[3-6]\d\d)|(?P<y2>2[3-6]\d\d)\s*(?:\(?b\.?e\.?\)?|พ\.?ศ\.?)",
            lambda f, c: _buddhist(f, c),
        ),
        (
            r"(?P<y>1[34]\d\d)(?:[/.-](?P<m>\d\d?)(?:[/.-](?P<d>\d\d?))?)?\s*(?:ه\.? ?ش\.?|\(?sh\)?|هجری شمسی|\(?a\.?p\.?\)?)",
            _marked("solar-hijri"),
        ),
        (r"(?P<y>1[34]\d\d)(?:[/.-](?P<m>\d\d?)(?:[/.-](?P<d>\d\d?))?)?\s*(?:هـ?|\(?a\.?h\.?\)?)", _marked("hijri")),
        (
            r"(?P<n>[一二][〇零一二三四五六七八九]{3})年(?:(?P<m>[一二三四五六七八九十]{1,2})月(?:(?P<d>[一二三四五六七八九十]{1,3})日)?)?",
            _kanji_year,
        ),
        (rf"(?P<era>明治|大正|昭和|平成)(?P<n>{n})年代(?P<part>{part})?", _era_decade),
    )
    return tuple((re.compile(pattern), read) for pattern, read in forms)


_BOTH_YEARS = (
    r"(?:winter|invierno|hiver|зима|겨울|冬)(?: of| de| del)?\s(?P<y>\d{4}|\d\d)\s?[-/~]\s?(?P<y2>\d{4}|\d\d)"
    r"|(?P<y3>\d{4}|\d\d)\s?[년年]?\s?[-/~]\s?(?P<y4>\d{4}|\d\d)\s?[년年]?\s?(?:의|の)?\s?(?:겨울|冬|winter)(?:에|に)?"
)


def _more_forms() -> tuple[tuple[re.Pattern[str], _Reader], ...]:
    """Digits without marks, slashes, parts of years, months by name: tried when no calendar's own form fits."""
    seasons = _alternatives([word for one in _words()["seasons"].values() for word in one["words"]])
    part = _alternatives([word for words in _words()["parts"].values() for word in words])
    month, year, any_year = r"<(?P<m>\d\d?)>", r"(?P<y>\d{4})", r"'?(?P<y>\d{4}|\d\d)"
    forms: tuple[tuple[str, _Reader], ...] = (
        (r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)", _parts),
        (r"'?(?P<y>\d\d)\.\s?(?P<m>\d\d?)\.\s?(?P<d>\d\d?)", _short),
        (r"'?(?P<y>[3-9]\d)\.\s?(?P<m>\d\d?)", _parts),
        (
            r"(?P<dec>\d{3})[x?]",
            lambda f, _: DateSpan(date(int(f["dec"]) * 10, 1, 1), date(int(f["dec"]) * 10 + 9, 12, 31)),
        ),
        (_BOTH_YEARS, _winter),
        (r"(?:xx|00|\?\?)[./-](?P<m>\d\d?|xx|00|\?\?)[./-](?P<y>\d{4})", _parts),
        (r"(?P<a>\d\d?)(?P<dot>\.)\s?(?P<b>\d\d?)\.\s?(?P<y>3[2-9]|[4-9]\d)", _slashed),
        (r"(?P<a>\d\d?)(?P<dot>\.)\s?(?P<b>\d\d?)\.\s?(?P<y>\d{4})\s?(?:г\.?|р\.?)?", _slashed),
        (r"(?P<a>\d\d?)\s?[/-]\s?(?P<b>\d\d?)\s?[/-]\s?(?P<y>\d{4}|\d\d)", _slashed),
        (r"(?P<m>\d\d?)[./-](?P<y>\d{4})", _parts),
        (
            rf"(?:(?P<part>{part})[ -]?(?:the )?)?(?:the |los |les |anos |annees |decada de(?: los)? |los anos |dans les annees )*(?P<dec>\d{{3}}0|\d0)(?:'?s|-?е(?: годы)?|-ті|-х(?: годов)?)",
            _decade,
        ),
        (
            rf"(?:(?P<part>{part})[ ]?)?(?:los anos |les annees |annees |anos |la decada de(?: los)? |decada de(?: los)? )+(?P<dec>\d{{3}}0|\d0)s?",
            _decade,
        ),
        (rf"(?P<part>{part})[ ]?(?:los |les |the )(?P<dec>\d{{3}}0|\d0)", _decade),
        (rf"(?P<dec>\d{{3}}0|\d0)\s?(?:년대|年代)\s?(?:の|에)?\s?(?P<part>{part})?", _decade),
        (rf"(?P<y>\d{{4}}|\d\d)\s*[년年]?\s*(?:의|の|\s)?\s?(?P<season>{seasons})(?:에|철에?|頃に?|に)?", _season),
        (
            rf"(?P<season>{seasons})(?:,| of| in| de| del| de l'| года)?\s+{any_year}(?:\s?г\.?|\s?года|\s?року)?",
            _season,
        ),
        (rf"(?P<part>{part})[ -]?(?:of |de |d'|del )?{any_year}(?:\s?г\.?|\s?года|\s?року)?", _in_part),
        (
            rf"(?P<part>{part})[ -]?(?:of |de |d'|del )?{month},?\s?(?:of |de |del )?{year}(?:\s?г\.?|\s?года|\s?року)?",
            _in_part,
        ),
        (rf"(?P<y>\d{{4}}|\d\d)\s*[년年]\s*(?:의|の)?\s?(?P<part>{part})(?:에)?", _in_part),
        (rf"(?P<y>\d{{4}}|\d\d)\s*[년年]\s*(?P<m>\d\d?)\s*[월月]\s*(?:の)?(?P<part>{part})", _in_part),
        (rf"(?P<y>\d{{4}})\s(?P<part>{part})", _in_part),
        (
            r"(?:q(?P<q>[1-4])|(?P<q2>[1-4])q)[ /-]?(?P<y>\d{4})|(?P<y2>\d{4})[ /-]?(?:q(?P<q3>[1-4])|[년年]?\s?제?(?P<q4>[1-4])\s?(?:분기|四半期|季度))",
            lambda f, c: _quarters(f, c),
        ),
        (
            rf"(?:(?P<d>\d\d?)\s?(?:st|nd|rd|th|er|o|º|ª|°)?)?[\s./,-]*(?:of |de |d')?\s?{month}[\s./,-]*(?:of |de |del |del ano |de l'annee )?{any_year}(?:\s?г\.?|\s?года|\s?року|\s?р\.?|\s?م)?",
            _named,
        ),
        (rf"{month}[\s./-]*(?P<d>\d\d?)(?:st|nd|rd|th)?(?:\s?,\s?|\s+|/|-){any_year}", _named),
        (rf"{year}[\s./,-]*{month}(?:[\s./,-]*(?P<d>\d\d?)(?:st|nd|rd|th)?)?", _named),
        (r"(?P<y>\d{4})-?w(?P<w>\d\d)(?:-?(?P<d>[1-7]))?", _week),
        (r"(?:week|wk)\s?(?P<w>\d\d?)(?:,| of| in)?\s(?P<y>\d{4})(?P<d>\Z(?!\Z))?", _week),
        (r"(?P<y>\d{4})-(?P<n>[0-3]\d\d)", _ordinal),
        (r"\d{6}", _six),
        (r"\d{5}", _serial),
    )
    return tuple((re.compile(pattern), read) for pattern, read in forms)


@cache
def _rare_forms() -> tuple[tuple[re.Pattern[str], _Reader], ...]:
    """Forms that few cells have, tried when no other fits."""
    table = _words()
    part = _alternatives([word for words in table["parts"].values() for word in words])
    feasts = _alternatives([word for words in table["feasts"].values() for word in words])
    weeks = _alternatives([str(word) for words in table["weeks"].values() for word in words])
    forms: tuple[tuple[str, _Reader], ...] = (
        (
            rf"(?:(?P<part>{part}) )?(?:(?:the|los|las|les|la|el) )?(?:(?:decada|anos|annees|decade|decennie) )?"
            r"(?:(?:of the|de los|de las|del|de|of|los) )?(?P<dec>\d{3}0|\d0)s?",
            _some_decade,
        ),
        (
            rf"(?P<y>\d{{4}}|\d\d)\s*[년年]?\s?(?:의|の)?\s?(?P<feast>{feasts})(?:에|に|때)?"
            rf"|(?:the )?(?P<feast2>{feasts})(?: day)?(?:,| of| in| de| del)?\s(?P<y2>\d{{4}})",
            _feast,
        ),
        (
            rf"(?:the |la )?(?P<n>{weeks}) (?:week|semana|semaine)(?: of| in| de| du mois de)? <(?P<m>\d\d?)>,?\s?(?:of |de |del )?(?P<y>\d{{4}})"
            rf"|(?P<y2>\d{{4}}|\d\d)\s?[년年]\s?(?P<m2>\d\d?)\s?[월月]\s?(?:의|の)?\s?(?P<n2>{weeks})\s?(?:번째 )?(?:주|週)(?:에|間)?",
            _week_of_month,
        ),
        (
            r"(?:the )?week (?:of|beginning|commencing|starting)(?: on)?(?: the)? (?P<day>.+)|(?:la )?semana del (?P<day2>.+)",
            _week_of,
        ),
        (
            r"(?P<m>0?[1-9]|1[0-2])[/.-](?P<y>3[2-9]|[4-9]\d)|(?P<y2>3[2-9]|[4-9]\d)[/-](?P<m2>0?[1-9]|1[0-2])",
            _short_year,
        ),
        (r"(?:the )?turn of the millennium", _millennium),
        (r"(?P<y>\d{4})年度", _business_year),
    )
    return tuple((re.compile(pattern), read) for pattern, read in forms)


def _short_year(found: re.Match[str], cell: _Cell) -> _Value | None:
    """3/97 and 97/3: no month and no day is 32 or more."""
    two, month = found["y"] or found["y2"], found["m"] or found["m2"]
    cell.say(Sentence("a year of two digits, read as {year}", year=_year(two, cell.latest)))
    return _dated(_year(two, cell.latest), int(month), None, cell)


def _some_decade(found: re.Match[str], cell: _Cell) -> _Value | None:
    """los 90, la década del 90; *the 20* and 1990 are none."""
    return _decade(found, cell) if re.search(r"s$|decad|decenn|anos|annees|\blos ", found[0]) else None


@cache
def _feast_days() -> dict[str, tuple[tuple[int, int], tuple[int, int]]]:
    made: dict[str, tuple[tuple[int, int], tuple[int, int]]] = {}
    for ends, words in _words()["feasts"].items():
        (first, last) = (tuple(map(int, end.split("-"))) for end in ends.split())
        made |= {_plain(word): ((first[0], first[1]), (last[0], last[1])) for word in words}
    return made


def _feast(found: re.Match[str], cell: _Cell) -> _Value | None:
    """A feast, as the days that it can fall on: those of the moon move by a month."""
    year = _year(found["y"] or found["y2"], cell.latest)
    first, last = _feast_days()[found["feast"] or found["feast2"]]
    if len(found["y"] or found["y2"]) == 2:
        cell.say(Sentence("a year of two digits, read as {year}", year=year))
    if first == last:
        return PartialDate(year, *first)
    cell.approximate = True
    return DateSpan(date(year, *first), date(year, *last))


@cache
def _week_numbers() -> dict[str, int]:
    return {_plain(str(word)): int(n) for n, words in _words()["weeks"].items() for word in words}


def _week_of_month(found: re.Match[str], cell: _Cell) -> _Value | None:
    year, month = _year(found["y"] or found["y2"], cell.latest), int(found["m"] or found["m2"])
    number, days = _week_numbers()[found["n"] or found["n2"]], monthrange(year, month)[1]
    cell.approximate = True
    first = days - 6 if number == 5 else 7 * number - 6
    return DateSpan(date(year, month, first), date(year, month, first + 6))


def _week_of(found: re.Match[str], cell: _Cell) -> _Value | None:
    """The week that holds a day, or begins on it."""
    day = _formed(found["day"] or found["day2"], cell)
    if not isinstance(day, PartialDate) or day.day is None:
        return None
    cell.approximate = True
    return DateSpan(day.earliest - timedelta(days=day.earliest.weekday()), day.earliest + timedelta(days=6))


def _millennium(_found: re.Match[str], cell: _Cell) -> _Value | None:
    cell.approximate = True
    return DateSpan(date(1999, 1, 1), date(2001, 12, 31))


def _business_year(found: re.Match[str], cell: _Cell) -> _Value | None:
    """年度: from April in Japan, from January in China."""
    cell.say(Sentence("a business year: in Japan it ends in March of the next year"))
    return DateSpan(date(int(found["y"]), 1, 1), date(int(found["y"]) + 1, 3, 31))


_ERA_WORDS = "|".join(sorted((era for era in _ERAS if len(era) > 1), key=len, reverse=True))
_OTHER_YEAR = rf"(?:(?P<era>{_ERA_WORDS})\s?(?P<n>[元정〇一二三四五六七八九十]{{1,3}}|\d{{1,2}})|(?:주체|主体|主體|juche)\s?(?P<juche>\d{{1,3}}))"
_BESIDE_YEAR = re.compile(
    rf"(?P<y>\d{{4}})\s?[년年]?\s?\({_OTHER_YEAR}\s?[년年]?\)\s?[년年]?"
    rf"|{_OTHER_YEAR.replace('<era>', '<era2>').replace('<n>', '<n2>').replace('<juche>', '<juche2>')}\s?[년年]?\s?\((?P<y2>\d{{4}})\s?[년年]?\)\s?[년年]?"
)
_ALONE_YEAR = re.compile(rf"{_OTHER_YEAR}\s?[년年](?=\s?[^\s代대])")


def _doubt_two_years(text: str, cell: _Cell) -> None:
    """Say where the year of an era is not the one that stands beside it: 1977年（昭和53年）."""
    for found in _BESIDE_YEAR.finditer(text):
        own = int(found["y"] or found["y2"])
        other = _era_year(found["era"] or found["era2"], found["n"] or found["n2"], None)
        if other not in (own, None):
            cell.say(Sentence("two years stand beside each other, {own} and {other}", own=own, other=other))


def _one_calendar(text: str, cell: _Cell) -> str:
    """A date whose years of eras are years of ours: 昭和52年の秋, 1977年（昭和52年）11月."""
    text = re.sub(rf"({_ERA_WORDS})\s?(\d\d?)\s?年?\s?(?:~|-|,|または|か|‥)\s?(\d\d?)\s?年", r"\1\2年~\1\3年", text)
    text = re.sub(r"(?<!\d)'(\d\d)(?!\d)(?!'?s)", lambda found: _with_century(found[1], cell), text)
    text = _BESIDE_YEAR.sub(lambda found: f"{found['y'] or found['y2']}年", text)
    return _ALONE_YEAR.sub(
        lambda found: f"{year}年" if (year := _era_year(found["era"], found["n"], found["juche"])) else found[0], text
    )


def _with_century(two: str, cell: _Cell) -> str:
    year = _year(two, cell.latest)
    cell.say(Sentence("a year of two digits, read as {year}", year=year))
    return str(year)


def _era_year(era: str | None, number: str | None, juche: str | None) -> int | None:
    if juche:
        return 1911 + int(juche)
    if era is None or number is None:
        return None
    year = _ERAS[era].year + _number(number) - 1
    return year if era not in _NEXT or year <= _ERAS[_NEXT[era]].year else None


def _two(found: re.Match[str], cell: _Cell) -> PartialDate:
    cell.say(Sentence("a year of two digits, read as {year}", year=_year(found["y2"], cell.latest)))
    return PartialDate(_year(found["y2"], cell.latest))


def _short(found: re.Match[str], cell: _Cell) -> _Value | None:
    """79.3.12 begins with its year, as Korean lists write; 31.12.79 cannot."""
    if int(found["m"]) <= 12 and int(found["d"]) <= 31:
        return _parts(found, cell)
    return None


def _buddhist(found: re.Match[str], cell: _Cell) -> _Value | None:
    year = int(found["y"] or found["y2"]) - 543
    cell.say(Sentence("a year of the Buddhist calendar, read as {year}", year=year))
    return PartialDate(year)


def _quarters(found: re.Match[str], cell: _Cell) -> DateSpan:
    number = int(next(filter(None, (found["q"], found["q2"], found["q3"], found["q4"]))))
    return _months(_year(found["y"] or found["y2"], cell.latest), 3 * number - 2, 3 * number)


def _named(found: re.Match[str], cell: _Cell) -> _Value | None:
    year = found["y"]
    day = _of(found, "d")
    if len(year) == 2:
        cell.say(Sentence("a year of two digits, read as {year}", year=_year(year, cell.latest)))
    return _dated(_year(year, cell.latest), int(found["m"]), int(day) if day and int(day) else None, cell)


_FORMS = _forms() + _more_forms()


def decided_day_first(cells: list[str]) -> bool | None:
    """Whether a column writes the day first, as far as its cells decide: 21/06/1997 can only be a 21 June. None where
    no cell decides, or cells contradict one another."""
    firsts = seconds = 0
    for cell in cells:
        found = re.match(r"\s*(\d\d?)\s?[/-]\s?(\d\d?)\s?[/-]\s?(?:\d{4}|\d\d)(?!\d)", cell)
        if found:
            firsts += int(found[1]) > 12 >= int(found[2])
            seconds += int(found[2]) > 12 >= int(found[1])
    if bool(firsts) == bool(seconds):
        return None
    return bool(firsts)
