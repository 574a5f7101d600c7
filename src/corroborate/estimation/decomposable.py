"""Bayesian averaging over decomposable graphs (Madigan & York 1997), as the R package dga does it.

Reproduces: dga 0.1 ``bma.cr`` on Kosovo 1999: 12,595 killed (9,827 to 16,544), to the unit.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from corroborate.errors import NotEstimable
from corroborate.estimation.cells import Cells, canonical

Floats = NDArray[np.float64]
Edges = frozenset[tuple[int, int]]
Cliques = tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...]]

ALL_UP_TO, AT_MOST = 5, 8  # lists for which every graph is taken; lists at all
POINTS = 60_000  # numbers of unlisted looked at
EVENLY = 1_000_000  # people documented, up to which they are spread evenly
COARSE = 400  # of them, by which graphs are first compared
DEEP = 30.0  # in log posterior under a graph's peak: where its posterior ends
NEGLIGIBLE = 20.0  # in log posterior below the best graph's: left out
WINDOW, MOST_GRAPHS = 9.0, 4000  # of the search over more than five lists: log posterior, graphs seen


def _elimination(lists: int, edges: Edges) -> Cliques | None:
    """Cliques and separators by perfect elimination, or None when the graph is not decomposable."""
    near = {v: {w for w in range(lists) if (min(v, w), max(v, w)) in edges} for v in range(lists)}
    left = set(range(lists))
    cliques: list[frozenset[int]] = []
    while left:
        for v in sorted(left):
            around = near[v] & left
            if all((min(a, b), max(a, b)) in edges for a, b in combinations(around, 2)):
                break
        else:
            return None
        clique = frozenset(around | {v})
        cliques.append(clique)
        left.discard(v)
    cliques = [one for one in cliques if not any(one < other for other in cliques)]
    return tuple(tuple(sorted(one)) for one in cliques), _separators(cliques)


def _separators(cliques: list[frozenset[int]]) -> tuple[tuple[int, ...], ...]:
    """What neighbours share in a junction tree: a spanning tree of the cliques whose shared sets are largest (Jensen &
    Jensen 1994). An order of elimination alone does not always give one."""
    joined, apart = cliques[:1], list(cliques[1:])
    separators = []
    while apart:
        shared, at = max(
            ((one & other, at) for at, one in enumerate(apart) for other in joined), key=lambda pair: len(pair[0])
        )
        separators.append(tuple(sorted(shared)))
        joined.append(apart.pop(at))
    return tuple(separators)


@lru_cache(maxsize=8)
def graphs(lists: int, *, saturated: bool = False) -> tuple[Cliques, ...]:
    """All decomposable graphs but the saturated one (3 lists: 7, 4: 60, 5: 821).

    Under the saturated graph the overlaps say nothing of the unlisted, and its posterior is the prior's. dga counts it
    among its graphs, which shows on small tables only.
    """
    pairs = list(combinations(range(lists), 2))
    found = []
    for size in range(len(pairs) + saturated):
        for edges in combinations(pairs, size):
            cliques = _elimination(lists, frozenset(edges))
            if cliques is not None:
                found.append(cliques)
    return tuple(found)


def posterior(
    cells: Cells, *, most: int | None = None, delta: float | None = None, saturated: bool = False
) -> tuple[Floats, Floats]:
    """Numbers of unlisted people, and the posterior probability of each.

    Hyper-Dirichlet prior with ``delta`` (2^-J) in each cell of the full table, all graphs equally likely, and a prior
    on the unlisted proportional to 1/N (Madigan & York 1997; dga's ``bma.cr``). ``most``: largest number of unlisted,
    by default 20 for each one documented, but 60,000 at first; where that cuts the posterior off, 60,000 numbers evenly
    spread over the whole. Where more than a million people are documented and no ``most`` is given, such numbers would
    lie farther apart than a graph's posterior is wide: then those about the peak of each graph, in order; a number that
    two graphs share stands twice. Up to five lists: every graph; up to eight: those that a search finds.
    """
    table, _ = canonical(cells)
    if not 3 <= table.lists <= AT_MOST:
        raise NotEstimable(
            "averaging over graphs takes three to {at_most} lists that name somebody, not {lists}",
            at_most=AT_MOST,
            lists=cells.lists,
        )
    whole = int(most or 20 * table.documented)
    if most is None and table.documented > EVENLY:
        return _Peaks(table, whole, delta).averaged(saturated)
    unlisted, weights = _averaged(table, np.arange(1, min(whole, POINTS) + 1, dtype=float), delta, saturated)
    if most is None and whole > POINTS and weights[-1] > 1e-9:
        step = -(-whole // POINTS)
        unlisted, weights = _averaged(table, np.arange(1, whole + 1, step, dtype=float), delta, saturated)
    return unlisted, weights


def replicated(
    cells: Cells, chance: np.random.Generator, *, draws: int = 1000, delta: float | None = None, saturated: bool = False
) -> Floats:
    """Posterior predictive overlap cells, (draws, cells) in people, in the order of ``cells``.

    Each is another table of as many documented people: a graph and a number of unlisted from their posterior, the
    cells' probabilities from the hyper-Dirichlet law given these (clique by clique, each given what it shares with
    those before; Dawid & Lauritzen 1993), and the people by the shares of the cells that can be seen.
    """
    table, columns = canonical(cells)
    whole = 20 * table.documented
    few: _Marginals | _Peaks
    if table.documented > EVENLY:
        few = _Peaks(table, int(whole), delta)
    else:
        coarse = np.unique(np.round(np.geomspace(1, whole, 4 * COARSE)))
        few = _Marginals(table, coarse, delta)
    graph, unlisted = _drawn(few, table.lists, chance, draws, saturated)
    codes = table.patterns @ (1 << np.arange(table.lists))
    full = np.zeros(2**table.lists)
    full[codes] = table.counts
    weight = 2.0**-table.lists if delta is None else delta
    shares = np.array(
        [_hyper_dirichlet(one[0], full, n, weight, chance) for one, n in zip(graph, unlisted, strict=True)]
    )
    seen = cells.patterns[:, list(columns)] @ (1 << np.arange(table.lists))
    unused = [j for j in range(cells.lists) if j not in columns]
    expected = shares[:, seen] * ~cells.patterns[:, unused].any(axis=1)
    return chance.multinomial(int(cells.documented), expected / expected.sum(axis=1, keepdims=True)).astype(np.float64)


def _drawn(
    few: "_Marginals | _Peaks", lists: int, chance: np.random.Generator, draws: int, saturated: bool
) -> tuple[list[Cliques], Floats]:
    """Graphs and numbers of unlisted from their joint posterior."""
    chosen = graphs(lists, saturated=saturated) if lists <= ALL_UP_TO else _searched(lists, few, saturated)[0]
    scores = few.integrated(chosen)
    share = np.exp(scores - scores.max())
    at = chance.choice(len(chosen), size=draws, p=share / share.sum())
    unlisted = np.empty(draws)
    for one in np.unique(at):
        numbers, logs = few.about(chosen[one])
        within = np.exp(logs - logs.max())
        unlisted[at == one] = chance.choice(numbers, size=int((at == one).sum()), p=within / within.sum())
    return [chosen[one] for one in at], unlisted


def _hyper_dirichlet(
    cliques: Sequence[tuple[int, ...]], counts: Floats, unlisted: float, delta: float, chance: np.random.Generator
) -> Floats:
    """Probabilities of the full table's 2^J cells (list j is bit j), one draw given its counts and the unlisted."""
    lists = len(counts).bit_length() - 1
    full = counts.copy()
    full[0] += unlisted
    codes = np.arange(len(counts))
    result, done = np.ones(len(counts)), frozenset[int]()
    left, joined = [frozenset(one) for one in cliques], [frozenset[int]()]
    while left:  # in an order of a junction tree, as in _separators
        clique = max(left, key=lambda one: max(len(one & other) for other in joined))
        left.remove(clique)
        joined.append(clique)
        shared, whole = sorted(clique & done), sorted(clique)
        inside = ((codes[:, None] >> np.array(whole)) & 1) @ (1 << np.arange(len(whole)))
        alpha = np.bincount(inside, weights=full, minlength=2 ** len(whole)) + delta * 2.0 ** (lists - len(whole))
        gamma = np.maximum(chance.gamma(alpha), 1e-300)
        if shared:
            within = ((codes[:, None] >> np.array(shared)) & 1) @ (1 << np.arange(len(shared)))
            first = np.unique(inside, return_index=True)[1]
            total = np.bincount(within[first], weights=gamma, minlength=2 ** len(shared))
            result *= gamma[inside] / total[within]
        else:
            result *= gamma[inside] / gamma.sum()
        done |= clique
    return result


