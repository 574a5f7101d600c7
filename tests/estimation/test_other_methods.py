"""Graphs, sample coverage and the order of cells: counts an outsider can check, and symmetries."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corroborate.errors import NotEstimable
from corroborate.estimation import decomposable
from corroborate.estimation.cells import Cells, canonical
from corroborate.estimation.chao_lee import chao_lee


def every_cell(counts):
    lists = (len(counts) + 1).bit_length() - 1
    codes = np.arange(1, 2**lists)
    return Cells(((codes[:, None] >> np.arange(lists - 1, -1, -1)) & 1).astype(np.int64), np.array(counts, dtype=float))


tables = (
    st.lists(st.integers(0, 60), min_size=15, max_size=15)
    .map(every_cell)
    .filter(lambda cells: all(cells.counts @ cells.patterns > 0))
)


def test_hepatitis_in_taiwan_is_as_published():
    # Chao and others (2001), lists P, Q, E: coverage 51.3 %, 407 and 508 people
    taiwan = Cells(
        np.array([[1, 1, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]]),
        np.array([28.0, 21, 17, 18, 69, 55, 63]),
    )
    found = chao_lee(taiwan)
    assert round(found.covered, 3) == 0.513
    assert round(found.independent) == 407
    assert round(found.bound) == 508


def test_lists_that_confirm_nothing_have_no_coverage():
    with pytest.raises(NotEstimable, match="no person is on two lists"):
        chao_lee(every_cell([5, 7, 0, 9, 0, 0, 0]))


@pytest.mark.parametrize("lists", [2, 3, 4, 5])
def test_cliques_less_separators_count_every_complete_set_of_lists_once(lists):
    """The sum over cliques of 2^|C| less that over separators is the number of complete sets of a decomposable graph
    (Lauritzen 1996): it fails where the separators come from no junction tree."""
    for cliques, separators in decomposable.graphs(lists, saturated=True):
        complete = sum(
            any(set(one) <= set(clique) for clique in cliques)
            for size in range(lists + 1)
            for one in combinations(range(lists), size)
        )
        assert sum(2 ** len(c) for c in cliques) - sum(2 ** len(s) for s in separators) == complete


@given(tables, st.permutations(range(4)), st.permutations(range(15)))
@settings(max_examples=15, deadline=None)
def test_graphs_do_not_ask_in_which_order_lists_and_rows_stand(cells, lists, rows):
    one = decomposable.posterior(cells, most=500)[1]
    assert decomposable.posterior(Cells(cells.patterns[:, lists][rows], cells.counts[rows]), most=500)[1].tobytes() == (
        one.tobytes()
    )


def test_a_list_that_names_nobody_changes_no_graph():
    cells = every_cell([12, 30, 7, 41, 9, 11, 5])
    wider = Cells(np.insert(cells.patterns, 1, 0, axis=1), cells.counts)
    assert decomposable.posterior(wider)[1].tobytes() == decomposable.posterior(cells)[1].tobytes()


def test_the_search_finds_what_taking_every_graph_finds(monkeypatch):
    """Five lists made so that two graphs contend; the search is for six lists and more."""
    chance = np.random.default_rng(3)
    reach = np.array([0.3, 0.25, 0.2, 0.3, 0.15])
    on = chance.random((3000, 5)) < reach
    on[:900, 1] = on[:900, 0]
    on[900:1200, 3] = on[900:1200, 2]
    patterns, counts = np.unique(on[on.any(axis=1)], axis=0, return_counts=True)
    cells = Cells(patterns.astype(np.int64), counts.astype(float))
    values, every = decomposable.posterior(cells, most=20_000)
    monkeypatch.setattr(decomposable, "ALL_UP_TO", 4)
    _, searched = decomposable.posterior(cells, most=20_000)
    assert np.abs(every - searched).sum() / 2 < 0.01  # total variation
    assert values @ searched == pytest.approx(values @ every, rel=0.005)


def test_many_people_are_not_cut_off_at_sixty_thousand():
    cells = every_cell([n * 1000 for n in (31, 40, 6, 52, 7, 9, 1)])
    values, weights = decomposable.posterior(cells)
    assert values[-1] > 100_000
    assert weights[-1] < 1e-9


def at_quantiles(found):
    values, weights = found
    return values[np.searchsorted(np.cumsum(weights), [0.025, 0.5, 0.975])]


@pytest.mark.parametrize("lists", [3, 4, 6])
def test_looking_about_each_graph_s_peak_finds_what_looking_everywhere_finds(lists, monkeypatch):
    """Two lists dependent, so that graphs with far and near peaks both count."""
    chance = np.random.default_rng(8)
    on = chance.random((2500, lists)) < 0.25
    on[:250, 1] = on[:250, 0]
    patterns, counts = np.unique(on[on.any(axis=1)], axis=0, return_counts=True)
    cells = Cells(patterns.astype(np.int64), counts.astype(float))
    everywhere = at_quantiles(decomposable.posterior(cells))
    monkeypatch.setattr(decomposable, "EVENLY", 0)
    assert at_quantiles(decomposable.posterior(cells)) == pytest.approx(everywhere, rel=0.005)


@pytest.mark.parametrize("people", [10**7, 10**9])
def test_a_thousand_million_people_are_averaged_over_as_a_thousand_are(people):
    """Independent lists of reach 0.5, 0.4, 0.3, cells as expected: the peak is at the truth, and its width goes with
    the root of the people (Sekar & Deming 1949: a relative variance of the unlisted of order one over n)."""
    reach = np.array([0.5, 0.4, 0.3])
    patterns = every_cell([0] * 7).patterns
    shares = np.prod(np.where(patterns == 1, reach, 1 - reach), axis=1)
    low, middle, high = at_quantiles(decomposable.posterior(Cells(patterns, np.round(people * shares))))
    truth = people * np.prod(1 - reach)
    assert low < truth < high
    assert middle == pytest.approx(truth, rel=3 / np.sqrt(people))
    assert 1 < (high - low) / np.sqrt(people) < 10


@given(tables, st.permutations(range(4)), st.permutations(range(15)))
@settings(max_examples=30, deadline=None)
def test_the_canonical_order_is_one_for_all_orders(cells, lists, rows):
    one, columns = canonical(cells)
    other, _ = canonical(Cells(cells.patterns[:, lists][rows], cells.counts[rows]))
    assert (one.patterns == other.patterns).all()
    assert (one.counts == other.counts).all()
    assert sorted(columns) == [0, 1, 2, 3]


def simulated(chance, people, delta):
    """A table drawn from the prior: a graph, cell probabilities by its hyper-Dirichlet law, and its people."""
    chosen = decomposable.graphs(3)
    cliques, _ = chosen[chance.integers(len(chosen))]
    whole = np.ones((2, 2, 2))
    done: set[int] = set()
    for clique in sorted(cliques, key=len, reverse=True):
        # clique by clique, given what it shares with those before: consistent as Dirichlet cells add up
        shared = sorted(done & set(clique))
        new = [j for j in clique if j not in done]
        if not new:
            continue
        for at in np.ndindex(*(2 for _ in shared)):
            share = chance.dirichlet(np.full(2 ** len(new), delta * 2.0 ** (3 - len(shared) - len(new))))
            for value, weight in zip(np.ndindex(*(2 for _ in new)), share, strict=True):
                index: list[object] = [slice(None)] * 3
                for j, x in zip(shared, at, strict=True):
                    index[j] = x
                for j, x in zip(new, value, strict=True):
                    index[j] = x
                whole[tuple(index)] *= weight
        done |= set(clique)
    return chance.multinomial(people, whole.ravel() / whole.sum())


@pytest.mark.parametrize("rounds", [300, pytest.param(4000, marks=pytest.mark.long)])
def test_the_posterior_over_graphs_is_calibrated(rounds):
    """Simulation-based calibration (Talts and others 2018): the truth drawn from the prior has a uniform rank in its
    posterior. 10 bins, chi-square of 9 degrees of freedom, refused above its 99.9 % point, 27.9."""
    chance, least, most, ranks = np.random.default_rng(1948), 100, 400, []
    numbers = np.arange(least, most + 1)
    while len(ranks) < rounds:
        people = int(chance.choice(numbers, p=(1 / numbers) / (1 / numbers).sum()))
        counts = simulated(chance, people, 0.5)
        cells = every_cell(counts[1:])
        documented, unlisted = int(counts[1:].sum()), int(counts[0])
        if unlisted == 0 or not all(cells.counts @ cells.patterns > 0) or documented >= most:
            continue
        values, weights = decomposable.posterior(cells, most=most - documented, delta=0.5)
        weights = np.where(values + documented >= least, weights, 0.0)
        reach = np.cumsum(weights) / weights.sum()
        below = reach[unlisted - 2] if unlisted > 1 else 0.0
        ranks.append(below + chance.random() * (reach[unlisted - 1] - below))
    counts = np.histogram(ranks, bins=10, range=(0, 1))[0]
    assert np.sum((counts - rounds / 10) ** 2) / (rounds / 10) < 27.9
