"""Public proceedings about crimes in the DPRK: judgments, trials, complaints, sanctions, and what became of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from corroborate.errors import InvalidValue
from corroborate.values import PartialDate
from corroborate.vocabulary import Link, country_names, links_of, load

ProceedingKind = Literal["judgment", "complaint", "warrant", "sanction", "trial"]
KINDS: Final = get_args(ProceedingKind)
# What can happen in a proceeding, in the order of choices. None of them says that anybody did what they are accused of.
STEPS: Final = (
    "announced",
    "filed",
    "unseen",  # was to be filed; whether it was is not known
    "answered",
    "issued",  # a warrant
    "decided",
    "convicted",
    "deferred",  # a sentence
    "awarded",
    "dismissed",
    "appealed",
    "sent_back",
    "appeal_dismissed",
    "final",
    "attached",
    "refused",  # enforcement
    "unenforced",
    "enforced",
    "listed",
    "renewed",
    "lifted",
    "withdrawn",
)


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


def name_of_state(code: str) -> Mapping[str, str]:
    """Language -> what a State, or the European Union, is called; nothing for a code of neither."""
    unions: Mapping[str, Mapping[str, str]] = load("proceedings").more["unions"]
    return unions.get(code) or country_names().get(code) or {}


def state_called(words: str) -> str:
    """The code of a State, or of the European Union, by its code or its name in some language; empty for another."""
    asked = words.strip().casefold()
    every = {**country_names(), **load("proceedings").more["unions"]}
    codes = (code for code, names in every.items() if asked in (code.casefold(), *map(str.casefold, names.values())))
    return next(codes, "") if asked else ""


def looked_at() -> str:
    """The day of the newest page that was looked at: what came afterwards is not here."""
    return str(load("proceedings").more["checked_to"])


__all__ = [
    "KINDS",
    "STEPS",
    "Proceeding",
    "ProceedingKind",
    "Step",
    "looked_at",
    "name_of_state",
    "proceedings",
    "state_called",
]
