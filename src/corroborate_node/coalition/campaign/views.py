"""Pages of the campaign: forms to acts, values to templates. What may be seen is decided in queries, what may be done
in actions, what follows in the library."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from corroborate.coalition import (
    decisions,
    final,
    invitations,
    lifecycle,
    memberships,
    packets,
    requests,
    round_letters,
    statements,
)
from corroborate.coalition.countries import country_name
from corroborate.coalition.members import ListOfMembers, read_list
from corroborate.coalition.printed import statement_pdf
from corroborate.coalition.reading import TABLE, is_text, read_statement, statement_text
from corroborate.errors import CorroborateError, InvalidValue, NotAllowed
from corroborate.figures.fonts import folder as fonts
from corroborate_node.coalition import views as pages
from corroborate_node.coalition.campaign import actions, forms, mailing, queries
from corroborate_node.coalition.campaign.pages import (
    SCRIPTS,
    as_file,
    done,
    drawn,
    hub_only,
    made_id,
    sent_form,
    state_of,
    the_time,
    words_of,
)
from corroborate_node.coalition.campaign.rounds import deliveries as rounds
from corroborate_node.core import opened, persons, rooms
from corroborate_node.core.access.middleware import client_address
from corroborate_node.core.desk import Desk
from corroborate_node.core.forms import Spoken, pressed
from corroborate_node.core.gate import desk_of, scripted
from corroborate_node.core.wording import Words, language_of
from corroborate_node.records import queries as handed

FIRST_LINES = 6  # of a text, as whoever confirms a letter holds it against the scan


@scripted(SCRIPTS)
@login_required
def today(request: HttpRequest) -> HttpResponse:
    """What waits at a hub, and what is new."""
    if request.method == "POST":
        actions.look(desk_of(request))
        return HttpResponseRedirect("/")
    seen = queries.seen_until(request.user)
    news = list(queries.notices(request.user).filter(id__gt=seen)[: queries.PAGE])
    return drawn(request, "today", {
        "waiting": queries.waiting(request.user, the_time()), "news": news, "register": queries.register(),
        "elsewhere": rooms.waits(request.user, language_of(request)),
    })  # fmt: skip


# The register


@scripted(SCRIPTS)
@login_required
def members(request: HttpRequest) -> HttpResponse:
    """The register; on a vault, what it was given to show."""
    kept = handed.document(request.user, "members")
    given = kept is not None and request.method == "GET" and not queries.members(request.user).exists()
    if not opened.current().hub or (given and not desk_of(request).may("member.keep")):
        return pages.members(request)
    form = forms.AdmitForm(words_of(request), request.POST if request.method == "POST" else None, auto_id="new-%s")
    if done(form, lambda: _admit(request, form.cleaned_data)):
        return HttpResponseRedirect("/members")
    page = Paginator(queries.members(request.user), queries.PAGE).get_page(request.GET.get("page"))
    today_, kept_ = the_time().date(), [(row, queries.membership(row)) for row in page.object_list]
    rows = [(row, one, one.key(today_)) for row, one in kept_]
    context = {"page": page, "rows": rows, "form": form, "total": page.paginator.count, **_kept(kept)}
    return drawn(request, "members", context, sent=form)


def _kept(document: Any) -> dict[str, Any]:
    """What the hub was given to show, below what it keeps itself."""
    return {} if document is None else {"body": document.body, "invented": document.invented}


def _admit(request: HttpRequest, given: dict[str, Any]) -> None:
    role = given["role"] or "member"
    actions.admit(desk_of(request), forms.details(given), role, given["joined"], founding=given["founding"])


@hub_only
def read_members(request: HttpRequest) -> HttpResponse:
    """Members from a published statement: read, shown, and taken in only once a person confirmed."""
    words = words_of(request)
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
    return drawn(request, "read-members", {"form": form, "take": None, "rows": [], **context}, sent=form)


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
    if done(take, lambda: _admit_confirmed(request, take, [one for one in rows if one.number in ticked])):
        return HttpResponseRedirect("/members")
    shown = [(one, one.number in ticked) for one in rows]
    context = {"form": forms.ReadMembersForm(words), "take": take, "rows": shown, "forms": {"take": take}}
    return drawn(request, "read-members", context, sent=take)


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
    words, today_ = words_of(request), the_time().date()
    did = pressed(request)
    shown = _member_forms(request, words, queries.register()[label].details, did)
    sent = sent_form(request, words, did, MEMBER_ACTS, shown)
    if sent is not None and done(sent, lambda: _on_member(request, label, did, sent.cleaned_data)):
        return HttpResponseRedirect("/members" if did == "unadmit" else request.path)
    register = queries.register()
    one, history = register[label], queries.history(request.user, f"member/{label}")
    return drawn(request, "member", {
        "one": one, "label": label, "key": one.key(today_), "coming": one.coming(today_),
        "heir": one.heir(today_),
        "keys": [(key, since, until, one.proof(key)) for key, since, until in reversed(one.keys)],
        "told": _key_letter(request, one), "waiting_name": one.renaming.read if one.renaming else one.details.name,
        "may_refuse": desk_of(request).may("member.keep") or queries.represented(request.user) == label,
        "places": queries.places(request.user, label, today_),
        "history": queries.corrections(history), "register": register,
        "beside": queries.beside_waiting(one), "beside_mark": queries.beside_mark(one),
        "address": queries.address_given(history),
        "moved": one.moved(today_),
        "contact": queries.contact_shown(request.user, label), "speaks": register.speaks_for(label),
        "country": country_name(one.details.country, language_of(request)) if one.details.country else "",
        "forms": shown, "did": did,
    }, sent=sent)  # fmt: skip


def _key_letter(request: HttpRequest, one: memberships.Membership) -> mailing.Letter | None:
    """The letter about a key that does not count yet, for whoever may send letters: where none went, it is copied."""
    if one.waiting(the_time().date()) is None or not desk_of(request).may("reminder.send"):
        return None
    return mailing.key_letter(one, opened.current().name, the_time(), language_of(request))


MEMBER_ACTS: dict[str, type[Spoken]] = {
    "correct": forms.DetailsForm, "address": forms.AddressForm,
    "key": forms.KeyForm, "heard": forms.HeardForm, "not-theirs": forms.Nothing,
    "end-key": forms.Nothing, "leave": forms.LeaveForm, "mistaken": forms.Nothing, "not-mistaken": forms.Nothing,
    "unadmit": forms.Nothing, "second-name": forms.NameForm, "not-called": forms.Nothing,
    "not-so": forms.Nothing, "beside": forms.BesideForm,
    "return": forms.Nothing, "clear": forms.FlagForm, "letter": forms.LetterForm, "steering": forms.SteeringForm,
}  # fmt: skip


def _member_forms(request: HttpRequest, words: Words, known: memberships.Details, did: str) -> dict[str, Spoken]:
    """The forms that a member's page shows; the one that was sent holds what was typed."""
    ids = {
        "correct": "correct-%s",
        "address": "address-%s",
        "letter": "letter-%s",
        "leave": "leaving-%s",
        "steering": "steering-%s",
    }
    initial = {"correct": forms.DetailsForm.of(known), "address": forms.DetailsForm.of(known)}
    made = {
        name: MEMBER_ACTS[name](
            words, *((request.POST, request.FILES) if did == name else ()),
            auto_id=ids.get(name, "%s"), initial=initial.get(name),
        )
        for name in ("correct", "address", "key", "heard", "leave", "letter", "steering")
    }  # fmt: skip
    asking = forms.SignatoryForm(words, auto_id="ask-%s")
    return {**made, "stance": forms.StanceForm(words), "signatory": asking}


