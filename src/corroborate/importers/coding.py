"""Words of lists as terms of the vocabulary of violations, and how each is told.

A table is words and terms; a coder's correction makes a table that knows more (``CodingTable.with_correction``), and
keeps who made it, and when.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from corroborate.errors import InvalidValue
from corroborate.languages.reviewed import reviewed
from corroborate.languages.telling import (
    LANGUAGES,
    TIGHT,
    Said,
    Script,
    Span,
    bare_arabic,
    clauses,
    folded,
    manner,
    scripts_of,
    tight,
)
from corroborate.translation import Sentence
from corroborate.vocabulary import load

THREAT, WATCHED, HUNGER = "integrity.threat", "integrity.forced_witnessing", "life.death_denial_of_food"
_OF_FAMILIES = frozenset(
    (
        "accountability.reprisal",
        "integrity.collective_punishment",
        "liberty.family_denied_truth",
        "movement.family_separation",
    )
)  # acts that name kin by their nature: done to the person all the same
_REASONS = frozenset(
    (
        "accountability.reprisal",
        "expression.foreign_media",
        "expression.information",
        "expression.opinion",
        "expression.religion",
        "integrity.collective_punishment",
        "movement.punishment_of_return",
    )
)  # acts that say what something was done for: what was done stands within their words
_GAP, _GAP_CJK = r"(?:\s+\w+){0,4}?\s+", r"[^.,;、。/]{0,8}?"
_YES = frozenset(
    (
        "1",
        "1.0",
        "yes",
        "y",
        "true",
        "x",
        "✓",
        "✔",
        "☑",
        "si",
        "oui",
        "예",
        "네",
        "있음",
        "해당",
        "o",
        "○",
        "はい",
        "有",
        "да",
        "نعم",
    )
)
_NO = frozenset(
    (
        "0",
        "0.0",
        "no",
        "n",
        "false",
        "",
        "아니오",
        "아니요",
        "없음",
        "해당없음",
        "×",
        "いいえ",
        "無",
        "нет",
        "لا",
        "non",
    )
)
_KEPT = 50_000  # readings kept by a table: lists repeat their words


@dataclass(frozen=True, slots=True)
class Act:
    """An act that a cell tells: a term of the vocabulary, how it is told, and of whom where that is somebody else."""

    term: str
    said: Said = "for"
    kin: str = ""


@dataclass(frozen=True, slots=True)
class Coding:
    """What a cell tells. ``unread``: words that a person must code. ``heard``: the source itself was told of it."""

    acts: tuple[Act, ...]
    unread: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    heard: bool = False


@dataclass(frozen=True, slots=True)
class Correction:
    """What a coder decided that some words mean."""

    words: str
    acts: tuple[Act, ...]
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class _Word:
    """A pattern and what it is coded as. ``literal``: letters without which it cannot fit."""

    pattern: str
    literal: str
    terms: tuple[str, ...]  # empty: a word that alone tells no act
    against: bool = False
    whole: bool = False  # a label or a correction: it goes before patterns that fit the same letters
    last: bool = False  # it counts where no other word fits the same letters
    han: bool = False  # Chinese: Japanese text, which has kana, does not mean it


@dataclass(frozen=True, slots=True)
class _Found:
    span: Span
    terms: tuple[str, ...]
    against: bool


@dataclass(frozen=True)
class CodingTable:
    """Words and their terms, in the languages of lists."""

    corrections: tuple[Correction, ...] = ()
    _readings: dict[str, Coding] = field(default_factory=dict, compare=False, repr=False)

    def with_correction(self, words: str, acts: Iterable[Act], by: str, on: date) -> "CodingTable":
        """A table that codes these words, as a whole cell or within one, as a coder decided."""
        made = tuple(acts)
        known = load("violations").entries
        if unknown := sorted({act.term for act in made} - set(known)):
            raise InvalidValue("the vocabulary of violations has no {listed}", listed=", ".join(unknown))
        if not words.strip() or not by.strip():
            raise InvalidValue("a correction needs the words that it is about and who made it")
        kept = tuple(one for one in self.corrections if folded(one.words) != folded(words))
        return CodingTable((*kept, Correction(words.strip(), made, by.strip(), on)))

    def read(self, text: str) -> Coding:
        """What a cell tells; words that nobody coded yet are left for a person."""
        coding = self._readings.get(text)
        if coding is None:
            if len(self._readings) >= _KEPT:
                self._readings.clear()
            coding = self._readings[text] = self._read(text)
        return coding

    def selected(self, heading: str, text: str) -> Coding | None:
        """A cell of a select-multiple question: its heading names the act, its cell says yes or no. No is silence: a
        box that nobody ticked denies nothing. None: the column is not such a one."""
        answer = folded(text)
        parts = re.split(r"[/:.|]|__", heading)
        if answer not in _YES | _NO or len(parts) < 2:
            return None
        named = self.read(parts[-1].strip())
        if not named.acts:
            return None
        return named if answer in _YES else Coding(())

    def _read(self, text: str) -> Coding:
        plain = folded(text)
        for one in self.corrections:
            if folded(one.words) == plain:
                return Coding(one.acts)
        acts: list[Act] = []
        doubts: list[str] = []
        unread: list[str] = []
        heard = False
        for script in scripts_of(plain):
            reading = _coded(_spelt(plain, script), script, self.corrections)
            acts += reading.acts
            doubts += reading.doubts
            unread += reading.unread
            heard = heard or reading.heard
        acts = _without_broader(dict.fromkeys(acts))
        if not acts or unread:
            unread = [text.strip()] if not acts else list(dict.fromkeys(unread))
        if not acts and not doubts and text.strip():
            doubts = [Sentence("{words!r} is no act that we know: a person codes it", words=text.strip())]
        return Coding(tuple(acts), tuple(unread), tuple(dict.fromkeys(doubts)), heard)


def _related(one: str, other: str) -> bool:
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


def _without_broader(acts: Iterable[Act]) -> list[Act]:
    """Without acts that a narrower one tells in the same manner already."""
    listed = list(acts)
    if any(act.term == HUNGER for act in listed):  # *starved to death in the famine* tells of hunger once
        listed = [act for act in listed if act.term != "food"]
    return [
        act
        for act in listed
        if not any(other.said == act.said and other.term.startswith(f"{act.term}.") for other in listed)
    ]


def _coded(text: str, script: Script, corrections: Sequence[Correction]) -> Coding:
    found = _found(text, script, corrections)
    spans = [one.span for one in found if one.terms]
    watched = [one.span for one in found if WATCHED in one.terms]
    parts = clauses(text, script, spans)
    acts: list[Act] = []
    unread: list[str] = []
    doubts: list[str] = []
    heard = False
    for one in found:
        words = text[slice(*one.span)]
        clause = next((part for part in parts if part[0] <= one.span[0] < part[1]), (0, len(text)))
        clause = (clause[0], max(clause[1], one.span[1]))
        if not one.terms:
            unread.append(words)
            doubts.append(Sentence("{words!r} alone says no act, or several: a person codes it", words=words))
            continue
        told = manner(text, script, one.span, clause, spans, watched=[] if one.span in watched else watched)
        if not told.said:
            unread.append(text[slice(*clause)].strip() or words)
            doubts.append(Sentence("{words!r}: {why}", words=words, why=told.why))
            continue
        heard = heard or told.heard
        if told.heard:
            doubts.append(Sentence("{words!r} is told as heard from others", words=words))
        acts += [Act(term, said, told.kin) for term in one.terms for said in _as_said(term, told.said, one.against)]
    if found:
        unread += _leftover(text, parts, spans)
    return Coding(tuple(acts), tuple(unread), tuple(doubts), heard)


def _as_said(term: str, said: tuple[Said, ...], against: bool) -> tuple[Said, ...]:
    """A threat that was made is threatened, not done; a word that denies by itself denies."""
    if against:
        return ("against",)
    if term == THREAT and said == ("for",):
        return ("threatened",)
    if term in _OF_FAMILIES:
        return ("for",) if said == ("another",) else tuple(one for one in said if one != "another")
    return said


def _leftover(text: str, parts: Sequence[Span], spans: Sequence[Span]) -> Iterator[str]:
    """Parts of a list in which no word is known."""
    for start, end in parts:
        for piece in re.finditer(r"[^,;、\n]+", text[start:end]):
            first, last = start + piece.start(), start + piece.end()
            if any(a < last and first < b for a, b in spans):
                continue
            if len(re.sub(r"\W|\d", "", piece[0])) >= 3 and len(piece[0].split()) <= 12:
                yield piece[0].strip()


def _found(text: str, script: Script, corrections: Sequence[Correction]) -> list[_Found]:
    """Words of acts in a text: the longest first, no letter twice; several terms may share the same words."""
    matches: dict[Span, list[_Word]] = {}
    kana = _KANA.search(text) is not None
    for word in (*_taught(script, corrections), *_words(script)):
        if (word.literal and word.literal not in text) or (word.han and kana):
            continue
        for match in _compiled(word.pattern).finditer(text):
            if match.end() > match.start():
                matches.setdefault(match.span(), []).append(word)
    taken: list[_Found] = []
    for span in sorted(matches, key=lambda one: (one[0] - one[1], one[0])):
        if any(start < span[1] and span[0] < end for (start, end) in (one.span for one in taken)):
            continue
        words = [word for word in matches[span] if word.whole] or matches[span]
        words = [word for word in words if not word.last] or words
        against = any(word.against for word in words)
        terms = tuple(dict.fromkeys(t for word in words for t in word.terms if word.against == against))
        if not against and len(terms) == 1 and terms[0] in _REASONS:
            terms += _within(matches, span, but=terms[0])
        taken.append(_Found(span, terms, against))
    return sorted(taken, key=lambda one: one.span)


def _within(matches: Mapping[Span, Sequence[_Word]], whole: Span, but: str) -> tuple[str, ...]:
    """Acts within the words that say what they were done for: *arrested because of her brother*, *executed for films*.
    ``but``: what the whole says already."""
    inside: list[Span] = []
    for span in sorted(matches, key=lambda one: (one[0] - one[1], one[0])):
        free = not any(start < span[1] and span[0] < end for start, end in inside)
        if free and span != whole and whole[0] <= span[0] and span[1] <= whole[1]:
            inside.append(span)
    words = (word for span in inside for word in matches[span] if not word.against)
    return tuple(dict.fromkeys(term for word in words for term in word.terms if not _related(term, but)))


_KANA = re.compile(r"[ぁ-ヿ]")


def _taught(script: Script, corrections: Sequence[Correction]) -> list[_Word]:
    words = []
    for one in corrections:
        plain = _spelt(folded(one.words), script)
        if script in scripts_of(plain) and len(plain) > 2:
            terms = tuple(act.term for act in one.acts if act.said == "for")
            words.append(_literal(plain, script, terms))
    return words


def _literal(plain: str, script: Script, terms: tuple[str, ...]) -> _Word:
    body = re.escape(plain)
    return _Word(body if script in TIGHT else rf"(?<!\w){body}(?!\w)", plain, terms, whole=True)


def _spelt(plain: str, script: Script) -> str:
    return tight(plain) if script in TIGHT else plain


def _raw() -> Mapping[str, Any]:
    found: dict[str, Any] = reviewed(__package__, "coding")
    return found


def _split(text: str) -> list[str]:
    """Patterns of a line, apart at commas outside brackets."""
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
    return [part for part in (*parts, text[start:].strip()) if part]


@cache
def _words(script: Script) -> tuple[_Word, ...]:
    """Every word of the table in the languages of a script, and the labels of the vocabulary."""
    made: list[_Word] = []
    for language in LANGUAGES[script]:
        abroad = reviewed(__package__, "coding_abroad").get(language)
        if abroad is not None:
            for term, line in abroad.items():
                words = (_word(body, script, (term,), against=False) for body in _split(_bare(line, script)))
                made += [replace(word, last=True, han=language == "zh") for word in words]
            continue
        for section, against in ((_raw()["terms"], False), (_raw()["against"], True)):
            for term, lines in section.items():
                made += [_word(body, script, (term,), against) for body in _split((lines or {}).get(language, ""))]
        made += [_word(body, script, (), against=False) for body in _split(_raw()["unsure"].get(language, ""))]
        for entry in load("violations").entries.values():
            if label := folded(entry.label.get(language, "")):
                made.append(_literal(_spelt(label, script), script, (entry.id,)))
    return tuple(made)


def _bare(line: str, script: Script) -> str:
    """Words of the table with the letters that texts have when they are compared; signs of patterns stay."""
    if script == "arabic":
        return bare_arabic(line)
    marked = unicodedata.normalize("NFD", line) if script == "cyrillic" else line
    return unicodedata.normalize("NFC", re.sub(r"[\u0300-\u036f]", "", marked))


_BEFORE = {"arabic": r"(?:و?(?:[بفک]?ال|لل|[بلفک])|و)?"}  # the article, and what is written together with a word
_BETWEEN = {"arabic": r"\s+(?:و?(?:[بفک]?ال|لل|[بلفک])|و)?"}


def _word(body: str, script: Script, terms: tuple[str, ...], against: bool) -> _Word:
    if script in TIGHT:
        pattern = tight(body).replace("@", r"(?:\([^)]*\))?").replace("~?", f"(?:{_GAP_CJK})?").replace("~", _GAP_CJK)
        if script == "ko":  # words that end in a denial of their own: 알려주지 않음
            pattern = rf"(?:{pattern})(?:(?<=지)(?:않|못)[가-힣]{{0,2}})?"
        return _Word(pattern, _letters(tight(body), "~@"), terms, against)
    pattern = _OPTIONAL.sub(lambda m: m[0] if re.search(r" [|)]", m[1]) else f"(?: {m[1]})?", body)
    pattern = pattern.replace("*", r"\w*").replace(" ~?", r"(?: \w+){0,3}").replace(" ?", r"\s*")
    pattern = re.sub(r"\s*~\s+", lambda _: _GAP, pattern)
    pattern = re.sub(r"\s*~$", lambda _: r"(?:\s+\w+){0,3}", pattern)
    pattern = pattern.replace(" ", _BETWEEN.get(script, r"\s+"))
    return _Word(rf"(?<!\w){_BEFORE.get(script, '')}(?:{pattern})(?!\w)", _letters(body, "~ *"), terms, against)


_OPTIONAL = re.compile(r" (\((?:[^()]|\([^()]*\))*\))\?")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Patterns are compiled when their letters are first met: a list seldom needs half of them."""
    return re.compile(pattern)


def _letters(body: str, wild: str) -> str:
    """The longest run of letters of a pattern that every fit must have: outside brackets and not optional."""
    bare, depth = "", 0
    for letter in body:
        depth += letter in "(["
        bare += letter if depth == 0 else " "
        depth -= letter in ")]"
    bare = re.sub(r".\?|\\.|[(\[\])]\?", " ", bare)
    runs = re.findall(r"[^\W\d_]+", re.sub(f"[{re.escape(wild)}|+]", " ", bare))
    return max(runs, key=len, default="")


@cache
def coding_table() -> CodingTable:
    """The table that the program brings."""
    return CodingTable()


def corrected(table: CodingTable, corrections: Iterable[Correction]) -> CodingTable:
    """A table with corrections that were kept elsewhere, the later ones over the earlier."""
    for one in sorted(corrections, key=lambda correction: correction.on):
        table = table.with_correction(one.words, one.acts, one.by, one.on)
    return replace(table)
