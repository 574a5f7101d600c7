"""Promise 8: every estimate says at least, headline with interval and what if; or is refused with a reason."""

import dataclasses
import json
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from corroborate.errors import NotEstimable
from corroborate.estimation import Estimate, Settings, estimate
from corroborate.values import OverlapTable
from corroborate_cli.main import group

PATTERNS = [(1, 0), (0, 1), (1, 1)]
QUICK = Settings(turns=500, changes=False)


def drawn(people: int, chances: list[float], seed: int) -> OverlapTable:
    """Lists that catch each of the people independently."""
    on = np.random.default_rng(seed).random((people, len(chances))) < chances
    counts: dict[tuple[int, ...], int] = {}
    for row in on[on.any(axis=1)].astype(int):
        counts[tuple(row)] = counts.get(tuple(row), 0) + 1
    return OverlapTable(tuple("ABCDEFGH"[: len(chances)]), counts)


@given(st.lists(st.integers(0, 5000), min_size=3, max_size=3))
def test_two_lists_give_all_three_parts_or_a_refusal(counts):
    table = OverlapTable(("A", "B"), dict(zip(PATTERNS, counts, strict=True)))
    try:
        found = estimate(table)
    except NotEstimable as refusal:
        assert str(refusal)
        assert "number of people documented" in refusal.remedy or refusal.remedy
        return
    assert found.documented <= found.at_least <= found.headline.low <= found.headline.median <= found.headline.high
    assert len(found.sensitivity) >= 5
    assert found.assumptions
    assert any("Two lists" in line for line in found.warnings)


def test_an_estimate_cannot_be_made_without_its_doubt():
    needed = {f.name for f in dataclasses.fields(Estimate) if f.default is f.default_factory is dataclasses.MISSING}
    assert {"at_least", "sensitivity", "headline", "level", "warnings", "method", "tipping", "lists"} <= needed


def test_the_three_parts_hold_together_on_four_lists():
    found = estimate(drawn(2000, [0.3, 0.25, 0.2, 0.3], seed=7), settings=QUICK)
    assert found.documented <= found.at_least <= found.headline.low
    assert found.headline.low <= 2000 <= found.headline.high
    medians = [point.median for point in found.sensitivity]
    assert medians == sorted(medians)
    assert (found.sensitivity[0].odds_ratio, found.sensitivity[-1].odds_ratio) == (0.25, 4)
    assert found.r_hat <= 1.01
    assert found.ess >= 400


def test_where_a_fifth_is_out_of_reach_at_least_is_still_safe_and_the_sensitivity_still_holds_the_truth():
    chance, held = np.random.default_rng(1948), 0
    for seed in range(6):
        hidden = chance.random(2000) < 0.2
        on = chance.random((2000, 4)) < np.where(hidden, 0.02, 0.3)[:, None]
        counts: dict[tuple[int, ...], int] = {}
        for row in on[on.any(axis=1)].astype(int):
            counts[tuple(row)] = counts.get(tuple(row), 0) + 1
        found = estimate(OverlapTable(("A", "B", "C", "D"), counts), settings=replace(QUICK, seed=seed))
        assert found.at_least <= 2000
        held += found.sensitivity[0].low <= 2000 <= found.sensitivity[-1].high
    assert held == 6


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("A,count\n1,5\n", "one list alone"),
        ("A,B,count\n1,0,5\n0,1,5\n", "no person is on two lists"),
        ("A,B,C,count\n1,1,0,5\n1,0,0,5\n0,0,1,9\n", "everybody on B is also on A"),
        ("A,B,C,count\n1,1,1,5\n1,1,0,5\n0,0,1,9\n", "everybody on A is also on B"),
        ("A,B,count\n1,0,-5\n0,1,5\n1,1,2\n", "-5"),
        ("A,B,count\n2,0,5\n", "0 or 1"),
        ("A,B,number\n1,0,5\n", "at least two are needed"),  # nobody is on B
    ],
)
def test_what_cannot_carry_an_estimate_is_refused_by_the_command_with_a_reason(tmp_path, text, reason):
    table = tmp_path / "overlap.csv"
    table.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(group, ["estimate", str(table), "--json"])
    assert result.exit_code == 1
    printed = json.loads(result.output)
    assert reason in printed["refused"]
    assert printed["remedy"]


def test_the_same_seed_gives_the_same_numbers():
    table = drawn(600, [0.3, 0.3, 0.3], seed=3)
    assert estimate(table, settings=QUICK).as_json() == estimate(table, settings=QUICK).as_json()
