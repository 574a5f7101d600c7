"""Bayesian averaging over decomposable graphs (Madigan & York 1997), as the R package dga does it."""

from functools import cache, lru_cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from corroborate.errors import NotEstimable
from corroborate.estimation.log_linear import Cells

Floats = NDArray[np.float64]
Edges = frozenset[tuple[int, int]]
Cliques = tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...]]


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
        if not any(clique <= other for other in cliques):
            cliques.append(clique)
        left.discard(v)
    ordered = cliques[::-1]  # running intersection holds in reverse order of elimination
    separators = []
    for at in range(1, len(ordered)):
        shared = ordered[at] & frozenset().union(*ordered[:at])
        separators.append(tuple(sorted(shared)))
    return tuple(tuple(sorted(c)) for c in ordered), tuple(separators)


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
    on the unlisted proportional to 1/N (Madigan & York 1997; dga's ``bma.cr``). ``most``: largest number of unlisted.
    """
    number = cells.lists
    if not 3 <= number <= 5:
        raise NotEstimable(f"averaging over graphs takes three to five lists, not {number}")
    documented = cells.documented
    delta = 2.0**-number if delta is None else delta
    unlisted = np.arange(1, int(most or min(20 * documented, 60_000)) + 1, dtype=float)
    total = documented + unlisted
    patterns = np.vstack([np.zeros((1, number), dtype=np.int64), cells.patterns])

    @cache
    def marginal(lists: tuple[int, ...]) -> Floats:
        """log of the Dirichlet-multinomial marginal likelihood of one clique, for each number of unlisted."""
        if not lists:  # one cell holds everybody
            return np.zeros_like(total)
        codes = patterns[:, list(lists)] @ (1 << np.arange(len(lists)))
        alpha = delta * 2.0 ** (number - len(lists))
        counts = np.bincount(codes[1:], weights=cells.counts, minlength=2 ** len(lists))
        fixed = float(np.sum(gammaln(counts[1:] + alpha) - gammaln(alpha)))
        sure = gammaln(counts[0] + unlisted + alpha) - gammaln(alpha)
        prior = alpha * 2 ** len(lists)
        return fixed + sure + gammaln(prior) - gammaln(prior + total)  # type: ignore[no-any-return]

    # number of ways to arrange the people in cells: only the part that depends on the unlisted matters
    arrangement = gammaln(total + 1) - gammaln(unlisted + 1) - np.log(total)
    chosen = graphs(number, saturated=saturated)
    every = np.empty((len(chosen), len(unlisted)))
    for at, (cliques, separators) in enumerate(chosen):
        every[at] = arrangement + sum(marginal(c) for c in cliques) - sum(marginal(s) for s in separators)
    every -= every.max()
    weight = np.exp(every).sum(axis=0)
    return unlisted, weight / weight.sum()
