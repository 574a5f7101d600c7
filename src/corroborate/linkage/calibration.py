"""Probabilities that mean what they say: fitted to what reviewers judged, and measured.

Before there are judgements, a match probability rests on the model's assumptions, which relatives break; it is labelled
uncalibrated. From judgements, a monotone curve from weight to probability is fitted: logistic (Platt 1999) below
``ISOTONIC_FROM`` judgements, isotonic (Zadrozny and Elkan 2002, pool adjacent violators) from there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import isotonic_regression, minimize

from corroborate.errors import InvalidValue

Method = Literal["logistic", "isotonic"]
ISOTONIC_FROM = 200  # judgements; below, steps of an isotonic curve follow chance
LEAST = 30  # judgements, five of each kind


@dataclass(frozen=True, slots=True)
class Bin:
    """Judged pairs whose probabilities lie together: how many, the mean probability said, and the share judged same."""

    count: int
    said: float
    same: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """From weight (log2 of the odds) to probability: straight lines between points, level beyond them."""

    method: Method
    judged: int
    weights: tuple[float, ...]
    probabilities: tuple[float, ...]

    def apply(self, weight: ArrayLike) -> NDArray[np.float64]:
        found: NDArray[np.float64] = np.interp(np.asarray(weight, dtype=float), self.weights, self.probabilities)
        return found


def calibrate(weights: ArrayLike, same: Sequence[bool] | NDArray[np.bool_], *, method: Method | None = None,
              sampled: ArrayLike | None = None) -> Calibration:  # fmt: skip
    """Fit weights of judged pairs to their verdicts. ``sampled``: each pair's chance to have been given to a reviewer,
    when it was not the same for all (reviewers see doubtful pairs first); pairs then count by its inverse.

    Raises InvalidValue under 30 judgements, or under 5 of one kind: that teaches nothing.
    """
    x = np.asarray(weights, dtype=float)
    y = np.asarray(same, dtype=float)
    if len(x) != len(y):
        raise InvalidValue(f"{len(x)} weights for {len(y)} verdicts")
    if len(x) < LEAST or min(y.sum(), (1 - y).sum()) < 5:
        raise InvalidValue(
            f"{len(x)} judgements ({int(y.sum())} same): calibration takes {LEAST}, five of each kind; review more"
        )
    share = np.ones(len(x)) if sampled is None else 1 / np.clip(np.asarray(sampled, dtype=float), 1e-6, 1)
    share = share / share.mean()
    chosen = method or ("isotonic" if len(x) >= ISOTONIC_FROM else "logistic")
    grid = np.unique(np.concatenate([np.linspace(x.min() - 1, x.max() + 1, 200), [0.0]]))
    if chosen == "logistic":
        a, b = _platt(x, y, share)
        values = 1 / (1 + np.exp(-(a * grid + b)))
    else:
        order = np.argsort(x, kind="stable")
        level = isotonic_regression(y[order], weights=share[order], increasing=True).x
        values = np.interp(grid, x[order], np.clip(level, 0.5 / len(x), 1 - 0.5 / len(x)))
        values = np.maximum.accumulate(values)
    return Calibration(chosen, len(x), tuple(grid.tolist()), tuple(values.tolist()))


def _platt(x: NDArray[np.float64], y: NDArray[np.float64], share: NDArray[np.float64]) -> tuple[float, float]:
    """Platt's fit: targets drawn in from 0 and 1 by one pair each, and a slope that cannot turn round."""
    same, other = y.sum(), (1 - y).sum()
    target = np.where(y > 0, (same + 1) / (same + 2), 1 / (other + 2))
    scale = max(float(np.abs(x).max()), 1.0)

    def loss(v: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        z = np.exp(v[0]) * x / scale + v[1]
        p = 1 / (1 + np.exp(-np.clip(z, -40, 40)))
        value = float((share * (np.logaddexp(0, z) - target * z)).sum())
        step = share * (p - target)
        return value, np.array([(step * np.exp(v[0]) * x / scale).sum(), step.sum()])

    found = minimize(loss, np.array([np.log(scale * np.log(2)), 0.0]), jac=True, method="L-BFGS-B")
    return float(np.exp(found.x[0]) / scale), float(found.x[1])


def reliability(probability: ArrayLike, same: Sequence[bool] | NDArray[np.bool_], *, bins: int = 10) -> tuple[Bin, ...]:
    """Data of a reliability diagram: bins of equal width that hold a pair."""
    p, y = np.asarray(probability, dtype=float), np.asarray(same, dtype=float)
    at = np.minimum((p * bins).astype(int), bins - 1)
    return tuple(
        Bin(int((at == b).sum()), float(p[at == b].mean()), float(y[at == b].mean()))
        for b in range(bins)
        if (at == b).any()
    )


def expected_calibration_error(bins: Sequence[Bin]) -> float:
    """Mean distance between what was said and what was so, over all pairs (Naeini and others 2015)."""
    total = sum(one.count for one in bins)
    return sum(one.count * abs(one.said - one.same) for one in bins) / total if total else 0.0
