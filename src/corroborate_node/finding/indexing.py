"""Keeps the index: filled when records are taken in or corrected, emptied when they are withdrawn, and made anew when a
vault is opened whose index was made by other rules, or never.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.db.models import Exists, Max, OuterRef

from corroborate import records
from corroborate.languages.finding import LONGEST, folded, keys_of_name, words_of_text
from corroborate.languages.places import facility_key, place_key, spot
from corroborate.records import Reference, Term, Text
from corroborate.records.schema import free_words, of_sensitivity
from corroborate.values import DateSpan, Name, PartialDate
from corroborate.vocabulary import load
from corroborate_node.core.desk import Desk
from corroborate_node.core.storing import insert, insert_values, storing
from corroborate_node.finding.models import Index, NameKey, Phrase, Place, Said, Word
from corroborate_node.records import queries
from corroborate_node.records import rows as written
from corroborate_node.records.actions import CONSENT
from corroborate_node.records.correcting import REASON as CORRECTED
from corroborate_node.records.models import Claim, Entity, NamePart, Passage, PersonName, Source

RULES = 5  # raised when keys or words are made otherwise: each vault's index is then made anew
BLOCK = 20_000  # rows at once
SPELLED = 200  # letters of a place
_ROW = re.compile(r", row [0-9]+$")  # of a title that an earlier version gave to a row of a list
PLACES = frozenset(("place", "event_place", "origin", "birth_place"))
UNITS = frozenset(("perpetrator_unit", "unit_name"))  # the second: what a unit of its own is called
OF_SOMEBODY = frozenset(("detention", "post"))  # what is said of them is found as said of whoever held or was held
HAPPENED = frozenset(("date", "event_date"))  # when something was done; a birthday is no such date
FACTS = frozenset(of_sensitivity("fact"))
PASSAGES = frozenset(free_words())


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


@lru_cache(maxsize=20_000)  # a list names the same places again and again
def place_of(property_: str, text: str) -> Named | None:
    """The place that a claim of a property names, or None."""
    if not folded(text):
        return None
    if property_ == "facility":
        return Named(f"facility {facility_key(text)}"[:LONGEST], text, "")
    if property_ in UNITS:
        return Named(f"unit {folded(text)}"[:LONGEST], text, "")
    if property_ not in PLACES:
        return None
    known = spot(text)
    return Named(place_key(text)[:LONGEST], text, "" if known is None else place_key(known.province)[:LONGEST])


def _text_of(claim: records.Claim) -> str:
    """The words of a claim: of a term, its labels in every language."""
    value = claim.value
    if isinstance(value, Term):
        return _labels(value)
    return value.text if isinstance(value, Text | Name) else ""


@lru_cache(maxsize=2_000)
def _labels(term: Term) -> str:
    return " ".join(load(term.vocabulary)[term.id].label.values())


@lru_cache(maxsize=20_000)  # cells of a list say the same again and again
def _words(text: str) -> tuple[str, ...]:
    """The words of a text, in order."""
    return tuple(sorted(words_of_text(text)))


def _span(claim: records.Claim) -> tuple[date | None, date | None]:
    value = claim.value
    if claim.property in HAPPENED and isinstance(value, PartialDate | DateSpan):
        return value.earliest, value.latest
    return None, None


def _kind(claim: records.Claim, kinds: dict[str, str], holders: dict[str, str]) -> tuple[str, str] | None:
    """Under which kind a claim is found, and as what: somebody's own words are a passage of their own."""
    if claim.property in PASSAGES:
        return "passage", claim.id
    subject = holders.get(claim.subject, claim.subject)
    kind = kinds.get(subject, "")
    return (kind, subject) if kind in ("person", "act", "unit") else None


