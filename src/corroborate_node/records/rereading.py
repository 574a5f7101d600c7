"""A list that was taken in before, read again for its consents alone: the way back for what is not relied on, and the
end of what the list, as it is read today, does not allow.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corroborate import records
from corroborate.errors import NotAllowed
from corroborate.importers import PersonRow, Rejected
from corroborate.importers.recording import locator
from corroborate.records.consent import READ, written
from corroborate.values import canonical
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.storing import insert, storing
from corroborate_node.log.sealing import seal_all
from corroborate_node.records import models, queries, rows
from corroborate_node.records.taking import allowed_by, ids

BATCH = 500  # titles in one question
TAKEN_AWAY = "its list, read again, does not allow it"
Allowed = set[tuple[frozenset[records.Use], records.Audience]]


@dataclass(frozen=True, slots=True)
class Reread:
    """How many rows' sources allow publication again, how many do not, rows that are not as they were taken in, and how
    many consents that stood are relied on no more."""

    allowed: int
    refused: int
    unknown: tuple[str, ...] = ()  # where a person who opens the file finds them
    taken_away: int = 0


@act("consents.reread", "record.receive", ways=("command consent",))
def reread(desk: Desk, entries: Sequence[PersonRow], title: str, *, left_out: Sequence[Rejected] = ()) -> Reread:
    """Record anew what each row of a list allows, where the row is the one that was taken in: same list, row and name.

    A new consent with its words stands beside what was there, sealed. What was read from the list before, and what the
    row does not allow as it is read today, is relied on no more; that is sealed too. ``left_out``: rows that would not
    be taken in today: they allow nothing beyond the vault. What was asked in another way than by the list stays.
    """
    if desk.vault.hub:
        raise NotAllowed("a hub holds no records")
    known = _known(title, [*(one.row for one in entries), *(one.row for one in left_out)])
    new = ids("consent", desk.at, desk.entropy)
    made: list[records.Consent] = []
    unknown: list[str] = []
    allows: dict[str, Allowed] = {}
    refused = 0
    for entry in entries:
        source, person, names = known.get(entry.row, ("", "", frozenset()))
        if not names & {name.text for name in entry.names}:
            unknown.append(locator(entry))
            continue
        allows[source] = set(allowed_by(entry, agreed=True))
        if entry.publish:
            made += _granted(desk, entry, source, person, new)
        else:
            refused += 1
    for row in left_out:
        source, _, names = known.get(row.row, ("", "", frozenset()))
        if any(name in cell for name in names for cell in row.cells):
            allows[source] = set()
    with storing():
        gone = _no_longer(allows)
        for one in gone:
            models.Consent.objects.filter(id=one).update(blocked=TAKEN_AWAY)
        insert(models.Consent, map(rows.consent_row, made))
        ends = [("consent", one, _ended(one, desk)) for one in gone]
        seal_all([*ends, *(("consent", one.id, one.canonical()) for one in made)], desk.at, desk.entropy)
    return Reread(len(made), refused, tuple(unknown), len(gone))


def _granted(desk: Desk, entry: PersonRow, source: str, person: str, new: Iterator[str]) -> Iterator[records.Consent]:
    for uses, audience in allowed_by(entry, agreed=False):
        if audience == "public":
            yield records.Consent(
                next(new), source, uses, audience, desk.at.date(), subject=person, asked=READ,
                words=written(entry.consent.words),
            )  # fmt: skip


def _no_longer(allows: dict[str, Allowed]) -> list[str]:
    """Consents read from the list before that reach beyond the vault, and that their row does not allow today."""
    return [
        one.id
        for one in queries.consents_of(list(allows))
        if one.audience != "own"
        and one.asked in ("", READ)  # the earliest versions did not say how it was asked: by the list
        and one.withdrawn is None
        and not one.blocked
        and not any(one.uses <= uses and _reaches(audience, one.audience) for uses, audience in allows[one.source])
    ]


def _reaches(audience: records.Audience, other: records.Audience) -> bool:
    """Whether a leave for one audience covers another: a named body is asked for by name, and covered by all alone."""
    order = ("own", "coalition", "public")
    return audience == other or (
        audience == "public" if other == "named body" else order.index(audience) >= order.index(other)
    )


def _ended(consent: str, desk: Desk) -> bytes:
    return canonical({"version": 1, "no_longer_relied_on": consent, "why": TAKEN_AWAY, "at": desk.at.isoformat()})


def _known(title: str, numbers: Iterable[int]) -> dict[int, tuple[str, str, frozenset[str]]]:
    """Row -> its source, person and names, as they were taken in."""
    titles = {f"{title}, row {number}": number for number in numbers}
    found: dict[int, tuple[str, str, frozenset[str]]] = {}
    for claim in _named(list(titles)):
        row = titles[claim.source.title]
        names = found[row][2] if row in found else frozenset[str]()
        found[row] = (claim.source_id, claim.subject_id, names | {str(getattr(rows.claim(claim).value, "text", ""))})
    return found


def _named(titles: Sequence[str]) -> Iterator[models.Claim]:
    for start in range(0, len(titles), BATCH):
        yield from models.Claim.objects.exclude(value=None).filter(
            source__title__in=titles[start : start + BATCH], source__withdrawn=None, property__in=rows.NAMES,
            subject__kind="person",
        ).select_related("source")  # fmt: skip
