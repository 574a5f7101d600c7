"""What already left under consents that are no longer relied on: to whom, on which day, about how many records."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from corroborate_node.core.queries import visible
from corroborate_node.records import models as records
from corroborate_node.records.relied import blocked
from corroborate_node.release.models import Package, PackagedRecord

BATCH = 500  # ids in one question


@dataclass(frozen=True, slots=True)
class Left:
    """A package in which records stand that nothing allows today. ``body``: of audience "named body"."""

    package: str
    number: str
    audience: str
    body: str
    at: datetime
    records: tuple[str, ...]


def left(who: Any = None) -> list[Left]:
    """Packages that showed records of sources whose leave is not relied on, oldest first; ``who``: those that somebody
    may see."""
    sources = sorted({one.source for one in blocked(who) if not one.allowed_again})
    packages = Package.objects.all() if who is None else visible(who, Package)
    shown: dict[str, list[str]] = {}
    for start in range(0, len(sources), BATCH):
        part = sources[start : start + BATCH]
        claims = list(records.Claim.objects.filter(source_id__in=part).values_list("id", flat=True))
        for begin in range(0, len(claims) + len(part), BATCH):
            asked = [*part, *claims][begin : begin + BATCH]
            for package, record in PackagedRecord.objects.filter(record__in=asked).values_list("package_id", "record"):
                shown.setdefault(package, []).append(record)
    return [
        Left(one.id, one.number, one.audience, one.body, one.at, tuple(sorted(shown[one.id])))
        for one in packages.order_by("at", "id")
        if one.id in shown
    ]
