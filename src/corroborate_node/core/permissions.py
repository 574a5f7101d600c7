"""One table says who may do what. Deny by default: what stands nowhere is allowed to nobody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml

from corroborate.errors import InvalidValue

Words = Mapping[str, str]  # language -> text; English always
_FILE = "permissions.yaml"


@dataclass(frozen=True, slots=True)
class Role:
    """A role that an account may have. ``where``: on a vault, on a hub, or both."""

    name: str
    words: Words
    means: Words
    where: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Permission:
    """What may be done, in words, and the roles that may."""

    name: str
    words: Words
    roles: frozenset[str]
    system: bool  # the node's own jobs may
    recent: bool  # an account gives its passphrase again before
    everyone: bool  # every account may, one without a role too
    second: bool  # for another person than who began; never the owner
    whole: bool  # for who sees the whole vault: an account that is limited to cases has it not


@dataclass(frozen=True, slots=True)
class Table:
    roles: Mapping[str, Role]
    permissions: Mapping[str, Permission]

    def __getitem__(self, permission: str) -> Permission:
        """Raises InvalidValue for a permission that the table does not have: a fault of the program."""
        if permission not in self.permissions:
            raise InvalidValue("{permission!r} is no permission of the table", permission=permission)
        return self.permissions[permission]


@cache
def table() -> Table:
    """The table of ``permissions.yaml``, checked. Raises InvalidValue for an unknown role or a word that is missing."""
    text = resources.files(__package__).joinpath(_FILE).read_text(encoding="utf-8")
    read: dict[str, dict[str, Any]] = yaml.load(text, Loader=yaml.CSafeLoader)
    roles = {name: Role(name, one["words"], one["means"], tuple(one["where"])) for name, one in read["roles"].items()}
    permissions = {name: _permission(name, one, roles) for name, one in read["permissions"].items()}
    return Table(MappingProxyType(roles), MappingProxyType(permissions))


def _permission(name: str, row: Mapping[str, Any], roles: Mapping[str, Role]) -> Permission:
    given = set(row["roles"])
    if given == {"all"}:
        given = set(roles)
    if unknown := given - set(roles):
        raise InvalidValue("{name} names the role {pop!r}, which the table does not have", name=name, pop=unknown.pop())
    flags = (bool(row.get(flag)) for flag in ("system", "recent", "everyone", "second", "whole"))
    return Permission(name, row["words"], frozenset(given), *flags)


def roles_on(hub: bool) -> tuple[Role, ...]:
    """The roles that exist on a hub or on a vault, in the table's order."""
    where = "hub" if hub else "vault"
    return tuple(one for one in table().roles.values() if where in one.where)


def checked_roles(names: Iterable[str], hub: bool) -> frozenset[str]:
    """Roles for an account of this node. Raises InvalidValue for one that does not exist here."""
    known, given = {one.name for one in roles_on(hub)}, frozenset(names)
    if unknown := sorted(given - known):
        raise InvalidValue(
            "there is no role {unknown!r} here; there are {listed}", unknown=unknown[0], listed=", ".join(sorted(known))
        )
    return given


def working_roles(hub: bool) -> frozenset[str]:
    """Every role but the keeper's."""
    return frozenset(one.name for one in roles_on(hub)) - {"keeper"}
