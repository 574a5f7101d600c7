"""A file as rows of cells, with what had to be decided to read it said aloud."""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from corroborate.errors import InputRefused

# Korean and Japanese code pages decode much of each other's text into nonsense; plausibility decides.
_CANDIDATES = ("cp949", "cp932", "euc_jp")
_DELIMITERS = ",;\t|"
_TOTAL = re.compile(r"(?:합계|총계|소계|合計|総計|計|(?:grand )?total)[\W\d]*(?:명|名|人)?", re.I)
_Read = tuple[int, str | None, list[str]]  # line, sheet, cells
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost before it is refused."""

    file_bytes: int = 512 << 20
    cell_characters: int = 1 << 20
    cell_lines: int = 200  # more are a quotation mark that nobody closed
    columns: int = 500
    unpacked_bytes: int = 1 << 30  # of a workbook
    ratio: int = 200  # unpacked over packed, of one member of a workbook above 10 MB


@dataclass(frozen=True, slots=True)
class Row:
    """``number`` counts from 1 after the heading; ``line`` is what a person sees who opens the file: the line of a CSV
    file, the row of a sheet. 0: not known."""

    number: int
    cells: Mapping[str, str]
    line: int = 0
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not taken, and why."""

    row: int
    reason: str
    cells: tuple[str, ...]
    line: int = 0
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Columns in order, rows, and how the file was read."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str
    notices: tuple[str, ...] = ()
    rejected: tuple[Rejected, ...] = ()


def read_table(
    path: Path, *, encoding: str | None = None, sheet: str | None = None, limits: Limits | None = None
) -> Table:
    """Read a CSV file or an XLSX workbook (all sheets with the same heading, or one). Raises InputRefused."""
    limits = limits or Limits()
    if not path.exists():
        raise InputRefused(f"there is no file {path}")
    if path.is_dir():
        raise InputRefused(f"{path} is a folder, not a file")
    size = path.stat().st_size
    if size == 0:
        raise InputRefused(f"{path.name} is empty")
    if size > limits.file_bytes:
        raise InputRefused(f"{path.name} has {size:,} bytes; the limit is {limits.file_bytes:,}")
    content = path.read_bytes()
    if content[:4] == b"PK\x03\x04":
        return _workbook(path, content, sheet, limits)
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise InputRefused(f"{path.name} is a workbook of Excel 97: save it as XLSX or CSV")
    return _csv(path, content, encoding, limits)


def _csv(path: Path, content: bytes, encoding: str | None, limits: Limits) -> Table:
    text, used, notices = _decode(path, content, encoding)
    if "\ufeff" in text:
        notices.append("a byte-order mark stood inside the file and was dropped")
        text = text.replace("\ufeff", "")
    if "\x00" in text:
        notices.append(f"{text.count(chr(0))} NUL characters were dropped")
        text = text.replace("\x00", "")
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))  # long cells are rejected below, with their row
    delimiter = _delimiter(text)
    if delimiter != ",":
        notices.append(f"cells are set apart by {delimiter!r}")
    try:
        rows = _lines(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False))
        return _table(path.name, rows, used, notices, limits)
    except csv.Error as error:
        raise InputRefused(f"{path.name} is no CSV that can be read: {error}") from error


def _lines(reader: Any) -> Iterator[_Read]:
    """Rows with the line that each begins on: a quoted cell may hold line ends."""
    line = 1
    for cells in reader:
        yield line, None, cells
        line = reader.line_num + 1


def _delimiter(text: str) -> str:
    """The mark that gives the first rows as many cells as the heading; a comma where none does."""

    def fit(mark: str) -> tuple[int, int]:
        rows = [row for row in csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=mark) if row]
        width = len(rows[0]) if rows else 0
        return (sum(len(row) == width for row in rows) if width > 1 else 0, width)

    return max(_DELIMITERS, key=fit)


