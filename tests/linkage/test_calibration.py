"""What reviewers' verdicts make of a weight, when some of the verdicts are wrong and the pairs are not drawn alike."""

import csv
import json

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from corroborate.errors import InvalidValue
from corroborate.linkage import calibrate, error_of_reviewers, expected_calibration_error, reliability
from corroborate.linkage.calibration import METHODS
from corroborate_cli.main import group


def pairs(count, seed):
    """Weights of pairs as lists have them: most are plain, and where they are not the model is over-confident."""
    chance = np.random.default_rng(seed)
    weight = np.concatenate([chance.normal(-13, 4, count // 2), chance.normal(16, 5, count - count // 2)])
    return weight, chance.random(count) < 1 / (1 + np.exp2(-(0.6 * weight - 1)))


def judged(weight, same, wrong, seed, chosen=None):
    chance = np.random.default_rng([seed, 1])
    at = chance.choice(len(weight), 300, replace=False) if chosen is None else chosen
    return at, same[at] ^ (chance.random(len(at)) < wrong)


def test_what_is_known_of_reviewers_errors_is_not_taken_for_doubt_in_the_match():
    weight, same = pairs(4000, 3)
    errors, blind = [], []
    for seed in range(30):
        at, said = judged(weight, same, 0.02, seed)
        errors.append(
            expected_calibration_error(reliability(calibrate(weight[at], said, error=0.02).apply(weight), same))
        )
        taken_as_true = calibrate(weight[at], said, error=0.0).apply(weight)
        blind.append(expected_calibration_error(reliability(taken_as_true, same)))
    assert np.mean(errors) <= 0.02
    assert np.mean(errors) < 0.85 * np.mean(blind)


def test_the_pairs_that_a_queue_puts_first_calibrate_as_well():
    weight, same = pairs(4000, 4)
    doubtful = np.argsort(np.abs(weight))[:300]
    _, said = judged(weight, same, 0.02, 1, chosen=doubtful)
    fitted = calibrate(weight[doubtful], said, error=0.02).apply(weight)
    assert expected_calibration_error(reliability(fitted, same)) <= 0.03


def test_two_reviewers_tell_how_often_one_is_wrong():
    chance = np.random.default_rng(9)
    for rate in (0.01, 0.02, 0.1):
        truth = chance.random(200_000) < 0.5
        one, other = (truth ^ (chance.random(200_000) < rate) for _ in range(2))
        assert error_of_reviewers(200_000, int((one == other).sum())) == pytest.approx(rate, abs=0.002)
    assert error_of_reviewers(0, 0) > 0.1  # nothing is known yet
    with pytest.raises(InvalidValue):
        error_of_reviewers(3, 4)


def test_a_rate_that_nobody_tells_is_found_within_a_factor_of_two_or_so():
    weight, same = pairs(20_000, 5)
    found = {
        wrong: calibrate(weight, judged(weight, same, wrong, 2, np.arange(20_000))[1]).error for wrong in (0.0, 0.02)
    }
    assert found[0.0] <= 0.005
    assert 0.01 <= found[0.02] <= 0.03


def test_pairs_count_by_the_inverse_of_their_chance_to_be_judged():
    """Of two kinds of pairs with one weight, reviewers saw the rarer kind four times as often."""
    weight = np.concatenate([np.full(400, 3.0), np.linspace(-9, -6, 100), np.linspace(8, 12, 100)])
    same = np.concatenate([np.repeat([True, False], 200), np.zeros(100, bool), np.ones(100, bool)])
    chance = np.concatenate([np.repeat([0.2, 0.8], 200), np.ones(200)])
    fitted = calibrate(weight, same, method="isotonic", sampled=chance, error=0.0)
    assert float(fitted.apply([3.0])[0]) == pytest.approx(0.8, abs=0.01)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-30, 30), st.booleans()), min_size=30, max_size=80),
    st.sampled_from(METHODS), st.sampled_from([None, 0.0, 0.02]),
)  # fmt: skip
def test_a_curve_never_falls_and_is_a_probability(said, method, error):
    weight, same = [w for w, _ in said], [s for _, s in said]
    if min(sum(same), len(same) - sum(same)) < 5:
        return
    values = calibrate(weight, same, method=method, error=error).apply(np.linspace(-40, 40, 200))
    assert np.all(np.diff(values) >= 0)
    assert values.min() >= 0
    assert values.max() <= 1


def test_the_command_learns_from_two_reviewers(tmp_path):
    """Both call the pairs of the lower third of weights different."""
    given_names = [g + h for g in "영수호철성진민현경석" for h in "순옥자금란복향월"]
    for name, off in (("a", 0), ("b", 1)):
        lines = [
            f"김{one},{1925 + n % 50 + (off if n % 3 == 0 else 0)},{'청진' if (n + off * (n % 4 == 0)) % 2 else '회령'}"
            for n, one in enumerate(given_names[off:])
        ]
        (tmp_path / f"{name}.csv").write_text("성명,출생,출신지\n" + "\n".join(lines), encoding="utf-8")
    files = [str(tmp_path / f"{name}.csv") for name in "ab"]
    assert CliRunner().invoke(group, ["link", *files, "--out", str(tmp_path / "one")]).exit_code == 0
    with (tmp_path / "one" / "pairs.csv").open(encoding="utf-8", newline="") as file:
        found = sorted(csv.DictReader(file), key=lambda row: float(row["weight"]))
    assert len(found) >= 60
    verdicts = [{**row, "verdict": "different" if n < len(found) // 3 else "same"} for n, row in enumerate(found)]

    def run(chance):
        with (tmp_path / "verdicts.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [*verdicts[0], "chance"])
            writer.writeheader()
            writer.writerows([{**one, "chance": chance} for one in verdicts for _ in range(2)])
        said = ["--judged", str(tmp_path / "verdicts.csv"), "--json"]
        return CliRunner().invoke(group, ["link", *files, "--out", str(tmp_path / "two"), *said])

    result = run("")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["calibrated"] is True
    assert json.loads(result.stdout)["expected_calibration_error"] <= 0.1
    for chance in ("often", "0", "1.5"):
        refused = run(chance)
        assert refused.exit_code != 0
        assert "line 2" in refused.output + str(refused.exception)
