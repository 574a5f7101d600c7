"""Bytes as letters: UTF-8 and UTF-16 by their form, code pages by how likely their letters are.

Each code page is tried with each language written in it; the reading under which the bytes are most likely wins. It is
a comparison of likelihoods (natural logarithms), so a short list of three names says less than a long one, and where
two readings stay close and give other letters, a person is asked.
"""

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from math import log

import yaml

from corroborate.errors import InputRefused
from corroborate.tables.sheets import File
from corroborate.translation import Sentence

_LARGE = 32 << 20  # bytes; UTF-8 above it is read from the disk as it is needed
_SHORT, _LONG = 1_500, 12_000  # bytes of lines beyond ASCII, for the first look at all pages and for the best of them
SURE = 4.0  # the best reading must be e⁴, some fifty times, likelier than the next that gives other letters
FEW = 4  # letters beyond ASCII, under which the best reading must be likelier still

_ASCII_LETTER, _ASCII_OTHER = log(0.05), log(0.05)
_FOREIGN = log(1e-3)  # a letter that the language does not have: a foreign name
_SIGN, _RARE_SIGN, _NO_TEXT = log(1e-3), log(1e-6), log(1e-9)
_MIXED = log(0.01)  # letters of two scripts in one word
_CAPITAL_INSIDE = log(0.003)
_NONSENSE = -7.0  # natural logarithm; real lists lie above -6
_ALIEN = log(0.15)  # a letter that the language does without
_SIGNS = frozenset("№«»–—“”‘’„…°·•ªº€£§،؛؟「」『』（）、。・ー：；，．！？《》【】○〇※～‐　\xa0ๆฯ")
_VOWELS = frozenset("aeiouyäöüåæøáéíóúýàèìòùâêîôûãõëïāēīūąęėįųıőűăœ")


@dataclass(frozen=True, slots=True)
class Letters:
    """The text of a file (None: it is UTF-8, and so large that it is read from the disk as it is needed), how it was
    read, and a question where two readings make sense."""

    text: str | None
    encoding: str
    notices: tuple[str, ...] = ()
    unsure: str = ""


@dataclass(frozen=True, slots=True)
class Guess:
    """One code page, the language that fits it best, and how likely the bytes are under it."""

    page: str
    language: str
    likelihood: float
    text: str
    each: float  # likelihood of each byte beyond ASCII, on average


def decoded(file: File, encoding: str | None = None) -> Letters:
    """Read the letters of a file. Raises InputRefused."""
    if encoding is not None:
        return _as_said(file, file.read(), encoding)
    if file.size > _LARGE and _is_utf_8(file):
        return Letters(None, "utf-8")
    return guessed(file.read(), file.name)


def guessed(content: bytes, name: str) -> Letters:
    """The letters of a file that says nothing about itself. Raises InputRefused."""
    if (wide := _wide(content)) is not None:
        return Letters(*wide)
    if b"\x00" in content[:4096]:
        raise InputRefused("{name} is no text: it holds bytes that no list has", name=name)
    if (escaped := _escaped(content)) is not None:
        return Letters(*escaped)
    marked = content.startswith(codecs.BOM_UTF8)
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        return Letters(content.decode("utf-8"), "utf-8-sig" if marked else "utf-8")
    except UnicodeDecodeError:
        return _by_lines(content, marked, name)


def _as_said(file: File, content: bytes, encoding: str) -> Letters:
    try:
        return Letters(unicodedata.normalize("NFC", content.decode(encoding).removeprefix("\ufeff")), encoding)
    except (LookupError, TypeError) as error:
        raise InputRefused("there is no encoding {encoding!r}", encoding=encoding) from error
    except UnicodeError as error:
        line = content[: getattr(error, "start", 0)].count(b"\n") + 1
        raise InputRefused(
            "{name} is not {encoding}: line {line} has a byte it does not know",
            name=file.name,
            encoding=encoding,
            line=line,
        ) from error


def _is_utf_8(file: File) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with file.open() as opened:
        try:
            while piece := opened.read(1 << 20):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _wide(content: bytes) -> tuple[str, str] | None:
    """UTF-16 and UTF-32 by their mark; UTF-16 without one when every second byte of its separators is zero."""
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        guesses: tuple[str, ...] = ("utf-32",)
        marked = True
    else:
        marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        if not marked and (b"\x00" not in content[:4096] or len(content) % 2):
            return None
        guesses = ("utf-16",) if marked else ("utf-16-le", "utf-16-be")
    for page in guesses:
        try:
            text = content.decode(page)
        except UnicodeDecodeError:
            continue
        if marked or ("\n" in text and not re.search(r"[\x00-\x08\x0e-\x1f]", text)):
            return text, page if page == "utf-32" else "utf-16"
    return None


