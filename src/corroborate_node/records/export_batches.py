"""From what a program's export says to what a vault takes in: people, acts, who had which part in them, sources,
passages and files.

Only whom an export calls a victim becomes a person: people are counted and matched as victims. All others that it tells
of (perpetrators, witnesses, kin, bodies) are parties, with the part that they had in each act.
"""

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from datetime import datetime
from hashlib import file_digest, sha256
from itertools import count
from pathlib import Path, PurePosixPath

from corroborate.errors import InvalidValue
from corroborate.importers import PersonRow, claims, guess_mapping, person_entries
from corroborate.importers.coding import coding_table
from corroborate.importers.exports import Export, ExportAct, ExportPerson, ExportSource
from corroborate.importers.headings import BESIDES
from corroborate.records import Audience, Claim, Consent, Entity, Reference, Source, Term, Text, Use, Value
from corroborate.records.sources import SourceKind
from corroborate.tables import File, Row, Table
from corroborate.translation import Sentence
from corroborate.values import JSON, DateSpan, PartialDate, read_name
from corroborate.vocabulary import entry_called
from corroborate_node.records.batches import OWN, Entropy, Part, ids

_KINDS = ("person", "party", "involvement", "act", "document", "source", "consent", "claim", "passage", "file")
_NARRATIVES = ("narrative", "summary")
_DIGESTS = ("sha256", "sha-256", "sha1", "md5", "contentHash")
_FOLDERS = ("", "archive", "media", "attachments", "documents", "files")  # where programs put files beside an export
_DIGEST_OF = {32: "md5", 40: "sha1", 64: "sha256"}  # by its hexadecimal digits
_PICTURES = ("image/", "video/", "audio/")


@dataclass(frozen=True, slots=True)
class KeptPassage:
    """A part of a document, with the place where a person finds it."""

    id: str
    source: str
    number: int
    locator: str
    text: str
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class ToKeep:
    """A file to be sealed, which sources were read from it, and the SHA-256 that its export says it has."""

    id: str
    file: File
    sources: tuple[str, ...]
    said: str = ""


