"""How well the tests of custody hold: change the code in one place at a time, and see whether a test notices.

    pip install mutmut            # makes the changes; not needed by anything else here
    python tests/package/mutation.py verify.py notes.py --sample 300

What makes thousands of changes affordable: each line's tests are known (coverage's contexts), so a change costs only
the tests that run its line, the quick ones first, up to the first that fails; and each change is tried in a fork of
one process in which everything is imported and collected already, by giving the function the changed code.
What was tried is kept in --folder by the text of the change, and a second run goes on from there.
"""

import argparse
import ast
import contextlib
import gc
import hashlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
CUSTODY = ROOT / "src/corroborate/custody"
TESTS = ("tests/custody", "tests/package", "tests/conformance/test_tlog.py")
# A killed process is another program's, in which nothing is changed; these would only cost time.
WITHOUT = ("--deselect=tests/custody/test_crashes.py", "-m", "not long and not browser")
COMMON = ("-o", "addopts=--import-mode=importlib", "-p", "no:cacheprovider", "-p", "no:terminal", *WITHOUT)
LONGEST = 9.0  # seconds of a test; longer ones are left out, so that the score is a lower bound
MEMORY = 6 << 30  # bytes that a change may take before it is noticed by that


@dataclass(frozen=True)
class Change:
    """One function of a module with one place changed."""

    module: str  # without .py
    name: str  # mutmut's
    owner: str  # class, or ""
    function: str
    lines: range  # of the statement in the module as it stands
    was: str
    became: str
    code: CodeType
    arguments: ast.arguments

    @property
    def key(self) -> str:
        text = f"{self.function}\n{self.lines.start}\n{self.was}\n{self.became}"
        return f"{self.module}.{self.name} {hashlib.sha256(text.encode()).hexdigest()[:12]}"


def changes(path: Path) -> Iterator[Change]:
    """All changes that mutmut makes to a module, each as the code of one function."""
    mutate = import_module("mutmut.mutation.file_mutation").mutate_file_contents
    source = path.read_text(encoding="utf-8")
    made = mutate(str(path), source)
    compiled = dict(_codes(compile(made.code, str(path), "exec")))
    texts, originals = dict(_functions(made.code)), dict(_functions(source))
    source_lines, made_lines = source.split("\n"), made.code.split("\n")
    for name in made.mutant_names:
        base = name.rpartition("__mutmut_")[0]
        owner, _, function = base.removeprefix("x").strip("ǁ").rpartition("ǁ") if "ǁ" in base else ("", "", base[2:])
        before, after = originals[owner, function], texts[owner, name]
        was, became = _lines(source_lines, before), _lines(made_lines, after)
        at = next((n for n in range(1, len(was)) if n >= len(became) or was[n] != became[n]), 0)
        end = len(became) - len(was)
        more = next((n for n in range(1, len(was) - at) if was[-n] != became[-n]), len(was) - at)
        changed = "\n".join(became[at : len(became) - more + 1]) if end else became[at]
        statement = _statement(before, before.lineno + at) if at else range(before.lineno, before.end_lineno or 0)
        yield Change(
            path.stem, name, owner, function, statement, was[at], changed.replace(name, function), compiled[name],
            after.args,
        )  # fmt: skip


def _codes(code: CodeType) -> Iterator[tuple[str, CodeType]]:
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield const.co_name, const
            if "__mutmut_" not in const.co_name:
                yield from _codes(const)


def _functions(source: str) -> Iterator[tuple[tuple[str, str], ast.FunctionDef]]:
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            yield ("", node.name), node
        elif isinstance(node, ast.ClassDef):
            yield from (((node.name, one.name), one) for one in node.body if isinstance(one, ast.FunctionDef))


def _lines(lines: list[str], function: ast.FunctionDef) -> list[str]:
    return lines[function.lineno - 1 : function.end_lineno]


def _statement(function: ast.FunctionDef, line: int) -> range:
    """The lines of the innermost statement at a line; of a compound one, those of its head."""
    found = range(function.lineno, (function.end_lineno or 0) + 1)
    for node in ast.walk(function):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0):
            inner = getattr(node, "body", None)
            end = inner[0].lineno if isinstance(inner, list) else (node.end_lineno or 0) + 1
            if node.lineno <= line < max(end, node.lineno + 1) and end - node.lineno < len(found):
                found = range(node.lineno, max(end, node.lineno + 1))
    return found


def original(change: Change) -> FunctionType:
    """The function that a change is of, out of its wrappings."""
    found: Any = import_module(f"corroborate.custody.{change.module}")
    for part in filter(None, (change.owner, change.function)):
        found = vars(found)[part]
    found = getattr(found, "fget", None) or found
    found = getattr(found, "__func__", found)
    return found if isinstance(found, FunctionType) else found.__wrapped__


# Which tests run a line, and how long each takes


class _Durations:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        assert not report.failed, f"{report.nodeid} fails without any change"
        self.seconds[report.nodeid] += report.duration


