"""One record by its id, whatever kind it is, as somebody may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from corroborate.client import shapes
from corroborate_node.core.desk import Desk
from corroborate_node.core.filters import shown
from corroborate_node.core.wording import Words
from corroborate_node.finding import queries as finding
from corroborate_node.finding.criteria import Criteria
from corroborate_node.records import documents, queries

KINDS = ("person", "act")


@dataclass(frozen=True, slots=True)
class Record:
    """A person, an act or a source, with the claims about it, those that point to it, or those it told."""

    id: str
    kind: str
    title: str  # empty where nobody may be named, or nothing is
    withdrawn: bool
    claims: tuple[Any, ...]


def record(who: Any, id_: str) -> Record | None:
    """The record, or None where there is none that somebody may see."""
    source = queries.sources_seen(who).filter(id=id_).first()
    if source is not None:
        gone = source.withdrawn is not None
        return Record(id_, source.kind, source.shown, gone, tuple(queries.claims_of(who, id_)))
    for kind in KINDS:
        if queries.entities_seen(who, kind).filter(id=id_).exists():
            title = queries.names_of(who, [id_]).get(id_, "") if kind == "person" else ""
            claims = (*queries.claims_about(who, id_), *queries.claims_pointing_to(who, id_))
            return Record(id_, kind, title, bool(claims) and all(one.value is None for one in claims), claims)
    return _passage(who, id_)


def _passage(who: Any, id_: str) -> Record | None:
    """A passage of a document: its words, and the claims that they were coded as."""
    passage = documents.passage_seen(who, id_)
    if passage is None:
        return None
    coded = queries.claims_of(who, passage.source_id).filter(coding__passage_id=id_)
    title = f"{passage.source_id} [{passage.locator}] {passage.text}"
    return Record(id_, "passage", title, False, tuple(coded))


def said(one: Record, language: str = "en") -> shapes.Record:
    """A record as programs and commands read it."""
    frame = Words(language, "core")
    return {
        "id": one.id,
        "kind": one.kind,
        "title": one.title,
        "withdrawn": one.withdrawn,
        "claims": [
            {
                "id": claim.id,
                "about": claim.subject_id,
                "property": claim.property,
                "value": shown(claim.value, frame),
                "source": claim.source_id,
                "said_by": claim.said_by,
                "locator": claim.locator,
                "basis": claim.basis,
                "stands": claim.value is not None and not claim.superseded,
            }
            for claim in one.claims
        ],
    }


def answers(
    desk: Desk, question: Criteria, kinds: Sequence[str], most: int, language: str = "en"
) -> dict[str, shapes.Answers]:
    """By kind: how many, whether there are more, and the first of them as programs read them."""
    look, made = finding.Look(desk, question, desk.at.date()), dict[str, shapes.Answers]()
    for kind in kinds:
        found = finding.answers(look, kind, most=most)
        lines = finding.lines(desk, kind, found.found, question.words)
        made[kind] = {"number": found.counted, "more": found.more, "found": [_answer(one, language) for one in lines]}
    return made


def _answer(one: finding.Line, language: str) -> shapes.Answer:
    words, frame = Words(language, "finding"), Words(language, "core")
    title = one.title or "; ".join(shown(claim.value, frame) for claim in one.says)
    made: shapes.Answer = {"id": one.id, "title": title, "why": words[one.why]}
    if one.kind:
        made["kind"] = one.kind
    if one.where:
        made["where"] = one.where
    if one.told_in:
        made["told_in"] = one.told_in
    if one.excerpt:
        made["excerpt"] = [(part.text, part.asked) for part in one.excerpt]
    return made


class Everybody:
    """People in order of their names, then those without a name: as many as a page shows are read."""

    def __init__(self, who: Any, asked: str = "") -> None:
        self._who = who
        self._named, self._nameless = queries.people(who, asked), queries.nameless(who, asked)

    def __getitem__(self, part: slice) -> list[shapes.Named]:
        first, last = part.start or 0, part.stop
        found: list[shapes.Named] = [
            {"id": one.person_id, "name": one.text, "words": ""} for one in self._named[first:last]
        ]
        if len(found) == last - first:
            return found
        before = self._named.count()
        ids = self._nameless[max(0, first - before) : last - before].values_list("id", flat=True)
        told = queries.nameless_shown(self._who, list(ids))
        return found + [{"id": id_, "name": "", "words": "; ".join(one.words)} for id_, one in told.items()]
