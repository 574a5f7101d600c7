"""Published overlap tables, and what other programs find on them."""

import numpy as np
import pytest

from corroborate.errors import NotEstimable
from corroborate.estimation import bounds, decomposable, latent_classes, log_linear
from corroborate.estimation.log_linear import Cells, cells_of
from corroborate.values import OverlapTable


@pytest.fixture
def cells(shared):
    return lambda name: cells_of(OverlapTable.parse(shared(f"mse/{name}.csv").read_text(encoding="utf-8")))


def quantiles(cells: Cells, **options) -> list[int]:
    values, weights = decomposable.posterior(cells, **options)
    reach = np.cumsum(weights)
    return [int(values[np.searchsorted(reach, p)] + cells.documented) for p in (0.025, 0.5, 0.975)]


def test_averaging_over_graphs_gives_dga_s_figures_to_the_unit(cells):
    assert quantiles(cells("kosovo")) == [9827, 12595, 16544]
    assert quantiles(cells("hiv_rome")) == [9404, 11220, 14095]
    assert quantiles(cells("artificial_3"), saturated=True) == [98, 314, 1457]


def test_five_lists_give_dga_s_figures_to_the_unit(cells):
    assert quantiles(cells("uk_slavery_5")) == [10387, 22990, 33508]


def test_there_are_as_many_decomposable_graphs_as_the_encyclopedia_counts():
    # OEIS A058862: labelled chordal graphs 1, 2, 8, 61, 822
    assert [len(decomposable.graphs(n, saturated=True)) for n in (2, 3, 4, 5)] == [2, 8, 61, 822]


def test_the_best_log_linear_model_of_kosovo_is_rcapture_s(cells):
    found = log_linear.average(cells("kosovo"), np.random.default_rng(0)).best
    assert round(found.unlisted + 4400) == 10357


def test_independence_on_hiv_rome_is_rcapture_s(cells):
    assert round(log_linear.fit(cells("hiv_rome"), ()).unlisted + 1896) == 11125


@pytest.mark.parametrize(("name", "bound"), [("kosovo", 8797), ("hiv_rome", 12064), ("uk_slavery_5", 14582)])
def test_chao_s_bound_is_rcapture_s(cells, name, bound):
    assert round(bounds.chao(cells(name)).estimate) == bound


def test_a_model_without_a_finite_estimate_is_refused_by_name(cells):
    with pytest.raises(NotEstimable, match=r"\(0, 1\)"):
        log_linear.fit(cells("artificial_3"), ((0, 1),))


# R's LCMCR where it converges, K 10, a = b = 0.25: median, and what its own effective draws leave open
LCMCR = [("kosovo", 10468, 250), ("hiv_rome", 10882, 100), ("snowshoe_hare", 76, 1), ("artificial_3", 409, 15)]


@pytest.mark.parametrize(("name", "median", "doubt"), LCMCR)
def test_latent_classes_agree_with_lcmcr_within_monte_carlo_error(cells, name, median, doubt):
    table = cells(name)
    drawn = latent_classes.sample(table, seed=1)
    assert drawn.converged
    assert np.median(drawn.draws) + table.documented == pytest.approx(median, abs=doubt)


@pytest.mark.parametrize("name", ["uk_slavery_5", "uk_slavery_6"])
def test_chains_meet_where_lcmcr_s_do_not(cells, name):
    drawn = latent_classes.sample(cells(name), seed=1)
    assert drawn.r_hat <= 1.01
    assert min(drawn.ess_bulk, drawn.ess_tail) >= 1000
    assert drawn.heats == 1
    assert np.quantile(drawn.draws, 0.5) + 2744 == pytest.approx(22_500, rel=0.05)


@pytest.mark.long
@pytest.mark.parametrize("name", ["kosovo", "artificial_3", "hiv_rome", "spina_bifida"])
def test_ten_thousand_times_the_people_converge(cells, name):
    table = cells(name)
    drawn = latent_classes.sample(Cells(table.patterns, table.counts * 10_000), seed=1)
    assert drawn.r_hat <= 1.01
    assert min(drawn.ess_bulk, drawn.ess_tail) >= 400
    assert drawn.refusal == ""


@pytest.mark.long
def test_regions_that_the_walk_does_not_join_are_shown_each_with_its_fit(cells):
    table = cells("uk_slavery_5")
    drawn = latent_classes.sample(Cells(table.patterns, table.counts * 10_000), seed=1, turns=1000)
    assert not drawn.converged
    assert len(drawn.modes) > 1
    for mode in drawn.modes:
        assert f"{mode.median:,.0f} unlisted" in drawn.refusal
        assert f"deviance from the table {mode.deviance:,.1f}" in drawn.refusal
        assert mode.deviance > 0
    assert ("separate modes (" in drawn.refusal) == drawn.settled


def test_five_lists_keep_a_model_that_rcapture_s_search_prefers_in_sight(cells):
    # Rcapture's lowest BIC among its models is [123,25,34]; ours must be no worse by BIC
    table = cells("uk_slavery_5")
    theirs = log_linear.fit(table, ((0, 1), (0, 2), (1, 2), (0, 1, 2), (1, 4), (2, 3)))
    assert round(theirs.unlisted + table.documented, -1) == 25310
    averaged = log_linear.average(table, np.random.default_rng(0))
    assert averaged.best.bic <= theirs.bic
    rounded = [(round(one.deviance, 6), round(one.unlisted, 3), one.parameters) for one in averaged.fits]
    assert len(set(rounded)) > 0.99 * len(rounded)  # no model counts twice under two names
