"""Which claims are tested where, and for how long: the table in docs/reference/proofs.md from a report of pytest.

python -m pytest -q -n auto --dist loadfile --junitxml build/tests.xml
python -m tests.proofs build/tests.xml > docs/reference/proofs.md
"""

import ast
import sys
from collections import defaultdict
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parents[1]
HEAD = """# What is tried, where, and for how long

Each file of tests with what it claims, how many tests it has, and the seconds that they took in one run of
`make test` on 2 cores. Written by `python -m tests.proofs`. What runs elsewhere: `make spark` (lists linked on Spark),
`make wheel` (the chain from a wheel), `make long` (thousands of kills, strata, simulations: minutes to hours), and
`bench/` (figures, never a test).

"""


def claim(path: Path) -> str:
    """The first sentence of a file of tests."""
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(said.split("\n\n")[0].split()).replace("|", "/")


def taken(report: Path) -> dict[str, tuple[int, float]]:
    """Tests and seconds of each file, by its path without the suffix."""
    counts: dict[str, int] = defaultdict(int)
    seconds: dict[str, float] = defaultdict(float)
    for one in ElementTree.parse(report).iter("testcase"):  # noqa: S314 - pytest wrote it
        name = one.attrib["classname"].replace(".", "/")
        while name and not (ROOT / f"{name}.py").exists():  # a class of tests stands behind its file
            name = name.rpartition("/")[0]
        counts[name] += 1
        seconds[name] += float(one.attrib["time"])
    return {
        name: (counts[name], seconds[name]) for name in sorted(counts, key=lambda one: (Path(one).parent, one)) if name
    }


def main(report: Path) -> None:
    sys.stdout.write(HEAD)
    for folder, rows in groupby(taken(report).items(), key=lambda row: str(Path(row[0]).parent)):
        sys.stdout.write(f"## {folder}\n\n| claim | file | tests | seconds |\n|---|---|---|---|\n")
        for name, (count, seconds) in rows:
            path = ROOT / f"{name}.py"
            sys.stdout.write(f"| {claim(path)} | [{path.name}](../../{name}.py) | {count} | {seconds:.0f} |\n")
        sys.stdout.write("\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
