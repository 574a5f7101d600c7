"""The words of a written name, as a sequence: what a title, an article, a comma or capitals say is heard and left out.

Nothing here knows what a word means in one language alone: a name of three words is its given name, its father's and its
family's name, or a given name and two surnames, or two given names and a surname; ``linkage`` compares sequences, and
weighs each word by how rare it is. Order: the given name first where the writing says so (a comma, capitals), else as
written.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import yaml

_BRACKETS = re.compile(r"[(\[（［«„“\"<《]([^)\]）］»”\">》]*)[)\]）］»”\">》]")
_ALIAS = re.compile(r"\b(?:alias|a\.?k\.?a\.?|aka|nicknamed|known as|née|nee|born|dit|dite|apodado|conocido como)\b\.?|المعروف|الملقب|кличка|он же|вона ж", re.I)  # fmt: skip
_AGE = re.compile(r"[,،]?\s*(?:aged?\s*)?\d+\s*(?:years?(?: old)?|yrs?|y\.?o\.?|ans|años|anos|лет|років|г\.?р?\.?|세|살|歳|才|سنة|عام)?\.?", re.I)  # fmt: skip
_SUN = re.compile(r"\b(?:a[lnrstdz]|ash|e[lnrstdz]|esh|ul|il)[-‐‑–’'](?=\w{2})", re.I)
_LOOSE = re.compile(r"\b(?:al|el|ul)\s+(?=\w{3})", re.I)
_GLUE = re.compile(r"['’ʼ`ʿʾ‘´ʹ״׳᾽]")
_BETWEEN = re.compile(r"[\s\-‐‑–—־.·・•/_;:،,|]+")
_ARABIC_ARTICLE = re.compile(r"^ال(?=..)")
_SERVANT = re.compile(r"^(?:abd(?:[aeiou]?l(?!$)|[aeiou](?=([rnsz])\1)|[iu](?=r))?|عبدال|عبد)(?=[^\W_]{2})")
_SYLLABLE = re.compile(r"(?<!^)(?<!္)(?=[က-အ](?!်|္))")
_SUFFIXES = frozenset(
    ("oglu", "ogly", "oğlu", "ogli", "uulu", "kyzy", "qizi", "gizi", "kizi")
)  # behind a father's name


@cache
def _list(which: str) -> frozenset[str]:
    text = resources.files(__package__).joinpath("words.yaml").read_text(encoding="utf-8")
    return frozenset(unicodedata.normalize("NFC", str(yaml.load(text, Loader=yaml.CSafeLoader)[which])).split())


@dataclass(frozen=True, slots=True)
class NameWords:
    """Words of one writing of a name, lower case, given name first where the writing says so. A word of one letter, or
    with a full stop, is an initial."""

    words: tuple[str, ...]
    turned: bool = False  # the writing said which word is the family's, and it was put last


def cleaned(text: str) -> str:
    """One space between words; no marks of direction, no letters that only lay out, full width made narrow."""
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text.replace("\u00ad", "")))
    return re.sub(r"\s+", " ", "".join(c for c in text if unicodedata.category(c) != "Cf")).strip()


def _split(part: str) -> list[str]:
    part = _GLUE.sub("", _SUN.sub("", part))
    words: list[str] = []
    for word in _BETWEEN.split(part):
        if "\u1000" <= word[:1] <= "\u109f":
            words += _SYLLABLE.split(word)
        elif re.search(r"[^\W\d_]", word):
            words.append(re.sub(r"[\d_]", "", word))
    return words


def _plain(word: str) -> str:
    """Lower case, Latin letters without marks: Văn is van."""
    lower = word.lower()
    return (
        lower
        if lower.isascii()
        else "".join(c for c in unicodedata.normalize("NFD", lower) if c < "\u0300" or c > "\u036f")
    )


def _kept(words: list[str]) -> list[str]:
    """Without titles at either end, and particles and articles between."""
    titles, particles = _list("titles"), _list("particles")
    while len(words) > 1 and words[0].lower().rstrip(".") in titles:
        words = words[1:]
    while len(words) > 1 and words[-1].lower().rstrip(".") in titles:
        words = words[:-1]
    words = [
        word
        for at, word in enumerate(words)
        if len(words) < 3 or at == len(words) - 1 or word.lower() not in ("al", "el", "ul")
    ]
    kept = [
        word
        for at, word in enumerate(words)
        if not (0 < at < len(words) - (word.lower() not in _SUFFIXES) and _plain(word) in particles)
        or (len(word) == 1 and word.isupper())
    ]
    return kept or words


def _joined(words: list[str]) -> list[str]:
    """Servants of God, fathers and mothers of somebody, and saints: one word with what follows."""
    joined, made, at = _list("joined"), list[str](), 0
    while at < len(words):
        word = words[at].lower()
        if word in joined and at + 1 < len(words) and len(words[at + 1]) > 1:
            word += _ARABIC_ARTICLE.sub("", words[at + 1].lower())
            at += 1
        word = _SERVANT.sub(lambda found: "عبد" if found[0][:1] == "ع" else "abd", word, count=1)
        made.append(_ARABIC_ARTICLE.sub("", word))
        at += 1
    return made


def _ordered(text: str) -> tuple[list[str], bool]:
    """Words, the family's last where a comma or capitals tell it."""
    if "," in text or "،" in text:
        family, _, given = re.sub("،", ",", text).partition(",")
        first, last = _kept(_split(given)), _kept(_split(family))
        if first and last:
            return first + last, True
        return first or last, False
    words = _split(text)
    capitals = [len(w) > 1 and w.isupper() and w.upper() != w.lower() for w in words]
    if any(capitals) and not all(capitals) and any(w[:1].isupper() and w[1:].islower() for w in words):
        first = [w for w, c in zip(words, capitals, strict=True) if not c]
        last = [w for w, c in zip(words, capitals, strict=True) if c]
        if capitals == sorted(capitals) or capitals == sorted(capitals, reverse=True):
            return _kept(first) + _kept(last), True
    return _kept(words), False


