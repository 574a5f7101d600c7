"""A published statement as lines and tables, from plain text, HTML, PDF or Word. Reading members is another step."""

import html.parser
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from corroborate.coalition.apart import read_apart
from corroborate.coalition.documents import LARGEST, Table
from corroborate.coalition.members import ListOfMembers, Member, read_list, read_table_of_members
from corroborate.coalition.sign_ons import is_sign_on_sheet, read_sign_ons
from corroborate.errors import InputRefused
from corroborate.tables import File, guessed, read_table
from corroborate.translation import Sentence

LARGEST_TEXT = 4 << 20  # bytes of plain text or HTML: a book of statements


TABLE = "a table"  # instead of a heading


def read_statement(
    content: bytes, name: str = "", *, first: int | None = None, last: int | None = None
) -> ListOfMembers:
    """Members, supporters or signatories from a statement's file or a sign-on sheet, by what the file holds and not by
    its name. ``first`` and ``last``: the lines of the text between which a person says that the names stand.

    Raises InputRefused when it is too large, cannot be opened, or has no list.
    """
    if len(content) > LARGEST:
        raise InputRefused(
            "{name} is larger than {largest} MB", name=name or Sentence("the file"), largest=LARGEST >> 20
        )
    if (sheet := _sheet(content, name)) is not None:
        return sheet
    text, found = statement_text(content, name)
    if found and first is None and last is None:
        return ListOfMembers(found, found[0].lines[0], found[-1].lines[1], TABLE)
    return read_list(text, first=first, last=last)


def statement_text(content: bytes, name: str = "") -> tuple[str, tuple[Member, ...]]:
    """The text of a statement, line by line as ``first`` and ``last`` count, and the members of a table in it."""
    if content.startswith(b"%PDF"):
        return read_apart("pdf", content)[0], ()
    if content.startswith(b"PK\x03\x04"):
        text, tables = read_apart("docx", content)
        return text, _from_tables(tables)
    if len(content) > LARGEST_TEXT:
        raise InputRefused(
            "{name} holds more than {largest_text} MB of text, unlike a statement",
            name=name or Sentence("the file"),
            largest_text=LARGEST_TEXT >> 20,
        )
    text = _decoded(content)
    if not re.search(r"<(?:!doctype html|html|body|table|p|ul|ol|div)\b", text[:4000], re.I):
        return text, ()
    page = _Page()
    try:
        page.feed(text)
        page.close()
    except AssertionError as error:  # as html.parser ends a declaration that nobody closed
        raise InputRefused(
            "{name} is no HTML that can be read: {error}", name=name or Sentence("the file"), error=error
        ) from error
    return page.text, _from_tables(page.tables)


def is_text(content: bytes, name: str = "") -> bool:
    """Whether a file is a text of lines, and no workbook, CSV or ZIP of them."""
    if content.startswith(b"PK\x03\x04"):
        with _archive(content) as archive:
            return "word/document.xml" in archive.namelist()
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return False
    separated = name.lower().endswith((".csv", ".tsv", ".tab")) and content.lstrip()[:1] not in (b"<", b"%")
    return not (content and separated)


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
        raise InputRefused(
            "the file is a ZIP file, and no document or sheet that can be read: {error}", error=error
        ) from error


def _rows_of(file: File) -> ListOfMembers:
    table = read_table(file, knows=_known)
    if is_sign_on_sheet(table.columns):
        return read_sign_ons(table.columns, ((row.line, row.cells) for row in table.rows))
    grid = [table.columns, *(tuple(row.cells.get(column, "") for column in table.columns) for row in table.rows)]
    members = read_table_of_members(grid)
    if not members:
        raise InputRefused(
            "{name} has no column that names members: {listed}", name=file.name, listed=", ".join(table.columns[:8])
        )
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
            notices.append(
                Sentence(
                    (
                        "{one} was left out: its {number} address is {away}",
                        "{one} was left out: its {number} addresses are {away}",
                    ),
                    one=one,
                    number=len(found.members),
                    away=away[1],
                )
            )
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
