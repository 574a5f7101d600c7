"""Digests and the bytes they are taken over."""

import hashlib
from dataclasses import dataclass
from typing import Self

import rfc8785

from corroborate.errors import InvalidValue

JSON = None | bool | int | float | str | list["JSON"] | dict[str, "JSON"]


@dataclass(frozen=True, slots=True)
class Digest:
    """SHA-256 of some bytes, 64 hexadecimal digits in lower case."""

    hex: str

    def __post_init__(self) -> None:
        if len(self.hex) != 64 or set(self.hex) - set("0123456789abcdef"):
            raise InvalidValue(f"{self.hex!r} is no SHA-256 digest in lower-case hexadecimal")

    @classmethod
    def of(cls, content: bytes) -> Self:
        return cls(hashlib.sha256(content).hexdigest())

    def __str__(self) -> str:
        return self.hex


def canonical(value: JSON) -> bytes:
    """The one byte string that stands for a JSON value (RFC 8785)."""
    try:
        return rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as error:
        raise InvalidValue(f"not canonical JSON: {error}") from error
