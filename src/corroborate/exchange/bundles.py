"""Bundles: files with a signed manifest, inside an age file that only its receivers open.

The manifest names its receivers, so that a receiver cannot pass the bundle on as if it had been meant for another.
Each bundle carries the checkpoints that its sender holds of all logs: two members who were shown two histories of one
log, of one size, find out when the first bundle passes between them. Of different sizes only the log's owner can show
whether they fit, so its own bundles carry the proofs from its earlier sizes to its newest.
"""

import io
import re
import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

import pyrage

from corroborate.custody import Note, Signer, Verifier
from corroborate.errors import InvalidValue, NotVerified
from corroborate.values import Digest, checked_id

LARGEST = 1 << 30  # bytes of all files together; a bundle that claims more is refused before it is unpacked
_MANIFEST = "manifest.note"
_HEADER = "corroborate bundle v1"  # keeps a manifest from ever being read as a checkpoint or a sign-on
_EPOCH = (1980, 1, 1, 0, 0, 0)  # of every entry: a bundle's time stands in its manifest alone
_CHECKPOINTS = "checkpoints/"  # of their own folder, which no file of a sender may lie in
_STEP = ".request"
MOST_CHECKPOINTS = 1000
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


def write_bundle(
    files: Mapping[str, bytes],
    signer: Signer,
    recipients: Sequence[str],
    at: datetime,
    bundle_id: str,
    checkpoints: Sequence[bytes] = (),
    steps: Sequence[bytes] = (),
) -> bytes:
    """The bundle as one age file. ``recipients``: age public keys (``age1…``). ``bundle_id``: ``bundle_…``.

    ``checkpoints``: the signed notes that the sender holds of its own and of others' logs. ``steps``: each an old size
    of the sender's log, the proof from there, and its newest checkpoint.
    """
    if taken := [path for path in files if path.startswith(_CHECKPOINTS)]:
        raise InvalidValue("{taken!r} lies where a bundle keeps checkpoints", taken=taken[0])
    if len(checkpoints) + len(steps) > MOST_CHECKPOINTS:
        raise InvalidValue("{number} checkpoints are more than a bundle carries", number=len(checkpoints) + len(steps))
    files = {
        **files,
        **{f"{_CHECKPOINTS}{number:04}.note": note for number, note in enumerate(checkpoints)},
        **{f"{_CHECKPOINTS}{number:04}{_STEP}": step for number, step in enumerate(steps)},
    }
    if not recipients:
        raise InvalidValue("a bundle needs at least one receiver's age key")
    keys = [_recipient(key) for key in sorted(set(recipients))]
    lines = [_HEADER, f"id {checked_id(bundle_id)}", f"at {at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"]
    lines += [f"to {key}" for key in sorted(set(recipients))]
    lines += [f"file {Digest.of(files[path])} {len(files[path])} {_checked_path(path)}" for path in sorted(files)]
    text = "\n".join(lines) + "\n"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(_MANIFEST, _EPOCH), f"{text}\n{signer.line(text)}")
        for path in sorted(files):
            archive.writestr(zipfile.ZipInfo(path, _EPOCH), files[path])
    sealed: bytes = pyrage.encrypt(packed.getvalue(), keys)
    return sealed


def read_bundle(content: bytes, identity: str, trusted: Sequence[Verifier], seen: Collection[str] = ()) -> Bundle:
    """Open and check a bundle. ``identity``: our age secret key. ``seen``: ids of bundles taken in before.

    1. It opens with our key.  2. Its manifest is signed by exactly one key that we trust.  3. It is meant for us.
    4. Its id is new.  5. It holds the files of the manifest, whole, and no other. Raises NotVerified otherwise.
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
    if str(ours.to_public()) not in receivers:
        raise NotVerified("{name} did not mean this bundle for us", name=signed[0].name)
    if identifier in seen:
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
    return Bundle(identifier, signed[0].name, at, found, notes, steps)


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
        or path == _MANIFEST
        or re.search(r'[\x00-\x1f\\:*?"<>|]', path)
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
    except (zipfile.BadZipFile, ValueError) as error:
        raise NotVerified("what the age file holds is no bundle: {error}", error=error) from error


def _manifest(text: str) -> tuple[str, datetime, set[str], dict[str, tuple[Digest, int]]]:
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 4 or lines[0] != _HEADER or not lines[1].startswith("id ") or not lines[2].startswith("at "):
        raise InvalidValue("the note in the bundle is no manifest of a bundle")
    try:
        at = datetime.strptime(lines[2][3:], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise InvalidValue("the manifest's time cannot be read: {lines!r}", lines=lines[2]) from error
    receivers: set[str] = set()
    files: dict[str, tuple[Digest, int]] = {}
    for line in lines[3:]:
        if line.startswith("to ") and not files:
            receivers.add(line[3:])
        elif (found := _FILE.fullmatch(line)) and found["path"] not in files:
            files[_checked_path(found["path"])] = (Digest(found["digest"]), int(found["size"]))
        else:
            raise InvalidValue("the manifest has a line we do not know: {line!r}", line=line[:60])
    return checked_id(lines[1][3:]), at, receivers, files
