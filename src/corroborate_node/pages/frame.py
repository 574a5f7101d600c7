"""What every page shows around its own matter."""

from django.http import HttpRequest

from corroborate_node import opened


def frame(request: HttpRequest) -> dict[str, object]:
    """The organisation's name stands on every page, so that nobody types a witness's name into the wrong vault."""
    vault = opened.current()
    return {"organisation": vault.name, "hub": vault.hub}
