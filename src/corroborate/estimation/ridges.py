"""Moves of the latent class model along the ridge that many people make of its posterior: compiled, on cell counts.

With n people documented the likelihood holds the observed shares of the cells to within n^-1/2, and says nothing of
where the truth lies among all points that give the same shares. The posterior is then a thin curved ridge, and a step
that stays on it by chance is as short as the ridge is thin. So each step here goes along the ridge by itself.

With z = (x, u), x a point as in ``collapsed`` and u one number a cell, and

    F_c(z) = (heat n_c)^1/2 (log q_c - log(1 - q_0)) + SLACK u_c,

a step draws u ~ N(0, I), holds y = F(z), and moves on the manifold F(z) = y, whose density by its surface is
p(x) exp(-|u|^2 / 2) det(A A')^-1/2 with A the Jacobian of F: a normal step in the tangent space about a drift uphill
(Langevin's; Roberts & Tweedie 1996, Bernoulli 2), brought back to the manifold along the normals by Newton's method,
refused unless the same comes back from there to here (Zappa, Holmes-Cerfon & Goodman 2018, Communications on Pure and
Applied Mathematics 71). The numbers u give the manifold thickness: A has full rank everywhere, also where classes
coincide or are empty, and where the shares cannot be held exactly. A step of one length is then right for a thousand
people and for a thousand million.

As in ``collapsed``, nothing here calls the machine's mathematical library or its chance.
"""

import numpy as np
from numpy.typing import NDArray

from corroborate.estimation.cells import Cells
from corroborate.estimation.collapsed import (
    CLASSES,
    _chances,
    _exchange,
    _exp,
    _exp_of_minus,
    _exps,
    _log,
    _weights,
)
from corroborate.estimation.compiled import compiled

Floats = NDArray[np.float64]

BLOCK = 50  # turns for which chance is drawn at once; after each a point is kept
STEPS = 8  # along the ridge in a turn
PARTICLES, SETTLING = 64, 20  # that look for the ridge; steps of each at each heat
ASTRAY = 4  # each such step goes without the drift, which may mislead far from the ridge
ACCEPTED = 0.6  # share of steps that the length of a step is learnt for
SLACK = 1.0
NEWTON = 12  # steps of Newton's method at most
CLOSE = 1e-7  # residual, in standard deviations of the data, at which it has arrived
SAME = 1e-5  # distance at which the way back has come back


@compiled
def look(
    point: Floats, patterns: Floats, roots: Floats, prior: Floats, slopes: Floats, shares: Floats, room: Floats,
    work: Floats, asked: bool,
) -> tuple[float, float, float]:  # fmt: skip
    """(sum of roots^2 log shares, log prior, 1 - q_0); log shares in ``shares``, and, if ``asked``, the slope of each
    share, times its root, in ``slopes`` (D, cells)."""
    cells, lists = patterns.shape
    sticks = lists * CLASSES
    power = prior[0] + CLASSES - 1
    chance, miss = room[0:lists], room[lists : 2 * lists]
    spent, taken, left, weight = room[2 * lists], room[2 * lists + 1], room[2 * lists + 2], room[2 * lists + 3]
    seen, slack, spare, within = room[2 * lists + 4], room[2 * lists + 5], room[2 * lists + 6], room[2 * lists + 7]
    _exps(point, work, point.shape[0])
    total, log_prior = _weights(point, work, sticks, spent, taken, left, weight)
    _chances(point, work, chance.reshape(sticks), miss.reshape(sticks), sticks)
    visible = 0.0
    for k in range(CLASSES):
        seen[k] = 0.0
        slack[k] = 1.0
        spare[k] = 1.0
        for j in range(lists):
            seen[k] += slack[k] * chance[j, k]
            slack[k] *= miss[j, k]
            spare[k] *= chance[j, k]
        visible += weight[k] * seen[k]
        log_prior += prior[2] * _log(spare[k] + 1e-300) + prior[3] * _log(slack[k] + 1e-300)
    log_prior -= power * _log(prior[1] + total)
    visible += 1e-300
    open_ = _log(visible)
    log_l = 0.0
    for c in range(cells):
        mixed = 1e-300
        for k in range(CLASSES):
            part = 1.0
            for j in range(lists):
                part *= chance[j, k] if patterns[c, j] else miss[j, k]
            within[k] = part
            mixed += weight[k] * part
        shares[c] = _log(mixed) - open_
        log_l += roots[c] * roots[c] * shares[c]
        if asked:
            later = later_seen = 0.0
            for k in range(CLASSES - 1, -1, -1):
                mine, all_ = weight[k] * within[k] / mixed, weight[k] / visible
                for j in range(lists):
                    slopes[j * CLASSES + k, c] = roots[c] * (
                        mine * (miss[j, k] if patterns[c, j] else -chance[j, k]) - all_ * slack[k] * chance[j, k]
                    )
                if k < CLASSES - 1:
                    slopes[sticks + k, c] = (
                        roots[c]
                        * spent[k]
                        * ((left[k] * within[k] / mixed - later) - (left[k] * seen[k] / visible - later_seen))
                    )
                later += mine
                later_seen += all_ * seen[k]
    return log_l, log_prior, visible


