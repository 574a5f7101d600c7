"""Where a vault's rows lie, where not in a file of its folder: a schema of a PostgreSQL, at an address kept encrypted.

The address may hold a password, and says where the people who keep the vault have a server: it lies under the vault's
key slots. Each vault has a schema of its own, so one database serves several.
"""

import base64
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from corroborate.errors import InvalidValue, VaultBusy, VaultDamaged, VaultError
from corroborate.sealed import derive

_AAD = b"corroborate/database/v1"
_PURPOSE = "address of the database"
_LOCAL = ("", "localhost", "127.0.0.1", "::1")
_SAFE = "verify-full"  # libpq's name for TLS that knows whom it speaks with
_WAIT = 10  # seconds for the server to answer
_PAUSES = (0, 0.1, 0.2, 0.4, 0.8, 1.5)  # seconds before each try for the lock


@dataclass(frozen=True, slots=True, repr=False)
class Place:
    """``address``: as libpq reads it, such as ``postgresql:///corroborate``. ``schema``: of this vault alone."""

    address: str
    schema: str

    def __repr__(self) -> str:
        return f"Place({self.schema!r})"  # the address may hold a password


def new_place(address: str) -> Place:
    """A place for a new vault's rows. Raises InvalidValue for an address that is none, or that goes over a network
    without TLS."""
    parts = _parts(address)
    hosts = str(parts.get("hostaddr") or parts.get("host") or "").split(",")
    away = [one for one in hosts if one not in _LOCAL and not one.startswith(("/", "@"))]
    if away and parts.get("sslmode") != _SAFE:
        raise InvalidValue(
            "the database at {host} is on another machine: add ?sslmode=verify-full, so that nobody reads along",
            host=away[0],
        )
    return Place(address, f"corroborate_{secrets.token_hex(8)}")


def _driver() -> Any:
    """PostgreSQL's driver, which only an extra brings. Raises ModuleNotFoundError."""
    return import_module("psycopg")


def _parts(address: str) -> dict[str, Any]:
    psycopg = _driver()
    try:
        return dict(psycopg.conninfo.conninfo_to_dict(address))
    except psycopg.ProgrammingError as error:
        raise InvalidValue("this is no address of a PostgreSQL database; postgresql:///NAME is one") from error


def written(place: Place, master: bytes, nonce: bytes) -> str:
    """The file of an address, under the vault's master key."""
    content = json.dumps({"address": place.address, "schema": place.schema}).encode()
    wrapped = AESGCM(derive(master, _PURPOSE)).encrypt(nonce, content, _AAD)
    fields = {"nonce": base64.b64encode(nonce).decode(), "wrapped": base64.b64encode(wrapped).decode()}
    return json.dumps({"version": 1, **fields}) + "\n"


def read(text: str, master: bytes) -> Place:
    """What :func:`written` wrote. Raises VaultDamaged."""
    try:
        found = json.loads(text)
        nonce, wrapped = (base64.b64decode(found[part]) for part in ("nonce", "wrapped"))
        content = json.loads(AESGCM(derive(master, _PURPOSE)).decrypt(nonce, wrapped, _AAD))
        return Place(content["address"], content["schema"])
    except (InvalidTag, ValueError, KeyError, TypeError) as error:
        raise VaultDamaged("the address of the database does not open with this vault's key") from error


def connection_options(place: Place) -> dict[str, Any]:
    """What a driver is told to reach a vault's tables, and no others."""
    return {
        **_parts(place.address),
        "options": f"-c search_path={place.schema}",
        "application_name": "corroborate",
        "connect_timeout": _WAIT,
    }


def _taken(connection: Any, place: Place, pause: float) -> bool:
    """Whether the schema is ours now, after a pause: the server ends the work of a process that went a moment later."""
    time.sleep(pause)
    row = connection.execute(
        "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [f"corroborate/{place.schema}"]
    ).fetchone()
    return row is not None and bool(row[0])


@contextmanager
def held(place: Place) -> Iterator[Any]:
    """A connection that keeps every other process out of the vault's schema, whichever copy of the folder it has.

    Raises VaultBusy, VaultError where the server does not answer.
    """
    with _connected(place) as connection:
        if not any(_taken(connection, place, pause) for pause in _PAUSES):
            raise VaultBusy("another process has the database of this vault open")
        yield connection


@contextmanager
def _connected(place: Place) -> Iterator[Any]:
    psycopg = _driver()
    try:
        connection = psycopg.connect(**connection_options(place), autocommit=True)
    except psycopg.OperationalError as error:
        raise away(str(error)) from error
    try:
        yield connection
    finally:
        connection.close()


def away(words: str) -> VaultError:
    """The error of a database that does not answer."""
    lines = words.strip().splitlines()
    error = VaultError("the database of this vault does not answer: {words}", words=lines[0] if lines else "?")
    error.remedy = "Start PostgreSQL, and see whether it still knows the account and database. Nothing was changed."
    return error


def look(place: Place) -> None:
    """Whether the database answers. Raises VaultError."""
    with _connected(place):
        pass


def make(place: Place) -> None:
    """An empty schema for a vault. Raises VaultError."""
    psycopg = _driver()
    with _connected(place) as connection:
        try:
            connection.execute(f"CREATE SCHEMA {place.schema}")
        except psycopg.Error as error:
            found = VaultError(
                "no room for a vault could be made in the database: {words}", words=str(error).splitlines()[0]
            )
            found.remedy = "Let its account make schemas there: GRANT CREATE ON DATABASE … TO …; nothing was changed."
            raise found from error


def drop(place: Place) -> None:
    """Erase a vault's schema and all that is in it."""
    with _connected(place) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {place.schema} CASCADE")


__all__ = ["Place", "away", "connection_options", "drop", "held", "look", "make", "new_place", "read", "written"]