@lru_cache(maxsize=400_000)
def name_words(text: str) -> NameWords:
    """The words of one writing of a name. What stands in brackets, an age and a number are left out
    (:func:`writings` gives what the brackets hold)."""
    text = _AGE.sub("", _ALIAS.split(_BRACKETS.sub(" ", cleaned(text)))[0])
    words, turned = _ordered(text)
    return NameWords(tuple(_joined(words)), turned)


@lru_cache(maxsize=400_000)
def writings(text: str) -> tuple[str, ...]:
    """A cell of a name as the writings that it holds: the name, and what its brackets or an *alias* add."""
    text = cleaned(text)
    beside = [found.strip() for found in _BRACKETS.findall(text)]
    main, *more = _ALIAS.split(_BRACKETS.sub(lambda found: " " if found[1] else found[0], text))
    every = [main, *(one for one in (*more, *beside) if _ALIAS.sub("", one).strip())]
    told = [re.sub(r"^[\s:;,]+|[\s;,]+$", "", _ALIAS.sub(" ", one)) for one in every]
    return tuple(dict.fromkeys(one for one in told if re.search(r"[^\W\d_]{2}", one))) or (text,)


def without_burmese_titles(words: tuple[str, ...]) -> tuple[str, ...]:
    """Without *U*, *Daw*, *Ko*, *Ma* before a Burmese name."""
    return words[1:] if len(words) > 1 and words[0] in _list("burmese") else words


def writes_burmese(names: list[tuple[str, ...]]) -> bool:
    """Whether a list puts Burmese titles before names: at least three of them, before one name in ten."""
    leading = [words[0] for words in names if len(words) > 1 and words[0] in _list("burmese")]
    return len(set(leading)) >= 3 and len(leading) >= 0.1 * len(names)
