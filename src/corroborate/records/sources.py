"""Where claims come from, and which of them come from the same origin."""

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from corroborate.errors import InvalidValue
from corroborate.values import JSON, canonical, checked_id

SourceKind = Literal["witness", "document", "list", "broadcast", "image", "site"]
EntityKind = Literal[
    "person",
    "party",
    "group",
    "organisation",
    "unit",
    "place",
    "facility",
    "event",
    "act",
    "involvement",
    "detention",
    "post",
    "proceeding",
    "document",
]
"""A person is somebody to whom something was done; a party is whoever else had a part in it or told of it."""


@dataclass(frozen=True, slots=True)
class Source:
    """A witness, document, list, broadcast, image or site. It may derive from other sources.

    ``part_of``: the list of which this is a row or record, ``number`` counting from 1. Such a source has no title of
    its own: it is called by its list and its number.
    """

    id: str
    kind: SourceKind
    title: str
    derives_from: tuple[str, ...] = ()
    invented: bool = False
    part_of: str = ""
    number: int = 0

    def __post_init__(self) -> None:
        for part in (self.id, *self.derives_from, *([self.part_of] if self.part_of else ())):
            checked_id(part)
        if self.part_of and (self.title or self.number < 1):
            raise InvalidValue(
                "{id} is a part of {part_of}: it has a number from 1, and no title", id=self.id, part_of=self.part_of
            )

    def canonical(self) -> bytes:
        """What is sealed. Version 2 is of a part of a list; earlier versions wrote list and row into its title."""
        record: dict[str, JSON] = {
            "version": 2 if self.part_of else 1,
            "id": self.id,
            "kind": self.kind,
            "title": self.title,
            "derives_from": list(self.derives_from),
            "invented": self.invented,
        }
        return canonical(record | {"part_of": self.part_of, "number": self.number} if self.part_of else record)


@dataclass(frozen=True, slots=True)
class Fallen:
    """Sources that fall with one that is withdrawn, it first; and those that repeat it and have another root."""

    gone: tuple[str, ...]
    also_told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entity:
    """Something known only through claims."""

    id: str
    kind: EntityKind

    def __post_init__(self) -> None:
        checked_id(self.id)


def roots_of(source: str, sources: Mapping[str, Source]) -> frozenset[str]:
    """The sources that this one goes back to, or itself when it derives from none.

    A report that repeats a witness has that witness as its root. A circle of derivations is refused: nobody knows
    where such a rumour began.
    """
    found: set[str] = set()
    path: list[tuple[str, Iterable[str]]] = []
    done: set[str] = set()

    def open_(one: str) -> Iterable[str]:
        before = sources[one].derives_from if one in sources else ()
        if not before:
            found.add(one)
        return iter(before)

    path.append((source, open_(source)))
    on_path = {source}
    while path:
        one, rest = path[-1]
        following = next(iter(rest), None)
        if following is None:
            path.pop()
            on_path.discard(one)
            done.add(one)
        elif following in on_path:
            raise InvalidValue("source {following} derives from itself by way of {one}", following=following, one=one)
        elif following not in done:
            on_path.add(following)
            path.append((following, open_(following)))
    return frozenset(found)


def fallen_with(asked: str | Sequence[str], derives: Mapping[str, Iterable[str]], withdrawn: Collection[str]) -> Fallen:
    """What stands no longer when sources are withdrawn: they, and whatever goes back to nothing but withdrawn ones.

    ``derives``: what each known source derives from; ``withdrawn``: those that were withdrawn before. A source that is
    not known here was withdrawn by nobody, and carries what derives from it. Circles carry nobody.
    """
    told: dict[str, list[str]] = {}
    for one, before in derives.items():
        for each in before:
            told.setdefault(each, []).append(one)
    sources = (asked,) if isinstance(asked, str) else tuple(asked)
    after, rest = dict.fromkeys(sources), deque(sources)  # a dict keeps the order: whoever told first stands first
    while rest:
        new = [one for one in told.get(rest.popleft(), ()) if one not in after]
        after.update(dict.fromkeys(new))
        rest += new
    lost = {*sources, *withdrawn}
    carried = [one for one in after if one not in lost and any(_outside(each, after, lost) for each in derives[one])]
    current = set(carried)
    while carried:
        new = [one for one in told.get(carried.pop(), ()) if one in after and one not in current and one not in lost]
        current.update(new)
        carried += new
    gone = tuple(one for one in after if one not in current and one not in withdrawn)
    return Fallen(gone, tuple(one for one in after if one in current))


def _outside(source: str, after: Collection[str], lost: Collection[str]) -> bool:
    return source not in after and source not in lost
