"""Rows that stand in JSON or in a page of HTML: what programs save where a person expects a list."""

import html.parser
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from corroborate.errors import InputRefused
from corroborate.tables.letters import decoded
from corroborate.tables.sheets import Book, File, Limits, Sheet, Written
from corroborate.translation import Sentence

_MOST = 128 << 20  # bytes


def is_json(begins: bytes) -> bool:
    """Whether a file begins as a list or a record of JSON does."""
    return begins.lstrip().removeprefix(b"\xef\xbb\xbf").lstrip()[:2].replace(b" ", b"")[:1] in (b"{", b"[") and (
        b'"' in begins[:200]
    )


def is_page(begins: bytes) -> bool:
    """Whether a file is HTML, whatever its ending: many a program saves a page as .xls."""
    low = begins[:2000].lower()
    return b"<table" in low or b"<html" in low or b"<!doctype html" in low


def records(file: File, limits: Limits) -> Book:
    """JSON lines, a list of records, or pandas' columns of records. Raises InputRefused."""
    if file.size > min(_MOST, limits.file_bytes):
        raise InputRefused(
            "{name} has {size:,} bytes of JSON; the limit is {most:,}: save it as CSV",
            name=file.name,
            size=file.size,
            most=_MOST,
        )
    letters = decoded(file, None)
    text = letters.text if letters.text is not None else file.read().decode("utf-8-sig")
    rows = _of_columns(_parsed(text, file.name), file.name)
    if not rows or not all(isinstance(row, dict) for _, row in rows):
        raise InputRefused("{name} is JSON, and no list of records: save it as CSV or XLSX", name=file.name)
    columns = list(dict.fromkeys(str(key) for _, row in rows for key in row))
    moments = [column for column in columns if _counts_milliseconds([row.get(column) for _, row in rows])]
    notices = list(letters.notices)
    if moments:
        notices.append(
            Sentence(
                "the columns {listed} hold milliseconds since 1970 and were read as dates", listed=", ".join(moments)
            )
        )

    def lines() -> Iterator[Written]:
        yield Written(0, columns)
        for number, row in rows:
            cells = [_cell(row.get(column), column in moments) for column in columns]
            dates = frozenset(at for at, column in enumerate(columns) if column in moments and cells[at])
            yield Written(number, cells, dates)

    return Book((Sheet(None, lines),), letters.encoding, notices)


def _parsed(text: str, name: str) -> list[tuple[int, Any]]:
    """Records with their lines: a line each, or the number of a record in one list."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        found = []
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                try:
                    found.append((number, json.loads(line)))
                except (ValueError, RecursionError) as error:
                    raise InputRefused(
                        "{name}: line {number} is no JSON: {error}", name=name, number=number, error=error
                    ) from error
        return found
    if isinstance(whole, list):
        return list(enumerate(whole, start=1))
    return [(1, whole)]


def _of_columns(rows: list[tuple[int, Any]], name: str) -> list[tuple[int, Any]]:
    """pandas writes a table column by column where nobody says otherwise: {"name": {"0": …}}."""
    if len(rows) != 1 or not isinstance(rows[0][1], dict):
        return rows
    columns: Mapping[str, Any] = rows[0][1]
    if not columns or not all(isinstance(column, dict) for column in columns.values()):
        lists = [value for value in columns.values() if isinstance(value, list) and value]
        if len(lists) == 1 and all(isinstance(one, dict) for one in lists[0]):
            return list(enumerate(lists[0], start=1))  # an answer of an API: one list among a few words
        return rows
    keys = list(dict.fromkeys(key for column in columns.values() for key in column))
    if any(isinstance(cell, dict) for column in columns.values() for cell in column.values()):
        raise InputRefused("{name} is JSON of records inside records: save it as CSV or XLSX", name=name)
    return [(at, {name: column.get(key) for name, column in columns.items()}) for at, key in enumerate(keys, start=1)]


def _counts_milliseconds(values: Sequence[Any]) -> bool:
    numbers = [one for one in values if one is not None]
    return bool(numbers) and all(
        isinstance(one, int) and not isinstance(one, bool) and 10**10 < abs(one) < 5 * 10**12 and one % 1000 == 0
        for one in numbers
    )


def _cell(value: Any, milliseconds: bool) -> str:
    if value is None:
        return ""
    if milliseconds:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=value)
        return moment.date().isoformat() if moment.hour == moment.minute == 0 else f"{moment:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, list) and all(isinstance(one, str | int | float) for one in value):
        return "; ".join(str(one) for one in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


def page(file: File, limits: Limits) -> Book:
    """The tables of an HTML page, each as a sheet. Raises InputRefused."""
    if file.size > min(_MOST, limits.file_bytes):
        raise InputRefused(
            "{name} has {size:,} bytes of HTML; the limit is {most:,}", name=file.name, size=file.size, most=_MOST
        )
    letters = decoded(file, None)
    tables = _Tables()
    try:
        tables.feed(letters.text if letters.text is not None else file.read().decode("utf-8-sig"))
        tables.close()
    except AssertionError as error:  # how Python's parser meets markup that begins and never ends
        raise InputRefused("{name} is no HTML that can be read: {error}", name=file.name, error=error) from error
    found = [rows for rows in tables.found if any(any(row) for row in rows)]
    if not found:
        raise InputRefused("{name} is a page of HTML without a table: save the list as CSV or XLSX", name=file.name)
    sheets = tuple(Sheet(f"table {at}", _lines(rows)) for at, rows in enumerate(found, start=1))
    notices = [*letters.notices, Sentence("the file is a page of HTML, whatever its ending says; its tables were read")]
    return Book(sheets, letters.encoding, notices, letters.unsure)


def _lines(rows: list[list[str]]) -> Any:
    return lambda: (Written(number, row) for number, row in enumerate(rows, start=1))


class _Tables(html.parser.HTMLParser):
    """Cells of tables that stand in no other table; a cell over several columns is followed by empty ones."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[list[list[str]]] = []
        self._depth = self._hidden = self._more = 0
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style")
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.found.append([])
        elif self._depth == 1 and tag == "tr":
            self._close_cell()
            self.found[-1].append([])
        elif self._depth == 1 and tag in ("td", "th") and self.found[-1]:
            self._close_cell()
            wide = dict(attrs).get("colspan") or "1"
            self._cell, self._more = [], min(int(wide), 1000) - 1 if wide.isdecimal() else 0
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style") and self._hidden > 0
        if tag in ("td", "th", "tr", "table") and self._depth == 1:
            self._close_cell()
        if tag == "table":
            self._depth = max(0, self._depth - 1)

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._hidden:
            self._cell.append(data)

    def _close_cell(self) -> None:
        if self._cell is not None and self.found and self.found[-1]:
            self.found[-1][-1] += [" ".join("".join(self._cell).split()), *[""] * self._more]
        self._cell = None
