"""A sheet as it is written: lines of cells, before anybody has said which line is the heading."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from corroborate.errors import InputRefused


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost before it is refused."""

    file_bytes: int = 512 << 20
    cell_characters: int = 1 << 20
    cell_lines: int = 200  # more are a quotation mark that nobody closed
    columns: int = 16_384  # as many as a sheet of Excel has
    unpacked_bytes: int = 1 << 30  # of a workbook
    ratio: int = 200  # unpacked over packed, of one member of a workbook above 10 MB
    seconds: int = 600  # of the processor, to read one file
    memory: int = 3 << 30  # bytes, to read one file


@dataclass(frozen=True, slots=True)
class File:
    """A file on the disk, or one that came over a form and is nowhere but in memory."""

    name: str  # as shown: line ends in a name are made visible
    path: Path | None = None
    content: bytes = b""

    @classmethod
    def of(cls, given: "Path | File") -> "File":
        if isinstance(given, File):
            return given
        return cls(given.name.replace("\n", "␤").replace("\r", "␍"), given)

    def open(self) -> io.BytesIO | io.BufferedReader:
        return io.BytesIO(self.content) if self.path is None else self.path.open("rb")

    def read(self) -> bytes:
        return self.content if self.path is None else self.path.read_bytes()

    @property
    def size(self) -> int:
        return len(self.content) if self.path is None else self.path.stat().st_size

    @property
    def state(self) -> tuple[int, int]:
        """Size and time of the last change in nanoseconds; nothing for a file that is not there."""
        if self.path is None or not self.path.exists():
            return len(self.content), 0
        found = self.path.stat()
        return found.st_size, found.st_mtime_ns


@dataclass(frozen=True, slots=True)
class Written:
    """One line of a file. ``line`` is what a person sees: the line of a text, the row of a sheet."""

    line: int
    cells: list[str]
    dates: frozenset[int] = frozenset()  # positions whose cell is a date of the workbook, not a typed text
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """Merged cells: rows as a person counts them, columns from 0; both ends belong to it."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """``name`` is None where a file has no sheets. ``lines`` reads them anew each time it is called."""

    name: str | None
    lines: Callable[[], Iterator[Written]]
    spans: tuple[Span, ...] = ()
    hidden: bool = False


@dataclass(slots=True)
class Book:
    """The sheets of a file, how its letters were read, and what had to be decided. Notices grow while it is read."""

    sheets: tuple[Sheet, ...]
    encoding: str
    notices: list[str] = field(default_factory=list)
    unsure: str = ""  # a question about its letters that only a person can answer


def letters_of(column: int) -> str:
    """``A`` for 0, ``AB`` for 27, as spreadsheets name their columns."""
    name, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        name = chr(65 + digit) + name
    return name


def column_of(reference: str) -> tuple[int, int]:
    """Column (from 0) and row of ``AB12``; ``$`` signs are passed over."""
    column, row = 0, ""
    for letter in reference:
        if letter.isascii() and letter.isalpha():
            column = column * 26 + ord(letter.upper()) - 64
        elif letter.isascii() and letter.isdigit():
            row += letter
    if not column or not row or len(row) > 8:
        raise InputRefused("{reference!r} is no address of a cell", reference=reference[:40])
    return column - 1, int(row)


def filled_down(lines: Iterator[Written], spans: tuple[Span, ...]) -> Iterator[Written]:
    """Merged cells hold their words once: the rows below get them too. Cells to the right stay empty, since words
    that run across a row say nothing about the columns under them. A row that holds nothing of its own stays empty."""
    tall = sorted((span for span in spans if span.bottom > span.top), key=lambda span: span.top)
    waiting, held = 0, list[tuple[Span, str, bool]]()
    for row in lines:
        held = [one for one in held if one[0].bottom >= row.line]
        own = any(cell.strip() for cell in row.cells)
        for span, words, is_date in held if own else ():
            cells = row.cells + [""] * (span.left + 1 - len(row.cells))
            if not cells[span.left].strip():
                cells[span.left] = words
                dates = row.dates | {span.left} if is_date else row.dates
                row = Written(row.line, cells, dates, row.doubts)
        while waiting < len(tall) and tall[waiting].top <= row.line:
            span = tall[waiting]
            waiting += 1
            if span.top == row.line and span.left < len(row.cells) and row.cells[span.left].strip():
                held.append((span, row.cells[span.left], span.left in row.dates))
        yield row
