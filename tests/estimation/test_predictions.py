"""Posterior predictive overlap cells: what the headline's method makes of the lists, had they been made again."""

import numpy as np
import pytest

from corroborate.estimation import Settings, decomposable, estimate, latent_classes, log_linear
from corroborate.estimation.cells import Cells
from corroborate.values import OverlapTable


def every_cell(counts):
    lists = (len(counts) + 1).bit_length() - 1
    codes = np.arange(1, 2**lists)
    return Cells(((codes[:, None] >> np.arange(lists - 1, -1, -1)) & 1).astype(np.int64), np.array(counts, dtype=float))


def predictions(cells, seed=0):
    chance = np.random.default_rng(seed)
    sample = latent_classes.sample(cells, seed=seed, turns=1000, extensions=0)
    return {
        "latent classes": latent_classes.replicated(sample, cells, chance, times=25),
        "graphs": decomposable.replicated(cells, chance),
        "log-linear": log_linear.replicated(log_linear.average(cells, chance), cells, chance),
    }


@pytest.fixture(scope="module")
def made():
    """Three lists of reach 0.5, 0.4, 0.3, the first two dependent: two thousand people, cells as expected."""
    reach = np.array([0.5, 0.4, 0.3])
    cells = every_cell([0] * 7)
    shares = np.prod(np.where(cells.patterns == 1, reach, 1 - reach), axis=1)
    shares *= np.where(cells.patterns[:, 0] == cells.patterns[:, 1], 1.2, 0.85)
    return Cells(cells.patterns, np.round(2000 * shares))


def test_every_method_predicts_the_table_it_came_from(made):
    for name, copies in predictions(made).items():
        assert (copies.sum(axis=1) == made.documented).all(), name
        # one table, and its own doubt about the cells: twice the multinomial variance, or less where a model has few
        error = np.sqrt(made.counts * (1 - made.counts / made.documented))
        assert (np.abs(copies.mean(axis=0) - made.counts) < 1.5 * error).all(), name
        assert (copies.std(axis=0) < 1.7 * error).all(), name
        assert (copies.std(axis=0) > 0.8 * error).all(), name


def test_the_saturated_graph_predicts_by_the_dirichlet_law_alone():
    """Under one clique the cells are Dirichlet given the unlisted, so each predicted cell is beta-binomial: mean
    n (n_c + d) / (n + 7 d), of Dirichlet cells of weight d in every cell seen."""
    cells, chance = every_cell([30, 20, 9, 25, 4, 7, 5]), np.random.default_rng(1)
    full = np.concatenate([[0.0], cells.counts[[0, 1, 2, 3, 4, 5, 6]]])
    shares = np.array([decomposable._hyper_dirichlet([(0, 1, 2)], full, 40.0, 0.5, chance) for _ in range(4000)])
    assert shares.sum(axis=1) == pytest.approx(1)
    expected = (full + 0.5 + 40.0 * (np.arange(8) == 0)) / (full.sum() + 40 + 4)
    assert shares.mean(axis=0) == pytest.approx(expected, abs=4 * np.sqrt(0.25 / 144 / 4000))


@pytest.mark.parametrize("lists", [3, 4])
def test_the_law_of_each_graph_is_one_of_probabilities_that_factorise(lists):
    """Two lists that no edge joins are independent given the others (Lauritzen 1996)."""
    chance, full = np.random.default_rng(2), np.arange(2.0**lists)
    for cliques, _ in decomposable.graphs(lists, saturated=True):
        cells = decomposable._hyper_dirichlet(cliques, full, 3.0, 0.25, chance)
        assert cells.sum() == pytest.approx(1)
        whole = cells.reshape((2,) * lists)  # axis a is list lists - 1 - a
        joined = {(a, b) for clique in cliques for a in clique for b in clique}
        for a in range(lists):
            for b in range(a):
                if (a, b) not in joined:
                    pair = np.moveaxis(whole, (lists - 1 - a, lists - 1 - b), (0, 1))
                    assert pair[0, 0] * pair[1, 1] == pytest.approx(pair[0, 1] * pair[1, 0], rel=1e-9)


def test_predictions_do_not_ask_in_which_order_the_lists_stand():
    cells = every_cell([40, 30, 6, 20, 5, 7, 3])
    turned = Cells(cells.patterns[:, [2, 0, 1]], cells.counts)
    straight = predictions(cells)
    for name, copies in predictions(turned).items():
        assert copies.mean(axis=0) == pytest.approx(straight[name].mean(axis=0), abs=1.5), name


def test_an_overlap_that_is_empty_is_no_fault_of_the_log_linear_average():
    cells = every_cell([27, 37, 4, 19, 0, 0, 0])
    copies = predictions(cells)["log-linear"]
    assert (copies[:, cells.counts == 0].mean(axis=0) < 4).all()


def test_what_a_method_cannot_express_lies_outside_its_predictions():
    """People on an odd number of four lists are ten times as many: an interaction of all four, which no graph but the
    saturated one has. Several others come equally near, each by being wrong elsewhere."""
    patterns = every_cell([0] * 15).patterns
    cells = Cells(patterns, np.where(patterns.sum(axis=1) % 2, 300.0, 30.0))
    inside = {}
    for saturated in (False, True):
        copies = decomposable.replicated(cells, np.random.default_rng(0), saturated=saturated)
        low, high = np.quantile(copies, [0.025, 0.975], axis=0)
        inside[saturated] = int(((low <= cells.counts) & (cells.counts <= high)).sum())
    assert inside[False] <= 11
    assert inside[True] == 15


def test_the_check_is_of_the_headline_s_method_and_the_same_again():
    counts = {(1, 0, 0): 240, (0, 1, 0): 220, (0, 0, 1): 210, (1, 1, 0): 44, (1, 0, 1): 42, (0, 1, 1): 38, (1, 1, 1): 8}
    table, how = OverlapTable(("A", "B", "C"), counts), Settings(turns=500, extensions=0, changes=False, ends=0.06)
    found = estimate(table, settings=how)
    fit = found.as_json()["fit"]
    assert fit["method"] == found.method
    assert fit["cells"] == 7 == len(found.cells)
    assert {cell.pattern: cell.seen for cell in found.cells} == counts
    assert estimate(table, settings=how).cells == found.cells
