"""Pages of the campaign: forms to acts, values to templates. What may be seen is decided in queries, what may be done
in actions, what follows in the library."""

import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from corroborate.coalition import decisions, final, invitations, lifecycle, memberships, requests, statements
from corroborate.coalition.countries import country_name
from corroborate.coalition.members import ListOfMembers, read_list
from corroborate.coalition.printed import statement_pdf
from corroborate.coalition.reading import TABLE, is_text, read_statement, statement_text
from corroborate.custody.enrolment import fingerprint_words
from corroborate.errors import CorroborateError, InvalidValue, NotAllowed
from corroborate.figures.fonts import folder as fonts
from corroborate.values import Digest, new_id
from corroborate_node.coalition import views as pages
from corroborate_node.coalition.campaign import actions, forms, mailing, queries
from corroborate_node.core import opened
from corroborate_node.core.access.middleware import client_address
from corroborate_node.core.desk import Desk
from corroborate_node.core.forms import Spoken, pressed
from corroborate_node.core.gate import desk_of
from corroborate_node.core.wording import Words, language_of
from corroborate_node.records import queries as handed

View = Callable[..., HttpResponse]


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _id(kind: str) -> str:
    return new_id(kind, milliseconds=int(datetime.now(UTC).timestamp() * 1000), randomness=secrets.token_bytes(10))


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], error: CorroborateError | None = None,
    sent: Spoken | None = None,
) -> HttpResponse:  # fmt: skip
    """A page. ``sent``: the form that was sent, where it was refused; one that the page does not show says so above."""
    language = language_of(request)
    mine = queries.represented(request.user)
    register = context.get("register")
    name = register.members[mine].details.name if mine and register is not None and mine in register.members else mine
    shown = [*context.get("forms", {}).values(), context.get("form")]
    refused = sent is not None and bool(sent.errors)
    more = {
        "words": Words(language), "page_lang": language, "as_role": desk_of(request).may("statement.comment"),
        "mine": mine, "mine_name": name, "office": desk_of(request).may("statement.carry"), "error": error,
        "stray": sent if refused and not any(sent is one for one in shown) else None,
    }  # fmt: skip
    return render(request, f"campaign/{template}.html", {**context, **more}, status=400 if error or refused else 200)


def _words(request: HttpRequest) -> Words:
    return Words(language_of(request))


