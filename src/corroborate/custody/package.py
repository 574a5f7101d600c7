"""An evidence package: BagIt 1.0 (RFC 8493) with a proof for each item and a verifier that stands alone.

Beside the bag: RO-Crate 1.1 (ro-crate-metadata.json), PROV-JSON (data/prov.json, W3C submission of 2013), C2SP
tlog-proof and tlog-policy. Files are made one after another, so that a package of any size needs little memory.
"""

import base64
import hashlib
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path
from typing import BinaryIO

from corroborate.custody.merkle import Tree
from corroborate.custody.notes import Checkpoint, Note, Signer
from corroborate.custody.policy import Policy, Witnessed
from corroborate.errors import InputRefused, InvalidValue, unwritten
from corroborate.values import JSON, canonical

HISTORY = 64  # earlier checkpoints to which a package shows the way
_ITEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,150}")
_FILE = re.compile(r'[^\x00-\x1f\x7f/\\:*?"<>|%.][^\x00-\x1f\x7f/\\:*?"<>|%]{0,150}')
_EPOCH = (1980, 1, 1, 0, 0, 0)  # of every entry of a ZIP file: the same package gives the same bytes
_MEDIA = {
    ".json": "application/json", ".txt": "text/plain", ".tlog-proof": "text/plain", ".py": "text/x-python",
    ".tsr": "application/timestamp-reply", ".note": "text/plain",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One sealed record. Without ``record`` it is withheld: only its commitment and proof are shown."""

    name: str  # of the file, without folder; not used for a withheld record, which has no more than its entry's number
    index: int  # entry of the log
    commitment: bytes
    record: bytes | None = None
    salt: bytes = b""
    title: str = ""
    recorder: str = ""
    recorded: datetime | None = None  # by the recorder's clock
    sealed: datetime | None = None  # by the vault's clock
    source: str = ""  # name of the item that it was drawn from
    use: str = ""  # what its source allows: "name", "quote"
    until: date | None = None  # last day on which it does
    file: str = ""  # attachment whose digest the record names: the bytes of a sealed file
    copy: str = ""  # of a file that is a copy: what was done to make it
    made_of: int | None = None  # and the entry of the log that holds what it was made of
    called: str = ""  # what its reader is told instead of its id elsewhere: in a dossier's footnotes

    def __post_init__(self) -> None:
        if _ITEM.fullmatch(self.name) is None or self.name.endswith("."):
            raise InvalidValue("{name!r} is no plain file name", name=self.name)
        if self.record is None:
            object.__setattr__(self, "name", f"entry_{self.index}")


@dataclass(frozen=True, slots=True)
class Software:
    """The program that made a package: ``digest`` is the SHA-256 of its source files' list, in hexadecimal."""

    name: str
    version: str = ""
    digest: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.version}".strip()


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom a package was made, and on which day its sources were asked."""

    audience: str
    body: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class SealedChange:
    """A change of the log's key (``custody.keys``) and the entry under which the log holds it."""

    note: bytes
    index: int
    salt: bytes


@dataclass(frozen=True, slots=True)
class Description:
    """What a reader is told of a package beside its items."""

    title: str
    organisation: str
    created: datetime
    software: Software | str
    consent: str  # under which consent it leaves, in a sentence
    invented: bool = False
    attachments: Mapping[str, bytes] = field(default_factory=dict)  # data/attachments/NAME: signed, not sealed
    scope: Scope | None = None
    timestamps: Mapping[str, bytes] = field(default_factory=dict)  # NAME.tsr: raw RFC 3161 tokens for the checkpoint
    earlier: Sequence[Checkpoint] = ()  # of the same log, so that who holds one sees that the log went on from it
    keys: Sequence["SealedChange"] = ()  # by which the log's key changed, the first one first
    packages: Mapping[str, Path] = field(default_factory=dict)  # other packages' folders, taken in whole

    def __post_init__(self) -> None:
        for name in (*self.attachments, *self.timestamps, *self.packages):
            if _FILE.fullmatch(name) is None or name != name.strip() or name.endswith("."):
                raise InvalidValue("{name!r} is no plain file name", name=name)


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

WHAT THIS IS

{what}
{consent}{until}

