"""What people do for the campaign at a node. ``by`` names another than the actor: who decided, for whoever types it."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from corroborate import coalition
from corroborate.coalition import (
    Access,
    Addressee,
    Commitment,
    Contact,
    Event,
    Reading,
    Vote,
    demands,
    letters,
)
from corroborate.coalition.statements import check_typed
from corroborate.coalition.targets import VOTES, check_past, check_state
from corroborate.errors import InvalidValue, NotAllowed
from corroborate.translation import Sentence
from corroborate.values import Digest, PartialDate, new_id
from corroborate.vocabulary import country_names
from corroborate_node.coalition.advocacy import models, queries, stored
from corroborate_node.coalition.campaign import actions as campaign
from corroborate_node.coalition.campaign.queries import register, represented
from corroborate_node.core import accounts, persons
from corroborate_node.core.actors import Account
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import may
from corroborate_node.core.rooms import scopes
from corroborate_node.core.storing import storing

Entropy = Callable[[int], bytes]
_DECIDED = ("page decide-actions", "command action")


def identifier(kind: str, at: datetime, entropy: Entropy = os.urandom) -> str:
    return new_id(kind, milliseconds=int(at.timestamp() * 1000), randomness=entropy(10))


def _known_demand(demand: str) -> coalition.Demand:
    for one in demands():
        if one.id in (demand, f"demand.{demand}"):
            return one
    raise InvalidValue("there is no demand {demand!r}; `corroborate demand` lists them", demand=demand)


@act("action.enter", ways=("page new-action", "command action"), objects=lambda one, **_: [one.id])
def enter(desk: Desk, action: coalition.Action, *, invented: bool = False) -> None:
    """Record a member's action under the member's own name. The account that enters it may change it later.

    At a hub the member is told of what others enter under its name, and it stands nowhere in public until the member's
    own account, or a second person, confirms it. So does what a member says of another one, until that one does.
    """
    _in_own_name(desk, action)
    check_typed(action, ("title", "members", "place"))
    action.check_days(desk.at.date())
    for demand in action.demands:
        _known_demand(demand)
    if models.Action.objects.filter(id=action.id).exists():
        raise NotAllowed("{id} is there already", id=action.id)
    by, own = _entered(desk), _stands_at_once(desk, action)
    more = {"invented": invented, "entered_by": by, "said_by": by, "own": own, "at": desk.at}
    models.Action.objects.create(**stored.action_fields(action), **more)
    _tell_of(desk, action)


def _stands_at_once(desk: Desk, action: coalition.Action) -> bool:
    """Whether an action is in public without a second word: a member's own account says it, and of nobody else."""
    return _own_voice(desk, action.members) and not _names_beside(desk, action)


def _names_beside(desk: Desk, action: coalition.Action) -> tuple[str, ...]:
    """Other members of the hub than those whose action it is, whom a reader finds named in it."""
    if not desk.vault.hub:
        return ()
    return register().named_in((action.title, action.text, action.place), action.members)


def _tell_of(desk: Desk, action: coalition.Action) -> None:
    """Tell those under whose name others put an action down, and those whom it names."""
    link = f"/actions/{action.id}"
    if not _own_voice(desk, action.members):
        _tell(desk, action.members, action.title, link)
    campaign.tell(_names_beside(desk, action), "named beside", action.title, link, desk.at)


def _own_voice(desk: Desk, members: Sequence[str]) -> bool:
    """Whether somebody speaks for exactly these: an account of the member itself. Of several, nobody does alone.

    Whoever made an account holds its first passphrase, and whoever keeps accounts makes their own into any member's:
    it speaks once another person vouched for it, and never for who keeps accounts; and not for who left, or for a
    newcomer called like another member, before two people said that these are two."""
    present = _acts_for(desk, members) and register()[campaign.acts_for(desk)].is_member(desk.at.date())
    return present and persons.own_person(desk)


def _acts_for(desk: Desk, members: Sequence[str]) -> bool:
    """Whether an account is given as acting for exactly these."""
    if not (desk.vault.hub and isinstance(desk.actor, Account)):
        return False
    own = scopes()["representative"].of(accounts.user_of(desk.actor))
    return bool(own) and {one.strip() for one in members} == {own}


def _tell(desk: Desk, members: Sequence[str], about: str, link: str) -> None:
    if desk.vault.hub:
        campaign.tell_named(members, "entered", about, link, desk.at)