@compiled
def _product(one: Floats, other: Floats, result: Floats) -> None:
    """one' other + SLACK^2 I; the inmost loop is over what stands side by side, so that it compiles to vectors."""
    size, cells = one.shape
    for a in range(cells):
        for b in range(cells):
            result[a, b] = 0.0
        result[a, a] = SLACK * SLACK
    for d in range(size):
        for a in range(cells):
            share = one[d, a]
            for b in range(cells):
                result[a, b] += share * other[d, b]


@compiled
def _root(matrix: Floats) -> float:
    """Cholesky's root in place, in the lower half; its log determinant, or no number where there is none."""
    size = matrix.shape[0]
    total = 0.0
    for a in range(size):
        for b in range(a + 1):
            value = matrix[a, b]
            for d in range(b):
                value -= matrix[a, d] * matrix[b, d]
            if a == b:
                if not value > 0.0:
                    return np.nan
                matrix[a, a] = np.sqrt(value)
                total += _log(matrix[a, a])
            else:
                matrix[a, b] = value / matrix[b, b]
    return total


@compiled
def _by_root(root: Floats, values: Floats) -> None:
    """Solve root root' answer = values, in place."""
    size = len(values)
    for a in range(size):
        for b in range(a):
            values[a] -= root[a, b] * values[b]
        values[a] /= root[a, a]
    for a in range(size - 1, -1, -1):
        for b in range(a + 1, size):
            values[a] -= root[b, a] * values[b]
        values[a] /= root[a, a]


@compiled
def _solve(matrix: Floats, values: Floats) -> bool:
    """Solve matrix answer = values in place, by elimination with the largest pivot; False where it is singular."""
    size = len(values)
    for a in range(size):
        best = a
        for b in range(a + 1, size):
            if abs(matrix[b, a]) > abs(matrix[best, a]):
                best = b
        if not abs(matrix[best, a]) > 1e-200:
            return False
        if best != a:
            for d in range(size):
                matrix[a, d], matrix[best, d] = matrix[best, d], matrix[a, d]
            values[a], values[best] = values[best], values[a]
        for b in range(a + 1, size):
            share = matrix[b, a] / matrix[a, a]
            if share != 0.0:
                for d in range(a, size):
                    matrix[b, d] -= share * matrix[a, d]
                values[b] -= share * values[a]
    for a in range(size - 1, -1, -1):
        for d in range(a + 1, size):
            values[a] -= matrix[a, d] * values[d]
        values[a] /= matrix[a, a]
    return True


@compiled
def _tangent(slopes: Floats, root: Floats, along: Floats, aside: Floats, work: Floats) -> None:
    """Take from (along, aside) what is normal to the manifold, in place."""
    size, cells = slopes.shape
    for c in range(cells):
        work[c] = SLACK * aside[c]
    for d in range(size):
        for c in range(cells):
            work[c] += slopes[d, c] * along[d]
    _by_root(root, work[:cells])
    for d in range(size):
        total = 0.0
        for c in range(cells):
            total += slopes[d, c] * work[c]
        along[d] -= total
    for c in range(cells):
        aside[c] -= SLACK * work[c]


@compiled
def _drift(
    point: Floats,
    prior: Floats,
    lists: int,
    slopes: Floats,
    roots: Floats,
    noise: Floats,
    root: Floats,
    pull_along: Floats,
    pull_aside: Floats,
    work: Floats,
) -> None:
    """The slope of log prior, log likelihood and -|u|^2 / 2 within the tangent space; that of the surface is left out,
    which costs acceptance and no exactness."""
    size, cells = slopes.shape
    sticks = lists * CLASSES
    total = 0.0
    for k in range(CLASSES - 1):
        pull_along[sticks + k] = _exp(point[sticks + k])
        total += pull_along[sticks + k]
    power = (prior[0] + CLASSES - 1) / (prior[1] + total)
    for k in range(CLASSES - 1):
        pull_along[sticks + k] = 1.0 - power * pull_along[sticks + k]
    for d in range(sticks):
        e = _exp_of_minus(abs(point[d]))
        chance = 1.0 / (1.0 + e) if point[d] >= 0.0 else e / (1.0 + e)
        pull_along[d] = prior[2] * (1.0 - chance) - prior[3] * chance
    for d in range(size):
        more = 0.0
        for c in range(cells):
            more += slopes[d, c] * roots[c]
        pull_along[d] += more
    for c in range(cells):
        pull_aside[c] = -noise[c]
    _tangent(slopes, root, pull_along, pull_aside, work)