def _on_member(request: HttpRequest, label: str, did: str, given: dict[str, Any]) -> None:
    desk = desk_of(request)
    if did == "key":
        actions.introduce_key(desk, label, given["proof"][1])
    elif did == "heard":
        actions.second_key(desk, label, given["heard"])
    elif did == "not-theirs":
        actions.refuse_key(desk, label)
    elif did in ("mistaken", "not-mistaken"):
        actions.mistaken(desk, label, none=did == "not-mistaken")
    elif did == "unadmit":
        actions.undo_admission(desk, label)
    elif did == "address":
        actions.own_address(desk, label, given["contact"], forms.names_typed(given["also_called"]))
    elif did == "beside":
        actions.stand_by(desk, label, given["shown"])
    elif did == "second-name":
        actions.second_name(desk, label, given["name"])
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
    today_ = the_time().date()
    match did:
        case "correct":
            return memberships.Corrected(label, forms.details(given), today_)
        case "not-called":
            return memberships.NameRefused(label, desk.by, today_)
        case "end-key":
            return memberships.KeyEnded(label, today_)
        case "not-so":
            return memberships.NotSo(label, today_, desk.by)
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
    form = forms.StanceForm(words_of(request), request.GET)
    if not form.is_valid():
        raise Http404
    kind, subject = form.cleaned_data["on"], form.cleaned_data["subject"]
    try:
        one = queries.stance_asked(request.user, kind, subject, the_time().date())
        requests.Request.read(one.to_json())
    except CorroborateError:
        raise Http404 from None
    return as_file(one.to_json(), "application/json", f"{invitations.file_name(subject)}.request")


