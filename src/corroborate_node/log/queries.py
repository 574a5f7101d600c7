"""Who sees what of the witnesses. Functions with a user give nothing without one; the others serve the owner."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet

from corroborate.custody import (
    COSIGNATURE_V1,
    Checkpoint,
    Log,
    Note,
    Policy,
    Seat,
    Seen,
    TileTree,
    Tree,
    Verifier,
    Watched,
    leaf_hash,
    policy_of,
)
from corroborate.custody.enrolment import Enrolment
from corroborate.custody.keys import KeyChange, KeyHistory, is_change
from corroborate.custody.roster import Roster
from corroborate.errors import InvalidValue, NotAllowed
from corroborate_node.core.opened import Vault
from corroborate_node.core.queries import visible
from corroborate_node.log import models

KEPT = 200  # rows of a list on a page


def alarms(user: Any) -> QuerySet[models.Alarm]:
    """Open ones first, the newest first."""
    return visible(user, models.Alarm).order_by("settled", "-id")


def entries(user: Any) -> QuerySet[models.LogEntry]:
    """Entries of the log, the newest first."""
    return visible(user, models.LogEntry).order_by("-index")


def last_checkpoint(user: Any) -> models.Checkpoint | None:
    """The newest checkpoint with what cosigned it."""
    found: models.Checkpoint | None = visible(user, models.Checkpoint).order_by("-size").first()
    return found


def acts_for(user: Any, origin: str) -> bool:
    """Whether an account acts for the organisation behind a log, by its name in the register, its voice or its key."""
    member = getattr(getattr(user, "representative", None), "member", None)
    if member is None:
        return False
    row = models.Member.objects.filter(origin=origin).first()
    names = {origin, *(() if row is None else (row.organisation, row.voice))}
    return bool({_folded(one) for one in names} & {_folded(one) for one in (member.name, member.key.split("+")[0])})


def _folded(name: str) -> str:
    return re.sub(r"[\s+-]+", "-", unicodedata.normalize("NFKC", name).strip()).casefold()


def open_alarms(user: Any) -> int:
    return int(visible(user, models.Alarm).filter(settled=None).count())


def board(user: Any, own: str) -> list[dict[str, Any]]:
    """The witness board: each member, what we cosigned of it, and its last cosignature of ours."""
    members = visible(user, models.Member).exclude(origin=own).order_by("organisation")[:KEPT]
    seen = {row.origin: row for row in visible(user, models.WatchedLog)}
    ours = _last_cosignatures(user)
    open_ = visible(user, models.Heard).filter(compared=False).values_list("origin", flat=True)
    heard = {origin: list(open_).count(origin) for origin in set(open_)}
    return [
        {"member": member, "seen": seen.get(member.origin), "ours": ours.get(member.origin),
         "heard": heard.get(member.origin, 0)}
        for member in members
    ]  # fmt: skip


def _last_cosignatures(user: Any) -> dict[str, tuple[int, Any]]:
    """By witness: the size of our newest checkpoint that it cosigned, and its time. The newest 50 are looked at."""
    keys = [seat.key for seat in seats()]
    found: dict[str, tuple[int, Any]] = {}
    for row in visible(user, models.Checkpoint).order_by("-size")[:50]:
        for key, at in Note.parse(bytes(row.note)).check(keys).items():
            found.setdefault(key.name, (row.size, at))
    return found


def fixity(user: Any) -> models.Fixity | None:
    found: models.Fixity | None = visible(user, models.Fixity).order_by("-id").first()
    return found


def tokens(user: Any) -> QuerySet[models.Token]:
    return visible(user, models.Token).order_by("-size", "id")


def signing_halt(user: Any) -> models.SigningHalt | None:
    found: models.SigningHalt | None = visible(user, models.SigningHalt).first()
    return found


# For everybody, who is told nothing that is not signed and handed out anyhow


def cosigned_logs() -> QuerySet[models.WatchedLog]:
    """The newest checkpoint that this witness cosigned of each log."""
    return models.WatchedLog.objects.all()


# For whoever may see the record, which the caller has asked


def entries_of(record: str) -> QuerySet[models.LogEntry]:
    """Entries of the log about one record."""
    return models.LogEntry.objects.filter(record=record)


# For the owner, who opened the vault with its passphrase


def roster() -> tuple[Enrolment, ...]:
    """Who sits in the coalition today, each with the key that it has today."""
    return whole_roster().present


def whole_roster() -> Roster:
    """All seats, with every key each had, and who left. What is stored was checked when it came in."""
    found = Roster()
    for row in models.Member.objects.order_by("at", "origin"):
        found = found.replayed(bytes(row.note))
    for change in models.KeyNote.objects.order_by("id"):
        if change.origin in found.members:
            found = found.replayed(bytes(change.note))
    return found


def histories() -> dict[str, KeyHistory]:
    """By log: its keys, of seats that were given up too."""
    return {origin: one.history for origin, one in whole_roster().members.items()}


def members() -> dict[str, Verifier]:
    """By log: the key with which it signs now."""
    return {origin: history.newest for origin, history in histories().items()}


def present() -> dict[str, Verifier]:
    """The same of those who sit here today: a seat that was given up speaks for nobody, and is told nothing more."""
    return {one.key.name: one.key for one in roster()}


def left() -> dict[str, datetime]:
    """By log: when its seat was given up."""
    return {origin: one.left for origin, one in whole_roster().members.items() if one.left is not None}


def revoked() -> list[Verifier]:
    """Every key that was revoked. One that was replaced by plan is none."""
    return [change.old for one in histories().values() for change in one.changes if change.why == "revocation"]


def given_up() -> list[Verifier]:
    """Every key that was revoked or replaced, of whichever log."""
    return [change.old for one in histories().values() for change in one.changes]


def replaced() -> list[Verifier]:
    """Keys that present members replaced as planned, and that nobody revoked."""
    here, gone = present(), set(revoked())
    return [
        change.old
        for origin, one in histories().items()
        for change in one.changes
        if origin in here and change.old not in gone
    ]


def standing_keys(origin: str) -> list[Verifier]:
    """The keys that a log has and had, without those that were revoked."""
    gone = set(revoked())
    history = histories().get(origin)
    return [] if history is None else [key for key in history.keys if key not in gone]


def check_present(origins: Iterable[str]) -> None:
    """Raises NotAllowed for a log whose seat was given up."""
    gone = left()
    for origin in sorted(set(origins) & set(gone)):
        raise NotAllowed(
            "{origin} left the coalition on {on:%Y-%m-%d}: nothing goes to it any more", origin=origin, on=gone[origin]
        )


def seats() -> list[Seat]:
    """Each present member's keys for cosignatures under its voice. What a key that was rotated cosigned counts."""
    found = []
    for one in whole_roster().members.values():
        revoked = {change.old for change in one.history.changes if change.why == "revocation"}
        found += [
            Seat(Verifier(key.name, COSIGNATURE_V1, key.public), one.enrolment.voice)
            for key in one.history.keys
            if key not in revoked and one.left is None
        ]
    return found


