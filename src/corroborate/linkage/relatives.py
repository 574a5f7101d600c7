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

from corroborate.linkage.levels import filled, numbered
from corroborate.linkage.model import (
    BORN_APART,
    KIN,
    KIN_NAMED,
    ONE_SYLLABLE,
    OWN_BIRTH,
    OWN_GIVEN,
    OWN_NEAR,
    PARENTS,
    RESEMBLING,
    SAME_FAMILY,
    gamma,
)

OWN_WORDS = 2  # level of names compared by words, from which the given name agrees
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
    twins: Bools  # may be: they share the day, and all of the name but the given one, or but a syllable of it

    def of(self, comparison: str) -> Bools:
        """Pairs in which agreement in a comparison counts for a match."""
        if comparison in KIN_NAMED:
            return self.given & ~self.apart
        if comparison in KIN:
            return self.own & ~self.apart
        return ~self.apart if comparison == "birth" else np.ones(len(self.apart), dtype=bool)


def counting(levels: Levels, pairs: int, named: Bools, spelled: Bools | None = None) -> Counting:
    """``named``: pairs in which one entry names the other as kin (:func:`named_as_kin`). ``spelled``: pairs whose given
    names differ in a vowel that romanisations mix up (:func:`vowels_mixed_up`)."""
    given = agreeing(levels, "given", OWN_GIVEN, pairs)
    words = levels.get("name", np.full(pairs, -1, dtype=np.int8))
    given |= words >= OWN_WORDS
    parents = np.zeros(pairs, dtype=bool)
    for one in PARENTS:
        parents |= agreeing(levels, one, range(1), pairs)
    resembling = agreeing(levels, "given", RESEMBLING, pairs) | (words == 0) | (words == 1)
    siblings = parents & agreeing(levels, "birth", BORN_APART, pairs) & resembling
    same_name = agreeing(levels, "given", range(1), pairs) | (words >= 3)
    # of whom all but the given name, or all but a syllable of it, agrees may be twins: they share the day
    twins = (words == 1) | agreeing(levels, "given", ONE_SYLLABLE, pairs)
    if spelled is not None:
        twins &= ~spelled
    near = agreeing(levels, "birth", OWN_NEAR, pairs) & agreeing(levels, "family", SAME_FAMILY, pairs)
    own = given | ((agreeing(levels, "birth", OWN_BIRTH, pairs) | near) & ~twins)
    return Counting(own, given, siblings | (named & ~same_name), twins)


_MIXED_UP = frozenset((4, 8, 13, 18))  # ㅓ ㅗ ㅜ ㅡ by number: o, ŏ, u and ŭ without their marks


def vowels_mixed_up(table: pa.Table, left: NDArray[np.int32], right: NDArray[np.int32], which: Bools) -> Bools:
    """Of some pairs (``which``) those whose given names in Hangul differ only in vowels that spelling mixes up: 송길
    and 승길 are one name in Latin letters, 철진 and 철준 are not."""
    code, values = numbered(table["given"])
    names = values.to_pylist()
    found = np.zeros(len(left), dtype=bool)
    for at in np.flatnonzero(which).tolist():
        one, other = names[code[left[at]]], names[code[right[at]]]
        found[at] = bool(one and other) and len(one) == len(other) and all(map(_mixed_up, one, other))
    return found


def _mixed_up(one: str, other: str) -> bool:
    if one == other:
        return True
    a, b = ord(one) - 0xAC00, ord(other) - 0xAC00
    if not (0 <= a < 11172 and 0 <= b < 11172):
        return False
    vowels = {a // 28 % 21, b // 28 % 21}
    return a // 588 == b // 588 and a % 28 == b % 28 and vowels <= _MIXED_UP


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
