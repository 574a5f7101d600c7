"""Sample coverage (Chao & Lee 1992; for lists Chao, Tsay and others 2001): a lower bound where lists agree.

Reproduces: Chao, Tsay, Lin, Shau & Chao (2001), Statistics in Medicine 20, hepatitis A in Taiwan 1995, three lists of
271 people: coverage 51.3 %, 407 people were the lists independent, 508 by the one-step bound.
"""

from dataclasses import dataclass
from itertools import combinations

from corroborate.errors import NotEstimable
from corroborate.estimation.cells import Cells, canonical


@dataclass(frozen=True, slots=True)
class Coverage:
    """``covered``: the part of the lists' reach that other lists confirm. ``independent`` and ``bound``, in people:
    how many there are if lists are independent, and the one-step bound, for three lists only."""

    covered: float
    independent: float
    bound: float | None


def chao_lee(cells: Cells) -> Coverage:
    """Estimate by sample coverage: Unit: people.

    C = 1 - mean over lists of the share that no other list names; D = documented less the mean number on one list
    alone; D / C were all lists independent. Lists that agree (the usual case, where some people are more visible than
    others on all of them) make the truth larger: for three lists the coefficients of covariation of the pairs are then
    put in, evaluated after one step. Where lists avoid one another this is no bound. Raises NotEstimable where no list
    confirms another or fewer than three lists name anybody.
    """
    table, _ = canonical(cells)
    if table.lists < 3:
        raise NotEstimable("sample coverage takes three lists or more that name somebody")
    alone = table.counts @ (table.patterns * (table.patterns.sum(axis=1) == 1)[:, None])
    named = table.counts @ table.patterns
    covered = 1 - float((alone / named).mean())
    if covered <= 0:
        raise NotEstimable("no person is on two lists, so the overlaps say nothing")
    independent = (table.documented - float(alone.mean())) / covered
    if table.lists > 3:
        return Coverage(covered, independent, None)
    per_person, off = 0.0, 0.0  # of sum_ij (people on i or j, once each, not on the third) * (N B_ij / (n_i n_j) - 1)
    for i, j in combinations(range(3), 2):
        third = ({0, 1, 2} - {i, j}).pop()
        on = table.patterns
        away = float(table.counts @ ((on[:, i] + on[:, j]) * (1 - on[:, third])))
        per_person += away * float(table.counts @ (on[:, i] * on[:, j])) / float(named[i] * named[j])
        off += away
    bound = independent
    for _ in range(2):  # the first step gives the number at which the second evaluates the covariation
        bound = independent + (per_person * bound - off) / (3 * covered)
    return Coverage(covered, independent, bound)
