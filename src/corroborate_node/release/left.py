"""What already left under consents that are no longer relied on: to whom, on which day, about how many records."""

from dataclasses import dataclass
from datetime import datetime

from corroborate_node.records import models as records
from corroborate_node.records import queries
from corroborate_node.release.models import Package, PackagedRecord

BATCH = 500  # ids in one question


@dataclass(frozen=True, slots=True)
class Blocked:
    """A consent that is not relied on, and whether a later one of its source says the same again."""

    consent: str
    source: str
    title: str
    why: str
    allowed_again: bool


@dataclass(frozen=True, slots=True)
class Left:
    """A package in which records stand that nothing allows today. ``to``: the body, or else the audience."""

    package: str
    number: str
    to: str
    at: datetime
    records: tuple[str, ...]


def blocked() -> list[Blocked]:
    """Consents of sources that still stand, which the vault does not rely on."""
    given = queries.consents()
    standing = {one.source for one in given if not one.blocked and "name" in one.uses and one.audience != "own"}
    sources = queries.sources()
    return [
        Blocked(one.id, one.source, sources[one.source].title, one.blocked, one.source in standing)
        for one in given
        if one.blocked and one.withdrawn is None and one.source in sources
    ]


def left() -> list[Left]:
    """Packages that showed records of sources whose leave is not relied on, oldest first."""
    again = {one.source for one in blocked() if one.allowed_again}
    sources = sorted({one.source for one in blocked()} - again)
    shown: dict[str, list[str]] = {}
    for start in range(0, len(sources), BATCH):
        part = sources[start : start + BATCH]
        claims = list(records.Claim.objects.filter(source_id__in=part).values_list("id", flat=True))
        for begin in range(0, len(claims) + len(part), BATCH):
            asked = [*part, *claims][begin : begin + BATCH]
            for package, record in PackagedRecord.objects.filter(record__in=asked).values_list("package_id", "record"):
                shown.setdefault(package, []).append(record)
    return [
        Left(one.id, one.number, one.body or one.audience, one.at, tuple(sorted(shown[one.id])))
        for one in Package.objects.order_by("at", "id")
        if one.id in shown
    ]
