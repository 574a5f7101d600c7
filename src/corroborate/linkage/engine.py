"""Where pairs are found and compared: DuckDB in this process, or Spark on a cluster of the member's own.

An engine does what grows with the lists: it blocks, and says at which level each pair agrees. What the levels weigh is
learned on this machine from a bounded number of pairs (``learning``), the same whatever the engine, so that the same
lists give the same weights, pairs and clusters on each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corroborate.linkage.blocking import Blocked, Budget, block
from corroborate.linkage.levels import Agreement, Ints


@dataclass(frozen=True, slots=True)
class Compared:
    """Pairs of entries that share a block, each once (left < right, sorted), and the level of each comparison."""

    left: Ints
    right: Ints
    levels: Mapping[str, NDArray[np.int8]]  # as Splink numbers them: -1 where a side is missing, 0 where nothing agrees
    blocked: Blocked


class Engine(Protocol):
    """Finds the pairs and compares them. Knows nothing of weights, thresholds, clusters or reviewers."""

    def compare(self, table: pa.Table, budget: Budget) -> Compared:
        """Compare the entries of ``entries.columns``. Raises NotLinkable where blocks explode."""
        ...


@dataclass(frozen=True, slots=True)
class DuckDB:
    """On this machine, in memory. ``agreement``: the entries as they are coded for learning, which need it too."""

    connection: duckdb.DuckDBPyConnection
    agreement: Agreement
    threads: int = 1

    def compare(self, table: pa.Table, budget: Budget) -> Compared:
        left, right, blocked = block(self.connection, table, budget, self.threads)
        return Compared(left, right, self.agreement.levels(left, right), blocked)
