"""Words of names in any script as letters that can be compared: what each letter sounds like, in one small alphabet.

Latin, Cyrillic, Greek, Georgian, Armenian and other alphabets write vowels and consonants: a word becomes the letters of
its romanisation, folded (``sh`` is one letter, ``kh`` another, doubled letters one). Arabic, Persian and Hebrew write
consonants and long vowels; those letters say what they may stand for, and a short vowel in the other writing costs
next to nothing. The scripts of India, of Ethiopia and of South East Asia write a vowel unseen in each consonant.

Tables of our own stand where a romanisation that people use differs from the letters (Arabic, Persian, Hebrew,
Ukrainian and Russian, Burmese, Thai); every other letter is romanised by anyascii (ISC), whatever its script.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

ALPHABET, ABJAD, UNSEEN = (
    0,
    1,
    2,
)  # how a script writes vowels: all of them, the long ones, all but one that is understood
# Lower case: as in English. Capitals: S sh, C ch, X kh, and letters of scripts without vowels:
# A alif, W waw, Y ya, E ayin or hamza, H a final h that may be a vowel, Q qaf or ghayn, T th or s, D dh, z or d,
# B b or v, P p or f, K k or kh, Z sh or s. A question mark is a letter that was lost.
LETTERS = "?abcdefghijklmnopqrstuvwxyzSCXAWYEHQTDBPKZ"
_ARABIC = {
    **dict.fromkeys("اأإآٱ", "A"), **dict.fromkeys("ءئؤع", "E"), **dict.fromkeys("ىيی", "Y"), "و": "W", "ب": "b", "پ": "p",
    **dict.fromkeys("تط", "t"), "ث": "T", "ج": "j", "چ": "C", "ح": "h", "ه": "h", "ھ": "h", "خ": "X", "د": "d",
    **dict.fromkeys("ذظض", "D"), "ر": "r", "ز": "z", "ژ": "j", **dict.fromkeys("سص", "s"), "ش": "S", **dict.fromkeys("غق", "Q"),
    "ف": "f", "ڤ": "v", **dict.fromkeys("كک", "k"), "گ": "g", "ل": "l", "م": "m", "ن": "n", "ة": "H", "ں": "n", "ٹ": "t",
    "ڈ": "d", "ڑ": "r", "ہ": "h", "ے": "Y",
}  # fmt: skip
_HEBREW = {
    "א": "E", "ב": "B", "ג": "g", "ד": "d", "ה": "h", "ו": "W", "ז": "z", "ח": "X", "ט": "t", "י": "Y", "כ": "K", "ך": "K",
    "ל": "l", "מ": "m", "ם": "m", "נ": "n", "ן": "n", "ס": "s", "ע": "E", "פ": "P", "ף": "P", "צ": "c", "ץ": "c", "ק": "k",
    "ר": "r", "ש": "Z", "ת": "t",
}  # fmt: skip
# Ukrainian as its passports romanise it (2010) and Russian as English writes it: one table, since a list may hold both.
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ё": "io", "ж": "zh", "з": "z", "и": "y",
    "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e",
    "ю": "iu", "я": "ia", "ў": "w", "ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "ҳ": "h",
    "ҷ": "j", "ӣ": "i", "ӯ": "u", "ђ": "dj", "ћ": "c", "џ": "dzh", "љ": "lj", "њ": "nj", "ј": "j",
}  # fmt: skip
_GREEK = (("μπ", "b"), ("ντ", "d"), ("γκ", "g"), ("γγ", "ng"), ("τσ", "ts"), ("τζ", "tz"), ("ου", "u"), ("αυ", "av"),
          ("ευ", "ev"), ("ει", "i"), ("οι", "i"), ("αι", "e"), ("η", "i"), ("υ", "i"), ("χ", "h"), ("θ", "th"),
          ("ξ", "x"), ("ψ", "ps"), ("β", "v"), ("φ", "f"))  # fmt: skip
# Initials and endings of Burmese as they are spelled in English; stacked and killed letters end a syllable.
_BURMESE = {
    "က": "k", "ခ": "kh", "ဂ": "g", "ဃ": "g", "င": "ng", "စ": "s", "ဆ": "s", "ဇ": "z", "ဈ": "z", "ည": "ny", "ဉ": "ny", "ဋ": "t",
    "ဌ": "ht", "ဍ": "d", "ဏ": "n", "တ": "t", "ထ": "ht", "ဒ": "d", "ဓ": "d", "န": "n", "ပ": "p", "ဖ": "ph", "ဗ": "b", "ဘ": "b",
    "မ": "m", "ယ": "y", "ရ": "y", "လ": "l", "ဝ": "w", "သ": "th", "ဟ": "h", "ဠ": "l", "အ": "",
}  # fmt: skip
_BURMESE_VOWELS = {
    "ော်": "aw",
    "ော": "aw",
    "ို": "o",
    "ေ": "e",
    "ီ": "i",
    "ိ": "i",
    "ူ": "u",
    "ု": "u",
    "ဲ": "e",
    "ာ": "a",
    "ါ": "a",
    "ံ": "an",
}
_BURMESE_RHYMES = (("ောင်", "aung"), ("ောက်", "auk"), ("ိုင်", "aing"), ("ိုက်", "aik"), ("ုန်း", "on"), ("ုန်", "on"),
    ("ုမ်", "on"), ("ိန်", "ein"), ("ိမ်", "ein"), ("ိတ်", "eik"), ("ုတ်", "ok"), ("ွန်", "un"), ("ွတ်", "ut"), ("င်", "in"),
    ("က်", "et"), ("စ်", "it"), ("တ်", "at"), ("ပ်", "at"), ("န်", "an"), ("မ်", "an"), ("ဉ်", "in"), ("ည်", "i"),
    ("ယ်", "e"))  # fmt: skip
_FOLDED = (
    ("shch", "S"), ("tsch", "C"), ("sch", "S"), ("tch", "C"), ("dzh", "j"), ("sh", "S"), ("ch", "C"), ("kh", "X"),
    ("zh", "j"), ("gh", "g"), ("ph", "f"), ("th", "t"), ("dh", "d"), ("dj", "j"), ("ts", "c"), ("tz", "c"), ("ck", "k"),
    ("qu", "k"), ("q", "k"), ("oo", "u"), ("ou", "u"), ("ee", "i"), ("yi", "i"), ("ij", "i"), ("y", "i"),
)  # fmt: skip
_HARD_C = re.compile(r"c(?![eiy]|$|[SCX])")
_DOUBLED = re.compile(r"(.)\1+")


def kind_of_script(word: str) -> int:
    """How the script of a word writes vowels."""
    for letter in word:
        point = ord(letter)
        if 0x0590 <= point <= 0x07FF or 0xFB1D <= point <= 0xFDFF:
            return ABJAD
        if 0x0900 <= point <= 0x109F or 0x1780 <= point <= 0x17FF or 0x1200 <= point <= 0x139F:
            return UNSEEN
    return ALPHABET


@dataclass(frozen=True, slots=True)
class Sound:
    """A word as it is compared. ``letters``: plain ASCII letters (or the script's own, without marks) as written;
    ``sound``: of ``LETTERS``; ``kind``: how its script writes vowels."""

    letters: str
    sound: str
    kind: int


def _burmese(word: str) -> str:
    for before, after in _BURMESE_RHYMES:
        word = word.replace(before, after)
    word = re.sub("[ျြ]", "y", word)
    word = word.replace("ွ", "w").replace("ှ", "h")
    for before, after in _BURMESE_VOWELS.items():
        word = word.replace(before, after)
    word = "".join(_BURMESE.get(c, c if c.isascii() else "") for c in word)
    return re.sub(r"(\w)h(?=[mnlw])", r"h\1", word).replace("kya", "kya")


def _greek(word: str) -> str:
    for before, after in _GREEK:
        word = word.replace(before, after)
    return word


def romanised(word: str) -> str:
    """A word of one script in plain lower-case ASCII letters, as it would be spelled in English."""
    word = word.lower()
    if word.isascii():
        return re.sub(r"[^a-z?]", "", word)
    first = next((ord(c) for c in word if ord(c) > 127), 0)
    if 0x0400 <= first <= 0x052F:
        word = re.sub(r"ий\b|ый\b|ій\b", "y", word)
        word = "".join(_CYRILLIC.get(c, c) for c in word)
    elif 0x0370 <= first <= 0x03FF or 0x1F00 <= first <= 0x1FFF:
        bare = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
        word = _greek(bare)
    elif 0x1000 <= first <= 0x109F:
        word = _burmese(word)
    elif 0x0900 <= first <= 0x09FF:
        word = re.sub("[ंँংঁ]", "n", word)
    elif 0x0E00 <= first <= 0x0E7F:
        word = re.sub("([เแโใไ])([ก-ฮ])", r"\2\1", word)
    return re.sub(r"[^a-z?]", "", anyascii(word).lower())


def _abjad(word: str, table: dict[str, str]) -> str:
    last = len(word) - 1
    coded = "".join("H" if c in "هہה" and at == last and at else table.get(c, "") for at, c in enumerate(word))
    return coded.replace("YY", "Y")


def folded(letters: str) -> str:
    """Plain letters as sounds: one letter for each, doubled ones once."""
    for before, after in _FOLDED:
        letters = letters.replace(before, after)
    letters = _HARD_C.sub("k", letters).replace("x", "ks") if letters[:1] != "x" else "S" + letters[1:]
    return _DOUBLED.sub(r"\1", letters)


@lru_cache(maxsize=400_000)
def sound_of(word: str) -> Sound:
    """A word, without marks and points that some writings leave out, as letters and as sounds."""
    kind = kind_of_script(word)
    if kind == ABJAD:
        bare = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
        bare = re.sub("[أإآٱ]", "ا", unicodedata.normalize("NFC", bare)).replace("ـ", "")
        hebrew = any("א" <= c <= "ת" for c in bare)
        letters = re.sub("[ىی]", "ي", bare).replace("ة", "ه").replace("ک", "ك")
        return Sound(letters, _abjad(bare, _HEBREW if hebrew else _ARABIC), kind)
    letters = romanised(word)
    return Sound(letters, folded(letters), kind)


# Consonants by classes that writings of one name seldom leave: what blocks are made of.
_CLASSES = {
    **dict.fromkeys("gkQKXcq", "k"),
    **dict.fromkeys("bpBP", "b"),
    "f": "f",
    **dict.fromkeys("sSZCzjD", "s"),
    **dict.fromkeys("dtT", "t"),
    "l": "l",
    "r": "r",
    "m": "m",
    "n": "n",
    "x": "s",
}


def skeleton(sound: str) -> str:
    """The consonants of a word, by classes; the word itself where it has none."""
    found = "".join(_CLASSES.get(c, "") for c in sound)
    kept = "".join(c for at, c in enumerate(found) if at == 0 or c != found[at - 1])
    return kept or sound.lower()
