"""The rows that importers read, as :mod:`corroborate.tables` gives them."""

from corroborate.tables import Limits, OpenTable, Rejected, Row, Table

__all__ = ["Limits", "OpenTable", "Rejected", "Row", "Table"]
