"""A seal: a salted commitment to a record. The log holds commitments only, so it confirms no guess."""

import hashlib
from dataclasses import dataclass

from corroborate.errors import InvalidValue, NotVerified

SALT = 32  # bytes
_DOMAIN = b"corroborate/seal/v1\n"


@dataclass(frozen=True, slots=True)
class Seal:
    """What a vault keeps beside a sealed record: the salt stays there, the commitment goes into the log."""

    salt: bytes
    commitment: bytes

    @property
    def entry(self) -> bytes:
        """The log's entry: the same 32 bytes for any kind and length of record."""
        return self.commitment


def seal(record: bytes, salt: bytes) -> Seal:
    """Commit to a record's canonical bytes with 32 random bytes: SHA-256(domain, salt, length, record)."""
    return Seal(salt, commitment(record, salt))


def commitment(record: bytes, salt: bytes) -> bytes:
    """The same, of which the salt is kept elsewhere."""
    if len(salt) != SALT:
        raise InvalidValue("a salt has {salt} bytes, not {number}", salt=SALT, number=len(salt))
    return hashlib.sha256(_DOMAIN + salt + len(record).to_bytes(8, "big") + record).digest()


def check_seal(record: bytes, sealed: Seal) -> None:
    if seal(record, sealed.salt) != sealed:
        raise NotVerified("the record is not the one that was sealed")
