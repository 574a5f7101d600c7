"""Sessions of accounts: listed, ended, and how long ago a passphrase was given in each."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest

from corroborate_node.core.access.middleware import client_address
from corroborate_node.core.models import LogIn

RECENT = timedelta(minutes=10)  # so long a passphrase counts before keys, accounts and exports
TOUCH = timedelta(minutes=1)
_GIVEN = "passphrase given"


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def given(request: HttpRequest, at: datetime) -> None:
    """The account has just given its passphrase in this session."""
    request.session[_GIVEN] = at.isoformat()


def is_recent(request: HttpRequest, at: datetime) -> bool:
    """Whether the passphrase was given in this session a short while ago."""
    said = request.session.get(_GIVEN)
    return bool(said) and timedelta(0) <= at - datetime.fromisoformat(str(said)) <= RECENT


def touched(request: HttpRequest, at: datetime) -> None:
    """The session is still used; written once a minute."""
    key = request.session.session_key
    LogIn.objects.filter(session=key, seen__lt=at - TOUCH).update(seen=at)


def end(session: str) -> None:
    """End one session, wherever it is open."""
    SessionStore(session).delete()
    LogIn.objects.filter(session=session).delete()


def end_all(user: Any, but: str = "") -> int:
    """End the sessions of an account; how many."""
    open_ = list(LogIn.objects.filter(user=user).exclude(session=but).values_list("session", flat=True))
    for session in open_:
        end(session)
    return len(open_)


def moved(request: HttpRequest) -> None:
    """A session that goes on under another key, after the passphrase was changed."""
    request.session.save()
    user: Any = request.user  # an account: nobody else has a passphrase to change
    _began(None, request, user)
    listed = LogIn.objects.filter(user=user).exclude(session=request.session.session_key)
    listed.delete()  # the change ended them


def _began(sender: Any, request: HttpRequest, user: Any, **_more: Any) -> None:
    at = now()
    if request.session.session_key is None:
        request.session.save()
    given(request, at)
    about = {"user": user, "began": at, "seen": at, "address": client_address(request)}
    program = str(request.headers.get("User-Agent") or "")[:120]
    LogIn.objects.update_or_create(session=request.session.session_key, defaults={**about, "program": program})


def _ended(sender: Any, request: HttpRequest, user: Any, **_more: Any) -> None:
    LogIn.objects.filter(session=request.session.session_key or "").delete()


def listen() -> None:
    """Keep the list as people log in and out."""
    user_logged_in.connect(_began, dispatch_uid="core sessions")
    user_logged_out.connect(_ended, dispatch_uid="core sessions")
