"""Keeps the index: filled when records are taken in or corrected, emptied when they are withdrawn, and made anew when a
vault is opened whose index was made by other rules, or never.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TypeVar

from django.db.models import Max

from corroborate import records
from corroborate.languages.finding import LONGEST, folded, keys_of_name, words_of_text
from corroborate.languages.places import facility_key, place_key, spot
from corroborate.records import Reference, Term, Text
from corroborate.records.schema import free_words, of_sensitivity
from corroborate.values import DateSpan, Name, PartialDate
from corroborate.vocabulary import load
from corroborate_node.core.desk import Desk
from corroborate_node.core.storing import insert, insert_values, storing
from corroborate_node.finding.models import Index, NameKey, Place, Said, Word
from corroborate_node.records import queries
from corroborate_node.records import rows as written
from corroborate_node.records.correcting import REASON as CORRECTED
from corroborate_node.records.models import Claim, Entity, NamePart, Passage, PersonName, Source

RULES = 3  # raised when keys or words are made otherwise: each vault's index is then made anew
BLOCK = 5_000  # rows at once
SPELLED = 200  # letters of a place
_ROW = re.compile(r", row [0-9]+$")  # of a title that an earlier version gave to a row of a list
PLACES = frozenset(("place", "event_place", "origin", "birth_place"))
HAPPENED = frozenset(("date", "event_date"))  # when something was done; a birthday is no such date
FACTS = frozenset(of_sensitivity("fact"))
PASSAGES = frozenset(free_words())
T = TypeVar("T")


def batched(rows: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    """Rows in blocks of a size, the last one shorter."""
    every = iter(rows)
    while block := tuple(islice(every, size)):
        yield block


@dataclass(frozen=True, slots=True)
class Named:
    """A place as a claim names it: its key, its province where we know it."""

    key: str
    name: str
    province: str

    @property
    def spelled(self) -> tuple[str, str]:
        """Key and spelling, by which its row is known."""
        return self.key, folded(self.name)[:SPELLED]


def place_of(property_: str, text: str) -> Named | None:
    """The place that a claim of a property names, or None."""
    if not folded(text):
        return None
    if property_ == "facility":
        return Named(f"facility {facility_key(text)}"[:LONGEST], text, "")
    if property_ not in PLACES:
        return None
    known = spot(text)
    return Named(place_key(text)[:LONGEST], text, "" if known is None else place_key(known.province)[:LONGEST])


def _text_of(claim: records.Claim) -> str:
    """The words of a claim: of a term, its labels in every language."""
    value = claim.value
    if isinstance(value, Term):
        return " ".join(load(value.vocabulary)[value.id].label.values())
    return value.text if isinstance(value, Text | Name) else ""


def _span(claim: records.Claim) -> tuple[date | None, date | None]:
    value = claim.value
    if claim.property in HAPPENED and isinstance(value, PartialDate | DateSpan):
        return value.earliest, value.latest
    return None, None


def _kind(claim: records.Claim, kinds: dict[str, str]) -> tuple[str, str] | None:
    """Under which kind a claim is found, and as what: somebody's own words are a passage of their own."""
    if claim.property in PASSAGES:
        return "passage", claim.id
    kind = kinds.get(claim.subject, "")
    return (kind, claim.subject) if kind in ("person", "act") else None


def _places(claims: Sequence[records.Claim]) -> dict[tuple[str, str], Place]:
    """The rows of the places that some claims name, by key and spelling, the new ones made."""
    named = (place_of(one.property, _text_of(one)) for one in claims)
    asked = {one.spelled: one for one in named if one is not None}
    before = _rows_of(asked)
    insert(
        Place,
        [
            Place(key=one.key, name=one.name, folded=spelled[1], province=one.province)
            for spelled, one in asked.items()
            if spelled not in before
        ],
    )
    return before if len(before) == len(asked) else _rows_of(asked)


def _rows_of(asked: Collection[tuple[str, str]]) -> dict[tuple[str, str], Place]:
    found = dict[tuple[str, str], Place]()
    for part in batched(sorted({key for key, _ in asked}), queries.BATCH):
        rows = {(row.key, row.folded): row for row in Place.objects.filter(key__in=part)}
        found |= {spelled: row for spelled, row in rows.items() if spelled in asked}
    return found


def _said(claims: Sequence[records.Claim], kinds: dict[str, str]) -> Iterator[tuple[Said, frozenset[str]]]:
    places = _places(claims)
    for one in claims:
        under = _kind(one, kinds)
        if under is None or isinstance(one.value, Reference):
            continue
        text, (begins, ends) = _text_of(one), _span(one)
        # names of people are found by their keys; of anything else, and of a person's other words, by words
        place = place_of(one.property, text)
        known = "" if place is None or place.key == folded(text) else f" {place.key}"  # 청진 where Chongjin is written
        words = (
            frozenset[str]() if isinstance(one.value, Name) and under[0] == "person" else words_of_text(text + known)
        )
        done = one.value.id if one.property == "violation" and isinstance(one.value, Term) else ""
        if words or begins is not None or done or place is not None:
            yield (
                Said(
                    kind=under[0],
                    of=under[1],
                    claim_id=one.id,
                    source_id=one.source,
                    who=one.property not in FACTS,
                    place=places[place.spelled] if place else None,
                    term=done,
                    begins=begins,
                    ends=ends,
                ),
                words,
            )


