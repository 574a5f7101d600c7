"""What an answer writes: as much for a secret that is there as for one that is not; and nothing, where nothing can."""

from collections.abc import Iterator
from contextlib import contextmanager


def written_for(address: str, **typed: str) -> tuple[int, list[str], int]:
    """Status of an answer to what was typed, the kinds of statements that the database was given, and how many rows
    they changed: what a stopwatch tells apart is a write to the disk."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    before = _changed(connection)
    with CaptureQueriesContext(connection) as seen:
        answer = Client(HTTP_HOST="127.0.0.1").post(address, typed)
    kinds = [one["sql"].split()[0] for one in seen.captured_queries]
    return answer.status_code, kinds, _changed(connection) - before


def _changed(connection) -> int:
    return connection.connection.total_changes if connection.vendor == "sqlite" else 0


@contextmanager
def nothing_written() -> Iterator[None]:
    """The database can be read and not written."""
    from django.db import connection

    on, off = (
        ("PRAGMA query_only = ON", "PRAGMA query_only = OFF")
        if connection.vendor == "sqlite"
        else ("SET default_transaction_read_only = on", "SET default_transaction_read_only = off")
    )
    with connection.cursor() as cursor:
        cursor.execute(on)
        try:
            yield
        finally:
            cursor.execute(off)
