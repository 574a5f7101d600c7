"""Who sees which words: those that wait, those that were taught, and what would be coded otherwise by them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, QuerySet

from corroborate.importers.coding import Act
from corroborate.records import Term
from corroborate_node.coding.models import Taught, Waiting
from corroborate_node.coding.table import own_table
from corroborate_node.coding.waiting import PREFIX, cell_of, key_of
from corroborate_node.core.queries import in_cases, visible
from corroborate_node.records import queries as records
from corroborate_node.records import rows as written
from corroborate_node.records.models import Claim

_SAID_BY = {"witnessed": "seen", "threatened": "threatened", "violation": "for", "no_violation": "against"}


@dataclass(frozen=True, slots=True)
class Unread:
    """Words that wait for a coder: how many cells say them, and where the first stands."""

    words: str
    cells: int
    source: str
    title: str
    locator: str
    people: str  # id of the person of whom the first says it


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that is coded otherwise since its words were taught. ``adds``: acts that stand nowhere yet; ``stands``:
    acts that stand and that the cell tells no longer, which a person corrects."""

    claim: str
    person: str
    source: str
    locator: str
    cell: str
    adds: tuple[Act, ...]
    stands: tuple[Act, ...]


def number(who: Any) -> int:
    """How many different words wait."""
    return int(_waiting(who).values("key").distinct().count())


def _waiting(who: Any) -> QuerySet[Waiting]:
    return visible(who, Waiting).exclude(key__in=Taught.objects.values("key"))


def waiting(who: Any, first: int = 0, most: int = 50) -> list[Unread]:
    """Words that nobody coded, those of most cells first."""
    groups = _waiting(who).values("key").annotate(cells=Count("claim", distinct=True), one=Min("id"))
    page = list(groups.order_by("-cells", "key")[first : first + most])
    rows = Waiting.objects.select_related("claim", "claim__source__part_of").in_bulk([one["one"] for one in page])
    return [_unread(rows[one["one"]], one["cells"]) for one in page]


def _unread(row: Waiting, cells: int) -> Unread:
    claim = row.claim
    of = claim.source.part_of or claim.source  # a row is called by its list
    return Unread(row.words, cells, claim.source_id, of.title, claim.locator, claim.subject_id)


def taught(who: Any) -> list[Taught]:
    """What was taught, newest first."""
    return list(visible(who, Taught).order_by("-on", "-id"))


def taught_word(who: Any, words: str) -> Taught | None:
    found: Taught | None = visible(who, Taught).filter(key=key_of(words)).first()
    return found


def sources_waiting(key: str) -> list[str]:
    """Sources in which words wait."""
    return sorted(set(Waiting.objects.filter(key=key).values_list("claim__source_id", flat=True)))


def changes(who: Any, row: Taught) -> list[Change]:
    """Cells that hold taught words and are coded otherwise by them, where that is not recorded yet."""
    new, old = own_table(), own_table(but=row.key)
    found = []
    for claim in _cells(who, row):
        cell = cell_of(written.claim(claim))
        now, before = new.read(cell).acts, old.read(cell).acts
        recorded = set(_recorded(claim.subject_id, claim.source_id))
        adds = tuple(one for one in now if one not in before and (one.term, one.said) not in recorded)
        stands = tuple(one for one in before if one not in now and (one.term, one.said) in recorded)
        if adds or stands:
            found.append(_change(claim, cell, adds, stands))
    return _once(found)


def _change(claim: Claim, cell: str, adds: tuple[Act, ...], stands: tuple[Act, ...]) -> Change:
    return Change(claim.id, claim.subject_id, claim.source_id, claim.locator, cell, adds, stands)


def _once(found: list[Change]) -> list[Change]:
    """A cell stands in a claim as a whole, and each part that was not understood in one of its own: each act once."""
    kept: list[Change] = []
    known: set[tuple[str, str, Act]] = set()
    for one in sorted(found, key=lambda change: (change.person, change.source, -len(change.cell))):
        adds = tuple(act for act in one.adds if (one.person, one.source, act) not in known)
        known |= {(one.person, one.source, act) for act in adds}
        if adds or one.stands:
            kept.append(Change(one.claim, one.person, one.source, one.locator, one.cell, adds, one.stands))
    return kept


def _cells(who: Any, row: Taught) -> list[Claim]:
    """Claims that keep a cell with some words: those where they wait, and those that hold them as they were written."""
    told = in_cases(who, Claim).filter(property="told", superseded=False).exclude(value=None)
    waits = set(Waiting.objects.filter(key=row.key).values_list("claim_id", flat=True))
    holding = told.filter(value__text__startswith=PREFIX, value__text__icontains=row.words)
    ids = waits | set(holding.values_list("id", flat=True))
    return list(told.filter(id__in=ids).order_by("id")) if len(ids) < records.BATCH else _in_parts(told, sorted(ids))


def _in_parts(told: QuerySet[Claim], ids: list[str]) -> list[Claim]:
    parts = (ids[start : start + records.BATCH] for start in range(0, len(ids), records.BATCH))
    return [row for part in parts for row in told.filter(id__in=part).order_by("id")]


def _recorded(person: str, source: str) -> Iterator[tuple[str, str]]:
    """Acts that a source tells of a person already: the term, and how it is told."""
    current = Claim.objects.filter(source_id=source, superseded=False).exclude(value=None)
    acts = current.filter(property__in=("victim", "told_by"), target=person).values_list("subject_id", "property")
    another = {act for act, property_ in acts if property_ == "told_by"}
    of_acts = current.filter(subject_id__in=[act for act, _ in acts], property__in=("violation", "no_violation"))
    of_person = current.filter(subject_id=person, property__in=("witnessed", "threatened"))
    for row in (*of_acts, *of_person):
        value = written.claim(row).value
        if isinstance(value, Term):
            yield value.id, "another" if row.subject_id in another else _SAID_BY[row.property]


def around(person: str, source: str) -> list[Claim]:
    """What a source says of when and where something happened to a person: the same stands of an act that is added."""
    told = Claim.objects.filter(subject_id=person, source_id=source, superseded=False).exclude(value=None)
    return list(told.filter(property__in=("event_date", "facility")))
