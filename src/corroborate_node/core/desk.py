"""The one value that an act receives: which vault, who acts, at what time, with what chance."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from corroborate.errors import NotAllowed
from corroborate.translation import Sentence
from corroborate_node.core.actors import Account, Actor, CodeHolder, Owner, System
from corroborate_node.core.opened import Vault
from corroborate_node.core.permissions import table

Entropy = Callable[[int], bytes]


@dataclass(frozen=True, slots=True, repr=False)
class Desk:
    """Where somebody works. ``at``: the caller's clock, in UTC; ``entropy`` gives random bytes."""

    vault: Vault
    actor: Actor
    at: datetime
    entropy: Entropy = os.urandom

    def __repr__(self) -> str:
        return f"Desk({self.vault.name!r}, {self.actor!r})"

    @property
    def by(self) -> str:
        """The actor's name, as records name who did something."""
        return self.actor.name

    def named(self, by: str) -> str:
        """Who decided: an account decides for itself; the owner, and the node's jobs, may write down another's word."""
        return self.by if isinstance(self.actor, Account) else by.strip() or self.by

    def may(self, permission: str) -> bool:
        """Whether the table lets this actor; asked of the table and of nothing else."""
        return allowed(self.actor, permission, self.vault.hub)

    def require(self, permission: str) -> None:
        """Raises NotAllowed with the permission in words and who has it."""
        if not self.may(permission):
            raise refusal(self, permission)

    def system(self, job: str) -> "Desk":
        """The same desk for one of the node's own jobs."""
        return Desk(self.vault, System(job), self.at, self.entropy)


def allowed(actor: Actor, permission: str, hub: bool) -> bool:
    """Whether the table lets an actor. A role of the other kind of node counts for nothing, however it came there."""
    asked, where = table()[permission], "hub" if hub else "vault"
    if not actor.has(asked) or (asked.whole and cases_of(actor) is not None):
        return False
    if asked.everyone or not isinstance(actor, Account):
        return True
    return any(where in table().roles[role].where for role in asked.roles & actor.roles)


def cases_of(actor: Actor) -> frozenset[str] | None:
    """Ids of the only cases whose records an actor sees; None for who sees the whole vault. Who comes in by a
    survivor's code sees one source, as if it were a case of its own."""
    if isinstance(actor, CodeHolder):
        return frozenset({actor.source})
    return actor.cases if isinstance(actor, Account) else None


def refusal(desk: Desk, permission: str) -> NotAllowed:
    """Why somebody may not, for a sentence on a page or in a terminal."""
    asked, where = table()[permission], "hub" if desk.vault.hub else "vault"
    if asked.whole and desk.actor.has(asked) and cases_of(desk.actor) is not None:
        return NotAllowed(
            "{what}: this is for accounts that see the whole vault, and yours sees cases",
            what=Sentence(asked.words["en"]),
        )
    here = [
        Sentence(one.words["en"]) for one in table().roles.values() if one.name in asked.roles and where in one.where
    ]
    what = Sentence(asked.words["en"])
    if not here and desk.vault.hub:
        return NotAllowed("{what}: this is for nobody on a hub", what=what)
    if not here:
        return NotAllowed("{what}: this is for nobody on a vault", what=what)
    whom = reduce(lambda this, that: Sentence("{this} or the {that}", this=this, that=that), here)
    return NotAllowed("{what}: this is for the {whom}", what=what, whom=whom)


def owner(vault: Vault, at: datetime, entropy: Entropy = os.urandom) -> Desk:
    """The desk of whoever opened the vault with its passphrase."""
    return Desk(vault, Owner(), at, entropy)
