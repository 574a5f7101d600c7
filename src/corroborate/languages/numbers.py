"""Numbers as people write them: in words of many languages, about, between, at least, several. A range stays a range.

Words are turned into digits, and words for several into the ends that they usually have; what is left is read by one
small grammar: hedges around bounds around a number, or around two of them. Whatever does not fit it is not read.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from corroborate.languages.reviewed import reviewed
from corroborate.values import Amount

_USUAL, _SURE = "…", "‥"  # between two ends that a word usually has, and between two that it names
PARTS_OF_TEN = {
    "early": (0, 3),
    "mid": (4, 6),
    "late": (7, 9),
    "first half": (0, 4),
    "second half": (5, 9),
    "early to mid": (0, 6),
    "mid to late": (4, 9),
}
"""Which of the ten years of a decade a part of it is."""


@dataclass(frozen=True, slots=True)
class Span:
    """Lowest and highest of a number told; None: no end is told."""

    lowest: int
    highest: int | None
    approximate: bool = False


@cache
def _table() -> dict[str, Any]:
    found: dict[str, Any] = reviewed(__package__, "numbers")
    return found


_SIGNS = str.maketrans(
    {
        **dict.fromkeys("–—−‐‑‒―", "-"),
        **dict.fromkeys("〜～∼˜", "~"),
        "’": "'",
        "、": ",",
        "،": ",",
        "½": ".5",
        "¼": ".25",
        "¾": ".75",
    }
)


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """Lower case, half-width, without marks on letters, the digits of any script as ours, single spaces."""
    if not text.isascii():
        text = re.sub(r"(?<=\d)\s+(?=[½¼¾])", "", text).translate(_SIGNS)
        text = unicodedata.normalize("NFKC", text).translate(_SIGNS)
        text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
        bare = "".join(c for c in unicodedata.normalize("NFD", text) if not "\u0300" <= c <= "\u036f")
        text = re.sub(r"[\u064b-\u0652\u0640\u200b-\u200f]", "", unicodedata.normalize("NFC", bare))
    return " ".join(text.lower().split())


def any_of(words: Iterable[str]) -> str:
    """A pattern of whole words, the longest first: letters of an alphabet end where a word ends."""
    groups: dict[tuple[bool, bool], list[str]] = {}
    for word in sorted({plain(str(one)) for one in words}, key=lambda one: (-len(one), one)):
        groups.setdefault((_alphabetic(word[0]), _alphabetic(word[-1])), []).append(re.escape(word))
    made = [
        f"{_NO_LETTER_BEFORE if before else ''}(?:{'|'.join(listed)}){_NO_LETTER_BEHIND if behind else ''}"
        for (before, behind), listed in groups.items()
    ]
    return f"(?:{'|'.join(made)})"


_NO_LETTER_BEFORE, _NO_LETTER_BEHIND = r"(?<![^\W\d_])", r"(?![^\W\d_])"


def _alphabetic(letter: str) -> bool:
    return letter.isalpha() and not "\u1100" <= letter <= "\u11ff" and not "\u3040" <= letter <= "\ud7a3"


# numbers in words


_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Language:
    """How one language writes its numbers."""

    below: Mapping[str, int]  # every writing of a number below a hundred
    hundred: tuple[str, ...]
    hundreds: Mapping[str, int]
    thousand: tuple[str, ...]
    between: tuple[str, ...]
    seams: re.Pattern[str]  # what stands between the words of a number
    pattern: re.Pattern[str]  # words of numbers, one behind the other
    words: frozenset[str]  # each of which a number can begin with

    def written(self, found: re.Match[str]) -> str:
        """A number that was found, in digits."""
        if (number := self.number(found[0])) is not None:
            return str(number)
        parts, made, at = self.seams.split(found[0]), "", 0
        while at < len(parts):  # two-three: the longest numbers that stand behind one another
            end = next((end for end in range(len(parts), at, -2) if self._of(parts[at:end]) is not None), at + 1)
            number = self._of(parts[at:end])
            made += ("".join(parts[at:end]) if number is None else str(number)) + "".join(parts[end : end + 1])
            at = end + 1
        return made

    def _of(self, parts: list[str]) -> int | None:
        return self.number("".join(parts))

    def number(self, text: str) -> int | None:
        """A whole number in words, below a million."""
        if (known := self.below.get(text)) is not None:
            return known
        for word in self.thousand:
            left, found, right = text.partition(word)
            if found:
                return self._sum(self._part(left, 1), 1000, right)
        for word in self.hundred:
            left, found, right = text.partition(word)
            if found:
                return self._sum(self._part(left, 1), 100, right)
        for word, value in self.hundreds.items():
            if text.startswith(word):
                return self._sum(value, 1, text[len(word) :])
        return None

    def _part(self, text: str, empty: int) -> int | None:
        text = text.strip(" -,")
        for word in self.between:
            text = text.removeprefix(word.strip() + " ").removesuffix(" " + word.strip()) if word.strip() else text
        return self.number(text) if text and text not in ("a",) else empty

    def _sum(self, times: int | None, unit: int, rest: str) -> int | None:
        more = self._part(rest, 0)
        return (
            None if times is None or more is None or more >= max(unit, 100 if unit == 1 else 0) else times * unit + more
        )


@cache
def _languages() -> tuple[_Language, ...]:
    return tuple(_language(one) for one in _table()["written"].values())


def _language(table: Mapping[str, Any]) -> _Language:
    small = {plain(str(word)): int(n) for n, words in table["small"].items() for word in words}
    below = dict(small)
    joins = [str(one) for one in table["join"]]
    wide = table.get("to nineteen", [])
    for tens, words in table["tens"].items():
        ends = {word: n for word, n in small.items() if 0 < n <= (19 if tens in wide else 9) and " " not in word}
        for word in map(plain, map(str, words)):
            below[word] = int(tens)
            for join in joins:
                for end, n in ends.items():
                    below[f"{end}{join}{word}" if table.get("unit first") else f"{word}{join}{end}"] = int(tens) + n
    hundred, thousand = (tuple(map(plain, table.get(name, ()))) for name in ("hundred", "thousand"))
    hundreds = {plain(str(word)): int(n) for n, words in table.get("hundreds", {}).items() for word in words}
    between = tuple(str(one) for one in table.get("between", ()))
    seams = "|".join(sorted(map(re.escape, {*joins, *between, " ", "-", ", "}), key=len, reverse=True))
    parts = {part for word in (*below, *hundred, *hundreds, *thousand) for part in re.split(seams, word)}
    one = r"a(?=[ -](?:hundred|thousand))|" if table.get("one") else ""
    word = f"(?:{one}{'|'.join(sorted(map(re.escape, parts), key=len, reverse=True))}){_NO_LETTER_BEHIND}"
    whole = re.compile(f"{_NO_LETTER_BEFORE}{word}(?:(?:{seams}){word})*")
    words = frozenset(_WORD.findall(" ".join((*below, *hundred, *hundreds, *thousand))))
    return _Language(below, hundred, hundreds, thousand, between, re.compile(f"({seams})"), whole, words)


_CJK = {c: str(n) for n, c in enumerate("〇一二三四五六七八九")} | {
    c: str(n) for n, c in enumerate("영일이삼사오육칠팔구")
}
_CJK |= {"零": "0", "공": "0", "륙": "6", "两": "2", "兩": "2", "両": "2", "壱": "1", "弐": "2", "参": "3"}
_CJK |= {"십": "十", "백": "百", "천": "千", "만": "万", "萬": "万", "十": "十", "百": "百", "千": "千", "万": "万"}
_BELOW_TEN_THOUSAND = re.compile(r"(?:(\d)?千)?(?:(\d)?百)?(?:(\d)?十)?(\d)?")


def cjk_number(text: str) -> int | None:
    """五十二, 五二, 삼십오, 千九百九十七: a number of hanja or of their Korean sounds."""
    signs = "".join(_CJK.get(c, " ") for c in text)
    if " " in signs or not signs:
        return None
    if signs.isdecimal():
        return int(signs) if len(signs) in (1, 2, 4) else None
    many, found, few = signs.partition("万")
    total = 0
    for part, unit in ((many if found else "", 10_000), (few if found else signs, 1)):
        if not part:
            total += unit if unit > 1 and found else 0
            continue
        digits = _BELOW_TEN_THOUSAND.fullmatch(part)
        if digits is None:
            return None
        value = sum(
            size * int(digits[at] or 1)
            for at, size, sign in ((1, 1000, "千"), (2, 100, "百"), (3, 10, "十"))
            if sign in part
        )
        total += unit * (value + int(digits[4] or 0))
    return total


_SINO = "영공일이삼사오육륙칠팔구십백천만"
_HANJA = "〇零一二三四五六七八九十百千万萬两兩両壱弐参"
_AFTER_KOREAN = r"(?=\s?(?:여|년|세|살|대|돌|명|인|분|사람|개월|명|[가-힣]{0,2}\s?(?:쯤|가량|정도|안팎|남짓|전후|즈음|무렵|내외|이상|이하|미만|초과|넘게|넘음|또는|내지|~|-))|\s?$|\s?[~,-])"
_AFTER_SINO = r"(?=\s?(?:여\s?)?(?:년|세|대|명|인(?![가-힣])|분(?![가-힣])|사람|개월|월(?![가-힣]{2})))"
_AFTER_HANJA = r"(?=\s?(?:[余餘多数數几]|年|歳|才|岁|歲|代|人|名|位|个|個|[かカヶケヵ箇]月|[~,-]|以|前後|左右|くらい|ぐらい|ほど|過ぎ|$))"
_HUNDREDS = re.compile(r"(?<![\d.,])(\d{1,3}(?:,\d{3})+)(?![\d,])")


@cache
def _korean() -> tuple[re.Pattern[str], dict[str, str]]:
    """Korean's own numbers up to 99, and its words for two or three, three or four, each as digits."""
    table = _table()["korean"]
    ones = {str(word): str(n) for n, words in table["ones"].items() for word in words}
    known = dict(ones) | {str(word): f"{first}{_SURE}{last}" for word, (first, last) in table["from to"].items()}
    for tens, word in table["tens"].items():
        known[str(word)] = str(tens)
        for end, n in ones.items():
            known[f"{word}{end}"] = str(int(tens) + int(n))
        for end, (first, last) in table["from to"].items():
            known[f"{word}{end}"] = f"{int(tens) + first}{_SURE}{int(tens) + last}"
    known |= {"스무": "20", "열두어": f"12{_USUAL}13", "여남은": f"10{_USUAL}19"}
    longest = "|".join(sorted(known, key=len, reverse=True))
    before_a_counter = r"(?:한|두|세|네)(?=\s?(?:명|살|돌|인|분|사람|개월))"
    return re.compile(
        rf"(?<![가-힣\d])(?:{before_a_counter}|(?!(?:한|두|세|네)(?![가-힣]))(?:{longest}){_AFTER_KOREAN})"
    ), known


