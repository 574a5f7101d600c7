"""What leaves as a package for a court or commission: each record as its source's consent allows, the rest as seals.

The record that a package was made is sealed in the log like any other, with the records that it showed.
"""

import hashlib
import importlib.util
import io
import json
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
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
)
from corroborate.custody.keys import KeyHistory
from corroborate.errors import CorroborateError, InputRefused, InvalidValue, NotAllowed, NotVerified
from corroborate.records import Audience, Claim, Leaving, Permissions, Reference, Use
from corroborate.records.consent import leaving_day
from corroborate.values import Name, canonical, new_id
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.opened import Vault
from corroborate_node.core.storing import insert, storing
from corroborate_node.log import queries as log
from corroborate_node.log.marks import may_sign
from corroborate_node.log.models import KeyNote, LogEntry, Token
from corroborate_node.log.queries import histories
from corroborate_node.log.sealing import Entropy, seal_record
from corroborate_node.records import queries, rows
from corroborate_node.release.models import Package, PackagedRecord

PROGRAMS = ("corroborate", "corroborate_cli", "corroborate_node")


@dataclass(frozen=True, slots=True)
class Packed:
    """How many items show their record, how many only that one was sealed, and the number to tell by telephone."""

    shown: int
    withheld: int
    number: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a package is to hold, and for whom."""

    audience: Audience
    on: date  # the day on which consent is asked
    body: str = ""  # the court or commission, of audience "named body"
    claims: Collection[str] | None = None  # None: all
    timestamps: Mapping[str, bytes] = field(default_factory=dict)  # NAME.tsr: raw RFC 3161 tokens
    include: Sequence[Path] = ()  # folders of other packages
    to: Sequence[str] = ()  # age public keys; with them the package is one encrypted file


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


def use_of(claim: Claim) -> Use:
    """Which permission a claim needs: one that names or leads to a person needs ``name``, any other ``quote``."""
    names = isinstance(claim.value, Name) or claim.property in (*rows.NAMES, "kin")
    return "name" if names or isinstance(claim.value, Reference) else "quote"


def _claims(_out: Path, asked: Asked, **_: object) -> Collection[str]:
    """What a package is known by in the journal, where some claims were chosen; else its own record says what left."""
    return asked.claims or ()


@act("package.pack", ways=("command pack",), objects=_claims, kind="export", whole=False)
def pack(
    desk: Desk,
    out: Path,
    asked: Asked,
    *,
    policy: Policy | None = None,
    tell: Callable[[int, int], None] | None = None,
) -> Packed:
    """Write a package of some claims and the sources they stand on; record and seal that it was made.

    Only entries under the newest checkpoint can be proved, so others raise InvalidValue: make a checkpoint first.
    ``policy``: whose signatures count; without one, the vault's own alone, which no reader should be content with.
    ``tell``: called with the numbers of records written and of all, for who waits.
    """
    vault, at, entropy = desk.vault, desk.at, desk.entropy
    if vault.hub:
        raise NotAllowed("a hub packs nothing: it would read records that are not its own; let a member do it")
    if out.exists():
        raise InputRefused(f"{out} is there already; a package is never written over another")
    may_sign(vault, at)
    leaving_day(asked.on, at, log.last_entry_at())
    note = log.newest_checkpoint()
    if note is None:
        raise InvalidValue("the log has no checkpoint yet; run `corroborate log checkpoint`")
    choice = _Choice(asked, at.date())
    items = choice.items() if tell is None else choice.told(tell)
    about = Description(
        f"Records of {vault.name}",
        vault.name,
        at,
        software(),
        f"for {asked.body or asked.audience}, as each source allowed on {asked.on.isoformat()}; the rest is withheld",
        invented=choice.invented,
        scope=Scope(asked.audience, asked.body, asked.on),
        timestamps={**_tokens(note), **asked.timestamps},
        earlier=[Checkpoint.parse(Note.parse(one).text) for one in log.checkpoints()],
        packages=_included(asked),
        keys=_key_changes(vault),
    )
    history = histories().get(vault.signer.name, KeyHistory(vault.signer.verifier()))
    policy = policy or Policy(vault.signer.verifier(), {}, 0, earlier=history.keys[1:])
    history.check(note, policy)
    parts = _Numbered(package_parts(items, log.whole_tree(), note, policy, vault.signer, about))
    try:
        with storing():
            _write(out, parts, asked.to)
            _record(choice, parts.number, asked, at, entropy)
    except CorroborateError:
        _remove(out)
        raise
    return Packed(len(choice.shown), choice.withheld, parts.number)


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
    notes = [bytes(row.note) for row in KeyNote.objects.filter(origin=vault.signer.name).order_by("id")]
    entries = LogEntry.objects.filter(kind="key", record=vault.signer.name[:80]).exclude(salt=None)
    sealed = {bytes(one.commitment): one for one in entries}
    found = []
    for note in notes:
        entry = next(one for one in sealed.values() if seal(note, bytes(one.salt)).entry == bytes(one.commitment))
        found.append(SealedChange(note, entry.index, bytes(entry.salt)))
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
        raise InvalidValue(f"{', '.join(to)[:200]}: one of these is no age public key (age1…)") from error
    packed = io.BytesIO()
    write_zip(packed, out.name.split(".")[0] or "package", parts)
    write_file(out, pyrage.encrypt(packed.getvalue(), keys))


def _record(choice: "_Choice", number: str, asked: Asked, at: datetime, entropy: Entropy) -> None:
    """Keep who was given what, and seal it."""
    id_ = new_id("package", milliseconds=int(at.timestamp() * 1000), randomness=entropy(10))
    Package.objects.create(
        id=id_, number=number, audience=asked.audience, body=asked.body, asked_on=asked.on, at=at,
        withheld=choice.withheld,
    )  # fmt: skip
    insert(PackagedRecord, [PackagedRecord(package_id=id_, record=record) for record in choice.shown])
    content = canonical(
        {
            "version": 1, "id": id_, "number": number, "audience": asked.audience, "body": asked.body,
            "on": asked.on.isoformat(), "at": at.isoformat(), "shown": list(choice.shown), "withheld": choice.withheld,
        }
    )  # fmt: skip
    seal_record("package", id_, content, at, entropy=entropy)


class _Choice:
    """Which records are shown and which only proven. Records are written out one by one, as they are asked for."""

    def __init__(self, asked: Asked, today: date) -> None:
        self.shown: list[str] = []
        self.withheld = 0
        self._permissions = Permissions.of(queries.consents(), asked.audience, asked.on, asked.body, today)
        self._sources = queries.sources()
        chosen = asked.claims
        self._claims = [one for one in queries.claims() if chosen is None or one.id in chosen]
        # an act's victims are asked for, whether or not the claim that says so is packed
        self._leaving = Leaving.of(self._permissions, queries.claims(("victim",)))
        self._unnamed = queries.people_taken_back(self._permissions)
        if chosen is not None and (missing := set(chosen) - {one.id for one in self._claims}):
            raise InvalidValue(f"{len(missing)} of the claims are unknown here or withdrawn, such as {min(missing)}")
        self._used = sorted({one.source for one in self._claims})
        self.invented = any(self._sources[id_].invented for id_ in self._used)

    def items(self) -> Iterator[Item]:
        """An item of a withheld record is called by its entry: its id would say when the record was made."""
        seals = {e.record: e for e in LogEntry.objects.filter(kind__in=("claim", "source")).order_by("index")}
        for claim in self._claims:
            entry, use = seals[claim.id], use_of(claim)
            allowed, until = self._allows(claim, use), self._permissions.until(use, claim.source)
            yield self._item(
                entry, claim.canonical() if allowed else None, claim.property, use=use, until=until,
                recorder=claim.recorder, recorded=claim.recorded_at, source=f"{claim.source}.json",
            )  # fmt: skip
        for id_ in self._used:
            entry = seals[id_]
            allowed, until = self._permissions.allows("name", id_), self._permissions.until("name", id_)
            record = self._sources[id_].canonical() if allowed else None
            yield self._item(entry, record, self._sources[id_].kind, use="name", until=until)

    def told(self, tell: Callable[[int, int], None]) -> Iterator[Item]:
        """The same, and after each how many there were of all."""
        all_ = len(self._claims) + len(self._used)
        for number, item in enumerate(self.items(), 1):
            yield item
            tell(number, all_)

    def _item(self, entry: LogEntry, record: bytes | None, title: str, **about: object) -> Item:
        if record is None or entry.salt is None:
            self.withheld += 1
            return Item(f"entry_{entry.index}", entry.index, bytes(entry.commitment))
        self.shown.append(entry.record)
        return Item(
            f"{entry.record}.json", entry.index, bytes(entry.commitment), record, bytes(entry.salt), title,
            sealed=entry.at, **about,  # type: ignore[arg-type]
        )  # fmt: skip

    def _allows(self, claim: Claim, use: Use) -> bool:
        """Whether a claim may be shown: its source allows it, of a body its person, and no name was taken back."""
        about = {claim.subject, claim.value.entity if isinstance(claim.value, Reference) else ""}
        return self._leaving.allows(use, claim) and not (use == "name" and about & self._unnamed)


def _included(asked: Asked) -> dict[str, Path]:
    """Other packages by name. Each must hold by itself, and must have been given for the same readers or for all."""
    found: dict[str, Path] = {}
    for path in asked.include:
        result = verify.verify(path)
        if result["verdict"] == "invalid" or not path.is_dir():
            why = result["failures"][0] if result["failures"] else "give it as a folder, unpacked"
            raise NotVerified(f"{path.name} is not taken in: {why}")
        index = json.loads((path / verify.INDEX).read_bytes())
        scope = (index["scope"]["audience"], index["scope"]["body"])
        if scope not in ((asked.audience, asked.body), ("public", "")):
            raise NotAllowed(
                f"{path.name} was given for {scope[1] or scope[0]}, not for {asked.body or asked.audience}"
            )
        if any(item.get("until") and item["until"] < asked.on.isoformat() for item in index["items"]):
            raise NotAllowed(f"{path.name} holds items whose consent has ended by {asked.on.isoformat()}")
        if path.name in found:
            raise InvalidValue(f"two of the packages are called {path.name}; give one another name")
        found[path.name] = path
    return found
