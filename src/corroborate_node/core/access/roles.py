"""Who may do what on a hub. Roles give pages and acts; none of them can sign for a member, whose key is elsewhere."""

from typing import Any, Literal

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from corroborate.errors import InvalidValue, NotAllowed

Role = Literal["keeper", "secretariat", "representative"]
ROLES: tuple[Role, ...] = ("keeper", "secretariat", "representative")


def role(user: Any) -> Role | None:
    """The role of an account. The first account of a node, made with it, is its keeper; an account without a role
    reads what everybody who logged in may read."""
    if not getattr(user, "is_authenticated", False):
        return None
    found = user.groups.filter(name__in=ROLES).values_list("name", flat=True).first()
    if found is not None:
        return next(one for one in ROLES if one == found)
    first = get_user_model().objects.order_by("id").values_list("id", flat=True).first()
    return "keeper" if user.id == first else None


def give(user: Any, name: str) -> None:
    """Give an account a role, and take any other from it."""
    if name not in ROLES:
        raise InvalidValue(f"there is no role {name!r}; there are {', '.join(ROLES)}")
    user.groups.set([Group.objects.get_or_create(name=name)[0]])


def require(user: Any, *names: Role) -> Role:
    """The role of an account that has one of these; raises NotAllowed for any other. A keeper may all that a
    secretariat may."""
    has = role(user)
    if has is None or not (has in names or (has == "keeper" and "secretariat" in names)):
        raise NotAllowed(f"this is for the {' or the '.join(names)}")
    return has
