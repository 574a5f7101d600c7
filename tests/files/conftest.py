"""A vault with a documenter, an interview with a file beside it, and files as strangers make them."""

import json
import math
import re
import struct
import wave
import zlib
from pathlib import Path

import pytest
import typst
from tests.importing.commanding import WORDS, ran
from tests.recording.conftest import entered, staffed, vault

from corroborate_node import api

__all__ = ["entered", "staffed", "vault"]
ENTRY = "source: {title: Interview 7}\nconsent: {own: hold}\npeople: [{names: Kim Bwi Ga, speaks: yes}]\n"
NAME = "Jang Hyuk-su"  # who must not be found in a copy
CAMERA = "Leica of Jang Hyuk-su 37.7749N"


@pytest.fixture
def kept(vault, tmp_path):
    """`kept(content, name)`: the id of a file that was taken in beside an interview, and the interview's."""

    def made(content: bytes, name: str) -> tuple[str, str]:
        (tmp_path / "a.yaml").write_text(ENTRY.replace("7", str(len(list(tmp_path.iterdir())))), encoding="utf-8")
        (tmp_path / name).write_bytes(content)
        asked = ("interview", tmp_path / "a.yaml", "--attach", tmp_path / name, "--vault", vault, "--json")
        source = json.loads(ran(*asked))["source"]
        with api.open_vault(vault, WORDS):
            from corroborate_node.records.models import FileOf

            return FileOf.objects.get(source_id=source).file_id, source

    return made


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_of(width: int, height: int, colour=lambda x, y: (x % 256, y % 256, 90), more: bytes = b"") -> bytes:
    rows = b"".join(b"\0" + bytes(c for x in range(width) for c in colour(x, y)) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + more + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )


def pixels_of(png: bytes) -> tuple[int, int, list[list[tuple[int, int, int]]]]:
    """Width, height and rows of a PNG of eight bits, with or without transparency."""
    width, height = struct.unpack(">II", png[16:24])
    step = {2: 3, 6: 4}[png[25]]
    packed, at = b"", 8
    while at < len(png):
        size = int.from_bytes(png[at : at + 4], "big")
        if png[at + 4 : at + 8] == b"IDAT":
            packed += png[at + 8 : at + 8 + size]
        at += 12 + size
    raw, rows, above, line = zlib.decompress(packed), [], bytearray(width * step), width * step
    for y in range(height):
        kind, here = raw[y * (line + 1)], bytearray(raw[y * (line + 1) + 1 : (y + 1) * (line + 1)])
        for i in range(line):
            left = here[i - step] if i >= step else 0
            corner = above[i - step] if i >= step else 0
            here[i] = (here[i] + _guess(kind, left, above[i], corner)) & 255
        above = here
        rows.append([tuple(here[x * step : x * step + 3]) for x in range(width)])
    return width, height, rows


def _guess(kind, left, up, corner):
    if kind == 4:
        nearest = left + up - corner
        return min((left, up, corner), key=lambda one: abs(nearest - one))
    return (0, left, up, (left + up) // 2)[kind]


def pdf_of_a_stranger() -> bytes:
    """Two pages with a name in its words, its metadata, a form's value, and an earlier version under an update."""
    text = f'#set document(title: "{NAME}", author: "{NAME}")\n#set page(width: 10cm, height: 10cm, margin: 1cm)\n'
    text += f"#text(20pt)[{NAME}]\n#v(3cm)\nIt was in winter.\n#pagebreak()\nA second page.\n"
    made = typst.compile(text.encode(), format="pdf")
    begins = len(made)
    catalogue = re.findall(rb"/Root (\d+)", made)[-1]
    last = int(re.findall(rb"startxref\s+(\d+)", made)[-1])
    number = int(re.findall(rb"/Size (\d+)", made)[-1])
    note = f"{number} 0 obj\n<< /Type /Metadata /Was ({NAME}) >>\nendobj\n".encode()
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size %d /Root %s R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (
        number, begins, number + 1, catalogue + b" 0", last, begins + len(note),
    )  # fmt: skip
    return made + note + table


def wav_of(seconds: int = 6, rate: int = 8000) -> bytes:
    """A voice that never falls silent, and who recorded it."""
    import io

    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"".join(struct.pack("<h", 9000 + int(3000 * math.sin(i / 7))) for i in range(seconds * rate)))
    said = b"IART" + struct.pack("<I", len(NAME)) + NAME.encode() + (b"\0" if len(NAME) % 2 else b"")
    listed = b"LIST" + struct.pack("<I", 4 + len(said)) + b"INFO" + said
    whole = out.getvalue() + listed
    return whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:]


def exif(orientation: int) -> bytes:
    """A segment of a JPEG as a camera writes it: how it was held, who owns it, and a small picture of the whole."""
    owner = CAMERA.encode() + b"\0"
    entries = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0) + struct.pack("<HHII", 0x010F, 2, len(owner), 38)
    tiff = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 2) + entries + struct.pack("<I", 0) + owner
    part = b"Exif\0\0" + tiff + b"\xff\xd8THUMBNAIL OF HER FACE\xff\xd9"
    return b"\xff\xe1" + struct.pack(">H", len(part) + 2) + part


def unpacked(content: bytes) -> bytes:
    """A file and whatever lies packed in it."""
    found, at = [content], 0
    while (at := content.find(b"stream\n", at)) >= 0:
        at += 7
        try:
            found.append(zlib.decompressobj().decompress(content[at:]))
        except zlib.error:
            continue
    return b"\n".join(found)


def lies(folder: Path) -> set[str]:
    """Addresses of the sealed files of a vault."""
    return {one.name for one in (folder / "sealed").rglob("*") if one.is_file()}
