"""Ids: a kind, an underscore and a UUIDv7 (RFC 9562, section 5.7)."""

import re

from corroborate.errors import InvalidValue

_KIND = re.compile(r"[a-z]+")
_ID = re.compile(r"[a-z]+_[0-9a-f]{32}")


def new_id(kind: str, *, milliseconds: int, randomness: bytes, after: str = "") -> str:
    """Make an id from the caller's clock (Unix milliseconds) and 10 random bytes.

    ``after``: an id that this one sorts behind, though the clock has not moved since.
    """
    if after:
        milliseconds = max(milliseconds, int(after.rpartition("_")[2][:12], 16) + 1)
    if len(randomness) != 10:
        raise InvalidValue("an id needs exactly 10 random bytes")
    number = bytearray(milliseconds.to_bytes(6, "big") + randomness)
    number[6] = 0x70 | number[6] & 0x0F
    number[8] = 0x80 | number[8] & 0x3F
    if _KIND.fullmatch(kind) is None:
        checked_id(kind)  # says so
    return f"{kind}_{number.hex()}"


def checked_id(text: str) -> str:
    if _ID.fullmatch(text) is None:
        raise InvalidValue("{words!r} is no id such as claim_0190163d8694739b9c1c0d4c0c0d3b2a", words=text)
    return text
