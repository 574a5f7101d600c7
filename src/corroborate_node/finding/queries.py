"""What a question finds, of what its asker may see. No row is left out after it was read; none is read that may not be.

Who may not see who people are finds no names, no passages and no title but those of lists. A limited account finds what
its cases tell, and is told of nothing else, not by a number either.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import Exists, OuterRef, Q, QuerySet

from corroborate import records
from corroborate.languages.finding import asked_parts, asked_sounds, asked_whole, asked_words, folded
from corroborate.languages.names import explain
from corroborate.languages.places import place_key
from corroborate.values import script_of
from corroborate_node.core.queries import may, visible
from corroborate_node.finding.asking import Asked
from corroborate_node.finding.indexing import place_of
from corroborate_node.finding.models import NameKey, Place, Said, Word
from corroborate_node.records import queries
from corroborate_node.records.models import Claim, PersonName, Source

MOST = 200  # answers of one kind: of more, the question is to be narrowed
ENOUGH = 2_000  # answers that are asked whether their sources' consents allow what is asked
COMMON = 2_000  # rows: a word in more is not counted further
_STEM = 4  # letters of a word in an alphabet from which longer words that begin with it are found too
_END = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Found:
    """An answer: a record by its id, and why it answers: keys of words (``why_…`` of words.yaml)."""

    id: str
    why: str
    name: str = ""  # of a person: the writing that was found
    likely: float = 1.0  # of a name: how likely both writings mean the same one, as explained by the rules of names


@dataclass(frozen=True, slots=True)
class Answers:
    """Of one kind. ``more``: there are others, which are not counted."""

    found: tuple[Found, ...]
    more: bool = False


def said(user: Any) -> QuerySet[Said]:
    """What somebody may see of what is said, and stands."""
    rows: QuerySet[Said] = visible(user, Said).filter(Q(claim=None) | Q(claim__superseded=False))
    return rows if may(user, "identity.read") else rows.filter(who=False)


def _words(user: Any) -> QuerySet[Word]:
    rows: QuerySet[Word] = visible(user, Word).filter(Q(said__claim=None) | Q(said__claim__superseded=False))
    return rows if may(user, "identity.read") else rows.filter(said__who=False)


def _reads(word: str) -> Q:
    """A word of a text that a word of a question asks: itself, and what begins with it where it is long enough."""
    if word.endswith("*"):
        return Q(word__gte=word[:-1], word__lt=word[:-1] + _END)
    if len(word) >= _STEM and not word.isdecimal():
        return Q(word__gte=word, word__lt=word + _END)
    return Q(word=word)


def _with_words(user: Any, kind: str, words: Sequence[str]) -> QuerySet[Word]:
    """Rows of one kind of whose records all words are said, by the rarest word."""
    rows = _words(user).filter(kind=kind)
    rarest = min(words, key=lambda word: rows.filter(_reads(word))[:COMMON].count()) if len(words) > 1 else words[0]
    found = rows.filter(_reads(rarest))
    for word in words:
        if word != rarest:
            found = found.filter(Exists(rows.filter(_reads(word), said__of=OuterRef("said__of"))))
    return found


def _sources(user: Any, asked: Asked, source: str) -> Q:
    """That a source is of the kind and of the list that is asked. ``source``: the path to its id."""
    if not asked.source_kind and not asked.listed:
        return Q()
    rows = visible(user, Source).filter(id=OuterRef(source))
    if asked.source_kind:
        rows = rows.filter(kind=asked.source_kind)
    if asked.listed:
        whole = visible(user, Source).filter(id=asked.listed, kind="list")
        rows = rows.filter(Q(id=asked.listed) | Q(part_of=asked.listed), Exists(whole))
    return Q(Exists(rows))


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


def _happened(user: Any, asked: Asked, of: str) -> Q:
    """What must be said of an entity, or of what it is told in: each that is asked. ``of``: the path to its id."""
    rows, found = said(user).filter(of=OuterRef(of)), Q()
    if asked.violation:
        found &= Q(Exists(rows.filter(Q(term=asked.violation) | Q(term__startswith=f"{asked.violation}."))))
    if asked.place:
        found &= Q(Exists(rows.filter(place_id__in=places(user, asked.place))))
    if asked.first or asked.last:
        found &= Q(Exists(rows.filter(begins__lte=asked.last or date.max, ends__gte=asked.first or date.min)))
    if asked.source_kind or asked.listed:
        told = visible(user, Claim).filter(subject_id=OuterRef(of), superseded=False).exclude(value=None)
        found &= Q(Exists(told.filter(_sources(user, asked, "source_id"))))
    return found


def _of_person(user: Any, asked: Asked, person: str) -> Q:
    """What must be said of a person, or of one act that was done to them."""
    if not (condition := _happened(user, asked, person)):
        return Q()
    done = visible(user, Claim).filter(target=OuterRef(person), property="victim", superseded=False)
    return condition | Q(Exists(done.filter(_happened(user, asked, "subject_id"))))


def reason(asked: str, name: str) -> str:
    """By what kind of rule two writings of a whole name meet."""
    scripts = {script_of(asked), script_of(name)}
    if scripts == {"Hang"}:
        return "why_initial"
    if "Kana" in scripts:
        return "why_kana"
    if "Hani" in scripts:
        return "why_hanja" if len(scripts) > 1 else "why_variant"
    if "Arab" in scripts:
        return "why_consonants"
    return "why_romanised" if "Hang" in scripts else "why_scripts" if len(scripts) > 1 else "why_spelled"


def _likely(asked: str, name: str) -> float:
    return max((one.probability for one in explain(asked, name)), default=0.0)


def _named(user: Any, words: str) -> Iterator[tuple[str, QuerySet[PersonName]]]:
    """Names by each way in which a question may mean them, the surest first."""
    names, keys = visible(user, PersonName), visible(user, NameKey)
    letters = folded(words)
    if letters:
        yield "why_letters", names.filter(folded=letters)
    if whole := asked_whole(words):
        yield "whole", names.filter(id__in=keys.filter(key__in=whole).values("name_id"))
    if letters:
        yield "why_letters", queries.holding(user, letters)
    if parts := asked_parts(words):
        yield "why_part", names.filter(id__in=keys.filter(key__in=parts).values("name_id"))
    if sounds := asked_sounds(words):
        rarest = min(sounds, key=lambda one: keys.filter(key=one)[:COMMON].count())
        found = keys.filter(key=rarest)
        for other in sounds:
            if other != rarest:
                found = found.filter(Exists(keys.filter(key=other, name_id=OuterRef("name_id"))))
        yield "why_sounds", names.filter(id__in=found.values("name_id"))


def people(user: Any, asked: Asked, most: int = MOST) -> Iterator[Found]:
    """People by their names, then by other words about them; each once, by the surest way."""
    known = set[str]()
    if not may(user, "identity.read"):
        return
    condition = _of_person(user, asked, "person_id")
    if not asked.words:
        for row in queries.people(user).filter(condition)[: most + 1]:
            yield Found(row.person_id, "why_filters", row.text)
        return
    for why, names in _named(user, asked.words):
        step = []
        for person, text in names.filter(condition).values_list("person_id", "text")[: most + 1]:
            if person not in known:
                known.add(person)
                likely = _likely(asked.words, text) if why == "whole" else 1.0
                step.append(Found(person, reason(asked.words, text) if why == "whole" else why, text, likely))
        yield from sorted(step, key=lambda one: (-one.likely, one.name, one.id))
        if len(known) > most:
            return
    if words := asked_words(asked.words):
        rows = _with_words(user, "person", words).filter(_of_person(user, asked, "said__of"))
        for person in rows.values_list("said__of", flat=True).distinct()[: most + 1]:
            if person not in known:
                yield Found(person, "why_words")


def acts(user: Any, asked: Asked, most: int = MOST) -> Iterator[Found]:
    """Acts by the words of what is said of them."""
    if words := asked_words(asked.words):
        rows = _with_words(user, "act", words).filter(_happened(user, asked, "said__of"))
        found = rows.values_list("said__of", flat=True).distinct()[: most + 1]
        why = "why_words"
    elif asked.words:
        return
    else:
        rows_ = queries.entities_seen(user, "act").filter(_happened(user, asked, "id")).order_by("id")
        found, why = rows_.values_list("id", flat=True)[: most + 1], "why_filters"
    for one in found:
        yield Found(one, why)


def places_found(user: Any, asked: Asked, most: int = MOST) -> Iterator[Found]:
    """Places that records name, by any spelling we know. Filters but that of the place do not narrow them."""
    words = asked.words or asked.place
    rows = Place.objects.filter(id__in=places(user, words)) if words else Place.objects.none()
    seen, known = said(user).filter(place_id=OuterRef("id")), set[str]()
    for one in rows.filter(Exists(seen)).order_by("name", "id"):
        if one.key not in known and len(known) <= most:
            known.add(one.key)
            yield Found(str(one.id), "why_letters" if folded(words) in one.folded else "why_place", one.name)


def sources(user: Any, asked: Asked, most: int = MOST) -> Iterator[Found]:
    """Sources by the words of their titles; who may not see who people are finds lists alone."""
    if words := asked_words(asked.words):
        rows = _with_words(user, "source", words).filter(_sources(user, asked, "said__of"))
        for one in rows.values_list("said__of", flat=True).distinct()[: most + 1]:
            yield Found(one, "why_title")


def passages(user: Any, asked: Asked, most: int = MOST) -> Iterator[Found]:
    """Somebody's own words in which all words of the question stand, by the claim that holds them."""
    words = asked_words(asked.words)
    if not words or not may(user, "identity.read"):
        return
    rows = _with_words(user, "passage", words)
    if asked.violation or asked.place or asked.first or asked.last:
        narrower = Asked(asked.words, asked.violation, asked.place, asked.first, asked.last)
        rows = rows.filter(_happened(user, narrower, "said__claim__subject_id"))
    rows = rows.filter(_sources(user, asked, "said__source_id"))
    for one in rows.values_list("said__of", flat=True).distinct()[: most + 1]:
        yield Found(one, "why_words")


