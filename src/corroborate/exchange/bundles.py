"""Bundles: files with a signed manifest, inside an age file that only its receivers open.

Of each receiver the manifest says which bundle this is among those to it, and the digest of the one before: see
:mod:`corroborate.exchange.sequence`. What is encrypted is filled up with zeros to one of few lengths, so that the
length of the age file says little of what is in it.

The manifest names its receivers, so that a receiver cannot pass the bundle on as if it had been meant for another.
Each bundle carries the checkpoints that its sender holds of all logs: two members who were shown two histories of one
log, of one size, find out when the first bundle passes between them. Of different sizes only the log's owner can show
whether they fit, so its own bundles carry the proofs from its earlier sizes to its newest.
"""

import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

import pyrage

from corroborate.custody import Note, Signer, Verifier
from corroborate.errors import InvalidValue, NotVerified
from corroborate.exchange.passing import Large, Parts, Source, zipped
from corroborate.exchange.sequence import Place
from corroborate.sealed.backups import encrypted
from corroborate.values import Digest, checked_id
from corroborate.values.digests import Digesting
from corroborate.values.signs import hiding

# bytes of all files together: encrypted it has 4 GiB at most, as a hub's mailbox takes; one that claims more is refused
# before it is unpacked
LARGEST = (1 << 32) - (1 << 21)
_MANIFEST = "manifest.note"
# keeps a manifest from ever being read as a checkpoint or a sign-on. The first version has no numbers, and no filling
_HEADER, _FIRST_HEADER = "corroborate bundle v2", "corroborate bundle v1"
_FILLING = "filling"  # zeros, up to the next of the lengths that bundles have
LEAST = 1 << 16  # bytes: no bundle is shorter, so that a receipt, a recall and a few records look alike
_CHECKPOINTS = "checkpoints/"  # of their own folder, which no file of a sender may lie in
_STEP = ".request"
MOST_CHECKPOINTS = 1000
_TO = re.compile(r"to (?P<key>\S+)(?: (?P<number>[1-9]\d{0,9}) (?P<before>[0-9a-f]{64}|-))?")
_FILE = re.compile(r"file (?P<digest>[0-9a-f]{64}) (?P<size>\d{1,12}) (?P<path>.+)")


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a sender signed and sealed for us."""

    id: str
    sender: str  # name of the sender's key
    at: datetime  # by the sender's clock
    files: Mapping[str, bytes]
    checkpoints: tuple[bytes, ...] = ()  # of any log, as the sender holds them: to be compared with our own
    steps: tuple[bytes, ...] = ()  # how the sender's own log went on: bodies of `add-checkpoint` (C2SP tlog-witness)
    key: Verifier | None = None  # that signed it: the sender's, or one that it had
    place: Place | None = None  # among the sender's bundles to us; None: an earlier version wrote it, without a number
    large: Mapping[str, Large] = field(default_factory=dict)  # files of a long bundle, which are not held
    source: Source | None = field(default=None, repr=False, compare=False)

    def contents(self, paths: Collection[str]) -> Iterator[tuple[str, Parts]]:
        """Some of its files, the large ones in parts: each to be read before the next. Raises NotVerified where what
        was read before has changed since."""
        yield from ((path, self.files[path]) for path in sorted(paths) if path in self.files)
        large = {path: self.large[path] for path in paths if path in self.large}
        if self.source is not None and large:
            yield from self.source.each(large)


def write_bundle(
    files: Mapping[str, bytes],
    signer: Signer,
    recipients: Sequence[str] | Mapping[str, Place],
    at: datetime,
    bundle_id: str,
    checkpoints: Sequence[bytes] = (),
    steps: Sequence[bytes] = (),
) -> bytes:
    """The bundle as one age file, in memory: see :func:`pass_bundle`."""
    out = io.BytesIO()
    pass_bundle(out, files, signer, recipients, at, bundle_id, checkpoints, steps)
    return out.getvalue()


def pass_bundle(
    out: IO[bytes],
    files: Mapping[str, Parts],
    signer: Signer,
    recipients: Sequence[str] | Mapping[str, Place],
    at: datetime,
    bundle_id: str,
    checkpoints: Sequence[bytes] = (),
    steps: Sequence[bytes] = (),
) -> Digest:
    """Write a bundle as one age file, in parts; its digest.

    ``recipients``: age public keys (``age1…``), each with the place of this bundle among those to it; keys alone write
    the first version, which has no numbers. ``bundle_id``: ``bundle_…``.

    ``checkpoints``: the signed notes that the sender holds of its own and of others' logs. ``steps``: each an old size
    of the sender's log, the proof from there, and its newest checkpoint. Raises InvalidValue for more than LARGEST.
    """
    files = _with_gossip(files, checkpoints, steps)
    if not recipients:
        raise InvalidValue("a bundle needs at least one receiver's age key")
    keys = [_recipient(key) for key in sorted(set(recipients))]
    places = recipients if isinstance(recipients, Mapping) else {}
    lines = [_HEADER if places else _FIRST_HEADER, f"id {checked_id(bundle_id)}"]
    lines += [f"at {at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"]
    lines += [f"to {key}{_written(places.get(key))}" for key in sorted(set(recipients))]
    for path in files:
        _checked_path(path)

    def manifest(found: Mapping[str, tuple[Digest, int]]) -> bytes:
        listed = [f"file {digest} {size} {path}" for path, (digest, size) in sorted(found.items())]
        text = "\n".join([*lines, *listed]) + "\n"
        return f"{text}\n{signer.line(text)}".encode()

    plain = zipped(files, manifest, (_MANIFEST, _FILLING), padded if places else None)
    written = _Written(out)
    encrypted(written, keys, _not_too_long(plain))
    return written.seen.digest()


class _Written(io.RawIOBase):
    """A file, and the digest of what was written to it."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out, self.seen = out, Digesting()

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self.seen.add(content)
        return self._out.write(content)


