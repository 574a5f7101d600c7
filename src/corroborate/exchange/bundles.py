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
import struct
import zipfile
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

import pyrage

from corroborate.custody import Note, Signer, Verifier
from corroborate.errors import InvalidValue, NotVerified
from corroborate.exchange.sequence import Place
from corroborate.values import Digest, checked_id
from corroborate.values.signs import hiding

LARGEST = 1 << 30  # bytes of all files together; a bundle that claims more is refused before it is unpacked
_MANIFEST = "manifest.note"
# keeps a manifest from ever being read as a checkpoint or a sign-on. The first version has no numbers, and no filling
_HEADER, _FIRST_HEADER = "corroborate bundle v2", "corroborate bundle v1"
_FILLING = "filling"  # zeros, up to the next of the lengths that bundles have
_ENTRY = 30 + 46 + 2 * len(_FILLING)  # bytes that a ZIP file spends on an entry of this name
LEAST = 1 << 16  # bytes: no bundle is shorter, so that a receipt, a recall and a few records look alike
_EPOCH = (1980, 1, 1, 0, 0, 0)  # of every entry: a bundle's time stands in its manifest alone
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


def write_bundle(
    files: Mapping[str, bytes],
    signer: Signer,
    recipients: Sequence[str] | Mapping[str, Place],
    at: datetime,
    bundle_id: str,
    checkpoints: Sequence[bytes] = (),
    steps: Sequence[bytes] = (),
) -> bytes:
    """The bundle as one age file. ``recipients``: age public keys (``age1…``), each with the place of this bundle among
    those to it; keys alone write the first version, which has no numbers. ``bundle_id``: ``bundle_…``.

    ``checkpoints``: the signed notes that the sender holds of its own and of others' logs. ``steps``: each an old size
    of the sender's log, the proof from there, and its newest checkpoint.
    """
    files = _with_gossip(files, checkpoints, steps)
    if not recipients:
        raise InvalidValue("a bundle needs at least one receiver's age key")
    keys = [_recipient(key) for key in sorted(set(recipients))]
    places = recipients if isinstance(recipients, Mapping) else {}
    lines = [_HEADER if places else _FIRST_HEADER, f"id {checked_id(bundle_id)}"]
    lines += [f"at {at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"]
    lines += [f"to {key}{_written(places.get(key))}" for key in sorted(set(recipients))]
    lines += [f"file {Digest.of(files[path])} {len(files[path])} {_checked_path(path)}" for path in sorted(files)]
    text = "\n".join(lines) + "\n"
    entries = {_MANIFEST: f"{text}\n{signer.line(text)}".encode()} | {path: files[path] for path in sorted(files)}
    packed = _packed(entries)
    if places:
        short = len(packed) + _ENTRY
        packed = _packed(entries | {_FILLING: bytes(padded(short) - short)})
    sealed: bytes = pyrage.encrypt(packed, keys)
    return sealed


def _with_gossip(files: Mapping[str, bytes], checkpoints: Sequence[bytes], steps: Sequence[bytes]) -> dict[str, bytes]:
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


def _packed(entries: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for path, content in entries.items():
            archive.writestr(zipfile.ZipInfo(path, _EPOCH), content)
    return packed.getvalue()


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
    content: bytes, identity: str, trusted: Sequence[Verifier], seen: Collection[tuple[str, str]] = ()
) -> Bundle:
    """Open and check a bundle. ``identity``: our age secret key. ``seen``: senders and ids of those taken in before.

    1. It opens with our key.  2. Its manifest is signed by exactly one key that we trust.  3. It is meant for us.
    4. Its id is new among those of its sender.  5. It holds the files of the manifest, whole, and no other. Raises
    NotVerified otherwise.
    """
    ours = pyrage.x25519.Identity.from_str(identity)
    try:
        packed = pyrage.decrypt(content, [ours])
    except pyrage.DecryptError as error:
        raise NotVerified(
            "the bundle does not open with this key, or was changed on its way: {error}", error=error
        ) from error
    found = _unpack(packed)
    if _MANIFEST not in found:
        raise NotVerified("the bundle has no manifest")
    note = Note.parse(found.pop(_MANIFEST))
    signed = list(note.check(trusted))
    if len(signed) != 1 or len(note.signatures) != 1:
        names = ", ".join(signature.name for signature in note.signatures)
        raise NotVerified("the bundle is signed by {names}, and not by exactly one key that we trust", names=names)
    identifier, at, receivers, listed = _manifest(note.text)
    if found.pop(_FILLING, b"").strip(b"\0"):
        raise NotVerified("what fills the bundle up is something else than zeros")
    if str(ours.to_public()) not in receivers:
        raise NotVerified("{name} did not mean this bundle for us", name=signed[0].name)
    if (signed[0].name, identifier) in seen:
        raise NotVerified("{identifier} was taken in before: this is a copy of it", identifier=identifier)
    if set(found) != set(listed):
        different = ", ".join(sorted(set(found) ^ set(listed)))
        raise NotVerified("the bundle and its manifest name other files: {different}", different=different)
    for path, (digest, size) in listed.items():
        if len(found[path]) != size or Digest.of(found[path]) != digest:
            raise NotVerified("{path} is not the file that the manifest names", path=path)
    gossip = {path: found.pop(path) for path in sorted(found) if path.startswith(_CHECKPOINTS)}
    notes = tuple(note for path, note in gossip.items() if not path.endswith(_STEP))
    steps = tuple(step for path, step in gossip.items() if path.endswith(_STEP))
    return Bundle(identifier, signed[0].name, at, found, notes, steps, signed[0], receivers[str(ours.to_public())])


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


def _unpack(packed: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > LARGEST:
                raise NotVerified("the bundle unpacks to more than 1 GiB")
            if len({entry.filename for entry in entries}) != len(entries):
                raise NotVerified("the bundle holds one path twice")
            if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
                raise NotVerified("the bundle holds compressed files, which we never write")
            return {entry.filename: archive.read(entry) for entry in entries}
    # of other versions, encrypted, cut short: whatever a stranger made that ends in an error of the reader's
    except (zipfile.BadZipFile, ValueError, RuntimeError, EOFError, OSError, struct.error, zlib.error) as error:
        raise NotVerified("what the age file holds is no bundle: {error}", error=error) from error


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
