"""The one verb: from an overlap table to a number with its doubt, or a refusal with its reason."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
from scipy.stats import norm, rankdata

from corroborate import version
from corroborate.errors import NotEstimable
from corroborate.estimation import bounds, decomposable, latent_classes, log_linear, refusals, sensitivity, visibility
from corroborate.estimation.chao_lee import chao_lee
from corroborate.estimation.modes import modes, whole
from corroborate.estimation.results import CellCheck, Diagnostics, Estimate, Floats, Progress, Summary
from corroborate.estimation.two_lists import chapman
from corroborate.translation import Sentence
from corroborate.values import Digest, OverlapTable

__all__ = ["Estimate", "Settings", "Summary", "estimate"]

VISIBLE, MIXED = "dependence and visibility", "two models in equal parts"
LATENT, GRAPHS, LOG_LINEAR = "latent classes", "decomposable graphs", "log-linear average"
CHAO, COVERED, FREE = "Chao's lower bound", "Chao and Lee's sample coverage", "no interaction of all lists"
DOUBLED_GRAPHS = "graphs, prior counts doubled"
DRAWS = 4000
COPIES = 2000  # of the table that the headline's method makes, against which its overlap cells are checked
SURE = 0.03  # error of an end of the headline's interval, as a share of its width, at most
SPARSE, SPARSE_SHARE = 100, 0.15  # people on two lists or more, and their share of those documented


@dataclass(frozen=True, slots=True)
class Settings:
    """How an estimate is made. ``changes``: also look at what would change it. ``tip``: numbers of people whose tipping
    points to say. ``turns``: kept of each chain of the latent classes, before the automatic extension. ``ends``: how
    far chance may move an end of the headline's interval, as a standard error and a share of its width."""

    seed: int = 0
    level: float = 0.95
    changes: bool = True
    tip: tuple[float, ...] = ()
    turns: int = latent_classes.TURNS
    extensions: int = 2
    ends: float = visibility.TARGET_ERROR

    def __post_init__(self) -> None:
        if not 0.5 <= self.level < 1:
            raise NotEstimable("a level of {level} is no level: give one from 0.5 up to 0.999", level=self.level)


@dataclass(slots=True)
class _Run:
    """What the methods found on one table: draws of the unlisted of each that stands, and why others do not."""

    draws: dict[str, Floats] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    diagnostics: Diagnostics = field(default_factory=Diagnostics)
    sample: latent_classes.Sample | None = None
    averaged: log_linear.Average | None = None
    seen: visibility.Posterior | None = None


def _unheard(progress: Progress) -> None:
    """Nobody listens."""


