"""What somebody outside may see under a grant, and on which days. Pure: the caller brings the day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from corroborate.errors import InvalidValue

State = Literal["waits", "early", "open", "over", "closed", "revoked"]
LONGEST = 366  # days; whoever needs more is given another, so that somebody looks at it once a year


@dataclass(frozen=True, slots=True)
class Terms:
    """From when until when a grant holds, both days included."""

    begins: date
    until: date

    def __post_init__(self) -> None:
        if self.until < self.begins:
            raise InvalidValue(
                "a grant from {begins} ends before it begins, on {until}",
                begins=self.begins.isoformat(),
                until=self.until.isoformat(),
            )
        if (self.until - self.begins).days > LONGEST:
            raise InvalidValue(
                "a grant holds for {longest} days at most: make another when it is over", longest=LONGEST
            )

    def within(self, ends: Iterable[date | None]) -> "Terms":
        """The same, and not longer than what it stands on: a release, or a consent. Raises InvalidValue."""
        return Terms(
            self.begins, min((one for one in ends if one is not None and one < self.until), default=self.until)
        )


def state(terms: Terms, on: date, *, waits: bool, revoked: bool, stands: bool) -> State:
    """What a grant is on a day. ``waits``: for its second person; ``stands``: its release may be given today.

    What shuts is asked first: nothing opens a grant that was revoked, or whose release may no longer go.
    """
    if revoked:
        return "revoked"
    if on > terms.until:
        return "over"
    if waits:
        return "waits"
    if not stands:
        return "closed"
    return "early" if on < terms.begins else "open"


__all__ = ["LONGEST", "State", "Terms", "state"]
