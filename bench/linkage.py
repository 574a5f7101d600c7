"""Linkage of invented lists: seconds, precision and recall at two sizes. `python bench/linkage.py 6000 30000`."""

import csv
import json
import sys
import tempfile
import time
from pathlib import Path

from corroborate.invented import make_world, write_lists
from corroborate.linkage import link, quality
from corroborate_cli.lists import entry, read_list


def measured(size: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        lists = write_lists(make_world(2011, size), Path(folder))
        entries = {
            name: [entry(row) for row in read_list(path, name, maps={}, encoding=None, latest=2020)[1].entries]
            for name, path in lists.files.items()
        }
        with (Path(folder) / "truth" / "records.csv").open(encoding="utf-8", newline="") as file:
            truth = {(r["list"], int(r["row"])): r["person"] for r in csv.DictReader(file) if r["person"] != "none"}
    started = time.perf_counter()
    found = link(entries)
    seconds = time.perf_counter() - started
    return {"rows": sum(map(len, entries.values())), "seconds": round(seconds, 1), **quality(found, truth).as_json()}


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [6000, 30_000]
    print(json.dumps({str(size): measured(size) for size in sizes}))


if __name__ == "__main__":
    main()
