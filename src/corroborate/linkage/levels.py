"""How far two entries agree, worked out once for each distinct pair of values and not for each pair of entries.

The conditions of the model (``model.COMPARISONS``) are SQL, so that any engine can run them. A name, a place or a year
stands on many entries, and the same two meet in many pairs: entries are coded by what a comparison looks at, and DuckDB
answers for each distinct pair of codes.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corroborate.linkage.model import COMPARISONS, unknown

Ints = NDArray[np.int32]
_SLICE = 8_000_000  # pairs looked at together: what bounds memory
_MORSEL = 100_000  # rows that one thread takes at a time
_DENSE = 4_000_000  # pairs of values that are simply all compared, where no more are possible


@dataclass(frozen=True, slots=True)
class Coded:
    """Entries by what is looked at: equal numbers, equal values. ``values``: one row a number, as plain columns."""

    code: Ints
    values: pa.Table


def plain(table: pa.Table, rows: NDArray[np.int64] | None = None) -> pa.Table:
    """The table (or some rows of it) with no column as a dictionary, for engines that read only plain ones."""
    made = {}
    for name in table.column_names:
        column = one(table[name])
        if rows is not None:
            column = column.take(pa.array(rows))
        made[name] = column.dictionary.take(column.indices) if isinstance(column, pa.DictionaryArray) else column
    return pa.table(made)


def one(column: pa.ChunkedArray) -> pa.Array:
    """A column as one array."""
    if column.num_chunks == 1:
        return column.chunk(0)
    whole = column.combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole


def numbered(column: pa.ChunkedArray) -> tuple[Ints, pa.Array]:
    """Each row's value by number, equal numbers for equal values, and the values; a missing value has a number too."""
    whole = one(column)
    if not isinstance(whole, pa.DictionaryArray):
        encoded = whole.dictionary_encode(null_encoding="encode")
        return encoded.indices.to_numpy(), encoded.dictionary
    inner = whole.dictionary.dictionary_encode(null_encoding="encode")
    return inner.indices.to_numpy()[whole.indices.to_numpy()], inner.dictionary


def filled(column: pa.ChunkedArray) -> NDArray[np.bool_]:
    """Where a column has a value."""
    whole = one(column)
    if isinstance(whole, pa.DictionaryArray):
        known = whole.dictionary.is_valid().to_numpy(zero_copy_only=False)
        return np.asarray(known[whole.indices.to_numpy()], dtype=bool)
    return np.asarray(whole.is_valid().to_numpy(zero_copy_only=False), dtype=bool)


def coded(table: pa.Table, columns: Sequence[str]) -> Coded:
    """Number the distinct values of some columns together. Columns read from one text count as that text's number."""
    code = np.zeros(len(table), dtype=np.int64)
    count = 1
    texts: dict[int, list[str]] = {}
    for name in columns:
        column = one(table[name])
        shared = isinstance(column, pa.DictionaryArray)
        texts.setdefault(column.indices.buffers()[1].address if shared else -1 - len(texts), []).append(name)
    for names in texts.values():
        column = one(table[names[0]])
        if len(names) > 1 or (isinstance(column, pa.DictionaryArray) and pa.types.is_list(column.dictionary.type)):
            numbers, size = column.indices.to_numpy(), len(column.dictionary)
        else:
            numbers, values = numbered(table[names[0]])
            size = len(values)
        if count == 1:
            code, count = numbers, size
        else:
            encoded = pa.array(code.astype(np.int64) * size + numbers).dictionary_encode()
            code, count = encoded.indices.to_numpy(), len(encoded.dictionary)
    first = np.zeros(count, dtype=np.int64)
    first[code[::-1]] = np.arange(len(code) - 1, -1, -1)
    return Coded(code.astype(np.int32), plain(table.select(list(dict.fromkeys(columns))), first))


def _lists_numbered(found: Coded) -> Coded:
    """The same with numbers in place of texts in lists, which are only asked whether they meet: it is quicker so."""
    columns = {name: one(found.values[name]) for name in found.values.column_names}
    lists = [name for name, column in columns.items() if pa.types.is_list(column.type)]
    if not lists:
        return found
    whole = pa.concat_arrays([columns[name].flatten() for name in lists]).dictionary_encode().indices
    at = 0
    for name in lists:
        column = columns[name]
        sizes = column.value_lengths().fill_null(0).to_numpy()
        offsets = pa.array(np.r_[0, np.cumsum(sizes)].astype(np.int32))
        numbers = whole.slice(at, int(sizes.sum()))
        at += len(numbers)
        columns[name] = pa.ListArray.from_arrays(offsets, numbers, mask=column.is_null())
    return Coded(found.code, pa.table(columns))