def _not_too_long(plain: Iterator[bytes]) -> Iterator[bytes]:
    size = 0
    for part in plain:
        size += len(part)
        if size > LARGEST:
            error = InvalidValue("a bundle has 4 GB at most")
            error.remedy = "Make a release for each part of it (--file, --case), and send them one after another."
            raise error
        yield part


def _with_gossip(files: Mapping[str, Parts], checkpoints: Sequence[bytes], steps: Sequence[bytes]) -> dict[str, Parts]:
    if taken := [path for path in files if path.startswith(_CHECKPOINTS)]:
        raise InvalidValue("{taken!r} lies where a bundle keeps checkpoints", taken=taken[0])
    if len(checkpoints) + len(steps) > MOST_CHECKPOINTS:
        raise InvalidValue("{number} checkpoints are more than a bundle carries", number=len(checkpoints) + len(steps))
    return {
        **files,
        **{f"{_CHECKPOINTS}{number:04}.note": note for number, note in enumerate(checkpoints)},
        **{f"{_CHECKPOINTS}{number:04}{_STEP}": step for number, step in enumerate(steps)},
    }


def _written(place: Place | None) -> str:
    return "" if place is None else f" {place.number} {place.before or '-'}"


def padded(length: int) -> int:
    """The length to which so many bytes are filled up: Padmé, of which at most 12 % is filling, and never under LEAST.

    Of all lengths up to L only about log log L bits are told (Nikitin et al., *Reducing Metadata Leakage from Encrypted
    Files and Communication with PURBs*, 2019, algorithm 1).
    """
    if length <= LEAST:
        return LEAST
    exponent = length.bit_length() - 1
    zeros = exponent - exponent.bit_length()
    mask = (1 << zeros) - 1
    return (length + mask) & ~mask


