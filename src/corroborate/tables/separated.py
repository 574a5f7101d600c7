"""Text files of separated cells (CSV, TSV and their kin) as one sheet."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from corroborate.errors import InputRefused
from corroborate.tables.letters import Letters, decoded
from corroborate.tables.sheets import Book, File, Limits, Sheet, Written
from corroborate.translation import Sentence

_DELIMITERS = ",;\t|"
_SAID = re.compile(r"\s*\"?sep=(.)\"?[ ,;\t|]*\r?\n", re.I)  # Excel's own line: what sets the cells apart
_AS_TEXT = re.compile(r'="(.*)"', re.S)  # Excel's way to keep the zeros of ="007"


def separated(file: File, encoding: str | None, limits: Limits) -> Book:
    """The one sheet of a text file. Raises InputRefused."""
    letters = decoded(file, encoding)
    notices = list(letters.notices)
    head = letters.text[:200_000] if letters.text is not None else _head(file)
    if "\ufeff" in head:
        notices.append(Sentence("a byte-order mark stood inside the file and was dropped"))
    if "\x00" in head:
        notices.append(Sentence("NUL characters were dropped"))
    said = _SAID.match(head)
    delimiter = said[1] if said else _delimiter(head)
    if delimiter != ",":
        notices.append(Sentence("cells are set apart by {delimiter!r}", delimiter=delimiter))
    csv.field_size_limit(max(csv.field_size_limit(), limits.file_bytes))  # long cells are rejected with their row

    def lines() -> Iterator[Written]:
        with _text(file, letters) as text:
            clean = (line.replace("\ufeff", "").replace("\x00", "") for line in text)
            reader = csv.reader(clean, delimiter=delimiter, strict=False)
            before = 0
            try:
                for cells in reader:
                    if not (said and before == 0):
                        yield Written(before + 1, [_typed(cell) for cell in cells] if '="' in "".join(cells) else cells)
                    before = reader.line_num
            except csv.Error as error:
                raise InputRefused(
                    "{name} is no CSV that can be read: line {before}: {error}",
                    name=file.name,
                    before=before + 1,
                    error=error,
                ) from error

    return Book((Sheet(None, lines),), letters.encoding, notices, letters.unsure)


def _text(file: File, letters: Letters) -> "io.StringIO | io.TextIOWrapper":
    if letters.text is None:
        return io.TextIOWrapper(file.open(), encoding="utf-8-sig", newline="")
    return io.StringIO(letters.text, newline="")


def _head(file: File) -> str:
    with io.TextIOWrapper(file.open(), encoding="utf-8-sig", newline="") as text:
        return text.read(200_000)


def _typed(cell: str) -> str:
    found = _AS_TEXT.fullmatch(cell)
    return found[1] if found else cell


def _delimiter(text: str) -> str:
    """The mark that gives most rows the same number of cells; a comma where none does."""

    def fit(mark: str) -> tuple[int, int]:
        rows = csv.reader(io.StringIO(text[:20_000].replace("\x00", ""), newline=""), delimiter=mark)
        widths = Counter(len(row) for row in rows if len(row) > 1)
        return max(((rows, width) for width, rows in widths.items()), default=(0, 0))

    return max(_DELIMITERS, key=fit)
