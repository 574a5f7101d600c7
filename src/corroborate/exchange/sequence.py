"""Which bundles of a sender came, in which order, and what is missing: the receiver's side of one pair of members.

Every bundle says which it is among those of its sender to one receiver, and names the one before it by digest. So what
was lost, doubled, late or sent by a vault that was set back is seen by whoever receives, from the bundles alone. Pure:
what came and a chain in, the new chain and what is to be said out.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from corroborate.errors import InvalidValue

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bundle stands among those of its sender to one receiver."""

    number: int  # from 1
    before: str = ""  # SHA-256, in hex, of the age file before it; empty of the first

    def __post_init__(self) -> None:
        if self.number < 1 or (self.number > 1) != bool(self.before) or self.number > 10**9:
            raise InvalidValue(
                "a bundle of number {number} names the one before it, and the first none", number=self.number
            )
        if self.before and _DIGEST.fullmatch(self.before) is None:
            raise InvalidValue("{before!r} is no SHA-256 of a bundle", before=self.before[:70])


@dataclass(frozen=True, slots=True)
class Came:
    """A bundle that came whole. ``log``: entries of its sender's log, as the bundle's own checkpoint says; 0: none."""

    place: Place
    digest: str  # SHA-256 of the age file, in hex
    log: int
    at: datetime  # by its sender's clock


@dataclass(frozen=True, slots=True)
class Held:
    """The largest size of the sender's log that we cosigned or heard of otherwise, and when we did."""

    log: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Chain:
    """All bundles of one sender that came here."""

    came: frozenset[Came] = frozenset()

    @property
    def newest(self) -> int:
        """The largest number; 0 where nothing came."""
        return max((one.place.number for one in self.came), default=0)

    @property
    def missing(self) -> tuple[int, ...]:
        """Numbers below the newest that did not come."""
        return absent(one.place.number for one in self.came)


def absent(numbers: Iterable[int]) -> tuple[int, ...]:
    """Those from 1 to below the largest that are not among some numbers."""
    here = set(numbers)
    return tuple(number for number in range(1, max(here, default=0)) if number not in here)


# --- what is to be said -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class New:
    """It came for the first time."""

    number: int


@dataclass(frozen=True, slots=True)
class Double:
    """These very bytes came before: nothing is to be done again."""

    number: int


@dataclass(frozen=True, slots=True)
class Missing:
    """Bundles before this one did not come yet: lost, or on their way."""

    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Late:
    """It was missing, and is here now. ``missing``: what still is."""

    number: int
    missing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WentBack:
    """Its sender knows less than it knew: an older copy of its vault sends, or it tells two stories.

    ``number``: other bytes came under this number; ``chain``: the one before it, or after it, is not the one that came;
    ``log``: its log is shorter than an earlier bundle showed; ``witnessed``: shorter than we had cosigned or heard of
    when it says that it was made; ``silent``: it shows nothing of its log, as every bundle of ours does, so that nobody
    sees whether its sender was set back.
    """

    number: int
    why: Literal["number", "chain", "log", "witnessed", "silent"]
    log: int = 0  # what it shows
    held: int = 0  # what it should show at least


Effect = New | Double | Missing | Late | WentBack


def arrive(chain: Chain, came: Came, held: Held | None = None) -> tuple[Chain, tuple[Effect, ...]]:
    """The chain after a bundle came, and what is to be said of it."""
    number = came.place.number
    if any(one.digest == came.digest for one in chain.came):
        return chain, (Double(number),)
    after = Chain(chain.came | {came})
    effects: list[Effect] = [New(number)]
    if back := _went_back(chain.came, came, held):
        effects.append(back)
    if number > chain.newest:
        if gap := tuple(range(chain.newest + 1, number)):
            effects.append(Missing(gap))
    elif number in chain.missing:
        effects.append(Late(number, after.missing))
    return after, tuple(effects)


def _went_back(before: Iterable[Came], came: Came, held: Held | None) -> WentBack | None:
    number, here = came.place.number, tuple(before)
    if any(one.place.number == number for one in here):
        return WentBack(number, "number")
    earlier = {one.digest for one in here if one.place.number == number - 1}
    later = {one.place.before for one in here if one.place.number == number + 1}
    if (earlier and came.place.before not in earlier) or (later and came.digest not in later):
        return WentBack(number, "chain")
    if came.log:
        # what an earlier one showed, a later one must show; it may be either of the two that comes last
        most = max((one.log for one in here if one.place.number < number), default=0)
        least = min((one.log for one in here if one.place.number > number and one.log), default=came.log)
        if came.log < most or came.log > least:
            return WentBack(number, "log", min(came.log, least), max(most, came.log))
        # a bundle that was long on its way is older than what we heard since; one that was made after that is not
        if held is not None and came.log < held.log and came.at > held.at:
            return WentBack(number, "witnessed", came.log, held.log)
        return None
    return WentBack(number, "silent")


__all__ = ["Came", "Chain", "Double", "Effect", "Held", "Late", "Missing", "New", "Place", "WentBack", "arrive"]
