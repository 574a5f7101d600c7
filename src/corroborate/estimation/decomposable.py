"""Bayesian averaging over decomposable graphs (Madigan & York 1997), as the R package dga does it.

Reproduces: dga 0.1 ``bma.cr`` on Kosovo 1999: 12,595 killed (9,827 to 16,544), to the unit.
"""

from collections.abc import Iterator
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
COARSE = 400  # of them, by which graphs are first compared
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
    spread over the whole. Up to five lists: every graph; up to eight: those that a search finds.
    """
    table, _ = canonical(cells)
    if not 3 <= table.lists <= AT_MOST:
        raise NotEstimable(
            f"averaging over graphs takes three to {AT_MOST} lists that name somebody, not {cells.lists}"
        )
    whole = int(most or 20 * table.documented)
    unlisted, weights = _averaged(table, np.arange(1, min(whole, POINTS) + 1, dtype=float), delta, saturated)
    if most is None and whole > POINTS and weights[-1] > 1e-9:
        step = -(-whole // POINTS)
        unlisted, weights = _averaged(table, np.arange(1, whole + 1, step, dtype=float), delta, saturated)
    return unlisted, weights


def _averaged(table: Cells, unlisted: Floats, delta: float | None, saturated: bool) -> tuple[Floats, Floats]:
    """Graphs are compared at a few numbers of unlisted first; those that cannot matter are left out of the whole."""
    coarse = unlisted[np.unique(np.geomspace(1, len(unlisted), COARSE).astype(int) - 1)]
    few = _Marginals(table, coarse, delta)
    if table.lists <= ALL_UP_TO:
        chosen = graphs(table.lists, saturated=saturated)
        scores = few.of(chosen).max(axis=1)
    else:
        chosen, scores = _searched(table.lists, few, saturated)
    kept = [chosen[at] for at in np.flatnonzero(scores > scores.max() - NEGLIGIBLE)]
    weight = np.zeros(len(unlisted))
    every = _Marginals(table, unlisted, delta)
    for start in range(0, len(kept), 32):
        weight += np.exp(every.of(kept[start : start + 32]) - scores.max()).sum(axis=0)
    return unlisted, weight / weight.sum()


def _searched(lists: int, few: "_Marginals", saturated: bool) -> tuple[tuple[Cliques, ...], Floats]:
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
    return chosen, few.of(chosen).max(axis=1)


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
        self.steps = np.log(np.diff(unlisted, append=2 * unlisted[-1] - unlisted[-2]))
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
        if self.unlisted[-1] != number:
            direct: Floats = gammaln(already + self.unlisted + alpha)
            return direct
        if alpha not in self.ladders:
            rungs = np.arange(int(self.table.documented) + number + 1) + alpha
            self.ladders[alpha] = gammaln(alpha) + np.concatenate([[0.0], np.cumsum(np.log(rungs))])
        return self.ladders[alpha][int(already) + 1 : int(already) + number + 1]

    def of(self, chosen: tuple[Cliques, ...] | list[Cliques]) -> Floats:
        """(graphs, numbers of unlisted): log of likelihood and prior of each, up to one constant."""
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
        result: Floats = matrix @ np.array(self.rows) + self.arrangement
        return result

    def integrated(self, chosen: tuple[Cliques, ...]) -> Floats:
        """log of the sum over the unlisted, by the width of each step."""
        values = self.of(chosen) + self.steps
        top = values.max(axis=1)
        result: Floats = top + np.log(np.exp(values - top[:, None]).sum(axis=1))
        return result
