"""Lists that depend on one another in pairs, and people who differ in how visible they are: the headline's method.

The people on exactly the lists x are Poisson about m(x), with m_0 those on none:

    log m(x) = log m_0 + sum_j a_j x_j + sum_{j<k} c_jk x_j x_k + log(1 - p + p exp(sum_j d_j x_j))

Lists depend in pairs by c (Fienberg 1972), and interactions of higher orders come only from the last term: of the
people on no list a share p is of a more visible class, with odds exp(d_j) times as large of being on list j. That is a
mixture of two latent classes with dependent lists, written from the people on no list outwards (the Dutch identity;
Holland 1990, Psychometrika 55; Darroch and others 1993, JASA 88, for lists). The two classes stand in for any
heterogeneity: few overlaps can tell more of them apart. Families listed together make counts vary more than Poisson: by
the factor f (double Poisson; Efron 1986, JASA 81).

The classes' distance D = mean of d, and f - 1, go down to nothing by smooth priors, so that the simple models are among
those averaged over; the overlaps seldom settle it. So an interval is as wide as what could be true; models chosen for
being simple are narrow and miss the truth.

Given the classes (D, each list's part of it, the visible share), the scale of c and f, the rest is a Poisson regression
with an offset and log-concave priors: one peak, integrated over by Laplace's method, which leaves a normal law of
log m_0. The others, J + 4 of them, are drawn by sequential Monte Carlo (Del Moral, Doucet & Jasra 2006): particles from
the prior, the likelihood let in by degrees, so that no mode is missed for want of a way to it. Several independent runs
say how far chance moves the ends of the interval.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from math import exp, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from corroborate.errors import NotEstimable
from corroborate.estimation.cells import Cells, canonical
from corroborate.estimation.collapsed import _exp, _log
from corroborate.estimation.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

AT_MOST = 8  # lists: every cell of the full table is computed
PARTICLES, RUNS, MOST_RUNS = 500, 4, 32  # of each run; runs made side by side; at most
STEPS, LAST_STEPS = 6, 24  # random walks after each raising of the heat, and after the last
KEPT_SHARE = 0.5  # of the particles that still count when the heat is raised so far
TARGET_ERROR = 0.01  # of an end of the interval, as a share of the interval's width (logarithms): more runs until there
ROUGH = 0.06  # the same, where many tables are put together and it averages out
WANTED = 0.25  # share of steps accepted
NORMALS = 8  # draws of log m_0 from each particle's normal law


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed before the table is seen; in logarithms of odds, unless said otherwise.

    The number of people has the prior 1/N, up to ``most`` (log of the unlisted per documented person), with a fall of
    a normal law's beyond. ``on``: a list's odds, where no other list names the person. ``scale``: log of the scale of
    the dependences c, which have a logistic law. ``share``: of the more visible class among all people, were the
    classes' odds as far under and over those of independent lists. ``apart``: D's normal law, cut off at nothing;
    ``each``: how far a list's own d lies from D, as a share of it. ``clumped``: log of f - 1. Pairs: mean and standard
    deviation of a normal law.
    """

    most: float = 4.0
    on: tuple[float, float] = (-2.0, 2.5)
    scale: tuple[float, float] = (-1.8, 0.6)
    share: tuple[float, float] = (0.0, 1.7)
    apart: tuple[float, float] = (0.8, 1.6)
    each: float = 0.35
    clumped: tuple[float, float] = (-1.5, 1.0)

    def as_array(self) -> Floats:
        return np.array([self.most, *self.on, *self.scale, *self.share, *self.apart, self.each, *self.clumped])


PLAIN = Prior()

# A point: D, log odds of the visible share, each list's own part of d (J), log scale of c, log(f - 1).
# Inner values, integrated out: log(m_0 / n), a (J), c (pairs, (k, j) with k < j at j (j - 1) / 2 + k).


@compiled
def _log1p_exp(x: float) -> float:
    return max(x, 0.0) + _log(1.0 + _exp(-abs(x)))


