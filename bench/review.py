"""The review page as its user meets it: from the key that judges a pair to the next pair on the screen, in a browser.

`python bench/review.py [PEOPLE] [PAIRS]`. Two hundred pairs an hour leave 18 seconds a pair; what the page takes of
them is measured in Chromium by keyboard: pressing the key, recording and sealing the judgement, the next pair laid out.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import sync_playwright

from corroborate.importers import checked_mapping, person_entries, read_table
from corroborate.invented import make_world, write_lists
from corroborate.linkage import link
from corroborate_cli.link import csv_text
from corroborate_cli.lists import entry
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.records import actions as records_actions
from corroborate_node.records import batches
from corroborate_node.review import loading

AT = datetime(2026, 1, 1, tzinfo=UTC)
PASSPHRASE = "a passphrase to measure"
OWN = "an account's own passphrase"
COLUMNS = ("left_list", "left_row", "right_list", "right_row", "weight", "probability", "decision")


def vault_with_pairs(folder: Path, size: int) -> tuple[int, int]:
    """People stored, and pairs that wait."""
    lists = write_lists(make_world(2011, size), folder / "lists")
    entries, people = {}, 0
    api.create_vault(folder / "vault", "Bench", PASSPHRASE, account_passphrase=OWN)
    with api.open_vault(folder / "vault", PASSPHRASE) as vault:
        for name, path in lists.files.items():
            table = read_table(path)
            rows = person_entries(table, checked_mapping(table, {}), name, latest=2020).entries
            entries[name] = [entry(row) for row in rows]
            taken = batches.from_rows(rows, name, recorder="bench", at=AT, agreed=True)
            records_actions.receive(owner(vault, AT), taken.entities, taken.sources, taken.consents, taken.claims)
            people += len(rows)
        pairs = ((*p.left, *p.right, p.weight, p.probability, p.decision) for p in link(entries).pairs)
        (folder / "pairs.csv").write_bytes(csv_text(COLUMNS, pairs))
        loaded = loading.load_file(owner(vault, AT), folder / "pairs.csv")
    return people, loaded.new


def judged(address: str, count: int) -> list[float]:
    """Milliseconds from a key to the next pair, laid out and ready for the next key."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"))
        page = browser.new_context(locale="ko-KR").new_page()
        page.goto(f"{address}/review")
        page.fill("#id_username", "keeper")
        page.fill("#id_password", OWN)
        page.press("#id_password", "Enter")
        page.wait_for_selector(".review")
        times = []
        for number in range(count + 5):
            started = time.perf_counter()
            with page.expect_navigation(wait_until="load"):
                page.keyboard.press("ynu"[number % 3])
            times.append(1000 * (time.perf_counter() - started))
        browser.close()
    return sorted(times[5:])


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1500
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    with tempfile.TemporaryDirectory() as name:
        people, pairs = vault_with_pairs(Path(name), size)
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
        server = subprocess.Popen(
            [sys.executable, "-m", "corroborate_cli", "serve", "--vault", f"{name}/vault", "--port", str(port)],
            env={**os.environ, "CORROBORATE_PASSPHRASE": PASSPHRASE}, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            for _ in range(100):
                try:
                    urlopen(f"http://127.0.0.1:{port}/log-in", timeout=20).close()
                    break
                except (URLError, ConnectionError, TimeoutError):
                    time.sleep(0.2)
            times = judged(f"http://127.0.0.1:{port}", count)
        finally:
            server.terminate()
            server.wait(timeout=20)
    p95 = times[int(0.95 * len(times))]
    print(json.dumps({
        "people": people, "pairs": pairs, "judged": count,
        "key_to_next_pair_milliseconds": {"median": round(times[len(times) // 2]), "p95": round(p95)},
        "seconds_left_to_the_reviewer_at_200_an_hour": round(18 - p95 / 1000, 2),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