def estimate(
    table: OverlapTable, *, seed: int = 0, level: float = 0.95, settings: Settings | None = None,
    told: Callable[[Progress], None] = _unheard,
) -> Estimate:  # fmt: skip
    """Estimate how many people there were, on a list or not.

    ``settings`` says more than ``seed`` and ``level`` and stands instead of them. The rule for the headline was stated
    before any table was seen and is tested by simulation; see :func:`choose`. Two lists: Chapman, with a warning.
    ``told`` hears, several times a second, which method runs and how far it is; what it raises ends the estimate, which
    is how a caller calls one off. Raises NotEstimable with the reason.
    """
    how = settings or Settings(seed, level)
    given = Digest.of(table.to_csv().encode()).hex
    table, said = refusals.usable(table)
    warnings = [*said, *refusals.warnings(table)]
    if len(table.lists) == 2:
        return _two(table, how, warnings, given)
    steps = _Steps(told, _planned(table, how))
    run = _run(table, how, steps)
    method, unlisted, rule = choose(run.draws, table)
    documented = table.documented
    methods = {name: Summary.of(draws, documented, how.level) for name, draws in run.draws.items()}
    methods.setdefault(method, Summary.of(unlisted, documented, how.level))
    lower = bounds.chao(log_linear.cells_of(table))
    note = "a lower bound, not an estimate"
    methods[CHAO] = Summary(lower.estimate, lower.estimate, lower.low, lower.high, note)
    with suppress(NotEstimable):
        reach = chao_lee(log_linear.cells_of(table))
        people = max(float(documented), reach.bound or reach.independent)
        methods[COVERED] = Summary(people, people, people, people, "a lower bound where lists agree; no interval")
    if free := bounds.no_highest_order(log_linear.cells_of(table)):
        note = "the assumption by itself, every lower interaction free"
        methods[FREE] = Summary(free.estimate, free.estimate, free.low, free.high, note)
    headline = methods[method]
    # a mixture of two models may have two peaks though neither model has: those are no modes of a posterior
    several = len(modes(run.draws.get(VISIBLE, unlisted), documented, how.level)) > 1
    peaks = modes(unlisted, documented, how.level) if several else (whole(unlisted, documented, how.level),)
    if len(peaks) > 1:
        warnings.append(
            "The overlaps allow several numbers, far apart: " + "; ".join(one.said() for one in peaks) + "."
        )
    return Estimate(
        table.lists, documented, headline, how.level, _at_least(table, run.draws.values(), headline),
        sensitivity.curve(unlisted, documented, how.level), method, methods, run.diagnostics,
        (*warnings, *run.warnings, *_disagreement(headline, method, methods)),
        sensitivity.tipping(unlisted, documented, how.tip), rule, unlisted,
        changes=dict(_changes(table, how, steps)) if how.changes else {},
        cells=_cells(table, method, run, how.seed),
        seed=how.seed, digest=given, version=_version(), modes=peaks,
    )  # fmt: skip


def _rule(name: str, twice: int, *, mixed: bool = False, few: bool = False) -> Sentence:
    """Why a method carries the headline. ``name``: of the method, or of the second of two; ``twice``: people on two
    lists or more."""
    if mixed:
        return Sentence(
            "The headline is two models in equal parts: dependence and visibility, and {name}; the first allows for "
            "people who differ in how visible they are, and for lists that depend on one another.",
            name=name,
        )
    if few:
        return Sentence(
            (
                "The headline is {name}: only {twice} person is on two lists or more, too few for the others' priors.",
                "The headline is {name}: only {twice} people are on two lists or more, too few for the others' priors.",
            ),
            name=name,
            twice=twice,
        )
    return {
        VISIBLE: Sentence(
            "The headline is {name}: the first allows for people who differ in how visible they are, and for lists "
            "that depend on one another.",
            name=name,
        ),
        LATENT: Sentence(
            "The headline is {name}: their chains agree (R-hat at most 1.01, 400 effective draws).", name=name
        ),
        GRAPHS: Sentence(
            "The headline is {name}: latent classes are not to be used here, and this is exact.", name=name
        ),
        LOG_LINEAR: Sentence("The headline is {name}: latent classes and graphs give no answer here.", name=name),
    }[name]


def choose(draws: Mapping[str, Floats], table: OverlapTable) -> tuple[str, Floats, str]:
    """The headline's method, its draws of the unlisted, and the rule in a sentence.

    Two models in equal parts. Dependence and visibility allows for people who differ in how visible they are: over such
    populations its interval held the truth most often; it reaches high. The other part is the one that knows no such
    difference but what the overlaps ask for: latent classes where they converged; graphs next, which are exact; then
    log-linear models. Where fewer than a hundred people, and under 15 % of all, are on two lists, the latent classes'
    prior of list probabilities speaks louder than the overlaps and holds the number down: the average of log-linear
    models, which has no such prior, takes their place. Where either part is not to be used, the other stands alone. See
    docs/explanation/coverage.md.
    """
    twice = sum(count for pattern, count in table.counts.items() if sum(pattern) > 1)
    sparse = twice < SPARSE and twice < SPARSE_SHARE * table.documented
    others = (LOG_LINEAR, LATENT, GRAPHS) if sparse else (LATENT, GRAPHS, LOG_LINEAR)
    for name in (*others, VISIBLE):
        if name in draws:
            if VISIBLE in draws and name != VISIBLE:
                return MIXED, _halves(draws[VISIBLE], draws[name]), _rule(name, twice, mixed=True)
            return name, draws[name], _rule(name, twice, few=sparse and name == LOG_LINEAR)
    raise NotEstimable("no method converged on this table")