@act("action.confirm", "action.enter", ways=("page action",), objects=lambda one, *_: [one])
def confirm(desk: Desk, identifier: str, shown: str) -> None:
    """Say that an action that others put under a member's name is right: the member's own account, or a second person
    of the secretariat. Raises NotAllowed for anybody else, and for who put it down.

    ``shown``: the mark of what the page showed (:func:`queries.mark`). Whoever entered it may have changed it since.
    """
    with storing():
        row = models.Action.objects.filter(id=identifier, removed=False).first()
        stands = next((one for one in queries.all_actions() if one.id == identifier), None)
        if row is None or stands is None or row.own or row.confirmed_by:
            raise NotAllowed("there is no action {identifier} that waits to be confirmed", identifier=identifier)
        beside = _names_beside(desk, stored.action(row))
        itself = bool(beside) and _said_itself(row)  # the member's own words, in which it speaks of another one
        if not _may_let_stand(desk, row, beside, itself=itself):
            if _acts_for(desk, row.members) and not (desk.may("action.keep") or persons.vouched(desk.by)):
                raise NotAllowed(
                    "nobody has vouched for this account yet: let somebody who did not make it say on the page Vouch "
                    "that its own person holds it"
                )
            desk.require("action.keep")
            second_person(desk, row)
        if shown != queries.mark(stands):
            raise NotAllowed("this action reads otherwise than the one that you saw: look at it again")
        models.Action.objects.filter(id=identifier).update(
            confirmed_by=desk.by, own=itself if beside else _own_voice(desk, row.members)
        )


def _may_let_stand(desk: Desk, row: models.Action, beside: Sequence[str], *, itself: bool) -> bool:
    """Whether whoever looks needs no second person: an account of the member whose action it is, where it names nobody
    else; where it names one other member in its own words, an account of that one."""
    if not beside:
        return _own_voice(desk, row.members)
    return itself and len(beside) == 1 and _own_voice(desk, [register()[beside[0]].details.name])


def _said_itself(row: models.Action) -> bool:
    """Whether who put an action as it stands was an account of the member itself, and a person of its own."""
    user = get_user_model().objects.filter(username=row.said_by).first()
    if user is None or may(user, "account.keep") or not persons.vouched(row.said_by):
        return False
    known = register().members.get(represented(user) or "")
    if known is None or not known.is_member(timezone.now().date()):
        return False
    return {one.strip() for one in row.members} == {scopes()["representative"].of(user)}


def second_person(desk: Desk, row: models.Action) -> None:
    """Raises NotAllowed unless this is another person than who put an action as it stands."""
    if row.said_by or row.entered_by:
        persons.second(desk, row.said_by or row.entered_by)
    elif not (isinstance(desk.actor, Account) and persons.vouched(desk.by)):
        raise NotAllowed("another person is needed, for whom somebody vouched: this was entered by command")


def _in_own_name(desk: Desk, action: coalition.Action) -> None:
    """Raises NotAllowed for a representative who would let something stand under another member's name."""
    if not (desk.vault.hub and isinstance(desk.actor, Account)) or desk.may("action.keep"):
        return
    own = scopes()["representative"].of(accounts.user_of(desk.actor))
    if not own or {one.strip() for one in action.members} != {own}:
        raise NotAllowed(
            "a representative enters actions of its own member{which}: let the secretariat enter "
            "those of others, and those of several",
            which=f", {own}" if own else "",
        )


def _tell_others(desk: Desk, row: models.Action, what: str, shown_in: str = "") -> None:
    """Tell the members whose action it is what became of it, where none of their own accounts did that."""
    if desk.vault.hub and not _own_voice(desk, row.members):
        campaign.tell_named(row.members, what, row.title, f"/actions/{shown_in}".rstrip("/"), desk.at)


def _entered(desk: Desk) -> str:
    """The account; what the owner enters belongs to no account."""
    return desk.by if isinstance(desk.actor, Account) else ""


def _kept(desk: Desk, identifier: str, what: str, by: str, *, removed: bool = False) -> models.Action:
    """The row, after its history has been given what stands now. Raises NotAllowed for whoever may not change it."""
    row = models.Action.objects.filter(id=identifier, removed=removed).first()
    if row is None:
        raise NotAllowed(
            "there is no {which} {identifier}",
            which=Sentence("removed action") if removed else Sentence("action"),
            identifier=identifier,
        )
    if not (row.entered_by and row.entered_by == desk.by):
        desk.require("action.keep")
    who = desk.named(by)
    models.ActionBefore.objects.create(action=row, what=what, before=stored.action_json(row), by=who, at=desk.at)
    return row


