"""The files that travel: Parquet beside a signed manifest of the agreed schema, sealed to the one node that may read
it.

Sealing is HPKE (RFC 9180: DHKEM(X25519), HKDF-SHA-256, AES-256-GCM) to the receiver's half in the agreement. The
manifest binds a file to every letter of its agreement, to its kind and to what it answers, so that no file can be taken
for another, for another agreement's, or for a second time.

Whoever stole a key that was replaced can write any day into what it signs. So a replaced key's file counts only where
the key of today stands beside it: its owner says that it did send it (`signed_again`).
"""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from corroborate.custody import Note, Signer, Verifier
from corroborate.errors import InputRefused, InvalidValue, NotVerified
from corroborate.linkage.private.agreement import Agreement, Party
from corroborate.linkage.private.nodes import Sender
from corroborate.translation import Sentence
from corroborate.values import Digest, checked_id

Kind = Literal["encoding", "result", "reveal", "offer", "answer"]
LARGEST = 1 << 30  # bytes of one file
_MAGIC = b"corroborate private linkage v1\n"
_HEADER = "corroborate private linkage manifest v1"
_AGAIN = b"corroborate private linkage signed again v1\n"
_AGAIN_HEADER = "corroborate private linkage sent before v1"
_END = b"\n\n\n"  # of the note in front of a file; a note holds one empty line, never two
_NOTE, _ROWS = "manifest.note", "rows.parquet"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that was opened and checked. ``digest`` is of the file as it travels."""

    kind: Kind
    id: str
    sender: Verifier
    at: datetime
    answers: tuple[Digest, ...]
    table: pa.Table
    digest: Digest


def _text(
    kind: Kind, agreement: Agreement, identifier: str, at: datetime, answers: Sequence[Digest], rows: bytes
) -> str:
    lines = [
        _HEADER,
        f"kind {kind}",
        f"id {checked_id(identifier)}",
        f"agreement {agreement.id} {agreement.digest.hex()}",
    ]
    lines += [f"schema {agreement.schema.text()}", f"at {at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"]
    return "\n".join([*lines, *(f"answers {one}" for one in answers), f"file {Digest.of(rows)} {_ROWS}"]) + "\n"


def write_sent(
    kind: Kind, table: pa.Table, agreement: Agreement, *, identifier: str, at: datetime, signer: Signer, to: Party,
    answers: Sequence[Digest] = (),
) -> bytes:  # fmt: skip
    """A file of one kind under an agreement: signed by ``signer``, sealed to ``to``, and to nobody else."""
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd", write_statistics=False)
    rows = out.getvalue()
    text = _text(kind, agreement, identifier, at, answers, rows)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(_NOTE, _EPOCH), f"{text}\n{signer.line(text)}")
        archive.writestr(zipfile.ZipInfo(_ROWS, _EPOCH), rows)
    return _MAGIC + _SUITE.encrypt(packed.getvalue(), X25519PublicKey.from_public_bytes(to.half), _MAGIC)


def bare(content: bytes) -> bytes:
    """A file as it was first sent, without the note by which its sender's later key stands for it."""
    return content.partition(_END)[2] if content.startswith(_AGAIN) else content


def signed_again(content: bytes, signer: Signer) -> bytes:
    """A file that we sent before our key changed, with a note in front that the key of today signs.

    Whoever calls this knows that we sent it: the file is sealed to another, and nobody here can look into it.
    """
    file = bare(content)
    if not file.startswith(_MAGIC):
        raise InputRefused("the file is none of private linkage (its first line says another thing)")
    text = f"{_AGAIN_HEADER}\nfile {Digest.of(file)}\n"
    return _AGAIN + f"{text}\n{signer.line(text)}".encode().removesuffix(b"\n") + _END + file


def _is_signed_again(content: bytes, by: Verifier) -> bool:
    """Whether this key stands in front of a file, for that file."""
    if not content.startswith(_AGAIN):
        return False
    note = Note.parse(content[len(_AGAIN) :].partition(_END)[0] + b"\n")
    return note.text == f"{_AGAIN_HEADER}\nfile {Digest.of(bare(content))}\n" and by in note.check([by])


