"""What makes a mirror checkable: the SHA-256 of every file, and the hub's signature over that list as a signed note."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path, PurePosixPath

from corroborate.custody import Note, Verifier
from corroborate.errors import InvalidValue, NotVerified
from corroborate.values import Digest

MANIFEST, NOTE, SUMS = "manifest.json", "manifest.note", "SHA256SUMS"
LARGEST = 64 << 20  # bytes of a manifest
# The first line keeps a site's note from ever being read as a checkpoint or a sign-on, and the reverse.
HEADER = "corroborate site v1"
_NOTE = re.compile(
    rf"{HEADER}\non (?P<on>\d{{4}}-\d\d-\d\d)\nfiles (?P<files>\d{{1,9}})\nmanifest sha256 (?P<digest>[0-9a-f]{{64}})\n"
)


def manifest_of(files: Mapping[str, bytes]) -> bytes:
    """``{path: SHA-256}`` as JSON, one file a line, in the order of paths."""
    return json.dumps({path: Digest.of(files[path]).hex for path in sorted(files)}, indent=1).encode() + b"\n"


def sums_of(files: Mapping[str, bytes]) -> bytes:
    """The same for ``sha256sum -c``, which every system has."""
    return "".join(f"{Digest.of(files[path]).hex}  {path}\n" for path in sorted(files)).encode()


def note_text(manifest: bytes, on: str) -> str:
    """What the hub signs: the day of the release, how many files, and the digest of the manifest."""
    return f"{HEADER}\non {on}\nfiles {len(json.loads(manifest))}\nmanifest sha256 {Digest.of(manifest).hex}\n"


def read_manifest(content: bytes) -> dict[str, str]:
    """Paths and digests. Raises InvalidValue for anything else, a path that leads out of the folder among it."""
    try:
        found = json.loads(content) if len(content) <= LARGEST else None
    except (ValueError, RecursionError) as error:
        raise InvalidValue("the manifest is no JSON: {error}", error=error) from error
    if not isinstance(found, dict):
        raise InvalidValue("the manifest is no list of files")
    for path, digest in found.items():
        parts = PurePosixPath(path).parts
        if not parts or path.startswith("/") or ".." in parts or "\\" in path or "\0" in path or ":" in parts[0]:
            raise InvalidValue("the manifest names {path!r}, which is no file of a site", path=path)
        if not isinstance(digest, str) or re.fullmatch(r"[0-9a-f]{64}", digest) is None:
            raise InvalidValue("the manifest gives {path!r} no SHA-256", path=path)
    return found


@dataclass(frozen=True, slots=True)
class Mirror:
    """What a check of a mirror found. Paths are relative to its folder."""

    on: str  # day of the release
    signed_by: tuple[str, ...]  # names of the keys that were handed in and signed
    files: int
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Signed by a key we know, and every file as it was published. What was added is no part of the site."""
        return bool(self.signed_by) and not (self.changed or self.missing or self.extra)


def check_site(folder: Path, keys: Iterable[Verifier]) -> Mirror:
    """Check a mirror against its signed manifest. Raises NotVerified when the note or manifest cannot be relied on."""
    try:
        manifest, content = (folder / MANIFEST).read_bytes(), (folder / NOTE).read_bytes()
    except OSError as error:
        raise NotVerified(
            "{folder} has no signed manifest ({strerror})", folder=folder, strerror=error.strerror
        ) from error
    listed = read_manifest(manifest)
    note = Note.parse(content)
    found = _NOTE.fullmatch(note.text)
    if found is None:
        raise NotVerified("manifest.note is not the note of a site")
    signed = note.check(keys)
    if not signed:
        names = ", ".join(one.name for one in note.signatures)
        raise NotVerified("manifest.note is signed by {names}, and by no key that was given (--key)", names=names)
    if found["digest"] != Digest.of(manifest).hex or int(found["files"]) != len(listed):
        raise NotVerified("manifest.json is not the one that was signed")
    changed, missing = [], []
    for path, digest in listed.items():
        file = folder / path
        if file.is_symlink() or not file.is_file():
            missing.append(path)
            continue
        with file.open("rb") as opened:
            if file_digest(opened, "sha256").hexdigest() != digest:
                changed.append(path)
    there = {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_symlink() or one.is_file()}
    extra = there - set(listed) - {MANIFEST, NOTE}
    signers = tuple(sorted(one.name for one in signed))
    return Mirror(found["on"], signers, len(listed), tuple(changed), tuple(missing), tuple(sorted(extra)))
