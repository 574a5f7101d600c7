"""How rooms write rows: whole or not at all, and many at once."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache, partial
from itertools import islice
from typing import Any

from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.db.models import (
    AutoField,
    BinaryField,
    BooleanField,
    CharField,
    DateField,
    Field,
    ForeignKey,
    IntegerField,
    JSONField,
    Model,
    Q,
    TextField,
)

from corroborate.errors import InvalidValue, NotWritten, StorageFull, VaultDamaged, unwritten
from corroborate_node.core import opened

_LAST = "\U0010ffff"  # of all letters
_BLOCK = 5_000  # rows sent at once
_SQLITE_FULL = 13  # primary code of SQLite; extended codes keep it in their lowest byte


def _is_full(error: DatabaseError) -> bool:
    """Whether the disk is full, or the account's share of it: SQLite says so itself, or by the operating system's word
    under an I/O error; PostgreSQL says so in SQLSTATE 53100."""
    cause = error.__cause__
    code = getattr(cause, "sqlite_errorcode", None)
    state = getattr(cause, "sqlstate", None)
    if code is not None:
        return bool(code & 0xFF == _SQLITE_FULL)
    return state == "53100" or "database or disk is full" in str(error)


@contextmanager
def storing() -> Iterator[None]:
    """One transaction; a disk that fills up rolls everything back and is said so."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise InvalidValue(
            "not taken in: {error} (an id twice, or a claim about something unknown)", error=error
        ) from error
    except OSError as error:
        raise unwritten("what was to be taken in", error) from error
    except DatabaseError as error:
        if _is_full(error):
            connection.close()  # what a failed write left in memory is not read again
            raise StorageFull("the database could not be written: {error}", error=error) from error
        if "I/O" in str(error):
            connection.close()
            raise NotWritten("the database could not be written: {error}", error=error) from error
        raise VaultDamaged("the database refused: {error}", error=error) from error


def begins(column: str, letters: str) -> Q:
    """That a text begins with some letters, so that each database finds it by its index: a file from one text to
    another, a PostgreSQL by the writings of those that do."""
    if connection.vendor == "postgresql":
        return Q(**{f"{column}__startswith": letters})
    return Q(**{f"{column}__gte": letters, f"{column}__lt": letters + _LAST})


def reading() -> AbstractContextManager[object]:
    """While answers are read one after another, and no more of them than are asked for. A PostgreSQL would else find
    all of them before it gives the first; a file gives them so by itself, and is not locked for reading."""
    return transaction.atomic() if connection.vendor == "postgresql" else nullcontext()


def destroy_keys(owners: Iterable[str]) -> None:
    """Once the transaction is through, destroy the keys under which some sources or files were sealed. Nothing is to be
    done where rows lie in a file: it overwrites what is erased."""
    sealer = opened.current().sealer
    if sealer is not None and (gone := list(owners)):
        transaction.on_commit(partial(sealer.keys.destroy, gone))


def insert(model: type[Model], instances: Iterable[Model]) -> None:
    """Insert many rows with one prepared statement: the ORM's own way compiles a statement for each batch, which takes
    most of an import's time."""
    names = [field.attname for field in _fields(model)]
    insert_values(model, names, ([getattr(one, name) for name in names] for one in instances))


def insert_values(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """The same of values alone, for tables of which one import fills a hundred thousand rows: making an instance of
    each takes longer than storing it. ``names``: of all fields, as instances have them, in the order of the values."""
    fields = {field.attname: field for field in _fields(model)}
    if missing := sorted(fields.keys() - set(names)):
        raise ValueError(f"{model.__name__}.{missing[0]} is given no value")
    _write(connection, model, [fields[name] for name in names], rows)


def insert_whole(alias: str, model: type[Model], rows: Iterable[Sequence[Any]]) -> None:
    """Rows with all their values, ids too, in the order of the model's columns: as another database holds them."""
    _write(connections[alias], model, model._meta.concrete_fields, rows)


def _write(
    connection: Any, model: type[Model], fields: "Sequence[Field[Any, Any]]", rows: Iterable[Sequence[Any]]
) -> None:
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    if (veiled := getattr(connection, "veiled_rows", None)) is not None:
        rows = veiled(model, [field.attname for field in fields], rows)
    prepare = [(at, ready) for at, field in enumerate(fields) if (ready := _preparing(field, connection)) is not None]
    for block in _blocks(rows):  # whole ones: what reads the database for its rows is done before they are sent
        prepared = _prepared(block, prepare)
        if connection.vendor == "postgresql":
            _copied(connection, f"COPY {table} ({columns}) FROM STDIN", prepared)
            continue
        statement = f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})"  # noqa: S608 - our own names
        with connection.cursor() as cursor:
            cursor.executemany(statement, prepared)


def _prepared(
    block: Iterable[Sequence[Any]], prepare: Sequence[tuple[int, Callable[[Any], Any]]]
) -> Iterator[Sequence[Any]]:
    """Rows of which only those values are touched that a database does not take as they are."""
    if not prepare:
        yield from block
        return
    for row in block:
        values = list(row)
        for at, ready in prepare:
            values[at] = ready(values[at])
        yield values


def _copied(connection: Any, statement: str, rows: Iterable[Sequence[Any]]) -> None:
    """Rows in one stream, as PostgreSQL's own programs bring them: a statement for each takes most of the time."""
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _blocks(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    rest = iter(rows)
    while block := list(islice(rest, _BLOCK)):
        yield block


def _fields(model: type[Model]) -> "list[Field[Any, Any]]":
    return [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]


_AS_THEY_ARE = (CharField, TextField, IntegerField, BooleanField, BinaryField, ForeignKey)


def _preparing(field: "Field[Any, Any]", connection: Any) -> Callable[[Any], Any] | None:
    """A field's own preparation, asked once for each value that comes again; None for what needs none."""

    def prepared(value: Any) -> Any:
        return field.get_db_prep_save(value, connection)

    if isinstance(field, JSONField):
        if connection.vendor == "postgresql" or field.encoder is not None:
            return prepared
        return _json  # as the field itself would, without asking for each value which database it is for
    if isinstance(field, _AS_THEY_ARE):
        return None
    other = cache(prepared) if isinstance(field, DateField) else prepared  # one import has few different times
    return lambda value: value if value is None or type(value) in (str, int, bool, bytes) else other(value)


class Written(dict[str, Any]):
    """A value of a JSON column that many rows share, and that nobody changes: written once."""

    __slots__ = ("_text",)
    _text: str

    @property
    def text(self) -> str:
        if not hasattr(self, "_text"):
            self._text = json.dumps(self)
        return self._text


def _json(value: Any) -> str | None:
    if type(value) is Written:
        return value.text
    return None if value is None else json.dumps(value)
