"""What records tell of one place, one facility or one unit, by any spelling of it: acts and their years, who was held,
posts and who held them, the units over it and under it. Each from the index, as its asker may see it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.functions import ExtractYear

from corroborate.languages.places import names_of, spot
from corroborate.records.schema import kinds
from corroborate.vocabulary import Entry, load
from corroborate_node.core.queries import PAGE, may
from corroborate_node.finding.indexing import place_of
from corroborate_node.finding.models import Place
from corroborate_node.finding.narrowing import said
from corroborate_node.records import documents, queries

What = Literal["place", "facility", "unit"]
_PROPERTY: Mapping[str, str] = {"place": "place", "facility": "facility", "unit": "perpetrator_unit"}
_FIRST = 2_000  # records by which it is said when a spelling was used
_LEVELS = 6  # units over a unit
_TIES = 5_000  # claims that one unit is part of another
_UNITS = 200  # records of one unit
KINDS = {"political_prison_camp": "", "ordinary_prison_camp": "k"}  # of the public record -> what their keys end in


@dataclass(frozen=True, slots=True)
class Spelling:
    """One spelling of a place or unit in records, and in which years of what happened it stands."""

    name: str
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """A place, a facility or a unit. ``ids``: of its spellings."""

    what: What
    name: str
    key: str
    ids: tuple[int, ...]
    spellings: tuple[Spelling, ...] = ()

    @property
    def known(self) -> tuple[str, ...]:
        """Names that we know of it beside those in records."""
        if self.what != "place":
            return ()
        own = {one.name for one in self.spellings}
        return tuple(one for one in names_of(self.name) if one not in own)

    @property
    def public(self) -> Entry | None:
        """What the public record says of a facility."""
        if self.what != "facility":
            return None
        number = self.key.removeprefix("facility ")
        found = (one for one in load("places").entries.values() if str(one.more.get("kind")) in KINDS)
        return next((one for one in found if f"{one.more['number']}{KINDS[str(one.more['kind'])]}" == number), None)

    @property
    def point(self) -> tuple[float, float] | None:
        """Degrees north and east, as the public record or a gazetteer has them."""
        if (public := self.public) is not None:
            point = public.more.get("point")
            return (float(point[0]), float(point[1])) if isinstance(point, Sequence) and len(point) == 2 else None
        known = spot(self.name) if self.what == "place" else None
        return None if known is None or known.lat is None or known.lon is None else (known.lat, known.lon)


def gathered(user: Any, what: What, name: str) -> Gathered | None:
    """What is named so in records that somebody may see; None where nothing is."""
    named = place_of(_PROPERTY[what], name)
    if named is None:
        return None
    told = Exists(said(user).filter(place_id=OuterRef("id")))
    rows = list(Place.objects.filter(key=named.key).filter(told).order_by("name", "id"))
    if not rows:
        return None
    return Gathered(what, name, named.key, tuple(one.id for one in rows), _spellings(user, rows))


def _spellings(user: Any, rows: Sequence[Place]) -> tuple[Spelling, ...]:
    pairs = list(
        said(user)
        .filter(place_id__in=[one.id for one in rows], kind="act")
        .order_by("id")
        .values_list("place_id", "of")[:_FIRST]
    )
    when: dict[str, list[int]] = {}
    acts = list({of for _, of in pairs})
    for start in range(0, len(acts), 500):
        dated = said(user).filter(kind="act", of__in=acts[start : start + 500], begins__isnull=False)
        for of, begins in dated.values_list("of", "begins"):
            if begins is not None:
                when.setdefault(of, []).append(begins.year)
    years: dict[int, list[int]] = {}
    for place, of in pairs:
        years.setdefault(place, []).extend(when.get(of, ()))
    found: dict[str, Spelling] = {}
    for row in rows:
        own = years.get(row.id)
        found[row.name] = Spelling(row.name, min(own), max(own)) if own else Spelling(row.name)
    return tuple(found.values())


# --- acts -------------------------------------------------------------------------------------------------------------


def acts(user: Any, of: Gathered) -> QuerySet[Any]:
    """Ids of the acts that were done there, or by it."""
    return said(user).filter(place_id__in=of.ids, kind="act").order_by("of").values_list("of", flat=True).distinct()


@dataclass(frozen=True, slots=True)
class Years:
    """How many acts by the year in which they were done. ``apart``: those of which no single year is told."""

    by_year: tuple[tuple[int, int], ...] = ()
    apart: int = 0

    @property
    def most(self) -> int:
        return max((number for _, number in self.by_year), default=0)


def years(user: Any, of: Gathered, every: int) -> Years:
    """``every``: how many acts there are."""
    among = said(user).filter(place_id__in=of.ids, kind="act").order_by().values("of")
    dated = said(user).filter(kind="act", begins__isnull=False, of__in=among).order_by()
    of_years = dated.values(first=ExtractYear("begins"), last=ExtractYear("ends"))
    rows = of_years.annotate(number=Count("of", distinct=True))
    found: dict[int, int] = {}
    for row in rows:
        if row["first"] == row["last"]:
            found[row["first"]] = found.get(row["first"], 0) + row["number"]
    return Years(tuple(sorted(found.items())), max(0, every - sum(found.values())))


# --- who was held -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody who was held there. ``spans``: the claims of each time, from and until."""

    person: str
    name: str
    spans: tuple[tuple[Any, ...], ...] = ()


