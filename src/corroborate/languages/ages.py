"""Ages as lists write them: completed years, months, decades, counted from one at birth, about, between, over."""

import re
import unicodedata
from functools import cache, lru_cache

from corroborate.errors import InvalidValue
from corroborate.languages.numbers import (
    PARTS_OF_TEN,
    any_of,
    in_decades,
    in_digits,
    odd_ones,
    part_words,
    plain,
    read_span,
    rounded,
)
from corroborate.languages.reviewed import reviewed
from corroborate.values import Age
from corroborate.values.ages import OLDEST

_DIGIT = {c: n for n, c in enumerate("〇一二三四五六七八九")}
_YEARS = r"(?:years?(?: ?-?old)?|yrs?\.?(?: ?old)?|y\.? ?/?o\.?|y|old|세|살|歳|才|岁|歲|anos?(?: de edad)?|annees|ans|an|лет|летн\w{1,3}|года?|г|років|річн\w{1,3}|роки|рік|سنوات|سنه|سنة|عاما|عام|سال|ساله|နှစ်|tuoi|jahre)"
_MONTHS = r"(?:months?(?: ?old)?|mos?\.?|mths?|개월|달|か月|ヶ月|ケ月|カ月|箇月|ヵ月|个月|個月|meses|mes|mois|месяц(?:а|ев)?|мес\.?|місяц(?:і|ів|ь)|شهر|أشهر|اشهر|ماه|လ)"
_DAYS = r"(?:days?(?: ?old)?|weeks?(?: ?old)?|일|주|日|週間?|dias?|semanas?|jours?|semaines?|дн(?:ей|я)|день|недел[ьяи]|روز|يوم|أيام)"
_ABOUT = r"(?:about|around|approx(?:\.|imately)?|circa|ca?\.|roughly|nearly|almost|some|est(?:\.|imated)?|probably|appr\.?|~|≈|±|\?|약|대략|추정|한(?!국)|約|およそ|推定|大约|大約|约|unos|unas|aproximadamente|aprox\.?|alrededor de(?: los)?|cerca de(?: los)?|casi|hacia(?: los)?|environ|env\.?|vers|около|примерно|ок\.|близько|приблизно|حوالي|تقريبا|نحو|حدود)"
_ABOUT_AFTER = r"(?:\(?(?:approx(?:\.|imately)?|circa|ca\.?|about|or so|est(?:\.|imated)?|estimate|probably|\?|aprox\.?|aproximad[oa]s?|aproximadamente|env\.?|environ|примерно|приблизно|تقريبا)\)?|경|쯤|가량|정도|안팎|(?:으?로 )?추정됨?|(?:으?로 )?보임|즈음|무렵|\(추정\)|前後|くらい|ぐらい|頃|ごろ|ほど|程度|\(推定\)|推定|左右|上下|ish|-ish|[?*※†‡]+\d*|~+|\(\?\))"
_COUNTING = r"(?:세는 ?나이|한국 ?나이|한국식 ?나이|우리 ?나이|korean age|counting age|数え年?で?|数えで?|数|虚岁|虚歳|虛歲|虚龄)"
_INTERNATIONAL = r"(?:만 ?나이|만|満年齢|満|周岁|international age|western age)"
_BEFORE = (
    r"(?:aged?|age:?|edad:?|나이:?|연령:?|年齢:?|возраст:?|вік:?|العمر:?|at|享年|行年|当時|당시|âge:?|de|tenia|tenía)"
)
_UNKNOWN = re.compile(
    r"unknown|unk|n/?a|-+|\?+|미상|불명|모름|不明|不詳|未詳|desconocid[oa]|inconnu|неизвестно|невідомо|مجهول|none|x+|\."
)


@lru_cache(maxsize=20_000)
def read_years(text: str) -> Age | None:
    """The completed years of age that a cell says, with its words; None when it says none.

    Counting age (세는나이, 数え年) is one at birth and one more each new year: one or two above the completed years.
    """
    plain = _plain(text)
    if not plain or _UNKNOWN.fullmatch(plain):
        return None
    return _years(plain, text) or _in_words(text)