_ESCAPES = {"iso2022_jp_2": rb"\x1b\$[@B]|\x1b\$\(D|\x1b\([JI]", "iso2022_kr": rb"\x1b\$\)C", "hz": rb"~\{[!-w!-~]"}


def _escaped(content: bytes) -> tuple[str, str, tuple[str, ...]] | None:
    """Seven-bit encodings, which announce their letters by escape sequences."""
    if not content.isascii():
        return None
    for page, marks in _ESCAPES.items():
        if re.search(marks, content):
            try:
                text = content.decode(page if page != "iso2022_jp_2" else "iso2022_jp_ext")
            except UnicodeDecodeError:
                continue
            if page != "hz" or any("一" <= letter <= "龥" for letter in text):
                shown = page.removesuffix("_2")
                return text, shown, (Sentence("read as {shown}, as its escape sequences say", shown=shown),)
    return None


# --- code pages -------------------------------------------------------------------------------------------------------


def _by_lines(content: bytes, marked: bool, name: str) -> Letters:
    """A file that is not UTF-8 as a whole: one code page, or lines of UTF-8 among lines of one code page. A line that
    fits neither keeps the sign of a lost letter, and its row is rejected later."""
    lines = content.split(b"\n")
    beyond = [number for number, line in enumerate(lines) if not line.isascii()]
    odd = [number for number in beyond if not _is(lines[number], "utf-8")]
    even = sorted(set(beyond) - set(odd))
    if marked or even:
        page = best_guesses([lines[number] for number in odd])
        if marked or _likelier_utf_8([lines[number] for number in even], page):
            return _mixed(lines, odd, page, name)
    pages = best_guesses([lines[number] for number in beyond])
    if pages and pages[0].each < _NONSENSE:
        raise InputRefused(
            "{name} is no text in any encoding that we know: it may be another kind of file; else say its encoding "
            "with --encoding",
            name=name,
        )
    if not pages or not _is(content, pages[0].page):
        return _mixed(lines, beyond, pages, name)
    best = pages[0]
    text = unicodedata.normalize("NFC", content.decode(best.page))
    return Letters(text, best.page, _shown(best), _question(pages))


def _is(content: bytes, page: str) -> bool:
    try:
        content.decode(page)
    except UnicodeDecodeError:
        return False
    return True


def _likelier_utf_8(lines: Sequence[bytes], pages: Sequence[Guess]) -> bool:
    """Whether lines that happen to be UTF-8 make more sense so than in the code page of the others."""
    sample = b"\n".join(lines)[:_LONG]
    text = sample.decode("utf-8", errors="ignore")
    as_utf_8 = max(likelihood for _, likelihood in (language(text) for language in _languages()))
    if not pages:
        return True
    best = _guess(sample, pages[0].page)
    return best is None or as_utf_8 > best.likelihood


def _mixed(lines: list[bytes], odd: Sequence[int], pages: Sequence[Guess], name: str) -> Letters:
    page = pages[0].page if pages else "utf-8"
    lost = sum(not _is(lines[number], page) for number in odd)
    if not pages or 2 * lost > len(lines):
        raise InputRefused("{name} is in no encoding that we know; say it with --encoding", name=name)
    strange = set(odd)
    text = "\n".join(
        unicodedata.normalize("NFC", line.decode(page, errors="replace")) if at in strange else line.decode()
        for at, line in enumerate(lines)
    )
    whole = not any(not line.isascii() for at, line in enumerate(lines) if at not in strange)
    notices = (
        _shown(pages[0])
        if whole
        else (
            Sentence(
                (
                    "{number} line is in {page}, the others in UTF-8",
                    "{number} lines are in {page}, the others in UTF-8",
                ),
                number=len(odd),
                page=page,
            ),
        )
    )
    if lost:
        notices += (
            Sentence(
                (
                    "{lost} line is in no encoding that we know; its row is rejected",
                    "{lost} lines are in no encoding that we know; their rows are rejected",
                ),
                lost=lost,
            ),
        )
    return Letters(text, page if whole else f"utf-8 and {page}", notices, _question(pages))


