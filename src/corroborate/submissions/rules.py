"""What a procedure refuses: read from procedures.yaml, so that a lawyer can correct it without a programmer."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from corroborate.errors import InvalidValue
from corroborate.vocabulary import load

WORDS_A_PAGE = 500  # of single-spaced text; a limit in pages is checked with it, and said to be so


@dataclass(frozen=True, slots=True)
class Rules:
    """Empty, 0 and False: the procedure sets no such rule that we know of."""

    languages: tuple[str, ...] = ()  # ISO 639-1
    words: int = 0  # at most, of one organisation
    words_joint: int = 0  # at most, of several together
    pages: int = 0
    people: int = 0  # on one form
    deadline: str = ""  # a day (ISO 8601); "call": as each call says
    yearly: str = ""  # month and day of each year's last day
    closed: str = ""  # why nothing can be filed now
    instead: str = ""  # the procedure to look at instead
    treaty: str = ""  # that the State must be bound by
    complaints: bool = False  # and have accepted complaints of single people under
    after_entry: bool = False  # only what began after the treaty came into force for the State
    link: str = ""  # which State is meant
    earliest: str = ""  # day before which nothing is taken
    names: tuple[str, ...] = ()  # fields that name people
    to_state: bool = False  # the State is told what stands in them
    published: bool = False
    not_anonymous: str = ""  # the field that says who files
    excludes: tuple[str, ...] = ()  # procedures that may not have the same person at the same time
    address: str = ""  # the official page, to be opened on the day of filing

    def last_day(self, on: date, given: date | None) -> date | None:
        """The last day on which it can be filed, seen from a day; ``given``: what a call or session says."""
        if given is not None:
            return given
        if self.yearly:
            month, day = (int(part) for part in self.yearly.split("-"))
            this = date(on.year, month, day)
            return this if on <= this else date(on.year + 1, month, day)
        return date.fromisoformat(self.deadline) if self.deadline not in ("", "call") else None


def rules_of(procedure: str) -> Rules:
    """Raises InvalidValue for a rule that this version does not know: none is passed over."""
    told: Mapping[str, Any] = load("procedures")[procedure].more.get("rules", {})
    if unknown := set(told) - {one.name for one in fields(Rules)}:
        raise InvalidValue("procedures: {id} has the rule {unknown}, which is none", id=procedure, unknown=min(unknown))
    read: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in told.items()}
    return Rules(**read)
