"""An installation is closed: it never resolves, nothing that applies is missing, and what an extra lacks is said."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from corroborate.errors import EXTRAS, ExtraMissing

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FILES = {"users": (), "analysis": ("users",), "development": ("analysis",), "spark": ("development",)}


def asked(file: str) -> list[Requirement]:
    """The lines of a requirement file that apply on this machine."""
    text = (ROOT / "requirements" / f"{file}.txt").read_text(encoding="utf-8")
    lines = re.findall(r"^([A-Za-z0-9][^\\\n]*?)\s*\\?$", text, re.M)
    found = [Requirement(line) for line in lines]
    return [one for one in found if one.marker is None or one.marker.evaluate()]


def needs(distribution: str, extras: set[str]) -> list[Requirement]:
    """What the installed distribution says it needs here."""
    lines = metadata.requires(distribution) or []
    found = [Requirement(line) for line in lines]
    return [
        one
        for one in found
        if one.marker is None
        or any(one.marker.evaluate({**default_environment(), "extra": extra}) for extra in ("", *extras))
    ]


@pytest.mark.parametrize("file", FILES)
def test_nothing_that_an_installed_package_needs_is_missing_from_its_file(file: str):
    lines = [one for each in (file, *FILES[file]) for one in asked(each)]
    pins = {canonicalize_name(one.name): one for one in lines}
    if file == "spark" and not _installed("pyspark"):
        if os.environ.get("CI") == "true":
            pytest.fail("Spark is not installed here: `make spark` does")
        pytest.skip("Spark is not installed here: `make spark` does")
    extras: dict[str, set[str]] = {name: set(one.extras) for name, one in pins.items()}
    waiting, missing = list(pins), []
    while waiting:
        name = waiting.pop()
        for need in needs(name, extras[name]):
            key = canonicalize_name(need.name)
            if key not in pins or not pins[key].specifier.contains(_version(need.name), prereleases=True):
                missing.append(f"{name} needs {need}")
            elif not need.specifier.contains(_version(need.name), prereleases=True):
                missing.append(f"{name} needs {need}, and {_version(need.name)} is pinned")
            elif more := set(need.extras) - extras[key]:
                extras[key] |= more  # asked for with an extra, such as coverage[toml]: what that brings counts too
                waiting.append(key)
    assert missing == []


def _installed(name: str) -> bool:
    return any(True for _ in metadata.distributions(name=name))


def _version(name: str) -> str:
    return metadata.version(name)


def test_no_installation_of_ours_resolves():
    """A package index that moved on since the files were made changes nothing."""
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    installing = [line for line in lines if re.search(r"pip (install|wheel)\b", line)]
    assert installing
    assert [line for line in installing if "--no-deps" not in line] == []


def test_each_extra_is_known_by_the_modules_that_it_brings():
    modules = metadata.packages_distributions()
    brought = {
        extra: {canonicalize_name(Requirement(line).name) for line in lines}
        for extra, lines in PROJECT["optional-dependencies"].items()
    }
    for extra, names in EXTRAS.items():
        for name in names:
            if name in modules:  # Spark may not be installed
                given = {canonicalize_name(one) for one in modules[name]}
                assert given & brought[extra] or extra == "spark", f"{name} does not come with {extra}"
    for extra, names in brought.items():
        unknown = [
            one for one in names if not any(canonicalize_name(one) in _of(each, modules) for each in EXTRAS[extra])
        ]
        assert unknown == [] or extra == "spark", f"{unknown} of {extra} are not in EXTRAS"


def _of(module: str, modules: Mapping[str, list[str]]) -> set[str]:
    return {canonicalize_name(one) for one in modules.get(module, [])}


def test_a_module_of_no_extra_is_not_explained_away():
    assert ExtraMissing.of(ModuleNotFoundError("no", name="corroborate.nothing")) is None


@pytest.fixture
def without_analysis(tmp_path: Path) -> dict[str, str]:
    """The environment of a field office that installed the program alone: modules of the analysis cannot be found."""
    (tmp_path / "mask").mkdir()
    (tmp_path / "mask" / "sitecustomize.py").write_text(
        "import sys\n"
        "class Mask:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name.partition('.')[0] in {EXTRAS['analysis']!r}:\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
        "sys.meta_path.insert(0, Mask())\n",
        encoding="utf-8",
    )
    path = os.pathsep.join([str(tmp_path / "mask"), str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "PYTHONPATH": path}


def run(environment: dict[str, str], *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    code = "import sys; from corroborate_cli.main import main; sys.argv[0] = 'corroborate'; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=cwd, env=environment, capture_output=True, text=True
    )


LISTS = {
    "a.csv": "Name,Sex\nKim Chol,m\nRi Yong,f\n",
    "b.csv": "Name,Sex\nKim Chol,m\nPak Sun,f\n",
    "overlap.csv": "A,B,count\n1,0,30\n0,1,40\n1,1,20\n",
}


@pytest.mark.parametrize(
    "command",
    [
        ["demo", "out", "--no-serve"],
        ["estimate", "overlap.csv"],
        ["link", "a.csv", "b.csv", "--out", "out"],
        ["dedupe", "a.csv", "--out", "out"],
    ],
)
def test_what_an_extra_lacks_is_said_in_a_sentence(command, without_analysis, tmp_path: Path):
    for name, text in LISTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = run(without_analysis, *command, cwd=tmp_path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "the part 'analysis' of the program, which is not installed here" in done.stderr
    assert "pip install 'corroborate-vault[analysis]'" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_field_office_needs_no_analysis_for_its_vault(without_analysis, tmp_path: Path):
    (tmp_path / "a.csv").write_text(LISTS["a.csv"], encoding="utf-8")
    (tmp_path / "words").write_text("correct horse battery staple", encoding="utf-8")
    open_ = ["--passphrase-file", "words"]
    for command in (
        ["new", "vault", "--name", "Committee for the Missing", *open_],
        ["import", "a.csv", "--vault", "vault", *open_],
        ["findings", "--vault", "vault", *open_],
        ["doctor", "--vault", "vault", *open_],
    ):
        done = run(without_analysis, *command, cwd=tmp_path)
        assert (done.returncode, done.stderr.count("Traceback")) == (0, 0), done.stderr