def observe(folder: Path) -> dict[str, Any]:
    """For each file of tests: its digest, its tests' seconds, and the lines that each test runs. Only what is new."""
    kept = folder / "tests.json"
    known: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    files = [
        one for test in TESTS for one in sorted((ROOT / test).rglob("test_*.py") if "." not in test else [ROOT / test])
    ]
    common = b"".join(one.read_bytes() for one in sorted([*CUSTODY.glob("*.py"), *ROOT.glob("tests/*/[cw]o*.py")]))
    digests = {
        str(one.relative_to(ROOT)): hashlib.sha256(common + one.read_bytes()).hexdigest()
        for one in files
        if one.name != "test_crashes.py"
    }
    new = [name for name, digest in digests.items() if known.get(name, {}).get("digest") != digest]
    if new:
        print("observing", *new, file=sys.stderr)  # noqa: T201
        asked = [sys.executable, __file__, "--observe", *new, "--folder", str(folder)]
        subprocess.run(asked, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        found = json.loads((folder / "observed.json").read_text(encoding="utf-8"))
        for name in new:
            known[name] = {"digest": digests[name], **found.get(name, {"seconds": {}, "lines": {}})}
    known = {name: known[name] for name in digests}
    kept.write_text(json.dumps(known), encoding="utf-8")
    return known


def _observe(files: list[str], folder: Path) -> None:
    import coverage

    os.environ["COVERAGE_FILE"] = str(folder / "contexts")
    durations = _Durations()
    measuring = ["--cov=corroborate.custody", "--cov-context=test", "--cov-report="]
    failed = pytest.main([*COMMON, *measuring, *files], plugins=[durations])
    assert failed in (0, 5), "the tests fail without any change"
    data = coverage.CoverageData(str(folder / "contexts"))
    data.read()
    out: dict[str, Any] = {name: {"seconds": {}, "lines": defaultdict(lambda: defaultdict(list))} for name in files}
    for test, seconds in durations.seconds.items():
        out[test.partition("::")[0]]["seconds"][test] = round(seconds, 3)
    for path in data.measured_files():
        for line, contexts in data.contexts_by_lineno(path).items():
            for context in filter(None, contexts):
                test, _, when = context.rpartition("|")
                file = test.partition("::")[0]
                # what a shared fixture runs is run for every test of the file
                out[file]["lines"][file if when == "setup" else test][Path(path).stem].append(line)
    (folder / "observed.json").write_text(json.dumps(out), encoding="utf-8")


def tests_of(change: Change, observed: dict[str, Any], patience: float) -> list[str]:
    """The tests that run a change's statement: file by file, the quick files and tests first."""
    lines, files = set(change.lines), []
    for name, file in observed.items():
        ran = {test for test, modules in file["lines"].items() if lines & set(modules.get(change.module, ()))}
        tests = sorted(
            (s, test) for test, s in file["seconds"].items() if s <= LONGEST and (test in ran or name in ran)
        )
        files.append((sum(s for s, _ in tests), [test for _, test in tests]))
    found, left = [], patience
    for test in (test for _, tests in sorted(files) for test in tests):
        seconds = next(file["seconds"][test] for name, file in observed.items() if test.startswith(name + "::"))
        left -= seconds
        if left > 0:
            found.append(test)
    return found


# Trying them


class Trial:
    """Takes pytest's place once everything is collected: a fork for each change."""

    def __init__(self, asked: list[Change], observed: dict[str, Any], given: argparse.Namespace) -> None:
        self.asked, self.observed, self.given = asked, observed, given
        self.kept = given.folder / "results.json"
        self.results: dict[str, Any] = json.loads(self.kept.read_text(encoding="utf-8")) if self.kept.exists() else {}
        self.seconds = {test: s for file in observed.values() for test, s in file["seconds"].items()}
        self.noticing: dict[tuple[str, str], list[str]] = defaultdict(list)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        from hypothesis import Phase, settings

        # A failing example is enough; nobody reads the smallest one here.
        quick = settings(settings.get_profile("default"), phases=[Phase.explicit, Phase.generate], database=None)
        settings.register_profile("default", quick)
        settings.load_profile("default")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        assert not session.testsfailed, "the tests cannot be collected"
        items = {item.nodeid: item for item in session.items}
        base = session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
        began = time.perf_counter()
        gc.collect()
        gc.freeze()  # a child that collected would copy everything first
        for change in self.asked:
            held = self.results.get(change.key)
            if (held is None) == self.given.again or (held and held["noticed"]):
                continue
            if time.perf_counter() - began > self.given.seconds:
                break
            where = (change.module, change.function)
            tests = [one for one in tests_of(change, self.observed, self.given.patience) if one in items]
            first = [one for one in self.noticing[where] if one in tests]
            tests = list(dict.fromkeys([*first, *tests]))
            outcome = self._try(change, [items[one] for one in tests])
            shutil.rmtree(base, ignore_errors=True)
            base.mkdir(mode=0o700)
            if by := outcome.get("by"):
                self.noticing[where] = [by, *(one for one in self.noticing[where] if one != by)][:5]
            self.results[change.key] = outcome
            if not outcome["noticed"]:
                print(shown(change, outcome), file=sys.__stderr__, flush=True)
            self.kept.write_text(json.dumps(self.results, indent=0), encoding="utf-8")
        return True

    def _try(self, change: Change, items: list[pytest.Item]) -> dict[str, Any]:
        """Whether any of the tests notices a change, in a child that may take so long: an endless loop is noticed."""
        began, expected = time.perf_counter(), sum(self.seconds[item.nodeid] for item in items)
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            os.setsid()
            resource.setrlimit(resource.RLIMIT_CPU, (int(15 + 5 * expected), int(20 + 5 * expected)))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            signal.alarm(int(60 + 20 * expected))
            nowhere = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(nowhere, stream)
            _child(change, items, write)
        os.close(write)
        with os.fdopen(read, encoding="utf-8") as line:
            by = line.read()
        _, status = os.waitpid(child, 0)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # what the tests had started
        code = os.waitstatus_to_exitcode(status)
        took = round(time.perf_counter() - began, 2)
        return {"noticed": code != 0, "code": code, "by": by, "tests": len(items), "seconds": took}


class _Stop:
    """Ends the child at the first test that fails, and says which."""

    def __init__(self, write: int) -> None:
        self.write = write

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            os.write(self.write, report.nodeid.encode())
            os._exit(1)


def _child(change: Change, items: list[pytest.Item], write: int) -> None:
    function = original(change)
    function.__code__ = change.code.replace(co_name=function.__code__.co_name, co_qualname=function.__qualname__)
    defaults = change.arguments.defaults, [one for one in change.arguments.kw_defaults if one is not None]
    if any(isinstance(one, ast.Constant) for group in defaults for one in group):  # a number or a word may be changed
        bare = ast.Lambda(change.arguments, ast.Constant(None))
        for argument in ast.walk(change.arguments):
            if isinstance(argument, ast.arg):
                argument.annotation = None
        made = eval(compile(ast.fix_missing_locations(ast.Expression(bare)), "", "eval"), function.__globals__)  # noqa: S307
        function.__defaults__, function.__kwdefaults__ = made.__defaults__, made.__kwdefaults__
    for item in items[:1]:
        item.config.pluginmanager.register(_Stop(write))
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    os._exit(0)


def shown(change: Change, outcome: dict[str, Any]) -> str:
    where = (
        f"{change.module}.py:{change.lines.start} {change.owner or ''}{'.' if change.owner else ''}{change.function}"
    )
    return f"not noticed by {outcome['tests']} tests: {where} [{change.name}]\n  - {change.was}\n  + {change.became}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Mutation score of the modules of custody.")
    parser.add_argument("modules", nargs="*", help="files of corroborate/custody; none: all")
    parser.add_argument("--sample", type=int, default=100, help="changes of each module, drawn by chance")
    parser.add_argument("--seconds", type=float, default=200, help="stop after so many, and go on next time")
    parser.add_argument("--patience", type=float, default=20, help="seconds of tests for one change, quick ones first")
    parser.add_argument("--again", action="store_true", help="try once more what was not noticed")
    parser.add_argument("--report", action="store_true", help="try nothing; print the table of what was tried")
    parser.add_argument("--folder", type=Path, default=Path("mutants"), help="where the results lie")
    parser.add_argument("--observe", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    given.folder = given.folder.resolve()
    given.folder.mkdir(parents=True, exist_ok=True)
    os.chdir(ROOT)
    if given.observe:
        _observe(given.observe, given.folder)
        return
    names = given.modules or sorted(one.name for one in CUSTODY.glob("*.py") if one.stem not in ("__init__", "words"))
    all_of = {name: list(changes(CUSTODY / name)) for name in names}
    every = [one for made in all_of.values() for one in made]
    results = given.folder / "results.json"
    if not given.report:
        # Drawn by digest, so that a change of the code leaves the rest of the sample as it was.
        drawn = [one for made in all_of.values() for one in sorted(made, key=_chance)[: given.sample]]
        trial = Trial(every if given.again else drawn, observe(given.folder), given)
        sys.path.insert(0, str(ROOT / "src"))
        pytest.main([*COMMON, *TESTS], plugins=[trial])
    found = json.loads(results.read_text(encoding="utf-8")) if results.exists() else {}
    _report(all_of, [one for one in every if one.key in found], found)


def _chance(change: Change) -> str:
    return hashlib.sha256(f"1948 {change.key}".encode()).hexdigest()


def _report(all_of: dict[str, list[Change]], tried: list[Change], found: dict[str, Any]) -> None:
    print("| module | changes possible | tried | noticed | score |\n|---|---|---|---|---|")  # noqa: T201
    rows = {name: [one for one in tried if f"{one.module}.py" == name] for name in all_of}
    for name, of in {**rows, "all": tried}.items():
        noticed = sum(found[one.key]["noticed"] for one in of)
        possible = len(all_of[name]) if name in all_of else sum(map(len, all_of.values()))
        print(f"| `{name}` | {possible} | {len(of)} | {noticed} | {100 * noticed / max(1, len(of)):.1f} % |")  # noqa: T201
    for one in tried:
        if not found[one.key]["noticed"]:
            print(shown(one, found[one.key]))  # noqa: T201


if __name__ == "__main__":
    main()
