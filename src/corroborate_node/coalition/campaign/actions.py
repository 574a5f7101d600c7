"""What people do to the campaign. Each act: may they, ask the library what follows, keep it, all or nothing.

No act here signs for a member: a hub has no member's key, and everything in a member's name comes in as a note.
"""

import io
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

from django.contrib.auth import get_user_model
from django.utils import timezone

from corroborate.coalition import (
    autonomy,
    decisions,
    final,
    key_proofs,
    lifecycle,
    memberships,
    packets,
    requests,
    statements,
)
from corroborate.coalition.declarations import (
    LANGUAGE,
    NAME,
    Declaration,
    check_asked,
    check_beside,
    check_seen,
    check_time,
    kind_of,
    read_declaration,
)
from corroborate.coalition.likeness import is_called
from corroborate.custody import Note, Verifier, enrolment
from corroborate.custody.archives import unpacked
from corroborate.errors import CorroborateError, InputRefused, InvalidValue, NotAllowed
from corroborate.site.words import slug
from corroborate.values import Digest, PartialDate
from corroborate_node.coalition.campaign import mailing, models, queries, stored
from corroborate_node.core import accounts, opened, persons
from corroborate_node.core.actors import Account, Owner
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import may
from corroborate_node.core.storing import storing
from corroborate_node.log import queries as log

LARGEST_SCAN = 20 << 20  # bytes
LARGEST_NOTE = 8 << 10
MOST_NOTES = 20_000  # in one delivery
MOST_UNPACKED = MOST_NOTES * LARGEST_NOTE  # bytes: 160 MB
FRESH_DEPARTURE = timedelta(days=2)  # so old a note of one may be, to count at once
TO_ANSWER_AGAIN = timedelta(days=1)  # that a member has after others took its answer back
_ONE_AT_A_TIME = threading.RLock()  # read, ask the rules, write: two requests must not both read first


@dataclass(frozen=True, slots=True)
class Second:
    """The second person, who proves to be there: name and passphrase of an account, and the machine's address."""

    name: str
    passphrase: str
    address: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one note handed in."""

    file: str
    kind: str = ""
    member: str = ""
    refused: str = ""
    about: str = ""  # the statement's name
    note: str = ""  # SHA-256 of the note
    fresh: bool = False  # whether it changed anything: a note that was here already does not


def _stream(name: str, *_: object) -> list[str]:
    return [f"statement/{name}"]


@contextmanager
def _whole() -> Iterator[None]:
    with _ONE_AT_A_TIME, storing():
        yield


def _happened(desk: Desk, stream: str, event: object, body: object | None = None) -> None:
    at = desk.at
    models.Happened.objects.create(
        stream=stream, what=type(event).__name__, body=stored.put(event) if body is None else body,
        by=desk.by, at=at,
    )  # fmt: skip


# The register


def label_for(name: str, taken: Iterable[str]) -> str:
    """A member's label: the name its key bears, made different from every other."""
    label = re.sub(r"[/?#%\\\"'<>&;,]+", "-", statements.key_name(name))[:60].strip("-.") or "member"
    used, number = set(taken), 2
    found = label
    while found in used:
        found, number = f"{label}-{number}", number + 1
    return found


_ALONE = (
    memberships.Corrected, memberships.FlagCleared, memberships.KeyEnded, memberships.SignatoryEnded,
    memberships.Steering, memberships.Left, memberships.Returned, memberships.NameRefused,
    memberships.NotSo,
)  # fmt: skip


@act("member.keep", ways=("page member", "page members"), objects=lambda event: [event.id])
def on_register(desk: Desk, event: memberships.Event) -> memberships.Membership:
    """One event of the register that one person may record. Raises NotAllowed, InvalidValue."""
    if not isinstance(event, _ALONE):
        raise NotAllowed("a key, an authority and an admission come in on their own way, with their proof")
    with _whole():
        before = queries.register()
        if isinstance(event, memberships.KeyEnded):
            return _ends_key(desk, before, event)
        if isinstance(event, memberships.Left):
            return _leaves(desk, before, event)
        if isinstance(event, memberships.Returned):
            return _returns(desk, before, event)
        if not isinstance(event, memberships.Corrected):
            return _keep_member(desk, memberships.keep(before, event)[event.id], event)
        after = _correct(desk, before, event)
    mailing.tell_of_contact(desk, before[event.id], after)  # it goes to the address of before
    return after


_LINES = ("affiliation", "abbreviation", "region", "field_of_work", "site")  # of what the register says of a member


def _correct(desk: Desk, before: memberships.Register, event: memberships.Corrected) -> memberships.Membership:
    """What the register says of a member. Its name waits for a second person where it spoke under the one before, has a
    key, or would read like another member's; so does what stands beside it, and its address."""
    statements.check_typed(event.details, _LINES)
    before, event = _beside(desk, before, event)
    before, event = _contact(desk, before, event)
    one, name, short = before[event.id], event.details.name, event.details.abbreviation
    new = name != one.details.name or (short and short not in (one.details.name, one.details.abbreviation))
    waits = new and (memberships.renamed_by_two(before, event.id, name, short) or _spoke(event.id))
    if not waits:
        if one.renaming is not None:
            refused = memberships.NameRefused(event.id, desk.by, event.on)
            before = memberships.keep(before, refused)
            _keep_member(desk, before[event.id], refused)
        after = memberships.keep(before, event)
        if name != one.details.name:
            _tell_member(event.id, "renamed", one.details.name, desk.at)
        return _keep_member(desk, after[event.id], event)
    kept = short if short in ("", one.details.name) else one.details.abbreviation
    rest = replace(event, details=replace(event.details, name=one.details.name, abbreviation=kept))
    if rest.details != one.details:
        before = memberships.keep(before, rest)
        _keep_member(desk, before[event.id], rest)
    said = memberships.RenameSaid(event.id, name, desk.by, event.on, None if kept == short else short)
    said_so = memberships.keep(before, said)[event.id]
    _tell_member(event.id, "rename waits", said_so.renaming.read if said_so.renaming else name, desk.at)
    return _keep_member(desk, said_so, said)


def _beside(
    desk: Desk, before: memberships.Register, event: memberships.Corrected
) -> tuple[memberships.Register, memberships.Corrected]:
    """What stands beside a name is said by two, or by the member's own account: another member beside a person, which
    would be read as standing there itself, and all of it (kind, country, affiliation, site) of a member that spoke, can
    speak, or is asked, under whose words it is read. The member is told of each correction, and who is put beside it.
    What is left to correct at once, and the register by then."""
    one, new = before[event.id], event.details
    wanted = memberships.named_as(one.details, new)
    if wanted == one.details:
        return before, event
    moved = (new.affiliation, new.capacity) != (one.details.affiliation, one.details.capacity)
    bodies = [label for label in before.called([new.affiliation]) if label != event.id] if moved else []
    first = one.beside
    told = _Told(event.id, bodies, queries.beside_shown(one.details, wanted))
    own = _own_account(desk, event.id)
    if own or (first is not None and first.beside(one.details) == wanted):
        if first is not None and not own:
            persons.second(desk, first.by)
        told.tell("beside", desk.at)
        return before, event
    whole = _heard(before, event.id, desk.at.date())
    if not (bodies or whole):
        told.tell("corrected", desk.at)
        return before, event
    rest = replace(wanted, contact="") if whole else None
    said = memberships.BesideSaid(event.id, new.affiliation, new.capacity, desk.by, event.on, rest)
    told.tell("beside waits", desk.at)
    before = memberships.keep(before, said)
    _keep_member(desk, before[event.id], said)
    if whole:
        return before, replace(event, details=memberships.named_as(new, one.details))
    old = replace(new, affiliation=one.details.affiliation, capacity=one.details.capacity)
    return before, replace(event, details=old)


