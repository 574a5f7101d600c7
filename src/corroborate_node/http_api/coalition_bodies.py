"""What acts of the coalition take that has many parts: members, statements, decisions, demands, actions, States.

A program may say what the page of the same act may say, and no more: nothing here signs for a member, and nobody
stands as another than whoever sent it.
"""

import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from corroborate import coalition
from corroborate.coalition import (
    Access,
    Commitment,
    Contact,
    Reading,
    Vote,
    decisions,
    lifecycle,
    memberships,
    requests,
    statements,
)
from corroborate.coalition.countries import region_of
from corroborate.errors import InvalidValue
from corroborate.records import Audience, Consent, Use
from corroborate_node.coalition.advocacy import actions as advocacy
from corroborate_node.coalition.advocacy import queries as campaigning
from corroborate_node.coalition.campaign import actions, queries
from corroborate_node.core.desk import Desk
from corroborate_node.http_api.bodies import (
    Arguments,
    Body,
    Day,
    GivenFile,
    Line,
    Short,
    Strict,
    body,
)

Statement = Annotated[str, Field(min_length=1, max_length=statements.LARGEST_TEXT)]
Country = Annotated[str, Field(pattern=r"^([A-Z]{2})?$")]


def _id(desk: Desk, kind: str) -> str:
    return advocacy.identifier(kind, desk.at, desk.entropy)


# The register


class Details(Strict):
    """What the register says of a member."""

    name: Annotated[str, Field(max_length=300)]
    kind: Literal["organisation", "individual"] = "organisation"
    country: Country = ""
    region: Short = ""
    abbreviation: Short = ""
    languages: Annotated[tuple[Short, ...], Field(max_length=20)] = ()
    field_of_work: Short = ""
    site: Short = ""
    contact: Short = ""
    affiliation: Short = ""
    capacity: Literal["", "personal", "on behalf"] = ""
    also_called: Annotated[tuple[Line, ...], Field(max_length=memberships.MOST_NAMES)] = ()

    def value(self) -> memberships.Details:
        said = self.model_dump() | {"languages": tuple(self.languages), "also_called": tuple(self.also_called)}
        return memberships.Details(**(said | {"region": self.region or region_of(self.country)}))


class Admission(Strict):
    """``flag``: what a person is to look at before it counts as certain."""

    details: Details
    role: memberships.Role = "member"
    joined: Day
    founding: bool = False
    flag: Line = ""


@body(Admission)
def _admitted(_desk: Desk, given: Admission) -> Arguments:
    return {
        "details": given.details.value(),
        "role": given.role,
        "joined": given.joined,
        "founding": given.founding,
        "flag": given.flag,
    }


class Admissions(Strict):
    """Many members at once, all or none."""

    members: Annotated[list[Admission], Field(min_length=1, max_length=2_000)]


@body(Admissions)
def _all_admitted(_desk: Desk, given: Admissions) -> Arguments:
    each = [(one.details.value(), one.role, one.joined, one.founding, one.flag) for one in given.members]
    return {"given": each}


class DetailsCorrected(Strict):
    what: Literal["correct"]
    details: Details

    def event(self, label: str, desk: Desk) -> memberships.Event:
        return memberships.Corrected(label, self.details.value(), desk.at.date())


class KeyEnds(Strict):
    """The key was lost or stolen: it says nothing from today on."""

    what: Literal["end-key"]

    def event(self, label: str, desk: Desk) -> memberships.Event:
        return memberships.KeyEnded(label, desk.at.date())


class Leaves(Strict):
    what: Literal["leave"]
    on: date

    def event(self, label: str, _desk: Desk) -> memberships.Event:
        return memberships.Left(label, self.on)


class Returns(Strict):
    what: Literal["return"]

    def event(self, label: str, desk: Desk) -> memberships.Event:
        return memberships.Returned(label, desk.at.date())


class DoubtCleared(Strict):
    what: Literal["clear"]
    flag: Line

    def event(self, label: str, desk: Desk) -> memberships.Event:
        return memberships.FlagCleared(label, self.flag, desk.by)


class Steers(Strict):
    what: Literal["steering"]
    since: date
    until: date | None = None

    def event(self, label: str, _desk: Desk) -> memberships.Event:
        return memberships.Steering(label, self.since, self.until)


OnMember = DetailsCorrected | KeyEnds | Leaves | Returns | DoubtCleared | Steers


class MemberKept(Strict):
    """What happens to a member that one person may record: ``what`` says which. Whose key ends is written to."""

    member: Short
    event: Annotated[OnMember, Field(discriminator="what")]


