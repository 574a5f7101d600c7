"""People say which sources do not know independently: one goes back to the other, they share an origin, or one may have
shaped the other. Each such tie is sealed, can be taken back, and changes what is counted at once."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from django.db.models import Q

from corroborate.cases import TIES, Tie, TieKind
from corroborate.cases.independence import circle_of
from corroborate.errors import InvalidValue, NotAllowed
from corroborate.values import canonical, new_id
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import visible
from corroborate_node.core.storing import storing
from corroborate_node.inquiry import models
from corroborate_node.log.sealing import seal_all, unsalt
from corroborate_node.records import queries

KIND = "tie"
_WAYS = ("page independence", "command ties")


def _ids(row: models.Tie) -> list[str]:
    return [row.id, row.source_id, row.other_id]


@act("source.tie", ways=_WAYS, of_effects=_ids)
def tie(desk: Desk, source: str, kind: TieKind, other: str, because: str) -> models.Tie:
    """Say that a source does not know independently of another. Raises InvalidValue, NotAllowed.

    Of a kind that derives, ``source`` goes back to ``other``, and falls with it when that is withdrawn. A circle is
    refused: nobody would know where it began.
    """
    if desk.vault.hub:
        raise NotAllowed("a hub holds no records")
    made = Tie(kind, source.strip(), other.strip())
    here = set(
        queries.sources_seen(desk).filter(id__in=[made.source, made.other], withdrawn=None).values_list("id", flat=True)
    )
    if missing := [one for one in (made.source, made.other) if one not in here]:
        raise InvalidValue(
            "no source {missing} that still stands; the address of its page, /sources/source_…, ends in its id",
            missing=missing[0],
        )
    if not because.strip():
        raise InvalidValue("say how you know that they are not independent: whoever counts must be able to judge again")
    if TIES[kind] == "derives" and (way := circle_of(queries.derivations()[0], made.source, made.other)):
        raise InvalidValue(
            "{other} goes back to {source} already ({way}): both ways round nobody knows who said it first",
            other=made.other,
            source=made.source,
            way=" → ".join(way),
        )
    if _same(made).exists():
        raise InvalidValue("this was said of the two already")
    with storing():
        row: models.Tie = models.Tie.objects.create(
            id=new_id(KIND, milliseconds=int(desk.at.timestamp() * 1000), randomness=desk.entropy(10)),
            kind=kind,
            source_id=made.source,
            other_id=made.other,
            by=desk.by,
            why=because.strip(),
            at=desk.at,
        )
        seal_all([(KIND, row.id, sealed_bytes(row))], desk.at, desk.entropy)
    return row


@act("source.untie", "source.tie", ways=_WAYS, of_effects=_ids)
def untie(desk: Desk, tie: str) -> models.Tie:
    """Take a tie back: the two count as they did before. Raises InvalidValue."""
    row: models.Tie | None = visible(desk, models.Tie).filter(id=tie, taken_back=None).first()
    if row is None:
        raise InvalidValue("no tie {tie} that stands; the page Independence of a source shows them", tie=tie)
    with storing():
        models.Tie.objects.filter(id=row.id).update(taken_back=desk.at, taken_back_by=desk.by)
        content = canonical({"version": 1, "taken_back": row.id, "by": desk.by, "at": desk.at.isoformat()})
        seal_all([(KIND, row.id, content)], desk.at, desk.entropy)
    return row


def _same(made: Tie) -> Any:
    """Ties that stand and say the same; of a kind that derives the order counts."""
    pair = Q(source_id=made.source, other_id=made.other)
    if made.weight != "derives":
        pair |= Q(source_id=made.other, other_id=made.source)
    return models.Tie.objects.filter(pair, kind=made.kind, taken_back=None)


def sealed_bytes(row: models.Tie) -> bytes:
    return canonical(
        {
            "version": 1,
            "id": row.id,
            "kind": row.kind,
            "source": row.source_id,
            "other": row.other_id,
            "by": row.by,
            "why": row.why,
            "at": row.at.isoformat(),
        }
    )


def current() -> Iterator[Tie]:
    """Every tie that stands, whoever may see it: what is counted is the same for everybody."""
    found = models.Tie.objects.filter(taken_back=None).order_by("id")
    for kind, source, other in found.values_list("kind", "source_id", "other_id"):
        yield Tie(cast("TieKind", kind), source, other)


def ties_seen(user: Any, source: str) -> list[models.Tie]:
    """Ties of a source that somebody may see, those that were taken back among them, in the order they were made."""
    found = visible(user, models.Tie).filter(Q(source_id=source) | Q(other_id=source))
    return list(found.select_related("source", "other").order_by("id"))


def taken_back(records: Sequence[str]) -> None:
    """With a source that is withdrawn go the words in which somebody tied it: they tell of it."""
    for start in range(0, len(records), queries.BATCH):
        part = records[start : start + queries.BATCH]
        gone = models.Tie.objects.filter(Q(source_id__in=part) | Q(other_id__in=part))
        unsalt(KIND, gone.values_list("id", flat=True))
        gone.update(why="", by="", taken_back_by="")
