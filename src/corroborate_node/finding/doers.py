"""Registers of those who are said to have done it, of posts and units: for who may see who people are, from what claims
say.

Who stands in one is found at once for the whole vault and kept until the log grows; what is told of them is read for
the rows of a page alone.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corroborate.cases.findings import FIRST_HAND
from corroborate.languages.finding import folded
from corroborate.records import Claim
from corroborate.records.claims import write_value
from corroborate.registers import doers
from corroborate.registers.cells import words
from corroborate.registers.doers import Caution, Doer, Held, Unit
from corroborate.values import JSON
from corroborate_node.core.queries import PAGE, limited, may
from corroborate_node.log.kept import UntilTheLogGrows
from corroborate_node.records import queries, rows

REGISTERS = ("perpetrators", "posts", "units")
KNOWN = ("", "seen", "hearsay")  # how it is known that it was they
_PART = ("person", "act", "degree", "took_part", "caution")
_ACT = (
    "violation",
    "date",
    "event_date",
    "place",
    "event_place",
    "facility",
    "perpetrator",
    "perpetrator_unit",
    "perpetrator_rank",
    "caution",
)
_UNITS = 5_000  # claims that one unit is part of another


@dataclass(frozen=True, slots=True)
class Row:
    """That somebody, a post or a unit stands in a register. ``parts``: records that say it."""

    id: str
    parts: tuple[str, ...]
    seen: bool  # by a source that saw it, or is a document
    name: str = ""  # of a unit


@dataclass(frozen=True, slots=True)
class Page:
    rows: tuple[Any, ...]  # of people, of posts or of units
    number: int
    page: int
    following: bool


_rows = UntilTheLogGrows[tuple[Row, ...]]()


def page(user: Any, register: str, known: str = "", number: int = 1, unit: str = "") -> Page:
    """A page of a register, from 1. Nobody who may not see who people are sees a row. ``unit``: a part of the name of a
    unit, as names are compared."""
    every = [one for one in rows_of(user, register) if known in ("", "seen" if one.seen else "hearsay")]
    if unit.strip():
        every = [one for one in every if folded(unit) in folded(one.name)]
    at = max(number, 1)
    chosen = every[(at - 1) * PAGE : at * PAGE]
    about = _about(user, register, chosen)
    told: Sequence[Doer | Held | Unit] = _TOLD[register](about)
    wanted = {one.id for one in chosen}
    shown = [_shown(one, about) for one in told if one.id in wanted]
    return Page(tuple(shown), len(every), at, len(every) > at * PAGE)


@dataclass(frozen=True, slots=True)
class Value:
    """A value as it is stored, which a page puts into its reader's words."""

    value: dict[str, JSON]


def _values(claims: Iterable[Claim]) -> tuple[Value, ...]:
    """What some claims say, each value once."""
    return tuple(Value(write_value(one.value)) for one in {words(one): one for one in claims}.values())


@dataclass(frozen=True, slots=True)
class ShownDoer:
    """A row of perpetrators, with what its acts tell. ``beside``: what they did in it, their unit and rank."""

    doer: Doer
    what: tuple[Value, ...]
    when: tuple[Value, ...]
    where: tuple[Value, ...]
    told: tuple[Value, ...]  # how sure it is that it was they
    beside: tuple[tuple[Value, ...], ...]

    @property
    def name(self) -> str:
        return " / ".join(self.doer.names)

    @property
    def cautions(self) -> tuple[Caution, ...]:
        return self.doer.cautions


@dataclass(frozen=True, slots=True)
class ShownPost:
    """A row of posts. ``over``: who held a post over it in days that may be the same."""

    post: Held
    name: str
    over: tuple[tuple[str, Held], ...]

    @property
    def sources(self) -> tuple[str, ...]:
        return self.post.sources

    @property
    def cautions(self) -> tuple[Caution, ...]:
        return self.post.cautions


@dataclass(frozen=True, slots=True)
class ShownUnit:
    """A row of units. ``posts``: those that are said to have been held in it, with the names of who held them."""

    unit: Unit
    posts: tuple[tuple[str, Held], ...]

    @property
    def sources(self) -> tuple[str, ...]:
        return self.unit.sources

    @property
    def cautions(self) -> tuple[Caution, ...]:
        return self.unit.cautions


def _shown(one: Doer | Held | Unit, about: doers.About) -> ShownDoer | ShownPost | ShownUnit:
    if isinstance(one, Unit):
        return ShownUnit(one, tuple((_name(each.holder, about), each) for each in one.posts))
    if isinstance(one, Held):
        over = doers.heads_over(one, doers.posts(about))
        return ShownPost(one, _name(one.holder, about), tuple((_name(each.holder, about), each) for each in over))

    def told(*names: str) -> tuple[Value, ...]:
        return _values(claim for act in one.acts for name in names for claim in about.get(act, {}).get(name, ()))

    return ShownDoer(
        one,
        told("violation"),
        told("date", "event_date"),
        told("place", "event_place", "facility"),
        _values(one.caution_told),
        tuple(_values(each) for each in (one.part, one.unit, one.rank) if each),
    )


def id_of(row: ShownDoer | ShownPost | ShownUnit) -> str:
    """The id of whom or what a row is about."""
    if isinstance(row, ShownUnit):
        return row.unit.id
    return row.doer.id if isinstance(row, ShownDoer) else row.post.id


def _name(id_: str, about: doers.About) -> str:
    return " / ".join(dict.fromkeys(words(one) for one in about.get(id_, {}).get("name", ())))