@compiled
def _back(
    point: Floats,
    noise: Floats,
    along: Floats,
    aside: Floats,
    held: Floats,
    slopes: Floats,
    patterns: Floats,
    roots: Floats,
    prior: Floats,
    there: Floats,
    noise_there: Floats,
    slopes_there: Floats,
    shares: Floats,
    matrix: Floats,
    pull: Floats,
    room: Floats,
    work: Floats,
) -> tuple[bool, float, float, float]:
    """From (point, noise) + (along, aside) along the normals at (point, noise) back to the manifold: (whether it got
    there, log likelihood, log prior, 1 - q_0); where, in ``there`` and ``noise_there``, with the slopes there."""
    size, cells = slopes.shape
    for d in range(size):
        there[d] = point[d] + along[d]
    for c in range(cells):
        noise_there[c] = noise[c] + aside[c]
    before = np.inf
    for _ in range(NEWTON):
        log_l, log_prior, visible = look(there, patterns, roots, prior, slopes_there, shares, room, work, True)
        far = 0.0
        for c in range(cells):
            pull[c] = held[c] - roots[c] * shares[c] - SLACK * noise_there[c]
            far = max(far, abs(pull[c]))
        if far < CLOSE:
            return True, log_l, log_prior, visible
        if not far < 1e9 or far > 4.0 * before + 1.0:
            return False, 0.0, 0.0, 0.0
        before = far
        _product(slopes_there, slopes, matrix)
        if not _solve(matrix, pull):
            return False, 0.0, 0.0, 0.0
        for d in range(size):
            total = 0.0
            for c in range(cells):
                total += slopes[d, c] * pull[c]
            there[d] += total
        for c in range(cells):
            noise_there[c] += SLACK * pull[c]
    return False, 0.0, 0.0, 0.0


@compiled
def _thrown(
    normal: Floats,
    length: float,
    roots: Floats,
    shares: Floats,
    slopes: Floats,
    root: Floats,
    before: float,
    noise: Floats,
    aside: Floats,
    held: Floats,
    along: Floats,
    work: Floats,
) -> float:
    """Draw the noise of the cells and a step along the ridge: the log density before it, of step and noise too."""
    size, cells = along.shape[0], noise.shape[0]
    for c in range(cells):
        noise[c] = normal[size + c]
        aside[c] = length * normal[size + cells + c]
        held[c] = roots[c] * shares[c] + SLACK * noise[c]
        before -= 0.5 * noise[c] * noise[c]
    for d in range(size):
        along[d] = length * normal[d]
    _tangent(slopes, root, along, aside, work)
    far = 0.0
    for d in range(size):
        far += along[d] * along[d]
    for c in range(cells):
        far += aside[c] * aside[c]
    return before - 0.5 * far / (length * length)


@compiled
def _pushed(along: Floats, pull_along: Floats, aside: Floats, pull_aside: Floats, half: float) -> None:
    """Add what the density pulls to a step along the ridge and aside of it."""
    for d in range(along.shape[0]):
        along[d] += half * pull_along[d]
    for c in range(aside.shape[0]):
        aside[c] += half * pull_aside[c]


@compiled
def _apart(point: Floats, there: Floats, along: Floats, noise: Floats, noise_there: Floats, aside: Floats) -> None:
    """The step that leads back."""
    for d in range(point.shape[0]):
        along[d] = point[d] - there[d]
    for c in range(noise.shape[0]):
        aside[c] = noise[c] - noise_there[c]


@compiled
def _chance(after: float, before: float) -> float:
    """The probability that a step is accepted; 0 where a density is no number."""
    if not after - before > -700.0:
        return 0.0
    return 1.0 if after >= before else _exp_of_minus(before - after)


@compiled
def _farthest(one: Floats, other: Floats) -> float:
    off = 0.0
    for d in range(one.shape[0]):
        off = max(off, abs(one[d] - other[d]))
    return off


