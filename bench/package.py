"""A package of 10,000 items: seconds to write and to verify it, and memory against one of a tenth its size.

Every measurement is a process of its own, so that its memory is its own. `coreutils_seconds`: sha256sum and sha512sum
over the same manifests, the least that any verifier of a bag must do.
"""

import hashlib
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from corroborate.custody import (
    COSIGNATURE_V1,
    Checkpoint,
    Description,
    Item,
    Policy,
    Signer,
    Software,
    Tree,
    leaf_hash,
    package_parts,
    seal,
    write_package,
)

AT = datetime(2026, 1, 1, tzinfo=UTC)
OWNER, *WITNESSES = (Signer(f"{name}.example", name.encode() * 32) for name in "abc")
ITEMS = 10_000


def record(number: int) -> bytes:
    """About as long as a claim."""
    return b'{"id":"claim_%032x","property":"testimony","value":"%s"}' % (number, b"invented words " * 20)


def salt(number: int) -> bytes:
    return hashlib.sha256(b"salt %d" % number).digest()


def write(folder: Path, size: int) -> None:
    """A package whose records are made one by one, as a vault reads them."""
    tree = Tree([leaf_hash(seal(record(n), salt(n)).entry) for n in range(size)])
    text = Checkpoint(OWNER.name, size, tree.root()).text()
    lines = [OWNER.line(text), *(one.cosignature_line(text, AT) for one in WITNESSES)]
    policy = Policy(OWNER.verifier(), {one.name: one.verifier(COSIGNATURE_V1) for one in WITNESSES}, 2)
    items = (
        Item(f"claim_{n:032x}.json", n, seal(record(n), salt(n)).commitment, record(n), salt(n), "testimony")
        for n in range(size)
    )
    about = Description("bench", "bench", AT, Software("corroborate"), "to everybody", invented=True)
    write_package(folder, package_parts(items, tree, f"{text}\n{''.join(lines)}".encode(), policy, OWNER, about))


def alone(*arguments: object) -> dict[str, float]:
    """This program's answer to one question, in a process of its own."""
    done = subprocess.run([sys.executable, __file__, *map(str, arguments)], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def answer(what: str, folder: Path, size: int) -> dict[str, object]:
    from corroborate.custody.verify import verify

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    if what == "write":
        write(folder, size)
    else:
        result = verify(folder, (Path(folder).with_suffix("") / "data" / "policy.txt").read_bytes())
        assert (result["verdict"], result["checked"]["items"]) == ("valid", size), result["failures"][:3]
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": round(seconds, 2), "peak_mb": round(peak / 1024), "more_mb": round((peak - before) / 1024)}


def main() -> None:
    figures: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as name:
        for size in (ITEMS // 10, ITEMS):
            folder = Path(name) / str(size)
            figures[f"write_{size}"] = alone("write", folder, size)
            figures[f"verify_{size}"] = alone("verify", folder, size)
            packed = shutil.make_archive(str(folder), "zip", name, str(size))
            figures[f"verify_{size}_as_zip"] = alone("verify", packed, size)
        started = time.perf_counter()
        for algorithm in ("sha256", "sha512"):
            line = [f"{algorithm}sum", "--check", "--quiet", f"manifest-{algorithm}.txt"]
            subprocess.run(line, cwd=folder, check=True)
        figures["coreutils_seconds"] = round(time.perf_counter() - started, 2)
    print(json.dumps(figures))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(answer(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))))
    else:
        main()
