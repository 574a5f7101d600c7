"""What every answer of a vault carries."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class NotStored:
    """No page of a vault stays in a browser's cache, where it would be readable after log-out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        response.setdefault("Cache-Control", "no-store")
        return response


def client_address(request: HttpRequest) -> str:
    """The address that a request came from, as far as this node knows it."""
    return str(request.META.get("REMOTE_ADDR") or "")[:45]
