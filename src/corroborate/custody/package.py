"""An evidence package: BagIt 1.0 (RFC 8493) with a proof for each item and a verifier that stands alone."""

import base64
import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources
from pathlib import Path

from corroborate.custody.merkle import Tree
from corroborate.custody.notes import Note, Signer
from corroborate.custody.policy import Policy
from corroborate.errors import InputRefused, InvalidValue
from corroborate.values import JSON, canonical


@dataclass(frozen=True, slots=True)
class Item:
    """One sealed record. Without ``record`` it is withheld: only its commitment and proof are shown."""

    name: str  # of the file, without folder
    index: int  # entry of the log
    commitment: bytes
    record: bytes | None = None
    salt: bytes = b""
    title: str = ""

    def __post_init__(self) -> None:
        if "/" in self.name or self.name.startswith(".") or not self.name:
            raise InvalidValue(f"{self.name!r} is no plain file name")


@dataclass(frozen=True, slots=True)
class Description:
    """What a reader is told of a package beside its items."""

    title: str
    organisation: str
    created: datetime
    software: str
    consent: str  # under which consent it leaves, in a sentence
    invented: bool = False
    attachments: Mapping[str, bytes] = field(default_factory=dict)  # data/attachments/NAME: bound, not sealed


def proof_text(index: int, hashes: Sequence[bytes], checkpoint: bytes, extra: bytes = b"") -> bytes:
    """A C2SP tlog-proof. ``extra`` carries the salt of a seal."""
    lines = ["c2sp.org/tlog-proof@v1"]
    if extra:
        lines.append(f"extra {base64.b64encode(extra).decode()}")
    lines.append(f"index {index}")
    lines += [base64.b64encode(part).decode() for part in hashes]
    return ("\n".join(lines) + "\n\n").encode() + checkpoint


_README = """{title}
{organisation}, {created}{invented}

WHAT THIS IS. Records of {organisation}, each in a file under data/items, as it was sealed. Consent: {consent}

HOW TO CHECK IT, without a network. You need Python and its package `cryptography`.

    python verify.py

It answers VALID, INVALID or INCOMPLETE, and names each file that does not fit. For each item it goes from the
bytes in the file to the seal, from the seal to its place in the log, from the log to the signature of
{organisation}, and to the signatures of other members who saw the log at that time.

WHOSE KEYS. data/policy.txt says whose signatures count. It came in this package, so it cannot vouch for itself:
compare the digits that verify.py prints with those that the members publish, or have them read to you.

WHAT VALID MEANS. {organisation} had these records when the log was witnessed, and they have not changed since.
It does not mean that a record is true.
"""


def _prov(items: Sequence[Item], about: Description) -> dict[str, JSON]:
    agent, packing = "cor:organisation", "cor:packing"
    return {
        "prefix": {"cor": "urn:corroborate:", "prov": "http://www.w3.org/ns/prov#"},
        "agent": {agent: {"prov:type": "prov:Organization", "prov:label": about.organisation}},
        "activity": {packing: {"prov:endTime": about.created.isoformat(), "prov:label": about.software}},
        "entity": {f"cor:{item.name}": {"prov:label": item.title or item.name} for item in items},
        "wasAttributedTo": {
            f"_:a{at}": {"prov:entity": f"cor:{item.name}", "prov:agent": agent} for at, item in enumerate(items)
        },
        "used": {
            f"_:u{at}": {"prov:activity": packing, "prov:entity": f"cor:{item.name}"} for at, item in enumerate(items)
        },
    }


def _crate(files: Iterable[str], about: Description) -> dict[str, JSON]:
    names = sorted(files)
    root: dict[str, JSON] = {
        "@id": "./",
        "@type": "Dataset",
        "name": about.title,
        "description": about.consent,
        "datePublished": about.created.isoformat(),
        "publisher": {"@id": "#organisation"},
        "hasPart": [{"@id": name} for name in names],
    }
    parts: list[JSON] = [{"@id": name, "@type": "File"} for name in names]
    graph: list[JSON] = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        },
        root,
        {"@id": "#organisation", "@type": "Organization", "name": about.organisation},
        *parts,
    ]
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}


