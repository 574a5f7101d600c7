"""auto-archiver: addresses, what was kept of each, and whether the kept files are still what they were.

The cells of db.csv are Python as it prints itself, which nobody should run: only addresses, names and hashes are taken
out of it, and the rest is read from the JSON beside it.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from corroborate.errors import InputRefused
from corroborate.importers.exports import Export, ExportSource
from corroborate.tables import File, guessed
from corroborate.translation import Sentence
from corroborate.values import JSON

_LARGEST = 64 << 20


def recognises(file: File) -> bool:
    with file.open() as opened:
        begins = opened.read(2048)
    return begins.startswith(b"status,metadata,media") and b"_processed_at" in begins


def read(file: File) -> Export:
    if file.size > _LARGEST:
        raise InputRefused(
            "{name} has {size:,} bytes; the limit is {largest:,}", name=file.name, size=file.size, largest=_LARGEST
        )
    text = guessed(file.read(), file.name).text or ""
    csv.field_size_limit(_LARGEST)
    beside = file.path.parent / "archive" if file.path is not None else None
    told = _json_beside(beside)
    sources: list[ExportSource] = []
    notices: list[str] = [Sentence("the time of a page is its server's, not that of its publication")]
    for number, row in enumerate(csv.DictReader(io.StringIO(text, newline="")), start=2):
        source, said = _source(number, row, told, beside)
        sources.append(source)
        notices += said
    read_too = tuple(_archived(beside, "json"))
    return Export("auto_archiver", sources=tuple(sources), notices=tuple(notices), read_too=read_too)


def _json_beside(folder: Path | None) -> dict[str, Mapping[str, JSON]]:
    """Address -> what was found of it, from the JSON files of the archive."""
    found: dict[str, Mapping[str, JSON]] = {}
    for path in _archived(folder, "json"):
        said = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(said, dict) and isinstance(said.get("metadata"), dict):
            found[str(said["metadata"].get("url"))] = said["metadata"]
    return found


def _archived(folder: Path | None, ending: str) -> Iterator[Path]:
    """Files of the archive that are read."""
    for path in sorted(folder.glob(f"*.{ending}")) if folder is not None and folder.is_dir() else ():
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= _LARGEST:
            yield path


def _source(
    number: int, row: Mapping[str, str], told: Mapping[str, Mapping[str, JSON]], beside: Path | None
) -> tuple[ExportSource, list[str]]:
    url = _word(row["metadata"], "url") or ""
    metadata = told.get(url, {})
    archived = "success" in row["status"] or row["status"].endswith(": found")
    media = re.search(r"\{'filename': '[^']*', '_key': '([^']*)'.*?'hash': '(SHA-\d+):([0-9a-f]+)'", row["media"])
    more: dict[str, JSON] = {"state": "archived" if archived else f'not archived (status "{row["status"]}")'}
    notices: list[str] = []
    kind = re.search(r"'_mimetype': '([^']*)'", row["media"])
    if archived and media is not None:
        name = PurePosixPath(media[1]).name  # where it was made is nobody's business
        more |= {"file": f"archive/{name}", media[2].replace("-", "").lower(): media[3]}
        notices += _checked(beside, name, media[2], media[3])
    when = metadata.get("timestamp")
    date = str(when).replace(" ", "T").replace("+00:00", "Z") if when else None
    title = metadata.get("title")
    return ExportSource(
        f"row {number}", str(title) if title else None, kind[1] if kind and archived else None, date, url, more
    ), notices


def _word(printed: str, name: str) -> str | None:
    found = re.search(rf"'{name}': '((?:[^'\\]|\\.)*)'", printed)
    return found[1] if found else None


def _checked(beside: Path | None, name: str, kind: str, digest: str) -> list[str]:
    if beside is None or not (beside / name).is_file():
        return [Sentence("archive/{name} is not beside the list: its hash was not checked", name=name)]
    if kind != "SHA-256":
        return [Sentence("archive/{name} has a {kind}, which was not checked", name=name, kind=kind)]
    with (beside / name).open("rb") as kept:
        found = hashlib.file_digest(kept, "sha256").hexdigest()
    return (
        [] if found == digest else [Sentence("archive/{name} is NOT what was archived: its SHA-256 differs", name=name)]
    )
