"""What members do to evidence. Each act is whole or not at all: rows and their seals in one transaction."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import DatabaseError, IntegrityError, connection, transaction

from corroborate import records
from corroborate.custody import (
    COSIGNATURE_V1,
    Checkpoint,
    Note,
    Seen,
    Tree,
    Verifier,
    leaf_hash,
    seal,
    write_log,
)
from corroborate.custody import cosign as witness_cosign
from corroborate.custody.seals import SALT
from corroborate.errors import InvalidValue, NotAllowed, NotVerified, StorageFull, VaultDamaged
from corroborate.values import canonical
from corroborate_node.evidence import models, queries, rows
from corroborate_node.opened import Vault

BATCH = 500  # ids in one question
Entropy = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Received:
    """How much was taken in, and the log's size afterwards."""

    claims: int
    sources: int
    consents: int
    entities: int
    size: int


@contextmanager
def storing() -> Iterator[None]:
    """One transaction; a disk that fills up rolls everything back and is said so."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise InvalidValue(f"not taken in: {error} (an id twice, or a claim about something unknown)") from error
    except DatabaseError as error:
        if "full" in str(error) or "I/O" in str(error):
            connection.close()  # what a failed write left in memory is not read again
            raise StorageFull(f"the database could not be written: {error}") from error
        raise VaultDamaged(f"the database refused: {error}") from error


def _seal_all(records_: Sequence[tuple[str, str, bytes]], at: datetime, entropy: Entropy) -> int:
    """Append a seal for each (kind, id, canonical bytes); return the log's size."""
    size = queries.log_size()
    salts = entropy(SALT * len(records_))  # one call: a system call for each record costs more than its seal
    entries = [
        rows.log_row(size + at_, kind, id_, seal(content, salts[SALT * at_ : SALT * (at_ + 1)]), at)
        for at_, (kind, id_, content) in enumerate(records_)
    ]
    rows.insert(models.LogEntry, entries)
    return size + len(entries)


def receive(
    vault: Vault,
    entities: Iterable[records.Entity],
    sources: Iterable[records.Source],
    consents: Iterable[records.Consent],
    claims: Iterable[records.Claim],
    at: datetime,
    *,
    entropy: Entropy = os.urandom,
) -> Received:
    """Take records in and seal each. Raises NotAllowed on a hub, InvalidValue, StorageFull; then nothing was kept."""
    if vault.hub:
        raise NotAllowed("a hub holds no records; import into the vault of the member whose records they are")
    entities, sources, consents, claims = list(entities), list(sources), list(consents), list(claims)
    sealed = [("entity", one.id, rows.entity_bytes(one)) for one in entities]
    sealed += [("source", one.id, one.canonical()) for one in sources]
    sealed += [("consent", one.id, one.canonical()) for one in consents]
    sealed += [("claim", one.id, one.canonical()) for one in claims]
    people = {one.id for one in entities if one.kind == "person"}
    known = {one.subject for one in claims} - people
    with storing():
        people |= queries.people_among(known)
        rows.insert(models.Entity, map(rows.entity_row, entities))
        rows.insert(models.Source, map(rows.source_row, sources))
        rows.insert(models.Consent, map(rows.consent_row, consents))
        rows.insert(models.Claim, map(rows.claim_row, claims))
        rows.insert_names(rows.name_rows(claims, people))
        size = _seal_all(sealed, at, entropy)
    return Received(len(claims), len(sources), len(consents), len(entities), size)


def judge(vault: Vault, judgements: Iterable[records.Judgement], at: datetime, *, entropy: Entropy = os.urandom) -> int:
    """Record judgements and seal them; return the log's size."""
    if vault.hub:
        raise NotAllowed("a hub judges nobody's entries")
    given = list(judgements)
    with storing():
        rows.insert(models.Judgement, map(rows.judgement_row, given))
        return _seal_all([("judgement", one.id, rows.judgement_bytes(one)) for one in given], at, entropy)


def take_back(vault: Vault, judgement: str, at: datetime, *, entropy: Entropy = os.urandom) -> None:
    """Undo a judgement: it stays on record as taken back, and clusters are as if it had never been."""
    with storing():
        if not models.Judgement.objects.filter(id=judgement, withdrawn=None).update(withdrawn=at):
            raise InvalidValue(f"no standing judgement {judgement}")
        content = canonical({"version": 1, "taken_back": judgement, "at": at.isoformat()})
        _seal_all([("judgement", judgement, content)], at, entropy)