_FIND: dict[str, Callable[..., Iterator[Found]]] = {
    "people": people,
    "acts": acts,
    "places": places_found,
    "sources": sources,
    "passages": passages,
}


def find(user: Any, kind: str, asked: Asked, on: date) -> Answers:
    """Answers of one kind, at most ``MOST``. ``on``: the day on which consents are asked."""
    if asked.empty:
        return Answers(())
    if asked.consent is None or kind == "places":
        found = list(_FIND[kind](user, asked))
    else:
        every = list(_FIND[kind](user, asked, ENOUGH))
        allowed = _allowed(user, kind, [one.id for one in every], asked.consent, on)
        found = [one for one in every if one.id in allowed]
    return Answers(tuple(found[:MOST]), len(found) > MOST)


def _told(user: Any, kind: str, ids: Sequence[str]) -> dict[str, set[str]]:
    """The sources that tell of each record of some."""
    if kind == "sources":
        return {one: {one} for one in ids}
    path = "id" if kind == "passages" else "subject_id"
    found = dict[str, set[str]]()
    for start in range(0, len(ids), queries.BATCH):
        part = ids[start : start + queries.BATCH]
        rows = visible(user, Claim).filter(**{f"{path}__in": part}, superseded=False).exclude(value=None)
        for one, source in rows.values_list(path, "source_id").distinct():
            found.setdefault(one, set()).add(source)
    return found


