"""What a vault is at one moment, while it is open and may be served: its rows in an encrypted file, its small files.

Of a vault in a file, the engine's own online copy. Of one in a PostgreSQL, its rows as one transaction sees them,
opened and written into an encrypted file as `corroborate move --to-file` does: so each backup opens without a server.
"""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from sqlcipher3 import dbapi2 as sqlcipher

from corroborate.custody.merkle import Tree, leaf_hash
from corroborate.errors import NotWritten, StorageFull, VaultDamaged, unwritten
from corroborate.translation import Sentence
from corroborate_node.core import moving, vaults
from corroborate_node.core.opened import Vault
from corroborate_node.core.source_keys import NAME
from corroborate_node.log import models
from corroborate_node.log.apart import apart

DATABASE = "vault.db"
_ABOUT = "corroborate.toml"
_LEFT_OUT = (
    f"{DATABASE}-journal",
    f"{DATABASE}.moving",
    f"{NAME}-journal",
    f"keys/{vaults.PLACE}",
    f"keys/{vaults.BUCKET}",
    "keys/lock",
)
_ELSEWHERE = ("sealed", DATABASE, NAME)  # rows and sealed files go their own way; keys of a server's rows stay there
_FULL = 13  # SQLite's code for a full disk


@dataclass(frozen=True, slots=True)
class Snapshot:
    """``files``: paths by their names below the vault's folder. ``entries`` and ``root``: of the log. ``tables``: how
    many rows each has. ``withdrawn``: index of the newest withdrawal in the log, -1 where there is none."""

    files: dict[str, Path]
    entries: int
    root: str
    tables: dict[str, int]
    withdrawn: int


def taken(vault: Vault, folder: Path) -> Snapshot:
    """Write what the open vault is at this moment into an empty folder. Raises StorageFull, VaultDamaged."""
    try:
        if vault.place is None:
            database = folder / DATABASE
            with transaction.atomic():  # nobody else writes until both are copied
                small = _small_files(vault.folder, folder / "files")
                _online(vault, database)
        else:
            small, database = _of_a_server(vault, folder)
    except OSError as error:
        raise unwritten(Sentence("the backup"), error) from error
    return Snapshot({**small, DATABASE: database}, **counted(vault, database))


def _of_a_server(vault: Vault, folder: Path) -> tuple[dict[str, Path], Path]:
    """Rows of a PostgreSQL, opened and written into a file. The small files are not newer than they are."""
    small = _small_files(vault.folder, folder / "files")
    empty = folder / "empty"
    for name in vaults.FOLDERS:
        (empty / name).mkdir(parents=True, mode=0o700)
    for name in (_ABOUT, "keys/slots.json", "keys/signing.json"):
        shutil.copyfile(small[name], empty / name)
    apart("tables", empty, vault.master)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        moving.beside(replace(vault, folder=empty, place=None, sealer=None))
    return small, empty / DATABASE


def _small_files(folder: Path, into: Path) -> dict[str, Path]:
    """Copies of all files but rows and sealed files. The copy of ``corroborate.toml`` says that rows are in a file, and
    sealed files in the folder: a restored vault has neither server nor bucket in common with the first."""
    found = {}
    for name in _names(folder):
        copy = into / name
        copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            shutil.copyfile(folder / name, copy)
        except FileNotFoundError:
            continue  # renamed into its place meanwhile, or taken away
        found[name] = copy
    about = into / _ABOUT
    text = about.read_text(encoding="utf-8").replace(vaults.SERVED, "").replace(vaults.IN_BUCKET, "")
    about.write_text(text, encoding="utf-8")
    return found


def _names(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        left_out = name.as_posix() in _LEFT_OUT or name.parts[0] in _ELSEWHERE
        if path.is_file() and not path.is_symlink() and not left_out:
            yield name.as_posix()


def _connected(vault: Vault, path: Path) -> Any:
    """A connection of our own to an encrypted file of rows, beside Django's."""
    made = sqlcipher.connect(str(path), isolation_level=None)
    made.execute(f"PRAGMA key = \"x'{vault.database_key.hex()}'\"")
    made.execute("PRAGMA temp_store = MEMORY")
    return made


def _online(vault: Vault, to: Path) -> None:
    """The engine's own copy of its file, page by page, while it is open."""
    try:
        with closing(_connected(vault, vault.database)) as old, closing(_connected(vault, to)) as new:
            old.backup(new)
    except sqlcipher.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == _FULL or "full" in str(error):
            raise StorageFull("the backup could not be written: {why}", why=error) from error
        if "I/O" in str(error):
            raise NotWritten("the backup could not be written: {why}", why=error) from error
        raise VaultDamaged("the database could not be copied: {why}", why=error) from error


def counted(vault: Vault, database: Path) -> dict[str, Any]:
    """How many rows a file holds, and the log in it: of the copy itself, not of the vault, which goes on."""
    log = models.LogEntry._meta.db_table
    with closing(_connected(vault, database)) as copy:
        names = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        tables = {
            str(name): int(copy.execute('SELECT count(*) FROM "TABLE"'.replace("TABLE", name)).fetchone()[0])
            for (name,) in sorted(names.fetchall())
        }
        rows = copy.execute('SELECT commitment, kind FROM "TABLE" ORDER BY "index"'.replace("TABLE", log)).fetchall()
    root = Tree([leaf_hash(bytes(one)) for one, _ in rows]).root(len(rows))
    withdrawn = max((at for at, (_, kind) in enumerate(rows) if kind == "withdrawal"), default=-1)
    return {"entries": len(rows), "root": root.hex(), "tables": tables, "withdrawn": withdrawn}


__all__ = ["DATABASE", "Snapshot", "counted", "taken"]
