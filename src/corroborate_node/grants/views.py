"""Pages of grants for members: who outside may read what, what they read and asked; a new one, its link, its end."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from corroborate.errors import CorroborateError, InvalidValue
from corroborate_node.core.configuration import on_this_machine
from corroborate_node.core.desk import Desk
from corroborate_node.core.forms import pressed
from corroborate_node.core.gate import desk_of, seen
from corroborate_node.core.queries import PAGE, limited
from corroborate_node.core.wording import Words, language_of
from corroborate_node.grants import granting, queries
from corroborate_node.grants.forms import WITHOUT, AnswerForm, GrantForm
from corroborate_node.grants.pages import OPENS
from corroborate_node.records import queries as records
from corroborate_node.release import making, named, wording


def _words(request: HttpRequest) -> Words:
    return Words(language_of(request), queries.ROOM)


def _row(request: HttpRequest, number: int) -> Any:
    try:
        return granting.seen(desk_of(request), number)
    except InvalidValue as error:
        raise Http404 from error


def grants(request: HttpRequest) -> HttpResponse:
    """Every grant, the newest first."""
    desk, words = desk_of(request), _words(request)
    page = Paginator(list(granting.all_grants(desk)), PAGE).get_page(request.GET.get("page"))
    rows = [(one, words[f"state_{queries.state_at_a_glance(desk, one)}"]) for one in page.object_list]
    seen(request, [f"grant/{one.number}" for one in page.object_list])
    return render(request, "grants/grants.html", {"words": words, "page": page, "rows": rows})


def new(request: HttpRequest) -> HttpResponse:
    """A new grant: what would be seen is shown before it is made."""
    desk, words = desk_of(request), _words(request)
    cases = list(records.cases_seen(desk).values_list("id", "name"))
    form = GrantForm(
        words,
        request.POST if request.method == "POST" else None,
        cases=cases,
        whole=not limited(desk),
        initial={"begins": desk.at.date()},
    )
    context: dict[str, Any] = {"words": words, "form": form, "invented": False}
    if form.is_valid():
        try:
            asked = _asked(form.cleaned_data)
            if pressed(request) == "make":
                return HttpResponseRedirect(f"/grants/{granting.make_of(desk, asked, *_to(form.cleaned_data))}")
            context |= _previewed(request, desk, asked)
        except CorroborateError as error:
            form.refuse(error)
    return render(request, "grants/new.html", context, status=400 if form.errors else 200)


def _asked(given: Mapping[str, Any]) -> making.Asked:
    return making.Asked(
        "named body",
        given["institution"],
        case=given.get("case", ""),
        on=given["begins"],
        until=given["ends"],
        names=given["identities"] != WITHOUT,
    )


def _to(given: Mapping[str, Any]) -> tuple[Any, ...]:
    return given["reader"], given["purpose"], given["begins"], given["ends"], given["taking"]


def _previewed(request: HttpRequest, desk: Desk, asked: making.Asked) -> dict[str, Any]:
    shown = making.preview(desk, asked)
    told, words = shown.as_json(), Words(language_of(request), wording.ROOM)
    until = None if shown.release.until is None else shown.release.until.isoformat()
    going = named.going(desk, shown.release.items, words.language, shown.release.words_beside)
    return {
        "sentence": wording.sentence(words, asked.audience, asked.body, until, told),
        "parts": _parts(request, words, told, going),
        "second": shown.release.needs_second,
        "invented": shown.release.invented,
    }


def _parts(request: HttpRequest, words: Words, told: Mapping[str, Any], going: named.Going | None) -> dict[str, Any]:
    """What goes and what stays, as the page of a release shows it; the journal is told whom it named."""
    found: dict[str, Any] = {
        "words": words,
        "goes": wording.goes(words, told),
        "stays": wording.stays(words, told),
        "beside": wording.beside(words, told),
        "hidden": going is None and any(one["use"] in ("name", "whole") for one in told["goes"]),
    }
    if going is not None:
        people = Paginator(going.people, PAGE).get_page(request.GET.get("named"))
        seen(request, [*(one.person for one in people), *(one.file for one in going.files)])
        found |= {"named": going, "people": people}
    return found


def grant(request: HttpRequest, number: int) -> HttpResponse:
    """One grant: to whom, what is shown, what was seen and asked. It is revoked and answered here."""
    desk, words, row = desk_of(request), _words(request), _row(request, number)
    seen(request, [f"grant/{number}"])
    answering = AnswerForm(words, request.POST if pressed(request) == "answer" else None)
    error: CorroborateError | None = None
    try:
        if pressed(request) == "revoke":
            granting.revoke(desk, number)
            return HttpResponseRedirect(f"/grants/{number}")
        if answering.is_valid():
            granting.answer(desk, answering.cleaned_data["question"], answering.cleaned_data["text"])
            return HttpResponseRedirect(f"/grants/{number}#questions")
    except CorroborateError as refused:
        error = refused
    return _shown(request, desk, words, row, error, answering if answering.errors else None)


def _shown(
    request: HttpRequest,
    desk: Desk,
    words: Words,
    row: Any,
    error: CorroborateError | None = None,
    refused: AnswerForm | None = None,
    **more: Any,
) -> HttpResponse:
    state, why = queries.state_now(desk, row)
    of_release = Words(words.language, wording.ROOM)
    lines = Paginator(queries.seen_lines(desk, row), PAGE).get_page(request.GET.get("page"))
    asked = queries.questions(request.user, row)
    told, until = dict(row.release.told), row.until.isoformat()
    context = {
        "words": words,
        "row": row,
        "state": state,
        "state_said": words[f"state_{state}"],
        "why": why,
        "error": error,
        "sentence": wording.sentence(
            of_release, row.release.audience, row.release.body, until, told, taken_back=row.release.content is None
        ),
        "parts": _read_first(request, desk, row, of_release) if state == "waits" else None,
        "lines": [(one, words.get(f"seen_{one.what}", one.what)) for one in queries.as_seen(lines)],
        "page": lines,
        "questions": [(one, _answering(words, one.pk, refused)) for one in asked],
        "visits": list(row.visits.order_by("-id")[:20]),
        "may_confirm": granting.may_confirm(desk, row),
        "may_make": desk.may("grant.make"),
        "may_revoke": desk.may("grant.revoke") and state not in ("revoked",),
        "may_answer": desk.may("grant.answer") and row.erased is None,
        "confirm_at": f"/grants/{row.number}/confirm",
        "link_at": f"/grants/{row.number}/link",
        "invented": row.release.invented,
        **more,
    }
    return render(request, "grants/grant.html", context, status=400 if error or refused else 200)


def _read_first(request: HttpRequest, desk: Desk, row: Any, words: Words) -> dict[str, Any]:
    """What a second person reads before they say yes: all that would be seen."""
    going = named.of_release(desk, row.release.number, words.language)
    return _parts(request, words, dict(row.release.told), going)


def _answering(words: Words, question: int, refused: AnswerForm | None) -> AnswerForm:
    """The form below a question; the one that was sent and refused keeps what was typed."""
    if refused is not None and refused.data.get("question") == str(question):
        return refused
    return AnswerForm(words, initial={"question": str(question)}, auto_id=f"answer-{question}-%s")


def link(request: HttpRequest, number: int) -> HttpResponse:
    """The link and the word, shown once. Who had to give a passphrase again comes back to the grant."""
    desk, words, row = desk_of(request), _words(request), _row(request, number)
    if request.method != "POST":
        return HttpResponseRedirect(f"/grants/{number}")
    try:
        handed = granting.hand(desk, number)
    except CorroborateError as error:
        return _shown(request, desk, words, row, error)
    context = {
        "words": words,
        "row": row,
        "address": request.build_absolute_uri(OPENS + handed.secret),
        "here_alone": on_this_machine(request.get_host()),
        "word": handed.word,
        "days": granting.LINK_HOLDS.days,
    }
    return render(request, "grants/link.html", context)


def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """The second person's word. Who had to give a passphrase again comes back to the grant, and reads it again."""
    row = _row(request, number)
    if request.method == "POST":
        try:
            granting.confirm(desk_of(request), number)
        except CorroborateError as error:
            return _shown(request, desk_of(request), _words(request), row, error)
    return HttpResponseRedirect(f"/grants/{number}")
