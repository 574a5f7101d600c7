"""Who sees what of the campaign's work. Functions with a user give nothing without one; the others serve the owner."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date
from functools import reduce
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from corroborate import coalition
from corroborate.coalition import (
    Access,
    Commitment,
    Contact,
    Demand,
    Event,
    Proposal,
    Reading,
    Vote,
    merged,
    proposals,
)
from corroborate.disclosure import Results
from corroborate.errors import NotAllowed
from corroborate.records import Audience
from corroborate.values import Digest, canonical
from corroborate_node.coalition.advocacy import models, stored
from corroborate_node.core import opened
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import may, visible


@dataclass(frozen=True, slots=True)
class Campaign:
    """The public part: what a site may show."""

    demands: tuple[Demand, ...]
    actions: tuple[coalition.Action, ...]
    votes: tuple[Vote, ...]
    commitments: tuple[Commitment, ...]
    invented: bool  # whether an action of nobody is among them


def events() -> dict[str, Event]:
    return {event.id: event for event in coalition.timeline()}


def _demands(readings: Iterable[models.Reading], requests: Iterable[models.AccessRequest]) -> tuple[Demand, ...]:
    known = events()
    found = {demand.id: demand for demand in coalition.demands()}
    for row in readings:
        found[row.demand] = found[row.demand].judged(row.criterion, stored.reading(row, known))
    for one in requests:
        found[one.demand] = found[one.demand].asked(stored.access(one))
    return tuple(found.values())


def demands(user: Any) -> tuple[Demand, ...]:
    """The demands with every reading and request that was recorded here; none for nobody."""
    if not getattr(user, "is_authenticated", False):
        return ()
    return _demands(
        visible(user, models.Reading).order_by("id"), visible(user, models.AccessRequest).order_by("id")
    )  # fmt: skip


def _groups(rows: Iterable[models.Action]) -> list[list[models.Action]]:
    """Entries judged to be one event, the one that speaks for them first. Where that one is not among these, the
    others stand without it. At a hub a join hides the second and adds nothing to the first, which was put down, or
    confirmed, as it reads; nor does it hide one of another member, as some joins of before would have it."""
    if opened.current().hub:
        read = list(rows)
        whose = {row.id: members_of(row.members) for row in read}
        return [[row] for row in read if whose.get(row.merged_into_id or "") != whose[row.id]]
    groups: dict[str, list[models.Action]] = {}
    for row in rows:
        groups.setdefault(row.merged_into_id or row.id, []).append(row)
    return [sorted(each, key=lambda one: (one.id != first, one.id)) for first, each in groups.items()]


def members_of(names: Iterable[str]) -> frozenset[str]:
    return frozenset(one.strip() for one in names)


def may_join(one: coalition.Action, other: coalition.Action) -> bool:
    """Whether two entries can be told as one: at a hub, those of the same members. What one member says would else
    stand under another's name."""
    return not opened.current().hub or members_of(one.members) == members_of(other.members)


def _current(rows: Iterable[models.Action]) -> tuple[coalition.Action, ...]:
    """Actions as a reader sees them: entries judged to be one event told as one, newest first."""
    whole = [reduce(merged, map(stored.action, each)) for each in _groups(rows)]
    return tuple(sorted(whole, key=lambda one: (one.begins, one.id), reverse=True))


def mark(action: coalition.Action) -> str:
    """By which a page says what it showed of an action: other words, days or names, or another who said so, have
    another."""
    return Digest.of(canonical(action.as_json())).hex


def _entries(user: Any) -> QuerySet[models.Action]:
    return visible(user, models.Action).filter(removed=False)


def actions(user: Any) -> tuple[coalition.Action, ...]:
    return _current(_entries(user).order_by("begins", "id"))


def standing(user: Any) -> tuple[coalition.Action, ...]:
    """The same without what waits to be confirmed: for files, which are read where no page says that it waits."""
    return _current(_public(_entries(user)).order_by("begins", "id"))


def may_change(user: Any, row: models.Action) -> bool:
    """Who may change others' actions, and the account that entered it while it still may enter any."""
    own = bool(row.entered_by) and row.entered_by == user.get_username()
    return may(user, "action.keep") or (own and may(user, "action.enter"))


def entry(user: Any, action: str) -> models.Action | None:
    """One entry for those who may change it, removed or not; None for everybody else."""
    row = visible(user, models.Action).filter(id=action).first()
    return row if row is not None and may_change(user, row) else None


def before(row: models.Action) -> list[tuple[models.ActionBefore, coalition.Action]]:
    """How an action stood before each change, newest change first."""
    return [(one, stored.action_before(one.before)) for one in row.before.order_by("-id")]


def removed_actions(user: Any) -> list[models.Action]:
    """Removed actions that this account may restore."""
    rows = visible(user, models.Action).filter(removed=True).order_by("begins", "id")
    return [row for row in rows if may_change(user, row)]


def invented_actions(user: Any) -> bool:
    return bool(_entries(user).filter(invented=True).exists())


def merges(user: Any, action: str) -> list[models.Action]:
    """Entries that were judged to be this event."""
    return list(_entries(user).filter(merged_into_id=action).order_by("id"))


def open_proposals(user: Any) -> tuple[Proposal, ...]:
    """Pairs that may be one event and that nobody has decided yet."""
    apart = visible(user, models.Apart).values_list("first_id", "second_id")
    return proposals(actions(user), [frozenset(pair) for pair in apart])


def votes(user: Any) -> tuple[Vote, ...]:
    return tuple(stored.vote(row) for row in visible(user, models.Vote).order_by("-on", "resolution", "state"))