HOW TO CHECK IT, in three steps, without a network and without trusting this package

1. Have Python (3.9 or newer) with its package `cryptography` on your computer.
2. Take the program verify.py from somewhere else than this package (the coalition publishes it, and your expert may
   keep a copy): whoever sends you false papers may send a false checker with them. A copy lies here for convenience;
   compare its SHA-256 with the one that the coalition publishes:
       {digest}
3. Ask the coalition for its policy file, the list of keys that count, by another way than this package. Then:

       python verify.py THIS-FOLDER --policy POLICY-FROM-ELSEWHERE.txt

   Without a policy of your own it uses data/policy.txt, prints the keys as digits, and ends with INCOMPLETE: have
   them read to you by telephone, or compare them with those that the members publish. When they agree, give
   data/policy.txt with --policy.

WHAT THE ANSWER MEANS

VALID       Every file is as it was packed. Every record under data/items was in the member's log when other members
            co-signed that log, and has not changed since. The times at which they did are printed.
INVALID     Something does not fit. Each thing is named. Do not rely on this copy; ask for another one.
INCOMPLETE  What is here fits, but something is missing; it is named. It may be that you gave no policy.

WHAT IT DOES NOT MEAN

That a record is true. That these are all the records there are: the package says how many entries the log has.
Titles, this page and the metadata are signed by {organisation}, yet only the files under data/items were sealed.

WHAT LIES WHERE

data/items         the records, one a file, exactly as sealed
data/proofs        for each record, the proof that it stands in the log
data/policy.txt    whose signatures count, according to {organisation}
data/index.json    the list of all records, shown or withheld, and what each may be used for
data/prov.json     who handled what, and when (W3C PROV)
{more}manifest-*.txt     the digests of all files (BagIt); signature.note signs them
"""


def package_parts(
    items: Iterable[Item], tree: Tree, checkpoint: bytes | None, policy: Policy, signer: Signer, about: Description
) -> Iterator[tuple[str, bytes]]:
    """The files of a package, one after another. The checkpoint must fulfil the policy; none is needed for no items.

    Raises InvalidValue, or NotVerified from the policy, before the first file. Same arguments, same bytes.
    """
    witnessed = None if checkpoint is None else policy.check(checkpoint)
    if signer.verifier() != policy.log:
        raise InvalidValue("a package is signed by the key of the log that it proves from")
    return _parts(items, tree, checkpoint, witnessed, policy, signer, about)


def package_files(
    items: Iterable[Item], tree: Tree, checkpoint: bytes | None, policy: Policy, signer: Signer, about: Description
) -> dict[str, bytes]:
    """All files of a package by path, in memory."""
    return dict(package_parts(items, tree, checkpoint, policy, signer, about))


@dataclass(slots=True)
class _Written:
    """Digests and sizes of what was given out so far."""

    sha256: dict[str, str] = field(default_factory=dict)
    sha512: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, content: bytes) -> tuple[str, bytes]:
        if name in self.sizes:
            raise InvalidValue("{name} is in the package twice", name=name)
        self.sha256[name] = hashlib.sha256(content).hexdigest()
        self.sha512[name] = hashlib.sha512(content).hexdigest()
        self.sizes[name] = len(content)
        return name, content

    def manifest(self, algorithm: str, *, payload: bool) -> bytes:
        digests = self.sha256 if algorithm == "sha256" else self.sha512
        names = sorted(name for name in digests if name.startswith("data/") == payload)
        return "".join(f"{digests[name]}  {name}\n" for name in names).encode()


def _parts(
    items: Iterable[Item],
    tree: Tree,
    checkpoint: bytes | None,
    witnessed: Witnessed | None,
    policy: Policy,
    signer: Signer,
    about: Description,
) -> Iterator[tuple[str, bytes]]:
    written = _Written()
    software = about.software if isinstance(about.software, Software) else Software(about.software)
    verifier = resources.files("corroborate.custody").joinpath("verify.py").read_bytes()
    yield written.add("data/policy.txt", policy.text().encode())
    light: list[Item] = []  # all but their records
    for item in items:
        if checkpoint is None or witnessed is None:
            raise InvalidValue("items can be proved from a checkpoint only")
        hashes = tree.inclusion(item.index, witnessed.checkpoint.size)
        salt = item.salt if item.record is not None else b""
        yield written.add(_proof(item), proof_text(item.index, hashes, checkpoint, salt))
        if item.record is not None:
            yield written.add(f"data/items/{item.name}", item.record)
            item = replace(item, record=b"", salt=b"")
        light.append(item)
    yield written.add("data/index.json", _text(_index(light, about, software)))
    yield written.add("data/prov.json", _text(_prov(light, witnessed, about, software)))
    yield from _keys(written, tree, checkpoint, witnessed, about)
    if witnessed is not None and (steps := _history(tree, witnessed.checkpoint, about.earlier)):
        yield written.add("data/history.json", _text({"version": 1, "checkpoints": steps}))
    for folder, files in (("timestamps", about.timestamps), ("attachments", about.attachments)):
        for name in sorted(files):
            yield written.add(f"data/{folder}/{name}", files[name])
    for name in sorted(about.packages):
        for path in _inside(about.packages[name]):
            inner = path.relative_to(about.packages[name]).as_posix()
            yield written.add(f"data/packages/{name}/{inner}", path.read_bytes())
    info = _bag_info(written, about, software)
    yield written.add("README.txt", _readme(light, about, hashlib.sha256(verifier).hexdigest()).encode())
    yield written.add("bag-info.txt", info)
    yield written.add("bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    yield written.add("verify.py", verifier)
    yield written.add("ro-crate-metadata.json", _text(_crate(written, light, about, software)))
    for algorithm in ("sha256", "sha512"):
        yield written.add(f"manifest-{algorithm}.txt", written.manifest(algorithm, payload=True))
    seals = {f"tagmanifest-{algorithm}.txt": written.manifest(algorithm, payload=False) for algorithm in _SEALS}
    yield from seals.items()
    digests = [hashlib.sha256(seals[name]).hexdigest() for name in sorted(seals)]
    text = "\n".join(["corroborate/package/v1", policy.log.name, *digests]) + "\n"
    note = (text + "\n" + signer.line(text)).encode()
    Note.parse(note)
    yield "signature.note", note


def _keys(
    written: _Written, tree: Tree, checkpoint: bytes | None, witnessed: Witnessed | None, about: Description
) -> Iterator[tuple[str, bytes]]:
    """Each change of the log's key, with its proof where the checkpoint holds it."""
    for number, change in enumerate(about.keys, 1):
        yield written.add(f"data/keys/change-{number:03}.note", change.note)
        if checkpoint is not None and witnessed is not None and change.index < witnessed.checkpoint.size:
            hashes = tree.inclusion(change.index, witnessed.checkpoint.size)
            proof = proof_text(change.index, hashes, checkpoint, change.salt)
            yield written.add(f"data/keys/change-{number:03}.tlog-proof", proof)


