"""The text of an overlap table, whatever file it stands in."""

import csv
import io
from pathlib import Path

from corroborate.errors import InputRefused
from corroborate.tables.letters import guessed
from corroborate.tables.reading import read_table
from corroborate.tables.sheets import File, Limits

_LARGEST = 256 << 20  # bytes
_R_DATA = (b"\x1f\x8b", b"RDX", b"RDA", b"X\n\x00", b"A\n", b"BZh", b"\xfd7zXZ")


def overlap_text(path: Path) -> str:
    """The table as text of separated cells. Raises InputRefused."""
    if path.stat().st_size > _LARGEST:
        raise InputRefused(
            "{name} has {st_size:,} bytes: it is no overlap table", name=path.name, st_size=path.stat().st_size
        )
    content = path.read_bytes()
    if content[:4] == b"PK\x03\x04" or content[:4] == b"\xd0\xcf\x11\xe0":
        return _from_workbook(path)
    if content.startswith(_R_DATA):
        raise InputRefused(
            "{name} is in a format that only R reads (R's own): write it with write.csv(…, row.names = FALSE)",
            name=path.name,
        )
    return guessed(content, path.name).text or ""


def _from_workbook(path: Path) -> str:
    table = read_table(
        File.of(path), limits=Limits(), knows=lambda word: word.strip().lower() in ("count", "freq", "n")
    )
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([row.cells.get(column, "") for column in table.columns] for row in table.rows)
    return out.getvalue()
