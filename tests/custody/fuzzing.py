"""Each parser under coverage-guided fuzzing: minutes of bytes that a program made up to reach new branches.

    pip install atheris           # the fuzzer; not needed by anything else here
    python tests/custody/fuzzing.py --seconds 120            # all parsers, one after another
    python tests/custody/fuzzing.py --seconds 600 "note"     # one of them

Each begins with a good file and small parts of it. Only an error of our own may come out; a parser that raises
another, or takes 20 seconds or 2 GB over one input, ends the run, and the input is written to the working directory.
"""

import argparse
import contextlib
import io
import multiprocessing
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import atheris

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

with atheris.instrument_imports(include=["corroborate.custody"]):
    from tests.custody import test_parsers as good

    from corroborate.custody import keys, verify

from corroborate.errors import CorroborateError  # noqa: E402

Parser = Callable[[bytes], object]


def _zip(content: bytes) -> object:
    try:
        return verify.Zip(io.BytesIO(content), 1 << 24)
    except verify.ZIP_FAULTS as error:  # which `verify` reports as a package that cannot be read
        raise verify.Bad(str(error)) from error


def _small_zip() -> bytes:
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("package/bagit.txt", "BagIt-Version: 1.0\n")
        archive.writestr("package/data/policy.txt", "quorum none\n")
    return packed.getvalue()


def _manifest(content: bytes) -> object:
    bag = verify.Bag.__new__(verify.Bag)
    bag.kept, bag.sizes = {"manifest-sha256.txt": content}, {}
    return bag._manifest("manifest-sha256.txt", "sha256", payload=True)


def parsers() -> dict[str, tuple[Parser, bytes]]:
    """By name: what reads, and a good file. The last are the stand-alone verifier's own."""
    digest = b"0" * 64
    return {
        **good.PARSERS,
        "change of key": (keys.is_change, good.PARSERS["note"][1]),
        "verifier: proof": (verify.read_proof, good.PROOF),
        "verifier: policy": (verify.Policy, good.PARSERS["policy"][1]),
        "verifier: note": (lambda content: verify.signatures(content, []), good.NOTE),
        "verifier: checkpoint": (
            lambda content: verify.read_checkpoint(content.decode("utf-8", "replace")),
            good.PARSERS["checkpoint"][1],
        ),
        "verifier: timestamp": (lambda content: verify.check_stamp(content, b""), bytes.fromhex("30053003020102")),
        "verifier: index": (
            lambda content: verify._index(SimpleNamespace(text=lambda _name: content), {}),
            b'{"version": 1, "items": [{"path": "a", "proof": "b", "commitment": "c"}]}',
        ),
        "verifier: manifest": (_manifest, digest + b"  data/index.json\n"),
        "verifier: zip": (_zip, _small_zip()),
    }


def fuzz(name: str, seconds: int) -> None:
    """Does not return: the fuzzer ends the process, with another code than 0 where it found something."""
    parse, seed = parsers()[name]

    def one(content: bytes) -> None:
        with contextlib.suppress(CorroborateError, verify.Bad):
            parse(content)

    with tempfile.TemporaryDirectory() as corpus:
        Path(corpus, "good").write_bytes(seed)
        Path(corpus, "half").write_bytes(seed[: len(seed) // 2])
        limits = ["-max_len=4096", "-timeout=20", "-rss_limit_mb=2048", "-print_final_stats=1"]
        atheris.Setup([sys.argv[0], corpus, f"-max_total_time={seconds}", *limits], one)
        atheris.Fuzz()


def main() -> int:
    asked = argparse.ArgumentParser(description="Fuzz the parsers of custody.")
    asked.add_argument("parsers", nargs="*", choices=[[], *parsers()], help="by name; none: all")
    asked.add_argument("--seconds", type=int, default=120, help="for each parser")
    given = asked.parse_args()
    found = []
    for name in given.parsers or parsers():
        print(f"== {name}", flush=True)  # noqa: T201
        child = multiprocessing.get_context("fork").Process(target=fuzz, args=(name, given.seconds))
        child.start()
        child.join()
        if child.exitcode:
            found.append(name)
    print("not only our own errors:" if found else "only our own errors came out", *found)  # noqa: T201
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
