"""Which document numbers both sides have, and nothing of the others: private set intersection by Diffie and Hellman.

Meadows (1986), Huberman, Franklin & Hogg (1999). A number is hashed to a point of Curve25519; each side multiplies its
own points by a secret, sends them, and multiplies the other's; equal numbers end as equal points. Two trips each way,
no third node, and no dictionary can be tried on what travels: without a side's secret nobody can make its points.

The curve is X25519 of the `cryptography` package, which we have already, and not Ristretto, which would take a package
that is seldom kept. What Ristretto would give is taken care of here: a number is hashed *onto* the curve (by trying,
since files tell no time) and never onto its twist; a point that is not canonical or lies on the twist is refused;
X25519's scalars are multiples of eight, so parts of small order vanish, and a point with no other part is refused. Both
sides must be honest in what they put in: a side that enters numbers it does not have learns whether the other has them.
So sizes are agreed, each answer is bound to the offer it answers, and only numbers whose sources allow linking are
entered.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from corroborate.errors import InvalidValue, NotVerified
from corroborate.linkage.private.agreement import Agreed
from corroborate.linkage.private.encoding import padded
from corroborate.linkage.private.files import Sent, binary, column

Entropy = Callable[[int], bytes]
POINT = 32
_P = 2**255 - 19
_A = 486662  # of Curve25519: v² = u³ + A u² + u


def _on_curve(u: int) -> bool:
    """Whether the abscissa lies on Curve25519, and not on its twist (Euler's criterion)."""
    return pow((u * u * u + _A * u * u + u) % _P, (_P - 1) // 2, _P) == 1


def point_of(text: str, salt: bytes) -> bytes:
    """A number as a point: SHA-512 over salt, counter and text, until it falls on the curve (two tries on average)."""
    for count in range(256):
        wide = hashlib.sha512(b"corroborate/intersection/v1" + salt + bytes([count]) + text.encode()).digest()
        u = int.from_bytes(wide, "little") % _P
        if _on_curve(u):
            return u.to_bytes(POINT, "little")
    raise InvalidValue("no point for this number")  # once in 2^256


def _times(secret: X25519PrivateKey, point: bytes) -> bytes:
    u = int.from_bytes(point, "little")
    if u >= _P or not _on_curve(u):
        raise NotVerified("a point is not on the curve: the file was not made by this program, or was changed")
    try:
        return secret.exchange(X25519PublicKey.from_public_bytes(point))
    except ValueError as error:
        raise NotVerified("a point of small order: the file was made to find out our secret") from error


@dataclass(frozen=True, slots=True)
class Entered:
    """What one side keeps until the end: its secret, and for each point that it sent which of its numbers it was."""

    secret: bytes
    whose: tuple[int | None, ...]  # None: a point that stands for nothing

    def __repr__(self) -> str:
        return f"Entered(…, {len(self.whose)} points)"


def enter(numbers: Sequence[str], agreed: Agreed, entropy: Entropy) -> tuple[Entered, pa.Table]:
    """Our numbers as blinded points, in an order of chance, with points of nothing among them.

    Numbers are taken without spaces and hyphens, in upper case; an empty one, or one that stands twice, is refused.
    """
    plain = ["".join(c for c in number.upper() if c.isalnum()) for number in numbers]
    if "" in plain or len(set(plain)) != len(plain):
        raise InvalidValue("a document number is empty, or stands twice: enter each once")
    secret = entropy(32)
    key, salt = X25519PrivateKey.from_private_bytes(secret), agreed.key("intersection")
    count = padded(len(plain), agreed.schema)
    texts = [*(f"number {one}" for one in plain), *(f"chance {entropy(16).hex()}" for _ in range(count - len(plain)))]
    order = np.random.Generator(np.random.PCG64(int.from_bytes(entropy(16), "big"))).permutation(count).tolist()
    points = [_times(key, point_of(texts[at], salt)) for at in order]
    whose = tuple(at if at < len(plain) else None for at in order)
    return Entered(secret, whose), pa.table({"point": binary(points, POINT)})


def answer(theirs: Sent, entered: Entered) -> pa.Table:
    """The other side's points, multiplied by our secret, in their order."""
    key = X25519PrivateKey.from_private_bytes(entered.secret)
    return pa.table({"point": binary([_times(key, one) for one in column(theirs, "point", POINT)], POINT)})


def common(entered: Entered, answered: Sent, theirs: Sent) -> tuple[int, ...]:
    """Which of our numbers the other side has too: positions in what we entered.

    ``answered``: our points as they came back. ``theirs``: the other side's points as it sent them.
    """
    back = column(answered, "point", POINT)
    if len(back) != len(entered.whose):
        raise NotVerified(
            (
                "{number:,} point came back of {number2:,} that we sent",
                "{number:,} points came back of {number2:,} that we sent",
            ),
            number=len(back),
            number2=len(entered.whose),
        )
    if len(set(back)) != len(back):
        raise NotVerified("points came back twice: the answer was not made from our offer")
    key = X25519PrivateKey.from_private_bytes(entered.secret)
    both = {_times(key, one) for one in column(theirs, "point", POINT)}
    found = [whose for whose, point in zip(entered.whose, back, strict=True) if whose is not None and point in both]
    return tuple(sorted(found))