_NEXT_DIGIT = re.compile(r"([일이삼사오육륙칠팔])([이삼사오육륙칠팔구])([십백천])?(?=\s?(?:명|인|대|세|살|개월|여|$))")
_NEXT_HANJA = re.compile(
    r"(?<![\d,])(\d{1,3})[,・·](\d)(十|0|百|千)?(?=\s?(?:人|名|歳|才|代|か月|ヶ月|月|年|명|세|월|\d{0}[~-]|十|$))"
)
_LARGE = re.compile(
    r"(?<!\d)(\d{1,4})\s?[만万萬](?:\s?(\d)\s?[천千])?|(?<!\d)(\d)\s?[천千](?:\s?(\d)\s?[백百])?|(?<!\d)(\d)\s?[백百](?=\s?(?:여|명|余|名|人))"
)


def _next_digits(found: re.Match[str]) -> str:
    one, two = int(_CJK[found[1]]), int(_CJK[found[2]])
    unit = {"십": 10, "백": 100, "천": 1000}.get(found[3] or "", 1)
    return f"{one * unit}{_SURE}{two * unit}" if two == one + 1 else found[0]


def _next_of_hanja(found: re.Match[str]) -> str:
    """二、三人; 十二、三歳; 二、三十代: a digit and the next one, of the last place or with the same unit."""
    one, two = int(found[1]), int(found[2])
    unit = {"十": 10, "0": 10, "百": 100, "千": 1000}.get(found[3] or "", 1)
    if one % 10 + 1 != two or (unit > 1 and one > 9):
        return found[0]
    return f"{one * unit}{_SURE}{(one - one % 10 + two) * unit}"


