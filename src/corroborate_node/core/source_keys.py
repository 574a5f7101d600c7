"""Keys of the sources of a vault whose rows lie in PostgreSQL, in a small encrypted file in the vault's folder.

They do not lie in the database that they protect, not even wrapped: a deleted row lives on there in dead tuples, in the
write-ahead log, in replicas and dumps. Here it is overwritten (``secure_delete``), and what was sealed under it opens
nowhere any more.
"""

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from corroborate.errors import NotWritten, StorageFull, VaultDamaged

NAME = "source-keys.db"
INDEX = "index"  # whose key is that of what rows are found by
_LENGTH = 32  # bytes of a key
_KEPT = 100_000  # keys held in memory
_FULL = 13  # SQLite's code for a full disk

Key = tuple[int, bytes]  # number, by which what is sealed names it, and the key itself


class SourceKeys:
    """Keys by the id of whom they belong to, and by number. Safe to be asked by several threads."""

    def __init__(self, path: Path, key: bytes, entropy: Callable[[int], bytes] = os.urandom) -> None:
        self._path, self._entropy = path, entropy
        self._lock = threading.RLock()
        self._numbers: OrderedDict[int, bytes] = OrderedDict()
        self._owners: OrderedDict[str, Key] = OrderedDict()
        self._file = sqlcipher.connect(str(path), check_same_thread=False, isolation_level=None)
        try:
            self._file.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            self._file.execute("PRAGMA secure_delete = ON")
            self._file.execute("PRAGMA temp_store = MEMORY")
            self._file.execute("PRAGMA synchronous = FULL")  # a key that is lost takes what it sealed with it
            self._file.execute(
                "CREATE TABLE IF NOT EXISTS key (number INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT UNIQUE NOT NULL,"
                " secret BLOB NOT NULL)"
            )
        except sqlcipher.DatabaseError as error:
            self._file.close()
            raise VaultDamaged(
                "{file} cannot be read with this vault's key: foreign or damaged", file=path.name
            ) from error

    def close(self) -> None:
        with self._lock:
            self._file.close()
            self._numbers.clear()
            self._owners.clear()

    def faults(self) -> list[str]:
        """Every page of the file against its own authentication code: what is wrong, or nothing."""
        with self._lock:
            return [str(row[0]) for row in self._file.execute("PRAGMA cipher_integrity_check")]

    def of(self, owner: str) -> Key:
        """The key of an owner, made and on the disk where there was none."""
        if (known := self._owners.get(owner)) is not None:
            return known
        return self.made([owner])[owner]

    def made(self, owners: Iterable[str]) -> dict[str, Key]:
        """The same of several at once."""
        asked = dict.fromkeys(owners)
        with self._lock:
            found = {one: self._owners[one] for one in asked if one in self._owners}
            missing = [one for one in asked if one not in found]
            found |= self._read(missing)
            if new := [one for one in missing if one not in found]:
                with self._writing():
                    self._file.executemany(
                        "INSERT INTO key (owner, secret) VALUES (?, ?)", [(one, self._entropy(_LENGTH)) for one in new]
                    )
                found |= self._read(new)
            for owner, key in found.items():
                self._remember(owner, key)
            return found

    def numbered(self, number: int) -> bytes | None:
        """The key of a number; None: it was destroyed, or never was of this vault."""
        with self._lock:
            if (known := self._numbers.get(number)) is not None:
                return known
            row = self._file.execute("SELECT secret FROM key WHERE number = ?", [number]).fetchone()
            if row is None:
                return None
            self._numbers[number] = bytes(row[0])
            return self._numbers[number]

    def destroy(self, owners: Iterable[str]) -> None:
        """Overwrite keys. Nothing that was sealed under them opens again. Nothing happens for who has none."""
        with self._lock:
            asked = list(owners)
            with self._writing():
                self._file.executemany("DELETE FROM key WHERE owner = ?", [(one,) for one in asked])
            for one in asked:
                if (gone := self._owners.pop(one, None)) is not None:
                    self._numbers.pop(gone[0], None)
            self._numbers.clear()

    def owners(self) -> Iterator[str]:
        """Whose keys are here."""
        with self._lock:
            yield from [str(row[0]) for row in self._file.execute("SELECT owner FROM key ORDER BY number")]

    def _read(self, owners: Iterable[str]) -> dict[str, Key]:
        ask = "SELECT number, secret FROM key WHERE owner = ?"
        rows = ((one, self._file.execute(ask, [one]).fetchone()) for one in owners)
        return {one: (int(row[0]), bytes(row[1])) for one, row in rows if row is not None}

    def _remember(self, owner: str, key: Key) -> None:
        self._owners[owner] = key
        self._numbers[key[0]] = key[1]
        while len(self._owners) > _KEPT:
            self._owners.popitem(last=False)
        while len(self._numbers) > _KEPT:
            self._numbers.popitem(last=False)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One durable transaction. Raises StorageFull, and nothing was sealed under a key that is not on the disk."""
        try:
            self._file.execute("BEGIN IMMEDIATE")
            yield
            self._file.execute("COMMIT")
        except sqlcipher.DatabaseError as error:
            if self._file.in_transaction:
                self._file.execute("ROLLBACK")
            full = getattr(error, "sqlite_errorcode", 0) & 0xFF == _FULL
            raise (StorageFull if full else NotWritten)(
                "{file} could not be written: {error}", file=self._path.name, error=error
            ) from error


__all__ = ["INDEX", "NAME", "SourceKeys"]
