"""A list that was taken in before, read again for its consents alone: the way back for what is not relied on, and the
end of what the list, as it is read today, does not allow.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corroborate import records
from corroborate.errors import InvalidValue, NotAllowed
from corroborate.importers import PersonRow, Rejected
from corroborate.importers.again import digest_of_cells
from corroborate.importers.recording import locator
from corroborate.records.consent import READ, written
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.rooms import taken_back
from corroborate_node.core.storing import insert_values, storing
from corroborate_node.log.sealing import seal_all
from corroborate_node.records import actions, models, queries, rows
from corroborate_node.records.batches import allowed_by, ids
from corroborate_node.records.narrowing import taken_back_by_themselves

BATCH = 500  # rows in one question
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
def reread(
    desk: Desk,
    entries: Sequence[PersonRow],
    title: str,
    *,
    cells: Mapping[int, Mapping[str, str]],
    left_out: Sequence[Rejected] = (),
) -> Reread:
    """Record anew what each row of a list allows, where the row is the one that was taken in: it says the same as its
    newest version, by ``cells`` of its number; of a list that earlier versions took in, same number and name.

    A row of the same number and name that says something else allows no more than before; it may allow less.

    A new consent with its words stands beside what was there, sealed. What was read from the list before, and what the
    row does not allow as it is read today, is relied on no more; that is sealed too. ``left_out``: rows that would not
    be taken in today: they allow nothing beyond the vault. What was asked in another way than by the list stays.
    """
    if desk.vault.hub:
        raise NotAllowed("a hub holds no records")
    list_ = _the_only(title)
    rows_of, contents = _contents(list_, cells)
    numbers = {one.row for one in entries} | {one.row for one in left_out}
    known = _known(list_, sorted(numbers.union(*rows_of.values())))
    new = ids("consent", desk.at, desk.entropy)
    made: list[records.Consent] = []
    unknown: list[str] = []
    allows: dict[str, Allowed] = {}
    refused = 0
    for entry in entries:
        is_here = rows_of.get(contents.get(entry.row, ""), ())
        row = known.get(entry.row, Known())
        if not is_here and row.names & {name.text for name in entry.names}:
            if row.compared:
                for source in row.sources:
                    allows.setdefault(source, set(allowed_by(entry, agreed=True)))
                if not entry.publish:  # a no is heard, whoever's row it is
                    refused += 1
                    continue
            else:
                is_here = (entry.row,)
        if not is_here:
            unknown.append(locator(entry))
            continue
        for row in (known[number] for number in is_here if number in known):
            allows |= {source: set(allowed_by(entry, agreed=True)) for source in row.sources}
            if entry.publish:
                made += [one for source in row.sources for one in _granted(desk, entry, source, row.person, new)]
        refused += not entry.publish
    for out in left_out:
        row = known.get(out.row, Known())
        if any(name in cell for name in row.names for cell in out.cells):
            allows |= {source: set() for source in row.sources}
    with storing():
        gone = no_longer(allows)
        _keep(desk, made, gone)
    return Reread(len(made), refused, tuple(unknown), len(gone))


def allow_anew(desk: Desk, says: Mapping[str, PersonRow]) -> list[str]:
    """What rows of a list that came again allow of what they told before, ``says``: by source; ids of the consents that
    are new. What was read from the list before and is not allowed now is relied on no more. Part of a larger act."""
    new = ids("consent", desk.at, desk.entropy)
    allows = {source: set(allowed_by(entry, agreed=True)) for source, entry in says.items()}
    gone = no_longer(allows)
    allowed: dict[str, Allowed] = {}
    for one in queries.consents_of(list(says)):
        if one.withdrawn is None and not one.blocked and one.id not in gone:
            allowed.setdefault(one.source, set()).add((one.uses, one.audience))
    about = dict(models.Consent.objects.filter(source_id__in=list(says)).values_list("source_id", "subject"))
    made = [
        one
        for source, entry in says.items()
        if entry.publish
        for one in _granted(desk, entry, source, about.get(source, ""), new)
        if not any(one.uses <= uses and _reaches(audience, one.audience) for uses, audience in allowed.get(source, ()))
    ]
    _keep(desk, made, gone)
    return [one.id for one in made]


def end(desk: Desk, consents: Sequence[str]) -> None:
    """Consents are relied on no more, since their rows do not allow them now. Part of a larger act."""
    _keep(desk, [], consents)


def _keep(desk: Desk, made: Sequence[records.Consent], gone: Sequence[str]) -> None:
    """What another member let us have gets no wider by a list that is read again, nor does what somebody took back."""
    asked = {one.source for one in made}
    closed = {*queries.from_members(asked), *taken_back_by_themselves(asked)}
    made = [one for one in made if one.source not in closed]
    for one in gone:
        models.Consent.objects.filter(id=one).update(blocked=TAKEN_AWAY)
    insert_values(models.Consent, rows.CONSENT, map(rows.consent_values, made))
    ends = [("consent", one, actions.no_longer(one, TAKEN_AWAY, desk)) for one in gone]
    seal_all([*ends, *(("consent", one.id, one.canonical()) for one in made)], desk.at, desk.entropy)
    if gone:
        taken_back(desk, _told_under(gone), actions.CONSENT)


def _told_under(gone: Sequence[str]) -> list[str]:
    """The sources of consents that ended, and what they told: whoever was given it is to know."""
    found = list[str]()
    for start in range(0, len(gone), BATCH):
        of = models.Consent.objects.filter(id__in=gone[start : start + BATCH]).values_list("source_id", flat=True)
        sources = sorted(set(of))
        claims = models.Claim.objects.filter(source_id__in=sources).exclude(value=None)
        found += [*sources, *claims.values_list("id", flat=True)]
    return found


def _granted(desk: Desk, entry: PersonRow, source: str, person: str, new: Iterator[str]) -> Iterator[records.Consent]:
    for uses, audience in allowed_by(entry, agreed=False):
        if audience == "public":
            yield records.Consent(
                next(new), source, uses, audience, desk.at.date(), subject=person, asked=READ,
                words=written(entry.consent.words),
            )  # fmt: skip


def no_longer(allows: Mapping[str, Allowed]) -> list[str]:
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


@dataclass(frozen=True, slots=True)
class Known:
    """A row as it was taken in: its sources, one for each version, the person and the names; whether it is kept what it
    said, as a digest."""

    sources: tuple[str, ...] = ()
    person: str = ""
    names: frozenset[str] = frozenset()
    compared: bool = False


def _the_only(title: str) -> str:
    """The id of the list of that title; empty where there is none. Raises InvalidValue where there are several."""
    found = list(models.Source.objects.filter(kind="list", title=title, withdrawn=None).values_list("id", flat=True))
    if len(found) > 1:
        raise InvalidValue(
            "{number} lists called {title} stand here, and rows of one are not those of another: import the file "
            "again, and say with --again which of them it is",
            number=len(found),
            title=title,
        )
    return found[0] if found else ""


def _contents(list_: str, cells: Mapping[int, Mapping[str, str]]) -> tuple[dict[str, tuple[int, ...]], dict[int, str]]:
    """By what it says in its newest version, the numbers of rows that stand; and what each row of the file says."""
    if not list_:
        return {}, {}
    came = models.Import.objects.filter(list_id=list_, undone=None).order_by("number")
    numbering = next((one.choices["numbers"] for one in came if "numbers" in one.choices), "")
    newest = dict(
        models.Imported.objects.filter(source__part_of_id=list_, source__withdrawn=None, source__from_member=None)
        .exclude(content="")
        .order_by("source_id")
        .values_list("source__number", "content")
    )
    numbers: dict[str, tuple[int, ...]] = {}
    for number, content in newest.items():
        if number is None:
            continue
        numbers[content] = (*numbers.get(content, ()), number)
    return numbers, {number: digest_of_cells(row, numbering) for number, row in cells.items()}


def _known(list_: str, numbers: Iterable[int]) -> dict[int, Known]:
    """By the number of a row."""
    asked, versions, compared = list(numbers), defaultdict[int, list[str]](list), set()
    if not list_:
        return {}
    parts = models.Source.objects.filter(part_of_id=list_, withdrawn=None, from_member=None).order_by("id")
    for id_, number, content in parts.values_list("id", "number", "came__content"):
        if number is not None:
            versions[number].append(id_)
            compared |= {number} if content else set()
    found: dict[int, Known] = {}
    for claim in _named(list_, asked):
        number = claim.source.number
        if number is None:
            continue
        names = found.get(number, Known()).names | {queries.words_of(claim)}
        found[number] = Known(tuple(versions[number]), claim.subject_id, names, number in compared)
    return found


def _named(list_: str, numbers: Sequence[int]) -> Iterator[models.Claim]:
    for start in range(0, len(numbers), BATCH):
        yield from models.Claim.objects.exclude(value=None).filter(
            source__part_of_id=list_, source__number__in=numbers[start : start + BATCH], source__withdrawn=None,
            source__from_member=None, property__in=rows.NAMES, subject__kind="person",
        ).select_related("source")  # fmt: skip