def people(user: Any, of: Gathered) -> QuerySet[Any]:
    """Ids of people of whom it is told that they were held there, or that something happened to them there."""
    found = said(user).filter(place_id__in=of.ids, kind="person")
    if of.what == "place":  # from where somebody comes, or was born, is not told here
        found = found.filter(claim__property="event_place")
    return found.order_by("of").values_list("of", flat=True).distinct()


def held(user: Any, of: Gathered, persons: Sequence[str]) -> list[Held]:
    """Some of them as they are shown."""
    names = queries.names_of(user, persons)
    spans = _spans(user, persons, of) if of.what == "facility" else {}
    return [Held(one, names.get(one, ""), tuple(spans.get(one, ()))) for one in persons]


def _spans(user: Any, persons: Sequence[str], of: Gathered) -> dict[str, list[tuple[Any, ...]]]:
    claims = queries.current_among_seen(user)
    whose = dict(
        claims.filter(target__in=list(persons), property="person", subject__kind="detention").values_list(
            "subject_id", "target"
        )
    )
    shows = ("facility", "section", "begin", "end", "ended")
    told = _by_subject(claims.filter(subject_id__in=list(whose), property__in=shows))
    found: dict[str, list[tuple[Any, ...]]] = {}
    for span, made in told.items():
        if any(_key("facility", queries.words_of(one)) == of.key for one in made if one.property == "facility"):
            shown = tuple(one for one in made if one.property != "facility")
            if shown:
                found.setdefault(whose[span], []).append(shown)
    return found


def _by_subject(claims: QuerySet[Any]) -> dict[str, list[Any]]:
    order = [one.name for kind in ("detention", "post") for one in kinds()[kind].properties]
    found: dict[str, list[Any]] = {}
    for one in sorted(claims, key=lambda one: (order.index(one.property), one.id)):
        found.setdefault(one.subject_id, []).append(one)
    return found


def _key(property_: str, name: str) -> str:
    named = place_of(property_, name)
    return "" if named is None else named.key


# --- units ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Post:
    """A post in a unit: who held it, and the claims that say what it was and when."""

    holder: str
    name: str
    said: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """Units over a unit, the nearest first, each level by the names that records give; and those under it."""

    over: tuple[tuple[str, ...], ...] = ()
    under: tuple[str, ...] = ()


def _units(user: Any, ids: Collection[int]) -> list[str]:
    found = (
        said(user).filter(place_id__in=list(ids), kind="unit").order_by("of").values_list("of", flat=True).distinct()
    )
    return list(found[:_UNITS])


