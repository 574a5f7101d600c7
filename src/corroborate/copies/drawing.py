"""Pages and pictures drawn anew, within the limited process: a PDF by PDFium, which runs no script that it holds, and a
picture by typst's readers of pictures, both loaded in that process alone. What leaves here is pixels.
"""

import base64
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2
import typst

from corroborate.copies.regions import Region
from corroborate.copies.shapes import Shape, shape_of
from corroborate.errors import InputRefused, InvalidValue

WIDEST = 1600  # pixels of a page on the screen
_DENSE = 150 / 72  # pixels of a point, in a copy
MOST_PIXELS = 50_000_000  # of one picture
_MOST_OF_PAGE = 16_000_000  # a page that says it is a kilometre wide is drawn coarser
MOST_PAGES = 500  # of a copy


@dataclass(frozen=True, slots=True)
class Pixels:
    """A drawn page: rows from the top, three bytes a pixel (red, green, blue)."""

    width: int
    height: int
    rows: bytes


def opened(content: bytes) -> Any:
    """A PDF. Raises InputRefused."""
    try:
        document = pypdfium2.PdfDocument(content)
        document.init_forms()
    except pypdfium2.PdfiumError as error:
        raise InputRefused(
            "the file cannot be opened as a PDF ({error}): it may be damaged or locked", error=error
        ) from error
    return document


def drawn(document: Any, number: int, *, widest: int = 0, burn: Sequence[Region] = ()) -> Pixels:
    """A page as it is seen, its forms and notes with it. ``widest``: pixels; 0: as dense as a copy. ``burn``: what is
    black in it. Raises InvalidValue for a page that is not there."""
    if not 1 <= number <= len(document):
        raise InvalidValue("there is no page {number}; the file has {pages}", number=number, pages=len(document))
    page = document[number - 1]
    width, height = page.get_size()
    scale = widest / max(width, height, 1) if widest else _DENSE
    scale = min(scale, (_MOST_OF_PAGE / max(width * height, 1)) ** 0.5)
    bitmap = page.render(scale=scale, rev_byteorder=True, may_draw_forms=True)
    for one in burn:
        left, top, right, bottom = one.pixels(bitmap.width, bitmap.height)
        bitmap.fill_rect((0, 0, 0, 255), left, top, right - left, bottom - top)
    return _pixels(bitmap)


def _pixels(bitmap: Any) -> Pixels:
    """Without what a row is filled up with, and without a fourth byte."""
    lying, stride, width = bytes(bitmap.buffer), bitmap.stride, bitmap.width
    rows = b"".join(lying[at : at + width * bitmap.n_channels] for at in range(0, stride * bitmap.height, stride))
    if bitmap.n_channels == 1:
        return Pixels(width, bitmap.height, bytes(byte for grey in rows for byte in (grey, grey, grey)))
    if bitmap.n_channels == 4:
        three = bytearray(width * bitmap.height * 3)
        for channel in range(3):
            three[channel::3] = rows[channel::4]
        rows = bytes(three)
    return Pixels(width, bitmap.height, rows)


def png(pixels: Pixels) -> bytes:
    """As a PNG file of four chunks, none of which says anything but the picture."""
    row = pixels.width * 3
    lines = b"".join(b"\0" + pixels.rows[at : at + row] for at in range(0, len(pixels.rows), row))
    head = struct.pack(">IIBBBBB", pixels.width, pixels.height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 4)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, chunks))


def _chunk(one: tuple[bytes, bytes]) -> bytes:
    name, content = one
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def picture(content: bytes, *, widest: int = 0, burn: Sequence[Region] = ()) -> bytes:
    """A picture as a new PNG file, turned as its camera says. ``widest``: pixels; 0: all that it has."""
    shape = shape_of(content)
    if shape.width * shape.height > MOST_PIXELS:
        raise InputRefused(
            "the picture has {width} × {height} pixels; up to {most:,} are drawn",
            width=shape.width,
            height=shape.height,
            most=MOST_PIXELS,
        )
    if wrong := [one for one in burn if one.page != 1]:
        raise InvalidValue("a picture is one page; there is no page {number}", number=wrong[0].page)
    dense = min(72.0, 72 * widest / max(shape.seen)) if widest else 72.0
    made = _drawn(shape, content, burn, dense)
    # What cannot be unpacked is left out without a word: then nothing is drawn, and an empty copy would pass for it
    if made == _drawn(shape, b"", burn, dense) and (
        not burn or _drawn(shape, content, (), dense) == _drawn(shape, b"", (), dense)
    ):
        raise InputRefused("the picture cannot be read: it may be damaged")
    return _bare(made)


def _drawn(shape: Shape, content: bytes, burn: Sequence[Region], dense: float) -> bytes:
    width, height = shape.seen
    main = f"#set page(width: {width}pt, height: {height}pt, margin: 0pt, fill: none)\n"
    main += f'#place(top + left, image("drawn.svg", width: {width}pt, height: {height}pt))'
    made = _set({"main.typ": main.encode(), "drawn.svg": _svg(content, shape, burn).encode()}, dense)
    if made is None:
        raise InputRefused("the picture cannot be read: it may be damaged")
    return made