def _bag_info(written: _Written, about: Description, software: Software) -> bytes:
    """What stands in bag-info.txt, once the payload is whole."""
    info = {
        "Bag-Software-Agent": str(software),
        "Bagging-Date": about.created.date().isoformat(),
        "External-Description": about.title + (" (invented)" if about.invented else ""),
        "Payload-Oxum": f"{sum(written.sizes.values())}.{len(written.sizes)}",
        "Source-Organization": about.organisation,
    }
    return "".join(f"{key}: {' '.join(value.split())}\n" for key, value in info.items()).encode()


_SEALS = ("sha256", "sha512")


def _proof(item: Item) -> str:
    return f"data/proofs/{item.name}.tlog-proof"


def _text(value: JSON) -> bytes:
    return (json.dumps(json.loads(canonical(value)), indent=1, ensure_ascii=False) + "\n").encode()


def _inside(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _index(items: Sequence[Item], about: Description, software: Software) -> dict[str, JSON]:
    scope = about.scope or Scope(about.consent)
    listed: list[JSON] = []
    for item in items:
        entry: dict[str, JSON] = {"path": f"data/items/{item.name}", "proof": _proof(item)}
        if item.record is None:
            entry["commitment"] = item.commitment.hex()
        else:
            entry |= {"title": item.title, "use": item.use, "until": item.until.isoformat() if item.until else None}
            if item.called:
                entry["called"] = item.called
            if item.file:
                entry["file"] = f"data/attachments/{item.file}"
            if item.made_of is not None:
                entry["copy"] = {"kind": item.copy, "of": f"data/items/entry_{item.made_of}"}
        listed.append(entry)
    return {
        "version": 1,
        "invented": about.invented,
        "organisation": about.organisation,
        "created": about.created.isoformat(),
        "scope": {
            "audience": scope.audience,
            "body": scope.body,
            "on": scope.on.isoformat() if scope.on else None,
        },
        "software": {"name": software.name, "version": software.version, "sha256": software.digest},
        "items": listed,
        "packages": list[JSON](sorted(about.packages)),
    }


def _history(tree: Tree, newest: Checkpoint, earlier: Sequence[Checkpoint]) -> list[JSON]:
    """For each earlier checkpoint, the proof that the log went on from it (RFC 6962, section 2.1.2)."""
    found: list[JSON] = []
    for one in sorted({c.size: c for c in earlier if 0 < c.size < newest.size}.values(), key=lambda c: c.size)[
        -HISTORY:
    ]:
        if one.origin != newest.origin or tree.root(one.size) != one.root:
            raise InvalidValue(
                (
                    "the log does not go on from its checkpoint of {size} entry",
                    "the log does not go on from its checkpoint of {size} entries",
                ),
                size=one.size,
            )
        proof = [base64.b64encode(part).decode() for part in tree.consistency(one.size, newest.size)]
        root = base64.b64encode(one.root).decode()
        found.append({"size": one.size, "root": root, "proof": list[JSON](proof)})
    return found


def _readme(items: Sequence[Item], about: Description, digest: str) -> str:
    shown = sum(item.record is not None for item in items)
    withheld, inner = len(items) - shown, len(about.packages)
    what = []
    if items:
        what.append(f"Records of {about.organisation}, each in a file of its own, as they were sealed: {shown}.")
    if withheld:
        what.append(
            f"Withheld, because their sources did not allow them to be shown here: {withheld} more. The package\n"
            "proves that they were sealed, and shows nothing of them."
        )
    for item in items:
        if item.file:
            what.append(f"data/attachments/{item.file}: the file whose digest stands in data/items/{item.name}.")
        if item.made_of is not None:
            what.append(f"    A copy ({item.copy}) of what entry {item.made_of} of the log holds, which is withheld.")
    if inner:
        what.append(f"Packages of other members under data/packages, each whole: {inner}.")
    ends = [item.until for item in items if item.until is not None]
    until = f"\nSome may be used until {min(ends).isoformat()} and no longer; see data/index.json." if ends else ""
    more = "".join(
        f"{f'data/{folder}':<19}{what_}\n"
        for folder, what_, there in (
            ("keys", "the notes by which the log's key changed, each with its proof", about.keys),
            ("timestamps", "tokens of timestamp authorities (RFC 3161), as received", about.timestamps),
            ("packages", "packages of other members", about.packages),
            ("attachments", _attached(items, about), about.attachments),
        )
        if there
    )
    return _README.format(
        title=about.title,
        organisation=about.organisation,
        created=about.created.date().isoformat(),
        invented="\n\nINVENTED: nobody in this package exists." if about.invented else "",
        what="\n".join(what) or "Nothing.",
        consent=f"Given {about.consent}.",
        until=until,
        digest=digest,
        more=more,
    )


def _attached(items: Sequence[Item], about: Description) -> str:
    """What data/attachments holds: files whose digest a sealed record names, and others."""
    sealed = {item.file for item in items if item.file}
    if not sealed:
        return "other files; signed, not sealed"
    more = "" if sealed.issuperset(about.attachments) else "; others are signed, not sealed"
    return f"files of which sealed records have the digests{more}"


def _prov(
    items: Sequence[Item], witnessed: Witnessed | None, about: Description, software: Software
) -> dict[str, JSON]:
    """Who handled what, and when: recorder, source, sealing, witnesses, packing."""
    organisation, program, packing, package = "cor:organisation", "cor:software", "cor:packing", "cor:package"
    agents: dict[str, JSON] = {
        organisation: {"prov:type": _type("Organization"), "prov:label": about.organisation},
        program: {"prov:type": _type("SoftwareAgent"), "prov:label": str(software), "cor:sha256": software.digest},
    }
    entities: dict[str, JSON] = {package: {"prov:label": about.title}}
    activities: dict[str, JSON] = {packing: {"prov:endTime": _time(about.created), "prov:label": "packing"}}
    relations: dict[str, list[JSON]] = {name: [] for name in _RELATIONS}
    relations["wasAssociatedWith"] += [{"prov:activity": packing, "prov:agent": one} for one in (organisation, program)]
    relations["wasGeneratedBy"].append(
        {"prov:entity": package, "prov:activity": packing, "prov:time": _time(about.created)}
    )
    shown = {item.name: item for item in items if item.record is not None}
    recorders = sorted({item.recorder for item in shown.values() if item.recorder})
    number = {name: f"cor:recorder-{at}" for at, name in enumerate(recorders, 1)}
    for name in recorders:
        agents[number[name]] = {"prov:label": name}
        relations["actedOnBehalfOf"].append({"prov:delegate": number[name], "prov:responsible": organisation})
    for item in items:
        entity = f"cor:item-{item.name}"
        about_it: dict[str, JSON] = {"cor:entry": item.index}
        if item.record is not None:
            about_it["prov:label"] = item.title or item.name
            if item.sealed:
                about_it["cor:sealedAt"] = _time(item.sealed)
            recording = f"cor:recording-{item.name}"
            if item.recorded:
                activities[recording] = {"prov:endTime": _time(item.recorded), "prov:label": "recording"}
                made: dict[str, JSON] = {"prov:entity": entity, "prov:activity": recording}
                relations["wasGeneratedBy"].append({**made, "prov:time": _time(item.recorded)})
            agent = number.get(item.recorder, organisation)
            relations["wasAttributedTo"].append({"prov:entity": entity, "prov:agent": agent})
            if item.source in shown:
                relations["wasDerivedFrom"].append(
                    {"prov:generatedEntity": entity, "prov:usedEntity": f"cor:item-{item.source}"}
                )
        entities[entity] = about_it
        relations["used"].append({"prov:activity": packing, "prov:entity": entity})
    if witnessed is not None:
        relations["wasAttributedTo"].append({"prov:entity": "cor:checkpoint", "prov:agent": organisation})
        _cosigned(witnessed, entities, agents, activities, relations)
    for name in sorted(about.timestamps):
        entities[f"cor:timestamp-{_local(name)}"] = {"prov:label": name}
    for name in sorted(about.packages):
        entities[f"cor:package-{_local(name)}"] = {"prov:label": name}
        relations["used"].append({"prov:activity": packing, "prov:entity": f"cor:package-{_local(name)}"})
    return {
        "prefix": {"cor": "urn:corroborate:"},
        "agent": agents,
        "activity": activities,
        "entity": entities,
        **{name: {f"_:{name}{at}": one for at, one in enumerate(rows, 1)} for name, rows in relations.items() if rows},
    }


def _cosigned(
    witnessed: Witnessed,
    entities: dict[str, JSON],
    agents: dict[str, JSON],
    activities: dict[str, JSON],
    relations: dict[str, list[JSON]],
) -> None:
    """The checkpoint, and who cosigned it when."""
    entities["cor:checkpoint"] = {
        "prov:label": witnessed.checkpoint.origin,
        "cor:size": witnessed.checkpoint.size,
        "cor:root": base64.b64encode(witnessed.checkpoint.root).decode(),
    }
    for at, (name, moment) in enumerate(sorted(witnessed.times.items()), 1):
        agent, cosigning = f"cor:witness-{at}", f"cor:cosigning-{at}"
        agents[agent] = {"prov:type": _type("Organization"), "prov:label": name}
        activities[cosigning] = {"prov:endTime": _time(moment), "prov:label": "cosigning"}
        relations["used"].append({"prov:activity": cosigning, "prov:entity": "cor:checkpoint"})
        relations["wasAssociatedWith"].append({"prov:activity": cosigning, "prov:agent": agent})


_RELATIONS = (
    "wasGeneratedBy", "used", "wasAssociatedWith", "wasAttributedTo", "actedOnBehalfOf", "wasDerivedFrom",
)  # fmt: skip


def _type(name: str) -> JSON:
    return {"$": f"prov:{name}", "type": "prov:QUALIFIED_NAME"}


def _local(name: str) -> str:
    """A name of any letters as the local part of a PROV identifier."""
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _crate(written: _Written, items: Sequence[Item], about: Description, software: Software) -> dict[str, JSON]:
    """RO-Crate 1.1: what lies in the package, for catalogues. Nothing in it is needed to verify."""
    titles = {f"data/items/{item.name}": item.title for item in items if item.record is not None}
    parts: list[JSON] = []
    for name in sorted(written.sizes):
        part: dict[str, JSON] = {
            "@id": _address(name),
            "@type": "File",
            "name": titles.get(name) or name.rsplit("/", 1)[-1],
            "contentSize": str(written.sizes[name]),
        }
        if media := _MEDIA.get(Path(name).suffix):
            part["encodingFormat"] = media
        parts.append(part)
    root: dict[str, JSON] = {
        "@id": "./",
        "@type": "Dataset",
        "name": about.title,
        "description": f"Sealed records of {about.organisation} with proofs, given {about.consent}.",
        "datePublished": about.created.date().isoformat(),
        "license": {"@id": "#terms"},
        "author": {"@id": "#organisation"},
        "publisher": {"@id": "#organisation"},
        "hasPart": [{"@id": _address(name)} for name in sorted(written.sizes)],
        "mentions": {"@id": "#packing"},
    }
    graph: list[JSON] = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "about": {"@id": "./"},
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        },
        root,
        {"@id": "#organisation", "@type": "Organization", "name": about.organisation},
        {
            "@id": "#terms", "@type": "CreativeWork", "name": "Consent of the sources",
            "description": f"Given {about.consent}. data/index.json says for each item what it may be used for.",
        },
        {
            "@id": "#packing", "@type": "CreateAction", "name": "Packing", "agent": {"@id": "#organisation"},
            "instrument": {"@id": "#software"}, "endTime": _time(about.created), "result": {"@id": "./"},
        },
        {
            "@id": "#software", "@type": "SoftwareApplication", "name": software.name,
            "softwareVersion": software.version or "unknown",
            "description": f"SHA-256 of its source: {software.digest or 'not given'}",
        },
        *parts,
    ]  # fmt: skip
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}


