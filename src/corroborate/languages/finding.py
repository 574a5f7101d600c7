"""What names and texts are found by: the keys under which they are kept, and those that a question asks.

A name is kept under everything that its writing can stand for (:mod:`names`), under its family and given name alone,
and under the consonants of its words. A question asks the same of its own words, so that two writings of one name meet
whatever their script. A key finds; it does not say that two names are one person's.

Keys of names: those of :class:`names.NameForm`, and ``f:`` a Korean family, ``g:`` a Korean given name, ``w:`` the
consonants of one word, or of two (``w:km+nk``). Keys of texts are their words; of Korean, Chinese and Japanese, which
are written without spaces or with endings (and of Thai, Lao, Burmese and Khmer), each letter with the next one.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, product

from corroborate.languages import korean
from corroborate.languages.names import SURE, NameForm, heard_key, name_forms
from corroborate.languages.sounds import skeleton, sound_of
from corroborate.values import script_of

_SPACED = re.compile(r"[㐀-鿿豈-﫿぀-ヿ가-힣々〇]+(?:\s[㐀-鿿豈-﫿぀-ヿ가-힣々〇]+)+")
LONGEST = 120  # letters of a key
_STEM = 4  # letters of a word in an alphabet from which longer words that begin with it are found too
_PAIRED_WORDS = 5  # words of a name of which each two have a key
_LEAST_SOUND = 2  # consonants: one alone is shared by too many words
# Marks that some writings leave out: Latin, Greek and Cyrillic accents, Arabic and Hebrew points, the Arabic tatweel.
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0640]")
_BETWEEN = re.compile(r"[\s\-‐-―−·・･ㆍ'’‘ʼ`´ʹʿʾ.]+")
_SAME = str.maketrans("أإآٱىةیک", "اااايهيك")
_EAST = "㐀-鿿豈-﫿぀-ヿ가-힣ᄀ-ᇿ㄰-㆏々〇"
_CJK = re.compile(f"[{_EAST}]")
# Scripts without spaces between words, with their vowel signs: also Thai, Lao, Burmese and Khmer
_UNSPACED = f"{_EAST}\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u1000-\u103f\u1050-\u109f\u1780-\u17d3"
_PAIRED = re.compile(f"[{_UNSPACED}]")
_RUNS = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]+")  # KBS방송 is KBS and 방송


def plain_letters(text: str) -> str:
    """Letters as they are compared: one width, one case, composed, without marks and without characters that are not
    seen (zero-width spaces and joiners, marks of direction)."""
    if text.isascii():
        return text.lower()
    wide = unicodedata.normalize("NFKC", text).casefold()
    seen = "".join(letter for letter in wide if unicodedata.category(letter) != "Cf")
    bare = _MARKS.sub("", unicodedata.normalize("NFD", seen))
    return unicodedata.normalize("NFC", bare).translate(_SAME)


@lru_cache(maxsize=100_000)
def folded(text: str) -> str:
    """A name in the letters by which it is found: also without spaces, hyphens, dots and apostrophes."""
    return _BETWEEN.sub("", plain_letters(text)) or "".join(text.split())


def shown(text: str) -> str:
    """A text without the characters that are not seen, in one width, composed: what the rules of names read."""
    if text.isascii():
        return " ".join(text.split())
    wide = unicodedata.normalize("NFKC", text)
    kept = "".join(letter for letter in wide if unicodedata.category(letter) != "Cf")
    return " ".join(unicodedata.normalize("NFC", kept).split())


def _heard(forms: tuple[NameForm, ...]) -> Iterator[str]:
    for form in forms:
        if form.key.startswith("k:") and form.family and form.given and form.probability >= SURE:
            yield heard_key(form.family, form.given)


@lru_cache(maxsize=100_000)
def keys_of_name(text: str) -> frozenset[str]:
    """Every key under which a name is kept."""
    text = shown(text)
    forms = name_forms(text)
    keys = {form.key for form in forms} | set(_heard(forms))
    for form in forms:
        if form.key.startswith("k:") and form.probability >= SURE:
            keys |= {f"f:{form.family}", f"g:{form.given}"}
    sounds = _sounds(text)
    keys |= {*sounds, *_paired(sounds)}
    return frozenset(key[:LONGEST] for key in keys)


def _sounds(text: str) -> tuple[str, ...]:
    """The consonants of each word of a name in an alphabet, as keys."""
    if _CJK.search(text):
        return ()
    words = [word for word in _RUNS.findall(unicodedata.normalize("NFC", text)) if len(word) > 1]
    heard = dict.fromkeys(_consonants(re.sub("^[اأ]ل(?=...)", "", word.casefold())) for word in words)
    return tuple(f"w:{one}"[:LONGEST] for one in heard if len(one) >= _LEAST_SOUND)


def _paired(sounds: tuple[str, ...]) -> Iterator[str]:
    """Each two words of a name under one key: of words that many names have, few names have both."""
    for first, second in combinations(sorted(set(sounds[:_PAIRED_WORDS])), 2):
        yield f"{first}+{second[2:]}"[:LONGEST]


def _consonants(word: str) -> str:
    """The consonants of a word by classes; where they are too few to find by, all of them as they sound."""
    sound = sound_of(word).sound
    by_class = skeleton(sound)
    return by_class if len(by_class) >= _LEAST_SOUND else re.sub("[aeiouAWYEH?]", "", sound)


def asked_whole(text: str) -> frozenset[str]:
    """Keys that a whole name in a question asks."""
    forms = name_forms(shown(text))
    return frozenset(key[:LONGEST] for key in ({form.key for form in forms} | set(_heard(forms))))


def asked_parts(text: str) -> frozenset[str]:
    """Keys of a family or a given name that stands alone in a question."""
    text = shown(text)
    whole, script = "".join(text.split()), script_of(text)
    families, givens = set[str](), set[str]()
    if script == "Hang" and re.fullmatch("[가-힣]{1,3}", whole):
        families.add(korean.canonical(whole, "")[0])
        givens.add(korean.canonical("", whole)[1])
    elif script == "Hani" and len(whole) <= 3:
        read = [korean.readings_of(letter) for letter in korean.hanja_form(whole)]
        for syllables in list(product(*read))[:8]:
            one = "".join(syllables)
            families.add(korean.canonical("김" if whole == "金" else one, "")[0])
            givens.add(korean.canonical("", one)[1])
    elif script in ("Latn", "Cyrl"):
        givens |= {given for given, _ in korean.read_given(text)}
        if " " not in text and script == "Latn" and (family := korean.family_of(korean.marked(text))):
            families.add(family)
    return frozenset([f"f:{one}" for one in families & korean.families()] + [f"g:{one}" for one in givens if one])


def asked_sounds(text: str) -> tuple[str, ...]:
    """Keys of the consonants of a question's words; a name that sounds like it has all of them. Of several words, by
    two and two."""
    sounds = _sounds(shown(text))
    return tuple(_paired(sounds)) if len(set(sounds)) > 1 else sounds


def words_heard(text: str) -> tuple[str, ...]:
    """The keys of the consonants of each word by itself."""
    return _sounds(shown(text))


def _pairs(run: str) -> Iterator[str]:
    for at in range(len(run)):
        yield run[at : at + 2]


def words_of_text(text: str) -> frozenset[str]:
    """The words under which a text is kept."""
    letters, found = plain_letters(text), set[str]()
    for run in _RUNS.findall(letters):
        found |= set(_pairs(run)) if _PAIRED.match(run) else {run[:LONGEST]}
    for run in _SPACED.findall(letters):  # Korean is spaced as people like: 공개 처형 and 공개처형 are one
        found |= set(_pairs(re.sub(r"\s", "", run)))
    return frozenset(found)


def asked_words(text: str) -> tuple[str, ...]:
    """The words that a question asks, each once: a text must have all of them. One letter of Korean, Chinese,
    Japanese or another script without spaces is asked as the beginning of a pair (it ends with ``*``)."""
    found: dict[str, None] = {}
    for run in _RUNS.findall(plain_letters(text)):
        if not _PAIRED.match(run):
            found[run[:LONGEST]] = None
        elif len(run) == 1:
            found[run + "*"] = None
        else:
            found.update(dict.fromkeys(run[at : at + 2] for at in range(len(run) - 1)))
    return tuple(found)


def runs_of(letters: str) -> Iterator[tuple[int, str]]:
    """The runs of letters of a text that :func:`plain_letters` gave, each with where it begins."""
    for run in _RUNS.finditer(letters):
        yield run.start(), run.group()


def found_by(word: str, run: str, begins: int) -> Iterator[tuple[int, int]]:
    """From where to where a word of :func:`asked_words` stands in a run of letters that begins at a place."""
    if not _PAIRED.match(run):
        if run == word or (stems(word) and run.startswith(word)):
            yield begins, begins + len(run)
        return
    sought = word.removesuffix("*")
    at = run.find(sought)
    while at >= 0:
        yield begins + at, begins + at + len(sought)
        at = run.find(sought, at + 1)


def stems(word: str) -> bool:
    """Whether a word of a question also finds longer words that begin with it."""
    return len(word) >= _STEM and not word.isdecimal()


__all__ = [
    "asked_parts",
    "asked_sounds",
    "asked_whole",
    "asked_words",
    "folded",
    "found_by",
    "keys_of_name",
    "plain_letters",
    "runs_of",
    "shown",
    "stems",
    "words_heard",
    "words_of_text",
]
