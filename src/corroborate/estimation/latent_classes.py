"""Latent classes on cell counts (Manrique-Vallier 2016, LCMCR), so that cost depends on lists and not on people."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from arviz_stats.base import array_stats
from numba import njit
from numpy.typing import NDArray

from corroborate.estimation.log_linear import Cells

Floats = NDArray[np.float64]
CHAINS = 4
ALPHA_SHAPE = ALPHA_RATE = 0.25  # gamma prior of the concentration, as in the R package


@njit(cache=True, nogil=True)
def _weights(sticks, weight):  # type: ignore[no-untyped-def]
    rest = 1.0
    for k in range(sticks.shape[0]):
        weight[k] = sticks[k] * rest
        rest *= 1.0 - sticks[k]


@njit(cache=True, nogil=True)
def _score(counts, mixed, documented):  # type: ignore[no-untyped-def]
    """log L of the documented given that they are documented; mixed[0] is the probability of being on no list."""
    total = -documented * np.log(1.0 - mixed[0] + 1e-15)
    for c in range(1, counts.shape[0]):
        if counts[c] > 0:
            total += counts[c] * np.log(mixed[c] + 1e-300)
    return total


@njit(cache=True, nogil=True)
def _logit_step(old, step):  # type: ignore[no-untyped-def]
    return 1.0 / (1.0 + np.exp(-(np.log(old / (1.0 - old)) + step * np.random.standard_normal())))


@njit(cache=True, nogil=True)
def _chain(counts, patterns, classes, sweeps, keep_every, seed):  # type: ignore[no-untyped-def]
    """Gibbs sweeps with a truncated stick, and Metropolis moves with the unlisted and all membership integrated out.

    The cell of zeros is row 0 of ``patterns`` with count 0. The Metropolis moves are what makes it mix where the plain
    sampler of the R package does not: one costs as many steps as there are cells.
    """
    np.random.seed(seed)
    cells, lists = patterns.shape
    documented = counts.sum()
    chance = np.random.beta(1.0, 1.0, (classes, lists))
    sticks = np.random.beta(1.0, 1.0, classes)
    sticks[classes - 1] = 1.0
    weight, other = np.empty(classes), np.empty(classes)
    alpha, unlisted = 1.0, float(documented)
    kept = np.empty(sweeps // keep_every)
    step = np.full((classes, lists + 1), 0.5)
    tried, taken = np.zeros((classes, lists + 1)), np.zeros((classes, lists + 1))
    size, on = np.zeros(classes), np.zeros((classes, lists))
    within = np.empty((classes, cells))  # probability of each cell in each class
    mixed, moved, proposed = np.empty(cells), np.empty(cells), np.empty(cells)
    for sweep in range(sweeps):
        _weights(sticks, weight)
        mixed[:] = 0.0
        for k in range(classes):
            for c in range(cells):
                q = 1.0
                for j in range(lists):
                    q *= chance[k, j] if patterns[c, j] else 1.0 - chance[k, j]
                within[k, c] = q
                mixed[c] += weight[k] * q
        here = _score(counts, mixed, documented)
        for k in range(classes):
            if weight[k] > 1e-5:  # an all but empty class is drawn well enough by Gibbs
                for j in range(lists):
                    old = chance[k, j]
                    new = _logit_step(old, step[k, j])
                    if not 1e-9 < new < 1.0 - 1e-9:
                        continue
                    up, down = new / old, (1.0 - new) / (1.0 - old)
                    for c in range(cells):
                        proposed[c] = within[k, c] * (up if patterns[c, j] else down)
                        moved[c] = mixed[c] + weight[k] * (proposed[c] - within[k, c])
                    there = _score(counts, moved, documented)
                    change = there - here + np.log(new * (1 - new)) - np.log(old * (1 - old))
                    tried[k, j] += 1
                    if np.log(np.random.random()) < change:
                        here, chance[k, j] = there, new
                        within[k, :] = proposed
                        mixed[:] = moved
                        taken[k, j] += 1
            if k < classes - 1:
                old = sticks[k]
                new = _logit_step(old, step[k, lists])
                if not 1e-9 < new < 1.0 - 1e-9:
                    continue
                sticks[k] = new
                _weights(sticks, other)
                moved[:] = mixed
                for m in range(k, classes):
                    shift = other[m] - weight[m]
                    for c in range(cells):
                        moved[c] += shift * within[m, c]
                there = _score(counts, moved, documented)
                change = there - here + alpha * (np.log(1 - new) - np.log(1 - old)) + np.log(new) - np.log(old)
                tried[k, lists] += 1
                if np.log(np.random.random()) < change:
                    here = there
                    mixed[:] = moved
                    weight[:] = other
                    taken[k, lists] += 1
                else:
                    sticks[k] = old
        if sweep < sweeps // 4 and sweep % 100 == 99:  # steps are tuned in the part that is thrown away
            for k in range(classes):
                for j in range(lists + 1):
                    if tried[k, j] > 5:
                        step[k, j] = min(5.0, max(0.02, step[k, j] * np.exp(taken[k, j] / tried[k, j] - 0.4)))
            tried[:, :] = 0.0
            taken[:, :] = 0.0
        # the unlisted, given the classes: negative binomial, from the prior 1/N
        unlisted = np.random.poisson(np.random.gamma(documented, mixed[0] / (1.0 - mixed[0] + 1e-15)) + 1e-12)
        if sweep % keep_every == keep_every - 1:
            kept[sweep // keep_every] = unlisted
        # Gibbs: membership of each cell's people, the cell of zeros among them
        size[:] = 0.0
        on[:, :] = 0.0
        for c in range(cells):
            left, rest = int(unlisted if c == 0 else counts[c]), 0.0
            for k in range(classes):
                rest += weight[k] * within[k, c]
            for k in range(classes):
                if left == 0:
                    break
                mine = weight[k] * within[k, c]
                share = 1.0 if k == classes - 1 or mine >= rest else max(0.0, mine / rest)
                drawn = left if share >= 1.0 else np.random.binomial(left, share)
                rest -= mine
                left -= drawn
                size[k] += drawn
                for j in range(lists):
                    on[k, j] += drawn * patterns[c, j]
        later, logs = size.sum(), 0.0
        for k in range(classes):
            for j in range(lists):
                drawn_chance = np.random.beta(1.0 + on[k, j], 1.0 + size[k] - on[k, j])
                chance[k, j] = min(1.0 - 1e-9, max(1e-9, drawn_chance))
            if k < classes - 1:
                later -= size[k]
                sticks[k] = min(1.0 - 1e-9, max(1e-9, np.random.beta(1.0 + size[k], alpha + max(later, 0.0))))
                logs += np.log(1.0 - sticks[k])
        alpha = np.random.gamma(ALPHA_SHAPE + classes - 1, 1.0 / (ALPHA_RATE - logs))
    return kept


@dataclass(frozen=True, slots=True)
class Sample:
    """Draws of the unlisted (chains, draws) in people, with rank-normalised R-hat and bulk and tail effective sizes."""

    draws: Floats
    r_hat: float
    ess_bulk: float
    ess_tail: float

    @property
    def converged(self) -> bool:
        """R-hat at most 1.01 and effective sizes of at least 400 (Vehtari et al. 2021)."""
        return self.r_hat <= 1.01 and min(self.ess_bulk, self.ess_tail) >= 400


def sample(cells: Cells, *, seed: int, classes: int = 10, sweeps: int = 20_000, extensions: int = 2) -> Sample:
    """Four chains, made twice as long up to ``extensions`` times until they have converged. Prior: uniform list
    probabilities, gamma(0.25, 0.25) concentration, 1/N. The first quarter is thrown away."""
    seeds = [int(one) for one in np.random.SeedSequence(seed).generate_state(CHAINS)]
    result = _run(cells, seeds, classes, sweeps)
    for _ in range(extensions):
        if result.converged:
            break
        sweeps *= 2
        result = _run(cells, seeds, classes, sweeps)
    return result


def _run(cells: Cells, seeds: Sequence[int], classes: int, sweeps: int) -> Sample:
    every = max(1, sweeps // 10_000)
    nobody = np.zeros((1, cells.lists), dtype=np.int64)
    patterns, counts = np.vstack([nobody, cells.patterns]), np.concatenate([[0.0], cells.counts])
    with ThreadPoolExecutor(CHAINS) as chains:  # compiled code lets go of the interpreter, so chains run side by side
        drawn = chains.map(lambda one: _chain(counts, patterns, classes, sweeps, every, one), seeds)
        draws = np.array([chain[len(chain) // 4 :] for chain in drawn])
    logs = np.log(draws + 1.0)
    return Sample(
        draws,
        float(array_stats.rhat(logs, chain_axis=0, draw_axis=1)),
        float(array_stats.ess(logs, chain_axis=0, draw_axis=1, method="bulk")),
        float(array_stats.ess(logs, chain_axis=0, draw_axis=1, method="tail", prob=(0.05, 0.95))),
    )
