"""From weighed pairs to people: within a list first, then one to one between lists, then clusters over all of them."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_DOUBT = 0.02  # probability below which a candidate neither competes nor is assigned
_LARGE = 400  # people of one list in one tangle, from which the best pairs are taken in turn instead


@dataclass(frozen=True, slots=True)
class Clustering:
    """A person for each entry, which pairs were matched, probabilities after one to one, and what could not be."""

    label: Ints  # person of each entry, numbered from 0 in the order of first appearance
    matched: NDArray[np.bool_]  # by pair: the two entries are one person here, and were matched themselves
    probability: Floats  # by pair, rivals taken into account
    conflicts: tuple[int, ...]  # pairs at or above the threshold that one to one, or the others, kept apart


def components(count: int, left: Ints, right: Ints) -> Ints:
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(count, count))
    label: Ints = connected_components(graph, directed=False)[1].astype(np.int64)
    return label


def _first_seen(label: Ints) -> Ints:
    _, first, inverse = np.unique(label, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    numbered: Ints = rank[inverse]
    return numbered


def cluster(
    left: NDArray[np.int32],
    right: NDArray[np.int32],
    weight: Floats,
    list_of: NDArray[np.int16],
    threshold: float,
    possible: NDArray[np.bool_] | None = None,
) -> Clustering:
    """Match and cluster. ``weight``: log2 of each pair's odds; ``threshold``: match probability. ``possible``: pairs
    that may be one person and are never matched here, nor rivals of others; their chances are shared among them.

    Rivals: an entry's person is at most one person of another list, so a pair's probability is its odds over the odds
    of all ways in which either side is matched, or not at all.
    """
    count = len(list_of)
    whole = weight
    if possible is not None:
        weight = np.where(possible, -60.0, weight)
    probability: Floats = 1 / (1 + np.exp2(-np.clip(weight, -60, 60)))
    within = list_of[left] == list_of[right]
    same = within & (probability >= threshold)
    entity = _within(count, left, right, weight, within, same)
    between = np.flatnonzero(~within & (probability >= _DOUBT))
    a, b = entity[left[between]], entity[right[between]]
    flip = list_of[left[between]] > list_of[right[between]]
    a, b = np.where(flip, b, a), np.where(flip, a, b)
    list_a, list_b = _list_of_entity(entity, list_of, a), _list_of_entity(entity, list_of, b)
    # the best pair of entries speaks for two people
    order = np.lexsort((-weight[between], b, a))
    first = np.ones(len(order), dtype=bool)
    first[1:] = (a[order][1:] != a[order][:-1]) | (b[order][1:] != b[order][:-1])
    edge = order[first]
    ea, eb, ew = a[edge], b[edge], weight[between][edge]
    la, lb = list_a[edge], list_b[edge]
    adjusted = _one_to_one(ea, eb, la, lb, ew)
    chosen = _assigned(ea, eb, la, lb, ew, adjusted, threshold)
    joined = _joined(count, entity, list_of, ea, eb, ew, chosen)
    label = _first_seen(joined[entity])
    final = probability.copy()
    position = np.full(len(between), -1, dtype=np.int64)
    position[order] = np.cumsum(first) - 1
    ratio = adjusted / np.maximum(1 / (1 + np.exp2(-np.clip(ew, -60, 60))), 1e-300)
    final[between] = probability[between] * np.minimum(ratio[position], 1.0) if len(between) else final[between]
    matched = (label[left] == label[right]) & (np.where(within, probability, final) >= threshold)
    apart = (label[left] != label[right]) & (probability >= threshold)
    if possible is not None and possible.any():
        at = np.flatnonzero(possible)
        final[at] = _shared(label, list_of, left[at], right[at], whole[at])
    return Clustering(label, matched, final, tuple(np.flatnonzero(apart).tolist()))


_MOST, _LEAST = (
    8.0,
    1.0,
)  # log2 odds that one pair of entries adds, or takes, where two groups of entries are weighed together


def _within(
    count: int, left: NDArray[np.int32], right: NDArray[np.int32], weight: Floats, within: NDArray[np.bool_],
    same: NDArray[np.bool_],
) -> Ints:  # fmt: skip
    """People of each list: its entries put together, the likeliest pair first, as long as what is known of the entries
    of both groups speaks for one person on the whole: one pair that is alike by accident joins nobody to a crowd."""
    label = components(count, left[same].astype(np.int64), right[same].astype(np.int64))
    sizes = np.bincount(label, minlength=1)
    many = sizes[label] > 2
    at = np.flatnonzero(within & many[left] & (label[left] == label[right]))
    if not len(at):
        return label
    at = at[np.lexsort((right[at], left[at], -weight[at]))]
    a, b = left[at].tolist(), right[at].tolist()
    held = _agglomerated(a, b, np.clip(weight[at], -_LEAST, _MOST).tolist(), same[at].tolist())
    fresh = int(label.max()) + 1
    for one, root in held.items():
        label[one] = fresh + root
    return _first_seen(label)


def _agglomerated(a: list[int], b: list[int], weight: list[float], same: list[bool]) -> dict[int, int]:
    """Each entry's group, from pairs in falling order of weight. Two groups are joined by a pair that is ``same`` where
    the weights of all pairs between them sum to more than nought."""
    group = {one: one for one in (*a, *b)}
    members = {one: [one] for one in group}
    between: dict[int, dict[int, float]] = {one: {} for one in group}
    for one, other, each in zip(a, b, weight, strict=True):
        between[one][other] = between[other][one] = each
    for one, other, joins in zip(a, b, same, strict=True):
        x, y = group[one], group[other]
        if not joins or x == y or between[x].get(y, 0.0) <= 0:
            continue
        if len(members[x]) < len(members[y]):
            x, y = y, x
        for moved in members.pop(y):
            group[moved] = x
            members[x].append(moved)
        for third, each in between.pop(y).items():
            del between[third][y]
            if third != x:
                between[x][third] = between[third][x] = between[x].get(third, 0.0) + each
    return group


def _shared(
    label: Ints, list_of: NDArray[np.int16], left: NDArray[np.int32], right: NDArray[np.int32], weight: Floats
) -> Floats:
    """Chances of pairs that are possible at most: an entry is one of the people of another list whom it may be, or
    none; and nobody whom that list has already."""
    lists = int(list_of.max(initial=0)) + 1
    listed = np.zeros((int(label.max(initial=0)) + 1, lists), dtype=bool)
    listed[label, list_of] = True
    between = list_of[left] != list_of[right]
    had = between & (listed[label[left], list_of[right]] | listed[label[right], list_of[left]])
    odds = np.where(had, 2.0**-60, np.exp2(np.clip(weight, -60, 60)))
    rivals = np.zeros(len(odds))
    for one, other in ((left, right), (right, left)):
        on = np.unique(label[one] * lists + list_of[other], return_inverse=True)[1]
        rivals = np.maximum(rivals, np.bincount(on, odds)[on])
    found: Floats = odds / (1 + rivals)
    return found


def _list_of_entity(entity: Ints, list_of: NDArray[np.int16], which: Ints) -> Ints:
    table = np.zeros(int(entity.max()) + 1 if len(entity) else 1, dtype=np.int64)
    table[entity] = list_of
    found: Ints = table[which]
    return found


def _one_to_one(a: Ints, b: Ints, la: Ints, lb: Ints, weight: Floats) -> Floats:
    """Probability of each pair of people among all ways to match either side in that pair of lists."""
    odds = np.exp2(np.clip(weight, -60, 60))
    lists = int(max(la.max(initial=0), lb.max(initial=0))) + 1
    rows = np.unique(a * lists + lb, return_inverse=True)[1]
    cols = np.unique(b * lists + la, return_inverse=True)[1]
    by_row = np.bincount(rows, odds) if len(rows) else np.zeros(1)
    by_col = np.bincount(cols, odds) if len(cols) else np.zeros(1)
    found: Floats = odds / (1 + by_row[rows] + by_col[cols] - odds) if len(odds) else odds
    return found


def _assigned(
    a: Ints, b: Ints, la: Ints, lb: Ints, weight: Floats, adjusted: Floats, threshold: float
) -> NDArray[np.bool_]:
    """The matching of each pair of lists whose sum of weights is greatest (Jonker and Volgenant's, by component)."""
    chosen = np.zeros(len(a), dtype=bool)
    lists = int(max(la.max(initial=0), lb.max(initial=0))) + 1
    between = la * lists + lb
    for pair in np.flatnonzero(np.bincount(between)).tolist():
        here = np.flatnonzero(between == pair)
        _, row = np.unique(a[here], return_inverse=True)
        _, col = np.unique(b[here], return_inverse=True)
        rows, cols = int(row.max()) + 1, int(col.max()) + 1
        part = components(rows + cols, row, col + rows)
        component = part[row]
        of_row, of_col = _numbered(part[:rows]), _numbered(part[rows:])
        wide = np.bincount(part[:rows], minlength=int(part.max()) + 1)
        high = np.bincount(part[rows:], minlength=int(part.max()) + 1)
        star = (wide == 1) | (high == 1)  # one person and all that might be: the likeliest is taken
        alone = np.flatnonzero(star[component])
        alone = alone[np.lexsort((-weight[here[alone]], component[alone]))]
        chosen[here[alone[_firsts(component[alone])]]] = True
        tangled = np.flatnonzero(~star[component])
        tangled = tangled[np.argsort(component[tangled], kind="stable")]
        cuts = [*np.flatnonzero(_firsts(component[tangled])).tolist(), len(tangled)]
        ids, gains = here[tangled], weight[here[tangled]]
        r, c = of_row[row[tangled]], of_col[col[tangled]]
        for start, end in pairwise(cuts):
            one = component[tangled[start]]
            shape = int(wide[one]), int(high[one])
            chosen[ids[start:end][_best(r[start:end], c[start:end], gains[start:end], shape)]] = True
    chosen &= adjusted >= threshold
    return chosen


def _firsts(numbers: Ints) -> NDArray[np.bool_]:
    """Where a run of equal numbers begins."""
    found = np.ones(len(numbers), dtype=bool)
    found[1:] = numbers[1:] != numbers[:-1]
    return found


def _numbered(group: Ints) -> Ints:
    """Each member's number within its group, from 0."""
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(_firsts(group[order]))
    found = np.empty(len(group), dtype=np.int64)
    found[order] = np.arange(len(group)) - np.repeat(starts, np.diff(np.r_[starts, len(group)]))
    return found


def _best(row: Ints, col: Ints, weight: Floats, shape: tuple[int, int]) -> Ints:
    """Which of a tangle's pairs are matched. Its people are numbered from 0 on either side."""
    if max(shape) > _LARGE:
        taken_r, taken_c, found = set(), set(), []
        for at in np.lexsort((col, row, -weight)).tolist():
            if row[at] not in taken_r and col[at] not in taken_c:
                taken_r.add(row[at])
                taken_c.add(col[at])
                found.append(at)
        return np.array(found, dtype=np.int64)
    gain = np.zeros(shape)
    at = np.full(shape, -1, dtype=np.int64)
    gain[row, col] = np.maximum(weight + 6.0, 0.0)  # pairs at the edge of doubt gain nothing
    at[row, col] = np.arange(len(row))
    i, j = linear_sum_assignment(gain, maximize=True)
    chosen: Ints = at[i, j][(at[i, j] >= 0) & (gain[i, j] > 0)]
    return chosen


def _joined(
    count: int, entity: Ints, list_of: NDArray[np.int16], a: Ints, b: Ints, weight: Floats, chosen: NDArray[np.bool_]
) -> Ints:
    """Clusters over all lists. Where matches of several lists would join two people of one, the weakest is not made."""
    people = int(entity.max()) + 1 if count else 0
    list_by = np.zeros(max(people, 1), dtype=np.int64)
    list_by[entity] = list_of
    picked = np.flatnonzero(chosen)
    label = components(people, a[picked], b[picked]) if people else np.zeros(0, dtype=np.int64)
    sizes = np.bincount(label, minlength=1)
    lists = int(list_by.max()) + 1
    on = np.sort(label * lists + list_by)
    distinct = np.bincount(on[_firsts(on)] // lists, minlength=len(sizes))
    tangled = sizes > distinct  # two people of one list in one cluster
    if not tangled.any():
        return label
    again = picked[tangled[label[a[picked]]]]
    parent = {int(x): int(x) for at in again.tolist() for x in (a[at], b[at])}
    held = {x: {int(list_by[x])} for x in parent}

    def root(x: int) -> int:
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    for at in again[np.lexsort((b[again], a[again], -weight[again]))].tolist():
        x, y = root(int(a[at])), root(int(b[at]))
        if x == y:
            continue
        if held[x] & held[y]:
            continue
        parent[y] = x
        held[x] |= held[y]
    fresh = int(label.max()) + 1
    final = label.copy()
    for x in parent:
        final[x] = fresh + root(x)
    return final
