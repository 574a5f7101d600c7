"""Workbooks as sheets: XLSX by its own XML, because only its number formats say what a date cell shows; XLS, XLSB and
ODS by calamine."""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import PurePosixPath
from typing import IO
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from corroborate.errors import InputRefused
from corroborate.tables.numbers import Shown, as_shown, shown_by
from corroborate.tables.sheets import Book, File, Limits, Sheet, Span, Written, column_of, filled_down, letters_of
from corroborate.translation import Sentence

_CHUNK = 1 << 16
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LOCKED = Sentence(
    "is locked with a password: open it, take the password off (in Excel: File, Info, Protect Workbook), save a copy, "
    "and import the copy"
)


def workbook(file: File, limits: Limits, *, formulas_as_typed: bool = False) -> Book:
    """The sheets of an XLSX, XLSM, XLSB, XLS or ODS file. Raises InputRefused.

    ``formulas_as_typed``: a formula that was never computed is what somebody typed after ``=``, as programs write it
    that export answers.
    """
    with file.open() as opened:
        packed = opened.read(4) == b"PK\x03\x04"
    if not packed:
        return _by_calamine(file, "workbook of Excel 97")
    with _opened(file, limits) as members:
        names = set(members.namelist())
        kind = members.read("mimetype")[:100] if "mimetype" in names else b""
        if b"spreadsheet" in kind:
            _check_well_formed(members, names)
    if "xl/workbook.bin" in names:
        return _by_calamine(file, "binary workbook")
    if b"spreadsheet" in kind:
        return _by_calamine(file, "workbook of OpenDocument")
    if "word/document.xml" in names or b"opendocument.text" in kind:
        raise InputRefused(
            "{name} is a text document, not a table: save the table in it as XLSX or CSV", name=file.name
        )
    if "Index/Document.iwa" in names:
        raise InputRefused("{name} is a table of Apple Numbers: export it as Excel or CSV", name=file.name)
    if "xl/workbook.xml" not in names and "_rels/.rels" not in names:
        raise InputRefused(
            "{name} is a ZIP file and no workbook: unpack it, and import the lists in it one by one", name=file.name
        )
    with _said(file):
        return _xlsx(file, limits, formulas_as_typed)


