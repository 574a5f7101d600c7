"""What the words of a list say about consent. The words themselves stand in ``words.yaml``, reviewed by language.

Only a whole cell, known word for word, grants; and only in a column that asks for publication. Searching within a cell
or a note can refuse or withdraw, never grant: whatever somebody adds to a refusal, it stays one.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from itertools import chain
from typing import Literal

import yaml

from corroborate.translation import Sentence

Asks = Literal["publication", "agreement", "holding", "secrecy", "withdrawal", "withdrawal of publication", "notes"]
Answer = Literal["silent", "yes", "no", "unclear", "withdrawn from publication", "withdrawn"]

_INVISIBLE = dict.fromkeys([0x00AD, 0x061C, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0xFE0E, 0xFE0F, 0xFEFF, 0x0640])
_ARABIC_MARKS = dict.fromkeys([*range(0x064B, 0x0660), 0x0670])
_ARABIC = str.maketrans("أإآٱىیيكکةۀؤئ", "اااايييككههوي")
_APOSTROPHES = str.maketrans("’‘ʼ`´", "'''''")
_BETWEEN = re.compile(r"[\s.,:;!。、·،؛]+")  # NFKC has made ， ： ； ！ of the West already
_NO_SPACES = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # Hangul, kana, Han
_SENTENCE = re.compile(r"[.;。；!?！？؛\n\r]+")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one cell says. ``words``: the cell as it was. ``doubts``: sentences for the person who takes the list in."""

    asks: Asks
    answer: Answer
    words: str
    doubts: tuple[str, ...] = ()

    @property
    def name_public(self) -> bool:
        """Whether this cell lets the name be published."""
        return self.asks == "publication" and self.answer == "yes"

    @property
    def taken(self) -> bool:
        """Whether the row may be taken in: not when consent was withdrawn as a whole, or holding was refused."""
        return self.answer != "withdrawn" and not (self.asks == "holding" and self.answer == "no")


@dataclass(frozen=True, slots=True)
class RowConsent:
    """What a whole row says: one refusal anywhere holds against any number of grants."""

    name_public: bool
    taken: bool
    refused: bool  # whether the row says no to publication, beyond saying nothing
    agreed: bool = True  # False: it says no, or something unclear, to more than publication
    words: tuple[tuple[str, str], ...] = ()  # (heading, cell) that said something about consent
    doubts: tuple[str, ...] = field(default=())

    @property
    def publish(self) -> bool | None:
        """None: the row does not say, which is no."""
        return True if self.name_public else False if self.refused else None


@lru_cache(maxsize=8192)
def column_asks(heading: str) -> Asks | None:
    """What a column asks of a person by its heading; None: nothing about consent.

    A heading asks for publication only when every word of it is known to. One that speaks of consent in any other way
    asks for an agreement, and grants no naming in public.
    """
    words = _plain(re.sub(r"[^\w']+|_", " ", _marks(heading)))
    whole, text = _whole(words), words
    for asks in ("withdrawal", "secrecy", "holding"):
        if whole in _headings(asks):
            return asks
    consent, public = _found("consent", text) or _found("permission", text), _found("publication", text)
    if (consent or public) and _found("withdrawal", text):
        return "withdrawal of publication" if public else "withdrawal"
    if _asks_publication(words):
        return "publication"
    if _found("secrecy", text) and not _found("numbering", text):
        return "secrecy"
    if consent and not _found("particulars", text):
        return "agreement"
    return None


@lru_cache(maxsize=8192)
def read_consent(heading: str, cell: str, asks: Asks | None = None) -> Reading:
    """Read one cell of a column. ``asks``: what a person says that the column asks, over its heading."""
    asks = asks or column_asks(heading) or "agreement"
    words = cell.strip()
    if not _whole(words):
        return Reading(asks, "silent", cell)
    if asks == "notes":
        return refusal_in(cell)
    if asks in ("withdrawal", "withdrawal of publication"):
        return _read_withdrawal(asks, words)
    withdrawn = _withdrawn(asks, words)
    if withdrawn is not None:
        return Reading(asks, withdrawn, words, (_WITHDRAWN[withdrawn].filled(words=words),))
    return _READERS[asks](words, bool(_NO_SPACES.search(heading)))