def cosigners() -> list[Verifier]:
    """The keys with which present members cosign now: one that was replaced signs nothing that comes after."""
    return [Verifier(key.name, COSIGNATURE_V1, key.public) for key in present().values()]


def seen(origin: str) -> Seen:
    """What this node cosigned last of a log."""
    row = models.WatchedLog.objects.filter(origin=origin).first()
    return Seen() if row is None else Seen(row.size, bytes(row.root), bytes(row.note))


def of_its_time(history: KeyHistory | None, note: bytes) -> bool:
    """Whether a checkpoint may be held against its log: not where a key signed it that was given up, unless it was
    here, or a quorum's, while that key stood. Of a log that is not enrolled (None) no key is known to be given up."""
    if history is None or history.ended(note) is None:
        return True
    voice = whole_roster().members[history.first.name].enrolment.voice
    others = [seat for seat in seats() if seat.group != voice]
    policy = policy_of(history.first, voice, others) if others else None
    return history.of_its_time(note, policy, held=lambda change: _held(note, change))


def _held(note: bytes, change: KeyChange) -> bool:
    """Whether this node had a checkpoint under the key that a change ended before that change: a revocation by the time
    that those who countersigned stand by, a planned change by our own clock, for its time is the log's word alone."""
    said = Checkpoint.parse(Note.parse(note).text)
    since = change.at
    if change.why == "rotation":
        came = models.KeyNote.objects.filter(origin=said.origin).order_by("id")
        since = next((row.at for row in came if is_change(bytes(row.note)) and _is(bytes(row.note), change)), since)
    rows: list[models.Heard | models.WatchedLog] = [
        *models.Heard.objects.filter(origin=said.origin, size=said.size, at__lt=since),
        *models.WatchedLog.objects.filter(origin=said.origin, size=said.size, at__lt=since),
    ]
    return any(
        bytes(row.root) == said.root and change.old in Note.parse(bytes(row.note)).check([change.old]) for row in rows
    )


def _is(note: bytes, change: KeyChange) -> bool:
    return KeyChange.parse(Note.parse(note).text) == change