@hub_only
def key_request(request: HttpRequest, label: str) -> HttpResponse:
    """A request to a member: is the key that waits its own? It opens in the member's vault, under Sign."""
    row = queries.members(request.user).filter(id=label).first()
    one = queries.register().members.get(label)
    key = None if row is None or one is None else one.waiting(the_time().date())
    if one is None or key is None:
        raise Http404
    asked = requests.ask_key(key, one.details.name, opened.current().name)
    return as_file(asked.to_json(), "application/json", f"{invitations.file_name(one.details.name)}.key.request")


@hub_only
def signatory_request(request: HttpRequest) -> HttpResponse:
    """A request to an organisation to name somebody who may sign for it."""
    form = forms.SignatoryForm(words_of(request), request.GET)
    if not form.is_valid():
        return drawn(request, "refused", {}, sent=form)
    name, role_ = form.cleaned_data["person"], form.cleaned_data["person_role"]
    try:
        statements.checked_name(name)
        one = requests.ask_signatory(name, role_, the_time().date(), opened.current().name)
        requests.Request.read(one.to_json())
    except CorroborateError as error:
        return drawn(request, "refused", {}, error)
    return as_file(one.to_json(), "application/json", f"{invitations.file_name(name)}.request")


# Statements


@scripted(SCRIPTS)
@login_required
def statements_(request: HttpRequest) -> HttpResponse:
    """All statements; on a vault, what it was given to show."""
    kept = handed.document(request.user, "statements")
    given = kept is not None and request.method == "GET" and not queries.statements_listed(request.user).exists()
    if not opened.current().hub or (given and not desk_of(request).may("statement.carry")):
        return pages.statements(request)
    form = forms.StatementForm(words_of(request), request.POST if request.method == "POST" else None)
    if done(form, lambda: _start(request, form.cleaned_data)):
        return HttpResponseRedirect(f"/statements/{form.cleaned_data['name']}")
    rows = list(queries.statements_listed(request.user))
    context = {"rows": queries.counted(rows, the_time().date()), "form": form, **_kept(kept)}
    return drawn(request, "statements", context, sent=form)


def _start(request: HttpRequest, given: dict[str, Any]) -> None:
    actions.start(desk_of(request), given["name"], statements.as_text(given["text"]), given["text_language"])


@hub_only
def statement(request: HttpRequest, name: str) -> HttpResponse:
    """One statement: text, round, comments, translations, quotes, final texts."""
    words, did = words_of(request), pressed(request)
    state, register = state_of(request, name)
    shown = _statement_forms(request, words, state, register, did)
    sent = sent_form(request, words, did, STATEMENT_ACTS, shown)
    if sent is not None and done(sent, lambda: _on_statement(request, state, did, sent)):
        return HttpResponseRedirect(request.path)
    mine = queries.represented(request.user)
    if mine in state.round.members or mine in state.round.without_key:
        rounds.look(desk_of(request), name, str(mine), state.round.current.number)
    everybody = sorted(state.round.responses(), key=lambda one: (one.member != mine, not one.waits))
    many = Counter(one.state for one in everybody)
    counts = {key: many[key] for key in ("signed", "abstains", "lapsed", "withdrawn", "silent")}
    page = Paginator(everybody, queries.PAGE).get_page(request.GET.get("page"))
    responses = [(one, register[one.member].details, one.member == mine) for one in page.object_list]
    here = {one.member for one in page.object_list}
    said = {label: one.words for label, one in state.round.words().items() if one.words and label in here}
    letters = {label: one for label, one in state.round.letters().items() if label in here}
    begins = "\n".join(state.round.current.text.decode().split("\n")[:FIRST_LINES])
    return drawn(request, "statement", {
        "name": name, "state": state, "current": state.round.current, "text": state.round.current.text.decode(),
        "title": invitations.title_of(state), "responses": responses, "page": page,
        "counts": [(key, many) for key, many in counts.items() if many], "letters": letters, "register": register,
        "begins": begins, "digits": round_letters.spaced(state.round.current.digest.hex[:round_letters.DIGITS]),
        "without": bool(state.round.without_key), "keyed": bool(state.round.members), "forms": shown, "did": did,
        "translations": [(one, one.text.decode(), state.stale(one),
                          [register[label].details.name for label in one.approved if one.official_for(label)])
                         for one in state.translations],
        "quotes": [(one, register[one.member].details.name) for one in queries.quotes(request.user, state)],
        "suggestions": _suggestions(state, register), "by": desk_of(request).by,
        "comments": [(one, _name_in(register, one.member)) for one in state.comments],
        "unvouched": persons.unvouched({*(one.by for one in state.comments), *(one.by for one in state.suggestions)}),
        "reminded": queries.history(request.user, f"statement/{name}").filter(what="Reminded"),
        "final": state.phase == "published", "said": said,
        "tongues_final": [state.round.current.language, *sorted({t.language for t in state.translations
                                                                 if not state.stale(t)})],
    }, sent=sent)  # fmt: skip