def _years(plain: str, text: str) -> Age | None:
    """An age in digits, with what stands around it. ``text``: the cell as it was."""
    approximate = False
    plain = re.sub(r"^\((.*)\)$", r"\1", plain)
    plain = re.sub(r"^생후\s*", "", plain)
    for _ in range(3):
        bare = re.sub(
            rf"^(?:{_BEFORE}\s+(?=\S)|{_BEFORE.replace('at|', '').replace('de|', '')}(?=\s?[\d一二三四五六七八九十]))",
            "",
            plain,
        ).strip()
        about = re.sub(rf"^{_ABOUT}\s*(?=\S)", "", bare).strip()
        about = re.sub(rf"(?<=\S)\s*{_ABOUT_AFTER}$", "", about).strip(" ,.")
        approximate = approximate or about != bare.strip(" ,.")
        if about == plain:
            break
        plain = about
    try:
        found = _span(plain)
        return found and Age(*found, approximate, text.strip())
    except InvalidValue:
        return None


def _plain(text: str) -> str:
    text = re.sub(r"(?<=\d)\s*[½¼¾]", ".5", text)
    text = unicodedata.normalize("NFKC", text).lower().strip()
    text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not "\u0300" <= c <= "\u036f")
    text = unicodedata.normalize("NFC", bare)
    text = re.sub(r"[–—−‐]", "-", re.sub(r"[〜～]", "~", text))
    text = re.sub(
        r"[一二三四五六七八九]?十[一二三四五六七八九]?(?=\s*(?:歳|才|岁|歲|代|$))", lambda m: str(_kanji(m[0])), text
    )
    if "살" in text:  # 서른두 살
        text = _COUNTED.sub(lambda m: str(_TENS.get(m[1], 0) + _ONES.get(m[2], 0)) if m[0] else "", text)
    return re.sub(r"\s+", " ", text)


_TENS = {
    "열": 10,
    "스물": 20,
    "스무": 20,
    "서른": 30,
    "마흔": 40,
    "쉰": 50,
    "예순": 60,
    "일흔": 70,
    "여든": 80,
    "아흔": 90,
}
_ONES = {
    "한": 1,
    "하나": 1,
    "두": 2,
    "둘": 2,
    "세": 3,
    "셋": 3,
    "네": 4,
    "넷": 4,
    "다섯": 5,
    "여섯": 6,
    "일곱": 7,
    "여덟": 8,
    "아홉": 9,
}
_COUNTED = re.compile(rf"({'|'.join(_TENS)})?({'|'.join(_ONES)})?(?=\s?살)")


def _kanji(text: str) -> int:
    tens, _, ones = text.partition("十")
    return (_DIGIT[tens] if tens else 1) * 10 + (_DIGIT[ones] if ones else 0)


