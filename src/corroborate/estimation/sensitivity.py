"""What the estimate becomes if the lists share a blind spot: the assumption no list can check, made visible."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ODDS_RATIOS = (0.25, 0.5, 2 / 3, 1.0, 1.5, 2.0, 4.0)


@dataclass(frozen=True, slots=True)
class Point:
    """Median and interval, in people, if the interaction of the highest order were this odds ratio."""

    odds_ratio: float
    median: float
    low: float
    high: float


def curve(
    unlisted: NDArray[np.float64], documented: float, level: float, ratios: Sequence[float] = ODDS_RATIOS
) -> tuple[Point, ...]:
    """The estimate as a function of the highest-order interaction, as an odds ratio.

    Every estimate from lists rests on one untestable assumption: that the interaction of all lists together is
    nothing (odds ratio 1). In a log-linear model that interaction multiplies the cell of zeros, up to its sign: at an
    odds ratio of 4, four times as many people were out of every list's reach as the overlaps show. Gerritse, van der
    Heijden & Bakker (2015); Aleshin-Guendel, Sadinle & Wakefield (2024) on the identifying assumption.
    """
    tail = (1 - level) / 2
    points = []
    for ratio in ratios:
        low, median, high = documented + ratio * np.quantile(unlisted, [tail, 0.5, 1 - tail])
        points.append(Point(round(ratio, 4), float(median), float(low), float(high)))
    return tuple(points)


def tipping(unlisted: NDArray[np.float64], documented: float) -> str:
    """In words: what would have to be true for the number to be twice as large, or a half more than documented."""
    median = float(np.median(unlisted))
    if median <= 0:
        return "No unlisted people are estimated, so no odds ratio changes the number."
    twice = (2 * (documented + median) - documented) / median
    return (
        f"For the true number to be twice the headline, people out of every list's reach would have to be "
        f"{twice:.1f} times as many as the overlaps show. For it to be the number documented, there would have to be "
        "none."
    )
