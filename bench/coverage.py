"""What the three parts of an estimate hold, over populations of known size: printed, and written to the docs.

python bench/coverage.py                     all of it: 200 populations a scenario, on all cores (some 3 hours on two)
python bench/coverage.py --slice NAME        one scenario, kept in build/coverage for --table
python bench/coverage.py --table             the table in docs/explanation/coverage.md from the slices kept
"""

import argparse
import json
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from corroborate.errors import NotEstimable
from corroborate.estimation import Settings, estimate
from corroborate.estimation.populations import Population, scenarios, unequal
from corroborate.figures import coverage_figure

ROOT = Path(__file__).parents[1]
KEPT, PAGE = ROOT / "build" / "coverage", ROOT / "docs" / "explanation" / "coverage.md"
PICTURE = ROOT / "docs" / "pictures" / "coverage.svg"
POPULATIONS, CHUNK, SEED = 200, 20, 1948
EVERY = (*scenarios(), *unequal())
START, END = "<!-- table: bench/coverage.py -->", "<!-- end of table -->"


def one(job: tuple[int, int]) -> dict[str, float | str | bool | list[float]]:
    """One population: drawn, estimated, judged."""
    which, number = job
    population = EVERY[which]
    table = population.draw(np.random.default_rng([SEED, which, number]))
    try:
        found = estimate(table, settings=Settings(seed=number, turns=500, changes=False))
    except NotEstimable as error:
        return {"refused": str(error)}
    people, unlisted = population.people, population.people - found.documented
    low, high = found.band
    shown = found.headline.median - found.documented
    return {
        "method": found.method, "documented": found.documented, "at_least": found.at_least,
        "median": found.headline.median, "low": found.headline.low, "high": found.headline.high,
        "band_low": low, "band_high": high, "ratio": unlisted / shown if shown > 0 else 0.0,
        "safe": found.at_least <= people, "held": found.headline.low <= people <= found.headline.high,
        "band": low <= people <= high,
        "converged": found.r_hat is not None and found.r_hat <= 1.01,
        # the odds ratio at which the end of the interval nearer the truth just reaches it
        "needed": max(1.0, unlisted / max(found.headline.high - found.documented, 0.5),
                      (found.headline.low - found.documented) / max(unlisted, 0.5)),
    }  # fmt: skip


def run(which: int, count: int, path: Path, until: float) -> bool:
    """Judge populations of one scenario until all are there or the time is up; whether all are there. What was kept
    before is kept."""
    have = len(kept(path))
    todo = [(which, number) for number in range(have, count)]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as workers:
        for start in range(0, len(todo), CHUNK):
            if time.monotonic() > until:
                return False
            found = list(workers.map(one, todo[start : start + CHUNK]))
            with path.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(each) + "\n" for each in found)
    return True


def kept(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def row(population: Population, found: list[dict]) -> dict[str, object]:
    """One line of the table."""
    stood = [one for one in found if "refused" not in one]

    def mean(key: str) -> float:
        return float(np.mean([one[key] for one in stood])) if stood else float("nan")

    return {
        "name": population.name, "people": population.people, "identified": population.identified,
        "populations": len(found), "refused": len(found) - len(stood), "documented": mean("documented"),
        "at_least": mean("at_least"), "safe": mean("safe"), "median": mean("median"), "held": mean("held"),
        "width": (mean("high") - mean("low")) / population.people, "band": mean("band"),
        "band_low": mean("band_low"), "band_high": mean("band_high"),
        "ratio": float(np.median([one["ratio"] for one in stood])),
        "band_at_2": float(np.mean([one["needed"] <= 2 for one in stood])),
        "needed": float(np.quantile([one["needed"] for one in stood], 0.95)),
        "converged": mean("converged"),
        "methods": {m: sum(one["method"] == m for one in stood) for m in sorted({one["method"] for one in stood})},
    }  # fmt: skip


def lines(rows: list[dict]) -> list[str]:
    heading = (
        "population | drawn | truth | documented | at least, mean | at least is safe | headline, mean | "
        "interval holds | its width | band at 4, mean ends | band at 4 holds | band at 2 holds | ratio needed | "
        "headline by"
    )
    out = [f"| {heading} |", "|" + "---|" * (heading.count("|") + 1)]
    for one in rows:
        star, held = ("", f"{one['held']:.1%}") if one["identified"] else (" *", f"({one['held']:.1%})")
        by = ", ".join(f"{name} {count}" for name, count in one["methods"].items())
        by += f"; {one['refused']} refused" if one["refused"] else ""
        cells = (
            f"{one['name']}{star}", str(one["populations"]), f"{one['people']:,}",
            f"{one['documented']:,.0f}", f"{one['at_least']:,.0f}",
            f"{one['safe']:.1%}", f"{one['median']:,.0f}", held, f"{one['width']:.0%}",
            f"{one['band_low']:,.0f} to {one['band_high']:,.0f}", f"{one['band']:.1%}", f"{one['band_at_2']:.1%}",
            f"{one['needed']:.2f}", by,
        )  # fmt: skip
        out.append(f"| {' | '.join(cells)} |")
    return out


def write(rows: list[dict]) -> None:
    """The table into its place in the page; the rest of the page is written by people."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(START)
    figure = coverage_figure([(one["name"], one["safe"], one["held"], one["band"]) for one in rows])
    PICTURE.write_text(figure.svg + "\n", encoding="utf-8")
    table = "\n".join([START, "", *lines(rows), "", f"![{figure.alt}](../pictures/coverage.svg)", "", END])
    PAGE.write_text(before + table + rest.split(END)[1], encoding="utf-8")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--slice", action="append", metavar="NAME", help="only this scenario; what is kept is kept")
    options.add_argument("--seconds", type=float, default=float("inf"), help="stop after so long; run again to go on")
    options.add_argument("--table", action="store_true", help="write the page from the slices kept, run nothing")
    options.add_argument("--populations", type=int, default=POPULATIONS, help="a scenario")
    asked = options.parse_args()
    names = [each.name for each in EVERY]
    if unknown := set(asked.slice or ()) - set(names):
        options.error(f"no scenario {', '.join(unknown)}; there are {', '.join(names)}")
    KEPT.mkdir(parents=True, exist_ok=True)
    files = {name: KEPT / f"{name}.jsonl" for name in names}
    if not asked.slice and not asked.table:  # the whole count begins anew
        for path in files.values():
            path.unlink(missing_ok=True)
    until = time.monotonic() + asked.seconds
    for name in [] if asked.table else asked.slice or names:
        started = time.perf_counter()
        done = run(names.index(name), asked.populations, files[name], until)
        said = "done" if done else "to be gone on with"
        print(f"{name}: {time.perf_counter() - started:.0f} s, {said}", file=sys.stderr, flush=True)
    rows = [row(each, kept(files[each.name])) for each in EVERY if kept(files[each.name])]
    if not asked.slice:
        write(rows)
    print(json.dumps({"rows": rows}))


if __name__ == "__main__":
    main()