def read_bundle(
    content: bytes | Path,
    identity: str,
    trusted: Sequence[Verifier],
    seen: Collection[tuple[str, str]] = (),
    whole: Collection[str] = (),
) -> Bundle:
    """Open and check a bundle. ``identity``: our age secret key. ``seen``: senders and ids of those taken in before.
    ``whole``: beginnings of paths; such files are held, also of a bundle too long to be held.

    1. It opens with our key.  2. Its manifest is signed by exactly one key that we trust.  3. It is meant for us.
    4. Its id is new among those of its sender.  5. It holds the files of the manifest, whole, and no other. Raises
    NotVerified otherwise.
    """
    ours = pyrage.x25519.Identity.from_str(identity)
    source, needed = Source(content, ours), (_MANIFEST, _CHECKPOINTS, *whole)
    passed = source.found(LARGEST, lambda path: path.startswith(needed))
    found, large = dict(passed.held), dict(passed.large)
    if _MANIFEST not in found:
        raise NotVerified("the bundle has no manifest")
    note = Note.parse(found.pop(_MANIFEST))
    signed = list(note.check(trusted))
    if len(signed) != 1 or len(note.signatures) != 1:
        names = ", ".join(signature.name for signature in note.signatures)
        raise NotVerified("the bundle is signed by {names}, and not by exactly one key that we trust", names=names)
    identifier, at, receivers, listed = _manifest(note.text)
    filling = large.pop(_FILLING, None)
    if found.pop(_FILLING, b"").strip(b"\0") or (filling is not None and not filling.zeros):
        raise NotVerified("what fills the bundle up is something else than zeros")
    if str(ours.to_public()) not in receivers:
        raise NotVerified("{name} did not mean this bundle for us", name=signed[0].name)
    if (signed[0].name, identifier) in seen:
        raise NotVerified("{identifier} was taken in before: this is a copy of it", identifier=identifier)
    digests = {path: (Digest.of(content), len(content)) for path, content in found.items()}
    digests |= {path: (one.digest, one.size) for path, one in large.items()}
    if digests.keys() != listed.keys():
        different = ", ".join(sorted(digests.keys() ^ listed.keys()))
        raise NotVerified("the bundle and its manifest name other files: {different}", different=different)
    for path, named in listed.items():
        if digests[path] != named:
            raise NotVerified("{path} is not the file that the manifest names", path=path)
    gossip = {path: found.pop(path) for path in sorted(found) if path.startswith(_CHECKPOINTS)}
    notes = tuple(note for path, note in gossip.items() if not path.endswith(_STEP))
    steps = tuple(step for path, step in gossip.items() if path.endswith(_STEP))
    place = receivers[str(ours.to_public())]
    return Bundle(identifier, signed[0].name, at, found, notes, steps, signed[0], place, large, source)


def _recipient(key: str) -> "pyrage.x25519.Recipient":
    try:
        return pyrage.x25519.Recipient.from_str(key)
    except pyrage.RecipientError as error:
        raise InvalidValue("{key!r} is no age public key", key=key[:70]) from error


def _checked_path(path: str) -> str:
    """A path that stays inside the folder it is unpacked into, on every system."""
    parts = PurePosixPath(path).parts
    if (
        not parts
        or path != "/".join(parts)
        or ".." in parts
        or path in (_MANIFEST, _FILLING)
        or re.search(r'[\x00-\x1f\\:*?"<>|]', path)
        or hiding(path)
    ):
        raise InvalidValue("{path!r} is no path for a file in a bundle", path=path)
    return path


def _manifest(text: str) -> tuple[str, datetime, dict[str, Place | None], dict[str, tuple[Digest, int]]]:
    lines = text.removesuffix("\n").split("\n")
    known = lines[0] in (_HEADER, _FIRST_HEADER)
    if len(lines) < 4 or not known or not lines[1].startswith("id ") or not lines[2].startswith("at "):
        raise InvalidValue("the note in the bundle is no manifest of a bundle")
    try:
        at = datetime.strptime(lines[2][3:], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise InvalidValue("the manifest's time cannot be read: {lines!r}", lines=lines[2]) from error
    receivers: dict[str, Place | None] = {}
    files: dict[str, tuple[Digest, int]] = {}
    for line in lines[3:]:
        to = None if files else _TO.fullmatch(line)
        if to and (to["number"] is None) == (lines[0] == _FIRST_HEADER) and to["key"] not in receivers:
            receivers[to["key"]] = Place(int(to["number"]), to["before"].strip("-")) if to["number"] else None
        elif (found := _FILE.fullmatch(line)) and found["path"] not in files:
            files[_checked_path(found["path"])] = (Digest(found["digest"]), int(found["size"]))
        else:
            raise InvalidValue("the manifest has a line we do not know: {line!r}", line=line[:60])
    return checked_id(lines[1][3:]), at, receivers, files
