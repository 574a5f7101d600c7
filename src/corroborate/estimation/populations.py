"""Invented populations of known size, to see what a method's number holds: the adverse ones included."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import pi, sqrt

import numpy as np
from numpy.typing import NDArray

from corroborate.errors import InvalidValue
from corroborate.values import OverlapTable

Floats = NDArray[np.float64]
NAMES = "ABCDEFGHIJKL"


def patterns_of(lists: int) -> NDArray[np.int64]:
    """All 2^J sets of lists in the order of their binary numbers, that of no list first."""
    return ((np.arange(2**lists)[:, None] >> np.arange(lists - 1, -1, -1)) & 1).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Population:
    """People, and the probability of each exact set of lists, that of no list first (2^J, list A the highest bit).

    ``identified``: whether the interaction of the highest order is nothing here, so that the headline may be held to
    its promise. Drawing is one multinomial for each size, so it costs the same for a hundred people and for a billion.
    ``together``: sizes of the families in which people are listed, all or none of them, equally many people in each.
    """

    name: str
    people: int
    chances: Floats
    identified: bool
    what: str
    together: tuple[int, ...] = (1,)

    @property
    def lists(self) -> int:
        return len(self.chances).bit_length() - 1

    def draw(self, chance: np.random.Generator) -> OverlapTable:
        """One overlap table of as many people."""
        counts = np.zeros(len(self.chances), dtype=np.int64)
        for size, units in self._families():
            counts += size * chance.multinomial(units, self.chances)
        rows = [tuple(int(one) for one in row) for row in patterns_of(self.lists)[1:]]
        seen = {row: int(count) for row, count in zip(rows, counts[1:], strict=True) if count}
        return OverlapTable(tuple(NAMES[: self.lists]), seen)

    def _families(self) -> Iterator[tuple[int, int]]:
        """Size of a family and how many there are of it; who is left over stands alone."""
        left = self.people
        for size in self.together:
            units = self.people // len(self.together) // size
            left -= size * units
            yield size, units
        yield 1, left


def independent(chances: Sequence[float]) -> Floats:
    """Probabilities of the 2^J cells when each list names each person with its own chance, whatever the others do."""
    every = patterns_of(len(chances))
    return np.asarray(np.where(every == 1, chances, 1 - np.asarray(chances)).prod(axis=1), dtype=float)


def classes(groups: Sequence[tuple[float, Sequence[float]]]) -> Floats:
    """Cells of a population made of groups, each a share with its own list chances."""
    if abs(sum(share for share, _ in groups) - 1) > 1e-9:
        raise InvalidValue("the shares of the groups do not add up to one")
    return np.asarray(sum(share * independent(chances) for share, chances in groups))


def dependent(chances: Sequence[float], odds: Mapping[tuple[int, int], float]) -> Floats:
    """Cells where separate pairs of lists have an odds ratio and keep their chances (Plackett 1965), all else
    independent."""
    cells = independent(chances)
    every = patterns_of(len(chances))
    for (i, j), ratio in odds.items():
        a, b = chances[i], chances[j]
        both = a * b
        if ratio != 1:
            s = 1 + (a + b) * (ratio - 1)
            both = (s - sqrt(s * s - 4 * ratio * (ratio - 1) * a * b)) / (2 * (ratio - 1))
        joint = np.array([[1 - a - b + both, b - both], [a - both, both]])
        alone = np.outer([1 - a, a], [1 - b, b])
        cells = cells * (joint / alone)[every[:, i], every[:, j]]
    return np.asarray(cells)


def log_linear(chances: Sequence[float], odds_ratio: float) -> Floats:
    """Cells of a log-linear model with the same odds ratio between every two lists and no higher interaction.

    ``chances`` are those of a list where no other names the person, as odds; with odds ratios under one the lists name
    fewer people than their chances say.
    """
    every = patterns_of(len(chances))
    odds = np.asarray(chances) / (1 - np.asarray(chances))
    on = every.sum(axis=1)
    weights = np.where(every == 1, odds, 1.0).prod(axis=1) * odds_ratio ** (on * (on - 1) / 2)
    return np.asarray(weights / weights.sum())


def visible(chances: Sequence[float], loadings: Sequence[Sequence[float]]) -> Floats:
    """Cells of people who differ in how visible they are: a list's log odds are those of its chance plus its loadings
    on standard normal dimensions (one loading a dimension; with one dimension and equal loadings this is Rasch's
    model). Integrated by Gauss-Hermite quadrature, 40 nodes a dimension."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    dimensions = len(loadings[0])
    at = np.stack(np.meshgrid(*[nodes] * dimensions, indexing="ij"), axis=-1).reshape(-1, dimensions)
    share = np.prod(np.meshgrid(*[weights / sqrt(2 * pi)] * dimensions, indexing="ij"), axis=0).ravel()
    centre = np.log(np.asarray(chances) / (1 - np.asarray(chances)))
    seen = 1 / (1 + np.exp(-(centre + at @ np.asarray(loadings).T)))
    cells = sum(part * independent(one) for part, one in zip(share, seen, strict=True))
    return np.asarray(cells / np.sum(cells))


