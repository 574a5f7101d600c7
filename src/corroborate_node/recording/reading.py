"""What was typed, read with the words that this vault was taught; the words of a transcript, as passages."""

from collections.abc import Sequence
from datetime import date

from corroborate.errors import InputRefused
from corroborate.importers.by_hand import Codes, Reading, Typed, read
from corroborate.importers.coding import Act
from corroborate.importers.documents.read import read as read_document
from corroborate.importers.exports import Export
from corroborate.importers.exports_apart import read_export_apart
from corroborate.languages.telling import folded
from corroborate.tables import File
from corroborate.vocabulary import load
from corroborate_node.coding.table import own_table

_PLAIN = (".txt", ".text", ".srt", ".vtt")
_APART = (b"%PDF", b"PK\x03\x04")  # whatever they are called, nothing but a process of its own reads these


def read_typed(typed: Typed, on: date) -> Reading:
    """An entry as it was typed, its words coded as a list's are. ``on``: today."""
    return read(typed, own_codes(), on=on)


def own_codes() -> Codes:
    """What words of what was done mean here: as the vocabulary has them, else as coders taught this vault."""
    table = own_table()

    def codes(words: str) -> Sequence[Act]:
        plain = folded(words)
        for one in load("violations").entries.values():
            if plain in (folded(one.id), *map(folded, one.label.values())):
                return (Act(one.id),)
        return table.read(words).acts

    return codes


def passages_of(file: File) -> tuple[tuple[str, str, str], ...]:
    """The passages of a transcript: place, text, who says it. Raises InputRefused for what is no text."""
    with file.open() as content:
        begins = content.read(8)
    if file.name.lower().endswith(_PLAIN) and not begins.startswith(_APART):
        export = read_document(file)
    else:
        export = _apart(file)
    listed = export.sources[0].more.get("passages")
    found = [one for one in (listed if isinstance(listed, list) else ()) if isinstance(one, dict)]
    return tuple((str(one["where"]), str(one["text"]), str(one.get("speaker") or "")) for one in found)


def _apart(file: File) -> Export:
    found = read_export_apart(file)
    if found is None or found[0] != "documents":
        raise InputRefused("{name} is no transcript that can be read: give TXT, SRT, VTT, DOCX or PDF", name=file.name)
    return found[1]


__all__ = ["own_codes", "passages_of", "read_typed"]
