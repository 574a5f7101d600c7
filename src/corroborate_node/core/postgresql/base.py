"""The database wrapper: a vault's own schema, texts in the order of their letters, and what is sealed opened."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import psycopg
from django.db.backends.postgresql import base as postgresql
from django.db.backends.postgresql.operations import DatabaseOperations as PostgresqlOperations
from django.db.backends.postgresql.schema import DatabaseSchemaEditor as PostgresqlSchemaEditor
from django.db.models import BinaryField, CharField, JSONField, TextField
from django.db.models.expressions import Col

from corroborate_node.core import opened, places
from corroborate_node.core.postgresql import writing
from corroborate_node.core.sealing import Sealer

# The order and equality of SQLCipher's own texts: by code point, wherever the server was set up
_TEXT = 'text COLLATE "C"'


def column_of(expression: Any) -> str:
    """Table and name of the column that an expression is; empty: it is none."""
    if isinstance(expression, Col):
        return f"{expression.target.model._meta.db_table}.{expression.target.column}"
    return ""


class DatabaseOperations(PostgresqlOperations):
    compiler_module = "corroborate_node.core.postgresql.compiler"

    def get_db_converters(self, expression: Any) -> list[Callable[..., Any]]:
        """What is sealed is opened before a field reads it."""
        found = super().get_db_converters(expression)
        kind = expression.output_field
        if isinstance(kind, JSONField):
            return [_opened_json, *found]
        if isinstance(kind, BinaryField):
            return [*found, _opened_bytes]
        return [_opened_text, *found] if isinstance(kind, CharField | TextField) else found


def _opened_text(value: Any, expression: Any, connection: Any) -> Any:
    if not isinstance(value, str) or "⟦" not in value:
        return value
    return connection.sealer.opened(value, column_of(expression))


def _opened_json(value: Any, _expression: Any, connection: Any) -> Any:
    if not isinstance(value, str) or not value.startswith('"⟦'):
        return value
    return connection.sealer.opened(json.loads(value))


def _opened_bytes(value: Any, _expression: Any, connection: Any) -> Any:
    return None if value is None else connection.sealer.opened_bytes(bytes(value))


class SchemaEditor(PostgresqlSchemaEditor):
    def _create_like_index_sql(self, model: Any, field: Any) -> None:
        """No second index for what begins with some letters: by code point, the first one serves."""
        return


_DATA_TYPES = {**postgresql.DatabaseWrapper.data_types, "CharField": _TEXT, "TextField": _TEXT}


class DatabaseWrapper(postgresql.DatabaseWrapper):
    """The schema of the vault that this process has open; of another alias, the one that its rows are moved to."""

    SchemaEditorClass = SchemaEditor
    ops_class = DatabaseOperations
    data_types = _DATA_TYPES

    @property
    def sealer(self) -> Sealer:
        """What opens and seals its rows. Raises NotAVault when none is open."""
        return opened.sealer(self.alias)

    def veiled_rows(self, model: Any, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterable[Sequence[Any]]:
        """Rows as they are stored, for whoever writes many at once."""
        return writing.veiled_rows(self, model, names, rows)

    def get_connection_params(self) -> dict[str, Any]:
        """The address of the open vault's rows."""
        vault = opened.of(self.alias)
        if vault is None or vault.place is None:
            raise psycopg.OperationalError("the vault that had its rows here is closed")
        return {**super().get_connection_params(), **places.connection_options(vault.place)}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError as error:
            raise places.away(str(error)) from error


__all__ = ["DatabaseOperations", "DatabaseWrapper", "column_of"]
