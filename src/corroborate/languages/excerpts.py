"""A part of a text in which the words of a question stand, with these words marked.

A word stands where the index finds it (:mod:`finding`): whatever its accents, width or case, with characters that are
not seen in it, and of a word of four letters and more also at the beginning of a longer one. What is shown are the
letters of the source.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corroborate.languages.finding import asked_words, found_by, plain_letters, runs_of

LENGTH = 240  # letters of an excerpt
_BEFORE = 60  # letters before the first word that is marked
_JOINS = re.compile("[\u1160-\u11ff\u3099\u309a\uff9e\uff9f]")  # what is written after a letter and is one with it
_SPACE = re.compile(r"\s+")


Stands = tuple[int, int, str]  # from which letter to which a word of a question stands


@dataclass(frozen=True, slots=True)
class Part:
    """Some letters of a text, and whether a question asked for them."""

    text: str
    asked: bool


def excerpt(text: str, question: str, length: int = LENGTH) -> tuple[Part, ...]:
    """The part of a text, about ``length`` letters, in which the most words stand that were asked for. ``…`` says that
    there is more. Without any such word: its beginning."""
    found = sorted(_found(text, asked_words(question)))
    best = max(found, key=lambda one: (_words_near(found, one, length), -one[0]), default=None)
    begins = 0 if best is None else _word_before(text, best[0] - _BEFORE)
    ends = min(len(text), begins + length)
    parts, at = [Part("…", False)] if begins else [], begins
    for first, last in _joined(found):
        if begins <= first < ends:
            parts += [Part(text[at:first], False), Part(text[first:last], True)]
            at = last
    parts.append(Part(text[at : max(at, ends)] + ("…" if max(at, ends) < len(text) else ""), False))
    return tuple(Part(_SPACE.sub(" ", one.text), one.asked) for one in parts if one.text)


def _words_near(found: Sequence[Stands], here: Stands, length: int) -> int:
    """How many different words an excerpt shows that begins with one of them."""
    return len({word for first, _, word in found if here[0] <= first < here[0] + length - _BEFORE})


def _word_before(text: str, at: int) -> int:
    """Where the word begins that holds a place, if it begins near it."""
    if at <= 0:
        return 0
    space = text.rfind(" ", at - 20 if at > 20 else 0, at)
    return at if space < 0 else space + 1


def _letters(text: str) -> Iterator[tuple[str, int, int]]:
    """Each letter as it is compared, and where what it was written with begins and ends."""
    at = 0
    while at < len(text):
        end = at + 1
        while end < len(text) and (unicodedata.category(text[end])[0] == "M" or _JOINS.match(text[end])):
            end += 1
        for letter in plain_letters(text[at:end]):
            yield letter, at, end
        at = end


def _found(text: str, words: Sequence[str]) -> Iterator[Stands]:
    letters = list(_letters(text))
    for begins, run in runs_of("".join(letter for letter, _, _ in letters)):
        for word in words:
            for first, last in found_by(word, run, begins):
                yield letters[first][1], letters[last - 1][2], word


def _joined(found: Sequence[Stands]) -> Iterator[tuple[int, int]]:
    """From which letter to which, those that touch as one."""
    first, last = -1, -1
    for begins, ends, _ in found:
        if begins > last:
            if last > 0:
                yield first, last
            first = begins
        last = max(last, ends)
    if last > 0:
        yield first, last


__all__ = ["Part", "excerpt"]
