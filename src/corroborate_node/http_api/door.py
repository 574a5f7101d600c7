"""The way in for programs: a token, its account, a permission; then it is written down, as for pages.

What a page may show or do, an address here may, and no more: the same desks, acts and queries stand behind it.
"""

import time
from collections import deque
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja.security import HttpBearer

from corroborate.errors import NotAllowed
from corroborate.translation import Sentence
from corroborate_node.core import journal, opened, sessions, throttle, tokens
from corroborate_node.core.access.middleware import client_address
from corroborate_node.core.actors import Account
from corroborate_node.core.desk import Desk, refusal
from corroborate_node.core.gate import desk_of
from corroborate_node.core.permissions import table
from corroborate_node.core.storing import storing
from corroborate_node.http_api.repeating import once

MOST = 600  # requests of one token in a minute
MOST_OF_A_MACHINE = 6_000  # whatever tokens they come with
_MINUTE = 60.0  # seconds
_REMEMBERED = 10_000  # tokens and machines before those that are quiet are forgotten


class Refusal(NotAllowed):
    """What the door itself refuses. ``status``: HTTP's."""

    code, status = "not-allowed", 403


class NoToken(Refusal):
    code, status = "no-token", 401
    remedy = "Send a token that holds: Authorization: Bearer TOKEN. Make one on the page Programs that act for you."


class OutOfScope(Refusal):
    code = "out-of-scope"
    remedy = "Make a token that is for this too, if its account may do it."


class PassphraseAgain(Refusal):
    code = "passphrase-again"
    remedy = "Send the account's passphrase to /confirmation; it holds for ten minutes."


class TooManyRequests(Refusal):
    code, status, seconds = "too-many-requests", 429, 60
    remedy = "Wait a minute, then go on more slowly."


class Rates:
    """How many requests came in the last minute by each token, or from each machine. In memory: it slows programs down,
    and guards no secret."""

    def __init__(self, most: int = MOST, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._by_token: dict[int | str, deque[float]] = {}

    def count(self, token: int | str) -> None:
        """``token``: its number, or the address of a machine. Raises TooManyRequests."""
        now = self._clock()
        if len(self._by_token) > _REMEMBERED:
            self._by_token = {one: at for one, at in self._by_token.items() if at and at[-1] > now - _MINUTE}
        times = self._by_token.setdefault(token, deque())
        while times and times[0] <= now - _MINUTE:
            times.popleft()
        if len(times) >= self._most:
            raise TooManyRequests("more than {most} requests in a minute", most=self._most)
        times.append(now)


RATES = Rates()
MACHINES = Rates(MOST_OF_A_MACHINE)
ASKED: dict[tuple[str, str], str] = {}  # route and method -> permission, filled when the addresses are made


class Door(HttpBearer):
    """Who comes in with a token. Wrong ones are counted by machine."""

    def authenticate(self, request: HttpRequest, token: str) -> tokens.Bearer:
        at, vault = sessions.now(), opened.current()
        address = client_address(request)
        if address:  # behind a proxy that names nobody, machines are not told apart
            MACHINES.count(throttle.network(address))
        found = tokens.bearer(token, at)
        if found is None:
            whom = f"token\n{journal.digest(vault, token)}"
            throttle.checked(vault, "token", whom, address, at, lambda: None)
            raise NoToken("this token is none, or over, or revoked, or its account may not log in")
        RATES.count(found.token)
        request.user = found.user
        vars(request).update(_desk=Desk(vault, found.actor, at), _bearer=found)  # as requests of pages carry theirs
        route = getattr(request.resolver_match, "route", "")
        if (permission := ASKED.get((route, str(request.method)))) is not None:
            admit(request, permission)  # before anything that was sent is read
        return found


def bearer_of(request: HttpRequest) -> tokens.Bearer:
    found: tokens.Bearer = vars(request)["_bearer"]
    return found


def asks(permission: str, kind: journal.Kind = "view") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An address for who has a permission, and whose token is for it. What it said it shows is written down."""
    table()[permission]

    def made(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> Any:
            admit(request, permission)
            token = bearer_of(request).token
            answer = once(request, token, lambda: function(request, *arguments, **named))
            objects, words = getattr(request, "_seen", ([], ""))
            if objects or words or kind == "export":
                with storing():
                    what = f"api {function.__name__}"
                    journal.write(desk_of(request), "search" if words else kind, what, objects, asked=words)
            return answer

        vars(guarded)["permission"] = permission  # a test reads it of every address
        return guarded

    return made


def admit(request: HttpRequest, permission: str) -> Desk:
    """The desk of whoever asks, where it may. Raises NotAllowed, and leaves a line that somebody tried."""
    desk, asked = desk_of(request), table()[permission]
    if not desk.may(permission):
        with storing():
            journal.write(desk, "refused", permission)
        raise _refused(desk, permission)
    if asked.recent and not bearer_of(request).recent:
        raise PassphraseAgain("{what}: this asks the passphrase again", what=Sentence(asked.words["en"]))
    return desk


def _refused(desk: Desk, permission: str) -> NotAllowed:
    actor = desk.actor
    whole = isinstance(actor, Account) and actor.only is not None and permission not in actor.only
    return (
        OutOfScope(Sentence("this token is not for {permission}", permission=permission))
        if whole
        else refusal(desk, permission)
    )


def file(content: bytes, name: str) -> HttpResponse:
    """Bytes as a file to keep."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type="application/octet-stream", headers=headers)
