"""A disk that fills up while a list is taken in: at whichever file, nothing is half-taken, and the command says so. The
same list goes in once there is room."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.importing.commanding import WORDS, ran

from corroborate_node import api
from corroborate_node.log import fixity
from corroborate_node.records import queries

FULL = (  # the operating system refuses to let any file grow beyond the limit, as a full disk does
    "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))\n"
    "from corroborate_cli.main import main; sys.argv = ['corroborate', *sys.argv[2:]]; main()"
)
ROWS = 1_500


def imported(vault: Path, path: Path, limit: int) -> subprocess.CompletedProcess[str]:
    """What the command said, where no file may grow beyond so many bytes. Its marks are the vault's own: a copy of the
    vault is no older copy of itself."""
    environment = {**os.environ, "CORROBORATE_PASSPHRASE": WORDS, "CORROBORATE_MARKS": str(vault.with_suffix(".marks"))}
    words = [sys.executable, "-c", FULL, str(limit), "import", str(path), "--vault", str(vault), "--json"]
    return subprocess.run(words, env=environment, capture_output=True, text=True)


def sizes(vault: Path) -> dict[str, int]:
    return {str(one.relative_to(vault)): one.stat().st_size for one in vault.rglob("*") if one.is_file()}


def claims(vault: Path) -> int:
    with api.open_vault(vault, WORDS) as opened:
        assert [check for check in fixity.everything(opened) if check.state == "wrong"] == []
        return len(list(queries.claims()))


@pytest.fixture(scope="module")
def room(tmp_path_factory) -> Path:
    """A new vault, a list, and a copy of the vault into which it went."""
    room = tmp_path_factory.mktemp("full")
    ran("new", room / "new", "--name", "An archive")
    lines = [f"한별{n},남,19{50 + n % 50},1998년 봄,회령,고문,원문 {n} {'가' * 40}" for n in range(ROWS)]
    (room / "list.csv").write_text("\n".join(["성명,성별,출생,체포일,수용소,피해,비고", *lines]), encoding="utf-8")
    shutil.copytree(room / "new", room / "whole")
    done = imported(room / "whole", room / "list.csv", 1 << 30)
    assert done.returncode == 0, done.stderr
    return room


def limits(room: Path) -> list[int]:
    """Sizes at which some file that the import writes can grow no further: each file's own, and parts of the rows'.
    Of the rows' own a part less: ids are random, and how full they leave the pages of an index differs."""
    before, after = sizes(room / "new"), sizes(room / "whole")
    grown = {name: size for name, size in after.items() if size > before.get(name, 0)}
    rows = before["vault.db"]
    parts = [rows + (after["vault.db"] - rows) * share // 10 for share in (0, 2, 5, 8, 9)]
    return sorted({*(size - 1 for name, size in grown.items() if name != "vault.db"), *parts})


def taken_nowhere_or_whole(room: Path, limit: int) -> None:
    """The import with such a limit, and again without it."""
    vault = room / f"limit-{limit}"
    shutil.copytree(room / "new", vault)
    done = imported(vault, room / "list.csv", limit)
    assert "Traceback" not in done.stderr, (limit, done.stderr)
    assert done.returncode == 1, (limit, done.stdout)
    assert "could not be written" in done.stderr, (limit, done.stderr)
    whole = claims(room / "whole")
    assert claims(vault) in (0, whole), limit
    again = imported(vault, room / "list.csv", 1 << 30)
    assert again.returncode == 0, (limit, again.stderr)
    assert json.loads(again.stdout)["good"] == ROWS
    assert claims(vault) == whole, limit
    shutil.rmtree(vault)
    shutil.rmtree(vault.with_suffix(".marks"))


def test_a_list_that_meets_a_full_disk_is_not_half_taken(room):
    every = limits(room)
    assert len(every) >= 5
    for limit in (every[0], every[-1]):
        taken_nowhere_or_whole(room, limit)


@pytest.mark.long
def test_a_list_that_meets_a_full_disk_at_any_file_is_not_half_taken(room):
    for limit in limits(room):
        taken_nowhere_or_whole(room, limit)
