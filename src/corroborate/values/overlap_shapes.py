"""Overlap tables as other programs write them, in one shape: a 0/1 column for each list, then ``count``.

Known are R's ``write.csv``, ``write.csv2``, ``write.table`` and ``as.data.frame(table())``, readr and data.table,
LCMCR, Rcapture, SparseMSE, dga and verdata; and any table with one row a person.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from corroborate.errors import InvalidValue

Pattern = tuple[int, ...]
Lines = list[tuple[int, list[str]]]  # line of the file, cells

_COUNTS = {"count", "counts", "freq", "frequency", "n", "number", "people", "persons", "n_people", "total",
           "인원", "인원수", "명수", "人数", "frecuencia", "effectif"}  # fmt: skip
_BITS = {"0": 0, "1": 1, "false": 0, "true": 1, "f": 0, "t": 1, "no": 0, "yes": 1}
_ROW_NAMES = {"", "rownames", "row.names", "rn", "...1", "x", "unnamed: 0"}
_IDS = re.compile(r"(?:.*[_. ])?(?:id|uuid|key|no|nr|number)\.?|match_group_id|person|name", re.I)
_VERDATA = re.compile(r"in_\d+")


@dataclass(frozen=True, slots=True)
class Plain:
    """The same table in one shape; ``notes`` say what was done."""

    heading: list[str]
    rows: Lines
    notes: tuple[str, ...]


def plain(text: str, by: Sequence[str] = ()) -> Plain:
    """A table of another program in our shape. ``by``: columns that say a stratum. Raises InvalidValue."""
    heading, rows, notes = _grid(text)
    _refuse_what_is_no_overlap(heading, rows)
    missing = [name for name in by if name not in heading]
    if missing:
        raise InvalidValue(
            "no column {listed} to stratify by: there are {listed2}",
            listed=", ".join(missing),
            listed2=", ".join(heading),
        )
    cells = {at: [row[at].strip() for _, row in rows] for at in range(len(heading))}
    count = _count_column(heading, cells)
    if count is not None:
        return _patterns(heading, rows, cells, count, by, notes)
    return _persons(heading, rows, cells, by, notes)


def _grid(text: str) -> tuple[list[str], Lines, list[str]]:
    """Heading and rows by the mark that gives most rows the same number of cells; R's row names are taken off."""
    text = text.removeprefix("\ufeff")
    found: list[tuple[int, int, str, Lines]] = []
    for mark in (",", ";", "\t", " "):
        try:
            reader = csv.reader(
                io.StringIO(text, newline=""), delimiter=mark, skipinitialspace=mark == " ", strict=True
            )
            rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
        except csv.Error:
            continue
        if rows:
            width = Counter(len(row) for _, row in rows[1:] or rows).most_common(1)[0][0]
            found.append((sum(len(row) == width for _, row in rows) if width > 1 else 0, width, mark, rows))
    if not found or not max(found)[0]:
        raise InvalidValue("it is no table of columns that can be read: a quotation mark may be left open")
    _, width, mark, rows = max(found, key=lambda one: one[:2])
    notes = [f"Cells are set apart by {'a space' if mark == ' ' else repr(mark)}."] if mark != "," else []
    heading = [cell.strip() for cell in rows[0][1]]
    if len(heading) == width - 1:
        heading = ["", *heading]
    for number, row in rows[1:]:
        if len(row) != len(heading):
            raise InvalidValue(
                "line {number} has {number2} cells, the heading {number3}",
                number=number,
                number2=len(row),
                number3=len(heading),
            )
    if heading[0].casefold() in _ROW_NAMES and len({row[0] for _, row in rows[1:]}) == len(rows) - 1:
        heading, body = heading[1:], [(number, row[1:]) for number, row in rows[1:]]
        notes.append("The first column holds R's row names and was left out.")
    else:
        body = rows[1:]
    if not body:
        raise InvalidValue("the overlap table has a heading and no rows")
    return heading, body, notes


def _refuse_what_is_no_overlap(heading: Sequence[str], rows: Lines) -> None:
    low = [name.casefold() for name in heading]
    if len(set(low)) != len(low):
        raise InvalidValue("two columns are called the same: {listed}", listed=", ".join(heading))
    if low == ["n"] or {"lo", "hi"} <= set(low) or {"2.5%", "97.5%"} <= set(low) or re.fullmatch(r"[\d.]+%", low[0]):
        raise InvalidValue("the table holds estimates that were made already, not who stands on which list")
    if len(low) == 1:
        raise InvalidValue(
            "the table has one column, {heading!r}, and an overlap needs one for each list", heading=heading[0]
        )
    if "replica" in low:
        at = low.index("replica")
        if len({row[at] for _, row in rows}) > 1:
            raise InvalidValue("the table holds several replicates of the same people: estimate each by itself")


def _bit(cell: str) -> int | None:
    return _BITS.get(cell.casefold())


