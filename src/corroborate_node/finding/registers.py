"""Registers of what was done to whom, from the index: a row an act, or a person of whom it is told. Each as its asker
may see it; a page begins after the last row of the one before, so that a long register is as quick as a short one."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from corroborate.errors import InvalidValue
from corroborate.registers.acts import ACTS, BY_WHOM, OF_DISAPPEARED, terms_of
from corroborate_node.core.queries import PAGE, limited, may
from corroborate_node.finding import gathered
from corroborate_node.finding.criteria import Criteria
from corroborate_node.finding.gathered import Attributed, Years
from corroborate_node.finding.narrowing import Look, said
from corroborate_node.log.kept import UntilTheLogGrows
from corroborate_node.records import queries

ORDERS = ("taken", "-taken", "date", "-date")
KINDS = ("act", "person")
_SHOWN = ("violation", "date", "event_date", "place", "event_place", "facility")
_NO_DAY = date(9999, 12, 31)  # stands last, in either order from the first day on


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of a register. ``says``: its claims by property; ``who``: ids and names of whom it was done to; ``by``: who
    is said to have done it; ``sources``: where it is told, by id."""

    id: str
    says: Mapping[str, Sequence[Any]]
    who: tuple[tuple[str, str], ...] = ()
    by: tuple[Attributed, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()

    @property
    def address(self) -> str:
        return f"/persons/{self.id}" if self.id.startswith("person_") else f"/acts/{self.id}"

    @property
    def what(self) -> tuple[Any, ...]:
        return self._of("violation")

    @property
    def when(self) -> tuple[Any, ...]:
        return self._of("date", "event_date")

    @property
    def where(self) -> tuple[Any, ...]:
        return self._of("place", "event_place", "facility")

    @property
    def asked(self) -> tuple[tuple[str, tuple[Any, ...]], ...]:
        """What is asked of a disappearance, and what is told of it."""
        return tuple((name, self._of(name)) for name in OF_DISAPPEARED if name in self.says)

    @property
    def by_claims(self) -> tuple[Any, ...]:
        return self._of(*BY_WHOM)

    def _of(self, *names: str) -> tuple[Any, ...]:
        return tuple(one for name in names for one in self.says.get(name, ()))


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a register. ``after``: where the next page begins; empty: this is the last."""

    rows: tuple[Listed, ...]
    after: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """That something stands in a register. ``first``: the first day on which it may have happened; ``year``: the one in
    which it did, where it is told."""

    id: str
    first: date = _NO_DAY
    year: int | None = None


_rows = UntilTheLogGrows[tuple[Row, ...]]()
_counts = UntilTheLogGrows[Mapping[str, int]]()


def rows_of(look: Look, register: str) -> tuple[Row, ...]:
    """All rows of a register, in the order in which they were recorded; kept in memory until the log grows, for whoever
    sees every case. Whatever changes them, a claim, a correction, a withdrawal, is an entry there."""
    if limited(look.user):
        return _read(look, register)
    return _rows.of((look.names_seen, register, look.asked), lambda: _read(look, register))


def _read(look: Look, register: str) -> tuple[Row, ...]:
    told = said(look.user).filter(kind__in=KINDS, term__in=terms_of(register)).order_by()
    ids = set(told.values_list("of", flat=True))
    # each condition is asked alone, and what fulfils all of them is found here: a database that is asked all at once
    # reads the whole index for each row
    for one in look.happened:
        ids &= set(said(look.user).filter(one, kind__in=KINDS).order_by().values_list("of", flat=True))
    if whole := look.asked.listed:
        of_list = told.filter(Q(source_id=whole) | Q(source__part_of_id=whole))
        ids &= set(of_list.values_list("of", flat=True))
    days: dict[str, tuple[date, set[int]]] = {}
    dated = said(look.user).filter(kind__in=KINDS, begins__isnull=False, of__in=told.values("of")).order_by()
    for of, begins, ends in dated.values_list("of", "begins", "ends"):
        if begins is None:
            continue
        first, years_ = days.get(of, (_NO_DAY, set()))
        single = {begins.year} if ends is not None and begins.year == ends.year else {begins.year, _NO_DAY.year}
        days[of] = min(first, begins), years_ | single
    return tuple(Row(one, *_dated(days.get(one))) for one in sorted(ids))


def _dated(told: tuple[date, set[int]] | None) -> tuple[date, int | None]:
    if told is None:
        return _NO_DAY, None
    first, years_ = told
    return first, min(years_) if len(years_) == 1 else None


def counted(user: Any, on: date) -> dict[str, int]:
    """How many rows each register has."""
    if limited(user):
        return _counted(user)
    return dict(_counts.of(Look(user, Criteria(), on).names_seen, lambda: _counted(user)))


def _counted(user: Any) -> dict[str, int]:
    """All registers in one question: eight pages of questions would stand before a page of eight numbers."""
    terms = {name: frozenset(terms_of(name)) for name in ACTS}
    every = frozenset().union(*terms.values())
    stand: dict[str, set[str]] = {}
    told = said(user).filter(kind__in=KINDS, term__in=every).order_by()
    for of, term in told.values_list("of", "term").distinct():
        stand.setdefault(str(term), set()).add(of)
    return {name: len(set().union(*(stand.get(one, ()) for one in mine))) for name, mine in terms.items()}


def number(look: Look, register: str) -> int:
    return len(rows_of(look, register))


def page(look: Look, register: str, order: str = "taken", after: str = "", most: int = PAGE) -> Page:
    """``most`` rows of a register after a place that the page before named. Raises InvalidValue for another."""
    back, by_date = order.startswith("-"), order.endswith("date")
    past = _place(after, by_date) if after else None
    places = [((one.first if by_date else _NO_DAY), one.id) for one in rows_of(look, register)]
    places.sort(reverse=back)
    if past is not None:
        places = [one for one in places if (one < past if back else one > past)]
    ids = [id_ for _, id_ in places[:most]]
    following = "" if len(places) <= most else _named_place(places[most - 1], by_date)
    return Page(tuple(_listed(look.user, register, ids)), following)


def _named_place(place: tuple[date, str], by_date: bool) -> str:
    return f"{place[0].isoformat()}~{place[1]}" if by_date else place[1]


def _place(after: str, by_date: bool) -> tuple[date, str]:
    day, _, last = after.partition("~")
    if not by_date:
        return _NO_DAY, after
    try:
        return date.fromisoformat(day), last
    except ValueError as error:
        raise InvalidValue("{after!r} is no place in a register: begin at its first page", after=after) from error


def years(look: Look, register: str) -> Years:
    """Rows by the year in which it happened."""
    every = rows_of(look, register)
    found = Counter(one.year for one in every if one.year is not None)
    return Years(tuple(sorted(found.items())), len(every) - sum(found.values()))


def _listed(user: Any, register: str, ids: Sequence[str]) -> list[Listed]:
    says = dict[str, dict[str, list[Any]]]()
    more = (*OF_DISAPPEARED, *BY_WHOM) if register == "disappeared" else BY_WHOM
    wanted = (*_SHOWN, *more, "victim")
    told = queries.current_among_seen(user).filter(subject_id__in=ids, property__in=wanted)
    for one in sorted(told, key=lambda one: one.id):
        says.setdefault(one.subject_id, {}).setdefault(one.property, []).append(one)
    whom = {id_: _whom(id_, says.get(id_, {})) for id_ in ids}
    names = _names(user, {one for each in whom.values() for one in each})
    by = gathered.attributed(user, [one for one in ids if one.startswith("act_")])
    return [
        Listed(
            id_,
            says.get(id_, {}),
            tuple((one, names.get(one, "")) for one in whom[id_]),
            tuple(by.get(id_, ())),
            _sources(says.get(id_, {})),
        )
        for id_ in ids
    ]


def _whom(id_: str, says: Mapping[str, Sequence[Any]]) -> list[str]:
    if id_.startswith("person_"):
        return [id_]
    return list(dict.fromkeys(one.target for one in says.get("victim", ()) if one.target))


def _names(user: Any, people: Collection[str]) -> dict[str, str]:
    return queries.names_of(user, people) if people and may(user, "identity.read") else {}


def _sources(says: Mapping[str, Sequence[Any]]) -> tuple[tuple[str, str], ...]:
    """Each source of a row once, as its reader may know it."""
    return tuple({one.source_id: (one.source_id, one.said_by) for each in says.values() for one in each}.values())


__all__ = ["ORDERS", "Criteria", "Listed", "Page", "counted", "number", "page", "years"]
