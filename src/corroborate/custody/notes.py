"""Signed notes (C2SP signed-note 1.0.0), checkpoints (tlog-checkpoint 1.0.0) and cosignatures (tlog-cosignature v1).

Keys and signatures are Ed25519 (RFC 8032). ML-DSA-44 keys are read, so that a policy may name them, and their
signatures are passed over, as the specification asks of a reader that does not know a kind.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from corroborate.errors import InvalidValue, NotVerified

ED25519, COSIGNATURE_V1, ML_DSA_44 = 0x01, 0x04, 0x06
LENGTHS = {ED25519: 32, COSIGNATURE_V1: 32, ML_DSA_44: 1312}  # bytes of a public key
LARGEST = 1 << 20  # bytes of a note; longer ones are refused before they are read
MOST_SIGNATURES = 100
_DASH = "\u2014 "
_NAME = re.compile(r"[^\s+\x00-\x1f\ud800-\udfff]+")
_PRIME = (1 << 255) - 19
_ORDER_8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022
# y of the points whose order divides 8 (RFC 8032's curve): under such a key one signature fits any text
_LOW_ORDER = {0, 1, _PRIME - 1, _ORDER_8, _PRIME - _ORDER_8}


def _key_id(name: str, kind: int, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def decode_base64(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidValue("{words!r} is no base64", words=text[:40]) from error
    if base64.b64encode(raw).decode() != text:  # spare bits set: two spellings of one signature
        raise InvalidValue("{words!r} is no canonical base64", words=text[:40])
    return raw


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with its name, as ``name+id+base64`` prints it (a vkey)."""

    name: str
    kind: int
    public: bytes

    def __post_init__(self) -> None:
        if _NAME.fullmatch(self.name) is None:
            raise InvalidValue("{name!r} is no name of a key", name=self.name)
        if len(self.public) != LENGTHS.get(self.kind):
            raise InvalidValue("the key of {name} is neither an Ed25519 nor an ML-DSA-44 key", name=self.name)
        y = int.from_bytes(self.public, "little") & (1 << 255) - 1
        if self.kind != ML_DSA_44 and (y >= _PRIME or y in _LOW_ORDER):
            raise InvalidValue("the key of {name} is one under which anybody can sign", name=self.name)

    @property
    def id(self) -> bytes:
        return _key_id(self.name, self.kind, self.public)

    @classmethod
    def parse(cls, text: str) -> Self:
        try:
            name, identifier, encoded = text.strip().split("+", 2)
        except ValueError as error:
            raise InvalidValue("{words!r} is no verifier key (name+id+key)", words=text[:60]) from error
        raw = decode_base64(encoded)
        if not raw:
            raise InvalidValue("the verifier key is empty")
        key = cls(name, raw[0], raw[1:])
        if key.id.hex() != identifier:
            raise InvalidValue("the key of {name} does not have the id {identifier}", name=name, identifier=identifier)
        return key

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"

    @property
    def fingerprint(self) -> str:
        """Ten groups of four digits, to be read aloud: the first 133 bits of SHA-256 over the vkey."""
        number = int.from_bytes(hashlib.sha256(str(self).encode()).digest(), "big") % 10**40
        digits = f"{number:040}"
        return " ".join(digits[at : at + 4] for at in range(0, 40, 4))

    def check(self, text: str, signature: bytes) -> datetime | None:
        """Raises NotVerified unless the signature is this key's; a cosignature gives its time."""
        message, seconds = text.encode(), None
        if self.kind == COSIGNATURE_V1:
            if len(signature) != 72:
                raise NotVerified("the cosignature of {name} is not 72 bytes long", name=self.name)
            seconds, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            message = _cosigned(text, seconds)
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
            return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
        except (InvalidSignature, OverflowError, OSError, ValueError) as error:
            raise NotVerified("the signature of {name} does not hold", name=self.name) from error