def _large(found: re.Match[str]) -> str:
    if found[1]:
        return str(int(found[1]) * 10_000 + int(found[2] or 0) * 1000)
    if found[3]:
        return str(int(found[3]) * 1000 + int(found[4] or 0) * 100)
    return str(int(found[5]) * 100)


@cache
def _several() -> tuple[re.Pattern[str], dict[str, str]]:
    """Words for several, as the ends that they usually have."""
    known: dict[str, str] = {}
    for ends, words in _table()["several"].items():
        lowest, _, highest = str(ends).partition(" ")
        known |= {plain(str(word)): f"{lowest}{_USUAL}{highest}" for word in words}
    known |= {plain(str(word)): str(number) for number, words in _table()["exact"].items() for word in words}
    for number, words in _table()["rounded"].items():
        known |= {plain(str(word)): f"{number}{_USUAL}{number}" for word in words}
    short = {word for word in known if len(word) == 1}
    letters = (
        f"(?<![\\d가-힣ぁ-ヿ一-龥])(?:{'|'.join(sorted(short))})(?=\\s?(?:명|인|분|사람|년|개월|名|人|个|位|年|歳))"
    )
    return re.compile(f"(?<![\\d열{_SINO}{_HANJA}])(?<!as )(?:{any_of(set(known) - short)})|{letters}"), known


