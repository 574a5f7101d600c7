"""One interval out of several tables, draws of the linkage, so that its doubt is carried through."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import exp, sqrt

import numpy as np
from scipy.stats import t as student

from corroborate.errors import NotEstimable
from corroborate.estimation import sensitivity
from corroborate.estimation.estimate import Settings, estimate
from corroborate.estimation.modes import Mode, modes, whole
from corroborate.estimation.results import Estimate, Floats, Progress, Summary
from corroborate.estimation.visibility import ROUGH
from corroborate.translation import Sentence
from corroborate.values import Digest, OverlapTable

ENOUGH = 20  # draws of the linkage from which their own number adds little doubt
POOLED, RUBIN = "draws of the linkage, pooled", "Rubin's rules on the log scale"


@dataclass(frozen=True, slots=True)
class Rubin:
    """Rubin's rules on the logarithm of the number of people (Rubin 1987, p. 76; Barnard & Rubin's large sample).

    ``share``: how much of the variance comes from the differences between the tables.
    """

    median: float
    low: float
    high: float
    share: float

    @classmethod
    def of(cls, totals: Sequence[Floats], level: float) -> "Rubin":
        """From draws of the number of people, one array a table; at least two tables."""
        logs = [np.log(np.maximum(one, 1.0)) for one in totals]
        number = len(logs)
        centres = np.array([one.mean() for one in logs])
        within = float(np.mean([one.var(ddof=1) for one in logs]))
        between = float(centres.var(ddof=1)) * (1 + 1 / number)
        total = within + between
        freedom = (number - 1) * (total / between) ** 2 if between > 1e-15 else np.inf
        wide = float(student.ppf((1 + level) / 2, freedom)) * sqrt(total)
        middle = float(centres.mean())
        return cls(exp(middle), exp(middle - wide), exp(middle + wide), between / total if total > 0 else 0.0)


def _unheard(table: str, progress: Progress) -> None:
    """Nobody listens."""


def over_linkage(
    tables: Mapping[str, OverlapTable],
    settings: Settings | None = None,
    told: Callable[[str, Progress], None] = _unheard,
) -> Estimate:
    """One estimate from M overlap tables, each the outcome of one draw of the linkage.

    The draws of all tables are put together in equal parts, which is the posterior with the linkage averaged over; the
    distance of each table's middle from the common one is stretched by sqrt((M + 1) / (M - 1)), so that few tables
    carry as much doubt as Rubin's rules give them. Rubin's own interval stands beside it as a check.

    The number documented, and *at least*, are the smallest over the tables. A table that is refused refuses the whole:
    leaving it out would hide the doubt. ``told`` hears which table is at work, and how far it is.
    """
    how = settings or Settings()
    if len(tables) < 2:
        raise NotEstimable("draws of the linkage are at least two overlap tables")
    if len({tuple(sorted(one.lists)) for one in tables.values()}) > 1:
        raise NotEstimable("the overlap tables have not the same lists: they are no draws of one linkage")
    found: dict[str, Estimate] = {}
    for at, (name, table) in enumerate(tables.items()):
        try:
            found[name] = estimate(
                table,
                settings=replace(how, seed=how.seed + at, changes=False, ends=max(how.ends, ROUGH)),
                told=partial(told, name),
            )
        except NotEstimable as error:
            raise NotEstimable("{name}: {error}", name=name, error=error) from error
    return pool(found, how)


def side_by_side(
    tables: Mapping[str, OverlapTable],
    settings: Settings | None = None,
    told: Callable[[str, Progress], None] = _unheard,
) -> Estimate:
    """The estimate of the first table, and what the others make of it: the same lists linked at other thresholds.

    ``told`` hears which table is at work, and how far it is.
    """
    how = settings or Settings()
    (name, first), *others = tables.items()
    found = estimate(first, settings=how, told=partial(told, name))
    changes = dict(found.changes)
    for name, table in others:
        try:
            other = estimate(table, settings=replace(how, changes=False), told=partial(told, name))
            changes[_with(name)] = other.headline
        except NotEstimable as error:
            found = replace(found, warnings=(*found.warnings, f"{name} is refused: {error}."))
    if any(
        not found.headline.low <= changes[_with(name)].median <= found.headline.high
        for name, _ in others
        if _with(name) in changes
    ):
        said = "Another threshold of the linkage takes the number outside the interval: give draws of the linkage."
        found = replace(found, warnings=(*found.warnings, said))
    return replace(found, changes=changes)


def _as_one(unlisted: Floats, documented: float, level: float) -> tuple[Mode, ...]:
    return (whole(unlisted, documented, level),)


def pool(found: Mapping[str, Estimate], how: Settings) -> Estimate:
    """The estimates of several tables as one; see :func:`over_linkage`."""
    each = list(found.values())
    first = each[0]
    size = min(len(one.unlisted) for one in each)
    chance = np.random.default_rng(how.seed)
    unlisted = [chance.choice(one.unlisted, size=size, replace=False) for one in each]
    totals = [one.documented + draws for one, draws in zip(each, unlisted, strict=True)]
    rubin = Rubin.of(totals, how.level)
    stretch = sqrt((len(each) + 1) / (len(each) - 1))
    middles = [float(np.log(np.maximum(one, 1)).mean()) for one in totals]
    middle = float(np.mean(middles))
    documented = min(one.documented for one in each)
    pooled = np.concatenate([one * exp((stretch - 1) * (at - middle)) for one, at in zip(totals, middles, strict=True)])
    pooled = np.maximum(pooled, documented)
    headline = Summary.of(pooled - documented, documented, how.level)
    at_least = max(float(documented), min(headline.low, *(one.at_least for one in each)))
    methods = {POOLED: headline, RUBIN: Summary(rubin.median, rubin.median, rubin.low, rubin.high)}
    for name in first.methods:
        same = [one.methods[name] for one in each if name in one.methods]
        methods[name] = Summary(
            float(np.mean([one.median for one in same])),
            float(np.mean([one.mean for one in same])),
            min(one.low for one in same),
            max(one.high for one in same),
            "lowest and highest over the tables",
        )
    most = max(one.documented for one in each)
    warnings = [*_of_tables(len(each), documented, most), *dict.fromkeys(line for one in each for line in one.warnings)]
    hats = [one.diagnostics for one in each if one.r_hat is not None]
    errors = [one.diagnostics.error_of_ends for one in each if one.diagnostics.error_of_ends is not None]
    worst = max(hats, key=lambda one: one.r_hat or 0) if hats else first.diagnostics
    return replace(
        first, documented=documented, headline=headline, at_least=at_least, method=POOLED, methods=methods,
        sensitivity=sensitivity.curve(pooled - documented, documented, how.level),
        tipping=sensitivity.tipping(pooled - documented, documented, how.tip), unlisted=pooled - documented,
        diagnostics=replace(worst, error_of_ends=float(np.mean(errors)) / sqrt(len(errors)) if errors else None),
        modes=(modes if 2 * sum(not one.single for one in each) > len(each) else _as_one)(
            pooled - documented, documented, how.level
        ),
        warnings=tuple(warnings), changes=_ends(found), cells=(),
        digest=Digest.of("".join(one.digest for one in each).encode()).hex,
        rule=Sentence("The headline pools {number} tables in equal parts, each by its own rule.", number=len(each)),
        parts={
            "linkage": {
                "tables": len(each), "rubin": {"median": rubin.median, "low": rubin.low, "high": rubin.high},
                "share_of_variance": rubin.share,
                "each": {name: one.headline.as_json() for name, one in found.items()},
            }
        },
    )  # fmt: skip


def _of_tables(number: int, documented: int, most: int) -> Iterator[str]:
    if most > documented:
        yield Sentence(
            "The tables document from {documented:,} to {most:,} people; the smallest is given.",
            documented=documented,
            most=most,
        )
    if number < ENOUGH:
        yield Sentence(
            (
                "Only {number} draw of the linkage: take {enough} or more, or read Rubin's interval.",
                "Only {number} draws of the linkage: take {enough} or more, or read Rubin's interval.",
            ),
            number=number,
            enough=ENOUGH,
        )


def _with(name: str) -> Sentence:
    return Sentence("with {name}", name=name)


def _ends(found: Mapping[str, Estimate]) -> dict[str, Summary]:
    ordered = sorted(found.items(), key=lambda one: one[1].headline.median)
    return {Sentence("with {name} alone", name=name): one.headline for name, one in (ordered[0], ordered[-1])}