@body(MemberKept, answer=lambda _given, one: {"member": one.id})
def _member_kept(desk: Desk, given: MemberKept) -> Arguments:
    return {"event": given.event.event(queries.checked_member(given.member).id, desk)}


# Statements


class NewDraft(Strict):
    """The next version of the text, in its own language."""

    what: Literal["draft"]
    text: Statement

    def event(self, desk: Desk, current: statements.Version) -> lifecycle.Event:
        text = statements.as_text(self.text)
        made = statements.Version(current.statement, current.number + 1, text, current.language)
        return lifecycle.Drafted(made)


class CommentResolved(Strict):
    what: Literal["resolve"]
    comment: Short

    def event(self, desk: Desk, _current: statements.Version) -> lifecycle.Event:
        return lifecycle.Resolved(self.comment, desk.by)


class RoundOpened(Strict):
    """Members are asked. ``embargo``: nothing is published before."""

    what: Literal["open"]
    deadline: AwareDatetime
    embargo: AwareDatetime | None = None
    grouping: lifecycle.Grouping = "country"

    def event(self, desk: Desk, _current: statements.Version) -> lifecycle.Event:
        embargo = None if self.embargo is None else _second(self.embargo)
        return lifecycle.Opened(desk.at, _second(self.deadline), embargo, self.grouping)


class DeadlineMoved(Strict):
    """To a later time only."""

    what: Literal["extend"]
    deadline: AwareDatetime

    def event(self, desk: Desk, _current: statements.Version) -> lifecycle.Event:
        return lifecycle.Extended(desk.at, _second(self.deadline))


class RoundClosed(Strict):
    what: Literal["close"]

    def event(self, desk: Desk, _current: statements.Version) -> lifecycle.Event:
        return lifecycle.Closed(desk.at)


class StatementPublished(Strict):
    what: Literal["publish"]

    def event(self, desk: Desk, _current: statements.Version) -> lifecycle.Event:
        return lifecycle.Published(desk.at)


class Translated(Strict):
    """The newest version in another language; unofficial for each member until it approves these bytes by its key."""

    what: Literal["translate"]
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
    translator: Short
    text: Statement

    def event(self, desk: Desk, current: statements.Version) -> lifecycle.Event:
        text = statements.as_text(self.text)
        made = lifecycle.Translation(self.language, text, self.translator, current.digest, desk.at)
        return lifecycle.Translated(made)


class QuotePutUp(Strict):
    """Words of a member's spokesperson; shown once the member approves them by its key."""

    what: Literal["quote"]
    member: Short
    spokesperson: Annotated[str, Field(max_length=300)]
    role: Short = ""
    words: Annotated[str, Field(max_length=20_000)]

    def event(self, _desk: Desk, _current: statements.Version) -> lifecycle.Event:
        words = statements.as_text(self.words).decode().strip()
        member = queries.checked_member(self.member).id
        return lifecycle.Quoted(lifecycle.Quote(member, self.spokesperson, self.role, words))


OnStatement = (
    NewDraft
    | CommentResolved
    | RoundOpened
    | DeadlineMoved
    | RoundClosed
    | StatementPublished
    | Translated
    | QuotePutUp
)


def _second(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)


class StatementCarried(Strict):
    """What happens to a statement: ``what`` says which."""

    name: Short
    event: Annotated[OnStatement, Field(discriminator="what")]


def _state(desk: Desk, name: str) -> lifecycle.Statement:
    found = queries.state(name, queries.register(), desk.at.date())
    if found is None:
        raise InvalidValue("there is no statement {name}", name=name)
    return found


@body(StatementCarried, answer=lambda given, _effects: {"statement": given["name"]})
def _carried(desk: Desk, given: StatementCarried) -> Arguments:
    return {"name": given.name, "event": given.event.event(desk, _state(desk, given.name).round.current)}


class Commented(Strict):
    """``version``: which one it is about; the newest, where nothing is said."""

    name: Short
    comment: Annotated[str, Field(max_length=lifecycle.LONGEST_COMMENT)]
    version: int | None = None


@body(Commented, answer=lambda given, _effects: {"comment": given["said"].id})
def _commented(desk: Desk, given: Commented) -> Arguments:
    number = _state(desk, given.name).round.current.number if given.version is None else given.version
    said = lifecycle.Comment(_id(desk, "comment"), number, desk.by, given.comment, desk.at)
    return {"name": given.name, "said": said}


