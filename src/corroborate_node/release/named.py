"""Who would be named by a release, and what would be told of each: what a person reads before saying yes.

Told from what was decided of each record, so that it holds for every form in which the release is written.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from corroborate.disclosure import FILE, Release
from corroborate.values import JSON
from corroborate_node.core.desk import Desk
from corroborate_node.core.filters import shown, titled
from corroborate_node.core.wording import Words
from corroborate_node.files import queries as files
from corroborate_node.records import queries
from corroborate_node.records.rows import NAMES
from corroborate_node.release import models

AT_ONCE = 50  # so many are listed without being asked for
_TITLED = ("document", "list", *queries.IDENTIFYING_SOURCES)  # sources whose title may name somebody


class _Item(Protocol):
    """What was decided of one record: before it is kept, or as it was kept."""

    @property
    def record(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def use(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def person(self) -> str: ...
    @property
    def of_body(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that goes of a named person, in words."""

    what: str
    value: str


@dataclass(frozen=True, slots=True)
class Named:
    """A person who is named. ``names`` is empty where only who they are to others goes, or the name was erased."""

    person: str
    names: tuple[str, ...]
    told: tuple[Fact, ...]

    def as_json(self) -> dict[str, JSON]:
        told: list[JSON] = [{"what": one.what, "value": one.value} for one in self.told]
        return {"person": self.person, "names": list[JSON](self.names), "told": told}

    def in_words(self) -> str:
        told = "; ".join(f"{one.what}: {one.value}" for one in self.told)
        return f"{', '.join(self.names) or self.person}{' - ' if told else ''}{told}"


@dataclass(frozen=True, slots=True)
class Whole:
    """A sealed file that goes whole: its id, what it is called, and of a copy what was done to make it."""

    file: str
    name: str
    kind: str
    said: str  # the same in words

    def as_json(self) -> dict[str, JSON]:
        return {"file": self.file, "name": self.name, "copy": self.kind}


@dataclass(frozen=True, slots=True)
class Going:
    """Everybody whom a release names, in the order of names; and witnesses and the like whose own record goes.

    ``words``: what is told beside of bodies, and in somebody's own words, of people whom it does not name; and what
    somebody wrote beside a finding.
    """

    people: tuple[Named, ...]
    sources: tuple[str, ...]
    words: tuple[Fact, ...] = ()
    files: tuple[Whole, ...] = ()

    def as_json(self) -> dict[str, JSON]:
        return {
            "named": [one.as_json() for one in self.people],
            "named_sources": list[JSON](self.sources),
            "words": [{"what": one.what, "value": one.value} for one in self.words],
            "files": [one.as_json() for one in self.files],
        }


@dataclass(slots=True)
class _Gathered:
    names: dict[str, None] = field(default_factory=dict)
    told: dict[Fact, None] = field(default_factory=dict)


def going(
    desk: Desk, items: Iterable[_Item], language: str = "en", written: Iterable[tuple[str, str, str]] = ()
) -> Going | None:
    """Who is named by what goes; None for who may not see who people are. ``written``: what somebody wrote beside
    findings in its own words (``Release.words_beside``)."""
    if not desk.may("identity.read"):
        return None
    leaves = [one for one in items if not one.why and one.use in ("name", "quote")]
    people = {one.person: _Gathered() for one in leaves if one.use == "name" and one.kind == "claim" and one.person}
    mine = {one.record: one.person for one in leaves if one.kind == "claim" and one.person in people}
    # names of those who are no victims: who is said to have done something, who saw it, who told of it
    others = {one.record for one in leaves if one.use == "name" and one.kind == "claim" and not one.person}
    beside = {one.record for one in leaves if one.of_body and one.kind == "claim"} - set(mine)
    words, loose = Words(language, "core"), dict[Fact, None]()
    claims = list(queries.claims_among(sorted({*mine, *beside, *others})))
    called = _called(claims, mine)
    for claim in claims:
        value = called.get(claim.target) or shown(claim.value, words)
        if claim.id in others:
            if claim.property in NAMES and claim.subject_id.startswith("party_"):
                people.setdefault(claim.subject_id, _Gathered()).names[value] = None
            continue
        if claim.id in beside:
            loose[Fact(titled(claim.property, words), value)] = None
            continue
        gathered = people[mine[claim.id]]
        if claim.property in NAMES:
            gathered.names[value] = None
        elif claim.property != "victim":  # that an act was done to this person: the act itself is told
            gathered.told[Fact(titled(claim.property, words), value)] = None
    found = [Named(person, tuple(one.names), tuple(one.told)) for person, one in people.items()]
    own = {one.record for one in leaves if one.kind == "source"}
    titles = sorted(
        {
            one.title.rsplit(", row ", 1)[0] if one.kind == "document" else one.title
            for one in queries.sources().values()
            if one.id in own and one.kind in _TITLED and not one.part_of
        }
    )
    return Going(
        tuple(sorted(found, key=lambda one: (not one.names, one.names, one.person))),
        tuple(titles),
        (*loose, *(Fact(", ".join(filter(None, (finding, member))), said) for finding, member, said in written)),
        _whole(desk, [one.record for one in leaves if one.kind == FILE], language),
    )


def _called(claims: Iterable[Any], whose: Mapping[str, str]) -> dict[str, str]:
    """Whom a claim may point to that is named too, by the name that goes. ``whose``: claim -> the person it is of."""
    names, entries = dict[str, dict[str, None]](), dict[str, str]()
    for one in claims:
        if one.id in whose and one.subject_id.startswith("person_"):
            entries[one.subject_id] = whose[one.id]
            if one.property in NAMES:
                names.setdefault(whose[one.id], {})[queries.words_of(one)] = None
    return {entry: ", ".join(names[person]) for entry, person in entries.items() if person in names}


def _whole(desk: Desk, ids: list[str], language: str) -> tuple[Whole, ...]:
    words = Words(language, "files")
    return (
        tuple(
            Whole(one.file.id, one.file.name, one.kind, words[f"copy_{one.kind}"] if one.kind else "")
            for one in files.files_named(desk, ids)
        )
        if ids
        else ()
    )


def of_release(desk: Desk, number: int, language: str = "en") -> Going | None:
    """The same of a release that was made; what was erased since is not told."""
    items = models.ReleasedRecord.objects.filter(release_id=number, why="").order_by("id")
    row = models.Release.objects.filter(number=number).first()
    written = Release.from_json(bytes(row.content)).words_beside if row is not None and row.content is not None else ()
    return going(desk, items, language, written)
