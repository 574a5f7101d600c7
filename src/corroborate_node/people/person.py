"""The page of a person, the centre of a vault: what is told of them, each fact with a mark that leads to its source; a
life along a line; what each source allows; where it went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from corroborate.records import AUDIENCES, USES
from corroborate.records.schema import names_of_type, place_of, single
from corroborate.values import DateSpan, PartialDate
from corroborate_node.core.desk import Desk
from corroborate_node.core.filters import shown
from corroborate_node.core.gate import desk_of
from corroborate_node.core.wording import Words, language_of
from corroborate_node.deadlines import actions as deadlines
from corroborate_node.people import lifeline, titles
from corroborate_node.records import codings, entering, preferring, queries, rows
from corroborate_node.release import summaries, wording

_ACT_SAYS = (
    "violation",
    "no_violation",
    "date",
    "place",
    "facility",
    "perpetrator",
    "perpetrator_unit",
    "state_taken",
    "state_held",
    "returned",
)
_SPAN_SAYS = ("facility", "section", "begin", "end", "ended", "place", "reason", "sentence", "told")
_POST_SAYS = ("title", "held_by", "begin", "end", "told")


@dataclass(frozen=True, slots=True)
class Act:
    """An act that was done to somebody, by what its claims say of it."""

    id: str
    said: Mapping[str, Sequence[Any]]

    @property
    def what(self) -> list[Any]:
        return [*self.said.get("violation", ()), *self.said.get("no_violation", ())]

    @property
    def told(self) -> list[Any]:
        """What it is called by: what, when and where."""
        named = [one for name in _ACT_SAYS[:5] for one in self.said.get(name, ())]
        return list({(one.property, str(one.value)): one for one in reversed(named)}.values())[::-1]

    @property
    def rest(self) -> list[Any]:
        return [one for name in _ACT_SAYS[5:] for one in self.said.get(name, ())]


@dataclass(frozen=True, slots=True)
class Span:
    """A time in detention, or a post that somebody held. ``cells``: by property, what claims say of it."""

    id: str
    cells: tuple[tuple[str, Sequence[Any]], ...]

    @property
    def said(self) -> list[Any]:
        return [one for _, claims in self.cells for one in claims]


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody's part in an act, by its claims. ``person``: the claim that says whose."""

    said: Sequence[Any]

    def of(self, property_: str) -> list[Any]:
        return [one for one in self.said if one.property == property_]

    @property
    def person(self) -> Any:
        return next(iter(self.of("person")), None)

    @property
    def degree(self) -> list[Any]:
        return self.of("degree")

    @property
    def took_part(self) -> list[Any]:
        return self.of("took_part")

    @property
    def caution(self) -> list[Any]:
        return self.of("caution")


def involved(user: Any, act: str) -> list[Part]:
    """Who had which part in an act, for who may see who people are."""
    pointing = [one.subject_id for one in queries.claims_pointing_to(user, act) if one.property == "act"]
    around = _around(user, pointing) if pointing else {}
    return [
        Part([one for of in around[id_].values() for one in of]) for id_ in dict.fromkeys(pointing) if id_ in around
    ]


