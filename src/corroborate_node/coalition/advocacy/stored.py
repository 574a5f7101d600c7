"""Rows and the library's values, there and back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from corroborate import coalition, records
from corroborate.coalition import Access, Commitment, Contact, Event, Reading, Vote
from corroborate.values import PartialDate
from corroborate_node.coalition.advocacy import models
from corroborate_node.core import opened


def action(row: models.Action) -> coalition.Action:
    return coalition.Action(
        row.id, row.kind, row.title, tuple(row.members), row.begins, row.ends, row.language, row.country, row.place,
        tuple(row.demands), row.text, row.address, entered(row.said_by or row.entered_by, own=row.own),
    )  # fmt: skip


def entered(by: str, *, own: bool) -> str:
    """Who put something down under a member's name at a hub: the account, or the hub where it was by command. Empty
    where an account of the member did, and in a member's own vault."""
    here = opened.current()
    return "" if own or not here.hub else by or here.name


def action_fields(one: coalition.Action) -> dict[str, Any]:
    return {
        "id": one.id, "kind": one.kind, "title": one.title, "members": list(one.members), "begins": one.begins,
        "ends": one.ends, "language": one.language, "country": one.country, "place": one.place,
        "demands": list(one.demands), "text": one.text, "address": one.address,
    }  # fmt: skip


def action_json(row: models.Action) -> dict[str, Any]:
    """An action as its history keeps it."""
    return {**action_fields(action(row)), "begins": row.begins.isoformat(), "ends": row.ends.isoformat()}


def action_before(raw: Mapping[str, Any]) -> coalition.Action:
    begins, ends = date.fromisoformat(raw["begins"]), date.fromisoformat(raw["ends"])
    lists = {key: tuple(raw[key]) for key in ("members", "demands")}
    return coalition.Action(**{**raw, **lists, "begins": begins, "ends": ends})


def event_json(one: Event, known: Mapping[str, Event]) -> Any:
    """A known event by its id; any other whole, so that a reading keeps what it rests on."""
    if one.id in known:
        return one.id
    return {"id": one.id, "date": str(one.date), "what": one.what, "body": one.body, "symbol": one.symbol,
            "source": one.source}  # fmt: skip


def event(raw: Any, known: Mapping[str, Event]) -> Event:
    if isinstance(raw, str):
        return known[raw]
    return Event(
        raw["id"], PartialDate.parse(raw["date"]), raw["what"], raw["body"], raw["symbol"], raw["source"], "seen",
        {"en": raw["what"]},
    )  # fmt: skip


def reading(row: models.Reading, known: Mapping[str, Event]) -> Reading:
    """What was typed of an event says who typed it: a reader, in its own name, or who put that name down."""
    by = entered(row.entered_by, own=row.own)
    typed = by or (row.by if opened.current().hub else "")
    evidence = (event(raw, known) for raw in row.evidence)
    said = tuple(one if one.id in known else replace(one, entered_by=typed) for one in evidence)
    return Reading(row.status, row.by, PartialDate.parse(row.on), said, row.note, by)


def access(row: models.AccessRequest) -> Access:
    return Access(
        PartialDate.parse(row.on),
        row.by,
        row.what,
        row.answer,
        row.source,
        entered_by=entered(row.entered_by, own=row.own),
    )


def vote(row: models.Vote) -> Vote:
    return Vote(row.state, row.body, row.resolution, PartialDate.parse(row.on), row.vote, row.source)


def commitment(row: models.Commitment) -> Commitment:
    by = entered(row.entered_by, own=False)
    return Commitment(row.state, row.what, PartialDate.parse(row.on), row.source, row.demand, row.kept, by)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def consent(raw: Mapping[str, Any]) -> records.Consent:
    return records.Consent.from_record({"version": 1, **raw})  # the first ones were kept without their version


def contact(row: models.Contact) -> Contact:
    return Contact(row.id, row.state, row.name, row.role, row.reach, tuple(consent(raw) for raw in row.consents))
