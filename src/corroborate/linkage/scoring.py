"""Compared pairs and what each agreement weighs: Fellegi and Sunter's model on DuckDB and arrays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corroborate.linkage.blocking import Blocked, Budget
from corroborate.linkage.card import Card, by_card
from corroborate.linkage.engine import Compared, DuckDB, Engine
from corroborate.linkage.learning import Learned, Sample, Taught, learn, random_pairs, sampled
from corroborate.linkage.levels import Agreement, Ints, filled, one
from corroborate.linkage.model import COMPARISONS, NEEDS
from corroborate.linkage.naming import Laid, Sequences
from corroborate.linkage.rarity import rarity
from corroborate.linkage.relatives import agreeing

Floats = NDArray[np.float64]


class Weights(Mapping[str, NDArray[np.float32]]):
    """The weight (log2 of the Bayes factor) of each comparison in each pair, made when asked for: pairs are many.

    Where the best agreement of a comparison counts by rarity, its u is the chance that another person has that value.
    What names weigh word by word (``name``) is worked out once.
    """

    def __init__(self, levels: Mapping[str, NDArray[np.int8]], learned: Learned, left: Ints,
                 rare: Mapping[str, Floats], name: NDArray[np.float32] | None = None) -> None:  # fmt: skip
        self._levels, self._learned, self._left, self._rare, self._name = levels, learned, left, rare, name

    def __getitem__(self, name: str) -> NDArray[np.float32]:
        if name == "name" and self._name is not None:
            return self._name
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
    taught: Taught | None = None


def present(table: pa.Table) -> tuple[str, ...]:
    """Comparisons that the lists have anything for."""
    return tuple(name for name in COMPARISONS if filled(table[NEEDS[name]]).any())


def _engine(threads: int) -> dict[str, str | int | bool]:
    """In memory only: what is compared is never written to a temporary file."""
    return {"threads": threads, "preserve_insertion_order": False, "temp_directory": ""}


@dataclass(frozen=True, slots=True)
class _Names:
    """Names that are compared by their words: which entries have them, and each entry's number among the names."""

    sequences: Sequences
    code: Ints
    parted: NDArray[np.bool_]
    alone: NDArray[np.bool_]  # a given or a family name, which is compared with that part of others
    known: NDArray[np.bool_]

    @classmethod
    def of(cls, table: pa.Table) -> "_Names | None":
        known = filled(table["writings"])
        parted = np.array(_taken(table["parted"]), dtype=bool)
        if not (known & ~parted).any():
            return None
        writings = one(table["writings"])
        writings = writings if isinstance(writings, pa.DictionaryArray) else _texts(writings)
        code = writings.indices.to_numpy()
        sequences = Sequences.of(writings.dictionary.to_pylist(), code, table["list"].to_numpy())
        alone = parted & (filled(table["given"]) ^ filled(table["family"])) & ~filled(table["part"])
        return cls(sequences, code, parted, alone, known)

    def laid(self, left: Ints, right: Ints) -> tuple[Ints, Laid]:
        """Which of the pairs are compared by words, and how they agree."""
        by_parts = self.parted[left] & self.parted[right] | self.alone[left] | self.alone[right]
        by_words = ~by_parts & self.known[left] & self.known[right]
        at = np.flatnonzero(by_words).astype(np.int32)
        return at, self.sequences.compare(self.code[left[at]], self.code[right[at]])


def _texts(lists: pa.Array) -> pa.DictionaryArray:
    """Lists of texts by number; arrow numbers no lists itself."""
    told = [None if each is None else tuple(each) for each in lists.to_pylist()]
    number = {each: at for at, each in enumerate(dict.fromkeys(told))}
    indices = pa.array([number[each] for each in told], pa.int32())
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(number), pa.list_(pa.string())))


def _taken(column: pa.ChunkedArray) -> NDArray[np.bool_]:
    whole = one(column)
    if isinstance(whole, pa.DictionaryArray):
        whole = whole.dictionary.take(whole.indices)
    return np.asarray(whole.to_numpy(zero_copy_only=False))


