"""The latent class model with membership and the unlisted integrated out, and moves upon it: compiled, on cell counts.

Unknown are, for each of ``CLASSES`` classes k, its probabilities of being on each list (lambda_kj) and its share of all
people (w_k, by breaking a stick: w_k = (1 - exp(-s_k)) exp(-s_1 - ... - s_{k-1})). Of a person of class k, cell c has
probability p_kc = prod_j lambda_kj^x_cj (1 - lambda_kj)^(1 - x_cj), and the documented have, whatever their number,

    log L = sum_c n_c log q_c - n log(1 - q_0),   q_c = sum_k w_k p_kc,   q_0 that of being on no list.

A point is one row of J * CLASSES logits of lambda (list by list), then the CLASSES - 1 logarithms of s. Priors, given
as ``prior`` = (shape, rate, on, off): lambda ~ Beta(on, off); sticks Beta(1, alpha) with alpha ~ gamma(shape, rate),
which integrates to a density of s proportional to (rate + sum s)^-(shape + CLASSES - 1).

Nothing here calls the machine's mathematical library or its chance: exp and log are polynomials in additions and
multiplications, which IEEE 754 rounds alike everywhere, and chance is handed in. So a seed gives the same walk.
"""

from math import frexp

import numpy as np
from numpy.typing import NDArray

from corroborate.estimation.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CLASSES = 10
LEVELS = 100  # of a class's expected size, by each of which the moves have a length of their own
BLUR = 2.5  # standard deviation of a class's noised level

_LN2_HIGH, _LN2_LOW, _PER_LN2 = 6.93147180369123816490e-01, 1.90821492927058770002e-10, 1.44269504088896338700
_HALVES = 0.5 ** np.arange(1075)  # exact powers of two


@compiled
def _less_one(r: float) -> float:
    """exp(r) - 1 for |r| <= 0.35: Taylor to the 13th power."""
    p = 1.0 + r * (1.0 / 13.0)
    p = 1.0 + r * p * (1.0 / 12.0)
    p = 1.0 + r * p * (1.0 / 11.0)
    p = 1.0 + r * p * (1.0 / 10.0)
    p = 1.0 + r * p * (1.0 / 9.0)
    p = 1.0 + r * p * (1.0 / 8.0)
    p = 1.0 + r * p * (1.0 / 7.0)
    p = 1.0 + r * p * (1.0 / 6.0)
    p = 1.0 + r * p * 0.2
    p = 1.0 + r * p * 0.25
    p = 1.0 + r * p * (1.0 / 3.0)
    p = 1.0 + r * p * 0.5
    return r * p


@compiled
def _exp_of_minus(t: float) -> float:
    """exp(-t) for t >= 0; nothing beyond 740."""
    t = min(t, 740.0)
    halvings = np.floor(t * _PER_LN2 + 0.5)
    rest = (halvings * _LN2_HIGH - t) + halvings * _LN2_LOW
    exact: float = _HALVES[int(halvings)]
    return (1.0 + _less_one(rest)) * exact


@compiled
def _exp(t: float) -> float:
    return _exp_of_minus(-t) if t <= 0.0 else 1.0 / _exp_of_minus(min(t, 690.0))


@compiled
def _log(x: float) -> float:
    """Natural logarithm of a positive number: 2 artanh((m - 1)/(m + 1)) of its mantissa."""
    m, twos = frexp(x)
    if m < 0.7071067811865476:
        m *= 2.0
        twos -= 1
    z = (m - 1.0) / (m + 1.0)
    q = z * z
    p = 1.0 / 21.0
    p = p * q + 1.0 / 19.0
    p = p * q + 1.0 / 17.0
    p = p * q + 1.0 / 15.0
    p = p * q + 1.0 / 13.0
    p = p * q + 1.0 / 11.0
    p = p * q + 1.0 / 9.0
    p = p * q + 1.0 / 7.0
    p = p * q + 0.2
    p = p * q + 1.0 / 3.0
    return twos * _LN2_HIGH + (twos * _LN2_LOW + 2.0 * z * (p * q + 1.0))


# Three long plain loops, apart so that each compiles to vector instructions.


