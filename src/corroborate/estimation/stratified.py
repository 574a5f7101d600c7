"""Estimates by time, place or sex, lent strength by one another, and their sum with its interval."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from os import cpu_count

import numpy as np

from corroborate.errors import NotEstimable
from corroborate.estimation import sensitivity
from corroborate.estimation.estimate import Settings, estimate
from corroborate.estimation.refusals import FEWEST
from corroborate.estimation.results import Diagnostics, Estimate, Floats, Summary
from corroborate.estimation.visibility import ROUGH
from corroborate.translation import Sentence
from corroborate.values import JSON, Digest, OverlapTable, Pattern

Key = tuple[str, ...]
POOLED, APART, WHOLE = "strata, partially pooled", "strata, each alone", "all strata as one"
IN_PROCESSES = 8  # strata from which starting processes pays
IMPUTED = 5  # draws of the strata of people whose stratum is not known


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum: its estimate, or why it has none."""

    name: str
    documented: int
    estimate: Estimate | None = None
    refused: str = ""


def by_strata(
    tables: Mapping[Key, OverlapTable],
    columns: Sequence[str],
    settings: Settings | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Estimate:
    """One estimate of the sum over strata.

    ``tables``: one overlap table a stratum, by its values in the order of ``columns``. A stratum too thin to carry an
    estimate is refused by name and counted with its documented people only, so the sum is too low by its unlisted.
    People whose stratum is blank are drawn into the strata that others with the same lists are in, ``IMPUTED`` times,
    and the draws are pooled. ``progress`` hears how many strata of all are done.

    Partial pooling: the log of unlisted per documented person of each stratum, with the variance that its own overlaps
    give it, has a normal distribution over strata (Rubin 1981; Gelman et al., Bayesian Data Analysis, section 5.4; flat
    prior on its spread). Four strata at least; with fewer the sum is of strata each alone.
    """
    how = settings or Settings()
    if len({table.lists for table in tables.values()}) > 1:
        raise NotEstimable("the strata have not the same lists")
    known = {key: table for key, table in tables.items() if all(key)}
    blank = {key: table for key, table in tables.items() if not all(key)}
    if not known:
        raise NotEstimable("no row says its {listed}", listed=", ".join(columns))
    chance = np.random.default_rng(how.seed)
    filled = [_imputed(known, blank, chance) for _ in range(IMPUTED)] if blank else [known]
    jobs = [
        (key, table, replace(how, seed=how.seed + at, changes=False, ends=max(how.ends, ROUGH)))
        for at, one in enumerate(filled)
        for key, table in one.items()
    ]
    done = _each(jobs, progress)
    size = len(known)
    rounds = [done[at : at + size] for at in range(0, len(done), size)]
    whole = _whole(tables, how)
    sums = [_sum(one, chance) for one in rounds]
    return _together(rounds, sums, whole, columns, how, sum(one.documented for one in blank.values()))


def _whole(tables: Mapping[Key, OverlapTable], how: Settings) -> Estimate | None:
    counts: dict[Pattern, int] = {}
    for table in tables.values():
        for pattern, count in table.counts.items():
            counts[pattern] = counts.get(pattern, 0) + count
    try:
        return estimate(OverlapTable(next(iter(tables.values())).lists, counts), settings=replace(how, changes=False))
    except NotEstimable:
        return None


def _imputed(
    known: Mapping[Key, OverlapTable], blank: Mapping[Key, OverlapTable], chance: np.random.Generator
) -> dict[Key, OverlapTable]:
    """People of unknown stratum drawn into the strata that agree with what is known of them, in proportion to those on
    the same lists (missing at random given the lists); the proportions drawn from their Dirichlet posterior."""
    keys = list(known)
    counts = {key: dict(table.counts) for key, table in known.items()}
    for key, table in sorted(blank.items()):
        fits = [one for one in keys if all(not mine or mine == its for mine, its in zip(key, one, strict=True))]
        for pattern, count in sorted(table.counts.items()):
            shares = chance.dirichlet(
                [known[one].counts.get(pattern, 0) + 1 / (len(fits) or 1) for one in fits or keys]
            )
            for one, more in zip(fits or keys, chance.multinomial(count, shares), strict=True):
                counts[one][pattern] = counts[one].get(pattern, 0) + int(more)
    return {key: OverlapTable(table.lists, counts[key], table.notes) for key, table in known.items()}


def _stratum(job: tuple[Key, OverlapTable, Settings]) -> Stratum:
    key, table, how = job
    name = ", ".join(key)
    if table.documented < FEWEST:
        reason = Sentence(
            (
                "{name}: only {documented} person is documented ({fewest} at least)",
                "{name}: only {documented} people are documented ({fewest} at least)",
            ),
            name=name,
            documented=table.documented,
            fewest=FEWEST,
        )
        return Stratum(name, table.documented, refused=reason)
    try:
        return Stratum(name, table.documented, estimate(table, settings=how))
    except NotEstimable as error:
        return Stratum(name, table.documented, refused=f"{name}: {error}")


def _each(jobs: Sequence[tuple[Key, OverlapTable, Settings]], progress: Callable[[int, int], None]) -> list[Stratum]:
    """Every stratum, on all cores where there are many. The numbers do not depend on how many cores there are."""
    found: list[Stratum] = []
    if len(jobs) < IN_PROCESSES or (cpu_count() or 1) < 2:
        for job in jobs:
            found.append(_stratum(job))
            progress(len(found), len(jobs))
        return found
    with ProcessPoolExecutor(cpu_count(), mp_context=get_context("spawn")) as workers:
        for one in workers.map(_stratum, jobs, chunksize=2):
            found.append(one)
            progress(len(found), len(jobs))
    return found


@dataclass(frozen=True, slots=True)
class _Sum:
    """Draws of the unlisted of all strata together, and the medians of each stratum's own after pooling."""

    alone: Floats
    pooled: Floats | None
    each: dict[str, tuple[float, float, float]]


def _sum(strata: Sequence[Stratum], chance: np.random.Generator) -> _Sum:
    estimated = [(one.name, one.documented, one.estimate.unlisted) for one in strata if one.estimate is not None]
    if not estimated:
        raise NotEstimable(
            "no stratum carries an estimate: {reasons}; take coarser strata",
            reasons="; ".join(one.refused for one in strata[:5]),
        )
    size = 4000
    drawn = np.array([chance.choice(unlisted, size=size) for _, _, unlisted in estimated])
    if len(estimated) < 4:
        return _Sum(drawn.sum(axis=0), None, {})
    documented = np.array([float(count) for _, count, _ in estimated])
    rates = np.exp(_shrunk(np.log((drawn + 0.5) / documented[:, None]), chance, size)) * documented[:, None]
    ends = np.quantile(rates, [0.5, 0.025, 0.975], axis=1).T + documented[:, None]
    each = {name: (float(a), float(b), float(c)) for (name, _, _), (a, b, c) in zip(estimated, ends, strict=True)}
    return _Sum(drawn.sum(axis=0), rates.sum(axis=0), each)


def _shrunk(logs: Floats, chance: np.random.Generator, size: int) -> Floats:
    """Draws (strata, size) of each stratum's log rate under the normal model over strata (BDA section 5.4)."""
    centre, variance = logs.mean(axis=1), np.maximum(logs.var(axis=1, ddof=1), 1e-6)
    grid = np.concatenate([[1e-3], np.linspace(0.01, max(3 * float(centre.std(ddof=1)), 0.5), 200)])
    total = variance[:, None] + grid**2  # (strata, grid)
    precision = (1 / total).sum(axis=0)
    mean = (centre[:, None] / total).sum(axis=0) / precision
    score = -0.5 * np.log(precision) - 0.5 * (np.log(total) + (centre[:, None] - mean) ** 2 / total).sum(axis=0)
    weight = np.exp(score - score.max())
    at = chance.choice(len(grid), size=size, p=weight / weight.sum())
    middle = mean[at] + chance.standard_normal(size) / np.sqrt(precision[at])
    spread = grid[at] ** 2
    share = spread / (spread + variance[:, None])  # of a stratum's own word against that of all
    within = share * variance[:, None]
    wanted = share * centre[:, None] + (1 - share) * middle
    shrunk: Floats = wanted + np.sqrt(within) * chance.standard_normal((len(centre), size))
    return shrunk


def _drawn(unknown: int, columns: Sequence[str]) -> Sentence:
    """What is said of people whose stratum is not known."""
    return Sentence(
        (
            "{unknown:,} person has no {listed}; this person was drawn into the strata {imputed} times, and the "
            "interval carries that doubt.",
            "{unknown:,} people have no {listed}; they were drawn into the strata {imputed} times, and the interval "
            "carries that doubt.",
        ),
        unknown=unknown,
        listed=" or ".join(columns),
        imputed=IMPUTED,
    )


def _together(
    rounds: Sequence[Sequence[Stratum]], sums: Sequence[_Sum], whole: Estimate | None, columns: Sequence[str],
    how: Settings, unknown: int,
) -> Estimate:  # fmt: skip
    strata = rounds[0]
    documented = sum(one.documented for one in strata)
    pooled = all(one.pooled is not None for one in sums)
    alone = np.concatenate([one.alone for one in sums])
    unlisted = np.concatenate([one.pooled for one in sums if one.pooled is not None]) if pooled else alone
    methods = {APART: Summary.of(alone, documented, how.level)}
    if pooled:
        methods = {POOLED: Summary.of(unlisted, documented, how.level), **methods}
    if whole is not None:
        methods[WHOLE] = whole.headline
    method = POOLED if pooled else APART
    headline = methods[method]
    bounds = [sum(one.estimate.at_least if one.estimate else one.documented for one in each) for each in rounds]
    estimated = [one.estimate for one in strata if one.estimate is not None]
    refused = [one for one in strata if one.estimate is None]
    warnings: list[str] = [
        Sentence(
            "Stratum refused: {refused}. Its {documented} documented people are counted, and no unlisted.",
            refused=one.refused,
            documented=one.documented,
        )
        for one in refused
    ]
    if unknown:
        warnings.append(_drawn(unknown, columns))
    if whole is not None and not headline.low <= whole.headline.median <= headline.high:
        warnings.append("All strata as one give a number outside this interval: lists reach the strata differently.")
    warnings += list(dict.fromkeys(line for one in estimated for line in one.warnings if "patterns" not in line))[:12]
    hats = [one.diagnostics for one in estimated if one.r_hat is not None]
    worst = max(hats, key=lambda one: one.r_hat or 0) if hats else Diagnostics()
    first = estimated[0]
    return Estimate(
        first.lists, documented, headline, how.level, max(float(documented), min([*bounds, headline.low])),
        sensitivity.curve(unlisted, documented, how.level), method, methods, worst, tuple(warnings),
        sensitivity.tipping(unlisted, documented, how.tip),
        _rule(len(estimated), columns, bool(pooled)),
        unlisted, seed=how.seed, digest=Digest.of("".join(one.digest for one in estimated).encode()).hex,
        version=first.version,
        parts={"by": list(columns), "refused": [one.refused for one in refused],
               "strata": [_row(one, sums[0].each.get(one.name)) for one in strata]},
    )  # fmt: skip


def _rule(strata: int, columns: Sequence[str], pooled: bool) -> Sentence:
    by = " and ".join(columns)
    if pooled:
        return Sentence(
            "The headline is the sum of {number} strata of {listed}, each drawn towards the others as far as its own "
            "overlaps leave it in doubt.",
            number=strata,
            listed=by,
        )
    return Sentence("The headline is the sum of {number} strata of {listed}, each alone.", number=strata, listed=by)


def _row(one: Stratum, pooled: tuple[float, float, float] | None) -> JSON:
    row: dict[str, JSON] = {"name": one.name, "documented": one.documented}
    if one.estimate is None:
        return {**row, "refused": one.refused, "remedy": NotEstimable.remedy}
    found = one.estimate
    low, high = found.band
    row |= {"at_least": found.at_least, "estimate": found.headline.as_json(), "band": {"low": low, "high": high},
            "method": found.method}  # fmt: skip
    if pooled:
        row["pooled"] = {"median": pooled[0], "low": pooled[1], "high": pooled[2]}
    return row