def _shown(guess: Guess) -> tuple[str, ...]:
    words = ", ".join(_samples(guess.text))
    return (
        Sentence(
            "read as {page}, as far as its letters tell: {words}; --encoding says otherwise",
            page=guess.page,
            words=words,
        ),
    )


def _samples(text: str, most: int = 3) -> list[str]:
    """Cells with letters beyond ASCII."""
    cells = (cell.strip(' "\r') for line in text.split("\n") for cell in re.split("[,;\t|]", line))
    return list(dict.fromkeys(cell[:40] for cell in cells if not cell.isascii()))[:most]


def _question(pages: Sequence[Guess]) -> str:
    """What a person must decide: two readings that both make sense."""
    best, *others = pages
    beyond = sum(not letter.isascii() for letter in best.text)
    enough = SURE if beyond >= FEW else SURE + 2
    close = [one for one in others if one.text != best.text and best.likelihood - one.likelihood < enough]
    if not close:
        return ""
    readings = " or ".join(f"{one.page} ({', '.join(_samples(one.text))})" for one in [best, *close[:3]])
    return Sentence(
        "its letters can be read in more than one way: {readings}. Say with --encoding which one is right",
        readings=readings,
    )


def best_guesses(lines: Sequence[bytes]) -> list[Guess]:
    """Readings of lines beyond ASCII, the likeliest first; those that read few of the lines are left out."""
    first = _sampled(lines, _SHORT)
    guesses = sorted(filter(None, (_guess(first, page) for page in _pages())), key=lambda one: -one.likelihood)
    longer = _sampled(lines, _LONG)
    if len(longer) > len(first):
        few = [one.page for one in guesses[:6]]
        guesses = sorted(filter(None, (_guess(longer, page) for page in few)), key=lambda one: -one.likelihood)
    return guesses[:6]


