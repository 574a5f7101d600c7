"""What members do to evidence. Each act is whole or not at all: rows and their seals in one transaction."""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from corroborate import records
from corroborate.errors import InvalidValue, NotAllowed
from corroborate.values import canonical
from corroborate_node.core.opened import Vault
from corroborate_node.core.storing import insert, storing
from corroborate_node.log.models import LogEntry
from corroborate_node.log.sealing import seal_all
from corroborate_node.records import models, queries, rows

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
        insert(models.Entity, map(rows.entity_row, entities))
        insert(models.Source, map(rows.source_row, sources))
        insert(models.Consent, map(rows.consent_row, consents))
        insert(models.Claim, map(rows.claim_row, claims))
        rows.insert_names(rows.name_rows(claims, people))
        size = seal_all(sealed, at, entropy)
    return Received(len(claims), len(sources), len(consents), len(entities), size)


def judge(vault: Vault, judgements: Iterable[records.Judgement], at: datetime, *, entropy: Entropy = os.urandom) -> int:
    """Record judgements and seal them; return the log's size."""
    if vault.hub:
        raise NotAllowed("a hub judges nobody's entries")
    given = list(judgements)
    with storing():
        insert(models.Judgement, map(rows.judgement_row, given))
        return seal_all([("judgement", one.id, rows.judgement_bytes(one)) for one in given], at, entropy)


def take_back(vault: Vault, judgement: str, at: datetime, *, entropy: Entropy = os.urandom) -> None:
    """Undo a judgement: it stays on record as taken back, and clusters are as if it had never been."""
    with storing():
        if not models.Judgement.objects.filter(id=judgement, withdrawn=None).update(withdrawn=at):
            raise InvalidValue(f"no standing judgement {judgement}")
        content = canonical({"version": 1, "taken_back": judgement, "at": at.isoformat()})
        seal_all([("judgement", judgement, content)], at, entropy)


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
            LogEntry.objects.filter(kind="claim", record__in=part).update(salt=None)
        LogEntry.objects.filter(kind="source", record=source).update(salt=None)
        for person in queries.people_without_first_name():
            queries.make_first_name(person)
        content = canonical({"version": 1, "withdrawn": source, "on": on.isoformat(), "claims": erased})
        seal_all([("withdrawal", source, content)], at, entropy)
    return erased


def keep(kind: str, document: object, at: datetime, *, invented: bool = False) -> None:
    """Store a result or public text for pages to show; the newest of a kind is shown."""
    if kind not in queries.KINDS:
        raise InvalidValue(f"no kind {kind!r} of document; there are {', '.join(queries.KINDS)}")
    with storing():
        models.Document.objects.create(kind=kind, body=document, at=at, invented=invented)


__all__ = [
    "Received",
    "judge",
    "keep",
    "receive",
    "take_back",
    "withdraw",
]
