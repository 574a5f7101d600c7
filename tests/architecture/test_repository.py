"""What a checkout must never hold, and what must stay in step."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# Written in two halves, so that this file does not find itself.
HOSTS = (
    "pypi" + ".org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "debian" + ".org/debian",
    "npm" + "mirror.com",
)
PLACES = (
    r"(?<![\w.~-])/" + r"root/",
    r"(?<![\w.~-])/" + r"work/",
    r"(?<![\w.~-])/opt/" + r"pypi",
    r"/home/" + r"\w+/",
)


def committed() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_package_registry_or_a_path_of_some_machine():
    forbidden = re.compile("|".join([*map(re.escape, HOSTS), *PLACES]))
    found = []
    for path in committed():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {hit.group()}" for hit in forbidden.finditer(text)]
    assert found == []


def pinned(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    return {
        canonicalize_name(n): v for n, v in re.findall(r"^([A-Za-z0-9_.\-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", text, re.M)
    }


def wanted(name: str) -> list[Requirement]:
    project, groups = PROJECT["project"], PROJECT["dependency-groups"]
    extras = dict(project["optional-dependencies"])
    spark = extras.pop("spark")  # comes as source, so in a file of its own
    if name == "spark":
        return [Requirement(line) for line in spark]
    lines = [*project["dependencies"], *groups["build"]]
    if name != "users":
        lines += [line for extra in extras.values() for line in extra]
    if name == "development":
        lines += groups["dev"]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("name", ["users", "analysis", "development", "spark"])
def test_pinned_requirements_are_in_step_with_the_project(name: str):
    pins = pinned(name)
    behind = [
        str(one)
        for one in wanted(name)
        if canonicalize_name(one.name) not in pins
        or not one.specifier.contains(pins[canonicalize_name(one.name)], prereleases=True)
    ]
    assert behind == [], "run `make requirements`"


@pytest.mark.parametrize("name", ["users", "analysis", "development", "spark"])
def test_every_pin_has_a_hash_and_no_line_names_an_index(name: str):
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.M)[1:]
    assert entries
    assert all("--hash=sha256:" in entry for entry in entries)
    assert not re.search(r"--(extra-)?index-url|--find-links|://", text)


def test_imports_keep_to_the_contracts():
    result = subprocess.run([Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout


def test_help_loads_neither_django_nor_the_analysis():
    code = (
        "import sys, click.testing; from corroborate_cli.main import group; "
        "r = click.testing.CliRunner().invoke(group, ['--help']); assert r.exit_code == 0, r.output; "
        "print([m for m in ('django', 'duckdb', 'splink', 'numpy', 'numba', 'altair') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
