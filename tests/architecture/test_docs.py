"""The documentation says what the program does."""

import re
import subprocess
import sys
from pathlib import Path

from corroborate import errors
from corroborate_cli.main import COMMANDS

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def test_the_reference_of_commands_is_what_the_commands_say():
    # in a process of its own: a command that another test has run alone keeps other names of its help
    page = subprocess.run([sys.executable, "-m", "corroborate_cli.reference"], capture_output=True, check=True).stdout
    assert (ROOT / "docs/reference/commands.md").read_bytes() == page, "run `make docs`"


def test_every_command_shows_an_example():
    text = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        section = text.split(f"\n## corroborate {name}\n")[1].split("\n## ")[0]
        assert f"corroborate {name}" in section.split("Usage:", 1)[1].split("\n", 1)[1], name


def test_every_error_is_in_the_reference():
    text = (ROOT / "docs/reference/errors.md").read_text(encoding="utf-8")
    names = [n for n, v in vars(errors).items() if isinstance(v, type) and issubclass(v, errors.CorroborateError)]
    assert [name for name in names if f"`{name}`" not in text] == []


def test_links_between_pages_lead_somewhere():
    tracked = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    broken = []
    for name in tracked.split():
        file = ROOT / name
        broken += [
            f"{name}: {target}"
            for target in LINK.findall(file.read_text(encoding="utf-8"))
            if not (file.parent / target).exists()
        ]
    assert broken == []


def test_every_promise_has_its_test():
    have = {int(p.name[6:8]) for p in (ROOT / "tests/promises").glob("test_p[0-9][0-9]_*.py")}
    assert have == set(range(1, 11))
