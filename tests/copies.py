"""Copies of a vault for tests, each with rows of its own, wherever these lie: making a vault takes seconds."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from tests import clusters


def copied(folder: Path, to: Path, passphrase: str) -> Path:
    """A second vault with the same keys, rows, files and log; a copied folder alone would share rows in PostgreSQL."""
    to = Path(shutil.copytree(folder, to))
    from corroborate_node.core import vaults

    if vaults.kept_in(to):
        _own_rows(to / "keys" / vaults.PLACE, _master((to / "keys" / "slots.json").read_text(), to, passphrase))
    return to


@cache
def _master(_slots: str, folder: Path, passphrase: str) -> bytes:
    from corroborate_node.core import vaults

    return vaults.master_key(folder, passphrase)


def _own_rows(place: Path, master: bytes) -> None:
    """The schema as PostgreSQL's own program writes it, under another name."""
    from corroborate_node.core import places

    old = places.read(place.read_text(encoding="utf-8"), master)
    new = places.new_place(old.address)
    programs = clusters.programs()
    assert programs is not None
    dump = subprocess.run(
        [programs / "pg_dump", "-d", old.address, "-n", old.schema], capture_output=True, check=True, cwd="/"
    ).stdout
    subprocess.run(
        [programs / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", new.address],
        input=dump.replace(old.schema.encode(), new.schema.encode()),
        stdout=subprocess.DEVNULL,
        check=True,
        cwd="/",
    )
    place.write_text(places.written(new, master, os.urandom(12)), encoding="utf-8")
