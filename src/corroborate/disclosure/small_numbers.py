"""Small cells, and the larger ones that would give them away by subtraction."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from corroborate.disclosure.shown import CellShown, OverlapShown
from corroborate.values import OverlapTable, Pattern

LEAST = 10  # people: the smallest count that is published


def at_least_ten(count: int) -> int | None:
    """The count, or None when it is under ten."""
    return count if count >= LEAST else None


def few_withheld(count: int) -> int | None:
    """The count of claims or roots: None for one to nine, behind which few people stand. That there is none is told."""
    return count if count == 0 or count >= LEAST else None


def protect(table: OverlapTable) -> OverlapShown:
    """The table with every cell under ten withheld, and as many others as needed.

    A reader is taken to know the number documented and the size of each list. No withheld cell may follow from those
    and the cells shown, and no group of withheld cells that they give may itself hold one to nine people.
    """
    patterns = [pattern for pattern in product((0, 1), repeat=len(table.lists)) if any(pattern)]
    counts = {pattern: table.counts.get(pattern, 0) for pattern in patterns}
    hidden = {pattern for pattern, count in counts.items() if count < LEAST}
    while exposed := _exposed(patterns, counts, hidden):
        shown = [pattern for pattern in exposed if pattern not in hidden]
        if not shown:  # nothing left in this sum to hide behind: take the smallest of the whole table
            shown = [pattern for pattern in patterns if pattern not in hidden]
        if not shown:
            break
        hidden.add(min(shown, key=lambda pattern: (counts[pattern], pattern)))
    return OverlapShown(
        table.lists, tuple(CellShown(pattern, None if pattern in hidden else counts[pattern]) for pattern in patterns)
    )


def _sums(patterns: Sequence[Pattern]) -> list[list[Pattern]]:
    """Sets of cells whose sum a reader knows: everybody, those on each list, those not on it."""
    lists = range(len(patterns[0]))
    sides = [[pattern for pattern in patterns if pattern[at] == side] for at in lists for side in (1, 0)]
    return [list(patterns), *sides]


def _exposed(patterns: Sequence[Pattern], counts: dict[Pattern, int], hidden: set[Pattern]) -> list[Pattern]:
    """Cells of one known sum that gives a withheld number away; empty when there is none."""
    if not hidden:
        return []
    for cells in _sums(patterns):
        inside = [pattern for pattern in cells if pattern in hidden]
        if inside and 0 < sum(counts[pattern] for pattern in inside) < LEAST:
            return cells
        if len(inside) == 1:
            return cells
    unknown = sorted(hidden)
    rows = [[Fraction(pattern in cells) for pattern in unknown] for cells in _sums(patterns)]
    if _pinned(rows, len(unknown)):
        return list(patterns)
    return []


def _pinned(rows: list[list[Fraction]], width: int) -> bool:
    """Whether the sums, taken together, fix a single unknown: a row of the reduced form with one entry."""
    lead = 0
    for column in range(width):
        pivot = next((at for at in range(lead, len(rows)) if rows[at][column]), None)
        if pivot is None:
            continue
        rows[lead], rows[pivot] = rows[pivot], rows[lead]
        scale = rows[lead][column]
        rows[lead] = [entry / scale for entry in rows[lead]]
        for at, row in enumerate(rows):
            if at != lead and row[column]:
                factor = row[column]
                rows[at] = [entry - factor * top for entry, top in zip(row, rows[lead], strict=True)]
        lead += 1
        if lead == len(rows):
            break
    return any(sum(1 for entry in row if entry) == 1 for row in rows)
