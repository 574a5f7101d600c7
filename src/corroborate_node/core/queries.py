"""Who sees rows at all. What a room shows to whom is in its own queries, which begin here."""

from typing import Any

from django.db.models import Model, QuerySet

from corroborate_node.core import opened
from corroborate_node.core.actors import actor_of
from corroborate_node.core.desk import allowed

PAGE = 50  # rows of a list on a page


def may(user: Any, permission: str) -> bool:
    """Whether a user has a permission on the open node."""
    return allowed(actor_of(user), permission, opened.current().hub)


def visible(user: Any, model: type[Model]) -> QuerySet[Any]:
    """All rows of a model for whoever has the permission that the model names as ``reading``; else none.

    No user, no rows; and no rows of a model that names no permission.
    """
    permission = getattr(model, "reading", "")
    if not permission or not may(user, permission):
        return model._default_manager.none()
    return model._default_manager.all()
