"""One name in many scripts: keys under which its forms meet.

A Korean name is 리영수, 이영수, 李英洙, リ・ヨンス, りえいしゅう, Ri Yong Su, Yi Yŏng-su, Lee Young-soo or LEE Youngsu. Each
form is turned into a skeleton of sounds so coarse that the spelling rules it went through no longer show; forms of one
name share a skeleton, and so do a few different names: a skeleton finds candidates, it decides nothing.

Sources of the rules: Revised Romanization (Ministry of Culture, Notice 2000-8); McCune-Reischauer (1939); the North's
own spelling (Choson-o romanisation, UN document ST/ESA/STAT/SER.M/85); Hepburn; the initial-sound rule of Korean
orthography (articles 10 to 12); hanja readings and Japanese on-readings as in any dictionary.
"""

import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources

import yaml

from corroborate.values import script_of

_LEADS = ("k", "k", "n", "t", "t", "r", "m", "p", "p", "s", "s", "", "c", "c", "c", "k", "t", "p", "h")
# vowels so coarse that ㅓ/ㅗ, ㅐ/ㅔ, ㅡ/ㅜ and their romanisations meet
_VOWELS = ("a", "e", "a", "e", "o", "e", "o", "e", "o", "a", "e", "e", "o", "u", "o", "e", "i", "u", "u", "i", "i")
_TAILS = {0: ""} | dict.fromkeys((1, 2, 3, 24), "k") | dict.fromkeys((4, 5, 6), "n") | dict.fromkeys(
    (7, 19, 20, 22, 23, 25, 27), "t") | dict.fromkeys((8, 9, 10, 11, 12, 13, 14, 15), "l") | {16: "m"} | dict.fromkeys(
    (17, 18, 26), "p") | {21: "g"}  # fmt: skip


