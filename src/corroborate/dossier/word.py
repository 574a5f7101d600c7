"""The dossier as a Word file, made of its page of HTML: headings, tables, lists, notes and pictures as a word processor
knows them. The same page gives the same bytes."""

import base64
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from html.parser import HTMLParser
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

_LEVELS = {"h1": 0, "h2": 1, "h3": 2, "h4": 3, "h5": 4}
_FACES = {"ko": "Malgun Gothic", "ja": "Yu Mincho"}
_WIDE = Cm(15)
_STARTED = (1980, 1, 1, 0, 0, 0)  # the day of every part: a file is the same whenever it is made
_VOID = {"br", "img", "meta", "link", "hr"}


@dataclass(slots=True)
class _Word:
    """A run of letters and how it looks; ``to``: the address that it opens."""

    text: str
    look: frozenset[str]
    to: str = ""


@dataclass(slots=True)
class _Table:
    rows: list[list[list[_Word]]] = field(default_factory=list)
    heads: int = 0


def document(html: str, picture: Callable[[bytes], bytes]) -> "Document":
    """Read a page. ``picture``: makes a PNG of an SVG."""
    made = Document(picture)
    made.feed(html)
    made.close()
    return made


class Document(HTMLParser):
    """What is read becomes paragraphs, tables and pictures, in their order."""

    def __init__(self, picture: Callable[[bytes], bytes]) -> None:
        super().__init__(convert_charrefs=True)
        self._picture = picture
        self._file = docx.Document()
        self._open: list[str] = []
        self._words: list[_Word] = []
        self._links: list[str] = []
        self._lists: list[str] = []
        self._tables: list[_Table] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {key: value or "" for key, value in attrs}
        if tag in ("head", "nav"):  # a word processor makes a table of contents of its own
            self._silent += 1
        if tag == "br":
            self._words.append(_Word("\n", frozenset()))
        elif tag == "img":
            self._image(told)
        elif tag == "a":
            self._links.append(told.get("href", ""))
        elif tag in ("p", "div", "li", "figure", "figcaption", "table", *_LEVELS) and not self._tables:
            self._paragraph()
        if tag in ("ol", "ul"):
            self._lists.append(tag)
        if tag == "table":
            self._tables.append(_Table())
        elif tag == "tr" and self._tables:
            self._tables[-1].rows.append([])
            self._tables[-1].heads += "thead" in self._open
        elif tag in ("td", "th"):
            self._words = []
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._tables:
            self._tables[-1].rows[-1].append(self._words)
            self._words = []
        elif tag == "table":
            self._close_table()
        elif tag in ("p", "div", "li", "figcaption", *_LEVELS) and not self._tables:
            self._paragraph(tag)
        elif tag in ("p", "li") and self._tables:
            self._words.append(_Word("\n", frozenset()))
        if tag == "a" and self._links:
            self._links.pop()
        if tag in ("ol", "ul") and self._lists:
            self._lists.pop()
        if tag in ("head", "nav"):
            self._silent -= 1
        if tag in self._open:
            del self._open[len(self._open) - 1 - self._open[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        if self._silent or "style" in self._open:
            return
        look = frozenset(one for one in ("strong", "em", "code", "sup", "sub", "th") if one in self._open)
        text = data if "code" in self._open else " ".join(data.replace("\n", " ").split(" "))
        to = self._links[-1] if self._links else ""
        self._words.append(_Word(text, look, to if to.startswith(("https://", "http://")) else ""))

    def _image(self, told: dict[str, str]) -> None:
        _, _, content = told.get("src", "").partition("base64,")
        if self._silent or not content:
            return
        self._paragraph()
        shape = self._file.add_picture(io.BytesIO(self._picture(base64.b64decode(content))), width=_WIDE)
        shape._inline.docPr.set("descr", told.get("alt", ""))

    def _paragraph(self, tag: str = "") -> None:
        """Write the words that were read so far, if any."""
        words, self._words = self._words, []
        if self._silent or not any(one.text.strip() for one in words):
            return
        level = _LEVELS.get(tag or next((one for one in reversed(self._open) if one in _LEVELS), ""))
        if level is not None:
            style = f"Heading{level}" if level else "Title"
        elif self._lists:
            noted = "section" in self._open  # notes at the end bear their own numbers
            style = "ListParagraph" if noted else "ListNumber" if self._lists[-1] == "ol" else "ListBullet"
        else:
            style = "Caption" if tag == "figcaption" else ""
        made = self._file.add_paragraph()
        if style:  # by its id: to look one up by name takes longer than all the rest
            made._p.get_or_add_pPr()._add_pStyle().set(qn("w:val"), style)
        _fill(made, words)

    def _close_table(self) -> None:
        told = self._tables.pop()
        columns = max((len(row) for row in told.rows), default=0)
        if not columns or self._silent:
            return
        table = self._file.add_table(rows=len(told.rows), cols=columns, style="Table Grid")
        cells = table._cells
        for number, row in enumerate(told.rows):
            for at, words in enumerate(row):
                _fill(cells[number * columns + at].paragraphs[0], words, small=True)
        for row in list(table.rows)[: told.heads]:
            mark = OxmlElement("w:tblHeader")  # repeated on each page, and read aloud as headings
            mark.set(qn("w:val"), "true")
            row._tr.get_or_add_trPr().append(mark)
        self._file.add_paragraph()

    def written(self, title: str, author: str, on: date, language: str) -> bytes:
        """The file, with its title, language and day."""
        core = self._file.core_properties
        core.title, core.author, core.language, core.comments = title, author, language, ""
        core.created = core.modified = datetime.combine(on, time(), UTC)
        core.last_modified_by = author
        self._speak(language)
        raw = io.BytesIO()
        self._file.save(raw)
        return _same(raw.getvalue())

    def _speak(self, language: str) -> None:
        """The language of every word that says nothing else, and letters for it."""
        properties = self._file.styles["Normal"].element.get_or_add_rPr()
        tongue = OxmlElement("w:lang")
        tongue.set(qn("w:val"), language)
        tongue.set(qn("w:eastAsia"), language if language in _FACES else "ko")
        properties.append(tongue)
        faces = properties.get_or_add_rFonts()
        faces.set(qn("w:eastAsia"), _FACES.get(language, "Malgun Gothic"))


def _fill(paragraph: Any, words: list[_Word], *, small: bool = False) -> None:
    while words and not words[-1].text.strip():
        words = words[:-1]
    for one in words:
        run = _linked(paragraph, one) if one.to else paragraph.add_run(one.text)
        run.bold = bool(one.look & {"strong", "th"}) or None
        run.italic = "em" in one.look or None
        run.font.superscript = "sup" in one.look or None
        if "code" in one.look:
            run.font.name = "Consolas"
        if small or "code" in one.look:
            run.font.size = Pt(8.5)


def _linked(paragraph: Any, one: _Word) -> Any:
    """A run that opens an address."""
    address = paragraph.part.relate_to(one.to, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), address)
    run = paragraph.add_run(one.text)
    run.font.underline = True
    link.append(run._r)
    paragraph._p.append(link)
    return run


def _same(content: bytes) -> bytes:
    """The parts of a file in the order of their names, of one day, so that it is the same whenever it is made."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after:
        names = sorted(before.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            part = zipfile.ZipInfo(name, _STARTED)
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            after.writestr(part, before.read(name))
    return made.getvalue()