def _span(plain: str) -> tuple[int, int] | None:
    number = r"(\d{1,3})(?:[.,](\d+))?"
    if found := re.fullmatch(rf"{_COUNTING}\s*{number}\s*{_YEARS}?|{number}\s*{_YEARS}?\s*\(?{_COUNTING}\)?", plain):
        years = int(found[1] or found[3])
        return (max(0, years - 2), max(0, years - 1)) if years else None
    plain = re.sub(rf"^{_INTERNATIONAL}\s*(?=\d)|\s*\(?{_INTERNATIONAL}\)?$", "", plain).strip()
    if found := re.fullmatch(rf"{number}\s*-?\s*{_YEARS}?", plain):
        return int(found[1]), int(found[1])
    if found := re.fullmatch(rf"{number}\s*{_YEARS}?(?:,| and| y| et|\s)*\s*(\d{{1,2}})\s*{_MONTHS}", plain):
        return int(found[1]), int(found[1])
    if found := re.fullmatch(
        rf"{number}\s*{_YEARS}?\s*(?:and a half|et demie?|y medio|с половиной|반|半)\s*{_YEARS}?", plain
    ):
        return int(found[1]), int(found[1])
    if re.fullmatch(r"(?:in (?:his|her) )?teens?|teen ?agers?|십대|틴에이저|ティーンエイジャー", plain):
        return 13, 19
    if found := re.fullmatch(rf"{number}\s*-?{_MONTHS}", plain):
        return int(found[1]) // 12, int(found[1]) // 12
    if re.fullmatch(
        rf"{number}\s*-?{_DAYS}|(?:newborn|new-born|neonate|infant under 1|신생아|갓난아기|新生児|recien nacid[oa]|nouveau-ne|новорожденн\w+)|(?:less than|under) (?:1|one|a) year",
        plain,
    ):
        return 0, 0
    if found := re.fullmatch(
        rf"(\d{{1,3}})\s*{_YEARS}?\s*(?:-|~|to|and|or|/|から|から|a|y|o|ou|et|a|до|по|또는|에서|부터|至|到|إلى)\s*(\d{{1,3}})\s*(?:{_YEARS}|사이|の間|まで)?",
        re.sub(r"^(?:between|entre|from|de|от|между) ", "", plain),
    ):
        ends = sorted((int(found[1]), int(found[2])))
        if "/" in plain and ends[1] - ends[0] > 5:
            return None  # 3/97 is a date
        return ends[0], ends[1]
    if found := re.fullmatch(
        rf"(?:under|less than|younger than|below|menor de|moins de|<)\s*(\d{{1,2}})\s*{_YEARS}?|(\d{{1,2}})\s*(?:세|歳)\s*(?:미만|未満)",
        plain,
    ):
        return 0, int(found[1] or found[2]) - 1
    return _in_decade(plain)


# decades


@cache
def _decade_forms() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, int]]:
    """``30대 중후반``, ``late 30s``, ``principios de los 30``; and words for people in their thirties."""
    parts = any_of(part_words())
    whose = r"(?:(?:in|en|dans|his|her|their|the|sus|su|la|los|las|les|sa|ses|of|de|des|в|في)\s+)*"
    pattern = re.compile(
        rf"{whose}(?:(?P<lead>{parts})[ -]{{0,3}}{whose})?(?:(?P<ten>\d0)(?:'?s|대|代|-х|-ых)(?: years?| de edad)?|(?<=los )(?P<los>\d0)|(?<=sus )(?P<sus>\d0))"
        rf"\s?(?:의|の)?\s?(?P<tail>{parts})?"
    )
    table = reviewed(__package__, "numbers")["ages"]["ten years"]
    words = {plain(str(word)): int(start) for start, listed in table.items() for word in listed}
    return pattern, re.compile(rf"{whose}(?:un |une |an? )?(?P<word>{any_of(words)})"), words


_TEENS = {"early": (13, 15), "mid": (14, 16), "late": (17, 19), "": (13, 19)}


def _in_decade(text: str) -> tuple[int, int] | None:
    """Ten years, or their beginning, middle and end."""
    if not any(sign in text for sign in ("0", "teen", "en", "an", "ari", "n", "air")):
        return None
    if teens := re.fullmatch(r"(?:in (?:his|her|their) )?(?:(early|mid|late)[ -])?teens", text):
        return _TEENS[teens[1] or ""]
    pattern, named, words = _decade_forms()
    if found := named.fullmatch(text):
        return words[found["word"]], words[found["word"]] + 9
    found = pattern.fullmatch(text)
    if found is None or (found["lead"] and found["tail"]):
        return None
    start, part = int(found["ten"] or found["los"] or found["sus"]), found["lead"] or found["tail"]
    first, last = PARTS_OF_TEN[part_words()[part]] if part else (0, 9)
    return start + first, start + last


_BETWEEN_DECADES = re.compile(r"\s*(?:~|-|‥|,|/|から|부터|에서|또는|または|か|\b(?:or|to|and|o|a|ou|или)\b)\s*")
_AND_ABOVE = re.compile(r"(.+?)\s?(?:이상|以上|\+|or older|or above|and over|and older|o mas)")


