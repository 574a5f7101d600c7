"""The command is killed while it stores a later part of a list: the vault opens, says what stands, and the same list
goes in whole, once."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from tests.importing.commanding import WORDS, ran

from corroborate_node import api
from corroborate_node.log import fixity
from corroborate_node.records import models
from corroborate_node.records.batches import ROWS

BLOCKS = 3
LINES = BLOCKS * ROWS + 7
SAID = "stored a part"
# The command as a member gives it, in a process of its own that tells when a part of the list is stored
COMMAND = (
    "import sys\n"
    "from corroborate_cli.main import main\n"
    "import corroborate_node\n"
    "from corroborate_node.records import actions\n"
    "stored = actions.receive\n"
    "def receive(*given):\n"
    "    done = stored(*given)\n"
    f"    print({SAID!r}, file=sys.stderr, flush=True)\n"
    "    return done\n"
    "actions.receive = receive\n"
    "sys.argv = ['corroborate', *sys.argv[1:]]\n"
    "main()\n"
)


def started(vault: Path, path: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "CORROBORATE_PASSPHRASE": WORDS, "CORROBORATE_MARKS": str(vault.with_suffix(".marks"))}
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, "import", str(path), "--vault", str(vault), "--json"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def killed_after(vault: Path, path: Path, parts: int, wait: float) -> bool:
    """Start the import and kill it once so many parts are stored, and some of the next. Whether it was killed."""
    command = started(vault, path)
    assert command.stdout is not None
    assert command.stderr is not None
    reader = threading.Thread(target=command.stdout.read)
    reader.start()
    for line in command.stderr:
        parts -= line.strip() == SAID
        if parts == 0:
            break
    assert parts == 0, "the command stored fewer parts than it was to be killed after"
    try:
        command.wait(wait)
    except subprocess.TimeoutExpired:
        command.send_signal(signal.SIGKILL)
    command.wait()
    command.stderr.close()
    reader.join()
    return command.returncode == -signal.SIGKILL


def counted(vault: Path) -> tuple[int, int, int]:
    """Sources, claims and imports that stand. The log, its rows and all else is whole."""
    with api.open_vault(vault, WORDS) as opened:
        assert [check for check in fixity.everything(opened) if check.state == "wrong"] == []
        return models.Source.objects.count(), models.Claim.objects.count(), models.Import.objects.count()


@pytest.fixture(scope="module")
def room(tmp_path_factory) -> Path:
    """A new vault, a list, and a copy of the vault into which it went."""
    room = tmp_path_factory.mktemp("killed")
    lines = [f"N-{n},Han Byol {n},M,19{40 + n % 60},Hoeryong,{n} days" for n in range(LINES)]
    (room / "list.csv").write_text("\n".join(["ID,Name,Sex,YOB,From,Remarks", *lines]), encoding="utf-8")
    ran("new", room / "new", "--name", "An archive")
    shutil.copytree(room / "new", room / "whole")
    command = started(room / "whole", room / "list.csv")
    out, err = command.communicate()
    assert command.returncode == 0, err
    assert err.count(SAID) == BLOCKS + 1
    assert json.loads(out)["again"]["new"] == LINES
    return room


@pytest.mark.parametrize("seed", [1, 2])
def test_a_list_whose_import_is_killed_in_a_later_part_is_taken_nowhere_and_goes_in_again_once(room, seed):
    chance = random.Random(seed)
    vault = room / f"killed-{seed}"
    shutil.copytree(room / "new", vault)
    assert killed_after(vault, room / "list.csv", chance.randint(1, BLOCKS), chance.uniform(0.0, 0.2))
    assert json.loads(ran("imports", "list", "--vault", vault, "--json")) == []
    assert counted(vault) == (0, 0, 0)
    with started(vault, room / "list.csv") as again:
        out, err = again.communicate()
        assert again.returncode == 0, err
    assert json.loads(out)["import"] == 1
    assert counted(vault) == counted(room / "whole")
    with started(vault, room / "list.csv") as third:
        out, err = third.communicate()
        assert third.returncode == 0, err
    assert json.loads(out)["again"]["same"] == LINES
    assert counted(vault) == counted(room / "whole")
