"""Latent classes on cell counts (Manrique-Vallier 2016, LCMCR), so that cost depends on lists and not on people.

Reproduces: Manrique-Vallier (2016), Biometrics 72, Kosovo 1999, as the R package LCMCR gives it: about 10,470 killed.

Walks on the collapsed posterior (see ``collapsed``) by Hamiltonian trajectories; where those do not converge, by
trajectories at several heats that exchange places (parallel tempering); where those do not either, it says which modes
the chains sit in.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from arviz_stats.base import array_stats
from numpy.typing import NDArray

from corroborate.errors import NotEstimable
from corroborate.estimation import collapsed, ridges
from corroborate.estimation.cells import Cells, canonical
from corroborate.estimation.collapsed import CLASSES, LEVELS
from corroborate.translation import Sentence

Floats = NDArray[np.float64]

CHAINS = 4
BLOCK = 50  # turns for which chance is drawn at once; after each a point is kept
LONGEST, LONGEST_TEMPERED = 64, 24  # steps of a trajectory; shorter ones let heats exchange more often
TURNS = 4000  # kept of each chain, at first
SLICE = 500  # turns after which progress is told; a multiple of a block
COOLING = (0.02, 0.05, 0.1, 0.2, 0.4, 0.7)  # the warm-up's first blocks, as parts of the heat they lead to
WARM_UP = 12  # blocks, the cooling ones among them
MANY = 5000  # documented people from which chains that do not meet go along the ridge
FEW_CELLS = 40  # with people, up to which they do: a step's cost goes with their square
HOPELESS, SEPARATE = 1.1, 1.5  # R-hat from which more of the same walk is not tried; the same, tempered
RATIO, HOTTEST = 1.6, 400.0  # of neighbouring heats; documented people whose likelihood the hottest walk still sees


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed of the classes before the table is seen; the defaults are those of the R package.

    Concentration alpha ~ gamma(``shape``, ``rate``): the smaller, the fewer classes. A class's probability of each
    list ~ Beta(``on``, ``off``). The number of people has the prior 1/N, whatever is given here.
    """

    shape: float = 0.25
    rate: float = 0.25
    on: float = 1.0
    off: float = 1.0

    def as_array(self) -> Floats:
        return np.array([self.shape, self.rate, self.on, self.off])


PLAIN = Prior()
DOUBLED: Mapping[str, Prior] = {
    "concentration: mean doubled": replace(PLAIN, shape=2 * PLAIN.shape),
    "concentration: weight doubled": replace(PLAIN, shape=2 * PLAIN.shape, rate=2 * PLAIN.rate),
    "list probabilities: weight doubled": replace(PLAIN, on=2 * PLAIN.on, off=2 * PLAIN.off),
}


@dataclass(frozen=True, slots=True)
class Mode:
    """Where some of the chains sit: unlisted people (2.5 %, median, 97.5 %), the mean log-likelihood and log posterior
    (up to a constant that is the same for all) there, and the deviance from the table: 0 where it is fitted exactly."""

    low: float
    median: float
    high: float
    log_likelihood: float
    chains: tuple[int, ...]
    log_posterior: float = np.nan
    deviance: float = np.nan