def _titles(sources: Iterable[tuple[str, str, str]]) -> Iterator[tuple[Said, frozenset[str]]]:
    """``sources``: id, kind and title of each. A row of a list is found by what it says, not by the list's title."""
    for id_, kind, title in sources:
        words = words_of_text(title) if kind != "document" or not _ROW.search(title) else frozenset[str]()
        if words:
            yield Said(kind="source", of=id_, source_id=id_, who=kind != "list"), words


def _passages(passages: Iterable[Passage]) -> Iterator[tuple[Said, frozenset[str]]]:
    """Parts of documents, each found by its words and by who speaks in it."""
    for one in passages:
        if words := words_of_text(f"{one.speaker} {one.text}"):
            yield Said(kind="passage", of=one.id, passage_id=one.id, source_id=one.source_id, who=True), words


def _keep(made: Iterable[tuple[Said, frozenset[str]]]) -> None:
    """Store what is said, and its words. Ids are given in order, so those of a block are known from the one before."""
    for block in batched(made, BLOCK):
        last = Said.objects.aggregate(last=Max("id"))["last"] or 0
        insert(Said, [said for said, _ in block])
        ids = list(Said.objects.filter(id__gt=last).order_by("id").values_list("id", flat=True))
        insert_values(
            Word,
            ("word", "kind", "said_id"),
            ((word, said.kind, id_) for id_, (said, words) in zip(ids, block, strict=True) for word in sorted(words)),
        )


def _names() -> None:
    """Keys for the names that came since the last time."""
    row = Index.objects.get()
    while block := list(PersonName.objects.filter(id__gt=row.names).order_by("id")[:BLOCK].values_list("id", "text")):
        made = sorted((key, id_) for id_, text in block for key in keys_of_name(text))
        insert_values(NameKey, ("key", "name_id"), made)
        row.names = block[-1][0]
        row.save(update_fields=["names"])


def taken_in(claims: Sequence[records.Claim], sources: Sequence[records.Source], passages: Sequence[str] = ()) -> None:
    """Index what was taken in, in the transaction that takes it."""
    if not Index.objects.exists():
        return  # this vault's index is yet to be made: opening it does
    _names()
    subjects = list({one.subject for one in claims})
    _keep(_said(claims, kinds_of(subjects)))
    _keep(_titles((one.id, one.kind, one.title) for one in sources))
    for part in batched(passages, queries.BATCH):
        _keep(_passages(Passage.objects.filter(id__in=part).order_by("id")))


def kinds_of(entities: Sequence[str]) -> dict[str, str]:
    """The kind of each entity of some."""
    found = dict[str, str]()
    for part in batched(entities, queries.BATCH):
        found |= dict(Entity.objects.filter(id__in=part).values_list("id", "kind"))
    return found


def taken_back(_desk: Desk, ids: Sequence[str], reason: str) -> None:
    """Nothing that was withdrawn is found any more, by no word of it. A corrected claim stays to be read."""
    if reason == CORRECTED:
        return
    for part in batched(ids, queries.BATCH):
        gone = Said.objects.filter(source_id__in=part) | Said.objects.filter(claim_id__in=part)
        places = list(gone.exclude(place=None).values_list("place_id", flat=True).distinct())
        for some in batched(list(gone.values_list("id", flat=True)), queries.BATCH):
            Word.objects.filter(said_id__in=some).delete()
            Said.objects.filter(id__in=some).delete()
        for some in batched(places, queries.BATCH):
            kept = set(Said.objects.filter(place_id__in=some).values_list("place_id", flat=True))
            Place.objects.filter(id__in=set(some) - kept).delete()


def opened() -> None:
    """Make the index anew where its rules have changed, or where there is none."""
    if not Index.objects.filter(rules=RULES).exists():
        anew()


def anew() -> None:
    """Make the whole index again, from the records."""
    with storing():
        for model in (Word, Said, Place, NameKey, Index):
            model.objects.all().delete()
        _folded_anew()
        Index.objects.create(rules=RULES)
        _names()
        claims = Claim.objects.exclude(value=None).order_by("id").iterator(chunk_size=BLOCK)
        for block in batched(claims, BLOCK):
            kinds = kinds_of(list({row.subject_id for row in block}))
            _keep(_said([written.claim(row) for row in block], kinds))
        current = Source.objects.filter(withdrawn=None).order_by("id")
        _keep(_titles(current.values_list("id", "kind", "title").iterator(chunk_size=BLOCK)))
        _keep(_passages(Passage.objects.order_by("id").iterator(chunk_size=BLOCK)))


def _folded_anew() -> None:
    """Letters of names as they are folded now, for those that were folded otherwise."""
    every = PersonName.objects.order_by("id").values_list("id", "text", "folded").iterator(chunk_size=BLOCK)
    changed = [(id_, letters) for id_, text, before in every if (letters := folded(text)) != before]
    for id_, letters in changed:
        PersonName.objects.filter(id=id_).update(folded=letters)
        NamePart.objects.filter(name_id=id_).delete()
        insert(
            NamePart,
            [NamePart(part=part, name_id=id_) for part in written.parts_of(letters)],
        )
