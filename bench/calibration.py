"""What 300 judgements make of match probabilities: expected calibration error over many simulated rounds of review.

`python bench/calibration.py [ROUNDS]`. On two invented households' lists and on the four lists of two invented
populations. Reviewers see 300 pairs drawn at random, or those that the queue puts first, or 200 of these and 100 at
random (which then count by the inverse of their chance); they err never, once in 200, or once in 50. Their rate of
error is estimated with the curve, or taken from the 100 pairs that a second reviewer judged too. The error is measured
against the truth of all pairs from weight -12 on. Of all rounds: the mean, and what nine in ten stay under.
"""

import csv
import json
import sys
import tempfile
from pathlib import Path

import numpy as np

from corroborate.invented import make_world, write_lists
from corroborate.invented.households import make_households
from corroborate.languages.kinship import named_kin
from corroborate.linkage import (
    Linkage,
    PersonEntry,
    calibrate,
    error_of_reviewers,
    expected_calibration_error,
    link,
    reliability,
)
from corroborate.records.reviewing import Stake, worth
from corroborate_cli.lists import entry, read_list

JUDGED, TWICE = 300, 100
Floats = np.ndarray


def shown(found: Linkage, truth: dict) -> tuple[Floats, Floats]:
    """Weights of pairs that are not plainly two people, and whether each is one."""
    evidence = found.evidence
    at = np.flatnonzero(evidence.weight > -12)
    ends = [(evidence.places[evidence.left[n]], evidence.places[evidence.right[n]]) for n in at]
    same = [truth.get(one) is not None and truth.get(one) == truth.get(other) for one, other in ends]
    return evidence.weight[at], np.array(same)


def households() -> tuple[Floats, Floats]:
    rows = make_households(11, 500)
    lists: dict[str, list[PersonEntry]] = {}
    for row in rows:
        kin = named_kin([(which, name) for which in ("father", "mother") if (name := getattr(row, which)) is not None])
        lists.setdefault(row.list, []).append(PersonEntry(
            row.list, row.row, tuple(filter(None, (row.name, row.hanja))), sex=row.sex,
            birth=(row.born, row.born) if row.born else None, place=row.place,
            event=(row.taken, row.taken) if row.taken else None, kin=kin))  # fmt: skip
    return shown(link(lists), {(row.list, row.row): str(row.person) for row in rows})


def four_lists(seed: int) -> tuple[Floats, Floats]:
    with tempfile.TemporaryDirectory() as folder:
        lists = write_lists(make_world(seed, 1500), Path(folder))
        entries = {
            name: [entry(row) for row in read_list(path, name, maps=(), encoding=None, latest=2020)[1].entries]
            for name, path in lists.files.items()
        }
        with (Path(folder) / "truth" / "records.csv").open(encoding="utf-8", newline="") as file:
            truth = {(r["list"], int(r["row"])): r["person"] for r in csv.DictReader(file) if r["person"] != "none"}
    return shown(link(entries), truth)


def drawn(how: str, weight: Floats, chance: np.random.Generator) -> tuple[Floats, Floats | None]:
    """Which pairs are judged, and each one's chance to be, where that is not the same for all."""
    if how == "at random":
        return chance.choice(len(weight), JUDGED, replace=False), None
    order = np.argsort([-worth(float(p), Stake(1.0, 0.0, 0.0)) for p in 1 / (1 + np.exp2(-weight))], kind="stable")
    if how == "first in the queue":
        return order[:JUDGED], None
    rest = chance.choice(order[200:], 100, replace=False)
    return np.concatenate([order[:200], rest]), np.repeat([1.0, 100 / (len(weight) - 200)], [200, 100])


def rounds(weight: Floats, same: Floats, how: str, wrong: float, second: bool, count: int) -> dict[str, float]:
    errors, taken = [], []
    for seed in range(count):
        chance = np.random.default_rng(seed)
        pairs, sampled = drawn(how, weight, chance)
        said = same[pairs] ^ (chance.random(JUDGED) < wrong)
        again = same[pairs][:TWICE] ^ (chance.random(TWICE) < wrong)
        error = error_of_reviewers(TWICE, int((said[:TWICE] == again).sum())) if second else None
        fitted = calibrate(weight[pairs], said, sampled=sampled, error=error)
        errors.append(expected_calibration_error(reliability(fitted.apply(weight), same)))
        taken.append(fitted.error)
    return {"mean": round(float(np.mean(errors)), 4), "nine_in_ten_under": round(float(np.quantile(errors, 0.9)), 4),
            "error_taken": round(float(np.mean(taken)), 4)}  # fmt: skip


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    figures: dict[str, object] = {"rounds": count}
    sets = {"households": households(), "four lists, 2011": four_lists(2011), "four lists, 2013": four_lists(2013)}
    for name, (weight, same) in sets.items():
        raw = expected_calibration_error(reliability(1 / (1 + np.exp2(-weight)), same))
        figures[name] = {"pairs": len(weight), "not calibrated": round(raw, 4)} | {
            f"{how}, {wrong:.1%} wrong, {'second reviewer' if second else 'rate estimated'}":
                rounds(weight, same, how, wrong, second, count)
            for how in ("at random", "first in the queue", "both") for wrong in (0.0, 0.005, 0.02)
            for second in (False, True)
        }  # fmt: skip
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