class Suggested(Strict):
    """``passage``: words of the text, once in it; ``words``: others in their place, none to take it out. ``version``:
    the one that was read; the newest, where nothing is said."""

    name: Short
    passage: Annotated[str, Field(min_length=1, max_length=lifecycle.LONGEST_COMMENT)]
    words: Annotated[str, Field(max_length=lifecycle.LONGEST_COMMENT)] = ""
    why: Line = ""
    version: int | None = None


@body(Suggested, answer=lambda given, _effects: {"suggestion": given["one"].id})
def _suggested(desk: Desk, given: Suggested) -> Arguments:
    passage, words = (_as_in_text(each) for each in (given.passage, given.words))
    id_ = _id(desk, "suggestion")
    number = _state(desk, given.name).round.current.number if given.version is None else given.version
    one = lifecycle.Suggestion(id_, number, desk.by, passage, words, given.why, desk.at)
    return {"name": given.name, "one": one}


def _as_in_text(typed: str) -> str:
    """A passage in the form in which a text is put up."""
    return unicodedata.normalize("NFC", typed.replace("\r\n", "\n").strip("\n"))


class HandedIn(Strict):
    """Signed answers of members: single files, or ZIP files of them. Each proves itself."""

    files: Annotated[list[GivenFile], Field(min_length=1, max_length=1_000)]


@body(HandedIn)
def _handed_in(_desk: Desk, given: HandedIn) -> Arguments:
    return {"files": actions.unpack([(one.name, one.content) for one in given.files])}


# Decisions


class Proposed(Strict):
    """A question to members. All of them are asked, or the steering group by its rule."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$")]
    title: Short
    text: Annotated[str, Field(max_length=decisions.LONGEST_PROPOSAL)]
    rule: Literal["consensus", "majority", "steering"]
    objections: Annotated[int, Field(ge=0, le=10_000)] = 0
    quorum: Annotated[int, Field(ge=1, le=10_000)] = 1
    closes: AwareDatetime


@body(Proposed, answer=lambda given, _effects: {"id": given["one"].id})
def _proposed(desk: Desk, given: Proposed) -> Arguments:
    register, on = queries.register(), desk.at.date()
    keys, without = register.asked(on)
    asked = [label for label in register.members if label in keys or label in without]
    if given.rule == "steering":
        asked = [label for label in asked if register[label].on_steering(on)]
    rule = decisions.Rule(given.rule, given.objections, given.quorum)
    text = statements.as_text(given.text).decode()
    one = decisions.Proposal(
        given.id,
        given.title,
        text,
        tuple(asked),
        rule,
        desk.at,
        _second(given.closes),
        {},
        frozenset(label for label in asked if label in keys),
    )
    requests.Request.read(requests.ask_position(one, desk.vault.name).to_json())  # a name that cannot be asked
    return {"one": one}


class Heard(Strict):
    """A position that was heard in a meeting, of a member without a key. Nobody has one by default."""

    id: Short
    member: Short
    position: decisions.Position
    reason: Line = ""


@body(Heard)
def _heard(desk: Desk, given: Heard) -> Arguments:
    said = decisions.Said(given.member, given.position, given.reason, desk.at, recorded_by=desk.by)
    return {"id_": given.id, "said": said}


# Demands, actions, States


class PublicEvent(Strict):
    """A dated public event that the timeline does not hold, and where it is said."""

    on: Day
    what: Line
    source: Line


class Judged(Strict):
    """A reading of one criterion. ``evidence``: ids of the timeline's events; ``by``: who read it so."""

    demand: Short
    criterion: Short
    status: Short
    by: Short
    on: Day
    evidence: Annotated[tuple[Short, ...], Field(max_length=100)] = ()
    events: Annotated[tuple[PublicEvent, ...], Field(max_length=20)] = ()
    note: Line = ""


@body(Judged)
def _judged(_desk: Desk, given: Judged) -> Arguments:
    known = campaigning.events()
    if unknown := [one for one in given.evidence if one not in known]:
        raise InvalidValue("the timeline has no event {unknown!r}; GET /demands shows their ids", unknown=unknown[0])
    new = [advocacy.new_event(str(one.on), one.what, one.source) for one in given.events]
    evidence = (*(known[one] for one in given.evidence), *new)
    reading = Reading(given.status, given.by, given.on, evidence, given.note)
    return {"demand": given.demand, "criterion": given.criterion, "reading": reading}


