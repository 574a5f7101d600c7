"""How many there were at the least, without trusting the lists to be independent."""

from itertools import combinations
from math import exp, inf, log, sqrt

import numpy as np

from corroborate.errors import NotEstimable
from corroborate.estimation.log_linear import Cells, fit
from corroborate.values import Interval

Z_975, Z_99 = 1.959964, 2.326348  # one-sided


def chao(cells: Cells) -> Interval:
    """Chao's lower bound with its log-normal interval, in people.

    From those on exactly one and exactly two lists; people who differ in how visible they are make the true number
    larger, not smaller. Chao (1987), Biometrics 43; bias-corrected form of Chao (1989) for t lists.
    """
    on = cells.patterns.sum(axis=1)
    once, twice = float(cells.counts[on == 1].sum()), float(cells.counts[on == 2].sum())
    documented, share = cells.documented, (cells.lists - 1) / cells.lists
    unlisted = share * once * (once - 1) / (2 * (twice + 1))
    if unlisted <= 0:
        return Interval(documented, documented, documented)
    ratio = once / max(twice, 1)
    variance = max(twice, 1) * (share * ratio**2 / 2 + share**2 * ratio**3 + share**2 * ratio**4 / 4)
    spread = exp(Z_975 * sqrt(log(1 + variance / unlisted**2)))
    return Interval(documented + unlisted / spread, documented + unlisted, documented + unlisted * spread)


def no_highest_order(cells: Cells) -> Interval | None:
    """What the identifying assumption gives by itself, in people: no interaction of all lists, every other one free.

    The cell of zeros is then the product of the cells with an odd number of lists over that of the even ones (or the
    reverse, for an even number of all); interval log-normal by the delta method (Fienberg 1972). None where a cell is
    empty: the product is then nothing or has no end.
    """
    if cells.counts.min() <= 0:
        return None
    signs = -((-1.0) ** cells.patterns.sum(axis=1))
    middle = float((signs * np.log(cells.counts)).sum())
    spread = Z_975 * sqrt(float((1 / cells.counts).sum()))
    low, unlisted, high = (exp(min(one, 60.0)) for one in (middle - spread, middle, middle + spread))
    return Interval(cells.documented + low, cells.documented + unlisted, cells.documented + high)


def with_all_pairs(cells: Cells) -> float:
    """Lower limit of the log-linear model in which every two lists depend on each other, in people: one-sided 99 %.

    Lists that all avoid one another make every simpler model, and Chao's bound, too high, and the overlaps do not show
    it: the simpler models fit. This one allows for it. The normal interval on the log scale is a little short on small
    tables, so 99 % is asked for. Infinite (no limit)
    where the table does not identify the model.
    """
    try:
        found = fit(cells, tuple(combinations(range(cells.lists), 2)))
    except NotEstimable:
        return inf
    return cells.documented + found.unlisted * exp(-Z_99 * sqrt(found.variance))


def at_least(cells: Cells) -> float:
    """A one-sided bound, in people: the smallest of three kinds of lower limit, nor less than the number documented.

    Chao's bound over all lists; Chao's bound over each set that leaves one list out; and ``with_all_pairs``. Chao's
    bound holds however much people differ in how visible they are, as long as lists do not avoid one another's people.
    Where two lists do, dropping either of them removes the fault; where more do, the model with all pairs sees it.
    Fewer than three lists: the number documented.
    """
    if cells.lists < 3:
        return cells.documented
    limits = [chao(cells).low, with_all_pairs(cells)]
    for left_out in range(cells.lists):
        patterns = np.delete(cells.patterns, left_out, axis=1)
        seen = patterns.any(axis=1)
        limits.append(chao(Cells(patterns[seen], cells.counts[seen])).low)
    return max(cells.documented, float(np.floor(min(limits))))