def _decode(path: Path, content: bytes, encoding: str | None) -> tuple[str, str, list[str]]:
    if encoding is not None:
        try:
            return content.decode(encoding).removeprefix("\ufeff"), encoding, []
        except LookupError as error:
            raise InputRefused(f"there is no encoding {encoding!r}") from error
        except UnicodeError as error:
            line = content[: getattr(error, "start", 0)].count(b"\n") + 1
            raise InputRefused(f"{path.name} is not {encoding}: line {line} has a byte it does not know") from error
    wide = _utf_16(content)
    if wide is not None:
        return wide, "utf-16", []
    if b"\x00" in content[:4096]:
        raise InputRefused(f"{path.name} is no text: it holds bytes that no list has")
    marked = content.startswith(codecs.BOM_UTF8)
    content = content.removeprefix(codecs.BOM_UTF8)
    odd, even = _not_utf_8(content)
    if not odd:
        return content.decode("utf-8"), "utf-8-sig" if marked else "utf-8", []
    if marked or even:  # chance hardly ever makes a line of a code page's letters valid UTF-8
        return _mixed(path, content, odd)
    scored = [(score, name) for name in _CANDIDATES if (score := _plausible(content, name)) is not None]
    if not scored:
        return _mixed(path, content, odd)
    best = max(scored)[1]
    return content.decode(best), best, [f"read as {best}, as far as its letters tell; --encoding says otherwise"]


def _not_utf_8(content: bytes) -> tuple[list[int], int]:
    """Lines that are not UTF-8, and how many are UTF-8 with letters beyond ASCII."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return [], 0
    odd, even = [], 0
    for number, line in enumerate(content.split(b"\n")):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            odd.append(number)
        else:
            even += not line.isascii()
    return odd, even


def _utf_16(content: bytes) -> str | None:
    """UTF-16 by its mark, or without one when every second byte of its separators is zero."""
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not marked and (b"\x00" not in content[:4096] or len(content) % 2):
        return None
    guesses = ("utf-16",) if marked else ("utf-16-le", "utf-16-be")
    for name in guesses:
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if marked or ("\n" in text and not re.search(r"[\x00-\x08\x0e-\x1f]", text)):
            return text
    return None


def _plausible(content: bytes, encoding: str) -> float | None:
    """Share of non-ASCII letters that everyday Korean or Japanese has; None when it does not decode."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    foreign = [c for c in text if ord(c) > 0x7F]
    if encoding == "cp949":
        # the 2,350 syllables of KS X 1001 are everyday Korean; the 8,822 others are what Japanese bytes turn into
        common = {c for c in set(foreign) if "가" <= c <= "힣" and len(c.encode("euc_kr", "replace")) == 2}
        good = 2 * sum(c in common for c in foreign) + sum("一" <= c <= "龥" for c in foreign)
        good -= 2 * sum(("가" <= c <= "힣" and c not in common) or "ぁ" <= c <= "ヿ" for c in foreign)
    else:
        good = sum("ぁ" <= c <= "ヿ" or "一" <= c <= "龥" for c in foreign) - sum("｡" <= c <= "ﾟ" for c in foreign)
        good += sum("ぁ" <= c <= "ヿ" for c in foreign)
    return good / max(1, len(foreign))


def _mixed(path: Path, content: bytes, odd: list[int]) -> tuple[str, str, list[str]]:
    """Line by line: UTF-8 where it is, else the code page that fits the other lines best. A line that fits none
    keeps the sign of a lost letter, and its row is rejected below."""
    lines = content.split(b"\n")
    scores: dict[str, float] = {}
    for name in _CANDIDATES:
        each = [_plausible(lines[number], name) for number in odd]
        scores[name] = sum(score for score in each if score is not None)
    best = max(_CANDIDATES, key=lambda name: scores[name])
    lost = sum(_plausible(lines[number], best) is None for number in odd)
    if 2 * lost > len(lines):
        raise InputRefused(
            f"{path.name} is in no encoding that we know (UTF-8, CP949, CP932, EUC-JP, UTF-16); say it with --encoding"
        )
    strange = set(odd)
    text = "\n".join(
        line.decode(best, errors="replace") if number in strange else line.decode() for number, line in enumerate(lines)
    )
    notices = [f"{len(odd)} lines are in {best}, the others in UTF-8"]
    if lost:
        notices.append(f"{lost} lines are in no encoding that we know; their rows are rejected")
    return text, f"utf-8 and {best}", notices


