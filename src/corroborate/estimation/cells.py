"""An overlap table as arrays, in the order given or in one that does not depend on it."""

from dataclasses import dataclass
from itertools import islice, permutations, product

import numpy as np
from numpy.typing import NDArray

from corroborate.values import OverlapTable

Floats = NDArray[np.float64]
MOST_ORDERS = 5040  # of lists that nothing tells apart, tried at most


@dataclass(frozen=True, slots=True)
class Cells:
    """An overlap table as arrays: patterns (cells, lists) without the row of zeros, counts (cells,)."""

    patterns: NDArray[np.int64]
    counts: Floats

    @property
    def lists(self) -> int:
        return int(self.patterns.shape[1])

    @property
    def documented(self) -> float:
        return float(self.counts.sum())


def cells_of(table: OverlapTable) -> Cells:
    """All 2^J - 1 observable cells, zero counts included."""
    number = len(table.lists)
    codes = np.arange(1, 2**number)
    patterns = (codes[:, None] >> np.arange(number - 1, -1, -1)) & 1
    counts = np.array([table.counts.get(tuple(int(x) for x in row), 0) for row in patterns], dtype=np.float64)
    return Cells(patterns.astype(np.int64), counts)


def canonical(cells: Cells) -> tuple[Cells, tuple[int, ...]]:
    """The same people in an order of lists and rows that hangs on the counts alone, and the columns it took.

    Rows: the cells with people. Columns: the lists with people; one that names nobody says nothing. So a method that
    starts from here gives the same bytes however lists and rows were ordered.
    """
    keep = cells.counts > 0
    patterns, counts = cells.patterns[keep], cells.counts[keep]
    marks: list[tuple[object, ...]] = [
        tuple(sorted((int(row.sum()), float(n)) for row, n in zip(patterns, counts, strict=True) if row[j]))
        for j in range(cells.lists)
    ]
    ranked = sorted({mark for mark in marks if mark}, key=lambda mark: (len(mark), mark))
    tied = [[j for j, mark in enumerate(marks) if mark == one] for one in ranked]
    orders = product(*(permutations(lists) for lists in tied))
    candidates = (tuple(j for lists in order for j in lists) for order in islice(orders, MOST_ORDERS))
    rows, columns = min((_rows(patterns, counts, columns), columns) for columns in candidates)
    ordered = np.array([row[:-1] for row in rows], dtype=np.int64).reshape(len(rows), len(columns))
    return Cells(ordered, np.array([row[-1] for row in rows], dtype=np.float64)), columns


def _rows(patterns: NDArray[np.int64], counts: Floats, columns: tuple[int, ...]) -> list[tuple[float, ...]]:
    return sorted((*(int(x) for x in row[list(columns)]), float(n)) for row, n in zip(patterns, counts, strict=True))
