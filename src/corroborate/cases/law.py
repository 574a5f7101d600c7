"""The law that findings are lined up against: crimes against humanity, other crimes, and modes of liability.

All of it is reviewed YAML of one form. A field that nobody knows is refused: it was meant to say something.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final, Literal, get_args

from corroborate.errors import InvalidValue
from corroborate.vocabulary import Entry, load

Law = Literal[
    "article_7",
    "genocide",
    "war_crimes",
    "torture",
    "enforced_disappearance",
    "slavery",
    "abduction",
    "modes",
]
LAWS: Final[tuple[Law, ...]] = get_args(Law)
KINDS: Final = frozenset({"conduct", "circumstance", "result", "mental", "context", "mode"})
_OF_ENTRY: Final = frozenset({"article", "elements", "law", "like", "definition", "note"})
_OF_ELEMENT: Final = frozenset({"id", "kind", "text", "refers_to", "note"})


@cache
def entries() -> Mapping[str, Entry]:
    """Every crime and mode of liability by its id, article 7 first. Raises InvalidValue for a faulty file."""
    found = {**load("crimes").entries, **load("other_law").entries}
    for one in found.values():
        checked(one, found)
    return MappingProxyType(found)


def checked(one: Entry, known: Mapping[str, Entry]) -> Entry:
    """An entry that says what it may. Raises InvalidValue with what is wrong in it."""
    if unknown := set(one.more) - _OF_ENTRY:
        raise InvalidValue(
            "{id}: nobody knows the field {field!r}; correct or remove it", id=one.id, field=min(unknown)
        )
    if law_of(one) not in LAWS:
        raise InvalidValue(
            "{id}: there is no law {law!r}; there are {listed}", id=one.id, law=one.more["law"], listed=", ".join(LAWS)
        )
    if lost := [crime for crime in like(one) if crime not in known]:
        raise InvalidValue("{id} is like {crime!r}, which is not there", id=one.id, crime=lost[0])
    for element in one.more.get("elements", ()):
        if unknown := set(element) - _OF_ELEMENT:
            raise InvalidValue(
                "{id}: nobody knows the field {field!r}; correct or remove it", id=one.id, field=min(unknown)
            )
        if element.get("kind") not in KINDS or not element.get("text") or not element.get("id", "").startswith(one.id):
            raise InvalidValue("{id}: an element needs an id that begins with it, a kind and a text", id=one.id)
    if not one.more.get("elements") or not one.more.get("article"):
        raise InvalidValue("{id} needs an article and elements", id=one.id)
    return one


def law_of(one: Entry) -> Law:
    """Under which law an entry stands."""
    law: Law = one.more.get("law", "article_7")
    return law


def like(one: Entry) -> tuple[str, ...]:
    """The crimes whose claims of violations speak to the conduct of this one: itself, and those that it names."""
    return (one.id, *one.more.get("like", ()))


def crime(name: str) -> Entry:
    """A crime or mode of liability by its id. Raises InvalidValue."""
    found = entries().get(name)
    if found is None:
        raise InvalidValue("there is no crime {name!r}; there are {listed}", name=name, listed=", ".join(entries()))
    return found
