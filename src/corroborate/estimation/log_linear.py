"""Log-linear models of an overlap table: all hierarchical ones, each with an existence check, averaged by BIC or AICc.

Reproduces: R's Rcapture on Kosovo 1999 (Ball and others 2002), lowest BIC: [123,14,34], 10,357 killed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog, nnls

from corroborate.errors import NotEstimable
from corroborate.estimation.cells import Cells, canonical, cells_of

__all__ = [
    "Average", "Cells", "Criterion", "Fit", "average", "bootstrap", "cells_of", "design", "fit", "fits", "model_name",
    "models", "replicated", "runs_away",
]  # fmt: skip

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Terms = tuple[tuple[int, ...], ...]  # interactions as sets of lists, main effects left out
Criterion = Literal["bic", "aicc"]

WINDOW, MOST_MODELS = 6.0, 3000  # of the criterion; models visited at most where not all are
ALL_UP_TO = 5  # lists, for which every hierarchical model is fitted
ROOM = 3_000_000  # numbers in the designs of the models fitted side by side
AT_MOST = 8  # lists


@dataclass(frozen=True, slots=True)
class Fit:
    """One model's fit. ``unlisted`` estimates the cell of zeros, in people; ``variance`` is that of its logarithm.

    ``deviance``, ``parameters`` and ``bic`` count the parameters that are not minus infinity; ``aicc`` corrects for
    few documented people (Hurvich & Tsai 1989) and is infinite where there are too few.
    """

    terms: Terms
    unlisted: float
    variance: float
    deviance: float
    parameters: int
    bic: float
    aicc: float


def model_name(terms: Terms, lists: int) -> str:
    """The model by its largest interactions, lists from 1 on, as in the literature: ``[12,3]``."""
    sets = [*terms, *((j,) for j in range(lists))]
    largest = [one for one in sets if not any(set(one) < set(other) for other in sets)]
    ordered = sorted(largest, key=lambda one: (-len(one), one))
    return "[" + ",".join("".join(str(j + 1) for j in one) for one in ordered) + "]"


def design(patterns: NDArray[np.int64], terms: Terms) -> Floats:
    """Columns: 1, each list, each interaction."""
    columns = [np.ones(len(patterns))] + [patterns[:, j].astype(float) for j in range(patterns.shape[1])]
    columns += [patterns[:, list(term)].prod(axis=1).astype(float) for term in terms]
    return np.column_stack(columns)


def fit(cells: Cells, terms: Terms) -> Fit:
    """Maximum likelihood of one model, in people. Raises NotEstimable, naming the model; see ``fits``."""
    found = fits(cells, [terms])[0]
    if isinstance(found, str):
        raise NotEstimable(found)
    return found


def fits(cells: Cells, chosen: Sequence[Terms]) -> list[Fit | str]:
    """Maximum likelihood of each model, or the reason why it has none.

    ``cells`` must hold zero counts too (``cells_of``). Empty overlaps: where every cell that an interaction touches is
    empty, its estimate is minus infinity; the cells are left out and the parameter with them (Chan, Silverman &
    Vincent 2021). Of what is left the cell of zeros must be identified, and the likelihood must have a maximum
    (Haberman 1974; Fienberg & Rinaldo 2012).
    """
    if not chosen:
        return []
    terms = sorted({term for one in chosen for term in one}, key=lambda term: (len(term), term))
    place = {term: at for at, term in enumerate(terms)}
    whole = design(cells.patterns, tuple(terms))
    first = 1 + cells.lists
    touched = whole[:, first:] > 0  # (cells, terms)
    empty = cells.counts @ touched == 0
    member = np.zeros((len(chosen), len(terms)), dtype=bool)
    for row, one in zip(member, chosen, strict=True):
        row[[place[term] for term in one]] = True
    keep = ~((member & empty) @ touched.T)
    columns = np.column_stack([np.ones((len(chosen), first), dtype=bool), member & ~empty])
    result: list[Fit | str] = [""] * len(chosen)
    numbers = columns.sum(axis=1)
    for number in np.unique(numbers):
        of_size = np.flatnonzero(numbers == number)
        side_by_side = max(1, ROOM // (len(cells.counts) * int(number)))
        for start in range(0, len(of_size), side_by_side):
            at = of_size[start : start + side_by_side]
            used = np.nonzero(columns[at])[1].reshape(len(at), number)
            x = whole[:, used].transpose(1, 0, 2) * keep[at][:, :, None]  # (models, cells, parameters)
            faults = _faults(x, keep[at], cells.counts)
            good = [i for i, fault in enumerate(faults) if not fault]
            for i, fault in enumerate(faults):
                if fault:
                    name = f"the model {model_name(chosen[at[i]], cells.lists)} with the interactions {chosen[at[i]]}"
                    result[at[i]] = f"{name} {fault}"
            for i, values in zip(good, _fitted(x[good], keep[at][good], cells.counts), strict=True):
                result[at[i]] = _scored(chosen[at[i]], *values, int(number), cells.documented)
    if cells.lists > ALL_UP_TO:
        free = [int((row & empty).sum()) for row in member]
        return [_charged(one, more, cells.documented) for one, more in zip(result, free, strict=True)]
    return result


def _scored(terms: Terms, unlisted: float, variance: float, deviance: float, number: int, documented: float) -> Fit:
    spare = documented - number - 1
    aicc = deviance + 2 * number + 2 * number * (number + 1) / spare if spare > 0 else np.inf
    return Fit(terms, unlisted, variance, deviance, number, deviance + number * float(np.log(documented)), float(aicc))


def _charged(one: Fit | str, free: int, documented: float) -> Fit | str:
    """The fit with ``free`` interactions that are minus infinity counted as parameters too.

    With more than five lists most overlaps are empty; were such interactions free of charge, a search would take all of
    them, and each leaves out cells that say that the lists seldom meet. So it is with the p-values of SparseMSE (Chan,
    Silverman & Vincent 2021), where each interaction must earn its place.
    """
    if isinstance(one, str) or not free:
        return one
    return _scored(one.terms, one.unlisted, one.variance, one.deviance, one.parameters + free, documented)


def _faults(x: Floats, keep: Flags, counts: Floats) -> list[str]:
    """Why each model has no estimate; empty where it has one. ``x`` (models, cells, parameters), zero where not kept.

    Where the cells with people alone have full rank, no direction leaves them all as they are: the maximum is there.
    """
    people = counts > 0
    seen = x * people[:, None]
    least = np.linalg.eigvalsh(seen.transpose(0, 2, 1) @ seen)[:, 0]
    return [
        "" if value > 1e-9 else _fault(one[kept], counts[kept]) for value, one, kept in zip(least, x, keep, strict=True)
    ]


def _fault(x: Floats, y: Floats) -> str:
    if np.linalg.matrix_rank(x) < x.shape[1]:
        return "is not identified by this table"
    return "has no finite estimate on this table" if _escapes(x, y) else ""


def _escapes(x: Floats, y: Floats) -> bool:
    """Whether the likelihood grows for ever in some direction d: one with x d = 0 in every cell with people and
    x d <= 0, somewhere less, in those without.

    Within the null space Z of the cells with people there is none exactly when some u >= 1 has (x0 Z)' u = 0
    (Stiemke's lemma), which non-negative least squares decides. ``runs_away`` decides the same by a linear programme.
    """
    _, sizes, right = np.linalg.svd(x[y > 0])
    free = right[int(np.sum(sizes > 1e-9)) :].T
    ways = (x[y == 0] @ free).T
    ways[np.abs(ways) < 1e-10] = 0.0  # rounding, which a large enough u would make use of
    short = nnls(ways, -ways.sum(axis=1))[1]
    return bool(short > 1e-8)


def runs_away(x: Floats, y: Floats) -> bool:
    """As ``_escapes``, by a linear programme: slower by far, and there to check it."""
    empty = x[y == 0]
    if not len(empty):
        return False
    found = linprog(
        empty.sum(axis=0), A_ub=np.vstack([empty, -empty]), b_ub=np.repeat([0.0, 1.0], len(empty)),
        A_eq=x[y > 0], b_eq=np.zeros(int((y > 0).sum())), bounds=(None, None), method="highs",
    )  # fmt: skip
    return bool(found.status != 0 or found.fun < -1e-7)


def _fitted(x: Floats, keep: Flags, counts: Floats) -> Iterator[tuple[float, float, float]]:
    """(unlisted, variance of its logarithm, deviance) of each model, by Fisher scoring side by side.

    ``counts`` (cells,) or (models, cells). A step that lowers the likelihood is halved.
    """
    if not len(x):
        return
    y = np.broadcast_to(counts, keep.shape) * keep
    across = x.transpose(0, 2, 1)
    start = (y + 0.5) * keep
    beta = np.linalg.solve(across @ (x * start[:, :, None]), across @ (start * np.log(y + 0.5))[:, :, None])
    value = _likelihood(x, y, keep, beta)
    open_ = np.arange(len(x))
    for _ in range(200):
        mean = np.exp(np.clip((x[open_] @ beta[open_])[:, :, 0], -500, 50)) * keep[open_]
        information = across[open_] @ (x[open_] * mean[:, :, None])
        information += 1e-12 * np.trace(information, axis1=1, axis2=2)[:, None, None] * np.eye(x.shape[2])
        step = np.linalg.solve(information, across[open_] @ (y[open_] - mean)[:, :, None])
        length = np.ones(len(open_))
        for _ in range(30):
            new = beta[open_] + length[:, None, None] * step
            better = _likelihood(x[open_], y[open_], keep[open_], new)
            worse = better < value[open_] - 1e-9 * np.abs(value[open_])
            if not worse.any():
                break
            length[worse] /= 2
        beta[open_], value[open_] = new, better
        open_ = open_[np.abs(step[:, :, 0]).max(axis=1) >= 1e-9]
        if not len(open_):
            break
    mean = np.exp((x @ beta)[:, :, 0]) * keep
    inverse = np.linalg.inv(across @ (x * mean[:, :, None]))
    with np.errstate(divide="ignore", invalid="ignore"):
        deviance = 2 * np.sum(np.where(y > 0, y * np.log(np.where(y > 0, y / mean, 1.0)), 0.0) - (y - mean), axis=1)
    yield from zip(
        (float(v) for v in np.exp(beta[:, 0, 0])),
        (float(v) for v in inverse[:, 0, 0]),
        (float(v) for v in deviance),
        strict=True,
    )


def _likelihood(x: Floats, y: Floats, keep: Flags, beta: NDArray[Any]) -> Floats:
    linear = (x @ beta)[:, :, 0]
    value: Floats = np.sum(y * linear - np.exp(np.clip(linear, -500, 50)) * keep, axis=1)
    return value


@lru_cache(maxsize=8)
def models(lists: int) -> tuple[Terms, ...]:
    """All hierarchical models with every list, the highest order left out (3 lists: 8; 4: 113; 5: 6,893)."""
    whole: list[Terms] = [()]
    for size in range(2, lists):
        candidates = list(combinations(range(lists), size))
        whole = [
            (*model, *more)
            for model in whole
            for allowed in [_allowed(candidates, model, size)]
            for number in range(len(allowed) + 1)
            for more in combinations(allowed, number)
        ]
    return tuple(whole)


def _allowed(candidates: Iterable[tuple[int, ...]], model: Terms, size: int) -> list[tuple[int, ...]]:
    have = set(model)
    return [one for one in candidates if size == 2 or have.issuperset(combinations(one, size - 1))]


def _neighbours(lists: int, terms: Terms) -> Iterator[Terms]:
    """Models one interaction of two lists away (Chan, Silverman & Vincent 2021 take no others)."""
    have = set(terms)
    for term in combinations(range(lists), 2):
        if term in have:
            if not any(set(term) < set(other) for other in have):
                yield tuple(sorted(have - {term}, key=lambda t: (len(t), t)))
        elif len(term) == 2 or set(combinations(term, 2)) <= have:
            yield tuple(sorted(have | {term}, key=lambda t: (len(t), t)))


@dataclass(frozen=True, slots=True)
class Average:
    """Weighted average over models. Draws are of the unlisted, in people; ``fits`` and ``weights`` go together."""

    best: Fit
    draws: Floats
    refused: tuple[str, ...]
    fits: tuple[Fit, ...]
    weights: Floats


def average(cells: Cells, chance: np.random.Generator, *, draws: int = 4000, criterion: Criterion = "bic") -> Average:
    """Average over models by exp(-criterion/2) (Buckland, Burnham & Augustin 1997), log-normal within each model.

    All hierarchical models of up to five lists; of more, those that a search finds within Occam's window. Models that
    differ only in interactions within an overlap that is already empty are one and the same, and count once.
    """
    whole, columns = _complete(cells)
    found, refused = _search(whole, columns, criterion)
    if not found:
        raise NotEstimable("no log-linear model has a finite estimate on this table")
    scores = np.array([getattr(one, criterion) for one in found])
    if not np.isfinite(scores).any():
        raise NotEstimable(
            "too few people are documented to compare log-linear models by {criterion}", criterion=criterion
        )
    weights = np.exp(-(scores - scores.min()) / 2)
    weights /= weights.sum()
    chosen = chance.choice(len(found), size=draws, p=weights)
    centre = np.log([found[at].unlisted for at in chosen])
    spread = np.sqrt([max(found[at].variance, 1e-12) for at in chosen])
    mean = np.exp(centre + spread * chance.standard_normal(draws))
    unlisted = chance.poisson(np.minimum(mean, 1e15)).astype(float)
    return Average(found[int(scores.argmin())], unlisted, tuple(refused), tuple(found), weights)


def _complete(cells: Cells) -> tuple[Cells, tuple[int, ...]]:
    """Every cell of the lists that name anybody, in canonical order, and the columns they were."""
    short, columns = canonical(cells)
    number = short.lists
    codes = np.arange(1, 2**number)
    patterns = ((codes[:, None] >> np.arange(number - 1, -1, -1)) & 1).astype(np.int64)
    counts = np.zeros(len(codes))
    counts[short.patterns @ (1 << np.arange(number - 1, -1, -1)) - 1] = short.counts
    return Cells(patterns, counts), columns


def _search(cells: Cells, columns: tuple[int, ...], criterion: Criterion) -> tuple[list[Fit], list[str]]:
    if cells.lists < 2:
        raise NotEstimable("fewer than two lists name anybody, so their overlaps say nothing")
    if cells.lists > AT_MOST:
        raise NotEstimable(
            "log-linear models take {at_most} lists at most, not {lists}", at_most=AT_MOST, lists=cells.lists
        )
    names = max(columns) + 1
    empty = {
        term
        for size in range(2, cells.lists)
        for term in combinations(range(cells.lists), size)
        if cells.counts[cells.patterns[:, list(term)].all(axis=1)].sum() == 0
    }
    seen: dict[Terms, Fit | str] = {}
    known: set[Terms] = set()

    def visit(chosen: Iterable[Terms]) -> None:
        new = []
        for terms in chosen:
            barred = [term for term in terms if term in empty]
            same = tuple(t for t in terms if not any(set(one) < set(t) for one in barred)) if barred else terms
            if same not in known:
                known.add(same)
                new.append(terms)
        seen.update(zip(new, fits(cells, new), strict=True))

    if cells.lists <= ALL_UP_TO:
        visit(models(cells.lists))
    else:  # too many to visit all: Occam's window (Madigan & Raftery 1994), neighbours of all models within reach
        visit([(), tuple(combinations(range(cells.lists), 2))])
        opened: set[Terms] = set()
        while len(seen) < MOST_MODELS:
            fitted = [one for one in seen.values() if isinstance(one, Fit)]
            best = min((getattr(one, criterion) for one in fitted), default=np.inf)
            near = [one for one in fitted if getattr(one, criterion) <= best + WINDOW and one.terms not in opened]
            if not near:
                break
            near = sorted(near, key=lambda one: float(getattr(one, criterion)))[:8]
            opened.update(one.terms for one in near)
            visit(dict.fromkeys(terms for one in near for terms in _neighbours(cells.lists, one.terms)))
    found = [_renamed(one, columns) for one in seen.values() if isinstance(one, Fit)]
    refused = [
        f"the model {model_name(_columns(terms, columns), names)} {one.rsplit(')', 1)[-1].strip()}"
        for terms, one in seen.items()
        if isinstance(one, str)
    ]
    return found, refused


def _columns(terms: Terms, columns: tuple[int, ...]) -> Terms:
    return tuple(sorted((tuple(sorted(columns[j] for j in term)) for term in terms), key=lambda t: (len(t), t)))


def _renamed(one: Fit, columns: tuple[int, ...]) -> Fit:
    return Fit(
        _columns(one.terms, columns), one.unlisted, one.variance, one.deviance, one.parameters, one.bic, one.aicc
    )


def replicated(averaged: Average, cells: Cells, chance: np.random.Generator, *, draws: int = 1000) -> Floats:
    """Posterior predictive overlap cells, (draws, cells) in people, in the order of ``cells``.

    Each is another table of as many documented people: a model by its weight, its parameters by their normal law about
    the maximum of the likelihood, and the people by the shares that these give. Cells of empty overlaps stay empty in
    models that hold the overlap's interaction (see ``fits``).
    """
    chosen = chance.choice(len(averaged.fits), size=draws, p=averaged.weights)
    tables = np.zeros((draws, len(cells.counts)))
    for at in np.unique(chosen):
        x, kept = _kept(cells, averaged.fits[at].terms)
        beta, spread = _maximum(x[kept], cells.counts[kept])
        mine = np.flatnonzero(chosen == at)
        normal = chance.standard_normal((len(mine), len(beta)))
        means = np.exp(np.clip((beta + normal @ spread.T) @ x.T, -500, 50)) * kept
        tables[mine] = chance.multinomial(int(cells.documented), means / means.sum(axis=1, keepdims=True))
    return tables


def _kept(cells: Cells, terms: Terms) -> tuple[Floats, Flags]:
    """The design without interactions of empty overlaps, and which cells are not in one."""
    whole = design(cells.patterns, terms)
    first = 1 + cells.lists
    touched = whole[:, first:] > 0
    empty = cells.counts @ touched == 0
    kept = np.logical_not(touched[:, empty].any(axis=1))
    return np.column_stack([whole[:, :first], whole[:, first:][:, ~empty]]), kept


def _maximum(x: Floats, y: Floats) -> tuple[NDArray[Any], NDArray[Any]]:
    """Parameters where the likelihood of a Poisson regression is largest, by Fisher scoring, and a root of their
    covariance."""
    beta = np.linalg.lstsq(x, np.log(y + 0.5), rcond=None)[0]
    for _ in range(60):
        mean = np.exp(np.clip(x @ beta, -500, 50))
        information = x.T @ (x * mean[:, None])
        step = np.linalg.lstsq(information, x.T @ (y - mean), rcond=None)[0]
        beta = beta + step
        if np.abs(step).max() < 1e-9:
            break
    return beta, np.linalg.cholesky(np.linalg.pinv(information, hermitian=True) + 1e-15 * np.eye(len(beta)))


def bootstrap(
    cells: Cells, chance: np.random.Generator, *, replicates: int = 200, criterion: Criterion = "bic"
) -> Floats:
    """Unlisted people, (replicates,): the documented drawn again (multinomial), and the best model within Occam's
    window of the whole table chosen anew for each, so that the doubt of choosing is in the spread.

    The nonparametric bootstrap with model choice inside (Buckland & Garthwaite 1991; Silverman, Chan & Vincent 2024).
    Replicates on which no model of the window has an estimate are left out.
    """
    whole, columns = _complete(cells)
    found, _ = _search(whole, columns, criterion)
    if not found:
        raise NotEstimable("no log-linear model has a finite estimate on this table")
    back = {column: at for at, column in enumerate(columns)}
    best = min(getattr(one, criterion) for one in found)
    window = [
        tuple(sorted((tuple(sorted(back[j] for j in term)) for term in one.terms), key=lambda t: (len(t), t)))
        for one in found
        if getattr(one, criterion) <= best + WINDOW
    ]
    shares = whole.counts / whole.documented
    drawn: list[float] = []
    for counts in chance.multinomial(int(whole.documented), shares, size=replicates):
        again = [one for one in fits(Cells(whole.patterns, counts.astype(float)), window) if isinstance(one, Fit)]
        if again:
            drawn.append(min(again, key=lambda one: float(getattr(one, criterion))).unlisted)
    return np.array(drawn)
