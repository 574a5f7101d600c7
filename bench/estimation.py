"""Latent classes on the published tables: R-hat, effective draws, seconds. Needs the reference data beside it."""

import json
import time
from pathlib import Path

from corroborate.estimation import latent_classes
from corroborate.estimation.log_linear import cells_of
from corroborate.values import OverlapTable

TABLES = Path(__file__).parents[2] / "shared" / "data" / "mse"
NAMES = ("kosovo", "hiv_rome", "uk_slavery_5", "uk_slavery_6", "snowshoe_hare", "artificial_3")


def main() -> None:
    figures: dict[str, object] = {}
    for name in NAMES:
        path = TABLES / f"{name}.csv"
        if not path.exists():
            figures[name] = "reference data absent"
            continue
        cells = cells_of(OverlapTable.parse(path.read_text(encoding="utf-8")))
        latent_classes.sample(cells, seed=0, sweeps=200, extensions=0)  # compiled before the clock starts
        started = time.perf_counter()
        drawn = latent_classes.sample(cells, seed=1)
        seconds = time.perf_counter() - started
        figures[name] = {
            "r_hat": round(drawn.r_hat, 4),
            "ess": round(min(drawn.ess_bulk, drawn.ess_tail)),
            "seconds": round(seconds, 1),
            "ess_per_second": round(min(drawn.ess_bulk, drawn.ess_tail) / seconds),
        }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