def rounded(text: str) -> str:
    """A plain text whose names of round numbers (*une trentaine*) are the number, as one that is about so many."""
    pattern, known = _several()
    return pattern.sub(
        lambda found: known[found[0]] + " " if re.fullmatch(rf"(\d+){_USUAL}\1", known[found[0]]) else found[0], text
    )


_ODD = re.compile(
    r"(\d{1,6})(?:[ -]?(?:something|odd)(?![a-z])|(?: y (?:tantos|tantas|pico))| et quelques|\s?여(?![가-힣])|\s?여(?=\s?(?:명|세|살|인|년))|[余餘多数數几](?=\s?(?:人|名|歳|岁|才|个|位))"
    r"|\s?(?:명|세|살|人|名|歳|才)?\s?(?:余り|あまり|남짓|過ぎ))"
)


def odd_ones(text: str) -> str:
    """A plain text in digits whose *30-odd* are the ends that they can mean."""
    return _ODD.sub(_odd, text)


def _odd(found: re.Match[str]) -> str:
    """30여, 三十余, thirty-odd, treinta y tantos: not less, and not the next round number."""
    number = int(found[1])
    place = 10 ** (len(found[1]) - len(found[1].rstrip("0")))
    lowest = number + 1 if re.search("[数數几]", found[0]) and place > 1 else number
    return f"{lowest}{_USUAL}{number + place - 1}" if place > 1 else f"{number}{_USUAL}{number}"


_LETTERS = re.compile(r"[^\W\d_]")


@lru_cache(maxsize=20_000)
def in_digits(text: str) -> str:
    """A plain text with its numbers in digits: *fifty-two* as 52, 두세 명 as 2‥3 명. Every other word stays."""
    if _LETTERS.search(text) is None:
        return text
    if not text.isascii():
        text = _east_asian_digits(text)
    text = re.sub(r"veintitant[oa]s", f"20{_USUAL}29", text)
    text = re.sub(r"(?<=ty)-?(?=something)|(?<=ties)-?(?=something)", " ", text)
    said = _WORD.findall(text)
    for language in _languages():
        if not language.words.isdisjoint(said):
            text = language.pattern.sub(language.written, text)
    return text


@cache
def _japanese() -> tuple[re.Pattern[str], dict[str, str]]:
    """Numbers of people, and an age, that Japanese says in words of its own."""
    known = {str(word): f"{n}人" if n < 3 else str(n) for word, n in _table()["japanese"].items()}
    return re.compile(rf"(?<![\d{_HANJA}])(?:{'|'.join(known)})(?![歳代])"), known


