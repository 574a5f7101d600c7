"""What the campaign asks of whom, and what came of it, from dated public events."""

from dataclasses import dataclass

from corroborate.errors import InvalidValue
from corroborate.values import JSON, PartialDate
from corroborate.vocabulary import load

STATUSES = {
    "met": "met",
    "partly_met": "partly met",
    "not_met": "not met",
    "not_known_met": "not known to be met",
}


@dataclass(frozen=True, slots=True)
class Event:
    """A dated public act. The date is as exact as its source."""

    id: str
    date: PartialDate
    what: str
    body: str
    symbol: str
    source: str
    checked: str


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

    def as_json(self) -> dict[str, JSON]:
        return {
            "id": self.id, "demand": self.what, "addressee": self.addressee, "since": str(self.since),
            "words": self.words, "status": self.status, "as_of": str(self.as_of), "note": self.note or None,
            "evidence": [{"date": str(e.date), "event": e.what, "body": e.body, "symbol": e.symbol or None,
                          "source": e.source} for e in self.evidence],
        }  # fmt: skip


def timeline() -> tuple[Event, ...]:
    """All dated events, oldest first."""
    events = [
        Event(e.id, PartialDate.parse(str(e.more["date"])), e.label["en"], str(e.more["body"]),
              str(e.more.get("symbol", "")), e.source, e.checked)
        for e in load("timeline").entries.values()
    ]  # fmt: skip
    return tuple(sorted(events, key=lambda event: (str(event.date), event.id)))


def demands() -> tuple[Demand, ...]:
    """The founding statement's demands in its order, each with the events its status rests on."""
    events = {event.id: event for event in timeline()}
    found = []
    for entry in load("demands").entries.values():
        more = entry.more
        if more["status"] not in STATUSES:
            raise InvalidValue(f"{entry.id} has the unknown status {more['status']!r}")
        found.append(
            Demand(
                entry.id,
                entry.label["en"],
                str(more["addressee"]),
                PartialDate.parse(str(more["since"])),
                str(more["words"]),
                str(more["status"]),
                PartialDate.parse(str(more["as_of"])),
                tuple(events[at] for at in more["evidence"]),
                str(more.get("note", "")),
            )
        )
    return tuple(found)
