"""What programs do with review: plain functions on an open vault."""

import os
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from corroborate.records.reviewing import Agreement
from corroborate_node.core.desk import owner
from corroborate_node.core.opened import Vault
from corroborate_node.review import actions, loading, queries
from corroborate_node.review.values import Loaded, Proposed, Waiting

Entropy = Callable[[int], bytes]


def load(vault: Vault, pairs: Iterable[Proposed], origin: str, at: datetime) -> Loaded:
    """Take pairs of this vault's people in for review."""
    return Loaded(*actions.load(owner(vault, at), pairs, origin))


def load_file(vault: Vault, file: Path, at: datetime) -> Loaded:
    """The same from a CSV file: rows of lists as `link` writes them, or ids of people."""
    return loading.load_file(owner(vault, at), file)


def find(vault: Vault, at: datetime, *, least: float = 0.05) -> Loaded:
    """Compare the vault's own people and take in the pairs at or above a probability."""
    return loading.find(owner(vault, at), least)


def waiting(vault: Vault, most: int) -> tuple[list[Waiting], int]:
    """The pairs worth most that wait, and how many wait in all."""
    return queries.owner_waiting(most)


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


def agreement(vault: Vault) -> tuple[Agreement, ...]:
    """How far reviewers agree, two by two."""
    return queries.owner_agreement()
