"""What a sealed file says of its own making, and which time stamps are of it: checked, and told as what they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from corroborate.copies import FIRST, Kind, Vouched, kind_of, vouched_of
from corroborate.errors import CorroborateError
from corroborate.importers.exports_apart import read_export_apart
from corroborate.tables import File
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import visible
from corroborate_node.files import queries
from corroborate_node.log.kept import UntilTheLogGrows
from corroborate_node.records.models import KeptFile, Source

MOST = 64 << 20  # bytes of a file that is read whole for this
STAMP = 1 << 16  # bytes of a time stamp at most
MOST_STAMPS = 20
_STAMP, _ZIP, _WARC = b"\x00OpenTimestamps\x00\x00Proof\x00", b"PK\x03\x04", (b"WARC/1.", b"\x1f\x8b")
_IN_WACZ = (b"archive/", b"datapackage", b"pages/", b"indexes/")  # names with which such an archive begins


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says of itself: ``vouched`` by C2PA; ``state`` and ``notices`` of an archived web page or time stamp,
    which is of the file with the SHA-256 ``of``; ``refused``: why it was not read."""

    vouched: Vouched | None = None
    state: str = ""
    notices: Sequence[str] = ()
    of: str = ""
    refused: CorroborateError | None = None


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time stamp that is kept beside a file and is of it."""

    file: KeptFile
    state: str


_read = UntilTheLogGrows[Said](500)  # by address: reading takes a process. A withdrawal lets it fall


def said_by(desk: Desk, file: KeptFile, kind: Kind) -> Said:
    """What a file says of itself; an empty answer where it says nothing, or is too large to be asked."""
    if file.size > MOST:
        return Said()
    return _read.of(file.address, lambda: _said_or_refused(desk, file, kind))


def _said_or_refused(desk: Desk, file: KeptFile, kind: Kind) -> Said:
    try:
        return _said(desk, file, kind)
    except CorroborateError as error:
        return Said(refused=error)


def _said(desk: Desk, file: KeptFile, kind: Kind) -> Said:
    if kind.shown in ("picture", "pages", "sound", "film"):
        return Said(vouched=vouched_of(kind, queries.whole(desk, file)))
    first = b"".join(queries.stretch(desk, file, 0, FIRST))
    packed = first.startswith(_ZIP) and any(one in first for one in _IN_WACZ)
    if not packed and not first.startswith((_STAMP, *_WARC)):
        return Said()
    found = read_export_apart(File(file.name, None, b"".join(queries.whole(desk, file))))
    if found is None or found[0] != "web_archives" or not found[1].sources:
        return Said()
    more = found[1].sources[0].more
    of = str(more.get("sha256", "")) if first.startswith(_STAMP) else ""
    return Said(state=str(more.get("state", "")), notices=tuple(found[1].notices), of=of)


def told(desk: Desk, file: KeptFile) -> dict[str, Any]:
    """The same as data: ``c2pa`` (or None), ``state``, ``notices``, ``stamp_of`` (a SHA-256), ``refused``."""
    said = said_by(desk, file, queries.kind(desk, file))
    return {
        "c2pa": None if said.vouched is None else said.vouched.as_json(),
        "state": said.state,
        "notices": [*map(str, said.notices)],
        "stamp_of": said.of,
        "refused": "" if said.refused is None else str(said.refused),
    }


def stamped(user: Any, said: Said) -> KeptFile | None:
    """The file that a time stamp is of, where it is kept here and somebody sees it."""
    if not said.of:
        return None
    found: KeptFile | None = visible(user, KeptFile).filter(digest=said.of, leaves=False).exclude(address="").first()
    return found


def stamps_of(desk: Desk, user: Any, file: KeptFile, sources: Sequence[Source]) -> list[Stamp]:
    """Time stamps of a file that are kept beside it: read from the same sources."""
    beside = {one.id: one for source in sources[:5] for one in queries.files_of(user, source.id)}
    found = list[Stamp]()
    for one in [one for one in beside.values() if one.size <= STAMP and one.id != file.id][:MOST_STAMPS]:
        first = b"".join(queries.stretch(desk, one, 0, FIRST))
        if first.startswith(_STAMP) and (said := said_by(desk, one, kind_of(first))).of == file.digest:
            found.append(Stamp(one, said.state))
    return found


__all__ = ["Said", "Stamp", "said_by", "stamped", "stamps_of", "told"]
