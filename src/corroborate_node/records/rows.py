"""Between the library's values and the database's rows."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, cast

from django.db.models import Max

from corroborate import records
from corroborate.languages.finding import folded
from corroborate.records.consent import relied_on
from corroborate.records.schema import names_of_type
from corroborate.records.sources import EntityKind, SourceKind
from corroborate.values import JSON, Name, canonical
from corroborate_node.core.storing import Written, insert, insert_values
from corroborate_node.records import models

NAMES = names_of_type("name")


def insert_names(names: Iterable[models.PersonName]) -> None:
    """Insert names and index the parts of each for search."""
    before = models.PersonName.objects.aggregate(last=Max("id"))["last"] or 0
    insert(models.PersonName, names)
    new = models.PersonName.objects.filter(id__gt=before).order_by("id").values_list("id", "folded")
    insert_values(
        models.NamePart,
        ("part", "name_id"),
        ((part, id_) for id_, letters in new.iterator(chunk_size=2000) for part in parts_of(letters)),
    )


def parts_of(letters: str) -> list[str]:
    """Each letter with the one after it, the last alone."""
    return sorted({letters[at : at + 2] for at in range(len(letters))})


CLAIM = (
    "id",
    "subject_id",
    "property",
    "value",
    "target",
    "source_id",
    "locator",
    "basis",
    "recorder",
    "recorded_at",
    "superseded",
)


def claim_values(claim: records.Claim) -> tuple[Any, ...]:
    """What is stored of a claim, by the names in ``CLAIM``."""
    value = claim.value
    target = value.entity if isinstance(value, records.Reference) else ""
    return (
        claim.id,
        claim.subject,
        claim.property,
        _value(value) if records.shared(value) else records.write_value(value),
        target,
        claim.source,
        claim.locator,
        claim.basis,
        claim.recorder,
        claim.recorded_at,
        False,
    )


@lru_cache(maxsize=20_000)
def _value(value: records.Value) -> Written:
    return Written(records.write_value(value))


def claim_row(claim: records.Claim) -> models.Claim:
    return models.Claim(**dict(zip(CLAIM, claim_values(claim), strict=True)))


def claim(row: models.Claim) -> records.Claim:
    """The claim of a row whose content was not withdrawn."""
    if row.value is None:
        raise ValueError(f"{row.id} was withdrawn: nothing of it is left to read")
    return records.Claim(
        row.id,
        row.subject_id,
        row.property,
        records.read_value(row.value),
        row.source_id,
        row.locator,
        cast("records.Basis", row.basis),
        row.recorder,
        row.recorded_at,
    )


SOURCE = ("id", "kind", "title", "derives_from", "invented", "part_of_id", "number", "withdrawn")


def source_values(source: records.Source) -> tuple[Any, ...]:
    """What is stored of a source, by the names in ``SOURCE``."""
    return (
        source.id,
        source.kind,
        source.title,
        list(source.derives_from),
        source.invented,
        source.part_of or None,
        source.number or None,
        None,
    )


def source_row(source: records.Source) -> models.Source:
    return models.Source(**dict(zip(SOURCE, source_values(source), strict=True)))


def source(row: models.Source) -> records.Source:
    """The source of a row, as it was sealed: earlier versions sealed a title that says the list and the row."""
    of = (row.part_of_id or "", row.number or 0) if not row.title else ("", 0)
    return records.Source(row.id, cast("SourceKind", row.kind), row.title, tuple(row.derives_from), row.invented, *of)


CONSENT = (
    "id",
    "source_id",
    "uses",
    "audience",
    "body",
    "begins",
    "ends",
    "withdrawn",
    "subject",
    "right",
    "given_by",
    "asked",
    "language",
    "conditions",
    "proof",
    "words",
    "blocked",
    "version",
)


def consent_values(consent: records.Consent) -> tuple[Any, ...]:
    """What is stored of a consent, by the names in ``CONSENT``."""
    return (
        consent.id,
        consent.source,
        [use for use in records.USES if use in consent.uses],
        consent.audience,
        consent.body,
        consent.begins,
        consent.ends,
        consent.withdrawn,
        consent.subject,
        consent.right,
        consent.given_by,
        consent.asked,
        consent.language,
        consent.conditions,
        consent.proof,
        consent.words,
        consent.blocked,
        consent.version,
    )


def consent_row(consent: records.Consent) -> models.Consent:
    return models.Consent(**dict(zip(CONSENT, consent_values(consent), strict=True)))


def consent(row: models.Consent, member: str = "") -> records.Consent:
    """A consent as it is relied on today. ``member``: that sent it."""
    kept = records.Consent(
        row.id,
        row.source_id,
        frozenset(row.uses),
        cast("records.Audience", row.audience),
        row.begins,
        row.ends,
        row.withdrawn,
        row.body,
        row.subject,
        cast("records.Right", row.right),
        row.given_by,
        row.asked,
        row.language,
        row.conditions,
        row.proof,
        row.words,
        row.blocked,
        row.version,
        member,
    )
    return relied_on(kept)


ENTITY = ("id", "kind")


def entity_values(entity: records.Entity) -> tuple[Any, ...]:
    """What is stored of an entity, by the names in ``ENTITY``."""
    return entity.id, entity.kind


def entity_row(entity: records.Entity) -> models.Entity:
    return models.Entity(**dict(zip(ENTITY, entity_values(entity), strict=True)))


def entity(row: models.Entity) -> records.Entity:
    return records.Entity(row.id, cast("EntityKind", row.kind))


def judgement_row(judgement: records.Judgement) -> models.Judgement:
    return models.Judgement(
        id=judgement.id,
        left=judgement.left,
        right=judgement.right,
        verdict=judgement.verdict,
        by=judgement.by,
        why=judgement.why,
        at=judgement.at,
        withdrawn=judgement.withdrawn,
    )


def judgement(row: models.Judgement) -> records.Judgement:
    verdict = cast("records.Verdict", row.verdict)
    return records.Judgement(row.id, row.left, row.right, verdict, row.by, row.why, row.at, row.withdrawn)


def judgement_bytes(judgement: records.Judgement) -> bytes:
    """What is sealed of a judgement. Taking it back later is an entry of its own, so it does not stand here."""
    record: dict[str, JSON] = {
        "version": 1,
        "id": judgement.id,
        "left": judgement.left,
        "right": judgement.right,
        "verdict": judgement.verdict,
        "by": judgement.by,
        "why": judgement.why,
        "at": judgement.at.isoformat(),
    }
    return canonical(record)


def entity_bytes(entity: records.Entity) -> bytes:
    """The bytes of an entity that are sealed: canonical JSON, of which its id and kind need no escaping."""
    return f'{{"id":"{entity.id}","kind":"{entity.kind}","version":1}}'.encode()


def name_rows(claims: Iterable[records.Claim], people: set[str]) -> list[models.PersonName]:
    """Names for search and lists; the first name of a person is the one that a list shows."""
    shown: set[str] = set()
    rows = []
    for one in claims:
        if one.property not in NAMES or one.subject not in people or not isinstance(one.value, Name | records.Text):
            continue
        rows.append(
            models.PersonName(
                claim_id=one.id,
                person_id=one.subject,
                text=one.value.text,
                folded=folded(one.value.text),
                first=one.subject not in shown,
            )
        )
        shown.add(one.subject)
    return rows
