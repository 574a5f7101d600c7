"""What members tell one another beside bundles: where to send them (addresses), and that they came (receipts).

Both are signed notes of ours, each under a head of its own, so that neither is read as a checkpoint or a key change.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

import pyrage

from corroborate.custody import Note, Signer, Verifier, statements
from corroborate.errors import InvalidValue, NotVerified
from corroborate.values import Digest, checked_id

_ADDRESS, _RECEIPT = "corroborate address v1", "corroborate receipt v1"


@dataclass(frozen=True, slots=True)
class Address:
    """The age key to which a member's bundles are encrypted."""

    origin: str  # name of the member's log
    key: str  # age1…
    at: datetime

    def __post_init__(self) -> None:
        if re.search(r"[\s\x00-\x1f]", self.origin) or not self.origin:
            raise InvalidValue("{origin!r} is no name of a log", origin=self.origin[:60])
        try:
            pyrage.x25519.Recipient.from_str(self.key)
        except pyrage.RecipientError as error:
            raise InvalidValue("{key!r} is no age public key", key=self.key[:70]) from error

    def text(self) -> str:
        return statements.write(
            _ADDRESS, [("log", self.origin), ("key", self.key), ("at", statements.write_time(self.at))]
        )

    @classmethod
    def parse(cls, text: str) -> Self:
        origin, key, at = statements.read(text, _ADDRESS, ("log", "key", "at"))
        return cls(origin, key, statements.read_time(at))


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a bundle came whole, and when, by its receiver's clock. ``digest``: SHA-256 of the age file."""

    bundle: str
    digest: Digest
    at: datetime

    def text(self) -> str:
        return statements.write(
            _RECEIPT,
            [("bundle", self.bundle), ("digest", str(self.digest)), ("at", statements.write_time(self.at))],
        )

    @classmethod
    def parse(cls, text: str) -> Self:
        bundle, digest, at = statements.read(text, _RECEIPT, ("bundle", "digest", "at"))
        return cls(checked_id(bundle), Digest(digest), statements.read_time(at))


def signed(letter: Address | Receipt, signer: Signer) -> bytes:
    """The note. An address is signed by the log that it names."""
    if isinstance(letter, Address) and letter.origin != signer.name:
        raise InvalidValue("{name} gives no address for {origin}", name=signer.name, origin=letter.origin)
    return statements.signed(letter.text(), signer)


def read_address(note: bytes, members: Mapping[str, Verifier]) -> Address:
    """An address that a member signed with the key it has now. ``members``: by log. Raises NotVerified."""
    found = Address.parse(Note.parse(note).text)
    if found.origin not in members:
        raise NotVerified("{origin} is not enrolled here", origin=found.origin)
    key = members[found.origin]
    statements.require(statements.signers(note, [key]), key, "its address")
    return found


def read_receipt(note: bytes, members: Mapping[str, Verifier]) -> tuple[str, Receipt]:
    """A receipt, and the log of the one member that signed it. Raises NotVerified."""
    found = Receipt.parse(Note.parse(note).text)
    by = statements.signers(note, members.values())
    if len(by) != 1:
        raise NotVerified("the receipt is not signed by exactly one member with the key it has now")
    return by.pop().name, found
