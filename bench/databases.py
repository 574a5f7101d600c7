"""The same vault in a file and in PostgreSQL: how long taking in, a list in order, a question and a page take.

    PYTHONPATH=. python bench/databases.py --people 10000

A PostgreSQL of its own is started in a temporary folder. Figures are seconds, and the ratio of the two in this run.
"""

import argparse
import shutil
import tempfile
import time
from datetime import date
from pathlib import Path

from tests import clusters
from tests.databases.conftest import AT, PASSPHRASE, records

from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.finding.criteria import Criteria
from corroborate_node.finding.queries import find
from corroborate_node.records import actions, queries


def measured(folder: Path, people: int, database: str | None) -> dict[str, float]:
    found = dict[str, float]()

    def timed(name, work):
        began = time.monotonic()
        work()
        found[name] = time.monotonic() - began

    api.create_vault(folder, "Member", PASSPHRASE, database=database)
    made = records(people)
    with api.open_vault(folder, PASSPHRASE) as vault:
        timed("taking in", lambda: actions.receive(owner(vault, AT), *made))
    with api.open_vault(folder, PASSPHRASE) as vault:
        desk = owner(vault, AT)
        for turn in ("first", "again"):
            timed(f"first page of people, {turn}", lambda: list(queries.people(desk)[:50]))
            timed(f"people whose names contain 수77, {turn}", lambda: list(queries.people(desk, "수77")[:50]))
            timed(f"a name, {turn}", lambda: find(desk, "people", Criteria(words="김철수77"), date(2026, 1, 1)))
            timed(
                f"words of a passage, {turn}", lambda: find(desk, "passages", Criteria(words="told himself"), AT.date())
            )
    return found


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--people", type=int, default=10_000)
    people = asked.parse_args().people
    folder = Path(tempfile.mkdtemp())
    try:
        with clusters.running() as cluster:
            file = measured(folder / "file", people, None)
            served = measured(folder / "served", people, cluster.address)
    finally:
        shutil.rmtree(folder)
    print(f"{people:,} people, each of one source, with three claims")
    for name, seconds in file.items():
        print(f"{name:<45} {seconds:8.3f} {served[name]:8.3f}  × {served[name] / seconds:.1f}")


if __name__ == "__main__":
    main()
