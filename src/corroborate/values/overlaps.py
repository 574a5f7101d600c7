"""How many people stand on which lists: what linkage hands to estimation."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from corroborate.errors import InvalidValue

Pattern = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OverlapTable:
    """Distinct people by the exact set of lists that name them, after linkage.

    ``counts`` maps a pattern, one 0 or 1 for each list in the order of ``lists``, to people.
    The pattern of zeros is unknown by nature and never stands in the table.
    """

    lists: tuple[str, ...]
    counts: Mapping[Pattern, int]

    def __post_init__(self) -> None:
        if len(set(self.lists)) != len(self.lists) or not all(self.lists):
            raise InvalidValue(f"list names must be there and differ: {', '.join(self.lists)}")
        for pattern, count in self.counts.items():
            if len(pattern) != len(self.lists) or set(pattern) - {0, 1}:
                raise InvalidValue(f"{pattern} does not fit {len(self.lists)} lists: their columns hold 0 or 1")
            if not any(pattern):
                raise InvalidValue("people on no list cannot have been counted: leave the row of zeros out")
            if count < 0:
                raise InvalidValue(f"count {count} of pattern {pattern} is negative")

    @property
    def documented(self) -> int:
        """People on at least one list."""
        return sum(self.counts.values())

    def on(self, name: str) -> int:
        """People on one list."""
        place = self.lists.index(name)
        return sum(count for pattern, count in self.counts.items() if pattern[place])

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read CSV: a 0/1 column for each list, then ``count``; equal patterns add up."""
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
        rows = [row for row in rows if any(cell.strip() for cell in row)]
        if not rows:
            raise InvalidValue("the overlap table is empty")
        heading = [cell.strip() for cell in rows[0]]
        if not heading or heading[-1].lower() != "count":
            raise InvalidValue(f"the last column must be `count`, not {heading[-1] if heading else 'nothing'!r}")
        counts: dict[Pattern, int] = {}
        for number, row in enumerate(rows[1:], start=2):
            if len(row) != len(heading):
                raise InvalidValue(f"line {number} has {len(row)} cells, the heading {len(heading)}")
            try:
                *pattern, count = (int(cell) for cell in row)
            except ValueError as error:
                raise InvalidValue(f"line {number}: {','.join(row)} holds something that is no whole number") from error
            counts[tuple(pattern)] = counts.get(tuple(pattern), 0) + count
        return cls(tuple(heading[:-1]), counts)

    def to_csv(self) -> str:
        """The same table, patterns in order, LF line ends."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([*self.lists, "count"])
        writer.writerows([*pattern, count] for pattern, count in sorted(self.counts.items()))
        return out.getvalue()