def _address(name: str) -> str:
    """A path as a relative URI: letters of any script stay, spaces and marks are written in percent."""
    return re.sub(r"[\s#\[\]{}^`]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), name)


def write_package(folder: Path, files: Mapping[str, bytes] | Iterable[tuple[str, bytes | Iterable[bytes]]]) -> None:
    """Write a package's files, each whole or in parts, to a folder that is not there yet; a failure leaves no folder
    behind."""
    if folder.exists():
        raise InputRefused("{folder} is there already; a package is never written over another", folder=folder)
    temporary = folder.with_name(folder.name + ".new")
    if temporary.exists():
        raise InputRefused("{temporary} is left of an earlier try; look at it and remove it", temporary=temporary)
    try:
        for name, content in files.items() if isinstance(files, Mapping) else files:
            path = temporary / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                file.writelines([content] if isinstance(content, bytes) else content)
        temporary.replace(folder)
    except OSError as error:
        raise unwritten("the package", error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


class _Growing(io.BytesIO):
    """A file of which what was written is taken away: a ZIP writer goes back within an entry, and no further."""

    gone = 0

    def tell(self) -> int:
        return self.gone + super().tell()

    def seek(self, offset: int, whence: int = 0) -> int:
        return self.gone + super().seek(offset if whence else offset - self.gone, whence)

    def taken(self) -> bytes:
        found = self.getvalue()
        self.gone += len(found)
        super().seek(0)
        super().truncate(0)
        return found


def zip_parts(top: str, files: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """A package as a ZIP with one folder ``top`` in it, entry by entry. Same files, same bytes."""
    out = _Growing()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items() if isinstance(files, Mapping) else files:
            entry = zipfile.ZipInfo(f"{top}/{name}", _EPOCH)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
            yield out.taken()
    yield out.taken()


def write_zip(file: BinaryIO, top: str, files: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> None:
    """The same, as a file."""
    file.writelines(zip_parts(top, files))
