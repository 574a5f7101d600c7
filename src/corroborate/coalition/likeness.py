"""What a person must look at before a name is taken in: letters of two scripts in one word, letters that look alike."""

import re
import unicodedata
from collections.abc import Iterable

from corroborate.languages.likeness import one_body, one_voice, other_voices, reads_like, skeleton
from corroborate.translation import Sentence

__all__ = ["doubts", "mixed", "one_body", "one_voice", "other_voices", "reads_like", "skeleton"]

# Scripts that stand in one word by rule: Korean with hanja, Japanese with kanji (UTS 39, section 5.2, highly
# restrictive); Latin beside any of them is common in abbreviations.
_TOGETHER = ({"HANGUL", "CJK", "LATIN"}, {"HIRAGANA", "KATAKANA", "CJK", "LATIN", "FULLWIDTH", "HALFWIDTH"})


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
    looks = skeleton(name)
    for other in others:
        if other == name:
            found.append(
                Sentence(
                    "“{other}” is in the register already: two members with one name need something that tells "
                    "them apart (country, city, key)",
                    other=other,
                )
            )
        elif skeleton(other) == looks:
            found.append(Sentence("it looks like “{other}”, which is another name", other=other))
    return tuple(found)
