"""What leaves as a package for a court or commission: each record as its source's consent allows, the rest as seals.

The record that a package was made is sealed in the log like any other, with the records that it showed.
"""

import hashlib
import importlib.util
import io
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

import pyrage

from corroborate import version
from corroborate.custody import (
    Checkpoint,
    Description,
    Item,
    Note,
    Policy,
    Scope,
    SealedChange,
    Software,
    package_parts,
    seal,
    verify,
    write_file,
    write_package,
    write_zip,
    zip_parts,
)
from corroborate.custody.keys import KeyHistory, is_change
from corroborate.disclosure import FILE, Decided, Release
from corroborate.errors import CorroborateError, InputRefused, InvalidValue, NotAllowed
from corroborate.values import canonical, new_id
from corroborate_node.core.desk import Desk
from corroborate_node.core.opened import Vault
from corroborate_node.core.storing import insert, storing
from corroborate_node.files import queries as files
from corroborate_node.log import queries as log
from corroborate_node.log.models import KeyNote, LogEntry, Token
from corroborate_node.log.queries import histories
from corroborate_node.log.rollback import may_sign
from corroborate_node.log.sealing import seal_record
from corroborate_node.records import queries
from corroborate_node.release.attaching import same
from corroborate_node.release.models import Package, PackagedRecord
from corroborate_node.release.pseudonyms import called

PROGRAMS = ("corroborate", "corroborate_cli", "corroborate_node")


@dataclass(frozen=True, slots=True)
class Packed:
    """How many items show their record, how many only that one was sealed, and the number to tell by telephone."""

    shown: int
    withheld: int
    number: str = ""


@dataclass(frozen=True, slots=True)
class Packing:
    """How a release is packed; what of it is the release's own decision."""

    policy: Policy | None = None  # whose signatures count; without one the vault's own alone
    timestamps: Mapping[str, bytes] = field(default_factory=dict)  # NAME.tsr: raw RFC 3161 tokens
    include: Sequence[Path] = ()  # folders of the other packages that the release names
    to: Sequence[str] = ()  # age public keys; with them the package is one encrypted file
    tell: Callable[[int, int], None] | None = None  # the numbers of records written and of all, for who waits
    mark: str = ""  # who takes it along under which grant and when: stands in its signed description


@cache
def software() -> Software:
    """This program and the SHA-256 over its sources, as ``sha256sum`` lists them in the order of their paths."""
    lines = []
    for program in PROGRAMS:
        found = importlib.util.find_spec(program)
        if found is None or found.origin is None:
            continue
        root = Path(found.origin).parent
        lines += [
            f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(root.parent).as_posix()}\n"
            for path in root.rglob("*.py")
        ]
    listed = "".join(sorted(lines, key=lambda line: line[66:]))
    return Software("corroborate", version(), hashlib.sha256(listed.encode()).hexdigest())


def pack(desk: Desk, made: Release, number: int, out: Path, how: Packing) -> Packed:
    """Write the package of a release; record and seal that it was made. To be called by the door alone.

    Only entries under the newest checkpoint can be proved, so others raise InvalidValue: make a checkpoint first.
    """
    if out.exists():
        raise InputRefused("{out} is there already; a package is never written over another", out=out)
    choice, parts = _parts(desk, made, how)
    try:
        with storing():
            _write(out, parts, how.to)
            _record(choice, parts.number, made, number, desk)
    except CorroborateError:
        _remove(out)
        raise
    return Packed(len(choice.shown), choice.withheld, parts.number)


def packed_bytes(desk: Desk, made: Release, number: int, mark: str = "") -> bytes:
    """The same as a ZIP file in memory, for the holder of a grant."""
    return b"".join(packed_parts(desk, made, number, mark))


def packed_parts(desk: Desk, made: Release, number: int, mark: str = "") -> Iterator[bytes]:
    """The same as a ZIP file in parts, for a bundle that is encrypted while they come: one sealed file of it is held at
    a time. After the last one it is recorded and sealed that it was made."""
    choice, parts = _parts(desk, made, Packing(mark=mark))

    def passing() -> Iterator[bytes]:
        yield from zip_parts("package", parts)
        with storing():
            _record(choice, parts.number, made, number, desk)

    return passing()


