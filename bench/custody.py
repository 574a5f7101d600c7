"""The log and its packages: appends, proofs and a package of 10,000 items, per second."""

import json
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from corroborate.custody import (
    Checkpoint,
    Description,
    Item,
    Policy,
    Signer,
    Tree,
    check_inclusion,
    leaf_hash,
    package_files,
    seal,
    write_log,
    write_package,
)
from corroborate.custody.verify import verify

AT = datetime(2026, 1, 1, tzinfo=UTC)
SIGNER = Signer("bench", b"\x01" * 32)
ITEMS, PROOFS, BATCH = 10_000, 20_000, 256


def salt(number: int) -> bytes:
    return number.to_bytes(32, "big")


def main() -> None:
    figures: dict[str, object] = {}
    seals = [seal(b'{"record": %d}' % n, salt(n)) for n in range(ITEMS)]
    entries = [one.commitment for one in seals]
    tree = Tree([leaf_hash(entry) for entry in entries])
    note = b""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        for end in range(BATCH, ITEMS + 1, BATCH):
            text = Checkpoint("bench", end, tree.root(end)).text()
            note = f"{text}\n{SIGNER.line(text)}".encode()
            write_log(Path(folder) / "log", entries[:end], note)
        figures["durable_appends_per_second"] = round(ITEMS / (time.perf_counter() - started))
        root = tree.root()
        proofs = [(n % ITEMS, tree.inclusion(n % ITEMS)) for n in range(PROOFS)]
        started = time.perf_counter()
        for at, proof in proofs:
            check_inclusion(leaf_hash(entries[at]), at, ITEMS, proof, root)
        figures["proofs_checked_per_second"] = round(PROOFS / (time.perf_counter() - started))
        text = Checkpoint("bench", ITEMS, root).text()
        note = f"{text}\n{SIGNER.line(text)}".encode()
        items = [
            Item(f"item_{n:05}.json", n, entries[n], b'{"record": %d}' % n, salt(n), "record") for n in range(ITEMS)
        ]
        about = Description("bench", "bench", AT, "corroborate", "public", invented=True)
        policy = Policy(SIGNER.verifier(), {}, 0)
        write_package(Path(folder) / "package", package_files(items, tree, note, policy, SIGNER, about))
        started = time.perf_counter()
        verdict = verify(Path(folder) / "package")["verdict"]
        figures["package_of_10000_verified_seconds"] = round(time.perf_counter() - started, 2)
        figures["verdict"] = verdict
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
