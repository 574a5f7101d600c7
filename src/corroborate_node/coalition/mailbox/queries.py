"""What lies in the mailbox: for a member, its own; for the secretariat, sizes and times alone."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum

from corroborate.coalition.memberships import Membership
from corroborate.errors import InvalidValue, NotAllowed
from corroborate_node.coalition.campaign.queries import register, represented
from corroborate_node.coalition.mailbox import models
from corroborate_node.core import persons
from corroborate_node.core.accounts import user_of
from corroborate_node.core.desk import Desk
from corroborate_node.core.opened import Vault
from corroborate_node.core.queries import in_cases, may, visible
from corroborate_node.core.rooms import Waiting as Today
from corroborate_node.core.wording import Words

ROOM = "coalition.mailbox"


def file_of(vault: Vault, id_: str) -> Path:
    return vault.folder / "mailbox" / f"{id_}.age"


def here(vault: Vault, row: models.Posted) -> int:
    """How many bytes of it came and are here. The file says it: a program that stops leaves no other truth."""
    file = file_of(vault, row.id)
    return file.stat().st_size if file.exists() else 0


def member_of(desk: Desk) -> str:
    """The member for which an account uses the mailbox. Raises NotAllowed."""
    found = represented(user_of(desk.actor))
    if found is None:
        raise NotAllowed("the mailbox is for accounts that act for a member: they alone post and take bundles")
    if not persons.own_person(desk):  # who made it could take, and erase, what is a member's
        raise NotAllowed(
            "nobody has vouched for this account yet: let somebody who did not make it say on the page Vouch that its "
            "own person holds it"
        )
    return found


def of_member(who: Any, member: str) -> QuerySet[models.Posted]:
    """What a member sent and what is for it, the newest first, for whoever acts for it."""
    return in_cases(who, models.Posted).filter(Q(sender=member) | Q(receiver=member)).order_by("-at", "-id")


def one(who: Any, member: str, id_: str) -> models.Posted:
    """Raises InvalidValue where there is none of this id that is this member's."""
    row: models.Posted | None = of_member(who, member).filter(id=id_).first()
    if row is None:
        raise InvalidValue("nothing of this id lies in the mailbox for your organisation")
    return row


def waits(user: Any, language: str) -> Iterable[Today]:
    """What somebody who may take them finds on *Today*: that bundles wait for the member."""
    member = represented(user)
    if member is None or not (may(user, "mailbox.use") and persons.vouched(user.get_username())):
        return
    rows = visible(user, models.Posted).filter(receiver=member, taken=None).exclude(came=None)
    found = rows.aggregate(many=Count("id"), since=Min("came"))
    if found["many"]:
        yield Today(Words(language, ROOM)["waits"], "/mailbox", str(found["many"]), found["since"].date())


def state(vault: Vault, row: models.Posted) -> str:
    """coming, waiting, taken; or lost: it came, and a restored hub has it no more."""
    if row.taken is not None:
        return "taken"
    if row.came is None:
        return "coming"
    return "waiting" if here(vault, row) == row.size else "lost"


@dataclass(frozen=True, slots=True)
class Line:
    """A bundle as one of its two members sees it. ``ours``: that it sent it; ``other``: the other one's name."""

    id: str
    ours: bool
    other: str
    size: int
    here: int
    sha256: str
    state: str
    at: datetime
    taken: datetime | None


def lines(desk: Desk, member: str, rows: Iterable[models.Posted]) -> list[Line]:
    """Bundles of one member, each with the other's name."""
    members = register().members
    return [_line(desk.vault, row, row.sender == member, members) for row in rows]


def _line(vault: Vault, row: models.Posted, ours: bool, members: Mapping[str, Membership]) -> Line:
    label = row.receiver if ours else row.sender
    other = members[label].details.name if label in members else label
    came = row.size if row.taken is not None else here(vault, row)
    return Line(row.id, ours, other, row.size, came, row.digest, state(vault, row), row.at, row.taken)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits for one member: sizes and times, and nothing of what or from whom."""

    member: str
    name: str
    many: int
    bytes: int
    since: datetime


def waiting(who: Any) -> Iterator[Waiting]:
    """By member, for whoever keeps the register."""
    if not may(who, "member.keep"):
        return
    rows = visible(who, models.Posted).filter(taken=None).exclude(came=None)
    names = register().members
    for found in rows.values("receiver").annotate(many=Count("id"), bytes=Sum("size"), since=Min("came")):
        member = found["receiver"]
        name = names[member].details.name if member in names else member
        yield Waiting(member, name, found["many"], found["bytes"], found["since"])


def room_for(desk: Desk, sender: str, receiver: str) -> tuple[int, int, int]:
    """How many bundles of the sender are not taken yet, their bytes, and the bytes that wait for the receiver."""
    rows = models.Posted.objects.filter(taken=None)
    sent = rows.filter(sender=sender).aggregate(many=Count("id"), size=Sum("size"))
    lies = rows.filter(receiver=receiver).aggregate(size=Sum("size"))
    return int(sent["many"]), int(sent["size"] or 0), int(lies["size"] or 0)
