"""Documents as sources: their passages, each with the place where a person finds it (page, paragraph, minute).

Nothing in a document is taken for a person or an act: a passage is what somebody marks and codes.
"""

import email
import email.policy
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from email.message import EmailMessage
from html.parser import HTMLParser
from xml.etree import ElementTree

from corroborate.errors import InputRefused
from corroborate.importers.exports import Export, ExportSource
from corroborate.tables import File, guessed
from corroborate.translation import Sentence
from corroborate.values import JSON

_LARGEST = 64 << 20  # bytes, unpacked
_MOST = 50_000  # passages
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CORE = {"dc": "http://purl.org/dc/elements/1.1/", "dcterms": "http://purl.org/dc/terms/"}
_AT = r"(?:\d{1,3}:)?\d\d:\d\d[.,]\d{3}"
_CUE = re.compile(rf"(?P<a>{_AT})[ \t]+-->[ \t]+(?P<b>{_AT})[^\n]*\n(?P<text>(?:.+(?:\n|$))*)")
_SUBTITLES = re.compile(rb"\s*(?:WEBVTT|\d+[ \t]*\r?\n(?:\d{1,3}:)?\d\d:\d\d,\d{3}[ \t]+-->)")
_PDF = b"%PDF-"
_MAIL = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){3}")


@dataclass(frozen=True, slots=True)
class Passage:
    """``where``: what a person looks for; ``speaker``: who says it, as a transcript names them."""

    where: str
    text: str
    speaker: str = ""


def recognises(file: File) -> bool:
    with file.open() as opened:
        begins = opened.read(1 << 14)
    if begins.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(file.open()) as members:
                return "word/document.xml" in members.namelist()
        except (zipfile.BadZipFile, OSError, ValueError):
            return False
    if begins.startswith(_PDF):
        return True
    begins = begins.removeprefix(b"\xef\xbb\xbf")
    return _SUBTITLES.match(begins) is not None or _is_mail(begins)


def _is_mail(begins: bytes) -> bool:
    head = begins.split(b"\n\n")[0].split(b"\r\n\r\n")[0].lower()
    lines = {line.split(b":")[0] for line in head.splitlines() if b":" in line[:40]}
    return (
        _MAIL.match(begins) is not None and b"from" in lines and b"date" in lines and bool(lines & {b"to", b"subject"})
    )


def _shown(one: Passage) -> JSON:
    shown: dict[str, JSON] = {"where": one.where, "text": one.text}
    return shown | {"speaker": one.speaker} if one.speaker else shown


def read(file: File) -> Export:
    if file.size > _LARGEST:
        raise InputRefused(
            "{name} has {size:,} bytes; the limit of a document is {largest:,}",
            name=file.name,
            size=file.size,
            largest=_LARGEST,
        )
    with file.open() as opened:
        begins = opened.read(1 << 14).removeprefix(b"\xef\xbb\xbf")
    notices: list[str] = []
    if begins.startswith(b"PK\x03\x04"):
        source, passages = _docx(file)
    elif begins.startswith(_PDF):
        source, passages = _pdf(file, notices)
    elif _SUBTITLES.match(begins):
        source, passages = _subtitles(file, notices)
    elif _is_mail(begins):
        source, passages = _mail(file, notices)
    else:
        source, passages = _text(file, notices)
    if not passages:
        raise InputRefused("{name} holds no words that can be read: it may be a picture of a text", name=file.name)
    if len(passages) > _MOST:
        raise InputRefused(
            "{name} has {number:,} passages; the limit is {most:,}: divide it into parts",
            name=file.name,
            number=len(passages),
            most=_MOST,
        )
    more = {**source.more, "passages": [_shown(one) for one in passages]}
    notices.append(Sentence("names in a document are no fields: a person marks the passages and codes what they tell"))
    made = ExportSource(source.key, source.title, source.type, source.date, source.url, more)
    return Export("documents", sources=(made,), notices=tuple(notices))


# --- Word -------------------------------------------------------------------------------------------------------------


_PARTS = re.compile(r"word/(?:document|footnotes|endnotes|comments)\.xml|docProps/core\.xml")


