"""People as reviewers judged them, in the form in which linkage hands people to estimation.

What reviewers judged stands. Pairs that nobody has judged can be left apart, joined from a probability on, or drawn in
proportion to their odds, so that the doubt in them reaches the estimate (see ``draws``).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corroborate.errors import InvalidValue, NotLinkable
from corroborate.linkage.assignment import Clustering
from corroborate.linkage.blocking import Blocked
from corroborate.linkage.draws import partitions
from corroborate.linkage.entries import PersonEntry, columns
from corroborate.linkage.linking import Evidence, Linkage, Place, overlap_of
from corroborate.linkage.relatives import Counting
from corroborate.linkage.scoring import Scored
from corroborate.translation import Sentence
from corroborate.values import OverlapTable

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Judged:
    """Entries of lists, and the people that reviewers took them for.

    ``person``: a number for each entry; entries of one number were judged the same. ``apart``: people judged different.
    ``waiting``: people who may be one, with the probability of the linkage that proposed them, not judged.
    """

    lists: Mapping[str, Sequence[PersonEntry]]
    person: Mapping[Place, int]
    apart: Collection[frozenset[int]] = ()
    waiting: Sequence[tuple[int, int, float]] = ()

    def __post_init__(self) -> None:
        if missing := [
            (name, one.row) for name, rows in self.lists.items() for one in rows if (name, one.row) not in self.person
        ]:
            raise InvalidValue("entry {missing} is no person's", missing=missing[0])
        if wrong := [odds for *_, odds in self.waiting if not 0 <= odds <= 1]:
            raise InvalidValue("{wrong} is no probability", wrong=wrong[0])


@dataclass(frozen=True, slots=True)
class _Entries:
    """The entries as arrays, lists in the order of their names, people numbered from 0."""

    places: tuple[Place, ...]
    list_of: NDArray[np.int16]
    named: NDArray[np.bool_]
    person: Ints
    number: Mapping[int, int]  # a person's own number -> from 0

    @classmethod
    def of(cls, judged: Judged) -> "_Entries":
        names = sorted(judged.lists)
        places = tuple((name, one.row) for name in names for one in judged.lists[name])
        if not places:
            raise NotLinkable("the lists hold nobody")
        number: dict[int, int] = {}
        for place in places:
            number.setdefault(judged.person[place], len(number))
        return cls(
            places,
            np.array([names.index(name) for name, _ in places], dtype=np.int16),
            np.array(columns(judged.lists)["named"].to_numpy(zero_copy_only=False), dtype=bool),
            np.array([number[judged.person[place]] for place in places], dtype=np.int64),
            number,
        )

    def overlap(self, label: Ints, lists: tuple[str, ...]) -> OverlapTable:
        """``label``: a number for each person of ``person``."""
        compact = np.unique(label, return_inverse=True)[1].astype(np.int64)
        names = sorted(lists)
        return overlap_of(compact[self.person], self.list_of, self.named, [names.index(one) for one in lists], lists)


def linkage_of(judged: Judged, *, threshold: float | None = None) -> Linkage:
    """The people as a linkage: clusters and the overlap table.

    ``threshold``: pairs that wait are joined from this probability on, the likeliest first, unless that joins people
    who were judged different, or two people of one list. None: none of them is. Entries without a given name stand in
    no overlap, as everywhere in linkage.
    """
    entries = _Entries.of(judged)
    label = _joined(judged, entries, threshold)
    groups: dict[int, list[Place]] = {}
    for place, at in zip(entries.places, label[entries.person].tolist(), strict=True):
        groups.setdefault(at, []).append(place)
    notices = []
    if nameless := int((~entries.named).sum()):
        notices.append(
            Sentence(
                (
                    "{nameless:,} entry holds no given name, so it stands in no overlap",
                    "{nameless:,} entries hold no given name, so they stand in no overlap",
                ),
                nameless=nameless,
            )
        )
    return Linkage(
        (),
        tuple(tuple(sorted(group)) for group in groups.values()),
        entries.overlap(label, tuple(judged.lists)),
        tuple(notices),
        evidence=_nothing_compared(entries, label),
    )


def draws_of(judged: Judged, m: int, seed: int) -> list[OverlapTable]:
    """Overlap tables of ``m`` ways in which the waiting pairs may turn out, each in proportion to its odds. What was
    judged is the same in all of them. One seed, one result."""
    if not 1 <= m <= 10_000:
        raise InvalidValue("{m} draws: choose 1 to 10,000", m=m)
    entries = _Entries.of(judged)
    best: dict[tuple[int, int], float] = {}
    for one, other, probability in _between(judged, entries):
        best[one, other] = max(best.get((one, other), 0.0), probability)
    pairs = sorted(best)
    left, right = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    chances = np.array([best[pair] for pair in pairs], dtype=np.float64)
    found = partitions(np.arange(len(entries.number), dtype=np.int64), left, right, chances, m, seed)
    return [entries.overlap(label, tuple(judged.lists)) for label in found]


def _between(judged: Judged, entries: _Entries) -> list[tuple[int, int, float]]:
    """Waiting pairs of two people who stand on these lists and were not judged different."""
    found = []
    for left, right, probability in judged.waiting:
        a, b = entries.number.get(left), entries.number.get(right)
        if a is None or b is None or a == b or frozenset((left, right)) in judged.apart:
            continue
        found.append((min(a, b), max(a, b), probability))
    return found


def _joined(judged: Judged, entries: _Entries, threshold: float | None) -> Ints:
    """A person for each judged person: itself, or the first of those that it is joined with."""
    label = np.arange(len(entries.number), dtype=np.int64)
    if threshold is None:
        return label
    members = {one: [one] for one in label.tolist()}
    on: dict[int, set[int]] = {one: set() for one in members}
    for one, number in zip(entries.person.tolist(), entries.list_of.tolist(), strict=True):
        on[one].add(number)
    apart: dict[int, set[int]] = {one: set() for one in members}
    for pair in judged.apart:
        ends = [entries.number[one] for one in pair if one in entries.number]
        if len(ends) == 2:
            apart[ends[0]].add(ends[1])
            apart[ends[1]].add(ends[0])
    for a, b, probability in sorted(_between(judged, entries), key=lambda one: (-one[2], one[:2])):
        left, right = int(label[a]), int(label[b])
        if probability < threshold or left == right or on[left] & on[right]:
            continue
        if any(apart[one].intersection(members[right]) for one in members[left]):
            continue
        left, right = min(left, right), max(left, right)
        label[members[right]] = left
        members[left] += members.pop(right)
        on[left] |= on.pop(right)
    return label


def _nothing_compared(entries: _Entries, label: Ints) -> Evidence:
    """Entries and people without any pair: what strata ask of a linkage."""
    none, empty, no = np.empty(0, dtype=np.int32), np.empty(0), np.empty(0, dtype=bool)
    scored = Scored(none, none, {}, {}, Blocked(0, (), ()), {})
    clustering = Clustering(label[entries.person], no, empty, ())
    return Evidence(
        entries.places, entries.named, none, none, empty, empty, no, scored, (0.0, 0.0), clustering,
        Counting(no, no, no, no), no,
    )  # fmt: skip
