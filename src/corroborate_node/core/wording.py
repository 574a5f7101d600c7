"""In which language a page of the node speaks, and a room's words in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

from corroborate.translation import LANGUAGES, RoomWords

COOKIE = "language"
_READER = ContextVar("reader", default="en")  # of the page that is being made


class Words(RoomWords):
    """``words.key`` in a template, ``words["key"]`` in code: of a room of the node."""

    def __init__(self, language: str, room: str = "coalition.campaign", beyond: RoomWords | None = None) -> None:
        super().__init__(language, "corroborate_node", room, beyond)


def language_of(request: HttpRequest) -> str:
    """The reader's choice; else the browser's first language that we have; else English."""
    known = {code for code, _ in LANGUAGES}
    if (chosen := request.COOKIES.get(COOKIE, "")) in known:
        return chosen
    for part in request.headers.get("Accept-Language", "").split(","):
        code = part.split(";")[0].split("-")[0].strip().lower()
        if code in known:
            return code
    return "en"


def readers_language() -> str:
    """Of whoever reads the page that is being made; English outside of one."""
    return _READER.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """While a page is made in another language than the browser's: of somebody whose choice is kept in its address."""
    token = _READER.set(language)
    try:
        yield
    finally:
        _READER.reset(token)


class Spoken:
    """Middleware: while a page is made, errors and sentences know in which language they are to be said."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with speaking(language_of(request)):
            return self._get_response(request)


__all__ = ["COOKIE", "LANGUAGES", "Spoken", "Words", "language_of", "readers_language", "speaking"]