def _sampled(lines: Sequence[bytes], most: int) -> bytes:
    """Lines spread over the file, as many as have ``most`` bytes."""
    step = max(1, sum(map(len, lines)) // most)
    taken, size = [], 0
    for line in lines[::step]:
        taken.append(line[:400] if step > 1 or len(line) > most else line)
        size += len(line)
        if size > most:
            break
    return b"\n".join(taken)


def _guess(sample: bytes, page: str) -> Guess | None:
    """The language that fits best; None where the page cannot read most lines."""
    kept, lost = [], 0
    for line in sample.split(b"\n"):
        try:
            kept.append(line.decode(page))
        except UnicodeDecodeError:
            lost += len(line)
    if 2 * lost > len(sample) or not kept:
        return None
    text = unicodedata.normalize("NFC", "\n".join(kept))
    prior, languages = _pages()[page]
    name, likelihood = max((language(text) for language in languages), key=lambda one: one[1])
    ascii_letters = sum(letter.isascii() for letter in text)
    bytes_beyond = sum(byte > 0x7F for byte in sample)
    each = (likelihood - ascii_letters * _ASCII_LETTER) / max(1, bytes_beyond)
    return Guess(page, name, likelihood + prior + 4 * _ASCII_LETTER * lost, text, each)


Language = Callable[[str], tuple[str, float]]


@cache
def _pages() -> dict[str, tuple[float, tuple[Language, ...]]]:
    """Code page -> (how much rarer it is than the others, languages written in it)."""
    pages: dict[str, tuple[float, tuple[Language, ...]]] = {}
    for family in (*_tables()["latin"], *_tables()["alphabets"]):
        languages = tuple(_alphabetic(name, str(letters)) for name, letters in family["languages"].items())
        for page, prior in family["pages"].items():
            pages[page] = (float(prior), languages)
    asian: tuple[tuple[str, float, Language], ...] = (
        ("cp949", 0.0, _korean),
        ("johab", -3.0, _korean),
        ("cp932", 0.0, _japanese),
        ("euc_jp", -1.0, _japanese),
        ("gb18030", 0.0, _chinese("Simplified Chinese", "gb2312", 0xB0, 0xD7)),
        ("big5hkscs", 0.0, _chinese("Traditional Chinese", "big5", 0xA4, 0xC6)),
    )
    return pages | {page: (prior, (language,)) for page, prior, language in asian}


@cache
def _languages() -> tuple[Language, ...]:
    return tuple(dict.fromkeys(language for _, languages in _pages().values() for language in languages))


@cache
def _tables() -> dict[str, list[dict[str, dict[str, str]]]]:
    text = resources.files(__package__).joinpath("alphabets.yaml").read_text(encoding="utf-8")
    found: dict[str, list[dict[str, dict[str, str]]]] = yaml.load(text, Loader=yaml.CSafeLoader)
    return found


@cache
def _frequent(language: str) -> frozenset[str]:
    frequent: dict[str, str] = _tables()["frequent"]  # type: ignore[assignment]
    return frozenset("".join(frequent[language].split()))


def _alphabetic(name: str, letters: str) -> Language:
    """Likelihood under an alphabet with its frequencies, its capitals and its vowels."""
    latin = bool(re.search(r"\d", letters))
    shares = _shares(letters, latin)
    total = sum(shares.values())
    alien = frozenset(next((word[1:] for word in letters.split() if word[0] == "-"), "") if latin else "")
    # of 20 letters of a Latin text about one is beyond ASCII; in other alphabets all are
    logs = {letter: log(share / total * (0.3 if latin else 0.97)) for letter, share in shares.items()}

    def likelihood(text: str) -> tuple[str, float]:
        return name, _likelihood(text, logs, latin, alien)

    return likelihood


def _shares(letters: str, latin: bool) -> dict[str, float]:
    if latin:
        shares = {one[0]: float(one[1:]) for one in letters.split() if one[0] != "-"}
        return {letter: min(share, 35.0) for letter, share in shares.items()}  # one frequent letter alone proves little
    count = len(letters)
    return {letter: log((count + 1) / rank) for rank, letter in enumerate(letters, start=1)}


def _likelihood(text: str, logs: dict[str, float], latin: bool, alien: frozenset[str]) -> float:
    total = 0.0
    if alien:  # in words with letters beyond ASCII: other words may be of any language
        total += _ALIEN * sum(letter in alien for word in text.split() if not word.isascii() for letter in word.lower())
    return total + sum(
        count * _likely(before, letter, after, logs, latin) for (before, letter, after), count in _neighbours(text)
    )


@lru_cache(maxsize=8)
def _neighbours(text: str) -> tuple[tuple[tuple[str, str, str], int], ...]:
    """Each letter between the two beside it, and how often it stands so: every language asks the same of a text."""
    return tuple(Counter(zip(f" {text[:-1]}", text, (*text[1:], ""), strict=False)).items())


def _likely(before: str, letter: str, after: str, logs: dict[str, float], latin: bool) -> float:
    """What one letter adds to the likelihood of a text under an alphabet."""
    if letter.isascii():
        if not letter.isalpha():
            return _ASCII_OTHER
        mixed = not latin and before.isalpha() and not before.isascii()
        return _ASCII_LETTER + (_MIXED if mixed else 0.0)
    if not letter.isalpha() and letter not in logs:
        return _sign(letter)
    small = letter if letter in logs else letter.lower()[:1]
    found = logs.get(small)
    if found is None:
        found = _FOREIGN if _akin(small, latin, logs) else _RARE_SIGN
    found += _case(letter, before, after)
    if not latin and before.isascii() and before.isalpha():
        found += _MIXED
    if latin and small not in _VOWELS and after.isalpha():
        found += _beside(small, after.lower() in _VOWELS)
    return found


@lru_cache(maxsize=4096)
def _latin_letter(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN")


def _akin(letter: str, latin: bool, logs: dict[str, float]) -> bool:
    """Whether a letter outside the alphabet is at least of its script."""
    if latin:
        return _latin_letter(letter)
    script = unicodedata.name(next(iter(logs)), "").split(" ")[0]
    return unicodedata.name(letter, "").startswith(script)


def _case(letter: str, before: str, after: str) -> float:
    """Capitals begin words or fill them; a capital after a small letter is a sign of another code page."""
    if letter.isupper():
        if before.islower():
            return _CAPITAL_INSIDE
        if not before.isalpha() and after.islower():
            return log(0.6)
        return log(0.3) if before.isupper() or after.isupper() else log(0.4)
    if letter.islower():
        if not before.isalpha():
            return log(0.4)
        if before.isupper() and after.isupper():
            return _CAPITAL_INSIDE
    return 0.0


# Share of the consonants beyond ASCII that stand before a vowel, inside a word
_BEFORE_VOWELS = {
    "ñ": 0.99, "ç": 0.98, "đ": 0.98, "ń": 0.03, "ś": 0.05, "ź": 0.1, "ć": 0.1, "ß": 0.4, "ł": 0.7, "ş": 0.7, "ğ": 0.6,
    "ť": 0.3, "ď": 0.3, "ľ": 0.4, "þ": 0.9, "ð": 0.6,
}  # fmt: skip


def _beside(letter: str, vowel: bool) -> float:
    share = _BEFORE_VOWELS.get(letter, 0.65)
    return log(share if vowel else 1 - share)


def _sign(letter: str) -> float:
    if letter in _SIGNS:
        return _SIGN
    kind = unicodedata.category(letter)
    if kind in ("Mn", "Mc"):
        return _FOREIGN
    return _NO_TEXT if kind in ("Cc", "Co", "Cn", "Cs") else _RARE_SIGN


# --- East Asian letters -----------------------------------------------------------------------------------------------


@lru_cache(maxsize=32_768)
def _leads(letter: str, page: str) -> int:
    """The first byte of a letter in a standard that orders its letters by use; 0 where it is not in it."""
    code = letter.encode(page, errors="ignore")
    return code[0] if len(code) == 2 else 0


def _ideographic(name: str, weight: Callable[[str, str], float]) -> Language:
    def likelihood(text: str) -> tuple[str, float]:
        total, before = 0.0, " "
        for letter in text:
            if letter.isascii():
                total += _ASCII_LETTER if letter.isalpha() else _ASCII_OTHER
                total += _MIXED if letter.isalpha() and before.isalpha() and not before.isascii() else 0.0
            else:
                total += weight(letter, before)
                total += _MIXED if letter.isalpha() and before.isascii() and before.isalpha() else 0.0
            before = letter
        return name, total

    return likelihood


def _korean_weight(letter: str, before: str) -> float:
    if "가" <= letter <= "힣":
        frequent = _frequent("Korean")
        if letter in frequent:
            return log(0.78 / len(frequent))
        # the 2,350 syllables of KS X 1001 are everyday Korean; the 8,822 others are what other bytes turn into
        return log(0.15 / 2350) if _leads(letter, "euc_kr") else log(0.0005 / 8822)
    if "一" <= letter <= "龥":
        return log(0.05 / 4888) if _leads(letter, "euc_kr") else log(0.0001 / 16000)
    return _sign(letter) if not letter.isalpha() else _RARE_SIGN


_VOICED = frozenset("ｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎｳ")


@cache
def _half_width() -> dict[str, float]:
    letters = dict.fromkeys(str(_tables()["frequent"]["Half-width kana"]))  # type: ignore[call-overload]
    weights = {letter: log((len(letters) + 1) / rank) for rank, letter in enumerate(letters, start=1)}
    total = sum(weights.values())
    return {letter: log(0.8 * weight / total) for letter, weight in weights.items()}


def _japanese_weight(letter: str, before: str) -> float:
    if "ぁ" <= letter <= "ゖ" or "ァ" <= letter <= "ヺ" or letter == "ー":
        return log(0.45 / 170)
    if "｡" <= letter <= "ﾟ":
        shares = _half_width()
        alone = before.isalpha() and not "｡" <= before <= "ﾟ"  # inside other words they are bytes of another page
        return shares.get(letter, _RARE_SIGN) + (_MIXED if alone or (letter in "ﾞﾟ" and before not in _VOICED) else 0.0)
    if "一" <= letter <= "龥" or letter in "々〆ヶ":
        frequent = _frequent("Japanese")
        if letter in frequent:
            return log(0.3 / len(frequent))
        lead = _leads(letter, "euc_jp")
        return log(0.18 / 2965) if 0xB0 <= lead <= 0xCF else (log(0.01 / 3390) if lead else log(0.0002 / 6000))
    return _sign(letter) if not letter.isalpha() else _RARE_SIGN


_korean = _ideographic("Korean", _korean_weight)
_japanese = _ideographic("Japanese", _japanese_weight)


@cache
def _chinese(name: str, standard: str, first: int, last: int) -> Language:
    """``first`` and ``last``: leading bytes of the characters in use, which the standard sets before the rare ones."""
    frequent = _frequent(name)

    def weight(letter: str, before: str) -> float:
        if "一" <= letter <= "龥":
            if letter in frequent:
                return log(0.6 / len(frequent))
            lead = _leads(letter, standard)
            return log(0.33 / 3755) if first <= lead <= last else (log(0.02 / 3008) if lead else log(0.001 / 14000))
        return _sign(letter) if not letter.isalpha() else _RARE_SIGN

    return _ideographic(name, weight)
