"""Importers: from a file as a member keeps it to rows, people and claims. Nothing is guessed in silence."""

from corroborate.importers.people import (
    PersonRow,
    Reading,
    checked_mapping,
    claims,
    coded,
    guess_mapping,
    person_entries,
    rejected_csv,
)
from corroborate.importers.reading import open_table, read_table
from corroborate.importers.sheets import Limits
from corroborate.importers.tables import OpenTable, Rejected, Row, Table

__all__ = [
    "Limits",
    "OpenTable",
    "PersonRow",
    "Reading",
    "Rejected",
    "Row",
    "Table",
    "checked_mapping",
    "claims",
    "coded",
    "guess_mapping",
    "open_table",
    "person_entries",
    "read_table",
    "rejected_csv",
]