def _cosigned(text: str, seconds: int) -> bytes:
    """tlog-cosignature, section "Ed25519 signed message"."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


@dataclass(frozen=True, slots=True)
class Signer:
    """A private Ed25519 key (32-byte seed) with its name. Never printed."""

    name: str
    seed: bytes
    _private: Ed25519PrivateKey = field(init=False, repr=False, compare=False)
    _public: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.seed) != 32:
            raise InvalidValue("a signing key is made from 32 bytes")
        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        object.__setattr__(self, "_private", private)
        object.__setattr__(self, "_public", private.public_key().public_bytes_raw())
        self.verifier()  # refuses a name that no signature line can hold

    def __repr__(self) -> str:
        return f"Signer({self.name!r}, …)"

    def verifier(self, kind: int = ED25519) -> Verifier:
        return Verifier(self.name, kind, self._public)

    def sign_bytes(self, message: bytes) -> bytes:
        return self._private.sign(message)

    def line(self, text: str) -> str:
        """A signature line under a note's text."""
        raw = self.verifier().id + self._private.sign(text.encode())
        return f"{_DASH}{self.name} {base64.b64encode(raw).decode()}\n"

    def cosignature_line(self, text: str, at: datetime) -> str:
        """A cosignature/v1 line: this witness saw the checkpoint, consistent with all before, at that time."""
        seconds = int(at.timestamp())
        signed = self._private.sign(_cosigned(text, seconds))
        raw = self.verifier(COSIGNATURE_V1).id + seconds.to_bytes(8, "big") + signed
        return f"{_DASH}{self.name} {base64.b64encode(raw).decode()}\n"


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note: a key's name, its id, and what it signed with."""

    name: str
    key_id: bytes
    raw: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends in a newline, and the signatures under it."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Read a note, strictly: anything two readers might read differently is refused."""
        if len(content) > LARGEST:
            raise InvalidValue("a note of {number} bytes is too long", number=len(content))
        try:
            whole = content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise InvalidValue("the note is not UTF-8") from error
        if any(ord(letter) < 0x20 and letter != "\n" for letter in whole):
            raise InvalidValue("the note holds control characters (perhaps line ends of another system)")
        text, gap, lines = whole.rpartition("\n\n")
        if not gap or not lines.endswith("\n"):
            raise InvalidValue("the note has no block of signatures after an empty line")
        signatures = []
        for line in lines[:-1].split("\n"):
            name, space, encoded = line.removeprefix(_DASH).partition(" ")
            if not line.startswith(_DASH) or not space or _NAME.fullmatch(name) is None:
                raise InvalidValue("{line!r} is no signature line", line=line[:60])
            raw = decode_base64(encoded)
            if len(raw) < 5:
                raise InvalidValue("the signature of {name} is too short", name=name)
            signatures.append(Signature(name, raw[:4], raw[4:]))
        if len(signatures) > MOST_SIGNATURES:
            raise InvalidValue("{number} signatures under one note are too many", number=len(signatures))
        return cls(text + "\n", tuple(signatures))

    def check(self, verifiers: Iterable[Verifier]) -> dict[Verifier, datetime | None]:
        """The keys that signed, with the time of a cosignature. A known key with a bad signature is an error."""
        known = {(key.name, key.id): key for key in verifiers if key.kind != ML_DSA_44}
        signed: dict[Verifier, datetime | None] = {}
        for signature in self.signatures:
            key = known.get((signature.name, signature.key_id))
            if key is not None:
                signed.setdefault(key, key.check(self.text, signature.raw))
        return signed


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Origin, size and root of a log (C2SP tlog-checkpoint)."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() != "" or "" in lines:
            raise InvalidValue("a checkpoint has a line each for origin, size and root, and no empty one")
        if re.fullmatch(r"0|[1-9]\d{0,18}", lines[1], re.ASCII) is None or int(lines[1]) >= 1 << 63:
            raise InvalidValue("{lines!r} is no size of a log", lines=lines[1])
        root = decode_base64(lines[2])
        if len(root) != 32:
            raise InvalidValue("the root is not 32 bytes long")
        return cls(lines[0], int(lines[1]), root)
