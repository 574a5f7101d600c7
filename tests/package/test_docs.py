"""What the documentation claims of custody is shown by tests that exist, and what it tells readers to type works."""

import re
import subprocess
from pathlib import Path

import pytest

from corroborate.custody import write_package

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/explanation/custody.md"
LINK = re.compile(r"\[`(test_\w+)`\]\(([^)]+)\)")


def test_each_claim_of_the_threat_model_links_to_a_test_that_exists():
    links = LINK.findall(PAGE.read_text(encoding="utf-8"))
    assert len(links) > 30
    lost = [name for name, path in links if f"\ndef {name}(" not in (PAGE.parent / path).read_text(encoding="utf-8")]
    assert lost == []


def test_each_mechanism_in_the_table_names_a_test():
    table = PAGE.read_text(encoding="utf-8").split("## What stops what")[1].split("## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("|")][2:]
    assert rows
    assert [row for row in rows if not LINK.search(row)] == []


@pytest.mark.parametrize("shell", ["sh"])
def test_the_checkpoint_is_cut_out_of_a_proof_as_the_page_says(coalition, tmp_path, shell):
    write_package(tmp_path / "package", coalition.make())
    page = (ROOT / "docs/how-to/verify-a-package.md").read_text(encoding="utf-8")
    line = next(line for line in page.splitlines() if line.startswith("sed "))
    proof = next((tmp_path / "package/data/proofs").iterdir()).name
    subprocess.run([shell, "-c", line.replace("SOME.tlog-proof", proof)], cwd=tmp_path / "package", check=True)
    text = (tmp_path / "package/checkpoint.txt").read_text(encoding="utf-8")
    log = coalition.Log([coalition.record(1), coalition.record(2), coalition.record(3)])
    assert log.checkpoint().decode().startswith(text)
    assert text.count("\n") == 3
