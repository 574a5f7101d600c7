"""A date in words, worded as the forms of :mod:`corroborate.languages.dates` have it: the same date, in digits.

Only what no form holds comes here. Nothing is read in this module: a word that no table knows stays where it is, and
then the date stays words.
"""

import re
from functools import cache

from corroborate.languages.numbers import any_of, cjk_number, in_decades, in_digits, plain
from corroborate.languages.reviewed import reviewed

_SINO = "영공일이삼사오육륙칠팔구십백천"
_HANJA = "〇零一二三四五六七八九十百千"
_IN_HANGUL = re.compile(
    rf"(?<![가-힣])(?P<y>[{_SINO}]{{2,}})(?P<of>년대?)|(?<![가-힣])(?P<m>[{_SINO}유시]{{1,2}})월(?![가-힣]{{2}})|(?<=월 )(?P<d>[{_SINO}]{{1,3}})일"
)
_IN_HANJA = re.compile(rf"[{_HANJA}]+(?=[年月日])")
_MONTHS = {"유": "6", "시": "10"}  # said so, not 육월 and 십월
_OF_TWO_MONTHS = (
    re.compile(
        r"(?<![\d.])(?P<y>\d{4}|\d\d)\s?[년年]\s?(?P<a>\d\d?)\s?(?P<mark>[~\-/,‥]|또는|か)\s?(?P<b>\d\d?)\s?(?P<of>[월月])"
    ),
    re.compile(
        r"(?<![\d.])(?P<y>\d{4}|\d\d)\.\s?(?P<a>\d\d?)\.?\s?(?P<mark>~)\s?(?P<b>\d\d?)(?P<of>월|\.?)(?=$|[경쯤말초\s])"
    ),
)
_YEAR_POINT = re.compile(r"(?<![\d.])(\d{4}|\d\d)\.\s?(?=\d{1,2}\s?월|[가-힣])")
_TWO_YEARS = re.compile(
    r"(?<![\d.])(\d\d|\d{4})\s?(?:[~\-]|또는|혹은)\s?(\d\d)\s?([년年])(?!\s?(?:\d|대|代|겨울|冬|의|の))"
)
_CENTURY = re.compile(
    r"(?:上(?:个|個)?世纪|上世紀|前世紀(?:の)?|20世纪|20世紀(?:の)?|지난 세기(?: ?의)?|20세기(?: ?의)?)\s?(?=\d0\s?(?:年代|년대))"
)
_YEAR_IN_WORDS = re.compile(r"(?<!\d)(1[89]|20)[ -](\d\d)(?!\d)")
_PLAIN_WORDS = (
    (re.compile(r"(?<!\d)'(?=\d0'?s)"), ""),  # the '90s
    (re.compile(r"(?<=\d\.)\s+(?=\d)"), ""),
    (re.compile(r"(?<=\d)\.?\s?~\s?(?=\d)"), "~"),
    (re.compile(r"\s*(?:にかけて(?:の間)?|の間|사이(?:에)?|间|之间)$"), ""),
    (re.compile(r"(?<=[年月日])か(?=\d)"), "または"),
    (re.compile(r"([1-4])/4\s?분기"), r"\1분기"),
    (re.compile(r"(?:(?<=\d{4}[년年])|(?<=\d[월月]))\s?(?:중에?|동안|中に?)$"), ""),
    (re.compile(r"(?<=\d)\s?년도"), "년"),
    (re.compile(r"(?<=\d0s) (?:годы|годов|годах|years|a\.?d\.?)$"), ""),
)


_OF_QUARTERS = re.compile("quarter|trimest|квартал|四半|季度")


@cache
def _quarters() -> tuple[re.Pattern[str], dict[str, str]]:
    known = {
        plain(str(word)): f"q{n} " for n, words in reviewed(__package__, "dates")["quarters"].items() for word in words
    }
    return re.compile(rf"(?:the |el |le )?({any_of(known)})\s*(?:(?:of|del?)\s+)?"), known


def reworded(text: str) -> str:
    """A date, as the reader of dates has folded it, with its numbers, decades and quarters in digits."""
    spelled = not re.search(r"\d", text)
    if re.search(r"[가-힣]", text):
        text = _IN_HANGUL.sub(_hangul, text)
    text = _IN_HANJA.sub(lambda found: str(found[0] if (n := cjk_number(found[0])) is None else n), text)
    text = in_digits(in_decades(text))
    if spelled:  # nineteen ninety-seven
        text = _YEAR_IN_WORDS.sub(r"\1\2", text)
    for pattern, instead in _PLAIN_WORDS if re.search(r"\d", text) else ():
        text = pattern.sub(instead, text)
    if _OF_QUARTERS.search(text):
        quarter, known = _quarters()
        text = quarter.sub(lambda found: known[found[1]], text)
    text = _CENTURY.sub("19", text)
    for pattern in _OF_TWO_MONTHS:
        text = pattern.sub(_two_months, text)
    return _YEAR_POINT.sub(r"\1년 ", _TWO_YEARS.sub(_two_years, text)).strip()


def _hangul(found: re.Match[str]) -> str:
    if found["m"] and found["m"] in _MONTHS:
        return f"{_MONTHS[found['m']]}월"
    number = cjk_number(found["y"] or found["m"] or found["d"])
    if number is None:
        return found[0]
    return f"{number}{found['of']}" if found["y"] else f"{number}{'월' if found['m'] else '일'}"


def _two_months(found: re.Match[str]) -> str:
    """2003.7~8: from one month to a later one of the same year. Not to an earlier one, which may be of the next."""
    first, last = int(found["a"]), int(found["b"])
    if not 1 <= first < last <= 12 or (found["mark"] in ",‥" and last != first + 1):
        return found[0]
    year = found["y"]
    return f"{year}년 {first}월~{year}년 {last}월"


def _two_years(found: re.Match[str]) -> str:
    first, last = found[1], found[2]
    if int(first[-2:]) >= int(last):
        return found[0]
    return f"{first}{found[3]}~{first[:-2]}{last}{found[3]}"
