"""The headline's rule, the bound, the sensitivity: what they promise over tables and populations."""

import json
from dataclasses import replace
from itertools import combinations, permutations
from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corroborate.errors import InvalidValue, NotEstimable
from corroborate.estimation import Settings, bounds, chapman, estimate, log_linear, refusals, sensitivity
from corroborate.estimation.populations import dependent, independent, patterns_of, scenarios, unequal, visible
from corroborate.values import OverlapTable

QUICK = Settings(turns=500, extensions=2, changes=False, ends=0.06)
SHORT = Settings(turns=400, extensions=1, changes=False, ends=0.06)  # whatever the chains do, they must do it again


def drawn(people: int, chances: list[float], seed: int) -> OverlapTable:
    counts = np.random.default_rng(seed).multinomial(people, independent(chances))
    rows = [tuple(map(int, row)) for row in patterns_of(len(chances))]
    return OverlapTable(tuple("ABCDEF"[: len(chances)]), dict(zip(rows[1:], map(int, counts[1:]), strict=True)))


def permuted(table: OverlapTable, order: tuple[int, ...]) -> OverlapTable:
    counts = {tuple(pattern[at] for at in order): count for pattern, count in table.counts.items()}
    return OverlapTable(tuple(table.lists[at] for at in order), counts)


tables = st.builds(
    lambda seed, a, b, c: drawn(900, [a, b, c], seed),
    st.integers(0, 10**6), st.floats(0.25, 0.5), st.floats(0.25, 0.5), st.floats(0.25, 0.5),
)  # fmt: skip


@settings(max_examples=3)
@given(tables, st.sampled_from(list(permutations(range(3)))), st.randoms(use_true_random=False))
def test_the_order_of_lists_and_of_rows_changes_nothing(table, order, random):
    rows = list(table.counts.items())
    random.shuffle(rows)
    here, there = (
        estimate(table, settings=SHORT),
        estimate(permuted(replace(table, counts=dict(rows)), order), settings=SHORT),
    )
    assert here.headline == there.headline
    assert here.at_least == there.at_least
    assert here.methods == there.methods


@settings(max_examples=2)
@given(tables)
def test_an_empty_list_changes_nothing_but_is_named(table):
    wider = OverlapTable((*table.lists, "empty"), {(*pattern, 0): count for pattern, count in table.counts.items()})
    here, there = estimate(table, settings=SHORT), estimate(wider, settings=SHORT)
    assert here.headline == there.headline
    assert any("empty" in line for line in there.warnings)


@settings(max_examples=20)
@given(tables, st.sampled_from([10, 100]))
def test_more_people_narrow_the_doubt_of_a_model(table, times):
    larger = OverlapTable(table.lists, {pattern: count * times for pattern, count in table.counts.items()})
    terms = tuple(combinations(range(3), 2))
    small, large = (log_linear.fit(log_linear.cells_of(one), terms).variance for one in (table, larger))
    assert large < small


def test_ten_times_the_people_narrow_the_headline():
    # as many as are expected, with no chance in them: ten times a table's chance departures would be ten times the
    # evidence of a dependence that is not there
    rows = [tuple(map(int, row)) for row in patterns_of(3)][1:]
    spans = []
    for people in (1500, 15_000):
        counts = np.rint(people * independent([0.4, 0.45, 0.4])).astype(int)[1:]
        found = estimate(OverlapTable(("A", "B", "C"), dict(zip(rows, map(int, counts), strict=True))), settings=QUICK)
        spans.append(log(found.headline.high / found.headline.low))
    assert spans[1] < spans[0] / 2


@given(st.integers(20, 400), st.integers(20, 400), st.integers(2, 15))
def test_more_overlap_means_fewer_people(a, b, both):
    assert chapman(a, b, both + 1).estimate < chapman(a, b, both).estimate


