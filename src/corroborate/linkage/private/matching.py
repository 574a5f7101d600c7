"""The linkage unit: which rows of two encodings are near enough to be one person. It has no key and sees no name.

It hands each side a file of its own. *Every* row gets a pseudonym, whether it has a partner or not, and only two
partners have the same one; so a side learns nothing until the other reveals pseudonyms of its own to it, pair by pair.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corroborate.errors import InputRefused
from corroborate.linkage.private.agreement import Agreement
from corroborate.linkage.private.encoding import Encoded

Entropy = Callable[[int], bytes]
MOST_PAIRS = 100_000_000  # compared one by one; larger lists must agree on composite keys
MOST_IN_BLOCK = 10_000_000  # pairs under one composite key
SECRET = 32  # bytes of a pair's secret and of a row's token


@dataclass(frozen=True, slots=True)
class Near:
    """A row of each side, and the share of the bits sent that differ: 0 the same, .5 strangers."""

    left: int
    right: int
    difference: float


def _unpacked(filters: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Bits as -1 and 1, so that a product of matrices counts those that differ."""
    return np.unpackbits(filters, axis=-1).astype(np.float32) * 2 - 1


def _comparable(slots: int, readings: int) -> list[tuple[int, int]]:
    """Which filters of two rows are compared: readings with readings, masks with masks."""
    return [(a, b) for a in range(slots) for b in range(slots) if (a < readings) == (b < readings)]


def differences(left: NDArray[np.uint8], right: NDArray[np.uint8], readings: int) -> NDArray[np.float32]:
    """Smallest difference over all that is compared of each pair of rows: left rows × right rows."""
    bits = left.shape[-1] * 8
    one, other = _unpacked(left), _unpacked(right)
    best = np.full((left.shape[0], right.shape[0]), 1.0, np.float32)
    for mine, theirs in _comparable(one.shape[1], readings):
        np.minimum(best, (1 - (one[:, mine] @ other[:, theirs].T) / bits) / 2, out=best)
    return best


def _all_pairs(left: Encoded, right: Encoded, most: float, readings: int) -> list[Near]:
    if left.rows * right.rows > MOST_PAIRS:
        raise InputRefused(
            "{rows:,} × {rows2:,} rows are too many to compare one by one: agree on composite blocking keys "
            "(`corroborate private offer --keys 16`)",
            rows=left.rows,
            rows2=right.rows,
        )
    found = []
    for start in range(0, left.rows, 1024):
        part = differences(left.filters[start : start + 1024], right.filters, readings)
        found += [
            Near(start + int(row), int(column), float(part[row, column])) for row, column in np.argwhere(part <= most)
        ]
    return found


def blocked(left: Encoded, right: Encoded) -> NDArray[np.int64]:
    """Pairs of rows that share a composite key: pairs × 2, each once. Raises InputRefused for a block that explodes."""
    one, other = (np.ascontiguousarray(side.keys).view("<u8")[..., 0] for side in (left, right))
    rows, theirs = (np.repeat(np.arange(side.shape[0]), side.shape[1]) for side in (one, other))
    mine, his = one.ravel(), other.ravel()
    order = np.argsort(his, kind="stable")
    first, last = (np.searchsorted(his[order], mine, side) for side in ("left", "right"))
    counts = last - first
    if counts.sum() > MOST_IN_BLOCK:
        raise InputRefused(
            "the composite keys leave {sum:,} pairs: one key stands in too many rows of both sides. "
            "Agree on no composite keys, or encode fewer people at a time",
            sum=int(counts.sum()),
        )
    at = np.repeat(first - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts) + np.arange(counts.sum())
    return np.unique(np.column_stack([np.repeat(rows, counts), theirs[order[at]]]), axis=0).astype(np.int64)


def _pairs_of_blocks(left: Encoded, right: Encoded, most: float, readings: int) -> list[Near]:
    pairs = blocked(left, right)
    bits = left.filters.shape[-1] * 8
    ours, others = (list(each) for each in zip(*_comparable(left.filters.shape[1], readings), strict=True))
    found: list[Near] = []
    for start in range(0, len(pairs), 4096):
        part = pairs[start : start + 4096]
        mine, theirs = left.filters[part[:, 0]], right.filters[part[:, 1]]
        each = np.bitwise_count(mine[:, ours] ^ theirs[:, others]).sum(-1, dtype=np.int32).min(1) / bits
        near = each <= most
        found += [Near(int(a), int(b), float(d)) for (a, b), d in zip(part[near], each[near], strict=True)]
    return found


def match(left: Encoded, right: Encoded, agreement: Agreement) -> tuple[Near, ...]:
    """One to one, the nearest first; deterministic. Raises InputRefused for lists too large to compare."""
    most = agreement.nearness / 1000
    near = (_pairs_of_blocks if agreement.schema.keys else _all_pairs)(left, right, most, agreement.schema.readings)
    near.sort(key=lambda one: (one.difference, one.left, one.right))
    taken: tuple[set[int], set[int]] = (set(), set())
    chosen = []
    for one in near:
        if one.left not in taken[0] and one.right not in taken[1]:
            taken[0].add(one.left)
            taken[1].add(one.right)
            chosen.append(one)
    return tuple(chosen)


@dataclass(frozen=True, slots=True)
class HandedOut:
    """What the unit hands one side: for each of its rows a secret (a partner's is the same), a token (its own alone),
    and the difference, sealed so that it takes both partners' tokens to open."""

    secrets: tuple[bytes, ...]
    tokens: tuple[bytes, ...]
    differences: tuple[bytes, ...]


def hand_out(
    matched: tuple[Near, ...],
    rows: tuple[int, int],
    seal: Callable[[bytes, bytes, bytes, float], bytes],
    entropy: Entropy,
) -> tuple[HandedOut, HandedOut]:
    """Secrets for every row of both sides. ``seal`` seals a difference for (secret, left token, right token)."""
    sides = []
    for count in rows:
        blob = entropy(2 * SECRET * count)
        every = [blob[at : at + SECRET] for at in range(0, len(blob), SECRET)]
        sides.append((every[:count], every[count:]))
    (secrets, tokens), (their_secrets, their_tokens) = sides
    # a row without a partner has a difference too: sealed to a token that nobody has
    sealed = [seal(secret, entropy(SECRET), entropy(SECRET), 0.5) for secret in secrets]
    theirs = [seal(secret, entropy(SECRET), entropy(SECRET), 0.5) for secret in their_secrets]
    for one in matched:
        their_secrets[one.right] = secrets[one.left]
        both = seal(secrets[one.left], tokens[one.left], their_tokens[one.right], one.difference)
        sealed[one.left] = theirs[one.right] = both
    return (
        HandedOut(tuple(secrets), tuple(tokens), tuple(sealed)),
        HandedOut(tuple(their_secrets), tuple(their_tokens), tuple(theirs)),
    )