def _syllable(letter: str) -> str:
    """Skeleton of one Hangul syllable: lead, vowel, tail. An initial ㄹ or ㄴ before i or y is not written in the South."""
    code = ord(letter) - 0xAC00
    lead, vowel, tail = _LEADS[code // 588], _VOWELS[code % 588 // 28], _TAILS[code % 28]
    return ("" if lead in ("r", "n") else lead) + vowel + tail


def _korean(text: str) -> tuple[str, ...]:
    return tuple(_syllable(c) for c in text if "가" <= c <= "힣")


@cache
def _hanja() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Character -> Korean reading, Japanese readings. Variants stand with their parent."""
    text = resources.files(__package__).joinpath("hanja.yaml").read_text(encoding="utf-8")
    table = {}
    for entry in yaml.safe_load(text):
        characters, korean, *japanese = entry.split()
        for character in characters:
            table[character] = (korean, tuple(japanese))
    return table


# Latin spellings of leads, vowels and tails in all systems, longest first in the expression.
_LATIN_LEADS = {
    "kk": "k", "gh": "k", "k": "k", "g": "k", "tt": "t", "dd": "t", "t": "t", "d": "t", "rh": "", "r": "", "l": "", "n": "",
    "pp": "p", "bb": "p", "p": "p", "b": "p", "m": "m", "ss": "s", "sh": "s", "s": "s", "jj": "c", "tch": "c", "ch": "c",
    "j": "c", "z": "c", "h": "h", "": "",
}  # fmt: skip
_LATIN_VOWELS = {
    "yeo": "o", "yae": "e", "yoo": "u", "you": "u", "yuo": "o", "wae": "e", "weo": "o", "woo": "u", "wuh": "o",
    "ya": "a", "ye": "e", "yo": "o", "yu": "u", "yi": "i", "eui": "i", "ui": "i", "eo": "o", "eu": "u", "ae": "e", "ai": "e",
    "oe": "e", "oi": "e", "wa": "a", "we": "e", "wi": "i", "wo": "o", "oo": "u", "ou": "u", "ee": "i", "ie": "i", "uh": "o",
    "oh": "o", "ah": "a", "eh": "e", "ay": "e", "ea": "e", "a": "a", "e": "e", "i": "i", "o": "o", "u": "u",
}  # fmt: skip
_LATIN_TAILS = {"ng": "g", "k": "k", "c": "k", "g": "k", "n": "n", "t": "t", "s": "t", "l": "l", "r": "l", "m": "m",
                "p": "p", "b": "p", "": ""}  # fmt: skip
# Passport spellings that follow no system, as whole words.
_LATIN_WORDS = {
    "lee": "i", "rhee": "i", "yi": "i", "ri": "i", "li": "i", "i": "i", "park": "pak", "bak": "pak", "pak": "pak",
    "choi": "ce", "choe": "ce", "chey": "ce", "moon": "mun", "yoon": "un", "yun": "un", "lim": "im", "rim": "im",
    "im": "im", "yim": "im", "oh": "o", "o": "o", "suh": "so", "seo": "so", "so": "so", "shin": "sin", "sin": "sin",
    "young": "og", "yong": "og", "yeong": "og", "yung": "og", "jung": "cog", "chung": "cog", "jong": "cog",
    "jeong": "cog", "hyun": "hon", "hyon": "hon", "hyeon": "hon", "sung": "sog", "song": "sog", "seong": "sog",
    "myung": "mog", "myong": "mog", "myeong": "mog", "kyung": "kog", "kyong": "kog", "gyeong": "kog", "hyung": "hog",
    "hyong": "hog", "hyeong": "hog", "chul": "col", "chol": "col", "cheol": "col", "suk": "suk", "sook": "suk",
    "sok": "sok", "seok": "sok", "hyuk": "hok", "hyok": "hok", "hyeok": "hok", "duk": "tok", "tok": "tok",
    "deok": "tok", "jun": "con", "jon": "con", "jeon": "con", "chun": "con", "chon": "con", "sun": "son",
    "won": "on", "weon": "on", "kwon": "kon", "gwon": "kon", "kwun": "kon", "huh": "ho", "hur": "ho", "heo": "ho",
    "ho": "ho", "keun": "kun", "geun": "kun", "kun": "kun", "hee": "hi", "hui": "hi", "hi": "hi", "soon": "sun",
    "joon": "cun", "choon": "cun", "pyo": "po", "noh": "o", "roh": "o", "no": "o", "ro": "o", "paik": "pek", "paek": "pek",
    "baek": "pek", "hwang": "hag", "whang": "hag", "wol": "ol", "weol": "ol", "yeon": "on", "ryon": "on", "ryeon": "on",
    "dong": "tog", "tong": "tog", "kook": "kuk", "guk": "kuk", "kuk": "kuk",
}  # fmt: skip
# Spellings that stand for two sounds in common use: both are keys.
_BOTH = {"sun": ("son", "sun"), "jun": ("con", "cun"), "chun": ("con", "cun"), "suk": ("suk", "sok"), "hun": ("hon", "hun"),
         "song": ("sog",), "jung": ("cog",), "kum": ("kum",), "chong": ("cog",), "tok": ("tok",),
         "sung": ("sog", "sug"), "young": ("og",), "chol": ("col",), "yon": ("on",)}  # fmt: skip
_PART = re.compile(
    "({})({})({})".format(
        *(
            "|".join(sorted(filter(None, table), key=len, reverse=True)) + "|"
            for table in (_LATIN_LEADS, _LATIN_VOWELS, _LATIN_TAILS)
        )
    )  # fmt: skip
)


def plain(text: str) -> str:
    """Latin letters without marks, lower case; apostrophes go, hyphens and commas become spaces."""
    decomposed = unicodedata.normalize("NFKD", text)
    letters = "".join(c for c in decomposed if not unicodedata.combining(c) and c not in "'’ʼ`")
    return re.sub(r"[^a-z]+", " ", letters.lower()).strip()


@lru_cache(maxsize=100_000)
def _latin_word(word: str) -> tuple[tuple[str, ...], ...]:
    """All ways to read a word as one to three Korean syllables, as skeletons; shortest readings first."""
    if word in _BOTH:
        return tuple((one,) for one in _BOTH[word])
    if word in _LATIN_WORDS:
        return ((_LATIN_WORDS[word],),)
    readings: list[tuple[str, ...]] = []

    def read(rest: str, so_far: tuple[str, ...]) -> None:
        if not rest:
            readings.append(so_far)
            return
        if len(so_far) == 3:
            return
        for end in range(min(7, len(rest)), 0, -1):
            head = rest[:end]
            if head in _BOTH:
                for one in _BOTH[head]:
                    read(rest[end:], (*so_far, one))
            elif head in _LATIN_WORDS:
                read(rest[end:], (*so_far, _LATIN_WORDS[head]))
            else:
                heard = _latin_syllable(head)
                if heard is not None:
                    read(rest[end:], (*so_far, heard))

    read(word, ())
    fewest = min((len(one) for one in readings), default=0)
    return tuple(sorted({one for one in readings if len(one) == fewest}))[:8]


@lru_cache(maxsize=20_000)
def _latin_syllable(text: str) -> str | None:
    found = _PART.fullmatch(text)
    if found is None or not found[2]:
        return None
    return _LATIN_LEADS[found[1]] + _LATIN_VOWELS[found[2]] + _LATIN_TAILS[found[3]]


_KANA_LEADS = {"k": "k", "g": "k", "s": "s", "z": "c", "t": "t", "d": "t", "n": "", "h": "h", "p": "p", "b": "p", "m": "m",
               "r": "", "ch": "c", "j": "c", "sh": "s", "f": "h", "ts": "c", "": "", "y": "", "w": ""}  # fmt: skip
_KANA = {
    **{c: r for row, letters in {
        "": "アイウエオ", "k": "カキクケコ", "s": "サシスセソ", "t": "タチツテト", "n": "ナニヌネノ", "h": "ハヒフヘホ",
        "m": "マミムメモ", "r": "ラリルレロ", "g": "ガギグゲゴ", "z": "ザジズゼゾ", "d": "ダヂヅデド", "b": "バビブベボ",
        "p": "パピプペポ"}.items() for c, r in zip(letters, (row + v for v in "aiueo"), strict=True)},
    "ヤ": "ya", "ユ": "yu", "ヨ": "yo", "ワ": "wa", "ヲ": "o", "ン": "n", "ッ": "", "ー": "", "ァ": "a", "ィ": "i", "ゥ": "u",
    "ェ": "e", "ォ": "o", "ャ": "ya", "ュ": "yu", "ョ": "yo",
}  # fmt: skip


def kana_to_latin(text: str) -> str:
    """Kana as plain romanisation: チョ is cho, シ is si; half-width and hiragana are read alike."""
    wide = unicodedata.normalize("NFKC", text)
    letters = [chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in wide]
    out: list[str] = []
    for c in letters:
        roman = _KANA.get(c, "?")
        if roman == "?":
            out.append(" ")
        elif c in "ャュョァィゥェォ" and out and out[-1]:
            head = out[-1]
            small = roman[-1] if c in "ァィゥェォ" else roman
            out[-1] = (head[:-1] if head[-1] in "aiueo" else head) + (small if len(head) > 1 else roman)
        else:
            out.append(roman)
    return re.sub(r"\s+", " ", "".join(out)).strip()


def _rough(latin: str) -> str:
    """Consonants of a Japanese or other Latin name with its first vowel: what spelling leaves alone."""
    letters = plain(latin).replace(" ", "")
    for hepburn, kana in (
        ("shi", "si"),
        ("chi", "ti"),
        ("tsu", "tu"),
        ("fu", "hu"),
        ("ji", "zi"),
        ("sh", "sy"),
        ("ch", "ty"),
        ("j", "zy"),
    ):
        letters = letters.replace(hepburn, kana)
    letters = re.sub(r"ou|oo|oh(?=[^aiueo]|$)", "o", letters)
    return re.sub(r"uu", "u", letters)


@lru_cache(maxsize=200_000)
def name_keys(text: str) -> frozenset[str]:
    """Skeleton keys of a full name. ``k:`` a Korean reading, family name first; ``j:`` a Japanese one.

    Forms of one name share at least one key. An incomplete name (``김○수``) gives keys with ``?`` in place of what is
    missing, which meet only their like.
    """
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text)).strip()
    script = script_of(text)
    if script == "Hang":
        whole = re.sub(r"\s+", "", text)
        if re.search(r"[○〇Xx?*]", whole):
            return frozenset()
        parts = _korean(whole)
        return frozenset({"k:" + "-".join(parts)}) if 2 <= len(parts) <= 4 else frozenset()
    if script == "Hani":
        return _hani_keys(re.sub(r"\s+", "", text))
    if script == "Kana":
        return _kana_keys(text)
    if script == "Latn":
        return _latin_keys(text)
    return frozenset()


def _hani_keys(text: str) -> frozenset[str]:
    table = _hanja()
    keys = {"h:" + text}
    if 2 <= len(text) <= 4 and all(c in table for c in text):
        # 金 is Kim as a surname and Kum in a given name
        read = [table[c][0] if c != "金" or at == 0 else "금" for at, c in enumerate(text)]
        keys.add("k:" + "-".join(map(_syllable, read)))
    return frozenset(keys)


def _kana_keys(text: str) -> frozenset[str]:
    latin = kana_to_latin(text)
    keys = {"j:" + _rough(latin)}
    words = unicodedata.normalize("NFKC", text).replace("・", " ").split()
    if len(words) == 2 and any("ァ" <= c <= "ヶ" for c in words[0]):  # the Korean sound in katakana
        keys |= {"m:" + _kana_skeleton("".join(words))}
    else:  # Japanese readings of the characters
        keys |= {"o:" + _rough(latin)}
    return frozenset(keys)


def _kana_skeleton(kana: str) -> str:
    """Katakana of Korean lose tails and vowels; what is left is compared with the same loss of the Korean form."""
    return _lossy_latin(kana_to_latin(kana))


def _lossy_latin(latin: str) -> str:
    letters = plain(latin).replace(" ", "")
    letters = re.sub(r"(?<=[aiueo])(?:ku|tu|pu|mu|ru)(?=[^aiueo]|$)", lambda m: m[0][0], letters)
    return re.sub(r"[^a-z]", "", letters)


def _latin_keys(text: str) -> frozenset[str]:
    words = plain(text).split()
    if not words or len(words) > 4:
        return frozenset()
    readings: list[list[tuple[str, ...]]] = [[()]]
    keys = {"j:" + _rough(" ".join(words)), "j:" + _rough(" ".join(reversed(words)))}
    orders = {tuple(words), (words[-1], *words[:-1])}
    for order in orders:
        readings = [[()]]
        for word in order:
            options = _latin_word(word)
            if not options:
                break
            readings.append([(*before, *option) for before in readings[-1] for option in options][:32])
        else:
            keys |= {"k:" + "-".join(one) for one in readings[-1] if 2 <= len(one) <= 4}
    return frozenset(keys)


def on_key(text: str) -> str | None:
    """Key of the Japanese on-reading of a name in characters, or None when one of them is not in the table."""
    table = _hanja()
    if not text or any(c not in table or not table[c][1] for c in text):
        return None
    return "o:" + _rough(kana_to_latin("".join(table[c][1][0] for c in text)))
