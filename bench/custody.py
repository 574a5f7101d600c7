"""The log: appends, checkpoints, proofs and cosignatures.

Peers in the same run: RFC 6962's own recursive definition in plain Python, and Go's sumdb where Go is installed.
"""

import hashlib
import itertools
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from corroborate.custody import (
    Checkpoint,
    Disk,
    Log,
    Remember,
    Signer,
    Tree,
    Watched,
    add_checkpoint,
    check_inclusion,
    leaf_hash,
    request_for,
    seal,
    tile_path,
)
from corroborate.custody.files import put
from corroborate.custody.merkle import leaf_hashes
from corroborate.custody.tiles import bundle
from corroborate.records import Entity
from corroborate.values import new_id
from corroborate_node import api
from corroborate_node.core.desk import owner
from corroborate_node.log import actions as log_actions
from corroborate_node.records import actions as records_actions

AT = datetime(2026, 1, 1, tzinfo=UTC)
SIGNER, WITNESS = Signer("bench", b"\x01" * 32), Signer("witness", b"\x02" * 32)
ITEMS, PROOFS, BATCH, BULK = 10_000, 50_000, 256, 1_000_000


def salt(number: int) -> bytes:
    return number.to_bytes(32, "big")


def per_second(count: int, started: float) -> int:
    return round(count / (time.perf_counter() - started))


def signed(size: int, root: bytes) -> bytes:
    text = Checkpoint("bench", size, root).text()
    return f"{text}\n{SIGNER.line(text)}".encode()


def recursive_root(entries: list[bytes]) -> bytes:
    """Section 2.1 of RFC 6962 as it stands there: the peer."""
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    split = 1 << (len(entries) - 1).bit_length() - 1
    left, right = recursive_root(entries[:split]), recursive_root(entries[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def bulk() -> dict[str, object]:
    """The whole tree of some entries, every level kept, against the root alone by the definition."""
    entries = [n.to_bytes(32, "big") for n in range(BULK)]
    started = time.perf_counter()
    tree = Tree(leaf_hashes(entries))
    ours = per_second(BULK, started)
    some = entries[: BULK // 4]
    started = time.perf_counter()
    assert recursive_root(some) == tree.root(len(some))
    return {"bulk_tree_entries_per_second": ours, "bulk_tree_plain_python_per_second": per_second(len(some), started)}


def vault_appends() -> dict[str, object]:
    """Records of a real, encrypted vault, each batch one transaction with its seals; then with a checkpoint each."""

    def people(first: int) -> list[Entity]:
        ids = ((first + n).to_bytes(10, "big") for n in range(BATCH))
        return [Entity(new_id("person", milliseconds=1, randomness=one), "person") for one in ids]

    figures: dict[str, object] = {}
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        api.create_vault(Path(folder) / "vault", "bench", "long enough to hold")
        with api.open_vault(Path(folder) / "vault", "long enough to hold") as vault:
            for name, with_checkpoint in (("appends", False), ("appends_each_batch_checkpointed", True)):
                first = ITEMS if with_checkpoint else 0
                batches = [people(first + start) for start in range(0, ITEMS - BATCH + 1, BATCH)]
                started = time.perf_counter()
                for batch in batches:
                    records_actions.receive(owner(vault, AT), batch, [], [], [])
                    if with_checkpoint:
                        log_actions.checkpoint(owner(vault, AT))
                figures[f"durable_{name}_per_second"] = per_second(len(batches) * BATCH, started)
    return figures


def checkpoint_at_ten_million() -> dict[str, object]:
    """One batch more after ten million entries: read the edge, check it, write tiles and checkpoint, all durable.

    The edge is what such a log has on disk at that size; tiles left of it are not read, and are not made here.
    """
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        files, size = Disk(Path(folder)), 10_000_000
        last = [n.to_bytes(32, "big") for n in range(size % 256)]
        put(files, {tile_path("entries", size // 256, size % 256): bundle(last)})
        for level in range(4):
            index, width = divmod(size >> 8 * level, 256)
            if width:
                hashes = (
                    [leaf_hash(one) for one in last] if level == 0 else [bytes([level, n] * 16) for n in range(width)]
                )
                put(files, {tile_path(level, index, width): b"".join(hashes)})
        log, taken = Log(files), []
        root = log.tree(size).root()
        for batch in range(20):
            new = [(batch * BATCH + n).to_bytes(32, "big") for n in range(BATCH)]
            started = time.perf_counter()
            root = log.extend(size, root, new)
            size += BATCH
            log.publish(signed(size, root))
            taken.append(time.perf_counter() - started)
        return {"checkpoint_at_10M_milliseconds": round(1000 * statistics.median(taken), 1)}


def cosigning() -> dict[str, object]:
    """Requests of growing logs, parsed, checked and cosigned by one witness, one after another."""
    tree = Tree([leaf_hash(n.to_bytes(32, "big")) for n in range(50_000)])
    steps = itertools.pairwise(range(1000, 50_001, 50))
    requests = [request_for(signed(1000, tree.root(1000)), 0, [])]
    requests += [request_for(signed(size, tree.root(size)), old, tree.consistency(old, size)) for old, size in steps]
    state = {"bench": Watched((SIGNER.verifier(),))}
    started = time.perf_counter()
    for request in requests:
        (effect,) = add_checkpoint(request, state, WITNESS, AT).effects
        assert isinstance(effect, Remember)
        state = {"bench": Watched((SIGNER.verifier(),), effect.seen)}
    return {"cosignatures_per_second": per_second(len(requests), started)}


def sumdb() -> dict[str, object]:
    """Go's golang.org/x/mod/sumdb on the same work, where Go and its sources are installed."""
    go, sources = shutil.which("go"), Path("/usr/share/gocode/src/golang.org/x/mod/sumdb")
    if go is None or not sources.is_dir():
        return {"sumdb": "not installed"}
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "GO111MODULE": "off", "GOPATH": str(sources.parents[4]), "GOFLAGS": ""}
        source = Path(__file__).parents[1] / "tests" / "custody" / "sumdb" / "main.go"
        subprocess.run([go, "build", "-o", f"{folder}/sumdb", source], env=environment, check=True)
        done = subprocess.run([f"{folder}/sumdb", "bench", str(BULK // 4)], capture_output=True, text=True, check=True)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def proofs() -> dict[str, int]:
    entries = [seal(b'{"record": %d}' % n, salt(n)).commitment for n in range(ITEMS)]
    tree = Tree([leaf_hash(entry) for entry in entries])
    root = tree.root()
    started = time.perf_counter()
    made = [(n % ITEMS, tree.inclusion(n % ITEMS)) for n in range(PROOFS)]
    making = per_second(PROOFS, started)
    started = time.perf_counter()
    for at, proof in made:
        check_inclusion(leaf_hash(entries[at]), at, ITEMS, proof, root)
    return {"proofs_made_per_second": making, "proofs_checked_per_second": per_second(PROOFS, started)}


def main() -> None:
    figures: dict[str, object] = {**bulk(), **cosigning(), **checkpoint_at_ten_million(), **vault_appends(), **sumdb()}
    figures |= proofs()
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
