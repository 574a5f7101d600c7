"""How the house stands: who loads whom, how long a function is, and what may only become less."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from corroborate_cli.lazy import Lazy
from corroborate_cli.main import COMMANDS, group

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src"
ANALYSIS = ("numpy", "numba", "scipy", "duckdb", "pyarrow", "splink")
ON_FILES = (
    "members", "verify", "link", "dedupe", "overlap", "estimate", "import_", "dossier", "log", "log_files", "statement",
    "statement_files",
)  # fmt: skip
ON_VAULTS = (
    "accounts", "action", "consent", "correct", "demand", "doctor", "exchange", "findings", "journal", "log_vault",
    "new", "pack", "publish", "release", "review", "serve", "statement_vault", "target", "import_lists", "withdraw",
)  # fmt: skip

# What is counted may only become less. Whoever makes it less writes the new number here.
LONGER: dict[str, str] = {}  # functions of 60 lines and more, with why
MOST = {"type: ignore": 42, "fmt: skip": 467, "fmt: off": 0, "noqa": 48}  # comments that silence a check
MOST_INSIDE = (
    60  # imports inside functions: of what is an extra or slow to load, or what a command on files goes without
)
LATER = {  # modules of the node that import others inside functions, with why
    "corroborate_node/starting.py": "models can be loaded only once Django is set up",
    "corroborate_node/core/apps.py": "Django loads it before models",
    "corroborate_node/estimates/running.py": "needs what analysis installs",
    "corroborate_node/review/loading.py": "needs what analysis installs",
}
MOST_PER_FILE = 16  # files and folders with rules of their own in pyproject.toml


def modules() -> dict[str, Path]:
    """Every module of the three packages by its name."""
    found = {}
    for path in SRC.rglob("*.py"):
        name = ".".join(path.relative_to(SRC).with_suffix("").parts)
        found[name.removesuffix(".__init__")] = path
    return found


def loaded_with(names: tuple[str, ...], wanted: tuple[str, ...]) -> list[str]:
    code = (
        f"import importlib, sys; [importlib.import_module('corroborate_cli.' + one) for one in {names!r}]; "
        f"print(*[one for one in {wanted!r} if one in sys.modules])"
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


def test_a_command_on_files_loads_no_django_and_no_analysis():
    assert loaded_with(ON_FILES, ("django", "corroborate_node", *ANALYSIS)) == []


def test_a_command_on_a_vault_loads_no_analysis():
    assert loaded_with(ON_VAULTS, ANALYSIS) == []


def _groups(command: click.Command, context: click.Context) -> Iterator[Lazy]:
    if isinstance(command, Lazy):
        yield command
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _groups(inner, context)


def test_every_command_is_where_its_group_says():
    groups = list(_groups(group, click.Context(group)))
    assert len(groups) == 3
    assert set(groups[0].places) == set(COMMANDS)
    for one in groups:
        for name, place in one.places.items():
            command = one.get_command(click.Context(one), name)
            assert command is not None
            assert place.line.endswith(".")
            assert command.name in (name, place.name, "command")


def test_commands_open_a_vault_in_one_place_alone():
    """``opened`` and ``looked_into`` of desks.py hand in the marks: past them an older copy could sign."""
    opening = re.compile(r"\bopen_vault\(|\bopening\(|\bvaults\.opening\b|\b_unlock\(")
    found = [name for name, path in modules().items() if name.startswith("corroborate_cli.")
             and opening.search(path.read_text(encoding="utf-8"))]  # fmt: skip
    assert found == ["corroborate_cli.desks"]


@pytest.mark.parametrize("package", ["corroborate", "corroborate_node", "corroborate_cli"])
def test_no_modules_go_in_a_circle(package: str):
    """Imports inside functions are counted, and those for types alone."""
    known = {name: path for name, path in modules().items() if name.split(".")[0] == package and name != package}
    below: dict[str, set[str]] = {}
    for name, path in known.items():
        below[name] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                below[name] |= {full if full in known else node.module for full in _full(node)} & set(known)
            elif isinstance(node, ast.Import):
                below[name] |= {one.name for one in node.names} & set(known)
        below[name].discard(name)
    while free := [name for name, targets in below.items() if not targets & set(below)]:
        for name in free:
            del below[name]
    assert below == {}, "these import one another"


def _full(node: ast.ImportFrom) -> list[str]:
    return [f"{node.module}.{one.name}" for one in node.names]


def long_functions() -> dict[str, int]:
    """Functions of 60 lines and more."""
    found = {}
    for path in modules().values():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines >= 60:
                    found[f"{path.relative_to(SRC).as_posix()}:{node.name}"] = lines
    return found


def test_no_function_has_sixty_lines():
    assert sorted(long_functions()) == sorted(LONGER), "split it; one that was split leaves the list"


@pytest.mark.parametrize("words", MOST)
def test_no_more_is_silenced(words: str):
    texts = [path.read_text(encoding="utf-8") for path in modules().values()]
    count = sum(len(re.findall(f"# {words}", text)) for text in texts)
    assert count <= MOST[words], "find another way"


def test_no_more_files_have_rules_of_their_own():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert len(project["tool"]["ruff"]["lint"]["per-file-ignores"]) <= MOST_PER_FILE


def inside(path: Path) -> list[str]:
    """Imports inside functions."""
    trees = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    functions = [one for one in trees if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    found = {
        f"{path.relative_to(SRC).as_posix()}:{node.lineno}"
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    return sorted(found)


def test_no_more_imports_hide_in_functions():
    found = [place for path in modules().values() for place in inside(path)]
    assert len(found) <= MOST_INSIDE, found


def test_no_import_of_the_node_hides_in_the_node():
    """Models are there once the node is imported, without a vault: there is no reason left."""
    hidden = []
    for name, path in modules().items():
        lines = path.read_text(encoding="utf-8").splitlines()
        if name.startswith("corroborate_node."):
            places = [(one, lines[int(one.rpartition(":")[2]) - 1]) for one in inside(path)]
            hidden += [
                place for place, line in places if "corroborate_node" in line and place.split(":")[0] not in LATER
            ]
    assert hidden == []


def test_every_package_is_checked_strictly_and_only_what_stands_alone_is_let_off():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    checked, shipped = project["mypy"], project["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert checked["strict"]
    assert sorted(checked["packages"]) == sorted(Path(one).name for one in shipped)
    assert checked["plugins"] == ["mypy_django_plugin.main"]
    assert not {"exclude", "disable_error_code", "untyped_calls_exclude"} & checked.keys()
    ours = [one for one in checked["overrides"] if "corroborate" in str(one["module"])]
    assert [one["module"] for one in ours] == ["corroborate.custody.verify"]
