"""Which uploads somebody may see: begins closed. An account that is limited to cases sees those of its cases."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from corroborate.importers.again import digest_of_columns
from corroborate_node.core import opened
from corroborate_node.core.queries import visible
from corroborate_node.importing import models, states
from corroborate_node.records import imports
from corroborate_node.records import queries as records

Upload = models.Upload


def uploads(user: Any) -> QuerySet[models.Upload]:
    """Newest first."""
    return visible(user, models.Upload).order_by("-at", "id")


def upload(user: Any, id_: str) -> models.Upload | None:
    found: models.Upload | None = visible(user, models.Upload).filter(id=id_).first()
    return found


def chosen_before(user: Any, columns: Sequence[str]) -> Any:
    """The newest import of a file with these headings for which a person changed how it is read."""
    return imports.chosen_before(user, digest_of_columns(columns))


def waiting(user: Any) -> int:
    """How many of somebody's own uploads ended a step that they have not looked at."""
    return int(visible(user, models.Upload).filter(by=user.get_username(), told=False).count())


def open_cases(user: Any) -> list[tuple[str, str]]:
    """Open cases that somebody sees: id and name."""
    return list(records.cases_seen(user).filter(closed=None).values_list("id", "name"))


def addresses() -> list[str]:
    """Waiting files, which the vault's own checks know of."""
    found = models.Upload.objects.exclude(address="").values_list("address", flat=True)
    return list(found)


def content(one: models.Upload) -> bytes:
    """The waiting file, in memory. Raises VaultDamaged where it is not as it was put there."""
    return b"".join(opened.current().files.get(one.address))


def mark_seen(one: models.Upload) -> None:
    """Whoever asked has seen how it ended."""
    if not one.told and one.state not in states.UNDER_WAY:
        models.Upload.objects.filter(id=one.id).update(told=True)
