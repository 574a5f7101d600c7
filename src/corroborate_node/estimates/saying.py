"""What the library says in English, in the reader's language where we have the words."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

import yaml

from corroborate_node.core.wording import LANGUAGES

_PLACE = re.compile(r"\\\{(\w+)\\\}")
_ANY = re.compile(r"\{\w+\}")
_TELLING = 8  # letters beside the places: fewer, such as those of "{low} to {high}", are found in any sentence
_SENTENCE = re.compile(r"(?<=[.]) (?=[A-Z])")


@cache
def _said() -> list[dict[str, str]]:
    text = resources.files(__package__).joinpath("said.yaml").read_text(encoding="utf-8")
    found: list[dict[str, str]] = yaml.safe_load(text)
    return found


class InWords(Mapping[str, str]):
    """A mapping from what the library says to the same in a language: whole texts, and texts with something in their
    places. Figures take it as it is."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._whole = {one["en"]: one[language] for one in _said()}
        self._patterns = [
            (re.compile(_PLACE.sub(r"(?P<\1>.+?)", re.escape(one["en"])), re.DOTALL), one[language])
            for one in _said()
            if "{" in one["en"] and len(_ANY.sub("", one["en"])) >= _TELLING
        ]

    def __getitem__(self, text: str) -> str:
        if text in self._whole:
            return self._whole[text]
        for pattern, other in self._patterns:
            if found := pattern.fullmatch(text):
                parts = {name: self._whole.get(part, part) for name, part in found.groupdict().items()}
                return other.format(**parts)
        raise KeyError(text)

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole)

    def __len__(self) -> int:
        return len(self._whole)


@cache
def in_words(language: str) -> InWords:
    return InWords(language if language in dict(LANGUAGES) else "en")


def sentence(text: str, language: str) -> tuple[str, str]:
    """A text of the library and the language it is now in: the reader's, or English where it is not known.

    Texts of several sentences are looked up as a whole, then each by itself; all or none is translated.
    """
    words = in_words(language)
    if not text:
        return "", language
    if text in words:
        return words[text], language
    parts = _SENTENCE.split(text)
    if len(parts) > 1 and all(part in words for part in parts):
        return " ".join(words[part] for part in parts), language
    return text, "en"
