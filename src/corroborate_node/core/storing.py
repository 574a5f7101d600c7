"""One transaction; what went wrong with the disk is said in words."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, IntegrityError, connection, transaction

from corroborate.errors import InvalidValue, StorageFull, VaultDamaged


@contextmanager
def storing() -> Iterator[None]:
    """One transaction; a disk that fills up rolls everything back and is said so."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise InvalidValue(f"not taken in: {error} (an id twice, or a claim about something unknown)") from error
    except DatabaseError as error:
        if "full" in str(error) or "I/O" in str(error):
            connection.close()  # what a failed write left in memory is not read again
            raise StorageFull(f"the database could not be written: {error}") from error
        raise VaultDamaged(f"the database refused: {error}") from error