def _averaged(table: Cells, unlisted: Floats, delta: float | None, saturated: bool) -> tuple[Floats, Floats]:
    """Graphs are compared at a few numbers of unlisted first; those that cannot matter are left out of the whole."""
    coarse = unlisted[np.unique(np.geomspace(1, len(unlisted), COARSE).astype(int) - 1)]
    few = _Marginals(table, coarse, delta)
    if table.lists <= ALL_UP_TO:
        chosen = graphs(table.lists, saturated=saturated)
        scores = few.heights(chosen)
    else:
        chosen, scores = _searched(table.lists, few, saturated)
    kept = [chosen[at] for at in np.flatnonzero(scores > scores.max() - NEGLIGIBLE)]
    weight = np.zeros(len(unlisted))
    every = _Marginals(table, unlisted, delta)
    for start in range(0, len(kept), 32):
        weight += np.exp(every.of(kept[start : start + 32]) - scores.max()).sum(axis=0)
    return unlisted, weight / weight.sum()


def _searched(lists: int, few: "_Marginals | _Peaks", saturated: bool) -> tuple[tuple[Cliques, ...], Floats]:
    """Open the best graph not yet opened, an edge more or less at a time, until all within the window are open.

    Graphs that differ by an edge connect all decomposable ones (Madigan & York 1995 walk them by chance; here the
    order is fixed).
    """
    pairs = list(combinations(range(lists), 2))
    none: Edges = frozenset()
    seen: dict[Edges, tuple[Cliques, float]] = {}
    opened: set[Edges] = set()

    def visit(candidates: Iterator[Edges]) -> None:
        new = {}
        for edges in candidates:
            if edges not in seen and (saturated or len(edges) < len(pairs)):
                cliques = _elimination(lists, edges)
                if cliques is not None:
                    new[edges] = cliques
        if new:
            values = few.integrated(tuple(new.values()))
            seen.update({e: (c, float(v)) for (e, c), v in zip(new.items(), values, strict=True)})

    visit(iter([none]))
    while len(seen) < MOST_GRAPHS:
        best = max(score for _, score in seen.values())
        near = [e for e, (_, score) in seen.items() if e not in opened and score > best - WINDOW]
        if not near:
            break
        here = max(near, key=lambda e: seen[e][1])
        opened.add(here)
        visit(here ^ {pair} for pair in pairs)
    chosen = tuple(cliques for cliques, _ in seen.values())
    return chosen, few.heights(chosen)


