"""Who stands on which of the vault's lists, as reviewers judged it. Needs what analysis installs: a run loads it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from corroborate.errors import NotEstimable
from corroborate.linkage import by_strata
from corroborate.linkage.judged import Judged, draws_of, linkage_of
from corroborate.linkage.private import entry_from
from corroborate.linkage.private.consenting import FACTS, NAMES
from corroborate.records import Claim, Clusters, Permissions
from corroborate.translation import Sentence
from corroborate.values import OverlapTable, strata_csv
from corroborate_node.deadlines import actions as deadlines
from corroborate_node.estimates.counting import OWN, Counted, table
from corroborate_node.estimates.options import DRAWS, Options
from corroborate_node.log.queries import log_size
from corroborate_node.records import models as evidence
from corroborate_node.records import queries as kept
from corroborate_node.records import rows

THRESHOLDS = (0.9, 0.5)  # of the waiting pairs' probability, for what would change the estimate
Progress = Callable[[str, float], None]
_PART = 500  # ids in one question


def counted(asked: Options, on: date, progress: Progress) -> Counted:
    """The tables of the vault's own lists. Raises NotEstimable where nobody is left to count."""
    progress("reading", 0.0)
    titles = _titles(asked)
    listed, unallowed = _memberships(titles, asked, on)
    claims = _claims(sorted({person for person, _, _ in listed}))
    progress("reading", 0.4)
    people = sorted({person for person, _, _ in listed})
    cluster, judgements, conflicts = _clusters(people)
    wanted, undated, outside = _in_period(listed, claims, cluster, asked)
    if not wanted:
        raise NotEstimable("nobody on these lists is left to count")
    lists: dict[str, list[Any]] = {title: [] for title in titles}
    person: dict[tuple[str, int], int] = {}
    number = {one: at for at, one in enumerate(dict.fromkeys(cluster[person_] for person_, _, _ in wanted))}
    for one, title, row in wanted:
        entry = entry_from(row, claims[one])
        if entry is not None:
            lists[title].append(replace(entry, list=title))
            person[title, row] = number[cluster[one]]
    apart, waiting = _undecided(cluster, number)
    judged = Judged({title: tuple(entries) for title, entries in lists.items()}, person, apart, waiting)
    progress("counting", 0.6)
    found = linkage_of(judged)
    about = {
        "lists": [
            {"title": title, "entries": len(entries), "people": found.overlap.on(title)}
            for title, entries in lists.items()
        ],
        "people": found.overlap.documented, "judgements": judgements, "conflicts": conflicts, "waiting": len(waiting),
        "unallowed": unallowed, "undated": undated, "outside": outside, "notices": list(found.notices),
        "log": log_size(), "on": on.isoformat(),
    }  # fmt: skip
    if asked.joining == "drawn":
        return Counted(_drawn(draws_of(judged, DRAWS, asked.seed)), about)
    if asked.by:
        tables = by_strata(found, judged.lists, asked.by)
        return Counted((table(OWN, strata_csv(tables, asked.by)),), about)
    progress("counting", 0.8)
    others = [
        table(Sentence("waiting pairs joined from {at:g} on", at=at), linkage_of(judged, threshold=at).overlap.to_csv())
        for at in THRESHOLDS
        if waiting
    ]
    first = table(OWN, found.overlap.to_csv())
    return Counted((first, *(one for one in others if one["digest"] != first["digest"])), about)


def _drawn(tables: Sequence[OverlapTable]) -> tuple[dict[str, str], ...]:
    return tuple(table(f"{OWN}_{at:03}", one.to_csv()) for at, one in enumerate(tables, start=1))


def _titles(asked: Options) -> tuple[str, ...]:
    """Lists of one title are one list."""
    found = evidence.Source.objects.filter(id__in=asked.lists, kind="list", withdrawn=None).order_by("title")
    titles = tuple(dict.fromkeys(found.values_list("title", flat=True)))
    if len(titles) < 2:
        raise NotEstimable("fewer than two of the lists chosen are still here")
    return titles


