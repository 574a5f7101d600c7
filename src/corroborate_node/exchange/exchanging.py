"""Bundles that this vault sends and takes in, and what they tell of logs on the way.

Each one carries the newest checkpoints that we hold of every log, and how our own went on from each size that others
may hold. Who receives one compares: two checkpoints of one size at once, two of different sizes when the log's owner
shows the steps between them. A log's owner that does not show them is an open question, and an alarm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyrage

from corroborate.custody import (
    Checkpoint,
    Note,
    Request,
    SplitView,
    Suspect,
    Verifier,
    compare,
    request_for,
    write_file,
    write_package,
)
from corroborate.errors import InvalidValue, NotAllowed, NotVerified
from corroborate.exchange import (
    Address,
    Bundle,
    Receipt,
    read_address,
    read_bundle,
    read_receipt,
    signed,
    write_bundle,
)
from corroborate.values import Digest, new_id
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.opened import Vault
from corroborate_node.core.storing import storing
from corroborate_node.log import actions, models, queries
from corroborate_node.release import giving
from corroborate_node.release.making import about

STEPS = 64  # earlier sizes of our own log from which a bundle shows the way


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A bundle that was taken in, the receipt for its sender, and how many alarms its checkpoints raised."""

    bundle: Bundle
    receipt: bytes
    alarms: int


@act("bundle.address", "bundle.receive", ways=("command exchange",))
def address(desk: Desk) -> bytes:
    """Where others send bundles for this vault: a signed note, with an age key that is made the first time."""
    vault, at = desk.vault, desk.at
    with storing():
        row = models.ExchangeKey.objects.order_by("-id").first()
        if row is None:
            made = pyrage.x25519.Identity.generate()
            row = models.ExchangeKey.objects.create(secret=str(made), public=str(made.to_public()), at=at)
    return signed(Address(vault.signer.name, row.public, row.at), vault.signer)


@act("bundle.meet", "bundle.receive", ways=("command exchange",))
def meet(desk: Desk, note: bytes) -> Address:
    """Keep a member's address. NotVerified unless its log's key signed it; NotAllowed when a newer one is here."""
    found = read_address(note, queries.members())
    before = models.Address.objects.filter(origin=found.origin).first()
    if before is not None and before.at > found.at:
        raise NotAllowed(
            "a newer address of {origin} is here already, of {at:%Y-%m-%d}", origin=found.origin, at=before.at
        )
    with storing():
        models.Address.objects.update_or_create(
            origin=found.origin, defaults={"key": found.key, "note": note, "at": found.at}
        )
    return found


def _sent(to: Sequence[str], release: int | None = None, *_: object, **__: object) -> list[str]:
    return [*to, *(about(release) if release is not None else ())]


@act("bundle.send", ways=("command exchange",), objects=_sent, kind="export", whole=False)
def send(desk: Desk, to: Sequence[str], release: int | None = None, forms: Sequence[str] = ("json",)) -> bytes:
    """A bundle for some members, by the names of their logs: a release in some forms, with what we hold of everybody's
    checkpoints; without a release the checkpoints alone.

    Raises NotAllowed for a release that is for others than these members.
    """
    vault, at, entropy = desk.vault, desk.at, desk.entropy
    addresses = {row.origin: row.key for row in models.Address.objects.filter(origin__in=to)}
    if unknown := sorted(set(to) - set(addresses)):
        error = InvalidValue("no address of {listed} is known here", listed=", ".join(unknown))
        error.remedy = (
            "Take in the note that `corroborate exchange address` wrote there: corroborate exchange meet FILE."
        )
        raise error
    files = {} if release is None else giving.files(desk, release, forms, to)
    id_ = new_id("bundle", milliseconds=int(at.timestamp() * 1000), randomness=entropy(10))
    keys, told = list(addresses.values()), queries.to_gossip(vault)
    content = write_bundle(files, vault.signer, keys, at, id_, told, steps(vault))
    digest = str(Digest.of(content))
    with storing():
        for origin in addresses:
            models.Carried.objects.create(
                bundle=id_, direction="out", other=origin, digest=digest, files=len(files), at=at
            )
            if release is not None:
                giving.record(desk, release, "bundle", Digest.of(content).hex, origin)
    return content


def steps(vault: Vault) -> list[bytes]:
    """From each size of our log that somebody may hold, the proof to our newest checkpoint; and the steps by which
    another log was found to have two histories, so that everybody can follow them.
    """
    newest, note = queries.newest()
    split = models.Alarm.objects.filter(kind="split view", settled=None).exclude(proof=[]).order_by("-id")[:STEPS]
    found = [actions.split_view_of(row) for row in split]
    told = [request_for(one.newer, _size(one.older), one.proof) for one in found]
    if newest is None:
        return told
    ours = models.Checkpoint.objects.filter(size__gt=0, size__lt=newest.size).order_by("-size")
    heard = models.Heard.objects.filter(origin=newest.origin, size__gt=0, size__lt=newest.size).order_by("-id")
    sizes = {*heard.values_list("size", flat=True)[:STEPS], *ours.values_list("size", flat=True)[:STEPS]}
    tree = queries.tree(vault, newest.size)
    return told + [request_for(note, size, tree.consistency(size)) for size in sorted(sizes)]


