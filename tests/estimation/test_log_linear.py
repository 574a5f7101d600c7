"""Log-linear models: how many there are, which have no estimate, and that order says nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corroborate.errors import NotEstimable
from corroborate.estimation import log_linear
from corroborate.estimation.cells import Cells, cells_of
from corroborate.values import OverlapTable


def every_cell(counts):
    """All cells of as many lists as fit the counts, in the order of ``cells_of``."""
    lists = (len(counts) + 1).bit_length() - 1
    codes = np.arange(1, 2**lists)
    return Cells(((codes[:, None] >> np.arange(lists - 1, -1, -1)) & 1).astype(np.int64), np.array(counts, dtype=float))


tables = (
    st.lists(st.integers(0, 40), min_size=15, max_size=15)
    .map(every_cell)
    .filter(lambda cells: all(cells.counts @ cells.patterns > 0))
)


def test_there_are_as_many_hierarchical_models_as_simplicial_complexes():
    # OEIS A307249 (simplicial complexes on n labelled nodes) less the one with the highest order; Rcapture: 6,893
    assert [len(log_linear.models(lists)) for lists in (2, 3, 4, 5)] == [1, 8, 113, 6893]
    assert len(set(log_linear.models(5))) == 6893


@given(tables)
@settings(max_examples=20, deadline=None)
def test_whether_a_maximum_exists_is_what_a_linear_programme_says(cells):
    for terms in log_linear.models(4)[::9]:
        touched = [t for t in terms if cells.counts[cells.patterns[:, list(t)].all(axis=1)].sum() == 0]
        keep = ~np.array([[row[list(t)].all() for t in touched] for row in cells.patterns]).reshape(15, -1).any(axis=1)
        x = log_linear.design(cells.patterns[keep], tuple(t for t in terms if t not in touched))
        found = log_linear.fits(cells, [terms])[0]
        identified = np.linalg.matrix_rank(x) == x.shape[1]
        exists = identified and not log_linear.runs_away(x, cells.counts[keep])
        assert isinstance(found, log_linear.Fit) == exists


@given(tables, st.integers(0, 112))
@settings(max_examples=25, deadline=None)
def test_ten_times_the_people_give_ten_times_the_unlisted(cells, which):
    terms = log_linear.models(4)[which]
    found = log_linear.fits(cells, [terms])[0]
    again = log_linear.fits(Cells(cells.patterns, cells.counts * 10), [terms])[0]
    assert isinstance(found, str) == isinstance(again, str)
    if isinstance(found, log_linear.Fit):
        assert again.unlisted == pytest.approx(10 * found.unlisted, rel=1e-4)
        assert again.variance == pytest.approx(found.variance / 10, rel=1e-3)


def test_a_saturated_model_of_two_lists_is_lincoln_and_petersen_s():
    # Sekar & Deming (1949): a = 20 on both, 30 and 50 on one alone: 30 * 50 / 20 on neither
    assert log_linear.fit(every_cell([30, 50, 20]), ()).unlisted == pytest.approx(75)


@given(tables, st.permutations(range(4)), st.permutations(range(15)))
@settings(max_examples=10, deadline=None)
def test_the_order_of_lists_and_rows_says_nothing(cells, lists, rows):
    other = Cells(cells.patterns[:, lists][rows], cells.counts[rows])
    try:
        one = log_linear.average(cells, np.random.default_rng(5))
    except NotEstimable:
        return
    same = log_linear.average(other, np.random.default_rng(5))
    assert one.draws.tobytes() == same.draws.tobytes()
    assert one.best.unlisted == same.best.unlisted


def test_a_list_that_names_nobody_changes_nothing():
    counts = [12, 30, 7, 41, 9, 11, 5]
    cells = every_cell(counts)
    table = OverlapTable(
        ("A", "empty", "B", "C"),
        {(int(r[0]), 0, int(r[1]), int(r[2])): int(n) for r, n in zip(cells.patterns, cells.counts, strict=True)},
    )
    one = log_linear.average(cells, np.random.default_rng(5))
    assert log_linear.average(cells_of(table), np.random.default_rng(5)).draws.tobytes() == one.draws.tobytes()


def test_more_overlap_makes_the_estimate_smaller():
    few = log_linear.fit(every_cell([30, 50, 20, 40, 12, 18, 4]), ()).unlisted
    assert log_linear.fit(every_cell([30, 50, 30, 40, 18, 27, 8]), ()).unlisted < few


def test_a_model_without_an_estimate_is_refused_by_its_name():
    # artificial_3 of Chan, Silverman & Vincent (2021); Rcapture prints 1.4e13 people for it
    table = OverlapTable(("A", "B", "C"), {(1, 0, 0): 40, (0, 1, 0): 30, (1, 1, 0): 6, (0, 0, 1): 20})
    with pytest.raises(NotEstimable, match=r"\[12,3\] .*has no finite estimate"):
        log_linear.fit(cells_of(table), ((0, 1),))
    averaged = log_linear.average(cells_of(table), np.random.default_rng(0))
    assert any("[12,3]" in one for one in averaged.refused)
    assert np.isfinite(averaged.draws).all()


def test_few_people_are_judged_by_aicc_more_harshly():
    cells = every_cell([3, 2, 1, 4, 1, 2, 1])
    loose, strict = (log_linear.average(cells, np.random.default_rng(1), criterion=c) for c in ("bic", "aicc"))
    assert strict.best.parameters <= loose.best.parameters
    too_few = every_cell([1, 1, 0, 1, 0, 0, 1])
    with pytest.raises(NotEstimable):
        log_linear.average(too_few, np.random.default_rng(1), criterion="aicc")


def test_the_bootstrap_spreads_about_the_best_model():
    cells = every_cell([120, 150, 40, 130, 35, 42, 11])
    best = log_linear.average(cells, np.random.default_rng(0)).best.unlisted
    drawn = log_linear.bootstrap(cells, np.random.default_rng(0), replicates=100)
    low, high = np.quantile(drawn, [0.025, 0.975])
    assert low < best < high
    assert drawn.tobytes() == log_linear.bootstrap(cells, np.random.default_rng(0), replicates=100).tobytes()