@dataclass(frozen=True, slots=True)
class Sample:
    """Draws of the unlisted (chains, draws) in people, with rank-normalised R-hat and bulk and tail effective sizes.

    ``log_l``: log-likelihood of each draw. ``points`` (chains, fewer, D): some whole points, in the layout of
    ``collapsed``, over the columns ``lists`` of the table. ``heats``: 1 where no tempering was needed.
    """

    draws: Floats
    r_hat: float
    ess_bulk: float
    ess_tail: float
    log_l: Floats
    points: Floats
    lists: tuple[int, ...]
    heats: int
    along_ridge: bool = False  # walked by the steps of ``ridges``
    exact: float = np.nan  # log-likelihood of a model that fits the table exactly
    prior: Prior = PLAIN

    @property
    def converged(self) -> bool:
        """R-hat at most 1.01 and effective sizes of at least 400 (Vehtari et al. 2021)."""
        return self.r_hat <= 1.01 and min(self.ess_bulk, self.ess_tail) >= 400

    @property
    def modes(self) -> tuple[Mode, ...]:
        """Chains grouped so that no 50 % interval of one group, of the unlisted or of the log-likelihood, reaches into
        another. More than one, and the posterior has separate modes, if the chains have settled (see ``settled``)."""
        alike = _touching(self.log_l, range(len(self.draws)))
        groups = [group for one in alike for group in _touching(self.draws, one)]
        groups.sort(key=lambda group: float(np.median(self.draws[group])))
        return tuple(
            Mode(
                float(low), float(median), float(high), like, tuple(sorted(g)),
                like + float(self._log_prior(self.points[g]).mean()) if self.points.size else np.nan,
                2 * (self.exact - like),
            )
            for g in groups
            for low, median, high in [np.quantile(self.draws[g], [0.025, 0.5, 0.975])]
            for like in [float(self.log_l[g].mean())]
        )  # fmt: skip

    @property
    def settled(self) -> bool:
        """Whether the first and the last half of each chain agree, though the chains may not (R-hat at most 1.1)."""
        logs = np.log(self.draws + 1.0)
        return all(
            np.ptp(one) == 0.0 or float(array_stats.rhat(one[None], chain_axis=0, draw_axis=1)) <= 1.1 for one in logs
        )

    def _log_prior(self, points: Floats) -> Floats:
        sticks = len(self.lists) * CLASSES
        logits, logs = points[..., :sticks], points[..., sticks:]
        on, off = -np.logaddexp(0.0, -logits), -np.logaddexp(0.0, logits)
        power = self.prior.shape + CLASSES - 1
        result: Floats = (
            (self.prior.on * on + self.prior.off * off).sum(axis=-1)
            + logs.sum(axis=-1)
            - power * np.logaddexp(np.log(self.prior.rate), np.logaddexp.reduce(logs, axis=-1))
        )
        return result

    @property
    def refusal(self) -> str:
        """Why the draws are not to be used, in a sentence; empty where they are."""
        if self.converged:
            return ""
        doubt = f"R-hat {self.r_hat:.3f}, {min(self.ess_bulk, self.ess_tail):.0f} effective draws"
        if len(self.modes) == 1:
            medians = ", ".join(f"{median:,.0f}" for median in np.median(self.draws, axis=1))
            return Sentence(
                "the chains of the latent class model did not converge ({doubt}); medians {medians} unlisted",
                doubt=doubt,
                medians=medians,
            )
        places = "; ".join(
            Sentence(
                "{median:,.0f} unlisted ({low:,.0f} to {high:,.0f}; {number} of "
                "{number2} chains, mean log-likelihood {log_likelihood:,.1f}, log posterior "
                "{log_posterior:,.1f}, deviance from the table {deviance:,.1f})",
                median=mode.median,
                low=mode.low,
                high=mode.high,
                number=len(mode.chains),
                number2=len(self.draws),
                log_likelihood=mode.log_likelihood,
                log_posterior=mode.log_posterior,
                deviance=mode.deviance,
            )
            for mode in self.modes
        )
        if self.settled:
            return Sentence(
                "the posterior of the latent class model has separate modes ({doubt}): {places}",
                doubt=doubt,
                places=places,
            )
        return Sentence(
            "the chains of the latent class model lie apart and still wander, so whether these are separate modes is "
            "not known ({doubt}): {places}",
            doubt=doubt,
            places=places,
        )


def _touching(values: Floats, chains: Iterable[int]) -> list[list[int]]:
    """Chains, rows of ``values``, in groups whose 50 % intervals do not touch."""
    ends = np.quantile(values, [0.25, 0.5, 0.75], axis=1)
    groups: list[list[int]] = []
    reach = -np.inf
    for chain in sorted(chains, key=lambda one: float(ends[1, one])):
        if groups and ends[0, chain] <= reach:
            groups[-1].append(chain)
        else:
            groups.append([chain])
        reach = max(reach, float(ends[2, chain]))
    return groups


