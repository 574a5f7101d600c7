"""kill -9 at every fsync of the log and at random moments: entry and record together, nothing acknowledged lost."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from corroborate_node import api

pytestmark = pytest.mark.in_a_file  # the folder is copied, or opened again with the keys of an earlier opening

PASSPHRASE = "long enough to hold"


def killed(folder: Path, trials: int, seed: int) -> dict[str, int]:
    api.create_vault(folder, "Member", PASSPHRASE)
    script = Path(__file__).with_name("crashing.py")
    command = [sys.executable, str(script), str(folder), PASSPHRASE, str(trials), str(seed)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.fixture
def place(tmp_path):
    """Memory where there is such a disk: what a killed process wrote survives there just the same, and an fsync is
    quick. What a loss of power does is tried in `test_storage.py`."""
    memory = Path("/dev/shm")  # noqa: S108
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


def test_a_process_killed_200_times_loses_nothing_it_had_acknowledged(place):
    found = killed(place / "vault", 200, 1975)
    assert found["killed"] >= 190  # a few end before their fsync comes
    assert found["at_fsync"] >= 90
    assert found["entries"] > 200


@pytest.mark.long
def test_a_process_killed_5000_times_loses_nothing_it_had_acknowledged(place):
    for part in range(10):  # ten logs of a size that is checked whole each time
        assert killed(place / f"vault-{part}", 500, part)["killed"] >= 450
