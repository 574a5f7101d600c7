"""How tests take something out by the door: as one account makes a release, and another person confirms it."""

import os
from datetime import date

from corroborate_node.core.desk import owner
from corroborate_node.release import giving

FIRST, SECOND = ("J. Han", "words of one person"), ("S. Mori", "words of another person")
VOUCHING = ("A. Reva", "words of a third person")


def desks(vault, at, entropy=None):
    """Desks of two accounts that are two people: a third has vouched for the second."""
    from django.contrib.auth import get_user_model

    from corroborate_node.core import accounts
    from corroborate_node.core.actors import actor_of
    from corroborate_node.core.desk import Desk, owner

    found = []
    for name, passphrase in (FIRST, SECOND, VOUCHING):
        user = get_user_model().objects.filter(username=name).first()
        if user is None:
            roles = ["secretariat"] if vault.hub else ["coordinator", "documenter"]
            accounts.add(owner(vault, at), name, roles)
            user = get_user_model().objects.get(username=name)
            accounts.choose(Desk(vault, actor_of(user), at), passphrase, lambda _: False)
            user = get_user_model().objects.get(username=name)
        found.append(Desk(vault, actor_of(user), at, **({"entropy": entropy} if entropy else {})))
    if not get_user_model().objects.get(username=SECOND[0]).vouches.exists():
        accounts.vouch(found[2], SECOND[0])
    return found[:2]


def released(vault, at, *, results=None, **asked):
    """The number of a release that was made, and confirmed where it must be."""
    from corroborate_node.release import making

    first, second = desks(vault, at)
    if isinstance(asked.get("claims"), list | tuple | set):
        asked["claims"] = frozenset(asked["claims"])
    number = making.make(first, making.Asked(**asked), results=results)
    if making.known(number).needs_second:
        making.confirm(second, number)
    return number


def packed(vault, out, *, at, on: date | None = None, include=(), **more):
    """A package of a release that was made for it alone."""
    ways = {key: more.pop(key) for key in ("policy", "timestamps", "to", "entropy", "tell") if key in more}
    number = released(vault, at, on=on, include=include, **more)
    desk = owner(vault, at, ways.pop("entropy", os.urandom))
    return giving.package(desk, number, out, giving.Packing(include=include, **{k: v for k, v in ways.items() if v}))
