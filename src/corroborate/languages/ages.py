"""Ages as lists write them: completed years, months, decades, counted from one at birth, about and between."""

import re
import unicodedata
from functools import lru_cache

from corroborate.errors import InvalidValue
from corroborate.values import Age

_DIGIT = {c: n for n, c in enumerate("〇一二三四五六七八九")}
_YEARS = r"(?:years?(?: ?-?old)?|yrs?\.?(?: ?old)?|y\.? ?/?o\.?|y|old|세|살|歳|才|岁|歲|anos?(?: de edad)?|ans|an|лет|летн\w{1,3}|года?|г|років|річн\w{1,3}|роки|рік|سنوات|سنه|سنة|عاما|عام|سال|ساله|နှစ်|tuoi|jahre)"
_MONTHS = r"(?:months?(?: ?old)?|mos?\.?|mths?|개월|달|か月|ヶ月|ケ月|カ月|箇月|ヵ月|个月|個月|meses|mes|mois|месяц(?:а|ев)?|мес\.?|місяц(?:і|ів|ь)|شهر|أشهر|اشهر|ماه|လ)"
_DAYS = r"(?:days?(?: ?old)?|weeks?(?: ?old)?|일|주|日|週間?|dias?|semanas?|jours?|semaines?|дн(?:ей|я)|день|недел[ьяи]|روز|يوم|أيام)"
_ABOUT = r"(?:about|around|approx(?:\.|imately)?|circa|ca?\.|roughly|nearly|almost|some|est(?:\.|imated)?|probably|appr\.?|~|≈|±|\?|약|대략|추정|한(?!국)|約|およそ|推定|大约|大約|约|unos|unas|aproximadamente|aprox\.?|alrededor de|cerca de|casi|hacia|environ|env\.?|vers|около|примерно|ок\.|близько|приблизно|حوالي|تقريبا|نحو|حدود)"
_ABOUT_AFTER = r"(?:\(?(?:approx(?:\.|imately)?|circa|ca\.?|about|or so|est(?:\.|imated)?|estimate|probably|\?|aprox\.?|aproximad[oa]s?|aproximadamente|env\.?|environ|примерно|приблизно|تقريبا)\)?|경|쯤|가량|정도|안팎|추정|무렵|\(추정\)|前後|くらい|ぐらい|頃|ごろ|ほど|程度|\(推定\)|推定|左右|上下|ish|-ish|[?*~※†‡]+\d*|\(\?\))"
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
        return min(int(found[1]), int(found[2])), max(int(found[1]), int(found[2]))
    if found := re.fullmatch(
        rf"(?:under|less than|younger than|below|menor de|moins de|<)\s*(\d{{1,2}})\s*{_YEARS}?|(\d{{1,2}})\s*(?:세|歳)\s*(?:미만|未満)",
        plain,
    ):
        return 0, int(found[1] or found[2]) - 1
    return _decade(plain)


def _decade(plain: str) -> tuple[int, int] | None:
    """``40s``, ``40대 후반``, ``late forties``, ``20代前半``: ten years, or their beginning, middle and end."""
    words = {
        "teens": 10,
        "twenties": 20,
        "thirties": 30,
        "forties": 40,
        "fifties": 50,
        "sixties": 60,
        "seventies": 70,
        "eighties": 80,
        "nineties": 90,
        "veinte": 20,
        "treinta": 30,
        "cuarenta": 40,
        "cincuenta": 50,
        "sesenta": 60,
    }
    part = r"(early|mid|middle|late|초반|초|중반|중|후반|말|前半|半ば|後半)"
    found = re.fullmatch(
        rf"(?:in (?:his|her|their) )?(?:{part}[ -])?(?:the )?(?:(\d0)(?:'?s|대|代|-х|-ых)|({'|'.join(words)}))\s*(?:の)?{part}?|(?:unos|los) (\d0)(?: y tantos)?",
        plain,
    )
    if found is None:
        return None
    start = int(found[2] or found[5] or words[found[3]])
    first, last = {
        "early": (0, 3),
        "초반": (0, 3),
        "초": (0, 3),
        "前半": (0, 4),
        "mid": (4, 6),
        "middle": (4, 6),
        "중반": (4, 6),
        "중": (4, 6),
        "半ば": (4, 6),
        "late": (7, 9),
        "후반": (7, 9),
        "말": (7, 9),
        "後半": (5, 9),
    }.get(found[1] or found[4] or "", (0, 9))
    return start + first, start + last
