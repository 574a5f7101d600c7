"""A file as rows of cells, with what had to be decided to read it said aloud."""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from corroborate.errors import InputRefused

# Korean and Japanese code pages decode much of each other's text into nonsense; plausibility decides.
_CANDIDATES = ("cp949", "cp932", "euc_jp")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost before it is refused."""

    file_bytes: int = 512 << 20
    cell_characters: int = 1 << 20
    columns: int = 500
    unpacked_bytes: int = 1 << 30  # of a workbook
    ratio: int = 200  # unpacked over packed, of one member of a workbook above 10 MB


@dataclass(frozen=True, slots=True)
class Row:
    """``number`` counts from 1 after the heading."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not taken, and why."""

    row: int
    reason: str
    cells: tuple[str, ...]


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
    if b"\x00" in content[:4096] and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputRefused(f"{path.name} is no text: it holds bytes that no list has")
    return _csv(path, content, encoding, limits)


def _csv(path: Path, content: bytes, encoding: str | None, limits: Limits) -> Table:
    text, used, notices = _decode(path, content, encoding)
    if "\ufeff" in text:
        notices.append("a byte-order mark stood inside the file and was dropped")
        text = text.replace("\ufeff", "")
    head = text[:20_000]
    delimiter = max(",;\t|", key=lambda mark: (sum(mark in line for line in head.splitlines()), head.count(mark)))
    if delimiter != ",":
        notices.append(f"cells are set apart by {delimiter!r}")
    csv.field_size_limit(len(text) + 1)  # longer cells are rejected below, with their row
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False))
    except csv.Error as error:
        raise InputRefused(f"{path.name} is no CSV that can be read: {error}") from error
    return _table(path.name, iter(rows), used, notices, limits)


def _decode(path: Path, content: bytes, encoding: str | None) -> tuple[str, str, list[str]]:
    if encoding is not None:
        try:
            return content.decode(encoding), encoding, []
        except LookupError as error:
            raise InputRefused(f"there is no encoding {encoding!r}") from error
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            raise InputRefused(f"{path.name} is not {encoding}: line {line} has a byte it does not know") from error
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")
    ):  # fmt: skip
        if content.startswith(mark):
            return content.decode(name, errors="replace"), name, []
    try:
        return content.decode("utf-8"), "utf-8", []
    except UnicodeDecodeError:
        scored = [(score, name) for name in _CANDIDATES if (score := _plausible(content, name)) is not None]
    if scored:
        best = max(scored)[1]
        return content.decode(best), best, [f"read as {best}, as far as its letters tell; --encoding says otherwise"]
    return _mixed(path, content)


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


def _mixed(path: Path, content: bytes) -> tuple[str, str, list[str]]:
    """Line by line: UTF-8 where it is, else the code page that fits most of the other lines."""
    lines = content.split(b"\n")
    odd = []
    for number, line in enumerate(lines):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            odd.append(number)
    for name in _CANDIDATES:
        try:
            decoded = [line.decode(name) if number in set(odd) else line.decode() for number, line in enumerate(lines)]
        except UnicodeDecodeError:
            continue
        return "\n".join(decoded), f"utf-8 and {name}", [f"{len(odd)} lines are in {name}, the others in UTF-8"]
    raise InputRefused(
        f"{path.name} is in no encoding that we know (UTF-8, CP949, CP932, EUC-JP, UTF-16); say it with --encoding"
    )


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
    except (InvalidFileException, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise InputRefused(f"{path.name} is no workbook that can be read: {error}") from error
    if sheet is not None and sheet not in book.sheetnames:
        raise InputRefused(f"{path.name} has no sheet {sheet!r}; it has {', '.join(book.sheetnames)}")
    names = [sheet] if sheet is not None else book.sheetnames
    notices = [f"sheets read: {', '.join(names)}"] if len(names) > 1 else []

    def rows() -> Iterator[list[str]]:
        heading: list[str] | None = None
        for name in names:
            for number, raw in enumerate(book[name].iter_rows(values_only=True)):
                cells = ["" if cell is None else str(cell) for cell in raw]
                if number == 0 and heading is not None:
                    if cells != heading:
                        raise InputRefused(f"the sheet {name} has another heading; import it alone with --sheet")
                    continue
                heading = heading or cells
                yield cells

    return _table(path.name, rows(), "xlsx", notices, limits)


def _table(name: str, rows: Iterator[list[str]], encoding: str, notices: list[str], limits: Limits) -> Table:
    heading = next((row for row in rows if any(cell.strip() for cell in row)), None)
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
    for cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        number += 1
        reason = _fault(cells, columns, limits)
        if reason:
            rejected.append(Rejected(number, reason, tuple(cell[:200] for cell in cells)))
        else:
            padded = [*cells, *[""] * (len(columns) - len(cells))]
            kept.append(Row(number, dict(zip(columns, (cell.strip() for cell in padded), strict=False))))
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
    if re.fullmatch(r"(?:합계|총계|計|合計|total)\b.*", cells[0].strip(), re.I):
        return "is a line of totals"
    return ""
