"""A member's key on a hub's record, as two people of the secretariat bring it there."""

from datetime import datetime
from typing import Any

from corroborate.coalition.key_proofs import WAIT
from corroborate.coalition.memberships import KeyIntroduced, KeySeconded
from corroborate.custody import Note, Signer
from corroborate.custody.enrolment import Enrolment, fingerprint_words, propose

OWN = "a passphrase of their own"


def spoken(signer: Signer) -> str:
    """The words of a key, as its owner reads them out."""
    return " ".join(fingerprint_words(signer.verifier()))


def beneath(note: bytes, signer: Signer) -> bytes:
    """A note with one more signature, whatever it says: as a program of one's own can put it there."""
    return note + signer.line(Note.parse(note).text).encode()


def proved(member: str, name: str, signer: Signer, at: datetime) -> tuple[KeyIntroduced, KeySeconded]:
    """What happens to a register so that a member's key speaks from a day on."""
    before = at - WAIT
    note = propose(Enrolment(name, name, signer.verifier(), before), signer)
    day = before.date()
    return KeyIntroduced(member, note, day, "first"), KeySeconded(member, spoken(signer), day, "second")


def recorded(vault: Any, member: str, signer: Signer, at: datetime) -> None:
    """The same by the acts of a hub, by two accounts that a third vouched for."""
    from corroborate_node.coalition.campaign import actions, queries

    before = at - WAIT
    first, second = (person(vault, name, before) for name in ("first-hand", "second-hand"))
    name = queries.register()[member].details.name
    note = propose(Enrolment(name, name, signer.verifier(), before), signer)
    actions.introduce_key(first, member, note)
    actions.second_key(second, member, spoken(signer))


def person(vault: Any, name: str, at: datetime) -> Any:
    from django.contrib.auth import get_user_model

    from corroborate_node.core import accounts
    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk, owner

    people = get_user_model().objects
    if not people.filter(username=name).exists():
        accounts.add(owner(vault, at), name, ["secretariat"])
        accounts.choose(Desk(vault, actor_of(people.get(username=name)), at), OWN, lambda _: False)
        if name == "second-hand":
            accounts.vouch(person(vault, "third-hand", at), name)
    return Desk(vault, actor_of(people.get(username=name)), at)
