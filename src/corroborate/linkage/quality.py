"""Agreement of a linkage with a known truth."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from corroborate.linkage.linking import Linkage, Place


@dataclass(frozen=True, slots=True)
class Quality:
    """Agreement with a known truth over pairs of entries, all lists together; and B-cubed, by entry (Bagga and Baldwin
    1998): of an entry's cluster, the share that is its person, and of its person, the share that is in its cluster."""

    precision: float
    recall: float
    f1: float
    true_pairs: int
    found_pairs: int
    right_pairs: int
    b_cubed_precision: float = 1.0
    b_cubed_recall: float = 1.0
    b_cubed_f1: float = 1.0

    def as_json(self) -> dict[str, float | int]:
        return asdict(self)


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def quality(linkage: Linkage, truth: Mapping[Place, str], *, between: bool = False) -> Quality:
    """Pairwise and B-cubed precision, recall and F1. ``truth``: (list, row) -> person; entries without one are nobody
    else's. ``between``: only pairs of entries of different lists count."""
    found = right = 0
    entries = precise = complete = 0.0
    sizes = Counter(truth.values())
    for cluster in linkage.clusters:
        people = Counter(truth.get(place) for place in cluster)
        found += _pairs(cluster, between)
        for person, n in people.items():
            if person is None:
                entries += n
                precise += n / len(cluster)
                complete += n
                continue
            right += _pairs([place for place in cluster if truth.get(place) == person], between)
            entries += n
            precise += n * n / len(cluster)
            complete += n * n / sizes[person]
    of_person: dict[str, list[Place]] = {}
    for place, person in truth.items():
        of_person.setdefault(person, []).append(place)
    true = sum(_pairs(places, between) for places in of_person.values())
    precision, recall = (right / found if found else 1.0), (right / true if true else 1.0)
    b_precision, b_recall = (precise / entries, complete / entries) if entries else (1.0, 1.0)
    rounded = [round(x, 4) for x in (precision, recall, _f1(precision, recall))]
    return Quality(
        rounded[0], rounded[1], rounded[2], true, found, right,
        round(b_precision, 4), round(b_recall, 4), round(_f1(b_precision, b_recall), 4),
    )  # fmt: skip


def _pairs(places: list[Place] | tuple[Place, ...], between: bool) -> int:
    all_ = len(places) * (len(places) - 1) // 2
    if not between:
        return all_
    return all_ - sum(n * (n - 1) // 2 for n in Counter(name for name, _ in places).values())
