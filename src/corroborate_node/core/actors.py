"""Who acts. Each kind of actor says its name for the journal, its kind, and the roles that it has."""

from dataclasses import dataclass
from typing import Any

from corroborate_node.core.permissions import Permission


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who logged in to the pages, or a program that acts for them with a token."""

    id: int
    name: str
    roles: frozenset[str] = frozenset()
    cases: frozenset[str] | None = None  # ids of the only cases whose records it sees; None: the whole vault
    only: frozenset[str] | None = None  # permissions that a token names, of those that the account has; None: no token

    @property
    def kind(self) -> str:
        return "account" if self.only is None else "token"

    def has(self, permission: Permission) -> bool:
        named = self.only is None or permission.name in self.only
        return named and (permission.everyone or bool(self.roles & permission.roles))


@dataclass(frozen=True, slots=True)
class Owner:
    """Whoever opened the vault with its passphrase, at the command line. May all that needs no second person."""

    name: str = "owner"
    kind = "owner"

    def has(self, permission: Permission) -> bool:
        return not permission.second


@dataclass(frozen=True, slots=True)
class System:
    """The node itself: checks on a schedule, answers to witnesses, estimates that run."""

    job: str
    kind = "system"

    @property
    def name(self) -> str:
        return f"system: {self.job}"

    def has(self, permission: Permission) -> bool:
        return permission.system


@dataclass(frozen=True, slots=True)
class Nobody:
    """A request that nobody logged in for."""

    name: str = ""
    kind = "nobody"

    def has(self, _permission: Permission) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Investigator:
    """The holder of a grant. It has the permissions that the grant names, and no role."""

    grant: str
    name: str
    permissions: frozenset[str] = frozenset()
    kind = "investigator"

    def has(self, permission: Permission) -> bool:
        return permission.name in self.permissions


@dataclass(frozen=True, slots=True)
class CodeHolder:
    """The holder of a survivor's paper code. It speaks for one source, and has the permissions given with the code."""

    source: str
    permissions: frozenset[str] = frozenset()
    kind = "code"

    @property
    def name(self) -> str:
        return f"code of {self.source}"

    def has(self, permission: Permission) -> bool:
        return permission.name in self.permissions


Actor = Account | Owner | System | Nobody | Investigator | CodeHolder


def actor_of(user: Any) -> Account | Nobody:
    """The actor that a Django user is. Blocked, removed or without a row of its own: nobody."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return Nobody()
    known: Account | None = getattr(user, "_actor", None)
    if known is None:
        roles = frozenset(user.roles.values_list("role", flat=True))
        known = Account(user.pk, user.get_username(), roles, _cases_of(user))
        user._actor = known  # a user object lives for one request
    return known


def _cases_of(user: Any) -> frozenset[str] | None:
    """To which cases an account is limited. Limited to none, it sees none; so does one without a state."""
    account_state = getattr(user, "account_state", None)
    if account_state is not None and not account_state.limited:
        return None
    return frozenset(user.limits.values_list("case", flat=True))
