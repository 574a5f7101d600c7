"""The database wrapper: SQLCipher 4 with a raw key, checked before the first statement."""

import datetime
import decimal
from typing import Any

from django.db.backends.sqlite3 import base as sqlite
from django.db.backends.sqlite3._functions import register as register_functions
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from sqlcipher3 import dbapi2 as Database  # noqa: N812 - Django's word for the driver

from corroborate.errors import NotAVault, VaultDamaged
from corroborate_node.core import opened

_PLAIN = b"SQLite format 3\x00"
# Pages that are held in the clear of memory, at most: ids are random, so an import comes to the pages of its indexes in
# no order, and each that was let go is deciphered and checked again. Taken only as far as pages are used.
_CACHE_KB = 128 * 1024

Database.register_converter("bool", b"1".__eq__)
Database.register_converter("date", sqlite.decoder(parse_date))
Database.register_converter("time", sqlite.decoder(parse_time))
Database.register_converter("datetime", sqlite.decoder(parse_datetime))
Database.register_converter("timestamp", sqlite.decoder(parse_datetime))
Database.register_adapter(decimal.Decimal, str)
# The driver takes these as they are, but only after it looked for a way to adapt each value of theirs, and raised and
# caught an error for each: half of the time in which rows are written. With a way that it finds at once it does not.
Database.register_adapter(bool, int)
Database.register_adapter(bytes, bytes)
Database.register_adapter(type(None), lambda nothing: nothing)
Database.register_adapter(datetime.date, sqlite.adapt_date)
Database.register_adapter(datetime.datetime, sqlite.adapt_datetime)


class CursorWrapper(Database.Cursor):  # type: ignore[misc]
    """Django writes ``%s``; SQLite reads ``?``."""

    convert_query = sqlite.SQLiteCursorWrapper.convert_query

    def execute(self, query: str, params: Any = None) -> Any:
        if params is None:
            return super().execute(query)
        names = list(params) if hasattr(params, "keys") else None
        return super().execute(self.convert_query(query, param_names=names), params)

    def executemany(self, query: str, param_list: Any) -> Any:
        return super().executemany(self.convert_query(query), param_list)


class DatabaseWrapper(sqlite.DatabaseWrapper):
    """One encrypted file: that of the vault this process has open."""

    Database = Database
    vendor = "sqlite"
    display_name = "SQLCipher"
    transaction_mode = "IMMEDIATE"

    @property
    def _vault(self) -> opened.Vault:
        return opened.of(self.alias) or opened.current()

    def get_connection_params(self) -> dict[str, Any]:
        """The file of the open vault. Raises NotAVault when none is open, or when the file is not encrypted."""
        path = self._vault.database
        if path.exists():
            with path.open("rb") as file:
                if file.read(len(_PLAIN)) == _PLAIN:
                    raise NotAVault("{name} is not encrypted: this is no database of ours", name=path.name)
        return {
            "database": str(path),
            "detect_types": Database.PARSE_DECLTYPES | Database.PARSE_COLNAMES,
            "check_same_thread": False,
            "uri": False,
        }

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection that has read its first page with the vault's key, or VaultDamaged."""
        connection = Database.connect(**conn_params)
        try:
            connection.execute(f"PRAGMA key = \"x'{self._vault.database_key.hex()}'\"")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten, not only unlinked
            connection.execute("PRAGMA temp_store = MEMORY")  # nothing in the clear beside the vault
            connection.execute("PRAGMA legacy_alter_table = OFF")
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
        except Database.DatabaseError as error:
            connection.close()
            raise VaultDamaged("the database cannot be read with this vault's key: foreign or damaged") from error
        register_functions(connection)
        return connection

    def create_cursor(self, name: str | None = None) -> CursorWrapper:
        return self.connection.cursor(factory=CursorWrapper)  # type: ignore[no-any-return]

    def is_in_memory_db(self) -> bool:
        return False
