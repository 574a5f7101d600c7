"""Who sits in the coalition, and with which key each speaks today: a state machine over signed notes.

Whoever vouches for a newcomer, for the heir of a stolen key or for somebody's leaving is counted by the key it has on
that day. A key that was replaced, revoked or struck out counts for nothing, whoever holds it; a member that changed
its key as planned counts as before, with the new one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from corroborate.custody import enrolment, statements
from corroborate.custody.enrolment import COUNTERSIGNERS, Enrolment
from corroborate.custody.keys import KeyChange, KeyHistory
from corroborate.custody.notes import Note, Signer, Verifier
from corroborate.errors import NotAllowed, NotVerified
from corroborate.values.signs import checked_line

_HEAD = "corroborate departure v1"


@dataclass(frozen=True, slots=True)
class Departure:
    """A seat is given up. By its own key; where that is lost, by two members of other voices."""

    key: Verifier  # that the seat has now
    at: datetime

    def text(self) -> str:
        return statements.write(_HEAD, [("key", str(self.key)), ("at", statements.write_time(self.at))])

    def check_second(self, key: Verifier) -> None:
        """One's own seat is given up by a note that one writes oneself, never by signing what came in a file."""
        if key.public == self.key.public or key.name == self.key.name:
            raise NotAllowed("this note gives up your own seat: whoever means to leave writes one (log leave)")

    @classmethod
    def parse(cls, text: str) -> Self:
        key, at = statements.read(text, _HEAD, ("key", "at"))
        return cls(Verifier.parse(key), statements.read_time(at))


def depart(departure: Departure, signer: Signer) -> bytes:
    """The note by which a seat is given up, with the first signature: its own, or one of the two others'."""
    return statements.signed(departure.text(), signer)


def is_departure(note: bytes) -> bool:
    return Note.parse(note).text.startswith(_HEAD + "\n")


def is_enrolment(note: bytes) -> bool:
    return Note.parse(note).text.startswith("corroborate enrolment v1\n")


@dataclass(frozen=True, slots=True)
class Member:
    """One seat through time: the newest enrolment, every key it had, and whether it was given up."""

    enrolment: Enrolment
    history: KeyHistory
    left: datetime | None = None

    @property
    def now(self) -> Enrolment:
        """The seat with the key that it has today."""
        return replace(self.enrolment, key=self.history.newest)


@dataclass(frozen=True, slots=True)
class Roster:
    """All seats by the name of their logs, in the order in which they enrolled."""

    members: Mapping[str, Member] = field(default_factory=dict)

    @property
    def present(self) -> tuple[Enrolment, ...]:
        """Those who sit here today, each with its key of today. Only they are counted."""
        return tuple(one.now for one in self.members.values() if one.left is None)

    def take(self, note: bytes) -> "Roster":
        """The roster after a note: an enrolment, a change of key, a departure. Raises NotVerified, NotAllowed."""
        if is_departure(note):
            return self.leave(note)
        return self.admit(note) if is_enrolment(note) else self.follow(note)

    def admit(self, note: bytes) -> "Roster":
        """A newcomer, or somebody who left and comes back with the key it had last.

        A key that any seat ever had is no newcomer's: neither a thief nor its owner begins anew with it.
        """
        new = Enrolment.parse(Note.parse(note).text)
        checked_line(new.key.name)
        before = self.members.get(new.key.name)
        if before is not None and before.left is not None:
            return self._back(before, note)
        for one in self.members.values():
            if any(key.public == new.key.public for key in one.history.keys):
                raise NotAllowed(
                    "this key is, or was, the one of {organisation}: make a new one",
                    organisation=one.enrolment.organisation,
                )
        enrolment.admit(note, self.present)
        return self._with(Member(new, KeyHistory(new.key)))

    def _back(self, before: Member, note: bytes) -> "Roster":
        again = Enrolment.parse(Note.parse(note).text)
        if again.key != before.history.newest:
            raise NotAllowed(
                "{name} left with another key; who lost that key takes another seat, under a new log's name",
                name=again.key.name,
            )
        if before.left is not None and again.at <= before.left:
            raise NotAllowed(
                "this enrolment of {name} is older than its leaving: it signs a new one", name=again.key.name
            )
        enrolment.admit(note, self.present)
        return self._with(Member(again, before.history))

    def follow(self, note: bytes) -> "Roster":
        """A change of one seat's key, also of one that was given up: what it signed must stay checkable."""
        change = KeyChange.parse(Note.parse(note).text)
        before = self.members.get(change.old.name)
        if before is None:
            raise NotVerified("{name} is not enrolled here", name=change.old.name)
        for name, one in self.members.items():
            if name != change.old.name and any(key.public == change.new.public for key in one.history.keys):
                raise NotAllowed(
                    "this key is, or was, the one of {organisation}: make a new one",
                    organisation=one.enrolment.organisation,
                )
        history = before.history.after(note, self.present, before.enrolment.voice)
        return self._with(replace(before, history=history))

    def leave(self, note: bytes) -> "Roster":
        """A seat given up: signed by its own key of today, or by two present members of other voices."""
        departure = Departure.parse(Note.parse(note).text)
        name = departure.key.name
        before = self.members.get(name)
        if before is None or before.left is not None:
            raise NotAllowed("{name} has no seat here to give up", name=name)
        if departure.key != before.history.newest:
            raise NotVerified("{name} has another key now than the one that this note names", name=name)
        if departure.at <= before.enrolment.at:
            raise NotAllowed("{name} has enrolled since this note was written", name=name)
        if departure.key not in statements.signers(note, [departure.key]):
            voices = enrolment.voices_under(note, before.enrolment.names, self.present)
            if voices < COUNTERSIGNERS:
                raise NotAllowed(
                    (
                        "{number} other member has signed that {name} left; it takes {countersigners}",
                        "{number} other members have signed that {name} left; it takes {countersigners}",
                    ),
                    number=voices,
                    name=name,
                    countersigners=COUNTERSIGNERS,
                )
        return self._with(replace(before, left=departure.at))

    def replayed(self, note: bytes) -> "Roster":
        """The roster after a note that was checked when it came in: whoever signed it then may have other keys now."""
        if is_departure(note):
            departure = Departure.parse(Note.parse(note).text)
            return self._with(replace(self.members[departure.key.name], left=departure.at))
        if is_enrolment(note):
            again = Enrolment.parse(Note.parse(note).text)
            before = self.members.get(again.key.name)
            return self._with(Member(again, before.history if before else KeyHistory(again.key)))
        change = KeyChange.parse(Note.parse(note).text)
        before = self.members[change.old.name]
        return self._with(replace(before, history=before.history.replayed(note)))

    def _with(self, one: Member) -> "Roster":
        return Roster({**self.members, one.enrolment.key.name: one})
