"""The one value that an act receives: which vault, who acts, at what time, with what chance."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from corroborate.errors import NotAllowed
from corroborate_node.core.actors import Account, Actor, Owner, System
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

    def may(self, permission: str) -> bool:
        """Whether the table lets this actor; asked of the table and of nothing else."""
        asked = table()[permission]
        return self.actor.has(asked) and _exists_here(asked.roles, self)

    def require(self, permission: str) -> None:
        """Raises NotAllowed with the permission in words and who has it."""
        if not self.may(permission):
            raise refusal(self, permission)

    def system(self, job: str) -> "Desk":
        """The same desk for one of the node's own jobs."""
        return Desk(self.vault, System(job), self.at, self.entropy)


def _exists_here(roles: frozenset[str], desk: Desk) -> bool:
    """A role that was given on another kind of node counts for nothing here."""
    if not isinstance(desk.actor, Account):
        return True
    where = "hub" if desk.vault.hub else "vault"
    return any(where in table().roles[role].where for role in roles & desk.actor.roles)


def refusal(desk: Desk, permission: str) -> NotAllowed:
    """Why somebody may not, for a sentence on a page or in a terminal."""
    asked, where = table()[permission], "hub" if desk.vault.hub else "vault"
    here = [one for one in table().roles.values() if one.name in asked.roles and where in one.where]
    whom = f"for the {' or the '.join(one.words['en'].lower() for one in here)}" if here else f"for nobody on a {where}"
    return NotAllowed(f"{asked.words['en'][0].lower()}{asked.words['en'][1:]}: this is {whom}")


def owner(vault: Vault, at: datetime, entropy: Entropy = os.urandom) -> Desk:
    """The desk of whoever opened the vault with its passphrase."""
    return Desk(vault, Owner(), at, entropy)