def _suggestions(state: lifecycle.Statement, register: memberships.Register) -> list[tuple[Any, ...]]:
    """Each suggestion with its words as a comparison, who made it, whether it can still be taken; open ones first."""
    text = state.round.current.text.decode()
    ordered = sorted(state.suggestions, key=lambda one: bool(one.outcome))
    return [
        (
            one,
            statements.difference(one.passage, one.words),
            _name_in(register, one.member),
            text.count(one.passage) == 1,
        )
        for one in ordered
    ]


def _name_in(register: memberships.Register, label: str) -> str:
    return register.members[label].details.name if label in register.members else ""


STATEMENT_ACTS: dict[str, type[Spoken]] = {
    "draft": forms.DraftForm, "comment": forms.CommentForm, "resolve": forms.ResolveForm, "suggest": forms.SuggestForm,
    "take": forms.DecideForm, "decline": forms.DecideForm, "withdraw": forms.DecideForm, "open": forms.OpenForm,
    "extend": forms.ExtendForm, "close": forms.CloseForm, "publish": forms.Nothing, "translate": forms.TranslateForm,
    "quote": forms.QuoteForm, "paper": forms.PaperForm, "confirm": forms.ConfirmPaperForm,
}  # fmt: skip


def _statement_forms(
    request: HttpRequest, words: Words, state: lifecycle.Statement, register: memberships.Register, did: str
) -> dict[str, Spoken]:
    """The forms that a statement's page shows; the one that was sent holds what was typed."""
    current = state.round.current

    def sent(name: str) -> tuple[Any, ...]:
        return (request.POST, request.FILES) if did == name else ()

    initial = {
        "draft": {"text": current.text.decode()},
        "comment": {"version": current.number},
        "suggest": {"version": current.number},
    }
    ids = {"translate": "translation-%s", "extend": "extend-%s"}
    made = {
        name: STATEMENT_ACTS[name](words, *sent(name), auto_id=ids.get(name, "%s"), initial=initial.get(name))
        for name in ("draft", "comment", "suggest", "open", "extend", "translate")
    }
    quote = forms.QuoteForm(words, state.round.members, register, *sent("quote"), auto_id="quote-%s")
    paper = forms.PaperForm(words, state.round.without_key, register, *sent("paper"), auto_id="paper-%s")
    return {**made, "quote": quote, "paper": paper}


def _on_statement(request: HttpRequest, state: lifecycle.Statement, did: str, form: Spoken) -> None:
    desk, name, given = desk_of(request), state.round.current.statement, form.cleaned_data
    match did:
        case "comment":
            number = int(given["version"]) if given["version"].isdecimal() else state.round.current.number
            actions.comment(
                desk, name, lifecycle.Comment(made_id("comment"), number, desk.by, given["comment"], the_time())
            )
        case "suggest":
            actions.suggest(desk, name, _suggestion(desk, form))
        case "take" | "decline":
            actions.decide(desk, name, given["suggestion"], did == "take")
        case "withdraw":
            actions.withdraw_suggestion(desk, name, given["suggestion"])
        case "paper":
            _on_paper(desk, name, form)
        case "confirm":
            actions.confirm_paper(desk, name, given["member"], given["shown"])
        case _:
            actions.on_statement(desk, name, _event(desk, state, did, form))