class _Marginals:
    """log of the Dirichlet-multinomial marginal likelihood of each set of lists, at each number of unlisted."""

    def __init__(self, table: Cells, unlisted: Floats, delta: float | None) -> None:
        self.table, self.unlisted = table, unlisted
        self.delta = 2.0**-table.lists if delta is None else delta
        self.total = table.documented + unlisted
        whole = self.delta * 2.0**table.lists  # the same in every set: its cells add up to the full table's
        self.shared = gammaln(whole) - gammaln(whole + self.total)
        # number of ways to arrange the people in cells: only the part that depends on the unlisted matters
        self.arrangement = gammaln(self.total + 1) - gammaln(unlisted + 1) - np.log(self.total)
        self.places: dict[tuple[int, ...], int] = {}
        self.rows: list[Floats] = []
        self.ladders: dict[float, Floats] = {}

    def _place(self, lists: tuple[int, ...]) -> int:
        if lists not in self.places:
            self.places[lists] = len(self.rows)
            codes = self.table.patterns[:, list(lists)] @ (1 << np.arange(len(lists)))
            alpha = self.delta * 2.0 ** (self.table.lists - len(lists))
            counts = np.bincount(codes, weights=self.table.counts, minlength=2 ** len(lists))
            fixed = float(np.sum(gammaln(counts[1:] + alpha) - gammaln(alpha)) - gammaln(alpha))
            self.rows.append(fixed + self._log_gamma(counts[0], alpha) + self.shared)
        return self.places[lists]

    def _log_gamma(self, already: float, alpha: float) -> Floats:
        """log gamma(already + unlisted + alpha): where the unlisted are 1, 2, 3 ..., a slice of one ladder of logs."""
        number = len(self.unlisted)
        if self.unlisted[-1] != number or self.unlisted[0] != 1 or self.table.documented > EVENLY:
            direct: Floats = gammaln(already + self.unlisted + alpha)
            return direct
        if alpha not in self.ladders:
            rungs = np.arange(int(self.table.documented) + number + 1) + alpha
            self.ladders[alpha] = gammaln(alpha) + np.concatenate([[0.0], np.cumsum(np.log(rungs))])
        return self.ladders[alpha][int(already) + 1 : int(already) + number + 1]

    def _signed(self, chosen: Sequence[Cliques]) -> Floats:
        """(graphs, sets): 1 for each clique, less 1 for each separator."""
        signs = [
            (at, self._place(one), sign)
            for at, (cliques, separators) in enumerate(chosen)
            for sign, sets in ((1.0, cliques), (-1.0, separators))
            for one in sets
            if one  # an empty separator is one cell that holds everybody
        ]
        matrix = np.zeros((len(chosen), len(self.rows)))
        for at, place, sign in signs:
            matrix[at, place] += sign
        return matrix

    def of(self, chosen: Sequence[Cliques]) -> Floats:
        """(graphs, numbers of unlisted): log of likelihood and prior of each, up to one constant."""
        result: Floats = self._signed(chosen) @ np.array(self.rows) + self.arrangement
        return result

    def each(self, chosen: Sequence[Cliques]) -> Floats:
        """(graphs, p): the same, where the numbers of unlisted are p for the first graph, then p for the next."""
        signed = self._signed(chosen)
        rows = np.array(self.rows).reshape(len(self.rows), len(chosen), -1)
        result: Floats = np.einsum("gs,sgp->gp", signed, rows) + self.arrangement.reshape(len(chosen), -1)
        return result

    def heights(self, chosen: Sequence[Cliques]) -> Floats:
        """The highest value of each graph."""
        result: Floats = self.of(chosen).max(axis=1)
        return result

    def _steps(self) -> Floats:
        result: Floats = np.log(np.diff(self.unlisted, append=2 * self.unlisted[-1] - self.unlisted[-2]))
        return result

    def about(self, graph: Cliques) -> tuple[Floats, Floats]:
        """Numbers of unlisted, and the log posterior of each under one graph, by the width of its step."""
        return self.unlisted, self.of([graph])[0] + self._steps()

    def integrated(self, chosen: Sequence[Cliques]) -> Floats:
        """log of the sum over the unlisted, by the width of each step."""
        values = self.of(chosen) + self._steps()
        top = values.max(axis=1)
        result: Floats = top + np.log(np.exp(values - top[:, None]).sum(axis=1))
        return result