def _workbook(path: Path, content: bytes, sheet: str | None, limits: Limits) -> Table:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = packed.infolist()
    except zipfile.BadZipFile as error:
        raise InputRefused(f"{path.name} is a damaged workbook: {error}") from error
    unpacked = sum(member.file_size for member in members)
    bomb = any(m.file_size > 10 << 20 and m.file_size > limits.ratio * max(1, m.compress_size) for m in members)
    if unpacked > limits.unpacked_bytes or bomb:
        raise InputRefused(f"{path.name} would unpack to {unpacked:,} bytes: it is no list, and was not opened")
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (InvalidFileException, KeyError, ValueError, ParseError, zipfile.BadZipFile) as error:
        raise InputRefused(f"{path.name} is no workbook that can be read: {error}") from error
    if sheet is not None and sheet not in book.sheetnames:
        raise InputRefused(f"{path.name} has no sheet {sheet!r}; it has {', '.join(book.sheetnames)}")
    names = [sheet] if sheet is not None else book.sheetnames
    notices = [f"sheets read: {', '.join(names)}"] if len(names) > 1 else []
    notices += _merged_cells(content)

    several = len(names) > 1

    def rows() -> Iterator[_Read]:
        heading: list[str] | None = None
        for name in names:
            for number, raw in enumerate(book[name].iter_rows(values_only=True), start=1):
                cells = ["" if cell is None else _written(cell) for cell in raw]
                if number == 1 and heading is not None:
                    if cells != heading:
                        raise InputRefused(f"the sheet {name} has another heading; import it alone with --sheet")
                    continue
                heading = heading or cells
                yield number, name if several else None, cells

    try:
        return _table(path.name, rows(), "xlsx", notices, limits)
    except (ParseError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise InputRefused(f"{path.name} is no workbook that can be read: {error}") from error


def _written(cell: object) -> str:
    """A cell's value as a person would type it: ISO dates, whole numbers without a point."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _merged_cells(content: bytes) -> list[str]:
    """Merged cells hold their words once, and the rows below are empty there: reported, never filled in."""
    notices = []
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                merged = [ref.decode() for ref in _MERGED.findall(packed.read(name))]
                if merged:
                    few = ", ".join(merged[:3]) + (" …" if len(merged) > 3 else "")
                    sheet = name.removeprefix("xl/worksheets/")
                    notices.append(f"{len(merged)} merged cells in {sheet} ({few}): only the first row of each has it")
    return notices


def _table(name: str, rows: Iterator[_Read], encoding: str, notices: list[str], limits: Limits) -> Table:
    heading = next((row for _, _, row in rows if any(cell.strip() for cell in row)), None)
    if heading is None:
        raise InputRefused(f"{name} has no rows")
    columns = tuple(cell.strip() for cell in heading)
    while columns and not columns[-1]:
        columns = columns[:-1]
    if len(columns) > limits.columns:
        raise InputRefused(f"{name} has {len(columns)} columns; the limit is {limits.columns}")
    twice = sorted({c for c in columns if c and columns.count(c) > 1})
    if twice:
        raise InputRefused(f"{name} has the heading {', '.join(map(repr, twice))} more than once: rename one of them")
    if not all(columns):
        raise InputRefused(f"{name}: column {columns.index('') + 1} has no heading")
    kept: list[Row] = []
    rejected: list[Rejected] = []
    number = 0
    for line, sheet, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        number += 1
        reason = _fault(cells, columns, limits)
        if reason:
            rejected.append(Rejected(number, reason, tuple(cell[:200] for cell in cells), line, sheet))
        else:
            padded = [*cells, *[""] * (len(columns) - len(cells))]
            cells_of = dict(zip(columns, (cell.strip() for cell in padded), strict=False))
            kept.append(Row(number, cells_of, line, sheet))
    if not kept and not rejected:
        raise InputRefused(f"{name} has a heading and no rows")
    return Table(columns, tuple(kept), encoding, tuple(notices), tuple(rejected))


def _fault(cells: list[str], columns: tuple[str, ...], limits: Limits) -> str:
    if tuple(cell.strip() for cell in cells[: len(columns)]) == columns:
        return "repeats the heading"
    if any(cell.strip() for cell in cells[len(columns) :]):
        return f"has {len(cells)} cells, the heading {len(columns)}"
    longest = max(map(len, cells))
    if longest > limits.cell_characters:
        return f"has a cell of {longest:,} characters; the limit is {limits.cell_characters:,}"
    if any(cell.count("\n") > limits.cell_lines for cell in cells):
        return f"has a cell of over {limits.cell_lines} lines: a quotation mark is not closed"
    if any("\ufffd" in cell for cell in cells):
        return "has letters that were lost: it is in another encoding than the rest, or was damaged before"
    if _TOTAL.fullmatch(next(cell.strip() for cell in cells if cell.strip())):
        return "is a line of totals"
    return ""
