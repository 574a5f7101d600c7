"""A file as rows of cells, with what had to be decided to read it said aloud."""

import re
from ast import literal_eval
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path

from corroborate.errors import InputRefused
from corroborate.tables.heads import SEEN, Heading, Knows, find_heading, named
from corroborate.tables.records import is_json, is_page, page, records
from corroborate.tables.separated import separated
from corroborate.tables.sheets import Book, File, Limits, Sheet, Written
from corroborate.tables.workbooks import workbook
from corroborate.translation import Sentence

_TOTAL = re.compile(
    r"(?:합계|총계|소계|合計|総計|小計|計|合计|总计|小计|(?:grand |sub)?totale?s?|итого|всего|разом|المجموع|مجموع)"
    r"[\W\d]*(?:명|名|人)?",
    re.I,
)
_NOTE = re.compile(
    r"(?:[*†‡※]|(?:sources?|notes?|fuentes?|notas?|출처|비고|주|자료|出典|注|注記|資料|источник|примечание|المصدر|ملاحظة)"
    r"\s*[:：])",
    re.I,
)
_TAGS = re.compile(r"#[a-z][\w+ ]*", re.I)  # humanitarian exchange language: a row of tags under the heading


@dataclass(frozen=True, slots=True)
class Row:
    """``number`` counts from 1 after the heading; ``line`` is the line of the text or the row of the sheet that a
    person sees. ``cells`` has the columns of the row's own sheet alone. ``dates``: columns whose cell is a date of the
    workbook, as the sheet shows it; ``doubts``: what a person must look at in this row."""

    number: int
    cells: Mapping[str, str]
    sheet: str | None = None
    line: int = 0
    dates: frozenset[str] = frozenset()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not taken, and why."""

    row: int
    reason: str
    cells: tuple[str, ...]
    sheet: str | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Columns in order, rows, and how the file was read. ``unsure`` is a question that a person must answer before
    anything is taken in."""

    columns: tuple[str, ...]
    rows: Sequence[Row]
    encoding: str
    notices: tuple[str, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    unsure: str = ""


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A file whose headings were found and whose rows are read as they are asked for. ``notices`` and ``unsure`` are
    whole once the rows have been read."""

    columns: tuple[str, ...]
    rows: Iterator[Row | Rejected]
    encoding: str
    notices: list[str] = field(default_factory=list)
    unsure: str = ""


Holds = Callable[[Sequence[str]], bool]


def _any(_: object) -> bool:
    return True


def _none(_: object) -> bool:
    return False


def read_table(
    given: Path | File, *, encoding: str | None = None, sheet: str | None = None, limits: Limits | None = None,
    knows: Knows = _none, holds: Holds = _any, most: int | None = None,
) -> Table:  # fmt: skip
    """Read a file of rows whole, or its first ``most`` rows. See :func:`open_table`. Raises InputRefused."""
    table = open_table(given, encoding=encoding, sheet=sheet, limits=limits, knows=knows, holds=holds)
    kept: list[Row] = []
    rejected: list[Rejected] = []
    for row in islice(table.rows, most):
        if isinstance(row, Row):
            kept.append(row)
        else:
            rejected.append(row)
    if not kept and not rejected:
        raise InputRefused("{name} has a heading and no rows", name=File.of(given).name)
    return Table(table.columns, tuple(kept), table.encoding, tuple(table.notices), tuple(rejected), table.unsure)


def open_table(
    given: Path | File, *, encoding: str | None = None, sheet: str | None = None, limits: Limits | None = None,
    knows: Knows = _none, holds: Holds = _any,
) -> OpenTable:  # fmt: skip
    """Find the headings of a CSV file or a workbook (XLSX, XLSM, XLSB, XLS, ODS). Raises InputRefused.

    ``knows`` says whether a word is a heading that we know, and ``holds`` whether columns are those of a list: sheets
    without them are left out, and said, unless ``sheet`` asks for one. Hidden sheets are left out likewise.
    """
    limits = limits or Limits()
    file = File.of(given)
    before = file.state
    book = _book(file, encoding, limits)
    sheets = _chosen(file.name, book, sheet)
    if book.unsure:
        book.notices.append(book.unsure)
    heads = [one for sheet_ in sheets if (one := _headed(sheet_, knows))]
    if not heads:
        raise InputRefused("{name} has no rows", name=file.name)
    heads = _beside_parents(heads, holds, book.notices)
    if len(heads) > 1 and any(holds(one.columns) for one in heads):
        for one in heads:
            if not holds(one.columns):
                book.notices.append(
                    Sentence(
                        "the sheet {name} has no column that names a person ({listed}) and "
                        "was left out; --sheet {name!r} reads it alone",
                        name=one.sheet.name,
                        listed=", ".join(one.columns[:6]),
                    )
                )
        heads = [one for one in heads if holds(one.columns)]
    if len(heads) > 1:
        book.notices.append(f"sheets read: {', '.join(str(one.sheet.name) for one in heads)}")
    columns = tuple(dict.fromkeys(column for one in heads for column in one.columns))
    widest = max(len(one.columns) for one in heads)
    if widest > limits.columns:
        raise InputRefused(
            "{name} has {widest} columns; the limit is {columns}", name=file.name, widest=widest, columns=limits.columns
        )
    for one in heads:
        book.notices += one.notices
    return OpenTable(columns, _unchanged(file, before, heads, limits), book.encoding, book.notices, book.unsure)


def _book(file: File, encoding: str | None, limits: Limits) -> Book:
    _refuse_what_is_no_file(file, limits)
    try:
        with file.open() as opened:
            begins = opened.read(4096)
    except OSError as error:
        raise InputRefused("{name} cannot be opened: {strerror}", name=file.name, strerror=error.strerror) from error
    if begins[:4] == b"PK\x03\x04" or begins[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return workbook(file, limits)
    if is_json(begins):
        return records(file, limits)
    if is_page(begins):
        return page(file, limits)
    return separated(file, encoding, limits)


def _refuse_what_is_no_file(file: File, limits: Limits) -> None:
    if file.path is not None:
        if not file.path.exists():
            raise InputRefused("there is no file {name}", name=file.name)
        if file.path.is_dir():
            raise InputRefused("{name} is a folder, not a file", name=file.name)
        if not file.path.is_file():
            raise InputRefused(
                "{name} is no file but a device or a pipe: save what it gives as a file first", name=file.name
            )
    if file.size == 0:
        raise InputRefused("{name} is empty", name=file.name)
    if file.size > limits.file_bytes:
        raise InputRefused(
            "{name} has {size:,} bytes; the limit is {file_bytes:,}: divide it into parts",
            name=file.name,
            size=file.size,
            file_bytes=limits.file_bytes,
        )


def _chosen(name: str, book: Book, sheet: str | None) -> list[Sheet]:
    if sheet is not None:
        named_so = [one for one in book.sheets if one.name == sheet]
        if not named_so:
            there = ", ".join(str(one.name) for one in book.sheets if one.name is not None) or "no sheets"
            raise InputRefused("{name} has no sheet {sheet!r}; it has {there}", name=name, sheet=sheet, there=there)
        return named_so
    hidden = [str(one.name) for one in book.sheets if one.hidden]
    shown = [one for one in book.sheets if not one.hidden]
    if not shown and hidden:
        raise InputRefused(
            "{name} has only hidden sheets ({listed}); say with --sheet which one to read",
            name=name,
            listed=", ".join(hidden),
        )
    if hidden:
        book.notices.append(
            Sentence("hidden sheets were left out: {listed}; --sheet NAME reads one of them", listed=", ".join(hidden))
        )
    return shown


@dataclass(frozen=True, slots=True)
class _Headed:
    """A sheet whose heading was found."""

    sheet: Sheet
    heading: Heading
    columns: tuple[str, ...]
    notices: tuple[str, ...]
    parents: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)  # of a form's repeats


def _beside_parents(heads: list[_Headed], holds: Holds, notices: list[str]) -> list[_Headed]:
    """Forms (KoBo, ODK) keep what repeats on a sheet of its own, and say with ``_parent_index`` to which row of which
    sheet each of its rows belongs: it gets the cells of that row. The rows of a sheet that names nobody then stand
    with the people of its repeats, and are not read by themselves."""
    by_name = {one.sheet.name: one for one in heads}
    joined, used = [], dict[str, _Headed]()
    for one in heads:
        if "_parent_index" not in one.columns:
            joined.append(one)
            continue
        named_there = {row.cells.get("_parent_table_name", "") for row in _rows_of(one)}
        if not named_there & set(by_name) and heads[0] is not one and heads[0].sheet.name is not None:
            named_there = {heads[0].sheet.name}
        parents = {name: by_name[name] for name in sorted(named_there & {n for n in by_name if n})}
        used |= {name: parent for name, parent in parents.items() if name != one.sheet.name}
        joined.append(_with_parents(one, parents, holds))
    gone = {name for name, parent in used.items() if not holds(parent.columns)}
    notices += [
        Sentence("the rows of {name} were joined to the rows that repeat under them, by _parent_index", name=name)
        for name in used
    ]
    return [one for one in joined if one.sheet.name not in gone]


def _with_parents(child: _Headed, parents: Mapping[str, "_Headed"], holds: Holds) -> _Headed:
    cells: dict[tuple[str, str], dict[str, str]] = {}
    more: dict[str, None] = {}
    for name, parent in parents.items():
        apart = holds(parent.columns)  # it has people of its own: its columns must not be taken for the child's
        for row in _rows_of(parent):
            beside = {
                (f"{name}/{column}" if apart or column in child.columns else column): cell
                for column, cell in row.cells.items()
            }
            cells[name, row.cells.get("_index", "")] = beside
            more |= dict.fromkeys(beside)
    return replace(child, columns=(*child.columns, *more), parents=cells)


def _rows_of(head: _Headed) -> Iterator[Row]:
    return (row for row in _numbered([head], Limits()) if isinstance(row, Row))


def _headed(sheet: Sheet, knows: Knows) -> _Headed | None:
    first = list(islice((row for row in sheet.lines() if any(cell.strip() for cell in row.cells)), SEEN))
    heading = find_heading(first, sheet.spans, knows)
    if heading is None:
        return None
    body = [row for row in first if row.line > heading.last]
    columns, notices = named(heading.columns, _width(heading, body, sheet.name is not None))
    where = Sentence(" of {sheet}", sheet=sheet.name) if sheet.name else ""
    if heading.above:
        words = "; ".join(" ".join(cell.strip() for cell in row.cells if cell.strip()) for row in heading.above)
        at = (Sentence("row {number}") if sheet.name else Sentence("line {number}")).filled(number=heading.first)
        notices.append(
            Sentence("the heading{where} stands in {at}, below {words!r}", where=where, at=at, words=words[:300])
        )
    if heading.last > heading.first:
        notices.append(
            Sentence(
                "the heading{where} stands in rows {first} and {last}, which were joined",
                where=where,
                first=heading.first,
                last=heading.last,
            )
        )
    return _Headed(sheet, heading, columns, tuple(notices))


def _width(heading: Heading, body: Sequence[Written], of_workbook: bool) -> int:
    """How many columns there are: in a workbook as many as are filled; in a text, where a cell too many is mostly a
    comma that nobody quoted, only as many as most rows have."""
    width = max((at + 1 for at, cell in enumerate(heading.columns) if cell), default=0)
    filled = [max((at + 1 for at, cell in enumerate(row.cells) if cell.strip()), default=0) for row in body]
    if of_workbook:
        return max([width, *filled])
    wider = sorted(count for count in filled if count > width)
    return wider[0] if wider and 2 * len(wider) > len(filled) else width


def _unchanged(
    file: File, before: tuple[int, int], heads: Sequence[_Headed], limits: Limits
) -> Iterator[Row | Rejected]:
    """The rows; the whole is refused where somebody wrote to the file while it was read."""
    yield from _numbered(heads, limits)
    if file.state != before:
        raise InputRefused(
            "{name} was changed while it was read: wait until it is saved, and import it again", name=file.name
        )


def _numbered(heads: Iterable[_Headed], limits: Limits) -> Iterator[Row | Rejected]:
    number = 0
    for head in heads:
        lines = (row for row in head.sheet.lines() if row.line > head.heading.last)
        for row in _without_tags(lines):
            if not any(cell.strip() for cell in row.cells):
                continue
            number += 1
            yield _row(row, number, head, limits)


def _without_tags(lines: Iterator[Written]) -> Iterator[Written]:
    first = next(lines, None)
    if first is None:
        return
    cells = [cell for cell in first.cells if cell.strip()]
    if not (cells and all(_TAGS.fullmatch(cell.strip()) for cell in cells)):
        lines = chain([first], lines)
    yield from lines


def _row(row: Written, number: int, head: _Headed, limits: Limits) -> Row | Rejected:
    columns, name = head.columns, head.sheet.name
    reason = _fault(row.cells, head, limits)
    if reason:
        return Rejected(number, reason, tuple(cell[:200] for cell in row.cells), name, row.line)
    cells = dict.fromkeys(columns, "")
    cells.update(zip(columns, map(_words_of, row.cells), strict=False))
    if head.parents:
        table = cells.get("_parent_table_name") or next(iter(head.parents))[0]
        cells.update(head.parents.get((table, cells.get("_parent_index", "")), {}))
    dates = frozenset(columns[at] for at in row.dates if at < len(columns)) if row.dates else frozenset[str]()
    return Row(number, cells, name, row.line, dates, row.doubts)


def _words_of(cell: str) -> str:
    """A cell without the blanks around it; a list of words as Python prints it (``['a', 'b']``) as its words."""
    cell = cell.strip()
    if cell[:2] in ("['", '["') and cell[-2:] in ("']", '"]'):
        try:
            found = literal_eval(cell)  # reads literals alone, and runs nothing
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return cell
        if isinstance(found, list) and all(isinstance(one, str) for one in found):
            return "; ".join(found)
    return cell


def _fault(cells: Sequence[str], head: _Headed, limits: Limits) -> str:
    width = len(head.columns)
    if cells[0].strip() == head.heading.columns[0] and [
        cell.strip() for cell in cells[: len(head.heading.columns)]
    ] == list(head.heading.columns):
        return "repeats the heading"
    if len(cells) > width and any(cell.strip() for cell in cells[width:]):
        if head.sheet.name is not None:
            return Sentence(
                (
                    "has a cell beyond the {width} column that the first rows have",
                    "has a cell beyond the {width} columns that the first rows have",
                ),
                width=width,
            )
        return Sentence(
            ("has {number} cell, the heading {width}", "has {number} cells, the heading {width}"),
            number=len(cells),
            width=width,
        )
    longest = max(map(len, cells))
    if longest > limits.cell_characters:
        return Sentence(
            "has a cell of {longest:,} characters; the limit is {most:,}", longest=longest, most=limits.cell_characters
        )
    if longest > limits.cell_lines and any(cell.count("\n") > limits.cell_lines for cell in cells):
        return Sentence("has a cell of over {most} lines: a quotation mark is not closed", most=limits.cell_lines)
    if any("\ufffd" in cell for cell in cells):
        return Sentence("has letters that were lost: it is in another encoding than the rest, or was damaged before")
    filled = [cell.strip() for cell in cells if cell.strip()]
    if _TOTAL.fullmatch(filled[0]):
        return Sentence("is a line of totals")
    if len(filled) == 1 and width > 1 and _NOTE.match(filled[0]):
        return Sentence("is a note about the list, not a row of it")
    return ""
