"""What the campaign asks of whom, and what came of it: criterion by criterion, from dated public events.

A demand is not met or unmet as a whole. It has criteria; each has readings, and a reading names its status, the dated
events it rests on, who read them so and when. The demand's status follows from its criteria (:func:`status_of`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from corroborate.errors import InvalidValue
from corroborate.translation import Sentence, in_language
from corroborate.values import JSON, PartialDate
from corroborate.vocabulary import load

STATUSES = {
    "met": Sentence("met"),
    "partly_met": Sentence("partly met"),
    "not_met": Sentence("unmet"),
    "not_known_met": Sentence("not known to be met"),
    "reversed": Sentence("reversed"),
    "overtaken": Sentence("overtaken by events"),
}
ANSWERS = {
    "granted": Sentence("granted"),
    "partly_granted": Sentence("partly granted"),
    "refused": Sentence("refused"),
    "no_answer": Sentence("no answer"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """A dated public act. The date is as exact as its source; ``labels``: what it was, by language."""

    id: str
    date: PartialDate
    what: str
    body: str
    symbol: str
    source: str
    checked: str
    labels: Mapping[str, str] = field(default_factory=dict)
    road: bool = False  # on the road to the commission of inquiry
    entered_by: str = field(default="", compare=False)  # who typed it, where it is not in the timeline


@dataclass(frozen=True, slots=True)
class Reading:
    """How somebody read the evidence on one criterion, on a day."""

    status: str
    by: str
    on: PartialDate
    evidence: tuple[Event, ...] = ()
    note: str = ""
    entered_by: str = field(default="", compare=False)  # who put it down, where it was not who read it so

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise InvalidValue(
                "no such status: {status}; there are {listed}", status=self.status, listed=", ".join(STATUSES)
            )
        if not self.by.strip():
            raise InvalidValue("a reading names who made it")
        if not self.evidence and self.status not in ("not_met", "not_known_met"):
            raise InvalidValue("{statuses!r} needs a dated event that it rests on", statuses=STATUSES[self.status])


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that must be so for a demand to be met, with its readings, oldest first. The last one stands."""

    id: str
    what: str
    readings: tuple[Reading, ...]
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def reading(self) -> Reading:
        return self.readings[-1]

    @property
    def status(self) -> str:
        return self.reading.status


@dataclass(frozen=True, slots=True)
class Access:
    """One request to be let in, by whom, and the answer to it."""

    on: PartialDate
    by: str
    what: str
    answer: str
    source: str
    event: str = ""  # of the timeline, when it is there
    entered_by: str = field(default="", compare=False)  # who put it down, where it was not who asked

    def __post_init__(self) -> None:
        if self.answer not in ANSWERS:
            raise InvalidValue(
                "no such answer: {answer}; there are {listed}", answer=self.answer, listed=", ".join(ANSWERS)
            )
        if not self.by.strip() or not self.source.strip():
            raise InvalidValue("a request for access names who asked and where that is said")


def status_of(criteria: Iterable[str]) -> str:
    """The status of a demand from those of its criteria. Criteria that events have overtaken no longer count.

    All met: met. Some met or partly met: partly met. Else reversed where one is, not known to be met where nothing
    else is known, and unmet.
    """
    each = list(criteria)
    if not each:
        raise InvalidValue("a demand needs at least one criterion")
    counted = {one for one in each if one != "overtaken"}
    if not counted:
        return "overtaken"
    if counted == {"met"}:
        return "met"
    if counted & {"met", "partly_met"}:
        return "partly_met"
    if "reversed" in counted:
        return "reversed"
    return "not_known_met" if counted == {"not_known_met"} else "not_met"