def _east_asian_digits(text: str) -> str:
    if re.search("[가-힣]", text):
        pattern, known = _korean()
        text = pattern.sub(lambda found: known[found[0]], text)
        text = _NEXT_DIGIT.sub(_next_digits, text)
        text = re.sub(rf"(?<![가-힣\d])[{_SINO}]+{_AFTER_SINO}|^(?=.*[십백천])[{_SINO}]{{2,}}$", _of_cjk, text)
    if any(sign in text for sign in "りち一二"):
        pattern, japanese = _japanese()
        text = pattern.sub(lambda found: japanese[found[0]], text)
    text = re.sub(rf"(?<!\d)[{_HANJA}]+{_AFTER_HANJA}", _of_cjk, text)
    return _LARGE.sub(_large, _NEXT_HANJA.sub(_next_of_hanja, text))


def _of_cjk(found: re.Match[str]) -> str:
    number = cjk_number(found[0])
    if number is None or found[0] == "만":
        return found[0]
    if (
        len(found[0]) == 2
        and not re.search("[십백천만十百千万萬零〇영공]", found[0])
        and number % 10 == number // 10 + 1
    ):
        return f"2{_SURE}3" if found[0] in ("两三", "兩三") else found[0]  # 二三人: two or three, or 23
    return str(number)


# about, at least, between


@dataclass(frozen=True, slots=True)
class _Hedges:
    about: tuple[re.Pattern[str], re.Pattern[str]]
    bounds: Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]]
    between: re.Pattern[str]


_FOLLOWED = r"(?:\s+|(?=[\d가-힣一-龥(])|(?<=[~≈±<>=≤≥])\s*)(?=\S)"


@cache
def _hedges() -> _Hedges:
    table = _table()

    def around(listed: Mapping[str, Any]) -> tuple[re.Pattern[str], re.Pattern[str]]:
        before = re.compile(f"{any_of(listed['before'])}{_FOLLOWED}")
        return before, re.compile(rf"\s*[(\[]?{any_of(listed['after'])}[)\]]?$")

    return _Hedges(
        around(table["about"]),
        {name: around(words) for name, words in table["bounds"].items()},
        re.compile(rf"{any_of(table['both'])}\s*"),
    )


_ATOM = rf"(?!0\d)(\d{{1,7}})(?:([{_USUAL}{_SURE}])(\d{{0,7}}))?(?:\.0+)?"
_ONE = re.compile(_ATOM)
_EITHER = r"or|to|o|a|ou|или|до|أو|إلى|또는|혹은|내지|에서|부터|か|または|又は|乃至|ないし|から|或|或者|到|至|-|~|to"
_TWO = re.compile(rf"{_ATOM}\s*(?:{_EITHER})\s*{_ATOM}")
_BETWEEN = re.compile(rf"{_ATOM}\s*(?:{_EITHER}|and|y|et|и|و|와|과|と)\s*{_ATOM}")


def read_span(text: str, unit: str, *, passed_counts: bool = False) -> Span | None:
    """A plain text whose numbers are digits, as the number or the range that it tells: hedges, bounds and ``unit`` (a
    pattern) taken off. None where anything is left. ``passed_counts``: whether more than 60 may be 60, as for somebody
    of 60 years and a half."""
    approximate, bound, both = False, "", False
    hedges = _hedges()
    units = re.compile(
        rf"(?<=[\d{_USUAL}{_SURE}])\s*-?(?:de |d')?(?:{unit})(?![^\W\d_가-힣一-龥ぁ-ん])\.?|^(?:{unit})\s*(?=\d)"
    )
    for _ in range(6):
        before = text = text.strip(" .,;:")
        if inside := re.fullmatch(r"[(\[]([^()\[\]]+)[)\]]", text):
            text = inside[1]
        for name, (lead, tail) in hedges.bounds.items():
            found = lead.match(text) or tail.search(text)
            if found and not bound and found[0] != text:
                text, bound = text[: found.start()] + text[found.end() :], name
        for pattern in hedges.about:
            if (found := pattern.search(text) if pattern is hedges.about[1] else pattern.match(text)) and found[
                0
            ] != text:
                text, approximate = (text[: found.start()] or text[found.end() :]), True
        text = units.sub("", text)
        if text == before.strip():
            break
    if (found := hedges.between.match(text)) and re.match(r"\d", text[found.end() :]):
        text, both = text[found.end() :], True
        text = re.sub(r"\s*(?:사이|の間|之间|間)$", "", text)
    text = re.sub(r"(?<=\d)\s*(?:사이|の間|之间|間)$", "", text)
    return _bounded(_ends(text, both), "least" if bound == "more" and passed_counts else bound, approximate)


