"""Which pairs are compared at all: entries that share a block, and no block so large that it eats the machine.

A block is what a few entries are likely to share if they are one person: a form of the whole name; or part of a name with
a date or a place. Blocks that hold too many entries are left out, the largest first, until the pairs fit the budget; what
that leaves without any block is said, and refused when it is most of the lists.

A block is a number mixed from the hashes of its parts, and a pair one made of its two entries: they are sorted as
numbers, so that no text is copied for each entry and nothing spills to a disk. Blocks have the bits that entries leave
of 64: of five million entries a handful meet in a block by accident, and are compared for nothing.
"""

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Self

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from corroborate.errors import NotLinkable
from corroborate.linkage.levels import Coded, Ints, coded, plain

Hashes = NDArray[np.uint64]
_MIX = np.uint64(0x9E3779B97F4A7C15)  # odd: multiplying by it loses nothing


@dataclass(frozen=True, slots=True)
class Budget:
    """How much may be compared."""

    largest_block: int = 3_000  # entries
    pairs_each: int = 4  # compared pairs an entry, on average over all entries
    least_pairs: int = 1_000_000  # small lists may compare this many in any case
    everybody: int = 600_000  # pairs: where all entries make no more, each is compared with each, and nothing is missed
    lost: float = 0.5  # share of the named entries that may lose all their blocks before linking is refused

    def most(self, entries: int) -> int:
        """Pairs at most."""
        return max(self.least_pairs, self.pairs_each * entries)


_LATIN = "regexp_matches({0}, '^[a-z]')"
# What blocks are made of: an expression in SQL over the columns of an entry; nothing where it is null.
PARTS: dict[str, str] = {
    "name": "unnest(list_distinct(weak))",
    "sound": "unnest(list_distinct(list_concat(heard, sounded)))",
    "hanja": "hanja",
    "word": "unnest(words)",
    "two words": "unnest(twos)",
    "given": "given",
    "family": "family",
    "last syllable": "nullif(right(coalesce(part, given), 1), '?')",
    "given's beginning": f"case when {_LATIN.format('given')} then left(given, 3) end",
    "family's beginning": "left(family, 3)",
    "given's first": "left(given, 1)",
    "family's first": "left(family, 1)",
    "birth": "coalesce(born_on, case when birth_first = birth_last then birth_first::varchar end)",
    "birth year": "case when birth_first = birth_last then birth_first end",
    "day of birth": "born_on",
    "month and day": "right(born_on, 4)",
    "event year": "case when event_first = event_last then event_first end",
    "place": "place",
    "facility": "facility",
    "sex": "coalesce(sex, '')",
    "sex or region": "coalesce(region, sex, '')",
}
# Each rule: what it is called, and the parts that entries of one block share.
RULES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("whole name", ("name",)),
    ("hanja", ("hanja",)),
    ("sound in Japanese", ("sound",)),
    ("two words of a name", ("two words",)),
    ("two words and the year of birth", ("two words", "birth year")),
    ("two words and the place", ("two words", "place")),
    ("two words and the year of the event", ("two words", "event year")),
    ("a word of a name and the day of birth", ("word", "day of birth")),
    ("a word of a name and the year of birth", ("word", "birth year")),
    ("a word of a name and the place", ("word", "place")),
    ("a word of a name", ("word",)),
    ("given name and birth", ("given", "birth")),
    ("given name and birth year", ("given", "birth year")),
    ("family name and day of birth", ("family", "day of birth")),
    ("day of birth and sex or region", ("day of birth", "sex or region")),
    ("given name and place", ("given", "place")),
    ("whole name, birth year and place", ("name", "birth year", "place")),
    ("whole name, place and year of the event", ("name", "place", "event year")),
    ("whole name, birth year and year of the event", ("name", "birth year", "event year")),
    ("whole name, birth year and sex", ("name", "birth year", "sex")),
    ("whole name, place and sex", ("name", "place", "sex")),
    ("whole name, year of the event and sex", ("name", "event year", "sex")),
    ("given name, birth year and place", ("given", "birth year", "place")),
    ("given name, place and year of the event", ("given", "place", "event year")),
    ("given name, birth year and year of the event", ("given", "birth year", "event year")),
    ("part of a name, birth year and place", ("family", "last syllable", "birth year", "place")),
    ("part of a name, place and year of the event", ("family", "last syllable", "place", "event year")),
    ("part of a name, birth year and year of the event", ("family", "last syllable", "birth year", "event year")),
    ("family name, birth year, place and year of the event", ("family", "birth year", "place", "event year")),
    ("family name, place and birth year", ("family", "place", "birth year")),
    ("family name, place and year of the event", ("family", "place", "event year")),
    ("family name, facility and birth year", ("family", "facility", "birth year")),
    ("part of a name, and place", ("family", "last syllable", "place")),
    ("part of a name, and facility", ("family", "last syllable", "facility")),
    ("family name and birth year", ("family", "birth year")),
    ("family name and place", ("family", "place")),
    ("beginnings of both names", ("given's beginning", "family's beginning")),
    ("beginning of the given name, month and day of birth", ("given's first", "month and day")),
    ("beginning of the family name, month and day of birth", ("family's first", "month and day")),
    ("given name", ("given",)),  # rare ones only, where the lists are long: the budget leaves the large blocks out
    ("family name", ("family",)),
    ("place", ("place",)),
    ("place and birth year", ("place", "birth year", "sex")),
)
EVERYBODY = "everybody with everybody"
_SHOWN = (
    "family",
    "given",
    "words",
    "twos",
    "place",
    "facility",
    "birth_first",
    "born_on",
    "event_first",
    "sex",
)  # of a block