def _halves(one: Floats, other: Floats) -> Floats:
    """Draws of the mixture of two laws in equal parts: an even comb over each."""
    comb = (np.arange(2 * DRAWS) + 0.5) / (2 * DRAWS)
    return np.concatenate([np.rint(np.quantile(one, comb)), np.rint(np.quantile(other, comb))])


class _Steps:
    """Says which of the planned methods runs now, and how far it is."""

    def __init__(self, told: Callable[[Progress], None], planned: list[str]) -> None:
        self.told, self.planned, self.at = told, planned, 0

    def begin(self, method: str) -> None:
        self.at = self.planned.index(method)
        self.share(0.0)

    def share(self, done: float) -> None:
        self.told(Progress(self.planned[self.at], self.at + 1, len(self.planned), done))


def _planned(table: OverlapTable, how: Settings) -> list[str]:
    lists = len(table.lists)
    methods = [VISIBLE, LATENT, *[GRAPHS] * (lists >= 3), LOG_LINEAR]
    if how.changes:
        methods += [f"{LATENT}, {name}" for name in latent_classes.DOUBLED]
        methods += [DOUBLED_GRAPHS] * (3 <= lists <= 5)
        if 4 <= lists <= 6:
            methods += [Sentence("without {name}", name=name) for name in table.lists]
    return methods


def _run(table: OverlapTable, how: Settings, steps: _Steps) -> _Run:
    """Every suitable method. Lists are put in the order of their names, so that their order in the table is nothing."""
    run, cells = _Run(), log_linear.cells_of(_sorted(table))
    chance = np.random.default_rng(how.seed)
    _see(run, cells, how, steps)
    steps.begin(LATENT)
    sample = latent_classes.sample(cells, seed=how.seed, turns=how.turns, extensions=how.extensions, told=steps.share)
    run.diagnostics = Diagnostics(
        sample.r_hat,
        min(sample.ess_bulk, sample.ess_tail),
        sample.ess_bulk,
        sample.ess_tail,
        _ranks(sample.draws),
        run.seen.error_of_ends if run.seen else None,
    )
    if sample.converged:
        run.draws[LATENT], run.sample = sample.draws.ravel(), sample
    else:
        run.warnings.append(Sentence("Latent classes are not used: {refusal}.", refusal=sample.refusal))
    if cells.lists >= 3:
        steps.begin(GRAPHS)
        values, weights = decomposable.posterior(cells)
        if not weights[-1] <= 1e-4:  # nor when it is no number
            run.warnings.append("The posterior over graphs reaches the largest number looked at; it is not used.")
        else:
            run.draws[GRAPHS] = chance.choice(values, size=5 * DRAWS, p=weights)
    steps.begin(LOG_LINEAR)
    try:
        averaged = log_linear.average(cells, chance)
    except NotEstimable as error:
        run.warnings.append(_named(str(error), table))
        return run
    if averaged.refused:
        said = _named(averaged.refused[0], table)
        run.warnings.append(
            Sentence("{number} log-linear models were refused: {said}.", number=len(averaged.refused), said=said)
        )
    run.draws[LOG_LINEAR] = averaged.draws
    run.averaged = averaged
    return run


def _see(run: _Run, cells: log_linear.Cells, how: Settings, steps: _Steps) -> None:
    """The headline's method, unless chance would move the ends of its interval too far."""
    steps.begin(VISIBLE)
    seen = visibility.posterior(cells, seed=how.seed, target=how.ends, told=steps.share)
    if seen.error_of_ends <= max(SURE, 2 * how.ends):
        run.seen = seen
        run.draws[VISIBLE] = seen.draws(5 * DRAWS, np.random.default_rng([how.seed, 2]))
    else:
        run.warnings.append(
            Sentence(
                "The model of dependence and visibility is not used: another seed would move an end of its interval by "
                "{error_of_ends:.0%} of its width.",
                error_of_ends=seen.error_of_ends,
            )
        )