def _count_column(heading: Sequence[str], cells: Mapping[int, list[str]]) -> int | None:
    named = [at for at, name in enumerate(heading) if name.casefold() in _COUNTS]
    if named:
        return named[-1]
    last = len(heading) - 1
    whole = all(_whole(cell) is not None for cell in cells[last])
    if whole and any((_whole(cell) or 0) > 1 for cell in cells[last]) and _bits_in(cells, range(last)):
        return last  # Rcapture and SparseMSE ask for no name of the last column
    return None


def _bits_in(cells: Mapping[int, list[str]], places: Sequence[int] | range) -> bool:
    return len(places) > 1 and all(_bit(cell) is not None for at in places for cell in cells[at])


_GROUPED = re.compile(r"\d{1,3}(?:[,. '\xa0’]\d{3})+")  # thousands with marks between them


def _whole(cell: str) -> int | None:
    """A whole number of people as programs print it: 1907, 1,907, 1.907, 1 907, 1907.0, 1e+05."""
    text = cell.strip().replace("\xa0", " ").replace("’", "'")
    if _GROUPED.fullmatch(text):
        return int(re.sub(r"\D", "", text))
    if re.fullmatch(r"\d{1,13}(?:[.,]0+)?", text):
        return int(re.split("[.,]", text)[0])
    if re.fullmatch(r"\d(?:\.\d+)?e\+?\d{1,2}", text, re.I) and float(text).is_integer():
        return int(float(text))
    return None


def _patterns(
    heading: Sequence[str], rows: Lines, cells: Mapping[int, list[str]], count: int, by: Sequence[str], notes: list[str]
) -> Plain:
    """One row a pattern. Every other column is a list, or was named as a stratum: nothing is passed over."""
    strata = [at for at, name in enumerate(heading) if name in by]
    lists = [at for at in range(len(heading)) if at != count and at not in strata]
    for at in lists:
        for (number, _), cell in zip(rows, cells[at], strict=True):
            if _bit(cell) is None:
                raise InvalidValue(
                    "line {number}: the column {heading} holds {cell!r}, which is not 0 or 1; if it says a place, "
                    "a time or a sex, name it with --stratify-by",
                    number=number,
                    heading=heading[at],
                    cell=cell,
                )
    grouped = next((cell for cell in cells[count] if _GROUPED.fullmatch(cell)), None)
    if grouped is not None:
        notes.append(f"Marks between thousands were taken off: {grouped!r} was read as {_whole(grouped)}.")
    made: Lines = []
    for number, row in rows:
        people = _whole(row[count])
        if people is None:
            raise InvalidValue("line {number}: {row!r} is no whole number of people", number=number, row=row[count])
        bits = [str(_bit(row[at].strip())) for at in lists]
        if people == 0 and "1" not in bits:
            notes.append("The row of zeros, which nobody can have counted, was left out.")
            continue
        made.append((number, [*(row[at].strip() for at in strata), *bits, str(people)]))
    return Plain([*(heading[at] for at in strata), *(heading[at] for at in lists), "count"], made, tuple(notes))


def _persons(
    heading: Sequence[str], rows: Lines, cells: Mapping[int, list[str]], by: Sequence[str], notes: list[str]
) -> Plain:
    """One row a person: columns of 0 and 1 are lists; others describe the person, and are named in a note."""
    if len(rows) < 3:
        raise InvalidValue("the last column must be `count`, or each of at least three rows one person")
    lists = _lists_of_persons(heading, cells, by)
    strata = [at for at, name in enumerate(heading) if name in by]
    empty = [at for at in lists if not any(_bit(cell) for cell in cells[at])]
    lists = [at for at in lists if at not in empty]
    if len(lists) < 2:
        raise InvalidValue(
            "no two columns hold 0 and 1 alone, so it is not known which of them are lists: {listed}",
            listed=", ".join(heading)[:200],
        )
    if repeated := _repeated(heading, cells):
        raise InvalidValue("{repeated} stands on more than one row, and each row must be one person", repeated=repeated)
    counted: Counter[tuple[str, ...]] = Counter()
    nowhere = 0
    for number, row in rows:
        bits = tuple(str(_bit(row[at].strip())) for at in lists)
        if "None" in bits:
            raise InvalidValue(
                "line {number}: it is not said of every list whether this person is on it", number=number
            )
        if "1" not in bits:
            nowhere += 1
            continue
        counted[(*(row[at].strip() for at in strata), *bits)] += 1
    notes += _notes_of_persons(heading, lists, strata, empty, nowhere, len(rows))
    made = [(at, [*key, str(people)]) for at, (key, people) in enumerate(sorted(counted.items()), start=2)]
    return Plain([*(heading[at] for at in strata), *(heading[at] for at in lists), "count"], made, tuple(notes))


def _repeated(heading: Sequence[str], cells: Mapping[int, list[str]]) -> str:
    """A key of persons that says one of them twice."""
    for at, name in enumerate(heading):
        if re.fullmatch(r"match_group_id|person_id|cluster_id|id", name, re.I):
            key, times = Counter(cells[at]).most_common(1)[0]
            if times > 1:
                return f"{name} {key}"
    return ""


