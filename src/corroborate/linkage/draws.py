"""Linkage error carried on: overlap tables of clusterings drawn from what is uncertain.

One clustering hides the doubt in it: an estimate from its overlap table takes every match for a fact. So clusterings
are drawn: entries that uncertain pairs hold together are moved one by one between people (Gibbs sampling of a
partition), in proportion to the odds of the pairs that a move makes or breaks. An estimator run on each table, and its
results pooled, has the error of the linkage in its interval (Sadinle 2018, "Bayesian propagation of record linkage
uncertainty into population size estimation of human rights violations", Annals of Applied Statistics 12, does this with
another model).

The odds are pseudo-likelihoods: pairs within one person are taken to be independent pieces of evidence.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from corroborate.errors import InvalidValue, NotLinkable
from corroborate.linkage.assignment import components
from corroborate.linkage.linking import Linkage, overlap_of
from corroborate.values import OverlapTable

_UNCERTAIN = 0.01  # probability from which a pair can hold
_NOT_COMPARED = -7.0  # log2 odds of two entries that no block brought together, or hardly alike
_MOST = 12.0  # log2 odds: no pair is surer than the model can be
_FIRST, _BETWEEN = 10, 3  # sweeps before the first draw and between draws


def draws(linkage: Linkage, m: int, seed: int) -> list[OverlapTable]:
    """Overlap tables of ``m`` clusterings drawn from the posterior over uncertain pairs. One seed, one result."""
    evidence = linkage.evidence
    if evidence is None:
        raise NotLinkable("this linkage was not kept with its evidence")
    if not 1 <= m <= 10_000:
        raise InvalidValue("{m} draws: choose 1 to 10,000", m=m)
    names = sorted({name for name, _ in evidence.places})
    list_of = np.array([names.index(name) for name, _ in evidence.places], dtype=np.int16)
    order = [names.index(name) for name in linkage.overlap.lists]
    left, right = evidence.left.astype(np.int64), evidence.right.astype(np.int64)
    return [
        overlap_of(label, list_of, evidence.named, order, linkage.overlap.lists)
        for label in partitions(evidence.clustering.label, left, right, evidence.probability, m, seed)
    ]


def partitions(
    label: NDArray[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    probability: NDArray[np.float64],
    m: int,
    seed: int,
) -> Iterator[NDArray[np.int64]]:
    """``m`` drawn ways to put entries together, each a person for each entry, numbered from 0.

    ``label``: the person of each entry to begin with. ``left``, ``right``, ``probability``: the pairs compared.
    """
    chance = np.random.default_rng(seed)
    label = label.copy()
    likely = probability >= _UNCERTAIN
    sure = probability >= 1 - _UNCERTAIN
    part = components(len(label), left[likely], right[likely])
    doubtful = np.zeros(int(part.max()) + 1 if len(part) else 1, dtype=bool)
    doubtful[part[left[likely & ~sure]]] = True
    neighbours: dict[int, list[tuple[int, float]]] = {}
    chances = np.clip(probability, 1e-9, 1 - 1e-9)
    odds = np.clip(np.log2(chances / (1 - chances)), -_MOST, _MOST)
    for at in np.flatnonzero(likely & doubtful[part[left]]).tolist():
        a, b = int(left[at]), int(right[at])
        neighbours.setdefault(a, []).append((b, float(odds[at])))
        neighbours.setdefault(b, []).append((a, float(odds[at])))
    moving = np.array(sorted(neighbours), dtype=np.int64)
    people: dict[int, set[int]] = {}
    for at in moving.tolist():
        people.setdefault(int(label[at]), set()).add(at)
    fresh = int(label.max()) + 1 if len(label) else 0
    for draw in range(m):
        for _ in range(_FIRST if draw == 0 else _BETWEEN):
            fresh = _sweep(chance, moving, neighbours, label, people, fresh)
        yield np.unique(label, return_inverse=True)[1].astype(np.int64)


def _sweep(
    chance: np.random.Generator,
    moving: NDArray[np.int64],
    neighbours: dict[int, list[tuple[int, float]]],
    label: NDArray[np.int64],
    people: dict[int, set[int]],
    fresh: int,
) -> int:
    """Move each uncertain entry once, in a drawn order."""
    for at in chance.permutation(moving).tolist():
        mine = int(label[at])
        people[mine].discard(at)
        if not people[mine]:
            del people[mine]
        scores: dict[int, float] = {}
        alike = dict(neighbours[at])
        for person in {int(label[other]) for other in alike if int(label[other]) in people}:
            members = people[person]
            scores[person] = sum(alike.get(other, _NOT_COMPARED) for other in members)
        options = [fresh, *sorted(scores)]
        weights = np.exp2(np.clip(np.array([0.0, *(scores[p] for p in options[1:])]), -60, 60))
        chosen = options[int(np.searchsorted(np.cumsum(weights), chance.random() * weights.sum(), side="right"))]
        if chosen == fresh:
            fresh += 1
        label[at] = chosen
        people.setdefault(chosen, set()).add(at)
    return fresh
