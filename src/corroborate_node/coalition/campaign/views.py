"""Pages of the campaign: forms to acts, values to templates. What may be seen is decided in queries, what may be done
in actions, what follows in the library."""

import secrets
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, date, datetime
from functools import wraps
from itertools import islice
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from corroborate.coalition import carrying, decisions, final, invitations, memberships, requests, statements
from corroborate.coalition.countries import country_name, region_of
from corroborate.coalition.printed import statement_pdf
from corroborate.coalition.reading import read_file
from corroborate.custody import Verifier
from corroborate.errors import CorroborateError, InvalidValue, NotAllowed
from corroborate.figures.fonts import folder as fonts
from corroborate.values import Digest, PartialDate, new_id
from corroborate_node.coalition import views as pages
from corroborate_node.coalition.campaign import actions, mailing, queries
from corroborate_node.core import opened
from corroborate_node.core.access.middleware import client_address
from corroborate_node.core.gate import desk_of
from corroborate_node.core.wording import COOKIE, LANGUAGES, Words, language_of

View = Callable[..., HttpResponse]
LARGEST_FILE = 25 << 20  # bytes of an upload
MOST_LISTED = 300  # members in a list to choose from; of more, the name is typed


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _id(kind: str) -> str:
    return new_id(kind, milliseconds=int(datetime.now(UTC).timestamp() * 1000), randomness=secrets.token_bytes(10))


def _page(request: HttpRequest, template: str, context: dict[str, Any], error: CorroborateError | None = None,
          ) -> HttpResponse:  # fmt: skip
    language = language_of(request)
    mine = queries.represented(request.user)
    register = context.get("register")
    name = register.members[mine].details.name if mine and register is not None and mine in register.members else mine
    more = {
        "words": Words(language), "page_lang": language, "as_role": desk_of(request).may("statement.comment"),
        "mine": mine, "mine_name": name, "office": desk_of(request).may("statement.carry"),
        "error": error, "typed": request.POST if error else {},
    }  # fmt: skip
    return render(request, f"campaign/{template}.html", {**context, **more}, status=400 if error else 200)


