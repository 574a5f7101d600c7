"""A vault's pages and its search: p95 in milliseconds, queries a page. `python bench/web.py 20000` for more people."""

import json
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from corroborate.importers import checked_mapping, person_entries, read_table
from corroborate.invented import make_world, write_lists
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions
from corroborate_node.records import actions as records_actions
from corroborate_node.records import batches

AT = datetime(2026, 1, 1, tzinfo=UTC)
PASSPHRASE = "a passphrase to measure"
OWN = "an account's own passphrase"


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 6000
    with tempfile.TemporaryDirectory() as folder:
        lists = write_lists(make_world(2011, size), Path(folder) / "lists")
        api.create_vault(Path(folder) / "vault", "Bench", PASSPHRASE, account_passphrase=OWN)
        with api.open_vault(Path(folder) / "vault", PASSPHRASE) as vault:
            table = read_table(lists.files["A"])
            rows = person_entries(table, checked_mapping(table, {}), "A", latest=2020).entries
            taken = batches.from_rows(rows, "A", recorder="bench", at=AT, agreed=True)
            started = time.perf_counter()
            records_actions.receive(owner(vault, AT), taken.entities, taken.sources, taken.consents, taken.claims)
            stored = time.perf_counter() - started
            log_actions.checkpoint(owner(vault, AT))
            figures = _pages(taken.people[rows[0].row])
        figures["rows_stored_per_second"] = round(len(rows) / stored)
        figures["claims_sealed_per_second"] = round(len(taken.claims) / stored)
        figures["people"] = len(rows)
    print(json.dumps(figures))


def _pages(person: str) -> dict[str, object]:
    from django.db import connection, reset_queries
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "localhost"})
    assert client.login(username="keeper", password=OWN)
    figures: dict[str, object] = {}
    pages = {
        "today": "/",
        "people": "/persons",
        "search": "/persons?q=영희",
        "person": f"/persons/{person}",
        "log": "/log",
    }
    for name, path in pages.items():
        times = []
        for _ in range(40):
            started = time.perf_counter()
            assert client.get(path).status_code == 200
            times.append(time.perf_counter() - started)
        reset_queries()
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        figures[name] = {"p95_milliseconds": round(1000 * sorted(times)[37], 1), "queries": len(asked)}
    return figures


if __name__ == "__main__":
    main()
