"""Public proceedings about crimes in the DPRK: judgments, trials, complaints, sanctions, and what became of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from corroborate.errors import InvalidValue
from corroborate.values import PartialDate
from corroborate.vocabulary import Link, links_of, load

ProceedingKind = Literal["judgment", "complaint", "warrant", "sanction", "trial"]
KINDS: Final = get_args(ProceedingKind)


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

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InvalidValue("{id}: {kind!r} is no kind of proceeding", id=self.id, kind=self.kind)

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
        became: Mapping[str, str] = more.get("became", {})
        body = str(more["body"])
        found.append(Proceeding(entry.id, more["kind"], day, body, entry.label, became, entry.source, entry.checked))
    return tuple(sorted(found, key=lambda one: (str(one.date), one.id)))


def looked_at() -> str:
    """The day of the newest page that was looked at: what came afterwards is not here."""
    return str(load("proceedings").more["checked_to"])


__all__ = ["KINDS", "Proceeding", "ProceedingKind", "looked_at", "proceedings"]
