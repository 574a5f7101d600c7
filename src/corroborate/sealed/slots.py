"""Key slots: a random master key, wrapped once for each passphrase. The file holds nothing that opens without one."""

import base64
import binascii
import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from corroborate.errors import InvalidValue, NotAVault, WrongPassphrase

SEED = 32  # bytes of a key
LEAST = 12  # characters of a passphrase
_SALT, _NONCE = 16, 12
_LARGEST = 1 << 20  # KiB of memory that a slot may ask for: a foreign file must not exhaust the machine
_AAD = b"corroborate/slot/v1"


@dataclass(frozen=True, slots=True)
class Slot:
    """A wrapped key, and the Argon2id parameters of its passphrase (RFC 9106, second recommended option)."""

    salt: bytes
    nonce: bytes
    wrapped: bytes
    passes: int = 3
    memory: int = 1 << 16  # KiB
    lanes: int = 4

    def __post_init__(self) -> None:
        if not (1 <= self.passes <= 64 and 8 * self.lanes <= self.memory <= _LARGEST and 1 <= self.lanes <= 64):
            raise NotAVault("a key slot asks for parameters that no vault of ours has")


def derive(key: bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose (HKDF-SHA-256, RFC 5869)."""
    return HKDF(SHA256(), SEED, None, b"corroborate/v1/" + purpose.encode()).derive(key)


def _stretch(passphrase: str, slot: Slot) -> bytes:
    # NFKC: the same Korean or Japanese words typed on another system are other bytes, but the same passphrase.
    secret = unicodedata.normalize("NFKC", passphrase).encode()
    return hash_secret_raw(secret, slot.salt, slot.passes, slot.memory, slot.lanes, SEED, Type.ID)


def passphrase_slot(master: bytes, passphrase: str, randomness: bytes) -> Slot:
    """Wrap a key under a passphrase with 28 random bytes. Raises InvalidValue for a short passphrase."""
    if len(passphrase) < LEAST:
        raise InvalidValue(f"a passphrase has at least {LEAST} characters; five or six random words are good")
    if len(randomness) != _SALT + _NONCE or len(master) != SEED:
        raise InvalidValue(f"a slot needs {_SALT + _NONCE} random bytes and a key of {SEED}")
    salt, nonce = randomness[:_SALT], randomness[_SALT:]
    wrapping = _stretch(passphrase, Slot(salt, nonce, b""))
    return Slot(salt, nonce, AESGCM(wrapping).encrypt(nonce, master, _AAD))


def open_slots(slots: Iterable[Slot], passphrase: str) -> bytes:
    """The master key. Raises WrongPassphrase when no slot opens."""
    for slot in slots:
        try:
            return AESGCM(_stretch(passphrase, slot)).decrypt(slot.nonce, slot.wrapped, _AAD)
        except InvalidTag:
            continue
    raise WrongPassphrase("this passphrase opens none of the vault's key slots")


def write_slots(slots: Sequence[Slot]) -> str:
    entries = [
        {
            "kind": "passphrase",
            "kdf": "argon2id",
            "passes": slot.passes,
            "memory": slot.memory,
            "lanes": slot.lanes,
            "salt": base64.b64encode(slot.salt).decode(),
            "nonce": base64.b64encode(slot.nonce).decode(),
            "wrapped": base64.b64encode(slot.wrapped).decode(),
        }
        for slot in slots
    ]
    return json.dumps({"version": 1, "slots": entries}, indent=1) + "\n"


def read_slots(text: str) -> tuple[Slot, ...]:
    """What :func:`write_slots` wrote. Raises NotAVault for anything else."""
    try:
        document = json.loads(text)
        if document["version"] != 1:
            raise NotAVault(f"the key slots are of version {document['version']}, newer than this program")
        return tuple(
            Slot(
                base64.b64decode(one["salt"], validate=True),
                base64.b64decode(one["nonce"], validate=True),
                base64.b64decode(one["wrapped"], validate=True),
                int(one["passes"]),
                int(one["memory"]),
                int(one["lanes"]),
            )
            for one in document["slots"]
        )
    except (json.JSONDecodeError, KeyError, TypeError, binascii.Error) as error:
        raise NotAVault("keys/slots.json is no file of key slots") from error