def _parts(desk: Desk, made: Release, how: Packing) -> "tuple[_Choice, _Numbered]":
    vault, at = desk.vault, desk.at
    if vault.hub:
        raise NotAllowed("a hub packs nothing: it would read records that are not its own; let a member do it")
    may_sign(vault, at)
    note = log.newest_checkpoint()
    if note is None:
        raise InvalidValue("the log has no checkpoint yet; run `corroborate log checkpoint`")
    choice = _Choice(desk, made)
    items = choice.items() if how.tell is None else choice.with_progress(how.tell)
    about = Description(
        f"Records of {vault.name}",
        vault.name,
        at,
        software(),
        f"for {made.body or made.audience}, as each source allowed on {made.on.isoformat()}; the rest is withheld"
        + (f"; {how.mark}" if how.mark else ""),
        invented=choice.invented,
        attachments=choice.files,
        scope=Scope(made.audience, made.body, made.on),
        timestamps={**_tokens(note), **how.timestamps},
        earlier=[Checkpoint.parse(Note.parse(one).text) for one in log.checkpoints()],
        packages=same(made.attached, how.include, at.date()),
        keys=_key_changes(vault),
    )
    history = histories().get(vault.signer.name, KeyHistory(vault.signer.verifier()))
    policy = how.policy or Policy(vault.signer.verifier(), {}, 0, earlier=history.keys[1:])
    history.check(note, policy)
    return choice, _Numbered(package_parts(items, log.whole_tree(), note, policy, vault.signer, about))


def _remove(out: Path) -> None:
    """A package whose making could not be recorded does not stay."""
    if out.is_dir():
        shutil.rmtree(out)
    out.unlink(missing_ok=True)


def _tokens(note: bytes) -> dict[str, bytes]:
    """The timestamp tokens that came for a checkpoint, unreadable ones too; not those that are over other bytes."""
    kept = Token.objects.filter(size=Checkpoint.parse(Note.parse(note).text).size).order_by("id")
    return {
        f"token-{at}.tsr": bytes(one.raw) for at, one in enumerate(kept, 1) if one.state not in ("other", "refused")
    }


def _key_changes(vault: Vault) -> list[SealedChange]:
    """The notes by which this log's key changed, each with the entry that seals it."""
    rows = KeyNote.objects.filter(origin=vault.signer.name).order_by("id")
    notes = [note for note in (bytes(row.note) for row in rows) if is_change(note)]
    entries = LogEntry.objects.filter(kind="key", record=vault.signer.name[:80]).exclude(salt=None)
    sealed = [(one, bytes(one.salt)) for one in entries if one.salt is not None]
    found = []
    for note in notes:
        entry, salt = next((one, salt) for one, salt in sealed if seal(note, salt).entry == bytes(one.commitment))
        found.append(SealedChange(note, entry.index, salt))
    return found


class _Numbered:
    """The parts of a package as they pass; afterwards ``number`` is its number."""

    def __init__(self, parts: Iterator[tuple[str, bytes]]) -> None:
        self._parts, self.number = parts, ""

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        for name, content in self._parts:
            if name == verify.SIGNATURE:
                self.number = verify.digits(Note.parse(content).text.encode())
            yield name, content


def _write(out: Path, parts: _Numbered, to: Sequence[str]) -> None:
    """A folder; or a ZIP file within an age file, of which nothing was on the disk in the clear."""
    if not to:
        write_package(out, parts)
        return
    try:
        keys = [pyrage.x25519.Recipient.from_str(key) for key in sorted(set(to))]
    except pyrage.RecipientError as error:
        raise InvalidValue("{listed}: one of these is no age public key (age1…)", listed=", ".join(to)[:200]) from error
    packed = io.BytesIO()
    write_zip(packed, out.name.split(".")[0] or "package", parts)
    write_file(out, pyrage.encrypt(packed.getvalue(), keys))


def _record(choice: "_Choice", number: str, made: Release, release: int, desk: Desk) -> None:
    """Keep who was given what, and seal it."""
    id_ = new_id("package", milliseconds=int(desk.at.timestamp() * 1000), randomness=desk.entropy(10))
    Package.objects.create(
        id=id_, number=number, audience=made.audience, body=made.body, asked_on=made.on, at=desk.at,
        withheld=choice.withheld, release_id=release,
    )  # fmt: skip
    insert(PackagedRecord, [PackagedRecord(package_id=id_, record=record) for record in choice.shown])
    content = canonical(
        {
            "version": 1, "id": id_, "number": number, "audience": made.audience, "body": made.body,
            "on": made.on.isoformat(), "at": desk.at.isoformat(), "shown": list(choice.shown),
            "withheld": choice.withheld,
        }
    )  # fmt: skip
    seal_record("package", id_, content, desk.at, entropy=desk.entropy)


