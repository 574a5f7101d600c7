"""Relatives taken together agree in surname, home, arrest, and in who their parents are: what of a pair's agreement may
count for one person, and which pairs are two.

- What kin share (``KIN``) counts only beside something of the person's own: the given name, or the very day of birth.
- Names of father, mother and spouse (``KIN_NAMED``) count only beside the given name: twins share even the day.
- Two are *apart*, and kin at most: brothers and sisters (a parent in common, birth years that cannot meet, given names
  that only resemble each other); and entries of which one names the other as kin. Of them nothing that kin share
  counts, nor that their years are near.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corroborate.linkage.levels import filled
from corroborate.linkage.model import (
    BORN_APART,
    KIN,
    KIN_NAMED,
    OWN_BIRTH,
    OWN_GIVEN,
    PARENTS,
    RESEMBLING,
    gamma,
)

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Levels = Mapping[str, NDArray[np.int8]]
_AT_ONCE = 500_000  # pairs


def agreeing(levels: Levels, comparison: str, at: range, pairs: int) -> Bools:
    """Pairs on one of some levels of a comparison, counted from the best agreement."""
    if comparison not in levels:
        return np.zeros(pairs, dtype=bool)
    found: Bools = np.isin(levels[comparison], [gamma(comparison, one) for one in at])
    return found


@dataclass(frozen=True, slots=True)
class Counting:
    """By pair: something of the person's own agrees; the given name does; the two are relatives at most."""

    own: Bools
    given: Bools
    apart: Bools

    def of(self, comparison: str) -> Bools:
        """Pairs in which agreement in a comparison counts for a match."""
        if comparison in KIN_NAMED:
            return self.given & ~self.apart
        if comparison in KIN:
            return self.own & ~self.apart
        return ~self.apart if comparison == "birth" else np.ones(len(self.apart), dtype=bool)


def counting(levels: Levels, pairs: int, named: Bools) -> Counting:
    """``named``: pairs in which one entry names the other as kin (:func:`named_as_kin`)."""
    given = agreeing(levels, "given", OWN_GIVEN, pairs)
    parents = np.zeros(pairs, dtype=bool)
    for one in PARENTS:
        parents |= agreeing(levels, one, range(1), pairs)
    siblings = parents & agreeing(levels, "birth", BORN_APART, pairs) & agreeing(levels, "given", RESEMBLING, pairs)
    same_name = agreeing(levels, "given", range(1), pairs)
    return Counting(given | agreeing(levels, "birth", OWN_BIRTH, pairs), given, siblings | (named & ~same_name))


def _codes(column: pa.ChunkedArray, known: dict[str, int]) -> tuple[Ints, Ints]:
    """Keys of each row as numbers: where a row's begin (rows + 1), and the numbers."""
    rows = column.to_pylist()
    counts = np.array([0, *(len(row or ()) for row in rows)], dtype=np.int64)
    codes = np.array([known.setdefault(key, len(known)) for row in rows for key in row or ()], dtype=np.int64)
    return np.cumsum(counts), codes


def _of_pairs(rows: Ints, start: Ints, codes: Ints, most: int) -> Ints:
    """Each pair with each key of its row, as one number."""
    counts = start[rows + 1] - start[rows]
    pair = np.repeat(np.arange(len(rows)), counts)
    within = np.arange(len(pair)) - np.repeat(np.cumsum(counts) - counts, counts)
    found: Ints = pair * most + codes[np.repeat(start[rows], counts) + within]
    return found


def named_as_kin(table: pa.Table, left: NDArray[np.int32], right: NDArray[np.int32]) -> Bools:
    """Pairs in which an entry's kin has the name of the other entry. ``table``: what ``entries.columns`` made."""
    found = np.zeros(len(left), dtype=bool)
    if "kin" not in table.column_names or not filled(table["kin"]).any():
        return found
    known: dict[str, int] = {}
    kin, keys = _codes(table["kin"], known), _codes(table["keys"], known)
    has = np.diff(kin[0]) > 0
    most = len(known) + 1
    for one, other in ((left, right), (right, left)):
        asked = np.flatnonzero(has[one])
        for begin in range(0, len(asked), _AT_ONCE):
            pairs = asked[begin : begin + _AT_ONCE]
            named = _of_pairs(one[pairs].astype(np.int64), *kin, most)
            theirs = _of_pairs(other[pairs].astype(np.int64), *keys, most)
            found[pairs[np.unique(named[np.isin(named, theirs)] // most)]] = True
    return found
