"""Two hundred strata on all cores: seconds, and the most memory of this process and its largest worker."""

import json
import resource
import sys
import time

import numpy as np

from corroborate.estimation import Settings, by_strata
from corroborate.estimation.populations import Population, independent

STRATA = 200


def told(done: int, of: int) -> None:
    if done % 10 == 0:
        print(f"  {done} of {of} strata, {time.process_time():.0f} s of this core", file=sys.stderr, flush=True)


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else STRATA
    chance = np.random.default_rng(7)
    tables = {}
    for at in range(number):
        size, chances = int(chance.integers(100, 2000)), chance.uniform(0.15, 0.45, 4)
        tables[(f"stratum {at:03}",)] = Population("", size, independent(chances), True, "").draw(chance)
    started = time.perf_counter()
    found = by_strata(tables, ["stratum"], Settings(turns=1000), told)
    seconds = time.perf_counter() - started
    megabytes = (
        max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    )
    print(json.dumps({
        "strata": number, "seconds": round(seconds, 1), "per_stratum": round(seconds / number, 2),
        "refused": len(found.parts["refused"]), "megabytes": round(megabytes),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