@dataclass(frozen=True, slots=True)
class Blocked:
    """How many pairs will be compared, and which blocks were left out."""

    pairs: int
    notices: tuple[str, ...]
    by_rule: tuple[tuple[str, int], ...]  # pairs each rule would give alone
    largest: int = 0  # entries of the largest block that was compared

    @property
    def everybody(self) -> bool:
        """Whether each entry was compared with each."""
        return [name for name, _ in self.by_rule] == [EVERYBODY]


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Blocks of one rule, the smallest first: their entries one block after another, in order within each."""

    rule: int
    ids: Ints
    sizes: Ints  # entries of each block, two and more

    def to(self, largest: int) -> Self:
        """Those of no more entries, and nothing of the others kept in memory."""
        kept = self._up_to(largest)
        if kept == len(self.sizes):
            return self
        return replace(self, ids=self.ids[: int(self.sizes[:kept].sum())].copy(), sizes=self.sizes[:kept].copy())

    def _up_to(self, largest: int) -> int:
        return int(np.searchsorted(self.sizes, largest, side="right"))

    def within(self, over: int, largest: int) -> tuple[Ints, Ints]:
        """Entries and sizes of the blocks of more entries than ``over``, up to ``largest``."""
        start, end = self._up_to(over), self._up_to(largest)
        at = int(self.sizes[:start].sum())
        return self.ids[at : at + int(self.sizes[start:end].sum())], self.sizes[start:end]

    def pairs(self, largest: int) -> int:
        """Pairs in the blocks up to some size."""
        sizes = self.sizes[: self._up_to(largest)].astype(np.int64)
        return int((sizes * (sizes - 1) // 2).sum())


@dataclass(frozen=True, slots=True)
class _Hashed:
    """A part of a block for each distinct value: where each value's hashes begin, and the hashes (none, one or more)."""

    code: Ints
    starts: NDArray[np.int32]
    hashes: Hashes
    single: bool  # no value has more than one


def few(entries: int, budget: Budget) -> Blocked | None:
    """What is said where each entry is compared with each; None where they are too many for that."""
    pairs = entries * (entries - 1) // 2
    return Blocked(pairs, (), ((EVERYBODY, pairs),), entries) if pairs <= budget.everybody else None


def block(
    engine: duckdb.DuckDBPyConnection, table: pa.Table, budget: Budget, threads: int = 1
) -> tuple[Ints, Ints, Blocked]:
    """Pairs of entries that share a block, each once: left < right, sorted. Raises NotLinkable for an explosion."""
    count = len(table)
    if (all_ := few(count, budget)) is not None:
        one, other = np.triu_indices(count, 1)
        return one.astype(np.int32), other.astype(np.int32), all_
    made: list[_Blocks] = []
    counts: dict[int, int] = {}
    smallest, worst, cut = np.full(count, np.iinfo(np.int32).max, dtype=np.int32), (0, 0, 0), count
    for blocks, least, largest in _blocks(engine, table, budget, threads):
        worst = max(worst, largest)
        np.minimum(smallest, least, out=smallest)
        sizes = np.bincount(blocks.sizes)
        for size in np.flatnonzero(sizes).tolist():
            counts[size] = counts.get(size, 0) + int(sizes[size])
        before, cut = cut, largest_kept(counts, count, budget, _AGAIN)  # it can only fall
        made = [*(made if cut == before else [one.to(cut) for one in made]), blocks.to(cut)]
    together, cut = np.zeros(0, dtype=np.uint64), 1
    for at, larger in enumerate(steps(counts, count, budget)):
        more = _distinct([together, *(_pairs(*one.within(cut, larger)) for one in made)])
        if at and len(more) > budget.most(count):
            break
        together, cut = more, larger
    notices = left_out(table, cut, smallest, worst, budget)
    by_rule = [(RULES[one.rule][0], one.pairs(cut)) for one in made]
    del made
    left, right = (together >> np.uint64(32)).astype(np.int32), together.astype(np.uint32).astype(np.int32)
    return left, right, Blocked(len(left), tuple(notices), tuple(by_rule), cut)