def columns_of(comparison: str) -> tuple[str, ...]:
    """Columns that the conditions of a comparison look at."""
    text = " ".join([unknown(comparison), *(level.sql for level in COMPARISONS[comparison])])
    return tuple(dict.fromkeys(re.findall(r"\b(\w+)_[lr]\b", text)))


def together(comparisons: Iterable[str]) -> list[tuple[str, ...]]:
    """Comparisons grouped so that those which look at a column in common stand together."""
    groups: list[tuple[list[str], set[str]]] = []
    for name in comparisons:
        names, columns = [name], set(columns_of(name))
        for group in [g for g in groups if g[1] & columns]:
            names, columns = group[0] + names, columns | group[1]
            groups.remove(group)
        groups.append((names, columns))
    return [tuple(names) for names, _ in groups]


class Agreement:
    """Answers at which level two entries agree, as Splink numbers levels: -1 where a side is missing, 0 where nothing
    agrees."""

    def __init__(self, engine: duckdb.DuckDBPyConnection, table: pa.Table, comparisons: Iterable[str]) -> None:
        self._engine = engine
        self.groups = together(comparisons)
        self.coded = [
            _lists_numbered(coded(table, list(dict.fromkeys(c for name in names for c in columns_of(name)))))
            for names in self.groups
        ]

    def levels(self, left: Ints, right: Ints, only: Collection[str] = COMPARISONS) -> dict[str, NDArray[np.int8]]:
        """The level of each pair in each comparison, or in some of them."""
        wanted = [(tuple(n for n in names if n in only), c) for names, c in zip(self.groups, self.coded, strict=True)]
        found = {name: np.empty(len(left), dtype=np.int8) for names, _ in wanted for name in names}
        for names, values in wanted:
            for start in range(0, len(left) if names else 0, _SLICE):
                part = slice(start, start + _SLICE)
                for name, level in self._of(names, values, left[part], right[part]).items():
                    found[name][part] = level
        return {name: found[name] for name in COMPARISONS if name in found}

    def _of(self, names: tuple[str, ...], values: Coded, left: Ints, right: Ints) -> Mapping[str, NDArray[np.int8]]:
        size = len(values.values)
        pair = values.code[left].astype(np.int64) * size + values.code[right]
        if size * size <= min(_DENSE, 4 * len(pair)):
            distinct, at = np.arange(size * size), pair
        else:
            encoded = pa.array(pair).dictionary_encode()
            distinct, at = encoded.dictionary.to_numpy(), encoded.indices.to_numpy()
        answers = _answered(self._engine, names, values.values, distinct // size, distinct % size)
        return {name: answer[at] for name, answer in answers.items()}


def _answered(
    engine: duckdb.DuckDBPyConnection,
    names: tuple[str, ...],
    values: pa.Table,
    left: NDArray[np.int64],
    right: NDArray[np.int64],
) -> dict[str, NDArray[np.int8]]:
    if not len(left):
        return {name: np.empty(0, dtype=np.int8) for name in names}
    number = pa.array(np.arange(len(values), dtype=np.int32))
    for side in ("l", "r"):
        engine.register(
            f"side_{side}",
            values.rename_columns([f"{c}_{side}" for c in values.column_names]).append_column(f"code_{side}", number),
        )
    met = pa.table({"n": np.arange(len(left)), "code_l": left.astype(np.int32), "code_r": right.astype(np.int32)})
    engine.register("met", pa.Table.from_batches(met.to_batches(max_chunksize=_MORSEL)))
    asked = ", ".join(f"{condition(name)}::tinyint as {name}" for name in names)
    rows = engine.sql(
        f"select n, {asked} from met join side_l using (code_l) join side_r using (code_r)"
    ).to_arrow_table()
    for view in ("met", "side_l", "side_r"):
        engine.unregister(view)
    at, found = rows["n"].to_numpy(), {}
    for name in names:
        found[name] = np.empty(len(left), dtype=np.int8)
        found[name][at] = rows[name].to_numpy()
    return found


def condition(comparison: str) -> str:
    """A comparison as one SQL expression of ``_l`` and ``_r`` columns: the number of the level."""
    levels = COMPARISONS[comparison]
    cases = " ".join(f"when {level.sql} then {len(levels) - 1 - at}" for at, level in enumerate(levels) if level.sql)
    return f"(case when {unknown(comparison)} then -1 {cases} else 0 end)"
