"""Tokens: with what a program comes in for an account, until a day, for permissions that the account has itself.

A token is shown once and kept as a digest. It does what its account may at that moment, of what it names; never what
is about the account itself, and never what needs a second person, who is to look at what they confirm. What asks the
passphrase again on a page asks it of a token too.
"""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from corroborate.errors import InvalidValue, NotAllowed
from corroborate_node.core import accounts, factors
from corroborate_node.core.actors import Account, actor_of
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.models import Token
from corroborate_node.core.permissions import Permission, table
from corroborate_node.core.sessions import RECENT

LONGEST = timedelta(days=90)
TOUCH = timedelta(minutes=1)
MOST = 20  # tokens of an account that hold
_PREFIX = "corroborate_"  # so that a program that looks for lost secrets knows one
_NEVER = ("token.make",)


@dataclass(frozen=True, slots=True)
class Shown:
    """A token as its account sees it. ``state``: holds, over, revoked."""

    id: int
    account: str
    name: str
    scopes: tuple[str, ...]
    made: datetime
    until: datetime
    used: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who came in with a token. ``recent``: their passphrase was given with it a short while ago."""

    token: int
    user: Any
    actor: Account
    recent: bool


def may_be_named(permission: Permission) -> bool:
    """Whether a token can name a permission at all."""
    return not (permission.everyone or permission.second or permission.name in _NEVER)


def offered(desk: Desk) -> list[Permission]:
    """Permissions that whoever sits at a desk can give to a token."""
    return [one for one in table().permissions.values() if may_be_named(one) and desk.may(one.name)]


@act("token.make", ways=("page tokens", "command tokens make"), objects=lambda *_, **__: [])
def make(desk: Desk, name: str, scopes: Iterable[str], until: datetime) -> str:
    """Make a token for oneself; the token, this once. Raises InvalidValue, NotAllowed."""
    user, said, asked = accounts.user_of(desk.actor), " ".join(name.split()), sorted(set(scopes))
    if user is None:
        raise NotAllowed("a token is an account's: give yours (--as NAME)")
    if not said or len(said) > 60 or not said.isprintable():
        raise InvalidValue("give the token a name, of 60 letters at most: which program uses it")
    if not asked:
        raise InvalidValue("say what the token is for: it does nothing else")
    known = {one.name for one in offered(desk)}
    if refused := [one for one in asked if one not in known]:
        raise InvalidValue(
            "a token of this account cannot be for {scope!r}; it can be for {known}",
            scope=refused[0],
            known=", ".join(sorted(known)),
        )
    if not desk.at < until <= desk.at + LONGEST:
        raise InvalidValue("a token holds for {days} days at most", days=LONGEST.days)
    if Token.objects.filter(user=user, revoked=None, until__gt=desk.at).count() >= MOST:
        raise InvalidValue("an account has {most} tokens at most: revoke one that is not used", most=MOST)
    secret = _PREFIX + base64.urlsafe_b64encode(desk.entropy(32)).decode().rstrip("=")
    Token.objects.create(user=user, name=said, digest=_digest(secret), scopes=asked, made=desk.at, until=until)
    return secret


@act("token.revoke", "account.own", ways=("page tokens",), objects=lambda *_: [], standing_back=True)
def revoke(desk: Desk, token: int) -> None:
    """End one of one's own tokens."""
    found = Token.objects.filter(pk=token, user=accounts.user_of(desk.actor), revoked=None)
    if not found.update(revoked=desk.at):
        raise InvalidValue("this token has ended already")


@act(
    "token.revoke-all",
    "account.keep",
    ways=("command tokens revoke",),
    objects=lambda name: [f"account/{name}"],
    standing_back=True,
)
def revoke_all(desk: Desk, name: str) -> int:
    """End every token of an account; how many held."""
    held = Token.objects.filter(user=accounts.known(name), revoked=None, until__gt=desk.at)
    return held.update(revoked=desk.at)


def of(user: Any, at: datetime) -> list[Shown]:
    """Tokens of an account, newest first."""
    return _shown(Token.objects.filter(user=user), at)


def every(desk: Desk) -> list[Shown]:
    """Tokens of every account. Raises NotAllowed."""
    desk.require("account.keep")
    return _shown(Token.objects.all(), desk.at)


def _shown(rows: Any, at: datetime) -> list[Shown]:
    def state(one: Token) -> str:
        return "revoked" if one.revoked else "over" if one.until <= at else "holds"

    return [
        Shown(one.pk, one.user.get_username(), one.name, tuple(one.scopes), one.made, one.until, one.used, state(one))
        for one in rows.select_related("user").order_by("-id")
    ]


def bearer(said: str, at: datetime) -> Bearer | None:
    """Who comes in with a token; None where it is none, over or revoked, or where its account could not log in."""
    row = Token.objects.filter(digest=_digest(said), revoked=None, until__gt=at).select_related("user").first()
    if row is None or not accounts.chosen(row.user) or factors.missing(row.user):
        return None
    actor = actor_of(row.user)
    if not isinstance(actor, Account):
        return None
    if row.used is None or row.used < at - TOUCH:
        Token.objects.filter(pk=row.pk).update(used=at)
    limited = replace(actor, only=frozenset(row.scopes))
    vars(row.user)["_actor"] = limited  # queries that are asked with this user see what the token may
    recent = row.confirmed is not None and timedelta(0) <= at - row.confirmed <= RECENT
    return Bearer(row.pk, row.user, limited, recent)


def confirm(token: int, at: datetime) -> None:
    """The account's passphrase has just been given with a token."""
    Token.objects.filter(pk=token).update(confirmed=at)


def _digest(secret: str) -> str:
    return hashlib.sha256(b"token\n" + secret.encode()).hexdigest()  # of 256 random bits: nothing to guess
