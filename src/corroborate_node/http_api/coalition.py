"""What programs read of the coalition: register, statements, decisions, demands, actions, States. Each address asks
what its page asks; register, statements and decisions are a hub's."""

from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from corroborate.client import coalition_shapes as shapes
from corroborate.client.shapes import Page
from corroborate.coalition import calendar, decisions, final, invitations, requests, statements
from corroborate.coalition.printed import statement_pdf
from corroborate.errors import InvalidValue
from corroborate.figures.fonts import folder as fonts
from corroborate.vocabulary import country_names
from corroborate_node.coalition.advocacy import queries as advocacy
from corroborate_node.coalition.advocacy import stored
from corroborate_node.coalition.campaign import actions, queries
from corroborate_node.core import opened
from corroborate_node.core.gate import desk_of
from corroborate_node.core.wording import language_of
from corroborate_node.http_api import coalition_answers as answers
from corroborate_node.http_api.bodies import Short, Strict
from corroborate_node.http_api.door import asks, file
from corroborate_node.http_api.pages_of_lists import PageNumber, paged
from corroborate_node.http_api.problems import NotFound

router = Router(tags=["coalition"])
View = Callable[..., Any]


def of_a_hub(view: View) -> View:
    """An address that only a hub has."""

    @wraps(view)
    def inner(request: HttpRequest, *arguments: Any, **named: Any) -> Any:
        if not opened.current().hub:
            raise NotFound("this is kept at a hub, and this node is a member's vault")
        return view(request, *arguments, **named)

    return inner


# The register


@router.get("/members", response=Page[shapes.MemberSaid])
@asks("member.read")
@of_a_hub
def members(request: HttpRequest, page: PageNumber = 1) -> Any:
    """Members and supporters, in the order of the register."""
    return paged(queries.members(request.user), page, answers.member)


@router.get("/members/{label}", response=shapes.MemberWhole)
@asks("member.read")
@of_a_hub
def member(request: HttpRequest, label: str) -> Any:
    """One member, its keys, and everything that stands under its name."""
    row, on = _member(request, label), desk_of(request).at.date()
    contact = queries.contact_shown(request.user, label)
    return answers.member_whole(
        row, queries.register()[label], queries.places(request.user, label, on), on, contact=contact
    )


def _member(request: HttpRequest, label: str) -> Any:
    row = queries.members(request.user).filter(id=label).first()
    if row is None:
        raise NotFound("there is no member of this label here")
    return row


@router.get("/members/{label}/key-request")
@asks("member.read")
@of_a_hub
def key_request(request: HttpRequest, label: str) -> HttpResponse:
    """The request to a member: is the key that waits its own? It opens in the member's vault, under *Sign*."""
    _member(request, label)
    one = queries.register()[label]
    key = one.waiting(desk_of(request).at.date())
    if key is None:
        raise NotFound("no key of this member waits")
    return _request(requests.ask_key(key, one.details.name, opened.current().name), f"{one.details.name}.key")


def _request(asked: requests.Request, name: str) -> HttpResponse:
    """A request as a file, that a member's vault can read."""
    content = asked.to_json()
    requests.Request.read(content)
    return file(content, f"{invitations.file_name(name)}.request")


class StanceAsked(Strict):
    on: Literal["campaign", "statement", "finding", "publication"]
    subject: Short


@router.post("/requests/stance")
@asks("member.read")
@of_a_hub
def stance_request(request: HttpRequest, given: StanceAsked) -> HttpResponse:
    """A request to members to choose: with us, silent, apart."""
    on = desk_of(request).at.date()
    one = queries.stance_asked(request.user, given.on, given.subject, on)
    return _request(one, given.subject)


class SignatoryAsked(Strict):
    name: Annotated[str, Field(max_length=300)]
    role: Short = ""


@router.post("/requests/signatory")
@asks("member.read")
@of_a_hub
def signatory_request(request: HttpRequest, given: SignatoryAsked) -> HttpResponse:
    """A request to an organisation to name somebody who may sign for it."""
    statements.checked_name(given.name)
    on = desk_of(request).at.date()
    return _request(requests.ask_signatory(given.name, given.role, on, opened.current().name), given.name)