@act("bundle.receive", ways=("command exchange",), whole=False)
def receive(desk: Desk, content: bytes, *, into: Path | None = None) -> TakenIn:
    """Open a bundle, hear its checkpoints, and note that it came.

    Its files are written to the new folder ``into``; without one the bundle stays in the inbox as it came, encrypted,
    and can be opened later. Raises NotVerified for one of nobody we know, for others, changed, or a copy with the id
    of another; then nothing was heard and nothing written.
    """
    vault, at = desk.vault, desk.at
    members, digest = queries.members(), str(Digest.of(content))
    key = models.ExchangeKey.objects.order_by("-id").first()
    if key is None:
        raise NotVerified("nobody has an address of this vault yet: corroborate exchange address")
    came = models.Carried.objects.filter(direction="in")
    again = came.filter(digest=digest).exists()
    seen = set(came.exclude(digest=digest).values_list("bundle", flat=True))
    bundle = read_bundle(content, key.secret, list(members.values()), seen)
    if into is not None:
        write_package(into, bundle.files)
    else:
        write_file(vault.folder / "inbox" / f"{bundle.id}.age", content)
    raised = 0
    if not again:
        with storing():
            models.Carried.objects.create(
                bundle=bundle.id, direction="in", other=bundle.sender, digest=digest, files=len(bundle.files), at=at
            )
            raised = actions.hear(desk, bundle.checkpoints, bundle.sender)
            raised += hear_steps(desk, bundle.steps, bundle.checkpoints, bundle.sender)
    return TakenIn(bundle, signed(Receipt(bundle.id, Digest(digest), at), vault.signer), raised)


@act("bundle.receipt", "bundle.receive", ways=("command exchange",))
def take_receipt(desk: Desk, note: bytes) -> tuple[str, Receipt]:
    """Note that a bundle of ours came. NotVerified for another member's receipt, or one of other bytes."""
    by, found = read_receipt(note, queries.members())
    sent = models.Carried.objects.filter(bundle=found.bundle, direction="out", other=by, digest=str(found.digest))
    with storing():
        if not sent.update(received=found.at):
            raise NotVerified("no bundle {bundle} of these bytes went to {by}", bundle=found.bundle, by=by)
    return by, found


def hear_steps(desk: Desk, steps: Sequence[bytes], notes: Sequence[bytes], by: str) -> int:
    """Steps from older checkpoints to newer ones, against each checkpoint that we hold; how many alarms they raised.

    A step that leads from our checkpoint's size to the newer root, and not from our checkpoint's root, is proof of two
    histories, whoever tells of it. The log's owner, and nobody else, can be asked for steps: none from a size that we
    hold is an open question, until a later bundle answers it.
    """
    requests = [Request.parse(one) for one in steps]
    raised = actions.hear(desk, {one.note for one in requests}, by)
    for origin, history in queries.histories().items():
        keys = history.keys
        ways = {one.old: one for one in requests if _of(one.note, origin, keys)}
        shown = (note for note in notes if origin == by and _of(note, origin, keys))
        newest = max(shown, key=_size, default=b"")
        for row in _held(origin) if ways or newest else []:
            way = ways.get(row.size)
            if way is None and newest and 0 < row.size < _size(newest):
                way = Request(row.size, (), newest)
            if way is not None:
                raised += _judge(row, compare(bytes(row.note), way.note, way.proof, keys), by, desk.at)
    return raised


def _judge(row: models.Heard, effect: SplitView | Suspect | None, by: str, at: datetime) -> int:
    """Store what a step showed of one checkpoint that we hold: whether it raised an alarm."""
    origin = Checkpoint.parse(Note.parse(bytes(row.note)).text).origin
    asked = models.Alarm.objects.filter(kind="open question", about=origin, settled=None, older=bytes(row.note))
    if isinstance(effect, Suspect):
        if origin != by or asked.exists():
            return 0
        return int(actions.carry_out(effect, at))
    asked.update(settled=at, how=f"{by} showed the steps between the two in a bundle")
    if row.pk is not None:
        models.Heard.objects.filter(pk=row.pk).update(compared=True)
    return int(effect is not None and actions.carry_out(effect, at))


def _held(origin: str) -> list[models.Heard]:
    """What we cosigned last of a log, and what we heard of it and could not compare yet."""
    seen = queries.seen(origin)
    rows = list(models.Heard.objects.filter(origin=origin, compared=False))
    return [*rows, models.Heard(size=seen.size, note=seen.note)] if seen.note else rows


def _of(note: bytes, origin: str, keys: Sequence[Verifier]) -> bool:
    """Whether a note is a checkpoint of that log, signed by it."""
    parsed = Note.parse(note)
    return Checkpoint.parse(parsed.text).origin == origin and bool(parsed.check(keys))


def _size(note: bytes) -> int:
    return Checkpoint.parse(Note.parse(note).text).size