def watched(vault: Vault) -> dict[str, Watched]:
    """The logs that this node cosigns: of every member but its own organisation."""
    own = voice_of(vault)
    return {
        origin: Watched((one.history.newest,), seen(origin), one.history.keys[1:])
        for origin, one in whole_roster().members.items()
        if one.enrolment.voice != own and one.left is None
    }


def voice_of(vault: Vault) -> str:
    """The voice under which this vault is enrolled, or its organisation's name."""
    seat = whole_roster().members.get(vault.signer.name)
    return vault.name if seat is None else seat.enrolment.voice


def policy(vault: Vault, faulty: int = 0) -> Policy:
    """Whose cosignatures count under this vault's checkpoints. Raises InvalidValue while nobody else is enrolled."""
    own, found = voice_of(vault), seats()
    if all(seat.group == own for seat in found):
        raise InvalidValue("no other organisation is enrolled yet, so nobody can witness this log")
    history = histories().get(vault.signer.name, KeyHistory(vault.signer.verifier()))
    keys = [key for key in history.keys if key != vault.signer.verifier()]
    return policy_of(vault.signer.verifier(), own, found, faulty, keys)


def commitments(start: int, end: int) -> list[bytes]:
    """The log's entries from one index to another."""
    rows = models.LogEntry.objects.filter(index__gte=start, index__lt=end).order_by("index")
    return [bytes(one) for one in rows.values_list("commitment", flat=True)]


def log_size() -> int:
    """One more than the last index: counting the rows would take longer with every record."""
    last = models.LogEntry.objects.aggregate(last=Max("index"))["last"]
    return 0 if last is None else int(last) + 1


def whole_tree() -> Tree:
    """The tree of all entries, made anew from the rows."""
    return Tree([leaf_hash(entry) for entry in commitments(0, log_size())])


def last_entry_at() -> datetime | None:
    """When the newest entry of the log was made."""
    return models.LogEntry.objects.order_by("-index").values_list("at", flat=True).first()


def last_index(without: Collection[str] = ()) -> int | None:
    """The newest entry of the log, of those that are of no such kind."""
    found = models.LogEntry.objects.exclude(kind__in=without).order_by("-index")
    return found.values_list("index", flat=True).first()


def owner_alarms() -> list[tuple[str, str, str]]:
    """Kind, subject and words of each open alarm, for whoever opened the vault."""
    rows = models.Alarm.objects.filter(settled=None).order_by("id")
    return [(row.kind, row.about, row.said) for row in rows]


def newest_checkpoint() -> bytes | None:
    """The newest signed checkpoint with its cosignatures."""
    row = models.Checkpoint.objects.order_by("-size").first()
    return None if row is None else bytes(row.note)


def checkpoints() -> list[bytes]:
    """All checkpoints signed here, by size."""
    return [bytes(note) for note in models.Checkpoint.objects.order_by("size").values_list("note", flat=True)]


def newest() -> tuple[Checkpoint | None, bytes]:
    """The newest checkpoint that was signed, and its note with the cosignatures received so far."""
    row = models.Checkpoint.objects.order_by("-size").first()
    if row is None:
        return None, b""
    return Checkpoint.parse(Note.parse(bytes(row.note)).text), bytes(row.note)


def tree(vault: Vault, size: int) -> TileTree:
    return Log.at(vault.log).tree(size)


def cosigned_at(witness: Verifier) -> int:
    """The size at which a witness last cosigned our log, as far as its answers reached us; 0: never."""
    for row in models.Checkpoint.objects.order_by("-size").iterator():
        if witness in Note.parse(bytes(row.note)).check([witness]):
            return int(row.size)
    return 0


def may_sign() -> models.SigningHalt | None:
    """None when this vault may sign; otherwise why not."""
    return models.SigningHalt.objects.first()


def to_gossip(vault: Vault) -> list[bytes]:
    """The checkpoints that go with every bundle: our own newest, and of each other log what we cosigned last and what
    we heard of it and could not compare. Whatever does not fit is told to everybody.
    """
    _, own = newest()
    others = [bytes(row.note) for row in models.WatchedLog.objects.order_by("origin")]
    open_ = models.Heard.objects.exclude(origin=vault.signer.name).filter(compared=False).order_by("-id")[:KEPT]
    heard = [bytes(row.note) for row in open_]
    split = models.Alarm.objects.filter(kind="split view", settled=None).order_by("-id")[:KEPT]
    disputed = [bytes(note) for row in split for note in (row.older, row.newer)]
    return list(dict.fromkeys([*([own] if own else []), *others, *heard, *disputed]))
