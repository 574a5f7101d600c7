"""Strata and draws of the linkage: sums with their doubt, thin strata by name, doubtful matching carried through."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from corroborate.errors import NotEstimable
from corroborate.estimation import Settings, by_strata, over_linkage, side_by_side
from corroborate.estimation.combining import POOLED, RUBIN, Rubin
from corroborate.estimation.populations import independent, patterns_of
from corroborate.estimation.stratified import APART, WHOLE, _shrunk
from corroborate.estimation.stratified import POOLED as STRATA
from corroborate.values import OverlapTable
from corroborate_cli.main import group

SHORT = Settings(turns=400, extensions=1, changes=False, ends=0.06)


def drawn(people: int, seed: int, chances: tuple[float, ...] = (0.4, 0.35, 0.45, 0.3)) -> OverlapTable:
    counts = np.random.default_rng(seed).multinomial(people, independent(chances))
    rows = [tuple(map(int, row)) for row in patterns_of(len(chances))]
    return OverlapTable(tuple("ABCDE"[: len(chances)]), dict(zip(rows[1:], map(int, counts[1:]), strict=True)))


def test_the_sum_of_strata_holds_the_truth_and_thin_ones_are_refused_by_name():
    strata = {(place, "1999"): drawn(600, at) for at, place in enumerate(("North", "South", "East", "West"))}
    thin = OverlapTable(("A", "B", "C", "D"), {(1, 0, 0, 0): 3, (1, 1, 0, 0): 2})
    found = by_strata({**strata, ("Coast", "1999"): thin}, ["place", "year"], SHORT)
    assert found.method == STRATA
    assert found.headline.low <= 2400 + 5 <= found.headline.high
    assert found.at_least <= found.headline.low
    assert {APART, WHOLE} < set(found.methods)
    assert any(line.startswith("Stratum refused: Coast, 1999: only 5 people") for line in found.warnings)
    assert found.documented == sum(one.documented for one in strata.values()) + 5
    rows = {row["name"]: row for row in found.as_json()["parts"]["strata"]}
    assert "no estimate" in rows["Coast, 1999"]["remedy"]
    assert rows["North, 1999"]["pooled"]["low"] < rows["North, 1999"]["pooled"]["high"]


def test_blanks_are_drawn_into_the_strata_and_said():
    strata = {("North",): drawn(700, 1), ("South",): drawn(500, 2), ("",): drawn(60, 3)}
    found = by_strata(strata, ["place"], SHORT)
    assert found.documented == sum(one.documented for one in strata.values())
    assert any("have no place" in line for line in found.warnings)
    assert found.headline.low <= 1260 <= found.headline.high


def test_strata_that_say_nothing_or_carry_nothing_are_refused():
    with pytest.raises(NotEstimable, match="no row says its place"):
        by_strata({("",): drawn(500, 1)}, ["place"], SHORT)
    thin = OverlapTable(("A", "B", "C", "D"), {(1, 1, 0, 0): 3})
    with pytest.raises(NotEstimable, match="no stratum carries an estimate: North: only 3"):
        by_strata({("North",): thin}, ["place"], SHORT)


def test_partial_pooling_draws_a_doubtful_stratum_in_and_leaves_a_sure_one():
    chance = np.random.default_rng(0)
    logs = np.array([chance.normal(middle, spread, 4000) for middle, spread in
                     ((0.0, 0.05), (0.1, 0.05), (-0.1, 0.05), (0.05, 0.05), (2.0, 1.5))])  # fmt: skip
    pooled = _shrunk(logs, chance, 4000)
    assert abs(pooled[0].mean() - logs[0].mean()) < 0.06
    assert pooled[4].mean() < 1.0
    assert pooled[4].std() < logs[4].std()


def test_pooling_reproduces_the_eight_schools():
    # Rubin (1981): effects and standard errors of eight coaching programmes; Gelman et al., BDA3 table 5.3: posterior
    # medians between 5 and 11 for school A (28, s.e. 15) and C (-3, s.e. 16), where the raw effects differ by 31
    effects, errors = (28, 8, -3, 7, -1, 1, 18, 12), (15, 10, 16, 11, 9, 11, 10, 18)
    chance = np.random.default_rng(1)
    points = (np.arange(4000) + 0.5) / 4000
    from scipy.stats import norm

    logs = np.array([middle + error * norm.ppf(points) for middle, error in zip(effects, errors, strict=True)])
    medians = np.median(_shrunk(logs, chance, 40_000), axis=1)
    assert medians[0] == pytest.approx(10, abs=1.5)
    assert medians[2] == pytest.approx(7, abs=1.5)
    assert medians[6] == pytest.approx(10, abs=1.5)


def test_doubtful_matching_widens_the_interval():
    """The same people; in the doubtful draws every tenth match is made in one draw and missed in another."""
    sure = {f"overlap_{at:03}.csv": drawn(1500, 7) for at in range(4)}
    base = drawn(1500, 7)
    doubtful = {}
    for at in range(4):
        missed = (2 * at - 3) * base.counts[1, 1, 0, 0] // 8
        counts = dict(base.counts)
        counts[1, 1, 0, 0] -= missed
        counts[1, 0, 0, 0] += missed
        counts[0, 1, 0, 0] += missed
        doubtful[f"overlap_{at:03}.csv"] = OverlapTable(base.lists, counts)
    narrow, wide = over_linkage(sure, SHORT), over_linkage(doubtful, SHORT)
    assert wide.headline.high - wide.headline.low > 1.2 * (narrow.headline.high - narrow.headline.low)
    assert wide.parts["linkage"]["share_of_variance"] > narrow.parts["linkage"]["share_of_variance"]
    assert wide.documented == min(one.documented for one in doubtful.values())
    assert any("document from" in line for line in wide.warnings)
    assert {POOLED, RUBIN} <= set(wide.methods)
    # the same variance; Rubin's interval is somewhat the wider with few tables, by its Student's t
    assert any("Only 4 draws" in line for line in wide.warnings)
    assert wide.methods[RUBIN].low == pytest.approx(wide.headline.low, rel=0.1)
    assert wide.methods[RUBIN].high == pytest.approx(wide.headline.high, rel=0.1)


def test_rubin_s_rules_by_hand():
    # two tables, log totals with means 7 and 7.2 and variance 0.01: T = 0.01 + 1.5 * 0.02 = 0.04
    points = np.linspace(-1, 1, 2001)
    spread = 0.1 * points / points.std(ddof=1)
    found = Rubin.of([np.exp(7 + spread), np.exp(7.2 + spread)], 0.95)
    assert found.share == pytest.approx(0.75)
    assert np.log(found.median) == pytest.approx(7.1)
    # 97.5 % point of Student's t with (0.04 / 0.03)^2 = 1.78 degrees of freedom: 4.86
    assert np.log(found.high / found.median) == pytest.approx(4.86 * 0.2, rel=0.01)


def test_draws_of_other_lists_are_no_draws_of_one_linkage():
    other = OverlapTable(("A", "B", "C", "X"), drawn(500, 1).counts)
    with pytest.raises(NotEstimable, match="not the same lists"):
        over_linkage({"one": drawn(500, 1), "two": other}, SHORT)
    with pytest.raises(NotEstimable, match=r"two\.csv: no person is on two lists"):
        over_linkage(
            {
                "one.csv": drawn(500, 1),
                "two.csv": OverlapTable(("A", "B", "C", "D"), {(1, 0, 0, 0): 9, (0, 1, 0, 0): 9, (0, 0, 1, 1): 0}),
            },
            SHORT,
        )


def test_another_threshold_stands_beside_the_number():
    found = side_by_side({"t90.csv": drawn(900, 1), "t99.csv": drawn(1400, 2)}, SHORT)
    assert "with t99.csv" in found.changes
    assert any("Another threshold" in line for line in found.warnings)


def test_the_command_takes_strata_and_draws_and_refuses_to_mix_them(tmp_path):
    text = drawn(600, 3).to_csv().splitlines()
    rows = [f"{place},{line}" for place in ("North", "South") for line in text[1:]]
    (tmp_path / "strata.csv").write_text("\n".join([f"place,{text[0]}", *rows]) + "\n")
    (tmp_path / "one.csv").write_text("\n".join(text) + "\n")
    run = CliRunner()
    done = run.invoke(group, ["estimate", str(tmp_path / "strata.csv"), "--stratify-by", "place", "--json"])
    assert done.exit_code == 0
    assert [one["name"] for one in json.loads(done.stdout)["parts"]["strata"]] == ["North", "South"]
    assert run.invoke(group, ["estimate", str(tmp_path / "one.csv"), "--draws"]).exit_code == 2
    both = [str(tmp_path / "one.csv")] * 2
    assert run.invoke(group, ["estimate", *both, "--stratify-by", "place"]).exit_code == 2
    wrong = run.invoke(group, ["estimate", str(tmp_path / "one.csv"), "--stratify-by", "sex", "--json"])
    assert wrong.exit_code == 1
    assert "no column sex" in json.loads(wrong.stdout)["refused"]


def test_a_plan_says_what_another_list_would_be_worth():
    run = CliRunner()
    asked = ["estimate", "--plan", "3000", "--chance", "0.3", "--chance", "0.25", "--chance", "0.2", "--chance", "0.3"]
    done = run.invoke(group, [*asked, "--json"])
    assert done.exit_code == 0, done.output
    every, *fewer = json.loads(done.stdout)["outlooks"]
    assert every["lists"] == "A B C D"
    assert {one["lists"] for one in fewer} == {"B C D", "A C D", "A B D", "A B C"}
    assert all(one["width"] > every["width"] for one in fewer)
    assert every["low"] < 3000 < every["high"]
    assert abs(every["documented"] - 3000 * (1 - 0.7 * 0.75 * 0.8 * 0.7)) < 20
    assert run.invoke(group, ["estimate"]).exit_code == 2
    refused = run.invoke(group, ["estimate", "--plan", "3000", "--chance", "0.3", "--json"])
    assert refused.exit_code == 1
    assert "three to five lists" in json.loads(refused.stdout)["refused"]
