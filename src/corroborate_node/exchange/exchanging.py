"""Bundles that this vault sends and takes in, and what they tell of logs on the way.

Each one carries the newest checkpoints that we hold of every log, and how our own went on from each size that others
may hold. Who receives one compares: two checkpoints of one size at once, two of different sizes when the log's owner
shows the steps between them. A log's owner that does not show them is an open question, and an alarm.
"""

import io
from collections.abc import Collection, Sequence
from contextlib import nullcontext
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
    compare,
    new_file,
    request_for,
    write_package,
)
from corroborate.custody.keys import KeyHistory
from corroborate.errors import InvalidValue, NotAllowed, NotVerified
from corroborate.exchange import (
    Address,
    Bundle,
    Receipt,
    pass_bundle,
    read_address,
    read_bundle,
    read_receipt,
    signed,
)
from corroborate.translation import Sentence
from corroborate.values import Digest, new_id
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.opened import Vault
from corroborate_node.core.storing import storing
from corroborate_node.exchange import inbox, pairs, recalls
from corroborate_node.log import actions, models, queries
from corroborate_node.release import giving
from corroborate_node.release.making import about

STEPS = 64  # earlier sizes of our own log from which a bundle shows the way


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A bundle that was taken in, the receipt for its sender, how many alarms it raised, and what is to be said of its
    place among its sender's. ``double``: it came before, and nothing was done again."""

    bundle: Bundle
    receipt: bytes
    alarms: int
    said: tuple[Sentence, ...] = ()
    double: bool = False
    records: str = ""  # id of the bundle, where records in it wait in the inbox
    files: tuple[str, ...] = ()  # those that lie, or can be put, in a folder
    kept: Path | None = None  # where they lie as they came, encrypted, to be unpacked later


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
    found = read_address(note, queries.present())
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
def send(
    desk: Desk,
    to: Sequence[str],
    release: int | None = None,
    forms: Sequence[str] = ("json",),
    *,
    out: Path | None = None,
) -> bytes:
    """A bundle for some members, by the names of their logs: a release in some forms, with what we hold of everybody's
    checkpoints, and the recalls that all of them are to have; without a release these alone. It is written into the
    file ``out`` while it is made, and never held whole, where one is given: then nothing is given back.

    The log is signed first, so that what goes is within what others can check. Raises NotAllowed for a release that is
    for others than these members, and where this vault may not sign.
    """
    vault, at, entropy = desk.vault, desk.at, desk.entropy
    queries.check_present(to)
    addresses = {row.origin: row.key for row in models.Address.objects.filter(origin__in=to)}
    if unknown := sorted(set(to) - set(addresses)):
        error = InvalidValue("no address of {listed} is known here", listed=", ".join(unknown))
        error.remedy = (
            "Take in the note that `corroborate exchange address` wrote there: corroborate exchange meet FILE."
        )
        raise error
    _signed_first(desk)
    notes = recalls.waiting(list(addresses))
    files = recalls.files(notes) | ({} if release is None else giving.files(desk, release, forms, to))
    id_ = new_id("bundle", milliseconds=int(at.timestamp() * 1000), randomness=entropy(10))
    places = {origin: pairs.next_place(origin) for origin in addresses}
    to_keys = {addresses[origin]: place for origin, place in places.items()}
    gossip, size = (queries.to_gossip(vault), steps(vault)), queries.log_size()
    made = io.BytesIO()
    with new_file(out) if out is not None else nullcontext(made) as file:
        digest = pass_bundle(file, files, vault.signer, to_keys, at, id_, *gossip)
        with storing():
            for origin, place in places.items():
                models.Carried.objects.create(
                    bundle=id_,
                    direction="out",
                    other=origin,
                    digest=str(digest),
                    files=len(files),
                    at=at,
                    number=place.number,
                    before=place.before,
                    log=size,
                    made=at,
                )
                recalls.told(notes, origin, id_, at)
                if release is not None:
                    giving.record(desk, release, "bundle", digest.hex, origin)
    return made.getvalue()


