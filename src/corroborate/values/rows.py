"""Rows as a file that every spreadsheet opens."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence


def csv_text(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file in UTF-8, LF; cells that a spreadsheet would run as a formula are defused."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heading)
    for row in rows:
        writer.writerow([defused(c) if isinstance(c, str) else c for c in row])
    return out.getvalue().encode()


def defused(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula. Some take the full-width signs of Chinese, Japanese and Korean
    keyboards for the plain ones, and pass over blanks and signs that nobody sees before them."""
    for letter in unicodedata.normalize("NFKC", cell):
        if letter in "\t\r\n":
            return f"'{cell}"
        if not (letter.isspace() or unicodedata.category(letter) in ("Cc", "Cf")):
            return f"'{cell}" if letter in "=+-@\N{MINUS SIGN}" else cell
    return cell
