"""People judge an element of a crime: they set claims beside it, say what is missing and what speaks against it, and
whether it meets a standard of proof. Two who judge do so independently: what others judged is shown to an assessor
once their own stands."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from corroborate.cases import Finding, Lineup
from corroborate.cases.law import Law
from corroborate.cases.matrix import (
    Assessment,
    Cell,
    Conclusion,
    Evidence,
    Given,
    Stance,
    StandsOn,
    Weight,
    cell,
    checked,
    matrix,
    standing,
)
from corroborate.errors import InvalidValue, NotAllowed
from corroborate.values import canonical, new_id
from corroborate.vocabulary import load
from corroborate_node.core.actors import Account, Owner
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk, cases_of
from corroborate_node.core.permissions import table
from corroborate_node.core.queries import may, seat, visible
from corroborate_node.core.storing import storing
from corroborate_node.inquiry import models
from corroborate_node.inquiry import queries as inquiry
from corroborate_node.log.models import LogEntry
from corroborate_node.log.sealing import seal_all, unsalt
from corroborate_node.records import cases, queries
from corroborate_node.records import models as kept

WEIGHED, ASSESSED = "weighed-evidence", "assessment"
_WEIGH = ("page assess", "command findings weigh")
_ASSESS = ("page assess", "command findings assess")


def _weighed_ids(row: models.Weighed) -> list[str]:
    return [row.id, row.claim_id, *([row.case_id] if row.case_id else [])]


def _assessed_ids(row: models.Assessment) -> list[str]:
    return [row.id, *([row.case_id] if row.case_id else [])]


def case_of(desk: Desk, name: str) -> str | None:
    """The id of the case that is judged in, by its name or id; None: the whole vault. Raises InvalidValue."""
    if name.strip():
        return cases.named(desk, name).id
    if cases_of(desk.actor) is not None:
        raise NotAllowed("your account sees some cases only: say in which of them you judge")
    return None


def finding_of(desk: Desk, element: str, case: str | None) -> tuple[Lineup, Finding]:
    """An element by its id, with what claims of a case say to it. Raises InvalidValue."""
    lineup = inquiry.lined_up(desk, case or "")
    found = lineup.finding(element)
    if found is None:
        raise InvalidValue(
            "there is no element {element!r}; `corroborate findings --all --json` lists them", element=element
        )
    return lineup, found


@act("evidence.weigh", "finding.assess", ways=_WEIGH, of_effects=_weighed_ids)
def weigh(
    desk: Desk, element: str, claim: str, speaks: Stance, weight: Weight, because: str, case: str = ""
) -> models.Weighed:
    """Set a claim beside an element: how it speaks to it, with what weight, and why. Raises InvalidValue, NotAllowed.

    One that stands already for the same claim is replaced."""
    _no_hub(desk)
    id_ = case_of(desk, case)
    finding_of(desk, element, id_)
    row = visible(desk, kept.Claim).filter(id=claim.strip(), superseded=False).exclude(value=None).first()
    if row is None or (id_ and row.source_id not in queries.sources_of_case(id_)):
        raise InvalidValue(
            "no claim {claim} that still stands here; its id stands on its page, Custody, and in --json", claim=claim
        )
    if not because.strip():
        raise InvalidValue("say how this claim speaks to the element: whoever reads it must be able to judge again")
    with storing():
        before = models.Weighed.objects.filter(element=element, claim_id=row.id, case_id=id_, taken_back=None)
        before.update(taken_back=desk.at, taken_back_by=desk.by)
        made: models.Weighed = models.Weighed.objects.create(
            id=_new(desk, "weighed"),
            case_id=id_,
            element=element,
            claim_id=row.id,
            speaks=speaks,
            weight=weight,
            why=because.strip(),
            by=desk.by,
            at=desk.at,
        )
        seal_all([(WEIGHED, made.id, weighed_bytes(made))], desk.at, desk.entropy)
    return made


@act("evidence.set-aside", "finding.assess", ways=_WEIGH, of_effects=_weighed_ids)
def set_aside(desk: Desk, evidence: str) -> models.Weighed:
    """Take back that a claim was set beside an element. Raises InvalidValue."""
    row: models.Weighed | None = visible(desk, models.Weighed).filter(id=evidence, taken_back=None).first()
    if row is None:
        raise InvalidValue("nothing that was set beside an element has the id {id} and stands", id=evidence)
    _back(desk, row, WEIGHED)
    return row


@act("finding.assess", ways=_ASSESS, of_effects=_assessed_ids)
def assess(
    desk: Desk,
    element: str,
    conclusion: Conclusion,
    standard: str,
    reasons: str,
    gaps: str = "",
    contrary: str = "",
    case: str = "",
) -> models.Assessment:
    """Judge an element under a standard of proof; one's own earlier judgement of it is replaced, and stays to be read.

    Raises InvalidValue for what cannot be judged so, NotAllowed.
    """
    _no_hub(desk)
    id_ = case_of(desk, case)
    lineup, found = finding_of(desk, element, id_)
    on = cell(lineup, found, evidence_in(desk, id_, element), ()).on
    texts = (reasons.strip(), gaps.strip(), contrary.strip())
    made = checked(
        Assessment(_new(desk, ASSESSED), element, desk.by, conclusion, standard.strip(), *texts, desk.at, on)
    )
    with storing():
        before = models.Assessment.objects.filter(element=element, case_id=id_, by=desk.by, taken_back=None)
        before.update(taken_back=desk.at, taken_back_by=desk.by)
        row: models.Assessment = models.Assessment.objects.create(
            id=made.id,
            case_id=id_,
            element=element,
            conclusion=conclusion,
            standard=made.standard,
            reasons=made.reasons,
            gaps=made.gaps,
            contrary=made.contrary,
            stands_on=_counts(on),
            by=desk.by,
            at=desk.at,
        )
        seal_all([(ASSESSED, row.id, assessed_bytes(row))], desk.at, desk.entropy)
    return row


@act("finding.assess-undo", "finding.assess", ways=_ASSESS, of_effects=_assessed_ids)
def undo(desk: Desk, assessment: str) -> models.Assessment:
    """Take one's own judgement back: it stays to be read, and counts no more. Raises InvalidValue."""
    own = visible(desk, models.Assessment).filter(id=assessment, taken_back=None, by=desk.by)
    row: models.Assessment | None = own.first()
    if row is None:
        raise InvalidValue(
            "no judgement of yours has the id {id} and stands; nobody takes back another's", id=assessment
        )
    _back(desk, row, ASSESSED)
    return row


