"""Bundles are posted part by part, wait, and go: when their receiver has them, their sender takes them back, or after
a month. What lies here is encrypted for its receiver; the hub sees from whom, for whom, how large and when."""

import hashlib
import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.db import connection

from corroborate.coalition.memberships import Register
from corroborate.errors import InvalidValue, NotAllowed, StorageFull
from corroborate.translation import Sentence
from corroborate.values import Digest, new_id
from corroborate_node.coalition.campaign import queries as campaign
from corroborate_node.coalition.mailbox import models, queries
from corroborate_node.core.actors import System
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.opened import Vault
from corroborate_node.core.storing import storing

KIND = "posted"
LARGEST = 4 << 30  # bytes of one bundle
PART = 8 << 20  # bytes that come or go at once
MOST = 500  # bundles of one member that nobody took yet
QUOTA = 8 << 30  # bytes of them, and of what waits for one member
SPARE = 1 << 30  # bytes of the disk that stay free
KEPT = timedelta(days=30)
UNFINISHED = timedelta(days=3)  # that something stays of which parts are missing
BEGINS = b"age-encryption.org/v1\n"  # https://age-encryption.org/v1
PAUSE = 3600.0  # seconds between two looks at what is over
_WAYS = ("page mailbox", "api /mailbox")
_NOT_OURS = Sentence("nothing of this id lies in the mailbox from your organisation")


class WrongPlace(NotAllowed):
    """A part that does not follow what is here. ``here``: how many bytes are."""

    code, status = "wrong-place", 409


@act("mailbox.post", "mailbox.use", ways=_WAYS, of_effects=lambda made: [made.id])
def post(desk: Desk, to: str, size: int, sha256: str) -> models.Posted:
    """Announce a bundle for another member; its content follows, part by part.

    The same announcement again gives what was begun before. Raises InvalidValue,
    NotAllowed over a quota, StorageFull.
    """
    sender, digest = queries.member_of(desk), Digest(sha256).hex
    receiver = _receiver(desk, campaign.register(), sender, to)
    if not len(BEGINS) < size <= LARGEST:
        raise InvalidValue(
            "a bundle has {least} bytes at least, and {most} GB at most", least=len(BEGINS) + 1, most=LARGEST >> 30
        )
    before = models.Posted.objects.filter(
        sender=sender, receiver=receiver, digest=digest, size=size, taken=None
    ).first()
    if before is not None and queries.state(desk.vault, before) != "lost":
        return before
    _check_room(desk, sender, receiver, size)
    id_ = new_id(KIND, milliseconds=int(desk.at.timestamp() * 1000), randomness=desk.entropy(10))
    with storing():
        if before is not None:
            before.delete()
        made: models.Posted = models.Posted.objects.create(
            id=id_, sender=sender, receiver=receiver, size=size, digest=digest, at=desk.at, by=desk.by
        )
    return made


def _receiver(desk: Desk, register: Register, sender: str, to: str) -> str:
    found = campaign.checked_member(to)
    if found.id == sender:
        raise InvalidValue("this is your own organisation: the mailbox is for other members")
    on = desk.at.date()
    for one in (register[sender], register[found.id]):
        if one.left is not None and one.left <= on:
            raise NotAllowed("{name} left the coalition", name=one.details.name)
    if not campaign.has_representative(found.id):
        error = NotAllowed("nobody takes bundles here for {name}: it has no account at this hub", name=found.name)
        error.remedy = "Give it the bundle by another way: a stick, a mail, a shared folder."
        raise error
    return str(found.id)


def _check_room(desk: Desk, sender: str, receiver: str, size: int) -> None:
    many, sent, lies = queries.room_for(desk, sender, receiver)
    if many >= MOST or sent + size > QUOTA:
        error = NotAllowed(
            "{many} bundles of your organisation lie here untaken, with {size} MB in all; {most} and {room} MB are the "
            "most, and this one has {more} MB",
            many=many,
            size=sent >> 20,
            most=MOST,
            room=QUOTA >> 20,
            more=-(-size >> 20),
        )
        error.remedy = "Take back what is not needed any more, or ask the receivers to take theirs."
        raise error
    if lies + size > QUOTA:
        error = NotAllowed(
            "{size} MB wait for this member already, and {room} MB are the most", size=lies >> 20, room=QUOTA >> 20
        )
        error.remedy = "Ask it to take them, or give it the bundle by another way."
        raise error
    if shutil.disk_usage(desk.vault.folder).free < size + SPARE:
        raise StorageFull("there is not room enough on this hub for a bundle of {size} MB", size=size >> 20)


