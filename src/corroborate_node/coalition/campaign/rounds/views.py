"""The page of a round, its letters as files, and deliveries of answers."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from corroborate.coalition import invitations, lifecycle, memberships, sign_ons, statements
from corroborate.coalition.countries import country_name
from corroborate.coalition.paper_letter import paper_letter
from corroborate.errors import CorroborateError, InvalidValue
from corroborate.figures.fonts import folder as fonts
from corroborate.vocabulary.order import in_reading_order
from corroborate_node.coalition.campaign import actions, forms, mailing, queries
from corroborate_node.coalition.campaign.pages import as_file, drawn, hub_only, state_of, the_time, words_of
from corroborate_node.coalition.campaign.rounds import deliveries, lines
from corroborate_node.core import opened
from corroborate_node.core.forms import pressed
from corroborate_node.core.gate import desk_of
from corroborate_node.core.wording import language_of


@hub_only
def round_(request: HttpRequest, name: str) -> HttpResponse:
    """Who was asked, who opened, who answered what, and what is missing."""
    state, register = state_of(request, name)
    if state.phase == "draft":
        return HttpResponseRedirect(f"/statements/{name}")
    everybody = lines.lines(request.user, state, register, the_time().date())
    language = language_of(request)
    form = forms.LinesForm(words_of(request), _countries(everybody, language), request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    shown, country = asked.get("show") or "all", asked.get("country", "")
    chosen = [one for one in everybody if one.within(shown) and country in ("", one.details.country)]
    page = Paginator(chosen, queries.PAGE).get_page(request.GET.get("page"))
    counts = lines.counted(everybody)
    return drawn(
        request,
        "round",
        {
            "name": name,
            "title": invitations.title_of(state),
            "state": state,
            "current": state.round.current,
            "page": page,
            "rows": page.object_list,
            "shown": shown,
            "country": country,
            "register": register,
            "counts": [(key, many) for key, many in counts.items()],
            "missing": counts.get("missing", 0),
            "total": len(everybody),
            "approvals": lines.approvals(everybody),
            "form": form,
            "answered": sum(one.response.state in ("signed", "abstains", "withdrawn") for one in everybody),
            "seen": sum(one.opened is not None for one in everybody),
            **_post(request, name, state, register),
            "more": f"&show={shown}&country={country}",
        },
    )


def _countries(everybody: tuple[lines.Line, ...], language: str) -> list[tuple[str, str]]:
    codes = {one.details.country for one in everybody if one.details.country}
    return in_reading_order(((code, country_name(code, language)) for code in codes), language)


def _post(
    request: HttpRequest, name: str, state: lifecycle.Statement, register: memberships.Register
) -> dict[str, Any]:
    """What the buttons of the page need: the mail server, whether its password is asked for, how many would get a
    letter today."""
    if state.phase != "open" or not desk_of(request).may("reminder.send"):
        return {}
    try:
        server = mailing.Server.read(opened.current().folder)
    except InvalidValue as wrong:
        return {"mail_wrong": wrong}
    sent = mailing.sent_today(name, the_time())
    silent = mailing.awaited(state, register, the_time())
    due = [one for one in silent if one not in sent and mailing.address_of(register[one].details.contact)]
    account = server.user if server is not None and server.user and not mailing.kept_password() else ""
    return {"server": server, "due": len(due), "mail_form": forms.MailForm(words_of(request), account)}


@hub_only
@require_POST
def letters_file(request: HttpRequest, name: str) -> HttpResponse:
    """A ZIP of letters, requests and sheets: of those who are missing, or of everybody."""
    state_of(request, name)
    everybody = pressed(request) == "everybody"
    try:
        content = deliveries.download(desk_of(request), name, everybody=everybody, language=language_of(request))
    except CorroborateError as error:
        return drawn(request, "refused", {}, error)
    return as_file(content, "application/zip", f"{invitations.file_name(name)}.letters.zip")


@hub_only
def sheet(request: HttpRequest, name: str, label: str) -> HttpResponse:
    """The sheet on which one member answers by hand: for the secretariat, and for whoever acts for that member."""
    state, register = state_of(request, name)
    mine = queries.represented(request.user)
    if label not in register.members or not (desk_of(request).may("statement.carry") or mine == label):
        raise Http404
    details, hub = register[label].details, opened.current().name
    try:
        content = paper_letter(state, details, hub, fonts(), otherwise=language_of(request))
    except CorroborateError as error:
        return drawn(request, "refused", {}, error)
    return as_file(content, "application/pdf", f"{invitations.file_name(name)}.{state.round.current.number}.pdf")


@hub_only
def hand_in(request: HttpRequest) -> HttpResponse:
    """Take signed answers in: files, files of several answers, or ZIP files of them."""
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form, desk = forms.AnswersForm(words_of(request), *given), desk_of(request)
    if form.is_valid():
        try:
            actions.take_in(desk, actions.unpack(form.cleaned_data["answers"]))
        except CorroborateError as refused:
            form.refuse(refused)
        else:
            return _delivery(request, deliveries.deliveries(desk)[0], form)
    return drawn(request, "hand-in", {"form": form, "deliveries": deliveries.deliveries(desk)}, sent=form)


@hub_only
def delivery(request: HttpRequest, id_: str) -> HttpResponse:
    """What one delivery did, and its undoing."""
    desk = desk_of(request)
    try:
        found = deliveries.delivery(desk, id_)
    except InvalidValue:
        raise Http404 from None
    if request.method == "POST":
        try:
            done = deliveries.undo(desk, id_)
        except CorroborateError as error:
            return _delivery(request, found, forms.AnswersForm(words_of(request)), error=error)
        return _delivery(request, deliveries.delivery(desk, id_), forms.AnswersForm(words_of(request)), undone=done)
    return _delivery(request, found, forms.AnswersForm(words_of(request)))


def _delivery(
    request: HttpRequest,
    found: deliveries.Delivery,
    form: forms.AnswersForm,
    *,
    error: CorroborateError | None = None,
    undone: tuple[actions.Outcome, ...] = (),
) -> HttpResponse:
    register, desk = queries.register(), desk_of(request)
    shown = [
        (one, register.members[one.member].details.name if one.member in register.members else "")
        for one in found.outcomes
    ]
    shown.sort(key=lambda pair: not pair[0].refused)
    return drawn(
        request,
        "hand-in",
        {
            "outcomes": shown[:500],
            "total": len(shown),
            "taken": found.counted,
            "refused": sum(bool(one.refused) for one, _ in shown),
            "form": form,
            "delivery": found,
            "may_undo": found.by == desk.by and not found.undone and any(one.fresh for one in found.outcomes),
            "kept": [(one, register[one.member].details.name) for one in undone if one.refused],
        },
        error,
    )


@hub_only
def beside(request: HttpRequest, name: str) -> HttpResponse:
    """A translation beside the original: what changed in the original since, and in the translation itself."""
    state, register = state_of(request, name)
    asked = request.GET.get("language", "")
    of_language = [one for one in state.translations if one.language == asked]
    if not of_language:
        raise Http404
    one, current = of_language[-1], state.round.current
    rendered = next((each for each in state.round.versions if each.digest == one.of), current)
    before = statements.difference(of_language[-2].text.decode(), one.text.decode()) if len(of_language) > 1 else ()
    initial = {"language": one.language, "translator": one.translator, "text": one.text.decode()}
    return drawn(
        request,
        "beside",
        {
            "name": name,
            "title": invitations.title_of(state),
            "current": current,
            "one": one,
            "body": one.text.decode(),
            "stale": state.stale(one),
            "pieces": statements.difference(rendered.text.decode(), current.text.decode()),
            "before": before,
            "register": register,
            "address": f"/statements/{name}",
            "form": forms.TranslateForm(words_of(request), initial=initial),
        },
    )


@hub_only
def sheet_of_all(request: HttpRequest, name: str) -> HttpResponse:
    """Who spoke, as a sheet like those that forms write."""
    state, register = state_of(request, name)
    spoken = [(one, register[label].details) for label, one in state.round.words().items()]
    content = sign_ons.write_sign_ons(spoken, state.round)
    return as_file(content, "text/csv; charset=utf-8", f"{invitations.file_name(name)}.csv")
