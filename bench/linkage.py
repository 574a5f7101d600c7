"""Invented lists and households: seconds, precision, recall. `python bench/linkage.py 6000 30000`."""

import csv
import json
import sys
import tempfile
import time
from pathlib import Path

from corroborate.invented import make_world, write_lists
from corroborate.invented.households import Row, make_households
from corroborate.languages.kinship import Kin, named_kin
from corroborate.linkage import PersonEntry, link, quality
from corroborate_cli.lists import entry, read_list


def measured(size: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        lists = write_lists(make_world(2011, size), Path(folder))
        entries = {
            name: [entry(row) for row in read_list(path, name, maps=(), encoding=None, latest=2020)[1].entries]
            for name, path in lists.files.items()
        }
        with (Path(folder) / "truth" / "records.csv").open(encoding="utf-8", newline="") as file:
            truth = {(r["list"], int(r["row"])): r["person"] for r in csv.DictReader(file) if r["person"] != "none"}
    started = time.perf_counter()
    found = link(entries)
    seconds = time.perf_counter() - started
    return {"rows": sum(map(len, entries.values())), "seconds": round(seconds, 1), **quality(found, truth).as_json()}


def kin_of(row: Row) -> tuple[Kin, ...]:
    return named_kin([(which, name) for which in ("father", "mother") if (name := getattr(row, which)) is not None])


def households(count: int, *, kin: bool) -> dict[str, object]:
    """Two lists of households, matched one to one: F1 between the lists, precision of all pairs."""
    rows = make_households(3, count)
    entries: dict[str, list[PersonEntry]] = {}
    for row in rows:
        entries.setdefault(row.list, []).append(PersonEntry(
            row.list, row.row, tuple(filter(None, (row.name, row.hanja))), sex=row.sex,
            birth=(row.born, row.born) if row.born else None, place=row.place,
            event=(row.taken, row.taken) if row.taken else None, kin=kin_of(row) if kin else ()))  # fmt: skip
    truth = {(row.list, row.row): str(row.person) for row in rows}
    started = time.perf_counter()
    found = link(entries)
    seconds = time.perf_counter() - started
    between = quality(found, truth, between=True)
    return {"rows": len(rows), "seconds": round(seconds, 1), "one_to_one_f1": between.f1,
            "precision": quality(found, truth).precision}  # fmt: skip


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or [6000, 30_000]
    print(
        json.dumps(
            {
                **{str(size): measured(size) for size in sizes},
                "households": households(1500, kin=False),
                "households_parents_named": households(1500, kin=True),
            }
        )
    )


if __name__ == "__main__":
    main()
