"""How large a picture is and how its camera was held, read from its first bytes before anything unpacks it."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from corroborate.errors import InputRefused

_TURNS = {  # by EXIF orientation: how a picture of width w and height h is laid as it is seen
    1: "",
    2: "translate({w} 0) scale(-1 1)",
    3: "translate({w} {h}) rotate(180)",
    4: "translate(0 {h}) scale(1 -1)",
    5: "rotate(90) scale(1 -1)",
    6: "translate({h} 0) rotate(90)",
    7: "translate({h} {w}) rotate(90) scale(-1 1)",
    8: "translate(0 {w}) rotate(-90)",
}
_SIZES = (*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0))  # frames of a JPEG


@dataclass(frozen=True, slots=True)
class Shape:
    """Width and height in pixels as they are stored, the media type, and the EXIF orientation (1: upright)."""

    width: int
    height: int
    media: str
    orientation: int = 1

    @property
    def seen(self) -> tuple[int, int]:
        """Width and height as the picture is seen."""
        return (self.height, self.width) if self.orientation >= 5 else (self.width, self.height)

    @property
    def turned(self) -> str:
        """The SVG transform from what is stored to what is seen."""
        return _TURNS[self.orientation].format(w=self.width, h=self.height)


def shape_of(content: bytes) -> Shape:
    """Raises InputRefused for what is no PNG, JPEG, GIF or WebP picture."""
    try:
        found = _shape(content)
    except (struct.error, IndexError) as error:
        raise InputRefused("the picture is cut off") from error
    if found is None or found.width < 1 or found.height < 1:
        raise InputRefused("the file is no picture that can be drawn: PNG, JPEG, GIF and WebP can")
    return found


def _shape(content: bytes) -> Shape | None:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        width, height = struct.unpack(">II", content[16:24])
        return Shape(width, height, "image/png")
    if content[:6] in (b"GIF87a", b"GIF89a"):
        width, height = struct.unpack("<HH", content[6:10])
        return Shape(width, height, "image/gif")
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp(content)
    return _jpeg(content) if content.startswith(b"\xff\xd8") else None


def _webp(content: bytes) -> Shape | None:
    form = content[12:16]
    if form == b"VP8X":
        width, height = (int.from_bytes(content[at : at + 3], "little") + 1 for at in (24, 27))
    elif form == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif form == b"VP8 ":
        width, height = (side & 0x3FFF for side in struct.unpack("<HH", content[26:30]))
    else:
        return None
    return Shape(width, height, "image/webp")


def _jpeg(content: bytes) -> Shape | None:
    orientation = 1
    for marker, part in _segments(content):
        if marker == 0xE1 and part.startswith(b"Exif\0\0"):
            orientation = _orientation(part[6:])
        if marker in _SIZES:
            height, width = struct.unpack(">HH", part[1:5])
            return Shape(width, height, "image/jpeg", orientation)
    return None


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # filling
            at += 1
            continue
        size = int.from_bytes(content[at + 2 : at + 4], "big")
        yield marker, content[at + 4 : at + 2 + size]
        at += 2 + max(size, 2)


def _orientation(exif: bytes) -> int:
    """The camera's turn from the first directory of its TIFF header; upright where it is not said, or not right."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2])
    if order is None or len(exif) < 10:
        return 1
    at = struct.unpack(order + "I", exif[4:8])[0]
    if at + 2 > len(exif):
        return 1
    for number in range(struct.unpack(order + "H", exif[at : at + 2])[0]):
        entry = exif[at + 2 + 12 * number : at + 14 + 12 * number]
        if len(entry) == 12 and struct.unpack(order + "H", entry[:2])[0] == 0x0112:
            said: int = struct.unpack(order + "H", entry[8:10])[0]
            return said if said in _TURNS else 1
    return 1


__all__ = ["Shape", "shape_of"]