def _signed_first(desk: Desk) -> None:
    """What was recorded since the log was signed last could be changed in silence: nobody holds a checkpoint over it.
    A vault that may not sign sends nothing either. Raises NotAllowed, VaultDamaged, StorageFull."""
    try:
        actions.checkpoint(desk.system("bundles"))
    except NotAllowed as error:
        refused = NotAllowed("nothing is sent, for the log cannot be signed first: {error}", error=error.sentence)
        raise refused.advising(error.remedy) from error


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
def receive(desk: Desk, content: bytes | Path, *, into: Path | None = None) -> TakenIn:
    """Open a bundle, hear its checkpoints, and note that it came. A file is never held whole.

    Its files are written to the new folder ``into``; without one the bundle stays in the inbox as it came, encrypted,
    and can be opened later. Records never go into a folder: they wait in the inbox (:mod:`inbox`). What its sender
    takes back is erased here, and the receipt says so. Raises NotVerified for one of nobody we know, for others,
    changed, or a copy with the id of another; then nothing was heard and nothing written.
    """
    digest = str(inbox.digest_of(content))
    key = models.ExchangeKey.objects.order_by("-id").first()
    if key is None:
        raise NotVerified("nobody has an address of this vault yet: corroborate exchange address")
    came = models.Carried.objects.filter(direction="in")
    again = came.filter(digest=digest).first()
    seen = set(came.exclude(digest=digest).values_list("other", "bundle"))
    bundle = _opened(content, key.secret, digest, seen, again is not None)
    if again is not None:
        now = _unpack_once(desk.vault, bundle, into, again, desk.at)
        receipt = Receipt(bundle.id, Digest(digest), desk.at, recalls.answers_of(bundle))
        told, here = (pairs.came_before(again, unpacked=now),), tuple(_to_unpack(bundle))
        return TakenIn(bundle, signed(receipt, desk.vault.signer), 0, told, double=True, files=here)
    pairs.refuse_a_gap(bundle)
    handed, kept_as = inbox.records_in(bundle, desk.vault), inbox.kept_as(bundle)
    with storing():
        row = _carried(bundle, digest, desk.at, opened=into is not None)
        raised, said = pairs.arrived(row, desk.at)
        raised += actions.hear(desk, bundle.checkpoints, bundle.sender)
        raised += hear_steps(desk, bundle.steps, bundle.checkpoints, bundle.sender)
        obeyed = recalls.obey(desk, bundle, queries.histories()[bundle.sender].keys)
        parcel = inbox.came(desk, bundle, digest, handed, kept_as) if handed is not None else None
        waits = parcel is not None and parcel.state == inbox.WAITING
        # last: where the disk has no room, nothing of this came
        unpacked = into is not None and _unpacked(bundle, into)
        files = _to_unpack(bundle)
        if waits or (parcel is None and not unpacked and files):
            inbox.keep(desk.vault, kept_as, content)
    receipt = Receipt(bundle.id, Digest(digest), desk.at, obeyed.answers)
    records = kept_as if waits else ""
    return TakenIn(
        bundle,
        signed(receipt, desk.vault.signer),
        raised,
        (*said, *obeyed.said),
        False,
        records,
        tuple(files),
        inbox.file_of(desk.vault, kept_as) if files and parcel is None and not unpacked else None,
    )


def _opened(content: bytes | Path, secret: str, digest: str, seen: Collection[tuple[str, str]], again: bool) -> Bundle:
    """A bundle, checked with the keys of members.

    One that was on its way while its sender changed its key as planned is signed with the key of before. Whoever has
    that key may have made it since, and dated it back. So it is taken in once a later bundle, under the key of now,
    names it as the one before; until then it is refused, and nothing of it is lost. Under a key that was revoked
    nothing is taken in.
    """
    today, replaced = list(queries.present().values()), queries.replaced()
    bundle = read_bundle(content, secret, [*today, *replaced], seen, inbox.READ)
    if again or bundle.key not in replaced or pairs.named_later(bundle.sender, digest):
        return bundle
    error = NotVerified(
        "the bundle is signed with a key that {sender} has replaced, so whoever has that key may have made it since: "
        "nothing of it was taken in yet",
        sender=bundle.sender,
    )
    error.remedy = Sentence(
        "Keep it. The next bundle of {sender} names it; take that one in, and then this one. {sender} can send one at "
        "once, with nothing in it: corroborate exchange send FILE --to US.",
        sender=bundle.sender,
    )
    raise error