def _docx(file: File) -> tuple[ExportSource, list[Passage]]:
    with zipfile.ZipFile(file.open()) as members:
        parts = {name: _part(members, name, file.name) for name in members.namelist() if _PARTS.fullmatch(name)}
    passages = list(_paragraphs(parts["word/document.xml"]))
    for part, called in (("footnotes", "footnote"), ("endnotes", "endnote"), ("comments", "comment")):
        root = parts.get(f"word/{part}.xml")
        for number, note in enumerate(root if root is not None else (), start=1):
            if text := _words(note):
                passages.append(Passage(f"{called} {number}", text, note.get(f"{_WORD}author") or ""))
    core = parts.get("docProps/core.xml")
    title = core.findtext("dc:title", None, _CORE) if core is not None else None
    when = core.findtext("dcterms:created", None, _CORE) if core is not None else None
    return ExportSource("document", title or file.name, "Word document", when[:10] if when else None), passages


def _part(members: zipfile.ZipFile, name: str, of: str) -> ElementTree.Element:
    try:
        if members.getinfo(name).file_size > _LARGEST:
            raise InputRefused("{of} would unpack to more than {largest} MB", of=of, largest=_LARGEST >> 20)
        content = members.read(name)
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise InputRefused("{of} declares entities of its own, which no Word document does: it was not read", of=of)
        return ElementTree.fromstring(content)  # noqa: S314 - it declares no entity, and its size is limited
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, KeyError, ElementTree.ParseError) as error:
        raise InputRefused(
            "{of} is no Word document that can be read: {error}; it may be damaged", of=of, error=error
        ) from error


def _words(element: ElementTree.Element) -> str:
    """The text of an element without what was deleted in it: a change that somebody tracks is no longer said."""
    parts: list[str] = []

    def gather(one: ElementTree.Element) -> None:
        tag = one.tag.removeprefix(_WORD)
        if tag in ("del", "moveFrom", "instrText"):
            return
        parts.append({"t": one.text or "", "tab": "\t", "br": "\n"}.get(tag, ""))
        for inner in one:
            gather(inner)
        if tag == "p":
            parts.append("\n")

    gather(element)
    return "".join(parts).strip()


def _paragraphs(root: ElementTree.Element) -> Iterator[Passage]:
    """Paragraphs are counted as they are read, those of tables by table, row and column. A page is known where the
    program that wrote the document left it."""
    body = root.find(f"{_WORD}body")
    page = number = tables = 0
    for one in body if body is not None else ():
        if one.tag == f"{_WORD}tbl":
            tables += 1
            for row, line in enumerate(one.iter(f"{_WORD}tr"), start=1):
                for column, cell in enumerate(line.findall(f"{_WORD}tc"), start=1):
                    if text := _words(cell):
                        yield Passage(f"table {tables}, row {row}, column {column}", text)
            continue
        page += sum(1 for _ in one.iter(f"{_WORD}lastRenderedPageBreak"))
        if text := _words(one):
            number += 1
            where = f"page {page + 1}, paragraph {number}" if page else f"paragraph {number}"
            yield Passage(where, text)


# --- PDF --------------------------------------------------------------------------------------------------------------


def _pdf(file: File, notices: list[str]) -> tuple[ExportSource, list[Passage]]:
    """The text layer of each page. A page that is a picture has none, and is said."""
    import pypdfium2  # loaded for PDF alone

    passages: list[Passage] = []
    silent = []
    try:
        document = pypdfium2.PdfDocument(file.read())
        pages = len(document)
        for page in range(1, pages + 1):
            text = document[page - 1].get_textpage().get_text_bounded().replace("\r\n", "\n").replace("\x02", "-")
            found = _by_paragraph(text)
            if not found:
                silent.append(page)
            passages += (Passage(f"page {page}, {one.where}", one.text) for one in found)
        title = str(document.get_metadata_dict().get("Title") or "")
        document.close()
    except pypdfium2.PdfiumError as error:
        raise InputRefused(
            "{name} cannot be opened as a PDF ({error}): it may be damaged or locked", name=file.name, error=error
        ) from error
    if not passages:
        raise InputRefused(
            (
                "{name} holds {pages} page and no words: its page is a picture. Have its text recognised (OCR) first",
                (
                    "{name} holds {pages} pages and no words: its pages are pictures. Have their text "
                    "recognised (OCR) first"
                ),
            ),
            name=file.name,
            pages=pages,
        )
    if silent:
        notices.append(
            Sentence(
                (
                    "{number} page is a picture, and what stands on it was not read: ",
                    "{number} pages are pictures, and what stands on them was not read: ",
                ),
                number=len(silent),
            )
            + ", ".join(map(str, silent[:20]))
        )
    return ExportSource("document", title or file.name, "PDF document"), passages


