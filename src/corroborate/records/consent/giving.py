"""What a source allows: use by audience, from one day until another. Silence is "no"."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from corroborate.errors import InvalidValue
from corroborate.values import JSON, canonical, checked_id

Use = Literal["hold", "link", "count", "quote", "name"]
Audience = Literal["own", "coalition", "named body", "public"]
USES: tuple[Use, ...] = ("hold", "link", "count", "quote", "name")
AUDIENCES: tuple[Audience, ...] = (
    "own",
    "coalition",
    "named body",
    "public",
)  # from the narrowest to the widest


@dataclass(frozen=True, slots=True)
class Consent:
    """A source's permission for some uses before one audience. ``body`` names the one body of ``named body``."""

    id: str
    source: str
    uses: frozenset[Use]
    audience: Audience
    begins: date
    ends: date | None = None  # last day on which it holds
    withdrawn: date | None = None  # first day on which it no longer holds
    body: str = ""

    def __post_init__(self) -> None:
        checked_id(self.id)
        checked_id(self.source)
        if unknown := self.uses - set(USES):
            raise InvalidValue(f"no such use: {', '.join(sorted(unknown))}")
        if self.audience not in AUDIENCES:
            raise InvalidValue(f"no such audience: {self.audience}")
        if (self.audience == "named body") != bool(self.body):
            raise InvalidValue("a consent for a named body must name it, and only such a consent does")

    def holds(self, use: Use, audience: Audience, on: date, body: str = "") -> bool:
        """Whether this consent allows the use before the audience on the day.

        A wider audience includes ``own`` and ``coalition``, never a named body: a body is always asked for by name.
        """
        if use not in self.uses or on < self.begins:
            return False
        if (self.ends is not None and on > self.ends) or (self.withdrawn is not None and on >= self.withdrawn):
            return False
        if audience == "named body":
            return self.audience == "public" or (self.audience == "named body" and self.body == body)
        if self.audience == "named body":
            return audience == "own"
        return AUDIENCES.index(audience) <= AUDIENCES.index(self.audience)

    def canonical(self) -> bytes:
        record: dict[str, JSON] = {
            "version": 1,
            "id": self.id,
            "source": self.source,
            "uses": [use for use in USES if use in self.uses],
            "audience": self.audience,
            "body": self.body,
            "begins": self.begins.isoformat(),
            "ends": None if self.ends is None else self.ends.isoformat(),
            "withdrawn": None if self.withdrawn is None else self.withdrawn.isoformat(),
        }
        return canonical(record)


def allows(consents: Iterable[Consent], use: Use, audience: Audience, on: date, body: str = "") -> bool:
    """Whether any of a source's consents allows it. No consent at all is "no"."""
    return any(consent.holds(use, audience, on, body) for consent in consents)