@dataclass(frozen=True, slots=True)
class _Told:
    """Whom a correction concerns, and what it changes: what it was, and what it is to be."""

    member: str
    bodies: Sequence[str]
    changes: Sequence[tuple[str, str, str]]

    def tell(self, what: str, at: datetime) -> None:
        about = "; ".join(f"{was or '–'} → {now or '–'}" for _, was, now in self.changes)
        tell([self.member, *self.bodies], what, about, f"/members/{self.member}", at)


def _heard(before: memberships.Register, member: str, on: date) -> bool:
    """Whether a member said something here, can say it with a key of its own, or is asked to in an open round."""
    one = before[member]
    return bool(one.keys) or one.introduced is not None or _spoke(member) or _asked_now(before, member, on)


@act("member.beside", "note.hand_in", ways=("page member",), objects=lambda member, _: [member])
def stand_by(desk: Desk, member: str, shown: str) -> memberships.Membership:
    """Say that what waits beside a member's name is right: its own account, or a second person of the secretariat.

    ``shown``: the mark of what the page showed (:func:`queries.beside_mark`). Another may wait by now."""
    if not (desk.may("member.keep") or _own_account(desk, member)):
        raise NotAllowed("a second person of the secretariat, or the member's own account, says what stands beside it")
    with _whole():
        before = queries.register()
        one = before[member]
        if one.beside is None or shown != queries.beside_mark(one):
            raise NotAllowed("something else waits beside this name by now: look at it again")
        right = memberships.Corrected(member, one.beside.beside(one.details), desk.at.date())
        before, event = _beside(desk, before, right)  # alone: of a name that waits nothing is said
        return _keep_member(desk, memberships.keep(before, event)[member], event)


def _contact(
    desk: Desk, before: memberships.Register, event: memberships.Corrected
) -> tuple[memberships.Register, memberships.Corrected]:
    """Another address than the one that a member has, also the first that it is given after it was taken in, is said by
    two, or by the member's own account: at an address the words of its key are heard, and its letters are asked for.
    What is left to correct at once, and the register."""
    one, contact = before[event.id], event.details.contact
    own = _own_account(desk, event.id)
    if contact == one.details.contact:
        return before, event
    first = one.moving
    if own or (first is not None and first.contact == contact):
        if first is not None and not own:
            persons.second(desk, first.by)
        _tell_member(event.id, "contact", "", desk.at)
        if not own:
            return before, event
    said = memberships.ContactSaid(event.id, contact, desk.by, event.on, own)
    before = memberships.keep(before, said)
    _keep_member(desk, before[event.id], said)
    if own:
        return before, event
    _tell_member(event.id, "contact waits", desk.by, desk.at)
    return before, replace(event, details=replace(event.details, contact=one.details.contact))


@act("member.address", "note.hand_in", ways=("page member",), objects=lambda member, *_, **__: [member])
def own_address(
    desk: Desk, member: str, contact: str, also_called: Sequence[str] | None = None
) -> memberships.Membership:
    """Another address of a member, said by its own account: it counts at once, and its key is heard as before.
    ``also_called``: what it is called in other languages; None: as before."""
    if not _own_account(desk, member):
        raise NotAllowed("a member's own account, which somebody vouched for, says at which address it is reached")
    with _whole():
        before = queries.register()
        known = before[member].details
        more = known.also_called if also_called is None else tuple(also_called)
        details = replace(known, contact=contact, also_called=more)
        after = _correct(desk, before, memberships.Corrected(member, details, desk.at.date()))
    mailing.tell_of_contact(desk, before[member], after)
    return after


def _own_account(desk: Desk, member: str) -> bool:
    """Whether a member's own account sits at the desk: one that somebody vouched for, and that makes no accounts."""
    return acts_for(desk) == member and persons.own_person(desk)


def _leaves(desk: Desk, before: memberships.Register, event: memberships.Left) -> memberships.Membership:
    """That a member left, which is told at once. No day before today: what came in until now came from a member. While
    a round is open that asks it, or in which it spoke, a second person says so too: it would be silenced in it."""
    one, after = before[event.id], memberships.keep(before, event)[event.id]
    if one.left is not None:
        return after
    today = desk.at.date()
    if event.on < today:
        raise NotAllowed("that a member left is recorded from today on, and for no day before")
    if _asked_now(before, event.id, today):
        if one.leaving is None:
            said = memberships.LeavingSaid(event.id, event.on, desk.by)
            _tell_member(event.id, "leaving waits", str(event.on), desk.at)
            return _keep_member(desk, memberships.keep(before, said)[event.id], said)
        persons.second(desk, one.leaving.by)
    _tell_member(event.id, "left", str(event.on), desk.at)
    return _keep_member(desk, after, event)


def _ends_key(desk: Desk, before: memberships.Register, event: memberships.KeyEnded) -> memberships.Membership:
    """That a member's key is lost or stolen, which is told at once. While a round is open that asks it, or in which it
    spoke, a second person says so too: it would be silenced in it."""
    one = before[event.id]
    if one.key(event.on) is not None and _asked_now(before, event.id, desk.at.date()):
        if one.ending is None:
            said = memberships.KeyEndSaid(event.id, event.on, desk.by)
            _tell_member(event.id, "key end waits", "", desk.at)
            return _keep_member(desk, memberships.keep(before, said)[event.id], said)
        persons.second(desk, one.ending.by)
    _tell_member(event.id, "key ended", "", desk.at)
    return _keep_member(desk, memberships.keep(before, event)[event.id], event)


def _returns(desk: Desk, before: memberships.Register, event: memberships.Returned) -> memberships.Membership:
    """That a member came back, or that it does not leave; it is told. Where its own key said that it left, a second
    person says that it is back."""
    one, after = before[event.id], memberships.keep(before, event)[event.id]
    if after == one:
        return one
    if one.left is not None and one.left_by_key:
        if one.returning is None:
            said = memberships.ReturnSaid(event.id, event.on, desk.by)
            _tell_member(event.id, "return waits", str(event.on), desk.at)
            return _keep_member(desk, memberships.keep(before, said)[event.id], said)
        persons.second(desk, one.returning.by)
    _tell_member(event.id, "returned", str(event.on), desk.at)
    return _keep_member(desk, after, event)


def _asked_now(register: memberships.Register, member: str, on: date) -> bool:
    """Whether a round is open in which a member is asked, or spoke."""
    names = models.Statement.objects.filter(phase="open").values_list("name", flat=True)
    states = (queries.state(name, register, on) for name in names)
    return any(state is not None and any(one.member == member for one in state.round.responses()) for state in states)


