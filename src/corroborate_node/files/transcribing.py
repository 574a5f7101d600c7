"""A transcript typed beside a recording: kept as it is typed, then sealed as passages of its source and as a copy."""

import os
import subprocess
from collections.abc import Sequence
from io import BytesIO

from django.db.models import QuerySet

from corroborate.copies.spoken import Segment, as_typed, segments, vtt
from corroborate.errors import InputRefused, InvalidValue, NotAllowed
from corroborate.importers.documents.read import read as read_document
from corroborate.tables import File
from corroborate.values import new_id
from corroborate_node.core.actors import Account
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import visible
from corroborate_node.core.rooms import taken_in
from corroborate_node.core.storing import insert, storing
from corroborate_node.files import copies, queries
from corroborate_node.files.models import Typed
from corroborate_node.log.sealing import seal_all
from corroborate_node.records import documents
from corroborate_node.records.export_batches import KeptPassage
from corroborate_node.records.models import KeptFile, Passage

_HOURS = 12 * 3600  # seconds that a program may take
LONGEST = 4_000_000  # letters of a transcript


def typed(desk: Desk, file: KeptFile) -> str:
    """What an account has typed of a recording so far."""
    row = _own(desk).filter(file=file).first()
    return "" if row is None else str(row.text)


def _own(desk: Desk) -> QuerySet[Typed]:
    if not isinstance(desk.actor, Account):
        return Typed.objects.none()
    return visible(desk, Typed).filter(user_id=desk.actor.id)


@act("transcript.keep", "file.derive", ways=("page file-transcript",), worth=lambda _: False)
def keep(desk: Desk, file: str, text: str) -> int:
    """Keep what was typed so far: how many letters. Nobody else sees it. Raises InvalidValue."""
    found = _recording(desk, file)
    if not isinstance(desk.actor, Account):
        raise NotAllowed("a transcript is typed on a page, under an account")
    if len(text) > LONGEST:
        raise InvalidValue("a transcript has up to {most:,} letters", most=LONGEST)
    row = _own(desk).filter(file=found).first() or Typed(file=found, user_id=desk.actor.id)
    row.text, row.changed = text, desk.at
    row.save()
    return len(text)


def _recording(desk: Desk, file: str) -> KeptFile:
    found = queries.file_seen(desk, file)
    if found is None or desk.vault.hub:
        raise InvalidValue("no file {of_file} is kept here; a withdrawal erases it", of_file=file)
    if queries.kind(desk, found).shown not in ("sound", "film"):
        raise InvalidValue("a transcript is typed of a recording of sound or of a film")
    return found


@act(
    "transcript.seal",
    "file.derive",
    ways=("page file-transcript", "command files"),
    of_effects=lambda made: [made.id, made.original],
)
def seal(desk: Desk, file: str, source: str, text: str) -> copies.Made:
    """Seal a transcript: each segment a passage of the source, with its time code as its place, and all of it a copy of
    the recording as WebVTT. ``source``: one of those that were read from it; empty: the first. Raises InvalidValue;
    then nothing was sealed."""
    found = _recording(desk, file)
    said = segments(text)
    if not said:
        raise InvalidValue("nothing is said in it: begin a line with a time code, [00:00:05], and write what is said")
    of = [one.id for one in queries.sources_of(desk, found) if one.withdrawn is None]
    source = source or (of[0] if of else "")
    if source not in of:
        raise InvalidValue("the recording is not of the source {source}", source=source)
    content = vtt(said).encode()
    with storing():
        made = copies.kept(
            desk, found, "transcribed", {"segments": len(said)}, BytesIO(content), ("", ".vtt"), len(content)
        )
        _passages(desk, source, said)
        _own(desk).filter(file=found).delete()
    return made


def read_in(name: str, content: bytes) -> str:
    """A file of subtitles or text as it would be typed. Raises InputRefused."""
    listed = read_document(File(name, content=content)).sources[0].more.get("passages")
    rows = [one for one in (listed if isinstance(listed, list) else ()) if isinstance(one, dict)]
    return as_typed([(str(one["where"]), str(one["text"]), str(one.get("speaker") or "")) for one in rows])


@act("transcript.listen", "file.derive", ways=("command files",), objects=lambda file, _program: [file], whole=False)
def listen(desk: Desk, file: str, program: str) -> int:
    """Have a program on this machine write a recording down, and lay it where the account types: a person looks it over
    and seals it. The program gets the path of a file that lies in memory alone, and prints WebVTT. Raises InputRefused
    where it fails."""
    found = _recording(desk, file)
    if not hasattr(os, "memfd_create"):
        raise InputRefused("a program can be handed a recording in memory on Linux alone")
    number = os.memfd_create("recording")
    try:
        with os.fdopen(os.dup(number), "wb") as memory:
            for part in queries.whole(desk, found):
                memory.write(part)
        heard = subprocess.run(  # noqa: S603 - the program that its user named
            [program, f"/proc/self/fd/{number}"], capture_output=True, pass_fds=[number], timeout=_HOURS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InputRefused("{program} could not hear the recording: {error}", program=program, error=error) from error
    finally:
        os.close(number)
    if heard.returncode != 0:
        raise InputRefused("{program} ended with {code}", program=program, code=heard.returncode)
    return keep(desk, file, read_in("heard.vtt", heard.stdout))


def _passages(desk: Desk, source: str, said: Sequence[Segment]) -> None:
    last = Passage.objects.filter(source_id=source).order_by("-number").values_list("number", flat=True).first() or 0
    made = [
        KeptPassage(
            new_id("passage", milliseconds=int(desk.at.timestamp() * 1000), randomness=desk.entropy(10)),
            source,
            last + number,
            one.locator,
            one.text,
            one.speaker,
        )
        for number, one in enumerate(said, 1)
    ]
    insert(
        Passage,
        (
            Passage(
                id=one.id, source_id=source, number=one.number, locator=one.locator, text=one.text, speaker=one.speaker
            )
            for one in made
        ),
    )
    taken_in((), (), [one.id for one in made])
    seal_all([("passage", one.id, documents.passage_bytes(one)) for one in made], desk.at, desk.entropy)


__all__ = ["LONGEST", "keep", "listen", "read_in", "seal", "typed"]