def _named(reason: str, table: OverlapTable) -> str:
    """A model's interactions by the names of the lists: [12,3] becomes [ABA HRW, OSCE]."""
    names = sorted(table.lists)

    def name(found: re.Match[str]) -> str:
        return "[" + ", ".join(" ".join(names[int(at) - 1] for at in one) for one in found.group(1).split(",")) + "]"

    return re.sub(r"\[(\d+(?:,\d+)*)\]", name, reason)


def _sorted(table: OverlapTable) -> OverlapTable:
    order = sorted(range(len(table.lists)), key=lambda at: table.lists[at])
    counts = {tuple(pattern[at] for at in order): count for pattern, count in table.counts.items()}
    return OverlapTable(tuple(table.lists[at] for at in order), counts)


def _ranks(draws: Floats, bins: int = 20) -> tuple[tuple[int, ...], ...]:
    ranks = rankdata(draws, method="ordinal").reshape(draws.shape)
    shares = ((ranks - 1) * bins / draws.size).astype(int)
    return tuple(tuple(int(one) for one in np.bincount(chain, minlength=bins)) for chain in shares)


def _at_least(table: OverlapTable, every: Iterable[Floats], headline: Summary) -> float:
    """One-sided 97.5 %: the smallest of Chao's lower limits (see ``bounds``) and of every method's own."""
    lows = [float(np.floor(table.documented + np.quantile(draws, 0.025))) for draws in every]
    return max(float(table.documented), min(bounds.at_least(log_linear.cells_of(table)), headline.low, *lows))


def _disagreement(headline: Summary, method: str, methods: Mapping[str, Summary]) -> Iterator[str]:
    others = [one.median for name, one in methods.items() if name not in (method, CHAO, COVERED, FREE)]
    if any(not headline.low <= other <= headline.high for other in others):
        yield "The methods disagree beyond the headline's interval: look at all of them."
    for name in (CHAO, COVERED):
        if name in methods and methods[name].median > headline.median:
            yield (
                Sentence(
                    "The headline lies under {name}, {median:,.0f}: the people on one list and on two say "
                    "that there are more, unless lists avoid one another's people.",
                    name=name,
                    median=methods[name].median,
                )
            )
    if methods[CHAO].low > headline.high:
        yield "Chao's lower bound lies above the headline's interval: some lists may avoid one another's people."
    if headline.high > 5 * headline.median:
        yield "The interval reaches over five times the headline: the lists say little about the unlisted."


def _changes(table: OverlapTable, how: Settings, steps: _Steps) -> Iterator[tuple[str, Summary]]:
    """What would change the number: each prior doubled, by the method it belongs to; each list left out, by the average
    over graphs, which is exact and quick."""
    cells, documented = log_linear.cells_of(_sorted(table)), table.documented
    for name, prior in latent_classes.DOUBLED.items():
        steps.begin(f"{LATENT}, {name}")
        sample = latent_classes.sample(
            cells, seed=how.seed, prior=prior, turns=how.turns, extensions=how.extensions, told=steps.share
        )
        if sample.converged:
            found = Summary.of(sample.draws.ravel(), documented, how.level, "by latent classes")
            yield f"latent classes, {name}", found
    if 3 <= cells.lists <= 5:
        steps.begin(DOUBLED_GRAPHS)
        yield DOUBLED_GRAPHS, _graphs(table, how.level, 2 * 2.0**-cells.lists)
    if 4 <= cells.lists <= 6:
        for name in table.lists:
            steps.begin(Sentence("without {name}", name=name))
            rest = table.without(name)
            if rest.documented:
                yield Sentence("without {name}", name=name), _graphs(rest, how.level, None)


