"""Records that a release lets go to another member, as JSON lines: who and what they are about, where each claim comes
from, and what its receiver may do with it.

The first line says of which release they are. Nothing is decided here: which claims go is what the release says, and
the terms are the consents under which they went, as far as they reach the receiver.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Literal, cast, get_args

from corroborate.disclosure import Release
from corroborate.errors import InvalidValue
from corroborate.records import USES, Audience, Claim, Consent, Entity, Permissions, Reference, Right, Source, Use
from corroborate.records.claims import Basis, read_value
from corroborate.records.sources import EntityKind, SourceKind
from corroborate.values import JSON, canonical, checked_id
from corroborate.values.signs import checked_line

FORMAT = "corroborate records v1"
Reach = Literal["own", "coalition", "public"]  # before whom its receiver may use it
_REACH: dict[str, Reach] = {"public": "public", "coalition": "coalition", "named body": "own"}


@dataclass(frozen=True, slots=True)
class Head:
    """Of which release, by whom and for whom."""

    sender: str  # name of its log
    release: str  # id
    number: int  # as the sender's people call it
    title: str
    audience: Audience
    body: str
    on: date
    until: date | None  # last day on which the receiver may use it


@dataclass(frozen=True, slots=True)
class Terms:
    """One permission that its source gave, as it reaches the receiver.

    ``reach``: before whom; ``own`` is the receiver alone. ``subject``: whose consent it is; ``refuses``: the source
    refuses that somebody is named, anywhere.
    """

    source: str
    uses: frozenset[Use]
    reach: Reach
    begins: date
    ends: date | None = None
    subject: str = ""
    right: Right = "unknown"
    refuses: bool = False


@dataclass(frozen=True, slots=True)
class Handed:
    """What goes from one member to another under a release."""

    head: Head
    entities: tuple[Entity, ...]
    sources: tuple[Source, ...]
    terms: tuple[Terms, ...]
    claims: tuple[Claim, ...]


# --- chosen -----------------------------------------------------------------------------------------------------------


def handed_on(
    made: Release,
    sender: str,
    number: int,
    claims: Iterable[Claim],
    sources: Mapping[str, Source],
    consents: Iterable[Consent],
) -> Handed:
    """What a release lets go, of the records that are here. ``made``: with what was decided of each record."""
    goes = {one.record for one in made.items if one.goes and one.use != "link"}
    going = tuple(one for one in claims if one.id in goes)
    used, entities = _with_roots({one.source for one in going}, sources), tuple(_entities(going))
    head = Head(sender, made.id, number, made.title, cast("Audience", made.audience), made.body, made.on, made.until)
    return Handed(
        head,
        entities,
        tuple(_stripped(sources[one], goes, sources) for one in sorted(used)),
        _whose(_terms(head, {one.source for one in going}, consents), {*used, *(one.id for one in entities)}),
        going,
    )


def _with_roots(used: Collection[str], sources: Mapping[str, Source]) -> set[str]:
    """Some sources, those that they derive from and the lists that they are rows of: without them the receiver would
    take one witness for several."""
    found, rest = set[str](), [one for one in used if one in sources]
    while rest:
        source = sources[rest.pop()]
        if source.id not in found:
            found.add(source.id)
            rest += [one for one in (*source.derives_from, source.part_of) if one in sources]
    return found


def _stripped(source: Source, goes: Collection[str], sources: Mapping[str, Source]) -> Source:
    """A source without a title that does not go, and without what it derives from that is not here any more."""
    title = source.title if source.id in goes else ""
    return replace(source, title=title, derives_from=tuple(one for one in source.derives_from if one in sources))


def _entities(claims: Iterable[Claim]) -> Iterator[Entity]:
    for one in dict.fromkeys(each for claim in claims for each in _about(claim)):
        yield Entity(one, cast("EntityKind", one.partition("_")[0]))


def _about(claim: Claim) -> tuple[str, ...]:
    return (claim.subject, claim.value.entity) if isinstance(claim.value, Reference) else (claim.subject,)


def _terms(head: Head, sources: Collection[str], consents: Iterable[Consent]) -> Iterator[Terms]:
    """The consents of these sources that reach the receiver on the day on which it leaves."""
    permissions = Permissions.of(consents, head.audience, head.on, head.body)
    for source in sorted(sources):
        refuses = permissions.refuses(source)
        for one in permissions.by_source.get(source, ()):
            uses = permissions.uses_of(one)
            ends = min((day for day in (one.ends, head.until) if day is not None), default=None)
            if uses and (ends is None or ends >= one.begins):
                reach = _REACH[one.audience]
                yield Terms(source, uses, reach, one.begins, ends, one.subject, one.right, refuses)


def _whose(terms: Iterable[Terms], known: Collection[str]) -> tuple[Terms, ...]:
    """Terms say whose they are where the records tell of that person."""
    return tuple(one if one.subject in known else replace(one, subject="") for one in terms)


def chosen(
    handed: Handed,
    *,
    sources: Collection[str] | None = None,
    people: Collection[str] | None = None,
    kinds: Collection[str] | None = None,
    without: Collection[str] = (),
) -> Handed:
    """The part of it that is from some sources, about some people, or from sources of some kinds; None: all.

    ``without``: records that are left out, whatever else is asked. What is said of an act, a time in detention or a
    place goes with the people that it is about; nobody else whom it is about goes with them.
    """
    kind = {one.id: one.kind for one in handed.sources}
    claims = [
        one
        for one in handed.claims
        if (sources is None or one.source in sources)
        and (kinds is None or kind.get(one.source) in kinds)
        and one.id not in without
        and one.source not in without
    ]
    if people is not None:
        claims = _of_people(claims, people)
    here = {one.id: one for one in handed.sources}
    used, about = _with_roots({one.source for one in claims}, here), {each for one in claims for each in _about(one)}
    return replace(
        handed,
        entities=tuple(one for one in handed.entities if one.id in about),
        sources=tuple(one for one in handed.sources if one.id in used),
        terms=_whose((one for one in handed.terms if one.source in used), {*used, *about}),
        claims=tuple(claims),
    )


def _of_people(claims: Sequence[Claim], people: Collection[str]) -> list[Claim]:
    others = {each for one in claims for each in _about(one) if each.startswith("person_")} - set(people)
    near, grown = set(people), True
    while grown:
        more = {
            each
            for one in claims
            if near.intersection(_about(one)) and not others.intersection(_about(one))
            for each in _about(one)
        }
        grown, near = bool(more - near), near | more
    return [one for one in claims if near.intersection(_about(one)) and not others.intersection(_about(one))]


# --- written and read -------------------------------------------------------------------------------------------------


def write_records(handed: Handed) -> bytes:
    """As JSON lines: the head, then entities, sources, terms and claims, each line canonical JSON."""
    return b"".join(canonical(one) + b"\n" for one in _lines(handed))


def _lines(handed: Handed) -> Iterator[dict[str, JSON]]:
    head = handed.head
    yield {
        "format": FORMAT,
        "from": head.sender,
        "release": head.release,
        "number": head.number,
        "title": head.title,
        "audience": head.audience,
        "body": head.body,
        "on": head.on.isoformat(),
        "until": _day(head.until),
    }
    for entity in handed.entities:
        yield {"line": "entity", "id": entity.id, "kind": entity.kind}
    for source in handed.sources:
        yield {
            "line": "source",
            "id": source.id,
            "kind": source.kind,
            "title": source.title,
            "derives_from": list[JSON](source.derives_from),
            "invented": source.invented,
            "part_of": source.part_of,
            "number": source.number,
        }
    for terms in handed.terms:
        yield {"line": "terms", **terms_record(terms)}
    for claim in handed.claims:
        yield {"line": "claim", **claim.record()}


def terms_record(terms: Terms) -> dict[str, JSON]:
    """As JSON, which :func:`read_terms` reads."""
    return {
        "source": terms.source,
        "uses": [one for one in USES if one in terms.uses],
        "reach": terms.reach,
        "begins": terms.begins.isoformat(),
        "ends": _day(terms.ends),
        "subject": terms.subject,
        "right": terms.right,
        "refuses": terms.refuses,
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def read_records(content: bytes) -> Handed:
    """What :func:`write_records` wrote, by whichever member. Raises InvalidValue, with the line."""
    lines = content.splitlines()
    found: dict[str, list[Any]] = {"entity": [], "source": [], "terms": [], "claim": []}
    readers = {"entity": _entity, "source": _source, "terms": read_terms, "claim": _claim}
    head = None
    for number, line in enumerate(lines, 1):
        try:
            record = json.loads(line)
            if b"\\u" in line:
                canonical(record)  # half of a pair of escapes is no letter, and can be written nowhere
            if head is None:
                head = _head(record)
            else:
                found[record["line"]].append(readers[record["line"]](record))
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise InvalidValue(
                "line {number} of the records cannot be read: {error}", number=number, error=error
            ) from error
    if head is None:
        raise InvalidValue("the bundle holds no records")
    handed = Handed(head, *(tuple(found[one]) for one in ("entity", "source", "terms", "claim")))
    _whole(handed)
    return handed


def _head(record: Mapping[str, Any]) -> Head:
    if record["format"] != FORMAT:
        raise InvalidValue("{format!r} is of a newer version, or no records", format=str(record["format"])[:60])
    until = record["until"]
    return Head(
        str(record["from"]),
        checked_id(record["release"]),
        _number(record["number"]),
        checked_line(str(record["title"])),
        cast("Audience", _one_of(record["audience"], get_args(Audience))),
        checked_line(str(record["body"])),
        date.fromisoformat(record["on"]),
        None if until is None else date.fromisoformat(until),
    )


def _number(record: object) -> int:
    if not isinstance(record, int) or not 0 <= record < 1 << 31:
        raise InvalidValue("{number} is no number of a release or of a row", number=str(record)[:30])
    return record


def _one_of(word: object, known: Collection[str]) -> str:
    if not isinstance(word, str) or word not in known:
        raise InvalidValue("{word!r} is none of {listed}", word=str(word)[:60], listed=", ".join(known))
    return word


def _entity(record: Mapping[str, Any]) -> Entity:
    kind = cast("EntityKind", _one_of(record["kind"], get_args(EntityKind)))
    return Entity(_of_kind(record["id"], kind), kind)


def _of_kind(id_: str, kind: str) -> str:
    if not checked_id(id_).startswith(f"{kind}_"):
        raise InvalidValue("{id} is no id of a {kind}", id=id_, kind=kind)
    return id_


def _source(record: Mapping[str, Any]) -> Source:
    kind = cast("SourceKind", _one_of(record["kind"], get_args(SourceKind)))
    before = tuple(_of_kind(one, "source") for one in record["derives_from"])
    return Source(
        _of_kind(record["id"], "source"),
        kind,
        str(record["title"]),
        before,
        bool(record["invented"]),
        str(record["part_of"]),
        _number(record["number"]),
    )


def read_terms(record: Mapping[str, Any]) -> Terms:
    """What :func:`terms_record` wrote. Raises InvalidValue, ValueError, KeyError, TypeError."""
    uses = frozenset(cast("Use", _one_of(one, USES)) for one in record["uses"])
    ends = record["ends"]
    return Terms(
        _of_kind(record["source"], "source"),
        uses,
        cast("Reach", _one_of(record["reach"], get_args(Reach))),
        date.fromisoformat(record["begins"]),
        None if ends is None else date.fromisoformat(ends),
        checked_id(record["subject"]) if record["subject"] else "",
        cast("Right", _one_of(record["right"], get_args(Right))),
        bool(record["refuses"]),
    )


def _claim(record: Mapping[str, Any]) -> Claim:
    if record["version"] != 1:
        raise InvalidValue("a claim of version {version} was written by a later program", version=record["version"])
    return Claim(
        _of_kind(record["id"], "claim"),
        record["subject"],
        str(record["property"])[:60],
        read_value(record["value"]),
        _of_kind(record["source"], "source"),
        str(record["locator"]),
        cast("Basis", _one_of(record["basis"], get_args(Basis))),
        str(record["recorder"]),
        _time(record["recorded_at"]),
    )


def _time(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    found.astimezone(UTC)  # OverflowError where no clock in UTC can say it
    return found


def _whole(handed: Handed) -> None:
    """Raises InvalidValue where a line points to something that is not there, or stands there twice."""
    entities, sources = {one.id for one in handed.entities}, {one.id: one for one in handed.sources}
    for many, one_each in (
        (handed.entities, entities),
        (handed.sources, sources),
        (handed.claims, {c.id for c in handed.claims}),
    ):
        if len(many) != len(one_each):
            raise InvalidValue("the records name something twice")
    for claim in handed.claims:
        if claim.source not in sources or not entities.issuperset(_about(claim)):
            raise InvalidValue("{id} is of a source, or about somebody, that the records do not hold", id=claim.id)
    for source in handed.sources:
        whole = sources.get(source.part_of)
        if not sources.keys() >= set(source.derives_from) or (source.part_of and (whole is None or whole.part_of)):
            raise InvalidValue("{id} goes back to a source that the records do not hold", id=source.id)
    if not sources.keys() >= {one.source for one in handed.terms}:
        raise InvalidValue("the records hold terms of a source that is not there")
    for subject in {one.subject for one in handed.terms} - {""}:
        if subject not in sources and (subject not in entities or not subject.startswith("person_")):
            raise InvalidValue("the records hold terms of {id}, of whom they tell nothing", id=subject)


__all__ = [
    "FORMAT",
    "Handed",
    "Head",
    "Reach",
    "Terms",
    "chosen",
    "handed_on",
    "read_records",
    "read_terms",
    "terms_record",
    "write_records",
]
