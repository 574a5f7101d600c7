"""Which consents the vault does not rely on."""

from dataclasses import dataclass
from typing import Any

from corroborate_node.records import queries


@dataclass(frozen=True, slots=True)
class Blocked:
    """A consent that is not relied on, and whether a later one of its source says the same again."""

    consent: str
    source: str
    title: str
    why: str
    allowed_again: bool


def blocked(who: Any = None) -> list[Blocked]:
    """Consents of sources that still stand, which the vault does not rely on; ``who``: those that somebody may see."""
    given = queries.consents()
    allowed = {one.source for one in given if not one.blocked and "name" in one.uses and one.audience != "own"}
    waiting = [one for one in given if one.blocked and one.withdrawn is None]
    called = queries.called_among({one.source for one in waiting})
    found = [
        Blocked(one.id, one.source, called[one.source], one.blocked, one.source in allowed)
        for one in waiting
        if one.source in called
    ]
    if who is not None:
        here = set(queries.sources_among(who, sorted({one.source for one in found})))
        found = [one for one in found if one.source in here]
    return sorted(found, key=lambda one: (len(one.title), one.title, one.consent))  # row 2 before row 10
