"""A release as the file that leaves: release.json, under the signature of whoever made it.

The note beside the release names the key and the SHA-256 of the release's own bytes (``Release.to_json``). A file that
was changed no longer holds; whoever signs another one does so with another key, which readers compare with the one
that they were told by voice.
"""

import json
from dataclasses import dataclass

from corroborate.custody import Signer, Verifier
from corroborate.custody.statements import read, signed, signers, write
from corroborate.disclosure.shown import Release
from corroborate.errors import InvalidValue, NotVerified
from corroborate.values import Digest, canonical

HEAD = "corroborate signed release v1"
_FIELDS = {"format", "release", "note"}


@dataclass(frozen=True, slots=True)
class SignedRelease:
    """A release and whose key signed it. Whether that key is theirs, the reader knows, and no file can say."""

    release: Release
    key: Verifier


def signed_json(content: bytes, signer: Signer) -> bytes:
    """The bytes of a release (``Release.to_json``), signed: canonical JSON too."""
    text = write(HEAD, [("key", str(signer.verifier())), ("sha256", Digest.of(content).hex)])
    return canonical({**json.loads(content), "note": signed(text, signer).decode()})


def unsigned(content: bytes) -> bytes:
    """The bytes that were signed, of a release.json with its note or without. Raises InvalidValue."""
    Release.from_json(content)
    document = json.loads(content)
    if more := set(document) - _FIELDS:
        raise InvalidValue("the release has a field that none has: {more!r}", more=min(more)[:40])
    return canonical({name: value for name, value in document.items() if name != "note"})


def read_signed(content: bytes) -> SignedRelease:
    """The release of a release.json. Raises InvalidValue, and NotVerified for one that is changed or unsigned."""
    made, body = Release.from_json(content), unsigned(content)
    note = json.loads(content).get("note")
    if not isinstance(note, str):
        raise NotVerified("nobody signed this release.json: only one that a vault or hub wrote is published")
    try:
        key_text, digest = read(note.partition("\n\n")[0], HEAD, ("key", "sha256"))
        key = Verifier.parse(key_text)
    except InvalidValue as error:
        raise NotVerified("the signature of this release.json cannot be read: {error}", error=error) from error
    if key not in signers(note.encode(), [key]):
        raise NotVerified("{name} has not signed this release.json", name=key.name)
    if digest != Digest.of(body).hex:
        raise NotVerified("this is not the release that {name} signed: the file was changed", name=key.name)
    return SignedRelease(made, key)
