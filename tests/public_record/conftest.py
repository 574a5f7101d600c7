"""One public record, written by the command, for all tests of this folder."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

CLOCK = "2026-11-29T09:00:00"


def ran(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "corroborate_cli", "demo", "--public-record", str(folder), "--clock", CLOCK, *more],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=600,
    )


@pytest.fixture(scope="session")
def record(tmp_path_factory):
    folder = tmp_path_factory.mktemp("public") / "record"
    done = ran(folder, "--json")
    assert done.returncode == 0, done.stderr
    return folder, json.loads(done.stdout)
