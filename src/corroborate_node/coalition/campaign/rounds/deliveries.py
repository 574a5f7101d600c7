"""What the secretariat does on the page of a round, and what a delivery of answers did, undone again."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from corroborate.coalition import lifecycle, memberships
from corroborate.errors import InvalidValue, NotAllowed
from corroborate_node.coalition.campaign import actions, mailing, models, queries
from corroborate_node.coalition.campaign.rounds.lines import opened_stream
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk

_DAY = (1980, 1, 1, 0, 0, 0)  # of every file in the ZIP: what it holds says when


@act("statement.look", "statement.read", ways=("page statement",), worth=bool, whole=False, standing_back=True)
def look(desk: Desk, name: str, member: str, version: int) -> bool:
    """That whoever acts for a member opened a version of a text, where that is new."""
    stream, body = opened_stream(name), {"member": member, "version": version}
    if any(row.body == body for row in models.Happened.objects.filter(stream=stream)):
        return False
    models.Happened.objects.create(stream=stream, what="Opened", body=body, by=desk.by, at=desk.at)
    return True


@act(
    "requests.download",
    "reminder.send",
    ways=("page round",),
    objects=lambda name, **_: [f"statement/{name}"],
    kind="export",
)
def download(desk: Desk, name: str, *, everybody: bool = False, language: str = "en") -> bytes:
    """A ZIP with a folder for each member that is still asked, or for ``everybody``: letter, request or sheet, text,
    calendar. For sending by hand; the history keeps for whom it was taken. Raises NotAllowed when no round is open."""
    register = queries.register()
    state = _state(desk, name, register)
    made = mailing.letters(state, register, desk.at, language, everybody=everybody)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in made:
            whole = mailing.with_sheet(one, state, register, language)
            letter = f"{one.address}\n{one.subject}\n\n{one.body}\n".lstrip("\n").encode()
            for inside, content in (("letter.txt", letter), *whole.attached):
                archive.writestr(zipfile.ZipInfo(f"{one.member}/{inside}", _DAY), content)
    body = [{"member": one.member} for one in made]
    models.Happened.objects.create(stream=f"statement/{name}", what="Downloaded", body=body, by=desk.by, at=desk.at)
    return file.getvalue()


def _state(desk: Desk, name: str, register: memberships.Register) -> lifecycle.Statement:
    found = queries.state(name, register, desk.at.date())
    if found is None:
        raise InvalidValue("there is no statement {name}", name=name)
    return found


# A delivery


@dataclass(frozen=True, slots=True)
class Delivery:
    """Answers that were handed in at once: by whom, when, and what became of each."""

    id: str
    by: str
    at: datetime
    outcomes: tuple[actions.Outcome, ...]
    undone: bool

    @property
    def counted(self) -> int:
        return sum(not one.refused for one in self.outcomes)


def deliveries(desk: Desk) -> tuple[Delivery, ...]:
    """What was handed in last: by whoever looks, or by anybody for the secretariat; newest first."""
    rows = models.Happened.objects.filter(stream__startswith="delivery/", what="Delivered").order_by("-id")
    if not desk.may("statement.carry"):
        rows = rows.filter(by=desk.by)
    return tuple(_delivery(row) for row in rows[:20])


def delivery(desk: Desk, id_: str) -> Delivery:
    """Raises InvalidValue for none that whoever looks may see."""
    row = models.Happened.objects.filter(stream=f"delivery/{id_}", what="Delivered").first()
    if row is None or not (desk.may("statement.carry") or row.by == desk.by):
        raise InvalidValue("there is no delivery {id}", id=id_)
    return _delivery(row)


def _delivery(row: models.Happened) -> Delivery:
    undone = models.Happened.objects.filter(stream=row.stream, what="Undone").exists()
    outcomes = tuple(actions.Outcome(**one) for one in row.body)
    return Delivery(row.stream.removeprefix("delivery/"), row.by, row.at, outcomes, undone)


@act("delivery.undo", "note.hand_in", ways=("page hand-in",), objects=lambda id_: [id_])
def undo(desk: Desk, id_: str) -> tuple[actions.Outcome, ...]:
    """Take back what a delivery did, note by note; what became of each.

    Only whoever handed it in, and only what makes a member silent again: with a note taken back nobody is made to say
    what it does not say. A withdrawal, a word that stands in the place of an earlier one, and what somebody else handed
    in as well stay: who was a little faster does not unsay what a member sends by itself.
    """
    found = delivery(desk, id_)
    if found.by != desk.by:
        raise NotAllowed("only {by}, who handed this in, takes it back", by=found.by)
    if found.undone:
        raise NotAllowed("this delivery was taken back already")
    also = _handed_in_by_others(found)
    outcomes = tuple(
        _undone(desk, one, also.get(one.note, "")) for one in found.outcomes if not one.refused and one.fresh
    )
    if not any(not one.refused for one in outcomes):
        raise NotAllowed("nothing of this delivery can be taken back: {why}", why=_why(outcomes))
    body = [{"file": one.file, "refused": one.refused} for one in outcomes]
    models.Happened.objects.create(stream=f"delivery/{id_}", what="Undone", body=body, by=desk.by, at=desk.at)
    return outcomes


def _why(outcomes: Sequence[actions.Outcome]) -> str:
    return next((one.refused for one in outcomes), "it changed nothing")


def _handed_in_by_others(found: Delivery) -> dict[str, str]:
    """Notes that another account handed in after a delivery, each with whose that is. They changed nothing then, since
    they were here already, and are that account's word that they are meant."""
    rows = models.Happened.objects.filter(stream__startswith="delivery/", what="Delivered").order_by("id")
    here = rows.get(stream=f"delivery/{found.id}")
    later = rows.filter(id__gt=here.id).exclude(by=found.by)
    return {one["note"]: row.by for row in later for one in row.body if one["note"] and not one["refused"]}


def _undone(desk: Desk, one: actions.Outcome, also: str) -> actions.Outcome:
    try:
        if also and actions.acts_for(desk) != one.member:  # its own account unsays what it said itself
            raise NotAllowed("{also} handed this in as well: it stays", also=also)
        actions.take_back(desk, one)
    except NotAllowed as error:
        return replace(one, refused=str(error))
    return one
