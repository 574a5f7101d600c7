"""What programs do with review: plain functions on an open vault."""

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from corroborate_node.core.desk import owner
from corroborate_node.core.opened import Vault
from corroborate_node.review import actions, queries
from corroborate_node.review.values import Loaded, Proposed

Entropy = Callable[[int], bytes]


def load(vault: Vault, pairs: Iterable[Proposed], origin: str, at: datetime) -> Loaded:
    """Take pairs of this vault's people in for review."""
    return Loaded(*actions.load(owner(vault, at), pairs, origin))


def judge(
    vault: Vault, pair: int, verdict: str, by: str, why: str, at: datetime, *, entropy: Entropy = os.urandom
) -> str:
    """Judge a pair by its number; return the judgement's id."""
    return actions.judge(owner(vault, at, entropy), queries.candidate(pair), verdict, why, by).id


def undo(vault: Vault, by: str, judgement: str | None, at: datetime) -> str:
    """Take back a judgement, or the reviewer's last one; return its id."""
    gone = judgement or queries.last_by(by)
    actions.take_back(owner(vault, at), gone)
    return gone


def part(vault: Vault, person: str, others: Sequence[str], by: str, why: str, at: datetime) -> actions.Parted:
    """Part people who were judged one by mistake: some others, or all, from a person."""
    return actions.part(owner(vault, at), person, others, why, by)
