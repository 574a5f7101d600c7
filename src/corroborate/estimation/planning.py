"""Before a list is collected: how wide an interval would be with it and without it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corroborate.errors import InvalidValue, NotEstimable
from corroborate.estimation import decomposable, log_linear
from corroborate.estimation.populations import NAMES, Population, independent
from corroborate.values import JSON


@dataclass(frozen=True, slots=True)
class Outlook:
    """What lists would give, mean over simulated populations: people documented, ends of the interval; ``width`` as a
    share of the people; in how many populations there was no estimate."""

    lists: str
    documented: float
    low: float
    high: float
    width: float
    refused: int

    def as_json(self) -> dict[str, JSON]:
        return {"lists": self.lists, "documented": self.documented, "low": self.low, "high": self.high,
                "width": self.width, "refused": self.refused}  # fmt: skip


def plan(
    people: int, chances: Sequence[float], *, seed: int = 0, level: float = 0.95, populations: int = 40
) -> tuple[Outlook, ...]:
    """The outlook with all lists, and with each left out where three stay.

    ``people``: how many there are expected to be. ``chances``: of each list, to name a person. The lists are taken to
    be independent and nobody out of reach, so the outlook is the best there can be: dependence widens it. By the
    average over graphs (three to five lists), which is exact and quick.
    """
    if not 10 <= people <= 10**9:
        raise InvalidValue("{people} expected people: give from ten to a thousand million", people=people)
    if not 3 <= len(chances) <= 5:
        raise InvalidValue(
            "a plan takes three to five lists, not {number}: give --chance for each", number=len(chances)
        )
    if wrong := [one for one in chances if not 0 < one < 1]:
        raise InvalidValue("{wrong} is no chance of a list to name a person: give one between 0 and 1", wrong=wrong[0])
    if not 0.5 <= level < 1:
        raise InvalidValue("a level of {level} is no level: give one from 0.5 up to 0.999", level=level)
    every = tuple(range(len(chances)))
    sets = [every, *(tuple(at for at in every if at != left) for left in every if len(every) > 3)]
    return tuple(
        _outlook(people, [chances[at] for at in some], [NAMES[at] for at in some], seed, level, populations)
        for some in sets
    )


def _outlook(
    people: int, chances: Sequence[float], names: Sequence[str], seed: int, level: float, populations: int
) -> Outlook:
    drawn = Population("", people, independent(chances), True, "")
    found = []
    for number in range(populations):
        cells = log_linear.cells_of(drawn.draw(np.random.default_rng([seed, number])))
        if (cells.counts[cells.patterns.sum(axis=1) > 1] > 0).any():
            values, weights = decomposable.posterior(cells)
            if weights[-1] <= 1e-4:
                at = np.searchsorted(np.cumsum(weights), [(1 - level) / 2, (1 + level) / 2])
                found.append((cells.documented, *(cells.documented + values[np.minimum(at, len(values) - 1)])))
    if not found:
        raise NotEstimable("the lists {listed} would share too few people for any estimate", listed=" ".join(names))
    documented, low, high = (float(one) for one in np.mean(found, axis=0))
    return Outlook(" ".join(names), documented, low, high, (high - low) / people, populations - len(found))
