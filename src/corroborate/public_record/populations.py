"""Estimates of how many people are held in political prison camps, side by side: never averaged, never joined."""

from collections.abc import Mapping
from dataclasses import dataclass

from corroborate.errors import InvalidValue
from corroborate.values import PartialDate
from corroborate.vocabulary import Link, links_of, load


@dataclass(frozen=True, slots=True)
class Population:
    """One maker's estimate for one time, in people. ``low`` and ``high`` are equal where one number was published."""

    id: str
    as_of: PartialDate
    labels: Mapping[str, str]  # language -> who says it
    low: int
    high: int
    camps: tuple[str, ...]  # numbers of the camps counted; empty where they are not named
    number_of_camps: int  # 0: not said
    note: Mapping[str, str]
    source: str
    checked: str

    def __post_init__(self) -> None:
        if not 0 < self.low <= self.high:
            raise InvalidValue("{id} is from {low} to {high} people", id=self.id, low=self.low, high=self.high)

    @property
    def links(self) -> tuple[Link, ...]:
        return links_of(self.source)


def populations() -> tuple[Population, ...]:
    """All estimates, oldest first."""
    found = []
    for entry in load("populations").entries.values():
        more = entry.more
        camps = tuple(str(one) for one in more["camps"])
        number = int(more.get("number_of_camps", len(camps)))
        note: Mapping[str, str] = more.get("note", {})
        as_of = PartialDate.parse(str(more["as_of"]))
        found.append(
            Population(
                entry.id,
                as_of,
                entry.label,
                more["low"],
                more["high"],
                camps,
                number,
                note,
                entry.source,
                entry.checked,
            )
        )
    return tuple(sorted(found, key=lambda one: (str(one.as_of), one.id)))
