"""m and u of every level: how often entries of one person, and of two, agree so far.

u is counted in random pairs of the lists, less those that are likely one person: in short lists that is one pair in a
thousand, and would make a day of birth seem common. m comes from expectation maximisation (Dempster, Laird and Rubin
1977) among the pairs that blocks brought together, with everything that is known of them: the names, whose m is stated
or learned with a strong belief beside it (``naming``, ``model``), what kin share not counted, and each entry one
person's at most. What is believed of m before (``model.BELIEVED``) stands for some pairs (Dirichlet's prior): where the
lists teach nothing it stays, and is said. Weights never fall as agreement grows: where few pairs would have it so, the
levels are taken together (pool adjacent violators).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from corroborate.linkage.levels import Agreement, Ints
from corroborate.linkage.model import BELIEVED, COMPARISONS, STATED
from corroborate.linkage.naming import LEVELS as NAME_LEVELS
from corroborate.linkage.naming import Laid, NameModel
from corroborate.linkage.relatives import Counting, counting

Floats = NDArray[np.float64]
Levels = Mapping[str, NDArray[np.int8]]
Learned = dict[str, tuple[tuple[str, float, float], ...]]  # comparison -> (agreement, m, u), the best agreement first
SAMPLE = 1_000_000  # random pairs from which u is learned
_TAUGHT = 120_000  # compared pairs from which m is learned
_SHORT = 30_000  # entries: of fewer, random pairs are one person often enough to be taken for chance
_BELIEF = 10.0  # pairs of one person that what is believed of m stands for
_ROUNDS, _SETTLED = 30, 1e-4
_ENOUGH = 50  # pairs of one person, from which a pass of its own is learned
_TWICE = 0.02  # entries of people whom one list has twice, where learning starts
_START = 0.2  # people on two lists, of the entries, where learning starts


@dataclass(frozen=True, slots=True)
class Taught:
    """m and u of each comparison; what words of names weigh, where names are compared by words; and how many pairs of
    one person each comparison was learned from (nought: what is believed stands)."""

    learned: Learned
    names: NameModel | None
    pairs: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Sample:
    """Compared pairs: entries, whether of one list, levels, and the names that are compared by words (``at``: which
    pairs)."""

    left: Ints
    right: Ints
    within: NDArray[np.bool_]
    levels: Levels
    at: Ints
    laid: Laid | None


def random_pairs(count: int, chance: np.random.Generator) -> tuple[Ints, Ints]:
    """Pairs of two entries: all of them where they are few."""
    if count * (count - 1) // 2 <= SAMPLE:
        left, right = np.triu_indices(count, 1)
        return left.astype(np.int32), right.astype(np.int32)
    left = chance.integers(0, count, SAMPLE, dtype=np.int32)
    right = (left + chance.integers(1, count, SAMPLE, dtype=np.int32)) % count
    return np.minimum(left, right), np.maximum(left, right).astype(np.int32)


def sampled(left: Ints, pairs: int, chance: np.random.Generator) -> NDArray[np.int64]:
    """Pairs to learn from: all of them, or those of entries drawn at random: an entry's rivals are there too."""
    if pairs <= _TAUGHT:
        return np.arange(pairs)
    drawn = chance.random(int(left.max()) + 1) < _TAUGHT / pairs
    return np.flatnonzero(drawn[left])


def learn(agreement: Agreement, table: pa.Table, rare: Mapping[str, Floats], chance: Sample, compared: Sample,
          share: float = 1.0) -> Taught:  # fmt: skip
    """m and u of every level. ``rare``: by comparison, the chance that another person has an entry's value.
    ``chance``: random pairs. ``compared``: pairs in blocks, or a ``share`` of them."""
    met, lists = chance.levels, table["list"].to_numpy()
    learned = counted(met, np.ones(len(chance.left)))
    names = NameModel.stated(chance.laid).scaled(_two_people(chance, chance.laid)) if chance.laid is not None else None
    taught = _maximised(Taught(learned, names, {}), compared, rare, lists, share)
    if len(table) <= _SHORT:
        apart = 1 - _one_person(chance, taught, rare)
        again = counted(met, apart)
        taught = _maximised(Taught(again, taught.names, {}), compared, rare, lists, share)
    return taught


def _two_people(chance: Sample, laid: Laid) -> Laid:
    """Names of random pairs who were born years apart, and so are two."""
    far = np.zeros(len(chance.left), dtype=bool)
    if "birth" in chance.levels:
        far = np.isin(chance.levels["birth"], (0, 1))
    kept = far[chance.at]
    return Laid(laid.found[kept], laid.rarity[kept])


