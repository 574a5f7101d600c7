"""What programs do with review and private linkage: plain functions on an open vault.

Django's models exist only once a vault is open, so each function loads its own.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from corroborate_node.core.desk import owner
from corroborate_node.core.opened import Vault
from corroborate_node.review.values import Loaded, Waiting

if TYPE_CHECKING:
    from corroborate.linkage.private import Reveal
    from corroborate.records.reviewing import Agreement
    from corroborate_node.review.private import Decision
    from corroborate_node.review.values import Proposed

Entropy = Callable[[int], bytes]


def encode(vault: Vault, note: bytes, at: datetime, *, entropy: Entropy = os.urandom) -> tuple[bytes, int, int]:
    """The file for the linkage unit, how many people stand in it, and how many could not."""
    from corroborate_node.review import private

    return private.encode(owner(vault, at, entropy), note)


def decisions(
    vault: Vault, note: bytes, at: datetime, *, most: "Reveal" = "fields", only: "Mapping[str, Reveal] | None" = None
) -> "list[Decision]":
    """What consent lets the other side learn, before anything is sent."""
    from corroborate_node.review import private

    return private.decisions(vault, note, at, most=most, only=only or {})[0]


def decide(
    vault: Vault, note: bytes, result: bytes, at: datetime, *, most: "Reveal" = "fields",
    only: "Mapping[str, Reveal] | None" = None, entropy: Entropy = os.urandom,
) -> "tuple[bytes, list[Decision]]":  # fmt: skip
    """The file that answers the other side, pair by pair as consent allows."""
    from corroborate_node.review import private

    return private.decide(owner(vault, at, entropy), note, result, most=most, only=only or {})


def learn(vault: Vault, note: bytes, answer: bytes, at: datetime) -> list[dict[str, object]]:
    """What the other side's answer says of people of ours."""
    from corroborate_node.review import private

    return private.learn(owner(vault, at), note, answer)


def load(vault: Vault, pairs: "Iterable[Proposed]", origin: str, at: datetime) -> Loaded:
    """Take pairs of this vault's people in for review."""
    from corroborate_node.review import actions

    return Loaded(*actions.load(owner(vault, at), pairs, origin))


def load_file(vault: Vault, file: Path, at: datetime) -> Loaded:
    """The same from a CSV file: rows of lists as `link` writes them, or ids of people."""
    from corroborate_node.review import loading

    return loading.load_file(owner(vault, at), file)


def find(vault: Vault, at: datetime, *, least: float = 0.05) -> Loaded:
    """Compare the vault's own people and take in the pairs at or above a probability."""
    from corroborate_node.review import loading

    return loading.find(owner(vault, at), least)


def waiting(vault: Vault, most: int) -> tuple[list[Waiting], int]:
    """The pairs worth most that wait, and how many wait in all."""
    from corroborate_node.review import queries

    return queries.owner_waiting(most)


def judge(
    vault: Vault, pair: int, verdict: str, by: str, why: str, at: datetime, *, entropy: Entropy = os.urandom
) -> str:
    """Judge a pair by its number; return the judgement's id."""
    from corroborate_node.review import actions, queries

    return actions.judge(owner(vault, at, entropy), queries.candidate(pair), verdict, why, by).id


def undo(vault: Vault, by: str, judgement: str | None, at: datetime) -> str:
    """Take back a judgement, or the reviewer's last one; return its id."""
    from corroborate_node.review import actions, queries

    gone = judgement or queries.last_by(by)
    actions.take_back(owner(vault, at), gone)
    return gone


def agreement(vault: Vault) -> "tuple[Agreement, ...]":
    """How far reviewers agree, two by two."""
    from corroborate_node.review import queries

    return queries.owner_agreement()


def enter_numbers(vault: Vault, note: bytes, numbers: Mapping[str, str], at: datetime) -> tuple[bytes, int, int]:
    """Document numbers (number -> person) as blinded points: the file, how many stand in it, how many could not."""
    from corroborate_node.review import numbers as acts

    return acts.enter(owner(vault, at), note, numbers)


def answer_numbers(vault: Vault, note: bytes, theirs: bytes, at: datetime) -> bytes:
    """The other side's points, multiplied by our secret."""
    from corroborate_node.review import numbers as acts

    return acts.answer(owner(vault, at), note, theirs)


def compare_numbers(vault: Vault, note: bytes, theirs: bytes, answered: bytes, at: datetime) -> list[str]:
    """The people of ours whose number the other side has too."""
    from corroborate_node.review import numbers as acts

    return acts.compare(owner(vault, at), note, theirs, answered)
