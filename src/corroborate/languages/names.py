"""One name in many scripts and spellings: the forms under which its writings meet.

A Korean name is 리영수, 이영수, 李英洙, リ・ヨンス, りえいしゅう, Ли Ён Су, Ri Yong Su, Yi Yŏng-su, Lee Young-soo or LEE Youngsu.
Each writing is read back to what it can stand for: Hangul syllables (``korean``), a consonant skeleton (``arabic``), or
for other names their own letters. Writings of one name share a key; a key finds candidates, it decides nothing.

**The seam.** A naming tradition is a function from a text to forms (``NameForm``), and stands in ``TRADITIONS`` by name.
Korean is the first filling, Arabic the second; ``docs/explanation/linkage.md`` says how to fill another.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import yaml

from corroborate.languages import korean
from corroborate.languages.arabic import arabic_forms, is_arabic
from corroborate.languages.korean import EVEN, Reading, Shares, hanja_form, system_shares, weighed
from corroborate.values import script_of

SURE, _POSSIBLE = 0.15, 0.02  # a reading's probability from which it is a key, and a possible key
_FEW_KOREAN = 0.1  # of a list's names in Latin letters: below it, Joe Lee and Sara Han are not read as Koreans
_MISSING = re.compile(r"[○〇◯?？*＊]|(?<=[가-힣])[XxOo](?=[가-힣XxOo]|$)|^[XxOo](?=[가-힣])")


_NOT_LETTERS = re.compile(r"[^a-z]+")


@dataclass(frozen=True, slots=True)
class NameForm:
    """One thing that a written name can stand for. Prefix of the key: ``k:`` Korean, ``a:`` Arabic, ``j:`` letters as
    Japanese and other names are spelled, ``o:`` a Japanese reading of hanja, ``h:`` hanja, ``m:`` a Korean name as a
    Japanese ear has it."""

    key: str
    family: str | None = None
    given: str | None = None
    probability: float = 1.0  # among the forms of this text
    rule: str = ""  # what made it, in words


Tradition = Callable[[str, Shares], tuple[NameForm, ...]]


@cache
def _on_readings() -> dict[str, tuple[str, ...]]:
    """Character -> Japanese on-readings. Variants stand with their parent."""
    text = resources.files(__package__).joinpath("hanja.yaml").read_text(encoding="utf-8")
    table = {}
    for entry in yaml.load(text, Loader=yaml.CSafeLoader):
        characters, _, *japanese = entry.split()
        for character in characters:
            table[character] = tuple(japanese)
    return table


def plain(text: str) -> str:
    """Latin letters without marks, lower case; apostrophes go, hyphens and commas become spaces."""
    if text.isascii():
        return _NOT_LETTERS.sub(" ", text.lower().replace("'", "").replace("`", "")).strip()
    decomposed = unicodedata.normalize("NFKD", text)
    letters = "".join(c for c in decomposed if not unicodedata.combining(c) and c not in "'’ʼ`")
    return re.sub(r"[^a-z]+", " ", letters.lower()).strip()


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


@lru_cache(maxsize=200_000)
def _rough(latin: str) -> str:
    """Letters of a Japanese or other name as spelling leaves them: shi and si, tsu and tu, ou and o are one."""
    letters = plain(latin).replace(" ", "")
    for hepburn, kana in (("shi", "si"), ("chi", "ti"), ("tsu", "tu"), ("fu", "hu"), ("ji", "zi"), ("sh", "sy"),
                          ("ch", "ty"), ("j", "zy")):  # fmt: skip
        letters = letters.replace(hepburn, kana)
    letters = re.sub(r"ou|oo|oh(?=[^aiueo]|$)", "o", letters)
    return re.sub(r"uu", "u", letters)


def _heard(kana: str) -> str:
    """Katakana of a Korean name, folded as ``korean.loss`` folds the Korean."""
    pieces = re.split("(チェ|ジェ|ヂェ)", kana)
    letters = "".join("ce" if at % 2 else _rough(kana_to_latin(piece)) for at, piece in enumerate(pieces))
    letters = letters.replace("zy", "ty").replace("zi", "ti")
    return _ear(letters.translate(str.maketrans("gdbzv", "ktpsp")))


def _ear(letters: str) -> str:
    """Fold what a Japanese spelling of Korean loses or varies: r before i and y, w, long sounds, a tail written ッ."""
    for before, after in (("ty", "c"), ("ti", "ci"), ("sy", "s"), ("ts", "c"), ("cy", "c"), ("ye", "e"), ("uo", "o"),
                          ("ua", "a"), ("w", ""), ("ri", "i"), ("ry", "y")):  # fmt: skip
        letters = letters.replace(before, after)
    letters = re.sub(r"^r", "n", letters)
    letters = re.sub(r"tu(?=[^aiueo]|$)", "", letters)
    return re.sub(r"(.)\1+", r"\1", letters)


def _korean_forms(text: str, shares: Shares) -> tuple[NameForm, ...]:
    script = script_of(text)
    readings: tuple[Reading, ...] = ()
    if script == "Hang":
        one = korean.read_hangul(text)
        readings = korean.called(one) if one else ()
    elif script == "Hani":
        readings = korean.read_hanja(text)
    elif script == "Cyrl" or (script == "Latn" and shares.get("korean", 1.0) >= _FEW_KOREAN):
        readings = korean.read_letters(text) or _turned(text)
    rules = {(r.family, r.given): r.system for r in reversed(readings)}
    return tuple(
        NameForm(
            "k:" + "-".join((family, *given)), family, given, probability, f"read as Korean ({rules[family, given]})"
        )
        for family, given, probability in weighed(readings, shares)
        if probability >= _POSSIBLE
    )


def _turned(text: str) -> tuple[Reading, ...]:
    """Readings of a name that has none, with two neighbouring letters turned round: Sook-bnog, uKn. All of them weak."""
    if len(text) > 40:
        return ()
    found: dict[tuple[str, str], Reading] = {}
    for at in range(len(text) - 1):
        if text[at].lower() != text[at + 1].lower() and (text[at] + text[at + 1]).isalpha():
            turned = text[:at] + text[at + 1].lower() + text[at].lower() + text[at + 2 :]
            for one in korean.read_letters(turned)[:2]:
                found.setdefault((one.family, one.given), one)
    return tuple(found.values())[:6]


def _arabic_names(text: str, _shares: Shares) -> tuple[NameForm, ...]:
    found = arabic_forms(text) if script_of(text) in ("Arab", "Latn") and is_arabic(text) else None
    if found is None:
        return ()
    given, family, key = found
    return (NameForm(key, family or None, given, rule="consonants of an Arabic name"),)


def _japanese_forms(text: str, _shares: Shares) -> tuple[NameForm, ...]:
    script = script_of(text)
    if script == "Hani":
        whole = hanja_form(text)
        forms = [NameForm("h:" + whole, rule="the characters themselves")]
        if (on := on_key(whole)) is not None:
            forms.append(NameForm(on, rule="Japanese reading of the characters"))
        return tuple(forms)
    if script != "Kana":
        return ()
    words = [w for w in re.split(r"[\s・]+", unicodedata.normalize("NFKC", text)) if w]
    rough = [_rough(kana_to_latin(word)) for word in words]
    forms = [NameForm("o:" + "".join(rough), rule="kana as a Japanese reading of characters")]
    if len(words) == 2:
        forms.append(NameForm(_unordered(rough), rough[0], rough[1], rule="kana as letters"))
    if any("ァ" <= c <= "ヶ" for c in "".join(words)):
        forms.append(NameForm("m:" + _heard("".join(words)), rule="katakana as the sound of a Korean name"))
    return tuple(forms)


def _unordered(words: Iterable[str]) -> str:
    return "j:" + "-".join(sorted(words))


def _letter_forms(text: str, _shares: Shares) -> tuple[NameForm, ...]:
    """Any name in Latin letters, by its words in any order; family last unless a comma or capitals say otherwise."""
    if script_of(text) != "Latn":
        return ()
    letters = plain(text)
    comma = [plain(part) for part in text.split(",", 1)] if "," in text else [letters]
    words = letters.split()
    if not 2 <= len(words) <= 5 or any(len(w) < 2 for w in words[:1] + words[-1:]):
        return ()
    family, given = (comma[0], comma[1]) if len(comma) == 2 else (words[-1], " ".join(words[:-1]))
    if len(comma) < 2 and re.match(r"[^\W\d_]{2,}\b", text) and text.split()[0].isupper() and not text.isupper():
        family, given = words[0], " ".join(words[1:])
    return (NameForm(_unordered(_rough(w) for w in words), family, given, rule="letters as spelled"),)


TRADITIONS: Mapping[str, Tradition] = {
    "korean": _korean_forms,
    "arabic": _arabic_names,
    "japanese": _japanese_forms,
    "letters": _letter_forms,
}


@lru_cache(maxsize=400_000)
def forms_of(text: str, shares: tuple[tuple[str, float], ...]) -> tuple[NameForm, ...]:
    """As :func:`name_forms`; the shares as sorted pairs, for lists whose names are many."""
    text = text if text.isascii() else unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text)).strip()
    if _MISSING.search(text):
        return ()
    table = _table(shares)
    return tuple(form for tradition in TRADITIONS.values() for form in tradition(text, table))


@lru_cache(maxsize=64)
def _table(shares: tuple[tuple[str, float], ...]) -> Shares:
    return dict(shares)


_EVEN = tuple(sorted(EVEN.items()))


def name_forms(text: str, shares: Shares = EVEN) -> tuple[NameForm, ...]:
    """Everything that a whole name can stand for, by every tradition, the likeliest of each first. None for a name with
    a missing part (``김○수``). ``shares``: in which systems its list romanises (``list_shares``)."""
    return forms_of(text, _EVEN if shares is EVEN else tuple(sorted(shares.items())))


def name_keys(text: str) -> frozenset[str]:
    """Keys of a full name; writings of one name share at least one."""
    return frozenset(form.key for form in name_forms(text))


def list_shares(texts: Iterable[str]) -> Shares:
    """In which systems of romanisation a list writes Korean names, learned from the list."""
    read = [korean.read_letters(text) for text in texts if script_of(text) == "Latn"]
    return {**system_shares(read), "korean": sum(map(bool, read)) / len(read) if read else 1.0}


@dataclass(frozen=True, slots=True)
class PartialName:
    """What is left of a Korean name with a part missing: ``김○수`` has 김, and ○수 of the given name."""

    family: str | None
    given: str | None  # with ? for each missing syllable


def partial_name(text: str) -> PartialName | None:
    """Read an incomplete name: 김○수, 김영○, 김모, 김씨네 둘째, Kim X, Mr. Kim; None when it says nothing."""
    text = unicodedata.normalize("NFKC", text).strip()
    whole = re.sub(r"\s+", "", text)
    if script_of(text) == "Hani":  # 鄭?順: what a code page had no room for
        whole = "".join(c if c in "?○〇◯" else (korean.readings_of(c) or ("?",))[0] for c in hanja_form(text))
    found = re.fullmatch(r"([가-힣])([가-힣○〇◯?*XxOo]{1,2})", whole)
    if found and _MISSING.search(found[2]) and korean.initial(found[1]) in korean.families():
        given = re.sub(r"[^가-힣]", "?", found[2])
        given = korean.canonical(found[1], given)[1]
        return PartialName(korean.initial(found[1]), None if set(given) == {"?"} else given)
    found = re.fullmatch(r"([가-힣])(?:모|씨.*|○○|XX)", whole)
    if found and korean.initial(found[1]) in korean.families():
        return PartialName(korean.initial(found[1]), None)
    found = re.fullmatch(r"(?:Mr|Mrs|Ms)\.?\s*([A-Za-z'ŏŭ]+)|([A-Za-z'ŏŭ]+) X", text)
    if found:
        family = korean.family_of((found[1] or found[2]).lower())
        return PartialName(family, None) if family else None
    return None


def on_key(text: str) -> str | None:
    """Key of the Japanese on-reading of a name in characters, or None when one of them is not in the table."""
    table = _on_readings()
    if not text or any(c not in table or not table[c] for c in text):
        return None
    return "o:" + _rough(kana_to_latin("".join(table[c][0] for c in text)))


def heard_key(family: str, given: str) -> str:
    """``m:`` key of a Korean name: what its katakana would be folded to."""
    return "m:" + _ear(korean.loss(family, given))


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two written names are alike: the key they share, how likely each is to mean it, and by which rules."""

    key: str
    one: str
    other: str
    probability: float


def explain(one: str, other: str, shares: tuple[Shares, Shares] = (EVEN, EVEN)) -> tuple[Explanation, ...]:
    """The rules under which two written names meet, the likeliest first; empty when none does."""
    mine = {form.key: form for form in _with_sound(name_forms(one, shares[0]))}
    theirs = {form.key: form for form in _with_sound(name_forms(other, shares[1]))}
    found = [
        Explanation(key, f"{one}: {mine[key].rule}", f"{other}: {theirs[key].rule}",
                    round(mine[key].probability * theirs[key].probability, 4))
        for key in mine.keys() & theirs.keys()
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda e: (-e.probability, e.key)))


def _with_sound(forms: tuple[NameForm, ...]) -> tuple[NameForm, ...]:
    """The forms, and the katakana that each Korean one would be heard as."""
    return forms + tuple(
        NameForm(heard_key(f.family, f.given), f.family, f.given, f.probability, f"{f.rule}, as heard in Japanese")
        for f in forms
        if f.key.startswith("k:") and f.family and f.given and f.probability >= SURE
    )
