"""What a file is by its first bytes, never by its name: its name is what a stranger wrote."""

from dataclasses import dataclass
from typing import Literal

FIRST = 4096  # bytes that are looked at
Shown = Literal["pages", "picture", "sound", "film", "text", ""]


@dataclass(frozen=True, slots=True)
class Kind:
    """How a file is shown (empty: not at all), the media type under which its bytes may be played, and which format."""

    shown: Shown
    media: str
    format: str


_OTHER = Kind("", "application/octet-stream", "")
_BEGINS = (
    (b"\x89PNG\r\n\x1a\n", Kind("picture", "image/png", "png")),
    (b"\xff\xd8\xff", Kind("picture", "image/jpeg", "jpeg")),
    (b"GIF87a", Kind("picture", "image/gif", "gif")),
    (b"GIF89a", Kind("picture", "image/gif", "gif")),
    (b"\x1aE\xdf\xa3", Kind("film", "video/webm", "webm")),
    (b"fLaC", Kind("sound", "audio/flac", "flac")),
    (b"ID3", Kind("sound", "audio/mpeg", "mp3")),
)
_IN_RIFF = {
    b"WAVE": Kind("sound", "audio/wav", "wav"),
    b"WEBP": Kind("picture", "image/webp", "webp"),
}
_SOUND_BRANDS = (b"M4A ", b"M4B ")
_PICTURE_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")
_CONTROLS = frozenset(range(32)) - {9, 10, 12, 13, 27}


def kind_of(first: bytes) -> Kind:
    """What a file is by its first :data:`FIRST` bytes."""
    if b"%PDF-" in first[:1024]:
        return Kind("pages", "application/pdf", "pdf")
    for begins, kind in _BEGINS:
        if first.startswith(begins):
            return _film_or_sound(kind, first)
    if first[:4] == b"RIFF":
        return _IN_RIFF.get(first[8:12], _OTHER)
    if first[4:8] == b"ftyp":
        return _iso(first[8:12])
    if first[:4] == b"OggS":
        return Kind("film", "video/ogg", "ogg") if b"theora" in first else Kind("sound", "audio/ogg", "ogg")
    if len(first) > 3 and first[0] == 0xFF and first[1] & 0xE6 == 0xE2:  # a frame of MPEG audio, layer 3
        return Kind("sound", "audio/mpeg", "mp3")
    return Kind("text", "text/plain", "text") if _is_text(first) else _OTHER


def _film_or_sound(kind: Kind, first: bytes) -> Kind:
    """A WebM file says in its first element which tracks it has: no picture, then it is a recording of sound."""
    if kind.format == "webm" and b"V_" not in first and b"A_" in first:
        return Kind("sound", "audio/webm", "webm")
    return kind


def _iso(brand: bytes) -> Kind:
    if brand in _PICTURE_BRANDS:
        return _OTHER
    if brand in _SOUND_BRANDS:
        return Kind("sound", "audio/mp4", "mp4")
    return Kind("film", "video/mp4", "mp4")


def _is_text(first: bytes) -> bool:
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return bool(first) and not _CONTROLS & set(first)


__all__ = ["FIRST", "Kind", "kind_of"]
