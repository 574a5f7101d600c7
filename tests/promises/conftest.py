"""How the promises look for what must not be there: in every writing of it, inside whatever holds it."""

import base64
import gzip
import io
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest


def _writings(needle: str) -> set[bytes]:
    found = set()
    for form in ("NFC", "NFD"):
        text = unicodedata.normalize(form, needle)
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            raw = text.encode(encoding)
            found.add(raw)
            for at in range(3):  # base64 of it, wherever in a longer text it begins
                coded = base64.b64encode(b"\0" * at + raw)
                found.add(coded[(0, 2, 3)[at] : (at + len(raw)) * 8 // 6])  # letters of these bytes alone
        found.add(text.encode("ascii", "backslashreplace"))
    return {one for one in found if len(one) >= 6}


def _unpacked(content: bytes) -> Iterator[bytes]:
    """The bytes themselves, and what a ZIP, gzip or PDF among them holds."""
    yield content
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from _unpacked(archive.read(name))
    elif content.startswith(b"\x1f\x8b"):
        yield from _unpacked(gzip.decompress(content))
    elif content.startswith(b"%PDF"):
        document = pypdfium2.PdfDocument(content)
        yield "".join(document[at].get_textpage().get_text_range() for at in range(len(document))).encode()
        document.close()


@pytest.fixture(scope="session")
def found_in() -> Callable[[Path, str], list[str]]:
    """Files under a path (or the file itself) that hold a text in any writing."""

    def find(place: Path, needle: str) -> list[str]:
        wanted = _writings(needle)
        paths = [place] if place.is_file() else [one for one in place.rglob("*") if one.is_file()]
        hits = [
            one.name for one in paths for content in _unpacked(one.read_bytes()) if any(w in content for w in wanted)
        ]
        return hits + [one.name for one in paths if any(w in str(one).encode() for w in wanted)]

    return find
