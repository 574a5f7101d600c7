"""Invented people who work at a member: one makes a release, another confirms it; a third vouched for that one."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from corroborate_node.core import accounts
from corroborate_node.core.actors import actor_of
from corroborate_node.core.desk import Desk, owner

TWO = ("first person (invented)", "second person (invented)")
VOUCHING = "third person (invented)"


def two_people(vault: Any, chance: Callable[[int], bytes], at: datetime) -> list[Any]:
    """Two invented people of the member or the hub, each with an account; a third vouched for the second."""
    from django.contrib.auth import get_user_model

    def actor(name: str) -> Any:
        return actor_of(get_user_model().objects.get(username=name))

    role = "secretariat" if vault.hub else "coordinator"
    if not get_user_model().objects.filter(username=VOUCHING).exists():
        for name in (*TWO, VOUCHING):
            accounts.add(owner(vault, at, chance), name, [] if name == VOUCHING else [role])
            accounts.choose(Desk(vault, actor(name), at, chance), accounts.one_time(chance), lambda _: False)
        accounts.vouch(Desk(vault, actor(VOUCHING), at, chance), TWO[1])
    return [actor(name) for name in TWO]
