"""What audits of linkage restore: worlds of known size, linked with known errors, audited by reviewers who err.

python bench/auditing.py                 the table in docs/explanation/audit.md, 20 worlds a row
"""

import argparse
import json
import sys
from dataclasses import replace

import numpy as np

from corroborate.estimation import Settings, estimate, over_linkage
from corroborate.estimation.audit import audit, drawn
from corroborate.estimation.linked_populations import answers, world

PEOPLE, CHANCES, WORLDS, TABLES = 2000, (0.3, 0.25, 0.2, 0.3), 20, 20
# recall, false links, strangers, audited, a reviewer's errors, share that a second reviewer looks at
ROWS = (
    (1.0, 0.0, 0.0, 400, 0.0, 0.0), (0.9, 0.01, 0.0, 400, 0.0, 0.0), (0.8, 0.0, 0.0, 400, 0.0, 0.0),
    (0.8, 0.02, 0.05, 400, 0.0, 0.0), (0.7, 0.02, 0.0, 400, 0.0, 0.0), (0.8, 0.01, 0.0, 100, 0.0, 0.0),
    (0.8, 0.01, 0.0, 400, 0.05, 0.0), (0.8, 0.01, 0.0, 400, 0.05, 0.4), (0.8, 0.01, 0.0, 400, 0.01, 0.0),
)  # fmt: skip
QUICK = Settings(turns=400, extensions=0, changes=False)


def one(row: tuple[float, float, float, int, float, float], seed: int) -> dict[str, float]:
    recall, false, strangers, people, errs, second = row
    chance = np.random.default_rng([seed, 19])
    made = world(PEOPLE, CHANCES, chance, recall=recall, false=false, strangers=strangers)
    chosen = drawn(made.frame, people, chance)
    first = answers(made, chosen, chance, errs=errs)
    # the two settle what they differ on by looking together; what both missed stays missed
    looked = chosen[: round(second * len(chosen))]
    settled = answers(made, looked, chance, errs=errs**2)
    found = audit(made.frame, first, settled, settled, seed=seed)
    tables = {str(at): table for at, table in enumerate(found.tables(TABLES, chance))}
    corrected = over_linkage(tables, replace(QUICK, seed=seed))
    linked = estimate(made.linked(), settings=replace(QUICK, seed=seed))
    return {
        "linked": linked.headline.median, "linked_holds": linked.headline.low <= PEOPLE <= linked.headline.high,
        "audited": corrected.headline.median, "low": corrected.headline.low, "high": corrected.headline.high,
        "holds": corrected.headline.low <= PEOPLE <= corrected.headline.high,
        "documented": found.documented, "truth_documented": made.truth.documented, "recall": found.overall.recall,
    }  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--worlds", type=int, default=WORLDS)
    asked = options.parse_args()
    print("| recall | false links | strangers | audited | errors | second | as linked | holds | audited, mean | "
          "holds | width |\n" + "|---" * 11 + "|")  # fmt: skip
    for row in ROWS:
        found = [one(row, seed) for seed in range(asked.worlds)]
        mean = {key: float(np.mean([each[key] for each in found])) for key in found[0]}
        holds, linked_holds = (sum(bool(each[key]) for each in found) for key in ("holds", "linked_holds"))
        cells = (*(f"{part:.0%}" for part in row[:3]), str(row[3]), f"{row[4]:.0%}", f"{row[5]:.0%}",
                 f"{mean['linked']:,.0f}", f"{linked_holds}/{len(found)}", f"{mean['audited']:,.0f}",
                 f"{holds}/{len(found)}", f"{(mean['high'] - mean['low']) / PEOPLE:.0%}")  # fmt: skip
        print(f"| {' | '.join(cells)} |", flush=True)
        print(json.dumps({"row": row, **mean}), file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