@act("member.second", "authority.countersign", ways=("page member",), objects=lambda member, *_: [member])
def second_name(desk: Desk, member: str, name: str) -> memberships.Membership:
    """Stand by a name that waits, as the second person: a member's new one, or a newcomer's that reads like another's.
    The member is told. ``name``: as this person read it."""
    with _whole():
        before = queries.register()
        one = before[member]
        first = one.renaming.by if one.renaming else one.namesake
        event = memberships.NameSeconded(member, name, desk.by, desk.at.date())
        after = memberships.keep(before, event)[member]
        persons.second(desk, first)
        if after.details.name != one.details.name:  # it may have signed under the other
            _tell_member(member, "renamed", one.details.name, desk.at)
        return _keep_member(desk, after, event)


def _tell_member(member: str, what: str, about: str, at: datetime) -> None:
    models.Notice.objects.create(member_id=member, what=what, about=about, link=f"/members/{member}", at=at)


def tell_named(names: Sequence[str], what: str, about: str, link: str, at: datetime) -> None:
    """Tell the members of the register that are called so, in whatever spelling, what was put down under their name."""
    tell(queries.register().called(names), what, about, link, at)


def tell(members: Iterable[str], what: str, about: str, link: str, at: datetime) -> None:
    """Tell members, by their labels."""
    told = [models.Notice(member_id=one, what=what, about=about, link=link, at=at) for one in members]
    models.Notice.objects.bulk_create(told, batch_size=500)


# Members' keys


@act("key.introduce", "member.keep", ways=("page member",), objects=lambda member, *_: [member])
def introduce_key(desk: Desk, member: str, note: bytes) -> memberships.Membership:
    """Put a key forward for a member, by a file that the key itself signed. It counts at once where the key before it,
    or two other members, signed too, but an enrolment over a key that the member has waits; otherwise a second person
    hears its words. The member is told."""
    if len(note) > LARGEST_NOTE:
        raise InputRefused("this file is too long to be the proof of a key")
    with _whole():
        before = queries.register()
        event = memberships.KeyIntroduced(member, note, desk.at.date(), desk.by)
        after = memberships.keep(before, event)[member]
        if after == before[member]:
            return after
        _check_not_given_up(key_proofs.put_forward(note))
        waits, coming = after.introduced is not None, after.coming(event.on)
        day = str(coming[1] if coming else event.on)
        what = "key waits" if waits else "key frozen" if after.frozen else "key"
        _tell_member(member, what, "" if waits else day, desk.at)
        return _keep_member(desk, after, event)


def _check_not_given_up(key: Verifier) -> None:
    """Raises NotAllowed for a key that its owner gave up, as the log here tells: the notes by which it came to be known
    are still about, and whoever has the key now would speak with it."""
    if any(key.public == one.public for one in log.given_up()):
        raise _speaks_for_nobody(key)


def _speaks_for_nobody(key: Verifier) -> NotAllowed:
    return NotAllowed(
        "the log of {name} tells that this key was revoked or replaced: it speaks for nobody", name=key.name
    )


def _given_up(note: bytes, keys: Sequence[Verifier]) -> Verifier | None:
    """The key that signed a note, where its owner gave it up as the log here tells; not of a note by which it does."""
    if not keys or key_proofs.is_key_note(note):
        return None
    try:
        return next(iter(Note.parse(note).check(keys)), None)
    except CorroborateError:
        return None  # no note, or a line that does not hold: refused by what reads it


@act("key.second", "authority.countersign", ways=("page member",), objects=lambda member, *_: [member])
def second_key(desk: Desk, member: str, heard: str) -> memberships.Membership:
    """Say, as the second person, that one heard the words of the key that waits from the member itself."""
    with _whole():
        register = queries.register()
        if first := register[member].put_forward_by(desk.at.date()):
            persons.second(desk, first)
        event = memberships.KeySeconded(member, heard, desk.at.date(), desk.by)
        after = memberships.keep(register, event)[member]
        coming = after.coming(event.on)
        _tell_member(member, "key", str(coming[1] if coming else event.on), desk.at)
        return _keep_member(desk, after, event)


@act("key.refuse", "note.hand_in", ways=("page member",), objects=lambda member: [member])
def refuse_key(desk: Desk, member: str) -> memberships.Membership:
    """Say that the key that waits is not the member's: the secretariat, or whoever acts for that member. Where two
    other members revoked the key before it, that one would speak again: two of the secretariat say so, or an account of
    the member that somebody vouched for."""
    if not desk.may("member.keep") and acts_for(desk) != member:
        raise NotAllowed("whoever acts for a member says so of its own member's key alone")
    with _whole():
        before = queries.register()
        frozen = before[member].thawing(desk.at.date())
        own = _own_account(desk, member)
        if frozen is not None and not own:
            if not desk.may("member.keep"):
                raise NotAllowed(
                    "nobody has vouched for this account yet: let somebody who did not make it say on the page Vouch "
                    "that its own person holds it"
                )
            if frozen.refused_by:
                persons.second(desk, frozen.refused_by)
        event = memberships.KeyRefused(member, desk.at.date(), desk.by, own)
        after = memberships.keep(before, event)[member]
        _tell_member(
            member, "key refusal waits" if frozen is not None and after.frozen else "key refused", desk.by, desk.at
        )
        return _keep_member(desk, after, event)


def _user(desk: Desk) -> Any:
    return get_user_model().objects.filter(pk=desk.actor.id).first() if isinstance(desk.actor, Account) else None


def _key_note(desk: Desk, name: str, note: bytes) -> Outcome:
    """A key's own note that was handed in: of the member whose key it changes, or whose name it says."""
    try:
        register = queries.register()
        member = _named(register, note)
        _check_putting_forward(desk, register, member, note)
        after = introduce_key(desk, member, note)
    except CorroborateError as error:
        return Outcome(name, "key", refused=str(error))
    return Outcome(name, "key waits" if after.waiting(desk.at.date()) is not None else "key", member)


def _check_putting_forward(desk: Desk, register: memberships.Register, member: str, note: bytes) -> None:
    """Raises NotAllowed for a key that two people are to stand by, where the first would be another member's account:
    these are two of the secretariat, or the member's own and one of it."""
    if desk.may("member.keep") or acts_for(desk) == member:
        return
    event = memberships.KeyIntroduced(member, note, desk.at.date(), desk.by)
    if memberships.keep(register, event)[member].introduced != register[member].introduced:
        raise NotAllowed("a key that waits for a second person is put forward by the secretariat, or by its own member")


def _named(register: memberships.Register, note: bytes) -> str:
    old, said = key_proofs.replaced_by(note), key_proofs.named_by(note)
    found = [
        one.id for one in register.members.values()
        if (old is not None and any(key == old for key, *_ in one.keys))
        or (old is None and said in (one.details.name, one.details.abbreviation))
    ]  # fmt: skip
    if old is not None and not found:
        raise NotAllowed("no member has, or had, the key that this file of {name} replaces", name=old.name)
    if len(found) != 1:
        raise NotAllowed(
            "{number} members are called {name}: put this file forward on the member's own page",
            number=len(found),
            name=said,
        )
    return found[0]


