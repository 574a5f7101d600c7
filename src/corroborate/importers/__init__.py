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
from corroborate.importers.tables import Limits, Rejected, Row, Table, read_table

__all__ = [
    "Limits",
    "PersonRow",
    "Reading",
    "Rejected",
    "Row",
    "Table",
    "checked_mapping",
    "claims",
    "coded",
    "guess_mapping",
    "person_entries",
    "read_table",
    "rejected_csv",
]
