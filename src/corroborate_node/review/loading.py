"""Where pairs come from: a file that a linkage wrote, or a comparison of the vault's own people."""

import csv
import io
from collections import Counter
from pathlib import Path

from corroborate.errors import InputRefused, InvalidValue, NotLinkable
from corroborate_node.core.desk import Desk
from corroborate_node.review import actions, queries
from corroborate_node.review.values import Loaded, Proposed

_BY_ROW = ("left_list", "left_row", "right_list", "right_row")
LARGEST = 100 << 20  # bytes of a file of pairs


def load_file(desk: Desk, file: Path) -> Loaded:
    """Take a CSV file of pairs in. Raises InputRefused for a file that is none, InvalidValue for a cell that is not."""
    if file.stat().st_size > LARGEST:
        raise InputRefused("{name} is larger than 100 MB: raise the least probability and link again", name=file.name)
    try:
        rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputRefused("{name} is no CSV file in UTF-8", name=file.name) from error
    columns = set(rows[0]) if rows else set()
    if not rows or "probability" not in columns or not (columns >= set(_BY_ROW) or columns >= {"left", "right"}):
        raise InputRefused(
            "{name} is no file of pairs: it needs the columns probability, and left_list, left_row, right_list, "
            "right_row or left, right",
            name=file.name,
        )
    people: dict[tuple[str, int], str] = {}
    if columns >= set(_BY_ROW):
        people = queries.people_of_rows({row[side] for row in rows for side in ("left_list", "right_list")})
    pairs, elsewhere = [], 0
    for number, row in enumerate(rows, start=2):
        one = _proposed(row, people, number)
        if one is None:
            elsewhere += 1
        else:
            pairs.append(one)
    sizes = Counter(name for name, _ in people)
    new, before = actions.load(desk, pairs, file.name, sizes=sizes)
    return Loaded(new, before, elsewhere)


def _proposed(row: dict[str, str], people: dict[tuple[str, int], str], number: int) -> Proposed | None:
    """A row as a pair of people, or None when one of the two is not in this vault."""
    try:
        probability = float(row["probability"])
        weight = float(row["weight"]) if row.get("weight") else None
        if "left_list" not in row:
            return Proposed(row["left"], row["right"], probability, weight)
        lists = (row["left_list"], row["right_list"])
        ends = [
            people.get((name, int(row[f"{side}_row"]))) for side, name in zip(("left", "right"), lists, strict=True)
        ]
    except (ValueError, TypeError) as error:
        raise InvalidValue("line {number} cannot be read: {error}", number=number, error=error) from error
    if ends[0] is None or ends[1] is None:
        return None
    return None if ends[0] == ends[1] else Proposed(ends[0], ends[1], probability, weight, lists)


def find(desk: Desk, least: float) -> Loaded:
    """Compare this vault's people with each other, on its own claims and before nobody else."""
    from corroborate.linkage import dedupe  # Splink and DuckDB: only where they are installed, and only now
    from corroborate_node.review.private import own_entries

    name = "people"
    people, entries = own_entries(name)
    try:
        found = dedupe(name, entries)
    except InvalidValue:
        raise
    except ValueError as error:  # expectation maximisation found a level that nobody is on
        raise NotLinkable(
            (
                "{number:,} person here is too few to learn weights from: {error}",
                "{number:,} people here are too few to learn weights from: {error}",
            ),
            number=len(entries),
            error=error,
        ) from error
    pairs = [
        Proposed(people[one.left[1]], people[one.right[1]], one.probability, one.weight)
        for one in found.pairs
        if one.probability >= least
    ]
    new, before = actions.load(desk, pairs, "the vault's own people")
    return Loaded(new, before)
