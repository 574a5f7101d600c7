"""From the unit's result to what one side tells the other, and what the other then knows.

A side tells of each of its rows, row by row: nothing; or the row's pseudonym and token, by which the other side finds
its own partner, if it has one; or facts as well, under a key that only a partner's secret makes. Since it does not know
which rows have partners, it answers for all of them, those that stand for nobody too. The linkage unit cannot read
facts: the key takes the sides' own secret as well.
"""

import hashlib
import hmac
import json
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from corroborate.errors import InvalidValue, NotVerified
from corroborate.linkage.private.agreement import Agreed
from corroborate.linkage.private.consenting import Shown
from corroborate.linkage.private.files import Sent, binary, column
from corroborate.linkage.private.matching import SECRET, HandedOut

Entropy = Callable[[int], bytes]
PSEUDONYM, DIFFERENCE = 16, 12 + 8 + 16  # bytes: nonce, a double, tag
FACTS = 1024  # bytes that facts are padded to; a row that tells none holds as many of chance
_ZERO = bytes(12)


def _derived(secret: bytes, salt: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt, b"corroborate/private-linkage/v1/" + purpose.encode()).derive(secret)


def pseudonym(secret: bytes) -> bytes:
    return hmac.digest(secret, b"pseudonym", "sha256")[:PSEUDONYM]


def seal_difference(secret: bytes, left: bytes, right: bytes, difference: float) -> bytes:
    """The unit's word on how near two rows are: it takes the tokens of both to open."""
    key = _derived(secret, hashlib.sha256(b"".join(sorted((left, right)))).digest(), "difference")
    return _ZERO + AESGCM(key).encrypt(_ZERO, struct.pack(">d", difference), None)  # each key seals one number


def _open_difference(sealed: bytes, secret: bytes, left: bytes, right: bytes) -> float:
    key = _derived(secret, hashlib.sha256(b"".join(sorted((left, right)))).digest(), "difference")
    try:
        found: float = struct.unpack(">d", AESGCM(key).decrypt(sealed[:12], sealed[12:], None))[0]
    except InvalidTag as error:
        raise NotVerified(
            "a pair's tokens do not open what the unit said of it: one of the files was changed"
        ) from error
    return found


def result_table(handed: HandedOut) -> pa.Table:
    """What the unit hands one side, row by row in the order of its encoding."""
    return pa.table(
        {
            "secret": binary(handed.secrets, SECRET),
            "token": binary(handed.tokens, SECRET),
            "difference": binary(handed.differences, DIFFERENCE),
        }
    )


def read_result(sent: Sent, rows: int) -> HandedOut:
    """The result for an encoding of ours with so many rows. Raises NotVerified."""
    found = HandedOut(
        tuple(column(sent, "secret", SECRET)),
        tuple(column(sent, "token", SECRET)),
        tuple(column(sent, "difference", DIFFERENCE)),
    )
    if len(found.secrets) != rows:
        raise NotVerified(
            (
                "the result is for {number:,} row, and our encoding has {rows:,}",
                "the result is for {number:,} rows, and our encoding has {rows:,}",
            ),
            number=len(found.secrets),
            rows=rows,
        )
    return found


def _facts_key(agreed: Agreed, secret: bytes, token: bytes) -> bytes:
    return _derived(secret + token, agreed.key("facts"), "facts")


def _packed(fields: Mapping[str, Sequence[str]]) -> bytes:
    text = json.dumps({key: list(values) for key, values in fields.items()}, ensure_ascii=False).encode()
    if len(text) > FACTS - 2:
        raise InvalidValue(
            "the facts of one person take {number} bytes, and {facts} are room: tell fewer",
            number=len(text),
            facts=FACTS - 2,
        )
    return len(text).to_bytes(2, "big") + text + bytes(FACTS - 2 - len(text))


def reveal_table(handed: HandedOut, decided: Sequence[Shown | None], agreed: Agreed, entropy: Entropy) -> pa.Table:
    """What we tell the other side. ``decided``: for each row of our encoding, or None where it stands for nobody.

    Rows of nobody are told like rows that the other side holds too: the number told says little.
    """
    pseudonyms, tokens, facts = [], [], []
    for secret, token, one in zip(handed.secrets, handed.tokens, decided, strict=True):
        if one is not None and one.reveal == "nothing":
            continue
        pseudonyms.append(pseudonym(secret))
        tokens.append(token)
        if one is not None and one.reveal == "fields":
            sealed = AESGCM(_facts_key(agreed, secret, token)).encrypt(_ZERO, _packed(one.fields), None)
        else:
            sealed = entropy(FACTS + 16)
        facts.append(sealed)
    order = sorted(range(len(pseudonyms)), key=lambda at: pseudonyms[at])
    return pa.table(
        {
            "pseudonym": binary([pseudonyms[at] for at in order], PSEUDONYM),
            "token": binary([tokens[at] for at in order], SECRET),
            "facts": binary([facts[at] for at in order], FACTS + 16),
        }
    )


@dataclass(frozen=True, slots=True)
class Learnt:
    """A row of ours whose person the other side says it holds too, how near the two rows were, and what it told."""

    row: int
    difference: float
    fields: Mapping[str, tuple[str, ...]]


def learnt(sent: Sent, handed: HandedOut, agreed: Agreed) -> tuple[Learnt, ...]:
    """What the other side's answer tells us of our rows. Raises NotVerified for an answer that was tampered with."""
    ours = {pseudonym(secret): row for row, secret in enumerate(handed.secrets)}
    told = zip(
        column(sent, "pseudonym", PSEUDONYM),
        column(sent, "token", SECRET),
        column(sent, "facts", FACTS + 16),
        strict=True,
    )
    found = []
    for name, token, sealed in told:
        row = ours.get(name)
        if row is None:
            continue
        secret = handed.secrets[row]
        difference = _open_difference(handed.differences[row], secret, handed.tokens[row], token)
        found.append(Learnt(row, difference, _opened(sealed, _facts_key(agreed, secret, token))))
    return tuple(sorted(found, key=lambda one: one.row))


def _opened(sealed: bytes, key: bytes) -> dict[str, tuple[str, ...]]:
    try:
        packed = AESGCM(key).decrypt(_ZERO, sealed, None)
    except InvalidTag:
        return {}  # chance: nothing was told but that they hold the person
    text = packed[2 : 2 + int.from_bytes(packed[:2], "big")]
    try:
        return {str(key): tuple(map(str, values)) for key, values in json.loads(text).items()}
    except (ValueError, AttributeError, TypeError) as error:
        raise NotVerified("what the other side told cannot be read") from error