def _text(value: JSON) -> bytes:
    return (json.dumps(json.loads(canonical(value)), indent=1, ensure_ascii=False) + "\n").encode()


def _manifest(files: Mapping[str, bytes], algorithm: str) -> bytes:
    return "".join(f"{hashlib.new(algorithm, files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()


def package_files(
    items: Sequence[Item], tree: Tree, checkpoint: bytes, policy: Policy, signer: Signer, about: Description
) -> dict[str, bytes]:
    """All files of a package by path. The checkpoint must fulfil the policy. Same arguments, same bytes."""
    witnessed = policy.check(checkpoint)
    size = witnessed.checkpoint.size
    if signer.verifier() != policy.log:
        raise InvalidValue("a package is signed by the key of the log that it proves from")
    payload: dict[str, bytes] = {"data/policy.txt": policy.text().encode()}
    listed: list[JSON] = []
    for item in items:
        proof = f"data/proofs/{item.name}.tlog-proof"
        hashes = tree.inclusion(item.index, size)
        payload[proof] = proof_text(item.index, hashes, checkpoint, item.salt if item.record is not None else b"")
        entry: dict[str, JSON] = {"path": f"data/items/{item.name}", "proof": proof, "title": item.title}
        if item.record is None:
            entry["commitment"] = item.commitment.hex()
        else:
            payload[f"data/items/{item.name}"] = item.record
        listed.append(entry)
    payload["data/index.json"] = _text({"version": 1, "invented": about.invented, "items": listed})
    payload["data/prov.json"] = _text(_prov(items, about))
    payload.update({f"data/attachments/{name}": content for name, content in about.attachments.items()})
    readme = _README.format(
        title=about.title,
        organisation=about.organisation,
        created=about.created.date().isoformat(),
        consent=about.consent,
        invented="\n\nINVENTED: nobody in this package exists." if about.invented else "",
    )
    octets = sum(map(len, payload.values()))
    info = {
        "Bag-Software-Agent": about.software,
        "Bagging-Date": about.created.date().isoformat(),
        "External-Description": about.title + (" (invented)" if about.invented else ""),
        "Payload-Oxum": f"{octets}.{len(payload)}",
        "Source-Organization": about.organisation,
    }
    tags = {
        "README.txt": readme.encode(),
        "bag-info.txt": "".join(f"{key}: {value}\n" for key, value in info.items()).encode(),
        "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "manifest-sha256.txt": _manifest(payload, "sha256"),
        "manifest-sha512.txt": _manifest(payload, "sha512"),
        "verify.py": resources.files("corroborate.custody").joinpath("verify.py").read_bytes(),
    }
    tags["ro-crate-metadata.json"] = _text(_crate([*payload, "README.txt", "verify.py"], about))
    seals = {f"tagmanifest-{algorithm}.txt": _manifest(tags, algorithm) for algorithm in ("sha256", "sha512")}
    digests = [hashlib.sha256(seals[name]).hexdigest() for name in sorted(seals)]
    text = "\n".join(["corroborate/package/v1", policy.log.name, *digests]) + "\n"
    note = (text + "\n" + signer.line(text)).encode()
    Note.parse(note)
    return {**payload, **tags, **seals, "signature.note": note}


def write_package(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write a package's files to a folder that is not there yet; a failure leaves no folder behind."""
    if folder.exists():
        raise InputRefused(f"{folder} is there already; a package is never written over another")
    temporary = folder.with_name(folder.name + ".new")
    try:
        for name, content in files.items():
            path = temporary / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        temporary.replace(folder)
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        raise InputRefused(f"the package could not be written: {error.strerror}") from error