# --- subtitles, mail, text --------------------------------------------------------------------------------------------


def _decoded(file: File, notices: list[str]) -> str:
    letters = guessed(file.read(), file.name)
    if letters.text is None:
        raise InputRefused("{name}: its letters cannot be read; save it as UTF-8", name=file.name)
    return letters.text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")


def _subtitles(file: File, notices: list[str]) -> tuple[ExportSource, list[Passage]]:
    text = _decoded(file, notices)
    passages = []
    for found in _CUE.finditer(text):
        speaker, words = "", found["text"].strip()
        if voice := re.match(r"<v(?:\.[\w.]+)?\s+([^>]+)>", words):
            speaker = voice[1].strip()
        words = re.sub(r"</?[^>\n]{1,80}>", "", words).strip()
        if words:
            passages.append(Passage(f"{_clock(found['a'])} to {_clock(found['b'])}", words, speaker))
    lost = text.count("-->") - len(list(_CUE.finditer(text)))
    if lost:
        notices.append(
            Sentence("{lost} time codes could not be read, and what is said at them was left out", lost=lost)
        )
    return ExportSource("document", file.name, "transcript"), passages


def _clock(code: str) -> str:
    """Hours, minutes and seconds: what a player shows."""
    whole = code.replace(",", ".").partition(".")[0]
    return whole if whole.count(":") == 2 else f"00:{whole}"


def _mail(file: File, notices: list[str]) -> tuple[ExportSource, list[Passage]]:
    message = email.message_from_bytes(file.read(), policy=email.policy.default)
    if not isinstance(message, EmailMessage):
        raise InputRefused("{name} is no message that can be read", name=file.name)
    body = message.get_body(preferencelist=("plain", "html"))
    try:
        text = body.get_content() if body is not None else ""
    except (LookupError, UnicodeError) as error:
        raise InputRefused(
            "{name}: the letters of its text cannot be read ({error})", name=file.name, error=error
        ) from error
    if body is not None and body.get_content_type() == "text/html":
        text = _of_page(text)
    attached: list[JSON] = [one.get_filename() or one.get_content_type() for one in message.iter_attachments()]
    if attached:
        notices.append(
            Sentence(
                (
                    "{number} attachment was not read: save and import it on its own",
                    "{number} attachments were not read: save and import them one by one",
                ),
                number=len(attached),
            )
        )
    date = message["date"].datetime if message["date"] is not None else None
    when = date.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if date is not None and date.tzinfo else None
    more: dict[str, JSON] = {"from": str(message["from"] or ""), "to": str(message["to"] or "")}
    if attached:
        more["attachments"] = attached
    source = ExportSource("document", str(message["subject"] or file.name), "e-mail", when, None, more)
    return source, _by_paragraph(text.replace("\r\n", "\n"))


class _Words(HTMLParser):
    """The words of a page, without scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("script", "style")
        if tag in ("p", "div", "br", "li", "tr", "h1", "h2", "h3"):
            self.parts.append("\n\n" if tag == "p" else "\n")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style") and self.hidden > 0

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def _of_page(text: str) -> str:
    words = _Words()
    words.feed(text)
    return "".join(words.parts)


def _text(file: File, notices: list[str]) -> tuple[ExportSource, list[Passage]]:
    return ExportSource("document", file.name, "text"), _by_paragraph(_decoded(file, notices))


def _by_paragraph(text: str) -> list[Passage]:
    """Paragraphs apart by empty lines, with the lines that they stand on."""
    passages, begin, lines = [], 1, list[str]()
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        if line.strip():
            begin = number if not lines else begin
            lines.append(line.strip())
        elif lines:
            where = f"line {begin}" if len(lines) == 1 else f"lines {begin} to {begin + len(lines) - 1}"
            passages.append(Passage(where, "\n".join(lines)))
            lines = []
    return passages