def posts(user: Any, of: Gathered) -> list[Post]:
    """Posts in a unit, by the day on which they began."""
    if not may(user, "identity.read"):
        return []
    claims = queries.current_among_seen(user)
    held_in = claims.filter(target__in=_units(user, of.ids), property="held_by").values_list("subject_id", flat=True)
    told = _by_subject(
        claims.filter(subject_id__in=list(held_in[:_UNITS]), property__in=("person", "title", "begin", "end", "told"))
    )
    holders = {one.target for made in told.values() for one in made if one.property == "person"}
    names = _called(user, holders)
    found = []
    for made in told.values():
        holder = next((one.target for one in made if one.property == "person"), "")
        found.append(Post(holder, names.get(holder, ""), tuple(one for one in made if one.property != "person")))
    return sorted(found, key=lambda one: next((str(each.value) for each in one.said if each.property == "begin"), "~"))


def chain(user: Any, of: Gathered) -> Chain:
    """The units over one and under it, as posts say them. What leads back to the unit itself ends the chain."""
    claims = queries.current_among_seen(user)
    told = list(claims.filter(property="part_of", subject__kind="unit").order_by("id")[:_TIES])
    if not told:
        return Chain()
    named = claims.filter(property="name", subject_id__in={id_ for one in told for id_ in (one.subject_id, one.target)})
    names = {row.subject_id: queries.words_of(row) for row in named.order_by("-id")}
    keys = {id_: _key("perpetrator_unit", name) for id_, name in names.items()}
    pairs = [(keys[one.subject_id], one) for one in told if one.subject_id in keys and one.target in keys]
    own, known = {of.key}, {of.key}
    levels: list[tuple[str, ...]] = []
    while own and len(levels) < _LEVELS:
        level = {keys[one.target]: names[one.target] for key, one in pairs if key in own}
        own = level.keys() - known
        known |= own
        levels += [tuple(level[key] for key in level if key in own)] if own else []
    under = {key: names[one.subject_id] for key, one in pairs if keys[one.target] == of.key and key not in known}
    return Chain(tuple(levels), tuple(under.values()))


def _called(user: Any, somebody: Collection[str]) -> dict[str, str]:
    people_ = [one for one in somebody if one.startswith("person_")]
    return (queries.names_of(user, people_) if people_ else {}) | documents.parties_named(user, somebody)


@dataclass(frozen=True, slots=True)
class Attributed:
    """Who is said to have had which part in an act, and how sure that is."""

    name: str
    said: tuple[Any, ...]


def attributed(user: Any, acts_: Sequence[str]) -> dict[str, list[Attributed]]:
    """By act: who is said to have done it, for who may see who people are."""
    if not may(user, "identity.read"):
        return {}
    claims = queries.current_among_seen(user)
    of = dict(claims.filter(target__in=list(acts_), property="act").values_list("subject_id", "target"))
    told: dict[str, dict[str, list[Any]]] = {}
    for one in claims.filter(subject_id__in=list(of)).order_by("id"):
        told.setdefault(one.subject_id, {}).setdefault(one.property, []).append(one)
    people_ = {one.target for made in told.values() for one in made.get("person", ())}
    names = _called(user, people_)
    found: dict[str, list[Attributed]] = {}
    for part, made in told.items():
        if any(queries.words_of(one) == "witness" for one in made.get("degree", ())):
            continue
        who = next((one.target for one in made.get("person", ())), "")
        shown = (*made.get("took_part", ()), *made.get("caution", ()))
        found.setdefault(of[part], []).append(Attributed(names.get(who, ""), shown))
    return found


# --- all of them ------------------------------------------------------------------------------------------------------


def every(user: Any, what: What) -> QuerySet[Place]:
    """Places, facilities or units that records name, by name; each spelling is one."""
    facility, unit = "facility ", "unit "
    found = Place.objects.filter(id__in=said(user).exclude(place=None).order_by().values("place_id"))
    if what == "place":
        found = found.exclude(key__startswith=facility).exclude(key__startswith=unit)
    else:
        found = found.filter(key__startswith=facility if what == "facility" else unit)
    return found.order_by("name", "id")


__all__ = ["PAGE", "Gathered", "acts", "attributed", "chain", "every", "gathered", "held", "people", "posts", "years"]