_AGAIN = 4  # rules that bring one pair together, at most, when it is counted how many pairs there are
_STEP = 1.2  # times as large, at least, the next blocks are of which it is asked whether they fit


def steps(counts: Mapping[int, int], entries: int, budget: Budget) -> list[int]:
    """Sizes of blocks to go up by: up to the first all fit the budget whatever the rules repeat; beyond, each is kept
    when the pairs, each counted once, still fit."""
    found, high = [largest_kept(counts, entries, budget)], largest_kept(counts, entries, budget, _AGAIN)
    for size in sorted(counts):
        if found[-1] < size <= high and (size >= _STEP * found[-1] or size == high):
            found.append(size)
    return found


def _distinct(pairs: list[Hashes]) -> Hashes:
    together = np.concatenate(pairs)
    together.sort(kind="stable")
    return together[np.r_[True, together[1:] != together[:-1]]] if len(together) else together


def largest_kept(counts: Mapping[int, int], entries: int, budget: Budget, times: int = 1) -> int:
    """The size up to which all blocks hold no more pairs than the budget, or than it several ``times``, a pair counted
    as often as rules bring it together. ``counts``: how many blocks of each size."""
    most, total, cut = times * budget.most(entries), 0, 1
    for size in sorted(counts):
        total += counts[size] * size * (size - 1) // 2
        if size > budget.largest_block or total > most:
            break
        cut = size
    return cut


def left_out(table: pa.Table, cut: int, smallest: Ints, worst: tuple[int, int, int], budget: Budget) -> list[str]:
    """What is said of entries and blocks that are not compared. ``smallest``: each entry's least block; ``worst``: the
    size, rule (less than nought) and an entry of the largest."""
    size, rule, example = worst
    if size <= cut:
        return []
    name, parts = RULES[-rule]
    shown = [c for c in ("key", *_SHOWN) if any(re.search(rf"\b{c}\b", PARTS[p].replace("weak", "key")) for p in parts)]
    entry = plain(table.select(shown), np.array([example])).to_pylist() if shown else []
    what = ", ".join(_shown(value) for value in entry[0].values() if value is not None) if entry else ""
    named = plain(table.select(["named"]))["named"].to_numpy(zero_copy_only=False)
    lost = int((named & (smallest > cut)).sum())
    if lost > budget.lost * int(named.sum()):
        raise NotLinkable(
            "{size:,} entries share the block “{name}: {what}”, and {lost:,} of {sum:,} entries have no"
            " other: comparing them would take {size2:,} pairs. Give a field that tells them apart"
            " (given name, birth, place: --map birth=COLUMN), or link one region or year at a time",
            size=size,
            name=name,
            what=what,
            lost=lost,
            sum=int(named.sum()),
            size2=size * (size - 1) // 2,
        )
    said = [f"blocks of more than {cut:,} entries were not compared; the largest: {size:,} entries by {name} ({what})"]
    if lost:
        said.append(f"{lost:,} entries stand in no block small enough: they were compared with nobody")
    return said


def _shown(value: object) -> str:
    return " or ".join(map(str, value)) if isinstance(value, list) else str(value)


def _blocks(
    engine: duckdb.DuckDBPyConnection, table: pa.Table, budget: Budget, threads: int
) -> Iterator[tuple[_Blocks, Ints, tuple[int, int, int]]]:
    hashed = {name: _hashed(engine, table, sql) for name, sql in PARTS.items()}
    with ThreadPoolExecutor(threads) as pool:
        for start in range(0, len(RULES), threads):  # a few at a time: each holds numbers for all entries
            parts = [[hashed[part] for part in parts] for _, parts in RULES[start : start + threads]]
            many = range(start, start + len(parts))
            found = pool.map(_of_rule, many, parts, [len(table)] * len(parts), [budget.largest_block] * len(parts))
            yield from filter(None, found)