def _ends(text: str, both: bool) -> Span | None:
    if found := _ONE.fullmatch(text):
        return _atom(found, 1)
    found = (_BETWEEN if both else _TWO).fullmatch(text)
    if found is None:
        return None
    one, two = _atom(found, 1), _atom(found, 4)
    if one is None or two is None or two.lowest <= one.lowest or (two.highest is not None and two.highest < one.lowest):
        return None
    return Span(one.lowest, two.highest, one.approximate or two.approximate)


def _atom(found: re.Match[str], at: int) -> Span | None:
    lowest, mark, highest = int(found[at]), found[at + 1], found[at + 2]
    if not mark:
        return Span(lowest, lowest)
    if highest and int(highest) < lowest:
        return None
    return Span(lowest, int(highest) if highest else None, mark == _USUAL)


def _bounded(span: Span | None, bound: str, approximate: bool) -> Span | None:
    if span is None:
        return None
    about = approximate or span.approximate
    if bound in ("least", "more"):
        return Span(span.lowest + (bound == "more"), None, about)
    if bound:
        if span.highest is None or (bound == "fewer" and span.highest == 0):
            return None
        return Span(0, span.highest - (bound == "fewer"), about)
    return Span(span.lowest, span.highest, about)


@cache
def _counters() -> str:
    return any_of(_table()["counters"])


def _twice(found: re.Match[str]) -> str:
    """Twenty (20): once in words and once in digits."""
    return found[1] if found[1] == found[2] else found[0]


@lru_cache(maxsize=20_000)
def read_amount(text: str) -> Amount | None:
    """How many people a cell says; None when it says no number that can be read. The words stay with it."""
    told = _HUNDREDS.sub(lambda found: found[0].replace(",", ""), plain(text))
    if not told:
        return None
    pattern, known = _several()
    told = pattern.sub(lambda found: known[found[0]] + " ", told).strip() if _LETTERS.search(told) else told
    told = re.sub(rf"(?<=[\d{_USUAL}]) ?[여余](?=\s?[명名人])", "", told) if _USUAL in told else told
    told = re.sub(r"^(\d+) ?\((\d+)\)", _twice, odd_ones(in_digits(told)))
    told = re.sub(
        r"(?:an? |the )?(?:group|party|crowd) of (?=\d)|^(?:a |the )?total(?: of)? |^총\s?|^計|^全(?=\d)|^共|^en total |^(?:exactly|only|just|solo|exactamente|정확히|단) ?(?=\d)",
        "",
        told,
    )
    told = re.sub(rf"(?<=[\d{_USUAL}{_SURE}])(?:\s+(?:of|de|d'))$", "", told)
    told = re.sub(rf"(?<=[\d{_USUAL}{_SURE}])\s+(?:(?:of|de)\s+|d')(?=[^\W\d_])", " ", told)
    span = read_span(told, _counters())
    return None if span is None else Amount(span.lowest, span.highest, span.approximate, text.strip())


@cache
def vague_words() -> frozenset[str]:
    """Words that say how many without one number: several, dozens, 두세."""
    return frozenset(_several()[1]) | frozenset(map(str, _table()["korean"]["from to"]))


@cache
def korean_words() -> frozenset[str]:
    """Korean's own numbers that are no syllable of a name, and its words for several."""
    known = {word for word in (*_korean()[1], *_several()[1]) if len(word) > 1 and re.fullmatch("[가-힣]+", word)}
    return frozenset(known | {"열", "십여"})


@cache
def part_words() -> Mapping[str, str]:
    """Word -> which part of a month, a year or a decade it means."""
    return {plain(word): part for part, words in reviewed(__package__, "dates")["parts"].items() for word in words}


@cache
def _decade_words() -> tuple[re.Pattern[str], Mapping[str, str]]:
    """Every one of them is one word."""
    known = {plain(str(word)): f"{start}s" for start, words in _table()["decades"].items() for word in words}
    return re.compile(any_of(known)), known


def in_decades(text: str) -> str:
    """A plain text whose words for decades are digits: *the nineties* as ``the 90s``."""
    pattern, known = _decade_words()
    if known.keys().isdisjoint(_WORD.findall(text)):
        return text
    return pattern.sub(lambda found: known[found[0]], text)
