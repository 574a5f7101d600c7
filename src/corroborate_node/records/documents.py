"""Passages of documents, and the files that sources were read from: taken in, shown, erased with their source."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedIOBase
from typing import Any, BinaryIO, cast

from django.db import transaction
from django.db.models import QuerySet

from corroborate.errors import InputRefused, InvalidValue
from corroborate.values import canonical, new_id
from corroborate_node.core import leaving
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import may, visible
from corroborate_node.core.rooms import taken_in
from corroborate_node.core.storing import destroy_keys, insert, storing
from corroborate_node.log.sealing import seal_all, unsalt
from corroborate_node.records import actions, codings, models, queries
from corroborate_node.records.export_batches import KeptPassage, Laid, ToKeep

BATCH = 500
MOST = 5 << 30  # bytes of one kept file
Keep = Callable[[BinaryIO, str, int], models.KeptFile]


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What was taken in; ``changed``: files that are not what their export says; ``size``: of the log."""

    claims: int
    size: int
    changed: tuple[str, ...]


def _lists(laid: Laid, *_: object) -> list[str]:
    return [one.id for one in laid.sources if one.kind == "list" or not one.derives_from][:BATCH]


@act("export.receive", "record.receive", ways=("command import",), objects=_lists)
def receive(desk: Desk, laid: Laid, cases: Sequence[str] = ()) -> TakenIn:
    """Take in what an export or document was laid out to, its passages and its files, all of it or nothing."""
    with keeping(desk) as keep, storing():
        done = actions.receive(desk, laid.entities, laid.sources, laid.consents, laid.claims, cases)
        insert(models.Passage, map(_passage_row, laid.passages))
        taken_in((), (), [one.id for one in laid.passages])
        files = [_kept(keep, one) for one in laid.files]
        insert(models.KeptFile, files)
        insert(
            models.FileOf,
            (models.FileOf(file_id=one.id, source_id=source) for one in laid.files for source in one.sources),
        )
        sealed = [("passage", one.id, passage_bytes(one)) for one in laid.passages]
        sealed += [("file", one.id, file_bytes(one)) for one in files]
        size = seal_all(sealed, desk.at, desk.entropy)
    changed = tuple(one.name for one in files if one.said and one.said.lower() != one.digest)
    return TakenIn(done.claims, size or done.size, changed)


def _kept(keep: Keep, file: ToKeep) -> models.KeptFile:
    with file.file.open() as content:
        kept = keep(content, file.file.name, file.file.size)
    kept.id, kept.said = file.id, file.said.lower()
    return kept


@contextmanager
def keeping(desk: Desk) -> Iterator[Keep]:
    """Seal files: the function that is given seals one, of a name and a size in bytes, and gives its row, yet to be
    stored. Where what is done with them fails, nothing half taken in stays: those that were not there before go again.
    Raises InputRefused for one that is too large."""
    gone = list[str]()

    def keep(content: BinaryIO, name: str, size: int) -> models.KeptFile:
        if size > MOST:
            raise InputRefused(
                "{name} has {size:,} bytes; the limit of a file that is kept is {most:,}",
                name=name,
                size=size,
                most=MOST,
            )
        digest, address, new = desk.vault.files.put_new(cast("BufferedIOBase", content))
        gone.extend([address] if new else [])
        id_ = new_id("file", milliseconds=int(desk.at.timestamp() * 1000), randomness=desk.entropy(10))
        return models.KeptFile(id=id_, name=name, size=size, digest=digest.hex, address=address)

    try:
        yield keep
    except BaseException:
        leaving.erase(desk.vault, gone)
        raise


def sealed_records() -> Iterator[tuple[str, bytes]]:
    """Passages and kept files whose words are here: the id of each, and the bytes that were sealed."""
    for one in models.Passage.objects.order_by("id").iterator(chunk_size=2000):
        kept = KeptPassage(one.id, one.source_id, one.number, one.locator, one.text, one.speaker)
        yield one.id, passage_bytes(kept)
    for file in models.KeptFile.objects.exclude(address="").filter(leaves=False).order_by("id").iterator():
        yield file.id, file_bytes(file)


def _passage_row(one: KeptPassage) -> models.Passage:
    return models.Passage(
        id=one.id, source_id=one.source, number=one.number, locator=one.locator, text=one.text, speaker=one.speaker
    )


def passage_bytes(one: KeptPassage) -> bytes:
    """The bytes of a passage that are sealed."""
    return canonical(
        {
            "version": 1,
            "id": one.id,
            "source": one.source,
            "number": one.number,
            "locator": one.locator,
            "speaker": one.speaker,
            "text": one.text,
        }
    )