def _of_rule(
    rule: int, parts: list[_Hashed], count: int, most: int
) -> tuple[_Blocks, Ints, tuple[int, int, int]] | None:
    """Blocks of two to ``most`` entries; the least block of each entry; and the size, rule (less than nought) and an
    entry of the largest."""
    if not all(len(part.hashes) for part in parts):
        return None
    ids, keys = _keys(parts, count)
    if not len(ids):
        return None
    several = bool((ids[1:] == ids[:-1]).any())  # blocks that one entry stands in
    low = np.uint64(max(count - 1, 1).bit_length())
    keys >>= low  # a block and an entry in one number sort several times as fast as one by the other
    keys <<= low
    keys |= ids.astype(np.uint64)
    keys.sort()
    ids = (keys & ((np.uint64(1) << low) - np.uint64(1))).astype(np.int32)
    keys >>= low
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    sizes = np.diff(np.r_[starts, len(keys)]).astype(np.int32)
    least = np.full(count, np.iinfo(np.int32).max, dtype=np.int32)
    if several:
        np.minimum.at(least, ids, np.repeat(sizes, sizes))
    else:
        least[ids] = np.repeat(sizes, sizes)
    at = int(sizes.argmax())
    largest = int(sizes[at]), -rule, int(ids[starts[at]])
    kept = np.flatnonzero((sizes > 1) & (sizes <= most))
    kept = kept[np.argsort(sizes[kept], kind="stable")]
    spread = np.repeat(starts[kept] - np.r_[0, np.cumsum(sizes[kept])[:-1]], sizes[kept])
    return _Blocks(rule, ids[spread + np.arange(len(spread))], sizes[kept]), least, largest


def _hashed(engine: duckdb.DuckDBPyConnection, table: pa.Table, sql: str) -> _Hashed:
    columns = [name for name in table.column_names if re.search(rf"\b{name}\b", sql)]
    found: Coded = coded(table, columns)
    engine.register("parts", found.values.append_column("code", pa.array(np.arange(len(found.values)))))
    rows = engine.sql(
        f"select code, hash(part) as part from (select code, {sql} as part from parts) where part is not null order by 1"
    ).to_arrow_table()
    engine.unregister("parts")
    starts = np.searchsorted(rows["code"].to_numpy(), np.arange(len(found.values) + 1)).astype(np.int32)
    return _Hashed(found.code, starts, rows["part"].to_numpy(), bool((np.diff(starts) <= 1).all()))


def _keys(parts: list[_Hashed], count: int) -> tuple[Ints, Hashes]:
    """Entries and their blocks by one rule: an entry stands as often as its parts have values."""
    keys, known = np.zeros(count, dtype=np.uint64), np.ones(count, dtype=bool)
    for part in (part for part in parts if part.single):
        at = part.starts[part.code]
        known &= part.starts[part.code + 1] > at
        keys = keys * _MIX + part.hashes[np.minimum(at, len(part.hashes) - 1)]
    ids = np.flatnonzero(known).astype(np.int32)
    keys = keys[ids]
    for part in (part for part in parts if not part.single):
        code = part.code[ids]
        begin, number = part.starts[code], part.starts[code + 1] - part.starts[code]
        spread = np.repeat(begin - np.r_[0, np.cumsum(number)[:-1]], number)
        ids, keys = np.repeat(ids, number), np.repeat(keys, number)
        keys = keys * _MIX + part.hashes[spread + np.arange(len(spread))]
    return ids, keys


def _pairs(ids: Ints, sizes: Ints) -> Hashes:
    """All pairs within blocks, each as one number: the smaller entry in its upper half."""
    sizes = sizes.astype(np.int64)
    found = np.empty(int((sizes * (sizes - 1) // 2).sum()), dtype=np.uint64)
    at = written = 0
    for size, number in zip(*np.unique(sizes, return_counts=True), strict=True):
        members = ids[at : at + size * number].reshape(number, size).astype(np.uint64)
        at += size * number
        one, other = np.triu_indices(size, 1)
        step = max(1, 4_000_000 // len(one))
        for start in range(0, number, step):
            a, b = members[start : start + step, one].ravel(), members[start : start + step, other].ravel()
            found[written : written + len(a)] = a << np.uint64(32) | b
            written += len(a)
    return found
