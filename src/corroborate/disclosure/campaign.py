"""The campaign's part of a release: public facts and what members said for the public. Contacts have no form here."""

from collections.abc import Iterable, Mapping, Sequence
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
    LinkShown,
    NameShown,
    PlaceShown,
    ReadingShown,
    Release,
    VoteShown,
)
from corroborate.vocabulary import Entry, Link, links_of, load, words_of

SCRIPTS = {"en": "Latn", "es": "Latn", "ko": "Hang", "ja": "Hani"}


def _labels(given: Mapping[str, str]) -> tuple[LabelShown, ...]:
    return tuple(LabelShown(language, text) for language, text in given.items())


def event_shown(one: Event) -> EventShown:
    return EventShown(
        one.id, str(one.date), one.what, one.body, one.symbol, words_of(one.source), _labels(one.labels), one.road,
        links_shown(links_of(one.source, one.symbol)), one.entered_by,
    )  # fmt: skip


def _reading(one: Reading) -> ReadingShown:
    return ReadingShown(one.status, one.by, str(one.on), tuple(event_shown(each) for each in one.evidence), one.note,
                        one.entered_by)  # fmt: skip


def _criterion(one: Criterion) -> CriterionShown:
    return CriterionShown(one.id, one.what, _labels(one.labels), tuple(_reading(each) for each in one.readings))


def _access(one: Access) -> AccessShown:
    return AccessShown(str(one.on), one.by, one.what, one.answer, one.source, one.event, one.entered_by)


def demand_shown(one: Demand) -> DemandShown:
    return DemandShown(
        one.id, one.what, one.addressee, str(one.since), one.words, STATUSES[one.status], str(one.as_of),
        tuple(event_shown(event) for event in one.evidence), one.note, one.status, _labels(one.labels), one.voice,
        one.statement, one.address, one.citation, tuple(_criterion(each) for each in one.criteria),
        tuple(_access(each) for each in one.access),
    )  # fmt: skip


def action_shown(one: Action, changed: str = "") -> ActionShown:
    return ActionShown(
        one.id, one.kind, one.title, one.members, one.begins.isoformat(), one.ends.isoformat(), one.language,
        one.country, one.place, one.demands, one.text, one.address, changed, one.entered_by,
    )  # fmt: skip


def vote_shown(one: Vote) -> VoteShown:
    return VoteShown(one.state, one.body, one.resolution, str(one.on), one.vote, one.source)


def commitment_shown(one: Commitment) -> CommitmentShown:
    return CommitmentShown(one.state, one.what, str(one.on), one.source, one.demand, one.kept, one.entered_by)


def links_shown(links: Iterable[Link]) -> tuple[LinkShown, ...]:
    return tuple(LinkShown(one.title, one.address) for one in links)


def places_shown(*, areas: bool = False) -> tuple[PlaceShown, ...]:
    """Facilities as public sources have them: names, kind, state, point. Never points of burial or execution.

    ``areas``: instead, the provinces and classes of facility that the register is divided by.
    """
    return tuple(
        _place(entry)
        for entry in load("places").entries.values()
        if str(entry.more["kind"]).endswith(("camp", "detention_facility")) != areas
    )


def _place(entry: Entry) -> PlaceShown:
    more = entry.more
    region = load("places").entries.get(str(more.get("province_id", "")))
    names = tuple(NameShown(text, SCRIPTS.get(language, "Latn"), language) for language, text in entry.label.items())
    return PlaceShown(
        entry.id,
        str(more["kind"]).replace("_", " "),
        names,
        str(more.get("status", "unknown")),
        str(more.get("status_as_of", "")),
        words_of(entry.source),
        tuple(float(part) for part in more.get("point", ())),
        str(more.get("precision", "")),
        str(more.get("conflict", "")),
        _labels(region.label) if region else (),
        links_shown(links_of(entry.source)),
        str(more.get("number", "")),
        str(more.get("hanja", "")),
        tuple(more.get("spellings", ())),
        str(more.get("province_id", "")),
        str(more.get("opened", "")),
        str(more.get("closed", "")),
        _labels(more.get("run_by", {})),
    )


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
