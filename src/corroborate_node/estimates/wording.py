"""What the library says in English, in the reader's language where we have the words.

A result is kept as JSON, and keeps beside its sentences what stands in their places, so that each is put into words
when somebody reads it, in whichever language that is.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from corroborate.translation import filled_in, sentences, shape_of

_SENTENCE = re.compile(r"(?<=[.]) (?=[A-Z])")
Places = Mapping[str, Mapping[str, Any]]  # English as it is shown -> its ``text`` with places, and their ``values``


class InWords(Mapping[str, str]):
    """A mapping from what the library says to the same in a language: whole texts, and texts with something in their
    places. Figures take it as it is."""

    def __init__(self, language: str, places: Places | None = None) -> None:
        self.language, self.places = language, places or {}
        self._said: Mapping[str, str] = {} if language == "en" else sentences(language)

    def __getitem__(self, text: str) -> str:
        if self.language == "en":
            return text
        if text in self._said:
            return self._said[text]
        if text not in self.places:
            return self._by_sentences(text)
        shape = self.places[text]
        values = {name: self._value(one) for name, one in shape["values"].items()}
        return filled_in(shape_of(shape["text"], values, self.language), values, self.language)

    def _by_sentences(self, text: str) -> str:
        """A text of several sentences, each by itself: all or none is translated."""
        parts = _SENTENCE.split(text)
        if len(parts) < 2:
            raise KeyError(text)
        return " ".join(self[part] for part in parts)

    def _value(self, value: Any) -> Any:
        return self.get(value, value) if isinstance(value, str) else value

    def __iter__(self) -> Iterator[str]:
        return iter((*self._said, *self.places))

    def __len__(self) -> int:
        return len(self._said) + len(self.places)


def sentence(text: str, words: InWords) -> tuple[str, str]:
    """A text of the library and the language it is now in: the reader's, or English where it is not known."""
    found = words.get(text) if text else ""
    return (text, "en") if found is None else (found, words.language)
