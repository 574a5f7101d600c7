"""What a grant shows: what its release lets go, of what still stands. Nothing is decided here.

To ask whether a release may go today reads all that the vault holds. What came of it is kept in memory, and is good
until a record is sealed, somebody does what may change an answer, or the day turns.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from corroborate.disclosure import FILE, Release
from corroborate.errors import CorroborateError
from corroborate.records import Claim, Reference, write_value
from corroborate.registers.acts import act_registers
from corroborate.registers.cells import Rows
from corroborate.values import Name
from corroborate_node.core.desk import Desk
from corroborate_node.core.models import Line
from corroborate_node.grants.models import Grant
from corroborate_node.log import queries as log
from corroborate_node.records import queries
from corroborate_node.records.rows import NAMES, claim
from corroborate_node.release.giving import current_release
from corroborate_node.release.pseudonyms import names_for

_MOST = 4  # grants whose pages are kept
_WITHOUT = ("release", "package", "grant")  # entries of the log that change nothing of what may go
# Acts that change nothing of it, by how their names begin; what they make a record of is an entry of the log besides
_BESIDE = ("account.", "draft.", "factor.", "grant.", "passphrase.", "record.remark", "release.", "search.", "token.")
_kept: OrderedDict[tuple[str, tuple[Any, ...]], "Shown | CorroborateError"] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Item:
    """One record that goes: what a source said of somebody or something. Numbers are those before this reader."""

    number: str
    record: str
    about: str  # number of the person or thing it is about
    name: str  # and their name, where that goes
    property: str
    value: Mapping[str, Any]
    to: str  # the name or number of whom its value points to
    basis: str
    kind: str  # of the source
    title: str  # of the source, where that goes too
    on: date  # when it was recorded


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is named, with all that goes of them."""

    number: str
    id: str
    names: tuple[str, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """All that the reader of a grant may see. ``ids``: by its number before this reader, whatever can be asked of."""

    made: Release
    people: tuple[Person, ...]
    items: tuple[Item, ...]
    registers: Mapping[str, Rows]
    files: Mapping[str, str]  # number -> id
    ids: Mapping[str, str]


def stands_for(day: date) -> tuple[Any, ...]:
    """What changes whenever anything does by which a release may go or not."""
    beside = Q()
    for one in _BESIDE:
        beside |= Q(what__startswith=one)
    last = Line.objects.filter(kind="act").exclude(beside).order_by("-id").values_list("id", flat=True).first()
    return day, last, log.last_index(_WITHOUT)


def shown(desk: Desk, row: Grant) -> Shown:
    """What a grant shows today. Raises NotAllowed, NotVerified where its release may not go."""
    found = standing(desk, row)
    if isinstance(found, CorroborateError):
        raise found
    return found


def standing(desk: Desk, row: Grant) -> Shown | CorroborateError:
    """What a grant shows today, or why its release may not go."""
    key = (row.id, stands_for(desk.at.date()))
    with _lock:
        if (found := _kept.get(key)) is not None:
            _kept.move_to_end(key)
            return found
    made: Shown | CorroborateError
    try:
        made = _shown(desk, row)
    except CorroborateError as error:
        made = error
    with _lock:
        for old in [one for one in _kept if one[0] == row.id]:
            del _kept[old]
        _kept[key] = made
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    return made


def forget() -> None:
    """Whatever is kept in memory goes: something was taken back."""
    with _lock:
        _kept.clear()


def _shown(desk: Desk, row: Grant) -> Shown:
    made = current_release(desk, row.release.number)
    names_ = names_for(desk.vault, made)

    def told(id_: str) -> str:
        return (id_ if names_ is None else names_.of(id_)).partition("_")[2]

    goes = {one.record: one for one in made.items if one.goes and one.use in ("name", "quote")}
    claims = [
        claim(one) for one in queries.claims_among(sorted(id_ for id_, one in goes.items() if one.kind == "claim"))
    ]
    sources = queries.sources()
    whose = {one.subject: goes[one.id].person or one.subject for one in claims if one.subject.startswith("person_")}
    names = _names(claims, whose, {id_ for id_, one in goes.items() if one.use == "name"})
    titled = {id_: sources[id_].title for id_, one in goes.items() if one.kind == "source" and id_ in sources}
    items = []
    for one in claims:
        whom = goes[one.id].person or one.subject
        items.append(
            Item(
                told(one.id),
                one.id,
                told(whom),
                "; ".join(names.get(whom, ())),
                one.property,
                write_value(one.value),
                _to(told, one, names, whose),
                one.basis,
                sources[one.source].kind,
                titled.get(one.source, ""),
                one.recorded_at.date(),
            )
        )
    files = {told(id_): id_ for id_, one in goes.items() if one.kind == FILE}
    by: dict[str, list[Item]] = {}
    for one_ in items:
        by.setdefault(one_.about, []).append(one_)
    people = [Person(told(id_), id_, of, tuple(by.get(told(id_), ()))) for id_, of in names.items()]
    ids = {one.number: one.record for one in items} | {one.number: one.id for one in people} | files
    rows = act_registers(made, claims, sources, names_)
    return Shown(made, tuple(sorted(people, key=lambda one: (one.names, one.id))), tuple(items), rows, files, ids)


def _names(claims: Iterable[Claim], whose: Mapping[str, str], naming: set[str]) -> dict[str, tuple[str, ...]]:
    """Names that go, by whom they are of. ``whose``: whom an entry was judged to be."""
    found: dict[str, dict[str, None]] = {}
    for one in claims:
        if one.id in naming and one.property in NAMES and isinstance(one.value, Name):
            found.setdefault(whose.get(one.subject, one.subject), {})[one.value.text] = None
    return {id_: tuple(of) for id_, of in found.items()}


def _to(told: Callable[[str], str], one: Claim, names: Mapping[str, tuple[str, ...]], whose: Mapping[str, str]) -> str:
    if not isinstance(one.value, Reference):
        return ""
    entity = whose.get(one.value.entity, one.value.entity)
    return "; ".join(names.get(entity, ())) or told(entity)


__all__ = ["Item", "Person", "Shown", "forget", "shown", "standing", "stands_for"]
