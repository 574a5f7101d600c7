"""Two lists: a check, never a headline."""

from math import exp, log, sqrt

from corroborate.errors import NotEstimable
from corroborate.values import Interval

Z_95 = 1.959964  # two-sided 95 % point of the normal distribution


def chapman(on_a: int, on_b: int, on_both: int) -> Interval:
    """Estimate how many people there were, listed or not, with a 95 % interval. Unit: people.

    Assumes independent lists, everyone equally likely to be on each, and no linkage error. Lists of detainees seldom
    satisfy this: use it to check a richer model, never as the headline.

    Estimate: Chapman (1951). Variance: Seber (1982), p. 60. Interval: log-normal, Chao (1987), Biometrics 43.
    """
    if on_both == 0:
        raise NotEstimable("no person is on both lists, so their overlap says nothing")
    documented = on_a + on_b - on_both
    people = (on_a + 1) * (on_b + 1) / (on_both + 1) - 1
    unlisted = people - documented
    if unlisted <= 0:
        return Interval(documented, documented, documented)
    variance = (on_a + 1) * (on_b + 1) * (on_a - on_both) * (on_b - on_both) / ((on_both + 1) ** 2 * (on_both + 2))
    spread = exp(Z_95 * sqrt(log(1 + variance / unlisted**2)))
    return Interval(documented + unlisted / spread, people, documented + unlisted * spread)
