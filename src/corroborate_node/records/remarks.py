"""What people who work on a source say to each other: of the whole, of a passage, of an act; and what they ask to be
mended. It is no claim, it leaves in no release, and it is erased with the source."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Q

from corroborate.errors import InvalidValue, NotAllowed
from corroborate.values import new_id
from corroborate_node.core.accounts import known
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import seat, visible
from corroborate_node.core.storing import destroy_keys, storing
from corroborate_node.records import models, queries

LONGEST = 4_000  # letters
ERASE, CALL = "withdraw", "call"
UNSURE = "unsure"  # nobody knows whether they took something back: the vault was brought back from a backup
KINDS = ("narrow", ERASE, "widen", "correct", "ask", CALL, UNSURE)  # what whoever told a source did or asks, by a code
_WORDLESS = ("narrow", ERASE, CALL, UNSURE)
_WAYS = ("page source-remarks", "command comments")


def _ids(row: models.Remark) -> list[str]:
    return [one for one in (row.id, row.source_id or row.draft, row.place) if one]


@act("remark.make", "record.remark", ways=_WAYS, of_effects=_ids)
def make(desk: Desk, source: str, text: str, place: str = "", to: str = "", *, asks: bool = False) -> models.Remark:
    """Say something of a source that stands to whoever works on it. ``place``: the number of a passage, or the id of
    what the source tells of; ``to``: the account that it is for; ``asks``: it asks that something be mended. Raises
    InvalidValue, NotAllowed."""
    if desk.vault.hub:
        raise NotAllowed("a hub holds no records")
    if not visible(desk, models.Source).filter(id=source, withdrawn=None).exists():
        raise InvalidValue("no source {id} stands here; the address of its page ends in its id", id=source)
    if place and not _tells_of(desk, source, place):
        raise InvalidValue(
            "the source tells of no {place}: give the number of a passage or an id from its page", place=place
        )
    return written(desk, text, source=source, place=place, to=to, asks=asks)


def _tells_of(desk: Desk, source: str, place: str) -> bool:
    if place.isascii() and place.isdecimal():
        return bool(visible(desk, models.Passage).filter(source_id=source, number=int(place[:9])).exists())
    told = visible(desk, models.Claim).filter(source_id=source)
    return bool(told.filter(Q(subject_id=place) | Q(target=place)).exists())


def written(
    desk: Desk, text: str, *, source: str = "", draft: str = "", place: str = "", to: str = "", asks: bool = False
) -> models.Remark:
    """The row of a remark, within the act of the caller. Raises InvalidValue for no words, too many, or nobody."""
    if not text.strip() or len(text) > LONGEST:
        raise InvalidValue("write what you have to say, in {most} letters at most", most=LONGEST)
    made: models.Remark = models.Remark.objects.create(
        id=new_id("remark", milliseconds=int(desk.at.timestamp() * 1000), randomness=desk.entropy(10)),
        source_id=source or None,
        draft=draft,
        place=place,
        text=text.strip(),
        asks=asks,
        by=desk.by,
        to=known(to).get_username() if to.strip() else "",
        at=desk.at,
    )
    return made


def of_the_source(desk: Desk, source: str, kind: str, text: str = "") -> models.Remark:
    """What whoever told a source did or asks by their code, within the act of the caller: it waits for those who work
    on it. Raises InvalidValue."""
    if kind not in KINDS:
        raise InvalidValue("say which of these it is")
    if text.strip() or kind not in _WORDLESS:
        row = written(desk, text, source=source)
    else:
        row = models.Remark(
            id=new_id("remark", milliseconds=int(desk.at.timestamp() * 1000), randomness=desk.entropy(10)),
            source_id=source,
            by=desk.by,
            at=desk.at,
            text="",
        )
    row.kind, row.asks = kind, True
    row.save()
    return row


def said_by_the_source(who: Any, source: str = "") -> list[models.Remark]:
    """What sources themselves did and asked by their codes and nobody settled yet, for who works on them; of one
    source, all of it, the newest first."""
    found = visible(who, models.Remark).exclude(kind="").exclude(source=None).select_related("source")
    if source:
        return list(found.filter(source_id=source).order_by("-id"))
    return list(found.filter(settled=None).order_by("id")[: queries.BATCH])


@act("remark.settle", "record.remark", ways=_WAYS, of_effects=_ids)
def settle(desk: Desk, remark: str, *, again: bool = False) -> models.Remark:
    """Say that a remark of a source is settled: it stays to be read. ``again``: it is open again."""
    return settled(desk, visible(desk, models.Remark).exclude(source=None).filter(id=remark), again=again)


def settled(desk: Desk, found: Any, *, again: bool = False) -> models.Remark:
    """The same of a remark among some, within the act of the caller."""
    row: models.Remark | None = found.filter(settled__isnull=not again).first()
    if row is None:
        raise InvalidValue("no such comment waits here: it may be settled already")
    if row.kind == ERASE:
        raise InvalidValue("whoever told it asks that it be erased: this is settled by withdrawing the source")
    row.settled, row.settled_by = (None, "") if again else (desk.at, desk.by)
    row.save(update_fields=["settled", "settled_by"])
    return row


def of_source(user: Any, source: str) -> list[models.Remark]:
    """What was said of a source, the oldest first."""
    return list(visible(user, models.Remark).filter(source_id=source).order_by("id"))


def of_draft(draft: str) -> list[models.Remark]:
    """What was said of a draft, for who was let see it."""
    return list(models.Remark.objects.filter(draft=draft).order_by("id"))


def open_for(user: Any) -> list[models.Remark]:
    """Remarks on sources that wait for somebody: meant for them, or asking whoever recorded the source."""
    name = seat(user).name
    waiting = visible(user, models.Remark).filter(settled=None, kind="").exclude(source=None).exclude(by=name)
    mine = models.Entered.objects.filter(by=name).values("source_id")
    return list(waiting.filter(Q(to=name) | Q(to="", asks=True, source_id__in=mine)).order_by("id")[: queries.BATCH])


def number_open(user: Any, sources: Collection[str]) -> int:
    """How many comments of some sources are not settled."""
    return int(visible(user, models.Remark).filter(source_id__in=list(sources), settled=None).count())


def sealed_with(draft: str, source: str, places: dict[str, str]) -> None:
    """A draft became records of a source: what was said of it is said of these. ``places``: row -> entity."""
    for row in models.Remark.objects.filter(draft=draft):
        row.source_id, row.draft, row.place = source, "", places.get(row.place, "")
        row.save(update_fields=["source", "draft", "place"])


def forget(found: Any) -> None:
    """Erase remarks, and the keys under which they were sealed."""
    ids = list(found.values_list("id", flat=True))
    with storing():
        models.Remark.objects.filter(id__in=ids).delete()
        destroy_keys(ids)


def erased(sources: Sequence[str]) -> None:
    """With sources that are withdrawn, what was said of them goes."""
    for start in range(0, len(sources), queries.BATCH):
        forget(models.Remark.objects.filter(source_id__in=sources[start : start + queries.BATCH]))


__all__ = ["make", "of_draft", "of_source", "open_for", "settle"]
