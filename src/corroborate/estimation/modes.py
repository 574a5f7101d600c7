"""Whether a posterior has one peak or several far apart, of which a middle number would hold none."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corroborate.values import JSON

Floats = NDArray[np.float64]

BINS = 400
LEAST_WEIGHT, LEAST_RATIO = 0.05, 1.5  # of a mode's share; of the people of neighbouring modes
DEEP = 0.5  # a valley under this part of the lower of its two peaks parts them


@dataclass(frozen=True, slots=True)
class Mode:
    """One peak: its share of the posterior; median and interval within it, in people."""

    weight: float
    median: float
    low: float
    high: float

    def as_json(self) -> dict[str, JSON]:
        return {"weight": self.weight, "median": self.median, "low": self.low, "high": self.high}

    def said(self) -> str:
        return f"{self.median:,.0f} ({self.low:,.0f} to {self.high:,.0f}), weight {self.weight:.0%}"


def modes(unlisted: Floats, documented: float, level: float) -> tuple[Mode, ...]:
    """The peaks of draws of the unlisted, in people, from the least to the most people.

    The density is looked at on the logarithm of all people, smoothed by a normal law (Silverman's width, two thirds of
    it). Two peaks are two modes where the valley between them is under half of the lower, each has a twentieth of the
    weight, and their medians lie half as much again apart; else they are one.
    """
    logs = np.log(documented + unlisted)
    parts = [logs]
    if np.ptp(logs) > 0:
        cuts = _valleys(logs)
        parts = [
            logs[(logs >= low) & (logs < high)] for low, high in zip([-np.inf, *cuts], [*cuts, np.inf], strict=True)
        ]
    return tuple(_mode(part, len(part) / len(logs), level) for part in parts)


def whole(unlisted: Floats, documented: float, level: float) -> Mode:
    """All draws as one peak."""
    return _mode(np.log(documented + unlisted), 1.0, level)


def _mode(logs: Floats, weight: float, level: float) -> Mode:
    low, median, high = np.exp(np.quantile(logs, [(1 - level) / 2, 0.5, (1 + level) / 2]))
    return Mode(float(weight), float(median), float(low), float(high))


def _valleys(logs: Floats) -> list[float]:
    """Where to cut: the deepest valley first, as long as both sides are modes of their own."""
    spread = min(float(logs.std()), float(np.subtract(*np.quantile(logs, [0.75, 0.25]))) / 1.34 or float(logs.std()))
    width = max(0.6 * spread * len(logs) ** -0.2, np.ptp(logs) / BINS)
    edges = np.linspace(logs.min() - 3 * width, logs.max() + 3 * width, BINS + 1)
    middles = (edges[1:] + edges[:-1]) / 2
    counts = np.histogram(logs, edges)[0]
    kernel = np.exp(-0.5 * ((middles - middles[BINS // 2]) / width) ** 2)
    height = np.convolve(counts, kernel / kernel.sum(), mode="same")
    found: list[float] = []
    while (cut := _cut(logs, middles, height, found)) is not None:
        found = sorted([*found, cut])
    return found


def _cut(logs: Floats, middles: Floats, height: Floats, cuts: Sequence[float]) -> float | None:
    inner = np.flatnonzero((height[1:-1] < height[:-2]) & (height[1:-1] <= height[2:])) + 1
    best: tuple[float, float] | None = None
    for at in inner:
        here = float(middles[at])
        below = max((cut for cut in cuts if cut < here), default=-np.inf)
        above = min((cut for cut in cuts if cut > here), default=np.inf)
        left, right = (middles > below) & (middles < here), (middles > here) & (middles < above)
        if here in cuts or not left.any() or not right.any():
            continue
        depth = float(height[at] / min(height[left].max(), height[right].max()))
        low, high = logs[(logs > below) & (logs < here)], logs[(logs >= here) & (logs < above)]
        if min(len(low), len(high)) < LEAST_WEIGHT * len(logs) or depth >= DEEP:
            continue
        if np.median(high) - np.median(low) < np.log(LEAST_RATIO):
            continue
        if best is None or depth < best[0]:
            best = depth, here
    return None if best is None else best[1]
