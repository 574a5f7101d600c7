"""Digests and the bytes they are taken over."""

import hashlib
import json
from dataclasses import dataclass
from typing import Self

import rfc8785

from corroborate.errors import InvalidValue

_LARGEST = 2**53 - 1  # above it, not every reader of JSON sees the same number
JSON = None | bool | int | float | str | list["JSON"] | dict[str, "JSON"]


@dataclass(frozen=True, slots=True)
class Digest:
    """SHA-256 of some bytes, 64 hexadecimal digits in lower case."""

    hex: str

    def __post_init__(self) -> None:
        if len(self.hex) != 64 or set(self.hex) - set("0123456789abcdef"):
            raise InvalidValue("{hex!r} is no SHA-256 digest in lower-case hexadecimal", hex=self.hex)

    @classmethod
    def of(cls, content: bytes) -> Self:
        return cls(hashlib.sha256(content).hexdigest())

    def __str__(self) -> str:
        return self.hex


class Digesting:
    """SHA-256 and number of bytes that pass in parts."""

    def __init__(self) -> None:
        self._hash, self.size = hashlib.sha256(), 0

    def add(self, part: bytes) -> None:
        self._hash.update(part)
        self.size += len(part)

    def digest(self) -> Digest:
        return Digest(self._hash.hexdigest())


def canonical(value: JSON) -> bytes:
    """The one byte string that stands for a JSON value (RFC 8785).

    Records hold no fractions and name their fields in ASCII; for such values the standard library's encoder, in C,
    writes the same bytes in a quarter of the time. All others go the long way.
    """
    if _plain(value):
        try:
            return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        except UnicodeEncodeError as error:
            raise InvalidValue("not canonical JSON: {error}", error=error) from error
    try:
        return rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as error:
        raise InvalidValue("not canonical JSON: {error}", error=error) from error


def _plain(value: JSON) -> bool:
    """Whether no number in it is a fraction or too large for RFC 8785, and every field's name is ASCII."""
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return True
    if kind is int:
        return -_LARGEST <= value <= _LARGEST  # type: ignore[operator]
    if kind is list:
        return all(map(_plain, value))  # type: ignore[arg-type]
    return kind is dict and all(type(name) is str and name.isascii() and _plain(one) for name, one in value.items())  # type: ignore[union-attr]