@dataclass(frozen=True, slots=True)
class Demand:
    """One demand. The status is the coalition's own reading of the evidence, no body's finding."""

    id: str
    what: str
    addressee: str
    since: PartialDate
    words: str  # of the statement
    status: str
    as_of: PartialDate
    evidence: tuple[Event, ...]
    note: str
    labels: Mapping[str, str] = field(default_factory=dict)
    voice: str = ""  # who says it in the statement
    statement: str = ""  # where its words stand, as one would cite it
    address: str = ""  # where that was published
    criteria: tuple[Criterion, ...] = ()
    access: tuple[Access, ...] = ()

    def judged(self, criterion: str, reading: Reading) -> "Demand":
        """The demand with one more reading; its status and day follow. Raises InvalidValue for another criterion."""
        if criterion not in {one.id for one in self.criteria}:
            known = ", ".join(one.id for one in self.criteria)
            raise InvalidValue(
                "{id} has no criterion {criterion!r}; it has {known}", id=self.id, criterion=criterion, known=known
            )
        criteria = tuple(
            replace(one, readings=tuple(sorted((*one.readings, reading), key=lambda each: each.on.earliest)))
            if one.id == criterion
            else one
            for one in self.criteria
        )
        evidence = {event.id: event for one in criteria for event in one.reading.evidence}
        return replace(
            self,
            criteria=criteria,
            status=status_of(one.status for one in criteria),
            as_of=max((one.reading.on for one in criteria), key=lambda day: day.earliest),
            evidence=tuple(sorted(evidence.values(), key=lambda event: (str(event.date), event.id))),
        )

    def asked(self, access: Access) -> "Demand":
        """The demand with one more request for access, oldest first."""
        return replace(self, access=tuple(sorted((*self.access, access), key=lambda one: str(one.on))))

    @property
    def citation(self) -> str:
        """What a reader can copy: whose words, where they stand, and how they were read."""
        return str(self.cited("en"))

    def cited(self, language: str) -> str:
        """The citation in a language. The words of the statement stay its own."""
        where = f" ({self.address})" if self.address else ""
        said = Sentence(
            "“{words}”, {statement}{where}. Status of the demand “{what}”: {status}, as read on {day}.",
            words=self.words, statement=self.statement, where=where, what=self.labels.get(language, self.what),
            status=STATUSES[self.status], day=str(self.as_of),
        )  # fmt: skip
        return in_language(said, language)

    def as_json(self) -> dict[str, JSON]:
        return {
            "id": self.id, "demand": self.what, "addressee": self.addressee, "since": str(self.since),
            "words": self.words, "status": self.status, "as_of": str(self.as_of), "note": self.note or None,
            "voice": self.voice or None, "statement": self.statement or None, "citation": self.citation,
            "evidence": [_event_json(event) for event in self.evidence],
            "criteria": [
                {"id": one.id, "criterion": one.what, "status": one.status,
                 "readings": [{"status": each.status, "by": each.by, "on": str(each.on), "note": each.note or None,
                               "entered_by": each.entered_by or None,
                               "evidence": [_event_json(event) for event in each.evidence]} for each in one.readings]}
                for one in self.criteria
            ],
            "access": [{"on": str(one.on), "by": one.by, "what": one.what, "answer": one.answer,
                        "source": one.source, "entered_by": one.entered_by or None} for one in self.access],
        }  # fmt: skip


def _event_json(event: Event) -> dict[str, JSON]:
    return {
        "id": event.id, "date": str(event.date), "event": event.what, "body": event.body,
        "symbol": event.symbol or None, "source": event.source, "entered_by": event.entered_by or None,
    }  # fmt: skip


def timeline() -> tuple[Event, ...]:
    """All dated events, oldest first."""
    events = [
        Event(e.id, PartialDate.parse(str(e.more["date"])), e.label["en"], str(e.more["body"]),
              str(e.more.get("symbol", "")), e.source, e.checked, e.label, bool(e.more.get("road_to_commission")))
        for e in load("timeline").entries.values()
    ]  # fmt: skip
    return tuple(sorted(events, key=lambda event: (str(event.date), event.id)))


def looked_at() -> date:
    """The day of the newest page that was looked at for events and proceedings: nothing is known as of a later one."""
    return max(PartialDate.parse(str(load(one).more["checked_to"])).latest for one in ("timeline", "proceedings"))


def check_as_of(id_: str, as_of: PartialDate, newest: date) -> None:
    """Raises InvalidValue for what is told as of a day on which nothing was looked at any more."""
    if as_of.latest > newest:
        raise InvalidValue(
            "{id} is told as of {day}, after the newest page that was looked at ({newest})",
            id=id_,
            day=as_of,
            newest=newest.isoformat(),
        )


def demands() -> tuple[Demand, ...]:
    """The founding statement's demands in its order, each with its criteria and the events its status rests on. Raises
    InvalidValue for one that is told as of a day later than the newest page that was looked at."""
    events = {event.id: event for event in timeline()}
    vocabulary, newest = load("demands"), looked_at()
    statement = vocabulary.more["statement"]
    cited = f"{statement['by']}, statement of {statement['date']}"
    found = []
    for entry in vocabulary.entries.values():
        more, as_of = entry.more, PartialDate.parse(str(entry.more["as_of"]))
        check_as_of(entry.id, as_of, newest)
        criteria = tuple(_criterion(raw, as_of, vocabulary.more["judged_by"], events) for raw in more["criteria"])
        if status_of(one.status for one in criteria) != more["status"]:
            raise InvalidValue(
                "{id} is given as {status!r}, which does not follow from its criteria",
                id=entry.id,
                status=more["status"],
            )
        found.append(
            Demand(
                entry.id,
                entry.label["en"],
                str(more["addressee"]),
                PartialDate.parse(str(more["since"])),
                str(more["words"]),
                str(more["status"]),
                as_of,
                tuple(sorted((events[at] for at in more["evidence"]), key=lambda event: (str(event.date), event.id))),
                str(more.get("note", "")),
                entry.label,
                str(more["voice"]),
                cited,
                str(statement["published"]),
                criteria,
                tuple(_access(raw, events[raw["event"]]) for raw in more.get("access", ())),
            )
        )
    return tuple(found)


def _criterion(raw: Mapping[str, Any], on: PartialDate, by: str, events: Mapping[str, Event]) -> Criterion:
    evidence = tuple(events[at] for at in raw["evidence"])
    reading = Reading(raw["status"], by, on, evidence, str(raw.get("note", "")))
    return Criterion(raw["id"], raw["label"]["en"], (reading,), raw["label"])


def _access(raw: Mapping[str, str], event: Event) -> Access:
    return Access(event.date, raw["by"], event.what, raw["answer"], event.source, event.id)