def number(user: Any, register: str) -> int:
    return len(rows_of(user, register))


def rows_of(user: Any, register: str) -> tuple[Row, ...]:
    """All rows of a register; kept in memory until the log grows, for whoever sees every case."""
    if not may(user, "identity.read"):
        return ()
    read = _ROWS[register]
    if limited(user):
        return tuple(read(user))
    return _rows.of(register, lambda: tuple(read(user)))


def _doers(user: Any) -> Iterable[Row]:
    claims = queries.current_among_seen(user)
    witnesses = {one.subject_id for one in claims.filter(property="degree") if queries.words_of(one) == "witness"}
    acts = dict(claims.filter(property="act").values_list("subject_id", "target"))
    found: dict[str, tuple[dict[str, None], bool]] = {}
    taken: set[str] = set()
    people = claims.filter(property="person", subject__kind="involvement").order_by("id")
    for part, who, basis in people.values_list("subject_id", "target", "basis"):
        if part in acts and part not in witnesses:
            parts, seen = found.get(who, ({}, False))
            found[who] = parts | {part: None}, seen or basis in FIRST_HAND
            taken.add(acts[part])
    alone: dict[str, bool] = {}
    for subject, basis in claims.filter(property="perpetrator").order_by("id").values_list("subject_id", "basis"):
        if subject not in taken:
            alone[subject] = alone.get(subject, False) or basis in FIRST_HAND
    yield from (Row(who, tuple(parts), seen) for who, (parts, seen) in found.items())
    yield from (Row(subject, (), seen) for subject, seen in alone.items())


def _posts(user: Any) -> Iterable[Row]:
    claims = queries.current_among_seen(user).filter(subject__kind="post").order_by("id")
    found: dict[str, bool] = {}
    for post, basis in claims.values_list("subject_id", "basis"):
        found[post] = found.get(post, False) or basis in FIRST_HAND
    return (Row(post, (post,), seen) for post, seen in found.items())


def _units(user: Any) -> Iterable[Row]:
    """Units by their names: of several records of one name the first stands for all."""
    claims = queries.current_among_seen(user).filter(subject__kind="unit").order_by("id")
    named: dict[str, str] = {}
    seen: dict[str, bool] = {}
    for one in claims:
        if one.property == "name":
            named.setdefault(one.subject_id, queries.words_of(one))
        seen[one.subject_id] = seen.get(one.subject_id, False) or one.basis in FIRST_HAND
    together: dict[str, list[str]] = {}
    for id_, name in named.items():
        together.setdefault(folded(name), []).append(id_)
    for ids in together.values():
        yield Row(ids[0], tuple(ids), any(seen[one] for one in ids), named[ids[0]])


_ROWS: Mapping[str, Callable[[Any], Iterable[Row]]] = {"perpetrators": _doers, "posts": _posts, "units": _units}
_TOLD: Mapping[str, Callable[[doers.About], Sequence[Doer | Held | Unit]]] = {
    "perpetrators": doers.doers,
    "posts": doers.posts,
    "units": doers.units,
}


def _about(user: Any, register: str, chosen: Collection[Row]) -> doers.About:
    """What is told of the rows of a page, and of what it is read with: acts, posts, units, names."""
    claims = queries.current_among_seen(user)
    found: dict[str, dict[str, list[Claim]]] = {}

    def take(told: Any, most: int | None = None) -> list[Claim]:
        made = [rows.claim(one) for one in told.order_by("id")[:most]]
        for one in made:
            found.setdefault(one.subject, {}).setdefault(one.property, []).append(one)
        return made

    def pointed(made: Iterable[Claim], name: str) -> set[str]:
        return {one.value.entity for one in made if one.property == name and hasattr(one.value, "entity")}

    if register == "perpetrators":
        people = {one.id for one in chosen if one.parts}
        parts = take(claims.filter(subject_id__in=[part for one in chosen for part in one.parts], property__in=_PART))
        alone = {one.id for one in chosen if not one.parts}
        take(claims.filter(subject_id__in=pointed(parts, "act") | alone, property__in=_ACT))
        held = claims.filter(target__in=people, property="person", subject__kind="post")
        made = take(claims.filter(subject_id__in=list(held.values_list("subject_id", flat=True))))
    elif register == "units":
        take(claims.filter(subject__kind="unit"), _UNITS)
        parts_ = [id_ for one in chosen for id_ in one.parts]
        held = claims.filter(target__in=parts_, property="held_by", subject__kind="post")
        made = take(claims.filter(subject_id__in=list(held.values_list("subject_id", flat=True)[:_UNITS])))
        people = pointed(made, "person")
    else:
        units = take(claims.filter(subject__kind="unit"), _UNITS) if chosen else []
        mine = list(take(claims.filter(subject_id__in=[one.id for one in chosen])))
        over = {one.subject for one in units} - pointed(mine, "held_by")
        ids = {one.id for one in chosen}
        above = claims.filter(target__in=over, property="held_by").exclude(subject_id__in=ids)
        made = mine + take(claims.filter(subject_id__in=list(above.values_list("subject_id", flat=True)[:_UNITS])))
        people = pointed(made, "person")
    named = people | pointed(made, "person") | (pointed(made, "held_by") if register == "perpetrators" else set())
    take(claims.filter(subject_id__in=named, property="name"))
    return found


__all__ = ["KNOWN", "REGISTERS", "Page", "id_of", "number", "page", "rows_of"]
