"""What somebody who told us something takes home, in their language: what was recorded, what they allowed, where it
went, and how to change their mind. A page to print; and a short form that names nobody, to carry."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from corroborate.records import AUDIENCES, USES, Audience, Consent, Use
from corroborate_node.core.configuration import on_this_machine
from corroborate_node.core.desk import Desk
from corroborate_node.core.filters import shown
from corroborate_node.core.forms import LanguageForm
from corroborate_node.core.gate import desk_of
from corroborate_node.core.wording import LANGUAGES, Words, language_of
from corroborate_node.deadlines import actions as deadlines
from corroborate_node.people import titles
from corroborate_node.people.days import understood
from corroborate_node.records import entering, queries, rows
from corroborate_node.release import summaries, wording
from corroborate_node.survivor import making

LOOKS_AT = "/my-words"  # where whoever told something looks by themselves
_WORDS_OF = {  # property of a date -> heading under which its words stand where they say more
    "date": "date",
    "birth_date": "birth",
    "event_date": "event_date",
    "begin": "from",
    "end": "to",
}


class SheetForm(forms.Form):
    """Which form of the sheet: the whole, or the short one that names nobody."""

    form = forms.ChoiceField(choices=[("short", "short")])


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was said of somebody. ``words``: as it was told; ``understood``: the date read from them."""

    claim: Any
    words: str = ""
    understood: str = ""


def sheet(request: HttpRequest, entity: str) -> HttpResponse:
    """The sheet of a source. ``language``: theirs, which may be another than that of whoever prints it."""
    found = get_object_or_404(queries.sources_seen(request.user), id=entity)
    asked = LanguageForm({"language": request.GET.get("language", "")})
    language = asked.cleaned_data["language"] if asked.is_valid() else language_of(request)
    words, desk = Words(language, "people"), desk_of(request)
    code = making.code_of(desk, entity)
    context: dict[str, Any] = {
        "w": words,
        "words": words,
        "own": Words(language, "survivor"),
        "frame": Words(language, "core"),
        "source": found,
        "language": language,
        "short": SheetForm(request.GET).is_valid(),
        "today": desk.at.date(),
        "others": LANGUAGES,
        "invented": found.invented,
        "code": code.code if code is not None else "",
        "address": reached(request),
    }
    if found.withdrawn:
        return render(request, "sheet_withdrawn.html", context)
    return render(request, "sheet.html", context | told(desk, entity, words))


def reached(request: HttpRequest) -> str:
    """Where whoever told it looks by themselves; empty where the vault answers on this machine alone."""
    return "" if on_this_machine(request.get_host()) else request.build_absolute_uri(LOOKS_AT)


def told(desk: Desk, entity: str, words: Words, *, by_themselves: bool = False) -> dict[str, Any]:
    """What a sheet shows of a source that stands, to whoever may see who people are. ``by_themselves``: to whoever told
    it, who comes by a code and sees that source alone; where it went they are told by it, whoever may see releases."""
    claims = [one for one in queries.claims_of(desk, entity) if one.value and not one.superseded]
    went = _went(desk, [one.id for one in claims], by_themselves)
    return _recorded(desk, claims, words) | _allowed(desk, entity, went, words)


def _went(desk: Desk, claims: Sequence[str], by_themselves: bool) -> Sequence[Any] | None:
    if by_themselves:
        return summaries.went_of(claims)
    return summaries.went(desk, claims) if desk.may("release.read") else None


def _recorded(desk: Desk, claims: Sequence[Any], words: Words) -> dict[str, Any]:
    """What stands, by whom or what it is said of; whoever had a part in an act stands with the act."""
    said: dict[str, list[Any]] = {}
    parts: dict[str, dict[str, Any]] = {}
    for one in claims:
        if one.subject_id.startswith("involvement_"):
            parts.setdefault(one.subject_id, {})[one.property] = one
        else:
            said.setdefault(one.subject_id, []).append(one)
    named = [one for one in claims if one.property == "perpetrator"]
    return {
        "told": [
            (subject, lines(made, words), _involved(subject, parts, named, words)) for subject, made in said.items()
        ],
        **_called(desk, claims),
    }


def _called(desk: Desk, claims: Sequence[Any]) -> dict[str, Any]:
    """What everything is called: an act without a date that was read from words, which stand below it."""
    found = titles.names(desk, claims)
    acts = found["told_of"].items()
    return found | {"told_of": {id_: [one for one in made if one.property not in _WORDS_OF] for id_, made in acts}}


def _involved(
    act: str, parts: Mapping[str, Mapping[str, Any]], named: Sequence[Any], words: Words
) -> list[tuple[str, str]]:
    """Who had which part in an act, but for those whom the act itself names as who did it."""
    frame = Words(words.language, "core")
    shown_already = any(one.subject_id == act for one in named)
    found = []
    for said in parts.values():
        if {"act", "person", "degree"} <= set(said) and said["act"].target == act:
            degree = queries.words_of(said["degree"])
            if not (degree == "perpetrator" and shown_already):
                found.append((shown(said["degree"].value, frame), said["person"].target))
    return found


def lines(made: Sequence[Any], words: Words) -> list[Line]:
    """What is said of somebody, each date with the words that told it before it."""
    dates = {_WORDS_OF[one.property]: one for one in made if one.property in _WORDS_OF}
    told: dict[str, str] = {}
    used: set[str] = set()
    for one in made:
        heading, colon, rest = queries.words_of(one).partition(": ") if one.property == "told" else ("", "", "")
        if colon and heading in dates and dates[heading].id not in told:
            told[dates[heading].id] = rest
            used.add(one.id)
    return [
        Line(one, told.get(one.id, ""), understood(rows.claim(one).value, words) if one.property in _WORDS_OF else "")
        for one in made
        if one.id not in used
    ]


def _by_whom(
    consents: Sequence[Consent], allowed: Mapping[Audience, set[Use]], on: date, frame: Words
) -> Iterator[tuple[str, Collection[str], bool]]:
    """Each audience with what it may, and whether it is a body that a consent names: it stands by its own name."""
    bodies = sorted({one.body for one in consents if one.body and one.withdrawn is None})
    for audience in AUDIENCES:
        if audience != "named body" or not bodies:
            yield frame[f"audience_{audience}"], allowed[audience], False
            continue
        for body in bodies:
            yield body, queries.allowed([one for one in consents if one.body in ("", body)], on)[audience], True


def _allowed(desk: Desk, entity: str, went: Sequence[Any] | None, words: Words) -> dict[str, Any]:
    """What whoever told it allowed, and where it went; None: whoever looks may not see that."""
    frame, release = Words(words.language, "core"), Words(words.language, "release")
    consents = deadlines.while_kept(queries.consents_of([entity]))
    allowed = queries.allowed(consents, desk.at.date())

    def said(uses: Collection[str]) -> list[str]:
        return [frame[f"use_{use}"] for use in USES if use in uses]

    return {
        "allowed": [(one, said(uses), body) for one, uses, body in _by_whom(consents, allowed, desk.at.date(), frame)],
        "allowed_briefly": [(frame[f"audience_{one}"], said(allowed[one])) for one in AUDIENCES],
        "ends": sorted({one.ends for one in consents if one.ends and not one.withdrawn}),
        "conditions": [one.conditions for one in consents if one.conditions],
        "went": None if went is None else [(one, wording.receiver(release, one.audience, one.body)) for one in went],
        "entries": entering.entries_seen(desk, entity),
        "days": Words(words.language, "deadlines"),
        "promises": [one for one in deadlines.of_source(desk, entity) if one.kind == "feedback"],
    }
