"""What kinds of entities there are, and which properties claims can have: each said once, for a lawyer to review.

Importers, pages, review, disclosure and exports read it here. A property that stands nowhere here tells who somebody
is until it is said otherwise: nobody sees it without the permission to see names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal, get_args

import yaml

from corroborate.errors import InvalidValue
from corroborate.translation import label_of

Sensitivity = Literal["identity", "body", "fact"]
Compared = Literal["", "own", "privately"]
Type = Literal["name", "text", "date", "term", "entity", "number"]
LANGUAGES = ("en", "ko", "ja", "es")


@dataclass(frozen=True, slots=True)
class Property:
    """What one property of a claim is."""

    name: str
    type: Type
    label: Mapping[str, str]  # language (ISO 639-1) -> label
    sensitivity: Sensitivity
    several: bool  # whether two values that differ can both hold
    ftm: str = ""  # FollowTheMoney's name, where it has one
    public: bool = False  # whether it may be told in public of what happened
    compared: Compared = ""  # whether two entries are compared by it: in a vault, or with another member's too
    fields: tuple[str, ...] = ()  # of a list, that say it; its own name, where nothing else is said
    free: bool = False  # somebody's own words: they may tell of a body or name others, whatever was asked

    def in_language(self, language: str) -> str:
        """The label in a language, or the English one."""
        return label_of(self.label, language)


_SAID = frozenset(("type", "sensitivity", "several", "ftm", "public", "compared", "fields", "free", "label"))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entity with its properties, in the order of pages."""

    name: str
    label: Mapping[str, str]
    properties: tuple[Property, ...]
    ftm: str

    def __contains__(self, property_: str) -> bool:
        return any(one.name == property_ for one in self.properties)


@cache
def properties() -> Mapping[str, Property]:
    """Every property by its name, in the order of pages."""
    return MappingProxyType({name: _property(name, said) for name, said in _read("properties").items()})


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind of entity by its name. Raises InvalidValue for a property that is not described."""
    known, found = properties(), {}
    for name, said in _read("kinds").items():
        if unknown := [one for one in said["properties"] if one not in known]:
            raise InvalidValue(
                "kinds.yaml: {name} has {listed}, which properties.yaml does not describe",
                name=name,
                listed=", ".join(unknown),
            )
        parts = tuple(known[one] for one in said["properties"])
        found[name] = Kind(name, _label(f"kinds.yaml: {name}", said), parts, said["ftm"])
    return MappingProxyType(found)


def names_of_type(type_: Type) -> tuple[str, ...]:
    """The properties of a type, in order."""
    return tuple(one.name for one in properties().values() if one.type == type_)


def of_sensitivity(sensitivity: Sensitivity) -> tuple[str, ...]:
    """The properties that tell something of a kind, in order."""
    return tuple(one.name for one in properties().values() if one.sensitivity == sensitivity)


def free_words() -> tuple[str, ...]:
    """The properties that hold somebody's own words, in order."""
    return tuple(one.name for one in properties().values() if one.free)


def public() -> frozenset[str]:
    """The properties that may be told in public, beside a name that may be told."""
    return frozenset(one.name for one in properties().values() if one.public)


def compared(*, privately: bool = False) -> tuple[str, ...]:
    """The properties that two entries are compared by, in order; ``privately``: with another member's vault."""
    return tuple(
        one.name for one in properties().values() if one.compared == "privately" or (one.compared and not privately)
    )


def of_field(field: str) -> Property | None:
    """The first property that a field of a list says."""
    return next((one for one in properties().values() if field in one.fields), None)


def ftm(property_: str) -> str:
    """FollowTheMoney's name of a property that has one there."""
    return properties()[property_].ftm


def single() -> frozenset[str]:
    """Properties of which only one value can hold: two that differ contradict one another."""
    return frozenset(one.name for one in properties().values() if not one.several)


def place_of(property_: str) -> int:
    """Where a property stands among the others on a page; one that is not described stands last."""
    order = list(properties())
    return order.index(property_) if property_ in order else len(order)


def _read(file: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.load(
        resources.files(__package__).joinpath(f"{file}.yaml").read_text(encoding="utf-8"),
        Loader=yaml.CSafeLoader,
    )
    return found


def _property(name: str, said: Mapping[str, Any]) -> Property:
    if unknown := set(said) - _SAID:
        raise InvalidValue(
            "properties.yaml: {name} says {listed}; see the file's top", name=name, listed=", ".join(sorted(unknown))
        )
    of_a_few = {"type": Type, "sensitivity": Sensitivity, "compared": Compared}
    if wrong := [said[key] for key, few in of_a_few.items() if said.get(key, "") not in ("", *get_args(few))]:
        raise InvalidValue("properties.yaml: {name} is {wrong!r}; see the file's top", name=name, wrong=wrong[0])
    return Property(
        name, said["type"], _label(f"properties.yaml: {name}", said), said["sensitivity"], bool(said["several"]),
        said.get("ftm", ""), bool(said.get("public", False)), said.get("compared", ""),
        tuple(said.get("fields", (name,))), bool(said.get("free", False)),
    )  # fmt: skip


def _label(where: str, said: Mapping[str, Any]) -> Mapping[str, str]:
    if missing := [one for one in LANGUAGES if not said["label"].get(one)]:
        raise InvalidValue("{where} has no label in {listed}", where=where, listed=", ".join(missing))
    return MappingProxyType({one: str(said["label"][one]) for one in LANGUAGES})