def read_sent(
    whole: bytes,
    kind: Kind,
    agreement: Agreement,
    *,
    half: X25519PrivateKey,
    senders: Sequence[Sender],
    before: bool = False,
) -> Sent:
    """Open and check a file that was sealed to us.

    1. It is of ours, and opens with our half.  2. One of ``senders`` signed it, whose key is not replaced as far as we
    know now; or the key of today stands beside it.  3. It is of the kind asked for.
    4. It is under this agreement, to the letter.  5. Its rows are the ones that were signed.
    ``before``: it was checked when it arrived, and kept here since, so that what was replaced later counts.
    Raises InputRefused for a file of something else, NotVerified for one that was changed or is another's.
    """
    content = bare(whole)
    if not content.startswith(_MAGIC):
        raise InputRefused("the file is none of private linkage (its first line says another thing)")
    if len(content) > LARGEST:
        raise InputRefused("a file of {number:,} bytes is larger than any of ours", number=len(content))
    try:
        packed = _SUITE.decrypt(content[len(_MAGIC) :], half, _MAGIC)
    except (InvalidTag, ValueError) as error:
        raise NotVerified("the file is sealed to another node, or was changed on its way") from error
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            if sorted(archive.namelist()) != [_NOTE, _ROWS]:
                raise NotVerified("the file holds other parts than a manifest and rows")
            note, rows = Note.parse(archive.read(_NOTE)), archive.read(_ROWS)
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise NotVerified("what the file holds cannot be unpacked: {error}", error=error) from error
    signed = list(note.check([one.key for one in senders]))
    if len(signed) != 1:
        names = ", ".join(one.name for one in note.signatures)
        raise NotVerified(
            "the file is signed by {names}, who is not the one to send it under this agreement", names=names
        )
    sent = _sent(note.text, kind, agreement, signed[0], rows, Digest.of(content))
    if _text(kind, agreement, sent.id, sent.at, sent.answers, rows) != note.text:
        raise NotVerified("the manifest and the rows do not belong together")
    _check_standing(whole, sent, senders, before)
    return sent


def _check_standing(whole: bytes, sent: Sent, senders: Sequence[Sender], before: bool) -> None:
    """What a replaced key signed is taken in where the key of today stands for it. The file's own day proves nothing:
    whoever has the old key writes it."""
    until = next(one.until for one in senders if one.key == sent.sender)
    if until is None:
        return
    if sent.at > until:
        raise NotVerified("the file is signed with a key that {name} had replaced before", name=sent.sender.name)
    today = [one.key for one in senders if one.until is None and one.key.name == sent.sender.name]
    if not before and not any(_is_signed_again(whole, one) for one in today):
        error = NotVerified(
            "the file is signed with a key that {name} has replaced, so whoever has that key may have made it since",
            name=sent.sender.name,
        )
        error.remedy = Sentence(
            "Ask {name} to sign it again with its key of now (corroborate private sign-again), or to make it again.",
            name=sent.sender.name,
        )
        raise error


def _sent(text: str, kind: Kind, agreement: Agreement, sender: Verifier, rows: bytes, digest: Digest) -> Sent:
    lines = [line.split(" ", 1) for line in text.removesuffix("\n").split("\n")[1:]]
    said = {line[0]: line[-1] for line in lines if line[0] != "answers"}
    if not text.startswith(_HEADER + "\n") or not {"kind", "id", "agreement", "schema", "at"} <= set(said):
        raise InvalidValue("the manifest is of another version")
    if said["kind"] != kind:
        raise NotVerified(
            "this is a file of the kind {kind!r}; here one of {kind2!r} is needed", kind=said["kind"], kind2=kind
        )
    if said["schema"] != agreement.schema.text():
        raise NotVerified("the file was encoded under another schema than the agreement's")
    if said["agreement"] != f"{agreement.id} {agreement.digest.hex()}":
        raise NotVerified("the file was made under another agreement ({split})", split=said["agreement"].split(" ")[0])
    if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", said["at"]) is None:
        raise InvalidValue("the manifest's time cannot be read: {at!r}", at=said["at"][:40])
    at = datetime.strptime(said["at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    try:
        table = pq.read_table(io.BytesIO(rows))
    except (pa.ArrowException, OSError) as error:
        raise NotVerified("the rows cannot be read: {error}", error=error) from error
    answers = tuple(Digest(line[-1]) for line in lines if line[0] == "answers")
    return Sent(kind, checked_id(said["id"]), sender, at, answers, table, digest)


def binary(rows: "Sequence[bytes]", width: int) -> pa.Array:
    """A column of byte strings of one length."""
    return pa.array(rows, pa.binary(width))


def column(sent: Sent, name: str, width: int) -> list[bytes]:
    """A column of byte strings of one length. Raises NotVerified when it is another."""
    field = sent.table.schema.field(name) if name in sent.table.column_names else None
    if field is None or field.type != pa.binary(width) or sent.table.column(name).null_count:
        raise NotVerified("the file's column {name!r} is missing, or of another width than the schema's", name=name)
    found: list[bytes] = sent.table.column(name).to_pylist()
    return found
