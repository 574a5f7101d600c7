"""The lines of a Word file or a PDF. To be called within limits (:mod:`corroborate.coalition.apart`) alone."""

import io
import struct
import zipfile
import zlib

from corroborate.errors import InputRefused

LARGEST = 25 << 20  # bytes of a file
_MOST_PAGES = 500
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
Table = list[list[str]]


def docx_text(content: bytes) -> tuple[str, list[Table]]:
    """Lines and tables of a Word file."""
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
        raise InputRefused(
            "the file is a ZIP file, and no Word document that can be read: {error}", error=error
        ) from error
    lines = []
    for paragraph in document.paragraphs:
        style = (paragraph.style.name or "") if paragraph.style is not None else ""
        properties = paragraph._p.find(f"{_W}pPr")
        listed = style.startswith("List") or (properties is not None and properties.find(f"{_W}numPr") is not None)
        lines += [f"- {line.strip()}" if listed else line.strip() for line in paragraph.text.split("\n")]
    tables = [[[" ".join(cell.text.split()) for cell in row.cells] for row in table.rows] for table in document.tables]
    return "\n".join(line for line in lines if line not in ("", "-")), tables


def pdf_text(content: bytes) -> str:
    """The lines of a PDF in reading order."""
    import pypdfium2  # loaded for PDF alone

    try:
        document = pypdfium2.PdfDocument(content)
        if len(document) > _MOST_PAGES:
            raise InputRefused("a PDF of {number} pages is no statement", number=len(document))
        return "\n".join(_page_text(page) for page in document)
    except pypdfium2.PdfiumError as error:
        raise InputRefused("the PDF cannot be opened: {error}", error=error) from error


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
