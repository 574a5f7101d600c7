"""Roles as the campaign's pages ask for them, out of the one table's rows."""

from typing import Any, Literal

from corroborate.errors import InvalidValue, NotAllowed
from corroborate_node.core import opened
from corroborate_node.core.actors import actor_of
from corroborate_node.core.models import Role as Row

Role = Literal["keeper", "secretariat", "representative"]
ROLES: tuple[Role, ...] = ("keeper", "secretariat", "representative")
_ON_A_VAULT = {"secretariat": {"coordinator"}, "representative": {"coordinator", "documenter"}}


def role(user: Any) -> Role | None:
    """The role of an account at a hub that pages speak of."""
    has = getattr(actor_of(user), "roles", frozenset())
    return next((one for one in ("secretariat", "representative", "keeper") if one in has), None)  # type: ignore[return-value]


def give(user: Any, name: str) -> None:
    """Give an account a role, and take any other from it."""
    if name not in ROLES:
        raise InvalidValue(f"there is no role {name!r}; there are {', '.join(ROLES)}")
    user.roles.all().delete()
    Row.objects.create(user=user, role=name)


def require(user: Any, *names: Role) -> None:
    """Raises NotAllowed unless an account has one of these roles, or on a vault one that stands for it."""
    has = getattr(actor_of(user), "roles", frozenset())
    asked: set[str] = set(names)
    if not opened.current().hub:
        asked = set().union(*(_ON_A_VAULT.get(one, {one}) for one in names))
    if not has & asked:
        raise NotAllowed(f"this is for the {' or the '.join(sorted(asked))}")