# Statements


def _state(request: HttpRequest, name: str) -> Any:
    may = queries.statements_listed(request.user).exists()
    found = queries.state_shown(name, queries.register(), desk_of(request).at.date()) if may else None
    if found is None:
        raise NotFound("there is no statement of this name here")
    return found


@router.get("/statements/{name}", response=shapes.StatementWhole)
@asks("statement.read")
@of_a_hub
def statement(request: HttpRequest, name: str) -> Any:
    """A statement: its versions, who answered what, comments, translations, quotes."""
    found = _state(request, name)
    return answers.statement(found, queries.register(), queries.quotes(request.user, found))


@router.get("/statements/{name}/difference", response=shapes.DifferenceSaid)
@asks("statement.read")
@of_a_hub
def difference(request: HttpRequest, name: str, before: int, after: int) -> Any:
    """Two versions as one text: what stayed, what went, what came."""
    versions = {one.number: one.text.decode() for one in _state(request, name).round.versions}
    if missing := [one for one in (before, after) if one not in versions]:
        raise NotFound("there is no version {number} of this statement", number=missing[0])
    pieces = statements.difference(versions[before], versions[after])
    return {
        "before": before,
        "after": after,
        "pieces": [{"kind": one.kind, "text": one.text} for one in pieces],
    }


class FileAsked(Schema):
    """``language``: of a translation; ``sha256``: of a quote."""

    language: Annotated[str, Query(max_length=3)] = ""
    sha256: Annotated[str, Query(max_length=64)] = ""


@router.get("/statements/{name}/files/{kind}")
@asks("statement.read")
@of_a_hub
def statement_file(
    request: HttpRequest,
    name: str,
    kind: Literal["text", "request", "calendar", "translation", "quote"],
    given: Query[FileAsked],
) -> HttpResponse:
    """A file of a statement: its exact text, its deadline as a calendar, or a request to members to sign, to approve a
    translation or a quote."""
    state, hub, base = _state(request, name), opened.current().name, invitations.file_name(name)
    current = state.round.current
    if kind == "text":
        return file(current.text, f"{base}.{current.number}.txt")
    if kind == "calendar":
        return file(invitations.calendar(state, desk_of(request).at, language_of(request)), f"{base}.ics")
    if kind == "request":
        return _request(requests.ask_sign_on(current, hub, state.round.deadline), f"{base}.{current.number}")
    if kind == "translation":
        found = state.translation(given.language)
        original = next((one for one in state.round.versions if found and one.digest == found.of), None)
        if found is not None and original is not None:
            return _request(requests.ask_translation(original, found, hub), f"{base}.{found.language}")
    quote = next((one for one in queries.quotes(request.user, state) if one.digest.hex == given.sha256), None)
    if kind == "quote" and quote is not None:
        return _request(requests.ask_quote(current, quote, hub), f"{base}.quote")
    raise NotFound("this statement has no such file")


@router.get("/statements/{name}/final/{form}")
@asks("statement.read")
@of_a_hub
def final_text(
    request: HttpRequest, name: str, form: Literal["html", "txt", "pdf"], language: str = ""
) -> HttpResponse:
    """The final text with its signatures, as a file that anybody can check."""
    state = _state(request, name)
    page = actions.final_text(desk_of(request), name, language)
    base = invitations.file_name(f"{name}.{language or state.round.current.language}")
    if form == "pdf":
        return file(statement_pdf(page, fonts()), f"{base}.pdf")
    written = final.statement_html if form == "html" else final.statement_text
    return file(written(page), f"{base}.{form}")


# Decisions


@router.get("/decisions", response=Page[shapes.DecisionSaid])
@asks("decision.read")
@of_a_hub
def decisions_(request: HttpRequest, page: PageNumber = 1) -> Any:
    """Questions to members, and what came of each."""
    at = desk_of(request).at
    return paged(queries.proposals(request.user), page, lambda row: answers.decision(queries.proposal(row), at))


def _proposal(request: HttpRequest, id_: str) -> decisions.Proposal:
    row = queries.proposals(request.user).filter(id=id_).first()
    if row is None:
        raise NotFound("there is no question of this id here")
    return queries.proposal(row)