def _allowed(user: Any, kind: str, ids: Sequence[str], asked: tuple[str, str], on: date) -> set[str]:
    """Those of some records of which a source allows a use for an audience on a day, by the rules of the door."""
    use, audience = cast("records.Use", asked[0]), cast("records.Audience", asked[1])
    told = _told(user, kind, ids)
    given = dict[str, list[records.Consent]]()
    for one in queries.consents_of(sorted({source for each in told.values() for source in each})):
        given.setdefault(one.source, []).append(one)
    allowing = {source for source, consents in given.items() if use in queries.allowed(consents, on)[audience]}
    return {one for one, sources_ in told.items() if sources_ & allowing}


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


_TELLING = ("violation", "no_violation", "date", "place", "facility")


def lines(user: Any, kind: str, found: Sequence[Found]) -> list[Line]:
    """Some answers as they are shown: of a person the shown name too, of an act what, when and where."""
    ids = [one.id for one in found]
    if kind == "people":
        names = queries.names_of(user, ids)
        return [Line(one.id, f"/persons/{one.id}", _both(names.get(one.id, ""), one.name), one.why) for one in found]
    if kind == "places":
        return [Line(one.id, "", one.name, one.why) for one in found]
    if kind == "sources":
        rows = {row.id: row for row in queries.sources_seen(user).filter(id__in=ids)}
        return [
            Line(one.id, f"/sources/{one.id}", rows[one.id].shown, one.why, kind=rows[one.id].kind)
            for one in found
            if one.id in rows
        ]
    if kind == "passages":
        return _passages(user, found)
    said_of = _claims_of(user, ids)
    return [Line(one.id, f"/acts/{one.id}", "", one.why, tuple(said_of.get(one.id, ()))) for one in found]


def _both(shown: str, writing: str) -> str:
    return shown if not writing or writing == shown else f"{shown} ({writing})" if shown else writing


def _claims_of(user: Any, acts_: Collection[str]) -> dict[str, list[Claim]]:
    rows = queries.claims_among_seen(user).filter(subject_id__in=acts_, property__in=_TELLING, superseded=False)
    found = dict[str, list[Claim]]()
    for row in sorted(rows.exclude(value=None), key=lambda row: (_TELLING.index(row.property), row.id)):
        found.setdefault(row.subject_id, []).append(row)
    return found


def _passages(user: Any, found: Sequence[Found]) -> list[Line]:
    rows = {
        row.id: row
        for row in queries.claims_among_seen(user)
        .filter(id__in=[one.id for one in found])
        .select_related("source", "subject")
    }
    made = []
    for one in found:
        if (row := rows.get(one.id)) is not None:
            page = {"person": "persons", "act": "acts"}.get(row.subject.kind)
            address = f"/{page}/{row.subject_id}" if page else f"/sources/{row.source_id}"
            made.append(Line(one.id, address, queries.words_of(row), one.why, where=row.locator))
    return made


__all__ = ["MOST", "Answers", "Found", "Line", "find", "lines", "places", "said"]
