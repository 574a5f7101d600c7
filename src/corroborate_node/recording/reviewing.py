"""A draft and its second person: submitted, read, sent back with what is to be mended, approved, sealed.

Until it is sealed every step can be undone, and nothing of it is a record. Whoever wrote it never approves it, and what
was approved is sealed as it was read, or not at all.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any

from corroborate.errors import InvalidValue, NotAllowed
from corroborate.importers.by_hand import ROWS, Entry, Reading
from corroborate.records import Term
from corroborate.translation import Sentence
from corroborate.values import JSON, canonical
from corroborate_node.core import accounts, persons
from corroborate_node.core.actors import Account
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk, cases_of
from corroborate_node.core.queries import in_cases
from corroborate_node.core.storing import storing
from corroborate_node.recording import actions, forms, queries
from corroborate_node.recording.models import Draft, Submitted
from corroborate_node.recording.reading import read_typed
from corroborate_node.records import cases as filing
from corroborate_node.records import entering, remarks
from corroborate_node.records.models import Remark

SUBMITTED, RETURNED, APPROVED = "submitted", "returned", "approved"
_PLACE = re.compile(rf"({'|'.join(ROWS)})-(\d{{1,3}})")
_OTHERWISE = {  # how far a draft is that cannot be gone on with as somebody asked
    SUBMITTED: Sentence("nobody has approved {id} yet: another person reads it first"),
    RETURNED: Sentence("{id} went back to whoever wrote it: it is mended, and submitted again, first"),
    APPROVED: Sentence("{id} is approved already: seal it, or take the approval back first"),
}
_ACT_ROW = re.compile(r"(act|missing) (\d+)\b")  # how the subject that a row of acts became is keyed
_OWN, _PAGE = "page record-entry", "page review-draft"
_COMMAND = "command drafts"


def entry_of(desk: Desk, typed: Mapping[str, Any]) -> Entry:
    """What was typed, as it can be recorded. Raises InvalidValue with every problem, and for a name that may be that of
    somebody who is here while nobody has said whether it is."""
    entry = read_whole(desk, typed)
    people = [row for _, row in forms.rows_of(typed) if row.get("kind") != "group" and not row.get("known")]
    named = {one.strip() for row in people for one in str(row.get("names", "")).replace("；", ";").split(";")}
    if undecided := sorted(name for name, found in queries.alike(desk, filter(None, named)).items() if found):
        raise InvalidValue(
            "there are people here who may be {names}: give the id of each as `known`, or `new`",
            names=", ".join(undecided),
        )
    return entry


def read_whole(desk: Desk, typed: Mapping[str, Any]) -> Entry:
    """The same; whoever is not said to be somebody who is here is somebody new."""
    return _whole(typed, desk.at.date())


def _whole(typed: Mapping[str, Any], on: date) -> Entry:
    reading = _reading(typed, on)
    if reading.entry is None:
        problems = "\n".join(str(one) for one in reading.problems)
        raise InvalidValue("it cannot be recorded yet.\n{problems}", problems=problems)
    return reading.entry


def _reading(typed: Mapping[str, Any], on: date) -> Reading:
    people = [
        {name: value for name, value in row.items() if (name, value) != ("known", forms.NEW)}
        for _, row in forms.rows_of(typed)
    ]
    plain = {part: value for part, value in typed.items() if part != "case"}
    return read_typed({**plain, "people": people}, on)


def digest_of(draft: Draft, on: date | None = None) -> str:
    """Of all that is read before it is approved: what was typed, what that means by the words that this vault was
    taught, which is what will be sealed, and the files beside it. ``on``: the day it is read, today by default."""
    files: list[JSON] = [[one.name, one.address, one.passages] for one in queries.files(draft)]
    entry = _reading(draft.typed, on or datetime.now(UTC).date()).entry
    return hashlib.sha256(canonical({"typed": draft.typed, "entry": _told(entry), "files": files})).hexdigest()


def _told(value: object) -> JSON:
    """An entry as it is digested: each field by name, sets in an order of their own."""
    if is_dataclass(value):
        return {one.name: _told(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, frozenset | set):
        return [*sorted(str(one) for one in value)]
    if isinstance(value, tuple | list):
        return [_told(one) for one in value]
    return value if value is None or isinstance(value, bool) else str(value)


def understood(draft: Draft, on: date) -> dict[str, tuple[str, ...]]:
    """By row of acts (``acts-0``): the acts that its words mean here, by their terms, as they will be sealed."""
    entry = _reading(draft.typed, on).entry
    found: dict[str, list[str]] = {}
    for subject in entry.subjects if entry is not None else ():
        for one in subject.said:
            if isinstance(one.value, Term) and (row := _ACT_ROW.match(subject.key)) is not None:
                part = {"act": "acts"}.get(row[1], row[1])
                found.setdefault(f"{part}-{int(row[2]) - 1}", []).append(one.value.id)
    return {place: tuple(dict.fromkeys(terms)) for place, terms in found.items()}


# --- by whoever wrote it ----------------------------------------------------------------------------------------------


def _of(draft: Any, *_: object, **__: object) -> list[str]:
    return [draft if isinstance(draft, str) else draft.id]


@act("draft.submit", "record.enter", ways=(_OWN, _COMMAND), objects=_of)
def submit(desk: Desk, draft: Draft, reviewer: str = "") -> str:
    """Hand a draft to a second person, or to one of some name; its id. It can be recorded as it stands, and is not
    changed while somebody reads it. Raises InvalidValue."""
    actions.open_to_change(draft)
    if actions.is_of_two(draft.id):
        raise NotAllowed("this is one of two codings of its source: say that it is done, and the two are compared")
    actions.not_coding_apart(desk, draft)
    entry = entry_of(desk, draft.typed)
    actions.of_its_source(draft, entry.told.known)
    entering.all_here(desk, entry)
    case = _case_of(desk, draft)
    row = Submitted.objects.filter(draft=draft).first() or Submitted(draft=draft)
    row.state, row.at, row.case_id = SUBMITTED, desk.at, case or None
    row.approved = row.approved_by = None
    row.digest = ""
    if reviewer.strip():
        row.reviewer = _second(row, draft, reviewer)
    row.save()
    return draft.id


def _case_of(desk: Desk, draft: Draft) -> str:
    """In which open case the records of a draft of a new source are to be filed; a source that is here stays where it
    is. Raises InvalidValue for a case that whoever submits it does not see, NotAllowed where one has to be named."""
    said = draft.typed.get("case") or ""
    if draft.source_id:
        return ""
    if not said:
        if cases_of(desk.actor) is not None:
            raise NotAllowed("your account sees some cases only: say in which of them these records belong")
        return ""
    return filing.open_now(desk, [str(said)])[0]


def _second(row: Submitted, draft: Draft, name: str) -> Any:
    """The account that is to read a draft. Raises InvalidValue for its author, or for who may not or sees it not."""
    user = accounts.known(name)
    if user.pk == draft.user_id:
        raise InvalidValue("nobody reviews what they wrote themselves: name another account")
    if user.get_username() not in accounts.who_may("draft.approve", row.case_id):
        raise InvalidValue("{name} may not review this draft: by its roles, or by the cases it sees", name=name.strip())
    return user


@act("draft.retract", "record.enter", ways=(_OWN, _PAGE, _COMMAND), objects=_of)
def retract(desk: Desk, draft: str) -> str:
    """Take an own draft back from review: it is a draft as before, and what was said of it stays beside it."""
    if not Submitted.objects.filter(draft__in=queries.drafts(desk).filter(id=draft)).delete()[0]:
        raise InvalidValue("no draft {id} of yours waits for review", id=draft)
    return draft


# --- by the second person ---------------------------------------------------------------------------------------------


def waiting(desk: Desk, draft: str, *states: str) -> Submitted:
    """A draft that was submitted, in one of some states. Raises InvalidValue for none that somebody sees."""
    rows = in_cases(desk, Submitted).select_related("draft", "draft__user", "reviewer", "approved_by")
    row: Submitted | None = rows.filter(draft_id=draft).first()
    if row is None:
        raise InvalidValue("no draft {id} waits for that here: somebody may have been quicker", id=draft)
    if row.state not in states:
        raise InvalidValue(_OTHERWISE[row.state], id=draft)
    return row


@act("draft.assign", "draft.review", ways=(_PAGE, _COMMAND), objects=_of)
def assign(desk: Desk, draft: str, reviewer: str = "") -> str:
    """Say who is to read a draft; nobody in particular without a name. Raises InvalidValue."""
    row = waiting(desk, draft, SUBMITTED, RETURNED)
    row.reviewer = _second(row, row.draft, reviewer) if reviewer.strip() else None
    row.save(update_fields=["reviewer"])
    return draft


@act("draft.return", "draft.review", ways=(_PAGE, _COMMAND), objects=_of)
def send_back(desk: Desk, draft: str, request: str, place: str = "") -> str:
    """Send a draft back to whoever wrote it, with what is to be mended. ``place``: the row that it is about."""
    row = waiting(desk, draft, SUBMITTED, APPROVED)
    _not_the_author(desk, row)
    remark(desk, draft, request, place, asks=True)
    row.state, row.approved, row.approved_by, row.digest = RETURNED, None, None, ""
    row.save(update_fields=["state", "approved", "approved_by", "digest"])
    return draft


@act("draft.approve", ways=(_PAGE, _COMMAND), objects=_of)
def approve(desk: Desk, draft: str, looked: str) -> str:
    """Approve a draft as the second person. ``looked``: the digest of what was read. Raises NotAllowed for whoever
    wrote it or is behind who did, InvalidValue where it changed since or somebody asked for more."""
    row = waiting(desk, draft, SUBMITTED)
    can_read(desk, row)
    if digest_of(row.draft, desk.at.date()) != looked:
        raise InvalidValue("it was changed since you read it: load the page again, and read what changed")
    if any(one.asks and one.settled is None for one in remarks.of_draft(draft)):
        raise InvalidValue("something that was asked to be mended is not settled: settle it, or send the draft back")
    row.state, row.approved, row.approved_by_id, row.digest = APPROVED, desk.at, _account(desk), looked
    row.save(update_fields=["state", "approved", "approved_by", "digest"])
    return draft


def can_read(desk: Desk, row: Submitted) -> None:
    """Raises NotAllowed for whoever is no second person to a draft: its author, who is behind them, anybody but the one
    it was given to."""
    _not_the_author(desk, row)
    persons.second(desk, row.draft.user.get_username())
    if row.reviewer is not None and row.reviewer.get_username() != desk.by:
        raise NotAllowed(
            "this draft is for {name} to read: assign it to yourself first", name=row.reviewer.get_username()
        )


@act("draft.approve-undo", "draft.approve", ways=(_PAGE, _COMMAND), objects=_of)
def disapprove(desk: Desk, draft: str) -> str:
    """Take an own approval back, while nothing is sealed. Raises InvalidValue, NotAllowed."""
    row = waiting(desk, draft, APPROVED)
    if row.approved_by_id != _account(desk):
        raise NotAllowed("whoever approved it takes that back; you may send it back with what is to be mended")
    row.state, row.approved, row.approved_by, row.digest = SUBMITTED, None, None, ""
    row.save(update_fields=["state", "approved", "approved_by", "digest"])
    return draft


def _account(desk: Desk) -> int:
    if not isinstance(desk.actor, Account):
        raise NotAllowed("whoever reviews does it under an account: add --as ACCOUNT")
    return desk.actor.id


def _not_the_author(desk: Desk, row: Submitted) -> None:
    if row.draft.user_id == _account(desk):
        raise NotAllowed("nobody reviews what they wrote themselves: another person is needed")


# --- sealed -----------------------------------------------------------------------------------------------------------


@act(
    "draft.seal",
    ways=(_PAGE, _COMMAND),
    objects=_of,
    of_effects=lambda done: [done.id, done.source, *done.entities.values()][:200],
)
def seal(desk: Desk, draft: str) -> entering.Recorded:
    """Seal a draft that a second person approved: it becomes records, told as whoever wrote it recorded them. From then
    on it is corrected by a new claim alone. Raises InvalidValue where it is not what was approved."""
    row = waiting(desk, draft, APPROVED)
    if row.approved is None or row.approved_by is None or digest_of(row.draft, row.approved.date()) != row.digest:
        raise InvalidValue("this is not what was approved: take it back, and submit it again")
    reading = entering.Reading(row.draft.user.get_username(), row.approved_by.get_username(), row.approved)
    open_cases = filing.open_now(desk, [row.case_id] if row.case_id else [])
    with storing():
        done = actions.recorded(
            desk, row.draft, _whole(row.draft.typed, row.approved.date()), open_cases, by=reading.author
        )
        entering.reviewed(desk, done.id, reading)
    return done


# --- said of it -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """A remark by its id, and the draft that it is of."""

    id: str
    draft: str


@act("draft.remark", "record.remark", ways=(_PAGE, _COMMAND), objects=_of)
def remark(desk: Desk, draft: str, text: str, place: str = "", to: str = "", *, asks: bool = False) -> Said:
    """Say something of a draft that was submitted, or of one row of it (``acts-0``: the first act)."""
    row = waiting(desk, draft, SUBMITTED, RETURNED, APPROVED)
    if place and not _is_row(row.draft.typed, place):
        raise InvalidValue("the draft has no row {place!r}: acts-0 is its first act", place=place)
    return Said(remarks.written(desk, text, draft=draft, place=place, to=to, asks=asks).id, draft)


def _is_row(typed: Mapping[str, Any], place: str) -> bool:
    found = _PLACE.fullmatch(place)
    return found is not None and int(found[2]) < len(typed.get(found[1], []))


@act("draft.settle", "record.remark", ways=(_OWN, _PAGE, _COMMAND), objects=_of)
def settle(desk: Desk, draft: str, remark: str, *, again: bool = False) -> Said:
    """Say that a remark of a draft is settled. ``again``: it is open again. Raises InvalidValue."""
    if not queries.drafts(desk).filter(id=draft).exists():
        waiting(desk, draft, SUBMITTED, RETURNED, APPROVED)
    return Said(remarks.settled(desk, Remark.objects.filter(id=remark, draft=draft), again=again).id, draft)


__all__ = ["approve", "assign", "disapprove", "remark", "retract", "seal", "send_back", "settle", "submit"]
