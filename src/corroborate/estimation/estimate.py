"""The one verb: from an overlap table to a number with its doubt, or a refusal with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from corroborate.errors import NotEstimable
from corroborate.estimation import bounds, decomposable, latent_classes, log_linear, sensitivity
from corroborate.estimation.two_lists import chapman
from corroborate.values import JSON, OverlapTable

ASSUMPTIONS = (
    "The people on the lists are the same closed group: nobody enters or leaves it in the time looked at.",
    "Linkage is right: entries said to be one person are, and no two entries of one person were left apart.",
    "Given what the overlaps show, no further group of people was out of the reach of all lists together. "
    "No list can test this; the sensitivity says what follows if it is wrong.",
)


@dataclass(frozen=True, slots=True)
class Summary:
    """One method's posterior or interval, in people."""

    median: float
    mean: float
    low: float
    high: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Never a bare number: at least, the headline with its interval, and what if the lists share a blind spot."""

    lists: tuple[str, ...]
    documented: int
    headline: Summary
    level: float
    at_least: float
    sensitivity: tuple[sensitivity.Point, ...]
    method: str
    methods: Mapping[str, Summary]
    r_hat: float | None
    ess: float | None
    warnings: tuple[str, ...]
    tipping: str
    without: Mapping[str, Summary] = field(default_factory=dict)  # headline method with one list left out
    assumptions: tuple[str, ...] = ASSUMPTIONS

    def as_json(self) -> dict[str, JSON]:
        """Stable keys; see the reference of formats."""

        def numbers(one: Summary) -> dict[str, JSON]:
            return {"median": one.median, "mean": one.mean, "low": one.low, "high": one.high, "note": one.note}

        headline = numbers(self.headline)
        del headline["note"]
        return {
            "documented": self.documented,
            "estimate": {**headline, "level": self.level},
            "at_least": self.at_least,
            "sensitivity": [
                {"odds_ratio": p.odds_ratio, "median": p.median, "low": p.low, "high": p.high} for p in self.sensitivity
            ],
            "method": self.method,
            "methods": {name: numbers(one) for name, one in self.methods.items()},
            "diagnostics": {"r_hat": self.r_hat, "ess": self.ess},
            "warnings": list(self.warnings),
            "tipping": self.tipping,
            "without": {name: numbers(one) for name, one in self.without.items()},
            "assumptions": list(self.assumptions),
            "lists": list(self.lists),
        }


def estimate(table: OverlapTable, *, seed: int = 0, level: float = 0.95) -> Estimate:
    """Estimate how many people there were, on a list or not.

    Rule for the headline, stated before any table is seen: latent classes where they converge (R-hat at most 1.01, 400
    effective draws); else averaging over decomposable graphs; else the average of log-linear models. Two lists:
    Chapman, with a warning. Raises NotEstimable with the reason.
    """
    if not 0.5 <= level < 1:
        raise NotEstimable(f"a level of {level} is no level: give one from 0.5 up to 0.999")
    _check(table)
    cells = log_linear.cells_of(table)
    if cells.lists == 2:
        return _two(table, level)
    chance = np.random.default_rng(seed)
    methods: dict[str, Summary] = {}
    unlisted: dict[str, NDArray[np.float64]] = {}
    warnings = _warnings(table)
    sample = latent_classes.sample(cells, seed=seed)
    if sample.converged:
        unlisted["latent classes"] = sample.draws.ravel()
    else:
        warnings.append(
            f"Latent classes did not converge (R-hat {sample.r_hat:.3f}, {sample.ess_bulk:.0f} effective draws) and "
            "are not used."
        )
    if 3 <= cells.lists <= 5:
        values, weights = decomposable.posterior(cells)
        if weights[-1] > 1e-4:
            warnings.append("The posterior over graphs reaches the largest number looked at; it is not used.")
        else:
            unlisted["decomposable graphs"] = chance.choice(values, size=20_000, p=weights)
    try:
        averaged = log_linear.average(cells, chance)
    except NotEstimable as error:
        warnings.append(str(error))
    else:
        if averaged.refused:
            warnings.append(f"{len(averaged.refused)} log-linear models were refused: {averaged.refused[0]}")
        unlisted["log-linear average"] = averaged.draws
    if not unlisted:
        raise NotEstimable("no method converged on this table")
    methods = {name: _summary(draws, cells.documented, level) for name, draws in unlisted.items()}
    lower = bounds.chao(cells)
    methods["Chao's lower bound"] = Summary(
        lower.estimate, lower.estimate, lower.low, lower.high, "a lower bound, not an estimate"
    )
    method = next(iter(unlisted))
    headline, draws = methods[method], unlisted[method]
    others = [methods[name].median for name in unlisted if name != method]
    if any(not headline.low <= other <= headline.high for other in others):
        warnings.append("The methods disagree beyond the headline's interval: look at all of them.")
    if headline.high > 5 * headline.median:
        warnings.append("The interval reaches over five times the headline: the lists say little about the unlisted.")
    used = method == "latent classes"
    return Estimate(
        table.lists, table.documented, headline, level, min(bounds.at_least(cells), headline.low),
        sensitivity.curve(draws, cells.documented, level), method, methods,
        sample.r_hat if used else None, min(sample.ess_bulk, sample.ess_tail) if used else None,
        tuple(warnings), sensitivity.tipping(draws, cells.documented), _without(table, level),
    )  # fmt: skip


def _summary(draws: NDArray[np.float64], documented: float, level: float) -> Summary:
    tail = (1 - level) / 2
    low, median, high = documented + np.quantile(draws, [tail, 0.5, 1 - tail])
    return Summary(float(median), float(documented + draws.mean()), float(low), float(high))


def _check(table: OverlapTable) -> None:
    if len(table.lists) < 2:
        raise NotEstimable("one list alone says nothing about the people on no list; at least two are needed")
    if len(table.lists) > 8:
        raise NotEstimable(f"{len(table.lists)} lists are too many for one model: join lists of the same makers")
    if table.documented == 0:
        raise NotEstimable("the table names nobody")
    for name in table.lists:
        if table.on(name) == 0:
            raise NotEstimable(f"the list {name} names nobody; leave it out")
    if not any(count and sum(pattern) > 1 for pattern, count in table.counts.items()):
        raise NotEstimable("no person is on two lists, so the overlaps say nothing")
    for at, name in enumerate(table.lists):
        for other_at, other in enumerate(table.lists):
            if at != other_at and all(p[other_at] for p, n in table.counts.items() if n and p[at]):
                raise NotEstimable(f"everybody on {name} is also on {other}: it is no list of its own; join the two")


def _warnings(table: OverlapTable) -> list[str]:
    warnings = [
        f"Nobody is on both {one} and {other}; their dependence cannot be seen."
        for (i, one), (j, other) in combinations(enumerate(table.lists), 2)
        if not any(count and pattern[i] and pattern[j] for pattern, count in table.counts.items())
    ]
    if len(table.lists) == 3:
        warnings.append("Three lists allow few checks of dependence; a fourth would say much more.")
    if table.documented < 100:
        warnings.append(f"Only {table.documented} people are documented; small numbers carry wide doubt.")
    return warnings


def _without(table: OverlapTable, level: float) -> dict[str, Summary]:
    """The average over graphs (quick and exact) with each list left out in turn: what the number stands on."""
    found: dict[str, Summary] = {}
    if not 4 <= len(table.lists) <= 6:
        return found
    for at, name in enumerate(table.lists):
        counts: dict[tuple[int, ...], int] = {}
        for pattern, count in table.counts.items():
            rest = pattern[:at] + pattern[at + 1 :]
            if any(rest):
                counts[rest] = counts.get(rest, 0) + count
        cells = log_linear.cells_of(OverlapTable(table.lists[:at] + table.lists[at + 1 :], counts))
        if cells.lists > 4 or cells.documented == 0:
            continue
        values, weights = decomposable.posterior(cells)
        reach = np.cumsum(weights)
        tail = (1 - level) / 2
        low, median, high = (
            float(values[min(int(np.searchsorted(reach, p)), len(values) - 1)]) for p in (tail, 0.5, 1 - tail)
        )
        n = cells.documented
        found[name] = Summary(n + median, n + float(values @ weights), n + low, n + high)
    return found


def _two(table: OverlapTable, level: float) -> Estimate:
    counts = table.counts
    both = counts.get((1, 1), 0)
    people = chapman(counts.get((1, 0), 0) + both, counts.get((0, 1), 0) + both, both)
    documented = table.documented
    summary = Summary(people.estimate, people.estimate, people.low, people.high)
    ends = np.array([people.low, people.estimate, people.high]) - documented
    points = tuple(
        sensitivity.Point(round(r, 4), *(float(documented + r * ends[at]) for at in (1, 0, 2)))
        for r in sensitivity.ODDS_RATIOS
    )
    return Estimate(
        table.lists, documented, summary, 0.95, float(documented), points, "Chapman", {"Chapman": summary}, None, None,
        (
            "Two lists only: their dependence cannot be seen at all. Use this as a check, never as a headline.",
            *(("The interval is at 0.95; Chapman's is given at no other level.",) if level != 0.95 else ()),
        ),
        sensitivity.tipping(ends[1:2], documented),
    )  # fmt: skip
