"""How well the tests hold: change the verifier in one place at a time, and see whether a test notices.

    pip install mutmut            # makes the changes; not needed by anything else here
    python tests/package/mutation.py verify.py package.py --sample 300

mutmut's own runner runs every test that touches a function, which for a verifier is all of them. Here each change is
tried in a forked process in which all is imported already, against the quick tests first, and the rest of the tests
only where these notice nothing. What was tried is kept in --results, and a second run goes on from there.
"""

import argparse
import json
import os
import random
import shutil
import signal
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
QUICK = ["tests/package/test_proofs_alone.py"]
MORE = ["test_dishonest_member.py", "test_timestamps.py", "test_formats.py", "test_bad_bytes.py", "test_every_byte.py"]
# Left out: what runs the verifier as a program (a changed copy cannot run alone), and draws thousands of examples.
WITHOUT = (
    "stands_alone", "module_laid", "in_an_environment", "lying_verifier", "packages_own_listed", "python_3_9",
    "coreutils", "any_index", "any_history", "any_bytes", "of_any", "any_content", "bytes_changed_anywhere",
    "change_places", "flipped", "alike_every", "any_depth", "longer_than_a_megabyte", "sha384", "sha512",
)  # fmt: skip


def changed_copy(folder: Path, module: str) -> list[str]:
    """A copy of the project in which one module holds all changes at once, each asleep; the names of the changes."""
    mutate = import_module("mutmut.mutation.file_mutation").mutate_file_contents
    for part in ("src", "tests", "docs", "pyproject.toml"):
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
        else:
            shutil.copy(source, folder / part)
    path = folder / "src/corroborate/custody" / module
    made = mutate(str(path), path.read_text(encoding="utf-8"))
    code, names = made.code, made.mutant_names
    path.write_text(code, encoding="utf-8")
    return [f"corroborate.custody.{module.removesuffix('.py')}.{name}" for name in names]


def noticed(name: str, seconds: int) -> tuple[bool, float]:
    """Whether any test notices a change, in a child that is ended after so many seconds: an endless loop is noticed."""
    began = time.perf_counter()
    child = os.fork()
    if child == 0:
        import pytest

        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        os.environ["MUTANT_UNDER_TEST"] = name
        signal.alarm(seconds)
        common = ["-q", "-x", "-p", "no:cacheprovider", "-m", "not long and not browser"]
        more = [f"tests/package/{one}" for one in MORE]
        failed = pytest.main([*common, *QUICK])
        failed = failed or pytest.main([*common, "-k", " and ".join(f"not {one}" for one in WITHOUT), *more])
        os._exit(int(failed))
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) != 0, time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description="Mutation score of the verifier and the packer.")
    parser.add_argument("modules", nargs="+", help="files of corroborate/custody")
    parser.add_argument("--sample", type=int, default=300, help="changes of each module, drawn by chance")
    parser.add_argument("--seconds", type=float, default=200, help="stop after so many, and go on next time")
    parser.add_argument("--folder", type=Path, default=Path("mutants"), help="where the changed copy lies")
    given = parser.parse_args()
    began, kept = time.perf_counter(), given.folder / "results.json"
    results: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    for module in given.modules:
        folder, listed = given.folder / module, given.folder / f"{module}.json"
        if not listed.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            listed.write_text(json.dumps(changed_copy(folder, module)), encoding="utf-8")
        names = sorted(json.loads(listed.read_text(encoding="utf-8")))
        chosen = random.Random(1948).sample(names, min(given.sample, len(names)))
        _run(module, folder.resolve(), chosen, results, began + given.seconds)
        kept.write_text(json.dumps(results, indent=0), encoding="utf-8")
        tried = [name for name in chosen if name in results]
        killed = sum(results[name] for name in tried)
        print(f"{module}: {len(names)} changes, {len(tried)} of {len(chosen)} drawn tried, {killed} noticed")  # noqa: T201
        for name in tried:
            if not results[name]:
                print("  not noticed:", name)  # noqa: T201


def _run(module: str, folder: Path, chosen: list[str], results: dict[str, Any], until: float) -> None:
    """In a child of its own, so that each module is imported from its own changed copy."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.chdir(folder)
        sys.path.insert(0, str(folder / "src"))
        os.environ["MUTANT_UNDER_TEST"] = ""
        loaded = import_module(f"corroborate.custody.{module.removesuffix('.py')}")
        assert str(folder) in str(loaded.__file__), loaded.__file__
        for name in ("pytest", "hypothesis", "cryptography.x509", "corroborate.custody.verify"):
            import_module(name)
        whole, seconds = noticed("", 600)
        assert not whole, "the tests fail without any change"
        for name in chosen:
            if name not in results and time.perf_counter() < until:
                line = json.dumps([name, noticed(name, int(10 * seconds) + 20)[0]])
                os.write(writer, line.encode() + b"\n")
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as lines:
        for line in lines:
            name, found = json.loads(line)
            results[name] = found
    os.waitpid(child, 0)


if __name__ == "__main__":
    main()