@dataclass(frozen=True, slots=True)
class _Whole:
    """A file that goes: its record, how its name ends, and of a copy its kind and the id of what it was made of."""

    record: bytes
    ending: str
    kind: str
    original: str


class _Contents(Mapping[str, bytes]):
    """The bytes of files that go, by name; each is decrypted when it is asked for."""

    def __init__(self, desk: Desk, ids: Mapping[str, str]) -> None:
        self._desk, self._ids = desk, ids

    def __getitem__(self, name: str) -> bytes:
        return files.content(self._desk, self._ids[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


class _Choice:
    """The records of a release, shown or only proven. They are written out one by one, as they are asked for."""

    def __init__(self, desk: Desk, made: Release) -> None:
        self.shown: list[str] = []
        self.withheld = 0
        self._proven: set[int] = set()  # originals of copies that go
        self._called = partial(called, desk.vault, made)
        self._claims = {one.id: one for one in queries.claims()}
        self._sources = queries.sources()
        here = self._claims.keys() | self._sources.keys()
        whole = {one.record: files.sealed(desk, one.record) for one in made.items if one.kind == FILE and one.goes}
        self._whole = {id_: _Whole(*found) for id_, found in whole.items()}
        self.files = _Contents(desk, {f"{id_}{one.ending}": id_ for id_, one in self._whole.items()})
        self._items = [one for one in made.items if one.record in here or one.record in whole]
        self.invented = any(self._sources[one.record].invented for one in self._items if one.record in self._sources)

    def items(self) -> Iterator[Item]:
        """An item of a withheld record is called by its entry: its id would say when the record was made."""
        seals = {e.record: e for e in LogEntry.objects.filter(kind__in=("claim", "source", FILE)).order_by("index")}
        for one in self._items:
            entry, use, until = seals[one.record], one.use, one.until
            if one.kind == FILE:
                yield from self._file(one, entry, seals)
            elif one.kind == "source":
                source = self._sources[one.record]
                yield self._item(one, entry, source.canonical(), source.kind, use=use, until=until)
            else:
                claim = self._claims[one.record]
                yield self._item(
                    one, entry, claim.canonical(), claim.property, use=use, until=until,
                    recorder=claim.recorder, recorded=claim.recorded_at, source=f"{claim.source}.json",
                )  # fmt: skip

    def _file(self, one: Decided, entry: LogEntry, seals: Mapping[str, LogEntry]) -> Iterator[Item]:
        """The record of a file that goes. What a copy was made of stands there by its seal alone: not by its digest,
        which would tell whoever has the original that it is this one."""
        found = self._whole[one.record]
        original = seals[found.original] if found.original else None
        yield self._item(
            one,
            entry,
            found.record,
            found.kind or FILE,
            use=one.use,
            until=one.until,
            file=f"{one.record}{found.ending}",
            copy=found.kind,
            made_of=None if original is None else original.index,
        )
        if original is not None and original.index not in self._proven:
            self._proven.add(original.index)
            self.withheld += 1
            yield Item(f"entry_{original.index}", original.index, bytes(original.commitment))

    def with_progress(self, tell: Callable[[int, int], None]) -> Iterator[Item]:
        """The same, and after each how many there were of all."""
        for number, item in enumerate(self.items(), 1):
            yield item
            tell(min(number, len(self._items)), len(self._items))  # originals of copies stand beside

    def _item(self, one: Decided, entry: LogEntry, record: bytes, title: str, **about: object) -> Item:
        if not one.goes or entry.salt is None:
            self.withheld += 1
            return Item(f"entry_{entry.index}", entry.index, bytes(entry.commitment))
        self.shown.append(entry.record)
        about["called"] = self._called(entry.record)
        return Item(
            f"{entry.record}.json", entry.index, bytes(entry.commitment), record, bytes(entry.salt), title,
            sealed=entry.at, **about,  # type: ignore[arg-type]
        )  # fmt: skip