class AccessAsked(Strict):
    """A request to be let in, and its answer."""

    demand: Short
    on: Day
    by: Short
    what: Line
    answer: Short
    source: Line


@body(AccessAsked)
def _access_asked(_desk: Desk, given: AccessAsked) -> Arguments:
    access = Access(given.on, given.by, given.what, given.answer, given.source)
    return {"demand": given.demand, "access": access}


class ActionGiven(Strict):
    """What one or several members did or do, under their own names."""

    kind: Short
    title: Short
    members: Annotated[list[Short], Field(min_length=1, max_length=100)]
    begins: date
    ends: date | None = None
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] = "en"
    country: Country = ""
    place: Short = ""
    demands: Annotated[tuple[Short, ...], Field(max_length=50)] = ()
    text: Line = ""
    address: Annotated[str, Field(pattern=r"^(https?://.*)?$", max_length=2_000)] = ""

    def value(self, id_: str) -> coalition.Action:
        return coalition.Action(
            id_,
            self.kind,
            self.title,
            tuple(self.members),
            self.begins,
            self.ends or self.begins,
            self.language,
            self.country,
            self.place,
            tuple(self.demands),
            self.text,
            self.address,
        )


class ActionChanged(ActionGiven):
    """The action as it is to be, whole."""

    id: Short


@body(ActionGiven, answer=lambda given, _effects: {"id": given["action"].id})
def _entered(desk: Desk, given: ActionGiven) -> Arguments:
    return {"action": given.value(_id(desk, "action"))}


@body(ActionChanged)
def _changed(_desk: Desk, given: ActionChanged) -> Arguments:
    return {"action": given.value(given.id)}


class VoteGiven(Strict):
    state: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    body: Short
    resolution: Short
    on: Day
    vote: Short
    source: Line


class VotesTaken(Strict):
    """Votes of States, all or none."""

    votes: Annotated[list[VoteGiven], Field(min_length=1, max_length=20_000)]


@body(VotesTaken)
def _votes(_desk: Desk, given: VotesTaken) -> Arguments:
    votes = [Vote(one.state, one.body, one.resolution, one.on, one.vote, one.source) for one in given.votes]
    once = {(one.state, one.resolution): one for one in votes}
    if differs := [one for one in votes if once[one.state, one.resolution] != one]:
        raise InvalidValue(
            "{state} stands here twice on {resolution}", state=differs[0].state, resolution=differs[0].resolution
        )
    return {"votes": list(once.values())}


class Committed(Strict):
    """What a State said it would do."""

    state: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    what: Line
    on: Day
    source: Line
    demand: Short = ""
    kept: Literal["open", "kept", "broken"] = "open"


@body(Committed)
def _committed(_desk: Desk, given: Committed) -> Arguments:
    said = Commitment(given.state, given.what, given.on, given.source, given.demand, given.kept)
    return {"commitment": said}


class ContactKept(Strict):
    """A person, and what that person allowed. ``keep``: to be kept here; ``coalition``: other members may know."""

    state: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    name: Short
    role: Short = ""
    reach: Short = ""
    keep: bool
    coalition: bool = False
    until: date | None = None


@body(ContactKept, answer=lambda given, _effects: {"id": given["contact"].id})
def _contact(desk: Desk, given: ContactKept) -> Arguments:
    consents: Sequence[Consent] = ()
    if given.keep:
        consents = [_allowed(desk, _id(desk, "source"), "coalition" if given.coalition else "own", given)]
    contact = Contact(_id(desk, "contact"), given.state, given.name, given.role, given.reach, tuple(consents))
    return {"contact": contact, "on": desk.at.date()}


def _allowed(desk: Desk, source: str, audience: Audience, given: ContactKept) -> Consent:
    uses: frozenset[Use] = frozenset({"hold", "name"}) if given.coalition else frozenset({"hold"})
    return Consent(
        _id(desk, "consent"), source, uses, audience, desk.at.date(), given.until, subject=source, right="self"
    )


COALITION_BODIES: dict[str, Body] = {
    "member.admit": _admitted,
    "members.admit": _all_admitted,
    "member.keep": _member_kept,
    "statement.carry": _carried,
    "statement.comment": _commented,
    "statement.suggest": _suggested,
    "note.hand-in": _handed_in,
    "decision.propose": _proposed,
    "decision.hear": _heard,
    "demand.judge": _judged,
    "access.log": _access_asked,
    "action.enter": _entered,
    "action.change": _changed,
    "votes.take": _votes,
    "commitment.record": _committed,
    "contact.keep": _contact,
}
