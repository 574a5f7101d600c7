"""What a vault does with a hub's requests: keeps them until they are answered, and answers under the member's key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from corroborate.coalition import packets
from corroborate.coalition.packets import Packet
from corroborate.errors import InputRefused, InvalidValue
from corroborate_node.coalition.campaign import models
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import may


@dataclass(frozen=True, slots=True)
class Asked:
    """What a hub asked of this member: when it came, and what was answered, if anything was."""

    id: str  # SHA-256 of the request
    packet: Packet
    received: datetime
    answered: datetime | None = None
    choice: str = ""
    approved: tuple[int, ...] = ()  # places among the packet's others
    answer: bytes = b""  # the file that goes back

    @property
    def about(self) -> tuple[str, ...]:
        """What it is about: a later request about the same takes its place."""
        first = self.packet.first
        return (
            self.packet.sender,
            first.kind,
            *(first.fields.get(key, "") for key in ("statement", "subject")),
            first.fields.get("proposal", ""),
            first.fields.get("key", ""),
            first.fields.get("name", ""),
            first.fields.get("spokesperson", ""),
            first.fields["language"] if first.kind == "translation" else "",
        )


@act("request.receive", "answer.sign", ways=("page sign", "command statement"), of_effects=lambda one: [one.id])
def receive(desk: Desk, content: bytes) -> Asked:
    """Keep a hub's request until it is answered; one that is here already stays as it is. Raises InputRefused."""
    packet = Packet.read(content)
    stream = f"request/{packet.digest.hex}"
    if not models.Happened.objects.filter(stream=stream, what="Received").exists():
        body = {"content": packet.to_json().decode()}
        models.Happened.objects.create(stream=stream, what="Received", body=body, by=desk.by, at=desk.at)
    return asked(packet.digest.hex)


@act(
    "request.answer",
    "answer.sign",
    ways=("page sign", "command statement"),
    objects=lambda id_, *_: [id_],
    kind="export",
)
def answer(desk: Desk, id_: str, choice: str, approved: Sequence[int], reason: str = "") -> bytes:
    """Answer a request that is here, under this member's own key: one file of all its answers, which leaves."""
    one = asked(id_)
    notes = packets.answers(desk.vault.signer, one.packet, choice, approved, desk.at, reason)
    file = packets.write_answers(notes)
    body = {"choice": choice, "approved": list(approved), "answer": file.decode()}
    models.Happened.objects.create(stream=f"request/{id_}", what="Answered", body=body, by=desk.by, at=desk.at)
    return file


def asked(id_: str) -> Asked:
    """One request. Raises InvalidValue for none, and for one that shows other words than it asks to sign."""
    rows = list(models.Happened.objects.filter(stream=f"request/{id_}").order_by("id"))
    found = _read(rows) if rows else None
    if found is None:
        raise InvalidValue("there is no such request here")
    return found


def requests(user: Any) -> tuple[Asked, ...]:
    """Every request that came, the newest first; none for who may not answer."""
    if not may(user, "answer.sign"):
        return ()
    by_id: dict[str, list[models.Happened]] = {}
    for row in models.Happened.objects.filter(stream__startswith="request/").order_by("id"):
        by_id.setdefault(row.stream, []).append(row)
    return tuple(one for rows in reversed(by_id.values()) if (one := _read(rows)) is not None)


def waiting(user: Any) -> tuple[Asked, ...]:
    """Requests without an answer, but for those whose place a later one took."""
    found: dict[tuple[str, ...], Asked] = {}
    for one in requests(user):
        found.setdefault(one.about, one)
    return tuple(one for one in found.values() if one.answered is None)


def how_many_wait(user: Any) -> int:
    return len(waiting(user))


def answered_before(user: Any, one: Asked) -> Asked | None:
    """What was answered last about the same statement, on another text: by which a reader sees what changed."""
    return next(
        (
            each
            for each in requests(user)
            if each.answered is not None and each.about == one.about and each.packet.first.text != one.packet.first.text
        ),
        None,
    )


def _read(rows: Sequence[models.Happened]) -> Asked | None:
    """None for one that an earlier version took in and this one refuses: nobody is to answer it."""
    first, last = rows[0], rows[-1]
    try:
        packet = Packet.read(first.body["content"].encode())
    except InputRefused:
        return None
    found = Asked(first.stream.removeprefix("request/"), packet, first.at)
    if last.what != "Answered":
        return found
    return Asked(
        found.id,
        packet,
        first.at,
        last.at,
        last.body["choice"],
        tuple(last.body["approved"]),
        last.body["answer"].encode(),
    )
