"""Key slots: a random master key, wrapped once for each passphrase, security key and set of shares on paper.

The file holds nothing that opens without one of them. A passphrase is stretched (Argon2id). A security key answers with
the HMAC of the slot's salt under a secret that never leaves it (FIDO CTAP 2.1, section 12.5, extension `hmac-secret`),
which no stretching could make stronger.
"""

import base64
import binascii
import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from corroborate.errors import InvalidValue, NotAllowed, NotAVault, WrongPassphrase

SEED = 32  # bytes of a key
PARTY = "corroborate.invalid"  # to which credentials are bound; of a name that no site can have (RFC 6761)
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


@dataclass(frozen=True, slots=True)
class KeySlot:
    """A wrapped key, and what a security key must be asked to unwrap it."""

    label: str  # by which its owner tells it from others
    party: str  # the relying party's id, to which the credential is bound
    credential: bytes  # the credential's id; for many keys it is the encrypted secret itself
    salt: bytes  # 32 bytes, of which the security key gives the HMAC
    verified: bool  # whether the key asks for its PIN: it has one secret for either way (CTAP 2.1, 12.5)
    nonce: bytes
    wrapped: bytes

    def __post_init__(self) -> None:
        if len(self.salt) != SEED or not self.credential or not 0 < len(self.label) <= 60:
            raise NotAVault("a slot of a security key is not in the form that this program writes")


@dataclass(frozen=True, slots=True)
class SharesSlot:
    """A wrapped key, and how many of how many shares on paper unwrap it."""

    need: int
    of: int
    set: int  # by which its shares are known from those of another set
    made: str  # the day, YYYY-MM-DD
    salt: bytes
    nonce: bytes
    wrapped: bytes

    def __post_init__(self) -> None:
        if not 2 <= self.need <= self.of <= 16:
            raise NotAVault("a slot of shares is not in the form that this program writes")


AnySlot = Slot | KeySlot | SharesSlot