def _holders(claims: Sequence[records.Claim], kinds: dict[str, str]) -> dict[str, str]:
    """By time in detention and post: whose it is."""
    asked = sorted(one for one, kind in kinds.items() if kind in OF_SOMEBODY)
    found = {
        one.subject: one.value.entity for one in claims if one.property == "person" and isinstance(one.value, Reference)
    }
    for part in queries.batched([one for one in asked if one not in found], queries.BATCH):
        rows = Claim.objects.filter(subject_id__in=part, property="person").exclude(target="")
        found |= dict(rows.values_list("subject_id", "target"))
    return {one: found[one] for one in asked if one in found}


def _as_place(claim: records.Claim, kinds: dict[str, str]) -> str:
    """The property of a claim, as it tells of places: a unit's name is one."""
    return "unit_name" if claim.property == "name" and kinds.get(claim.subject) == "unit" else claim.property


def _places(claims: Sequence[records.Claim], kinds: dict[str, str]) -> dict[tuple[str, str], Place]:
    """The rows of the places that some claims name, by key and spelling, the new ones made."""
    named = (place_of(_as_place(one, kinds), _text_of(one)) for one in claims)
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
    for part in queries.batched(sorted({key for key, _ in asked}), queries.BATCH):
        rows = {(row.key, row.folded): row for row in Place.objects.filter(key__in=part)}
        found |= {spelled: row for spelled, row in rows.items() if spelled in asked}
    return found


SAID = (
    "id",
    "kind",
    "of",
    "claim_id",
    "passage_id",
    "source_id",
    "who",
    "place_id",
    "term",
    "begins",
    "ends",
    "phrase_id",
)
Row = tuple[
    tuple[Any, ...], tuple[str, ...]
]  # of what is said, by the names in SAID but the first and the last, and its words
Phrased = tuple[str, str | None, tuple[str, ...]]  # kind, passage of a document, words that are said together, in order


def _said(claims: Sequence[records.Claim], kinds: dict[str, str]) -> Iterator[Row]:
    places = _places(claims, kinds)
    holders = _holders(claims, kinds)
    kinds = kinds | kinds_of([one for one in holders.values() if one not in kinds])
    for one in claims:
        under = _kind(one, kinds, holders)
        if under is None or isinstance(one.value, Reference):
            continue
        text, (begins, ends) = _text_of(one), _span(one)
        # names of people are found by their keys; of anything else, and of a person's other words, by words
        place = place_of(_as_place(one, kinds), text)
        known = "" if place is None or place.key == folded(text) else f" {place.key}"  # 청진 where Chongjin is written
        words = () if isinstance(one.value, Name) and under[0] == "person" else _words(text + known)
        done = one.value.id if one.property == "violation" and isinstance(one.value, Term) else None
        if words or begins is not None or done or place is not None:
            who, where = one.property not in FACTS, places[place.spelled].pk if place else None
            yield (*under, one.id, None, one.source, who, where, done, begins, ends), words


def _titles(sources: Iterable[tuple[str, str, str]]) -> Iterator[Row]:
    """``sources``: id, kind and title of each. A row of a list is found by what it says, not by the list's title."""
    for id_, kind, title in sources:
        if title and (kind != "document" or not _ROW.search(title)) and (words := _words(title)):
            yield ("source", id_, None, None, id_, kind != "list", None, None, None, None), words


def _passages(passages: Iterable[Passage]) -> Iterator[Row]:
    """Parts of documents, each found by its words and by who speaks in it."""
    for one in passages:
        if words := tuple(sorted(words_of_text(f"{one.speaker} {one.text}"))):
            yield ("passage", one.id, None, one.id, one.source_id, True, None, None, None, None), words


def _keep(made: Iterable[Row]) -> None:
    """Store what is said, and its words where nobody said them before."""
    for block in queries.batched(made, BLOCK):
        phrases = _phrases({_phrase(said, words): None for said, words in block if words})
        last = Said.objects.aggregate(last=Max("id"))["last"] or 0
        insert_values(
            Said,
            SAID,
            (
                (id_, *said, phrases[_phrase(said, words)] if words else None)
                for id_, (said, words) in enumerate(block, last + 1)
            ),
        )