@contextmanager
def _said(file: File) -> Iterator[None]:
    """Whatever a broken workbook can do to its reader, in one sentence."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise InputRefused("{name} is a damaged workbook: {error}", name=file.name, error=error) from error
    except (expat.ExpatError, KeyError, ValueError, IndexError, OverflowError, RuntimeError) as error:
        raise InputRefused("{name} is no workbook that can be read: {error}", name=file.name, error=error) from error


@contextmanager
def _opened(file: File, limits: Limits) -> Iterator[zipfile.ZipFile]:
    with _said(file), zipfile.ZipFile(file.open()) as members:
        sizes = members.infolist()
        unpacked = sum(one.file_size for one in sizes)
        bomb = any(
            one.file_size > 10 << 20 and one.file_size > limits.ratio * max(1, one.compress_size) for one in sizes
        )
        if unpacked > limits.unpacked_bytes or bomb:
            raise InputRefused(
                "{name} would unpack to {unpacked:,} bytes: it is no list, and was not opened",
                name=file.name,
                unpacked=unpacked,
            )
        if any(one.flag_bits & 1 for one in sizes):
            raise InputRefused("{name} {locked}", name=file.name, locked=_LOCKED)
        yield members


def _check_well_formed(members: zipfile.ZipFile, names: set[str]) -> None:
    """Parts of a workbook of OpenDocument that its reader would go through for ever where they break off."""

    def declared(*_: object) -> None:
        raise InputRefused("the workbook declares entities of its own, which no spreadsheet does; it was not read")

    for part in _READ_TO_THEIR_END & names:
        parser = expat.ParserCreate()
        parser.EntityDeclHandler = declared
        with members.open(part) as source:
            while piece := source.read(_CHUNK):
                parser.Parse(piece, False)
            parser.Parse(b"", True)


_READ_TO_THEIR_END = frozenset(("content.xml", "META-INF/manifest.xml"))


# --- XLS, XLSB, ODS ---------------------------------------------------------------------------------------------------


def _by_calamine(file: File, kind: str) -> Book:
    if _ENCRYPTED in file.read():  # how Office wraps a workbook that is locked, of whatever kind
        raise InputRefused("{name} {locked}", name=file.name, locked=_LOCKED)
    try:
        book = CalamineWorkbook.from_filelike(file.open())
    except PasswordError as error:
        raise InputRefused("{name} {locked}", name=file.name, locked=_LOCKED) from error
    except (CalamineError, OSError, ValueError) as error:
        raise InputRefused(
            "{name} is a {kind} that cannot be read ({error}): save it as XLSX or CSV",
            name=file.name,
            kind=kind,
            error=error,
        ) from error
    sheets = []
    for one in book.sheets_metadata:
        if one.typ is SheetTypeEnum.WorkSheet:
            sheet = _calamine_sheet(file, book, one.name, one.visible is not SheetVisibleEnum.Visible)
            sheets.append(sheet)
    return Book(tuple(sheets), PurePosixPath(file.name).suffix.lower().removeprefix(".") or "workbook")


def _calamine_sheet(file: File, book: CalamineWorkbook, name: str, hidden: bool) -> Sheet:
    try:
        sheet = book.get_sheet_by_name(name)
        ranges = sheet.merged_cell_ranges or []
    except (CalamineError, OSError, ValueError) as error:
        raise InputRefused(
            "the sheet {name} of {name2} cannot be read ({error}): save it as XLSX or CSV",
            name=name,
            name2=file.name,
            error=error,
        ) from error
    spans = tuple(Span(top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in ranges)

    def lines() -> Iterator[Written]:
        indent = sheet.start[1] if sheet.start else 0  # its rows begin at row 1, but at the first column that is used
        for line, raw in enumerate(sheet.iter_rows(), start=1):
            cells = [""] * indent + ["" if cell == "" else _written(cell) for cell in raw]
            dates = frozenset(at for at, cell in enumerate(raw, start=indent) if isinstance(cell, date))
            yield Written(line, cells, dates)

    return Sheet(name, lambda: filled_down(lines(), spans), spans, hidden)


def _written(cell: object) -> str:
    """A cell's value as a person would type it: ISO dates, whole numbers without a point."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


# --- XLSX -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Shared:
    """What all sheets of one workbook share."""

    strings: list[str]
    styles: list[Shown]
    since_1904: bool
    computed: bool  # False where the program that wrote it left every formula to be computed on opening
    as_typed: bool = False  # a formula that was never computed stands for its own letters


def _xlsx(file: File, limits: Limits, formulas_as_typed: bool) -> Book:
    with _opened(file, limits) as members:
        where = _part(members)
        relations = _relations(members, where)
        listed, settings = _sheets_of(members, where)
        strings = next((target for kind, target in relations.values() if kind == "sharedStrings"), None)
        styles = next((target for kind, target in relations.values() if kind == "styles"), None)
        shared = _Shared(
            _strings(members, strings),
            _styles(members, styles),
            settings.get("date1904") in ("1", "true"),
            settings.get("fullCalcOnLoad") not in ("1", "true"),
            formulas_as_typed,
        )
        notices: list[str] = []
        sheets = []
        for name, relation, state in listed:
            kind, target = relations.get(relation, ("", ""))
            if kind == "worksheet":
                sheets.append(_xlsx_sheet(file, members, name, target, state, shared, notices))
            elif kind:
                notices.append(Sentence("{name!r} is a {kind} and holds no rows", name=name, kind=kind))
    return Book(tuple(sheets), "xlsx", notices)


