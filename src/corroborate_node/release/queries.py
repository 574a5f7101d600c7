"""Which packages a record left in."""

from typing import Any

from django.db.models import QuerySet

from corroborate_node.core.queries import visible
from corroborate_node.release import models


def packages_with(user: Any, record: str) -> QuerySet[models.Package]:
    """Packages in which a record was shown, oldest first; no user, no rows."""
    return visible(user, models.Package).filter(records__record=record).order_by("at", "id").distinct()
