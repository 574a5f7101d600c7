"""How many there were at the least, without trusting the lists to be independent."""

from math import exp, log, sqrt

import numpy as np

from corroborate.estimation.log_linear import Cells
from corroborate.values import Interval

Z_975 = 1.959964


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


def at_least(cells: Cells) -> float:
    """A one-sided bound, in people: the smallest lower limit of Chao's bound over all lists and over each set that
    leaves one list out, and never more than that, nor less than the number documented.

    Chao's bound rests on lists that do not avoid one another's people. Where two lists do, dropping either of them
    removes the fault; taking the smallest keeps the bound safe. Fewer than three lists: the number documented.
    """
    if cells.lists < 3:
        return cells.documented
    limits = [chao(cells).low]
    for left_out in range(cells.lists):
        patterns = np.delete(cells.patterns, left_out, axis=1)
        seen = patterns.any(axis=1)
        limits.append(chao(Cells(patterns[seen], cells.counts[seen])).low)
    return max(cells.documented, float(np.floor(min(limits))))
