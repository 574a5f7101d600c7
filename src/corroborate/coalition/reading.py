"""A published statement as lines and tables, from plain text, HTML, PDF or Word. Reading members is another step."""

import html.parser
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Sequence

from corroborate.coalition.apart import Table, read_apart
from corroborate.coalition.members import Member, read_members, read_table_of_members
from corroborate.errors import InputRefused

LARGEST = 25 << 20  # bytes of a file
LARGEST_TEXT = 4 << 20  # bytes of plain text or HTML: a book of statements
_MOST_PAGES = 500
_ENCODINGS = ("utf-8-sig", "cp949", "cp932", "cp1252")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read_file(content: bytes, name: str = "") -> tuple[Member, ...]:
    """Members and supporters from a statement's file, by what the file holds and not by its name.

    Raises InputRefused when it is too large, cannot be opened, or has no list.
    """
    if len(content) > LARGEST:
        raise InputRefused(f"{name or 'the file'} is larger than {LARGEST >> 20} MB")
    if content.startswith(b"%PDF"):
        return read_members(read_apart("pdf", content)[0])
    if content.startswith(b"PK\x03\x04"):
        text, tables = read_apart("docx", content)
    else:
        if len(content) > LARGEST_TEXT:
            raise InputRefused(
                f"{name or 'the file'} holds more than {LARGEST_TEXT >> 20} MB of text, unlike a statement"
            )
        text, tables = _decoded(content), []
        if re.search(r"<(?:!doctype html|html|body|table|p|ul|ol|div)\b", text[:4000], re.I):
            page = _Page()
            try:
                page.feed(text)
                page.close()
            except AssertionError as error:  # as html.parser ends a declaration that nobody closed
                raise InputRefused(f"{name or 'the file'} is no HTML that can be read: {error}") from error
            text, tables = page.text, page.tables
    found = _from_tables(tables)
    return found or read_members(text)


def _from_tables(tables: Sequence[Table]) -> tuple[Member, ...]:
    """The members of the first table whose headings are those of a list of members; none when no table is one."""
    for table in tables:
        if found := read_table_of_members(table):
            return found
    return ()


def _decoded(content: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputRefused("the text is in no encoding that we know; save it as UTF-8")


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
