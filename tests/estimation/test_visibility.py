"""The model of dependence and visibility: its regression against another program's maximum, its promises by seed, its
modes."""

from itertools import permutations

import numpy as np
import pytest
from scipy.optimize import minimize

from corroborate.estimation import visibility
from corroborate.estimation.cells import Cells, canonical
from corroborate.estimation.modes import modes
from corroborate.estimation.populations import classes, dependent, independent, patterns_of

FOUR = (0.3, 0.25, 0.2, 0.3)


def cells(chances, people, seed):
    counts = np.random.default_rng(seed).multinomial(people, chances)[1:].astype(float)
    return Cells(patterns_of(len(chances).bit_length() - 1)[1:], counts)


def whole(one):
    """A walk at its start: points from the prior, each with its inner values at the peak."""
    return visibility._Walk(visibility._Table.of(canonical(one)[0]), visibility.PLAIN, 3)


def test_newton_s_peak_is_the_maximum_that_another_optimiser_finds():
    walk = whole(cells(dependent(FOUR, {(0, 1): 4}), 2000, 1))
    table, prior = walk.table, walk.prior
    mixed, means = np.empty(16), np.empty(16)
    for at in range(5):
        point = walk.points[at]
        scale, clump = np.exp(point[2 + table.lists]), 1 + np.exp(point[3 + table.lists])

        def lost(inner, point=point, scale=scale, clump=clump):
            visibility._offsets(point, table.lists, table.usual, prior, mixed)
            return -visibility._value(
                inner, table.lists, mixed, means, table.documented, table.totals, scale, clump, prior
            )

        there = minimize(lost, walk.inner[at] + 0.01, method="BFGS", options={"gtol": 1e-4})
        assert lost(walk.inner[at]) <= there.fun + 1e-3


def test_another_seed_moves_no_end_by_more_than_its_error_says():
    one = cells(independent(FOUR), 2000, 2)
    found = [visibility.posterior(one, seed=seed, target=0.03) for seed in (1, 2, 3)]
    logs = [np.log(1 + each.unlisted / one.documented) for each in found]
    ends = np.array([np.quantile(each, [0.025, 0.975]) for each in logs])
    width = float(np.mean(ends[:, 1] - ends[:, 0]))
    assert np.ptp(ends, axis=0).max() / width < 6 * max(each.error_of_ends for each in found)
    assert all(each.error_of_ends <= 0.03 for each in found)


def test_order_of_lists_changes_no_byte():
    one = cells(classes([(0.7, FOUR), (0.3, (0.06, 0.05, 0.07, 0.06))]), 500, 3)
    order = list(permutations(range(4)))[9]
    other = Cells(one.patterns[:, list(order)], one.counts)
    here, there = (visibility.posterior(each, seed=5, most_runs=4).unlisted for each in (one, other))
    assert here.tobytes() == there.tobytes()


@pytest.mark.parametrize("seed", [1, 2])
def test_the_interval_holds_people_who_differ_where_latent_classes_alone_did_not(seed):
    seldom = classes([(0.7, (0.35, 0.4, 0.3, 0.35)), (0.3, (0.1, 0.09, 0.12, 0.1))])
    found = visibility.posterior(cells(seldom, 2000, seed), seed=seed, target=0.06)
    low, high = found.documented + np.quantile(found.unlisted, [0.025, 0.975])
    assert low <= 2000 <= high


def test_tables_made_again_have_as_many_people_and_look_like_the_table():
    one = cells(dependent(FOUR, {(0, 1): 4}), 2000, 4)
    found = visibility.posterior(one, seed=1, target=0.1)
    copies = visibility.replicated(found, one, np.random.default_rng(1), draws=400)
    assert copies.sum(axis=1) == pytest.approx(np.full(400, one.documented))
    low, high = np.quantile(copies, [0.005, 0.995], axis=0)
    assert ((low <= one.counts) & (one.counts <= high)).mean() > 0.8


def test_two_peaks_far_apart_are_two_modes_with_their_weights_and_one_peak_is_one():
    chance = np.random.default_rng(1)
    few, many = np.exp(chance.normal(7, 0.1, 3000)), np.exp(chance.normal(8.5, 0.1, 7000))
    found = modes(np.concatenate([few, many]), 500.0, 0.95)
    assert [round(one.weight, 2) for one in found] == [0.3, 0.7]
    assert found[0].median == pytest.approx(500 + np.exp(7), rel=0.02)
    assert len(modes(many, 500.0, 0.95)) == 1
    assert len(modes(np.zeros(100), 500.0, 0.95)) == 1
    near = np.concatenate([np.exp(chance.normal(7, 0.1, 5000)), np.exp(chance.normal(7.25, 0.1, 5000))])
    assert len(modes(near, 500.0, 0.95)) == 1
