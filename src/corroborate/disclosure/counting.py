"""How the people of a release relate to one another, each counted once: so that no two of its numbers contradict."""

from collections.abc import Collection, Iterable

from corroborate.disclosure.items import Deciding
from corroborate.disclosure.shown import EstimateShown, PeopleShown
from corroborate.disclosure.small_numbers import few_withheld
from corroborate.records import Claim, Reference


def people_shown(
    deciding: Deciding, claims: Iterable[Claim], named: Collection[str], estimate: EstimateShown | None
) -> PeopleShown | None:
    """Entries, people after matching, and what is told of whom. None where nobody may be counted.

    Only entries whose source allows counting before this audience are counted, and those who are named anyway.
    """
    entries: dict[str, str] = {}
    for claim in claims:
        who = claim.value.entity if isinstance(claim.value, Reference) else claim.subject
        person = deciding.person.get(who, who)
        if not who.startswith("person_"):
            continue
        if person in named or deciding.leaving.permissions.allows("count", claim.source):
            entries[who] = person
    people = set(entries.values())
    if not people:
        return None
    taken_back = people & deciding.unnamed
    told = people & set(named)  # of others who are named nobody is counted
    split = (len(told), len(people - taken_back - told), len(taken_back))
    compared = None if estimate is None else estimate.documented
    beside = None if compared is None else len(people) - compared
    if beside is not None and beside < 0:  # the estimate is of others: the two are not parts of one whole
        compared = beside = None
    own = deciding.leaving.permissions.audience == "own"
    return _told(own, len(entries), len(people), (compared, beside), split)


def _told(
    own: bool, entries: int, people: int, lists: tuple[int | None, int | None], split: tuple[int, int, int]
) -> PeopleShown:
    """What leaves: a part of one to nine people is told to nobody else, nor is what would show it by subtraction."""
    (compared, beside), (named, unnamed, taken_back) = lists, split
    if own:
        return PeopleShown(entries, people, compared, beside, named, unnamed, taken_back)
    if few_withheld(taken_back) is None:
        unnamed, taken_back = unnamed + taken_back, 0
    if any(one is not None and few_withheld(one) is None for one in (people, beside, unnamed)):
        return PeopleShown(None, None, compared, None, named)
    return PeopleShown(entries, people, compared, beside, named, unnamed, taken_back)
