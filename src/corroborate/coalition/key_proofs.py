"""What stands behind a key that is put forward for a member: never the word of whoever keeps the register.

The new key signs for itself, always. Beside it stands the key that it replaces, or two other members with the keys they
have now, or nobody yet: then two people of the secretariat hear its words, and it counts only after a time in which
the member, which is told at once, can say that the key is not its own. An enrolment by two members waits as long where
the member has a key: it says nothing of that one, and its name is whatever the newcomer wrote.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from corroborate.coalition.likeness import one_voice, other_voices
from corroborate.custody import Note, Verifier, statements
from corroborate.custody.enrolment import COUNTERSIGNERS, Enrolment
from corroborate.custody.keys import KeyChange, is_change
from corroborate.custody.roster import Departure, is_departure, is_enrolment
from corroborate.errors import InvalidValue, NotAllowed, NotVerified

WAIT = timedelta(days=7)  # between two people's word for a key and the day from which it speaks
How = Literal["old key", "members", "two people"]


@dataclass(frozen=True, slots=True)
class Introduced:
    """A key that waits for a second person, who hears its words from the member."""

    key: Verifier
    note: bytes
    on: date
    by: str


@dataclass(frozen=True, slots=True)
class Proof:
    """Why a key is taken for a member's own."""

    key: Verifier
    how: How
    note: bytes  # signed by the key itself
    on: date  # when the proof was complete
    by: str = ""
    second: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """What the register knows of the member for whom a key is put forward."""

    name: str
    names: tuple[str, ...]  # by which its own vault may call it
    last: Verifier | None  # the last key it had, ended or not
    since: date | None  # from when it had it
    current: Verifier | None  # the key with which it speaks today
    others: Mapping[Verifier, tuple[str, ...]]  # other members' keys of today -> every name of theirs, and beside them
    beside: tuple[str, ...] = ()  # its own names, and of the organisations beside it
    known: tuple[tuple[str, ...], ...] = ()  # the names of everybody in the register
    called: Mapping[str, date] = field(default_factory=dict)  # names that the register gave it later, and from when
    short: str = ""  # the one of its names that other bodies may have, too


def is_key_note(note: bytes) -> bool:
    """Whether a file puts a key forward: an enrolment, a rotation or a revocation."""
    try:
        return is_enrolment(note) or is_change(note)
    except InvalidValue:
        return False


def is_leaving(note: bytes) -> bool:
    """Whether a file gives a seat up (`corroborate log leave`)."""
    try:
        return is_departure(note)
    except InvalidValue:
        return False


def leaving(note: bytes) -> tuple[Verifier, datetime]:
    """The key that gives its own seat up, and when it wrote so. Raises NotVerified where that key did not sign: two
    others who say it are counted in logs, and at a hub two of its people are."""
    said = Departure.parse(Note.parse(note).text)
    statements.require(statements.signers(note, [said.key]), said.key, "for its own leaving")
    return said.key, said.at


def named_by(note: bytes) -> str:
    """The organisation that an enrolment says it is of; empty for a change of key, which names the key before."""
    return Enrolment.parse(Note.parse(note).text).organisation if is_enrolment(note) else ""


def replaced_by(note: bytes) -> Verifier | None:
    """The key that a change replaces; None for an enrolment."""
    return KeyChange.parse(Note.parse(note).text).old if is_change(note) else None


def put_forward(note: bytes) -> Verifier:
    """The key for which a note speaks, whether or not anything else stands behind it."""
    text = Note.parse(note).text
    return KeyChange.parse(text).new if is_change(note) else Enrolment.parse(text).key


def offered(note: bytes, of: Holder) -> tuple[Verifier, How | None]:
    """The key that a note puts forward, and what stands behind it; None: two people are still needed.

    Raises NotVerified, NotAllowed, InvalidValue.
    """
    if not is_key_note(note):
        raise InvalidValue(
            "this file proves no key: the member's own vault makes one that does, on its page Sign or by "
            "corroborate log enrol, and for a new key by corroborate log rotate or revoke"
        )
    return _changed(note, of) if is_change(note) else _enrolled(note, of)


def _changed(note: bytes, of: Holder) -> tuple[Verifier, How]:
    change = KeyChange.parse(Note.parse(note).text)
    if change.old != of.last:
        raise NotVerified("the key that this note replaces is not the last one of {name}", name=of.name)
    signed = statements.signers(note, [change.old, change.new])
    statements.require(signed, change.new, "for its own key")
    if change.why == "rotation":
        statements.require(signed, change.old, "for its successor")
        if of.current != change.old:
            raise NotAllowed(
                "the key of {name} was ended, and names no successor: its vault revokes it instead", name=of.name
            )
        return change.new, "old key"
    voices = _voices(note, of)
    if voices < COUNTERSIGNERS:
        raise NotAllowed(
            (
                "{voices} other member has signed this revocation; it takes {countersigners}",
                "{voices} other members have signed this revocation; it takes {countersigners}",
            ),
            voices=voices,
            countersigners=COUNTERSIGNERS,
        )
    return change.new, "members"


def _enrolled(note: bytes, of: Holder) -> tuple[Verifier, How | None]:
    enrolment = Enrolment.parse(Note.parse(note).text)
    statements.require(statements.signers(note, [enrolment.key]), enrolment.key, "its own enrolment")
    if _folded(enrolment.organisation) not in {_folded(name) for name in of.names}:
        raise NotAllowed(
            "this file says that it is of {organisation}, and the register knows the member as "
            "{listed}: enter the other spelling as its abbreviation, if it is the same",
            organisation=enrolment.organisation,
            listed=", ".join(of.names),
        )
    if of.since is not None and enrolment.at.date() < of.since:
        raise NotAllowed(
            "this file is older than the key that {name} had last: its vault makes a new one", name=of.name
        )
    stood = [
        name
        for name in of.names
        if _folded(name) == _folded(enrolment.organisation) and of.called.get(name, date.min) < enrolment.at.date()
    ]
    # two members heard the words of a key for the name and the voice that they read: for one written down since, they
    # heard none, and an abbreviation, or a voice that is none of the member's, may be another body's
    same = one_voice([enrolment.voice], of.beside or of.names) and any(name != of.short for name in stood)
    return enrolment.key, "members" if same and _voices(note, of) >= COUNTERSIGNERS else None


def _voices(note: bytes, of: Holder) -> int:
    """How many other voices signed. Seats whose names, or whose organisations', may be of one body are one voice: an
    individual beside an organisation is no second one of it, however its card spells the name."""
    signed = [of.others[key] for key in sorted(statements.signers(note, of.others), key=str)]
    return other_voices([of.beside or of.names, *signed], of.known)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().replace("-", " ").split())