def _parse(source: IO[bytes], begin: Callable[[str, dict[str, str]], None], end: Callable[[str], None] | None = None,
           words: Callable[[str], None] | None = None) -> None:  # fmt: skip
    for _ in _parsed(source, begin, end, words):
        pass


def _parsed(
    source: IO[bytes],
    begin: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    words: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Parse XML in pieces, without namespaces (strict workbooks have others), and yield after each piece."""
    parser = expat.ParserCreate(namespace_separator=" ")
    bare: dict[str, str] = {}

    def local(name: str) -> str:
        found = bare.get(name)
        if found is None:
            found = bare[name] = name.rpartition(" ")[2]
        return found

    def declared(*_: object) -> None:
        raise InputRefused("the workbook declares entities of its own, which no spreadsheet does; it was not read")

    def started(name: str, attributes: dict[str, str]) -> None:
        begin(local(name), {local(key): value for key, value in attributes.items()} if attributes else attributes)

    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = started
    if end is not None:
        parser.EndElementHandler = lambda name: end(local(name))
    if words is not None:
        parser.CharacterDataHandler = words
    while piece := source.read(_CHUNK):
        parser.Parse(piece, False)
        yield
    parser.Parse(b"", True)
    yield


def _part(members: zipfile.ZipFile) -> str:
    """Where the workbook itself is; by the package's own relations, or where it usually is."""
    if "_rels/.rels" in members.namelist():
        for kind, target in _relations(members, "").values():
            if kind == "officeDocument":
                return target
    return "xl/workbook.xml"


def _relations(members: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Relation id -> (last word of its kind, path of its target)."""
    folder = PurePosixPath(part).parent
    path = str(folder / "_rels" / f"{PurePosixPath(part).name}.rels") if part else "_rels/.rels"
    relations: dict[str, tuple[str, str]] = {}

    def begin(name: str, has: dict[str, str]) -> None:
        if name == "Relationship" and has.get("TargetMode") != "External":
            target = has.get("Target", "")
            whole = target.lstrip("/") if target.startswith("/") else str(folder / target)
            relations[has.get("Id", "")] = (has.get("Type", "").rpartition("/")[2], _plain(whole))

    with members.open(path) as source:
        _parse(source, begin)
    return relations


def _plain(path: str) -> str:
    parts: list[str] = []
    for part in path.split("/"):
        if part == ".." and parts:
            parts.pop()
        elif part not in ("", ".", ".."):
            parts.append(part)
    return "/".join(parts)


def _sheets_of(members: zipfile.ZipFile, part: str) -> tuple[list[tuple[str, str, str]], dict[str, str]]:
    """Sheets as (name, relation, state), and the settings that change what cells mean."""
    sheets: list[tuple[str, str, str]] = []
    settings: dict[str, str] = {}

    def begin(name: str, has: dict[str, str]) -> None:
        if name == "sheet":
            sheets.append((has.get("name", ""), has.get("id", ""), has.get("state", "visible")))
        elif name in ("workbookPr", "calcPr"):
            settings.update(has)

    with members.open(part) as source:
        _parse(source, begin)
    return sheets, settings


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _strings(members: zipfile.ZipFile, part: str | None) -> list[str]:
    """Shared strings. What stands over the letters to say how they are read (``rPh``) is no part of the words."""
    strings: list[str] = []
    if part is None or part not in members.namelist():
        return strings
    pieces: list[str] = []
    where = {"t": False, "rPh": False}

    def begin(name: str, has: dict[str, str]) -> None:
        if name in where:
            where[name] = True
        elif name == "si":
            pieces.clear()

    def end(name: str) -> None:
        if name in where:
            where[name] = False
        elif name == "si":
            strings.append(_unescaped("".join(pieces)))

    def words(text: str) -> None:
        if where["t"] and not where["rPh"]:
            pieces.append(text)

    with members.open(part) as source:
        _parse(source, begin, end, words)
    return strings


def _styles(members: zipfile.ZipFile, part: str | None) -> list[Shown]:
    """For each cell style, what its number format shows. Fonts and fills, where files are often wrong, are not read."""
    formats: dict[int, str] = {}
    used: list[int] = []
    inside = False

    def begin(name: str, has: dict[str, str]) -> None:
        nonlocal inside
        if name == "cellXfs":
            inside = True
        elif name == "numFmt" and has.get("numFmtId", "").isdecimal():
            formats.setdefault(int(has["numFmtId"]), has.get("formatCode", ""))
        elif name == "xf" and inside:
            used.append(int(has["numFmtId"]) if has.get("numFmtId", "").isdecimal() else 0)

    def end(name: str) -> None:
        nonlocal inside
        inside = inside and name != "cellXfs"

    if part is not None and part in members.namelist():
        with members.open(part) as source:
            _parse(source, begin, end)
    return [shown_by(number, formats.get(number)) for number in used]


def _xlsx_sheet(
    file: File, members: zipfile.ZipFile, name: str, part: str, state: str, shared: _Shared, notices: list[str]
) -> Sheet:
    spans = _merged(members, part)
    tall = [span for span in spans if span.bottom > span.top]
    if tall and state == "visible":
        few = ", ".join(f"{letters_of(span.left)}{span.top}:{letters_of(span.right)}{span.bottom}" for span in tall[:3])
        more = " …" if len(tall) > 3 else ""
        notices.append(
            Sentence(
                "{number} merged cells in {name} ({few}{more}): their words were filled down",
                number=len(tall),
                name=name,
                few=few,
                more=more,
            )
        )

    def lines() -> Iterator[Written]:
        with _said(file), zipfile.ZipFile(file.open()) as again, again.open(part) as source:
            yield from _rows(source, name, shared, notices)

    return Sheet(name, lambda: filled_down(lines(), spans), spans, state != "visible")


_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref=[\"']([A-Z]{1,3}[0-9]{1,7}):([A-Z]{1,3}[0-9]{1,7})[\"']")


def _merged(members: zipfile.ZipFile, part: str) -> tuple[Span, ...]:
    """They stand behind the rows, so they are sought before the rows are read."""
    spans: list[Span] = []
    with members.open(part) as source:
        before = b""
        while piece := source.read(1 << 20):
            held = before + piece
            last = 0
            for found in _MERGE.finditer(held):
                (left, top), (right, bottom) = column_of(found[1].decode()), column_of(found[2].decode())
                spans.append(Span(top, left, bottom, right))
                last = found.end()
            before = held[max(last, len(held) - 200) :]
    return tuple(spans)


class _Rows:
    """Handlers of the parser: they gather rows until somebody takes them."""

    def __init__(self, sheet: str, shared: _Shared) -> None:
        self.sheet, self.shared = sheet, shared
        self.ready: list[Written] = []
        self.uncomputed: list[str] = []
        self.hidden = 0
        self.line = self.column = 0
        self.cells: list[str] = []
        self.dates: list[int] = []
        self.doubts: list[str] = []
        self.kind = self.style = ""
        self.formula = False
        self.taking = ""  # v, t or f
        self.phonetic = False
        self.value: list[str] = []
        self.typed: list[str] = []  # the letters of a formula

    def begin(self, name: str, has: dict[str, str]) -> None:
        if name == "c":
            reference = has.get("r", "")
            self.column = column_of(reference)[0] if reference else len(self.cells)
            self.kind, self.style, self.formula = has.get("t", "n"), has.get("s", "0"), False
            self.value.clear()
            self.typed.clear()
        elif name in ("v", "t"):
            self.taking = name
        elif name == "f":
            self.formula, self.taking = True, "f"
        elif name == "rPh":
            self.phonetic = True
        elif name == "row":
            self.line = int(has["r"]) if has.get("r", "").isdecimal() else self.line + 1
            self.cells, self.dates, self.doubts = [], [], []
            self.hidden += has.get("hidden") in ("1", "true")

    def words(self, text: str) -> None:
        if self.taking == "f":
            self.typed.append(text)
        elif self.taking and not self.phonetic:
            self.value.append(text)

    def end(self, name: str) -> None:
        if name in ("v", "t", "f"):
            self.taking = ""
        elif name == "c":
            words, is_date = self._cell()
            if words:
                if self.column >= 16_384:
                    raise InputRefused(
                        "row {line} of {sheet} has a cell beyond the last column", line=self.line, sheet=self.sheet
                    )
                self.cells.extend([""] * (self.column + 1 - len(self.cells)))
                self.cells[self.column] = words
                if is_date:
                    self.dates.append(self.column)
            elif self.column >= len(self.cells):
                self.cells.extend([""] * min(self.column + 1 - len(self.cells), 16_384))
        elif name == "rPh":
            self.phonetic = False
        elif name == "row":
            self.ready.append(Written(self.line, self.cells, frozenset(self.dates), tuple(self.doubts)))

    def _cell(self) -> tuple[str, bool]:
        value, kind = "".join(self.value), self.kind
        where = f"{letters_of(self.column)}{self.line}"
        if self.formula and ((not value and kind != "str") or (value == "0" and not self.shared.computed)):
            if self.shared.as_typed:
                return "=" + _unescaped("".join(self.typed)), False
            self.uncomputed.append(where)
            self.doubts.append(
                Sentence("{where} holds a formula that was never computed; its value is not in the file", where=where)
            )
            return "", False
        if not value:
            return "", False
        if kind == "s":
            at = int(value)
            if not 0 <= at < len(self.shared.strings):
                raise InputRefused(
                    "{where} of {sheet} points to words that the workbook does not hold", where=where, sheet=self.sheet
                )
            return self.shared.strings[at], False
        if kind in ("inlineStr", "str"):
            return _unescaped(value), False
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, value), False
        if kind == "d":
            return value.removesuffix("T00:00:00").replace("T", " "), True
        if kind != "n":
            return value, False
        styles = self.shared.styles
        style = int(self.style) if self.style.isdecimal() else 0
        shown = as_shown(value, styles[style] if style < len(styles) else Shown(), since_1904=self.shared.since_1904)
        if shown.doubt:
            self.doubts.append(Sentence("{where} {doubt}", where=where, doubt=shown.doubt))
        return shown.words, shown.is_date


def _rows(source: IO[bytes], name: str, shared: _Shared, notices: list[str]) -> Iterator[Written]:
    rows = _Rows(name, shared)
    for _ in _parsed(source, rows.begin, rows.end, rows.words):
        yield from rows.ready
        rows.ready.clear()
    if rows.uncomputed:
        few = ", ".join(rows.uncomputed[:3]) + (" …" if len(rows.uncomputed) > 3 else "")
        _once(
            notices,
            Sentence(
                (
                    (
                        "{number} formula in {name} was never computed ({few}) and counts as an empty cell: "
                        "open the workbook in a spreadsheet, save it, and import it again"
                    ),
                    (
                        "{number} formulas in {name} were never computed ({few}) and count as empty cells: "
                        "open the workbook in a spreadsheet, save it, and import it again"
                    ),
                ),
                number=len(rows.uncomputed),
                name=name,
                few=few,
            ),
        )
    if rows.hidden:
        _once(
            notices,
            Sentence(
                (
                    "{hidden} row of {name} is hidden (by a filter, perhaps); it was read like the others",
                    "{hidden} rows of {name} are hidden (by a filter, perhaps); they were read like the others",
                ),
                hidden=rows.hidden,
                name=name,
            ),
        )


def _once(notices: list[str], notice: str) -> None:
    if notice not in notices:
        notices.append(notice)