def _sample(
    table: pa.Table, left: Ints, right: Ints, levels: Mapping[str, NDArray[np.int8]], names: _Names | None
) -> Sample:
    lists = table["list"].to_numpy()
    within = lists[left] == lists[right]
    if names is None:
        return Sample(left, right, within, levels, np.zeros(0, dtype=np.int32), None)
    at, laid = names.laid(left, right)
    level = np.full(len(left), -1, dtype=np.int8)
    level[at] = laid.level
    return Sample(left, right, within, {**levels, "name": level}, at, laid)


def _part(sample: Sample, rows: NDArray[np.int64]) -> Sample:
    levels = {name: seen[rows] for name, seen in sample.levels.items()}
    if sample.laid is None:
        return Sample(sample.left[rows], sample.right[rows], sample.within[rows], levels, sample.at, None)
    at = np.full(len(sample.left), -1, dtype=np.int64)
    at[sample.at] = np.arange(len(sample.at))
    inside = at[rows]
    kept = inside[inside >= 0]
    laid = Laid(sample.laid.found[kept], sample.laid.rarity[kept])
    return Sample(
        sample.left[rows],
        sample.right[rows],
        sample.within[rows],
        levels,
        np.flatnonzero(inside >= 0).astype(np.int32),
        laid,
    )


def _between(found: Compared, lists: NDArray[np.int16]) -> Compared:
    """Only pairs of entries of two lists."""
    kept = np.flatnonzero(lists[found.left] != lists[found.right])
    levels = {name: seen[kept] for name, seen in found.levels.items()}
    return Compared(found.left[kept], found.right[kept], levels, found.blocked)


def _alike(sample: Sample) -> NDArray[np.bool_]:
    """Of everybody with everybody, the pairs worth a second look: names that agree in part, or a birth nearly the same,
    or a name that is missing where something else agrees."""
    size = len(sample.left)
    none = np.full(size, -1, dtype=np.int8)
    given = np.maximum(sample.levels.get("given", none), sample.levels.get("name", none))
    born = agreeing(sample.levels, "birth", range(6), size)
    other = np.zeros(size, dtype=bool)
    for name in ("family", "place", "facility", "event", "age"):
        if name in sample.levels:
            other |= sample.levels[name] == len(COMPARISONS[name]) - 1
    found: NDArray[np.bool_] = (given > 0) | born | ((given < 0) & other)
    return found


def score(table: pa.Table, *, budget: Budget, seed: int, threads: int, engine: Engine | None = None,
          between: bool = False, card: Card | None = None) -> Scored:  # fmt: skip
    """Block, learn and weigh, by DuckDB where no other engine is given. Deterministic for the same table, budget and
    seed. ``between``: pairs of one list are left out. ``card``: what agreements weigh; else it
    is learned from the lists."""
    chance = np.random.default_rng(seed)
    names = _Names.of(table)
    with duckdb.connect(":memory:", config=_engine(threads)) as connection:
        agreement = Agreement(connection, table, present(table))
        found = (engine or DuckDB(connection, agreement, threads)).compare(table, budget)
        if between:
            found = _between(found, table["list"].to_numpy())
        rare = {
            name: chance_[code]
            for name in present(table)
            if COMPARISONS[name][0].rare
            for code, chance_, _ in [rarity(table, str(COMPARISONS[name][0].rare))]
        }
        left, right = random_pairs(len(table), chance)
        met = _sample(table, left, right, agreement.levels(left, right), names)
        compared = _sample(table, found.left, found.right, found.levels, names)
        if found.blocked.everybody:
            compared = _part(compared, np.flatnonzero(_alike(compared)))
        rows = sampled(compared.left, len(compared.left), chance)
        share = len(rows) / max(len(compared.left), 1)
        taught = learn(agreement, table, rare, met, _part(compared, rows) if share < 1 else compared, share)
    taught = taught if card is None else by_card(taught, card)
    by_words = None
    if compared.laid is not None and taught.names is not None:
        by_words = np.zeros(len(compared.left), dtype=np.float32)
        by_words[compared.at] = taught.names.weights(compared.laid)
    weights = Weights(compared.levels, taught.learned, compared.left, rare, by_words)
    return Scored(compared.left, compared.right, compared.levels, weights, found.blocked, taught.learned, taught)