@dataclass(slots=True)
class Laid:
    """All that one export leads to, in the order in which it is sealed. ``doubts``: each with its record's key."""

    entities: list[Entity] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    passages: list[KeptPassage] = field(default_factory=list)
    files: list[ToKeep] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    doubts: list[tuple[str, str]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)  # by what each source is known when the export comes again
    whole: str = ""  # the export as a source; empty: documents are their own

    def numbers(self) -> dict[str, int]:
        """How much of each there is, for a summary."""
        kinds = [one.kind for one in self.entities]
        return {
            "people": kinds.count("person"),
            "parties": kinds.count("party"),
            "acts": kinds.count("act"),
            "sources": len(self.sources),
            "claims": len(self.claims),
            "passages": len(self.passages),
            "files": len(self.files),
        }


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which an export is taken in. ``title``: what it is called; ``agreed``: it came with leave for the coalition
    to link it and publish numbers from it."""

    title: str
    recorder: str
    at: datetime
    agreed: bool = False
    invented: bool = False
    entropy: Entropy = os.urandom


def from_export(export: Export, given: Path | File, terms: Terms) -> Laid:
    """Lay out an export that was read from a file. Nothing of it is dropped: what has no field stands as *told*."""
    return _Laying(export, File.of(given), terms).laid()


def joined(laid: Sequence[Laid]) -> Laid:
    """All of a folder at once: it is taken in whole or not at all."""
    lists = {one.name: [item for each in laid for item in getattr(each, one.name)] for one in fields(Laid)[:-1]}
    return Laid(**lists, whole=laid[0].whole)


class _Laying:
    def __init__(self, export: Export, file: File, terms: Terms) -> None:
        self.export, self.file, self.terms = export, file, terms
        self.new = {kind: ids(kind, terms.at, terms.entropy) for kind in _KINDS}
        self.into = Laid(notices=list(export.notices))
        self.named = {one.key: one for one in export.people}
        self.acts_of = Counter(key for act in export.acts for key in set(act.victims))
        self.entity: dict[str, str] = {}  # key of a person -> id
        self.source: dict[str, str] = {}  # key of a source, or of a person who told, -> id
        self.parts = count(1)
        self.whole = self.into.whole = self._whole()

    def laid(self) -> Laid:
        documents = self.export.format == "documents"
        for one in self.export.sources:
            self._told_source(one)
        self._people()
        for act in self.export.acts:
            self._act(act)
        for link in self.export.links:
            self._link(link)
        if not documents:  # a document is a source of its own, and its file stands with it
            every, beside = tuple(one.id for one in self.into.sources), {one.file.path for one in self.into.files}
            read_too = [File.of(one) for one in self.export.read_too if one not in beside and one != self.file.path]
            self.into.files += [ToKeep(next(self.new["file"]), file, every) for file in (self.file, *read_too)]
        return self.into

    # --- sources ------------------------------------------------------------------------------------------------------

    def _whole(self) -> str:
        """The export as a source; a document is its own."""
        if self.export.format == "documents":
            return ""
        return self._new_source("list", self.terms.title, (), _Known("whole"))

    def _new_source(self, kind: SourceKind, title: str, before: tuple[str, ...], known: "_Known") -> str:
        """A source that the export tells of, by the title that it has there."""
        id_ = next(self.new["source"])
        self.into.sources.append(Source(id_, kind, title, before, self.terms.invented))
        self.into.parts.append(Part(id_, known.content, known.digest, known.about))
        return id_

    def _record(self, before: tuple[str, ...], known: "_Known") -> str:
        """The source of one record: a part of the export, by its number."""
        id_ = next(self.new["source"])
        number = next(self.parts)
        self.into.sources.append(Source(id_, "document", "", before, self.terms.invented, self.whole, number))
        self.into.parts.append(Part(id_, known.content, known.digest, known.about))
        return id_

    def _told_source(self, told: ExportSource) -> None:
        """A document, picture or page that the export tells from, with all that it says of it."""
        document = self.export.format == "documents"
        title = self.terms.title if document else told.title or told.key
        entity = next(self.new["document"])
        known = _Known(f"source {'' if document else told.key}", told, entity)
        if document:
            known = _Known(f"document {sha256_of(self.file)}", told, entity)
        source = self.source[told.key] = self._new_source(_source_kind(told), title, (), known)
        self._consent(source, None)
        self.into.entities.append(Entity(entity, "document"))
        claim = self._claiming(source, told.key)
        claim(entity, "title", Text(told.title or told.key))
        if told.date:
            date = _date(told.date[:10], None)
            claim(entity, "date", date if date is not None else Text(told.date))
            if len(told.date) > 10 or date is None:
                claim(entity, "told", Text(f"date: {told.date}"))
        if told.type:
            claim(entity, "media_type", Text(told.type))
        for name, value in (("url", told.url), *told.more.items()):
            if name != "passages" and (words := _plain(value)):
                claim(
                    entity,
                    "digest" if name in _DIGESTS else "told",
                    Text(words if name in _DIGESTS else f"{name}: {words}"),
                )
        self._passages(source, told.more.get("passages"))
        self._file_of(source, told, claim, entity)

    def _passages(self, source: str, listed: JSON) -> None:
        for number, one in enumerate(listed if isinstance(listed, list) else (), start=1):
            if isinstance(one, dict):
                self.into.passages.append(
                    KeptPassage(
                        next(self.new["passage"]),
                        source,
                        number,
                        str(one["where"]),
                        str(one["text"]),
                        str(one.get("speaker") or ""),
                    )
                )

    def _file_of(self, source: str, told: ExportSource, claim: "_Say", entity: str) -> None:
        """The file of a source where it lies beside the export: sealed, and held against the digest that it has by the
        export."""
        if self.export.format == "documents":
            self.into.files.append(ToKeep(next(self.new["file"]), self.file, (source,)))
            return
        name = str(told.more.get("file") or _plain(told.more.get("fileName")) or told.title or "")
        if (path := self._beside(name)) is not None:
            said = next((words for one in _DIGESTS if (words := _plain(told.more.get(one)))), "").lower()
            if (checked := _has_digest(path, said)) is False:
                doubt = Sentence(
                    "{name} is NOT what the export says: its {digest} differs",
                    name=path.name,
                    digest=_DIGEST_OF[len(said)],
                )
                self.into.doubts.append((told.key, doubt))
            self.into.files.append(
                ToKeep(next(self.new["file"]), File.of(path), (source,), "" if checked and len(said) != 64 else said)
            )
        elif told.more.get("file") and PurePosixPath(name).name != self.file.name:
            self.into.notices.append(Sentence("{name} is not beside the export: it is not kept", name=name))

    def _beside(self, name: str) -> Path | None:
        """A file that the export names, in its folder or one of the folders that programs make; never elsewhere."""
        if self.file.path is None:
            return None  # it came over a form, alone
        pure = PurePosixPath(name.replace("\\", "/"))
        if not pure.name or not pure.suffix or ":" in name or len(name) > 250:
            return None
        for folder in _FOLDERS:
            found = self.file.path.parent / folder / pure.name
            if found != self.file.path and not found.is_symlink() and found.is_file():
                return found
        return None

    # --- people -------------------------------------------------------------------------------------------------------

    def _people(self) -> None:
        victims = _victims(self.export)
        rows = {entry.row: entry for entry in _read_people(self.export, self.terms)}
        for number, told in enumerate(self.export.people, start=1):
            kind = "person" if told.key in victims else "party"
            id_ = self.entity[told.key] = next(self.new[kind])
            self.into.entities.append(Entity(id_, "person" if kind == "person" else "party"))
            source = self._record(self._before(()), _Known(f"person {told.key}", told, id_))
            self._consent(source, None, id_ if kind == "person" else "")
            said = rows.get(number)
            if said is None:
                self._unread(told, id_, source, kind)
            else:
                self._read(replace(said, acts=()), told, id_, source)
            if kind == "party" and told.role != "other":
                self._claiming(source, told.key)(id_, "told", Text(f"role: {told.role}"))

    def _read(self, entry: PersonRow, told: ExportPerson, person: str, source: str) -> None:
        made = claims(
            entry,
            person=person,
            act_ids=self.new["act"],
            claim_ids=self.new["claim"],
            source=source,
            recorder=self.terms.recorder,
            recorded_at=self.terms.at,
        )
        where = self._where(told.key)
        self.into.claims += [replace(one, locator=where) for one in made]
        self.into.doubts += [(told.key, doubt) for doubt in entry.notes]

    def _unread(self, told: ExportPerson, person: str, source: str, kind: str) -> None:
        """Somebody whose name is not one: kept in the words of the export."""
        claim = self._claiming(source, told.key)
        if kind == "person":
            claim(person, "victim_kind", Text("unnamed"))
        for name in (told.name, *told.other_names):
            if name.strip():
                claim(person, "told", Text(f"name: {name}"))
        for name, value in (("sex", told.sex), ("birth", told.birth), *told.more.items()):
            if words := _plain(value):
                claim(person, "told", Text(f"{name}: {words}"))

    # --- acts ---------------------------------------------------------------------------------------------------------

    def _act(self, told: ExportAct) -> None:
        act = next(self.new["act"])
        self.into.entities.append(Entity(act, "act"))
        source = self._record(self._before(told.sources), _Known(f"act {told.key}", told, act))
        victims = [self.entity[key] for key in told.victims if key in self.entity]
        self._consent(source, told.share, victims[0] if len(victims) == 1 else "")
        claim = self._claiming(source, told.key)
        for victim in victims:
            claim(act, "victim", Reference(victim))
        self._what(act, told, claim)
        self._when_and_where(act, told, claim)
        self._who(act, told, claim)
        for name, value in told.more.items():
            if words := _plain(value):
                narrative = name in _NARRATIVES
                claim(act, "testimony" if narrative else "told", Text(words if narrative else f"{name}: {words}"))
        self._named_files(told, source)

    def _what(self, act: str, told: ExportAct, claim: "_Say") -> None:
        if not told.type:
            return
        labelled = [entry_called("violations", one) for one in told.type.split("; ")]
        for term in labelled if all(labelled) else ():
            claim(act, "violation", Term("violations", str(term)))
        coding = coding_table().read(told.type)
        for one in coding.acts if not all(labelled) else ():
            if one.said in ("for", "against"):
                claim(act, "violation" if one.said == "for" else "no_violation", Term("violations", one.term))
        claim(act, "told", Text(f"violation: {told.type}"))
        if not coding.acts and not all(labelled):
            self.into.doubts.append(
                (told.key, Sentence("{type!r} is no act that we know: its words are kept", type=told.type))
            )

    def _when_and_where(self, act: str, told: ExportAct, claim: "_Say") -> None:
        date = _date(told.date, told.date_end)
        if date is not None:
            claim(act, "date", date)
            for key in told.victims:
                if key in self.entity and self.acts_of[key] == 1:  # of several acts, none is *the* event
                    claim(self.entity[key], "event_date", date)
        words = f"{told.date or 'unknown'} to {told.date_end}" if told.date_end else told.date
        if words and (date is None or words != told.date):
            claim(act, "told", Text(f"date: {words}"))
        if words and date is None:
            self.into.doubts.append(
                (told.key, Sentence("{words!r} is no date that can be read: its words are kept", words=words))
            )
        if told.place:
            claim(act, "place", Text(told.place))
        if told.lat is not None and told.lon is not None:
            claim(act, "located", Text(f"{told.lat}, {told.lon}"))
        if told.share is not None:
            claim(act, "told", Text(f"may be shared: {'yes' if told.share else 'no'}"))

    def _who(self, act: str, told: ExportAct, claim: "_Say") -> None:
        """Who had which part in an act: by name, and as a party of its own where the export tells of one."""
        for key in told.perpetrators:
            claim(act, "perpetrator", Text(self._called(key)))
            self._involved(act, key, "perpetrator", claim)
        for key in told.sources:
            if key in self.entity:
                claim(act, "told_by", Reference(self.entity[key]))
            elif key not in self.source:
                claim(act, "told", Text(f"source: {key}"))
        for key in told.involved:
            if not self._involved(act, key, "not said", claim):
                claim(act, "told", Text(f"involved, and in what part is not said: {self._called(key)}"))

    def _involved(self, act: str, key: str, degree: str, claim: "_Say") -> bool:
        if key not in self.entity:
            return False
        one = next(self.new["involvement"])
        self.into.entities.append(Entity(one, "involvement"))
        claim(one, "act", Reference(act))
        claim(one, "person", Reference(self.entity[key]))
        claim(one, "degree", Text(degree))
        return True

    def _named_files(self, told: ExportAct, source: str) -> None:
        """Files that an act names, where they lie beside the export."""
        names = [
            str(one) for value in told.more.values() if isinstance(value, list) for one in value if isinstance(one, str)
        ]
        names += [value for name, value in told.more.items() if name == "media" and isinstance(value, str)]
        for path in dict.fromkeys(found for name in names if (found := self._beside(name)) is not None):
            self.into.files.append(ToKeep(next(self.new["file"]), File.of(path), (source,)))

    def _link(self, link: Mapping[str, JSON]) -> None:
        """What an export says of two records that has no property of ours: in words, of each end that is known."""
        words = "; ".join(
            f"{name}: {_plain(value)}" for name, value in link.items() if not name.endswith("_key") and _plain(value)
        )
        ends = [str(link.get(f"{end}_key") or self._key_of(link.get(end))) for end in ("a", "b")]
        known = [key for key in dict.fromkeys(ends) if key in self.entity]
        source = self._record(self._before(()), _Known(f"link {_as_text(link)}", link))
        self._consent(source, None)
        claim = self._claiming(source, " – ".join(known) or "link")
        for key in known:
            claim(self.entity[key], "kin" if _is_kin(link) else "told", Text(words))
        if not known:
            entity = next(self.new["document"])
            self.into.entities.append(Entity(entity, "document"))
            claim(entity, "told", Text(words))

    def _key_of(self, name: JSON) -> str:
        return next((key for key, one in self.named.items() if one.name == name), "")

    # --- what all of them need ----------------------------------------------------------------------------------------

    def _before(self, keys: Iterable[str]) -> tuple[str, ...]:
        """What a record derives from: who told it, else the export as a whole."""
        found = []
        for key in keys:
            if key in self.named and key not in self.source:
                self.source[key] = self._new_source("witness", self.named[key].name, (), _Known(f"witness {key}"))
            if key not in self.source:
                self.source[key] = self._new_source("document", key, (), _Known(f"told by {key}"))
            found.append(self.source[key])
        if found:
            return tuple(dict.fromkeys(found))
        return (self.whole,) if self.whole else ()

    def _called(self, key: str) -> str:
        return self.named[key].name if key in self.named else key

    def _where(self, key: str) -> str:
        return f"{self.file.name}, record {key}"

    def _claiming(self, source: str, key: str) -> "_Say":
        where, terms, number = self._where(key), self.terms, self.new["claim"]

        def claim(subject: str, name: str, value: Value) -> None:
            self.into.claims.append(
                Claim(next(number), subject, name, value, source, where, "document", terms.recorder, terms.at)
            )

        return claim

    def _consent(self, source: str, share: bool | None, subject: str = "") -> None:
        """Its own vault holds, links and counts it. A record that may not be shared stays there, whatever was agreed;
        that a record may be shared is no leave to publish a name, and is kept as told."""
        agreed = self.terms.agreed and share is not False
        given: list[tuple[frozenset[Use], Audience]] = [(OWN, "coalition" if agreed else "own")]
        if agreed:
            given.append((frozenset({"count"}), "public"))
        for uses, audience in given:
            self.into.consents.append(
                Consent(next(self.new["consent"]), source, uses, audience, self.terms.at.date(), subject=subject)
            )


_Say = Callable[[str, str, Value], None]


@dataclass(frozen=True, slots=True)
class _Known:
    """By what a record is known when its export comes again: its key there, and all that is told of it."""

    key: str
    told: object = None
    about: str = ""

    @property
    def digest(self) -> str:
        return sha256(self.key.encode()).hexdigest()

    @property
    def content(self) -> str:
        return sha256(_as_text(self.told).encode()).hexdigest()


def _as_text(told: object) -> str:
    """Equal for records that say the same."""
    plain = asdict(told) if is_dataclass(told) and not isinstance(told, type) else told
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, default=str)


def sha256_of(file: File) -> str:
    """In hexadecimal."""
    with file.open() as content:
        return file_digest(content, "sha256").hexdigest()


def _victims(export: Export) -> frozenset[str]:
    """Keys of the people who are victims. An export that tells of no act is a list of people."""
    if export.acts:
        return frozenset(key for act in export.acts for key in act.victims)
    return frozenset(one.key for one in export.people if one.role in ("victim", "other"))


_COLUMNS = ("name", "alias", "sex", "birth")


def _read_people(export: Export, terms: Terms) -> Iterator[PersonRow]:
    """People as rows of a list are read: names taken apart, dates as exact as they are, what is no name kept as words.

    ``row``: its place in the export, from 1. Other names are read one by one.
    """
    besides = tuple(dict.fromkeys(name for one in export.people for name, value in one.more.items() if _plain(value)))
    columns = (*_COLUMNS, *(f"{BESIDES}{name}" for name in besides))
    rows = tuple(
        Row(
            number,
            dict(
                zip(
                    columns,
                    (one.name, "", one.sex or "", one.birth or "", *(_plain(one.more.get(name)) for name in besides)),
                    strict=True,
                )
            ),
            None,
            number,
        )
        for number, one in enumerate(export.people, start=1)
    )
    table = Table(columns, rows, "utf-8", (), ())
    reading = person_entries(table, guess_mapping(columns), terms.title, latest=terms.at.year)
    for entry in reading.entries:
        others = tuple(read_name(name) for name in export.people[entry.row - 1].other_names if name.strip())
        yield replace(entry, names=(*entry.names, *others)) if entry.names else entry


def _date(start: str | None, end: str | None) -> PartialDate | DateSpan | None:
    """As exact as the export has it; a period from the first day of its beginning to the last of its end."""
    if not start:
        return None
    try:
        first = PartialDate.parse(start)
        last = PartialDate.parse(end) if end else first
        return first if first == last else DateSpan(first.earliest, last.latest)
    except InvalidValue:
        return None


def _has_digest(path: Path, said: str) -> bool | None:
    """Whether a file has the digest that its export says; None where that is none that we know."""
    if len(said) not in _DIGEST_OF or re.fullmatch(r"[0-9a-f]+", said) is None:
        return None
    with path.open("rb") as content:
        found = hashlib.file_digest(content, lambda: hashlib.new(_DIGEST_OF[len(said)], usedforsecurity=False))
    return found.hexdigest() == said


def _source_kind(told: ExportSource) -> SourceKind:
    kind = (told.type or "").lower()
    if kind.startswith(_PICTURES) or kind in ("image", "video", "audio", "picture"):
        return "image"
    if "interview" in kind or "testimony" in kind or "witness" in kind:
        return "witness"
    return "site" if "page" in kind or "site" in kind else "document"


_KIN = ("family", "relationship", "kin", "spouse", "parent", "child", "sibling", "brother", "sister", "relative")


def _is_kin(link: Mapping[str, JSON]) -> bool:
    return str(link.get("type") or "").lower() in _KIN


def _plain(value: JSON) -> str:
    """A value as a person reads it; nothing for what is empty."""
    if value is None or value in ("", [], {}) or value is False:
        return ""
    if isinstance(value, list):
        return "; ".join(words for one in value if (words := _plain(one)))
    if value is True:
        return "yes"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


__all__ = ["KeptPassage", "Laid", "Terms", "ToKeep", "from_export", "joined", "sha256_of"]
