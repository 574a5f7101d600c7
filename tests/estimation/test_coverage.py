"""A small seeded part of bench/coverage.py: the whole count, 200 populations a scenario, is in the docs."""

import numpy as np
import pytest

from corroborate.estimation import Settings, estimate
from corroborate.estimation.populations import scenarios

EACH = 3


@pytest.mark.parametrize("population", scenarios(), ids=lambda one: one.name)
def test_the_three_parts_hold_the_truth_as_the_coverage_table_says(population):
    held = 0
    for seed in range(EACH):
        table = population.draw(np.random.default_rng([2026, seed]))
        found = estimate(table, settings=Settings(seed=seed, turns=400, extensions=1, changes=False, ends=0.06))
        low, high = found.band
        assert found.at_least <= population.people
        assert low <= population.people <= high
        held += found.headline.low <= population.people <= found.headline.high
    if population.identified:
        assert held >= EACH - 1  # 95 % each: two or more of three miss less than once in a hundred


def test_no_interval_holds_people_whom_no_list_can_reach_and_the_table_does_not_hide_it():
    population = next(one for one in scenarios() if one.name == "hidden fifth")
    assert not population.identified
    table = population.draw(np.random.default_rng(5))
    found = estimate(table, settings=Settings(turns=400, extensions=1, changes=False, ends=0.06))
    assert found.headline.median < population.people < found.band[1]
