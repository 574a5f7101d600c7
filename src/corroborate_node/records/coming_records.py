"""The export of a program, or documents, that come in: which records came before, what of the others is taken in."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from django.db.models import QuerySet

from corroborate import records
from corroborate.errors import InvalidValue
from corroborate.records import Claim, Reference, Source
from corroborate.values import canonical
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import visible
from corroborate_node.records import models, queries, rows
from corroborate_node.records.batches import Part
from corroborate_node.records.coming import Question, withdrawn_of
from corroborate_node.records.export_batches import Laid

Allowed = set[tuple[frozenset[records.Use], records.Audience]]


@dataclass(frozen=True, slots=True)
class AskedOfRecords:
    """As :class:`corroborate_node.records.coming.Asked` says of lists."""

    title: str
    again: str = ""
    new: bool = False
    looked: bool = False


@dataclass(frozen=True, slots=True)
class RecordsComing:
    """What is taken in of an export. ``counted``: records by what became of them; ``allows``: what records that
    changed allow now, by the sources that stood before; ``list``: the export as a source, empty for documents."""

    laid: Laid
    counted: Mapping[str, int]
    list: str
    fresh: bool
    allows: Mapping[str, Allowed] = field(default_factory=dict)


def of_export(desk: Desk, laid: Laid, program: str, asked: AskedOfRecords, digest: str) -> RecordsComing:
    """What an export adds and changes. Raises Question where a person must say first whether it came before."""
    whole = _came_before(desk, program, asked, digest)
    if whole is not None:
        return _again(desk, laid, program, whole, asked, digest)
    gone = _withdrawn_of(models.Import.objects.filter(digest=digest, program=program, counted__fresh=True))
    kept, out = _without(laid, gone)
    counted = {"rows": _records(laid), "new": _records(kept), "changed": 0, "same": 0, "withdrawn": out}
    return RecordsComing(kept, counted, laid.whole, fresh=True)


def of_documents(desk: Desk, laid: Laid, asked: AskedOfRecords, digest: str) -> RecordsComing:
    """Documents that are not here yet: each is known by its bytes. Raises Question where one of a file with this digest
    was withdrawn since."""
    keys = [one.key for one in laid.parts]
    here: set[str] = set()
    for start in range(0, 0 if asked.new else len(keys), queries.BATCH):
        current = visible(desk, models.Imported).filter(key__in=keys[start : start + queries.BATCH])
        here.update(current.filter(source__withdrawn=None).values_list("key", flat=True))
    gone = {one.source for one in laid.parts if one.key in here}
    kept = _only(laid, gone, {})
    if kept.parts and not asked.looked:
        _not_withdrawn_documents(digest)
    counted = {"rows": len(keys), "new": len(kept.parts), "changed": 0, "same": len(gone), "withdrawn": 0}
    return RecordsComing(kept, counted, "", fresh=True)


def _not_withdrawn_documents(digest: str) -> None:
    came = models.Import.objects.filter(digest=digest, list=None, undone=None).exclude(program="")
    if (row := came.filter(sources__key="", sources__source__withdrawn__isnull=False).first()) is not None:
        raise Question(
            "withdrawn",
            "what this file told came in with import {again}, and was withdrawn since. If it may be taken in again, "
            "say --looked",
            str(row.number),
        )


def _records(laid: Laid) -> int:
    return sum(1 for one in laid.sources if one.part_of)


def _came_before(desk: Desk, program: str, asked: AskedOfRecords, digest: str) -> models.Source | None:
    came: QuerySet[models.Import] = visible(desk, models.Import).filter(
        program=program, undone=None, list__withdrawn=None
    )
    came = came.exclude(list=None).select_related("list").order_by("-number")
    if asked.again:
        row = came.filter(number=int(asked.again)).first() if asked.again.isdecimal() else None
        if row is None:
            raise InvalidValue(
                "no export of {program} that came with import {again} stands here", program=program, again=asked.again
            )
        return row.list
    if asked.new:
        return None
    if (row := came.filter(list__title=asked.title).first()) is not None:
        return row.list
    if (row := came.filter(digest=digest).first()) is not None and row.list is not None:
        raise Question(
            "resembles",
            "this file came in as {called} already (import {again}). If it is the same export, say so with "
            "--again {again}; if it is another one, --new",
            str(row.number),
            row.list.title,
        )
    return None


# --- without what is here, or was withdrawn ---------------------------------------------------------------------------


def _withdrawn_of(came: QuerySet[models.Import]) -> set[int]:
    """Numbers of the records that were withdrawn since they came. Nothing else of them is kept."""
    gone = models.Imported.objects.filter(by__in=came, content="").exclude(source__withdrawn=None)
    return {number for number in gone.values_list("source__number", flat=True) if number is not None}


def _without(laid: Laid, numbers: Collection[int]) -> tuple[Laid, int]:
    gone = {one.id for one in laid.sources if one.part_of and one.number in numbers}
    return (_only(laid, gone, {}), len(gone)) if gone else (laid, 0)


def _only(laid: Laid, gone: Collection[str], called: Mapping[str, str]) -> Laid:
    """An export without some sources and all that rests on them. ``called``: the id that stands for another one."""

    def id_of(one: str) -> str:
        return called.get(one, one)

    kept = [one for one in laid.sources if one.id not in gone]
    claims = [_called(one, called) for one in laid.claims if one.source not in gone]
    spoken = {one.subject for one in claims} | {one.value.entity for one in claims if isinstance(one.value, Reference)}
    files = [
        replace(one, sources=sources)
        for one in laid.files
        if (sources := tuple(id_of(each) for each in one.sources if each not in gone))
    ]
    return replace(
        laid,
        entities=[one for one in laid.entities if one.id not in called and one.id in spoken],
        sources=[
            replace(one, derives_from=tuple(dict.fromkeys(map(id_of, one.derives_from))), part_of=id_of(one.part_of))
            for one in kept
        ],
        consents=[replace(one, subject=id_of(one.subject)) for one in laid.consents if one.source not in gone],
        claims=claims,
        passages=[one for one in laid.passages if one.source not in gone],
        files=files,
        parts=[replace(one, about=id_of(one.about)) for one in laid.parts if one.source not in gone],
        whole=id_of(laid.whole),
    )


def _called(claim: Claim, called: Mapping[str, str]) -> Claim:
    value = claim.value
    if isinstance(value, Reference) and value.entity in called:
        value = Reference(called[value.entity])
    subject = called.get(claim.subject, claim.subject)
    return claim if subject == claim.subject and value is claim.value else replace(claim, subject=subject, value=value)


# --- an export that came before ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Record:
    versions: list[str] = field(default_factory=list)
    contents: set[str] = field(default_factory=set)
    about: str = ""
    number: int = 0


def _current(whole: models.Source) -> dict[str, _Record]:
    """By its key, each source that came with this export and stands, whatever its import."""
    found: dict[str, _Record] = defaultdict(_Record)
    came = models.Imported.objects.filter(by__list=whole, by__undone=None, source__withdrawn=None).exclude(key="")
    for id_, number, content, key, about, first in came.order_by("source_id").values_list(
        "source_id", "source__number", "content", "key", "about", "first"
    ):
        one = found[key]
        one.versions.insert(len(one.versions) if first else 0, id_)
        one.contents.add(content)
        one.about, one.number = about or one.about, number or one.number
    return dict(found)


def _again(
    desk: Desk, laid: Laid, program: str, whole: models.Source, asked: AskedOfRecords, digest: str
) -> RecordsComing:
    current = _current(whole)
    before = {one.source: current[one.key] for one in laid.parts if one.key in current}
    parts = {one.source: one for one in laid.parts}
    same = {id_ for id_, row in before.items() if parts[id_].content in row.contents}
    called = {id_: row.versions[0] for id_, row in before.items() if id_ in same}
    called |= {parts[id_].about: row.about for id_, row in before.items() if parts[id_].about and row.about}
    called[laid.whole] = whole.id
    out = _not_withdrawn(
        program, [one for one in laid.sources if one.part_of and one.id not in before], whole, asked, digest
    )
    kept = _only(laid, {*same, *out, laid.whole}, called)
    changed = {id_: row for id_, row in before.items() if id_ not in same}
    kept = _beside(_numbered(kept, changed, whole), changed)
    records_ = [one for one in laid.sources if one.part_of]
    counted = {
        "rows": len(records_),
        "new": sum(1 for one in records_ if one.id not in before and one.id not in out),
        "changed": sum(1 for one in records_ if one.id in changed),
        "same": sum(1 for one in records_ if one.id in same),
        "withdrawn": len(out),
    }
    given: dict[str, Allowed] = defaultdict(set)
    for one in kept.consents:
        for version in changed[one.source].versions if one.source in changed else ():
            given[version].add((one.uses, one.audience))
    return RecordsComing(kept, counted, whole.id, fresh=False, allows=given)


def _not_withdrawn(
    program: str, new: Sequence[Source], whole: models.Source, asked: AskedOfRecords, digest: str
) -> set[str]:
    """Of records that are not here, those that were withdrawn since. Raises Question where nobody can tell."""
    parts = withdrawn_of(whole)
    same = models.Import.objects.filter(digest=digest, program=program, counted__fresh=True)
    gone = _withdrawn_of(same)  # also where it was withdrawn from another export
    out = {one.id for one in new if one.number in gone}
    if len(out) == len(new) or asked.looked or not parts.exists():
        return out
    first = models.Import.objects.filter(list=whole).order_by("number").first()
    if first is not None and first.digest == digest:
        return out
    raise Question(
        "withdrawn",
        "{withdrawn} records of this export were withdrawn since it came, and nothing is kept by which they could "
        "be known. {new} records of this file are new: look that none of them is one that was withdrawn, take such a "
        "record out of the export, and say --looked",
        called=whole.title,
        withdrawn=parts.count(),
        new=len(new),
        lines=[one.number for one in new],
    )


def _numbered(laid: Laid, changed: Mapping[str, _Record], whole: models.Source) -> Laid:
    """New records have numbers that no other of the export has had; a further version of one has its number, and goes
    back to the first version."""
    numbers = models.Source.objects.filter(part_of=whole).values_list("number", flat=True)
    following = count(max((number for number in numbers if number is not None), default=0) + 1)
    sources = []
    for one in laid.sources:
        if one.id in changed:
            row = changed[one.id]
            version = replace(one, derives_from=(row.versions[0],))
            sources.append(replace(version, number=row.number, title="") if one.part_of else version)
        else:
            sources.append(replace(one, number=next(following)) if one.part_of else one)
    parts = [
        replace(one, first=changed[one.source].versions[0]) if one.source in changed else one for one in laid.parts
    ]
    return replace(laid, sources=sources, parts=parts)


def _beside(laid: Laid, changed: Mapping[str, _Record]) -> Laid:
    """Of records that changed, what they say that they did not say before."""
    told = {id_: _people_of(row.versions) for id_, row in changed.items()}
    kept, others = [], defaultdict[tuple[str, str], list[Claim]](list)
    for one in laid.claims:
        if one.source not in changed:
            kept.append(one)
        elif one.subject in told[one.source]:
            if _said(one) not in told[one.source][one.subject]:
                kept.append(one)
        else:
            others[one.source, one.subject].append(one)
    for (source, _), claims in others.items():  # a part that somebody had in an act: the same words, the same part
        if frozenset(map(_said, claims)) not in map(frozenset, told[source].values()):
            kept += claims
    spoken = {one.subject for one in kept} | {one.value.entity for one in kept if isinstance(one.value, Reference)}
    return replace(laid, claims=kept, entities=[one for one in laid.entities if one.id in spoken])


def _people_of(sources: Sequence[str]) -> dict[str, set[str]]:
    """By entity, what some sources told, corrected claims among it."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in models.Claim.objects.filter(source_id__in=sources).exclude(value=None):
        found[row.subject_id].add(_said(rows.claim(row)))
    return found


def _said(claim: Claim) -> str:
    return f"{claim.property}:{canonical(records.write_value(claim.value)).decode()}"


__all__ = ["AskedOfRecords", "Part", "RecordsComing", "of_documents", "of_export"]