def crossed(chances: Sequence[float], *factors: Sequence[tuple[float, Sequence[float]]]) -> Floats:
    """Cells of people in groups by several factors (age, place): each level a share and what it adds to the log odds
    of each list."""
    groups = [(1.0, np.log(np.asarray(chances) / (1 - np.asarray(chances))))]
    for levels in factors:
        groups = [(share * part, odds + np.asarray(add)) for share, odds in groups for part, add in levels]
    return classes([(share, [float(one) for one in 1 / (1 + np.exp(-odds))]) for share, odds in groups])


def unequal() -> tuple[Population, ...]:
    """Populations whose people differ in how visible they are, as documented people do; see the same page. No model's
    prior was chosen on the last two."""
    four = (0.3, 0.25, 0.2, 0.3)
    seldom = tuple(0.2 * one for one in four)
    pair = 0.67 * dependent(four, {(0, 1): 3}) + 0.33 * independent(seldom)
    ages = ((0.3, (0.6, -0.4, 0.0, 0.5)), (0.5, (0.0,) * 4), (0.2, (-0.9, 0.5, -0.7, -0.6)))
    places = ((0.25, (0.8, 0.7, -0.5, 0.3)), (0.45, (0.0,) * 4), (0.3, (-0.8, -0.6, 0.6, -0.9)))
    across = ((1.0, 0.0), (0.0, 1.0), (0.7, 0.7), (0.9, -0.3))
    districts = ((0.3, (0.5, 0.1, 0.2, 0.4)), (0.25, (0.1, 0.5, 0.1, 0.2)), (0.2, (0.3, 0.3, 0.4, 0.05)),
                 (0.15, (0.05, 0.1, 0.3, 0.6)), (0.1, (0.08, 0.06, 0.05, 0.1)))  # fmt: skip
    return (
        Population("Rasch", 2000, visible(four, [(1.0,)] * 4), False,
                   "visibility normal on the scale of log odds, standard deviation 1"),
        Population("families", 2000, visible(four, [(0.7,)] * 4), False,
                   "families of one, two, four and six, listed together, that differ", (1, 2, 4, 6)),
        Population("a pair and a third unseen", 2000, pair, False, "a dependent pair, and a third seldom listed"),
        Population("two small classes", 2000,
                   classes([(0.8, four), (0.1, (0.8, 0.05, 0.6, 0.05)), (0.1, (0.05, 0.7, 0.05, 0.6))]), False,
                   "two tenths, each on lists of its own"),
        Population("elite", 2000, classes([(0.95, (0.25, 0.2, 0.15, 0.25)), (0.05, (0.9, 0.85, 0.8, 0.9))]), False,
                   "one in twenty on nearly every list"),
        Population("age × place", 2000, crossed(four, ages, places), False, "three ages in three places"),
        Population("two dimensions", 2000, visible(four, across), False,
                   "two dimensions of visibility, on which lists load differently"),
        Population("five districts", 2000, classes(districts), False, "five districts that lists cover differently"),
    )  # fmt: skip


def scenarios() -> tuple[Population, ...]:
    """The populations of the coverage table; see docs/explanation/coverage.md."""
    four = (0.3, 0.25, 0.2, 0.3)
    return (
        Population("independent", 2000, independent(four), True, "four independent lists"),
        Population("one pair dependent", 2000, dependent(four, {(0, 1): 4}), True, "two of four lists share sources"),
        Population("negative dependence", 2000, dependent(four, {(0, 1): 0.3}), True,
                   "two of four lists avoid each other's people"),
        Population("two pairs avoid", 2000, dependent(four, {(0, 1): 0.4, (2, 3): 0.4}), True,
                   "two pairs of four lists each avoid each other's people"),
        Population("all pairs avoid", 2000, log_linear(four, 0.6), False,
                   "every two of four lists avoid each other's people a little"),
        Population("sparse five", 3000, independent((0.06, 0.08, 0.05, 0.1, 0.07)), True, "five thin lists"),
        Population("very sparse five", 3000, independent((0.05, 0.02, 0.04, 0.03, 0.04)), True,
                   "five lists with some forty people on two"),
        Population("two classes, three lists", 2000, classes([(0.6, (0.45, 0.4, 0.35)), (0.4, (0.07, 0.08, 0.06))]),
                   False, "four in ten seldom listed, three lists"),
        Population("two classes, four lists", 2000,
                   classes([(0.7, (0.35, 0.4, 0.3, 0.35)), (0.3, (0.06, 0.05, 0.07, 0.06))]), False,
                   "three in ten seldom listed, four lists"),
        Population("hidden fifth", 2000, classes([(0.8, (0.3,) * 4), (0.2, (0.02,) * 4)]), False,
                   "a fifth nearly out of every list's reach"),
    )  # fmt: skip