@lru_cache(maxsize=8192)
def refusal_in(notes: str) -> Reading:
    """What free words refuse or withdraw. Notes never grant: their answer is silent, no, unclear or withdrawn.

    Where they refuse no more than a name, they are read as an answer about publication: the rest may go on.
    """
    sentences = _SENTENCE.split(_without("other", _plain(notes)))
    found = max(map(_sentence, sentences), key=_STRENGTH.__getitem__)
    if found == "silent" and any(map(_unnamed, sentences)):
        asks: Asks = "notes" if any(_unnamed(one) and _found("removal", one) for one in sentences) else "publication"
        return Reading(asks, "no", notes, (_NOTES["no"].filled(words=_short(notes)),))
    if found != "silent":
        return Reading("notes", found, notes, (_NOTES[found].filled(words=_short(notes)),))
    if _whole(notes) in _cells("publish"):
        return Reading(
            "notes",
            "silent",
            notes,
            (Sentence("{words!r} in the notes grants nothing: notes never do", words=_short(notes)),),
        )
    return Reading("notes", "silent", notes)


def written(words: Iterable[tuple[str, str]]) -> str:
    """A row's words as a consent keeps them: a line each, heading and cell, a tab between; notes have no heading."""
    return "\n".join(f"{' '.join(heading.split())}\t{' '.join(cell.split())}" for heading, cell in words)


def read_again(words: str) -> RowConsent:
    """What :func:`written` wrote, read by the table of today."""
    cells = _kept(words)
    return row_consent([(heading, cell, None) for heading, cell in cells if heading], [c for h, c in cells if not h])


def _kept(words: str) -> list[tuple[str, str]]:
    """Heading and cell of each line; the heading of notes is empty."""
    parts = (line.partition("\t") for line in words.splitlines())
    return [(heading, cell) for heading, _, cell in parts]


@lru_cache(maxsize=4096)  # a list says the same few things many times
def says_no(words: str) -> bool:
    """Whether what :func:`written` wrote refuses that somebody is named, or takes it back; the unclear does not."""
    read = (read_consent(heading, cell) if heading else refusal_in(cell) for heading, cell in _kept(words))
    return any(one.answer not in ("silent", "yes", "unclear") and one.asks != "holding" for one in read)


NOTHING_SAID = RowConsent(name_public=False, taken=True, refused=False)


def row_consent(cells: Iterable[tuple[str, str, Asks | None]], notes: Iterable[str] = ()) -> RowConsent:
    """Read a row: its consent columns as (heading, cell, what it asks or None), and its free words."""
    read = [(heading, read_consent(heading, cell, asks)) for heading, cell, asks in cells]
    read += [("", refusal_in(one)) for one in notes if one.strip()]
    refused = any(one.answer not in ("silent", "yes") for _, one in read)
    name_public = not refused and any(one.name_public for _, one in read)
    doubts = [doubt for _, one in read for doubt in one.doubts if not (name_public and one.answer == "yes")]
    if refused and any(one.name_public for _, one in read):
        doubts.append(Sentence("one cell lets the name be published and another does not: it is not published"))
    return RowConsent(
        name_public,
        all(one.taken for _, one in read),
        refused,
        not any(one.asks in _WIDER and one.answer not in ("silent", "yes") for _, one in read),
        tuple((heading, one.words) for heading, one in read if one.answer != "silent"),
        tuple(dict.fromkeys(doubts)),
    )


_WIDER: tuple[Asks, ...] = ("agreement", "holding", "withdrawal", "notes")  # more than publication
_STRENGTH: Mapping[Answer, int] = {
    "silent": 0, "yes": 0, "unclear": 1, "no": 2, "withdrawn from publication": 3, "withdrawn": 4,
}  # fmt: skip
_WITHDRAWN: Mapping[Answer, Sentence] = {
    "withdrawn": Sentence("{words!r} takes consent back as a whole: the row is not taken in"),
    "withdrawn from publication": Sentence("{words!r} takes back the leave to publish: the name is not published"),
    "unclear": Sentence("{words!r} takes back a part that we cannot tell: the name is not published"),
}
_UNKNOWN = Sentence("{words!r} is no answer that we know: the name is not published")
_NOTES: Mapping[Answer, Sentence] = {
    "withdrawn": Sentence("the notes take consent back as a whole ({words!r}): the row is not taken in"),
    "withdrawn from publication": Sentence(
        "the notes take back the leave to publish ({words!r}): the name is not published"
    ),
    "no": Sentence("the notes refuse that the name be published ({words!r}): it is not"),
    "unclear": Sentence(
        "the notes take something back, or speak of consent, and we cannot tell what they mean ({words!r}): the name "
        "is not published. Read them, and ask"
    ),
}