@router.get("/decisions/{id_}", response=shapes.DecisionWhole)
@asks("decision.read")
@of_a_hub
def decision(request: HttpRequest, id_: str) -> Any:
    """One question: its words, who was asked, who said what, what follows."""
    return answers.decision_whole(_proposal(request, id_), queries.register(), desk_of(request).at)


@router.get("/decisions/{id_}/files/{kind}")
@asks("decision.read")
@of_a_hub
def decision_file(request: HttpRequest, id_: str, kind: Literal["request", "txt", "html"]) -> HttpResponse:
    """Minutes of a decision, or the request to members to take a position."""
    one, register, base = _proposal(request, id_), queries.register(), invitations.file_name(id_)
    if kind == "request":
        return _request(requests.ask_position(one, opened.current().name), base)
    names = {label: register[label].details.name for label in one.asked}
    written = decisions.minutes_html if kind == "html" else decisions.minutes_text
    return file(written(one, names, desk_of(request).at).encode(), f"{base}.{kind}")


# Demands, actions, States


@router.get("/demands", response=list[shapes.DemandSaid])
@asks("demand.read")
def demands(request: HttpRequest) -> Any:
    """Everything that is asked, criterion by criterion, with the events that its status rests on."""
    return [answers.demand(one) for one in advocacy.demands(request.user)]


@router.get("/demands/{id_}", response=shapes.DemandSaid)
@asks("demand.read")
def demand(request: HttpRequest, id_: str) -> Any:
    """One demand with its readings and the requests to be let in."""
    found = next((one for one in advocacy.demands(request.user) if one.id in (id_, f"demand.{id_}")), None)
    if found is None:
        raise NotFound("there is no demand of this id here")
    return answers.demand(found)


@router.get("/actions", response=shapes.ActionsSaid)
@asks("demand.read")
def actions_(request: HttpRequest) -> Any:
    """Members' actions, newest first, and pairs that may be one event."""
    return answers.actions(advocacy.actions(request.user), advocacy.open_proposals(request.user))


@router.get("/actions.ics")
@asks("demand.read")
def actions_calendar(request: HttpRequest) -> HttpResponse:
    """The actions as a calendar (iCalendar)."""
    on = desk_of(request).at.date()
    text = calendar(advocacy.standing(request.user), f"{opened.current().name}: actions", on)
    return file(text.encode(), "actions.ics")


@router.get("/actions/{id_}", response=shapes.ActionWhole)
@asks("demand.read")
def action(request: HttpRequest, id_: str) -> Any:
    """One action; for whoever may change it, how it stood before."""
    row = advocacy.entry(request.user, id_)
    found = next((one for one in advocacy.actions(request.user) if one.id == id_), None)
    if found is None and row is not None:
        found = stored.action(row)
    if found is None:
        raise NotFound("there is no action of this id here")
    joined = [one.id for one in advocacy.merges(request.user, id_)]
    history = [] if row is None else [answers.action_before(*one) for one in advocacy.before(row)]
    return {"action": answers.action(found), "joined": joined, "history": history}


@router.get("/states", response=shapes.StatesSaid)
@asks("demand.read")
def states(request: HttpRequest) -> Any:
    """Every State that something is known of, and all votes."""
    return {"states": advocacy.states(request.user), "votes": answers.votes(advocacy.votes(request.user))}


@router.get("/states/{code}", response=shapes.StateWhole)
@asks("demand.read")
def state(request: HttpRequest, code: str) -> Any:
    """One State: its votes, its commitments, what letters to it say, and contacts in a member's vault."""
    if code not in country_names():
        raise InvalidValue("{code!r} is no country code such as KR (ISO 3166-1)", code=code)
    user, on = request.user, desk_of(request).at.date()
    return {
        "state": code,
        "votes": answers.votes(advocacy.votes_of(user, code)),
        "commitments": [answers.commitment(stored.commitment(one)) for one in advocacy.commitments(user, code)],
        "paragraph": advocacy.paragraph(user, code),
        "contacts": [answers.contact(one) for one in advocacy.contacts(user, code, "own", on)],
    }
