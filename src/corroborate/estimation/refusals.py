"""When lists cannot carry an estimate, and what to say beside one they carry badly."""

from collections.abc import Iterator
from itertools import combinations, permutations

from corroborate.errors import NotEstimable
from corroborate.translation import Sentence
from corroborate.values import OverlapTable

MOST_LISTS = 8
FEWEST = 20  # people documented: a table, or a stratum, with fewer carries no estimate of its own


def usable(table: OverlapTable) -> tuple[OverlapTable, tuple[str, ...]]:
    """The table without its empty lists, and a sentence for each left out. Raises NotEstimable with the reason.

    A list that names nobody says nothing of anybody, so leaving it out changes no number.
    """
    if table.documented == 0:
        raise NotEstimable("the table names nobody, so there is nobody to estimate from")
    said = list(table.notes)
    for name in [one for one in table.lists if table.on(one) == 0]:
        table = table.without(name)
        said.append(Sentence("The list {name} names nobody and is left out.", name=name))
    if reason := next(_reasons(table), ""):
        raise NotEstimable(reason)
    return table, tuple(said)


def _reasons(table: OverlapTable) -> Iterator[str]:
    if len(table.lists) < 2:
        yield "one list alone says nothing about the people on no list; at least two are needed"
    if len(table.lists) > MOST_LISTS:
        yield (
            Sentence(
                "{number} lists are too many for one model ({most_lists} at most): join those of the same "
                "makers into one, and estimate again",
                number=len(table.lists),
                most_lists=MOST_LISTS,
            )
        )
    if not any(_together(table, *pair) for pair in combinations(range(len(table.lists)), 2)):
        yield "no person is on two lists, so the overlaps say nothing of how many are on none"
    for at, other in permutations(range(len(table.lists)), 2):
        if all(pattern[other] for pattern, count in table.counts.items() if count and pattern[at]):
            one, two = table.lists[at], table.lists[other]
            yield Sentence(
                "everybody on {one} is also on {two}: it is no list of its own; join the two", one=one, two=two
            )
    if table.documented < FEWEST:
        yield Sentence(
            (
                "only {documented} person is documented ({fewest} at least), too few to say how many are not",
                "only {documented} people are documented ({fewest} at least), too few to say how many are not",
            ),
            documented=table.documented,
            fewest=FEWEST,
        )


def _together(table: OverlapTable, one: int, other: int) -> int:
    return sum(count for pattern, count in table.counts.items() if pattern[one] and pattern[other])


def warnings(table: OverlapTable) -> list[str]:
    """What a reader must hear beside the number."""
    said: list[str] = [
        Sentence(
            "Nobody is on both {lists} and {lists2}; their dependence cannot be seen.",
            lists=table.lists[i],
            lists2=table.lists[j],
        )
        for i, j in combinations(range(len(table.lists)), 2)
        if not _together(table, i, j)
    ]
    said += [
        Sentence(
            "Nobody on {name} is on any other list, so nothing says how much it misses; look at the number without it.",
            name=name,
        )
        for at, name in enumerate(table.lists)
        if not any(_together(table, at, other) for other in range(len(table.lists)) if other != at)
    ]
    if len(table.lists) == 3:
        said.append("Three lists allow few checks of dependence; a fourth would say much more.")
    if table.documented < 100:
        said.append(
            Sentence(
                "Only {documented} people are documented; small numbers carry wide doubt.", documented=table.documented
            )
        )
    return said