@act("member.admit", "member.keep", ways=("page members",))
def admit(
    desk: Desk, details: memberships.Details, role: str, joined: PartialDate, *, founding: bool = False, flag: str = ""
) -> str:
    """Take one member in; its label."""
    return admit_all(desk, [(details, role, joined, founding, flag)])[0]


@act("members.admit", "member.keep", ways=("page members-read",))
def admit_all(desk: Desk, given: Sequence[tuple[memberships.Details, str, PartialDate, bool, str]]) -> list[str]:
    """Take many in at once, each with its doubts flagged for a person; their labels. All or none."""
    labels: list[str] = []
    with _whole():
        register = queries.register()
        for details, role, joined, founding, flag in given:
            known = next((one for one in memberships.ROLES if one == role), None)
            if known is None:
                raise InvalidValue("there is no role {role!r} of a member", role=role)
            statements.check_typed(details, _LINES)
            label = label_for(details.name, register.members)
            alone = replace(details, affiliation="", capacity="")
            bodies = register.called([details.affiliation])
            event = memberships.Admitted(label, alone if bodies else details, known, joined, founding, flag, desk.by)
            register = memberships.keep(register, event)
            _keep_member(desk, register[label], event)
            if bodies:  # as in a correction: a second person says by the same that it stands beside the name
                corrected = memberships.Corrected(label, details, desk.at.date())
                register, _ = _beside(desk, register, corrected)
            labels.append(label)
    return labels


@act("member.mistaken", "member.keep", ways=("page member",), objects=lambda member, **_: [member])
def mistaken(desk: Desk, member: str, *, none: bool = False) -> None:
    """Say that a member was taken in by mistake, or that it was not; undone only by a second person."""
    with _whole():
        event = memberships.MistakeSaid(member, "" if none else desk.by)
        if not none:
            _check_silent(member)
        _keep_member(desk, memberships.keep(queries.register(), event)[member], event)


@act("member.unadmit", "authority.countersign", ways=("page member",), objects=lambda member: [member])
def undo_admission(desk: Desk, member: str) -> None:
    """As the second person, undo an admission by mistake. Nobody who said anything, or has a key, is ever undone; the
    history keeps that it was."""
    with _whole():
        register = queries.register()
        persons.second(desk, register[member].mistaken)
        memberships.undo_admission(register, member, desk.by)
        _check_silent(member)
        models.Notice.objects.filter(member_id=member).delete()
        models.Reminder.objects.filter(member_id=member).delete()
        models.Member.objects.filter(id=member).delete()
        body = {"id": member, "said_by": register[member].mistaken}
        models.Happened.objects.create(stream=f"member/{member}", what="Unadmitted", body=body, by=desk.by, at=desk.at)


def _check_silent(member: str) -> None:
    """Raises NotAllowed for a member that said something here, or for which an account acts."""
    if _spoke(member) or models.Representative.objects.filter(member_id=member).exists():
        raise NotAllowed("{member} has spoken here, or an account acts for it: let it leave instead", member=member)


def _spoke(member: str) -> bool:
    """Whether a member said something here."""
    said = any(model.objects.filter(member_id=member).exists() for model in (models.SignOn, models.Choice))
    return said or any(member in queries.proposal(row).said for row in models.Proposal.objects.all())


def _keep_member(desk: Desk, one: memberships.Membership, event: object) -> memberships.Membership:
    at = desk.at
    key = one.key(at.date())
    columns = {
        "name": one.details.name, "kind": one.details.kind, "country": one.details.country, "role": one.role,
        "left": one.left, "key": str(key) if key else "", "doubtful": bool(one.flags), "body": stored.put(one),
    }  # fmt: skip
    if not models.Member.objects.filter(id=one.id).update(**columns):
        models.Member.objects.create(id=one.id, place=models.Member.objects.count() + 1, **columns)
    _happened(desk, f"member/{one.id}", event)
    return one


# Statements


@act("statement.start", "statement.carry", ways=("page statements",), objects=_stream)
def start(desk: Desk, name: str, text: bytes, language: str) -> lifecycle.Statement:
    """Put up the first draft of a statement."""
    at = desk.at
    with _whole():
        if models.Statement.objects.filter(name=name).exists():
            raise NotAllowed("there is a statement named {name} already", name=name)
        statements_event = lifecycle.Drafted(statements.Version(name, 1, text, language), at)
        if re.fullmatch(NAME, name) is None or re.fullmatch(LANGUAGE, language) is None:
            raise InvalidValue("a statement's name has lower-case letters, digits, dots and dashes; a language two")
        statements.check_told_apart(text, queries.texts_here())
        _check_page(name)
        empty = lifecycle.Statement(queries.register().seat(statements.Round({}), at.date()))
        state, _ = lifecycle.advance(empty, statements_event)
        _keep_statement(name, state, at)
        _happened(desk, f"statement/{name}", statements_event)
    return state


def _check_page(name: str) -> None:
    """Raises NotAllowed for a name that would be another statement's in the address of its page: who signed one would
    be read as standing under the other."""
    for other in queries.names_of_statements():
        if slug(other) == slug(name):
            raise NotAllowed("the page of {other} on the site would be that of {name}, too", other=other, name=name)


_OF_SECRETARIAT = (
    lifecycle.Drafted,
    lifecycle.Resolved,
    lifecycle.Translated,
    lifecycle.Quoted,
    lifecycle.Opened,
    lifecycle.Extended,
    lifecycle.Received,
    lifecycle.Closed,
    lifecycle.Published,
)


@act("statement.carry", ways=("page statement",), objects=_stream)
def on_statement(desk: Desk, name: str, event: lifecycle.Event) -> Sequence[lifecycle.Effect]:
    """One event of a statement, by the secretariat. Comments and confirmations of paper are acts of their own."""
    if not isinstance(event, _OF_SECRETARIAT):
        raise NotAllowed("a comment, a letter on paper and what a member says come in on their own way")
    if isinstance(event, lifecycle.Translated):
        _check_translator(event.translation.translator)
    with _whole():
        return _advance(desk, name, _closing(desk, name, event) if isinstance(event, lifecycle.Closed) else event)


def _check_translator(name: str) -> None:
    """Raises NotAllowed where a reader finds a member in the name of who translated: the words would be read as its
    own. What a member says of a translation, its key says. The hub itself, whose page this is, may have translated."""
    register, hub = queries.register(), opened.current().name
    if is_called(name, [hub, f"The {hub}"]) and not register.called([name]):
        return
    if register.reads_as_member(name):
        raise NotAllowed(
            "{name} would be read as a member's word on this translation, which its key alone gives: name the person "
            "who translated, and let the member approve the words",
            name=name,
        )


