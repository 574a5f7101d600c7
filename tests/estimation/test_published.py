"""Each estimator's published figure, and what the rule makes of published tables."""

import numpy as np
import pytest

from corroborate.estimation import Settings, bounds, chapman, decomposable, estimate, log_linear
from corroborate.estimation.cells import Cells
from corroborate.values import OverlapTable


def test_kosovo_is_about_ten_thousand_and_graphs_say_more_inside_its_interval(shared):
    # Ball et al. (2002): about 10,356; R's LCMCR 10,468 (9,257 to 13,982), dga 12,595 (9,827 to 16,544)
    table = OverlapTable.parse(shared("mse/kosovo.csv").read_text(encoding="utf-8"))
    found = estimate(table, settings=Settings(turns=2000, changes=False, ends=0.06))
    classes = found.methods["latent classes"]
    assert found.method == "two models in equal parts"
    assert classes.median == pytest.approx(10_450, rel=0.03)
    assert classes.low == pytest.approx(9100, rel=0.06)
    assert classes.high == pytest.approx(13_900, rel=0.08)
    assert found.headline.low == pytest.approx(9200, rel=0.06)
    assert found.headline.median < 14_000
    assert found.methods["decomposable graphs"].median == pytest.approx(12_595, rel=0.02)
    assert found.headline.low < found.methods["decomposable graphs"].median < found.headline.high
    assert 4400 < found.at_least < found.headline.low


def test_the_table_made_to_show_instability_warns(shared):
    table = OverlapTable.parse(shared("mse/artificial_3.csv").read_text(encoding="utf-8"))
    found = estimate(table, settings=Settings(turns=500, changes=False, ends=0.06))
    assert any("log-linear models were refused: the model [" in line for line in found.warnings)
    assert any("Nobody on C is on any other list" in line for line in found.warnings)
    assert found.headline.high < 10_000


# Estimate and standard error: Seber (1982), The Estimation of Animal Abundance, tables 3.7 and 3.8, as the R package
# FSA holds its mrClosed(method="Chapman") against them; without an error: Krebs (1989), box 2.1; Ricker (1975);
# Pine and others (2013), box 11.2
CHAPMAN = [
    (500, 149, 7, 9393, 3022), (1000, 243, 21, 11101, 2184), (948, 421, 167, 2383, None), (109, 177, 57, 337, None),
    (421, 332, 88, 1578, None),
]  # fmt: skip


@pytest.mark.parametrize(("on_a", "on_b", "on_both", "people", "error"), CHAPMAN)
def test_two_lists_give_what_the_books_give(on_a, on_b, on_both, people, error):
    found = chapman(on_a, on_b, on_both)
    assert int(found.estimate) == people or round(found.estimate) == people
    if error is not None:  # the interval is log-normal about the unlisted with Seber's variance
        documented = on_a + on_b - on_both
        spread = np.log((found.high - documented) / (found.estimate - documented)) / 1.959964
        assert (found.estimate - documented) * np.sqrt(np.expm1(spread**2)) == pytest.approx(error, abs=0.5)


def test_every_estimator_gives_its_published_figure_on_kosovo():
    """Ball and others (2002), the fifteen counts as in the R package LCMCR; no other file is needed to check these."""
    counts = (306, 936, 123, 845, 31, 217, 32, 1131, 106, 228, 42, 177, 18, 181, 27)
    codes = np.arange(1, 16)
    cells = Cells(((codes[:, None] >> np.arange(3, -1, -1)) & 1).astype(np.int64), np.array(counts, dtype=float))
    assert round(bounds.chao(cells).estimate) == 8797  # Rcapture, closedp.bc
    best = log_linear.average(cells, np.random.default_rng(0)).best  # Rcapture, closedpMS.t
    assert log_linear.model_name(best.terms, 4) == "[123,14,34]"
    assert round(best.unlisted) + 4400 == 10357
    values, weights = decomposable.posterior(cells)  # dga, bma.cr
    reach = np.cumsum(weights)
    assert [int(values[np.searchsorted(reach, p)]) + 4400 for p in (0.025, 0.5, 0.975)] == [9827, 12595, 16544]


def test_eight_sparse_lists_give_the_model_and_the_number_of_sparsemse(shared):
    # Bales, Murphy & Silverman (2019); R's SparseMSE: 1,184 (866 to 1,901)
    cells = log_linear.cells_of(OverlapTable.parse(shared("mse/new_orleans.csv").read_text(encoding="utf-8")))
    best = log_linear.average(cells, np.random.default_rng(0)).best
    assert round(best.unlisted + cells.documented) == 1184
