"""Moves the rows of a vault from its file to a PostgreSQL, or back, without loss.

Every row is copied in one transaction of the new place and then compared with the old one, value by value. Only then
does one file, renamed into place, say where the vault's rows are. Until that moment the vault is where it was; after it
the old rows are left where they are until a person says that they are to be erased. The log and the sealed files stay.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import DatabaseError, connection, connections, transaction

from corroborate.custody import write_file
from corroborate.errors import InputRefused, InvalidValue, NotWritten, VaultDamaged, VaultError
from corroborate_node.core import configuration, opened, places, vaults
from corroborate_node.core.opened import Vault
from corroborate_node.core.sealing import Sealer
from corroborate_node.core.source_keys import NAME, SourceKeys
from corroborate_node.core.storing import insert_whole

ALIAS = "moved"  # of the place that rows are moved to
_NEW = "vault.db.moving"
_CHUNK = 2_000  # rows read at once
_ALL = 1 << 256
Say = Callable[[str, int, int], None]  # table, how many are done, of how many


@dataclass(frozen=True, slots=True)
class Moved:
    """``rows``: how many were copied and compared, of how many ``tables``. ``left``: where the old ones still lie."""

    rows: int
    tables: int
    left: str


def left(folder: Path) -> str:
    """Where rows of before a move still lie: ``file``, ``postgresql``, or nowhere (empty)."""
    served = vaults.kept_in(folder) == "postgresql"
    if served and (folder / "vault.db").exists():
        return "file"
    return "postgresql" if not served and (folder / "keys" / vaults.PLACE).exists() else ""


def move(vault: Vault, master: bytes, address: str | None, say: Say = lambda *_: None) -> Moved:
    """Move the rows of the open vault: to a PostgreSQL at an address, or (None) into a file of its folder.

    Raises InvalidValue, InputRefused where there is nothing to move or an earlier move was not finished, VaultDamaged
    where a row is not the same in both places, StorageFull. In each case the vault is as it was.
    """
    served = vault.place is not None
    if served and address is not None:
        raise InvalidValue("the rows of this vault are in a PostgreSQL already: there is nothing to move")
    if not served and address is None:
        raise InvalidValue("the rows of this vault are in the file of its folder already: there is nothing to move")
    if left(vault.folder):
        raise InputRefused(
            "rows of an earlier move, finished or broken off, still lie in the other place:"
            " erase them first (corroborate move --erase)"
        )
    with _target(vault, master, address) as new:
        with opened.instead(new):
            configuration.close()
            vaults.migrate()
        configuration.close()
        with opened.beside(ALIAS, new), _connected():
            moved = _copied(say)
            _compared(say)
        _switch(vault, new)
    return replace(moved, left=left(vault.folder))


@contextmanager
def _target(vault: Vault, master: bytes, address: str | None) -> Iterator[Vault]:
    """The vault as it will be, empty; gone again where it cannot be filled."""
    if address is None:
        new = replace(vault, place=None, sealer=None, file=_NEW)
        new.database.unlink(missing_ok=True)  # of a move that was broken off
        try:
            yield new
        finally:
            new.database.unlink(missing_ok=True)
        return
    place = places.new_place(address)
    places.look(place)  # before anything is written: what was mistyped leaves nothing
    keys_file, place_file = vault.folder / NAME, vault.folder / "keys" / vaults.PLACE
    # first of all, so that whatever breaks off later leaves word of what is to be erased
    write_file(place_file, places.written(place, master, vaults.random(12)).encode())
    keys = None
    try:
        places.make(place)
        with places.held(place):
            keys = SourceKeys(keys_file, vault.keys_key)
            yield replace(vault, place=place, sealer=Sealer(keys))
    except BaseException:
        configuration.close()
        if keys is not None:
            keys.close()
        with suppress(VaultError):
            places.drop(place)
            for file in (place_file, keys_file):
                file.unlink(missing_ok=True)
        raise
    keys.close()


@contextmanager
def _connected() -> Iterator[None]:
    connections.settings[ALIAS] = dict(connections.settings["default"])
    try:
        yield
    finally:
        with suppress(AttributeError):
            connections[ALIAS].close()
            del connections[ALIAS]
        del connections.settings[ALIAS]


def beside(new: Vault, say: Say = lambda *_: None) -> Moved:
    """Copy the rows of the open vault, which stays as it is, into the empty tables of another, and compare them.

    To be called within a transaction of the vault that sees it as it is at one moment. Raises VaultDamaged, NotWritten.
    """
    with opened.beside(ALIAS, new), _connected():
        moved = _copied(say)
        _compared(say)
    return moved


def _models() -> list[Any]:
    return [one for one in apps.get_models(include_auto_created=True) if one._meta.managed and not one._meta.proxy]


def _rows(alias: str, model: Any) -> Iterator[tuple[Any, ...]]:
    names = [field.attname for field in model._meta.concrete_fields]
    found: Iterator[tuple[Any, ...]] = (
        model._base_manager.using(alias).order_by().values_list(*names).iterator(chunk_size=_CHUNK)
    )
    return found


def _copied(say: Say) -> Moved:
    models, number = _models(), 0
    new = connections[ALIAS]
    try:
        with transaction.atomic(), transaction.atomic(using=ALIAS):
            for model in models:  # what making the tables put in them
                model._base_manager.using(ALIAS).all()._raw_delete(ALIAS)
            for at, model in enumerate(models):
                say(model._meta.db_table, at, 2 * len(models))
                number += model._base_manager.count()
                insert_whole(ALIAS, model, _rows("default", model))
            _numbers_go_on(models, new)
    except (DatabaseError, ValueError) as error:
        raise NotWritten("the rows could not be written to the new place: {error}", error=error) from error
    return Moved(number, len(models), "")


def _numbers_go_on(models: list[Any], new: Any) -> None:
    """A number that was given once is not given again, even where its row is gone."""
    for model in models:
        field = model._meta.auto_field
        if field is None:
            continue
        table, last = model._meta.db_table, _last_number(connection, model._meta.db_table, field.column)
        with new.cursor() as cursor:
            if new.vendor == "postgresql":
                if last:
                    cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [table, field.column, last])
                else:
                    for statement in new.ops.sequence_reset_sql(no_style(), [model]):
                        cursor.execute(statement)
            elif last:
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])


def _last_number(old: Any, table: str, column: str) -> int:
    with old.cursor() as cursor:
        if old.vendor != "postgresql":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        else:
            cursor.execute(
                "SELECT last_value FROM pg_sequences WHERE schemaname = current_schema()"
                " AND format('%%I.%%I', schemaname, sequencename) = pg_get_serial_sequence(%s, %s)",
                [table, column],
            )
        row = cursor.fetchone()
    return int(row[0] or 0) if row else 0


def _compared(say: Say) -> None:
    """Every value of every row in both places. Raises VaultDamaged, which names the table."""
    models = _models()
    for at, model in enumerate(models):
        say(model._meta.db_table, len(models) + at, 2 * len(models))
        if _digest("default", model) != _digest(ALIAS, model):
            raise VaultDamaged(
                "the rows of {table} are not the same in both places: nothing was moved", table=model._meta.db_table
            )


def _digest(alias: str, model: Any) -> tuple[int, int]:
    """How many rows, and the sum of the digests of each: the same in whatever order they come."""
    number = total = 0
    for row in _rows(alias, model):
        text = json.dumps([_plain(value) for value in row], sort_keys=True, ensure_ascii=False)
        total = (total + int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())) % _ALL
        number += 1
    return number, total


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return {"bytes": bytes(value).hex()}
    if isinstance(value, datetime):
        return {"at": value.astimezone(UTC).isoformat()}
    return value if value is None or isinstance(value, str | int | float | bool | list | dict) else {"as": str(value)}


def _switch(vault: Vault, new: Vault) -> None:
    """The moment of the move: one file, renamed into place."""
    about = vault.folder / "corroborate.toml"
    text = about.read_text(encoding="utf-8").replace(vaults.SERVED, "")
    configuration.close()
    if new.place is None:
        new.database.rename(vault.folder / "vault.db")
    write_file(about, (text if new.place is None else text + vaults.SERVED).encode())


def erase(vault: Vault, master: bytes) -> str:
    """Erase what an earlier move left; where it lay. Raises InvalidValue where nothing is left."""
    where = left(vault.folder)
    if not where:
        raise InvalidValue("nothing of an earlier move is left to be erased")
    if where == "file":
        for one in ("vault.db", "vault.db-journal"):
            (vault.folder / one).unlink(missing_ok=True)
        return where
    place_file, keys_file = vault.folder / "keys" / vaults.PLACE, vault.folder / NAME
    places.drop(places.read(place_file.read_text(encoding="utf-8"), master))
    if keys_file.exists():
        keys = SourceKeys(keys_file, vault.keys_key)
        keys.destroy(list(keys.owners()))  # overwritten, before the file is gone
        keys.close()
        keys_file.unlink()
    place_file.unlink()
    return where


__all__ = ["Moved", "beside", "erase", "left", "move"]