@compiled
def _exps(logit: Floats, e: Floats, number: int) -> None:
    for d in range(number):
        e[d] = _exp_of_minus(abs(logit[d]))


@compiled
def _chances(logit: Floats, e: Floats, chance: Floats, miss: Floats, number: int) -> None:
    """The logistic function and its complement, from e = exp(-|logit|)."""
    for d in range(number):
        large = 1.0 / (1.0 + e[d])
        small = e[d] * large
        chance[d] = large if logit[d] >= 0.0 else small
        miss[d] = small if logit[d] >= 0.0 else large


@compiled
def _breaks(s: Floats, taken: Floats, left: Floats, number: int) -> None:
    """1 - exp(-s) with all its digits, and exp(-s)."""
    for k in range(number):
        t = min(s[k], 740.0)
        halvings = np.floor(t * _PER_LN2 + 0.5)
        part = _less_one((halvings * _LN2_HIGH - t) + halvings * _LN2_LOW)
        scale = _HALVES[int(halvings)]
        taken[k] = (1.0 - scale) - part * scale
        left[k] = scale + part * scale


@compiled
def _weights(
    point: Floats, work: Floats, sticks: Floats, spent: Floats, taken: Floats, left: Floats, weight: Floats
) -> tuple[float, float]:
    """Weights of the classes from their sticks, and what is left after each; sums over the sticks of what each spends
    and of its logit. ``work``: exp(-|logit|) of every coordinate."""
    total = logits = 0.0
    for k in range(CLASSES - 1):
        spent[k] = work[sticks + k] if point[sticks + k] <= 0.0 else 1.0 / work[sticks + k]
        total += spent[k]
        logits += point[sticks + k]
    _breaks(spent, taken, left, CLASSES - 1)
    tail = 1.0
    for k in range(CLASSES - 1):
        weight[k] = tail * taken[k]
        tail *= left[k]
        left[k] = tail
    weight[CLASSES - 1] = tail
    return total, logits


@compiled
def _level(size: Floats) -> Floats:
    """A class's level: 8 times the eighth root of its expected size and one. Roots are rounded alike everywhere."""
    return 8.0 * np.sqrt(np.sqrt(np.sqrt(size + 1.0)))


@compiled
def _passed(chance: Floats, miss: Floats, seen: Floats, slack: Floats, spare: Floats) -> None:
    """Of each class: the chance to be on a list, on none and on all of them, from those of each list (J, CLASSES)."""
    for k in range(CLASSES):
        seen[k] = 0.0
        slack[k] = 1.0
        spare[k] = 1.0
    for j in range(chance.shape[0]):
        for k in range(CLASSES):
            seen[k] += slack[k] * chance[j, k]  # adding up keeps its digits where 1 - prod(miss) would not
            slack[k] *= miss[j, k]
            spare[k] *= chance[j, k]


@compiled
def _within(
    patterns: Floats,
    counts: Floats,
    heat: float,
    weight: Floats,
    chance: Floats,
    miss: Floats,
    within: Floats,
    pull: Floats,
    slope: Floats,
    log_l: float,
    energy: bool,
) -> float:
    """Share each cell's people among the classes: into ``within``, ``pull`` and ``slope``. ``log_l`` with the cells'
    part added, where ``energy`` is asked for."""
    cells, lists = patterns.shape
    for c in range(cells):
        for k in range(CLASSES):
            within[c, k] = weight[k]
        for j in range(lists):
            if patterns[c, j]:
                for k in range(CLASSES):
                    within[c, k] *= chance[j, k]
            else:
                for k in range(CLASSES):
                    within[c, k] *= miss[j, k]
        even = odd = 0.0
        for k in range(0, CLASSES, 2):
            even += within[c, k]
            odd += within[c, k + 1]
        mixed = even + odd + 1e-300
        if energy:
            log_l += counts[c] * _log(mixed)
        share = heat * counts[c] / mixed
        for k in range(CLASSES):
            within[c, k] *= share
            pull[k] += within[c, k]
        for j in range(lists):
            if patterns[c, j]:
                for k in range(CLASSES):
                    slope[j * CLASSES + k] += within[c, k]
    return log_l