def _with_decades(text: str) -> tuple[int, int | None] | None:
    """One decade or a part of one, two of them with what lies between, or one and above."""
    if (one := _in_decade(text)) is not None:
        return one
    if found := _AND_ABOVE.fullmatch(text):
        lowest = _in_decade(found[1])
        return lowest and (lowest[0], None)
    for cut in _BETWEEN_DECADES.finditer(text):
        left, right = text[: cut.start()], text[cut.end() :]
        tens = re.search(r"\d0(?:'?s|대|代)", text)
        last = _in_decade(right) or (_in_decade(tens[0] + right) if tens and right in part_words() else None)
        if last is None:
            continue
        if re.fullmatch(r"[1-9]0?", left):  # 2~30대, 30-40s
            left = f"{left[0]}0s"
        first = _in_decade(left) or (_in_decade(f"{left} {tens[0]}") if tens and left in part_words() else None)
        if first is not None and first[0] < last[0]:
            return first[0], max(first[1], last[1])
    return None


# words


_WHEN = re.compile(
    r"^(?:at the age of|at age|when (?:he|she|they) (?:was|were)|a la edad de|con|a los|a las|cuando tenia|tenia|a l'age de"
    r"|agee? de|в возрасте|an? (?=\d))\s*|\s*(?:at the time|at death|at arrest|entonces|当時|당시|of age|de edad|児)$"
    r"|(?<=[대代])\s?(?:의|の)?\s?(?:여성|남성|여자|남자|소녀|소년|노인|청년|여|남|女性|男性|女|男)$|(?<=[살세])\s?(?:짜리|배기|박이)$"
)
_HALF = re.compile(
    rf"(?:(?P<n>\d{{1,3}})|an?|un)?\s*(?:{_YEARS})?\s*(?:and a half|y medi[oa]|et demie?|с половиной|반|半)\s*(?:{_YEARS})?"
)
_BEFORE_ONE = re.compile(r"\.\d+(?: years?)?|half a year|medio ano|반년|半年")


@cache
def _named_ages() -> dict[str, int]:
    table = reviewed(__package__, "numbers")["ages"]["at"]
    return {plain(str(word)): int(age) for age, words in table.items() for word in words}


def _in_words(text: str) -> Age | None:
    """What the forms in digits do not hold: numbers in words, two decades, one end alone, a hedge around any of them."""
    told, words = plain(text), text.strip()
    if (named := _named_ages().get(told)) is not None:
        return Age(named, named, True, words)
    if _BEFORE_ONE.fullmatch(told):
        return Age(0, 0, False, words)
    told = re.sub(r"^aged (?=[a-z])|(?<=over |nder |bove |elow )the age of |(?<=^under)-(?=\w)", " ", told).strip()
    told = re.sub(r"(?<=[0十])[歳才](?=代)", "", told)
    told = rounded(told) if told.startswith(("una ", "une ")) else told
    told = re.sub(r"^만\s?(?=[가-힣])", "", _WHEN.sub("", told).strip())
    told = re.sub(r"(?<=\d) ?1/2", ".5", in_decades(in_digits(told)))
    told = re.sub(r"^до (?=\d)", "младше ", re.sub(r"^лет (?=\d)", "около ", told))
    told = re.sub(r"^за (\d0)$", lambda found: f"{found[1]}…{int(found[1]) + 9}", told)
    if re.fullmatch(r"a (?:year|yr)(?: old)?|a 1(?:-| )year(?:-| )old", told):
        return Age(1, 1, False, words)
    half = _HALF.fullmatch(told)
    if half and not re.match("and|y|et|с|반|半", told):
        return Age(int(half["n"] or 1), int(half["n"] or 1), False, words)
    if (decades := _with_decades(told)) is not None:
        return Age(decades[0], OLDEST if decades[1] is None else decades[1], False, words)
    if (years := _years(told, text)) is not None:
        return years
    span = read_span(odd_ones(told), f"{_YEARS}|돌", passed_counts=True)
    if span is None:
        return None
    try:
        return Age(span.lowest, OLDEST if span.highest is None else span.highest, span.approximate, words)
    except InvalidValue:
        return None