def _no_hub(desk: Desk) -> None:
    if desk.vault.hub:
        raise NotAllowed("a hub holds no records")


def _new(desk: Desk, kind: str) -> str:
    return new_id(kind, milliseconds=int(desk.at.timestamp() * 1000), randomness=desk.entropy(10))


def _back(desk: Desk, row: models.Weighed | models.Assessment, kind: str) -> None:
    with storing():
        type(row)._default_manager.filter(pk=row.pk).update(taken_back=desk.at, taken_back_by=desk.by)
        content = canonical({"version": 1, "taken_back": row.pk, "by": desk.by, "at": desk.at.isoformat()})
        seal_all([(kind, row.pk, content)], desk.at, desk.entropy)


def weighed_bytes(row: models.Weighed) -> bytes:
    return canonical(
        {
            "version": 1,
            "id": row.id,
            "case": row.case_id or "",
            "element": row.element,
            "claim": row.claim_id,
            "speaks": row.speaks,
            "weight": row.weight,
            "why": row.why,
            "by": row.by,
            "at": row.at.isoformat(),
        }
    )


def _counts(on: StandsOn) -> dict[str, int]:
    return {"for": on.for_, "against": on.against, "independent": on.independent}


def assessed_bytes(row: models.Assessment) -> bytes:
    return canonical(
        {
            "version": 1,
            "id": row.id,
            "case": row.case_id or "",
            "element": row.element,
            "conclusion": row.conclusion,
            "standard": row.standard,
            "reasons": row.reasons,
            "gaps": row.gaps,
            "contrary": row.contrary,
            "stands_on": row.stands_on,
            "by": row.by,
            "at": row.at.isoformat(),
        }
    )


def evidence_in(user: Any, case: str | None, element: str = "") -> tuple[Evidence, ...]:
    """What stands set beside elements, in a case or in the whole vault; why is told to who may see who people are."""
    found = visible(user, models.Weighed).filter(case_id=case, taken_back=None, claim__superseded=False)
    found = found.exclude(claim__value=None).select_related("claim").order_by("id")
    tells = may(user, "identity.read")
    return tuple(
        Evidence(
            row.id,
            row.element,
            row.claim_id,
            row.claim.source_id,
            row.claim.basis,
            cast("Stance", row.speaks),
            cast("Weight", row.weight),
            row.why if tells else "",
            row.by if tells else "",
        )
        for row in (found.filter(element=element) if element else found)
    )