@act(
    "mailbox.fill",
    "mailbox.use",
    ways=_WAYS,
    of_effects=lambda made: [made.id],
    whole=False,
    worth=lambda made: made.came is not None,
)
def fill(desk: Desk, id_: str, start: int, content: bytes) -> models.Posted:
    """Add the next part of a bundle; with the last one it is compared with what was announced, and waits.

    Raises WrongPlace where ``start`` is not what is here already; InvalidValue for what is no encrypted bundle, or
    another than was announced: that is erased.
    """
    row, vault = _own(desk, id_), desk.vault
    if row.came is not None:
        return row
    if start == 0 and not content.startswith(BEGINS):
        if len(content) >= len(BEGINS) and not queries.here(vault, row):
            _forget(vault, [row])  # a file in the clear: nothing of it stays, its digest neither
        raise InvalidValue("this is no encrypted bundle (age): `corroborate exchange send` writes one")
    _append(vault, row, start, content)
    if queries.here(vault, row) < row.size:
        return row
    if _digest(vault, row) != row.digest:
        _forget(vault, [row])
        raise InvalidValue("what came is not what was announced, and was erased: post it again")
    with storing():
        models.Posted.objects.filter(pk=row.pk, came=None).update(came=desk.at)
    row.came = desk.at
    return row


def _own(desk: Desk, id_: str) -> models.Posted:
    sender = queries.member_of(desk)
    row: models.Posted | None = models.Posted.objects.filter(id=id_, sender=sender, taken=None).first()
    if row is None:
        raise InvalidValue(_NOT_OURS)
    return row


def _append(vault: Vault, row: models.Posted, start: int, content: bytes) -> None:
    """One part after another, though two programs send at once: whoever has the row's lock looks first."""
    with storing():
        if not list(models.Posted.objects.select_for_update().filter(pk=row.pk)):
            raise InvalidValue(_NOT_OURS)  # it was taken back meanwhile
        file, at = queries.file_of(vault, row.id), queries.here(vault, row)
        if start != at:
            raise WrongPlace("{here} bytes of it are here: go on from there", here=at)
        if at + len(content) > row.size or len(content) > PART:
            raise InvalidValue(
                "a part goes to the end of what was announced at most, and has {most} MB", most=PART >> 20
            )
        file.parent.mkdir(mode=0o700, exist_ok=True)
        with file.open("ab") as out:
            out.write(content)


def _digest(vault: Vault, row: models.Posted) -> str:
    with queries.file_of(vault, row.id).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def waits(desk: Desk, id_: str) -> Path:
    """Where a bundle for one's own organisation lies. Raises InvalidValue."""
    desk.require("mailbox.use")
    return queries.file_of(desk.vault, _for_us(desk, id_).id)


def part(desk: Desk, id_: str, start: int) -> bytes:
    """At most ``PART`` bytes of it, from ``start`` on. Raises InvalidValue."""
    with waits(desk, id_).open("rb") as file:
        file.seek(start)
        return file.read(PART)


def _for_us(desk: Desk, id_: str) -> models.Posted:
    receiver = queries.member_of(desk)
    row: models.Posted | None = models.Posted.objects.filter(id=id_, receiver=receiver).first()
    state = "" if row is None else queries.state(desk.vault, row)
    if row is None or state == "coming":
        raise InvalidValue("nothing of this id waits in the mailbox for your organisation")
    if state == "lost":
        raise InvalidValue("this hub was restored from a backup, and has it no more: ask its sender to post it again")
    if state == "taken":
        raise InvalidValue("your organisation has said that it has this one: it was erased here")
    return row


@act("mailbox.take", "mailbox.use", ways=_WAYS, objects=lambda id_: [id_])
def take(desk: Desk, id_: str) -> models.Posted:
    """Say that one's own organisation has a bundle: it is erased here. Raises InvalidValue."""
    row = _for_us(desk, id_)
    with storing():
        models.Posted.objects.filter(pk=row.pk).update(taken=desk.at)
    row.taken = desk.at
    queries.file_of(desk.vault, row.id).unlink(missing_ok=True)
    return row


@act("mailbox.take-back", "mailbox.use", ways=_WAYS, objects=lambda id_: [id_])
def take_back(desk: Desk, id_: str) -> None:
    """Erase what one's own organisation posted and nobody took yet. Raises InvalidValue."""
    _forget(desk.vault, [_own(desk, id_)])


@act("mailbox.clear", "mailbox.use", ways=("job mailbox",), of_effects=lambda gone: gone, worth=bool)
def clear(desk: Desk) -> list[str]:
    """Erase what lay here for a month, and what nobody finished posting; the ids."""
    old = models.Posted.objects.filter(at__lt=desk.at - KEPT)
    unfinished = models.Posted.objects.filter(came=None, at__lt=desk.at - UNFINISHED)
    rows = list((old | unfinished).order_by("id"))
    _forget(desk.vault, rows)
    known = {queries.file_of(desk.vault, one).name for one in models.Posted.objects.values_list("id", flat=True)}
    for file in (desk.vault.folder / "mailbox").glob("*.age"):  # of rows that a restored hub does not have
        if file.name not in known:
            file.unlink(missing_ok=True)
    return [one.id for one in rows]


def run(vault: Vault, at: datetime, _days: int) -> None:
    """Again and again while a hub is served, in a thread of its own, with a connection of its own, which is closed."""
    try:
        if vault.hub:
            clear(Desk(vault, System("mailbox"), at))
    finally:
        connection.close()


def _forget(vault: Vault, rows: Iterable[models.Posted]) -> None:
    rows = list(rows)
    with storing():
        models.Posted.objects.filter(pk__in=[one.pk for one in rows]).delete()
    for one in rows:
        queries.file_of(vault, one.id).unlink(missing_ok=True)
