"""The same generated lists linked by DuckDB and by Spark in local mode with two workers, in one run: seconds, and
whether every pair, level and cluster is the same. `python bench/linkage_spark.py 200000`; needs `make spark` once.

Spark's seconds are given twice: with its first questions, which it compiles, and again in the same session.
"""

import json
import os
import sys
import time
from dataclasses import replace

import numpy as np
import pyarrow as pa
from linkage_scale import records

from corroborate.linkage import ENGINES
from corroborate.linkage.entries import features_of
from corroborate.linkage.linking import Evidence, Options, weigh


def timed(features: pa.Table, options: Options) -> tuple[float, Evidence]:
    started = time.perf_counter()
    evidence, _ = weigh(features, (), options)
    return round(time.perf_counter() - started, 1), evidence


def measured(count: int) -> dict[str, object]:
    features = features_of(records(count, seed=7)[0])
    here, known = timed(features, Options())
    with ENGINES["spark"]("local[2]", os.environ) as engine:
        there = replace(Options(), engine=engine)
        (first, _), (again, found) = (timed(features, there) for _ in range(2))
    same = (
        np.array_equal(known.left, found.left)
        and np.array_equal(known.right, found.right)
        and all(np.array_equal(known.scored.levels[name], found.scored.levels[name]) for name in known.scored.levels)
        and np.array_equal(known.clustering.label, found.clustering.label)
    )
    return {
        "records": count, "pairs": len(known.left), "same": bool(same), "duckdb_seconds": here,
        "spark_first_seconds": first, "spark_seconds": again, "spark_over_duckdb": round(again / here, 1),
    }  # fmt: skip


def main() -> None:
    print(json.dumps(measured(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)))


if __name__ == "__main__":
    main()
