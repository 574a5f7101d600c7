"""People whom another member holds too, as private linkage told: each is judged here, and a judgement can be undone.

What is judged is our own record, beside how near the two were and what the other side let us have. It joins nobody: the
other record is not in this vault.
"""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from corroborate.errors import InvalidValue
from corroborate.records.reviewing import VERDICTS
from corroborate.values import JSON, canonical, new_id
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.storing import storing
from corroborate_node.log.sealing import seal_all, unsalt
from corroborate_node.review import held_queries, models

if TYPE_CHECKING:
    from corroborate.linkage.private import Agreed


def missed(answer: models.PrivateAnswer, agreement: str) -> list[dict[str, Any]]:
    """What an answer told that an earlier version did not bring to Review: of people of whom something stands here."""
    known = set(models.PrivatePair.objects.filter(agreement=agreement).values_list("person", flat=True))
    here = held_queries.standing({person for one in answer.learnt for person in one["people"]}, ())
    return [one for one in answer.learnt if one["people"][0] not in known and here & set(one["people"])]


def to_review(answer: models.PrivateAnswer, agreed: "Agreed", learnt: Sequence[dict[str, Any]]) -> None:
    """Have what an answer told judged by somebody. Who was told of before under the agreement stays one pair.

    What was judged stands, unless the other side tells another thing now: then it waits again.
    """
    terms = agreed.agreement
    said = {
        "begins": terms.begins.isoformat(),
        "ends": terms.ends.isoformat(),
        "reveal": terms.reveal,
        "nearness": terms.nearness,
        "unit": terms.unit.key.name,
    }
    for one in learnt:
        about = {
            "answer": answer,
            "people": one["people"],
            "partner": agreed.other.key.name,
            "terms": said,
            "difference": one["difference"],
            "told": one["fields"],
            "at": answer.at,
        }
        models.PrivatePair.objects.update_or_create(agreement=terms.id, person=one["people"][0], defaults=about)


@act(
    "held.judge",
    "pair.judge",
    ways=("page review-held", "command private"),
    objects=lambda pair, *_, **__: [pair.person],
)
def judge(desk: Desk, pair: models.PrivatePair, verdict: str, why: str, by: str = "") -> str:
    """Say whether our person is the one whom another member holds too; sealed in the log. Return the judgement's id.

    Who judged it before changes the verdict: the former one is taken back and stays in the history.
    """
    if verdict not in VERDICTS:
        raise InvalidValue("{verdict!r} is none of {listed}", verdict=verdict, listed=", ".join(VERDICTS))
    if not why.strip():
        raise InvalidValue("a judgement says why")
    by, at = desk.named(by), desk.at
    newest = held_queries.last_of_now(models.PrivateJudgement.objects.all(), by, at)
    id_ = new_id("jud", milliseconds=int(at.timestamp() * 1000), randomness=desk.entropy(10), after=newest)
    content: JSON = {
        "version": 1,
        "id": id_,
        "person": pair.person,
        "held_by": pair.partner,
        "agreement": pair.agreement,
        "difference": f"{pair.difference:.4f}",
        "verdict": verdict,
        "by": by,
        "why": why,
        "at": at.isoformat(),
    }
    with storing():
        for before in models.PrivateJudgement.objects.filter(pair=pair, by=by, withdrawn=None):
            take_back(desk, before.id)
        models.PrivateJudgement.objects.create(id=id_, pair=pair, verdict=verdict, by=by, why=why, at=at)
        seal_all([("judgement", id_, canonical(content))], at, desk.entropy)
    return id_


@act("held.undo", "pair.judge", ways=("page review-held", "command private"), objects=lambda judgement: [judgement])
def take_back(desk: Desk, judgement: str) -> None:
    """Undo such a judgement: the person waits again, and the history keeps what was said."""
    with storing():
        if not held_queries.judgements(desk).filter(id=judgement, withdrawn=None).update(withdrawn=desk.at):
            raise InvalidValue("no standing judgement {judgement}", judgement=judgement)
        content = canonical({"version": 1, "taken_back": judgement, "at": desk.at.isoformat()})
        seal_all([("judgement", judgement, content)], desk.at, desk.entropy)


@act("held.forget", "linkage.private", ways=("command private",), objects=lambda agreement: [agreement])
def forget(desk: Desk, agreement: str) -> int:
    """Erase what another member told under an agreement, as when its source took consent back; return of how many.

    That something was learnt stays in the log and the journal; judgements lose their reasons.
    """
    with storing():
        pairs = models.PrivatePair.objects.filter(agreement=agreement)
        answers = list(models.PrivateAnswer.objects.filter(run__encoding__agreement=agreement))
        people = {str(one["people"][0]) for answer in answers for one in answer.learnt} | {one.person for one in pairs}
        if not people:
            raise InvalidValue("nothing is kept here that was learnt under {agreement}", agreement=agreement)
        _erase(list(pairs))
        _keep_of(answers, ())
        return len(people)


def withdrawn(_desk: Desk, records: Sequence[str], _reason: str) -> None:
    """Of whom nothing of ours will stand, nothing that another member told is kept either."""
    pairs, answers = list(models.PrivatePair.objects.all()), list(models.PrivateAnswer.objects.all())
    people = {person for one in pairs for person in one.people}
    people |= {person for answer in answers for one in answer.learnt for person in one["people"]}
    if not people:
        return
    standing = held_queries.standing(people, records)
    _erase([one for one in pairs if not standing & set(one.people)])
    _keep_of(answers, standing)  # also of what an earlier version learnt, and never brought to Review


def _keep_of(answers: Collection[models.PrivateAnswer], standing: Collection[str]) -> None:
    """Erase from answers what they told of people of whom nothing stands."""
    for answer in answers:
        kept = [one for one in answer.learnt if not set(standing).isdisjoint(one["people"])]
        if kept != answer.learnt:
            answer.learnt = kept
            answer.save(update_fields=["learnt"])


def _erase(pairs: Collection[models.PrivatePair]) -> int:
    gone = {(one.agreement, one.person) for one in pairs}
    for answer in models.PrivateAnswer.objects.filter(id__in={one.answer_id for one in pairs}):
        of = models.PrivatePair.objects.filter(answer=answer).values_list("agreement", flat=True).first()
        answer.learnt = [one for one in answer.learnt if (of, one["people"][0]) not in gone]
        answer.save(update_fields=["learnt"])
    ids = [one.id for one in pairs]
    unsalt("judgement", list(models.PrivateJudgement.objects.filter(pair__in=ids).values_list("id", flat=True)))
    models.PrivatePair.objects.filter(id__in=ids).delete()
    return len(ids)
