"""What a question finds, of what its asker may see. No row is left out after it was read; none is read that may not be.

Who may not see who people are finds no names, no passages and no title but those of lists. A limited account finds what
its cases tell, and is told of nothing else, not by a number either. Answers are read one after another, and no more of
them than are asked for: the first ones of a common name or word come as soon as those of a rare one.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet

from corroborate.languages.excerpts import Part, excerpt
from corroborate.languages.finding import asked_words, folded
from corroborate_node.core.queries import PAGE, visible
from corroborate_node.core.storing import reading
from corroborate_node.finding import counting, naming, narrowing
from corroborate_node.finding.criteria import Criteria
from corroborate_node.finding.models import Place, Said, Word
from corroborate_node.finding.naming import Found
from corroborate_node.finding.narrowing import Look, said
from corroborate_node.records import queries
from corroborate_node.records.models import Claim, Passage


@dataclass(frozen=True, slots=True)
class Answers:
    """Of one kind, in order. ``first``: how many come before these; ``more``: others follow."""

    found: tuple[Found, ...]
    first: int = 0
    more: bool = False

    @property
    def counted(self) -> int:
        """How many there are at least."""
        return self.first + len(self.found)


def _with_words(look: Look, kind: str) -> tuple[QuerySet[Said], int] | None:
    """What is said of one kind, of whose records all words are said, from the rarest word, and how common that is; None
    where a word stands in none."""
    words = asked_words(look.asked.words)
    numbers = counting.counted([counting.words(kind, one) for one in words])
    if not words or not min(numbers):
        return None
    number, rarest = min(zip(numbers, words, strict=True))
    found = said(look.user).filter(counting.with_word(kind, rarest), kind=kind)
    for word in words:
        if word == rarest:
            continue
        also = Word.objects.filter(counting.reads("word", word), kind=kind, phrase_id=OuterRef("phrase_id"))
        if kind in ("passage", "source"):  # each is one row of what is said
            found = found.filter(Exists(also))
        else:
            found = found.filter(Exists(said(look.user).filter(Exists(also), of=OuterRef("of"))))
    return found, number


def _each(rows: QuerySet[Said]) -> Iterator[str]:
    """The records of some rows, each maybe twice."""
    yield from rows.values_list("of", flat=True).iterator(chunk_size=PAGE)


def people(look: Look) -> Iterator[Found]:
    """People by their names, then by other words about them, the surest first."""
    if not look.names_seen:
        return
    if not look.asked.words:
        for some in narrowing.people(look):
            names = queries.names_of(look.user, some)
            yield from (Found(one, "why_filters", names.get(one, "")) for one in some)
        return
    yield from naming.people(look)
    if (words := _with_words(look, "person")) is not None:
        yield from (Found(one, "why_words") for one in _each(words[0].filter(narrowing.of_person(look, "of"))))


def acts(look: Look) -> Iterator[Found]:
    """Acts by the words of what is said of them."""
    if not look.asked.words:
        for some in narrowing.acts(look):
            yield from (Found(one, "why_filters") for one in some)
        return
    if (words := _with_words(look, "act")) is None:
        return
    rows, number = words
    rarest = narrowing.rarest(look) if number >= counting.COMMON else None
    if rarest is None or rarest[1] >= counting.counted([_rarest_word(look, "act")], rarest[1] + 1)[0]:
        yield from (Found(one, "why_words") for one in _each(rows.filter(narrowing.of_act(look, "of"))))
        return
    for some in narrowing.acts(look):  # fewer acts fulfil the filters than have the words
        held = set(_each(rows.filter(of__in=some)))
        yield from (Found(one, "why_words") for one in some if one in held)


def _rarest_word(look: Look, kind: str) -> counting.Rows:
    """The word of a question that the fewest rows have, of those that are all common."""
    each = [counting.words(kind, one) for one in asked_words(look.asked.words)]
    numbers = counting.counted(each, 20 * counting.COMMON)
    return each[numbers.index(min(numbers))]


def places_found(look: Look) -> Iterator[Found]:
    """Places that records name, by any spelling we know. Filters but that of the place do not narrow them."""
    words = look.asked.words or look.asked.place
    ids = narrowing.places(look.user, words) if look.asked.words else look.places
    if not words or not ids:
        return
    seen, known = said(look.user).filter(place_id=OuterRef("id")), set[str]()
    for one in Place.objects.filter(id__in=ids).filter(Exists(seen)).order_by("name", "id"):
        if one.key not in known:
            known.add(one.key)
            yield Found(str(one.id), "why_letters" if folded(words) in one.folded else "why_place", one.name)


def sources(look: Look) -> Iterator[Found]:
    """Sources by the words of their titles; who may not see who people are finds lists alone."""
    if (words := _with_words(look, "source")) is not None:
        rows = words[0].filter(narrowing.of_sources(look, "of") & narrowing.allowed(look, "of"))
        yield from (Found(one, "why_title") for one in _each(rows))


def passages(look: Look) -> Iterator[Found]:
    """Somebody's own words, and passages of documents, in which all words of the question stand: by the claim that
    holds them, or the passage. What was done, where and when narrows a document by what else it tells."""
    if look.names_seen and (words := _with_words(look, "passage")) is not None:
        yield from (Found(one, "why_words") for one in _each(words[0].filter(narrowing.of_passage(look))))


_FIND: dict[str, Callable[[Look], Iterator[Found]]] = {
    "people": people,
    "acts": acts,
    "places": places_found,
    "sources": sources,
    "passages": passages,
}


def find(user: Any, kind: str, asked: Criteria, on: date, first: int = 0, most: int = PAGE) -> Answers:
    """Answers of one kind, each record once: ``most`` of them after the first ones. ``on``: the day on which consents
    are asked."""
    return answers(Look(user, asked, on), kind, first, most)


def answers(look: Look, kind: str, first: int = 0, most: int = PAGE) -> Answers:
    """The same for a question that is asked of several kinds."""
    if look.asked.empty:
        return Answers(())
    with reading():
        found = list(islice(_once(_FIND[kind](look)), first, first + most + 1))
    return Answers(tuple(found[:most]), first, len(found) > most)


def _once(found: Iterator[Found]) -> Iterator[Found]:
    known = set[str]()
    for one in found:
        if one.id not in known:
            known.add(one.id)
            yield one


@dataclass(frozen=True, slots=True)
class Line:
    """An answer as it is shown. ``says``: claims that tell what it is, as pages show them."""

    id: str
    address: str
    title: str
    why: str
    says: tuple[Any, ...] = ()
    kind: str = ""  # of a source
    where: str = ""  # of a passage
    told_in: str = ""  # of a passage of a document: the document's title
    excerpt: tuple[Part, ...] = ()  # of a passage: where the words of the question stand in it


_TELLING = ("violation", "no_violation", "date", "place", "facility")


def lines(user: Any, kind: str, found: Sequence[Found], words: str = "") -> list[Line]:
    """Some answers as they are shown: of a person the shown name too, of an act what, when and where. ``words`` of the
    question are marked in passages."""
    ids = [one.id for one in found]
    if kind == "people":
        names = queries.names_of(user, ids)
        return [Line(one.id, f"/persons/{one.id}", _both(names.get(one.id, ""), one.name), one.why) for one in found]
    if kind == "places":
        kept = dict(Place.objects.filter(id__in=ids).values_list("id", "key"))
        return [Line(one.id, _page_of(kept.get(int(one.id), ""), one.name), one.name, one.why) for one in found]
    if kind == "sources":
        rows = {row.id: row for row in queries.sources_seen(user).filter(id__in=ids)}
        return [
            Line(one.id, f"/sources/{one.id}", rows[one.id].shown, one.why, kind=rows[one.id].kind)
            for one in found
            if one.id in rows
        ]
    if kind == "passages":
        return _passages(user, found, words)
    said_of = _claims_of(user, ids)
    return [Line(one.id, f"/acts/{one.id}", "", one.why, tuple(said_of.get(one.id, ()))) for one in found]


def _page_of(key: str, name: str) -> str:
    """The page of a place, a facility or a unit."""
    if key.startswith("unit "):
        return f"/units?{urlencode({'name': name})}"
    return f"/places?{urlencode({'facility' if key.startswith('facility ') else 'place': name})}"


def _both(shown: str, writing: str) -> str:
    return shown if not writing or writing == shown else f"{shown} ({writing})" if shown else writing


def _claims_of(user: Any, acts_: Collection[str]) -> dict[str, list[Claim]]:
    rows = queries.claims_among_seen(user).filter(subject_id__in=acts_, property__in=_TELLING, superseded=False)
    found = dict[str, list[Claim]]()
    for row in sorted(rows.exclude(value=None), key=lambda row: (_TELLING.index(row.property), row.id)):
        found.setdefault(row.subject_id, []).append(row)
    return found


def _documents(user: Any, ids: Sequence[str]) -> QuerySet[Passage]:
    """Those of some passages that are of a document."""
    return visible(user, Passage).filter(id__in=[one for one in ids if one.startswith("passage_")])


def _passages(user: Any, found: Sequence[Found], words: str) -> list[Line]:
    ids = [one.id for one in found]
    told = queries.claims_among_seen(user).filter(id__in=ids).select_related("source", "subject")
    made = {row.id: _of_claim(row, words) for row in told}
    documents = list(_documents(user, ids).select_related("source"))
    called = queries.sources_seen(user).filter(id__in={row.source_id for row in documents})
    titles = dict(called.values_list("id", "shown"))
    made |= {row.id: _of_document(row, words, titles.get(row.source_id, "")) for row in documents}
    return [made[one] for one in ids if one in made]


def _of_claim(row: Any, words: str) -> Line:
    page, text = {"person": "persons", "act": "acts"}.get(row.subject.kind), queries.words_of(row)
    address = f"/{page}/{row.subject_id}" if page else f"/sources/{row.source_id}"
    return Line(row.id, address, text, "why_words", where=row.locator, excerpt=excerpt(text, words))


def _of_document(row: Passage, words: str, title: str) -> Line:
    page = (row.number - 1) // PAGE + 1
    address = f"/sources/{row.source_id}?passages={page}#passage-{row.number}"
    text = f"{row.speaker}: {row.text}" if row.speaker else row.text
    return Line(
        row.id, address, text, "why_words",
        kind=row.source.kind, where=row.locator, told_in=title, excerpt=excerpt(text, words),
    )  # fmt: skip


__all__ = ["Answers", "Found", "Line", "Look", "answers", "find", "lines"]
