"""Who sees rows at all. What a room shows to whom is in its own queries, which begin here.

An account may be limited to cases. Each model says which of its rows belong to some cases (``within``); of a model that
says nothing, a limited account sees no row. So a new model, and a new page of it, begins closed.
"""

from collections.abc import Collection
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from corroborate_node.core import opened
from corroborate_node.core.actors import Actor, actor_of
from corroborate_node.core.desk import Desk, allowed, cases_of

PAGE = 50  # rows of a list on a page
_Row = TypeVar("_Row", bound=Model)


def anywhere(_cases: Collection[str]) -> Q:
    """``within`` of rows that tell of no record of the vault: public matters, the same for each case."""
    return Q()


def seat(who: Any) -> Actor:
    """The actor behind a user of the pages, a desk, or an actor."""
    if isinstance(who, Desk):
        return who.actor
    return who if isinstance(who, Actor) else actor_of(who)


def may(who: Any, permission: str) -> bool:
    """Whether a user, a desk's actor or an actor has a permission on the open node."""
    return allowed(seat(who), permission, opened.current().hub)


def limited(who: Any) -> bool:
    """Whether somebody sees records of some cases only."""
    return cases_of(seat(who)) is not None


def visible(who: Any, model: type[_Row]) -> QuerySet[_Row]:
    """The rows of a model that somebody may see: all for whoever has the permission that the model names as
    ``reading``, those ``within`` its cases for a limited account; else none.

    No user, no rows; and no rows of a model that names no permission.
    """
    permission = getattr(model, "reading", "")
    if not permission or not may(who, permission):
        return model._default_manager.none()
    return in_cases(who, model)


def in_cases(who: Any, model: type[_Row]) -> QuerySet[_Row]:
    """The rows of a model that are of somebody's cases, for what asks its permission by itself: an act of a desk."""
    rows = model._default_manager.all()
    cases = cases_of(seat(who))
    if cases is None:
        return rows
    within = getattr(model, "within", None)
    return rows.none() if within is None else rows.filter(within(cases))
