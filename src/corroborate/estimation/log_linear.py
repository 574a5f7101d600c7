"""Log-linear models of an overlap table: hierarchical, with existence checks, averaged by BIC."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from corroborate.errors import NotEstimable
from corroborate.estimation.cells import Cells, cells_of

__all__ = ["Average", "Cells", "Fit", "average", "cells_of", "design", "fit", "models"]

Floats = NDArray[np.float64]
WINDOW, MOST_MODELS = 6.0, 1500  # in BIC; models visited at most
Terms = tuple[tuple[int, ...], ...]  # interactions as sets of lists, main effects left out


@dataclass(frozen=True, slots=True)
class Fit:
    """One model's fit. ``unlisted`` estimates the cell of zeros, in people; ``variance`` is that of its logarithm."""

    terms: Terms
    unlisted: float
    variance: float
    deviance: float
    parameters: int
    bic: float


def design(patterns: NDArray[np.int64], terms: Terms) -> Floats:
    """Columns: 1, each list, each interaction."""
    columns = [np.ones(len(patterns))] + [patterns[:, j].astype(float) for j in range(patterns.shape[1])]
    columns += [patterns[:, list(term)].prod(axis=1).astype(float) for term in terms]
    return np.column_stack(columns)


def fit(cells: Cells, terms: Terms) -> Fit:
    """Maximum likelihood by Fisher scoring, in people.

    Empty overlaps: where every cell that an interaction touches is empty, its estimate is minus infinity; the cells
    are left out and the parameter with them (Chan, Silverman & Vincent 2021). A model whose remaining design has not
    full rank does not identify the cell of zeros and is refused (Fienberg & Rinaldo 2012).
    """
    keep = np.ones(len(cells.counts), dtype=bool)
    kept: list[tuple[int, ...]] = []
    for term in terms:
        touched = cells.patterns[:, list(term)].all(axis=1)
        if cells.counts[touched].sum() == 0:
            keep &= ~touched
        else:
            kept.append(term)
    x, y = design(cells.patterns[keep], tuple(kept)), cells.counts[keep]
    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise NotEstimable(f"the model with the interactions {terms} is not identified by this table")
    if _runs_away(x, y):
        raise NotEstimable(f"the model with the interactions {terms} has no finite estimate on this table")
    mean: NDArray[Any] = y + 0.5
    beta: NDArray[Any] = np.zeros(x.shape[1])
    for step in range(200):
        weighted = x * mean[:, None]
        information = x.T @ weighted
        response = (np.log(mean) if step == 0 else x @ beta) + (y - mean) / mean
        new = np.linalg.lstsq(information, weighted.T @ response, rcond=None)[0]
        new_mean = np.exp(np.clip(x @ new, -30, 30))
        done = step > 0 and np.max(np.abs(new - beta)) < 1e-9
        beta, mean = new, new_mean
        if done:
            break
    covariance = np.linalg.pinv((x * mean[:, None]).T @ x)
    with np.errstate(divide="ignore", invalid="ignore"):
        deviance = 2 * float(np.sum(np.where(y > 0, y * np.log(np.where(y > 0, y, 1) / mean), 0) - (y - mean)))
    parameters = x.shape[1]
    return Fit(
        terms, float(np.exp(beta[0])), float(covariance[0, 0]), deviance, parameters,
        deviance + parameters * float(np.log(cells.documented)),
    )  # fmt: skip


def _runs_away(x: Floats, y: Floats) -> bool:
    """Whether the likelihood grows for ever in some direction: one that leaves every cell with people as it is and
    empties one without (Haberman 1974; Fienberg & Rinaldo 2012). Decided by a linear programme, not by watching the
    fit go off, which looks different on each processor."""
    empty = x[y == 0]
    if not len(empty):
        return False
    found = linprog(
        empty.sum(axis=0), A_ub=np.vstack([empty, -empty]), b_ub=np.repeat([0.0, 1.0], len(empty)),
        A_eq=x[y > 0], b_eq=np.zeros(int((y > 0).sum())), bounds=(None, None), method="highs",
    )  # fmt: skip
    return bool(found.status != 0 or found.fun < -1e-7)


def models(lists: int) -> Iterator[Terms]:
    """All hierarchical models with two- and three-way interactions, the highest order left out (4 lists: 113)."""
    pairs = list(combinations(range(lists), 2))
    for size in range(len(pairs) + 1):
        for chosen in combinations(pairs, size):
            triples = [t for t in combinations(range(lists), 3) if lists > 3 and set(combinations(t, 2)) <= set(chosen)]
            for number in range(len(triples) + 1):
                for third in combinations(triples, number):
                    yield (*chosen, *third)


def _neighbours(lists: int, terms: Terms) -> Iterator[Terms]:
    """Models one interaction away that are still hierarchical."""
    have = set(terms)
    for term in [*combinations(range(lists), 2), *combinations(range(lists), 3)]:
        if term in have:
            if not any(set(term) < set(other) for other in have):
                yield tuple(sorted(have - {term}, key=lambda t: (len(t), t)))
        elif len(term) == 2 or set(combinations(term, 2)) <= have:
            yield tuple(sorted(have | {term}, key=lambda t: (len(t), t)))


@dataclass(frozen=True, slots=True)
class Average:
    """BIC-weighted average over models. Draws are of the unlisted, in people."""

    best: Fit
    draws: Floats
    refused: tuple[str, ...]


def average(cells: Cells, chance: np.random.Generator, *, draws: int = 4000) -> Average:
    """Average over models by exp(-BIC/2) (Buckland, Burnham & Augustin 1997), log-normal within each model."""
    fits: list[Fit] = []
    refused: list[str] = []
    visited: set[Terms] = set()

    def visit(terms: Terms) -> Fit | None:
        visited.add(terms)
        try:
            fits.append(fit(cells, terms))
        except NotEstimable as error:
            refused.append(str(error))
            return None
        return fits[-1]

    if cells.lists <= 4:
        for terms in models(cells.lists):
            visit(terms)
    else:  # too many to visit all: Occam's window (Madigan & Raftery 1994), neighbours of all models within reach
        for start in ((), tuple(combinations(range(cells.lists), 2))):
            visit(start)
        opened: set[Terms] = set()
        while len(visited) < MOST_MODELS:
            best = min((one.bic for one in fits), default=np.inf)
            window = [one for one in fits if one.bic <= best + WINDOW and one.terms not in opened]
            if not window:
                break
            here = min(window, key=lambda one: one.bic)
            opened.add(here.terms)
            for terms in _neighbours(cells.lists, here.terms):
                if terms not in visited:
                    visit(terms)
    if not fits:
        raise NotEstimable("no log-linear model has a finite estimate on this table")
    scores = np.array([one.bic for one in fits])
    weights = np.exp(-(scores - scores.min()) / 2)
    chosen = chance.choice(len(fits), size=draws, p=weights / weights.sum())
    centre = np.log([fits[at].unlisted for at in chosen])
    spread = np.sqrt([max(fits[at].variance, 1e-12) for at in chosen])
    mean = np.exp(centre + spread * chance.standard_normal(draws))
    return Average(fits[int(scores.argmin())], chance.poisson(np.minimum(mean, 1e15)).astype(float), tuple(refused))
