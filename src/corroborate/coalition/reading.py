"""A published statement as lines and tables, from plain text, HTML, PDF or Word. Reading members is another step."""

import html.parser
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from corroborate.coalition.apart import Table, read_apart
from corroborate.coalition.members import ListOfMembers, Member, read_list, read_table_of_members
from corroborate.coalition.sign_ons import is_sign_on_sheet, read_sign_ons
from corroborate.errors import InputRefused
from corroborate.tables import File, guessed, read_table

LARGEST = 25 << 20  # bytes of a file
LARGEST_TEXT = 4 << 20  # bytes of plain text or HTML: a book of statements
_MOST_PAGES = 500
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read_file(content: bytes, name: str = "") -> tuple[Member, ...]:
    """The members of :func:`read_statement`."""
    return read_statement(content, name).members


def read_statement(
    content: bytes, name: str = "", *, first: int | None = None, last: int | None = None
) -> ListOfMembers:
    """Members, supporters or signatories from a statement's file or a sign-on sheet, by what the file holds and not by
    its name. ``first`` and ``last``: the lines of the text between which a person says that the names stand.

    Raises InputRefused when it is too large, cannot be opened, or has no list.
    """
    if len(content) > LARGEST:
        raise InputRefused(f"{name or 'the file'} is larger than {LARGEST >> 20} MB")
    if (sheet := _sheet(content, name)) is not None:
        return sheet
    text, found = statement_text(content, name)
    if found and first is None and last is None:
        return ListOfMembers(found, found[0].lines[0], found[-1].lines[1], "a table")
    return read_list(text, first=first, last=last)


def statement_text(content: bytes, name: str = "") -> tuple[str, tuple[Member, ...]]:
    """The text of a statement, line by line as ``first`` and ``last`` count, and the members of a table in it."""
    if content.startswith(b"%PDF"):
        return read_apart("pdf", content)[0], ()
    if content.startswith(b"PK\x03\x04"):
        text, tables = read_apart("docx", content)
        return text, _from_tables(tables)
    if len(content) > LARGEST_TEXT:
        raise InputRefused(f"{name or 'the file'} holds more than {LARGEST_TEXT >> 20} MB of text, unlike a statement")
    text = _decoded(content)
    if not re.search(r"<(?:!doctype html|html|body|table|p|ul|ol|div)\b", text[:4000], re.I):
        return text, ()
    page = _Page()
    try:
        page.feed(text)
        page.close()
    except AssertionError as error:  # as html.parser ends a declaration that nobody closed
        raise InputRefused(f"{name or 'the file'} is no HTML that can be read: {error}") from error
    return page.text, _from_tables(page.tables)


def _sheet(content: bytes, name: str) -> ListOfMembers | None:
    """A workbook, a CSV or a ZIP of them; None for what is a text."""
    if content.startswith(b"PK\x03\x04"):
        with _archive(content) as archive:
            inside = archive.namelist()
            if "word/document.xml" in inside:
                return None
            if inside and all(one.lower().endswith((".csv", "/")) for one in inside):
                return _lists_of_a_mailing(archive, [one for one in inside if one.lower().endswith(".csv")])
        return _rows_of(File(name or "the sheet", content=content))
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return _rows_of(File(name or "the sheet", content=content))
    if not content or content.lstrip()[:1] in (b"<", b"%") or not name.lower().endswith((".csv", ".tsv", ".tab")):
        return None
    return _rows_of(File(name, content=content))


@contextmanager
def _archive(content: bytes) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(item.file_size for item in archive.infolist()) > 8 * LARGEST:
                raise InputRefused("the file unpacks to more than any statement holds")
            yield archive
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise InputRefused(f"the file is a ZIP file, and no document or sheet that can be read: {error}") from error


def _rows_of(file: File) -> ListOfMembers:
    table = read_table(file, knows=_known)
    if is_sign_on_sheet(table.columns):
        return read_sign_ons(table.columns, ((row.line, row.cells) for row in table.rows))
    grid = [table.columns, *(tuple(row.cells.get(column, "") for column in table.columns) for row in table.rows)]
    members = read_table_of_members(grid)
    if not members:
        raise InputRefused(f"{file.name} has no column that names members: {', '.join(table.columns[:8])}")
    return ListOfMembers(members, table.rows[0].line, table.rows[-1].line, ", ".join(table.columns)[:200])


def _known(word: str) -> bool:
    return bool(re.search(r"organi[sz]ation|^(?:full )?name$|country|timestamp|단체|성명|団体|氏名|email", word, re.I))


def _lists_of_a_mailing(archive: zipfile.ZipFile, names: Sequence[str]) -> ListOfMembers:
    """A mailing program packs one CSV for each state of an address: who left the list, or never was on it, is said."""
    members: list[Member] = []
    notices: list[str] = []
    for one in names:
        away = re.search(r"(?:^|[_/.-])(un[a-z]+|cleaned|archived|bounced|deleted)", one.lower())
        try:
            found = _rows_of(File(one, content=archive.read(one)))
        except InputRefused as refused:
            notices.append(f"{one} was left out: {refused}")
            continue
        if away:
            notices.append(f"{one} was left out: its {len(found.members)} addresses are {away[1]}")
        else:
            members += found.members
            notices += found.notices
    return ListOfMembers(tuple(members), 0, 0, ", ".join(names), tuple(notices))


def _from_tables(tables: Sequence[Table]) -> tuple[Member, ...]:
    """The members of the first table whose headings are those of a list of members; none when no table is one."""
    for table in tables:
        if found := read_table_of_members(table):
            return found
    return ()