@compiled
def _broken(
    pull: Floats, weight: Floats, spent: Floats, left: Floats, slope: Floats, power: float, over: float
) -> None:
    """The slope of each stick that is broken off, from how each class's weight pulls."""
    later = 0.0
    for k in range(CLASSES - 1, -1, -1):
        if k < CLASSES - 1:
            s = spent[k]
            apart = s * left[k] / weight[k] if weight[k] > 0.0 else 0.0
            slope[k] = pull[k] * apart - s * later + 1.0 - s * power / over
        later += pull[k]


@compiled
def density(
    point: Floats, patterns: Floats, counts: Floats, prior: Floats, heat: float, level: Floats, blur: float,
    slope: Floats, weight: Floats, room: Floats, work: Floats, energy: bool,
) -> tuple[float, float, float, float]:  # fmt: skip
    """(log L, log prior, log density of the noised levels, 1 - q_0), the slope of heat * log L and the rest in
    ``slope``, and the classes' weights in ``weight``. Only 1 - q_0 is there unless ``energy`` is asked for.

    ``patterns`` (cells, J) and ``counts`` (cells,): of cells with people. ``room`` (cells + 2 J + 7, CLASSES) and
    ``work`` (D,) are to work in.
    """
    lists = patterns.shape[1]
    rate, on, off = prior[1], prior[2], prior[3]
    power = prior[0] + CLASSES - 1
    documented = counts.sum()
    sticks = lists * CLASSES
    chance, miss = room[0:lists], room[lists : 2 * lists]
    spent, taken, left = room[2 * lists], room[2 * lists + 1], room[2 * lists + 2]
    seen, pull, slack, spare = room[2 * lists + 3], room[2 * lists + 4], room[2 * lists + 5], room[2 * lists + 6]
    within = room[2 * lists + 7 :]
    log_l = log_level = 0.0
    _exps(point, work, point.shape[0])
    total, log_prior = _weights(point, work, sticks, spent, taken, left, weight)
    _chances(point, work, chance.reshape(sticks), miss.reshape(sticks), sticks)
    _passed(chance, miss, seen, slack, spare)
    visible = 0.0
    for k in range(CLASSES):
        visible += weight[k] * seen[k]
        pull[k] = 0.0
    visible += 1e-300
    reach = heat * documented / visible
    for j in range(lists):
        for k in range(CLASSES):
            slope[j * CLASSES + k] = 0.0
    if energy:
        for k in range(CLASSES):
            log_prior += on * _log(spare[k] + 1e-300) + off * _log(slack[k] + 1e-300)
        log_prior -= power * _log(rate + total)
        log_l -= documented * _log(visible)
    log_l = _within(patterns, counts, heat, weight, chance, miss, within, pull, slope, log_l, energy)
    for j in range(lists):
        for k in range(CLASSES):
            around = pull[k] + weight[k] * reach * slack[k]
            slope[j * CLASSES + k] += on * miss[j, k] - chance[j, k] * (off + around)
    for k in range(CLASSES):
        size = documented * weight[k]
        here = _level(size)
        away = here - level[k]
        log_level -= 0.5 * away * away / (blur * blur)
        pull[k] += -weight[k] * reach * seen[k] - away / (blur * blur) * here * 0.125 * size / (size + 1.0)
    _broken(pull, weight, spent, left, slope[sticks:], power, rate + total)
    return log_l, log_prior, log_level, visible


