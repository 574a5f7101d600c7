"""The page of the mailbox: for a member, what it sent and what waits for it; for the secretariat, sizes and times."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, cast

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from corroborate.errors import CorroborateError, NotAllowed
from corroborate_node.coalition.campaign.pages import hub_only
from corroborate_node.coalition.campaign.queries import choices_of_receivers, represented
from corroborate_node.coalition.mailbox import actions, forms, queries
from corroborate_node.core.desk import Desk
from corroborate_node.core.forms import pressed
from corroborate_node.core.gate import desk_of
from corroborate_node.core.queries import PAGE
from corroborate_node.core.wording import Words, language_of

_PRESSED: Mapping[str, Callable[[Desk, str], object]] = {"take": actions.take, "take-back": actions.take_back}


@hub_only
def mailbox(request: HttpRequest) -> HttpResponse:
    """What waits, what was sent, and a form to post."""
    desk, member = desk_of(request), represented(request.user)
    if member is not None:
        try:
            queries.member_of(desk)
        except NotAllowed as refused:  # what its member sends and is sent is told to nobody else either
            return render(
                request,
                "mailbox/mailbox.html",
                {"error": refused, "days": actions.KEPT.days, "closed": True},
                status=403,
            )
    words, did = Words(language_of(request), "coalition.mailbox"), pressed(request)
    members = [] if member is None else choices_of_receivers(member)
    given = (request.POST, request.FILES) if did == "post" else ()
    form = forms.PostForm(words, members, *given) if member is not None else None
    error: CorroborateError | None = None
    if request.method == "POST" and form is not None:
        try:
            if did == "post" and form.is_valid():
                _post(desk, form.cleaned_data["to"], form.cleaned_data["file"][1])
                return redirect("/mailbox")
            entry = forms.EntryForm(words, request.POST)
            if did in _PRESSED and entry.is_valid():
                _PRESSED[did](desk, entry.cleaned_data["entry"])
                return redirect("/mailbox")
        except CorroborateError as refused:
            form.refuse(refused)
            error = refused
    page = Paginator(queries.of_member(request.user, member or ""), PAGE).get_page(request.GET.get("page"))
    here: dict[str, Any] = {
        "form": form,
        "page": page,
        "rows": queries.lines(desk, member or "", page.object_list),
        "waiting": sorted(queries.waiting(request.user), key=lambda one: one.since),
        "days": actions.KEPT.days,
        "error": error if did != "post" else None,
    }
    wrong = error is not None or (form is not None and bool(form.errors))
    return render(request, "mailbox/mailbox.html", here, status=400 if wrong else 200)


def _post(desk: Desk, to: str, content: bytes) -> None:
    made = actions.post(desk, to, len(content), hashlib.sha256(content).hexdigest())
    start = queries.here(desk.vault, made)
    for begin in range(start, len(content), actions.PART):
        actions.fill(desk, made.id, begin, content[begin : begin + actions.PART])


@hub_only
def bundle(request: HttpRequest, id_: str) -> HttpResponse:
    """A bundle for one's own organisation, as a file."""
    desk = desk_of(request)
    try:
        file = actions.waits(desk, id_)
    except CorroborateError:
        raise Http404 from None
    kind = "application/octet-stream"
    made = FileResponse(file.open("rb"), as_attachment=True, filename=f"{id_}.age", content_type=kind)
    return cast(HttpResponse, made)  # it streams, which the guards around it do not look at
