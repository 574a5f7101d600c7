"""Pages of findings, and of what is independent of what."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from corroborate.cases import Difference, Finding, HangsOn, Lineup, law, support_of
from corroborate.cases.findings import group_told
from corroborate.cases.law import LAWS, Law
from corroborate.cases.matrix import Cell, agreement, cell
from corroborate.errors import CorroborateError
from corroborate.vocabulary import load
from corroborate_node.core import opened
from corroborate_node.core.desk import Desk
from corroborate_node.core.forms import pressed
from corroborate_node.core.gate import desk_of, seen
from corroborate_node.core.queries import PAGE, limited
from corroborate_node.core.wording import Words, language_of
from corroborate_node.inquiry import assessing, standing, tying
from corroborate_node.inquiry import queries as inquiry
from corroborate_node.inquiry.forms import (
    AskedCaseForm,
    AskedLawForm,
    AssessForm,
    SetAsideForm,
    TieForm,
    UntieForm,
    WeighForm,
)
from corroborate_node.records import proceedings, queries

OFFERED = 200  # sources that a form offers to choose from
FALLING = 12  # origins, and sets of them, that a page shows


def _words(request: HttpRequest) -> Words:
    return Words(language_of(request), "inquiry")


def _case(request: HttpRequest) -> tuple[str, list[Any]]:
    """In which case a page is looked at, by its id (empty: the whole vault), and the cases to choose from."""
    form = AskedCaseForm(request.GET)
    asked = form.cleaned_data["case"] if form.is_valid() else ""
    cases = list(queries.cases_seen(request.user))
    if asked and asked not in {one.id for one in cases}:
        raise Http404
    if not asked and limited(request.user) and len(cases) == 1:
        return str(cases[0].id), cases
    return asked, cases


def _law(request: HttpRequest) -> Law:
    form = AskedLawForm(request.GET)
    if not form.is_valid():
        raise Http404
    asked: Law = form.cleaned_data["law"] or "article_7"
    return asked


@login_required
def findings(request: HttpRequest) -> HttpResponse:
    """The matrix: elements of crimes against evidence, roots, doubts and judgements; of the whole vault or a case."""
    if opened.current().hub:
        return _published(request)
    case, cases = _case(request)
    under = _law(request)
    made = assessing.matrix_of(request.user, case, under)
    seen(request, ["findings", *([case] if case else [])])
    rows = [{**_row(one), "state": assessing.state_seen(one, made.judged)} for one in made.cells]
    context = {
        **_by_crime(rows),
        "words": _words(request),
        "linked": True,
        "law": under,
        "laws": LAWS,
        "case": case,
        "cases": cases,
        "agreement": agreement(made.judged),
        "judged": sum(one.state != "untouched" for one in made.cells),
        "hidden": made.hidden,
        "invented": queries.invented(request.user),
    }
    return render(request, "findings.html", context)


def _published(request: HttpRequest) -> HttpResponse:
    """What a hub was given to show."""
    document = queries.document(request.user, "findings")
    seen(request, ["findings"])
    rows = [{**one, "against_number": len(one["against"])} for one in document.body] if document else []
    context = {**_by_crime(rows), "words": _words(request), "linked": False}
    return render(request, "findings.html", {**context, "invented": bool(document and document.invented)})


def _by_crime(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Rows under the titles of their crimes, and how many elements anything speaks to."""
    grouped = [(title, list(each)) for title, each in groupby(rows, key=lambda one: one["title"])]
    crimes = [(title, sum(_spoken_to(one) for one in each), each) for title, each in grouped]
    return {"crimes": crimes, "elements": len(rows), "spoken_to": sum(known for _, known, _ in crimes)}


def _spoken_to(row: dict[str, Any]) -> bool:
    cell_ = row.get("cell")
    return bool(row["for"]) or (cell_ is not None and bool(cell_.evidence or cell_.assessments))


def _row(one: Cell) -> dict[str, Any]:
    """A finding as the page shows it: how many claims and roots, not which."""
    counts = {"for": one.on.for_, "against_number": one.on.against, "roots": one.on.independent}
    support = one.finding.support
    if one.evidence and one.on.for_:
        support = support_of(one.on.for_, one.on.against, one.on.independent)
    return {**one.finding.as_json(), **counts, "support": support, "cell": one}