def _unheard(share: float) -> None:
    """Nobody listens."""


def sample(
    cells: Cells, *, seed: int, prior: Prior = PLAIN, turns: int = TURNS, extensions: int = 2, tempered: bool = False,
    along_ridge: bool = False, told: Callable[[float], None] = _unheard,
) -> Sample:  # fmt: skip
    """Draw from the posterior of the unlisted.

    Four chains of ``turns`` turns each, made twice as long up to ``extensions`` times until they have converged, and
    then, or at once where they are far apart, walked at several heats (``tempered``), or, where many people are
    documented, along the ridge that these make of the posterior (``along_ridge``); with no extensions, once. The order
    of lists and rows, and lists that name nobody, change nothing. ``told`` hears the share of the turns now planned
    that is done. Raises NotEstimable where fewer than two lists name anybody.
    """
    table, lists = canonical(cells)
    if table.lists < 2:
        raise NotEstimable("fewer than two lists name anybody, so their overlaps say nothing")
    with ThreadPoolExecutor(CHAINS) as threads:  # compiled code lets go of the interpreter, so chains run side by side
        if not tempered and not along_ridge:
            walk = _Walk(table, prior, np.ones(1), seed, told)
            found = _walked(walk, lists, threads, turns, extensions)
            if found.converged or not extensions:
                return found
            along_ridge = table.documented >= MANY and len(table.counts) <= FEW_CELLS
        if along_ridge:
            walk = _Walk(table, prior, np.ones(1), seed + 2, told, along_ridge=True)
        else:
            walk = _Walk(table, prior, _heats(table.documented), seed + 1, told)
        return _walked(walk, lists, threads, turns, extensions + 1)


def _walked(walk: "_Walk", lists: tuple[int, ...], threads: ThreadPoolExecutor, turns: int, extensions: int) -> Sample:
    walk.go(threads, turns)
    if walk.slow:  # good places are found slowly: the first part is more warm-up
        walk.forget()
        walk.go(threads, turns)
    found = _judged(walk, lists)
    for _ in range(extensions):
        if found.converged or found.r_hat > (SEPARATE if walk.slow else HOPELESS):
            break
        walk.go(threads, found.draws.shape[1])
        found = _judged(walk, lists)
    return found


def prior_sensitivity(cells: Cells, *, seed: int) -> dict[str, Sample]:
    """The same posterior with one prior doubled at a time: what the number owes to beliefs and not to the lists."""
    return {name: sample(cells, seed=seed, prior=prior) for name, prior in DOUBLED.items()}


def _heats(documented: float) -> Floats:
    lowest = min(0.1, HOTTEST / documented)
    return np.geomspace(1.0, lowest, 1 + int(np.ceil(np.log(1 / lowest) / np.log(RATIO))))


class _Walk:
    """The chains over one table at the same heats, and what they have drawn."""

    def __init__(
        self, table: Cells, prior: Prior, heats: Floats, seed: int, told: Callable[[float], None] = _unheard,
        *, along_ridge: bool = False,
    ) -> None:  # fmt: skip
        self.table, self.prior, self.heats, self.told = table, prior, heats, told
        made = np.random.SeedSequence(seed).spawn(CHAINS)
        self.along_ridge, self.slow = along_ridge, along_ridge or len(heats) > 1
        self.chains: list[_Chain | ridges.Chain] = [
            ridges.Chain(table, prior.as_array(), np.random.default_rng(one))
            if along_ridge
            else _Chain(table, prior, heats, np.random.default_rng(one))
            for one in made
        ]
        self.kept: list[list[Floats]] = [[] for _ in self.chains]
        self.points: list[list[Floats]] = [[] for _ in self.chains]
        self.unlisted: list[list[Floats]] = [[] for _ in self.chains]

    def go(self, threads: ThreadPoolExecutor, turns: int) -> None:
        parts: list[list[tuple[Floats, Floats]]] = []
        before = sum(len(one) for one in self.kept[0])
        for first in range(0, turns, SLICE):
            self.told((before + first) / (before + turns))
            number = min(SLICE, turns - first)
            parts.append(list(threads.map(lambda chain, number=number: chain.walk(number), self.chains)))
        self.told(1.0)
        for at, walked in enumerate(zip(*parts, strict=True)):
            kept, points = (np.concatenate(one) for one in zip(*walked, strict=True))
            visible = kept[:, 0]
            chance = self.chains[at].chance
            # the unlisted, given the classes: negative binomial, from the prior 1/N
            rate = chance.gamma(self.table.documented, np.maximum(0.0, 1 - visible) / visible)
            self.unlisted[at].append(chance.poisson(np.minimum(rate, 1e18)).astype(np.float64))
            self.kept[at].append(kept)
            self.points[at].append(points)

    def forget(self) -> None:
        for drawn in (self.kept, self.points, self.unlisted):
            for one in drawn:
                one.clear()


