"""Compared pairs and what each agreement weighs: Fellegi and Sunter's model on DuckDB and arrays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corroborate.linkage.blocking import Blocked, Budget
from corroborate.linkage.engine import DuckDB, Engine
from corroborate.linkage.learning import Learned, learn
from corroborate.linkage.levels import Agreement, Ints, filled
from corroborate.linkage.model import COMPARISONS, NEEDS
from corroborate.linkage.rarity import rarity

Floats = NDArray[np.float64]


class Weights(Mapping[str, NDArray[np.float32]]):
    """The weight (log2 of the Bayes factor) of each comparison in each pair, made when asked for: pairs are many.

    Where the best agreement of a comparison counts by rarity, its u is the chance that another person has that value.
    """

    def __init__(
        self, levels: Mapping[str, NDArray[np.int8]], learned: Learned, left: Ints, rare: Mapping[str, Floats]
    ) -> None:
        self._levels, self._learned, self._left, self._rare = levels, learned, left, rare

    def __getitem__(self, name: str) -> NDArray[np.float32]:
        table = [np.log2(m / u) for _, m, u in reversed(self._learned[name])]
        found = np.array([*table, 0.0], dtype=np.float32)[self._levels[name]]  # the last stands for level -1
        if name in self._rare:
            best = np.flatnonzero(self._levels[name] == len(table) - 1)
            m = self._learned[name][0][1]
            found[best] = np.log2(m / self._rare[name][self._left[best]])
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._levels)

    def __len__(self) -> int:
        return len(self._levels)


@dataclass(frozen=True, slots=True)
class Scored:
    """Compared pairs as columns: entries (left < right), the level and weight (log2) of each comparison."""

    left: Ints
    right: Ints
    levels: Mapping[str, NDArray[np.int8]]  # Splink's gamma: -1 where a side is missing
    weights: Mapping[str, NDArray[np.float32]]
    blocked: Blocked
    learned: Learned


def present(table: pa.Table) -> tuple[str, ...]:
    """Comparisons that the lists have anything for."""
    return tuple(name for name in COMPARISONS if filled(table[NEEDS[name]]).any())


def _engine(threads: int) -> dict[str, str | int | bool]:
    """In memory only: what is compared is never written to a temporary file."""
    return {"threads": threads, "preserve_insertion_order": False, "temp_directory": ""}


def score(table: pa.Table, *, budget: Budget, seed: int, threads: int, engine: Engine | None = None) -> Scored:
    """Block, learn and weigh, by DuckDB where no other engine is given. Deterministic for the same table, budget and
    seed."""
    with duckdb.connect(":memory:", config=_engine(threads)) as connection:
        agreement = Agreement(connection, table, present(table))
        found = (engine or DuckDB(connection, agreement, threads)).compare(table, budget)
        rare = {
            name: chance[code]
            for name in present(table)
            if COMPARISONS[name][0].rare
            for code, chance, _ in [rarity(table, str(COMPARISONS[name][0].rare))]
        }
        learned = learn(agreement, table, rare, seed)
    weights = Weights(found.levels, learned, found.left, rare)
    return Scored(found.left, found.right, found.levels, weights, found.blocked, learned)
