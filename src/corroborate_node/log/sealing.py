"""Append seals of records to the log, in the transaction that stores them."""

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from corroborate.custody.seals import SALT, commitment
from corroborate_node.core import opened
from corroborate_node.core.storing import insert_values
from corroborate_node.log import models, rollback
from corroborate_node.log.queries import log_size

Entropy = Callable[[int], bytes]
BATCH = 500  # ids in one question


def seal_all(records_: Sequence[tuple[str, str, bytes]], at: datetime, entropy: Entropy) -> int:
    """Append a seal for each (kind, id, canonical bytes); return the log's size."""
    rollback.may_sign(opened.current(), at)  # within the caller's transaction: a refusal leaves nothing behind
    size = log_size()
    salts = entropy(SALT * len(records_))  # one call: a system call for each record costs more than its seal
    insert_values(
        models.LogEntry,
        ("index", "commitment", "salt", "kind", "record", "at"),
        (
            (size + at_, commitment(content, salt), salt, kind, id_, at)
            for at_, (kind, id_, content) in enumerate(records_)
            for salt in [salts[SALT * at_ : SALT * (at_ + 1)]]
        ),
    )
    return size + len(records_)


def unsalt(kind: str, ids: Iterable[str]) -> None:
    """Take the salts of some records' seals: without it a seal says nothing of what was sealed. To be called in the
    transaction that erases them."""
    asked = list(ids)
    for start in range(0, len(asked), BATCH):
        models.LogEntry.objects.filter(kind=kind, record__in=asked[start : start + BATCH]).update(salt=None)


def seal_record(kind: str, id_: str, content: bytes, at: datetime, *, entropy: Entropy = os.urandom) -> int:
    """Seal one record that another room stores; return the log's size. To be called in that room's transaction."""
    return seal_all([(kind, id_, content)], at, entropy)
