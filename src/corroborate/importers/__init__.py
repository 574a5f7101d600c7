"""Importers: from a file as a member keeps it to rows, people and claims. Nothing is guessed in silence."""

from corroborate.importers.coding import Act, CodingTable
from corroborate.importers.headings import Column, guess_mapping
from corroborate.importers.people import (
    Habits,
    PersonRow,
    Reading,
    checked_mapping,
    coded,
    person_entries,
    rejected_csv,
    unswept,
    without_words,
)
from corroborate.importers.reading import open_table, read_table
from corroborate.importers.recording import claims
from corroborate.importers.understood import notes_beside, notes_beside_a_yes, understood
from corroborate.tables import Limits, OpenTable, Rejected, Row, Table

__all__ = [
    "Act",
    "CodingTable",
    "Column",
    "Habits",
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
    "notes_beside",
    "notes_beside_a_yes",
    "open_table",
    "person_entries",
    "read_table",
    "rejected_csv",
    "understood",
    "unswept",
    "without_words",
]
