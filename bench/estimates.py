"""The estimate pages over a large vault: p95 in milliseconds, queries a page, and seconds to count who stands where.

`python bench/estimates.py 100000` gives the number of rows, shared out over four lists.
"""

import json
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from corroborate.records import USES, Claim, Consent, Entity, Judgement, Source, Text, Value
from corroborate.values import PartialDate, new_id, read_name
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.records import actions as records_actions

AT = datetime(2026, 1, 1, tzinfo=UTC)
PASSPHRASE = "a passphrase to measure"
OWN = "an account's own passphrase"
SURNAMES, LISTS, BLOCK = "김리박최정강조윤장림한오서신권황안송류홍", "ABCD", 10_000


def made(kind: str, number: int) -> str:
    return new_id(kind, milliseconds=number, randomness=number.to_bytes(10, "big"))


def name_of(person: int) -> str:
    given = chr(0xAC00 + person * 37 % 11_172) + chr(0xAC00 + person * 101 % 11_172)
    return SURNAMES[person % len(SURNAMES)] + given


def _facts(n: int) -> tuple[tuple[str, Value], ...]:
    return ("name", read_name(name_of(n))), ("sex", Text("fm"[n % 2])), ("event_date", PartialDate(1990 + n % 20))


def fill(vault: object, count: int) -> int:
    """Rows of four lists; every third row is about somebody who stands on the list before too. How many judgements."""
    whole = [Source(made("source", at), "list", name, invented=True) for at, name in enumerate(LISTS)]
    judged = []
    for start in range(0, count, BLOCK):
        numbers = range(start, min(start + BLOCK, count))
        sources = [
            Source(made("source", n + 10), "document", f"{LISTS[n % 4]}, row {n + 1}", (whole[n % 4].id,), True)
            for n in numbers
        ]
        claims = [
            Claim(made("claim", 3 * n + at), made("person", n), what, value, source.id, "row", "saw", "bench", AT)
            for n, source in zip(numbers, sources, strict=True)
            for at, (what, value) in enumerate(_facts(n))
        ]
        consents = [
            Consent(made("consent", n), source.id, frozenset(USES), "public", AT.date())
            for n, source in zip(numbers, sources, strict=True)
        ]
        people = [Entity(made("person", n), "person") for n in numbers]
        records_actions.receive(owner(vault, AT), people, [*(whole if start == 0 else []), *sources], consents, claims)  # type: ignore[arg-type]
        judged += [
            Judgement(made("jud", n), made("person", n - 1), made("person", n), "same", "bench", "bench", AT)
            for n in numbers
            if n % 3 == 2
        ]
    records_actions.judge(owner(vault, AT), list(judged))  # type: ignore[arg-type]
    return len(judged)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as folder:
        api.create_vault(Path(folder) / "vault", "Bench", PASSPHRASE, account_passphrase=OWN)
        with api.open_vault(Path(folder) / "vault", PASSPHRASE) as vault:
            figures: dict[str, object] = {"rows": count, "judgements": fill(vault, count)}
            from corroborate_node.estimates import api as estimates
            from corroborate_node.estimates import overlaps, queries
            from corroborate_node.estimates.options import Options

            asked = Options(tuple(one.id for one in queries.owner_lists()))
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            started = time.perf_counter()
            found = overlaps.counted(asked, AT.date(), lambda step, share: None)
            figures["seconds_to_count"] = round(time.perf_counter() - started, 2)
            figures["people"] = found.about["people"]
            figures["megabytes_to_count"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
            table = "a,b,count\n1,0,50\n0,1,40\n1,1,22\n"
            ids = [estimates.estimate(vault, Options(table=table, seed=s), "", "bench", AT)["id"] for s in range(3)]
            estimates.seal(vault, ids[0], "bench", AT)
            figures |= _pages(ids)
    print(json.dumps(figures))


def _pages(ids: list[str]) -> dict[str, object]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "localhost"})
    assert client.login(username="keeper", password=OWN)
    compared = "&".join(f"run={one}" for one in ids)
    pages = {"index": "", "new": "/new", "result": f"/{ids[0]}", "compare": f"/compare?{compared}"}
    figures: dict[str, object] = {}
    for name, path in pages.items():
        times = []
        for _ in range(40):
            started = time.perf_counter()
            assert client.get(f"/estimates{path}").status_code == 200
            times.append(time.perf_counter() - started)
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/estimates{path}")
        figures[name] = {"p95_milliseconds": round(1000 * sorted(times)[37], 1), "queries": len(asked)}
    return figures


if __name__ == "__main__":
    main()