@compiled
def _seen_back(
    along: Floats,
    aside: Floats,
    pull_along: Floats,
    pull_aside: Floats,
    noise: Floats,
    half: float,
    length: float,
    after: float,
) -> float:
    """The log density of the way back: of its step and the noise there, added to that of the point."""
    far = 0.0
    for d in range(along.shape[0]):
        far += (along[d] - half * pull_along[d]) ** 2
    for c in range(aside.shape[0]):
        far += (aside[c] - half * pull_aside[c]) ** 2
        after -= 0.5 * noise[c] * noise[c]
    return after - 0.5 * far / (length * length)


@compiled
def _spread(slopes: Floats, root: Floats) -> float:
    """How far a move across the ridge is spread, with the root of the slopes' product in ``root``."""
    _product(slopes, slopes, root)
    return _root(root)


@compiled
def constrained_langevin(
    point: Floats, patterns: Floats, counts: Floats, prior: Floats, heat: float, pace: float, steps: int,
    normal: Floats, uniform: Floats, tally: Floats,
) -> tuple[float, float]:  # fmt: skip
    """``steps`` steps along the ridge from ``point`` (D,), changed in place: (log likelihood at heat 1, 1 - q_0) there.

    Chance: ``normal`` (steps, D + 2 cells), ``uniform`` (steps, 2). ``tally`` (4,): steps tried, probabilities of
    acceptance added up, steps that Newton's method did not bring back, steps whose way back went elsewhere.
    """
    (cells, lists), size = patterns.shape, len(point)
    room, work = np.empty((2 * lists + 8, CLASSES)), np.empty(max(size, cells))
    wide, square, narrow = np.empty((3, size, cells)), np.empty((3, cells, cells)), np.empty((12, cells))
    slopes, slopes_there, slopes_back = wide[0], wide[1], wide[2]
    root, root_there, matrix = square[0], square[1], square[2]
    roots, held, shares, shares_there, shares_back = narrow[0], narrow[1], narrow[2], narrow[3], narrow[4]
    noise, noise_there, noise_back, pull = narrow[5], narrow[6], narrow[7], narrow[8]
    aside, aside_back, pull_aside, long = narrow[9], narrow[10], narrow[11], np.empty((5, size))
    along, along_back, there, back, pull_along = long[0], long[1], long[2], long[3], long[4]
    roots[:] = np.sqrt(heat * counts)
    log_l, log_prior, visible = look(point, patterns, roots, prior, slopes, shares, room, work, True)
    spread = _spread(slopes, root)
    for step in range(steps):
        tally[0] += 1.0
        length = pace * (0.1 + 1.2 * uniform[step, 0])  # mostly about as long as is best, sometimes much shorter
        half = 0.5 * length * length if step % ASTRAY else 0.0
        before = log_l + log_prior - spread
        before = _thrown(normal[step], length, roots, shares, slopes, root, before, noise, aside, held, along, work)
        _drift(point, prior, lists, slopes, roots, noise, root, pull_along, pull_aside, work)
        _pushed(along, pull_along, aside, pull_aside, half)
        arrived, log_l_there, log_prior_there, visible_there = _back(
            point, noise, along, aside, held, slopes, patterns, roots, prior, there, noise_there, slopes_there,
            shares_there, matrix, pull, room, work,
        )  # fmt: skip
        if not arrived:
            tally[2] += 1.0
            continue
        spread_there = _spread(slopes_there, root_there)
        _apart(point, there, along_back, noise, noise_there, aside_back)
        _tangent(slopes_there, root_there, along_back, aside_back, work)
        _drift(there, prior, lists, slopes_there, roots, noise_there, root_there, pull_along, pull_aside, work)
        after = log_l_there + log_prior_there - spread_there
        after = _seen_back(along_back, aside_back, pull_along, pull_aside, noise_there, half, length, after)
        chance = _chance(after, before)
        if uniform[step, 1] >= chance:
            tally[1] += chance
            continue
        returned = _back(
            there, noise_there, along_back, aside_back, held, slopes_there, patterns, roots, prior, back, noise_back,
            slopes_back, shares_back, matrix, pull, room, work,
        )[0]  # fmt: skip
        if not returned or not _farthest(back, point) < SAME:
            tally[3] += 1.0
            continue
        tally[1] += chance
        point[:] = there
        shares[:] = shares_there
        slopes, slopes_there, root, root_there = slopes_there, slopes, root_there, root
        log_l, log_prior, visible, spread = log_l_there, log_prior_there, visible_there, spread_there
    return log_l / heat, visible


