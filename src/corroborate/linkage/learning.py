"""m and u of every level: how often entries of one person, and of two, agree so far.

u is counted in random pairs of the lists. m comes from expectation maximisation (Dempster, Laird and Rubin 1977, as
Splink runs it: u fixed, levels of a comparison exclusive, comparisons independent) among pairs with one name, where
most that agree elsewhere are one person; m of names is stated (see ``model``).
"""

import math
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corroborate.linkage.levels import Agreement, Ints, filled, numbered
from corroborate.linkage.model import COMPARISONS, STATED

Floats = NDArray[np.float64]
Levels = Mapping[str, NDArray[np.int8]]
Learned = dict[str, tuple[tuple[str, float, float], ...]]  # comparison -> (agreement, m, u), the best agreement first
SAMPLE = 1_000_000  # random pairs from which u is learned
_TAUGHT = 200_000  # pairs with one name, from which m is learned
_LEAST_M = 0.002
_START, _AGREE = 0.3, 0.95  # share of matches, and m of the best level, where learning starts
_ROUNDS, _SETTLED = 25, 1e-4


def learn(agreement: Agreement, table: pa.Table, rare: Mapping[str, Floats], seed: int) -> Learned:
    """m and u of every level. One never met gets the little that a sample of its size allows, not nothing.

    ``rare``: by comparison, the chance that another person has an entry's value.
    """
    chance = np.random.default_rng(seed)
    met = agreement.levels(*_random_pairs(len(table), chance))
    learned: Learned = {}
    for name, seen in met.items():
        stated = COMPARISONS[name]
        counts = np.bincount(seen[seen >= 0], minlength=len(stated))[::-1]
        shares = counts / max(int(counts.sum()), 1)
        learned[name] = tuple(
            (level.label, level.m or _LEAST_M, level.u or max(float(share), 1 / SAMPLE))
            for level, share in zip(stated, shares, strict=True)
        )
    taught = [name for name in learned if name not in ("given", "family")]  # these all agree: the pairs have one name
    left, right = _namesakes(table, chance)
    if len(left) and any(name not in STATED for name in taught):
        levels = {name: found for name, found in agreement.levels(left, right).items() if name in taught}
        for name, m in _maximised(levels, learned, {n: values[left] for n, values in rare.items()}).items():
            learned[name] = tuple(
                (label, max(float(new), _LEAST_M), u) for (label, _, u), new in zip(learned[name], m, strict=True)
            )
    return learned


def _random_pairs(count: int, chance: np.random.Generator) -> tuple[Ints, Ints]:
    """Pairs of two entries: all of them where they are few."""
    if count * (count - 1) // 2 <= SAMPLE:
        left, right = np.triu_indices(count, 1)
        return left.astype(np.int32), right.astype(np.int32)
    left = chance.integers(0, count, SAMPLE, dtype=np.int32)
    right = (left + chance.integers(1, count, SAMPLE, dtype=np.int32)) % count
    return np.minimum(left, right), np.maximum(left, right).astype(np.int32)


def _namesakes(table: pa.Table, chance: np.random.Generator) -> tuple[Ints, Ints]:
    """Pairs of entries with one family and given name: all of them, or as many as are looked at, drawn at random."""
    (family, _), (given, values) = numbered(table["family"]), numbered(table["given"])
    ids = np.flatnonzero(filled(table["family"]) & filled(table["given"]))
    key = family[ids].astype(np.int64) * max(len(values), 1) + given[ids]
    order = np.argsort(key, kind="stable")
    ids, key = ids[order], key[order]
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if len(key) else np.zeros(0, dtype=np.int64)
    sizes = np.diff(np.r_[starts, len(key)])
    ends = np.cumsum(sizes * (sizes - 1) // 2)
    whole = int(ends[-1]) if len(ends) else 0
    drawn = np.arange(whole) if whole <= _TAUGHT else np.unique(chance.integers(0, whole, _TAUGHT))
    block = np.searchsorted(ends, drawn, side="right")
    within = drawn - (ends - sizes * (sizes - 1) // 2)[block]
    # the pairs (0,1), (0,2), (1,2), (0,3) ... of a block, numbered: the larger of two is the triangular root
    larger = ((1 + np.sqrt(1 + 8 * within.astype(float))) // 2).astype(np.int64)
    larger -= larger * (larger - 1) // 2 > within
    smaller = within - larger * (larger - 1) // 2
    one, other = ids[starts[block] + smaller], ids[starts[block] + larger]
    return np.minimum(one, other).astype(np.int32), np.maximum(one, other).astype(np.int32)


def _maximised(levels: Levels, learned: Learned, rare: Mapping[str, Floats]) -> dict[str, Floats]:
    """m by expectation maximisation over pairs: by comparison, the best level first."""
    size = len(next(iter(levels.values())))
    u, m, fixed = {}, {}, {}
    for name in levels:
        u[name] = np.array([each for _, _, each in learned[name]])
        fixed[name] = name in STATED
        m[name] = np.array([each for _, each, _ in learned[name]])
        if not fixed[name]:
            m[name] = np.full(len(u[name]), (1 - _AGREE) / max(len(u[name]) - 1, 1))
            m[name][0] = _AGREE
    adjusted = np.zeros(size)  # where the best level is reached, its u is the rarity of the value itself
    for name, values in rare.items():
        if name in levels:
            best = levels[name] == len(u[name]) - 1
            adjusted[best] += np.log(u[name][0] / values[best])
    share = _START
    named = math.prod([learned[name][0][1] / learned[name][0][2] for name in ("given", "family") if name in learned])
    share = share * named / (1 - share + share * named)
    for _ in range(_ROUNDS):
        odds = np.log(share / (1 - share)) + adjusted
        for name, seen in levels.items():
            weights = np.r_[np.log(np.maximum(m[name], 1e-12) / u[name])[::-1], 0.0]  # the last stands for level -1
            odds += weights[seen]
        match = 1 / (1 + np.exp(-np.clip(odds, -500, 500)))
        moved, before = 0.0, share
        share = float(np.clip(match.mean(), 1e-9, 1 - 1e-9))
        for name, seen in levels.items():
            if not fixed[name]:
                known = seen >= 0
                sums = np.bincount(seen[known], match[known], minlength=len(u[name]))[::-1]
                new = sums / max(float(sums.sum()), 1e-300)
                moved = max(moved, float(np.abs(new - m[name]).max()))
                m[name] = new
        if max(moved, abs(share - before)) < _SETTLED:
            break
    return {name: values for name, values in m.items() if not fixed[name]}