@act("action.change", "action.enter", ways=("page change-action", "command action"), objects=lambda one, *_: [one.id])
def change(desk: Desk, action: coalition.Action, by: str = "") -> bool:
    """Correct an action; what stood before stays in its history. Whether anything differed."""
    _in_own_name(desk, action)
    check_typed(action, ("title", "members", "place"))
    action.check_days(desk.at.date())
    for demand in action.demands:
        _known_demand(demand)
    with transaction.atomic():
        row = _kept(desk, action.id, "changed", by)
        if stored.action(row) == action:
            transaction.set_rollback(True)
            return False
        joined = row.merged_into_id is not None or models.Action.objects.filter(merged_into_id=row.id).exists()
        if joined and row.kind != action.kind:
            raise NotAllowed(
                "it is joined to another {kind}: take that back first, then change its kind", kind=row.kind
            )
        if joined and not queries.may_join(stored.action(row), action):
            raise NotAllowed("it is joined to another of its members: take that back first, then change whose it is")
        own = _stands_at_once(desk, action)
        more = {"said_by": _entered(desk), "own": own, "confirmed_by": ""}  # these are other words
        models.Action.objects.filter(id=action.id).update(**stored.action_fields(action), **more)
    _tell_of(desk, action)
    return True


@act("action.remove", "action.enter", ways=("page change-action", "command action"), objects=lambda one, *_: [one])
def remove(desk: Desk, identifier: str, by: str = "") -> None:
    """Take an action out of every list and of the site. Its history keeps it, and :func:`restore` gives it back."""
    with transaction.atomic():
        row = _kept(desk, identifier, "removed", by)
        if models.Action.objects.filter(merged_into_id=identifier, removed=False).exists():
            raise NotAllowed("others were joined to {identifier}: take those back first", identifier=identifier)
        models.Action.objects.filter(id=identifier).update(removed=True)
    _tell_others(desk, row, "action removed")


@act("action.restore", "action.enter", ways=("page change-action", "command action"), objects=lambda one, *_: [one])
def restore(desk: Desk, identifier: str, by: str = "") -> None:
    """Take a removal back. At a hub it is said anew, by whoever restores it: what a member took back stands as its word
    again only where its own account says so, and waits otherwise, as what is entered does."""
    with transaction.atomic():
        action = stored.action(_kept(desk, identifier, "restored", by, removed=True))
        more = {"said_by": _entered(desk), "own": _stands_at_once(desk, action), "confirmed_by": ""}
        models.Action.objects.filter(id=identifier).update(removed=False, **more)
    _tell_of(desk, action)


@act("action.join", ways=_DECIDED, objects=lambda one, other, *_: [one, other])
def merge(desk: Desk, first: str, second: str, by: str = "") -> None:
    """Two entries are one event, as a person decided. Both rows stay; :func:`unmerge` gives back exactly what was. At a
    hub the second is shown no more, and fills nothing in the first.

    Raises NotAllowed at a hub for entries of different members: one person would put one's words under the other."""
    with transaction.atomic():
        alone = models.Action.objects.filter(id__in=(first, second), merged_into=None, removed=False)
        rows = {row.id: row for row in alone}
        if first == second or set(rows) != {first, second}:
            raise NotAllowed("two different actions are needed that stand by themselves")
        if models.Action.objects.filter(merged_into_id=second).exists():
            raise NotAllowed(
                "others were joined to {second}: take those back first, or join the other way round", second=second
            )
        if rows[first].kind != rows[second].kind:
            raise NotAllowed("a {kind} and a {kind2} are no one event", kind=rows[first].kind, kind2=rows[second].kind)
        if not queries.may_join(*(stored.action(rows[one]) for one in (first, second))):
            raise NotAllowed(
                "at a hub two actions of different members stay two, each in its own member's words: let one be "
                "entered under the names of both, which a second person confirms"
            )
        if rows[second].own and not rows[first].own:
            raise NotAllowed("{second} is in the member's own words: join the other to it", second=second)
        models.Action.objects.filter(id=second).update(merged_into_id=first, merged_by=desk.named(by))
    _tell_others(desk, rows[second], "joined", first)


@act("action.unjoin", "action.join", ways=_DECIDED, objects=lambda one, *_: [one])
def unmerge(desk: Desk, second: str) -> None:
    """Take a merge back."""
    if not models.Action.objects.filter(id=second).exclude(merged_into=None).update(merged_into=None, merged_by=""):
        raise NotAllowed("{second} was not joined to another", second=second)


@act("action.keep-apart", "action.join", ways=_DECIDED, objects=lambda one, other, *_: [one, other])
def keep_apart(desk: Desk, first: str, second: str, by: str = "") -> None:
    """Two entries are different events, as a person decided: the pair is not proposed again."""
    one, other = sorted((first, second))
    if models.Action.objects.filter(id__in=(one, other)).count() != 2:
        raise NotAllowed("two different actions are needed")
    models.Apart.objects.get_or_create(first_id=one, second_id=other, defaults={"by": desk.named(by), "at": desk.at})


