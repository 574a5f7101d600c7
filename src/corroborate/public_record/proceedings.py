"""Public proceedings about crimes in the DPRK: judgments, trials, complaints, sanctions, and what became of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from corroborate.errors import InvalidValue
from corroborate.values import PartialDate
from corroborate.vocabulary import Link, links_of, load
from corroborate.vocabulary.proceedings import PROCEEDING_KINDS, STEPS, ProceedingKind

KINDS: Final = PROCEEDING_KINDS


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened in a proceeding. ``date``: None where nobody said it."""

    step: str  # one of STEPS
    date: PartialDate | None


@dataclass(frozen=True, slots=True)
class Proceeding:
    """One proceeding, by what it is about. Whoever brought it is named nowhere."""

    id: str
    kind: ProceedingKind
    date: PartialDate
    body: str  # court, authority or State
    labels: Mapping[str, str]  # language -> what it decided or asks
    became: Mapping[str, str]  # language -> what became of it, as far as it was found; empty: nothing was
    source: str
    checked: str
    state: str = ""  # ISO 3166-1 alpha-2 of whose court or authority it is; EU: of the European Union
    bodies: Mapping[str, str] = field(default_factory=dict)  # language -> what the body is called
    steps: tuple[Step, ...] = ()  # in the order in which they happened

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InvalidValue("{id}: {kind!r} is no kind of proceeding", id=self.id, kind=self.kind)
        for one in self.steps:
            if one.step not in STEPS:
                raise InvalidValue("{id}: {step!r} is no step of a proceeding", id=self.id, step=one.step)

    @property
    def links(self) -> tuple[Link, ...]:
        return links_of(self.source)


def proceedings() -> tuple[Proceeding, ...]:
    """All of them, oldest first. Raises InvalidValue for one that is later than the newest page that was looked at."""
    vocabulary, found = load("proceedings"), []
    looked_at = PartialDate.parse(str(vocabulary.more["checked_to"])).latest
    for entry in vocabulary.entries.values():
        more, day = entry.more, PartialDate.parse(str(entry.more["date"]))
        if day.earliest > looked_at:
            raise InvalidValue("{id} is of {day}, after the newest page that was looked at", id=entry.id, day=day)
        body, said = str(more["body"]), more.get("steps", ())
        steps = tuple(Step(str(one["step"]), PartialDate.parse(one["date"]) if one["date"] else None) for one in said)
        if late := [one for one in steps if one.date is not None and one.date.earliest > looked_at]:
            raise InvalidValue(
                "{id} is of {day}, after the newest page that was looked at", id=entry.id, day=late[0].date
            )
        found.append(
            Proceeding(
                entry.id,
                more["kind"],
                day,
                body,
                entry.label,
                more.get("became", {}),
                entry.source,
                entry.checked,
                str(more["state"]),
                {"en": body, **vocabulary.more["bodies"].get(body, {})},
                steps,
            )
        )
    return tuple(sorted(found, key=lambda one: (str(one.date), one.id)))


def looked_at() -> str:
    """The day of the newest page that was looked at: what came afterwards is not here."""
    return str(load("proceedings").more["checked_to"])


__all__ = ["KINDS", "STEPS", "Proceeding", "ProceedingKind", "Step", "looked_at", "proceedings"]