def person(request: HttpRequest, entity: str) -> HttpResponse:
    """A person: preferred facts first, each with its source; contradictions side by side."""
    found = get_object_or_404(queries.entities_seen(request.user, "person"), id=entity)
    desk, words = desk_of(request), Words(language_of(request), "people")
    claims = list(queries.claims_about(request.user, entity))
    pointing = list(queries.claims_pointing_to(request.user, entity))
    around = _around(request.user, [one.subject_id for one in pointing if one.property in ("victim", "person")])
    known = preferring.preferred(request.user, [entity])
    groups = grouped(claims, known)
    acts = _acts(pointing, around)
    spans = _spans(pointing, around, "detention", _SPAN_SAYS)
    posts = _spans(pointing, around, "post", _POST_SAYS)
    every = [*claims, *pointing, *(one for of in around.values() for each in of.values() for one in each)]
    numbers = numbered(every)
    others = [one.target for one in claims if one.target]
    alike = queries.judged_same(request.user, entity)
    names = queries.names_of(request.user, [entity, *others, *alike])
    units = [one.target for span in posts for one in span.said if one.property == "held_by"]
    name = names.get(entity, "")
    context = {
        "words": words,
        "entity": found,
        "name": name,
        "names": names,
        "groups": groups,
        "acts": acts,
        "spans": spans,
        "posts": posts,
        "told_of": titles.told_of(request.user, units),
        "alike": alike,
        "nameless": None if name else queries.nameless_shown(request.user, [entity])[entity],
        "writings": _writings(claims, name),
        "conflicts": conflicts(groups),
        "preferred": known,
        "line": lifeline.drawn(_events(claims, acts, spans, posts, words)),
        "numbers": numbers,
        "sources": _sources(request.user, every, numbers, words, desk.at.date()),
        "went": _went(desk, every, words.language),
        "invented": any(one.source.invented for one in every),
        **corrections(request, [*groups, *(cell for span in (*spans, *posts) for cell in span.cells)]),
        "places": codings.places_of(request.user, [one.id for one in every]),
        "may_enter": desk.may("record.enter"),
    }
    return render(request, "person.html", context)


def grouped(claims: Sequence[Any], preferred: Mapping[str, Any]) -> list[tuple[str, list[Any]]]:
    """Claims by property, the preferred one first, what counts no more last; two that differ stand side by side."""
    found: dict[str, list[Any]] = {}
    for one in sorted(claims, key=lambda one: (one.id not in preferred, one.superseded, one.id)):
        found.setdefault(one.property, []).append(one)
    return sorted(found.items(), key=lambda group: place_of(group[0]))


def conflicts(groups: Sequence[tuple[str, Sequence[Any]]]) -> set[str]:
    """Properties of which sources say what cannot both be."""
    return {
        name
        for name, of in groups
        if name in single() and len({str(row.value) for row in of if row.value and not row.superseded}) > 1
    }


def corrections(request: HttpRequest, groups: Sequence[tuple[str, Sequence[Any]]]) -> dict[str, Any]:
    """For the claims of a page: which were corrected, and whether its reader may correct or prefer one."""
    claims = [one.id for _, of in groups for one in of]
    return {
        "corrections": queries.corrections_of(request.user, claims),
        "may_correct": desk_of(request).may("claim.correct"),
        "may_prefer": desk_of(request).may("claim.prefer"),
    }


def _around(user: Any, subjects: Sequence[str]) -> dict[str, dict[str, list[Any]]]:
    """By act or time in detention: what is said of it that counts, by property."""
    found: dict[str, dict[str, list[Any]]] = {}
    rows_ = queries.current_among_seen(user).filter(subject_id__in=subjects)
    for one in rows_.order_by("id"):
        found.setdefault(one.subject_id, {}).setdefault(one.property, []).append(one)
    return found


def _acts(pointing: Sequence[Any], around: Mapping[str, Mapping[str, Sequence[Any]]]) -> list[Act]:
    ids = dict.fromkeys(one.subject_id for one in pointing if one.property == "victim")
    made = (Act(id_, {name: around.get(id_, {}).get(name, ()) for name in _ACT_SAYS}) for id_ in ids)
    return [one for one in made if one.what]


def _spans(
    pointing: Sequence[Any], around: Mapping[str, Mapping[str, Sequence[Any]]], kind: str, properties: Sequence[str]
) -> list[Span]:
    ids = dict.fromkeys(one.subject_id for one in pointing if one.subject_id.startswith(f"{kind}_"))
    made = (Span(id_, tuple((name, of) for name in properties if (of := around.get(id_, {}).get(name)))) for id_ in ids)
    return [one for one in made if one.cells]


