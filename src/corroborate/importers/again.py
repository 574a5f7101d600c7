"""Which rows of a list are those that were taken in before: by all that they say, by a key, or by their name.

Nothing here guesses that two rows are one where another row could be it as well: such a row is new.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

from corroborate.languages.finding import folded
from corroborate.tables import Row
from corroborate.values import JSON, canonical

_NO_DIGEST = bytes(32)  # in the place of one, where a row says nothing or has no key
ENOUGH = 0.5  # of what two rows of one name say, how much is to be the same for them to be one row


@dataclass(frozen=True, slots=True)
class Looked:
    """What is compared of a row that is not the same: its names, folded, and each thing that it says, as a text that is
    equal for equal things."""

    names: frozenset[str]
    says: frozenset[str]


@dataclass(frozen=True, slots=True)
class RowNow:
    """A row of the file as it is now. ``content``, ``key``: digests, empty where there is none."""

    number: int
    content: str
    key: str


@dataclass(frozen=True, slots=True)
class RowBefore:
    """A row that was taken in, with the contents of all its versions."""

    id: str
    contents: tuple[str, ...]
    key: str


@dataclass(frozen=True, slots=True)
class Matched:
    """Number of a row -> id of the row that it is; numbers of rows that are new; ids of rows that are not there now."""

    same: Mapping[int, str]
    changed: Mapping[int, str]
    new: tuple[int, ...]
    gone: tuple[str, ...]


def _digest(pairs: Iterable[tuple[str, str]]) -> str:
    said: JSON = [[heading, cell] for heading, cell in sorted(pairs)]
    return sha256(canonical(said)).hexdigest()


def digest_of_cells(cells: Mapping[str, str], beside: str = "") -> str:
    """Equal for rows that say the same under the same headings, whatever their order: SHA-256 in hexadecimal. Empty
    for a row that says nothing. ``beside``: a column that counts for nothing, since it only numbers the rows."""
    said = {name: " ".join(cell.split()) for name, cell in cells.items() if cell.strip() and name != beside}
    return _digest(said.items()) if said else ""


class RowsNow(Mapping[int, RowNow]):
    """The rows of a file by their numbers, in the few bytes that their digests have: a long list has many."""

    def __init__(self, rows: Iterable[Row], numbers: str, key: Sequence[str]) -> None:
        self._at: dict[int, int] = {}
        self._digests = bytearray()
        for row in rows:
            self._at[row.number] = len(self._digests)
            for digest in (digest_of_cells(row.cells, numbers), digest_of_key(row.cells, key)):
                self._digests += bytes.fromhex(digest) if digest else _NO_DIGEST

    def __getitem__(self, number: int) -> RowNow:
        at = self._at[number]
        return RowNow(number, self._digest(at), self._digest(at + len(_NO_DIGEST)))

    def _digest(self, at: int) -> str:
        found = self._digests[at : at + len(_NO_DIGEST)]
        return found.hex() if found != _NO_DIGEST else ""

    def __iter__(self) -> Iterator[int]:
        return iter(self._at)

    def __len__(self) -> int:
        return len(self._at)


def numbering(column: str, rows: Iterable[Row]) -> bool:
    """Whether a column only numbers the rows: whole numbers, each greater than the one before."""
    numbers = []
    for row in rows:
        cell = row.cells.get(column, "").strip()
        if not (cell.isdecimal() and len(cell) < 10):
            return False
        numbers.append(int(cell))
    return bool(numbers) and numbers[0] in (0, 1) and all(one < two for one, two in pairwise(numbers))


def digest_of_key(cells: Mapping[str, str], columns: Sequence[str]) -> str:
    """The same of the columns that tell one row from another. Empty where any of them is."""
    said = {column: " ".join(cells.get(column, "").split()) for column in columns}
    return _digest(said.items()) if columns and all(said.values()) else ""


def digest_of_columns(columns: Iterable[str]) -> str:
    """The shape of a file: equal for the same headings in any order."""
    return _digest((one, "") for one in columns)


def names_folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(letters for one in names if (letters := folded(one)))


def matched(
    now: Sequence[RowNow],
    before: Sequence[RowBefore],
    look_now: Callable[[Collection[int]], Mapping[int, Looked]],
    look_into: Callable[[Collection[str]], Mapping[str, Looked]],
    *,
    certain: bool,
) -> Matched:
    """Compare a file with what was taken in. The two functions look into rows that are not the same, and no others.

    ``certain``: a person named the key. A column that only looks like one (*No.*) tells namesakes apart and no more:
    whoever inserts a row numbers all others anew.
    """
    same = _by_content(now, before)
    taken = set(same.values())
    left = [row for row in now if row.number not in same]
    rest = [one for one in before if one.id not in taken]
    changed: dict[int, str] = {}
    if left and rest:
        changed = (
            _by_key(left, rest)
            if certain
            else _by_name(
                left,
                rest,
                look_now([row.number for row in left]),
                look_into([one.id for one in rest]),
                moved=_moved(same, now, before),
            )
        )
    used = {*taken, *changed.values()}
    new = tuple(row.number for row in left if row.number not in changed)
    return Matched(same, changed, new, tuple(one.id for one in before if one.id not in used))


def _by_content(now: Sequence[RowNow], before: Sequence[RowBefore]) -> dict[int, str]:
    """Rows that say the same, each once: a list may hold two rows without a difference."""
    waiting: dict[str, list[str]] = defaultdict(list)
    for row in before:
        for content in dict.fromkeys(row.contents):
            waiting[content].append(row.id)
    same: dict[int, str] = {}
    taken: set[str] = set()
    for one in now:
        if one.content and (found := next((id_ for id_ in waiting[one.content] if id_ not in taken), "")):
            same[one.number] = found
            taken.add(found)
    return same


def _by_key(left: Sequence[RowNow], before: Sequence[RowBefore]) -> dict[int, str]:
    """Rows with a key that one row of each side alone has."""
    mine, theirs = defaultdict(list), defaultdict(list)
    for row in left:
        mine[row.key].append(row.number)
    for one in before:
        theirs[one.key].append(one.id)
    return {
        numbers[0]: theirs[key][0]
        for key, numbers in mine.items()
        if key and len(numbers) == 1 and len(theirs.get(key, ())) == 1
    }


def _moved(same: Mapping[int, str], now: Sequence[RowNow], before: Sequence[RowBefore]) -> bool:
    """Whether the rows were numbered anew: one that says the same has another key now."""
    keys, then = {one.number: one.key for one in now}, {one.id: one.key for one in before}
    return any(keys[number] != then[id_] for number, id_ in same.items())


def _by_name(
    left: Sequence[RowNow],
    before: Sequence[RowBefore],
    now: Mapping[int, Looked],
    then: Mapping[str, Looked],
    *,
    moved: bool,
) -> dict[int, str]:
    """Rows of one name that say mostly the same, where each is the other's only one. Of namesakes, it is the one of
    which all still stands; else the key decides, unless rows have other keys now (``moved``)."""
    named: dict[str, list[RowBefore]] = defaultdict(list)
    for one in before:
        for name in then[one.id].names:
            named[name].append(one)
    likely: dict[int, list[str]] = {}
    wanted: dict[str, list[int]] = defaultdict(list)
    for row in left:
        said = now[row.number]
        candidates = {one.id: one for name in said.names for one in named.get(name, ())}
        near = [one for one in candidates.values() if _alike(said.says, then[one.id].says)]
        if len(near) > 1:
            near = [one for one in near if then[one.id].says <= said.says] or near
        if len(near) > 1 and row.key and not moved:
            near = [one for one in near if one.key == row.key]
        likely[row.number] = [one.id for one in near]
        for one in near:
            wanted[one.id].append(row.number)
    return {number: ids[0] for number, ids in likely.items() if len(ids) == 1 and wanted[ids[0]] == [number]}


def _alike(left: Collection[str], right: Collection[str]) -> bool:
    both = len(set(left) & set(right))
    return both >= ENOUGH * min(len(left), len(right)) if left and right else True


__all__ = [
    "Looked",
    "Matched",
    "RowBefore",
    "RowNow",
    "digest_of_cells",
    "digest_of_columns",
    "digest_of_key",
    "matched",
    "names_folded",
    "numbering",
]
