"""From the YAML files beside this module to frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml

from corroborate.errors import InvalidValue
from corroborate.translation import label_of

_OF_LAW = ("violations", "crimes", "other_law", "standards", "procedures", "treaties")
_OF_FACTS = ("places", "members", "demands", "timeline", "commission", "populations", "proceedings", "publications")
NAMES = (*_OF_LAW, *_OF_FACTS)
CHECKED = ("seen", "recalled")


@dataclass(frozen=True, slots=True)
class Entry:
    """One term. ``more`` holds what only its own vocabulary has, such as ``crimes`` of a violation."""

    id: str
    label: Mapping[str, str]  # language (ISO 639-1) -> label; English is always there
    source: str
    checked: str
    more: Mapping[str, Any]

    def in_language(self, language: str) -> str:
        """The label in a language, or the English one."""
        return label_of(self.label, language)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All entries of one vocabulary, in the order of its file."""

    name: str
    title: str
    version: str
    entries: Mapping[str, Entry]
    more: Mapping[str, Any]

    def __getitem__(self, identifier: str) -> Entry:
        try:
            return self.entries[identifier]
        except KeyError:
            raise InvalidValue(
                "the vocabulary {name} has no {identifier!r}", name=self.name, identifier=identifier
            ) from None


@cache
def load(name: str) -> Vocabulary:
    """A vocabulary by name (see ``NAMES``). Raises InvalidValue for another name or a faulty file."""
    if name not in NAMES:
        raise InvalidValue("no vocabulary {name!r}; there are {listed}", name=name, listed=", ".join(NAMES))
    text = resources.files(__package__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    document = yaml.load(text, Loader=yaml.CSafeLoader)  # ten times as fast as the loader in Python
    entries: dict[str, Entry] = {}
    for raw in document.pop("entries"):
        more = dict(raw)
        entry = Entry(
            more.pop("id"), MappingProxyType(more.pop("label")), more.pop("source"), more.pop("checked"),
            MappingProxyType(more),
        )  # fmt: skip
        if entry.id in entries:
            raise InvalidValue("{name}: {id} stands twice", name=name, id=entry.id)
        if not entry.source or entry.checked not in CHECKED or "en" not in entry.label:
            raise InvalidValue("{name}: {id} lacks a source, a check mark or an English label", name=name, id=entry.id)
        entries[entry.id] = entry
    return Vocabulary(
        name, document.pop("title"), document.pop("version"), MappingProxyType(entries), MappingProxyType(document)
    )


def entry_called(vocabulary: str, label: str) -> str | None:
    """The id of the one entry that has a label in some language; None for none, or for several."""
    asked = label.strip().casefold()
    found = [one.id for one in load(vocabulary).entries.values() if asked in map(str.casefold, one.label.values())]
    return found[0] if len(found) == 1 else None


@cache
def country_names() -> Mapping[str, Mapping[str, str]]:
    """ISO 3166-1 alpha-2 code -> language -> the country's name (Unicode CLDR)."""
    text = resources.files(__package__).joinpath("countries.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, str]] = yaml.safe_load(text)
    return found
