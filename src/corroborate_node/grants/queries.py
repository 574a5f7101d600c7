"""What a member sees of grants: their state, who saw what when, and what waits for an answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from corroborate.client import shapes
from corroborate.disclosure import GrantState
from corroborate.errors import CorroborateError
from corroborate_node.core.desk import Desk
from corroborate_node.core.models import Line, Touched
from corroborate_node.core.queries import may, visible
from corroborate_node.core.rooms import Waiting
from corroborate_node.core.wording import Words
from corroborate_node.grants import granting, reading
from corroborate_node.grants.models import Grant, Question

ROOM = "grants"
MOST_LISTED = 100  # ids that a line of what was seen names


@dataclass(frozen=True, slots=True)
class Seen:
    """One page that a reader saw, or a file that they took along."""

    at: datetime
    what: str  # name of the page
    kind: str  # view, act, export, refused
    ids: tuple[str, ...]  # of what it showed
    number: int  # of them

    def as_json(self) -> shapes.GrantSeen:
        return {
            "at": self.at.isoformat(),
            "what": self.what,
            "kind": self.kind,
            "number": self.number,
            "records": list(self.ids),
        }


def seen_lines(desk: Desk, row: Grant) -> QuerySet[Line]:
    """What the reader of a grant saw and did, the newest first. Raises NotAllowed."""
    desk.require("grant.read")
    about = Touched.objects.filter(line=OuterRef("pk"), object=f"grant/{row.number}")
    return Line.objects.filter(Exists(about), actor="investigator").order_by("-at", "-id").prefetch_related("touched")


def as_seen(lines: Iterable[Line]) -> list[Seen]:
    """The same as values, each without the grant itself."""
    found = []
    for one in lines:
        ids = [each.object for each in one.touched.all() if not each.object.startswith("grant/")]
        found.append(Seen(one.at, one.what, one.kind, tuple(ids[:MOST_LISTED]), max(one.number - 1, 0)))
    return found


def questions(user: Any, row: Grant) -> list[Question]:
    """What the reader of a grant asked, the newest first."""
    return list(visible(user, Question).filter(grant=row).order_by("-id"))


def asked_under(row: Grant) -> list[Question]:
    """What was asked under a grant, for its own reader; the newest first."""
    return list(Question.objects.filter(grant=row).order_by("-id"))


def state_now(desk: Desk, row: Grant) -> tuple[GrantState, CorroborateError | None]:
    """What a grant is today, and, where its release may not go, why."""
    first = granting.state_of(row, desk.at.date(), True)
    if first not in ("open", "early"):
        return first, None
    found = reading.standing(desk, row)
    return ("closed", found) if isinstance(found, CorroborateError) else (first, None)


def state_at_a_glance(desk: Desk, row: Grant) -> GrantState:
    """The same for a list: whether consents still hold is not asked anew of each."""
    stands = row.erased is None and (row.release.until is None or row.release.until >= desk.at.date())
    return granting.state_of(row, desk.at.date(), stands)


def as_json(desk: Desk, row: Grant, state: GrantState) -> shapes.GrantSaid:
    """A grant as programs read it."""
    return {
        "grant": row.number,
        "id": row.id,
        "release": row.release.number,
        "reader": row.reader,
        "body": row.release.body,
        "purpose": row.purpose,
        "case": row.release.case,
        "begins": row.begins.isoformat(),
        "until": row.until.isoformat(),
        "download": row.download,
        "state": state,
        "needs_second": row.needs_second,
        "made_by": row.made_by,
        "at": row.at.isoformat(),
        "confirmed_by": row.confirmed_by or None,
        "revoked": None if row.revoked is None else row.revoked.isoformat(),
        "revoked_by": row.revoked_by or None,
    }


def question_json(one: Question) -> shapes.GrantQuestion:
    return {
        "question": one.pk,
        "item": one.item,
        "text": one.text,
        "at": one.at.isoformat(),
        "answer": one.answer or None,
        "answered": None if one.answered is None else one.answered.isoformat(),
        "answered_by": one.answered_by or None,
    }


def waits(user: Any, language: str) -> Iterable[Waiting]:
    """Questions that nobody answered yet, and grants that nobody confirmed; asked with one question, for Today."""
    words, unanswered = Words(language, ROOM), Question.objects.filter(grant=OuterRef("pk"), answered=None)
    rows = visible(user, Grant).filter(revoked=None, erased=None).annotate(asked=Exists(unanswered))
    unconfirmed = Q(needs_second=True, confirmed=None)
    for row in rows.filter(unconfirmed | Q(asked=True)).order_by("number")[:20]:
        about = (f"/grants/{row.number}", row.reader, row.at.date())
        if row.asked and may(user, "grant.answer"):
            yield Waiting(words["asks"], *about)
        if not row.asked and may(user, "grant.confirm"):
            yield Waiting(words["to_confirm"], *about)


__all__ = [
    "Seen",
    "as_json",
    "as_seen",
    "asked_under",
    "question_json",
    "questions",
    "seen_lines",
    "state_at_a_glance",
    "state_now",
    "waits",
]