class _Chain:
    """Where one chain stands: the state that ``collapsed.advance`` changes in place, for each of its heats."""

    def __init__(self, table: Cells, prior: Prior, heats: Floats, chance: np.random.Generator) -> None:
        self.patterns = table.patterns.astype(np.float64)
        self.counts, self.prior, self.heats, self.chance = table.counts, prior.as_array(), heats, chance
        number, lists = len(heats), table.lists
        self.points = chance.standard_normal((number, CLASSES * (lists + 1) - 1))
        self.weights, self.log_l, self.visible = np.empty((number, CLASSES)), np.empty(number), np.empty(number)
        self.stride, self.crossed = np.full(number, 0.2), np.zeros((2, number))
        # stiffness before anything is learnt: that of the prior, a third, and a tenth of the people of a class
        people = (1.0 + np.arange(LEVELS) / 8.0) ** 8
        self.guess = np.repeat(1 / 3 + 0.1 * heats[:, None, None] * people[None, :, None], lists + 1, axis=2)
        self.stiffness = self.guess.copy()
        self.warm = False

    def walk(self, turns: int) -> tuple[Floats, Floats]:
        """(turns, 2): 1 - q_0 and log L at the first heat; and the points there after each block."""
        if not self.warm:
            self._warm_up()
        unused = np.empty((2, *self.stiffness.shape))
        kept, points = np.empty((turns, 2)), []
        for first in range(0, turns, BLOCK):
            self._turns(self.heats, kept[first : first + BLOCK], unused, -1)
            points.append(self.points[0].copy())
        return kept, np.array(points)

    def _warm_up(self) -> None:
        """Cool from near the prior; learn the strides, and how stiff classes of each size are."""
        for r in range(len(self.heats)):
            self._measure(r)
        unkept = np.empty((BLOCK, 2))
        cooled = 0
        for block in range(WARM_UP):
            part = COOLING[block] if block < len(COOLING) else 1.0
            cooled += block >= len(COOLING)
            if block == 0:
                self.stiffness = self.guess * part + (1 - part) / 3
            learned = np.empty((2, *self.stiffness.shape))
            learned[0], learned[1] = 10.0 * self.stiffness, 10.0
            self._turns(self.heats * part, unkept, learned, BLOCK * cooled)
            self._turns(self.heats * part, unkept, learned, BLOCK * cooled)
            self.stiffness = learned[0] / learned[1]
        self.warm = True

    def _measure(self, r: int) -> None:
        size, lists = self.points.shape[1], self.patterns.shape[1]
        room = np.empty((len(self.counts) + 2 * lists + 7, CLASSES))
        self.log_l[r], _, _, self.visible[r] = collapsed.density(
            self.points[r], self.patterns, self.counts, self.prior, 1.0, np.zeros(CLASSES), 1.0, np.empty(size),
            self.weights[r], room, np.empty(size), True,
        )  # fmt: skip

    def _turns(self, heats: Floats, kept: Floats, learned: Floats, learning: int) -> None:
        shape = (len(kept), len(heats))
        longest = LONGEST if len(heats) == 1 else LONGEST_TEMPERED
        collapsed.advance(
            self.points, self.weights, self.log_l, self.visible, heats, self.stride, self.stiffness, learned,
            self.patterns, self.counts, self.prior, collapsed.BLUR, longest, learning,
            self.chance.standard_normal((*shape, self.points.shape[1] + CLASSES)),
            self.chance.random((*shape, CLASSES + 3)), kept, self.crossed,
        )  # fmt: skip


