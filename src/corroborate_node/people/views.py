"""Pages: what is asked, queries answer, templates show. Nothing here decides what may be seen."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render

from corroborate.errors import CorroborateError, InvalidValue
from corroborate.records import AUDIENCES, USES
from corroborate.records.schema import place_of, single
from corroborate_node.core.desk import Desk
from corroborate_node.core.gate import desk_of, seen
from corroborate_node.core.queries import PAGE
from corroborate_node.core.rooms import invented
from corroborate_node.core.wording import Words, language_of
from corroborate_node.log import queries as witnessing
from corroborate_node.log.views import log_shown
from corroborate_node.people.forms import Correction
from corroborate_node.records import actions, cases, correcting, queries, rows
from corroborate_node.release import listed, saying

View = Callable[..., HttpResponse]


@login_required
def today(request: HttpRequest) -> HttpResponse:
    """What stands here, and what to do first."""
    counts = queries.counts(request.user)
    return render(
        request,
        "today.html",
        {
            "counts": counts,
            "invented": invented(request.user),
            "log": log_shown(request) if desk_of(request).may("log.read") else None,
            "consents_blocked": queries.consents_blocked(request.user),
            "recalls_waiting": listed.recalls_waiting(desk_of(request)),
            "open_alarms": witnessing.open_alarms(request.user),
        },
    )


@login_required
def persons(request: HttpRequest) -> HttpResponse:
    """People by name; a search of two Hangul syllables is enough."""
    asked, sort = request.GET.get("q", ""), request.GET.get("sort", "name")
    found = Paginator(queries.people(request.user, asked, sort), PAGE)
    page = found.get_page(request.GET.get("page"))
    seen(request, [row.person_id for row in page], asked)
    return render(
        request,
        "persons.html",
        {"page": page, "asked": asked, "sort": sort, "total": found.count, "invented": invented(request.user)},
    )


def _grouped(claims: Any) -> list[tuple[str, list[Any]]]:
    """Claims by property; two that differ stand side by side."""
    groups = [(name, list(rows)) for name, rows in groupby(claims, key=lambda claim: claim.property)]
    return sorted(groups, key=lambda group: place_of(group[0]))


def _conflicts(groups: list[tuple[str, list[Any]]]) -> set[str]:
    return {
        name
        for name, rows in groups
        if name in single() and len({str(row.value) for row in rows if row.value and not row.superseded}) > 1
    }


def _corrections(request: HttpRequest, groups: list[tuple[str, list[Any]]]) -> dict[str, Any]:
    """For the claims of a page: which were corrected, and whether its reader may correct one."""
    claims = [one.id for _, rows in groups for one in rows]
    return {
        "corrections": queries.corrections_of(request.user, claims),
        "may_correct": desk_of(request).may("claim.correct"),
    }


@login_required
def person(request: HttpRequest, entity: str) -> HttpResponse:
    """A person: facts with their sources, acts, contradictions side by side."""
    found = get_object_or_404(queries.entities_seen(request.user, "person"), id=entity)
    groups = _grouped(queries.claims_about(request.user, found.id))
    pointing = queries.claims_pointing_to(request.user, found.id)
    acts = []
    for claim in pointing:
        done = [one for one in queries.claims_about(request.user, claim.subject_id) if one.property == "violation"]
        acts += [(claim.subject_id, one) for one in done]
    name = queries.names_of(request.user, [found.id]).get(found.id, "")
    sources = {claim.source for _, rows in groups for claim in rows}
    return render(
        request, "person.html",
        {"entity": found, "name": name, "groups": groups, "conflicts": _conflicts(groups), "acts": acts,
         **_corrections(request, groups),
         "invented": any(source.invented for source in sources)},
    )  # fmt: skip


def correct(request: HttpRequest, claim: str) -> HttpResponse:
    """Correct a claim, or undo its correction; what was corrected stays to be read."""
    found = queries.claim_seen(request.user, claim)
    if found is None:
        raise Http404
    desk, words = desk_of(request), Words(language_of(request), "people")
    form = Correction(request.POST or None)
    context: dict[str, Any] = {"words": words, "form": form}
    status = 200
    if request.method == "POST":
        try:
            if request.POST.get("act") == "undo":
                done = correcting.undo(desk, claim)
                touched = done.new
            elif form.is_valid():
                done = correcting.correct(desk, claim, form.cleaned_data["to"], form.cleaned_data["because"])
                touched = done.old
            else:
                raise InvalidValue("a correction says what is right, and how you know")
            context |= {"done": done, "carried": _carried(desk, [touched], words.language)}
        except InvalidValue as error:
            context["error"], status = str(error), 400
    shown = queries.claim_seen(request.user, claim)
    known = queries.corrections_of(request.user, [claim])
    pair = [known[claim].old_id, known[claim].new_id] if claim in known else [claim]
    both = [one for one in (queries.claim_seen(request.user, each) for each in pair) if one is not None]
    kind = "persons" if found.subject_id.startswith("person_") else "acts"
    context |= {
        "claim": shown, "rows": both, "corrections": known, "correction": known.get(claim), "names": {},
        "back": f"/{kind}/{found.subject_id}", "invented": found.source.invented,
    }  # fmt: skip
    return render(request, "correct.html", context, status=status)


def _carried(desk: Desk, records: Sequence[str], language: str) -> list[tuple[listed.Shown, str, bool]]:
    """Releases that carried some records, to whom, and whether their receiver waits to be told."""
    if not desk.may("release.read"):
        return []
    told = Words(language, "release")
    return [
        (one, saying.receiver(told, one.audience, one.body), "waits" in one.recalls)
        for one in listed.carrying(desk, records, language)
    ]


@login_required
def act(request: HttpRequest, entity: str) -> HttpResponse:
    """Who did what to whom, when, where; claims for and against."""
    found = get_object_or_404(queries.entities_seen(request.user, "act"), id=entity)
    groups = _grouped(queries.claims_about(request.user, found.id))
    victims = [claim.target for _, rows in groups for claim in rows if claim.target]
    names = queries.names_of(request.user, victims)
    invented = any(claim.source.invented for _, rows in groups for claim in rows)
    return render(
        request,
        "act.html",
        {"entity": found, "groups": groups, "names": names, "invented": invented, **_corrections(request, groups)},
    )


_CASE_ACTS: dict[str, Callable[[Desk, Mapping[str, str]], object]] = {
    "new": lambda desk, typed: cases.begin(desk, typed.get("name", "")),
    "close": lambda desk, typed: cases.close(desk, typed.get("case", "")),
    "reopen": lambda desk, typed: cases.close(desk, typed.get("case", ""), again=True),
    "file": lambda desk, typed: cases.add(desk, typed.get("case", ""), typed.get("source", "").split()),
    "take-out": lambda desk, typed: cases.take_out(desk, typed.get("case", ""), typed.get("source", "").split()),
}


def cases_(request: HttpRequest) -> HttpResponse:
    """Cases that the reader may see; who keeps them opens, fills and closes them."""
    desk, words, error = desk_of(request), Words(language_of(request), "people"), ""
    if desk.vault.hub:
        raise Http404
    if request.method == "POST":
        try:
            chosen = _CASE_ACTS.get(request.POST.get("act", ""))
            if chosen is None:
                raise InvalidValue("this page has no such act; load it again")
            chosen(desk, request.POST)
            back = request.POST.get("case", "")
            known = queries.cases_seen(request.user).filter(id=back).exists()
            return HttpResponseRedirect(f"/cases/{back}" if known else "/cases")
        except CorroborateError as refused:
            error = str(refused)
    rows = [(one, queries.filed_in(request.user, one.id).count()) for one in queries.cases_seen(request.user)]
    context = {"words": words, "rows": rows, "error": error, "may_keep": desk.may("case.keep"),
               "typed": request.POST.get("name", ""), "invented": queries.invented(request.user)}  # fmt: skip
    return render(request, "cases.html", context, status=400 if error else 200)


def case(request: HttpRequest, case: str) -> HttpResponse:
    """The sources of one case."""
    found = get_object_or_404(queries.cases_seen(request.user), id=case)
    desk, words = desk_of(request), Words(language_of(request), "people")
    page = Paginator(queries.filed_in(request.user, found.id), PAGE).get_page(request.GET.get("page"))
    seen(request, [one.id for one in page])
    context = {"words": words, "case": found, "page": page, "may_keep": desk.may("case.keep"),
               "invented": any(one.invented for one in page)}  # fmt: skip
    return render(request, "case.html", context)


def withdraw(request: HttpRequest, entity: str) -> HttpResponse:
    """Withdraw a source: what would fall with it is shown first; then it is erased, and what must follow is said."""
    found = get_object_or_404(queries.sources_seen(request.user), id=entity)
    desk, words = desk_of(request), Words(language_of(request), "core")
    context: dict[str, Any] = {"source": found, "words": words, "invented": found.invented}
    if request.method != "POST":
        return render(request, "withdraw.html", context | {"fallen": actions.would_fall(desk, entity)})
    try:
        done = actions.withdraw(desk, entity, desk.at.date())
    except InvalidValue as error:
        return render(request, "withdraw.html", context | {"error": str(error)}, status=400)
    shown = actions.as_seen(desk, done)
    carried = _carried(desk, done.records, words.language)
    return render(request, "withdraw.html", context | {"done": shown, "carried": carried})


@login_required
def source(request: HttpRequest, entity: str) -> HttpResponse:
    """A source: what it derives from, what it allows, what stands on it."""
    found = get_object_or_404(queries.sources_seen(request.user), id=entity)
    before = queries.sources_seen(request.user).filter(id__in=found.derives_from)
    given = found.consents.order_by("id") if found.withdrawn is None else []  # words in it are erased, or should be
    consents = [rows.consent(row) for row in given]
    words = Words(language_of(request), "core")
    allowed = queries.allowed(consents, datetime.now(UTC).date())
    headings = [words[f"audience_{one}"] for one in AUDIENCES]
    matrix = [
        (
            words[f"use_{use}"],
            [(heading, use in allowed[one]) for one, heading in zip(AUDIENCES, headings, strict=True)],
        )
        for use in USES
    ]
    claims = Paginator(queries.claims_of(request.user, found.id), PAGE).get_page(request.GET.get("page"))
    return render(
        request, "source.html",
        {"source": found, "before": before, "matrix": matrix, "page": claims,
         "consents": [(one, words[f"right_{one.right}"], one.words.replace("\t", ": ").replace("\n", "; "))
                      for one in queries.consents_seen(request.user, consents)],
         "audiences": headings, "invented": found.invented, "cases": queries.cases_of_source(request.user, found.id),
         "may_withdraw": desk_of(request).may("source.withdraw")},
    )  # fmt: skip
