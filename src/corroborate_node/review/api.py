"""What programs do with review and private linkage: plain functions on an open vault.

Django's models exist only once a vault is open, so each function loads its own.
"""

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from corroborate_node.opened import Vault

if TYPE_CHECKING:
    from corroborate.linkage.private import Reveal
    from corroborate_node.review.private import Decision

Entropy = Callable[[int], bytes]


def encode(vault: Vault, note: bytes, at: datetime, *, entropy: Entropy = os.urandom) -> tuple[bytes, int, int]:
    """The file for the linkage unit, how many people stand in it, and how many could not."""
    from corroborate_node.review import private

    return private.encode(vault, note, at, entropy=entropy)


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

    return private.decide(vault, note, result, at, most=most, only=only or {}, entropy=entropy)


def learn(vault: Vault, note: bytes, answer: bytes, at: datetime) -> list[dict[str, object]]:
    """What the other side's answer says of people of ours."""
    from corroborate_node.review import private

    return private.learn(vault, note, answer, at)
