"""Between the library's values and the database's rows."""

from collections.abc import Iterable
from typing import Any, cast

from django.db.models import Max

from corroborate import records
from corroborate.languages.finding import folded
from corroborate.records.consent import relied_on
from corroborate.records.schema import names_of_type
from corroborate.records.sources import EntityKind, SourceKind
from corroborate.values import JSON, Name, canonical
from corroborate_node.core.storing import insert, insert_values
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
    target = claim.value.entity if isinstance(claim.value, records.Reference) else ""
    return (
        claim.id,
        claim.subject,
        claim.property,
        records.write_value(claim.value),
        target,
        claim.source,
        claim.locator,
        claim.basis,
        claim.recorder,
        claim.recorded_at,
        False,
    )


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


def source_row(source: records.Source) -> models.Source:
    return models.Source(
        id=source.id,
        kind=source.kind,
        title=source.title,
        derives_from=list(source.derives_from),
        invented=source.invented,
        part_of_id=source.part_of or None,
        number=source.number or None,
    )


def source(row: models.Source) -> records.Source:
    """The source of a row, as it was sealed: earlier versions sealed a title that says the list and the row."""
    of = (row.part_of_id or "", row.number or 0) if not row.title else ("", 0)
    return records.Source(row.id, cast("SourceKind", row.kind), row.title, tuple(row.derives_from), row.invented, *of)


def consent_row(consent: records.Consent) -> models.Consent:
    return models.Consent(
        id=consent.id,
        source_id=consent.source,
        uses=[use for use in records.USES if use in consent.uses],
        audience=consent.audience,
        body=consent.body,
        begins=consent.begins,
        ends=consent.ends,
        withdrawn=consent.withdrawn,
        subject=consent.subject,
        right=consent.right,
        given_by=consent.given_by,
        asked=consent.asked,
        language=consent.language,
        conditions=consent.conditions,
        proof=consent.proof,
        words=consent.words,
        blocked=consent.blocked,
        version=consent.version,
    )


def consent(row: models.Consent) -> records.Consent:
    """A consent as it is relied on today."""
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
    )
    return relied_on(kept)


def entity_row(entity: records.Entity) -> models.Entity:
    return models.Entity(id=entity.id, kind=entity.kind)


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
    return canonical({"version": 1, "id": entity.id, "kind": entity.kind})


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
