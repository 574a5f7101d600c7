"""Overlaps by sex, place or time, so that unlike groups of people are estimated apart."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from corroborate.errors import NotLinkable
from corroborate.languages.places import facility_key, spot
from corroborate.linkage.entries import PersonEntry
from corroborate.linkage.linking import Linkage
from corroborate.values import OverlapTable, Pattern


def _decade(entry: PersonEntry) -> str:
    if entry.event is None or entry.event[0] // 10 != entry.event[1] // 10:
        return ""
    return f"{entry.event[0] // 10 * 10}s"


def _province(entry: PersonEntry) -> str:
    found = spot(entry.place) if entry.place else None
    return found.province if found else ""


STRATA: Final[Mapping[str, Callable[[PersonEntry], str]]] = {
    "sex": lambda entry: entry.sex or "",
    "province": _province,  # of origin, of those that we know
    "decade": _decade,  # of the event, where the entry dates it to one
    "facility": lambda entry: facility_key(entry.facility) if entry.facility else "",
}


def by_strata(
    linkage: Linkage, lists: Mapping[str, Sequence[PersonEntry]], by: Sequence[str]
) -> dict[tuple[str, ...], OverlapTable]:
    """One overlap table a stratum: the people of ``linkage.overlap``, each in one.

    A person's stratum is what most of their entries say, the first in the order of lists and rows where as many say
    another thing; a blank where none says anything. Raises NotLinkable for a stratum that is none of ``STRATA``.
    """
    if unknown := sorted(set(by) - set(STRATA)):
        raise NotLinkable(
            "no stratum {listed}; there are {listed2}", listed=", ".join(unknown), listed2=", ".join(STRATA)
        )
    assert linkage.evidence is not None  # noqa: S101 - `link` always keeps it
    entries = {(entry.list, entry.row): entry for rows in lists.values() for entry in rows}
    named = {
        place for place, known in zip(linkage.evidence.places, linkage.evidence.named.tolist(), strict=True) if known
    }
    names = linkage.overlap.lists
    counts: dict[tuple[str, ...], Counter[Pattern]] = {}
    for cluster in linkage.clusters:
        if named.isdisjoint(cluster):
            continue
        people = [entries[place] for place in sorted(cluster)]
        key = tuple(_most(STRATA[name](one) for one in people) for name in by)
        on = {name for name, _ in cluster}
        counts.setdefault(key, Counter())[tuple(int(name in on) for name in names)] += 1
    return {key: OverlapTable(names, dict(sorted(counts[key].items()))) for key in sorted(counts)}


def _most(said: Iterable[str]) -> str:
    found = Counter(one for one in said if one)
    return found.most_common(1)[0][0] if found else ""
