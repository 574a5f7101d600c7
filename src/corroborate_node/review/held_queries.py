"""Which people are held by another member too, who may see them, and what was said of each."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from corroborate.errors import InvalidValue
from corroborate_node.core.queries import in_cases, visible
from corroborate_node.records import models as evidence
from corroborate_node.review import models

PrivatePair: TypeAlias = models.PrivatePair  # what a page is handed
ORDER = ("difference", "id")  # the nearest first


def _judged() -> Exists:
    return Exists(models.PrivateJudgement.objects.filter(pair=OuterRef("pk"), withdrawn=None))


def pairs(user: Any) -> QuerySet[models.PrivatePair]:
    """Everybody whom another member said it holds too, judged or not."""
    found: QuerySet[models.PrivatePair] = visible(user, models.PrivatePair).order_by(*ORDER)
    return found


def waiting(user: Any) -> QuerySet[models.PrivatePair]:
    return pairs(user).filter(~_judged())


def judgements(who: Any) -> QuerySet[models.PrivateJudgement]:
    return in_cases(who, models.PrivateJudgement)


def of_pair(user: Any, pair: models.PrivatePair) -> list[models.PrivateJudgement]:
    """All that was ever said of a pair, the newest first, and what was taken back."""
    return list(visible(user, models.PrivateJudgement).filter(pair=pair).order_by("-at", "-id"))


def last_of(user: Any) -> models.PrivateJudgement | None:
    """The last such judgement of this user that stands."""
    own = visible(user, models.PrivateJudgement).filter(by=getattr(user, "username", ""), withdrawn=None)
    found: models.PrivateJudgement | None = own.order_by("-at", "-id").first()
    return found


def beside(line: QuerySet[models.PrivatePair], one: models.PrivatePair, *, after: bool) -> models.PrivatePair | None:
    """The next or the previous one of those that wait."""
    same = {"difference": one.difference}
    if after:
        return line.filter(Q(difference__gt=one.difference) | Q(**same, id__gt=one.id)).first()
    return (
        line.filter(Q(difference__lt=one.difference) | Q(**same, id__lt=one.id)).order_by("-difference", "-id").first()
    )


@dataclass(frozen=True, slots=True)
class Count:
    """What became of those whom one member holds too."""

    partner: str
    told: int
    same: int = 0
    different: int = 0
    unsure: int = 0
    waiting: int = 0


def counted(user: Any) -> list[Count]:
    """By member: how many it told of, and how they were judged. One whom reviewers judge otherwise counts as unsure."""
    return _counted(list(pairs(user)), list(visible(user, models.PrivateJudgement).filter(withdrawn=None)))


def _counted(rows: list[models.PrivatePair], said: list[models.PrivateJudgement]) -> list[Count]:
    verdicts = _verdicts(said)
    by: dict[str, Counter[str]] = {}
    for row in rows:
        spoken = verdicts.get(row.id, set())
        verdict = "waiting" if not spoken else next(iter(spoken)) if len(spoken) == 1 else "unsure"
        by.setdefault(row.partner, Counter())[verdict] += 1
    return [Count(partner, sum(found.values()), **found) for partner, found in sorted(by.items())]


def told(user: Any) -> Callable[[models.PrivatePair], dict[str, Any]]:
    """What programs are told of such a person, with the verdicts asked once."""
    said = visible(user, models.PrivateJudgement).filter(withdrawn=None)
    verdicts = _verdicts(list(said))
    return lambda row: {
        "pair": row.id,
        "person": row.person,
        "people": list(row.people),
        "held_by": row.partner,
        "difference": row.difference,
        "terms": dict(row.terms),
        "told": dict(row.told),
        "judged": "/".join(sorted(verdicts.get(row.id, ()))),
    }


def _verdicts(said: list[models.PrivateJudgement]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for one in said:
        found.setdefault(one.pair_id, set()).add(one.verdict)
    return found


def standing(people: Collection[str], without: Collection[str]) -> set[str]:
    """Those of some people of whom something stands beside these records, by id of source or claim."""
    asked, gone, found = sorted(people), set(without), set[str]()
    for start in range(0, len(asked), 500):
        about = evidence.Claim.objects.filter(subject__in=asked[start : start + 500]).exclude(value=None)
        rows = about.values_list("id", "source_id", "subject_id")
        found.update(person for claim, source, person in rows if claim not in gone and source not in gone)
    return found


# For the owner, who opened the vault with its passphrase


def pair(number: int) -> models.PrivatePair:
    found = models.PrivatePair.objects.filter(id=number).first()
    if found is None:
        raise InvalidValue("there is no person {number} here whom another member holds too", number=number)
    return found


def by_agreement(agreement: str) -> dict[str, tuple[int, str]]:
    """By our person: the number of the pair, and how it was judged, or an empty word."""
    rows = list(models.PrivatePair.objects.filter(agreement=agreement))
    said = models.PrivateJudgement.objects.filter(pair__in=[one.id for one in rows], withdrawn=None)
    verdicts = _verdicts(list(said))
    return {one.person: (one.id, "/".join(sorted(verdicts.get(one.id, ())))) for one in rows}


def last_of_now(judgements: QuerySet[Any], reviewer: str, at: datetime) -> str:
    """The id of a reviewer's last of these judgements of this second, taken back or not; empty before the first."""
    newest: str | None = judgements.filter(by=reviewer, at=at).aggregate(newest=Max("id"))["newest"]
    return newest or ""


def last_by(reviewer: str) -> str:
    """The id of a reviewer's last such judgement that stands. Raises InvalidValue when there is none."""
    found = models.PrivateJudgement.objects.filter(by=reviewer, withdrawn=None).order_by("-at", "-id").first()
    if found is None:
        raise InvalidValue("no judgement of {reviewer} stands", reviewer=reviewer)
    return str(found.id)
