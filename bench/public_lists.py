"""Lists whose truth is known, at the shipped default of `link` and `dedupe`, side by side: precision, recall and F1.

`python bench/public_lists.py FOLDER ...`: each folder holds CSV files with a column `truth`; `NAME_a.csv` and
`NAME_b.csv` are two lists of one world, any other file is deduplicated. No label is learned from.
"""

import json
import sys
import time
from pathlib import Path

from corroborate.linkage import Options, PersonEntry, link, quality
from corroborate_cli.lists import read_lists

TRUTH = "truth"


def worlds(folder: Path) -> dict[str, list[Path]]:
    """Files by the world that they are lists of."""
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig") as file:
            if TRUTH not in file.readline():
                continue
        name = path.stem[:-2] if path.stem.endswith(("_a", "_b")) else path.stem
        found.setdefault(name, []).append(path)
    return found


def measured(files: list[Path]) -> dict[str, object]:
    started = time.process_time()
    read = read_lists(files, maps=(), encoding=None, latest=2030, truth=TRUTH)
    lists: dict[str, list[PersonEntry]] = {name: list(rows) for name, rows in read.lists.items()}
    found = quality(link(lists, options=Options()), read.truth)
    return {
        "entries": sum(map(len, lists.values())), "precision": found.precision, "recall": found.recall,
        "f1": found.f1, "b_cubed_f1": found.b_cubed_f1, "cpu_seconds": round(time.process_time() - started, 1),
    }  # fmt: skip


def main() -> None:
    for folder in (Path(one) for one in sys.argv[1:]):
        for name, files in worlds(folder).items():
            print(name, json.dumps(measured(files)), flush=True)


if __name__ == "__main__":
    main()