def counted(met: Levels, apart: Floats) -> Learned:
    """u of each level in random pairs, each counting as far as it is of two people; m as stated or believed."""
    learned: Learned = {}
    for name, seen in met.items():
        if name not in COMPARISONS:
            continue
        stated, known = COMPARISONS[name], seen >= 0
        counts = np.bincount(seen[known], apart[known], minlength=len(stated))[::-1]
        shares = (counts + 0.5 / len(stated)) / (counts.sum() + 0.5)
        believed = BELIEVED.get(name, (0.0,) * len(stated))
        learned[name] = tuple(
            (level.label, level.m or m, level.u or float(share))
            for level, share, m in zip(stated, shares, believed, strict=True)
        )
    return learned


def monotone(m: Floats, u: Floats, *, worst: bool = False) -> Floats:
    """m so that log(m/u) never falls as agreement grows; the best level first.

    ``worst``: the last level weighs no more than the one before it, however often it is met. Slips of a date spread
    evenly: namesakes who are oftener decades apart than years are fathers and sons, and teach nothing of slips.
    """
    ratio = np.log2(np.maximum(m, 1e-9) / u)
    if worst:
        ratio[-1] = min(ratio[-1], ratio[-2])
    fitted = isotonic_regression(ratio, weights=m + u, increasing=False).x
    found: Floats = u * np.exp2(fitted)
    return found


def counting_of(sample: Sample) -> Counting:
    size = len(sample.left)
    return counting(sample.levels, size, np.zeros(size, dtype=bool))


def weights_of(taught: Taught, sample: Sample, rare: Mapping[str, Floats], counts: Counting) -> Floats:
    """The sum of weights of each pair, what kin share counted only beside something of the person's own."""
    size = len(sample.left)
    total = np.zeros(size)
    for name, levels in taught.learned.items():
        seen = sample.levels[name]
        table = np.array([*(np.log2(m / u) for _, m, u in reversed(levels)), 0.0])
        each = table[seen]
        if name in rare:
            best = np.flatnonzero(seen == len(levels) - 1)
            each[best] = np.log2(levels[0][1] / rare[name][sample.left[best]])
        total += np.where(counts.of(name), each, np.minimum(each, 0.0)) if (table > 0).any() else each
    if sample.laid is not None and taught.names is not None:
        total[sample.at] += taught.names.weights(sample.laid)
    nothing = (sample.levels.get("given", np.full(size, -1)) < 0) & (sample.levels.get("name", np.full(size, -1)) < 0)
    total[nothing & ~counts.own] = -60.0
    return total


def pairs_of(lists: NDArray[np.int16]) -> tuple[float, float]:
    """Pairs of entries of two lists, and of one."""
    sizes = np.bincount(lists).astype(float)
    within = float((sizes * (sizes - 1) / 2).sum())
    return len(lists) * (len(lists) - 1) / 2 - within, within


def odds_of(matches: float, pairs: float) -> float:
    """log2 of the odds that any two entries are one person."""
    share = min(max(matches / max(pairs, 1.0), 1e-12), 0.5)
    return float(np.log2(share / (1 - share)))


def matches_of(total: Floats, sample: Sample, prior: Floats, entries: int) -> Floats:
    """Each pair's chance to be one person, where an entry's person is at most one of another list's that were
    compared."""
    odds = np.exp2(np.clip(total + prior, -60, 40))
    between = np.where(sample.within, 0.0, odds)
    by_left = np.bincount(sample.left, between, minlength=entries)
    by_right = np.bincount(sample.right, between, minlength=entries)
    everybody = by_left + by_right
    rivals = np.where(sample.within, odds, np.maximum(everybody[sample.left], everybody[sample.right]))
    found: Floats = odds / (1 + rivals)
    return found


