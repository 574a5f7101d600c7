"""Search of names in an encrypted vault: p95 in milliseconds, two Hangul syllables among them.

`python bench/search.py 1000000` for the size of the goal; a first argument gives the number of names.
"""

import json
import sys
import tempfile
import time
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from corroborate.records import Claim, Entity, Source
from corroborate.values import new_id, read_name
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.records import actions as records_actions

AT = datetime(2026, 1, 1, tzinfo=UTC)
PASSPHRASE = "a passphrase to measure"
OWN = "an account's own passphrase"
SURNAMES, BLOCK = "김리박최정강조윤장림한오서신권황안송류홍", 20_000


def made(kind: str, number: int) -> str:
    return new_id(kind, milliseconds=number, randomness=number.to_bytes(10, "big"))


def names(count: int):
    for number in range(count):
        given = chr(0xAC00 + number * 37 % 11_172) + chr(0xAC00 + number * 101 % 11_172)
        yield number, SURNAMES[number % len(SURNAMES)] + given


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        api.create_vault(Path(folder) / "vault", "Bench", PASSPHRASE, account_passphrase=OWN)
        with api.open_vault(Path(folder) / "vault", PASSPHRASE) as vault:
            source = Source(made("source", 1), "list", "bench", invented=True)
            every, first = names(count), [source]
            started = time.perf_counter()
            while block := list(islice(every, BLOCK)):
                people = [Entity(made("person", number), "person") for number, _ in block]
                claims = [
                    Claim(
                        made("claim", n), made("person", n), "name", read_name(name), source.id, "row", "saw", "b", AT
                    )
                    for n, name in block
                ]
                records_actions.receive(owner(vault, AT), people, first, [], claims)
                first = []
            stored = time.perf_counter() - started
            from django.test import Client

            client = Client(headers={"host": "localhost"})
            assert client.login(username="keeper", password=OWN)
            times = []
            for _, name in islice(names(count), 0, count, max(1, count // 40)):
                started = time.perf_counter()
                assert client.get("/persons", {"q": name[1:]}).status_code == 200
                times.append(time.perf_counter() - started)
    print(
        json.dumps(
            {
                "names": count,
                "p95_milliseconds": round(1000 * sorted(times)[int(len(times) * 0.95) - 1], 1),
                "stored_per_second": round(count / stored),
            }
        )
    )


if __name__ == "__main__":
    main()