class SecurityKey(Protocol):
    """One or more security keys that are plugged in, and a person who touches one."""

    def enrol(self, party: str, label: str) -> tuple[bytes, bool]:
        """Make a credential: its id, and whether it is asked with the PIN. WrongPassphrase, InputRefused."""
        ...

    def answer(self, slots: Sequence[KeySlot]) -> tuple[KeySlot, bytes]:
        """The slot whose credential a plugged-in key knows, and its 32 bytes for the slot's salt. WrongPassphrase."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class Master:
    """The master key itself, as shares give it, or a process that has the vault open."""

    key: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Joined:
    """What enough shares give: the secret of their slot."""

    secret: bytes


Secret = str | SecurityKey | Master | Joined


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
        raise InvalidValue(
            "a passphrase has at least {least} characters; five or six random words are good", least=LEAST
        )
    if len(randomness) != _SALT + _NONCE or len(master) != SEED:
        raise InvalidValue("a slot needs {salt} random bytes and a key of {seed}", salt=_SALT + _NONCE, seed=SEED)
    salt, nonce = randomness[:_SALT], randomness[_SALT:]
    wrapping = _stretch(passphrase, Slot(salt, nonce, b""))
    return Slot(salt, nonce, AESGCM(wrapping).encrypt(nonce, master, _AAD))


def security_key_slot(master: bytes, key: SecurityKey, label: str, randomness: bytes, party: str = PARTY) -> KeySlot:
    """Wrap a key under a security key, with 44 random bytes. It is touched twice: for the credential, for its answer.

    Wrapping key: HKDF-SHA-256 of the answer. Bound to credential and party, so that no field can be exchanged.
    """
    if len(randomness) != SEED + _NONCE or len(master) != SEED:
        raise InvalidValue("a slot needs {seed} random bytes and a key of {seed2}", seed=SEED + _NONCE, seed2=SEED)
    if not 0 < len(label) <= 60 or not label.isprintable():
        raise InvalidValue("give the security key a label of at most 60 letters, such as the colour of its ring")
    credential, verified = key.enrol(party, label)
    salt, nonce = randomness[:SEED], randomness[SEED:]
    empty = KeySlot(label, party, credential, salt, verified, nonce, b"")
    _, answer = key.answer([empty])
    wrapped = AESGCM(derive(answer, "security key slot")).encrypt(nonce, master, _bound(empty))
    return KeySlot(label, party, credential, salt, verified, nonce, wrapped)


def _bound(slot: KeySlot) -> bytes:
    return b"\n".join([b"corroborate/slot/security-key/v1", slot.party.encode(), slot.salt, slot.credential])


def open_slots(slots: Iterable[AnySlot], secret: Secret) -> bytes:
    """The master key, by a passphrase or a security key. Raises WrongPassphrase when no slot opens."""
    if isinstance(secret, Master):
        return secret.key
    slots = list(slots)
    if isinstance(secret, Joined):
        return _open_by_shares([slot for slot in slots if isinstance(slot, SharesSlot)], secret)
    if not isinstance(secret, str):
        return _open_by_key([slot for slot in slots if isinstance(slot, KeySlot)], secret)
    for slot in slots:
        if isinstance(slot, Slot):
            try:
                return AESGCM(_stretch(secret, slot)).decrypt(slot.nonce, slot.wrapped, _AAD)
            except InvalidTag:
                continue
    raise WrongPassphrase("this passphrase opens none of the vault's key slots")


def _open_by_key(slots: Sequence[KeySlot], key: SecurityKey) -> bytes:
    if not slots:
        error = WrongPassphrase("this vault has no slot for a security key")
        error.remedy = "Open it with its passphrase; `corroborate keys add` gives it one."
        raise error
    slot, answer = key.answer(slots)
    try:
        return AESGCM(derive(answer, "security key slot")).decrypt(slot.nonce, slot.wrapped, _bound(slot))
    except InvalidTag as error:
        raise WrongPassphrase(
            "the security key {label!r} opens none of the vault's key slots", label=slot.label
        ) from error


def shares_slot(
    master: bytes, secret: bytes, need: int, of: int, set_: int, made: str, randomness: bytes
) -> SharesSlot:
    """Wrap a key under the secret that shares give, with 44 random bytes. The numbers are bound to it."""
    if len(randomness) != SEED + _NONCE or len(master) != SEED:
        raise InvalidValue("a slot needs {seed} random bytes and a key of {seed2}", seed=SEED + _NONCE, seed2=SEED)
    salt, nonce = randomness[:SEED], randomness[SEED:]
    empty = SharesSlot(need, of, set_, made, salt, nonce, b"")
    wrapped = AESGCM(_of_shares(secret, salt)).encrypt(nonce, master, _bound_shares(empty))
    return SharesSlot(need, of, set_, made, salt, nonce, wrapped)


def _of_shares(secret: bytes, salt: bytes) -> bytes:
    return derive(secret, "shares slot/" + salt.hex())


def _bound_shares(slot: SharesSlot) -> bytes:
    return f"corroborate/slot/shares/v1\n{slot.need}\n{slot.of}\n{slot.set}\n{slot.made}".encode()


def _open_by_shares(slots: Sequence[SharesSlot], joined: Joined) -> bytes:
    for slot in slots:
        try:
            return AESGCM(_of_shares(joined.secret, slot.salt)).decrypt(slot.nonce, slot.wrapped, _bound_shares(slot))
        except InvalidTag:
            continue
    error = WrongPassphrase("these shares open none of the key slots")
    error.remedy = (
        "They are of another vault, or of a set that was taken away since. A backup from then opens with them."
    )
    raise error


def without(slots: Sequence[AnySlot], number: int) -> tuple[AnySlot, ...]:
    """The slots but one, counted from 1. What is left must not hang on a single thing that can be lost.

    Raises NotAllowed unless a passphrase or two security keys remain.
    """
    if not 1 <= number <= len(slots):
        raise InvalidValue("there is no slot {number}; there are {number2}", number=number, number2=len(slots))
    left = tuple(slots[: number - 1]) + tuple(slots[number:])
    if not any(isinstance(slot, Slot) for slot in left) and len(left) < 2:
        error = NotAllowed("what is left would be nothing, or one security key: losing it would lose the vault")
        error.remedy = "Add a passphrase or a second security key first: corroborate keys add."
        raise error
    return left


def write_slots(slots: Sequence[AnySlot]) -> str:
    return json.dumps({"version": 1, "slots": [_written(slot) for slot in slots]}, ensure_ascii=False, indent=1) + "\n"


def _written(slot: AnySlot) -> dict[str, str | int | bool]:
    same = {
        part: base64.b64encode(raw).decode()
        for part, raw in (("salt", slot.salt), ("nonce", slot.nonce), ("wrapped", slot.wrapped))
    }
    if isinstance(slot, SharesSlot):
        numbers = {"need": slot.need, "of": slot.of, "set": slot.set}
        return {"kind": "shares", "kdf": "hkdf-sha256", "made": slot.made, **numbers, **same}
    if isinstance(slot, Slot):
        cost = {"passes": slot.passes, "memory": slot.memory, "lanes": slot.lanes}
        return {"kind": "passphrase", "kdf": "argon2id", **cost, **same}
    credential = base64.b64encode(slot.credential).decode()
    about: dict[str, str | bool] = {"label": slot.label, "party": slot.party, "verified": slot.verified}
    return {"kind": "security-key", "kdf": "hkdf-sha256", **about, "credential": credential, **same}


def read_slots(text: str) -> tuple[AnySlot, ...]:
    """What :func:`write_slots` wrote. Raises NotAVault for anything else."""
    try:
        document = json.loads(text)
        if document["version"] != 1:
            raise NotAVault(
                "the key slots are of version {version}, newer than this program", version=document["version"]
            )
        return tuple(map(_read, document["slots"]))
    except (json.JSONDecodeError, KeyError, TypeError, ValueError, binascii.Error) as error:
        raise NotAVault("keys/slots.json is no file of key slots") from error


def _read(one: dict[str, Any]) -> AnySlot:
    salt, nonce, wrapped = (base64.b64decode(one[part], validate=True) for part in ("salt", "nonce", "wrapped"))
    if one["kind"] == "security-key":
        credential = base64.b64decode(one["credential"], validate=True)
        return KeySlot(str(one["label"]), str(one["party"]), credential, salt, one["verified"] is True, nonce, wrapped)
    if one["kind"] == "shares":
        need, of, set_ = int(one["need"]), int(one["of"]), int(one["set"])
        return SharesSlot(need, of, set_, str(one["made"]), salt, nonce, wrapped)
    if one["kind"] != "passphrase":
        raise NotAVault("a key slot is of the kind {kind!r}, newer than this program", kind=one["kind"])
    return Slot(salt, nonce, wrapped, int(one["passes"]), int(one["memory"]), int(one["lanes"]))
