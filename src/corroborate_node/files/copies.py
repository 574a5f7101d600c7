"""Copies of sealed files: made of an original that stays as it is, sealed as it is, and erased with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, BinaryIO

from django.db.models import Q

from corroborate.copies import burnt, regions, stretches
from corroborate.custody import Seal, check_seal
from corroborate.errors import InvalidValue, NotAllowed, NotVerified
from corroborate.translation import Sentence
from corroborate.values import canonical
from corroborate_node.core.acts import act
from corroborate_node.core.checks import Check
from corroborate_node.core.desk import Desk
from corroborate_node.core.opened import Vault
from corroborate_node.core.queries import visible
from corroborate_node.core.storing import insert, storing
from corroborate_node.files import queries
from corroborate_node.files.models import Derived, Typed
from corroborate_node.log.models import LogEntry
from corroborate_node.log.sealing import seal_all, unsalt
from corroborate_node.records import documents
from corroborate_node.records.models import FileOf, KeptFile

GIVEN = ("redacted", "transcribed", "translated", "stripped")  # what somebody may say of a copy made elsewhere
KIND = "derived"  # of its seal
LARGEST = 64 << 20  # bytes of a copy that is handed over in a form
_WAYS = ("page file-copy", "command files")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is taken out of a copy: regions or stretches, one a line. ``tone``: a tone stands there, else silence.
    ``name``: what the copy is called; empty: a name that tells nobody's."""

    out: str = ""
    tone: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A copy by its id and its original's."""

    id: str
    original: str
    kind: str


def _ids(made: Made) -> list[str]:
    return [made.id, made.original]


@act("file.derive", ways=_WAYS, of_effects=_ids)
def derive(desk: Desk, file: str, asked: Asked) -> Made:
    """Make a copy of a file: drawn or written anew, what was asked taken out, none of its metadata taken along. Raises
    InvalidValue, InputRefused; then nothing was made."""
    original = _of(desk, file)
    kind = queries.kind(desk, original)
    out = stretches(asked.out) if kind.shown == "sound" else regions(asked.out)
    content, ending = burnt(kind, queries.whole(desk, original), out, tone=asked.tone)
    said = "redacted" if out else "stripped"
    how = {"out": [str(one) for one in out], "tone": asked.tone and kind.shown == "sound"}
    return kept(desk, original, said, how, BytesIO(content), (asked.name, ending), len(content))


@act("file.add-copy", "file.derive", ways=_WAYS, of_effects=_ids)
def add(desk: Desk, file: str, kind: str, name: str, content: bytes) -> Made:
    """Keep a copy that was made elsewhere: a translation, a transcript, a film whose faces were covered. Raises
    InvalidValue."""
    if kind not in GIVEN:
        raise InvalidValue("a copy is one of {kinds}, not {kind!r}", kinds=", ".join(GIVEN), kind=kind)
    if not content:
        raise InvalidValue("the file is empty")
    original = _of(desk, file)
    how = {"elsewhere": True}
    return kept(desk, original, kind, how, BytesIO(content), (name, ""), len(content))


def _of(desk: Desk, file: str) -> KeptFile:
    if desk.vault.hub:
        raise NotAllowed("a hub holds no records")
    found = queries.file_seen(desk, file)
    if found is None:
        raise InvalidValue("no file {of_file} is kept here; a withdrawal erases it", of_file=file)
    return found


def kept(
    desk: Desk, original: KeptFile, kind: str, how: dict[str, Any], content: BinaryIO, named: tuple[str, str], size: int
) -> Made:
    """Keep and seal a copy of a file. ``named``: what it is called, else how its name ends. To be called in an act."""
    with documents.keeping(desk) as keep, storing():
        row = keep(content, "", size)
        if row.digest == original.digest:
            raise InvalidValue("that is the original itself, and no copy of it")
        if KeptFile.objects.filter(digest=row.digest, leaves=False, derived__original=original).exists():
            raise InvalidValue("this copy is here already")
        row.name = named[0].strip() or f"{kind}-{row.id[-8:]}{named[1]}"
        insert(KeptFile, [row])
        of = FileOf.objects.filter(file=original).values_list("source_id", flat=True)
        insert(FileOf, [FileOf(file_id=row.id, source_id=source) for source in of])
        made = Derived(file=row, original=original, kind=kind, how=how, by=desk.by, at=desk.at)
        insert(Derived, [made])
        seals = [("file", row.id, documents.file_bytes(row)), (KIND, row.id, _sealed(made, original.digest))]
        seal_all(seals, desk.at, desk.entropy)
    return Made(row.id, original.id, kind)


def _sealed(row: Derived, original: str) -> bytes:
    return canonical(
        {
            "version": 1,
            "id": row.file_id,
            "original": row.original_id,
            "sha256": original,
            "kind": row.kind,
            "how": row.how,
            "by": row.by,
            "at": row.at.isoformat(),
        }
    )


@act("file.erase-copy", "file.derive", ways=_WAYS, of_effects=_ids)
def erase(desk: Desk, file: str) -> Made:
    """Erase a copy. Its original stays; the log keeps that there was one."""
    row = visible(desk, Derived).filter(file_id=file, file__leaves=False).exclude(file__address="").first()
    if row is None:
        raise InvalidValue("no copy {of_file} is here; an original leaves only with its source", of_file=file)
    made = Made(row.file_id, row.original_id, row.kind)
    with storing():
        _forget([row.file_id])
        documents.sweep_after(desk)
    return made


def _forget(copies: Sequence[str]) -> None:
    """Copies go, and copies of them with them."""
    asked = list(copies)
    while more := list(
        Derived.objects.filter(original_id__in=asked).exclude(file_id__in=asked).values_list("file_id", flat=True)
    ):
        asked += more
    unsalt(KIND, asked)
    Derived.objects.filter(file_id__in=asked).delete()
    documents.forget(KeptFile.objects.filter(id__in=asked))


def taken_back(desk: Desk, _ids: Sequence[str], _reason: str) -> None:
    """With a file that is to be erased, or in whose place a copy without some rows stands, its copies go."""
    if copies := _of_what_goes():
        _forget(copies)
        documents.sweep_after(desk)


def opened_again() -> None:
    """The same, where that was broken off."""
    if copies := _of_what_goes():
        with storing():
            _forget(copies)


def _of_what_goes() -> list[str]:
    Typed.objects.filter(Q(file__leaves=True) | Q(file__address="")).delete()
    goes = Q(original__leaves=True) | Q(original__address="") | Q(file__leaves=True) | Q(file__address="")
    return list(Derived.objects.filter(goes).values_list("file_id", flat=True))


def checks(_vault: Vault, _at: datetime | None) -> Iterator[Check]:
    """Whether what is said of each copy is what was sealed."""
    seals = {
        one.record: Seal(bytes(one.salt), bytes(one.commitment))
        for one in LogEntry.objects.filter(kind=KIND)
        if one.salt is not None
    }
    checked = 0
    for row in Derived.objects.select_related("original").order_by("file_id"):
        try:
            check_seal(_sealed(row, row.original.digest), seals[row.file_id])
            checked += 1
        except (NotVerified, KeyError):
            yield Check("copies of files", "wrong", Sentence("{id} is not what was sealed", id=row.file_id))
    if checked:
        said = Sentence(("{n} copy is what was sealed", "{n} copies are what was sealed"), n=checked)
        yield Check("copies of files", "good", said)


__all__ = [
    "GIVEN",
    "LARGEST",
    "Asked",
    "Made",
    "add",
    "checks",
    "derive",
    "erase",
    "kept",
    "opened_again",
    "taken_back",
]
