"""Who sees which sealed files, and the parts of one that are asked for."""

import codecs
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from corroborate.copies import FIRST, Kind, kind_of, pages_of
from corroborate.disclosure import SealedFile
from corroborate.errors import NotVerified
from corroborate.tables import guessed
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import visible
from corroborate_node.files.models import Derived
from corroborate_node.records import documents
from corroborate_node.records.models import FileOf, KeptFile, Source

TEXT = 256 << 10  # bytes of a text that are shown
_MOST_COUNTED = 1000
_counted: dict[str, int] = {}  # pages by address: counting them takes a process


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of a file, or the original of one: its row, and how the copy was made."""

    file: KeptFile
    kind: str
    how: dict[str, Any]
    by: str
    at: Any


def file_seen(user: Any, id_: str) -> KeptFile | None:
    """A file that is kept and that somebody may see."""
    found: KeptFile | None = visible(user, KeptFile).filter(id=id_, leaves=False).exclude(address="").first()
    return found


def files_of(user: Any, source: str) -> list[KeptFile]:
    """The files that a source was read from, copies among them, the oldest first."""
    of = visible(user, FileOf).filter(source_id=source).values("file_id")
    return list(visible(user, KeptFile).filter(id__in=of, leaves=False).exclude(address="").order_by("id")[:200])


def sources_of(user: Any, file: KeptFile) -> list[Source]:
    """The sources that were read from a file, as far as somebody sees them."""
    of = visible(user, FileOf).filter(file=file).values("source_id")
    return list(visible(user, Source).filter(id__in=of).order_by("id")[:50])


def copies_of(user: Any, file: KeptFile) -> list[Copy]:
    """Copies that were made of a file, the oldest first."""
    rows = visible(user, Derived).filter(original=file, file__leaves=False).exclude(file__address="")
    return [_copy(one, one.file) for one in rows.select_related("file").order_by("file_id")]


def original_of(user: Any, file: KeptFile) -> Copy | None:
    """What a file is a copy of; None: it is an original."""
    row = visible(user, Derived).filter(file=file).select_related("original").first()
    return None if row is None else _copy(row, row.original)


def files_named(user: Any, ids: Iterable[str]) -> list[Copy]:
    """Files by their ids, as far as somebody sees them, each with its kind where it is a copy."""
    rows = visible(user, KeptFile).filter(id__in=list(ids), leaves=False).exclude(address="").order_by("id")
    of = {one.file_id: one for one in Derived.objects.filter(file__in=rows)}
    return [_copy(of[row.id], row) if row.id in of else Copy(row, "", {}, "", None) for row in rows]


def read_from(sources: Sequence[str]) -> list[str]:
    """Ids of the files that sources, or the lists that they are rows of, were read from, and of copies made of these;
    those that are erased too."""
    lists = Source.objects.filter(id__in=sources).exclude(part_of=None).values("part_of_id")
    of = FileOf.objects.filter(Q(source_id__in=sources) | Q(source_id__in=lists)).order_by("file_id")
    return list(of.values_list("file_id", flat=True).distinct())


def whole_files(ids: Iterable[str]) -> list[SealedFile]:
    """Files that are kept, as a release decides of them: with the sources read from each, parts of these among them."""
    found = []
    for row in KeptFile.objects.filter(id__in=list(ids), leaves=False).exclude(address="").order_by("id"):
        read = set(FileOf.objects.filter(file=row).values_list("source_id", flat=True))
        read |= set(Source.objects.filter(part_of_id__in=read, withdrawn=None).values_list("id", flat=True))
        made_of, kind, of = list[str](), "", Derived.objects.filter(file=row).first()
        while of is not None and of.original_id not in made_of:
            kind = kind or of.kind
            made_of.append(of.original_id)
            of = Derived.objects.filter(file_id=of.original_id).first()
        found.append(SealedFile(row.id, tuple(sorted(read)), kind, tuple(made_of)))
    return found


def _copy(row: Derived, file: KeptFile) -> Copy:
    return Copy(file, row.kind, row.how, row.by, row.at)


def kind(desk: Desk, file: KeptFile) -> Kind:
    """What a file is by its first bytes."""
    return kind_of(b"".join(stretch(desk, file, 0, FIRST)))


def stretch(desk: Desk, file: KeptFile, start: int, stop: int) -> Iterator[bytes]:
    """Bytes of a file from one place to before another, decrypted as they are asked for."""
    return desk.vault.files.between(file.address, start, stop, file.size)


def kept(id_: str) -> KeptFile:
    """A file that a release gives."""
    return KeptFile.objects.get(id=id_)


def sealed(desk: Desk, id_: str) -> tuple[bytes, str, str, str]:
    """Of a file that a release gives: its record as it was sealed, how its name ends, and of a copy its kind and what
    it was made of."""
    row = KeptFile.objects.get(id=id_)
    form, named = kind(desk, row).format, row.name.rpartition(".")[2].lower()
    own = named if re.fullmatch("[a-z0-9]{1,8}", named) else "bin"
    form = "txt" if form == "text" else form  # HTML is text too: nothing of it runs where a receiver opens it
    of = Derived.objects.filter(file=row).first()
    made = ("", "") if of is None else (of.kind, of.original_id)
    return documents.file_bytes(row), f".{form or own}", *made


def content(desk: Desk, id_: str) -> bytes:
    """The bytes of a file that a release gives. Raises NotVerified where they are not those that were sealed."""
    row = KeptFile.objects.get(id=id_)
    found = b"".join(whole(desk, row))
    if hashlib.sha256(found).hexdigest() != row.digest:
        raise NotVerified("{id} is not what was sealed", id=id_)
    return found


def whole(desk: Desk, file: KeptFile) -> Iterator[bytes]:
    return desk.vault.files.get(file.address)


def pages(desk: Desk, file: KeptFile) -> int:
    """How many pages a PDF has. Raises InputRefused."""
    if file.address not in _counted:
        if len(_counted) > _MOST_COUNTED:
            _counted.clear()
        _counted[file.address] = pages_of(whole(desk, file))
    return _counted[file.address]


def text(desk: Desk, file: KeptFile) -> tuple[str, bool]:
    """The beginning of a text, and whether it goes on. Raises InputRefused where nobody can say in which letters."""
    begins = b"".join(stretch(desk, file, 0, TEXT))
    try:
        words = codecs.getincrementaldecoder("utf-8-sig")().decode(begins, final=file.size <= TEXT)
    except UnicodeDecodeError:
        words = guessed(begins, file.name).text or ""
    return words.replace("\x00", ""), file.size > TEXT


__all__ = [
    "Copy",
    "content",
    "copies_of",
    "file_seen",
    "files_named",
    "files_of",
    "kept",
    "kind",
    "original_of",
    "pages",
    "read_from",
    "sealed",
    "sources_of",
    "stretch",
    "text",
    "whole",
    "whole_files",
]