def _carried(bundle: Bundle, digest: str, at: datetime, *, opened: bool) -> models.Carried:
    row: models.Carried = models.Carried.objects.create(
        bundle=bundle.id,
        direction="in",
        other=bundle.sender,
        digest=digest,
        files=len(bundle.files) + len(bundle.large),
        at=at,
        number=bundle.place.number if bundle.place else None,
        before=bundle.place.before if bundle.place else "",
        log=pairs.shown_size(bundle, queries.standing_keys(bundle.sender)),
        made=bundle.at,
        opened=at if opened else None,
    )
    return row


def _to_unpack(bundle: Bundle) -> list[str]:
    """Files that may lie in a folder. Records never do: they wait in the inbox, and go where they were taken back."""
    paths = {*bundle.files, *bundle.large}
    return sorted(path for path in paths if path != giving.RECORDS and not path.startswith(recalls.FOLDER))


def _unpacked(bundle: Bundle, into: Path) -> bool:
    """Write the files of a bundle into a new folder; not where it has none."""
    paths = _to_unpack(bundle)
    if paths:
        write_package(into, bundle.contents(paths))
    return bool(paths)


def _unpack_once(vault: Vault, bundle: Bundle, into: Path | None, row: models.Carried, at: datetime) -> bool:
    """A bundle that came again is unpacked where it was only kept before, and never a second time."""
    now = into is not None and row.opened is None and _unpacked(bundle, into)
    if now:
        models.Carried.objects.filter(pk=row.pk).update(opened=at)
        inbox.keep_no_longer(vault, inbox.kept_as(bundle))
    return now


@act("bundle.receipt", "bundle.receive", ways=("command exchange",))
def take_receipt(desk: Desk, note: bytes) -> tuple[str, Receipt]:
    """Note that a bundle of ours came, and what its receiver did with the recalls in it. NotVerified for another
    member's receipt, or one of other bytes."""
    by, found = read_receipt(note, queries.present(), queries.replaced())
    sent = models.Carried.objects.filter(bundle=found.bundle, direction="out", other=by, digest=str(found.digest))
    with storing():
        if not sent.update(received=found.at):
            raise NotVerified("no bundle {bundle} of these bytes went to {by}", bundle=found.bundle, by=by)
        recalls.take_answers(found, note, by)
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
        ways = {one.old: one for one in requests if _of(one.note, origin, history)}
        shown = (note for note in notes if origin == by and _of(note, origin, history))
        newest = max(shown, key=_size, default=b"")
        for row in _held(origin, history) if ways or newest else []:
            way = ways.get(row.size)
            if way is None and newest and 0 < row.size < _size(newest):
                way = Request(row.size, (), newest)
            if way is not None:
                raised += _judge(row, compare(bytes(row.note), way.note, way.proof, history.keys), by, desk.at)
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


def _held(origin: str, history: KeyHistory) -> list[models.Heard]:
    """What we cosigned last of a log, and what we heard of it and could not compare yet."""
    seen = queries.seen(origin)
    rows = list(models.Heard.objects.filter(origin=origin, compared=False))
    rows += [models.Heard(size=seen.size, note=seen.note)] if seen.note else []
    return [row for row in rows if queries.of_its_time(history, bytes(row.note))]


def _of(note: bytes, origin: str, history: KeyHistory) -> bool:
    """Whether a note is a checkpoint of that log, signed by it with a key of that time."""
    parsed = Note.parse(note)
    known = Checkpoint.parse(parsed.text).origin == origin and bool(parsed.check(history.keys))
    return known and queries.of_its_time(history, note)


def _size(note: bytes) -> int:
    return Checkpoint.parse(Note.parse(note).text).size