@act("demand.judge", ways=("page demand", "command demand"), objects=lambda one, *_: [one])
def judge(desk: Desk, demand: str, criterion: str, reading: Reading) -> coalition.Demand:
    """Record a reading of one criterion; return the demand as it then stands. Earlier readings stay."""
    known = queries.events()
    check_typed(reading, ("by",))
    check_past(reading.on, desk.at.date())
    one = next(each for each in queries.campaign().demands if each.id == _known_demand(demand).id)
    judged, own = one.judged(criterion, reading), _own_voice(desk, [reading.by])
    # a person reads in the own name, and nobody in a member's: some accounts are called so. Without a vouch
    # nobody knows that it is a person: whoever keeps accounts makes one under any name
    named = desk.vault.hub and register().reads_as_member(reading.by)
    in_own_name = reading.by == _entered(desk) and not named and (not desk.vault.hub or persons.vouched(desk.by))
    models.Reading.objects.create(
        demand=one.id, criterion=criterion, status=reading.status, by=reading.by, on=str(reading.on),
        evidence=[stored.event_json(event, known) for event in reading.evidence], note=reading.note, at=desk.at,
        entered_by=_entered(desk), own=own or in_own_name,
    )  # fmt: skip
    link = f"/demands/{one.id.removeprefix('demand.')}"
    if not own:
        _tell(desk, [reading.by], one.what, link)
    said = [reading.note, *(word for event in reading.evidence for word in (event.what, event.source))]
    _tell_named_in(desk, said, reading.by, one.what, link)
    return judged


@act("access.log", "demand.judge", ways=("page demand", "command demand"), objects=lambda one, *_: [one])
def log_access(desk: Desk, demand: str, access: Access) -> None:
    """Record a request to be let in and its answer, under a demand about access."""
    check_typed(access, ("by",))
    check_past(access.on, desk.at.date())
    known, own = _known_demand(demand), _own_voice(desk, [access.by])
    models.AccessRequest.objects.create(
        demand=known.id, on=str(access.on), by=access.by, what=access.what, answer=access.answer,
        source=access.source, at=desk.at, entered_by=_entered(desk), own=own,
    )  # fmt: skip
    link = f"/demands/{known.id.removeprefix('demand.')}"
    if not own:
        _tell(desk, [access.by], access.what, link)
    _tell_named_in(desk, [access.what, access.source, access.answer], access.by, access.what, link)


def _tell_named_in(desk: Desk, texts: Sequence[str], by: str, about: str, link: str) -> None:
    if desk.vault.hub:
        campaign.tell(register().named_in(texts, [by] if by else ()), "named beside", about, link, desk.at)


@act("votes.take", "state.keep", ways=("page states", "command target"))
def take_votes(desk: Desk, votes: Sequence[Vote]) -> int:
    """Store votes, all or none; return how many were new. A vote that differs from the stored one is refused."""
    for one in votes:
        check_typed(one, ("resolution",))
        check_past(one.on, desk.at.date())
    with transaction.atomic():
        resolutions = {one.resolution for one in votes}
        there = {
            (row.state, row.resolution): row.vote for row in models.Vote.objects.filter(resolution__in=resolutions)
        }
        if differs := [one for one in votes if there.get((one.state, one.resolution), one.vote) != one.vote]:
            one = differs[0]
            stands = VOTES[there[one.state, one.resolution]]
            raise NotAllowed(
                "{state} stands as {stands!r} on {resolution}, and the file says {votes!r}",
                state=one.state,
                stands=stands,
                resolution=one.resolution,
                votes=VOTES[one.vote],
            )
        new = [one for one in votes if (one.state, one.resolution) not in there]
        models.Vote.objects.bulk_create(
            models.Vote(
                state=one.state, body=one.body, resolution=one.resolution, on=str(one.on), vote=one.vote,
                source=one.source,
            )
            for one in new
        )  # fmt: skip
    for said in sorted({(one.resolution, one.source) for one in new}):
        _tell_named_in(desk, said, "", said[0], "/states")
    return len(new)


