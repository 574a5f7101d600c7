"""A list that was taken in before, read again for its consents alone: the way back for what is not relied on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corroborate import records
from corroborate.errors import NotAllowed
from corroborate.importers import PersonRow
from corroborate.importers.recording import locator
from corroborate.records.consent import READ, written
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.storing import insert, storing
from corroborate_node.log.sealing import seal_all
from corroborate_node.records import models, rows
from corroborate_node.records.taking import allowed_by, ids

BATCH = 500  # titles in one question


@dataclass(frozen=True, slots=True)
class Reread:
    """How many rows' sources allow publication again, how many do not, and rows that are not as they were taken in."""

    allowed: int
    refused: int
    unknown: tuple[str, ...] = ()  # where a person who opens the file finds them


@act("consents.reread", "record.receive", ways=("command consent",))
def reread(desk: Desk, entries: Sequence[PersonRow], title: str) -> Reread:
    """Record anew what each row of a list allows, where the row is the one that was taken in: same list, row and name.

    Nothing that a row said before is changed; a new consent with its words stands beside it, sealed.
    """
    at, entropy = desk.at, desk.entropy
    if desk.vault.hub:
        raise NotAllowed("a hub holds no records")
    known = _known(title, entries)
    new = ids("consent", at, entropy)
    made: list[records.Consent] = []
    unknown: list[str] = []
    refused = 0
    for entry in entries:
        source, person, names = known.get(entry.row, ("", "", frozenset()))
        if not names & {name.text for name in entry.names}:
            unknown.append(locator(entry))
        elif entry.publish:
            made += [
                records.Consent(
                    next(new), source, uses, audience, at.date(), subject=person, asked=READ,
                    words=written(entry.consent.words),
                )
                for uses, audience in allowed_by(entry, agreed=False)
                if audience == "public"
            ]  # fmt: skip
        else:
            refused += 1
    with storing():
        insert(models.Consent, map(rows.consent_row, made))
        seal_all([("consent", one.id, one.canonical()) for one in made], at, entropy)
    return Reread(len(made), refused, tuple(unknown))


def _known(title: str, entries: Sequence[PersonRow]) -> dict[int, tuple[str, str, frozenset[str]]]:
    """Row -> its source, person and names, as they were taken in."""
    titles = {f"{title}, row {entry.row}": entry.row for entry in entries}
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