def hub_only(view: View) -> View:
    """Pages that only a hub has."""

    @wraps(view)
    @login_required
    def inner(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        if not opened.current().hub:
            raise Http404
        return view(request, *arguments, **named)

    return inner


def _done(form: Spoken, act: Callable[[], object], field: str | None = None) -> bool:
    """Do what a form asks, where it can be read; whether it was done. The form keeps why not."""
    if not form.is_valid():
        return False
    try:
        act()
    except CorroborateError as error:
        form.refuse(error, field)
    return not form.errors


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@login_required
def today(request: HttpRequest) -> HttpResponse:
    """What waits at a hub, and what is new."""
    if request.method == "POST":
        actions.look(desk_of(request))
        return HttpResponseRedirect("/")
    seen = queries.seen_until(request.user)
    news = list(queries.notices(request.user).filter(id__gt=seen)[: queries.PAGE])
    return _page(request, "today", {
        "waiting": queries.waiting(request.user, _now()), "news": news, "register": queries.register(),
    })  # fmt: skip


# The register


@login_required
def members(request: HttpRequest) -> HttpResponse:
    """The register; on a vault, what it was given to show."""
    kept = handed.document(request.user, "members")
    given = kept is not None and request.method == "GET" and not queries.members(request.user).exists()
    if not opened.current().hub or (given and not desk_of(request).may("member.keep")):
        return pages.members(request)
    form = forms.AdmitForm(_words(request), request.POST if request.method == "POST" else None, auto_id="new-%s")
    if _done(form, lambda: _admit(request, form.cleaned_data)):
        return HttpResponseRedirect("/members")
    page = Paginator(queries.members(request.user), queries.PAGE).get_page(request.GET.get("page"))
    rows = [(row, queries.membership(row)) for row in page.object_list]
    context = {"page": page, "rows": rows, "form": form, "total": page.paginator.count, **_kept(kept)}
    return _page(request, "members", context, sent=form)


def _kept(document: Any) -> dict[str, Any]:
    """What the hub was given to show, below what it keeps itself."""
    return {} if document is None else {"body": document.body, "invented": document.invented}


def _admit(request: HttpRequest, given: dict[str, Any]) -> None:
    role = given["role"] or "member"
    actions.admit(desk_of(request), forms.details(given), role, given["joined"], founding=given["founding"])


@hub_only
def read_members(request: HttpRequest) -> HttpResponse:
    """Members from a published statement: read, shown, and taken in only once a person confirmed."""
    words = _words(request)
    if request.method == "POST" and pressed(request, "confirmed"):
        return _taken_in(request, words)
    chosen = pressed(request, "range") != ""
    given = (request.POST, request.FILES) if request.method == "POST" and not chosen else ()
    form, context = forms.ReadMembersForm(words, *given), dict[str, Any]()
    try:
        if chosen:
            text, first, last = forms.RangeForm(words, request.POST).asked
            context = _to_confirm(words, text, read_list(text, first=first, last=last))
        elif form.is_valid():
            name, content = form.cleaned_data["statement"]
            context = _to_confirm(words, *_read(content, name))
    except CorroborateError as error:
        form.refuse(error)
        context = _lines_alone(words, request, form)
    return _page(request, "read-members", {"form": form, "take": None, "rows": [], **context}, sent=form)


def _read(content: bytes, name: str) -> tuple[str, ListOfMembers]:
    """The text of a statement, empty where it is a sheet or a table, and whom it names."""
    found = read_statement(content, name)
    lines = is_text(content, name) and found.heading != TABLE
    return statement_text(content, name)[0] if lines else "", found


def _to_confirm(words: Words, text: str, found: ListOfMembers) -> dict[str, Any]:
    """Whom a statement names, each to be confirmed, and its lines, where a person may say that they begin elsewhere."""
    rows = [_found(words, at, one) for at, one in enumerate(found.members[: forms.MOST_FOUND])]
    take = forms.TakeForm(words, initial={"confirmed": "yes", "rows": len(rows)})
    return {"take": take, "rows": [(one, True) for one in rows], "found": found, **_lines(words, text, found)}


def _lines(words: Words, text: str, found: ListOfMembers) -> dict[str, Any]:
    if not text or len(text) > forms.LONGEST_STATEMENT:
        return {}
    lines = forms.RangeForm(words, initial={"text": text, "first": found.first or "", "last": found.last or ""})
    shown = [(number, line, found.first <= number <= found.last) for number, line in enumerate(lines.lines, 1)]
    return {"range": lines, "lines": [one for one in shown if one[1].strip()]}


def _lines_alone(words: Words, request: HttpRequest, form: forms.ReadMembersForm) -> dict[str, Any]:
    """The lines of a text in which no list was found: a person may know where it is."""
    sent = forms.RangeForm(words, request.POST)
    text = str(sent["text"].value() or "")
    if not text and form.cleaned_data.get("statement"):
        name, content = form.cleaned_data["statement"]
        try:
            text = statement_text(content, name)[0] if is_text(content, name) else ""
        except CorroborateError:
            return {}  # what cannot be opened has no lines, and the form says why
    return _lines(words, text.replace("\r\n", "\n"), ListOfMembers(()))


def _found(words: Words, at: int, one: Any) -> forms.FoundForm:
    keys = ("name", "kind", "country", "affiliation", "abbreviation", "flag")
    return forms.FoundForm(words, at, initial={key: getattr(one, key) or "" for key in keys})


def _taken_in(request: HttpRequest, words: Words) -> HttpResponse:
    """Take in what is ticked, or show it again as it was typed."""
    take = forms.TakeForm(words, request.POST)
    ticks = forms.TicksForm(request.POST)
    ticked = {int(one) for one in ticks.cleaned_data["take"]} if ticks.is_valid() else set()
    rows = [forms.FoundForm(words, at, request.POST) for at in sorted({*range(take.many), *ticked})]
    if _done(take, lambda: _admit_confirmed(request, take, [one for one in rows if one.number in ticked])):
        return HttpResponseRedirect("/members")
    shown = [(one, one.number in ticked) for one in rows]
    context = {"form": forms.ReadMembersForm(words), "take": take, "rows": shown, "forms": {"take": take}}
    return _page(request, "read-members", context, sent=take)


def _admit_confirmed(request: HttpRequest, take: forms.TakeForm, rows: Sequence[forms.FoundForm]) -> None:
    if not rows:
        raise InvalidValue("nothing is ticked")
    for one in rows:
        if not one.is_valid():
            wrong = "; ".join(f"{field.label}: {' '.join(errors)}" for field, errors in one.field_errors)
            raise InvalidValue("{number}: {wrong}", number=one.number + 1, wrong=wrong)
    joined, founding = take.cleaned_data["joined"], take.cleaned_data["founding"]
    taken = [
        (forms.details({**one.cleaned_data, "capacity": "personal"}), "member", joined, founding,
         one.cleaned_data["flag"])
        for one in rows
    ]  # fmt: skip
    actions.admit_all(desk_of(request), taken)


@hub_only
def member(request: HttpRequest, label: str) -> HttpResponse:
    """One member, and everything that stands under its name."""
    row = queries.members(request.user).filter(id=label).first()
    if row is None:
        raise Http404
    words, today_ = _words(request), _now().date()
    did = pressed(request)
    shown = _member_forms(request, words, queries.register()[label].details, did)
    sent = _sent(request, words, did, MEMBER_ACTS, shown)
    if sent is not None and _done(sent, lambda: _on_member(request, label, did, sent.cleaned_data)):
        return HttpResponseRedirect(request.path)
    register = queries.register()
    one = register[label]
    return _page(request, "member", {
        "one": one, "label": label, "key": one.key(today_), "coming": one.coming(today_),
        "keys": [(key, since, until, one.proof(key)) for key, since, until in reversed(one.keys)],
        "told": _key_letter(request, one),
        "may_refuse": desk_of(request).may("member.keep") or queries.represented(request.user) == label,
        "places": queries.places(label, today_),
        "history": queries.history(request.user, f"member/{label}"), "register": register,
        "contact": queries.contact_shown(request.user, label), "speaks": register.speaks_for(label),
        "country": country_name(one.details.country, language_of(request)) if one.details.country else "",
        "forms": shown, "did": did,
    }, sent=sent)  # fmt: skip


def _key_letter(request: HttpRequest, one: memberships.Membership) -> mailing.Letter | None:
    """The letter about a key that does not count yet, for whoever may send letters: where none went, it is copied."""
    if one.waiting(_now().date()) is None or not desk_of(request).may("reminder.send"):
        return None
    return mailing.key_letter(one, opened.current().name, _now(), language_of(request))


MEMBER_ACTS: dict[str, type[Spoken]] = {
    "correct": forms.DetailsForm, "key": forms.KeyForm, "heard": forms.HeardForm, "not-theirs": forms.Nothing,
    "end-key": forms.Nothing, "leave": forms.LeaveForm,
    "return": forms.Nothing, "clear": forms.FlagForm, "letter": forms.LetterForm, "steering": forms.SteeringForm,
}  # fmt: skip


def _member_forms(request: HttpRequest, words: Words, known: memberships.Details, did: str) -> dict[str, Spoken]:
    """The forms that a member's page shows; the one that was sent holds what was typed."""
    ids = {"correct": "correct-%s", "letter": "letter-%s", "leave": "leaving-%s", "steering": "steering-%s"}
    initial = {"correct": forms.DetailsForm.of(known)}
    made = {
        name: MEMBER_ACTS[name](
            words, *((request.POST, request.FILES) if did == name else ()),
            auto_id=ids.get(name, "%s"), initial=initial.get(name),
        )
        for name in ("correct", "key", "heard", "leave", "letter", "steering")
    }  # fmt: skip
    asking = forms.SignatoryForm(words, auto_id="ask-%s")
    return {**made, "stance": forms.StanceForm(words), "signatory": asking}


def _sent(
    request: HttpRequest, words: Words, did: str, acts: dict[str, type[Spoken]], shown: dict[str, Spoken]
) -> Spoken | None:
    """The form that was sent: one that the page shows, or a button that says all."""
    if request.method != "POST":
        return None
    if did in shown and did in acts:
        return shown[did]
    if did in acts:
        return acts[did](words, request.POST)
    form = forms.Nothing(words, request.POST)
    form.refuse(InvalidValue("nothing was asked for"))
    return form


def _on_member(request: HttpRequest, label: str, did: str, given: dict[str, Any]) -> None:
    desk = desk_of(request)
    if did == "key":
        actions.introduce_key(desk, label, given["proof"][1])
    elif did == "heard":
        actions.second_key(desk, label, given["heard"])
    elif did == "not-theirs":
        actions.refuse_key(desk, label)
    elif did == "letter":
        file, scan = given["scan"]
        person = memberships.Signatory(given["person"], given["person_role"], given["since"])
        second = actions.Second(given["second"], given["second_passphrase"], client_address(request))
        actions.name_by_letter(desk, label, person, scan, file, second)
    else:
        actions.on_register(desk, _of_member(desk, label, did, given))
    if did in ("key", "heard", "end-key"):
        mailing.tell_of_key(desk, label, language=language_of(request))


def _of_member(desk: Desk, label: str, did: str, given: dict[str, Any]) -> memberships.Event:
    """What a form says happens to a member."""
    today_ = _now().date()
    match did:
        case "correct":
            return memberships.Corrected(label, forms.details(given), today_)
        case "end-key":
            return memberships.KeyEnded(label, today_)
        case "leave":
            return memberships.Left(label, given["on"])
        case "return":
            return memberships.Returned(label, today_)
        case "clear":
            return memberships.FlagCleared(label, given["flag"], desk.by)
        case _:
            return memberships.Steering(label, given["since"], given["until"])


@hub_only
def stance_request(request: HttpRequest) -> HttpResponse:
    """A request to choose: with us, silent, apart."""
    form = forms.StanceForm(_words(request), request.GET)
    if not form.is_valid():
        raise Http404
    kind, subject = form.cleaned_data["on"], form.cleaned_data["subject"]
    try:
        one = requests.ask_stance(kind, subject, subject, opened.current().name)
        requests.Request.read(one.to_json())
    except CorroborateError:
        raise Http404 from None
    return _file(one.to_json(), "application/json", f"{invitations.file_name(subject)}.request")


@hub_only
def key_request(request: HttpRequest, label: str) -> HttpResponse:
    """A request to a member: is the key that waits its own? It opens in the member's vault, under Sign."""
    row = queries.members(request.user).filter(id=label).first()
    one = queries.register().members.get(label)
    key = None if row is None or one is None else one.waiting(_now().date())
    if one is None or key is None:
        raise Http404
    asked = requests.ask_key(key, one.details.name, opened.current().name)
    return _file(asked.to_json(), "application/json", f"{invitations.file_name(one.details.name)}.key.request")


@hub_only
def signatory_request(request: HttpRequest) -> HttpResponse:
    """A request to an organisation to name somebody who may sign for it."""
    form = forms.SignatoryForm(_words(request), request.GET)
    if not form.is_valid():
        return _page(request, "refused", {}, sent=form)
    name, role_ = form.cleaned_data["person"], form.cleaned_data["person_role"]
    try:
        statements.checked_name(name)
        one = requests.ask_signatory(name, role_, _now().date(), opened.current().name)
        requests.Request.read(one.to_json())
    except CorroborateError as error:
        return _page(request, "refused", {}, error)
    return _file(one.to_json(), "application/json", f"{invitations.file_name(name)}.request")


# Statements


def _state(request: HttpRequest, name: str) -> tuple[lifecycle.Statement, memberships.Register]:
    register = queries.register()
    may = queries.statements_listed(request.user).exists()
    found = queries.state_shown(name, register, _now().date()) if may else None
    if found is None:
        raise Http404
    return found, register


@login_required
def statements_(request: HttpRequest) -> HttpResponse:
    """All statements; on a vault, what it was given to show."""
    kept = handed.document(request.user, "statements")
    given = kept is not None and request.method == "GET" and not queries.statements_listed(request.user).exists()
    if not opened.current().hub or (given and not desk_of(request).may("statement.carry")):
        return pages.statements(request)
    form = forms.StatementForm(_words(request), request.POST if request.method == "POST" else None)
    if _done(form, lambda: _start(request, form.cleaned_data)):
        return HttpResponseRedirect(f"/statements/{form.cleaned_data['name']}")
    rows = list(queries.statements_listed(request.user))
    many = queries.counts(row.name for row in rows)
    context = {"rows": [(row, many.get(row.name, 0)) for row in rows], "form": form, **_kept(kept)}
    return _page(request, "statements", context, sent=form)


def _start(request: HttpRequest, given: dict[str, Any]) -> None:
    actions.start(desk_of(request), given["name"], statements.as_text(given["text"]), given["text_language"])


@hub_only
def statement(request: HttpRequest, name: str) -> HttpResponse:
    """One statement: text, round, comments, translations, quotes, final texts."""
    words, did = _words(request), pressed(request)
    state, register = _state(request, name)
    shown = _statement_forms(request, words, state, register, did)
    sent = _sent(request, words, did, STATEMENT_ACTS, shown)
    if sent is not None and _done(sent, lambda: _on_statement(request, state, did, sent)):
        return HttpResponseRedirect(request.path)
    mine = queries.represented(request.user)
    everybody = sorted(state.round.responses(), key=lambda one: (one.member != mine, not one.waits))
    many = Counter(one.state for one in everybody)
    counts = {key: many[key] for key in ("signed", "abstains", "lapsed", "withdrawn", "silent")}
    page = Paginator(everybody, queries.PAGE).get_page(request.GET.get("page"))
    responses = [(one, register[one.member].details, one.member == mine) for one in page.object_list]
    here = {one.member for one in page.object_list}
    said = {label: one.words for label, one in state.round.words().items() if one.words and label in here}
    scans = {one.member: one.paper.scan.hex for one in state.round.received
             if one.paper is not None and one.member in here}  # fmt: skip
    return _page(request, "statement", {
        "name": name, "state": state, "current": state.round.current, "text": state.round.current.text.decode(),
        "title": invitations.title_of(state), "responses": responses, "page": page,
        "counts": [(key, many) for key, many in counts.items() if many], "scans": scans, "register": register,
        "without": bool(state.round.without_key), "keyed": bool(state.round.members), "forms": shown, "did": did,
        "translations": [(one, one.text.decode(), state.stale(one),
                          [register[label].details.name for label in one.approved if one.official_for(label)])
                         for one in state.translations],
        "quotes": [(one, register[one.member].details.name) for one in state.quotes],
        "reminded": queries.history(request.user, f"statement/{name}").filter(what="Reminded"),
        "final": state.phase == "published", "said": said,
        "tongues_final": [state.round.current.language, *sorted({t.language for t in state.translations
                                                                 if not state.stale(t)})],
    }, sent=sent)  # fmt: skip


STATEMENT_ACTS: dict[str, type[Spoken]] = {
    "draft": forms.DraftForm, "comment": forms.CommentForm, "resolve": forms.ResolveForm, "open": forms.OpenForm,
    "extend": forms.ExtendForm, "close": forms.Nothing, "publish": forms.Nothing, "translate": forms.TranslateForm,
    "quote": forms.QuoteForm, "paper": forms.PaperForm, "confirm": forms.ConfirmPaperForm,
}  # fmt: skip


def _statement_forms(
    request: HttpRequest, words: Words, state: lifecycle.Statement, register: memberships.Register, did: str
) -> dict[str, Spoken]:
    """The forms that a statement's page shows; the one that was sent holds what was typed."""
    current = state.round.current

    def sent(name: str) -> tuple[Any, ...]:
        return (request.POST, request.FILES) if did == name else ()

    initial = {"draft": {"text": current.text.decode()}, "comment": {"version": current.number}}
    ids = {"translate": "translation-%s", "extend": "extend-%s"}
    made = {
        name: STATEMENT_ACTS[name](words, *sent(name), auto_id=ids.get(name, "%s"), initial=initial.get(name))
        for name in ("draft", "comment", "open", "extend", "translate")
    }
    quote = forms.QuoteForm(words, state.round.members, register, *sent("quote"), auto_id="quote-%s")
    paper = forms.PaperForm(words, state.round.without_key, register, *sent("paper"), auto_id="paper-%s")
    return {**made, "quote": quote, "paper": paper}


def _on_statement(request: HttpRequest, state: lifecycle.Statement, did: str, form: Spoken) -> None:
    desk, name, given = desk_of(request), state.round.current.statement, form.cleaned_data
    match did:
        case "comment":
            number = int(given["version"]) if given["version"].isdecimal() else state.round.current.number
            actions.comment(desk, name, lifecycle.Comment(_id("comment"), number, desk.by, given["comment"], _now()))
        case "paper":
            _on_paper(desk, name, form)
        case "confirm":
            actions.confirm_paper(desk, name, given["member"])
        case _:
            actions.on_statement(desk, name, _event(desk, state, did, form))


def _event(desk: Desk, state: lifecycle.Statement, did: str, form: Spoken) -> lifecycle.Event:
    """What a form says happens to a statement."""
    now, given, current = _now(), form.cleaned_data, state.round.current
    match did:
        case "draft":
            text = statements.as_text(given["text"])
            return lifecycle.Drafted(statements.Version(current.statement, current.number + 1, text, current.language))
        case "resolve":
            return lifecycle.Resolved(given["comment"], desk.by)
        case "open":
            grouping: lifecycle.Grouping = next(
                (one for one in lifecycle.GROUPINGS if one == given["grouping"]), "country"
            )
            return lifecycle.Opened(now, given["deadline"], given["embargo"], grouping)
        case "extend":
            return lifecycle.Extended(now, given["deadline"])
        case "close":
            return lifecycle.Closed(now)
        case "publish":
            return lifecycle.Published(now)
        case "translate":
            text = statements.as_text(given["text"])
            made = lifecycle.Translation(given["language"], text, given["translator"], current.digest, now)
            return lifecycle.Translated(made)
        case _:
            said = statements.as_text(given["words"]).decode().strip()
            quote = lifecycle.Quote(_member_of(form), given["spokesperson"], given["quote_role"], said)
            return lifecycle.Quoted(quote)


def _member_of(form: Spoken) -> str:
    return str(form.cleaned_data.get("member") or form.cleaned_data.get("member_name") or "")


def _on_paper(desk: Desk, name: str, form: Spoken) -> None:
    given = form.cleaned_data
    choice = next((one for one in statements.CHOICES if one == given["choice"]), None)
    if choice is None:
        raise NotAllowed("say what the letter says: nothing is signed by default")
    file, scan = given["scan"]
    signed = datetime.combine(given["signed"], datetime.min.time(), UTC)
    actions.record_paper(
        desk, name, _member_of(form), choice, signed, scan, file, digits=given["digits"], words=given["letter"]
    )


@hub_only
def compare(request: HttpRequest, name: str) -> HttpResponse:
    """Two versions as one text, what went and what came marked with words and not by colour alone."""
    state, _ = _state(request, name)
    versions = {one.number: one for one in state.round.versions}
    newest = max(versions)

    asked = forms.CompareForm(_words(request), sorted(versions), request.GET)
    given = asked.cleaned_data if asked.is_valid() else {}
    before, after = int(given.get("from") or max(1, newest - 1)), int(given.get("to") or newest)
    form = forms.CompareForm(_words(request), sorted(versions), initial={"from": before, "to": after})
    pieces = statements.difference(versions[before].text.decode(), versions[after].text.decode())
    return _page(request, "compare", {
        "name": name, "title": invitations.title_of(state), "form": form, "before": before,
        "after": after, "pieces": pieces, "old": versions[before].digest, "new": versions[after].digest,
    })  # fmt: skip


@hub_only
def statement_file(request: HttpRequest, name: str, kind: str) -> HttpResponse:
    """Files of a statement: requests, calendar, exact text, letters."""
    state, _ = _state(request, name)
    hub, base, current = opened.current().name, invitations.file_name(name), state.round.current
    try:
        if kind == "text":
            return _file(current.text, "text/plain; charset=utf-8", f"{base}.{current.number}.txt")
        if kind == "request":
            one = requests.ask_sign_on(current, hub, state.round.deadline)
            return _file(one.to_json(), "application/json", f"{base}.{current.number}.request")
        if kind == "calendar":
            content = invitations.calendar(state, _now(), language_of(request))
            return _file(content, "text/calendar; charset=utf-8", f"{base}.ics")
        if kind == "translation":
            found = state.translation(request.GET.get("language", ""))
            original = next((v for v in state.round.versions if found and v.digest == found.of), None)
            if found is not None and original is not None:
                one = requests.ask_translation(original, found, hub)
                return _file(one.to_json(), "application/json", f"{base}.{found.language}.request")
        if kind == "quote":
            quote = next((q for q in state.quotes if q.digest.hex == request.GET.get("digest")), None)
            if quote is not None:
                one = requests.ask_quote(name, quote, hub)
                return _file(one.to_json(), "application/json", f"{base}.quote.request")
        if kind == "letters":
            desk_of(request).require("reminder.send")
            return _letters(request, name)
    except CorroborateError as error:
        return _page(request, "refused", {}, error)
    raise Http404


def _letters(request: HttpRequest, name: str, results: Sequence[mailing.Result] = (),
             error: CorroborateError | None = None) -> HttpResponse:  # fmt: skip
    """The letters to copy, with the button that sends them where a mail server is configured."""
    state, register = _state(request, name)
    now = _now()
    server, sent = None, mailing.sent_today(name, now)
    made = mailing.letters(state, register, now, language_of(request))
    try:
        server = mailing.Server.read(opened.current().folder)
    except InvalidValue as wrong:
        error = error or wrong
    return _page(request, "letters", {
        "name": name, "title": invitations.title_of(state), "letters": made, "server": server, "results": results,
        "due": [one for one in made if one.address and one.member not in sent], "sent": sent,
        "form": _mail_form(request, server), "register": register,
    }, error)  # fmt: skip


def _mail_form(request: HttpRequest, server: mailing.Server | None) -> forms.MailForm:
    asked = server is not None and bool(server.user) and not mailing.kept_password()
    return forms.MailForm(_words(request), server.user if server is not None and asked else "")


@hub_only
@require_POST
def remind(request: HttpRequest, name: str) -> HttpResponse:
    """Send the letters that the page before has shown."""
    error: CorroborateError | None = None
    results: Sequence[mailing.Result] = ()
    try:
        form = forms.MailForm(_words(request), "", request.POST)
        password = form.cleaned_data["mail_password"] if form.is_valid() else ""
        results = mailing.remind(desk_of(request), name, password=password, language=language_of(request))
    except CorroborateError as refused:
        error = refused
    try:
        return _letters(request, name, results, error)
    except CorroborateError as refused:
        return _page(request, "refused", {}, error or refused)


@hub_only
def final_text(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """The final text, as a file that anybody can check."""
    wanted = request.GET.get("language", "")
    state, _ = _state(request, name)
    tongue = wanted or state.round.current.language
    try:
        page = actions.final_text(desk_of(request), name, wanted)
        base = invitations.file_name(f"{name}.{tongue}")
        if form == "html":
            return _file(final.statement_html(page), "text/html; charset=utf-8", f"{base}.html")
        if form == "txt":
            return _file(final.statement_text(page), "text/plain; charset=utf-8", f"{base}.txt")
        if form == "pdf":
            return _file(statement_pdf(page, fonts()), "application/pdf", f"{base}.pdf")
    except CorroborateError as error:
        return _page(request, "refused", {}, error)
    raise Http404


@hub_only
def scan(request: HttpRequest, digest: str) -> HttpResponse:
    """The sealed scan of a letter, for the secretariat, which compares it with the record."""
    if queries.scan(digest) is None:
        raise Http404
    content = actions.open_scan(desk_of(request), digest)
    return _file(content, "application/octet-stream", f"scan-{digest[:12]}")


@hub_only
def hand_in(request: HttpRequest) -> HttpResponse:
    """Take signed answers in."""
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form, outcomes = forms.AnswersForm(_words(request), *given), []
    if form.is_valid():
        try:
            outcomes = actions.take_in(desk_of(request), actions.unpack(form.cleaned_data["answers"]))
        except CorroborateError as refused:
            form.refuse(refused)
    register = queries.register()
    shown = [(one, register.members[one.member].details.name if one.member in register.members else "")
             for one in outcomes]  # fmt: skip
    shown.sort(key=lambda pair: not pair[0].refused)
    return _page(request, "hand-in", {
        "outcomes": shown[:500], "total": len(shown), "taken": sum(not one.refused for one, _ in shown),
        "refused": sum(bool(one.refused) for one, _ in shown), "form": form,
    }, sent=form)  # fmt: skip


# Decisions


@hub_only
def decisions_(request: HttpRequest) -> HttpResponse:
    """Questions put to members, and what came of each."""
    form = forms.ProposalForm(_words(request), request.POST if request.method == "POST" else None)
    if _done(form, lambda: _propose(request, form.cleaned_data)):
        return HttpResponseRedirect("/decisions")
    rows = [(row, decisions.result(queries.proposal(row), _now())) for row in queries.proposals(request.user)]
    return _page(request, "decisions", {"rows": rows, "form": form}, sent=form)


def _propose(request: HttpRequest, given: dict[str, Any]) -> None:
    now, register, kind = _now(), queries.register(), given["rule"]
    keys, without = register.asked(now.date())
    asked = [label for label in register.members if label in keys or label in without]
    if kind == "steering":
        asked = [label for label in asked if register[label].on_steering(now.date())]
    objections = given["objections"] or 0 if kind == "consensus" else 0
    rule = decisions.Rule(kind, objections, 1 if given["quorum"] is None else given["quorum"])
    text = statements.as_text(given["text"]).decode()
    one = decisions.Proposal(
        given["name"], given["title"], text, tuple(asked), rule, now, given["closes"], {},
        frozenset(label for label in asked if label in keys),
    )  # fmt: skip
    requests.Request.read(requests.ask_position(one, opened.current().name).to_json())  # a name that cannot be asked
    actions.propose(desk_of(request), one)


@hub_only
def decision(request: HttpRequest, id_: str) -> HttpResponse:
    """One question: who was asked, who said what, what follows."""
    row = queries.proposals(request.user).filter(id=id_).first()
    if row is None:
        raise Http404
    one, register = queries.proposal(row), queries.register()
    without = [(label, register[label].details.name) for label in one.asked if label not in one.by_key]
    form = forms.HearForm(_words(request), without, request.POST if request.method == "POST" else None)
    if _done(form, lambda: _hear(request, id_, form.cleaned_data)):
        return HttpResponseRedirect(request.path)
    row.refresh_from_db()
    one = queries.proposal(row)
    said = [(label, register[label].details.name, one.said.get(label)) for label in one.asked]
    return _page(request, "decision", {
        "one": one, "said": said, "result": decisions.result(one, _now()), "register": register, "without": without,
        "form": form,
    }, sent=form)  # fmt: skip


def _hear(request: HttpRequest, id_: str, given: dict[str, Any]) -> None:
    position = next((one for one in decisions.POSITIONS if one == given["position"]), None)
    if position is None:
        raise NotAllowed("say which position was taken: nobody has one by default")
    by = request.user.get_username()
    said = decisions.Said(given["member"], position, given["reason"], _now(), recorded_by=by)
    actions.hear(desk_of(request), id_, said)


@hub_only
def decision_file(request: HttpRequest, id_: str, kind: str) -> HttpResponse:
    """Minutes, and the request to take a position."""
    row = queries.proposals(request.user).filter(id=id_).first()
    if row is None:
        raise Http404
    one, register, base = queries.proposal(row), queries.register(), invitations.file_name(id_)
    names = {label: register[label].details.name for label in one.asked}
    if kind == "request":
        content = requests.ask_position(one, opened.current().name).to_json()
        return _file(content, "application/json", f"{base}.request")
    if kind == "txt":
        return _file(decisions.minutes_text(one, names, _now()).encode(), "text/plain; charset=utf-8", f"{base}.txt")
    if kind == "html":
        return _file(decisions.minutes_html(one, names, _now()).encode(), "text/html; charset=utf-8", f"{base}.html")
    raise Http404


# On a member's own vault


@login_required
def sign(request: HttpRequest) -> HttpResponse:
    """Answer a hub's request with this member's own key. Only on the member's own vault."""
    vault = opened.current()
    if vault.hub:
        raise Http404
    words = _words(request)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    opening = forms.RequestForm(words, *given)
    form, asked = None, None
    if opening.is_valid():
        content = opening.cleaned_data["content"]
        chose = bool(pressed(request, "sign") or pressed(request, "choice"))
        try:
            asked = requests.Request.read(content)
            form = forms.AnswerForm(words, asked, request.POST if chose else None, initial={"kept": content.decode()})
            if chose and form.is_valid():
                return _signed(request, asked, form.cleaned_data)
        except CorroborateError as refused:
            (form or opening).refuse(refused)
    return _page(request, "sign", {
        "asked": asked, "form": form or opening, "key": vault.signer.verifier(),
        "spoken": " ".join(fingerprint_words(vault.signer.verifier())),
        "digest": asked.digest if asked else None,
        "original_digest": Digest.of(asked.original.encode()) if asked and asked.original else None,
    }, sent=form or opening)  # fmt: skip


@login_required
def our_key(request: HttpRequest) -> HttpResponse:
    """This vault's own key, as the file by which a hub records it."""
    if opened.current().hub:
        raise Http404
    name = invitations.file_name(opened.current().name)
    return _file(actions.offer_key(desk_of(request)), "text/plain; charset=utf-8", f"{name}.enrolment")


def _signed(request: HttpRequest, asked: requests.Request, given: dict[str, Any]) -> HttpResponse:
    note = actions.sign_answer(desk_of(request), asked, given["choice"], given.get("reason", ""))
    about = next(iter(asked.fields.values()), "answer")
    return _file(note, "text/plain; charset=utf-8", f"{invitations.file_name(about)}.{asked.kind}.signed")


def too_large(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to a form that is larger than this node takes, and to any other request that cannot be read."""
    limit = statements.LARGEST_TEXT
    text = f"This could not be read. A form takes 1 MB, and a statement {limit:,} bytes. Go back: nothing was stored."
    return HttpResponse(text, status=400, content_type="text/plain; charset=utf-8")
