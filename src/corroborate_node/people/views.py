"""Pages: what is asked, queries answer, templates show. Nothing here decides what may be seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, overload
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render

from corroborate.errors import CorroborateError, InvalidValue
from corroborate.records import AUDIENCES, USES
from corroborate_node.core.components import Sortable
from corroborate_node.core.desk import Desk
from corroborate_node.core.forms import pressed
from corroborate_node.core.gate import desk_of, seen
from corroborate_node.core.queries import PAGE
from corroborate_node.core.rooms import invented, waits
from corroborate_node.core.wording import Words, language_of
from corroborate_node.deadlines import actions as deadlines
from corroborate_node.log import queries as witnessing
from corroborate_node.log.views import backups_shown, log_shown
from corroborate_node.people import consenting, titles
from corroborate_node.people.forms import (
    AskedPartForm,
    CaseForm,
    CorrectionForm,
    NewCaseForm,
    PreferForm,
    TakeBackEntryForm,
)
from corroborate_node.people.person import conflicts, corrections, grouped, involved, numbered
from corroborate_node.records import (
    actions,
    cases,
    codings,
    correcting,
    documents,
    entering,
    preferring,
    proceedings,
    queries,
    remarks,
    rows,
)
from corroborate_node.release import summaries, wording

View = Callable[..., HttpResponse]
KNOWN = ("named", "partial", "unnamed", "group")  # ways in which a victim is known


@login_required
def today(request: HttpRequest) -> HttpResponse:
    """What stands here, and what to do first."""
    counts = queries.counts(request.user)
    return render(
        request,
        "today.html",
        {
            "counts": counts,
            "waits": waits(request.user, language_of(request)),
            "invented": invented(request.user),
            "log": log_shown(request) if desk_of(request).may("log.read") else None,
            "consents_blocked": queries.consents_blocked(request.user),
            "recalls_waiting": summaries.recalls_waiting(desk_of(request)),
            "open_alarms": witnessing.open_alarms(request.user),
            "backups": backups_shown(request),
        },
    )


@login_required
def persons(request: HttpRequest) -> HttpResponse:
    """People by name; a search of two Hangul syllables is enough."""
    asked, sort = request.GET.get("q", ""), request.GET.get("sort", "name")
    known = request.GET.get("known", "") if request.GET.get("known") in KNOWN else ""
    found = Paginator(PeopleRows(request.user, asked, sort, known), PAGE)
    page = found.get_page(request.GET.get("page"))
    seen(request, [row.id for row in page], asked)
    frame = Words(language_of(request), "core")
    return render(
        request,
        "persons.html",
        {
            "page": page,
            "asked": asked,
            "known": known,
            "kinds": [("", frame["known_all"]), *((one, frame[f"known_{one}"]) for one in KNOWN)],
            "heading": _heading(frame, asked, sort, known),
            "more": f"&{urlencode({'q': asked, 'sort': sort, 'known': known})}",
            "total": found.count,
            "invented": invented(request.user),
        },
    )


def _heading(frame: Words, asked: str, sort: str, known: str) -> Sortable:
    """The heading of names: followed, it turns their order round."""
    other = "-name" if sort == "name" else "name"
    address = f"?{urlencode({'q': asked, 'sort': other, 'known': known})}"
    return Sortable(frame["name"], address, "descending" if sort == "-name" else "ascending")


@dataclass(frozen=True, slots=True)
class Row:
    """A person in the list: by name, or in the words of the source."""

    id: str
    name: str = ""
    nameless: queries.Nameless | None = None


class PeopleRows(Sequence[Row]):
    """People in order of their names, then those without a name: as many as a page shows are read."""

    def __init__(self, user: Any, asked: str, sort: str, known: str) -> None:
        self.user = user
        self.named = queries.people(user, asked, sort, known if known in ("named", "partial") else "")
        self.nameless = queries.nameless(user, asked, known if known in ("unnamed", "group") else "")
        if known in ("named", "partial"):
            self.nameless = self.nameless.none()
        elif known:
            self.named = self.named.none()
        self.first = self.named.count()

    def __len__(self) -> int:
        return self.first + int(self.nameless.count())

    @overload
    def __getitem__(self, part: int) -> Row: ...
    @overload
    def __getitem__(self, part: slice) -> list[Row]: ...

    def __getitem__(self, part: int | slice) -> Row | list[Row]:
        if isinstance(part, int):
            return self[part : part + 1][0]
        start, stop = part.start or 0, part.stop
        rows = [Row(one.person_id, one.text) for one in self.named[start:stop]] if start < self.first else []
        if stop <= self.first:
            return rows
        ids = self.nameless[max(0, start - self.first) : stop - self.first].values_list("id", flat=True)
        shown = queries.nameless_shown(self.user, list(ids))
        return rows + [Row(one, nameless=shown[one]) for one in shown]


def correct(request: HttpRequest, claim: str) -> HttpResponse:
    """Correct a claim, or undo its correction; what was corrected stays to be read."""
    found = queries.claim_seen(request.user, claim)
    if found is None:
        raise Http404
    desk, words, did = desk_of(request), Words(language_of(request), "people"), pressed(request)
    form, done = CorrectionForm(words, request.POST if did == "correct" else None), None
    if request.method == "POST":
        done = _corrected(desk, claim, did, form)
    known = queries.corrections_of(request.user, [claim])
    pair = [known[claim].old_id, known[claim].new_id] if claim in known else [claim]
    both = [one for one in (queries.claim_seen(request.user, each) for each in pair) if one is not None]
    kind = "persons" if found.subject_id.startswith("person_") else "acts"
    touched = [] if done is None else [done.old, done.new]
    context = {
        "words": words,
        "form": form,
        "done": done,
        "carried": _releases_with(desk, touched, words.language),
        "claim": queries.claim_seen(request.user, claim),
        "rows": both,
        "corrections": known,
        "names": {},
        "correction": known.get(claim),
        "back": f"/{kind}/{found.subject_id}",
        "invented": found.source.invented,
    }
    return render(request, "correct.html", context, status=400 if request.method == "POST" and done is None else 200)


def prefer(request: HttpRequest, claim: str) -> HttpResponse:
    """What differs side by side; judge which claim is preferred, and why, or take that back."""
    found = queries.claim_seen(request.user, claim)
    if found is None:
        raise Http404
    desk, words, did = desk_of(request), Words(language_of(request), "people"), pressed(request)
    form = PreferForm(words, request.POST if did == "prefer" else None)
    if did and _preferred(desk, claim, did, form):
        return HttpResponseRedirect(f"/claims/{claim}/prefer")
    same = queries.claims_about(request.user, found.subject_id).filter(property=found.property, superseded=False)
    known = preferring.preferred(request.user, [found.subject_id])
    names = queries.names_of(request.user, [one.target for one in same if one.target])
    kind = "persons" if found.subject_id.startswith("person_") else "acts"
    context = {
        "words": words,
        "form": form,
        "claim": found,
        "rows": list(same),
        "names": names,
        "preferred": known,
        "is_preferred": claim in known,
        "back": f"/{kind}/{found.subject_id}",
        "invented": found.source.invented,
    }
    return render(request, "prefer.html", context, status=400 if did else 200)


def _preferred(desk: Desk, claim: str, did: str, form: PreferForm) -> bool:
    """Do what the page asks; whether it was done: otherwise the form says why not."""
    if did != "undo" and not form.is_valid():
        return False
    try:
        if did == "undo":
            preferring.undo(desk, claim)
        else:
            preferring.prefer(desk, claim, form.cleaned_data["because"])
    except CorroborateError as refused:
        form.refuse(refused)
        return False
    return True


def _corrected(desk: Desk, claim: str, did: str, form: CorrectionForm) -> correcting.Corrected | None:
    """Do what the page asks; None where it was refused, and the form says why."""
    if did != "undo" and not form.is_valid():
        return None
    try:
        if did == "undo":
            return correcting.undo(desk, claim)
        return correcting.correct(desk, claim, form.cleaned_data["to"], form.cleaned_data["because"])
    except CorroborateError as refused:
        form.refuse(refused)
        return None


def _releases_with(desk: Desk, records: Sequence[str], language: str) -> list[tuple[summaries.Summary, str, bool]]:
    """Releases that carried some records, to whom, and whether their receiver waits to be told."""
    if not desk.may("release.read"):
        return []
    told = Words(language, "release")
    return [
        (one, wording.receiver(told, one.audience, one.body), "waits" in one.recalls)
        for one in summaries.that_carried(desk, records, language)
    ]


@login_required
def act(request: HttpRequest, entity: str) -> HttpResponse:
    """Who did what to whom, when, where; claims for and against."""
    found = get_object_or_404(queries.entities_seen(request.user, "act"), id=entity)
    groups = grouped(list(queries.claims_about(request.user, found.id)), {})
    parts = involved(request.user, found.id)
    every = [claim for _, rows in groups for claim in rows] + [claim for one in parts for claim in one.said]
    words = Words(language_of(request), "people")
    stands = [claim for _, rows in groups for claim in rows if claim.value and not claim.superseded]
    context = {
        "entity": found,
        "title": titles.of(titles.in_order(stands), words) if stands else "",
        "parts": [one for one in parts if one.person is not None],
        "groups": groups,
        "w": words,
        **titles.names(request.user, every),
        "numbers": numbered(every),
        "conflicts": conflicts(groups),
        "has_perpetrator": any(name.startswith("perpetrator") for name, _ in groups),
        "places": codings.places_of(request.user, [one.id for one in every]),
        "invented": any(claim.source.invented for claim in every),
        **corrections(request, groups),
    }
    return render(request, "act.html", context)


_CASE_ACTS: dict[str, Callable[[Desk, dict[str, Any]], object]] = {
    "new": lambda desk, given: cases.begin(desk, given["name"]),
    "close": lambda desk, given: cases.close(desk, given["case"]),
    "reopen": lambda desk, given: cases.close(desk, given["case"], again=True),
    "file": lambda desk, given: cases.add(desk, given["case"], given["source"].split()),
    "take-out": lambda desk, given: cases.take_out(desk, given["case"], given["source"].split()),
}


def cases_(request: HttpRequest) -> HttpResponse:
    """Cases that the reader may see; who keeps them opens, fills and closes them."""
    desk, words, did = desk_of(request), Words(language_of(request), "people"), pressed(request)
    if desk.vault.hub:
        raise Http404
    opening, form = NewCaseForm(words, request.POST if did == "new" else None), None
    if request.method == "POST":
        form = opening if did == "new" else CaseForm(words, request.POST)
        if (back := _case_act(desk, did, form)) is not None:
            known = queries.cases_seen(request.user).filter(id=back).exists()
            return HttpResponseRedirect(f"/cases/{back}" if known else "/cases")
    rows = [(one, queries.filed_in(request.user, one.id).count()) for one in queries.cases_seen(request.user)]
    seen(request, [one.id for one, _ in rows])
    context = {
        "words": words,
        "rows": rows,
        "opening": opening,
        "may_keep": desk.may("case.keep"),
        "stray": form if form is not opening else None,
        "invented": queries.invented(request.user),
    }
    return render(request, "cases.html", context, status=400 if form is not None else 200)


def _case_act(desk: Desk, did: str, form: NewCaseForm | CaseForm) -> str | None:
    """Do what a form of cases asks; the case it was about, empty for a new one. None where it was refused."""
    if not form.is_valid():
        return None
    try:
        if did not in _CASE_ACTS:
            raise InvalidValue("this page has no such act; load it again")
        _CASE_ACTS[did](desk, form.cleaned_data)
    except CorroborateError as refused:
        form.refuse(refused)
        return None
    return str(form.cleaned_data.get("case", ""))


def case(request: HttpRequest, case: str) -> HttpResponse:
    """The sources of one case."""
    found = get_object_or_404(queries.cases_seen(request.user), id=case)
    desk, words = desk_of(request), Words(language_of(request), "people")
    page = Paginator(queries.filed_in(request.user, found.id), PAGE).get_page(request.GET.get("page"))
    courts = proceedings.in_case(request.user, found.id)
    seen(request, [*(one.id for one in page), *(id_ for row in courts for id_ in row.records)])
    form = CaseForm(words, initial={"case": found.id})
    context = {
        "words": words,
        "case": found,
        "proceedings": [proceedings.listed(row, words.language) for row in courts],
        "page": page,
        "form": form,
        "may_keep": desk.may("case.keep"),
        "invented": any(one.invented for one in page),
    }
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
        return render(request, "withdraw.html", context | {"error": error}, status=400)
    shown = actions.as_seen(desk, done)
    carried = _releases_with(desk, done.records, words.language)
    return render(request, "withdraw.html", context | {"done": shown, "carried": carried})


@login_required
def source(request: HttpRequest, entity: str) -> HttpResponse:
    """A source: what it derives from, what it allows, what stands on it."""
    found = get_object_or_404(queries.sources_seen(request.user), id=entity)
    before = queries.sources_seen(request.user).filter(id__in=found.derives_from)
    given = found.consents.order_by("id") if found.withdrawn is None else []  # words in it are erased, or should be
    consents = [rows.consent(row) for row in given]
    words = Words(language_of(request), "core")
    today = desk_of(request).at.date()
    allowed = queries.allowed(deadlines.while_kept(consents), today)
    headings = [words[f"audience_{one}"] for one in AUDIENCES]
    matrix = [
        (
            words[f"use_{use}"],
            [(heading, use in allowed[one]) for one, heading in zip(AUDIENCES, headings, strict=True)],
        )
        for use in USES
    ]
    claims = Paginator(queries.claims_of(request.user, found.id), PAGE).get_page(request.GET.get("page"))
    told = _by_subject(list(claims))
    passages = Paginator(documents.passages_seen(request.user, found.id), PAGE).get_page(request.GET.get("passages"))
    desk = desk_of(request)
    return render(
        request,
        "source.html",
        {
            "passages": passages,
            "coded": codings.shown(request.user, list(passages)),
            "may_code": desk.may("passage.code"),
            "files": documents.files_seen(request.user, found.id),
            "w": Words(language_of(request), "people"),
            "source": found,
            "from_member": queries.from_members([found.id]).get(found.id),
            "before": before,
            "matrix": matrix,
            "page": claims,
            "told": told,
            **titles.names(request.user, list(claims), [one.subject for one in consents]),
            "open_remarks": remarks.number_open(request.user, [found.id]),
            "entries": entering.entries_seen(request.user, found.id),
            "may_enter": desk.may("record.enter"),
            "consents": [consenting.shown(one, words) for one in queries.consents_seen(request.user, consents)],
            "audiences": headings,
            "invented": found.invented,
            "cases": queries.cases_of_source(request.user, found.id),
            "may_withdraw": desk.may("source.withdraw"),
        },
    )


def _by_subject(claims: Sequence[Any]) -> list[tuple[str, list[Any]]]:
    """What a source says, by whom or what it says it of, in the order in which that was recorded."""
    found: dict[str, list[Any]] = {}
    for one in claims:
        found.setdefault(one.subject_id, []).append(one)
    return list(found.items())


def take_back(request: HttpRequest, entity: str, entry: str) -> HttpResponse:
    """Take back what was recorded of a source by hand, whole or in part, or put it back. What goes is shown first; what
    was taken back stays to be read."""
    found = get_object_or_404(queries.sources_seen(request.user), id=entity)
    row = next((one for one in entering.entries_seen(request.user, entity) if one.id == entry), None)
    if row is None:
        raise Http404
    words, did = Words(language_of(request), "people"), pressed(request)
    form = TakeBackEntryForm(words, request.POST if request.method == "POST" else None)
    asked = AskedPartForm(request.GET)
    part = asked.cleaned_data["part"] if asked.is_valid() else ""
    going: entering.Going | None = None
    try:
        if form.is_bound and form.is_valid():
            change = entering.put_back if did == "put-back" else entering.take_back
            change(desk_of(request), entry, form.cleaned_data["part"])
            return HttpResponseRedirect(f"/sources/{entity}/entries/{entry}#done")
        going = entering.would_go(request.user, row, "" if part == "all" else part) if part else None
    except CorroborateError as refused:
        form.refuse(refused)
    parts, gone = entering.current_parts(request.user, row), entering.taken_parts(request.user, row)
    told = [*parts.items(), *gone.items()]
    context = {
        "words": words,
        "source": found,
        "entry": row,
        "parts": [(id_, made, titles.of(made, words)) for id_, made in parts.items()],
        "gone": [(id_, made, titles.of(made, words)) for id_, made in gone.items()],
        "going": going,
        "part": "" if part == "all" else part,
        "form": form,
        "invented": found.invented,
        **titles.names(request.user, [one for _, made in told for one in made]),
    }
    return render(request, "take_back.html", context, status=400 if form.errors else 200)
