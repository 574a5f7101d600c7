"""A file of rows about people, read with the headings that we know."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from corroborate import tables
from corroborate.errors import InputRefused
from corroborate.importers.exports import as_table
from corroborate.importers.headings import NAME_FIELDS, field_of, guess_mapping
from corroborate.importers.programs import read_export, recognised
from corroborate.tables import File, Limits, OpenTable, Table


@lru_cache(maxsize=65_536)
def _known(word: str) -> bool:
    return len(word) < 200 and field_of(word) is not None


def _names_people(columns: Sequence[str]) -> bool:
    return bool(set(NAME_FIELDS) & set(guess_mapping(columns)))


def _people_of(path: Path | File, program: str) -> Table:
    export = read_export(path, program)
    table = as_table(export)
    if not table.rows and not table.rejected and program == "documents":
        raise InputRefused(
            "{name} is a text document, not a table: save the table in it as XLSX or CSV. `corroborate import` "
            "takes the document itself in as a source, and `corroborate program` shows its passages",
            name=path.name,
        )
    if not table.rows and not table.rejected:
        held = f"{len(export.acts)} acts, {len(export.sources)} sources, {len(export.links)} links"
        raise InputRefused(
            "{name} is an export of {program} that names no victims ({held}): `corroborate program` shows what "
            "is in it. {listed}",
            name=path.name,
            program=program,
            held=held,
            listed="; ".join(export.notices),
        )
    return table


def read_table(
    path: Path | File, *, encoding: str | None = None, sheet: str | None = None, limits: Limits | None = None,
    most: int | None = None,
) -> Table:  # fmt: skip
    """Read a list of people, or its first ``most`` rows; the export of a program that we know is read by its importer.
    Raises InputRefused."""
    if encoding is None and sheet is None and (name := recognised(path)):
        table = _people_of(path, name)
        return replace(table, rows=table.rows[:most])
    return tables.read_table(
        path, encoding=encoding, sheet=sheet, limits=limits, knows=_known, holds=_names_people, most=most
    )


def open_table(
    path: Path | File, *, encoding: str | None = None, sheet: str | None = None, limits: Limits | None = None
) -> OpenTable:
    """Open a list of people and read its rows as they are asked for: memory stays flat. Raises InputRefused."""
    if encoding is None and sheet is None and (name := recognised(path)):
        table = _people_of(path, name)
        return OpenTable(table.columns, iter((*table.rows, *table.rejected)), table.encoding, list(table.notices))
    return tables.open_table(path, encoding=encoding, sheet=sheet, limits=limits, knows=_known, holds=_names_people)
