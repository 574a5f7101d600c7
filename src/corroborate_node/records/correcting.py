"""A claim that was recorded wrongly is corrected: the old one stays to be read, with who, when and why, and is used for
nothing more; the new one stands in its place, from the same source. A correction can be undone.
"""

from dataclasses import dataclass, replace

from corroborate import records
from corroborate.errors import InvalidValue, NotAllowed
from corroborate.records import Reference
from corroborate.records.correcting import corrected
from corroborate.values import canonical, new_id
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import visible
from corroborate_node.core.rooms import taken_back, taken_in
from corroborate_node.core.storing import storing
from corroborate_node.log.sealing import seal_all
from corroborate_node.records import models, rows

KIND = "correction"
REASON = "corrected"


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction by its id: which claim no longer counts, and which one does. ``source``, ``subject``: of both."""

    id: str
    old: str
    new: str
    source: str
    subject: str


def _ids(done: Corrected) -> list[str]:
    return [done.old, done.new, done.source, done.subject]


@act("claim.correct", ways=("command correct", "page correct-claim"), of_effects=_ids)
def correct(desk: Desk, claim: str, to: str, because: str) -> Corrected:
    """Put another value in the place of a claim's. Raises InvalidValue, NotAllowed.

    Releases that carried the old claim are touched: they are not written again, and their receivers are told.
    """
    if desk.vault.hub:
        raise NotAllowed("a hub holds no records")
    old = _current(desk, claim)
    value = corrected(rows.claim(old).value, to, latest=desk.at.year)
    if isinstance(value, Reference) and not visible(desk, models.Entity).filter(id=value.entity).exists():
        raise InvalidValue("there is no entity {entity} here", entity=value.entity)
    if not because.strip():
        raise InvalidValue("a correction says why: how do you know that the claim was recorded wrongly?")
    milliseconds = int(desk.at.timestamp() * 1000)
    new = replace(
        rows.claim(old),
        id=new_id("claim", milliseconds=milliseconds, randomness=desk.entropy(10)),
        value=value,
        recorder=KIND,  # a package shows it to strangers: who it was stands with the correction, and stays here
        recorded_at=desk.at,
    )
    id_ = new_id(KIND, milliseconds=milliseconds, randomness=desk.entropy(10))
    with storing():
        models.Claim.objects.bulk_create([rows.claim_row(new)])
        row = models.Correction.objects.create(
            id=id_, old_id=old.id, new_id=new.id, by=desk.by, why=because.strip(), at=desk.at
        )
        _swap(out=old.id, instead=new)
        _coded_as(old.id, new.id)
        taken_in([new])
        sealed = [("claim", new.id, new.canonical()), (KIND, id_, _sealed(row))]
        seal_all(sealed, desk.at, desk.entropy)
        taken_back(desk, [old.id], REASON)
    return Corrected(id_, old.id, new.id, new.source, new.subject)


@act("claim.correct-undo", "claim.correct", ways=("command correct", "page correct-claim"), of_effects=_ids)
def undo(desk: Desk, claim: str) -> Corrected:
    """Take a correction back: the claim counts again as it did. ``claim``: the old one, or the one in its place."""
    found = visible(desk, models.Correction).filter(taken_back=None)
    row = found.filter(old_id=claim).first() or found.filter(new_id=claim).first()
    if row is None:
        raise InvalidValue("no correction of {claim} stands here", claim=claim)
    if found.filter(old_id=row.new_id).exists():
        raise InvalidValue("{new_id} was corrected itself since: undo that correction first", new_id=row.new_id)
    old = models.Claim.objects.get(id=row.old_id)
    if old.value is None:
        raise InvalidValue("its source was withdrawn: nothing of the claim is left to come back")
    if models.Coding.objects.filter(claim_id=old.id).exclude(taken_back=None).exists():
        raise InvalidValue("the coding that the claim comes from was taken back: code its passage again")
    with storing():
        models.Correction.objects.filter(id=row.id).update(taken_back=desk.at, taken_back_by=desk.by)
        _swap(out=row.new_id, instead=rows.claim(old))
        taken_in([])  # its name is found by its keys again
        content = canonical({"version": 1, "undone": row.id, "by": desk.by, "at": desk.at.isoformat()})
        seal_all([(KIND, row.id, content)], desk.at, desk.entropy)
        taken_back(desk, [row.new_id], REASON)
    return Corrected(row.id, row.old_id, row.new_id, old.source_id, old.subject_id)


def _current(desk: Desk, claim: str) -> models.Claim:
    """A claim that somebody may see, and that counts. Raises InvalidValue."""
    row: models.Claim | None = visible(desk, models.Claim).filter(id=claim).exclude(value=None).first()
    if row is None:
        raise InvalidValue(
            "no claim {claim} that still stands; its id stands on its page, Custody, and in --json", claim=claim
        )
    if row.superseded:
        raise InvalidValue(
            "{claim} was corrected already: correct the claim in its place, or undo that correction", claim=claim
        )
    return row


def _swap(*, out: str, instead: records.Claim) -> None:
    """One claim counts no more, and another does; a name is found by what counts."""
    models.Claim.objects.filter(id=out).update(superseded=True)
    models.Claim.objects.filter(id=instead.id).update(superseded=False)
    before = models.PersonName.objects.filter(claim_id=out)
    shown = before.filter(first=True).exists()
    known = models.Entity.objects.filter(id=instead.subject, kind="person").exists()
    names = rows.name_rows([instead], {instead.subject} if known else set())
    before.delete()
    for name in names:
        name.first = shown
    rows.insert_names(names)


def _coded_as(old: str, new: str) -> None:
    """A claim in the place of one that was coded from a passage stands on the same words."""
    row = models.Coding.objects.filter(claim_id=old).first()
    if row is not None:
        row.claim_id = new
        row.save(force_insert=True)


def _sealed(row: models.Correction) -> bytes:
    return canonical(
        {
            "version": 1,
            "id": row.id,
            "corrects": row.old_id,
            "with": row.new_id,
            "by": row.by,
            "why": row.why,
            "at": row.at.isoformat(),
        }
    )


__all__ = ["Corrected", "correct", "undo"]