def _closing(desk: Desk, name: str, event: lifecycle.Closed) -> lifecycle.Event:
    """To close a round: at once after its deadline. Before it, the first person asks and the second closes."""
    state = queries.state(name, queries.register(), desk.at.date())
    until = None if state is None or state.phase != "open" else state.round.deadline
    if state is None or until is None or event.at >= until:
        return replace(event, by=desk.by)
    if not state.closing:
        return lifecycle.ClosingAsked(desk.by, event.at)
    _check_none_just_taken_back(desk, name)
    persons.second(desk, state.closing)
    if event.shown != state.asked_to_close:
        raise NotAllowed(
            "{by} asked to close this round since you opened the page: nothing was closed. Look at it again",
            by=state.closing,
        )
    return replace(event, by=desk.by)


@act("statement.comment", ways=("page statement",), objects=_stream)
def comment(desk: Desk, name: str, said: lifecycle.Comment) -> None:
    """A comment on a draft, under the account's own name."""
    _advance(desk, name, lifecycle.Commented(replace(said, by=desk.by, member=_seen_as(desk))))


def acts_for(desk: Desk) -> str:
    """The member for which an account acts; empty for the secretariat."""
    return queries.represented(_user(desk)) or ""


def _seen_as(desk: Desk) -> str:
    """The member beside whose name an account's remarks stand: once another person vouched for it, and never for who
    keeps accounts, who makes an account of any member's."""
    return acts_for(desk) if persons.own_person(desk) else ""


@act("statement.suggest", "statement.comment", ways=("page statement",), objects=_stream)
def suggest(desk: Desk, name: str, one: lifecycle.Suggestion) -> None:
    """Other words for a passage, under the account's own name and that of the member for which it acts."""
    _advance(desk, name, lifecycle.Suggested(replace(one, by=desk.by, member=_seen_as(desk))))


@act("suggestion.decide", "statement.carry", ways=("page statement",), objects=_stream)
def decide(desk: Desk, name: str, suggestion: str, taken: bool) -> None:
    """Take a suggestion, which makes a version of it, or decline it."""
    _advance(desk, name, lifecycle.Decided(suggestion, "taken" if taken else "declined", desk.by))


@act("suggestion.withdraw", "statement.comment", ways=("page statement",), objects=_stream)
def withdraw_suggestion(desk: Desk, name: str, suggestion: str) -> None:
    """Withdraw one's own suggestion."""
    _advance(desk, name, lifecycle.Decided(suggestion, "withdrawn", desk.by))


def _advance(desk: Desk, name: str, event: lifecycle.Event) -> Sequence[lifecycle.Effect]:
    at = desk.at
    with _whole():
        before = queries.state(name, queries.register(), at.date())
        if before is None:
            raise InvalidValue("there is no statement {name}", name=name)
        if isinstance(event, (lifecycle.Drafted, lifecycle.Decided, lifecycle.Quoted)):
            event = replace(event, at=at)
        after, effects = lifecycle.advance(before, event)
        if after.round.versions != before.round.versions:
            statements.check_told_apart(after.round.current.text, queries.texts_here())
        if isinstance(event, lifecycle.Published):
            _check_pages(desk, after)
        new = after.round.received[len(before.round.received) :]
        models.SignOn.objects.bulk_create(_rows(name, new, at), batch_size=500)
        if isinstance(event, lifecycle.TakenBack) and event.kind == "sign-on":
            models.SignOn.objects.filter(statement_id=name, member_id=event.member).order_by("-id")[0].delete()
        if isinstance(event, lifecycle.Confirmed):
            waiting = models.SignOn.objects.filter(statement_id=name, member_id=event.member, confirmed_by="")
            last = waiting.exclude(scan="").order_by("-id").first()
            if last is not None:
                last.confirmed_by = event.by
                last.save(update_fields=["confirmed_by"])
        _keep_statement(name, after, at)
        brief = {"notes": len(event.notes)} if isinstance(event, lifecycle.Received) else None
        _happened(desk, f"statement/{name}", event, brief)
        _tell(effects, f"/statements/{name}", at)
    return effects


def _check_pages(desk: Desk, published: lifecycle.Statement) -> None:
    """Raises NotAllowed where a page of the text would be invalid: it would prove none of its names, to anybody."""
    for page in queries.finals_of(published, queries.register(), desk.vault.signer, desk.at):
        for form in (final.statement_html, final.statement_text):
            found = final.verify_statement(form(page))
            if found.verdict == "invalid":
                raise NotAllowed("its page would be invalid, and is not published: {why}", why=found.failures[0])


def _rows(name: str, new: Iterable[statements.SignOn], at: datetime) -> list[models.SignOn]:
    return [
        models.SignOn(
            statement_id=name, member_id=one.member, language=one.language, digest=one.digest.hex, choice=one.choice,
            at=one.at, received=at, note=one.note, key=str(one.key) if one.key else "",
            scan=one.paper.scan.hex if one.paper else "", recorded_by=one.paper.recorded_by if one.paper else "",
            confirmed_by=one.paper.confirmed_by if one.paper else "", words=one.words,
        )
        for one in new
    ]  # fmt: skip


def _keep_statement(name: str, state: lifecycle.Statement, at: datetime) -> None:
    bare = replace(state, round=replace(state.round, received=()))
    models.Statement.objects.update_or_create(
        name=name,
        defaults={"title": state.round.current.text.decode().partition("\n")[0], "phase": state.phase,
                  "deadline": state.round.deadline, "changed": at, "body": stored.put(bare)},
    )  # fmt: skip


def _tell(effects: Iterable[lifecycle.Effect], link: str, at: datetime) -> None:
    rows = []
    for one in effects:
        if isinstance(one, lifecycle.Notify):
            to: Sequence[str | None] = one.members or (
                [None] if one.what in ("signed", "withdrew", "on paper waits", "comment", "suggestion") else []
            )
            rows += [models.Notice(member_id=who, what=one.what, about=one.about, link=link, at=at) for who in to]
    models.Notice.objects.bulk_create(rows, batch_size=500)


@act("paper.record", ways=("page statement",), objects=lambda name, member, *_, **__: [name, member])
def record_paper(
    desk: Desk, name: str, member: str, choice: statements.Choice, signed: datetime, scan: bytes, file_name: str,
    digits: str, words: str = "",
) -> None:  # fmt: skip
    """Record a sign-on on paper; its scan is sealed. It stands once another person confirms it.

    ``digits``: by which the letter names its text; ``words``: the reservation or explanation that stands in it.
    """
    at = desk.at
    if not scan or len(scan) > LARGEST_SCAN:
        raise InputRefused(
            "the scan of the letter is needed, of {largest_scan} MB at most", largest_scan=LARGEST_SCAN >> 20
        )
    state = queries.state(name, queries.register(), at.date())
    if state is None:
        raise InvalidValue("there is no statement {name}", name=name)
    current = state.round.current
    queries.register()[member].check_paper(at.date())
    paper = statements.Paper(Digest.of(scan), desk.by)
    one = statements.SignOn(
        member, name, current.language, current.digest, choice, signed, b"", paper, words=statements.said_words(words)
    )  # fmt: skip
    lifecycle.advance(state, lifecycle.Recorded(one, at))  # refused before anything is sealed
    state.round.check_named(digits)
    _check_letter(name, member, current, signed, Digest.of(scan))
    seal_scan(desk, scan, file_name)
    _advance(desk, name, lifecycle.Recorded(one, at))
    link = f"/statements/{name}"  # the member is told at once: it may say that it signed nothing
    models.Notice.objects.create(member_id=member, what="on paper waits", about=name, link=link, at=at)