def withdraw(vault: Vault, source: str, on: date, at: datetime, *, entropy: Entropy = os.urandom) -> int:
    """Erase what a source told; keep its seals without their salts. Return how many claims were erased.

    The log's new entry commits to *which* source was withdrawn and when; without its salt a reader of the log sees
    only that there is one more entry. Raises InvalidValue when the source is unknown or withdrawn before.
    """
    with storing():
        if not models.Source.objects.filter(id=source, withdrawn=None).update(withdrawn=on, title=""):
            raise InvalidValue(f"no source {source} that still stands")
        claims = models.Claim.objects.filter(source_id=source)
        gone = list(claims.values_list("id", flat=True))
        models.PersonName.objects.filter(claim__source_id=source).delete()
        erased = claims.update(value=None, target="", locator="", recorder="")
        models.Consent.objects.filter(source_id=source).update(withdrawn=on)
        for start in range(0, len(gone), BATCH):
            part = gone[start : start + BATCH]
            models.LogEntry.objects.filter(kind="claim", record__in=part).update(salt=None)
        models.LogEntry.objects.filter(kind="source", record=source).update(salt=None)
        for person in queries.people_without_first_name():
            queries.make_first_name(person)
        content = canonical({"version": 1, "withdrawn": source, "on": on.isoformat(), "claims": erased})
        _seal_all([("withdrawal", source, content)], at, entropy)
    return erased


def checkpoint(vault: Vault, at: datetime) -> bytes:
    """Sign the log's size and root; tiles go to disk first, the checkpoint last. Return the note.

    Records that were sealed before stay sealed when this fails; run it again when there is room.
    """
    entries = queries.commitments()
    newest = queries.newest_checkpoint()
    if newest is not None:
        seen = Checkpoint.parse(Note.parse(newest).text)
        if len(entries) < seen.size or Tree([leaf_hash(e) for e in entries[: seen.size]]).root() != seen.root:
            raise VaultDamaged("the database does not begin with the log that was signed before: nothing is signed")
        if len(entries) == seen.size:
            _write_log(vault, entries, newest)
            return newest
    text = Checkpoint(vault.signer.name, len(entries), Tree([leaf_hash(e) for e in entries]).root()).text()
    note = f"{text}\n{vault.signer.line(text)}".encode()
    with storing():
        models.Checkpoint.objects.create(size=len(entries), note=note, at=at)
    _write_log(vault, entries, note)
    return note


def _write_log(vault: Vault, entries: Sequence[bytes], note: bytes) -> None:
    try:
        write_log(vault.log, entries, note)
    except StorageFull as error:
        error.remedy = "All records are stored and sealed. Free some space, then run `corroborate log checkpoint`."
        raise


def cosign(vault: Vault, note: bytes, *, log: Verifier, proof: Sequence[bytes] = (), at: datetime) -> str:
    """Witness another member's checkpoint; return the cosignature's line.

    ``proof``: consistency from the size this node cosigned last (see :func:`queries.seen`). Raises NotVerified.
    """
    seen, line = witness_cosign(note, proof, log=log, seen=queries.seen(log), witness=vault.signer, at=at)
    with storing():
        models.Witnessed.objects.update_or_create(key=str(log), defaults={"size": seen.size, "root": seen.root})
    return line


def add_cosignatures(vault: Vault, lines: Iterable[str], witnesses: Iterable[Verifier]) -> bytes:
    """Put other members' cosignatures under the newest checkpoint; return the note.

    ``witnesses``: the members' keys of either kind. Raises NotVerified for a line of nobody known, or of other bytes.
    """
    note = queries.newest_checkpoint()
    if note is None:
        raise InvalidValue("the log has no checkpoint yet")
    keys = [Verifier(one.name, COSIGNATURE_V1, one.public) for one in witnesses]
    for line in lines:
        following = note + line.encode()
        added = Note.parse(following).signatures[-1]
        if not any((key.name, key.id) == (added.name, added.key_id) for key in keys):
            raise NotVerified(f"{added.name} is no witness that we know")
        Note.parse(following).check(keys)
        if (added.name, added.key_id) not in {(s.name, s.key_id) for s in Note.parse(note).signatures}:
            note = following
    with storing():
        models.Checkpoint.objects.filter(size=Checkpoint.parse(Note.parse(note).text).size).update(note=note)
    _write_log(vault, queries.commitments(), note)
    return note


def keep(kind: str, document: object, at: datetime, *, invented: bool = False) -> None:
    """Store a result or public text for pages to show; the newest of a kind is shown."""
    if kind not in queries.KINDS:
        raise InvalidValue(f"no kind {kind!r} of document; there are {', '.join(queries.KINDS)}")
    with storing():
        models.Document.objects.create(kind=kind, body=document, at=at, invented=invented)


__all__ = [
    "Received",
    "Seen",
    "add_cosignatures",
    "checkpoint",
    "cosign",
    "judge",
    "keep",
    "receive",
    "storing",
    "take_back",
    "withdraw",
]
