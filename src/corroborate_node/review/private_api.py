"""What programs do with private linkage: plain functions on an open vault. Needs what analysis installs."""

import os
from collections.abc import Callable, Mapping
from datetime import datetime

from corroborate.linkage.private import Reveal
from corroborate_node.core.desk import owner
from corroborate_node.core.opened import Vault
from corroborate_node.review import numbers, private
from corroborate_node.review.private import Decision

Entropy = Callable[[int], bytes]


def encode(
    vault: Vault, note: bytes, release: int, at: datetime, *, entropy: Entropy = os.urandom
) -> tuple[bytes, int, int]:
    """The file for the linkage unit, how many people stand in it, and how many could not."""
    return private.encode(owner(vault, at, entropy), note, release)


def decisions(
    vault: Vault,
    note: bytes,
    release: int,
    at: datetime,
    *,
    most: Reveal = "fields",
    only: Mapping[str, Reveal] | None = None,
) -> list[Decision]:
    """What consent lets the other side learn, before anything is sent."""
    return private.decisions(owner(vault, at), note, release, most=most, only=only or {})[0]


def decide(
    vault: Vault, note: bytes, result: bytes, release: int, at: datetime, *, most: Reveal = "fields",
    only: Mapping[str, Reveal] | None = None, entropy: Entropy = os.urandom,
) -> tuple[bytes, list[Decision]]:  # fmt: skip
    """The file that answers the other side, pair by pair as consent allows."""
    return private.decide(owner(vault, at, entropy), note, result, release, most=most, only=only or {})


def learn(vault: Vault, note: bytes, answer: bytes, at: datetime) -> list[dict[str, object]]:
    """What the other side's answer says of people of ours."""
    return private.learn(owner(vault, at), note, answer)


def enter_numbers(
    vault: Vault, note: bytes, by_number: Mapping[str, str], release: int, at: datetime
) -> tuple[bytes, int, int]:
    """Document numbers (number -> person) as blinded points: the file, how many stand in it, how many could not."""
    return numbers.enter(owner(vault, at), note, by_number, release)


def answer_numbers(vault: Vault, note: bytes, theirs: bytes, at: datetime) -> bytes:
    """The other side's points, multiplied by our secret."""
    return numbers.answer(owner(vault, at), note, theirs)


def compare_numbers(vault: Vault, note: bytes, theirs: bytes, answered: bytes, at: datetime) -> list[str]:
    """The people of ours whose number the other side has too."""
    return numbers.compare(owner(vault, at), note, theirs, answered)