def _lists_of_persons(heading: Sequence[str], cells: Mapping[int, list[str]], by: Sequence[str]) -> list[int]:
    free = [at for at, name in enumerate(heading) if name not in by]
    named = [at for at in free if _VERDATA.fullmatch(heading[at])]
    if len(named) > 1:  # verdata's lists; beside them it says with TRUE and FALSE what was imputed
        return named
    found = [at for at in free if all(_bit(cell) is not None for cell in cells[at]) and not _IDS.fullmatch(heading[at])]
    codes = [heading[at] for at in free if set(cells[at]) == {"1", "2"}]
    if len(codes) > 1 and len(found) < 2:
        raise InvalidValue(
            "the columns {listed} hold 1 and 2, the codes of R's factors: write their labels", listed=", ".join(codes)
        )
    return found


def _notes_of_persons(
    heading: Sequence[str], lists: Sequence[int], strata: Sequence[int], empty: Sequence[int], nowhere: int, people: int
) -> list[str]:
    notes = [f"Each of the {people:,} rows was read as one person."]
    beside = [heading[at] for at in range(len(heading)) if at not in lists and at not in strata and at not in empty]
    if beside:
        few = ", ".join(beside[:8]) + (" …" if len(beside) > 8 else "")
        notes.append(f"Columns that are no lists were passed over: {few}.")
    if empty:
        few = ", ".join(heading[at] for at in empty[:8]) + (" …" if len(empty) > 8 else "")
        notes.append(f"Lists that name nobody were left out: {few}.")
    if nowhere:
        notes.append(f"{nowhere:,} people are on none of the lists and were left out.")
    return notes


# --- back into the shapes of other programs ---------------------------------------------------------------------------

Counts = Mapping[Pattern, int]


def _written(heading: Sequence[str], rows: Sequence[Sequence[object]], *, quoted: bool = False) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC if quoted else csv.QUOTE_MINIMAL)
    if heading:
        writer.writerow(heading)
    writer.writerows(rows)
    return out.getvalue()


def _r(lists: Sequence[str], counts: Counts) -> str:
    rows = [[str(at), *pattern, people] for at, (pattern, people) in enumerate(sorted(counts.items()), start=1)]
    return _written(["", *lists, "Freq"], rows, quoted=True)


def _r2(lists: Sequence[str], counts: Counts) -> str:
    rows = "\n".join(";".join(map(str, [*pattern, people])) for pattern, people in sorted(counts.items()))
    return ";".join(f'"{name}"' for name in [*lists, "Freq"]) + "\n" + rows + "\n"


def _lcmcr(lists: Sequence[str], counts: Counts) -> str:
    """LCMCR's ``tabular = TRUE``: factors, and a last column Freq."""
    rows = [[*map(str, pattern), people] for pattern, people in sorted(counts.items()) if people]
    return _written([*lists, "Freq"], rows, quoted=True)


def _rcapture(lists: Sequence[str], counts: Counts) -> str:
    """Rcapture's ``dfreq = TRUE``: the last column counts."""
    return _written([*lists, "freq"], [[*pattern, people] for pattern, people in sorted(counts.items()) if people])


def _sparsemse(lists: Sequence[str], counts: Counts) -> str:
    """SparseMSE takes the patterns that occur, and their count last."""
    return _written([*lists, "count"], [[*pattern, people] for pattern, people in sorted(counts.items()) if people])


def _dga(lists: Sequence[str], counts: Counts) -> str:
    """dga wants an array of all patterns, ``array(table$count, dim = rep(2, lists))``: the first list turns fastest,
    and the first cell, of those on no list, is 0."""
    rows = []
    for code in range(2 ** len(lists)):
        pattern = tuple(code >> at & 1 for at in range(len(lists)))
        rows.append([*pattern, counts.get(pattern, 0)])
    return _written([*lists, "count"], rows)


def _of_persons(lists: Sequence[str], counts: Counts) -> str:
    every = [pattern for pattern, people in sorted(counts.items()) for _ in range(people)]
    return _written(["id", *lists], [[at, *pattern] for at, pattern in enumerate(every, start=1)])


def _verdata(lists: Sequence[str], counts: Counts) -> str:
    """verdata's columns in_1, in_2 … in the order of the lists. Its own files carry hashes, which these do not have."""
    every = [pattern for pattern, people in sorted(counts.items()) for _ in range(people)]
    names = [f"in_{at}" for at in range(1, len(lists) + 1)]
    rows = [["R1", f"{at:040}", *pattern] for at, pattern in enumerate(every, start=1)]
    return _written(["replica", "match_group_id", *names], rows)


SHAPES: Mapping[str, Callable[[Sequence[str], Counts], str]] = {
    "r": _r, "r2": _r2, "lcmcr": _lcmcr, "rcapture": _rcapture, "sparsemse": _sparsemse, "dga": _dga,
    "persons": _of_persons, "verdata": _verdata,
}  # fmt: skip


def shaped(lists: Sequence[str], counts: Counts, shape: str) -> str:
    """The table in the shape that another program reads. Lists keep their names, but in verdata's."""
    if shape not in SHAPES:
        raise InvalidValue("there is no shape {shape!r}; there are {listed}", shape=shape, listed=", ".join(SHAPES))
    return SHAPES[shape](lists, counts)
