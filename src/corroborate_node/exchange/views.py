"""Pages of what other members sent: what waits, what did not come, who has answered what we took back."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html

from corroborate.errors import CorroborateError, InvalidValue
from corroborate_node.core.forms import pressed
from corroborate_node.core.gate import desk_of
from corroborate_node.core.queries import PAGE, may
from corroborate_node.core.wording import Words, language_of
from corroborate_node.exchange import inbox, pairs, recalls
from corroborate_node.exchange.forms import TICKED, AcceptForm
from corroborate_node.records import queries

_MANY = 200  # recalls that are listed


def _words(request: HttpRequest) -> Words:
    return Words(language_of(request), "exchange")


@login_required
def received(request: HttpRequest) -> HttpResponse:
    """What members sent, the newest first; what is missing between us, and what we took back."""
    user = request.user
    page = Paginator(inbox.parcels(user), PAGE).get_page(request.GET.get("page"))
    missing = {one: pairs.ranges(numbers) for one, numbers in pairs.missing().items()}
    told = list(recalls.board(user)[:_MANY])
    here = {"page": page, "missing": missing, "told": told, "untold": recalls.untold(user)}
    return render(request, "exchange/received.html", here)


@login_required
def one(request: HttpRequest, bundle: str) -> HttpResponse:
    """One of them, before it is decided on: source by source, about whom, and what we may do with it."""
    words, desk = _words(request), desk_of(request)
    try:
        row = inbox.parcel(desk, bundle)
    except InvalidValue:
        raise Http404 from None
    page = Paginator(inbox.offers(desk, row), PAGE).get_page(request.GET.get("page"))
    form = _form(request, words, row, page) if row.state == inbox.WAITING and desk.may("record.receive") else None
    error: CorroborateError | None = None
    if request.method == "POST" and form is not None:
        try:
            if pressed(request) == "decline":
                inbox.decline(desk, row.bundle)
                return redirect("/received")
            if form.is_valid():
                return redirect(f"/imports/taken/{inbox.accept(desk, row.bundle, _only(form), _case(form)).number}")
        except CorroborateError as refused:
            error = refused
    here = {
        "row": row,
        "page": page,
        "form": form,
        "error": error,
        "rows": [_shown(each, words) for each in page],
        "hidden": not may(request.user, "identity.read"),
    }
    return render(request, "exchange/one.html", here, status=400 if error or (form and form.errors) else 200)


def _form(request: HttpRequest, words: Words, row: Any, page: Any) -> AcceptForm:
    sources = [(each.source, format_html('<span lang="und">{}</span>', _label(each))) for each in page]
    kinds = sorted(inbox.offers(request.user, row).order_by().values_list("kind", flat=True).distinct())
    cases = [(each.id, each.name) for each in queries.cases_seen(request.user).filter(closed=None)]
    if request.method == "POST" and pressed(request) == "accept":
        return AcceptForm(words, sources, kinds, cases, request.POST)
    return AcceptForm(words, sources, kinds, cases)


def _label(offer: Any) -> str:
    who = ", ".join(name or id_ for id_, name in offer.people)
    return " · ".join(one for one in (who, offer.called) if one) or str(offer.source)


def _only(form: AcceptForm) -> inbox.Only:
    given = form.cleaned_data
    sources = frozenset(given["sources"]) if given["take"] == TICKED else None
    return inbox.Only(sources, kinds=frozenset(given["kinds"]) if given.get("kinds") else None)


def _case(form: AcceptForm) -> list[str]:
    return [form.cleaned_data["case"]] if form.cleaned_data.get("case") else []


def _shown(offer: Any, words: Words) -> dict[str, Any]:
    """An offer, with what may be done with it, each reach in the reader's words."""
    core = Words(words.language, "core")
    may_ = [
        (core[f"audience_{reach}"], ", ".join(core[f"use_{use}"] for use in offer.may.get(reach, ())))
        for reach in inbox.REACHES
    ]
    return {"offer": offer, "label": _label(offer), "kind": words[f"kind_{offer.kind}"], "may": may_}
