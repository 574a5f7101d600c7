"""Tables: any file of rows, from bytes to cells. What a cell means is for other rooms."""

from corroborate.tables.letters import Letters, guessed
from corroborate.tables.overlaps import overlap_text
from corroborate.tables.reading import OpenTable, Rejected, Row, Table, open_table, read_table
from corroborate.tables.sheets import File, Limits

__all__ = [
    "File",
    "Letters",
    "Limits",
    "OpenTable",
    "Rejected",
    "Row",
    "Table",
    "guessed",
    "open_table",
    "overlap_text",
    "read_table",
]
