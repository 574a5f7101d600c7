"""What a person must look at before a name is taken in: letters of two scripts in one word, letters that look alike."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import accumulate
from typing import Self

import yaml

from corroborate.languages.likeness import (
    looks,
    one_body,
    one_voice,
    other_voices,
    readings,
    reads_like,
    skeleton,
    width,
)
from corroborate.translation import Sentence

__all__ = [
    "Names",
    "as_said",
    "doubts",
    "everybody",
    "holds_name",
    "is_called",
    "mixed",
    "one_body",
    "one_voice",
    "other_voices",
    "reads_like",
    "says_enough",
    "skeleton",
    "width",
]

# Scripts that stand in one word by rule: Korean with hanja, Japanese with kanji (UTS 39, section 5.2, highly
# restrictive); Latin beside any of them is common in abbreviations.
_TOGETHER = ({"HANGUL", "CJK", "LATIN"}, {"HIRAGANA", "KATAKANA", "CJK", "LATIN", "FULLWIDTH", "HALFWIDTH"})


# Names within what others write

_MOST_WORDS = 16  # of a member's name
_OF_EVERYBODY = 6  # words of what all members are called together
_LONG_NAME = 8  # letters: a shorter name of Latin letters stands in many words that are not it
_NO_SPACES = 0x0E00  # from Thai on: scripts whose words are not set apart, or are made longer
_BETWEEN = re.compile(r"[\W_]+")
_CAPITAL = re.compile(r"(?<=[a-z\u00df-\u00ff])(?=[A-Z\u00c0-\u00de])")


def is_called(name: str, members: Iterable[str]) -> bool:
    """Whether a reader would take a name for one of these."""
    seen = looks(name)
    return any(not seen.isdisjoint(looks(one)) for one in members)


def holds_name(text: str, members: Iterable[str]) -> bool:
    """Whether a reader would find one of these names in a text, whatever stands around it."""
    return Names.of(members).within(text)


@dataclass(frozen=True, slots=True)
class Names:
    """Names to be found in what strangers write, by what they look like. Made once for many texts."""

    whole: frozenset[str]  # found as a word, or as some that follow one another
    parts: tuple[str, ...]  # found within other words too
    words: frozenset[frozenset[str]]  # of names of several words: found in any order
    bodies: tuple[str, ...] = ()  # names that may be said for short

    @classmethod
    def of(cls, names: Iterable[str], bodies: Iterable[str] = ()) -> Self:
        given = tuple(dict.fromkeys(names))
        seen = [(one, look) for one in given for look in looks(one)]
        words = (frozenset(_words(reading)) for one in given for reading in readings(one))
        return cls(
            frozenset(look for _, look in seen),
            tuple(sorted({look for one, look in seen if _found_within(one, look)})),
            frozenset(one for one in words if len(one) > 1),
            tuple(dict.fromkeys(bodies)),
        )

    def within(self, text: str) -> bool:
        """Whether a reader would find one of them in a text: joined with other words, or its words in another order."""
        return any(map(self._within, readings(text)))

    def means(self, name: str) -> bool:
        """Whether a reader would find one of them in a name, or take the name for one of them as it is said for short:
        without some of its words, or by its initials."""
        return self.within(name) or any(one_body(each, one) for each in as_said(name) for one in self.bodies)

    def _within(self, text: str) -> bool:
        look, words = skeleton(text), _words(text)
        if look in self.whole or any(one in look for one in self.parts):
            return True
        here = set(words)
        return any(one <= here for one in self.words) or any(
            looks in self.whole
            for first in range(len(words))
            for looks in accumulate(words[first : first + _MOST_WORDS])
        )


@cache
def _everybody() -> tuple[frozenset[str], tuple[str, ...]]:
    """What all members are called together, by what it looks like: in words, and as words begin."""
    text = resources.files("corroborate.coalition").joinpath("everybody.yaml").read_text(encoding="utf-8")
    said = yaml.safe_load(text)
    return frozenset(map(skeleton, said["words"].splitlines())), tuple(map(skeleton, said["begin"].splitlines()))


def everybody(text: str, coalition: str = "") -> bool:
    """Whether a text speaks of all members at once: of the coalition, by a common word for it or by its own name."""
    whole, begin = _everybody()
    for reading in readings(text):
        words = _words(reading)
        for first in range(len(words)):
            runs = list(accumulate(words[first : first + _OF_EVERYBODY]))
            if runs[-1].startswith(begin) or not whole.isdisjoint(runs):
                return True
    return bool(coalition) and holds_name(text, [coalition])


def _found_within(name: str, look: str) -> bool:
    """Whether a name is looked for within other words: a long one, and one of a script that sets no spaces around
    words (Japanese, Chinese, Thai) or adds its endings to them (Korean)."""
    return width(look) >= _LONG_NAME or (len(look) > 1 and any(ord(one) >= _NO_SPACES for one in name if one.isalpha()))


def _words(text: str) -> list[str]:
    """The words of a text by what they look like, also of one that joins them by capitals: GenevaWatchOffice."""
    apart = _CAPITAL.sub(" ", text)
    return [look for one in _BETWEEN.split(apart) if (look := skeleton(one))]


def as_said(name: str) -> tuple[str, ...]:
    """A name, and its words apart where capitals join them."""
    return tuple(dict.fromkeys((name, _CAPITAL.sub(" ", name))))


def says_enough(name: str) -> bool:
    """Whether a name has several words, or is of a script that parts none: one word of a longer name (David) is
    anybody's."""
    return len(_words(name)) > 1 or any(ord(one) >= _NO_SPACES for one in name if one.isalpha())


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ", 1)[0]


def mixed(name: str) -> str:
    """The first word that mixes letters of scripts which no language writes together; empty when there is none."""
    for word in re.finditer(r"[^\W\d_]+", name):
        scripts = {_script(letter) for letter in word[0]}
        if len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER):
            return word[0]
    return ""


def doubts(name: str, others: Iterable[str]) -> tuple[str, ...]:
    """What a person must look at before a name is taken in: reasons, none when there is no doubt.

    ``others``: the names that are in the register already.
    """
    found = []
    if word := mixed(name):
        scripts = sorted({_script(letter).capitalize() for letter in word})
        found.append(
            Sentence(
                "“{word}” mixes letters of {listed}: it may imitate another name",
                word=word,
                listed=" and ".join(scripts),
            )
        )
    for other in others:
        if other == name:
            found.append(
                Sentence(
                    "“{other}” is in the register already: two members with one name need something that tells "
                    "them apart (country, city, key)",
                    other=other,
                )
            )
        elif reads_like(name, other):
            found.append(Sentence("it looks like “{other}”, which is another name", other=other))
    return tuple(found)
