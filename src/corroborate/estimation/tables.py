"""The front door for overlap tables in memory, and an estimate's parts as a table.

A table is anything that hands itself over by Arrow's PyCapsule interface (a frame of pandas or polars, a relation of
DuckDB, a table of Arrow): a column of 0 and 1 for each list and ``count``; without ``count`` each row is one person.
"""

import pyarrow as pa

from corroborate.errors import InvalidValue
from corroborate.estimation.results import Estimate
from corroborate.values import OverlapTable


def overlap_of(table: object) -> OverlapTable:
    """An overlap table from a table in memory. Rows of nobody (no list) are left out, as programs write them with a
    count of nought. InvalidValue for what is no such table."""
    arrow = _arrow(table)
    lists = tuple(name for name in arrow.column_names if name != "count")
    counts: dict[tuple[int, ...], int] = {}
    for row in arrow.to_pylist():
        pattern = tuple(_number(name, row[name]) for name in lists)
        count = _number("count", row["count"]) if "count" in row else 1
        if not any(pattern):
            if count and "count" in row:
                raise InvalidValue(
                    (
                        "{count} person on no list cannot have been counted: leave the row of zeros out",
                        "{count} people on no list cannot have been counted: leave the row of zeros out",
                    ),
                    count=count,
                )
            continue
        counts[pattern] = counts.get(pattern, 0) + count
    return OverlapTable(lists, counts)


def methods_of(found: Estimate) -> pa.Table:
    """What each method says: method, median, mean, low, high, and whether it is the headline."""
    names = list(found.methods)
    parts = {part: [float(getattr(found.methods[name], part)) for name in names] for part in _PARTS}
    return pa.table({"method": names, **parts, "headline": [name == found.method for name in names]})


_PARTS = ("median", "mean", "low", "high")


def _arrow(table: object) -> pa.Table:
    if isinstance(table, pa.Table):
        return table
    if hasattr(table, "__arrow_c_stream__") or isinstance(table, dict):
        return pa.table(table)
    raise InvalidValue(
        "{name} is no table: give a frame of pandas (2.2 or newer) or polars, a relation of DuckDB, a"
        " table of Arrow, or a dictionary of columns",
        name=type(table).__name__,
    )


def _number(column: str, cell: object) -> int:
    if isinstance(cell, bool | int) or (isinstance(cell, float) and cell.is_integer()):
        return int(cell)
    raise InvalidValue(
        "{cell!r} in {column}: an overlap table holds 0 and 1, and whole numbers in count", cell=cell, column=column
    )
