"""How often a secret may be wrong. Kept in the database, so that a restart forgives nothing.

Each try is written down before it is checked: many at once find no gap. A right one takes back those of its account.
Nobody is locked out for good, since whoever knows a name could then lock its owner out.
"""

import hashlib
import hmac
import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from corroborate.errors import NotAllowed
from corroborate.translation import Sentence
from corroborate_node.core.models import WrongTry
from corroborate_node.core.opened import Vault
from corroborate_node.core.storing import storing

T = TypeVar("T")
REMEMBERED = timedelta(hours=24)
SECOND = "second factor\n"  # before a name: wrong codes count by themselves, and a right passphrase forgives none


@dataclass(frozen=True, slots=True)
class Limit:
    """``free`` wrong tries wait for nothing; each one after doubles the wait, from ``first`` up to ``most``."""

    free: int
    first: timedelta
    most: timedelta


BY_ACCOUNT = Limit(5, timedelta(seconds=30), timedelta(hours=1))
BY_ADDRESS = Limit(20, timedelta(seconds=30), timedelta(hours=1))


class TooManyTries(NotAllowed):
    """Too many wrong secrets: the next is looked at after ``until``."""

    remedy = "Wait, then try again. Whoever forgot a passphrase asks the keeper for a one-time one."

    def __init__(self, until: datetime, at: datetime) -> None:
        self.seconds = max(1, round((until - at).total_seconds()))
        super().__init__("too many wrong tries: the next one is looked at in {time}", time=spoken(self.seconds))


def spoken(seconds: int) -> str:
    if seconds <= 90:
        return Sentence(("{seconds} second", "{seconds} seconds"), seconds=seconds)
    return Sentence(("{minutes} minute", "{minutes} minutes"), minutes=-(-seconds // 60))


def waits(wrong: Sequence[datetime], limit: Limit) -> datetime | None:
    """Until when nothing more is looked at, after these wrong tries; None where the next one is free."""
    over = len(wrong) - limit.free
    if over < 0:
        return None
    doubled = limit.first * (1 << min(over, 20))
    return max(wrong) + min(doubled, limit.most)


def checked(
    vault: Vault,
    place: str,
    whom: str,
    address: str,
    at: datetime,
    check: Callable[[], T | None],
) -> T | None:
    """What ``check`` gives for a secret, None for a wrong one. Raises TooManyTries before it looks.

    ``place``: where it was asked, as log-in; ``whom``: the account's name, as typed, or a code's digest; empty where
    machines alone are counted. Nothing is counted for everybody together: whoever has many addresses could then keep
    everybody out.
    """
    key, address = _whom(vault, whom) if whom else "", network(address)
    with storing():  # immediate: no two tries read the same count
        WrongTry.objects.filter(at__lt=at - REMEMBERED).delete()
        for field, value, limit in (("whom", key, BY_ACCOUNT), ("address", address, BY_ADDRESS)):
            wrong = list(WrongTry.objects.filter(**{field: value}).values_list("at", flat=True)) if value else []
            until = waits(wrong, limit) if wrong else None
            if until is not None and at < until:
                raise TooManyTries(until, at)
        WrongTry.objects.create(place=place, whom=key, address=address, at=at)
    found = check()
    if found is not None and whom:
        forgive(vault, whom)
    return found


def as_if_counted(place: str, at: datetime) -> None:
    """For a secret of something that is not here: write as much as where a wrong one is counted for what is. One write
    to the disk is some milliseconds, which would tell the two apart; a row that stays as it is is not written."""
    last = WrongTry.objects.filter(place=place, at=at).order_by("-pk").values("pk")[:1]
    with storing():
        WrongTry.objects.filter(pk__in=last).update(at=at + timedelta(microseconds=1))


def network(address: str) -> str:
    """What counts as one machine: an IPv4 address, or the 64 leading bits of an IPv6 one, since whoever has one address
    there has 2^64 (RFC 6177). What is no address stays as it is."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(read, ipaddress.IPv4Address):
        return str(read)
    return str(read.ipv4_mapped or ipaddress.IPv6Network((int(read), 64), strict=False))


def forgive(vault: Vault, whom: str) -> int:
    """Forget the wrong tries of what was asked for; how many there were."""
    with storing():
        return WrongTry.objects.filter(whom=_whom(vault, whom)).delete()[0]


def forgive_account(vault: Vault, name: str) -> int:
    """Forget an account's wrong passphrases and wrong codes; how many there were."""
    return forgive(vault, name) + forgive(vault, SECOND + name.strip())


def _whom(vault: Vault, whom: str) -> str:
    return hmac.new(vault.session_key, b"try\n" + whom.strip().casefold().encode(), hashlib.sha256).hexdigest()
