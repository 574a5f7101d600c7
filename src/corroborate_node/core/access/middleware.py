"""What every answer of a vault carries."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse


class KnownHost:
    """Answers requests for another host name with what to do: a browser that was led here by a strange name (DNS
    rebinding) gets no page, and whoever set a name up is told how to allow it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            request.get_host()
        except DisallowedHost:
            asked = "".join(c for c in request.META.get("HTTP_HOST", "")[:200] if c.isprintable()) or "no name"
            return HttpResponse(
                f"These pages are not served under the name you used ({asked}).\n"
                "On this machine, open the address that `corroborate serve` printed. To serve them under another name, "
                "start it with --host NAME, and with --behind-proxy where a proxy takes TLS off "
                "(docs/how-to/serve-behind-a-proxy.md).\n",
                status=400, content_type="text/plain; charset=utf-8",
            )  # fmt: skip
        return self._get_response(request)


class NotStored:
    """No page of a vault stays in a browser's cache, where it would be readable after log-out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        response.setdefault("Cache-Control", "no-store")
        return response


def client_address(request: HttpRequest) -> str:
    """The address that a request came from. Behind a proxy the last one it names, since what stands before it anybody
    can write; empty where the proxy names none, and then nobody is told apart by it."""
    if settings.SECURE_PROXY_SSL_HEADER is not None:
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()[:45]
    return str(request.META.get("REMOTE_ADDR") or "")[:45]