@compiled
def _offsets(point: Floats, lists: int, usual: Floats, prior: Floats, mixed: Floats) -> None:
    """1 - p + p exp(sum_j d_j x_j) of every cell, in ``mixed`` (2^J,), list j as bit j. ``usual`` (J,): the lists'
    log odds were they independent."""
    odds = point[1]
    mixed[0] = 1.0
    size = 1
    for j in range(lists):
        lift = point[0] * (1.0 + prior[9] * point[2 + j])
        odds += _log1p_exp(usual[j] - 0.5 * lift) - _log1p_exp(usual[j] + 0.5 * lift)
        factor = _exp(lift)
        for code in range(size):
            mixed[size + code] = mixed[code] * factor
        size *= 2
    visible, hidden = 1.0 / (1.0 + _exp(-odds)), 1.0 / (1.0 + _exp(odds))
    for code in range(size):
        mixed[code] = hidden + visible * mixed[code] + 1e-300


@compiled
def _means(inner: Floats, lists: int, mixed: Floats, means: Floats) -> None:
    """Expected people of every cell, next to n, in ``means`` (2^J,)."""
    means[0] = _exp(inner[0])
    size = 1
    for j in range(lists):
        factor = _exp(inner[1 + j])
        for code in range(size):
            means[size + code] = means[code] * factor
        for k in range(j):
            link = _exp(inner[1 + lists + j * (j - 1) // 2 + k])
            block = 1 << k
            for start in range(size + block, 2 * size, 2 * block):
                for code in range(start, start + block):
                    means[code] *= link
        size *= 2
    for code in range(size):
        means[code] *= mixed[code]


@compiled
def _value(
    inner: Floats,
    lists: int,
    mixed: Floats,
    means: Floats,
    documented: float,
    totals: Floats,
    scale: float,
    clump: float,
    prior: Floats,
) -> float:
    """Log likelihood and inner prior, up to what the inner values do not change. ``totals``: people by inner value."""
    _means(inner, lists, mixed, means)
    value: float = 0.0
    for at in range(inner.shape[0]):
        value += totals[at] * inner[at]
    expected = 0.0
    for code in range(1, means.shape[0]):
        expected += means[code]
    value = (value - documented * expected) / clump
    value += inner[0] - _log1p_exp(inner[0])  # 1/N
    if inner[0] > prior[0]:
        value -= 0.5 * (inner[0] - prior[0]) ** 2
    for j in range(lists):
        value -= 0.5 * ((inner[1 + j] - prior[1]) / prior[2]) ** 2
    for at in range(1 + lists, inner.shape[0]):
        z = abs(inner[at]) / scale
        value -= z + 2.0 * _log(1.0 + _exp(-z))
    return value


@compiled
def _curved(
    inner: Floats,
    lists: int,
    active: Ints,
    number: Ints,
    means: Floats,
    documented: float,
    totals: Floats,
    scale: float,
    clump: float,
    prior: Floats,
    slope: Floats,
    curve: Floats,
) -> None:
    """Slope and negative curvature of ``_value``. ``active`` (2^J, inner) and ``number`` (2^J,): inner values that act
    in each cell."""
    size = inner.shape[0]
    for a in range(size):
        slope[a] = totals[a] / clump
        for b in range(a + 1):
            curve[a, b] = 0.0
    for code in range(1, means.shape[0]):
        here = documented * means[code] / clump
        for i in range(number[code]):
            a = active[code, i]
            slope[a] -= here
            for k in range(i + 1):
                curve[a, active[code, k]] += here
    low = 1.0 / (1.0 + _exp(inner[0]))
    slope[0] += low
    curve[0, 0] += low * (1.0 - low)
    if inner[0] > prior[0]:
        slope[0] -= inner[0] - prior[0]
        curve[0, 0] += 1.0
    for j in range(lists):
        slope[1 + j] -= (inner[1 + j] - prior[1]) / prior[2] ** 2
        curve[1 + j, 1 + j] += 1.0 / prior[2] ** 2
    for a in range(1 + lists, size):
        e = _exp(-abs(inner[a]) / scale)
        pull = (1.0 - e) / (1.0 + e) / scale
        slope[a] -= pull if inner[a] >= 0.0 else -pull
        curve[a, a] += 2.0 * e / ((1.0 + e) ** 2 * scale * scale)


@compiled
def _root(curve: Floats) -> float:
    """Cholesky's root in place (lower part); half the log of the determinant."""
    size = curve.shape[0]
    half = 0.0
    for a in range(size):
        for b in range(a + 1):
            total = curve[a, b]
            for k in range(b):
                total -= curve[a, k] * curve[b, k]
            if a == b:
                curve[a, a] = np.sqrt(max(total, 1e-12))
                half += _log(curve[a, a])
            else:
                curve[a, b] = total / curve[b, b]
    return half


@compiled
def _solve(root: Floats, slope: Floats, step: Floats) -> None:
    size = slope.shape[0]
    for a in range(size):
        total = slope[a]
        for k in range(a):
            total -= root[a, k] * step[k]
        step[a] = total / root[a, a]
    for a in range(size - 1, -1, -1):
        total = step[a]
        for k in range(a + 1, size):
            total -= root[k, a] * step[k]
        step[a] = total / root[a, a]


@compiled
def _integrated(
    point: Floats,
    inner: Floats,
    lists: int,
    counts: Floats,
    totals: Floats,
    usual: Floats,
    active: Ints,
    number: Ints,
    documented: float,
    prior: Floats,
    mixed: Floats,
    means: Floats,
    slope: Floats,
    curve: Floats,
    step: Floats,
    new: Floats,
) -> tuple[float, float]:
    """(log of the likelihood with the inner values integrated out, variance of log m_0). ``inner``: where to begin, and
    at the end the peak. ``totals``: people by inner value."""
    scale, clump = _exp(point[2 + lists]), 1.0 + _exp(point[3 + lists])
    _offsets(point, lists, usual, prior, mixed)
    value = _value(inner, lists, mixed, means, documented, totals, scale, clump, prior)
    half = 0.0
    for _turn in range(60):
        _curved(inner, lists, active, number, means, documented, totals, scale, clump, prior, slope, curve)
        half = _root(curve)
        _solve(curve, slope, step)
        gain = 0.0
        for a in range(inner.shape[0]):
            gain += slope[a] * step[a]
        if gain < 1e-5:
            break
        length = 1.0
        for _halving in range(30):
            for a in range(inner.shape[0]):
                new[a] = inner[a] + length * max(-2.0, min(2.0, step[a]))
            better = _value(new, lists, mixed, means, documented, totals, scale, clump, prior)
            if better > value - 1e-9 * abs(value):
                break
            length *= 0.5
        for a in range(inner.shape[0]):
            inner[a] = new[a]
        value = better
    pairs = inner.shape[0] - 1 - lists
    log_l = value - half - pairs * point[2 + lists]
    for code in range(1, counts.shape[0]):
        if counts[code] > 0.0:
            log_l += counts[code] * _log(mixed[code]) / clump - 0.5 * _log(clump)
            log_l += (counts[code] - counts[code] * _log(counts[code] / documented)) * (1.0 / clump - 1.0)
    for a in range(inner.shape[0]):
        step[a] = 0.0
    step[0] = 1.0
    slope[:] = step
    _solve(curve, slope, step)
    return log_l, step[0]


@compiled
def _log_prior(point: Floats, lists: int, prior: Floats) -> float:
    value: float = -0.5 * ((point[0] - prior[7]) / prior[8]) ** 2 - 0.5 * ((point[1] - prior[5]) / prior[6]) ** 2
    for j in range(lists):
        value -= 0.5 * point[2 + j] ** 2
    value -= 0.5 * ((point[2 + lists] - prior[3]) / prior[4]) ** 2
    value -= 0.5 * ((point[3 + lists] - prior[10]) / prior[11]) ** 2
    return value


@compiled
def _measured(
    points: Floats,
    inner: Floats,
    log_l: Floats,
    variance: Floats,
    lists: int,
    counts: Floats,
    totals: Floats,
    usual: Floats,
    active: Ints,
    number: Ints,
    documented: float,
    prior: Floats,
) -> None:
    cells, size = counts.shape[0], inner.shape[1]
    mixed, means, slope = np.empty(cells), np.empty(cells), np.empty(size)
    curve, step, new = np.empty((size, size)), np.empty(size), np.empty(size)
    for i in range(points.shape[0]):
        log_l[i], variance[i] = _integrated(
            points[i], inner[i], lists, counts, totals, usual, active, number, documented, prior, mixed, means, slope,
            curve, step, new,
        )  # fmt: skip


@compiled
def _walked(
    points: Floats,
    inner: Floats,
    log_l: Floats,
    log_p: Floats,
    variance: Floats,
    heat: float,
    root: Floats,
    stride: float,
    normal: Floats,
    uniform: Floats,
    lists: int,
    counts: Floats,
    totals: Floats,
    usual: Floats,
    active: Ints,
    number: Ints,
    documented: float,
    prior: Floats,
) -> float:
    """Random walks of every particle by a common law, changed in place; the share of steps that were accepted."""
    size, cells, inside = points.shape[1], counts.shape[0], inner.shape[1]
    mixed, means, slope = np.empty(cells), np.empty(cells), np.empty(inside)
    curve, step, spare = np.empty((inside, inside)), np.empty(inside), np.empty(inside)
    there, peak = np.empty(size), np.empty(inside)
    accepted = 0
    for turn in range(normal.shape[0]):
        for i in range(points.shape[0]):
            for a in range(size):
                move = 0.0
                for b in range(a + 1):
                    move += root[a, b] * normal[turn, i, b]
                there[a] = points[i, a] + stride * move
            there[0] = abs(there[0])  # the law of the steps is even, so folding at nothing keeps it exact
            ahead = _log_prior(there, lists, prior)
            if ahead - log_p[i] < -60.0:
                continue
            peak[:] = inner[i]
            like, doubt = _integrated(
                there, peak, lists, counts, totals, usual, active, number, documented, prior, mixed, means, slope,
                curve, step, spare,
            )  # fmt: skip
            change = heat * (like - log_l[i]) + ahead - log_p[i]
            if change > -700.0 and _log(uniform[turn, i] + 1e-300) < change:
                points[i] = there
                inner[i] = peak
                log_l[i], log_p[i], variance[i] = like, ahead, doubt
                accepted += 1
    tried: int = normal.shape[0] * points.shape[0]
    return accepted / tried


@dataclass(frozen=True, slots=True)
class _Table:
    """Counts of all 2^J cells, list j as bit j, and what follows from them once: people by inner value, the lists' log
    odds were they independent, and the inner values that act in each cell."""

    lists: int
    counts: Floats
    totals: Floats
    usual: Floats
    active: NDArray[np.int64]
    number: NDArray[np.int64]
    documented: float

    @classmethod
    def of(cls, cells: Cells) -> "_Table":
        lists, x, n = cells.lists, cells.patterns, cells.counts
        counts = np.zeros(2**lists)
        counts[x @ (1 << np.arange(lists))] = n
        pairs = pairs_of(lists)
        totals = [float(n.sum()), *(n @ x), *(float(n[(x[:, k] & x[:, j]) == 1].sum()) for k, j in pairs)]
        active = np.zeros((2**lists, len(totals)), dtype=np.int64)
        number = np.zeros(2**lists, dtype=np.int64)
        for code in range(2**lists):
            on = [0, *(1 + j for j in range(lists) if code >> j & 1)]
            on += [1 + lists + at for at, (k, j) in enumerate(pairs) if code >> k & 1 and code >> j & 1]
            active[code, : len(on)], number[code] = on, len(on)
        return cls(lists, counts, np.array(totals, dtype=float), _usual(cells), active, number, float(n.sum()))


def _usual(cells: Cells) -> Floats:
    """Log odds of each list, were all independent and everyone alike: by as many people as then would be documented."""
    on = (cells.counts @ cells.patterns).astype(float)
    low, high = cells.documented, 1e4 * cells.documented
    for _ in range(100):
        people = sqrt(low * high)
        expected = people * (1 - float(np.prod(1 - np.minimum(on / people, 1.0))))
        low, high = (people, high) if expected < cells.documented else (low, people)
    share = np.clip(on / high, 1e-6, 0.999)
    found: Floats = np.log(share / (1 - share))
    return found


@dataclass(frozen=True, slots=True)
class Run:
    """Particles of one run: their normal laws of the log of unlisted people; log evidence; whole points and peaks."""

    centre: Floats
    variance: Floats
    log_evidence: float
    points: Floats = field(repr=False)
    inner: Floats = field(repr=False)

    def unlisted(self) -> Floats:
        """People; ``NORMALS`` of each particle, evenly over its law."""
        even = ndtri((np.arange(NORMALS) + 0.5) / NORMALS)
        found: Floats = np.exp(self.centre[:, None] + np.sqrt(self.variance)[:, None] * even).ravel()
        return found


class _Walk:
    """One run: where its particles stand."""

    def __init__(self, table: _Table, prior: Prior, seed: int) -> None:
        self.table, self.chance, self.prior = table, np.random.default_rng(seed), prior.as_array()
        self.points = _from_prior(prior, table.lists, self.chance)
        self.inner = np.zeros((PARTICLES, len(table.totals)))
        self.inner[:, 1 : 1 + table.lists] = table.usual
        self.rest = (table.lists, table.counts, table.totals, table.usual, table.active, table.number,
                     table.documented, self.prior)  # fmt: skip
        self.log_l, self.variance = np.empty(PARTICLES), np.empty(PARTICLES)
        _measured(self.points, self.inner, self.log_l, self.variance, *self.rest)
        self.log_p = np.array([_log_prior(one, table.lists, self.prior) for one in self.points])
        self.heat, self.log_evidence = 0.0, 0.0
        self.stride = 2.38 / sqrt(self.points.shape[1])

    def run(self) -> Run:
        while self.heat < 1:
            self._heated()
            self._walk(LAST_STEPS if self.heat == 1.0 else STEPS)
        centre = self.inner[:, 0] + np.log(self.table.documented)
        return Run(centre, self.variance, self.log_evidence, self.points, self.inner)

    def _heated(self) -> None:
        """Raise the heat as far as half of the particles still count; the likely ones take the place of the others."""
        low, high = self.heat, 1.0
        if self._count(1.0) < KEPT_SHARE:
            for _ in range(60):
                middle = (low + high) / 2
                low, high = (low, middle) if self._count(middle) < KEPT_SHARE else (middle, high)
        logs = (high - self.heat) * self.log_l
        weights = np.exp(logs - logs.max())
        self.log_evidence += float(logs.max() + np.log(weights.mean()))
        reach = np.cumsum(weights) / weights.sum()
        number = len(reach)
        at = np.minimum(np.searchsorted(reach, (self.chance.random() + np.arange(number)) / number), number - 1)
        self.points, self.inner = self.points[at], self.inner[at]
        self.log_l, self.log_p, self.variance = self.log_l[at], self.log_p[at], self.variance[at]
        self.heat = high

    def _count(self, heat: float) -> float:
        logs = (heat - self.heat) * self.log_l
        weights = np.exp(logs - logs.max())
        return float(weights.sum() ** 2 / (weights**2).sum() / len(weights))

    def _walk(self, steps: int) -> None:
        number, size = self.points.shape
        away = self.points - self.points.mean(axis=0)
        spread = np.einsum("ia,ib->ab", away, away) / number + 1e-10 * np.eye(size)
        root = np.linalg.cholesky(spread)
        for first in range(0, steps, 3):
            now = min(3, steps - first)
            share = _walked(
                self.points, self.inner, self.log_l, self.log_p, self.variance, self.heat, root, self.stride,
                self.chance.standard_normal((now, number, size)), self.chance.random((now, number)), *self.rest,
            )  # fmt: skip
            self.stride = min(max(self.stride * exp(share - WANTED), 0.02), 3.0)


def _from_prior(prior: Prior, lists: int, chance: np.random.Generator) -> Floats:
    number = PARTICLES
    middle, spread = prior.apart
    below = ndtr(-middle / spread)  # of the normal law, cut off at nothing
    return np.column_stack([
        middle + spread * ndtri(below + chance.random(number) * (1 - below)), chance.normal(*prior.share, number),
        chance.standard_normal((number, lists)), chance.normal(*prior.scale, number),
        chance.normal(*prior.clumped, number),
    ])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Posterior:
    """What the runs found: unlisted people, equally likely, and by how much another seed would move the ends.

    ``error_of_ends``: standard error of the ends of the 95 % interval, the larger of both, as a share of the interval's
    width, on the scale of logarithms of all people.
    """

    unlisted: Floats
    error_of_ends: float
    runs: tuple[Run, ...]
    documented: float
    lists: tuple[int, ...]
    prior: Prior = PLAIN

    def draws(self, number: int, chance: np.random.Generator) -> Floats:
        """Draws of the unlisted, whole people: an even comb over all of them, in an order by chance, so that the ends
        are moved by it as little as can be."""
        comb = np.quantile(self.unlisted, (np.arange(number) + 0.5) / number)
        return chance.permutation(np.rint(comb))


def _unheard(share: float) -> None:
    """Nobody listens."""


def posterior(
    cells: Cells, *, seed: int, prior: Prior = PLAIN, target: float = TARGET_ERROR, most_runs: int = MOST_RUNS,
    told: Callable[[float], None] = _unheard,
) -> Posterior:  # fmt: skip
    """The posterior of the unlisted, in people.

    ``RUNS`` runs, then more until the ends are as sure as ``target``, at most ``most_runs``. The order of lists and
    rows, and lists that name nobody, change nothing. ``told`` hears the share that is done.
    """
    short, lists = canonical(cells)
    if short.lists < 2:
        raise NotEstimable("fewer than two lists name anybody, so their overlaps say nothing")
    if short.lists > AT_MOST:
        raise NotEstimable("this model takes {at_most} lists at most, not {lists}", at_most=AT_MOST, lists=short.lists)
    table, runs = _Table.of(short), list[Run]()
    with ThreadPoolExecutor(RUNS) as threads:  # compiled code lets go of the interpreter, so runs go side by side
        while len(runs) < most_runs:
            told(len(runs) / most_runs)
            made = np.random.SeedSequence([seed, len(runs)]).generate_state(RUNS)
            runs += threads.map(lambda one: _Walk(table, prior, int(one)).run(), made)
            found = _together(runs, prior, table.documented, lists)
            if found.error_of_ends <= target:
                break
    told(1.0)
    return found


def _together(runs: list[Run], prior: Prior, documented: float, lists: tuple[int, ...]) -> Posterior:
    """All runs in equal parts; the error of the ends by the jackknife, each run left out in turn."""
    each = [one.unlisted() for one in runs]
    ends, number = np.array([0.025, 0.975]), len(runs)
    logs = [np.log(documented + one) for one in each]
    low, high = np.quantile(np.concatenate(logs), ends)
    without = np.array(
        [
            np.quantile(np.concatenate([one for other, one in enumerate(logs) if other != at]), ends)
            for at in range(number)
        ]
    )
    spread = np.sqrt((number - 1) / number * ((without - without.mean(axis=0)) ** 2).sum(axis=0))
    error = float(spread.max() / (high - low)) if high > low else 0.0
    return Posterior(np.concatenate(each), error, tuple(runs), documented, lists, prior)


def pairs_of(lists: int) -> tuple[tuple[int, int], ...]:
    """Pairs of lists in the order of their dependences."""
    return tuple((k, j) for j in range(lists) for k in range(j))


def replicated(found: Posterior, cells: Cells, chance: np.random.Generator, *, draws: int = 1000) -> Floats:
    """Posterior predictive overlap cells, (draws, cells) in people, in the order of ``cells``: other tables of as many
    documented people, had the lists been made again, in clumps of f people; the inner values at their peak."""
    points, inner = (np.concatenate([getattr(one, name) for one in found.runs]) for name in ("points", "inner"))
    lists = len(found.lists)
    codes = cells.patterns[:, list(found.lists)] @ (1 << np.arange(lists))
    unused = [j for j in range(cells.lists) if j not in found.lists]
    there = ~cells.patterns[:, unused].any(axis=1)
    usual = _usual(canonical(cells)[0])
    mixed, means = np.empty(2**lists), np.empty(2**lists)
    tables = np.empty((draws, len(cells.counts)))
    for row, at in enumerate(chance.choice(len(points), size=draws)):
        _offsets(points[at], lists, usual, found.prior.as_array(), mixed)
        _means(inner[at], lists, mixed, means)
        shares = means[codes] * there
        clumps = max(1, round(cells.documented / (1.0 + exp(points[at, -1]))))
        tables[row] = chance.multinomial(clumps, shares / shares.sum()) * (cells.documented / clumps)
    return tables
