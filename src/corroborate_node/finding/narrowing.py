"""What the answers to a question must fulfil, as conditions of the database: none is left out after it was read.

What was done, where and when is asked of one record: of an act, or of what is said of a person. A person also answers
by an act that was done to them. What a source allows today is asked of the sources that tell of the record itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import islice
from typing import Any, cast

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from corroborate import records
from corroborate.languages.finding import folded
from corroborate.languages.places import place_key
from corroborate.vocabulary import load
from corroborate_node.core.queries import may, visible
from corroborate_node.deadlines import actions as deadlines
from corroborate_node.finding.criteria import Criteria
from corroborate_node.finding.indexing import place_of
from corroborate_node.finding.models import Place, Said
from corroborate_node.records import queries
from corroborate_node.records.models import Claim, Consent, Entity, Source

_FIRST, _NEXT = 60, 240  # records that are looked at together: few, where the first ones are enough
_COUNTED = 20_000  # rows that are counted to find the condition which the fewest fulfil


@dataclass(frozen=True)
class Look:
    """A question of somebody on a day."""

    user: Any
    asked: Criteria
    on: date

    @cached_property
    def names_seen(self) -> bool:
        return may(self.user, "identity.read")

    @cached_property
    def places(self) -> list[int]:
        return places(self.user, self.asked.place)

    @cached_property
    def happened(self) -> tuple[Q, ...]:
        """What was done, where and when: conditions of what is said."""
        asked, found = self.asked, list[Q]()
        if asked.violation:
            terms = [one for one in load("violations").entries if f"{one}.".startswith(f"{asked.violation}.")]
            found.append(Q(term__in=terms))
        if asked.place:
            found.append(Q(place_id__in=self.places))
        if asked.last:
            since = Q(ends__gte=asked.first) if asked.first else Q()
            found.append(Q(begins__lte=asked.last) & since)
        elif asked.first:
            found.append(Q(ends__gte=asked.first))
        return tuple(found)

    @property
    def asks_of_sources(self) -> bool:
        """Whether something is asked of the sources."""
        return bool(self.asked.source_kind or self.asked.listed)


def said(user: Any) -> QuerySet[Said]:
    """What somebody may see of what is said, and stands."""
    rows: QuerySet[Said] = visible(user, Said).filter(Q(claim=None) | Q(claim__superseded=False))
    return rows if may(user, "identity.read") else rows.filter(who=False)


def places(user: Any, asked: str) -> list[int]:
    """Ids of the places that a place in a question means, by any spelling of theirs: itself, those of a province, those
    of which a spelling that its asker may see has the letters."""
    letters, known = folded(asked), place_key(asked)
    if not letters:
        return []
    keys = {known} | {one.key for one in (place_of("facility", asked),) if one is not None}
    spelled = Place.objects.filter(folded__contains=letters).filter(Exists(said(user).filter(place_id=OuterRef("id"))))
    keys |= set(spelled.values_list("key", flat=True))
    return list(Place.objects.filter(Q(key__in=keys) | Q(province=known)).values_list("id", flat=True))


def of_sources(look: Look, source: str) -> Q:
    """That a source is of the kind and of the list that is asked. ``source``: the path to its id."""
    if not look.asks_of_sources:
        return Q()
    rows = visible(look.user, Source).filter(id=OuterRef(source))
    if look.asked.source_kind:
        rows = rows.filter(kind=look.asked.source_kind)
    if look.asked.listed:
        whole = visible(look.user, Source).filter(id=look.asked.listed, kind="list")
        rows = rows.filter(Q(id=look.asked.listed) | Q(part_of=look.asked.listed), Exists(whole))
    return Q(Exists(rows))


def allowed(look: Look, source: str) -> Q:
    """That a source allows what is asked today. ``source``: the path to its id."""
    if look.asked.consent is None:
        return Q()
    use, audience = cast("tuple[records.Use, records.Audience]", look.asked.consent)
    rows = queries.allowing(visible(look.user, Consent), use, audience, look.on)
    kept = rows.exclude(source_id__in=deadlines.over(look.on).values("id"))
    return Q(Exists(kept.filter(source_id=OuterRef(source))))


def _claims_about(look: Look, of: str) -> QuerySet[Claim]:
    """Claims that stand, about the entity to whose id a path leads."""
    return visible(look.user, Claim).filter(subject_id=OuterRef(of), superseded=False).exclude(value=None)


def _victims(look: Look) -> QuerySet[Claim]:
    """Claims that say to whom an act was done. They are found by the act or the person, and never by their property:
    every act has one, and a database that knows no better would read them all."""
    read: QuerySet[Claim] = visible(look.user, Claim)
    return read.alias(what=Coalesce("property", Value(""))).filter(what="victim", superseded=False)


def of_record(look: Look, of: str) -> Q:
    """What must be said of one record, each that is asked. ``of``: the path to its id."""
    found, rows = Q(), said(look.user).filter(of=OuterRef(of))
    for one in look.happened:
        found &= Q(Exists(rows.filter(one)))
    if look.asks_of_sources:
        found &= Q(Exists(_claims_about(look, of).filter(of_sources(look, "source_id"))))
    return found


def _allows(look: Look, of: str) -> Q:
    return Q() if look.asked.consent is None else Q(Exists(_claims_about(look, of).filter(allowed(look, "source_id"))))


def of_act(look: Look, act: str) -> Q:
    return of_record(look, act) & _allows(look, act)


def of_person(look: Look, person: str) -> Q:
    """What must be said of a person, or of one act that was done to them."""
    if condition := of_record(look, person):
        done = _victims(look).filter(target=OuterRef(person))
        condition |= Q(Exists(done.filter(of_record(look, "subject_id"))))
    return condition & _allows(look, person)


def of_passage(look: Look) -> Q:
    """What must be said of whom a passage is about; of a document, in any record that it tells."""
    found = of_sources(look, "source_id") & allowed(look, "source_id")
    if look.happened:
        rows = said(look.user).filter(source_id=OuterRef("source_id"))
        document = Q(*[Exists(rows.filter(one)) for one in look.happened], passage__isnull=False)
        happened = replace(look, asked=replace(look.asked, source_kind="", listed="", consent=None))
        found &= document | of_person(happened, "claim__subject_id")
    return found


# Where words are common, or none are asked: from the records that fulfil what the fewest do


def rarest(look: Look) -> tuple[Q, int] | None:
    """The condition that the fewest rows fulfil, of every case, and how many, counted to a limit; None: no condition
    has an index."""
    told = Said.objects.filter(kind__in=("act", "person"))
    each = [(one, told.filter(one)[:_COUNTED].count()) for one in look.happened]
    return min(each, key=lambda pair: pair[1], default=None)


def blocks(ids: Iterator[str]) -> Iterator[list[str]]:
    """Each id once, some at a time."""
    known, size = set[str](), _FIRST
    while some := list(islice(ids, size)):
        new = [one for one in dict.fromkeys(some) if one not in known]
        known.update(new)
        size = _NEXT
        if new:
            yield new


def _acts_with(look: Look) -> Iterator[str]:
    """Acts of which is said what the fewest records say; every act where no such thing is asked. Each maybe twice."""
    if (first := rarest(look)) is None:
        yield from queries.entities_seen(look.user, "act").order_by().values_list("id", flat=True).iterator()
        return
    rows = said(look.user).filter(first[0], kind="act")
    yield from rows.values_list("of", flat=True).iterator(chunk_size=_NEXT)


def _people_with(look: Look) -> Iterator[str]:
    if (first := rarest(look)) is None:
        yield from queries.entities_seen(look.user, "person").order_by().values_list("id", flat=True).iterator()
        return
    rows = said(look.user).filter(first[0], kind="person")
    yield from rows.values_list("of", flat=True).iterator(chunk_size=_NEXT)
    for some in queries.batched(_acts_with(look), _NEXT):
        done = _victims(look).filter(subject_id__in=some)
        yield from done.exclude(target="").order_by("id").values_list("target", flat=True)


def _seen(look: Look, kind: str, some: list[str]) -> QuerySet[Entity]:
    """Those of some entities that are of a kind, found by their ids and not by their kind."""
    read: QuerySet[Entity] = visible(look.user, Entity).filter(id__in=some)
    return read.alias(what=Coalesce("kind", Value(""))).filter(what=kind)


def people(look: Look) -> Iterator[list[str]]:
    """Ids of people who fulfil all but the words, some at a time."""
    for some in blocks(_people_with(look)):
        held = set(_seen(look, "person", some).filter(of_person(look, "id")).values_list("id", flat=True))
        yield [one for one in some if one in held]


def acts(look: Look) -> Iterator[list[str]]:
    """Ids of acts that fulfil all but the words, some at a time."""
    for some in blocks(_acts_with(look)):
        held = set(_seen(look, "act", some).filter(of_act(look, "id")).values_list("id", flat=True))
        yield [one for one in some if one in held]