def _check_letter(name: str, member: str, text: statements.Version, signed: datetime, scan: Digest) -> None:
    """Raises NotAllowed for a letter that is older than its text, or that was recorded already as another."""
    put_up = queries.put_up(name, text.number)
    if put_up is not None and signed.date() < put_up:
        raise NotAllowed(
            "a letter of {day} cannot be to a text that was put up on {put_up}", day=signed.date(), put_up=put_up
        )
    before = models.SignOn.objects.filter(scan=scan.hex).first()
    same = before is not None and (before.statement_id, before.member_id, before.digest) == (
        name, member, text.digest.hex,
    )  # fmt: skip
    if not same and (before is not None or queries.scan(scan.hex) is not None):
        raise NotAllowed("this scan was recorded already as another letter: one scan is one letter")


@act("scan.open", "paper.read", ways=("page scan",), objects=lambda digest: [digest])
def open_scan(desk: Desk, digest: str) -> bytes:
    """The scan of a letter, for whoever compares it with the record; that they opened it is kept."""
    row = queries.scan(digest)
    if row is None:
        raise InvalidValue("there is no such scan")
    models.Happened.objects.create(stream=f"scan/{digest}", what="Opened", body={}, by=desk.by, at=desk.at)
    return b"".join(desk.vault.files.get(row.address))


def seal_scan(desk: Desk, scan: bytes, file_name: str) -> Digest:
    """Encrypt a letter's scan; its digest."""
    at = desk.at
    digest, address = desk.vault.files.put(io.BufferedReader(io.BytesIO(scan)))
    models.Scan.objects.get_or_create(
        digest=digest.hex,
        defaults={"address": address, "name": file_name[:200], "at": at, "by": desk.by},
    )
    return digest


@act("paper.confirm", ways=("page statement",), objects=lambda name, member, *_: [name, member])
def confirm_paper(desk: Desk, name: str, member: str, shown: str = "") -> None:
    """Hold the scan against the record, as another person than its recorder. Raises NotAllowed where one made or reset
    the other's account: both could be one person.

    ``shown``: the mark of the record that the page showed. Whoever recorded it may have recorded another since.
    """
    state = queries.state(name, queries.register(), desk.at.date())
    last = None if state is None else state.round.letters().get(member)
    if last is not None and last.paper is not None:
        persons.second(desk, last.paper.recorded_by)
        if not models.Happened.objects.filter(stream=f"scan/{last.paper.scan}", what="Opened", by=desk.by).exists():
            raise NotAllowed("open the scan first: whoever confirms a letter has seen it")
        if shown and shown != last.mark:
            raise NotAllowed("another record of this letter stands than the one that you saw: look at it again")
    _advance(desk, name, lifecycle.Confirmed(member, desk.by, desk.at))


# What members say