def _decoded(content: bytes) -> str:
    return guessed(content, "the text").text or ""


class _Page(html.parser.HTMLParser):
    """Lines and tables of a page as a reader sees them: list items as dashed lines, no script, no style."""

    _BLOCKS = frozenset(
        [
            "p",
            "div",
            "br",
            "li",
            "tr",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "ul",
            "ol",
            "table",
            "section",
            "article",
            "header",
            "footer",
        ]
    )
    _HIDDEN = frozenset(["script", "style", "template", "noscript"])

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []
        self._hidden = 0
        self._in_item = False
        self.tables: list[Table] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._HIDDEN:
            self._hidden += 1
        elif tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self._cell = []
        if tag in self._BLOCKS and self._cell is None:
            self._parts.append("\n- " if tag == "li" else "\n")
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag in ("td", "th") and self._cell is not None:
            if self.tables and self.tables[-1]:
                self.tables[-1][-1].append(" ".join("".join(self._cell).split()))
            self._cell = None
        elif tag in ("li", "p", "ul", "ol"):
            self._parts.append("\n")

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self._cell is not None:
            self._cell.append(data)
        else:
            self._parts.append(re.sub(r"\s+", " ", data))

    @property
    def text(self) -> str:
        lines = (line.strip() for line in "".join(self._parts).split("\n"))
        return "\n".join(line for line in lines if line not in ("", "-"))


def docx_text(content: bytes) -> tuple[str, list[Table]]:
    """Lines and tables of a Word file. To be called within limits (:mod:`corroborate.coalition.apart`)."""
    import docx  # loaded for Word's files alone
    from docx.opc.exceptions import PackageNotFoundError

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(item.file_size for item in archive.infolist()) > 8 * LARGEST:
                raise InputRefused("the Word file unpacks to more than any statement holds")
        document = docx.Document(io.BytesIO(content))
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        SyntaxError,
        PackageNotFoundError,
        KeyError,
        ValueError,
        AttributeError,
    ) as error:  # fmt: skip - python-docx and lxml meet a file that is no Word document in all of these
        raise InputRefused(f"the file is a ZIP file, and no Word document that can be read: {error}") from error
    lines = []
    for paragraph in document.paragraphs:
        style = (paragraph.style.name or "") if paragraph.style is not None else ""
        properties = paragraph._p.find(f"{_W}pPr")
        listed = style.startswith("List") or (properties is not None and properties.find(f"{_W}numPr") is not None)
        lines += [f"- {line.strip()}" if listed else line.strip() for line in paragraph.text.split("\n")]
    tables = [[[" ".join(cell.text.split()) for cell in row.cells] for row in table.rows] for table in document.tables]
    return "\n".join(line for line in lines if line not in ("", "-")), tables


def pdf_text(content: bytes) -> str:
    """The lines of a PDF in reading order. To be called within limits (:mod:`corroborate.coalition.apart`)."""
    import pypdfium2  # loaded for PDF alone

    try:
        document = pypdfium2.PdfDocument(content)
        if len(document) > _MOST_PAGES:
            raise InputRefused(f"a PDF of {len(document)} pages is no statement")
        return "\n".join(_page_text(page) for page in document)
    except pypdfium2.PdfiumError as error:
        raise InputRefused(f"the PDF cannot be opened: {error}") from error


def _page_text(page: object) -> str:
    """A page's lines in reading order. Where a gutter runs down the page, the left column is read before the right."""
    textpage = page.get_textpage()  # type: ignore[attr-defined]
    width = page.get_width()  # type: ignore[attr-defined]
    pieces = []
    for at in range(textpage.count_rects()):
        left, bottom, right, top = textpage.get_rect(at)
        text = textpage.get_text_bounded(left, bottom, right, top).replace("\r\n", " ").replace("\n", " ").strip()
        if text:
            pieces.append((left, bottom, right, top, text))
    columns = _columns(pieces, width)
    lines: list[str] = []
    for column in columns:
        lines += _lines(column)
    return "\n".join(lines)


_Piece = tuple[float, float, float, float, str]


def _columns(pieces: list[_Piece], width: float) -> list[list[_Piece]]:
    """Left and right of a gutter that most lines respect, below whatever runs across it; else the page as one."""
    for step in range(35, 66):
        gutter = width * step / 100
        crossing = [one for one in pieces if one[0] < gutter < one[2]]
        left = [one for one in pieces if one[2] <= gutter]
        right = [one for one in pieces if one[0] >= gutter]
        if not right or not left:
            continue
        bottom = min((one[1] for one in crossing), default=float("inf"))
        below = [one for one in (*left, *right) if one[3] <= bottom + 2]
        starts = {round(one[0]) for one in right}
        if len(below) == len(left) + len(right) and len(right) >= 3 and len(left) >= 3 and len(starts) <= 3:
            return [crossing, left, right]
    return [pieces]


def _lines(pieces: list[_Piece]) -> list[str]:
    """Pieces on one height make one line, from left to right, lines from top to bottom."""
    found: list[tuple[float, list[_Piece]]] = []
    for piece in sorted(pieces, key=lambda one: (-one[3], one[0])):
        middle = (piece[1] + piece[3]) / 2
        if found and abs(found[-1][0] - middle) < max(2.0, (piece[3] - piece[1]) / 2):
            found[-1][1].append(piece)
        else:
            found.append((middle, [piece]))
    return [" ".join(one[4] for one in sorted(row, key=lambda one: one[0])) for _, row in found]