@compiled
def _exchange(point: Floats, weight: Floats, lists: int, prior: Floats, uniform: Floats) -> None:
    """Let neighbouring classes change places with their weights, from the first pair to the last.

    The likelihood stays; the prior of the weights w, given what is left for the pair, goes with exp(s_k), and at the
    last pair with exp(s_k) (rate + sum s)^-(shape + CLASSES - 1) (Papaspiliopoulos & Roberts 2008 for the idea).
    """
    sticks = lists * CLASSES
    total = 0.0
    for k in range(CLASSES - 1):
        total += _exp(point[sticks + k])
    for k in range(CLASSES - 1):
        old = _exp(point[sticks + k])
        last = k == CLASSES - 2
        following = 0.0 if last else _exp(point[sticks + k + 1])
        share = _exp_of_minus(old)  # of what is left before k, the part that class k + 1 has
        if not last:
            share *= -_less_one(-following) if following < 0.34 else 1.0 - _exp_of_minus(following)
        if share < 1e-280 or share >= 1.0:
            continue
        new = share * (1.0 + 0.5 * share) if share < 1e-8 else -_log(1.0 - share)
        if new > 690.0:
            continue
        change = new - old
        behind = old + following - new
        if last:
            change -= (prior[0] + CLASSES - 1) * (_log(prior[1] + total - old + new) - _log(prior[1] + total))
        elif behind < 1e-280:
            continue
        if _log(uniform[k] + 1e-300) < change:
            point[sticks + k] = _log(new)
            if last:
                total += new - old
            else:
                point[sticks + k + 1] = _log(behind)
            weight[k], weight[k + 1] = weight[k + 1], weight[k]
            for j in range(lists):
                at = j * CLASSES + k
                point[at], point[at + 1] = point[at + 1], point[at]


@compiled
def _aim(
    weights: Floats,
    stiffness: Floats,
    normal: Floats,
    documented: float,
    pace: float,
    blur: float,
    lists: int,
    level: Floats,
    at: Ints,
    length: Floats,
) -> None:
    """Draw a noised level for each class, and how far a step goes along each coordinate at that level."""
    for k in range(CLASSES):
        level[k] = _level(documented * weights[k]) + blur * normal[k]
        at[k] = min(LEVELS - 1, max(0, int(level[k] - 8.0)))
        for j in range(lists):
            length[j * CLASSES + k] = pace / np.sqrt(stiffness[at[k], j])
        if k < CLASSES - 1:
            length[lists * CLASSES + k] = pace / np.sqrt(stiffness[at[k], lists])


@compiled
def _flown(
    here: Floats,
    speed: Floats,
    length: Floats,
    steps: int,
    patterns: Floats,
    counts: Floats,
    prior: Floats,
    heat: float,
    level: Floats,
    blur: float,
    slope: Floats,
    weight: Floats,
    room: Floats,
    work: Floats,
) -> tuple[float, float, float]:
    """One trajectory of leapfrog steps from ``here``, which moves: log L there, the change of the log density with the
    energy of motion, and 1 - q_0."""
    size = here.shape[0]
    kinetic = 0.0
    for d in range(size):
        kinetic += speed[d] * speed[d]
    like, ahead, noise, open_ = density(
        here, patterns, counts, prior, heat, level, blur, slope, weight, room, work, True
    )
    before = heat * like + ahead + noise - 0.5 * kinetic
    for d in range(size):
        speed[d] += 0.5 * length[d] * slope[d]
    for step in range(steps):
        for d in range(size):
            here[d] += length[d] * speed[d]
        last = step == steps - 1
        like, ahead, noise, open_ = density(
            here, patterns, counts, prior, heat, level, blur, slope, weight, room, work, last
        )
        push = 0.5 if last else 1.0
        for d in range(size):
            speed[d] += push * length[d] * slope[d]
    kinetic = 0.0
    for d in range(size):
        kinetic += speed[d] * speed[d]
    return like, heat * like + ahead + noise - 0.5 * kinetic - before, open_


@compiled
def _learn(slope: Floats, at: Ints, lists: int, sums: Floats, tried: Floats) -> None:
    """Add the squared slopes of a point to the sums of their level, by which stiffness is learnt."""
    for k in range(CLASSES):
        for j in range(lists + (1 if k < CLASSES - 1 else 0)):
            sums[at[k], j] += slope[j * CLASSES + k] ** 2
            tried[at[k], j] += 1.0