def unpack(files: Iterable[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Notes of a delivery: single files and ZIP files of them. Raises InputRefused for too many or too large."""
    notes: list[tuple[str, bytes]] = []
    for name, content in files:
        if content[:4] != b"PK\x03\x04":
            notes += _notes_in(name, content)
            continue
        for inside, each in unpacked(
            name, content, files=MOST_NOTES, each=packets.LARGEST_ANSWERS, whole=MOST_UNPACKED
        ):
            notes += _notes_in(inside, each)
    if len(notes) > MOST_NOTES:
        raise InputRefused("more than {most_notes:,} notes at once; hand them in in parts", most_notes=MOST_NOTES)
    return notes


def _notes_in(name: str, content: bytes) -> list[tuple[str, bytes]]:
    """The notes of one file: itself, or each of a file of answers. What cannot be read stays, to be refused by name."""
    if not packets.is_answers(content):
        return [(name, content)]
    try:
        found = packets.read_answers(content)
    except InputRefused:
        return [(name, content)]
    return [(f"{name} ({at})", note) for at, note in enumerate(found, 1)]


@act("note.hand-in", "note.hand_in", ways=("page hand-in",), whole=False)
def take_in(desk: Desk, files: Sequence[tuple[str, bytes]]) -> list[Outcome]:
    """Take notes in, whoever carries them: each proves itself. One that is refused keeps no other out."""
    outcomes: list[Outcome] = [Outcome(name, refused="") for name, _ in files]
    signed: dict[str, list[int]] = {}
    gone = log.given_up()
    for at_, (name, content) in enumerate(files):
        kind = kind_of(content)
        if len(content) <= LARGEST_NOTE and (key := _given_up(content, gone)) is not None:
            outcomes[at_] = Outcome(name, kind or "", refused=str(_speaks_for_nobody(key)))
        elif len(content) <= LARGEST_NOTE and key_proofs.is_key_note(content):
            outcomes[at_] = _key_note(desk, name, content)
        elif len(content) <= LARGEST_NOTE and key_proofs.is_leaving(content):
            outcomes[at_] = _departure(desk, name, content)
        elif len(content) > LARGEST_NOTE or kind is None:
            outcomes[at_] = Outcome(name, refused="this file is no signed answer")
        elif kind in ("sign-on", "sign-on with words"):
            found = re.search(rb"\nstatement ([a-z0-9][a-z0-9._-]*)\n", content)
            signed.setdefault(found[1].decode() if found else "", []).append(at_)
        else:
            outcomes[at_] = _single(desk, name, content)
    for statement, places in signed.items():
        _sign_ons(desk, statement, [(place, files[place]) for place in places], outcomes)
    for member in {one.member for one in outcomes if one.member and one.kind in ("key", "key waits")}:
        mailing.tell_of_key(desk, member)
    with storing():  # what was done with each is kept, so that it can be looked at, and undone
        models.Happened.objects.create(
            stream=f"delivery/{desk.entropy(8).hex()}",
            what="Delivered",
            body=stored.put(tuple(outcomes)),
            by=desk.by,
            at=desk.at,
        )
    return outcomes


def _sign_ons(
    desk: Desk, statement: str, given: Sequence[tuple[int, tuple[str, bytes]]], outcomes: list[Outcome]
) -> None:
    """Sign-ons to one statement, all in one step; what became of each is put into its place of ``outcomes``."""
    notes = tuple(note for _, (_, note) in given)
    here = {bytes(one) for one in models.SignOn.objects.filter(statement_id=statement).values_list("note", flat=True)}
    try:
        effects = _advance(desk, statement, lifecycle.Received(notes, desk.at))
        answers = next(one.answers for one in effects if isinstance(one, lifecycle.Answered))
    except CorroborateError as error:
        answers = tuple(statements.Answer(refused=str(error)) for _ in notes)
    for (place, (name, note)), answer in zip(given, answers, strict=True):
        fresh = not answer.refused and note not in here
        here.add(note)
        outcomes[place] = Outcome(name, "sign-on", answer.member, answer.refused, statement, Digest.of(note).hex, fresh)


def _departure(desk: Desk, name: str, note: bytes) -> Outcome:
    """A member's own note that it gives its seat up, by the key that it has now: it leaves today, whoever brings it.

    Every member has such notes, and may have them of an earlier departure, or one given to another coalition's log."""
    today = desk.at.date()
    try:
        with _whole():
            register = queries.register()
            key, at = key_proofs.leaving(note)
            check_time(at, desk.at)
            member = next((one.id for one in register.members.values() if one.key(today) == key), None)
            if member is None:
                raise NotAllowed("the key {name} is of no member that we know", name=key.name)
            back = models.Happened.objects.filter(stream=f"member/{member}", what="Returned", at__gte=at)
            if back.exists():
                raise NotAllowed("{name} came back since it wrote this", name=register[member].details.name)
            if desk.at - at > FRESH_DEPARTURE or at.date() < register[member].keyed(today):
                raise NotAllowed(
                    "this note is of {day}: where it is older than {days} days, or than the key that {name} has here, "
                    "it takes nobody out by itself. If it holds, the secretariat records that on the member's page",
                    day=at.date(),
                    days=FRESH_DEPARTURE.days,
                    name=register[member].details.name,
                )
            own = isinstance(desk.actor, Owner) or queries.represented(_user(desk)) == member
            if register[member].left is None and not own:
                raise NotAllowed(
                    "the own account of {name} hands this in, or the secretariat says on its page that it leaves: the "
                    "note names no coalition, and may have been given to another's log",
                    name=register[member].details.name,
                )
            if register[member].left is None:
                event = memberships.Left(member, today, by_key=True)
                _tell_member(member, "left", str(today), desk.at)
                _keep_member(desk, memberships.keep(register, event)[member], event)
    except CorroborateError as error:
        return Outcome(name, "departure", refused=str(error))
    return Outcome(name, "departure", member)


def _single(desk: Desk, name: str, note: bytes) -> Outcome:
    at = desk.at
    kind = kind_of(note)
    try:
        register = queries.register()
        said = read_declaration(note, kind, queries.keys(register))
        _current_key(register, said, at.date())
        check_time(said.at, at)
        check_seen(said)
        fresh = said.kind == "translation" and not _approved_before(desk, said)
        _TAKEN[said.kind](desk, said, register)
    except CorroborateError as error:
        return Outcome(name, kind or "", refused=str(error))
    refused = said.kind == "key" and said.choice == "not ours"
    about, digest = said.fields.get("statement", ""), Digest.of(note).hex
    return Outcome(name, "key refused" if refused else said.kind, said.member, "", about, digest, fresh)


def _approved_before(desk: Desk, said: Declaration) -> bool:
    """Whether its member has said anything of this translation already: then nobody takes this word of it back."""
    state = queries.state(said.fields["statement"], queries.register(), desk.at.date())
    return state is not None and any(
        said.member in one.approved for one in state.translations if one.digest.hex == said.fields["sha256"]
    )


def take_back(desk: Desk, one: Outcome) -> None:
    """Undo what one note did, so that its member is silent again: part of an act. Raises NotAllowed."""
    if one.kind not in ("sign-on", "translation"):
        raise NotAllowed("what a member says of {kind} is taken back by the member alone", kind=one.kind)
    if acts_for(desk) != one.member:
        _check_time_left(desk, one.about)
    kind: Literal["sign-on", "translation"] = "sign-on" if one.kind == "sign-on" else "translation"
    _advance(desk, one.about, lifecycle.TakenBack(one.member, Digest(one.note), kind))


def _check_time_left(desk: Desk, name: str) -> None:
    """Raises NotAllowed where a member whose answer was carried by others could not answer again in time."""
    state = queries.state(name, queries.register(), desk.at.date())
    until = None if state is None else state.round.deadline
    if state is not None and (state.closing or (until is not None and until - desk.at < TO_ANSWER_AGAIN)):
        raise NotAllowed(
            "on the last day of a round, and once somebody asked to close it, what was carried for a member stays: it "
            "could be silent when the round closes. Its own account can take it back, and its own key can withdraw it"
        )


def _check_none_just_taken_back(desk: Desk, name: str) -> None:
    """Raises NotAllowed for closing a round before its deadline so soon after others took a member's answer back that
    the member may not have answered again."""
    rows = models.Happened.objects.filter(
        stream=f"statement/{name}", what="TakenBack", at__gt=desk.at - TO_ANSWER_AGAIN
    )
    for row in rows:
        itself = models.Representative.objects.filter(user__username=row.by, member_id=row.body["member"])
        if not itself.exists():
            raise NotAllowed(
                "an answer of {member} was taken back at {at:%Y-%m-%d %H:%M} UTC by who had carried it: for a day from "
                "then on nobody closes this round before its deadline, so that it can answer again",
                member=row.body["member"],
                at=row.at,
            )


def _current_key(register: memberships.Register, said: Declaration, on: date) -> None:
    """A key that was ended (lost, stolen), or that does not count yet, says nothing."""
    one = register[said.member]
    if one.key(on) != said.key:
        coming = one.coming(on)
        if coming is not None and coming[0] == said.key:
            raise NotAllowed("this key of {name} speaks from {coming} on", name=one.details.name, coming=coming[1])
        raise NotAllowed("this key of {name} was ended", name=one.details.name)


def _key(desk: Desk, said: Declaration, register: memberships.Register) -> None:
    event = memberships.KeyAnswered(said.member, said, desk.at.date())
    with _whole():
        after = memberships.keep(register, event)[said.member]
        _tell_member(said.member, "key" if said.choice == "ours" else "key refused", str(event.on), desk.at)
        _keep_member(desk, after, event)


def _stance(desk: Desk, said: Declaration, register: memberships.Register) -> None:
    at = desk.at
    left = register[said.member].left
    began = _began(said)
    if said.fields["on"] == "statement":
        state = queries.state(said.fields["subject"], register, at.date())
        if state is None:  # two coalitions may call two texts alike
            raise NotAllowed("no statement {subject} is here: it speaks of another one", subject=said.fields["subject"])
        autonomy.check_text(said, state.round)
    check_asked(said.at, began)
    with _whole():
        subject = autonomy.Subject(said.fields["on"], said.fields["subject"], (began or at).date())  # type: ignore[arg-type]
        before = queries.choices()
        if before.receive(said, left, subject) is before:
            return
        models.Choice.objects.create(member_id=said.member, note=said.note, received=at)
        _happened(desk, f"member/{said.member}", said, {"stance": said.choice, **said.fields})


def _began(said: Declaration) -> datetime | None:
    return queries.began_at(said.fields["subject"]) if said.fields["on"] == "statement" else None


def _position(desk: Desk, said: Declaration, _register: memberships.Register) -> None:
    _hear(desk, said.fields["proposal"], decisions.said_in(said), about=said.fields)


def _quote(desk: Desk, said: Declaration, _register: memberships.Register) -> None:
    _advance(desk, said.fields["statement"], lifecycle.QuoteApproved(said))


def _translation(desk: Desk, said: Declaration, _register: memberships.Register) -> None:
    _advance(desk, said.fields["statement"], lifecycle.TranslationApproved(said))


def _signatory(desk: Desk, said: Declaration, register: memberships.Register) -> None:
    at = desk.at
    event: memberships.Event = memberships.SignatoryNamed(said.member, memberships.signatory_in(said), said)
    one, today = register[said.member], at.date()
    check_asked(said.at, datetime.combine(one.keyed(today), time(), UTC))  # another coalition has such notes, too
    if said.choice == "ends":
        event = memberships.SignatoryEnded(said.member, said.fields["name"], at.date(), said.at)
    with _whole():
        after = memberships.keep(queries.register(), event)
        _keep_member(desk, after[said.member], event)


@act("authority.record", ways=("page member",), objects=lambda member, *_: [member], whole=False)
def name_by_letter(
    desk: Desk, member: str, signatory: memberships.Signatory, scan: bytes, file_name: str, second: Second
) -> None:
    """Record a letter of authority; a second person has seen it and gives account and passphrase to say so.

    Wrong passphrases of the second count as anywhere, and stay counted.
    """
    user = accounts.proven(desk.vault, "second person", second.name, second.passphrase, second.address, desk.at)
    if user is None or not may(user, "authority.countersign"):
        raise NotAllowed("a second person of the secretariat gives account and passphrase: two see every letter")
    persons.two_people(desk.by, user.get_username())
    if not scan or len(scan) > LARGEST_SCAN:
        raise InputRefused(
            "the scan of the letter is needed, of {largest_scan} MB at most", largest_scan=LARGEST_SCAN >> 20
        )
    _check_scan(member, signatory.name, Digest.of(scan))
    by_letter = replace(signatory, proof="letter", letter=Digest.of(scan), countersigned_by=user.get_username())
    event = memberships.SignatoryNamed(member, by_letter, None, desk.by)
    with _whole():
        after = memberships.keep(queries.register(), event)
        seal_scan(desk, scan, file_name)
        _keep_member(desk, after[member], event)
        models.Notice.objects.create(
            member_id=member, what="letter", about=signatory.name, link=f"/members/{member}", at=desk.at
        )


def _check_scan(member: str, person: str, scan: Digest) -> None:
    """Raises NotAllowed for the scan of another letter: of what another member wrote, or of a sign-on."""
    known = queries.register().members
    here = {(one.id, each.name) for one in known.values() for each in one.signatories if each.letter == scan}
    if queries.scan(scan.hex) is not None and here != {(member, person)}:
        raise NotAllowed("this scan was recorded already as another letter: one scan is one letter")


_TAKEN: dict[str, Callable[[Desk, Declaration, memberships.Register], None]] = {
    "stance": _stance, "stance on a text": _stance, "position": _position, "position as asked": _position,
    "quote": _quote, "translation": _translation, "signatory": _signatory, "key": _key,
}  # fmt: skip


# Decisions


@act("decision.propose", ways=("page decisions",), objects=lambda one: [one.id])
def propose(desk: Desk, one: decisions.Proposal) -> None:
    """Put a question to members."""
    at = desk.at
    check_beside(one.text)
    with _whole():
        if models.Proposal.objects.filter(id=one.id).exists():
            raise NotAllowed("there is a proposal {id} already", id=one.id)
        models.Proposal.objects.create(id=one.id, title=one.title, closes=one.closes, body=stored.put(one))
        _happened(desk, f"proposal/{one.id}", one)
        notices = [models.Notice(member_id=who, what="asked", about=one.title, link=f"/decisions/{one.id}", at=at)
                   for who in one.asked]  # fmt: skip
        models.Notice.objects.bulk_create(notices, batch_size=500)


@act("decision.hear", ways=("page decision",), objects=lambda id_, _said: [id_])
def hear(desk: Desk, id_: str, said: decisions.Said) -> None:
    """Take in a position that was heard in a meeting, written down by the secretariat; the member is told. Where it
    decides the result, it counts once a second person wrote the same down."""
    check_beside(said.reason)
    _hear(desk, id_, replace(said, recorded_by=desk.by))


def _hear(desk: Desk, id_: str, said: decisions.Said, *, about: Any = None) -> None:
    with _whole():
        row = models.Proposal.objects.filter(id=id_).first()
        if row is None:
            raise InvalidValue("there is no proposal {id}", id=id_)
        before = queries.proposal(row)
        if not said.note:
            queries.register()[said.member].check_spoken_for(desk.at.date())
            heard = before.seconded(said)
            if heard is not None:
                persons.second(desk, heard.recorded_by)
        after = decisions.hear(before, said, desk.at, about=about)
        if not said.note and after != before:  # it may say that it said nothing, or something else
            link = f"/decisions/{id_}"
            models.Notice.objects.create(
                member_id=said.member, what="position heard", about=before.title, link=link, at=desk.at
            )
        row.body = stored.put(after)
        row.save(update_fields=["body"])
        _happened(desk, f"proposal/{id_}", said)


# Accounts and final texts


def represent(user: Any, member: str) -> None:
    """Which member a representative acts for; the member is told at once. Raises InvalidValue for none."""
    member = queries.checked_member(member).id
    models.Representative.objects.update_or_create(user=user, defaults={"member_id": member})
    models.Notice.objects.create(
        member_id=member, what="account", about=user.get_username(), link=f"/members/{member}", at=timezone.now()
    )


def final_text(desk: Desk, name: str, language: str = "") -> final.Final:
    """The final text, sealed by this hub's key as its publisher. Until it is published only insiders see it."""
    at = desk.at
    desk.require("final.read")
    register = queries.register()
    state = queries.state(name, register, at.date())
    if state is None:
        raise InvalidValue("there is no statement {name}", name=name)
    return queries.final_in(state, register, desk.vault.signer, at, language)


def _asked(asked: requests.Request, *_: object) -> list[str]:
    return [f"{asked.kind}/{next(iter(asked.fields.values()), '')}"]


@act("answer.sign", ways=("page sign", "command statement"), objects=_asked, kind="export")
def sign_answer(desk: Desk, asked: requests.Request, choice: str, reason: str = "") -> bytes:
    """Answer a hub's request under this member's own key: the signed note, which leaves."""
    return requests.answer(desk.vault.signer, asked, choice, desk.at, reason)


@act("key.offer", "answer.sign", ways=("page our-key",), objects=lambda: ["key"], kind="export")
def offer_key(desk: Desk) -> bytes:
    """This vault's own key as a file that shows that it is in its hands: for the hub, and for other members."""
    key, name = desk.vault.signer.verifier(), desk.vault.name
    return enrolment.propose(enrolment.Enrolment(name, name, key, desk.at), desk.vault.signer)


@act("notices.look", "today.read", ways=("page today",), standing_back=True)
def look(desk: Desk) -> None:
    """Everything up to the newest notice has been seen."""
    if not isinstance(desk.actor, Account):
        return  # notices are an account's; whoever opened the vault has none
    user = get_user_model().objects.get(pk=desk.actor.id)
    newest = queries.notices(user).values_list("id", flat=True).first() or 0
    models.Seen.objects.update_or_create(user=user, defaults={"notice": newest})