def _maximised(
    taught: Taught, sample: Sample, rare: Mapping[str, Floats], lists: NDArray[np.int16], share: float
) -> Taught:
    """m by expectation maximisation over compared pairs, beside what is believed."""
    if not len(sample.left):
        return taught
    whole, entries = pairs_of(lists), len(lists)
    believed = {name: _believed(name, sample.levels[name], levels) for name, levels in taught.learned.items()}
    taught = _with(taught, {name: m for name, m in believed.items() if name not in STATED}, {})
    matches, counts = (_START * entries, _TWICE * entries), counting_of(sample)
    named, born = _same_name(sample), _same_day(sample)
    for _ in range(_ROUNDS):
        total = weights_of(taught, sample, rare, counts)
        prior = np.where(sample.within, *reversed([odds_of(m, w) for m, w in zip(matches, whole, strict=True)]))
        match = matches_of(total, sample, prior, entries)
        before = matches
        within = float(match[sample.within].sum())
        matches = (max((float(match.sum()) - within) / share, 0.5), max(within / share, 0.5))
        m, pairs = {}, {}
        told = match * named if (match @ named) >= _ENOUGH else match
        for name in taught.learned:
            seen = sample.levels[name]
            known = seen >= 0
            sums = np.bincount(seen[known], told[known], minlength=len(believed[name]))[::-1]
            pairs[name] = float(sums.sum())
            if name not in STATED:
                m[name] = (_BELIEF * believed[name] + sums) / (_BELIEF + sums.sum())
        names = taught.names
        if sample.laid is not None and names is not None:
            told = match * born if (match @ born) >= _ENOUGH else match
            names = names.learned(sample.laid, told[sample.at])
            pairs["name"] = names.pairs
        moved = max(
            (float(np.abs(new - [one[1] for one in taught.learned[name]]).max()) for name, new in m.items()),
            default=0.0,
        )
        taught = _with(Taught(taught.learned, names, {}), m, pairs)
        if max(moved, abs(sum(matches) - sum(before)) / entries) < _SETTLED:
            break
    return taught


def _same_name(sample: Sample) -> NDArray[np.bool_]:
    """Pairs with one name. Blocks bring them together whatever else they say, while of others they choose those that
    agree in a day or a place: from these m of days and places would be learned too high."""
    same = np.zeros(len(sample.left), dtype=bool)
    if "given" in sample.levels and "family" in sample.levels:
        same |= (sample.levels["given"] == len(COMPARISONS["given"]) - 1) & (
            sample.levels["family"] == len(COMPARISONS["family"]) - 1
        )
    if "name" in sample.levels:
        same |= sample.levels["name"] == len(NAME_LEVELS) - 1
    return same


def _same_day(sample: Sample) -> NDArray[np.bool_]:
    """Pairs born on one day, whatever their names: the second pass, for what names weigh."""
    if "birth" not in sample.levels:
        return np.zeros(len(sample.left), dtype=bool)
    return np.asarray(sample.levels["birth"] == len(COMPARISONS["birth"]) - 1)


def _believed(name: str, seen: NDArray[np.int8], levels: tuple[tuple[str, float, float], ...]) -> Floats:
    """m before anything is learned; of levels that no pair can reach (no list has days of birth), next to nothing."""
    m = np.array([each for _, each, _ in levels])
    if name in STATED:
        return m
    met = np.bincount(seen[seen >= 0], minlength=len(levels))[::-1] > 0
    m = np.where(met | ~met.any(), m, m * 0.02)
    found: Floats = m / m.sum()
    return found


def _with(taught: Taught, m: Mapping[str, Floats], pairs: Mapping[str, float]) -> Taught:
    made = dict(taught.learned)
    for name, values in m.items():
        levels = made[name]
        if name == "birth":
            values = _not_garbled(values)
        fitted = monotone(values, np.array([u for _, _, u in levels]), worst=name == "birth")
        made[name] = tuple((label, float(new), u) for (label, _, u), new in zip(levels, fitted, strict=True))
    return Taught(made, taught.names, pairs or taught.pairs)


_GARBLED = 0.07  # of one person's dates of birth, at most, are more than two years off


def _not_garbled(m: Floats) -> Floats:
    """Namesakes can make dates of birth seem to say nothing: no more of them are taken to be garbled than this."""
    far = float(m[-2:].sum())
    if far <= _GARBLED:
        return m
    found = m * (1 - _GARBLED) / max(1 - far, 1e-9)
    found[-2:] = m[-2:] * _GARBLED / far
    return np.asarray(found)


def _one_person(chance: Sample, taught: Taught, rare: Mapping[str, Floats]) -> Floats:
    """How likely each random pair is one person; never without evidence of the person's own, as relatives are two."""
    counts = counting_of(chance)
    total = weights_of(taught, chance, rare, counts)
    odds = np.where(counts.own, np.exp2(np.clip(total, -60, 60)), 0.0)
    size = len(odds)
    share = min(1 / max(size, 1), 0.5)
    for _ in range(25):
        match = share * odds / (1 - share + share * odds)
        share = float(np.clip(match.mean(), 1 / size, 0.5))
    found: Floats = match
    return found