@compiled
def _swap_heats(
    points: Floats,
    weights: Floats,
    log_l: Floats,
    visible: Floats,
    heats: Floats,
    uniform: Floats,
    first: int,
    crossed: Floats,
) -> None:
    """Let every second pair of neighbouring heats change places, from ``first`` on."""
    for r in range(first, heats.shape[0] - 1, 2):
        gain = (heats[r] - heats[r + 1]) * (log_l[r + 1] - log_l[r])
        crossed[0, r] += 1.0
        crossed[1, r] += 1.0 if gain >= 0.0 else _exp_of_minus(-gain)
        if _log(uniform[r, CLASSES - 1] + 1e-300) < gain:
            for d in range(points.shape[1]):
                points[r, d], points[r + 1, d] = points[r + 1, d], points[r, d]
            for k in range(CLASSES):
                weights[r, k], weights[r + 1, k] = weights[r + 1, k], weights[r, k]
            log_l[r], log_l[r + 1] = log_l[r + 1], log_l[r]
            visible[r], visible[r + 1] = visible[r + 1], visible[r]


@compiled
def advance(
    points: Floats, weights: Floats, log_l: Floats, visible: Floats, heats: Floats, stride: Floats, stiffness: Floats,
    learned: Floats, patterns: Floats, counts: Floats, prior: Floats, blur: float, longest: int, learning: int,
    normal: Floats, uniform: Floats, kept: Floats, crossed: Floats,
) -> None:  # fmt: skip
    """Walk: one Hamiltonian trajectory a turn for each heat, then an exchange of neighbouring heats.

    A class's probabilities are as stiff as the class is large, and class 1 is large at one turn and small at another.
    So each turn draws a noised level for each class, N(level, blur^2), and walks upon the joint density of point and
    levels with a metric that hangs on the levels alone: exact, and at home in every class.

    State, changed in place, R heats: ``points`` (R, D), ``weights`` (R, CLASSES), ``log_l`` and ``visible`` (R,),
    ``stride`` (R,). ``stiffness`` (R, LEVELS, J + 1): expected squared slope by level, learnt from the sums and counts
    in ``learned`` (2, R, LEVELS, J + 1). Chance: ``normal`` (T, R, D + CLASSES), ``uniform`` (T, R, CLASSES + 3).
    ``learning``: turns walked so far, negative when nothing is learnt any more. ``kept`` (T, 2): 1 - q_0 and log L at
    the first heat. ``crossed`` (2, R): exchanges of heats tried, and the
    probabilities of acceptance added up.
    """
    turns = normal.shape[0]
    cells, lists = patterns.shape
    size = points.shape[1]
    documented = counts.sum()
    room, work = np.empty((cells + 2 * lists + 7, CLASSES)), np.empty(size)
    level, weight, slope = np.empty(CLASSES), np.empty(CLASSES), np.empty(size)
    here, speed, length = np.empty(size), np.empty(size), np.empty(size)
    at = np.zeros(CLASSES, np.int64)
    for turn in range(turns):
        for r in range(heats.shape[0]):
            _exchange(points[r], weights[r], lists, prior, uniform[turn, r])
            pace = stride[r] * (0.8 + 0.4 * uniform[turn, r, CLASSES])
            _aim(weights[r], stiffness[r], normal[turn, r, size:], documented, pace, blur, lists, level, at, length)
            steps = 1 + int(uniform[turn, r, CLASSES + 1] * longest)
            for d in range(size):
                here[d] = points[r, d]
                speed[d] = normal[turn, r, d]
            like, change, open_ = _flown(
                here, speed, length, steps, patterns, counts, prior, heats[r], level, blur, slope, weight, room, work
            )
            accept = 0.0
            if change > -700.0:  # also false where it is no number
                accept = 1.0 if change >= 0.0 else _exp_of_minus(-change)
            if uniform[turn, r, CLASSES + 2] < accept:
                for d in range(size):
                    points[r, d] = here[d]
                for k in range(CLASSES):
                    weights[r, k] = weight[k]
                log_l[r], visible[r] = like, open_
                if learning >= 0:
                    _learn(slope, at, lists, learned[0, r], learned[1, r])
            if learning >= 0:
                stride[r] *= 1.0 + (accept - 0.8) * 4.0 / np.sqrt(16.0 + learning + turn)
                stride[r] = min(stride[r], 1.5)
        _swap_heats(points, weights, log_l, visible, heats, uniform[turn], turn % 2, crossed)
        kept[turn, 0], kept[turn, 1] = visible[0], log_l[0]