def hub_only(view: View) -> View:
    """Pages that only a hub has."""

    @wraps(view)
    @login_required
    def inner(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        if not opened.current().hub:
            raise Http404
        return view(request, *arguments, **named)

    return inner


def _try(act: Callable[[], object]) -> CorroborateError | None:
    try:
        act()
    except CorroborateError as error:
        return error
    return None


def _upload(request: HttpRequest, field: str) -> tuple[str, bytes]:
    file = request.FILES.get(field)
    if file is None:
        raise InvalidValue("choose a file")
    if (file.size or 0) > LARGEST_FILE:
        raise InvalidValue(f"the file is larger than {LARGEST_FILE >> 20} MB")
    return file.name or "file", file.read()


def _when(text: str) -> datetime:
    for form in ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"):
        try:
            return datetime.strptime(text.strip(), form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise InvalidValue(f"{text!r} is no date and time such as 2026-03-01 18:00")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidValue(f"{text!r} is no day such as 2026-03-01") from error


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The reader's language, kept in a cookie that says nothing else."""
    back = request.POST.get("back", "/")
    inside = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    response = HttpResponseRedirect(back if inside and back.startswith("/") else "/")
    code = request.POST.get("language", "en")
    if code in {one for one, _ in LANGUAGES}:
        response.set_cookie(COOKIE, code, max_age=365 * 86400, samesite="Strict", httponly=True)
    return response


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
    if not opened.current().hub or (request.method == "GET" and not queries.members(request.user).exists()
                                    and pages.queries.document(request.user, "members") is not None):  # fmt: skip
        return pages.members(request)
    error = None
    if request.method == "POST":
        given = request.POST
        error = _try(lambda: actions.admit(
            desk_of(request), _details(given), given.get("role", ""), PartialDate.parse(given.get("joined", "")),
            founding="founding" in given))  # fmt: skip
        if error is None:
            return HttpResponseRedirect("/members")
    page = Paginator(queries.members(request.user), queries.PAGE).get_page(request.GET.get("page"))
    rows = [(row, queries.membership(row)) for row in page.object_list]
    return _page(request, "members", {"page": page, "rows": rows, "roles": memberships.ROLES,
                                      "total": page.paginator.count}, error)  # fmt: skip


def _details(given: Any) -> memberships.Details:
    kind = "individual" if given.get("kind") == "individual" else "organisation"
    capacity = given.get("capacity", "") if given.get("capacity") in ("personal", "on behalf") else ""
    country = given.get("country", "").strip().upper()
    return memberships.Details(
        name=given.get("name", "").strip(), kind=kind, country=country,
        region=given.get("region", "").strip() or region_of(country),
        abbreviation=given.get("abbreviation", "").strip(),
        languages=tuple(given.get("languages", "").replace(",", " ").split()),
        field_of_work=given.get("field", "").strip(), site=given.get("site", "").strip(),
        contact=given.get("contact", "").strip(), affiliation=given.get("affiliation", "").strip(),
        capacity=capacity if kind == "individual" and given.get("affiliation", "").strip() else "",
    )  # fmt: skip


@hub_only
def read_members(request: HttpRequest) -> HttpResponse:
    """Members from a published statement: read, shown, and taken in only once a person confirmed."""
    error, found = None, ()
    try:
        if request.method == "POST" and "confirmed" in request.POST:
            _admit_confirmed(request)
            return HttpResponseRedirect("/members")
        if request.method == "POST":
            name, content = _upload(request, "statement")
            found = read_file(content, name)
    except CorroborateError as refused:
        error = refused
    return _page(request, "read-members", {"found": list(enumerate(found))}, error)


def _admit_confirmed(request: HttpRequest) -> None:
    given = request.POST
    rows = []
    joined = PartialDate.parse(given.get("joined", ""))
    for at in given.getlist("take"):
        one = {key: given.get(f"{key}-{at}", "").strip() for key in
               ("name", "kind", "country", "abbreviation", "affiliation", "flag")}  # fmt: skip
        details = _details({**one, "capacity": "personal"})
        rows.append((details, "member", joined, "founding" in given, one["flag"]))
    if not rows:
        raise InvalidValue("nothing is ticked")
    actions.admit_all(desk_of(request), rows)


@hub_only
def member(request: HttpRequest, label: str) -> HttpResponse:
    """One member, and everything that stands under its name."""
    row = queries.members(request.user).filter(id=label).first()
    if row is None:
        raise Http404
    error = None
    if request.method == "POST":
        error = _try(lambda: _on_member(request, label))
        if error is None:
            return HttpResponseRedirect(request.path)
    register, today_ = queries.register(), _now().date()
    one = register[label]
    return _page(request, "member", {
        "one": one, "label": label, "key": one.key(today_), "places": queries.places(label, today_),
        "history": queries.history(request.user, f"member/{label}"), "register": register,
        "contact": queries.contact_shown(request.user, label), "speaks": register.speaks_for(label),
        "country": country_name(one.details.country, language_of(request)) if one.details.country else "",
        "subjects": ("campaign", "statement", "finding", "publication"),
    }, error)  # fmt: skip


def _on_member(request: HttpRequest, label: str) -> None:
    given, desk, now = request.POST, desk_of(request), _now()
    act = given.get("act", "")
    if act == "correct":
        event: memberships.Event = memberships.Corrected(label, _details(given), now.date())
    elif act == "key":
        event = memberships.KeyProved(label, Verifier.parse(given.get("key", "")), now.date())
    elif act == "end-key":
        event = memberships.KeyEnded(label, now.date())
    elif act == "leave":
        event = memberships.Left(label, _day(given.get("on", "")))
    elif act == "return":
        event = memberships.Returned(label, now.date())
    elif act == "clear":
        event = memberships.FlagCleared(label, given.get("flag", ""), desk.by)
    elif act == "letter":
        file, scan = _upload(request, "scan")
        person = memberships.Signatory(given.get("person", "").strip(), given.get("person_role", "").strip(),
                                       _day(given.get("since", "")))  # fmt: skip
        second = actions.Second(given.get("second", ""), given.get("second_passphrase", ""), client_address(request))
        actions.name_by_letter(desk, label, person, scan, file, second)
        return
    elif act == "steering":
        until = given.get("until", "").strip()
        event = memberships.Steering(label, _day(given.get("since", "")), _day(until) if until else None)
    else:
        raise InvalidValue("nothing was asked for")
    actions.on_register(desk, event)


@hub_only
def stance_request(request: HttpRequest) -> HttpResponse:
    """A request to choose: with us, silent, apart."""
    kind, subject = request.GET.get("on", ""), request.GET.get("subject", "").strip()
    try:
        one = requests.ask_stance(kind, subject, subject, opened.current().name)
        requests.Request.read(one.to_json())
    except CorroborateError:
        raise Http404 from None
    return _file(one.to_json(), "application/json", f"{invitations.file_name(subject)}.request")


@hub_only
def signatory_request(request: HttpRequest) -> HttpResponse:
    """A request to an organisation to name somebody who may sign for it."""
    name, role_ = request.GET.get("person", "").strip(), request.GET.get("person_role", "").strip()
    try:
        statements.checked_name(name)
        one = requests.ask_signatory(name, role_, _now().date(), opened.current().name)
        requests.Request.read(one.to_json())
    except CorroborateError as error:
        return _page(request, "refused", {}, error)
    return _file(one.to_json(), "application/json", f"{invitations.file_name(name)}.request")


# Statements


def _state(request: HttpRequest, name: str) -> tuple[carrying.Statement, memberships.Register]:
    register = queries.register()
    may = queries.statements_listed(request.user).exists()
    found = queries.state_shown(name, register, _now().date()) if may else None
    if found is None:
        raise Http404
    return found, register


@login_required
def statements_(request: HttpRequest) -> HttpResponse:
    """All statements; on a vault, what it was given to show."""
    if not opened.current().hub or (request.method == "GET" and not queries.statements_listed(request.user).exists()
                                    and pages.queries.document(request.user, "statements") is not None):  # fmt: skip
        return pages.statements(request)
    error = None
    if request.method == "POST":
        given = request.POST
        name = given.get("name", "").strip()
        error = _try(lambda: actions.start(desk_of(request), name, statements.as_text(given.get("text", "")),
                                           given.get("text_language", "en").strip()))  # fmt: skip
        if error is None:
            return HttpResponseRedirect(f"/statements/{name}")
    rows = list(queries.statements_listed(request.user))
    many = queries.counts(row.name for row in rows)
    return _page(request, "statements", {"rows": [(row, many.get(row.name, 0)) for row in rows]}, error)


@hub_only
def statement(request: HttpRequest, name: str) -> HttpResponse:
    """One statement: text, round, comments, translations, quotes, final texts."""
    error = None
    if request.method == "POST":
        error = _try(lambda: _on_statement(request, name))
        if error is None:
            return HttpResponseRedirect(request.path)
    state, register = _state(request, name)
    mine = queries.represented(request.user)
    everybody = sorted(state.round.standing(), key=lambda one: (one.member != mine, not one.waits))
    many = Counter(one.state for one in everybody)
    counts = {key: many[key] for key in ("signed", "abstains", "lapsed", "withdrawn", "silent")}
    page = Paginator(everybody, queries.PAGE).get_page(request.GET.get("page"))
    standing = [(one, register[one.member].details, one.member == mine) for one in page.object_list]
    shown = {one.member for one in page.object_list}
    scans = {one.member: one.paper.scan.hex for one in state.round.received
             if one.paper is not None and one.member in shown}  # fmt: skip
    ready = state.phase != "draft" and (state.embargo is None or _now() >= state.embargo)
    return _page(request, "statement", {
        "name": name, "state": state, "current": state.round.current, "text": state.round.current.text.decode(),
        "title": invitations.title_of(state), "standing": standing, "page": page,
        "counts": [(key, many) for key, many in counts.items() if many], "scans": scans, "register": register,
        "without": _choice(state.round.without_key, register), "keyed": _choice(state.round.members, register),
        "without_many": len(state.round.without_key) > MOST_LISTED,
        "keyed_many": len(state.round.members) > MOST_LISTED,
        "translations": [(one, one.text.decode(), state.stale(one),
                          [register[label].details.name for label in one.approved if one.official_for(label)])
                         for one in state.translations],
        "quotes": [(one, register[one.member].details.name) for one in state.quotes],
        "reminded": queries.history(request.user, f"statement/{name}").filter(what="Reminded"),
        "groupings": carrying.GROUPINGS, "choices": statements.CHOICES,
        "final": ready and bool(state.round.signed()),
        "tongues_final": [state.round.current.language, *sorted({t.language for t in state.translations
                                                                 if not state.stale(t)})],
    }, error)  # fmt: skip


def _choice(labels: Collection[str], register: memberships.Register) -> list[tuple[str, str]]:
    """Members to choose from. Of more than a list can show only the first is given; the name is then typed."""
    few = len(labels) <= MOST_LISTED
    return [(label, register[label].details.name) for label in islice(labels, None if few else 1)]


def _chosen_member(given: Any, register: memberships.Register) -> str:
    """The label of a member, chosen from a list or typed by its name; of two with one name the label itself is typed.

    Raises InvalidValue for a name of nobody, or of two.
    """
    if "member_name" not in given:
        return str(given.get("member", ""))
    typed = given["member_name"].strip()
    found = [label for label, one in register.members.items() if one.details.name == typed]
    if len(found) > 1:
        raise InvalidValue(
            f"{len(found)} members are called {typed!r}: give one of {', '.join(found)} as in its address"
        )
    if not found and typed not in register.members:
        raise InvalidValue(f"no member is called {typed!r}")
    return found[0] if found else typed


def _on_statement(request: HttpRequest, name: str) -> None:
    given, desk, now = request.POST, desk_of(request), _now()
    state, register = _state(request, name)
    act, current = given.get("act", ""), state.round.current
    if act == "draft":
        text = statements.as_text(given.get("text", ""))
        version = statements.Version(name, current.number + 1, text, current.language)
        actions.on_statement(desk, name, carrying.Drafted(version))
    elif act == "comment":
        number = int(given.get("version", "0")) if given.get("version", "").isdecimal() else current.number
        comment = carrying.Comment(_id("comment"), number, desk.by, given.get("comment", ""), now)
        actions.comment(desk, name, comment)
    elif act == "resolve":
        actions.on_statement(desk, name, carrying.Resolved(given.get("comment", ""), desk.by))
    elif act == "open":
        embargo = given.get("embargo", "").strip()
        grouping = next((one for one in carrying.GROUPINGS if one == given.get("grouping")), "country")
        event = carrying.Opened(now, _when(given.get("deadline", "")), _when(embargo) if embargo else None, grouping)
        actions.on_statement(desk, name, event)
    elif act == "extend":
        actions.on_statement(desk, name, carrying.Extended(now, _when(given.get("deadline", ""))))
    elif act == "close":
        actions.on_statement(desk, name, carrying.Closed(now))
    elif act == "publish":
        actions.on_statement(desk, name, carrying.Published(now))
    elif act == "translate":
        translation = carrying.Translation(
            given.get("language", "").strip(), statements.as_text(given.get("text", "")),
            given.get("translator", "").strip(), current.digest, now,
        )  # fmt: skip
        actions.on_statement(desk, name, carrying.Translated(translation))
    elif act == "quote":
        quote = carrying.Quote(_chosen_member(given, register), given.get("spokesperson", "").strip(),
                               given.get("quote_role", "").strip(), _quoted(given.get("words", "")))  # fmt: skip
        actions.on_statement(desk, name, carrying.Quoted(quote))
    elif act == "paper":
        choice = next((one for one in statements.CHOICES if one == given.get("choice")), None)
        if choice is None:
            raise NotAllowed("say what the letter says: nothing is signed by default")
        file, scan = _upload(request, "scan")
        signed = datetime.combine(_day(given.get("signed", "")), datetime.min.time(), UTC)
        member = _chosen_member(given, register)
        actions.record_paper(desk, name, member, choice, signed, scan, file)
    elif act == "confirm":
        actions.confirm_paper(desk, name, given.get("member", ""))
    else:
        raise InvalidValue("nothing was asked for")


def _quoted(typed: str) -> str:
    return statements.as_text(typed).decode().strip()


@hub_only
def compare(request: HttpRequest, name: str) -> HttpResponse:
    """Two versions as one text, what went and what came marked with words and not by colour alone."""
    state, _ = _state(request, name)
    versions = {one.number: one for one in state.round.versions}
    newest = max(versions)

    def chosen(field: str, default: int) -> int:
        text = request.GET.get(field, "")
        return int(text) if text.isdecimal() and int(text) in versions else default

    before, after = chosen("from", max(1, newest - 1)), chosen("to", newest)
    pieces = statements.difference(versions[before].text.decode(), versions[after].text.decode())
    return _page(request, "compare", {
        "name": name, "title": invitations.title_of(state), "versions": sorted(versions), "before": before,
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
        "ask_password": server is not None and server.user and not mailing.kept_password(), "register": register,
    }, error)  # fmt: skip


@hub_only
@require_POST
def remind(request: HttpRequest, name: str) -> HttpResponse:
    """Send the letters that the page before has shown."""
    error: CorroborateError | None = None
    results: Sequence[mailing.Result] = ()
    try:
        results = mailing.remind(desk_of(request), name, password=request.POST.get("mail_password", ""),
                                 language=language_of(request))  # fmt: skip
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
    row = queries.scan(digest)
    if row is None:
        raise Http404
    content = b"".join(opened.current().files.get(row.address))
    return _file(content, "application/octet-stream", f"scan-{digest[:12]}")


@hub_only
def hand_in(request: HttpRequest) -> HttpResponse:
    """Take signed answers in."""
    error, outcomes = None, []
    if request.method == "POST":
        try:
            sent = request.FILES.getlist("answers")
            if not sent or any((one.size or 0) > LARGEST_FILE for one in sent):
                raise InvalidValue(f"choose files of {LARGEST_FILE >> 20} MB at most each")
            files = [(one.name or "file", one.read()) for one in sent]
            outcomes = actions.take_in(desk_of(request), actions.unpack(files))
        except CorroborateError as refused:
            error = refused
    register = queries.register()
    shown = [(one, register.members[one.member].details.name if one.member in register.members else "")
             for one in outcomes]  # fmt: skip
    shown.sort(key=lambda pair: not pair[0].refused)
    return _page(request, "hand-in", {
        "outcomes": shown[:500], "total": len(shown), "taken": sum(not one.refused for one, _ in shown),
        "refused": sum(bool(one.refused) for one, _ in shown),
    }, error)  # fmt: skip


# Decisions


@hub_only
def decisions_(request: HttpRequest) -> HttpResponse:
    """Questions put to members, and what came of each."""
    error = None
    if request.method == "POST":
        error = _try(lambda: _propose(request))
        if error is None:
            return HttpResponseRedirect("/decisions")
    rows = [(row, decisions.result(queries.proposal(row), _now())) for row in queries.proposals(request.user)]
    return _page(request, "decisions", {"rows": rows}, error)


def _propose(request: HttpRequest) -> None:
    given, now, register = request.POST, _now(), queries.register()
    kind = given.get("rule", "")
    if kind not in ("consensus", "majority", "steering"):
        raise InvalidValue("choose a rule")
    keys, without = register.asked(now.date())
    asked = [label for label in register.members if label in keys or label in without]
    if kind == "steering":
        asked = [label for label in asked if register[label].on_steering(now.date())]

    def number(field: str, least: int) -> int:
        text = given.get(field, "").strip() or str(least)
        if not text.isdecimal() or int(text) > 100_000:
            raise InvalidValue(f"{text!r} is no whole number")
        return int(text)

    rule = decisions.Rule(kind, number("objections", 0) if kind == "consensus" else 0, number("quorum", 1))  # type: ignore[arg-type]
    text = statements.as_text(given.get("text", "")).decode()
    one = decisions.Proposal(
        given.get("name", "").strip(), given.get("title", "").strip(), text, tuple(asked), rule, now,
        _when(given.get("closes", "")), {}, frozenset(label for label in asked if label in keys),
    )  # fmt: skip
    requests.Request.read(requests.ask_position(one, opened.current().name).to_json())  # a name that cannot be asked
    actions.propose(desk_of(request), one)


@hub_only
def decision(request: HttpRequest, id_: str) -> HttpResponse:
    """One question: who was asked, who said what, what follows."""
    row = queries.proposals(request.user).filter(id=id_).first()
    if row is None:
        raise Http404
    error = None
    if request.method == "POST":
        error = _try(lambda: _hear(request, id_))
        if error is None:
            return HttpResponseRedirect(request.path)
        row.refresh_from_db()
    one, register = queries.proposal(row), queries.register()
    said = [(label, register[label].details.name, one.said.get(label)) for label in one.asked]
    return _page(request, "decision", {
        "one": one, "said": said, "result": decisions.result(one, _now()), "register": register,
        "without": [(label, name) for label, name, _ in said if label not in one.by_key],
        "positions": decisions.POSITIONS,
    }, error)  # fmt: skip


def _hear(request: HttpRequest, id_: str) -> None:
    given, now = request.POST, _now()
    position = next((one for one in decisions.POSITIONS if one == given.get("position")), None)
    if position is None:
        raise NotAllowed("say which position was taken: nobody has one by default")
    said = decisions.Said(given.get("member", ""), position, given.get("reason", "").strip(), now,
                          recorded_by=request.user.get_username())  # fmt: skip
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
    error: CorroborateError | None = None
    asked: requests.Request | None = None
    kept = ""
    try:
        if request.method == "POST":
            kept = request.POST.get("kept", "")
            content = kept.encode() if kept else _upload(request, "request")[1]
            asked = requests.Request.read(content)
            kept = content.decode()
            if "choice" in request.POST or "sign" in request.POST:
                choice, reason = request.POST.get("choice", ""), request.POST.get("reason", "")
                note = actions.sign_answer(desk_of(request), asked, choice, reason)
                about = next(iter(asked.fields.values()), "answer")
                return _file(note, "text/plain; charset=utf-8", f"{invitations.file_name(about)}.{asked.kind}.signed")
    except CorroborateError as refused:
        error = refused
    return _page(request, "sign", {
        "asked": asked, "kept": kept, "key": vault.signer.verifier(), "digest": asked.digest if asked else None,
        "original_digest": Digest.of(asked.original.encode()) if asked and asked.original else None,
    }, error)  # fmt: skip


def too_large(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to a form that is larger than this node takes, and to any other request that cannot be read."""
    limit = statements.LARGEST_TEXT
    text = f"This could not be read. A form takes 1 MB, and a statement {limit:,} bytes. Go back: nothing was stored."
    return HttpResponse(text, status=400, content_type="text/plain; charset=utf-8")