def _writings(claims: Sequence[Any], name: str) -> list[str]:
    """Names in every script, but for the one that heads the page."""
    said = [
        queries.words_of(one)
        for one in claims
        if one.property in names_of_type("name") and one.value and not one.superseded
    ]
    return [one for one in dict.fromkeys(said) if one != name]


def _date(claim: Any) -> PartialDate | DateSpan | None:
    value = rows.claim(claim).value if claim is not None and claim.value else None
    return value if isinstance(value, PartialDate | DateSpan) else None


def _events(
    claims: Sequence[Any], acts: Sequence[Act], spans: Sequence[Span], posts: Sequence[Span], words: Words
) -> list[lifeline.Event]:
    frame = Words(words.language, "core")
    made = [
        lifeline.Event("birth", words["born"], _date(one), None, one)
        for one in claims
        if one.property == "birth_date" and not one.superseded and one.value
    ]
    for act in acts:
        title = ", ".join(shown(one.value, frame) for one in act.what)
        back = next(iter(act.said.get("returned", ())), None)
        kind: lifeline.What = "act" if back is None else "away"
        made += [lifeline.Event(kind, title, _date(one), _date(back), one, act.id) for one in act.said.get("date", ())]
    made += [_lasted(one, "held", "facility", ("section", "ended")) for one in spans]
    made += [_lasted(one, "post", "title", ()) for one in posts]
    dated = {act.id for act in acts if act.said.get("date")}
    made += [
        lifeline.Event("event", words["event"], _date(one), None, one)
        for one in claims
        if one.property == "event_date" and not one.superseded and one.value and not dated
    ]
    return made


def _lasted(span: Span, what: lifeline.What, title: str, more: Sequence[str]) -> lifeline.Event:
    """A time in detention or a post along the line."""
    cells = dict(span.cells)
    begin, end = (next(iter(cells.get(name, ())), None) for name in ("begin", "end"))
    of = next(iter(cells.get(title, ())), span.said[0])
    told = ", ".join(queries.words_of(one) for name in more for one in cells.get(name, ()))
    called = "" if of.target else queries.words_of(of)
    return lifeline.Event(what, called, _date(begin), _date(end), of, more=told)


def numbered(claims: Sequence[Any]) -> dict[str, int]:
    """By source: its number on the page, in the order in which it is met."""
    return {source: number for number, source in enumerate(dict.fromkeys(one.source_id for one in claims), start=1)}


@dataclass(frozen=True, slots=True)
class Shown:
    """A source beside the facts of a page. ``by``: who recorded it by hand. ``allows``: by audience, what it allows."""

    number: int
    source: Any
    said_by: str
    by: str
    allows: list[tuple[str, list[str]]]


def _sources(user: Any, claims: Sequence[Any], numbers: Mapping[str, int], words: Words, today: date) -> list[Shown]:
    frame, given = Words(words.language, "core"), deadlines.while_kept(queries.consents_of(list(numbers)))
    first = {one.source_id: one for one in reversed(claims)}
    who = entering.recorded_by(user, list(numbers))
    found = []
    for source, number in numbers.items():
        allowed = queries.allowed([one for one in given if one.source == source], today)
        says = [
            (frame[f"audience_{one}"], [frame[f"use_{use}"] for use in USES if use in allowed[one]])
            for one in AUDIENCES
            if allowed[one]
        ]
        by = who[source][0] if source in who else ""
        found.append(Shown(number, first[source].source, first[source].said_by, by, says))
    return found


def _went(desk: Desk, claims: Sequence[Any], language: str) -> list[tuple[Any, str]]:
    """Releases in which something of them was to go, and to whom."""
    if not desk.may("release.read"):
        return []
    told = Words(language, "release")
    return [
        (one, wording.receiver(told, one.audience, one.body))
        for one in summaries.went(desk, [claim.id for claim in claims])
    ]