def finding(request: HttpRequest, element: str) -> HttpResponse:
    """One finding: from how many independent origins, what it hangs on, and how far accounts of each person agree."""
    case, _ = _case(request)
    lineup = inquiry.lined_up(request.user, case)
    found = lineup.finding(element)
    if found is None or opened.current().hub:
        raise Http404
    hanging = lineup.hangs_on(found)
    people = Paginator(lineup.people(found), PAGE).get_page(request.GET.get("page"))
    made = inquiry.corroborations(request.user, lineup, found, list(people))
    named = inquiry.named(request.user, {*found.roots[:PAGE], *_origins_shown(hanging)})
    courts = proceedings.about(request.user, found.element, case)
    seen(request, ["findings", *people, *(id_ for row in courts for id_ in row.records)])
    words = _words(request)
    context = {
        "words": words,
        "proceedings": [proceedings.listed(row, words.language) for row in courts],
        "finding": found,
        "crime": law.crime(found.crime),
        "standard": load("standards")[found.standard],
        "hanging": hanging,
        "falls": [(named[one], lineup.told(hanging.falls[one])) for one in list(hanging.falls)[:FALLING]],
        "smallest": [[named[one] for one in sorted(each)] for each in hanging.smallest[:FALLING]],
        "roots": [named[one] for one in found.roots[:PAGE]],
        "stands": standing.seen(request.user, found.element),
        "more_roots": max(0, len(found.roots) - PAGE),
        "page": people,
        "people": made,
        "names": _names(request, lineup, found, list(people)),
        "groups": {one: group_told(lineup.groups[one]) for one in people if one in lineup.groups},
        **_judged(request, lineup, found, case),
        "invented": queries.invented(request.user),
    }
    return render(request, "inquiry/finding.html", context)


def _names(request: HttpRequest, lineup: Lineup, found: Finding, people: Sequence[str]) -> dict[str, str]:
    """By person as matched: what they are called, for who may see it."""
    wanted = set(people)
    victims = {one.victim: one.person for one in lineup.about(found) if one.person in wanted}
    called = queries.names_of(request.user, list(victims))
    return {victims[one]: name for one, name in called.items()}


def _origins_shown(hanging: HangsOn) -> set[str]:
    return {*list(hanging.falls)[:FALLING], *(one for each in hanging.smallest[:FALLING] for one in each)}


def told_of(request: HttpRequest, element: str, person: str) -> HttpResponse:
    """What sources tell of one person under one element: account beside account, and how they differ."""
    case, _ = _case(request)
    lineup = inquiry.lined_up(request.user, case)
    found = lineup.finding(element)
    about = [] if found is None else [one for one in lineup.about(found) if one.person == person]
    if found is None or not about or opened.current().hub:
        raise Http404
    words = _words(request)
    [made] = inquiry.corroborations(request.user, lineup, found, [person])
    named = inquiry.named(request.user, {one.source for one in made.accounts} | set(made.neutral))
    names = queries.names_of(request.user, {one.victim for one in about})
    seen(request, [person, *(one.claim for one in made.accounts)])
    context = {
        "words": words,
        "finding": found,
        "person": person,
        "names": sorted(set(names.values())),
        "group": group_told(lineup.groups[person]) if person in lineup.groups else None,
        "made": made,
        "accounts": [(one, named[one.source], _terms(one.what, words)) for one in made.accounts],
        "differences": [(one, named[one.left], named[one.right], _said(one, words)) for one in made.differences],
        "neutral": [named[one] for one in made.neutral],
        "case": case,
        "invented": queries.invented(request.user),
    }
    return render(request, "inquiry/told-of.html", context)


def _terms(terms: Sequence[str], words: Words) -> list[str]:
    return [load("violations")[one].in_language(words.language) for one in terms]


def _said(one: Difference, words: Words) -> list[str]:
    """What each of two accounts says on a side, a term in the reader's words."""
    return _terms(one.said, words) if one.side == "what" else list(one.said)


def _judged(request: HttpRequest, lineup: Lineup, found: Finding, case: str) -> dict[str, Any]:
    """What people set beside an element, what they judged of it, and what somebody may see of that now."""
    evidence = assessing.evidence_in(request.user, case or None, found.element)
    every = assessing.assessments_in(request.user, case or None, found.element)
    shown, hidden = assessing.shown(request.user, every)
    made = cell(lineup, found, evidence, every)
    named = inquiry.named(request.user, {one.source for one in evidence})
    return {
        "case": case,
        "more": f"&case={case}",
        "cell": made,
        "state": assessing.state_seen(made, shown),
        "evidence": [(one, named[one.source]) for one in evidence],
        "assessments": [(one, load("standards")[one.standard]) for one in shown],
        "hidden": hidden,
        "me": desk_of(request).by,
        "may_assess": desk_of(request).may("finding.assess") and (bool(case) or not limited(request.user)),
        "earlier": assessing.history(request.user, case or None, found.element),
    }


