"""How fast a member's list is read, mapped and checked: rows a second, for 10,000 rows of an invented list."""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from corroborate.importers import checked_mapping, person_entries, read_table
from corroborate.invented import make_world, write_lists

LATEST = 2020


def main() -> None:
    figures: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        lists = write_lists(make_world(1, 30_000), Path(folder))
        figures["invent 30,000 people and write their lists, s"] = round(time.perf_counter() - began, 2)
        for path in (*lists.files.values(), Path(folder) / "a.xlsx"):
            began = time.perf_counter()
            table = read_table(path)
            reading = person_entries(table, checked_mapping(table, {}), path.stem, latest=LATEST)
            seconds = time.perf_counter() - began
            figures[path.name] = {"rows": len(reading.entries), "rows a second": round(len(table.rows) / seconds)}
    figures["peak memory, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    json.dump(figures, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