def assessments_in(user: Any, case: str | None, element: str = "") -> tuple[Assessment, ...]:
    """Judgements that stand, in a case or in the whole vault. Words are told to who may see who people are; and what
    others judged of an element to an assessor whose own judgement of it stands."""
    found = visible(user, models.Assessment).filter(case_id=case).order_by("id")
    rows = found.filter(element=element) if element else found
    made = standing(_given(rows))
    if may(user, "identity.read"):
        return made
    number = {by: f"{at}" for at, by in enumerate(dict.fromkeys(one.by for one in made), start=1)}
    return tuple(replace(one, by=number[one.by], reasons="", gaps="", contrary="") for one in made)


def _given(rows: Iterable[models.Assessment]) -> Iterator[Given]:
    """Judgements with their places in the log, which alone tells what came first within one second: the first entry of
    each is when it was made, another one when it was taken back."""
    rows = list(rows)
    places: dict[str, list[int]] = {}
    if rows:
        for record, index in LogEntry.objects.filter(kind=ASSESSED).order_by("index").values_list("record", "index"):
            places.setdefault(record, []).append(index)
    for row in rows:
        since, *later = places.get(row.id, [0])
        undone = later[0] if later else None
        yield Given(_assessment(row), since, undone, row.taken_back is None, row.by == Owner().name)


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix as somebody may see it. ``judged``: judgements that they may read now; ``hidden``: how many others."""

    case: str | None
    cells: tuple[Cell, ...]
    judged: tuple[Assessment, ...]
    hidden: int


def matrix_of(user: Any, case: str = "", under: Law = "article_7") -> Matrix:
    """The matrix of a case by its name or id, or of the whole vault. Raises InvalidValue for one that is not here."""
    id_ = cases.named(user, case).id if case.strip() else None
    every = assessments_in(user, id_)
    judged, hidden = shown(user, every)
    return Matrix(id_, matrix(inquiry.lined_up(user, id_ or ""), evidence_in(user, id_), every, under), judged, hidden)


def state_seen(one: Cell, judged: Iterable[Assessment]) -> str:
    """How an element stands, for who may know it yet: an assessor does not, before they have judged it."""
    if one.assessments and not any(each.element == one.finding.element for each in judged):
        return "waits"
    return one.conclusion or one.state


def shown(user: Any, assessments: Sequence[Assessment]) -> tuple[tuple[Assessment, ...], int]:
    """Those judgements that somebody may see now, and how many others there are: an assessor is the second one only
    as long as they have not read the first."""
    actor = seat(user)
    if not blind(user):
        return tuple(assessments), 0
    own = {one.element for one in assessments if one.by == actor.name}
    seen = tuple(one for one in assessments if one.element in own)
    return seen, len(assessments) - len(seen)


def blind(user: Any) -> bool:
    """Whether somebody judges independently here: an account whose roles may, a program of theirs too. The owner at the
    command line sees all."""
    actor = seat(user)
    return isinstance(actor, Account) and bool(actor.roles & table()["finding.assess"].roles)


def waiting(user: Any) -> int:
    """How many elements others judged wait for somebody's own judgement, in the vault and in cases."""
    if not blind(user):
        return 0
    judged: dict[tuple[str | None, str], set[str]] = {}
    found = visible(user, models.Assessment).filter(taken_back=None)
    for case, element, by in found.values_list("case_id", "element", "by"):
        judged.setdefault((case, element), set()).add(by)
    return sum(seat(user).name not in names for names in judged.values())


def _assessment(row: models.Assessment) -> Assessment:
    on = StandsOn(row.stands_on["for"], row.stands_on["against"], row.stands_on["independent"])
    return Assessment(
        row.id,
        row.element,
        row.by,
        cast("Conclusion", row.conclusion),
        row.standard,
        row.reasons,
        row.gaps,
        row.contrary,
        row.at,
        on,
    )


def history(user: Any, case: str | None, element: str) -> list[models.Assessment]:
    """Judgements of an element that were replaced or taken back, for who may see who people are; newest first."""
    if not may(user, "identity.read") or blind(user):
        return []
    found = visible(user, models.Assessment).filter(case_id=case, element=element).exclude(taken_back=None)
    return list(found.order_by("-at", "-id"))


def standards() -> Iterable[str]:
    """Standards of proof by id, the least strict first."""
    return sorted(load("standards").entries, key=lambda one: int(load("standards")[one].more["rank"]))


def taken_back(records: Sequence[str]) -> None:
    """With a claim that is withdrawn go the words in which somebody set it beside an element."""
    for start in range(0, len(records), queries.BATCH):
        gone = models.Weighed.objects.filter(claim_id__in=records[start : start + queries.BATCH])
        unsalt(WEIGHED, gone.values_list("id", flat=True))
        gone.update(why="", by="", taken_back_by="")
