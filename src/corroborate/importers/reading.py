"""A file of rows about people, read with the headings that we know."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from corroborate import tables
from corroborate.importers.headings import NAME_FIELDS, field_of, guess_mapping
from corroborate.tables import Limits, OpenTable, Table


@lru_cache(maxsize=65_536)
def _known(word: str) -> bool:
    return len(word) < 200 and field_of(word) is not None


def _names_people(columns: Sequence[str]) -> bool:
    return bool(set(NAME_FIELDS) & set(guess_mapping(columns)))


def read_table(
    path: Path, *, encoding: str | None = None, sheet: str | None = None, limits: Limits | None = None,
    most: int | None = None,
) -> Table:  # fmt: skip
    """Read a list of people, or its first ``most`` rows. Raises InputRefused."""
    return tables.read_table(
        path, encoding=encoding, sheet=sheet, limits=limits, knows=_known, holds=_names_people, most=most
    )


def open_table(
    path: Path, *, encoding: str | None = None, sheet: str | None = None, limits: Limits | None = None
) -> OpenTable:
    """Open a list of people and read its rows as they are asked for: memory stays flat. Raises InputRefused."""
    return tables.open_table(path, encoding=encoding, sheet=sheet, limits=limits, knows=_known, holds=_names_people)
