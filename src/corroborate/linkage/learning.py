"""m and u of every level: how often entries of one person, and of two, agree so far.

u is counted in random pairs of the lists, less those that are likely one person: in short lists that is one pair in a
thousand, and would make a day of birth seem common. m comes from expectation maximisation (Dempster, Laird and Rubin
1977, as Splink runs it: u fixed, levels of a comparison exclusive, comparisons independent) among pairs with one name,
where most that agree elsewhere are one person; m of names is stated (see ``model``).
"""

import math
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corroborate.linkage.levels import Agreement, Ints, filled, numbered
from corroborate.linkage.model import COMPARISONS, STATED
from corroborate.linkage.relatives import counting

Floats = NDArray[np.float64]
Levels = Mapping[str, NDArray[np.int8]]
Learned = dict[str, tuple[tuple[str, float, float], ...]]  # comparison -> (agreement, m, u), the best agreement first
SAMPLE = 1_000_000  # random pairs from which u is learned
_TAUGHT = 200_000  # pairs with one name, from which m is learned
_SHORT = 30_000  # entries
_LEAST_M = 0.002
_START, _AGREE = 0.3, 0.95  # share of matches, and m of the best level, where learning starts
_ROUNDS, _SETTLED = 25, 1e-4


def learn(agreement: Agreement, table: pa.Table, rare: Mapping[str, Floats], seed: int) -> Learned:
    """m and u of every level. One never met gets the little that a sample of its size allows, not nothing.

    ``rare``: by comparison, the chance that another person has an entry's value.
    """
    chance = np.random.default_rng(seed)
    met = agreement.levels(*_random_pairs(len(table), chance))
    apart = np.ones(len(next(iter(met.values()))))
    learned = _counted(met, apart)
    taught = [name for name in learned if name not in ("given", "family")]  # these all agree: the pairs have one name
    left, right, all_namesakes = _namesakes(table, chance)
    if not len(left) or all(name in STATED for name in taught):
        return learned
    levels = agreement.levels(left, right, taught)
    most = len(table) / all_namesakes  # an entry has one match or so, however many namesakes
    values = {name: chances[left] for name, chances in rare.items()}
    learned = _taught(levels, learned, values, most)
    if len(table) <= _SHORT:  # of few entries, random pairs are one person often enough to be taken for chance
        learned = _taught(levels, _counted(met, 1 - _one_person(met, learned)), values, most)
    return learned


def _counted(met: Levels, apart: Floats) -> Learned:
    """u of each level in random pairs, each counting as far as it is of two people; m as stated."""
    learned: Learned = {}
    for name, seen in met.items():
        stated, known = COMPARISONS[name], seen >= 0
        counts = np.bincount(seen[known], apart[known], minlength=len(stated))[::-1]
        shares = counts / max(float(counts.sum()), 1e-12)
        learned[name] = tuple(
            (level.label, level.m or _LEAST_M, level.u or max(float(share), 1 / SAMPLE))
            for level, share in zip(stated, shares, strict=True)
        )
    return learned


def _taught(levels: Levels, learned: Learned, rare: Mapping[str, Floats], most: float) -> Learned:
    found = dict(learned)
    for name, m in _maximised(levels, learned, rare, most).items():
        found[name] = tuple(
            (label, max(float(new), _LEAST_M), u) for (label, _, u), new in zip(learned[name], m, strict=True)
        )
    return found


def _one_person(met: Levels, learned: Learned) -> Floats:
    """How likely each random pair is one person; never without evidence of the person's own, as relatives are two."""
    size = len(next(iter(met.values())))
    weight = np.zeros(size)
    for name, seen in met.items():
        weight += np.array([*(np.log2(m / u) for _, m, u in reversed(learned[name])), 0.0])[seen]
    own = counting(met, size, np.zeros(size, dtype=bool)).own
    odds = np.where(own, np.exp2(np.clip(weight, -60, 60)), 0.0)
    share = 1 / size
    for _ in range(_ROUNDS):
        match = share * odds / (1 - share + share * odds)
        share = float(np.clip(match.mean(), 1 / size, 0.5))
    found: Floats = match
    return found


def _random_pairs(count: int, chance: np.random.Generator) -> tuple[Ints, Ints]:
    """Pairs of two entries: all of them where they are few."""
    if count * (count - 1) // 2 <= SAMPLE:
        left, right = np.triu_indices(count, 1)
        return left.astype(np.int32), right.astype(np.int32)
    left = chance.integers(0, count, SAMPLE, dtype=np.int32)
    right = (left + chance.integers(1, count, SAMPLE, dtype=np.int32)) % count
    return np.minimum(left, right), np.maximum(left, right).astype(np.int32)


def _namesakes(table: pa.Table, chance: np.random.Generator) -> tuple[Ints, Ints, int]:
    """Pairs of entries with one family and given name: all of them, or as many as are looked at, drawn at random; and
    how many there are."""
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
    return np.minimum(one, other).astype(np.int32), np.maximum(one, other).astype(np.int32), whole


def _maximised(levels: Levels, learned: Learned, rare: Mapping[str, Floats], most: float) -> dict[str, Floats]:
    """m by expectation maximisation over pairs: by comparison, the best level first. ``most``: the share of pairs that
    can be matches; a start far above it ends where all pairs are, and nothing is learned."""
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
    share = min(share * named / (1 - share + share * named), most)
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