@act("commitment.record", "state.keep", ways=("page state", "command target"))
def commit(desk: Desk, commitment: Commitment) -> None:
    """Record what a State said it would do."""
    check_typed(commitment)
    check_past(commitment.on, desk.at.date())
    if commitment.demand:
        _known_demand(commitment.demand)
    _known_state(commitment.state)
    models.Commitment.objects.create(
        state=commitment.state, what=commitment.what, on=str(commitment.on), source=commitment.source,
        demand=commitment.demand, kept=commitment.kept, entered_by=_entered(desk), at=desk.at,
    )  # fmt: skip
    _tell_named_in(desk, [commitment.what, commitment.source], "", commitment.what, f"/states/{commitment.state}")


def _known_state(code: str) -> None:
    check_state(code)


@act("votes.take-back", "state.keep", ways=("page states", "command target"), objects=lambda resolution: [resolution])
def take_back_votes(desk: Desk, resolution: str) -> int:
    """Take back what was recorded of one resolution, so that a corrected file can be taken in; how many votes."""
    many = models.Vote.objects.filter(resolution=resolution).delete()[0]
    if not many:
        raise NotAllowed("no vote on {resolution} is recorded here", resolution=resolution)
    return int(many)


@act("commitment.take-back", "state.keep", ways=("page state",), objects=lambda state, _number: [state])
def take_back_commitment(desk: Desk, state: str, number: int) -> None:
    """Take back a commitment that was recorded wrongly."""
    if not models.Commitment.objects.filter(state=state, pk=number).delete()[0]:
        raise NotAllowed("there is no such commitment")


@act("contact.keep", ways=("page state",), objects=lambda one, *_: [one.id])
def add_contact(desk: Desk, contact: Contact, on: date) -> None:
    """Keep a person's contact, if that person allowed it. Never on a hub, which holds what is public."""
    if desk.vault.hub:
        raise NotAllowed("a hub holds no contacts: keep them in the vault of the member who knows the person")
    if not contact.may("own", on):
        raise NotAllowed(
            "{name} has not allowed to be kept here: ask, and record the answer",
            name=contact.name or Sentence("this person"),
        )
    _known_state(contact.state)
    if not contact.name.strip():
        raise InvalidValue("a contact has a name")
    models.Contact.objects.create(
        id=contact.id, state=contact.state, name=contact.name, role=contact.role, reach=contact.reach,
        consents=[json.loads(one.canonical()) for one in contact.consents], at=desk.at,
    )  # fmt: skip


@act("contact.forget", "contact.keep", ways=("page state",), objects=lambda one, *_: [one])
def forget_contact(desk: Desk, identifier: str) -> None:
    """Erase a contact whose person withdrew."""
    if not models.Contact.objects.filter(id=identifier).delete()[0]:
        raise NotAllowed("there is no such contact")


@act("paragraph.write", "state.keep", ways=("page state",))
def write_paragraph(desk: Desk, state: str, text: str) -> None:
    """What letters to one State say beside the common text; an empty text removes it."""
    _known_state(state)
    check_typed(text)
    if text.strip():
        models.Paragraph.objects.update_or_create(state=state, defaults={"text": text.strip(), "at": desk.at})
    else:
        models.Paragraph.objects.filter(state=state).delete()


@act("letters.write", "state.keep", ways=("page letters", "command target"), kind="export")
def letters_to(desk: Desk, text: str, states: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """A letter to each contact at the States who may be written to today, and to the State itself where none may."""
    on = desk.at.date()
    known = queries.campaign()
    local = queries.paragraphs()
    people: dict[str, list[Contact]] = {}
    for contact in queries.all_contacts(on):
        people.setdefault(contact.state, []).append(contact)
    addressees = []
    for state in states:
        _known_state(state)
        values = _values(state, known)
        paragraphs = (local[state],) if state in local else ()
        name = country_names()[state]["en"]
        whom = people.get(state, [Contact("", state, f"Government of {name}", "", "")])
        addressees += [Addressee(one.name, {**values, "state": name, "role": one.role}, paragraphs) for one in whom]
    return letters(text, addressees)


def _values(state: str, known: queries.Campaign) -> Mapping[str, str]:
    cast = [f"{VOTES[one.vote]} on {one.resolution} ({one.on})" for one in known.votes if one.state == state]
    said = [f"{one.what} ({one.on})" for one in known.commitments if one.state == state]
    return {"vote": "; ".join(cast), "commitments": "; ".join(said)}


def new_event(when: str, what: str, source: str, symbol: str = "", body: str = "") -> Event:
    """A dated public event that the timeline does not hold."""
    if not what.strip() or not source.strip():
        raise InvalidValue("an event says what happened, and where that is said")
    identifier = f"e.{when}.{Digest.of(f'{when} {what} {source}'.encode()).hex[:12]}"
    return Event(identifier, PartialDate.parse(when), what.strip(), body, symbol, source.strip(), "seen", {"en": what})
