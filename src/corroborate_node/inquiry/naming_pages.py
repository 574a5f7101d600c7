"""The page on which two people decide who is named as said to have done something, and to whom."""

from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from corroborate.errors import CorroborateError
from corroborate_node.core.desk import Desk
from corroborate_node.core.forms import pressed
from corroborate_node.core.gate import desk_of, seen
from corroborate_node.core.rooms import invented
from corroborate_node.core.wording import Words, language_of
from corroborate_node.inquiry import naming
from corroborate_node.inquiry.forms import AskedWhoForm, NamingForm, SetAsideForm


def decisions(request: HttpRequest) -> HttpResponse:
    """Every decision, what waits first; and a form for another."""
    desk = desk_of(request)
    if desk.vault.hub or not desk.may("identity.read"):
        raise Http404
    words, did = Words(language_of(request), "inquiry"), pressed(request)
    asked = AskedWhoForm(request.GET)
    who = asked.cleaned_data["who"] if asked.is_valid() else ""
    form = NamingForm(words, request.POST if did == "decide" else None, initial={"who": who})
    chosen = SetAsideForm(words, request.POST if did in ("confirm", "take-back") else None)
    if did and _done(desk, did, form, chosen):
        return HttpResponseRedirect("/naming")
    listed = naming.listed(request.user, datetime.now(UTC).date())
    seen(request, ["naming", *(one.row.who_id for one in listed)])
    context: dict[str, Any] = {
        "words": words,
        "listed": listed,
        "form": form,
        "may_decide": desk.may("naming.decide"),
        "me": desk.by,
        "invented": invented(request.user),
    }
    return render(request, "inquiry/naming.html", context, status=400 if did else 200)


def _done(desk: Desk, did: str, form: NamingForm, chosen: SetAsideForm) -> bool:
    """Do what the page asks; whether it was done: otherwise a form says why not."""
    sent = form if did == "decide" else chosen
    if not sent.is_valid():
        return False
    given = sent.cleaned_data
    try:
        if did == "decide":
            naming.decide(desk, **given)
        elif did == "confirm":
            naming.confirm(desk, given["id"])
        else:
            naming.take_back(desk, given["id"])
    except CorroborateError as refused:
        form.refuse(refused)
        return False
    return True
