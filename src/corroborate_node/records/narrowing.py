"""Consents that whoever gave them takes back, whole or in part, by themselves: it counts at once, and no list that is
read again and no draft from before gives it back.

Nothing is erased: what they allowed before, and that they took it back, stays to be read and stands in the log.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from corroborate.errors import InvalidValue
from corroborate.records import AUDIENCES, USES
from corroborate.records.consent.narrowing import BY_THE_SOURCE, Circle, Taken, allowed_to, narrowed
from corroborate_node.core.desk import Desk
from corroborate_node.core.rooms import taken_back
from corroborate_node.core.storing import insert_values, storing
from corroborate_node.log.sealing import seal_all
from corroborate_node.records import actions, after_backup, models, queries, rows
from corroborate_node.records.batches import ids

_ALL: list[Taken] = [("own", "", use) for use in USES]  # every other circle includes it


@dataclass(frozen=True, slots=True)
class Taking:
    """What became of consents: how many ended, how many narrower ones stand in their place."""

    ended: int
    left: int


def allowed(source: str, on: date) -> dict[Circle, frozenset[str]]:
    """What each circle may do with what a source told: by its own consents, and by those of lists and papers that
    repeat nothing but it."""
    given = queries.consents_of(_its_own(source))
    return {circle: frozenset(uses) for circle, uses in allowed_to(given, on).items()}


def narrow(desk: Desk, source: str, taken: Collection[Taken]) -> Taking:
    """Within a larger act: what a source takes back of what it allowed is relied on no more, from now on. So is what
    lists and papers tell that goes back to nothing but it; another person's account that does allows what that person
    allowed. Receivers of releases are told, as when a consent ends."""
    return _take(desk, _its_own(source), taken)


def shut(desk: Desk, source: str) -> Taking:
    """The same of everything that lets something leave the vault."""
    sources, own = _its_own(source), AUDIENCES[0]
    known = allowed_to(queries.consents_of(sources), desk.at.date())
    return _take(desk, sources, [(audience, body, use) for audience, body in known if audience != own for use in USES])


def _its_own(source: str) -> list[str]:
    told_again = models.Source.objects.filter(id__in=_falling(source)).exclude(kind="witness")
    return [source, *told_again.values_list("id", flat=True)]


def stop(desk: Desk, source: str) -> Taking:
    """The same of everything, also of all that would be erased with the source; nothing of it may be allowed by now."""
    return _take(desk, [source, *_falling(source)], _ALL, or_nothing=True)


def _falling(source: str) -> list[str]:
    return [one for one in actions.falling([queries.first_version(source)]) if one != source]


def _take(desk: Desk, sources: Sequence[str], taken: Collection[Taken], *, or_nothing: bool = False) -> Taking:
    on, new = desk.at.date(), ids("consent", desk.at, desk.entropy)
    given = [one for one in queries.consents_of(sources) if one.withdrawn is None]
    by_source = {one: [each for each in given if each.source == one] for one in sources}
    parts = [narrowed(each, taken, on, new) for each in by_source.values()]
    ended = [id_ for one in parts for id_ in one.ended]
    left = [each for one in parts for each in one.left]
    if not ended and or_nothing:
        after_backup.noted(desk, sources)  # that it is to be erased, which the caller writes down
        return Taking(0, 0)
    if not ended:
        raise InvalidValue("nothing of this is allowed any more, so nothing was to be taken back")
    touched = sorted({one.source for one in given if one.id in set(ended)})
    with storing():
        for start in range(0, len(ended), queries.BATCH):
            models.Consent.objects.filter(id__in=ended[start : start + queries.BATCH]).update(
                withdrawn=on, blocked=BY_THE_SOURCE
            )
        insert_values(models.Consent, rows.CONSENT, map(rows.consent_values, left))
        ends = [("consent", one, actions.no_longer(one, BY_THE_SOURCE, desk)) for one in ended]
        seal_all([*ends, *(("consent", one.id, one.canonical()) for one in left)], desk.at, desk.entropy)
        taken_back(desk, queries.with_what_they_told(touched), actions.CONSENT)
    return Taking(len(ended), len(left))


def taken_back_by_themselves(sources: Collection[str]) -> dict[str, date]:
    """Those of some sources that stand and took back by themselves what they had allowed, each with the last day."""
    asked, found = sorted(sources), dict[str, date]()
    for start in range(0, len(asked), queries.BATCH):
        rows_ = models.Consent.objects.filter(
            source_id__in=asked[start : start + queries.BATCH], blocked=BY_THE_SOURCE, source__withdrawn=None
        )
        found |= dict(rows_.values("source_id").annotate(day=Max("withdrawn")).values_list("source_id", "day"))
    return found


__all__ = ["Taking", "allowed", "narrow", "shut", "stop", "taken_back_by_themselves"]
