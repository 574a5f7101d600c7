"""Which consents the vault does not rely on."""

from dataclasses import dataclass

from corroborate_node.records import queries


@dataclass(frozen=True, slots=True)
class Blocked:
    """A consent that is not relied on, and whether a later one of its source says the same again."""

    consent: str
    source: str
    title: str
    why: str
    allowed_again: bool


def blocked() -> list[Blocked]:
    """Consents of sources that still stand, which the vault does not rely on."""
    given = queries.consents()
    standing = {one.source for one in given if not one.blocked and "name" in one.uses and one.audience != "own"}
    sources = queries.sources()
    found = [
        Blocked(one.id, one.source, sources[one.source].title, one.blocked, one.source in standing)
        for one in given
        if one.blocked and one.withdrawn is None and one.source in sources
    ]
    return sorted(found, key=lambda one: (len(one.title), one.title, one.consent))  # row 2 before row 10
