"""Estimators on the published tables: effective draws a second, R-hat, seconds, memory; beside R as once measured.

R's packages do not build everywhere, so their figures are those measured once with R 4.2 on another machine (``R_...``
below), and a plain Gibbs sampler of the same model runs beside ours in this run. Needs the reference data beside it.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from arviz_stats.base import array_stats
from numba import njit

from corroborate.estimation import decomposable, latent_classes, log_linear, ridges
from corroborate.estimation.cells import Cells, canonical, cells_of
from corroborate.values import OverlapTable

TABLES = Path(__file__).parents[2] / "shared" / "data" / "mse"
R_LCMCR = {  # effective samples a second, K 10, 55,000 iterations
    "kosovo": 227, "hiv_rome": 2178, "artificial_3": 2749, "snowshoe_hare": 1498, "uk_slavery_5": 17, "uk_slavery_6": 6,
}  # fmt: skip
R_DGA_SECONDS = {"kosovo": 0.12, "uk_slavery_5": 3.5}
R_CAPTURE_SECONDS = {"uk_slavery_5": 26}


@njit(cache=True, nogil=True)
def _gibbs(chance, patterns, counts, classes, sweeps):
    """The plain sampler of Manrique-Vallier (2016) on cell counts, K classes, gamma(0.25, 0.25), row 0 the unlisted."""
    cells, lists = patterns.shape
    documented = counts.sum()
    reach, weight = np.empty((classes, lists)), np.full(classes, 1.0 / classes)
    for k in range(classes):
        for j in range(lists):
            reach[k, j] = chance.beta(1.0, 1.0)
    alpha, kept = 1.0, np.empty(sweeps)
    share = np.empty(classes)
    for sweep in range(sweeps):
        size, on = np.zeros(classes), np.zeros((classes, lists))
        unlisted = 0
        for c in range(cells):
            whole = 0.0
            for k in range(classes):
                q = weight[k]
                for j in range(lists):
                    q *= reach[k, j] if patterns[c, j] else 1.0 - reach[k, j]
                share[k] = q
                whole += q
            left = int(counts[c])
            if c == 0:
                unlisted = chance.poisson(chance.gamma(documented, 1.0) * whole / (1.0 - whole))
                left = unlisted
            for k in range(classes):
                p = min(1.0, share[k] / whole) if whole > 0 else 1.0
                drawn = left if k == classes - 1 else chance.binomial(left, p)
                left -= drawn
                whole -= share[k]
                size[k] += drawn
                for j in range(lists):
                    on[k, j] += drawn * patterns[c, j]
        kept[sweep] = unlisted
        rest, later, logs = 1.0, size.sum(), 0.0
        for k in range(classes):
            for j in range(lists):
                reach[k, j] = chance.beta(1.0 + on[k, j], 1.0 + size[k] - on[k, j])
            later -= size[k]
            if k < classes - 1:  # what the stick leaves, by its logarithm: with a small alpha it is under any float
                shape = alpha + max(later, 0.0)
                kept_back = np.log(chance.gamma(shape + 1.0, 1.0)) + np.log(chance.random()) / shape
                taken = np.log(chance.gamma(1.0 + size[k], 1.0))
                top = max(kept_back, taken)
                both = top + np.log(np.exp(kept_back - top) + np.exp(taken - top))
                weight[k] = rest * np.exp(taken - both)
                rest *= np.exp(kept_back - both)
                logs += kept_back - both
        weight[classes - 1] = rest
        alpha = chance.gamma(0.25 + classes - 1, 1.0) / (0.25 - logs)
    return kept


def gibbs(cells: Cells, sweeps: int) -> dict[str, float]:
    table, _ = canonical(cells)
    patterns = np.vstack([np.zeros(table.lists, dtype=np.int64), table.patterns])
    counts = np.concatenate([[0.0], table.counts])
    started = time.process_time()
    drawn = [_gibbs(np.random.default_rng(s), patterns, counts, 10, sweeps)[sweeps // 2 :] for s in range(4)]
    return judged(np.log(np.array(drawn) + 1), time.process_time() - started)


def judged(logs: np.ndarray, seconds: float) -> dict[str, float]:
    """``seconds`` of one core: noise of other work on the machine stays out as far as it can."""
    bulk = float(array_stats.ess(logs, chain_axis=0, draw_axis=1, method="bulk"))
    tail = float(array_stats.ess(logs, chain_axis=0, draw_axis=1, method="tail", prob=(0.05, 0.95)))
    return {
        "r_hat": round(float(array_stats.rhat(logs, chain_axis=0, draw_axis=1)), 4),
        "ess_bulk": round(bulk),
        "ess_tail": round(tail),
        "core_seconds": round(seconds, 2),
        "ess_per_core_second": round(bulk / seconds),
    }


def on_table(name: str, cells: Cells) -> dict[str, object]:
    started, wall = time.process_time(), time.perf_counter()
    drawn = latent_classes.sample(cells, seed=1)
    seconds, wall = time.process_time() - started, time.perf_counter() - wall
    ours = judged(np.log(drawn.draws + 1), seconds) | {"wall_seconds": round(wall, 2)}
    ours["ess_per_wall_second"] = round(float(ours["ess_bulk"]) / wall)
    low, median, high = np.quantile(drawn.draws, [0.025, 0.5, 0.975]) + cells.documented
    plain = gibbs(cells, 20_000)
    return {
        "people": [round(low), round(median), round(high)],
        "ours": ours,
        "plain_gibbs_same_run": plain,
        "times_plain_gibbs": round(ours["ess_per_core_second"] / max(plain["ess_per_core_second"], 1), 1),
        "R_LCMCR_ess_per_second_measured_elsewhere": R_LCMCR[name],
        "times_R": round(ours["ess_per_core_second"] / R_LCMCR[name], 1),
    }


def turn_as_people_grow(cells: Cells) -> dict[str, float]:
    """Microseconds a turn of one chain at a fixed point of the warm-up, by how many people are documented."""
    found = {}
    for documented in (10**3, 10**5, 10**7, 10**9):
        counts = np.maximum(1, np.round(cells.counts * documented / cells.documented))
        table, chance = Cells(cells.patterns, counts), np.random.default_rng(0)
        chain = latent_classes._Chain(table, latent_classes.PLAIN, np.ones(1), chance)
        chain.walk(200)
        started = time.process_time()
        chain.walk(1000)
        found[f"{documented:.0e}"] = round((time.process_time() - started) * 1000, 1)
    return found


def ridge_turn_as_people_grow(cells: Cells) -> dict[str, float]:
    """The same of a turn along the ridge, of a chain that has found it."""
    found = {}
    for documented in (10**3, 10**6, 10**9):
        counts = np.maximum(1, np.round(cells.counts * documented / cells.documented))
        chain = ridges.Chain(Cells(cells.patterns, counts), latent_classes.PLAIN.as_array(), np.random.default_rng(0))
        chain.walk(50)
        started = time.process_time()
        chain.walk(500)
        found[f"{documented:.0e}"] = round((time.process_time() - started) * 2000, 1)
    return found


def at_once(what) -> float:
    best = np.inf
    for _ in range(3):
        started = time.process_time()
        what()
        best = min(best, time.process_time() - started)
    return best


def first_time() -> float:
    """Seconds of one core to compile, in an interpreter that finds nothing compiled."""
    code = (
        "import time, numpy as np\n"
        "from corroborate.estimation import latent_classes\n"
        "from corroborate.estimation.cells import Cells\n"
        "t = time.process_time()\n"
        "cells = Cells(np.array([[1, 0], [0, 1], [1, 1]]), np.array([3.0, 4.0, 2.0]))\n"
        "latent_classes.sample(cells, seed=0, turns=50, extensions=0)\n"
        "print(time.process_time() - t)\n"
    )
    with tempfile.TemporaryDirectory() as empty:
        done = subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "NUMBA_CACHE_DIR": empty}, stdout=subprocess.PIPE,
            text=True, check=True,
        )  # fmt: skip
    return float(done.stdout)


def many(name: str, times: int) -> dict[str, object]:
    """A table with all its counts so many times as large."""
    cells = cells_of(OverlapTable.parse((TABLES / f"{name}.csv").read_text(encoding="utf-8")))
    started = time.process_time()
    drawn = latent_classes.sample(Cells(cells.patterns, cells.counts * times), seed=1)
    low, median, high = (np.quantile(drawn.draws, [0.025, 0.5, 0.975]) + cells.documented * times) / times
    return {
        "times": times, "r_hat": round(drawn.r_hat, 4), "ess": round(min(drawn.ess_bulk, drawn.ess_tail)),
        "along_ridge": drawn.along_ridge, "turns": drawn.draws.shape[1],
        "people_over_times": [round(low), round(median), round(high)],
        "core_seconds": round(time.process_time() - started, 1), "refusal": drawn.refusal,
    }  # fmt: skip


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--many", metavar="TABLE,...", help="Only these tables, with many times the people (minutes).")
    asked.add_argument("--times", type=int, default=10_000, help="With --many: how many times (10,000).")
    options = asked.parse_args()
    if options.many:
        print(json.dumps({name: many(name, options.times) for name in options.many.split(",")}))
        return
    figures: dict[str, object] = {"compile_first_time_core_seconds": round(first_time(), 1)}
    tables = {}
    for name in R_LCMCR:
        path = TABLES / f"{name}.csv"
        if path.exists():
            tables[name] = cells_of(OverlapTable.parse(path.read_text(encoding="utf-8")))
    if not tables:
        print(json.dumps({"reference data": "absent"}))
        return
    latent_classes.sample(tables["kosovo"], seed=0, turns=50, extensions=0)  # compiled before the clock starts
    gibbs(tables["kosovo"], 10)
    for name, cells in tables.items():
        figures[name] = on_table(name, cells)
        print(f"  {name} done", file=sys.stderr, flush=True)
    figures["microseconds_a_turn_by_people"] = turn_as_people_grow(tables["kosovo"])
    figures["microseconds_a_turn_along_the_ridge_by_people"] = ridge_turn_as_people_grow(tables["kosovo"])
    for name, theirs in R_DGA_SECONDS.items():
        seconds = at_once(lambda name=name: decomposable.posterior(tables[name]))
        figures[f"graphs_{name}"] = {
            "core_seconds": round(seconds, 3), "R_dga_measured_elsewhere": theirs, "times_R": round(theirs / seconds, 1)
        }  # fmt: skip
    for name, theirs in R_CAPTURE_SECONDS.items():
        seconds = at_once(lambda name=name: log_linear.average(tables[name], np.random.default_rng(0)))
        figures[f"log_linear_{name}_6893_models"] = {
            "core_seconds": round(seconds, 2), "Rcapture_measured_elsewhere": theirs,
            "times_R": round(theirs / seconds, 1),
        }  # fmt: skip
    figures["peak_memory_megabytes"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