def _set(files: Mapping[str, bytes], dense: float, fonts: str = "", **inputs: str) -> bytes | None:
    """What typst makes of a page that lies in memory; None where it cannot."""
    try:
        made = typst.compile(  # type: ignore[call-overload]  # its types know no files in memory
            dict(files),
            format="png",
            ppi=dense,
            ignore_system_fonts=True,
            font_paths=[fonts] if fonts else [],
            sys_inputs=inputs,
        )
    except (typst.TypstError, RuntimeError):
        return None
    return made if isinstance(made, bytes) else b""


def _svg(content: bytes, shape: Shape, burn: Sequence[Region]) -> str:
    width, height = shape.seen
    boxes, image = [], ""
    if content:
        image = f'<image width="{shape.width}" height="{shape.height}" '
        image += f'href="data:{shape.media};base64,{base64.b64encode(content).decode()}"/>'
    for one in burn:
        left, top, right, bottom = one.pixels(width, height)
        boxes.append(f'<rect x="{left}" y="{top}" width="{right - left}" height="{bottom - top}" fill="#000"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<g transform="{shape.turned}">{image}</g>{"".join(boxes)}</svg>'
    )


def marked(png: bytes, mark: str, fonts: str) -> bytes:
    """A PNG that was drawn here, with words over all of it."""
    width, height = struct.unpack(">II", png[16:24])
    main = (
        f"#set page(width: {width}pt, height: {height}pt, margin: 0pt)\n"
        f'#set text(font: ("Noto Sans CJK KR", "Noto Sans CJK JP", "Libertinus Serif"), '
        f"size: {max(width // 45, 8)}pt, fill: rgb(90, 90, 90, 90))\n"
        f'#place(top + left, image("drawn.png", width: {width}pt, height: {height}pt))\n'
        "#for at in range(1, 6) { place(center + top, dy: at * 18%, rotate(-24deg, sys.inputs.mark)) }"
    )
    made = _set({"main.typ": main.encode(), "drawn.png": png}, 72.0, fonts, mark=mark)
    if made is None:
        raise InputRefused("the picture cannot be marked with its reader's name: it is not shown")
    return _bare(made)


def _bare(made: bytes) -> bytes:
    """The PNG with what draws it alone."""
    if not made.startswith(b"\x89PNG\r\n\x1a\n"):
        raise InputRefused("the picture cannot be read: it may be damaged")
    at, out = 8, [made[:8]]
    while at + 12 <= len(made):
        size = int.from_bytes(made[at : at + 4], "big")
        if made[at + 4 : at + 8] in (b"IHDR", b"IDAT", b"IEND"):
            out.append(made[at : at + 12 + size])
        at += 12 + size
    return b"".join(out)


def pdf(pages: Iterator[Pixels]) -> bytes:
    """Pages as a new PDF: each one picture and nothing else. The same pages give the same bytes."""
    objects: list[bytes] = [b"", b""]  # the catalogue and the tree of pages come when all pages are known
    kids: list[int] = []
    for one in pages:
        number = len(objects) + 1
        wide, high = (f"{side / _DENSE:.2f}" for side in (one.width, one.height))
        draw = f"q {wide} 0 0 {high} 0 0 cm /P Do Q".encode()
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {wide} {high}] /Contents {number + 1} 0 R "
            f"/Resources << /XObject << /P {number + 2} 0 R >> >> >>".encode(),
            b"<< /Length %d >>\nstream\n%b\nendstream" % (len(draw), draw),
            _image(one),
        ]
        kids.append(number)
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    listed = " ".join(f"{one} 0 R" for one in kids)
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{listed}] >>".encode()
    return _written(objects)


def _image(page: Pixels) -> bytes:
    rows, space = page.rows, "DeviceRGB"
    if rows[0::3] == rows[1::3] == rows[2::3]:
        rows, space = rows[0::3], "DeviceGray"
    packed = zlib.compress(rows, 6)
    head = (
        f"<< /Type /XObject /Subtype /Image /Width {page.width} /Height {page.height} /ColorSpace /{space} "
        f"/BitsPerComponent 8 /Filter /FlateDecode /Length {len(packed)} >>"
    )
    return head.encode() + b"\nstream\n" + packed + b"\nendstream"


def _written(objects: Sequence[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    begins = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % at for at in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, begins)
    return bytes(out)


def copied(content: bytes, burn: Sequence[Region]) -> bytes:
    """A PDF drawn anew page by page, with what is burnt in. Raises InputRefused, InvalidValue."""
    document = opened(content)
    count = len(document)
    if count > MOST_PAGES:
        raise InputRefused("the file has {pages} pages; a copy is drawn of up to {most}", pages=count, most=MOST_PAGES)
    if wrong := [one for one in burn if one.page > count]:
        raise InvalidValue("there is no page {number}; the file has {pages}", number=wrong[0].page, pages=count)
    of = [[one for one in burn if one.page == number] for number in range(1, count + 1)]
    return pdf(drawn(document, number, burn=each) for number, each in enumerate(of, 1))


__all__ = ["MOST_PAGES", "WIDEST", "Pixels", "copied", "drawn", "opened", "pdf", "picture", "png"]
