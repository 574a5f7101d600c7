"""Members, statements, decisions, demands, actions and States as programs read them, a function for each shape."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

from corroborate import coalition
from corroborate.client import coalition_shapes as shapes
from corroborate.coalition import Commitment, Contact, Demand, Proposal, Vote, decisions, lifecycle, memberships
from corroborate.coalition.invitations import title_of
from corroborate.coalition.targets import votes_json
from corroborate_node.coalition.advocacy import models as advocacy
from corroborate_node.coalition.campaign import models
from corroborate_node.http_api.answers import moment


def member(row: models.Member) -> shapes.MemberSaid:
    return {
        "id": row.id,
        "name": row.name,
        "kind": row.kind,
        "country": row.country,
        "role": row.role,
        "left": moment(row.left),
        "key": row.key,
        "doubtful": row.doubtful,
    }


def member_whole(
    row: models.Member, one: memberships.Membership, places: Sequence[Any], on: date, *, contact: bool
) -> shapes.MemberWhole:
    said, waits = one.details, one.waiting(on)
    return {
        **member(row),
        "region": said.region,
        "abbreviation": said.abbreviation,
        "also_called": list(said.also_called),
        "languages": list(said.languages),
        "field_of_work": said.field_of_work,
        "site": said.site,
        "contact": said.contact if contact else None,
        "affiliation": said.affiliation,
        "capacity": said.capacity,
        "joined": str(one.joined),
        "founding": one.founding,
        "keys": [
            {"key": str(key), "since": moment(since), "until": moment(until)}
            for key, since, until in reversed(one.keys)
        ],
        "key_waits": None if waits is None else str(waits),
        "signatories": [
            {"name": each.name, "role": each.role, "since": moment(each.since), "until": moment(each.until)}
            for each in one.signatories
        ],
        "flags": list(one.flags),
        "places": [
            {
                "kind": each.kind,
                "id": each.id,
                "title": each.title,
                "what": each.what,
                "since": each.since,
                "stands": each.stands,
            }
            for each in places
        ],
    }


def statement(
    state: lifecycle.Statement, register: memberships.Register, quotes: Sequence[lifecycle.Quote]
) -> shapes.StatementWhole:
    round_ = state.round
    words = round_.words()
    return {
        "name": round_.current.statement,
        "title": title_of(state),
        "phase": state.phase,
        "deadline": moment(round_.deadline),
        "embargo": moment(state.embargo),
        "grouping": state.grouping,
        "current": round_.current.number,
        "versions": [version(one) for one in round_.versions],
        "responses": [_response(one, register, words) for one in round_.responses()],
        "comments": [
            {
                "id": one.id,
                "version": one.version,
                "by": one.by,
                "text": one.text,
                "at": one.at.isoformat(),
                "resolved_by": one.resolved_by,
            }
            for one in state.comments
        ],
        "suggestions": [_suggestion(one) for one in state.suggestions],
        "translations": [_translation(one, state) for one in state.translations],
        "quotes": [
            {
                "member": one.member,
                "spokesperson": one.spokesperson,
                "role": one.role,
                "words": one.words,
                "sha256": one.digest.hex,
                "approved": one.approved,
            }
            for one in quotes
        ],
    }


def version(one: Any) -> shapes.VersionSaid:
    return {"number": one.number, "language": one.language, "sha256": one.digest.hex, "text": one.text.decode()}


def _response(one: Any, register: memberships.Register, words: Any) -> shapes.ResponseSaid:
    last = words.get(one.member)
    return {
        "member": one.member,
        "name": register[one.member].details.name,
        "state": one.state,
        "sha256": None if one.digest is None else one.digest.hex,
        "at": moment(one.at),
        "on_paper": one.on_paper,
        "waits": one.waits,
        "words": "" if last is None else last.words,
    }


def _suggestion(one: lifecycle.Suggestion) -> shapes.SuggestionSaid:
    return {
        "id": one.id,
        "version": one.version,
        "by": one.by,
        "member": one.member,
        "passage": one.passage,
        "words": one.words,
        "why": one.why,
        "at": one.at.isoformat(),
        "outcome": one.outcome,
    }


def _translation(one: lifecycle.Translation, state: lifecycle.Statement) -> shapes.TranslationSaid:
    return {
        "language": one.language,
        "sha256": one.digest.hex,
        "of": one.of.hex,
        "translator": one.translator,
        "at": one.at.isoformat(),
        "text": one.text.decode(),
        "stale": state.stale(one),
        "official_for": [label for label in one.approved if one.official_for(label)],
    }


def decision(one: decisions.Proposal, at: datetime) -> shapes.DecisionSaid:
    found = decisions.result(one, at)
    return {
        "id": one.id,
        "title": one.title,
        "closes": one.closes.isoformat(),
        "rule": str(one.rule),
        "outcome": found.outcome,
        "why": found.why,
        "support": found.support,
        "abstain": found.abstain,
        "object": found.object,
        "silent": found.silent,
    }


def decision_whole(one: decisions.Proposal, register: memberships.Register, at: datetime) -> shapes.DecisionWhole:
    positions = [_position(label, register, one.said.get(label), counts=label in one.counted) for label in one.asked]
    return {**decision(one, at), "text": one.text, "opened": one.opened.isoformat(), "positions": positions}


def _position(
    label: str, register: memberships.Register, said: decisions.Said | None, *, counts: bool
) -> shapes.PositionSaid:
    return {
        "member": label,
        "name": register[label].details.name,
        "position": None if said is None else said.position,
        "reason": "" if said is None else said.reason,
        "at": None if said is None else said.at.isoformat(),
        "recorded_by": "" if said is None else said.recorded_by,
        "counts": counts,
    }


def demand(one: Demand) -> shapes.DemandSaid:
    return cast(shapes.DemandSaid, one.as_json())


def action(one: coalition.Action) -> shapes.ActionSaid:
    return cast(shapes.ActionSaid, one.as_json())


def actions(found: Sequence[coalition.Action], pairs: Sequence[Proposal]) -> shapes.ActionsSaid:
    proposed: list[shapes.PairOfActions] = [
        {"first": one.first.id, "second": one.second.id, "why": one.why} for one in pairs
    ]
    return {"actions": [action(one) for one in found], "proposals": proposed}


def action_before(one: advocacy.ActionBefore, was: coalition.Action) -> shapes.ActionBefore:
    return {"what": one.what, "by": one.by, "at": one.at.isoformat(), "before": action(was)}


def votes(found: Sequence[Vote]) -> list[shapes.VoteSaid]:
    return cast(list[shapes.VoteSaid], votes_json(found))


def commitment(one: Commitment) -> shapes.CommitmentSaid:
    return {
        "state": one.state,
        "what": one.what,
        "on": str(one.on),
        "source": one.source,
        "demand": one.demand,
        "kept": one.kept,
        "entered_by": one.entered_by or None,
    }


def contact(one: Contact) -> shapes.ContactSaid:
    return {"id": one.id, "name": one.name, "role": one.role, "reach": one.reach}
