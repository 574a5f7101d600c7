"""Sentences of an estimate in another language: a release keeps them in English, with their numbers in them."""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from corroborate.translation import catalogue, number_in, sentences
from corroborate.vocabulary.assumptions import ASSUMPTIONS, ASSUMPTIONS_IN

_PLACE = re.compile(r"\{(\w+)[^{}]*\}")
_END = re.compile(r"(?<=[.:]) ")
_DIGITS = re.compile(r"[\d.,]+%?")


def retold(text: str, language: str) -> str:
    """A sentence, or several one after the other, in a language; what nobody put into it stays in English."""
    if language == "en":
        return text
    if (whole := _whole(text, language)) is not None:
        return whole
    for end in _END.finditer(text):
        if (first := _whole(text[: end.start()], language)) is not None:
            between = "" if language == "ja" else " "
            return f"{first}{between}{retold(text[end.end() :], language)}"
    return text


def _whole(text: str, language: str) -> str | None:
    """One sentence; None where it is none that a language has words for."""
    if text in ASSUMPTIONS and language in ASSUMPTIONS_IN:
        return ASSUMPTIONS_IN[language][ASSUMPTIONS.index(text)]
    if (same := sentences(language).get(text)) is not None:
        return same
    for shape, other in _shapes(language):
        if found := shape.fullmatch(text):
            return _filled(other, {name: _value(value, language) for name, value in found.groupdict().items()})
    return None


def _filled(other: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), other)


def _value(value: str, language: str) -> str:
    """What stands in a place: a number with the marks of the language, or words that are a sentence themselves."""
    return number_in(value, language) if _DIGITS.fullmatch(value) else retold(value, language)


@cache
def _shapes(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Sentences of estimates with places in them, the longest first, and how a language says each."""
    found = sorted(_told(language), key=lambda one: (-len(one[0]), one[0]))
    return tuple((re.compile(_sought(english)), other) for english, other in found)


def _told(language: str) -> Iterator[tuple[str, str]]:
    for (context, english), other in catalogue("corroborate", "estimation", language).items():
        if not context and _PLACE.search(english) and any(map(str.isalpha, _PLACE.sub("", english))):
            yield english, other if isinstance(other, str) else other[-1]


def _sought(english: str) -> str:
    """A sentence with places as a pattern: a name that stands twice is the same twice."""
    made, at, seen = "", 0, set[str]()
    for place in _PLACE.finditer(english):
        made += re.escape(english[at : place.start()])
        made += f"(?P={place[1]})" if place[1] in seen else f"(?P<{place[1]}>.+?)"
        seen.add(place[1])
        at = place.end()
    return made + re.escape(english[at:])


__all__ = ["retold"]