def test_more_overlap_means_a_smaller_headline():
    medians = []
    for moved in (0, 30, 60):
        counts = {(1, 0, 0): 300 - moved, (0, 1, 0): 300 - moved, (0, 0, 1): 200, (1, 1, 0): 60 + moved,
                  (1, 0, 1): 50, (0, 1, 1): 50, (1, 1, 1): 15 + moved // 3}  # fmt: skip
        medians.append(estimate(OverlapTable(("A", "B", "C"), counts), settings=QUICK).headline.median)
    assert medians == sorted(medians, reverse=True)


@given(st.integers(1, 10**6))
def test_identical_lists_leave_nobody_unlisted(people):
    assert chapman(people, people, people).estimate == people


def test_an_estimate_from_a_list_and_its_copy_is_refused_all_the_same():
    with pytest.raises(NotEstimable, match="everybody on A is also on B"):
        estimate(OverlapTable(("A", "B"), {(1, 1): 40}))


def test_the_same_seed_gives_the_same_bytes():
    table = drawn(800, [0.3, 0.3, 0.3], seed=3)
    one, two = (json.dumps(estimate(table, settings=replace(QUICK, seed=9)).as_json()) for _ in range(2))
    assert one == two


def test_thin_overlaps_take_the_headline_from_the_method_without_a_prior_of_chances():
    thin = next(one for one in scenarios() if one.name == "very sparse five").draw(np.random.default_rng(3))
    found = estimate(thin, settings=QUICK)
    assert found.method == "two models in equal parts"
    assert "and log-linear average" in found.rule
    assert "and latent classes" in estimate(drawn(2000, [0.3, 0.25, 0.2, 0.3], seed=1), settings=QUICK).rule


def test_what_would_change_the_number_stands_beside_it():
    found = estimate(drawn(1500, [0.3, 0.25, 0.2, 0.3], seed=2), settings=replace(QUICK, changes=True))
    assert {f"without {name}" for name in "ABCD"} <= set(found.changes)
    assert any("doubled" in name for name in found.changes)
    assert found.without["A"] == found.changes["without A"]


# -- the sensitivity -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lists", [2, 3, 4, 5])
@given(interaction=st.floats(0.25, 4), seed=st.integers(0, 10**6))
def test_the_highest_interaction_multiplies_the_people_on_no_list_with_a_sign_that_turns_with_each_list(
    lists, interaction, seed
):
    """exp(u) in the cell of all lists: the cell of zeros is then exp((-1)^J u) times as large."""
    every = patterns_of(lists)
    cells = np.random.default_rng(seed).uniform(1, 100, 2**lists)
    sign = (-1.0) ** every.sum(axis=1)

    def highest(full: np.ndarray) -> float:  # the coefficient of all lists together, dummy coding
        return float((-1) ** lists * (sign * np.log(full)).sum())

    none = cells.copy()
    none[0] = exp(-(sign[1:] * np.log(cells[1:])).sum())  # no interaction of the highest order
    assert abs(highest(none)) < 1e-9
    changed = none.copy()
    changed[0] *= interaction ** ((-1) ** lists)
    assert highest(changed) == pytest.approx(log(interaction), abs=1e-9)


@given(st.floats(1.05, 20), st.floats(0, 0.9), st.floats(10, 1e5), st.floats(10, 1e5))
def test_a_hidden_share_and_an_odds_ratio_say_the_same(ratio, reach, unlisted, documented):
    share = sensitivity.hidden_share(ratio, unlisted, documented, reach)
    people = (documented + unlisted) / (1 - share * (1 - reach))
    assert people == pytest.approx(documented + ratio * unlisted, rel=1e-9)


def test_the_hidden_share_is_that_of_the_population_with_a_hidden_fifth():
    # a fifth reached a tenth as well: the overlaps miss 18 %, which is where the simulated headlines lie
    reach = (1 - 0.98**4) / (1 - 0.7**4)
    shown = 2000 * (1 - 0.2 * (1 - reach))
    documented = 1600 * (1 - 0.7**4) + 400 * (1 - 0.98**4)
    ratio = (2000 - documented) / (shown - documented)
    assert sensitivity.hidden_share(ratio, shown - documented, documented, reach) == pytest.approx(0.2)


def test_the_tipping_point_is_said_for_the_number_asked_for():
    draws = np.full(100, 1000.0)
    said = sensitivity.tipping(draws, 500, (1200, 3000, 400))
    assert "To fall below 1,200" in said
    assert "under 0.7" in said
    assert "To rise above 3,000" in said
    assert "over 2.5" in said
    assert "50% of all victims" in said
    assert "500 are documented" in said


def test_an_estimate_whose_parts_are_not_in_order_cannot_be_made():
    found = estimate(drawn(900, [0.3, 0.3, 0.3], seed=5), settings=QUICK)
    with pytest.raises(InvalidValue, match="not in order"):
        replace(found, at_least=found.headline.low + 1)
    with pytest.raises(InvalidValue, match="sensitivity"):
        replace(found, sensitivity=())


# -- the bound -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("population", (*scenarios(), *unequal()), ids=lambda one: one.name)
def test_at_least_is_at_or_below_the_truth_in_every_kind_of_population(population):
    safe = 0
    for seed in range(60):
        table = population.draw(np.random.default_rng([seed, 11]))
        safe += bounds.at_least(log_linear.cells_of(table)) <= population.people
    assert safe >= 58  # 97.5 % of 60 is 58.5; the whole count is in bench/coverage.py


@pytest.mark.parametrize("lists", [2, 3, 4, 5])
def test_the_assumption_by_itself_gives_back_a_population_that_has_it(lists):
    chances = independent([0.5, 0.4, 0.45, 0.35, 0.5][:lists])
    cells = log_linear.Cells(patterns_of(lists)[1:], 1e6 * chances[1:])
    found = bounds.no_highest_order(cells)
    assert found.estimate == pytest.approx(1e6)
    assert bounds.no_highest_order(log_linear.Cells(cells.patterns, np.floor(cells.counts / 1e6))) is None


def test_populations_have_the_dependence_they_say():
    cells = dependent((0.3, 0.25, 0.2), {(0, 1): 4}).reshape(2, 2, 2).sum(axis=2)
    assert cells[1].sum() == pytest.approx(0.3)
    assert cells[:, 1].sum() == pytest.approx(0.25)
    assert cells[1, 1] * cells[0, 0] / (cells[0, 1] * cells[1, 0]) == pytest.approx(4)
    assert all(one.chances.sum() == pytest.approx(1) for one in (*scenarios(), *unequal()))


def test_families_are_listed_whole_and_nobody_is_lost():
    population = next(one for one in unequal() if one.name == "families")
    people, alone = 0, replace(population, together=(6,))
    for seed in range(20):
        table = alone.draw(np.random.default_rng(seed))
        people = max(people, sum(table.counts.values()))
        assert sum(count % 6 for count in table.counts.values()) <= 2000 % 6
    assert people < 2000


def test_one_dimension_without_spread_is_independence():
    assert visible((0.3, 0.2, 0.4), [(0.0,)] * 3) == pytest.approx(independent((0.3, 0.2, 0.4)))


# -- tables that cannot carry an estimate, and tables that can, said with a word --------------------------------------


def test_a_table_as_large_as_a_nation_takes_no_longer_and_one_row_is_refused():
    table = drawn(10**9, [0.3, 0.25, 0.2], seed=1)
    assert table.documented > 5 * 10**8
    found = estimate(table, settings=SHORT)
    assert abs(found.headline.median / 10**9 - 1) < 0.02
    assert abs(found.methods["decomposable graphs"].median / 10**9 - 1) < 0.001
    with pytest.raises(NotEstimable):
        estimate(OverlapTable(("A", "B", "C"), {(1, 1, 1): 5}))


def test_twelve_lists_are_refused_with_what_to_do():
    names = tuple("ABCDEFGHIJKL")
    counts = {tuple(int(at == on) for at in range(12)): 9 for on in range(12)} | {(1,) * 12: 3}
    with pytest.raises(NotEstimable, match="12 lists are too many for one model") as refusal:
        estimate(OverlapTable(names, counts))
    assert "join" in str(refusal.value)
    assert "no estimate" in refusal.value.remedy


def test_a_model_without_an_end_is_refused_by_the_names_of_its_lists():
    counts = {(1, 0, 0): 27, (0, 1, 0): 37, (0, 0, 1): 19, (1, 1, 0): 4}
    found = estimate(OverlapTable(("north", "south", "east"), counts), settings=QUICK)
    refused = [line for line in found.warnings if "log-linear models were refused" in line]
    assert refused
    assert "the model [north south, east]" in refused[0]


def test_pairs_that_share_nobody_and_lists_that_stand_alone_are_named():
    counts = {(1, 0, 0): 50, (0, 1, 0): 40, (0, 0, 1): 30, (1, 1, 0): 20}
    said = refusals.warnings(OverlapTable(("A", "B", "C"), counts))
    assert any("both A and C" in line for line in said)
    assert any("Nobody on C is on any other list" in line for line in said)