def file_bytes(row: models.KeptFile) -> bytes:
    return canonical(
        {"version": 1, "id": row.id, "name": row.name, "size": row.size, "digest": row.digest, "said": row.said}
    )


# --- erased with their source -----------------------------------------------------------------------------------------


def taken_back(desk: Desk, ids: Sequence[str], reason: str) -> None:
    """With a source that is withdrawn, its passages go, and each file that it was read from: such a file says what the
    source told. Its digest and its seal stay, without salt."""
    if reason != actions.WITHDRAWN:
        return
    sources = [one for one in ids if one.startswith("source_")]
    for start in range(0, len(sources), BATCH):
        part = sources[start : start + BATCH]
        codings.erased(part)
        gone = models.Passage.objects.filter(source_id__in=part)
        unsalt("passage", gone.values_list("id", flat=True))
        gone.delete()
        read_from = models.FileOf.objects.filter(source_id__in=part).values("file_id")
        forget(models.KeptFile.objects.filter(id__in=read_from))
    sweep_after(desk)


def forget(files: QuerySet[models.KeptFile]) -> None:
    """Files are to be erased once the transaction is through; of their seals the salts go."""
    unsalt("file", files.values_list("id", flat=True))
    destroy_keys(files.exclude(address="").values_list("id", flat=True))
    files.exclude(address="").update(leaves=True, name="", said="")


def sweep_after(desk: Desk) -> None:
    transaction.on_commit(_swept)


def _swept() -> None:
    """Erase the bytes of files that leave, but for those that another source was read from as well."""
    rows = models.KeptFile.objects.filter(leaves=True)
    if addresses := set(rows.values_list("address", flat=True)):
        with storing():
            rows.update(leaves=False, address="")
            leaving.erase_after(addresses)


def opened_again() -> None:
    """What a crash between a withdrawal and the erasing of its files left is erased when the vault is opened."""
    _swept()
    destroy_keys(models.Source.objects.exclude(withdrawn=None).values_list("id", flat=True))
    destroy_keys(models.KeptFile.objects.filter(address="").values_list("id", flat=True))


def sealed_addresses() -> Iterator[str]:
    """Sealed files that records rely on."""
    yield from models.KeptFile.objects.filter(leaves=False).exclude(address="").values_list("address", flat=True)


# --- seen -------------------------------------------------------------------------------------------------------------


def passages_seen(user: Any, source: str) -> QuerySet[models.Passage]:
    """Passages of a source that somebody may see, in the order of the document."""
    return visible(user, models.Passage).filter(source_id=source).order_by("number")


def passage_seen(user: Any, id_: str) -> models.Passage | None:
    """One passage by its own id, as search gives it."""
    found: models.Passage | None = visible(user, models.Passage).filter(id=id_).first()
    return found


def files_seen(user: Any, source: str) -> QuerySet[models.KeptFile]:
    """Files that a source was read from, those erased since among them without their name."""
    of = visible(user, models.FileOf).filter(source_id=source).values("file_id")
    return visible(user, models.KeptFile).filter(id__in=of).order_by("id")


def parties_named(user: Any, entities: Collection[str]) -> dict[str, str]:
    """What the parties among some entities are called, for who may see who people are."""
    if not may(user, "identity.read"):
        return {}
    parties = [one for one in entities if one.startswith("party_")]
    said = visible(user, models.Claim).filter(subject_id__in=parties, property="name", superseded=False)
    return {row.subject_id: queries.words_of(row) for row in said.exclude(value=None).order_by("-id")}


def content(desk: Desk, file: str) -> Iterator[bytes]:
    """A kept file in parts, each checked. Raises InvalidValue for what is not there, or may not be seen."""
    row = visible(desk, models.KeptFile).filter(id=file, leaves=False).exclude(address="").first()
    if row is None:
        raise InvalidValue("no file {of_file} is kept here; a withdrawal erases it", of_file=file)
    said = hashlib.sha256()
    for part in desk.vault.files.get(row.address):
        said.update(part)
        yield part
    if said.hexdigest() != row.digest:
        raise InvalidValue("the kept file {of_file} is not what was taken in", of_file=file)


__all__ = [
    "TakenIn",
    "content",
    "files_seen",
    "opened_again",
    "parties_named",
    "passages_seen",
    "receive",
    "sealed_addresses",
    "taken_back",
]
