"""Words of a passage that somebody marked, and the value that they are coded as.

The passage says nothing by itself: a person reads it, marks words in it, and says what they mean. What is marked is
known by its place, so that a claim can be led back to the letters it stands on without repeating them.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from corroborate.errors import InvalidValue
from corroborate.languages.dates import read_date
from corroborate.records.claims import Reference, Term, Text, Value
from corroborate.records.schema import Property, kinds
from corroborate.values import checked_id, read_name
from corroborate.vocabulary import entry_called, load

Stance = Literal["for", "against", "seen", "threatened"]
STANCES: tuple[Stance, ...] = ("for", "against", "seen", "threatened")
SAID: dict[Stance, str] = {  # what is said of a violation, as the property that says it
    "for": "violation",
    "against": "no_violation",
    "seen": "witnessed",
    "threatened": "threatened",
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Letters of a passage, the first and the one after the last, counted from 0."""

    start: int
    stop: int

    def within(self, locator: str, text: str) -> str:
        """Where they stand, for a person who opens the document. It repeats none of the words: a locator goes where a
        claim goes, and the words beside a fact may name somebody."""
        if (self.start, self.stop) == (0, len(text)):
            return locator
        return f"{locator}, letters {self.start + 1} to {self.stop}"


def marked(text: str, words: str) -> Stretch:
    """The words of a passage that were marked; all of it where none are given. Spaces and line ends count as alike.

    Raises InvalidValue for words that are not in it, or that stand in it more than once.
    """
    wanted = [re.escape(part) for part in unicodedata.normalize("NFC", words).split()]
    if not wanted:
        return Stretch(0, len(text))
    found = [Stretch(*one.span()) for one in re.finditer(r"\s+".join(wanted), text)]
    if not found:
        raise InvalidValue("the passage does not have these words: copy them from it as they stand there")
    if len(found) > 1:
        raise InvalidValue(
            "the passage has these words {number} times: mark more of the words around them", number=len(found)
        )
    return found[0]


def said_value(property_: Property, words: str, *, latest: int) -> Value:
    """The value of a property that words say. ``latest``: the latest year that a date can have. Raises InvalidValue."""
    words = words.strip()
    if not words:
        raise InvalidValue("what is said of it is empty: give {en!r} in words", en=property_.label["en"])
    match property_.type:
        case "name":
            return read_name(words)
        case "date":
            reading = read_date(words, latest=latest)
            if reading.value is None:
                raise InvalidValue("these words are no date that we can read; write it as 1997, 1997-03 or 1997-03-12")
            return reading.value
        case "term":
            return Term("violations", _term(words))
        case "entity":
            return Reference(checked_id(words))
        case "number":
            if not words.isascii() or not words.isdecimal():
                raise InvalidValue("{en!r} is a number: write it in digits", en=property_.label["en"])
            return Text(words)
        case "text":
            return Text(words)


def _term(words: str) -> str:
    """A term by its id or by its label in any language."""
    if words in load("violations").entries:
        return words
    named = entry_called("violations", words)
    if named is None:
        raise InvalidValue(
            "these words are no term of the vocabulary of violations; give its id, such as integrity.torture, or its "
            "label as it stands there"
        )
    return named


def property_of(kind: str, name: str) -> Property:
    """A property that an entity of a kind can have. Raises InvalidValue with those that it has."""
    known = kinds()[kind].properties
    for one in known:
        if one.name == name:
            return one
    raise InvalidValue(
        "a {kind} has no property {name!r}; it has {listed}",
        kind=kind,
        name=name,
        listed=", ".join(one.name for one in known),
    )


__all__ = ["SAID", "STANCES", "Stance", "Stretch", "marked", "property_of", "said_value"]
