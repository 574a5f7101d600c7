"""The campaign's part of a release: public facts and what members said for the public. Contacts have no form here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from corroborate.coalition import STATUSES, Access, Action, Commitment, Criterion, Demand, Event, Reading, Vote
from corroborate.disclosure.shown import (
    AccessShown,
    ActionShown,
    CommitmentShown,
    CriterionShown,
    DemandShown,
    EventShown,
    LabelShown,
    NameShown,
    PlaceShown,
    ReadingShown,
    Release,
    VoteShown,
)
from corroborate.vocabulary import load

SCRIPTS = {"en": "Latn", "es": "Latn", "ko": "Hang", "ja": "Hani"}


def _labels(given: Mapping[str, str]) -> tuple[LabelShown, ...]:
    return tuple(LabelShown(language, text) for language, text in given.items())


def event_shown(one: Event) -> EventShown:
    return EventShown(
        one.id, str(one.date), one.what, one.body, one.symbol, one.source, _labels(one.labels), one.road
    )  # fmt: skip


def _reading(one: Reading) -> ReadingShown:
    return ReadingShown(one.status, one.by, str(one.on), tuple(event_shown(each) for each in one.evidence), one.note)


def _criterion(one: Criterion) -> CriterionShown:
    return CriterionShown(one.id, one.what, _labels(one.labels), tuple(_reading(each) for each in one.readings))


def _access(one: Access) -> AccessShown:
    return AccessShown(str(one.on), one.by, one.what, one.answer, one.source, one.event)


def demand_shown(one: Demand) -> DemandShown:
    return DemandShown(
        one.id, one.what, one.addressee, str(one.since), one.words, STATUSES[one.status], str(one.as_of),
        tuple(event_shown(event) for event in one.evidence), one.note, one.status, _labels(one.labels), one.voice,
        one.statement, one.address, one.citation, tuple(_criterion(each) for each in one.criteria),
        tuple(_access(each) for each in one.access),
    )  # fmt: skip


def action_shown(one: Action) -> ActionShown:
    return ActionShown(
        one.id, one.kind, one.title, one.members, one.begins.isoformat(), one.ends.isoformat(), one.language,
        one.country, one.place, one.demands, one.text, one.address,
    )  # fmt: skip


def vote_shown(one: Vote) -> VoteShown:
    return VoteShown(one.state, one.body, one.resolution, str(one.on), one.vote, one.source)


def commitment_shown(one: Commitment) -> CommitmentShown:
    return CommitmentShown(one.state, one.what, str(one.on), one.source, one.demand, one.kept)


def places_shown() -> tuple[PlaceShown, ...]:
    """Facilities as public sources have them: names, kind, state, point. Never points of burial or execution."""
    entries = load("places").entries
    shown = []
    for entry in entries.values():
        more = entry.more
        if not str(more.get("kind", "")).endswith(("camp", "facility")):
            continue
        region = entries.get(str(more.get("province_id", "")))
        shown.append(
            PlaceShown(
                entry.id, str(more["kind"]).replace("_", " "),
                tuple(NameShown(text, SCRIPTS.get(language, "Latn"), language) for language, text in
                      entry.label.items()),
                str(more.get("status", "unknown")), str(more.get("status_as_of", "")), entry.source,
                tuple(float(part) for part in more.get("point", ())), str(more.get("precision", "")),
                str(more.get("conflict", "")), _labels(region.label) if region else (),
            )
        )  # fmt: skip
    return tuple(shown)


def with_campaign(
    decided: Release,
    demands: Sequence[Demand],
    actions: Sequence[Action],
    votes: Sequence[Vote],
    commitments: Sequence[Commitment],
    *,
    invented: bool = False,
) -> Release:
    """A release with the campaign's public part as it stands at the hub now. What else it shows is left as decided;
    where anything in it is invented, all of it says so."""
    return replace(
        decided,
        invented=decided.invented or invented,
        demands=tuple(demand_shown(one) for one in demands),
        actions=tuple(action_shown(one) for one in actions),
        votes=tuple(vote_shown(one) for one in votes),
        commitments=tuple(commitment_shown(one) for one in commitments),
    )