def _suggestion(desk: Desk, form: Spoken) -> lifecycle.Suggestion:
    given = form.cleaned_data
    number = int(given["version"]) if given["version"].isdecimal() else 0
    passage, words = (_as_in_text(given[key]) for key in ("passage", "words"))
    return lifecycle.Suggestion(made_id("suggestion"), number, desk.by, passage, words, given["why"], the_time())


def _as_in_text(typed: str) -> str:
    """A passage as the text holds it: browsers send each end of a line as two characters."""
    return unicodedata.normalize("NFC", typed.replace("\r\n", "\n").strip("\n"))


def _event(desk: Desk, state: lifecycle.Statement, did: str, form: Spoken) -> lifecycle.Event:
    """What a form says happens to a statement."""
    now, given, current = the_time(), form.cleaned_data, state.round.current
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
            return lifecycle.Closed(now, shown=given["shown"])
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
    state, _ = state_of(request, name)
    versions = {one.number: one for one in state.round.versions}
    newest = max(versions)

    asked = forms.CompareForm(words_of(request), sorted(versions), request.GET)
    given = asked.cleaned_data if asked.is_valid() else {}
    before, after = int(given.get("from") or max(1, newest - 1)), int(given.get("to") or newest)
    form = forms.CompareForm(words_of(request), sorted(versions), initial={"from": before, "to": after})
    pieces = statements.difference(versions[before].text.decode(), versions[after].text.decode())
    return drawn(request, "compare", {
        "name": name, "title": invitations.title_of(state), "form": form, "before": before,
        "after": after, "pieces": pieces, "old": versions[before].digest, "new": versions[after].digest,
    })  # fmt: skip


@hub_only
def statement_file(request: HttpRequest, name: str, kind: str) -> HttpResponse:
    """Files of a statement: requests, calendar, exact text, letters."""
    state, _ = state_of(request, name)
    hub, base, current = opened.current().name, invitations.file_name(name), state.round.current
    try:
        if kind == "text":
            return as_file(current.text, "text/plain; charset=utf-8", f"{base}.{current.number}.txt")
        if kind in ("request", "packet"):
            mine = queries.represented(request.user) or ""
            asked = packets.Packet(hub, (requests.ask_sign_on(current, hub, state.round.deadline),))
            if mine or kind == "packet":
                asked = round_letters.packet_for(state, mine, hub)
            return as_file(asked.to_json(), "application/json", f"{base}.{current.number}.request")
        if kind == "calendar":
            content = invitations.calendar(state, the_time(), language_of(request))
            return as_file(content, "text/calendar; charset=utf-8", f"{base}.ics")
        if kind == "translation":
            found = state.translation(request.GET.get("language", ""))
            original = next((v for v in state.round.versions if found and v.digest == found.of), None)
            if found is not None and original is not None:
                one = requests.ask_translation(original, found, hub)
                return as_file(one.to_json(), "application/json", f"{base}.{found.language}.request")
        if kind == "quote":
            quote = next(
                (q for q in queries.quotes(request.user, state) if q.digest.hex == request.GET.get("digest")), None
            )
            if quote is not None:
                one = requests.ask_quote(state.round.current, quote, hub)
                return as_file(one.to_json(), "application/json", f"{base}.quote.request")
        if kind == "letters":
            desk_of(request).require("reminder.send")
            return _letters(request, name)
    except CorroborateError as error:
        return drawn(request, "refused", {}, error)
    raise Http404


def _letters(request: HttpRequest, name: str, results: Sequence[mailing.Result] = (),
             error: CorroborateError | None = None) -> HttpResponse:  # fmt: skip
    """The letters to copy, with the button that sends them where a mail server is configured."""
    state, register = state_of(request, name)
    now = the_time()
    server, sent = None, mailing.sent_today(name, now)
    made = mailing.letters(state, register, now, language_of(request))
    try:
        server = mailing.Server.read(opened.current().folder)
    except InvalidValue as wrong:
        error = error or wrong
    return drawn(request, "letters", {
        "name": name, "title": invitations.title_of(state), "letters": made, "server": server, "results": results,
        "due": [one for one in made if one.address and one.member not in sent], "sent": sent,
        "form": _mail_form(request, server), "register": register,
    }, error)  # fmt: skip