def _read_publication(words: str, round_letters: bool) -> Reading:
    whole = _whole(words)
    if whole in _cells("no") or (round_letters and whole == "x"):
        return Reading("publication", "no", words)
    if whole in _cells("yes") | _cells("publish") or (round_letters and whole in _cells("round")):
        return Reading("publication", "yes", words)
    return Reading(
        "publication",
        "unclear",
        words,
        (Sentence("{words!r} is no answer that we know: the name is not published", words=words),),
    )


def _read_agreement(words: str, round_letters: bool) -> Reading:
    answer = _plain_answer(words, round_letters)
    said = {
        "yes": Sentence(
            "{words!r} is recorded as an agreement: the column does not ask whether the name may be published",
            words=words,
        ),
        "no": Sentence("{words!r} refuses consent: the row is held, and its name is not published", words=words),
    }.get(answer, _UNKNOWN.filled(words=words))
    return Reading("agreement", answer, words, (said,))


def _read_holding(words: str, round_letters: bool) -> Reading:
    answer = _plain_answer(words, round_letters)
    if answer == "yes":
        return Reading("holding", answer, words)
    said = (
        Sentence("{words!r} refuses that the record be kept: the row is not taken in", words=words)
        if answer == "no"
        else Sentence("{words!r} is no answer that we know: ask whether the record may be kept", words=words)
    )
    return Reading("holding", answer, words, (said,))


def _read_secrecy(words: str, round_letters: bool) -> Reading:
    """The contrary of publication: its yes is a no, and its no is no leave."""
    answer = _plain_answer(words, round_letters)
    if answer == "no" and _whole(words) not in _headings("secrecy"):
        return Reading("secrecy", "silent", words)
    return Reading(
        "secrecy", "no", words, (Sentence("{words!r} asks for secrecy: the name is not published", words=words),)
    )


_READERS = {
    "publication": _read_publication,
    "agreement": _read_agreement,
    "holding": _read_holding,
    "secrecy": _read_secrecy,
}


def _plain_answer(words: str, round_letters: bool) -> Answer:
    whole = _whole(words)
    if whole in _cells("no") or (round_letters and whole == "x"):
        return "no"
    granted = whole in _cells("yes") or (round_letters and whole in _cells("round"))
    return "yes" if granted else "unclear"


def _read_withdrawal(asks: Asks, words: str) -> Reading:
    """A date, a yes, any word in a column of withdrawals says that there was one."""
    if _whole(words) in _cells("no") | _cells("not withdrawn"):
        return Reading(asks, "silent", words)
    answer: Answer = "withdrawn" if asks == "withdrawal" else "withdrawn from publication"
    return Reading(asks, answer, words, (_WITHDRAWN[answer].filled(words=words),))


def _withdrawn(asks: Asks, words: str) -> Answer | None:
    """Whether a cell takes something back: from publication, as a whole, or a part that we cannot tell."""
    text = _without("not withdrawn", _plain(words))
    if asks in ("agreement", "holding") and _found("erasure", text):
        return "withdrawn"
    if not _found("withdrawal", text):
        return None
    if _found("whole", text):
        return "withdrawn"
    if _found("part", text):
        return "unclear"
    public = asks in ("publication", "secrecy") or _found("publication", text) or _found("naming", text)
    return "withdrawn from publication" if public else "withdrawn"


@lru_cache(maxsize=8192)
def _sentence(text: str) -> Answer:
    consent, public = _found("consent", text), _found("publication", text)
    stands = _without("not withdrawn", text)
    if (consent or public) and _found("withdrawal", stands):
        if _found("whole", stands):
            return "withdrawn"
        if _found("part", stands):
            return "unclear"
        return "withdrawn from publication" if public or _found("naming", stands) else "withdrawn"
    if _found("hidden", text) or ((consent or public) and _found("against", text)):
        return "no"
    if _found("withdrawal", stands):  # of what, the sentence does not say: it may be consent
        return "withdrawn from publication" if _found("naming", stands) else "unclear"
    return "silent"


@lru_cache(maxsize=8192)
def _unnamed(text: str) -> bool:
    """Whether a sentence speaks of being named, listed or shown, and of not, never, without, leave out.

    *His brother's name is not known* does, too: better a name that waits for a person than one that got out.
    """
    return _found("listing", text) and (_found("against", text) or _found("removal", text))


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"


# Words as the table writes them


def _marks(text: str) -> str:
    """Width, case, accents of Latin letters, and letters of Arabic that are written in several ways, made alike."""
    # An accent typed alone and a line struck through a word are no part of a known letter: they stay, and no word fits.
    text = unicodedata.normalize("NFKC", text).translate(_INVISIBLE).translate(_APOSTROPHES)
    letters = text if text.isascii() else "".join(map(_letter, text))
    return letters.casefold().translate(_ARABIC_MARKS).translate(_ARABIC).replace("ё", "е")