def votes_of(user: Any, state: str) -> tuple[Vote, ...]:
    return tuple(stored.vote(row) for row in visible(user, models.Vote).filter(state=state).order_by("-on"))


def commitments(user: Any, state: str = "") -> list[models.Commitment]:
    found = visible(user, models.Commitment).order_by("-on", "id")
    rows = list(found.filter(state=state) if state else found)
    for row in rows:
        row.entered_by = stored.entered(row.entered_by, own=False)
    return rows


def contacts(user: Any, state: str, audience: Audience, on: date) -> list[Contact]:
    """Contacts at a State that may be held and shown to an audience on a day. Silence is "no"."""
    found = (stored.contact(row) for row in visible(user, models.Contact).filter(state=state).order_by("id"))
    return [one for one in found if one.may(audience, on)]


def paragraph(user: Any, state: str) -> str:
    row = visible(user, models.Paragraph).filter(state=state).first()
    return row.text if row else ""


def states(user: Any) -> list[str]:
    """Every State that something is known of here."""
    found: set[str] = set()
    for model in (models.Vote, models.Commitment, models.Paragraph):
        found.update(visible(user, model).values_list("state", flat=True).distinct())
    return sorted(found)


# For the owner, who opened the vault with its passphrase


def campaign() -> Campaign:
    """Everything public, as it stands now."""
    demands_ = _demands(models.Reading.objects.order_by("id"), models.AccessRequest.objects.order_by("id"))
    actions_ = _current(_public(models.Action.objects.filter(removed=False)).order_by("begins", "id"))
    return Campaign(
        tuple(_unnamed_demand(one) for one in demands_),
        tuple(_unnamed(one) for one in actions_),
        tuple(stored.vote(row) for row in models.Vote.objects.order_by("-on", "resolution", "state")),
        tuple(_unnamed(stored.commitment(row)) for row in models.Commitment.objects.order_by("-on", "id")),
        models.Action.objects.filter(invented=True, removed=False).exists(),
    )


_Entered = TypeVar("_Entered", coalition.Action, Reading, Access, Commitment)


def _unnamed(one: _Entered) -> _Entered:
    """The same for everybody: that the hub entered it, and by none of its accounts, which are people."""
    return replace(one, entered_by=opened.current().name) if one.entered_by else one


def _unnamed_reading(one: Reading) -> Reading:
    """The events, too, that were typed under it; those of who reads in its own name bear the name that the reading
    bears."""
    if not one.entered_by:
        return one
    typed = (replace(each, entered_by=opened.current().name if each.entered_by else "") for each in one.evidence)
    return replace(_unnamed(one), evidence=tuple(typed))


def _unnamed_demand(one: Demand) -> Demand:
    criteria = tuple(
        replace(each, readings=tuple(_unnamed_reading(said) for said in each.readings)) for each in one.criteria
    )
    return replace(one, criteria=criteria, access=tuple(_unnamed(each) for each in one.access))


def _public(rows: QuerySet[models.Action]) -> QuerySet[models.Action]:
    """At a hub, what members' own accounts put down or a second person confirmed; what is invented says so."""
    if not opened.current().hub:
        return rows
    return rows.filter(Q(own=True) | Q(invented=True) | ~Q(confirmed_by=""))


def waits(user: Any, action: str) -> models.Action | None:
    """An entry that stands under a member's name without its word, and nowhere in public."""
    row: models.Action | None = _entries(user).filter(id=action, own=False, invented=False, confirmed_by="").first()
    return row if opened.current().hub else None


def _changed() -> dict[str, str]:
    """When each public action was entered or last changed, those that were joined to it included: UTC, ISO 8601."""
    groups = _groups(_public(models.Action.objects.filter(removed=False)))
    found = {each[0].id: max(row.at for row in each) for each in groups}
    whose = {row.id: each[0].id for each in groups for row in each}
    for action, at in models.ActionBefore.objects.filter(action__in=whose).values_list("action_id", "at"):
        found[whose[action]] = max(at, found[whose[action]])
    return {action: f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for action, at in found.items()}


def for_release(_desk: Desk) -> Results:
    """What a release with the campaign holds of it."""
    found = campaign()
    return Results(
        demands=found.demands, timeline=coalition.timeline(), actions=found.actions, votes=found.votes,
        commitments=found.commitments, invented=found.invented, changed=_changed(),
    )  # fmt: skip


def all_actions() -> tuple[coalition.Action, ...]:
    """Every action, those that wait to be confirmed among them."""
    return _current(models.Action.objects.filter(removed=False).order_by("begins", "id"))


def one_action(action: str) -> coalition.Action:
    """One entry as it was typed, for its owner to change. Raises NotAllowed when there is none."""
    row = models.Action.objects.filter(id=action, removed=False).first()
    if row is None:
        raise NotAllowed("there is no action {action}", action=action)
    return stored.action(row)


def before_of(action: str) -> list[tuple[models.ActionBefore, coalition.Action]]:
    row = models.Action.objects.filter(id=action).first()
    if row is None:
        raise NotAllowed("there is no action {action}", action=action)
    return before(row)


def all_proposals() -> tuple[Proposal, ...]:
    apart = models.Apart.objects.values_list("first_id", "second_id")
    return proposals(all_actions(), [frozenset(pair) for pair in apart])


def all_contacts(on: date, audience: Audience = "own") -> list[Contact]:
    found = (stored.contact(row) for row in models.Contact.objects.order_by("state", "id"))
    return [one for one in found if one.may(audience, on)]


def paragraphs() -> dict[str, str]:
    return dict(models.Paragraph.objects.values_list("state", "text"))
