"""Who sees rows at all. What a room shows to whom is in its own queries, which begin here."""

from typing import Any

from django.db.models import Model, QuerySet

PAGE = 50  # rows of a list on a page


def visible(user: Any, model: type[Model]) -> QuerySet[Any]:
    """All rows of the vault for somebody who logged in; no user, no rows."""
    if not getattr(user, "is_authenticated", False):
        return model._default_manager.none()
    return model._default_manager.all()