@lru_cache(maxsize=4096)
def _letter(one: str) -> str:
    """A Latin letter without its accent; lists repeat their letters."""
    return unicodedata.normalize("NFD", one)[0] if unicodedata.name(one, "").startswith("LATIN") else one


def _plain(text: str) -> str:
    return " ".join(_marks(text).split())


@lru_cache(maxsize=8192)  # whole notes come here too: memory stays flat
def _whole(text: str) -> str:
    """A whole cell as it is compared: without the marks that stand between words; in scripts that leave no spaces
    between words, without spaces. Elsewhere a space stays one: letters typed apart make no word."""
    bare = _BETWEEN.sub(" ", _marks(text).strip().strip("\"“”„«»'")).strip()
    return bare.replace(" ", "") if _NO_SPACES.search(bare) else bare


@cache
def _table() -> Mapping[str, Mapping[str, Mapping[str, tuple[str, ...]]]]:
    text = resources.files(__package__).joinpath("words.yaml").read_text(encoding="utf-8")
    # BaseLoader: every word stays text; YAML itself would read no, yes, y and 0 as something else
    raw = yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506 - it makes nothing but text, lists and mappings
    return {
        part: {key: {code: tuple(words) for code, words in by.items()} for key, by in keys.items()}
        for part, keys in raw.items()
    }


def _entries(part: str, key: str) -> Iterable[str]:
    table = _table()[part][key]
    return chain.from_iterable(table.values())


@cache
def _cells(key: str) -> frozenset[str]:
    return frozenset(_whole(word) for word in _entries("cells", key))


@cache
def _headings(key: str) -> frozenset[str]:
    return frozenset(_whole(re.sub(r"[^\w']+", " ", _marks(word))) for word in _entries("headings", key))


@cache
def _stems(key: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Two searches: parts of texts without spaces between words, and whole words or their beginnings."""
    parts, words = [], []
    for word in _entries("stems", key):
        plain = _plain(word)
        if _NO_SPACES.search(plain):
            parts.append(re.escape(plain.replace(" ", "")))
        else:
            words.append(re.escape(plain.removesuffix("*")) + (r"\w*" if plain.endswith("*") else ""))
    alternatives = "|".join(sorted(words, key=len, reverse=True))
    return re.compile("|".join(sorted(parts, key=len, reverse=True))), re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)")


def _found(key: str, text: str) -> bool:
    parts, words = _stems(key)
    return bool(words.search(text) or parts.search(text.replace(" ", "")))


def _without(key: str, text: str) -> str:
    """The text without words that only look like what is sought."""
    return _spaced(key).sub(" ", _stems(key)[1].sub(" ", text))


@cache
def _spaced(key: str) -> re.Pattern[str]:
    parts = _stems(key)[0].pattern.split("|")
    return re.compile("|".join(r"\s?".join(map(re.escape, _unescaped(one))) for one in parts))


def _unescaped(pattern: str) -> str:
    return pattern.replace("\\", "")


@cache
def _asks_publication(words: str) -> bool:
    """Whether every word of a heading is one of publication or stands beside one."""
    if _whole(words) in frozenset(_whole(one) for one in _entries("headings", "not_alone")):
        return False
    public, beside = (_pieces(key) for key in ("publication", "beside"))
    reached: dict[int, bool] = {0: False}  # position -> whether a word of publication was passed
    for at in range(len(words)):
        if at not in reached:
            continue
        if words[at] == " ":
            reached[at + 1] = reached.get(at + 1, False) or reached[at]
            continue
        for pieces, says in ((public, True), (beside, False)):
            for piece in pieces:
                if words.startswith(piece, at) and _ends_well(words, at, piece):
                    end = at + len(piece)
                    reached[end] = reached.get(end, False) or reached[at] or says
    return reached.get(len(words), False)


@cache
def _pieces(key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_plain(re.sub(r"[^\w']+", " ", _marks(one))) for one in _entries("headings", key)))


def _ends_well(words: str, at: int, piece: str) -> bool:
    """Words of alphabets begin and end where a word does; Hangul, kana and Han stand side by side."""
    if _NO_SPACES.search(piece):
        return True
    end = at + len(piece)
    return (at == 0 or not words[at - 1].isalnum() or bool(_NO_SPACES.search(words[at - 1]))) and (
        end == len(words) or not words[end].isalnum() or bool(_NO_SPACES.search(words[end]))
    )
