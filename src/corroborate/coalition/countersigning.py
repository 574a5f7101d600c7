"""What a note asks of whoever countersigns it: read, and said in words, before anything is signed.

A countersignature is the same key's as a sign-on or an heir's name. So whoever signs what came in a file is told whose
key it is about and what becomes of it, and signs nothing but the kinds of note that take a second signature.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from corroborate.coalition.likeness import one_voice
from corroborate.custody import Note, Signer, Verifier, enrolment, keys, statements
from corroborate.custody.enrolment import Enrolment
from corroborate.custody.keys import KeyChange
from corroborate.custody.roster import Departure, Roster, is_departure, is_enrolment
from corroborate.errors import InvalidValue, NotAllowed, NotVerified
from corroborate.translation import Sentence

Kind = Literal["enrolment", "revocation", "departure"]


@dataclass(frozen=True, slots=True)
class Asked:
    """One note that takes another member's signature, as it is read out to whoever is to give it."""

    kind: Kind
    organisation: str  # an enrolment's by its own word, otherwise as the list of members has it; empty: not in it
    voice: str
    old: Verifier | None  # that is ended
    new: Verifier | None  # that speaks from then on
    at: datetime
    taken: tuple[str, ...] = ()  # names with another key that stands, which an enrolment says are its own
    signed_by: tuple[str, ...] = ()  # of a departure: who signed it before

    def words(self) -> tuple[Sentence, ...]:
        """Line by line, whose key, which key, which day."""
        whose = self.organisation or (self.old.name if self.old else "")
        found = [_what(self.kind, whose)]
        if self.kind != "enrolment" and not self.organisation:
            found.append(Sentence("This vault's list of members does not know that key."))
        if self.voice:
            found.append(Sentence("A voice of: {voice}", voice=self.voice))
        if self.old:
            found.append(Sentence("Key that ends: {name}, {digits}", name=self.old.name, digits=self.old.fingerprint))
        if self.new:
            found.append(Sentence("Key that comes: {name}, {digits}", name=self.new.name, digits=self.new.fingerprint))
        found.append(Sentence("Written on: {day}", day=self.at.date()))
        found += [Sentence("{name} has a key that stands, and this is another one.", name=name) for name in self.taken]
        found += [Sentence("Signed before by: {name}", name=name) for name in self.signed_by]
        return tuple(found)


def _what(kind: Kind, whose: str) -> Sentence:
    if kind == "enrolment":
        return Sentence("This is an enrolment: it asks you to stand by a key as the one of {whose}.", whose=whose)
    if kind == "revocation":
        return Sentence("This is a revocation: it ends the key of {whose}, and puts another in its place.", whose=whose)
    return Sentence("This is a departure: it strikes {whose} out of the members.", whose=whose)


def asked_by(
    note: bytes, own: Verifier, roster: Roster, standing: Iterable[tuple[str, Verifier]], of: Collection[Kind]
) -> Asked:
    """What a note asks of the owner of a key. Raises InvalidValue for a kind that was not asked for, NotAllowed where
    it is about one's own key, NotVerified where nothing here bears it out.

    ``roster``: the members that this vault knows; ``standing``: every name here with a key that speaks today.
    """
    found = _read(note, own, roster, standing)
    if found is None or found.kind not in of:
        raise InvalidValue("nothing was signed: this file is none of: {listed}", listed=", ".join(of))
    return found


def _read(note: bytes, own: Verifier, roster: Roster, standing: Iterable[tuple[str, Verifier]]) -> Asked | None:
    text = Note.parse(note).text
    if is_departure(note):
        return _departure(note, Departure.parse(text), own, roster)
    if is_enrolment(note):
        return _enrolment(Enrolment.parse(text), own, standing)
    if keys.is_change(note):
        return _revocation(KeyChange.parse(text), own, roster)
    return None


def _enrolment(found: Enrolment, own: Verifier, standing: Iterable[tuple[str, Verifier]]) -> Asked:
    found.check_second(own)
    taken = dict.fromkeys(
        name for name, key in standing
        if key.public != found.key.public and one_voice(found.names, [name])
    )  # fmt: skip
    return Asked("enrolment", found.organisation, found.voice, None, found.key, found.at, tuple(taken))


def _revocation(found: KeyChange, own: Verifier, roster: Roster) -> Asked:
    found.check_second(own)
    seat = roster.members.get(found.old.name)
    known = seat is not None and found.old in seat.history.keys
    organisation, voice = (seat.enrolment.organisation, seat.enrolment.voice) if seat and known else ("", "")
    return Asked("revocation", organisation, voice, found.old, found.new, found.at)


def _departure(note: bytes, found: Departure, own: Verifier, roster: Roster) -> Asked:
    found.check_second(own)
    seat = roster.members.get(found.key.name)
    if seat is None or seat.left is not None or seat.history.newest != found.key:
        raise NotVerified(
            "this vault knows no member that has the key of {name} that this file names", name=found.key.name
        )
    ours, whose = roster.members.get(own.name), seat.enrolment
    if ours is not None and one_voice(ours.enrolment.names, whose.names):
        raise NotAllowed(
            "{organisation} is a voice of your own: two others say that it left", organisation=whose.organisation
        )
    others = {one.key: one for one in roster.present if not one_voice(one.names, whose.names)}
    signed = tuple(sorted(others[key].organisation for key in statements.signers(note, others)))
    if not signed:
        raise NotVerified("no member that this vault knows has signed this departure: you would be the first")
    return Asked("departure", whose.organisation, whose.voice, found.key, None, found.at, signed_by=signed)


def countersigned(
    note: bytes, signer: Signer, asked: Asked, heard: str = "", *, ends: bool = False, beside: str = ""
) -> bytes:
    """The note with one more signature. ``heard``: the words of the new key; ``ends``: said apart, that it ends a key;
    ``beside``: the name, typed, of whoever has another key already. Raises NotAllowed, NotVerified, InvalidValue."""
    if asked.kind == "departure":
        return statements.countersigned(note, signer, Departure)
    if asked.kind == "revocation":
        if not ends:
            raise NotAllowed("nothing was signed: this file ends a key. Say that you mean it, with --revocation")
        return keys.countersign(note, signer, heard)
    if asked.taken and beside not in asked.taken:
        raise NotAllowed(
            "nothing was signed: {name} has a key that stands. If it truly takes another one, type its name, with "
            "--beside",
            name=asked.taken[0],
        )
    return enrolment.countersign(note, signer, heard)