def assess(request: HttpRequest, element: str) -> HttpResponse:
    """Judge an element, and set claims beside it."""
    case, _ = _case(request)
    lineup = inquiry.lined_up(request.user, case)
    found = lineup.finding(element)
    if found is None or opened.current().hub:
        raise Http404
    desk, words, did = desk_of(request), _words(request), pressed(request)
    forms: dict[str, AssessForm | WeighForm] = {
        "assess": AssessForm(words, request.POST if did == "assess" else None, initial={"standard": found.standard}),
        "weigh": WeighForm(words, request.POST if did == "weigh" else None, auto_id="weigh-%s"),
    }
    if did and _assessed(desk, element, case, did, forms, SetAsideForm(words, request.POST)):
        there = f"?{urlencode({'case': case})}" if case else ""
        return HttpResponseRedirect(f"/findings/{element}/assess{there}#{'evidence' if did != 'assess' else 'judged'}")
    seen(request, ["findings", *([case] if case else [])])
    context = {
        "words": words,
        "finding": found,
        "crime": law.crime(found.crime),
        "form": forms["assess"],
        "weighing": forms["weigh"],
        **_judged(request, lineup, found, case),
        "invented": queries.invented(request.user),
    }
    return render(request, "inquiry/assess.html", context, status=400 if did else 200)


def _assessed(
    desk: Desk, element: str, case: str, did: str, forms: Mapping[str, AssessForm | WeighForm], back: SetAsideForm
) -> bool:
    """Do what the page asks; whether it was done: otherwise a form says why not."""
    sent = forms.get(did, back)
    if not sent.is_valid():
        return False
    given = sent.cleaned_data
    try:
        if did == "assess":
            assessing.assess(desk, element, **given, case=case)
        elif did == "weigh":
            assessing.weigh(desk, element, **given, case=case)
        elif did == "set-aside":
            assessing.set_aside(desk, given["id"])
        else:
            assessing.undo(desk, given["id"])
    except CorroborateError as refused:
        forms.get(did, forms["assess"]).refuse(refused)
        return False
    return True


def independence(request: HttpRequest, entity: str) -> HttpResponse:
    """Where a source comes from, what it shares with others, what hangs on it; ties are made and taken back."""
    found = queries.sources_seen(request.user).filter(id=entity).first()
    if found is None:
        raise Http404
    desk, words, did = desk_of(request), _words(request), pressed(request)
    form = TieForm(words, request.POST if did == "tie" else None)
    if did and _tied(desk, entity, did, form, UntieForm(words, request.POST)):
        return HttpResponseRedirect(f"/sources/{entity}/independence")
    steps = inquiry.ways_back(entity)
    rows = tying.ties_seen(request.user, entity)
    ends = {end for row in rows for end in (row.source_id, row.other_id)}
    named = inquiry.named(request.user, {*(step.id for step in steps), *ends})
    lineup = inquiry.lined_up(request.user)
    context = {
        "words": words,
        "form": form,
        "source": found,
        "steps": [(step, named[step.id]) for step in steps],
        "cut": len(steps) == inquiry.MOST_NODES,
        "ties": [(row, named[row.other_id if row.source_id == entity else row.source_id]) for row in rows],
        "hanging": [one for one in lineup.findings if one.hangs_on in lineup.known.of(entity)],
        "may_tie": desk.may("source.tie") and found.withdrawn is None,
        "offered": queries.sources_seen(request.user).filter(withdrawn=None, part_of=None).order_by("-id")[:OFFERED],
        "invented": found.invented,
    }
    return render(request, "inquiry/independence.html", context, status=400 if did else 200)


def _tied(desk: Desk, source: str, did: str, form: TieForm, back: UntieForm) -> bool:
    """Do what the page asks; whether it was done: otherwise the form says why not."""
    sent = form if did == "tie" else back
    if not sent.is_valid():
        return False
    try:
        if did == "tie":
            given = form.cleaned_data
            tying.tie(desk, source, given["kind"], given["other"], given["because"])
        else:
            tying.untie(desk, back.cleaned_data["tie"])
    except CorroborateError as refused:
        form.refuse(refused)
        return False
    return True
