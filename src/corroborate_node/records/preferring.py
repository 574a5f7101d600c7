"""Where sources differ, somebody judges which claim is preferred, and says why. The others stand beside it, and the
judgement can be taken back. What is counted or released does not change by it: it says what a page shows first."""

from collections.abc import Collection
from typing import Any

from corroborate.errors import InvalidValue, NotAllowed
from corroborate.values import canonical, new_id
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import visible
from corroborate_node.core.storing import storing
from corroborate_node.log.sealing import seal_all
from corroborate_node.records import models

KIND = "preference"
_WAYS = ("page prefer-claim", "command prefer")


def _ids(row: models.Preference) -> list[str]:
    return [row.id, row.claim_id, row.subject_id]


@act("claim.prefer", ways=_WAYS, of_effects=_ids)
def prefer(desk: Desk, claim: str, because: str) -> models.Preference:
    """Judge that a claim is preferred to others that say otherwise of the same. Raises InvalidValue, NotAllowed."""
    if desk.vault.hub:
        raise NotAllowed("a hub holds no records")
    row = visible(desk, models.Claim).filter(id=claim, superseded=False).exclude(value=None).first()
    if row is None:
        raise InvalidValue(
            "no claim {claim} that still stands; its id stands on its page, Custody, and in --json", claim=claim
        )
    same = visible(desk, models.Claim).filter(subject_id=row.subject_id, property=row.property, superseded=False)
    if not same.exclude(value=None).exclude(value=row.value).exists():
        raise InvalidValue("no other claim says otherwise of this: there is nothing to choose between")
    if not because.strip():
        raise InvalidValue("say why this claim is preferred: whoever reads it must be able to judge again")
    milliseconds = int(desk.at.timestamp() * 1000)
    with storing():
        _current(desk).filter(subject_id=row.subject_id, property=row.property).update(
            taken_back=desk.at, taken_back_by=desk.by
        )
        made: models.Preference = models.Preference.objects.create(
            id=new_id(KIND, milliseconds=milliseconds, randomness=desk.entropy(10)),
            claim_id=row.id,
            subject_id=row.subject_id,
            property=row.property,
            by=desk.by,
            why=because.strip(),
            at=desk.at,
        )
        seal_all([(KIND, made.id, _sealed(made))], desk.at, desk.entropy)
    return made


@act("claim.prefer-undo", "claim.prefer", ways=_WAYS, of_effects=_ids)
def undo(desk: Desk, claim: str) -> models.Preference:
    """Take a preference back: nothing is preferred then. ``claim``: the preferred one."""
    row: models.Preference | None = _current(desk).filter(claim_id=claim).first()
    if row is None:
        raise InvalidValue("{claim} is not preferred to any other here", claim=claim)
    with storing():
        models.Preference.objects.filter(id=row.id).update(taken_back=desk.at, taken_back_by=desk.by)
        content = canonical({"version": 1, "undone": row.id, "by": desk.by, "at": desk.at.isoformat()})
        seal_all([(KIND, row.id, content)], desk.at, desk.entropy)
    return row


def _sealed(row: models.Preference) -> bytes:
    return canonical(
        {
            "version": 1,
            "id": row.id,
            "claim": row.claim_id,
            "by": row.by,
            "why": row.why,
            "at": row.at.isoformat(),
        }
    )


def _current(who: Any) -> Any:
    return visible(who, models.Preference).filter(taken_back=None)


def preferred(user: Any, subjects: Collection[str]) -> dict[str, models.Preference]:
    """By claim: the preferences that stand of some entities, and whose claim still counts."""
    rows = _current(user).filter(subject_id__in=list(subjects), claim__superseded=False).exclude(claim__value=None)
    return {row.claim_id: row for row in rows}


__all__ = ["prefer", "preferred", "undo"]