def _memberships(titles: Sequence[str], asked: Options, on: date) -> tuple[list[tuple[str, str, int]], int]:
    """(person, list, row) of each entry whose source allows counting, and how many entries' do not."""
    permissions = Permissions.of(deadlines.while_kept(kept.consents()), asked.audience, on)
    found, unallowed = [], 0
    for title in titles:
        named = evidence.Claim.objects.exclude(value=None).filter(
            source__part_of__title=title, property__in=NAMES, source__withdrawn=None, subject__kind="person"
        )
        for row, person, source in named.values_list("source__number", "subject_id", "source_id").distinct():
            if permissions.allows("count", source):
                found.append((person, title, row or 0))  # without a number of its own it still counts
            else:
                unallowed += 1
    return sorted(found, key=lambda one: one[1:]), unallowed


def _claims(people: Sequence[str]) -> dict[str, list[Claim]]:
    found: dict[str, list[Claim]] = defaultdict(list)
    for start in range(0, len(people), _PART):
        part = evidence.Claim.objects.exclude(value=None).filter(
            property__in=(*NAMES, *FACTS), subject_id__in=people[start : start + _PART], superseded=False
        )
        for row in part.order_by("id"):
            found[row.subject_id].append(rows.claim(row))
    return found


def _clusters(people: Sequence[str]) -> tuple[dict[str, str], int, int]:
    """The first of those that each person was judged the same as; judgements that stand, and how many contradict."""
    current = [one for one in kept.judgements() if one.withdrawn is None]
    everybody = sorted({*people, *(end for one in current for end in (one.left, one.right))})
    found = Clusters.of(everybody, current)
    first = {one: min(members) for members in found.members for one in members}
    here = {first[one] for one in people}
    return first, sum(first[one.left] in here for one in current), sum(first[c.left] in here for c in found.conflicts)


def _in_period(
    listed: Sequence[tuple[str, str, int]], claims: Mapping[str, Sequence[Claim]], cluster: Mapping[str, str],
    asked: Options,
) -> tuple[list[tuple[str, str, int]], int, int]:  # fmt: skip
    """Entries of people taken in the period; how many people have no date, and how many were taken outside it.

    A date on any entry of a person speaks for all of them: a list that dates nobody would else lose its people, and
    with them its overlaps.
    """
    if asked.since is None and asked.until is None:
        return list(listed), 0, 0
    since, until = asked.since or 0, asked.until or 9999
    dated: dict[str, bool] = {}
    for person, _, _ in listed:
        entry = entry_from(0, claims[person])
        if entry is not None and entry.event is not None:
            inside = entry.event[0] <= until and since <= entry.event[1]
            dated[cluster[person]] = dated.get(cluster[person], False) or inside
    people = Counter(dated.get(one) for one in {cluster[person] for person, _, _ in listed})
    return [one for one in listed if dated.get(cluster[one[0]])], people[None], people[False]


def _undecided(
    cluster: Mapping[str, str], number: Mapping[str, int]
) -> tuple[list[frozenset[int]], list[tuple[int, int, float]]]:
    """People judged different, and pairs that wait with their probability, by the people's numbers."""
    decided, apart = set(), []
    for one in kept.judgements():
        if one.withdrawn is None and one.verdict != "unsure":
            decided.add(frozenset((one.left, one.right)))
            ends = [number.get(cluster.get(end, "")) for end in (one.left, one.right)]
            if one.verdict == "different" and ends[0] is not None and ends[1] is not None and ends[0] != ends[1]:
                apart.append(frozenset((ends[0], ends[1])))
    waiting = []
    for left, right, probability in evidence.Candidate.objects.order_by("id").values_list(
        "left", "right", "probability"
    ):
        a, b = (number.get(cluster.get(end, end)) for end in (left, right))
        if a is not None and b is not None and a != b and frozenset((left, right)) not in decided:
            waiting.append((a, b, probability))
    settled = set(apart)
    return apart, [one for one in waiting if frozenset(one[:2]) not in settled]
