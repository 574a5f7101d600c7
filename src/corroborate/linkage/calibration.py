"""Probabilities that mean what they say: fitted to what reviewers judged, and measured.

Before there are judgements, a match probability rests on the model's assumptions, which relatives break; it is labelled
uncalibrated. From judgements, a curve from weight to probability that never falls is fitted, of three kinds: logistic
(Platt 1999), beta (Kull, Silva Filho and Flach 2017: slopes of its own on either side of even odds), isotonic (Zadrozny
and Elkan 2002, pool adjacent violators). Below ``ISOTONIC_FROM`` judgements it is the smooth one that better foretells
judgements that were left out (five folds, log loss).

Reviewers err, and not the less where the weight leaves no doubt: one verdict in fifty wrong would bend the sure ends of
the curve by two hundredths. So the likelihood is of what was *said*: a verdict is the other way round with the chance
``error`` (Angluin and Laird 1988, "Learning from noisy examples"), taken from how far two reviewers agree where two
judged (:func:`error_of_reviewers`), else estimated with the curve.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import isotonic_regression, minimize

from corroborate.errors import InvalidValue

Method = Literal["logistic", "beta", "isotonic"]
METHODS: tuple[Method, ...] = get_args(Method)
ISOTONIC_FROM = 200  # judgements; below, steps of an isotonic curve follow chance
LEAST = 30  # judgements, five of each kind
_FOLDS = 5
_ERRORS = (0.0025, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05)  # tried where no two reviewers judged the same pairs
_SLOPE, _SHIFT = (
    1.0,
    4.0,
)  # the model is right (slope 1, shift 0) within a factor of e, and e^4 of the odds, at one s.d.
Floats = NDArray[np.float64]
Curve = Callable[[Floats], Floats]


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
    error: float = 0.0  # share of verdicts taken to be wrong

    def apply(self, weight: ArrayLike) -> NDArray[np.float64]:
        found: NDArray[np.float64] = np.interp(np.asarray(weight, dtype=float), self.weights, self.probabilities)
        return found


def error_of_reviewers(judged: int, agreed: int) -> float:
    """Share of one reviewer's verdicts that are wrong, from ``judged`` pairs that two judged apart and ``agreed`` on.

    Two who err at the rate e, each on their own, differ in 2e(1 - e) of pairs (Hui and Walter 1980 solve the general
    case). Both wrong alike is not seen. With half a pair added for a share that is not yet known (Jeffreys).
    """
    if not 0 <= agreed <= judged:
        raise InvalidValue("{agreed} of {judged} pairs agreed on", agreed=agreed, judged=judged)
    differ = min((judged - agreed + 0.5) / (judged + 1), 0.49)
    return (1 - sqrt(1 - 2 * differ)) / 2


def calibrate(weights: ArrayLike, same: Sequence[bool] | NDArray[np.bool_], *, method: Method | None = None,
              sampled: ArrayLike | None = None, error: float | None = None) -> Calibration:  # fmt: skip
    """Fit weights (log2 of the odds) of judged pairs to their verdicts.

    ``method``: the kind of curve; else isotonic from 200 judgements, below the smooth one that foretells best.
    ``sampled``: each pair's chance to have been given to a reviewer, when it was not the same for all; pairs then count
    by its inverse. What reviewers see first is chosen by the weight itself, so a curve of the right kind needs no such
    chances; they guard against one of the wrong kind.
    ``error``: share of verdicts that are wrong; else estimated.

    Raises InvalidValue under 30 judgements, or under 5 of one kind: that teaches nothing.
    """
    x = np.asarray(weights, dtype=float)
    y = np.asarray(same, dtype=float)
    if len(x) != len(y):
        raise InvalidValue(
            ("{number} weight for {number2} verdicts", "{number} weights for {number2} verdicts"),
            number=len(x),
            number2=len(y),
        )
    if error is not None and not 0 <= error < 0.5:
        raise InvalidValue("{error} is no share of verdicts that are wrong: 0 to 0.5", error=error)
    if len(x) < LEAST or min(y.sum(), (1 - y).sum()) < 5:
        raise InvalidValue(
            (
                "{number} judgement ({sum} same): calibration takes {least}, five of each kind; review more",
                "{number} judgements ({sum} same): calibration takes {least}, five of each kind; review more",
            ),
            number=len(x),
            sum=int(y.sum()),
            least=LEAST,
        )
    share = np.ones(len(x)) if sampled is None else 1 / np.clip(np.asarray(sampled, dtype=float), 1e-6, 1)
    share = share / share.mean()
    wrong = _error(x, y, share) if error is None else error
    chosen = method or _foretelling(x, y, share, wrong)
    grid = np.unique(np.concatenate([np.linspace(x.min() - 1, x.max() + 1, 200), x, [0.0]]))
    values = np.maximum.accumulate(_FITS[chosen](x, y, share, wrong)(grid))
    return Calibration(chosen, len(x), tuple(grid.tolist()), tuple(values.tolist()), wrong)


def _losses(probability: Floats, y: Floats, error: float) -> Floats:
    """Less the log likelihood of each verdict, as it was said."""
    p = np.clip(probability, 1e-4, 1 - 1e-4)
    said = p * (1 - error) + (1 - p) * error
    found: Floats = -(y * np.log(said) + (1 - y) * np.log(1 - said))
    return found


def _left_out(method: Method, x: Floats, y: Floats, share: Floats, error: float) -> float:
    """Loss on judgements that were left out of the fit: each fold has weights of the whole range."""
    fold = np.empty(len(x), dtype=np.int64)
    fold[np.argsort(x, kind="stable")] = np.arange(len(x)) % _FOLDS
    total = 0.0
    for number in range(_FOLDS):
        kept, out = fold != number, fold == number
        curve = _FITS[method](x[kept], y[kept], share[kept], error)
        total += float((share[out] * _losses(curve(x[out]), y[out], error)).sum())
    return total


def _foretelling(x: Floats, y: Floats, share: Floats, error: float) -> Method:
    """From 200 judgements the isotonic curve, which has no shape to be wrong in: where the weights themselves are wrong
    (sources that copied one another), a smooth curve that foretells the judged pairs well misleads on the others.
    Below, the smooth curve that foretells best."""
    if len(x) >= ISOTONIC_FROM:
        return "isotonic"
    smooth: tuple[Method, ...] = ("logistic", "beta")
    return min(smooth, key=lambda one: _left_out(one, x, y, share, error))


def _error(x: Floats, y: Floats, share: Floats) -> float:
    """The likeliest share of wrong verdicts: contradicted where the weight leaves no doubt. Before it is known it is
    taken to be Beta(2, 99): likeliest one in a hundred, two on average."""

    def cost(error: float) -> float:
        return float((share * _losses(_beta(x, y, share, error)(x), y, error)).sum()) - float(
            np.log(error) + 98 * np.log1p(-error)
        )

    return min(_ERRORS, key=cost)


def _bent(z: Floats) -> Floats:
    """Odds above even and below it apart: ln p and -ln(1 - p), each with a slope of its own."""
    return np.stack([np.logaddexp(0, z), -np.logaddexp(0, -z)], axis=1)


def _beta(x: Floats, y: Floats, share: Floats, error: float) -> Curve:
    return _regressed(_bent, x, y, share, error)


def _logistic(x: Floats, y: Floats, share: Floats, error: float) -> Curve:
    return _regressed(lambda z: z[:, None], x, y, share, error)


def _regressed(columns: Callable[[Floats], Floats], x: Floats, y: Floats, share: Floats, error: float) -> Curve:
    """Greatest posterior of slopes (log-normal about 1, so that none can turn round) and shift (normal about 0)."""
    drawn = columns(x * np.log(2))
    slopes = drawn.shape[1]
    spread = np.array([*[_SLOPE] * slopes, _SHIFT])

    def chance(v: Floats, of: Floats) -> Floats:
        found: Floats = 1 / (1 + np.exp(-np.clip(of @ np.exp(v[:slopes]) + v[slopes], -40, 40)))
        return found

    def loss(v: Floats) -> tuple[float, Floats]:
        p = chance(v, drawn)
        said = np.clip(p * (1 - error) + (1 - p) * error, 1e-12, 1 - 1e-12)
        value = -float((share * (y * np.log(said) + (1 - y) * np.log(1 - said))).sum()) + 0.5 * float(
            ((v / spread) ** 2).sum()
        )
        step = -share * (y / said - (1 - y) / (1 - said)) * (1 - 2 * error) * p * (1 - p)
        slope = (drawn * step[:, None]).sum(axis=0) * np.exp(v[:slopes])
        return value, np.array([*slope, step.sum()]) + v / spread**2

    found = minimize(loss, np.zeros(slopes + 1), jac=True, method="L-BFGS-B").x
    return lambda w: chance(found, columns(w * np.log(2)))


def _isotonic(x: Floats, y: Floats, share: Floats, error: float) -> Curve:
    at, which = np.unique(x, return_inverse=True)  # pairs of one weight are one point
    mass = np.bincount(which, share)
    said = isotonic_regression(np.bincount(which, share * y) / mass, weights=mass, increasing=True).x
    level = np.clip((said - error) / (1 - 2 * error), 0.5 / len(x), 1 - 0.5 / len(x))
    return lambda w: np.interp(w, at, level)


_FITS: dict[Method, Callable[[Floats, Floats, Floats, float], Curve]] = {
    "logistic": _logistic,
    "beta": _beta,
    "isotonic": _isotonic,
}


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