def _mail_form(request: HttpRequest, server: mailing.Server | None) -> forms.MailForm:
    asked = server is not None and bool(server.user) and not mailing.kept_password()
    return forms.MailForm(words_of(request), server.user if server is not None and asked else "")


@hub_only
@require_POST
def remind(request: HttpRequest, name: str) -> HttpResponse:
    """Send the letters that the page before has shown."""
    error: CorroborateError | None = None
    results: Sequence[mailing.Result] = ()
    try:
        form = forms.MailForm(words_of(request), "", request.POST)
        password = form.cleaned_data["mail_password"] if form.is_valid() else ""
        results = mailing.remind(desk_of(request), name, password=password, language=language_of(request))
    except CorroborateError as refused:
        error = refused
    try:
        return _letters(request, name, results, error)
    except CorroborateError as refused:
        return drawn(request, "refused", {}, error or refused)


@hub_only
def final_text(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """The final text, as a file that anybody can check."""
    wanted = request.GET.get("language", "")
    state, _ = state_of(request, name)
    tongue = wanted or state.round.current.language
    try:
        page = actions.final_text(desk_of(request), name, wanted)
        base = invitations.file_name(f"{name}.{tongue}")
        if form == "html":
            return as_file(final.statement_html(page), "text/html; charset=utf-8", f"{base}.html")
        if form == "txt":
            return as_file(final.statement_text(page), "text/plain; charset=utf-8", f"{base}.txt")
        if form == "pdf":
            return as_file(statement_pdf(page, fonts()), "application/pdf", f"{base}.pdf")
    except CorroborateError as error:
        return drawn(request, "refused", {}, error)
    raise Http404


@hub_only
def scan(request: HttpRequest, digest: str) -> HttpResponse:
    """The sealed scan of a letter, for the secretariat, which compares it with the record."""
    if queries.scan(digest) is None:
        raise Http404
    content = actions.open_scan(desk_of(request), digest)
    return as_file(content, "application/octet-stream", f"scan-{digest[:12]}")


# Decisions


@hub_only
def decisions_(request: HttpRequest) -> HttpResponse:
    """Questions put to members, and what came of each."""
    form = forms.ProposalForm(words_of(request), request.POST if request.method == "POST" else None)
    if done(form, lambda: _propose(request, form.cleaned_data)):
        return HttpResponseRedirect("/decisions")
    rows = [(row, decisions.result(queries.proposal(row), the_time())) for row in queries.proposals(request.user)]
    return drawn(request, "decisions", {"rows": rows, "form": form}, sent=form)


def _propose(request: HttpRequest, given: dict[str, Any]) -> None:
    now, register, kind = the_time(), queries.register(), given["rule"]
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
    form = forms.HearForm(words_of(request), without, request.POST if request.method == "POST" else None)
    if done(form, lambda: _hear(request, id_, form.cleaned_data)):
        return HttpResponseRedirect(request.path)
    row.refresh_from_db()
    one = queries.proposal(row)
    said = [(label, register[label].details.name, one.said.get(label), label in one.counted) for label in one.asked]
    return drawn(request, "decision", {
        "one": one, "said": said, "result": decisions.result(one, the_time()), "register": register, "without": without,
        "form": form,
    }, sent=form)  # fmt: skip


def _hear(request: HttpRequest, id_: str, given: dict[str, Any]) -> None:
    position = next((one for one in decisions.POSITIONS if one == given["position"]), None)
    if position is None:
        raise NotAllowed("say which position was taken: nobody has one by default")
    by = request.user.get_username()
    said = decisions.Said(given["member"], position, given["reason"], the_time(), recorded_by=by)
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
        return as_file(content, "application/json", f"{base}.request")
    if kind == "txt":
        return as_file(
            decisions.minutes_text(one, names, the_time()).encode(), "text/plain; charset=utf-8", f"{base}.txt"
        )
    if kind == "html":
        return as_file(
            decisions.minutes_html(one, names, the_time()).encode(), "text/html; charset=utf-8", f"{base}.html"
        )
    raise Http404


def too_large(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to a form that is larger than this node takes, and to any other request that cannot be read."""
    limit = statements.LARGEST_TEXT
    text = f"This could not be read. A form takes 1 MB, and a statement {limit:,} bytes. Go back: nothing was stored."
    return HttpResponse(text, status=400, content_type="text/plain; charset=utf-8")
