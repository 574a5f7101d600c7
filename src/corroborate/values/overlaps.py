"""How many people stand on which lists: what linkage hands to estimation."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from corroborate.errors import InvalidValue
from corroborate.translation import Sentence
from corroborate.values.overlap_shapes import Pattern, plain, shaped
from corroborate.values.rows import defused


@dataclass(frozen=True, slots=True)
class OverlapTable:
    """Distinct people by the exact set of lists that name them, after linkage.

    ``counts`` maps a pattern, one 0 or 1 for each list in the order of ``lists``, to people.
    The pattern of zeros is unknown by nature and never stands in the table.
    """

    lists: tuple[str, ...]
    counts: Mapping[Pattern, int]
    notes: tuple[str, ...] = field(default=(), compare=False)  # what was done while reading, for whoever is shown it

    def __post_init__(self) -> None:
        if len(set(self.lists)) != len(self.lists) or not all(self.lists):
            raise InvalidValue("list names must be there and differ: {listed}", listed=", ".join(self.lists))
        for pattern, count in self.counts.items():
            if len(pattern) != len(self.lists) or set(pattern) - {0, 1}:
                raise InvalidValue(
                    "{pattern} does not fit {number} lists: their columns hold 0 or 1",
                    pattern=pattern,
                    number=len(self.lists),
                )
            if not any(pattern):
                raise InvalidValue("people on no list cannot have been counted: leave the row of zeros out")
            if count < 0:
                raise InvalidValue("count {count} of pattern {pattern} is negative", count=count, pattern=pattern)

    @property
    def documented(self) -> int:
        """People on at least one list."""
        return sum(self.counts.values())

    def on(self, name: str) -> int:
        """People on one list."""
        place = self.lists.index(name)
        return sum(count for pattern, count in self.counts.items() if pattern[place])

    def without(self, name: str) -> Self:
        """The same people with one list left out; those on no other list are no longer documented."""
        at = self.lists.index(name)
        counts: dict[Pattern, int] = {}
        for pattern, count in self.counts.items():
            rest = pattern[:at] + pattern[at + 1 :]
            if any(rest):
                counts[rest] = counts.get(rest, 0) + count
        return type(self)(self.lists[:at] + self.lists[at + 1 :], counts)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read CSV: a 0/1 column for each list, then ``count``; equal patterns add up, and ``notes`` says so."""
        heading, rows = _rows(text)
        return cls._counted(tuple(heading[:-1]), rows)

    @classmethod
    def parse_strata(cls, text: str, by: Sequence[str]) -> dict[tuple[str, ...], Self]:
        """Read CSV with further columns that say each row's stratum: one table a stratum, in order of the strata.

        A blank cell is kept as a blank in the stratum's key. Raises InvalidValue where a column is not there.
        """
        heading, rows = _rows(text)
        missing = [name for name in by if name not in heading[:-1]]
        if missing or not by:
            raise InvalidValue(
                "no column {listed} to stratify by: there are {listed2}",
                listed=", ".join(missing) or Sentence("named"),
                listed2=", ".join(heading[:-1]),
            )
        places = [heading.index(name) for name in by]
        lists = tuple(name for at, name in enumerate(heading[:-1]) if at not in places)
        found: dict[tuple[str, ...], list[tuple[int, list[str]]]] = {}
        for number, row in rows:
            key = tuple(row[at].strip() for at in places)
            found.setdefault(key, []).append((number, [cell for at, cell in enumerate(row) if at not in places]))
        return {key: cls._counted(lists, found[key]) for key in sorted(found)}

    @classmethod
    def read(cls, text: str) -> Self:
        """Read our own CSV, or the same table as another program writes it (:mod:`overlap_shapes`)."""
        return cls._of_any(text, ())[()]

    @classmethod
    def read_strata(cls, text: str, by: Sequence[str]) -> dict[tuple[str, ...], Self]:
        """:meth:`parse_strata`, or the same of a table that another program wrote."""
        return cls._of_any(text, by)

    @classmethod
    def _of_any(cls, text: str, by: Sequence[str]) -> dict[tuple[str, ...], Self]:
        try:
            return cls.parse_strata(text, by) if by else {(): cls.parse(text)}
        except InvalidValue as refused:
            try:
                other = plain(text, by)
                heading, body = tuple(other.heading), other.rows
                groups: dict[tuple[str, ...], list[tuple[int, list[str]]]] = {}
                for number, row in body:
                    groups.setdefault(tuple(row[: len(by)]), []).append((number, row[len(by) :]))
                found = {key: cls._counted(heading[len(by) : -1], groups[key]) for key in sorted(groups)}
            except InvalidValue as other_refused:
                # a table in our own shape is told what is wrong in it; another one, what it lacks
                raise refused if _ours(text) else other_refused from None
            if not found:
                raise refused
            return {key: cls(one.lists, one.counts, (*other.notes, *one.notes)) for key, one in found.items()}

    def shaped(self, shape: str) -> str:
        """The table in the shape of another program: one of ``overlap_shapes.SHAPES``."""
        return shaped(self.lists, self.counts, shape)

    @classmethod
    def _counted(cls, lists: tuple[str, ...], rows: Sequence[tuple[int, list[str]]]) -> Self:
        counts: dict[Pattern, int] = {}
        twice: set[Pattern] = set()
        for number, row in rows:
            pattern, count = _pattern(number, row, lists)
            if pattern in counts:
                twice.add(pattern)
            counts[pattern] = counts.get(pattern, 0) + count
        notes: list[str] = []
        if twice:
            some = ", ".join("".join(map(str, one)) for one in sorted(twice)[:5])
            notes.append(Sentence("Patterns that stand on more than one line were added up: {some}.", some=some))
        absent = 2 ** len(lists) - 1 - len(counts)
        if absent > 0 and counts:
            notes.append(
                Sentence(
                    "{absent} of {value} patterns are not in the table and count as nobody.",
                    absent=absent,
                    value=2 ** len(lists) - 1,
                )
            )
        return cls(lists, counts, tuple(notes))

    def to_csv(self) -> str:
        """The same table, patterns in order, LF line ends."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([*self.lists, "count"])
        writer.writerows([*pattern, count] for pattern, count in sorted(self.counts.items()))
        return out.getvalue()


def _ours(text: str) -> bool:
    first = next((line for line in text.removeprefix("\ufeff").splitlines() if line.strip()), "")
    return not first or first.lower().rstrip().endswith(",count")


def strata_csv(tables: Mapping[tuple[str, ...], OverlapTable], by: Sequence[str]) -> str:
    """What :meth:`OverlapTable.parse_strata` reads: a column for each of ``by``, then the lists, then ``count``.

    A stratum that a spreadsheet would run as a formula is defused.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    lists = next(iter(tables.values())).lists if tables else ()
    writer.writerow([*by, *lists, "count"])
    for key, table in sorted(tables.items()):
        key = tuple(defused(one) for one in key)
        writer.writerows([*key, *pattern, count] for pattern, count in sorted(table.counts.items()))
    return out.getvalue()