class _Peaks:
    """The posterior of each graph about its own peak: where people are many, a sliver of all numbers of unlisted."""

    def __init__(self, table: Cells, whole: int, delta: float | None) -> None:
        self.table, self.delta, self.end = table, delta, float(np.log(whole))

    def averaged(self, saturated: bool) -> tuple[Floats, Floats]:
        """As ``posterior``."""
        lists = self.table.lists
        if lists <= ALL_UP_TO:
            chosen = graphs(lists, saturated=saturated)
            scores = self.integrated(chosen)
        else:
            chosen, scores = _searched(lists, self, saturated)
        kept = [chosen[at] for at in np.flatnonzero(scores > scores.max() - NEGLIGIBLE)]
        values, logs = (np.concatenate(one) for one in zip(*(self.about(graph) for graph in kept), strict=True))
        order = np.argsort(values, kind="stable")
        share = np.exp(logs[order] - logs.max())
        return values[order], share / share.sum()

    def about(self, graph: Cliques) -> tuple[Floats, Floats]:
        """As ``_Marginals.about``."""
        low, _, high = self._about([graph])
        unlisted: Floats = np.unique(np.round(np.exp(np.linspace(float(low[0]), float(high[0]), COARSE))))
        edges = np.concatenate([unlisted[:1] - 0.5, (unlisted[1:] + unlisted[:-1]) / 2, unlisted[-1:] + 0.5])
        return unlisted, _Marginals(self.table, unlisted, self.delta).of([graph])[0] + np.log(np.diff(edges))

    def heights(self, chosen: Sequence[Cliques]) -> Floats:
        """log of the sum over the unlisted: the height alone would leave a wide low peak out."""
        return self.integrated(chosen)

    def integrated(self, chosen: Sequence[Cliques]) -> Floats:
        """log of the sum over the unlisted, by the height and width of the peak."""
        low, peak, high = self._about(chosen)
        result: Floats = self._at(chosen, peak) + np.log(np.exp(high) - np.exp(low) + 1.0)
        return result

    def _at(self, chosen: Sequence[Cliques], logs: Floats) -> Floats:
        """Of each graph at the unlisted with this logarithm, one a graph."""
        return _Marginals(self.table, np.exp(logs), self.delta).each(chosen)[:, 0]

    def _about(self, chosen: Sequence[Cliques]) -> tuple[Floats, Floats, Floats]:
        """Logarithms of the unlisted where each graph's posterior begins, peaks, and ends: e^30 under the peak.

        The peak by golden sections between the neighbours of the highest of a few numbers.
        """
        logs = np.linspace(0.0, self.end, COARSE)
        best = np.array(
            [
                int(values.argmax())
                for start in range(0, len(chosen), 64)
                for values in _Marginals(self.table, np.exp(logs), self.delta).of(chosen[start : start + 64])
            ]
        )
        low, high = logs[np.maximum(best - 1, 0)], logs[np.minimum(best + 1, COARSE - 1)]
        part = (np.sqrt(5.0) - 1) / 2
        for _ in range(60):
            left, right = high - part * (high - low), low + part * (high - low)
            up = self._at(chosen, left) < self._at(chosen, right)
            low, high = np.where(up, left, low), np.where(up, high, right)
        peak = (low + high) / 2
        top = self._at(chosen, peak)
        return self._edge(chosen, peak, top, 0.0), peak, self._edge(chosen, peak, top, self.end)

    def _edge(self, chosen: Sequence[Cliques], peak: Floats, top: Floats, end: float) -> Floats:
        """By halving, from the peak towards ``end``, on the scale of the logarithm of the distance."""
        near, far = np.full(len(peak), -30.0), np.log(np.maximum(np.abs(end - peak), 1e-13))
        sign = np.sign(end - peak)
        for _ in range(40):
            middle = (near + far) / 2
            inside = top - self._at(chosen, peak + sign * np.exp(middle)) < DEEP
            near, far = np.where(inside, middle, near), np.where(inside, far, middle)
        edge: Floats = np.clip(peak + sign * np.exp(far), 0.0, self.end)
        return edge