@compiled
def walk(
    point: Floats,
    patterns: Floats,
    counts: Floats,
    prior: Floats,
    pace: float,
    steps: int,
    normal: Floats,
    uniform: Floats,
    kept: Floats,
    tally: Floats,
) -> None:
    """Turns of an exchange of neighbouring classes and ``steps`` steps along the ridge.

    Chance: ``normal`` (turns, steps, D + 2 cells), ``uniform`` (turns, 2 steps + CLASSES). ``kept`` (turns, 2): 1 - q_0
    and log L after each.
    """
    unused = np.empty(CLASSES)
    for turn in range(len(kept)):
        _exchange(point, unused, patterns.shape[1], prior, uniform[turn, 2 * steps :])
        log_l, visible = constrained_langevin(
            point, patterns, counts, prior, 1.0, pace, steps, normal[turn],
            uniform[turn, : 2 * steps].reshape(steps, 2), tally,
        )  # fmt: skip
        kept[turn, 0], kept[turn, 1] = visible, log_l


@compiled
def _portions(log_l: Floats, warmer: float) -> tuple[Floats, float]:
    """Weights of particles when the heat rises by ``warmer``, adding up to 1, and their effective number."""
    weight = np.empty(len(log_l))
    top, total, squares = log_l.max(), 0.0, 0.0
    for at in range(len(log_l)):
        weight[at] = _exp_of_minus(warmer * (top - log_l[at]))
        total += weight[at]
    for at in range(len(log_l)):
        weight[at] /= total
        squares += weight[at] * weight[at]
    return weight, 1.0 / squares


class Chain:
    """One chain along the ridge, and how it finds the ridge: by a sequence of particles of its own."""

    def __init__(self, table: Cells, prior: Floats, chance: np.random.Generator) -> None:
        self.patterns, self.counts = table.patterns.astype(np.float64), table.counts
        self.prior, self.chance = prior, chance
        self.size = CLASSES * (table.lists + 1) - 1
        self.point: Floats | None = None
        self.pace, self.tally = 0.5, np.zeros(4)

    def walk(self, turns: int) -> tuple[Floats, Floats]:
        """(turns, 2): 1 - q_0 and log L; and the point after each block of turns."""
        if self.point is None:
            self.point = self.found()
        kept, points = np.empty((turns, 2)), []
        for first in range(0, turns, BLOCK):
            number = min(BLOCK, turns - first)
            walk(
                self.point, self.patterns, self.counts, self.prior, self.pace, STEPS,
                self.chance.standard_normal((number, STEPS, self.size + 2 * len(self.counts))),
                self.chance.random((number, 2 * STEPS + CLASSES)), kept[first : first + number], self.tally,
            )  # fmt: skip
            points.append(self.point.copy())
        return kept, np.array(points)

    def found(self) -> Floats:
        """A sequential Monte Carlo sampler (Del Moral, Doucet & Jasra 2006) from near the prior to the posterior.

        The heat rises so that half the particles count still, and at most to its double; then particles are drawn anew
        and each goes some steps along the ridge of that heat. One of the last, by chance, is where the chain starts.
        """
        points = self.chance.standard_normal((PARTICLES, self.size)) * 2.0
        log_l = np.array([self._slid(point, 1e-300, 0) for point in points])
        heat = min(1.0, 0.5 / float(self.counts.sum()))
        weight, _ = _portions(log_l, heat)
        while True:
            starts = (self.chance.random() + np.arange(PARTICLES)) / PARTICLES
            points = points[np.minimum(np.searchsorted(np.cumsum(weight), starts), PARTICLES - 1)]
            self.tally[:] = 0.0
            log_l = np.array([self._slid(point, heat, SETTLING) for point in points])
            accepted = self.tally[1] / self.tally[0]
            self.pace = min(1.5, max(0.01, self.pace * (1.0 + accepted - ACCEPTED)))
            if heat >= 1.0:
                found: Floats = points[self.chance.integers(PARTICLES)].copy()
                return found
            warmer = _warmer(log_l, min(heat, 1.0 - heat))
            weight, _ = _portions(log_l, warmer)
            heat = 1.0 if heat + warmer > 1.0 - 1e-9 else heat + warmer

    def _slid(self, point: Floats, heat: float, steps: int) -> float:
        log_l, _ = constrained_langevin(
            point, self.patterns, self.counts, self.prior, heat, self.pace, steps,
            self.chance.standard_normal((steps, self.size + 2 * len(self.counts))), self.chance.random((steps, 2)),
            self.tally,
        )  # fmt: skip
        return float(log_l)


def _warmer(log_l: Floats, most: float) -> float:
    """How much warmer at most, so that half the particles count still."""
    low, high = 0.0, most
    for _ in range(40):
        middle = (low + high) / 2
        if _portions(log_l, middle)[1] < PARTICLES / 2:
            high = middle
        else:
            low = middle
    return most if low > most * (1 - 1e-6) else low