def _phrase(said: Sequence[Any], words: tuple[str, ...]) -> Phrased:
    return said[0], said[3], words


def _phrases(asked: Collection[Phrased]) -> dict[Phrased, int]:
    """The ids of some words as they are said together, the new ones made. Words are stored in the order of their index,
    whose pages are then each written once. Ids are given in order, so those of new phrases follow the last one."""
    keys = {_key(*one): one for one in asked}
    found = dict[Phrased, int]()
    for part in queries.batched(sorted(keys), queries.BATCH):
        found |= {keys[key]: id_ for key, id_ in Phrase.objects.filter(key__in=part).values_list("key", "id")}
    new = [(key, one) for key, one in keys.items() if one not in found]
    last = Phrase.objects.aggregate(last=Max("id"))["last"] or 0
    insert_values(Phrase, ("key", "passage_id"), ((key, passage) for key, (_, passage, _) in new))
    ids = Phrase.objects.filter(id__gt=last).order_by("id").values_list("id", flat=True)
    made = {one: id_ for id_, (_, one) in zip(ids.iterator(chunk_size=BLOCK), new, strict=True)}
    words = sorted((word, kind, id_) for (kind, _, said), id_ in made.items() for word in said)
    insert_values(Word, ("word", "kind", "phrase_id"), words)
    return found | made


def _key(kind: str, passage: str | None, words: tuple[str, ...]) -> str:
    return sha256("\n".join((kind, passage or "", *words)).encode("utf-8", "surrogatepass")).hexdigest()


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
    for part in queries.batched(passages, queries.BATCH):
        _keep(_passages(Passage.objects.filter(id__in=part).order_by("id")))


def kinds_of(entities: Sequence[str]) -> dict[str, str]:
    """The kind of each entity of some."""
    found = dict[str, str]()
    for part in queries.batched(entities, queries.BATCH):
        found |= dict(Entity.objects.filter(id__in=part).values_list("id", "kind"))
    return found


def taken_back(_desk: Desk, ids: Sequence[str], reason: str) -> None:
    """Nothing that was withdrawn is found any more, by no word of it. A corrected claim stays to be read."""
    if reason in (CORRECTED, CONSENT):
        return
    for part in queries.batched(ids, queries.BATCH):
        gone = Said.objects.filter(source_id__in=part) | Said.objects.filter(claim_id__in=part)
        places = list(gone.exclude(place=None).values_list("place_id", flat=True).distinct())
        phrases = list(gone.exclude(phrase=None).values_list("phrase_id", flat=True).distinct())
        for some in queries.batched(list(gone.values_list("id", flat=True)), queries.BATCH):
            Said.objects.filter(id__in=some).delete()
        for some in queries.batched(places, queries.BATCH):
            _said_no_more(Place, "place_id", some).delete()
        for some in queries.batched(phrases, queries.BATCH):
            left = list(_said_no_more(Phrase, "phrase_id", some).values_list("id", flat=True))
            Word.objects.filter(phrase_id__in=left).delete()
            Phrase.objects.filter(id__in=left).delete()


def _said_no_more(model: type[Any], column: str, ids: Sequence[int]) -> Any:
    """Those of some places or phrases that nobody says any more."""
    return model.objects.filter(id__in=ids).exclude(Exists(Said.objects.filter(**{column: OuterRef("id")})))


def opened() -> None:
    """Make the index anew where its rules have changed, or where there is none."""
    if not Index.objects.filter(rules=RULES).exists():
        anew()


def anew() -> None:
    """Make the whole index again, from the records."""
    with storing():
        for model in (Word, Said, Phrase, Place, NameKey, Index):
            model.objects.all().delete()
        _folded_anew()
        Index.objects.create(rules=RULES)
        _names()
        claims = Claim.objects.exclude(value=None).order_by("id").iterator(chunk_size=BLOCK)
        for block in queries.batched(claims, BLOCK):
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
