"""A day is set for a source, and settled: what was promised was kept or not, the source was asked again or erased.

While a period is over and nobody asked again, nothing of the source leaves: :func:`while_kept` ends its consents."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from corroborate.errors import InvalidValue, NotAllowed
from corroborate.records import Consent
from corroborate.values import new_id
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import visible
from corroborate_node.deadlines.models import Deadline
from corroborate_node.records.actions import WITHDRAWN
from corroborate_node.records.models import Source

KINDS, THEN = ("feedback", "retention"), ("ask", "erase")
SOON = timedelta(days=14)  # so long before its day *Today* shows it
_WAYS = ("page source-deadlines", "command deadlines")


def _ids(row: Deadline) -> list[str]:
    return [row.id, row.source_id]


@act("deadline.set", "record.enter", ways=_WAYS, of_effects=_ids)
def plan(desk: Desk, source: str, kind: str, on: date, what: str = "", then: str = "") -> Deadline:
    """Set a day for a source. ``feedback``: what whoever told it was promised to hear by then. ``retention``: it is
    kept until then, and ``then`` asked again (``ask``) or erased (``erase``). Raises InvalidValue, NotAllowed."""
    if desk.vault.hub:
        raise NotAllowed("a hub holds no records")
    if not visible(desk, Source).filter(id=source, withdrawn=None).exists():
        raise InvalidValue("no source {id} stands here; the address of its page ends in its id", id=source)
    if kind not in KINDS or (kind == "retention") != (then in THEN):
        raise InvalidValue("say feedback, or retention with what follows: ask or erase")
    if kind == "feedback" and not what.strip():
        raise InvalidValue("write what was promised")
    if on < desk.at.date():
        raise InvalidValue("{day} is over: give a day to come", day=on.isoformat())
    made: Deadline = Deadline.objects.create(
        id=new_id("deadline", milliseconds=int(desk.at.timestamp() * 1000), randomness=desk.entropy(10)),
        source_id=source,
        kind=kind,
        what=what.strip(),
        on=on,
        then=then,
        by=desk.by,
        at=desk.at,
    )
    return made


@act("deadline.settle", "record.enter", ways=_WAYS, of_effects=_ids)
def settle(desk: Desk, deadline: str, how: str, *, kept: bool = True) -> Deadline:
    """Say what became of it, and how: a promise was kept or not (``kept``), a source was asked again. A source that is
    to be erased is withdrawn on its own page. Raises InvalidValue."""
    row: Deadline | None = visible(desk, Deadline).filter(id=deadline, settled=None).first()
    if row is None:
        raise InvalidValue("no such day waits here: it may be settled already")
    if not how.strip():
        raise InvalidValue("write how: what was told, or what the source said")
    if row.kind == "retention" and not kept:
        raise InvalidValue("a source that was not asked again is withdrawn, or waits: nothing of it leaves until then")
    row.settled, row.settled_by, row.kept, row.how = desk.at, desk.by, kept, how.strip()
    row.save(update_fields=["settled", "settled_by", "kept", "how"])
    return row


def _holding() -> QuerySet[Deadline]:
    """Periods that nobody settled by asking again."""
    return Deadline.objects.filter(Q(settled=None) | Q(kept=False), kind="retention")


def kept_until() -> dict[str, date]:
    """By source: the last day until which it is kept, where a period was set that still holds. That of a list is that
    of its rows and records too."""
    found: dict[str, date] = {}
    for source, on in _holding().values_list("source_id", "on"):
        found[source] = min(on, found.get(source, on))
    for start in range(0, len(lists := list(found)), 500):
        parts = Source.objects.filter(part_of__in=lists[start : start + 500], withdrawn=None)
        for part, whole in parts.values_list("id", "part_of_id"):
            found[part] = min(found[whole], found.get(part, found[whole]))
    return found


def while_kept(consents: Iterable[Consent]) -> list[Consent]:
    """Consents as they may be relied on: each ends with the period for which its source is kept, at the latest."""
    days = kept_until()
    return [
        replace(one, ends=min(one.ends or days[one.source], days[one.source])) if one.source in days else one
        for one in consents
    ]


def over(on: date) -> QuerySet[Source]:
    """Sources of which a period is over on a day, and their rows and records."""
    gone = _holding().filter(on__lt=on).values("source_id")
    return Source.objects.filter(Q(id__in=gone) | Q(part_of__in=gone))


def of_source(user: Any, source: str) -> list[Deadline]:
    """Days of a source, the next first; settled ones last."""
    return list(visible(user, Deadline).filter(source_id=source).order_by("settled", "on", "id"))


def waiting(user: Any, on: date) -> list[Deadline]:
    """Days that are near or over, and not settled; the earliest first."""
    found = visible(user, Deadline).filter(settled=None, on__lte=on + SOON).select_related("source")
    return list(found.order_by("on", "id")[:200])


def every(user: Any) -> list[Deadline]:
    """All that are not settled, the earliest first."""
    return list(visible(user, Deadline).filter(settled=None).order_by("on", "id"))


def taken_back(_desk: Desk, ids: Sequence[str], reason: str) -> None:
    """With a source that is withdrawn, what was promised about it goes."""
    if reason == WITHDRAWN:
        sources = [one for one in ids if one.startswith("source_")]
        for start in range(0, len(sources), 500):
            Deadline.objects.filter(source_id__in=sources[start : start + 500]).delete()


__all__ = ["every", "kept_until", "of_source", "over", "plan", "settle", "waiting", "while_kept"]