def _judged(walk: _Walk, lists: tuple[int, ...]) -> Sample:
    unlisted = np.array([np.concatenate(one) for one in walk.unlisted])
    logs = np.log(unlisted + 1.0)
    if np.ptp(logs) == 0.0:  # nobody unlisted in any draw: the same everywhere, and converged
        r_hat, bulk, tail = 1.0, float(logs.size), float(logs.size)
    else:
        r_hat = float(array_stats.rhat(logs, chain_axis=0, draw_axis=1))
        bulk = float(array_stats.ess(logs, chain_axis=0, draw_axis=1, method="bulk"))
        tail = float(array_stats.ess(logs, chain_axis=0, draw_axis=1, method="tail", prob=(0.05, 0.95)))
    return Sample(
        unlisted, r_hat, bulk, tail, np.array([np.concatenate(one)[:, 1] for one in walk.kept]),
        np.array([np.concatenate(one) for one in walk.points]), lists, len(walk.heats),
        walk.along_ridge, float(walk.table.counts @ np.log(walk.table.counts / walk.table.documented)), walk.prior,
    )  # fmt: skip


def replicated(drawn: Sample, cells: Cells, chance: np.random.Generator, *, times: int = 1) -> Floats:
    """Posterior predictive overlap cells, (draws, cells) in people, in the order of ``cells``.

    Each is another table of as many documented people as this one, had the lists been made again by the same classes;
    ``times`` such tables from each point kept.
    """
    points = drawn.points.reshape(-1, drawn.points.shape[2])
    size = len(drawn.lists) * CLASSES
    chances = 1 / (1 + np.exp(-points[:, :size].reshape(len(points), len(drawn.lists), CLASSES)))
    spent = np.exp(points[:, size:])
    left = np.exp(-np.cumsum(spent, axis=1))
    before = np.column_stack([np.ones(len(points)), left])
    weights = np.column_stack([before[:, :-1] - left, left[:, -1]])
    unused = [j for j in range(cells.lists) if j not in drawn.lists]
    patterns = cells.patterns[:, list(drawn.lists)].astype(bool)
    expected = np.array(
        [
            np.sum(weights * np.prod(np.where(row[None, :, None], chances, 1 - chances), axis=1), axis=1)
            for row in patterns
        ]
    ).T * ~cells.patterns[:, unused].any(axis=1)
    shares = np.repeat(expected / expected.sum(axis=1, keepdims=True), times, axis=0)
    return chance.multinomial(int(cells.documented), shares).astype(np.float64)


def rank_plot(drawn: Sample, bins: int = 20) -> NDArray[np.int64]:
    """Data of a rank plot, (chains, bins): how often each chain's draws fall in each of equal bins of the ranks of all.

    Even rows say that the chains saw the same posterior (Vehtari et al. 2021). Ties take ranks in order of chains.
    """
    flat = drawn.draws.ravel()
    ranks = np.empty(flat.size, dtype=np.int64)
    ranks[np.argsort(flat, kind="stable")] = np.arange(flat.size)
    binned = (ranks * bins // flat.size).reshape(drawn.draws.shape)
    return np.array([np.bincount(row, minlength=bins) for row in binned])


def chi_square_of_ranks(ranks: Sequence[int], bins: int, values: int) -> float:
    """Chi-square of simulation-based calibration (Talts et al. 2018), ``bins - 1`` degrees of freedom: ranks among
    ``values`` possible ones, against the uniform."""
    counts = np.bincount(np.asarray(ranks) * bins // values, minlength=bins)
    return float(np.sum((counts - len(ranks) / bins) ** 2) / (len(ranks) / bins))