def _graphs(table: OverlapTable, level: float, delta: float | None) -> Summary:
    values, weights = decomposable.posterior(log_linear.cells_of(table), delta=delta)
    reach = np.cumsum(weights)
    at = np.searchsorted(reach, [(1 - level) / 2, 0.5, (1 + level) / 2])
    low, median, high = (float(one) for one in values[np.minimum(at, len(values) - 1)])
    n = table.documented
    mean = float((values * weights).sum())  # not a scalar product, whose last digits hang on the number of threads
    return Summary(n + median, n + mean, n + low, n + high, "by averaging over graphs")


def _partner(run: _Run, table: OverlapTable) -> str:
    return choose({name: draws for name, draws in run.draws.items() if name != VISIBLE}, table)[0]


def _copies(name: str, run: _Run, cells: log_linear.Cells, chance: np.random.Generator) -> Floats | None:
    """Tables that one method makes of the lists, had they been made again; None where it makes none."""
    if name == VISIBLE and run.seen is not None:
        return visibility.replicated(run.seen, cells, chance, draws=COPIES)
    if name == LATENT and run.sample is not None:
        points = run.sample.points.shape[0] * run.sample.points.shape[1]
        return latent_classes.replicated(run.sample, cells, chance, times=-(-COPIES // points))
    if name == GRAPHS:
        return decomposable.replicated(cells, chance, draws=COPIES)
    if name == LOG_LINEAR and run.averaged is not None:
        return log_linear.replicated(run.averaged, cells, chance, draws=COPIES)
    return None


def _cells(table: OverlapTable, method: str, run: _Run, seed: int) -> tuple[CellCheck, ...]:
    """Each overlap cell against what the headline's method expects there, had the lists been made again: the middle
    95 % of its posterior predictive tables."""
    cells, chance = log_linear.cells_of(_sorted(table)), np.random.default_rng([seed, 1])
    parts = [VISIBLE, _partner(run, table)] if method == MIXED else [method]
    made = [one for name in parts if (one := _copies(name, run, cells, chance)) is not None]
    if not made:
        return ()
    copies = np.concatenate([one[:COPIES] for one in made])
    lows = np.quantile(copies, 0.025, axis=0, method="lower")
    highs = np.quantile(copies, 0.975, axis=0, method="higher")
    names = sorted(table.lists)
    order = [names.index(name) for name in table.lists]
    return tuple(
        CellCheck(tuple(int(pattern[at]) for at in order), int(count), float(low), float(high))
        for pattern, count, low, high in zip(cells.patterns, cells.counts, lows, highs, strict=True)
    )


def _two(table: OverlapTable, how: Settings, warnings: list[str], given: str) -> Estimate:
    counts, documented = table.counts, table.documented
    both = counts.get((1, 1), 0)
    people = chapman(counts.get((1, 0), 0) + both, counts.get((0, 1), 0) + both, both)
    unlisted = people.estimate - documented
    spread = np.log((people.high - documented) / unlisted) / 1.959964 if unlisted > 0 else 0.0
    points = norm.ppf((np.arange(DRAWS) + 0.5) / DRAWS)
    draws = np.maximum(unlisted, 0.0) * np.exp(spread * points)  # log-normal, as Chapman's interval is
    low, high = documented + np.quantile(draws, [(1 - how.level) / 2, (1 + how.level) / 2])
    middle = max(people.estimate, float(documented))
    summary = Summary(middle, middle, min(float(low), middle), max(float(high), middle))
    said = "Two lists only: their dependence cannot be seen at all. Use this as a check, never as a headline."
    return Estimate(
        table.lists, documented, summary, how.level, float(documented),
        sensitivity.curve(draws, documented, how.level), "Chapman", {"Chapman": summary}, Diagnostics(),
        (said, *warnings), sensitivity.tipping(draws, documented, how.tip),
        "Two lists carry no model of their dependence: only Chapman's check is given.", draws,
        seed=how.seed, digest=given, version=_version(),
    )  # fmt: skip


def _version() -> str:
    return f"corroborate {version()}, numpy {np.__version__}"