def _rows(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Heading, and each row with its line number. The last column is ``count``."""
    rows = [
        (number, row)
        for number, row in enumerate(csv.reader(io.StringIO(text.removeprefix("\ufeff"))), start=1)
        if any(cell.strip() for cell in row)
    ]
    if not rows:
        raise InvalidValue("the overlap table is empty")
    heading = [cell.strip() for cell in rows[0][1]]
    if heading[-1].lower() != "count":
        raise InvalidValue("the last column must be `count`, not {heading!r}", heading=heading[-1])
    for number, row in rows[1:]:
        if len(row) != len(heading):
            raise InvalidValue(
                "line {number} has {number2} cells, the heading {number3}",
                number=number,
                number2=len(row),
                number3=len(heading),
            )
    return heading, rows[1:]


def _pattern(number: int, row: Sequence[str], lists: Sequence[str]) -> tuple[Pattern, int]:
    """One line's pattern and its people."""
    *cells, last = (cell.strip() for cell in row)
    for name, cell in zip(lists, cells, strict=True):
        if cell not in ("0", "1"):
            raise InvalidValue(
                "line {number}: the column {name} holds {cell!r}, which is not 0 or 1; if it says a place, a time or "
                "a sex, name it with --stratify-by",
                number=number,
                name=name,
                cell=cell,
            )
    pattern = tuple(int(cell) for cell in cells)
    if not re.fullmatch(r"[+-]?\d+", last, re.ASCII):
        raise InvalidValue("line {number}: {last!r} is no whole number of people", number=number, last=last)
    if len(last) > 13:
        raise InvalidValue("line {number}: {last} people are more than have ever lived", number=number, last=last)
    if int(last) < 0:
        raise InvalidValue(
            "line {number}: the count {last} of pattern {listed} is negative",
            number=number,
            last=last,
            listed=",".join(cells),
        )
    if not any(pattern):
        raise InvalidValue(
            "line {number}: people on no list cannot have been counted; leave the row of zeros out", number=number
        )
    return pattern, int(last)
