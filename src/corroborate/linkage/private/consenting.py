"""What consent lets leave: which people may be encoded at all, and what of each may be revealed to the other side.

A person's claims come from several sources, and each speaks for its own claims alone. ``link`` before the coalition, or
before the other side by name, lets a claim go into a filter; while it still holds on the day of the answer, the other
side may learn that we hold this person too. ``name`` lets the names be told, ``quote`` the other facts. Silence is
"no".
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from corroborate.linkage.entries import PersonEntry
from corroborate.linkage.entries import entry_of as said_of
from corroborate.linkage.private.agreement import REVEALS, Reveal
from corroborate.records import Claim, Consent, Leaving, Permissions, Use
from corroborate.records.schema import compared, names_of_type

_COMPARED = compared(privately=True)
NAMES = tuple(one for one in _COMPARED if one in names_of_type("name"))
FACTS = tuple(one for one in _COMPARED if one not in NAMES)  # what two entries are compared by, and no more


def towards(consents: Iterable[Consent], body: str, on: date) -> Permissions:
    """What a vault's sources allow towards one other side, by its name, as a member of the coalition."""
    return Permissions.of(consents, "coalition", on, body)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the other side may learn of a person, and why not more."""

    reveal: Reveal
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    withheld: tuple[str, ...] = ()  # reasons, for our own eyes


def entry_of(person: int, claims: Sequence[Claim], permissions: Permissions) -> PersonEntry | None:
    """What may be encoded of a person, from the claims whose sources allow linking. None: nothing may, or no name."""
    return entry_from(person, [one for one in claims if permissions.allows("link", one.source)])


def entry_from(person: int, claims: Sequence[Claim]) -> PersonEntry | None:
    """What claims say of a person, as linkage compares people. None: they say no name."""
    entry = said_of(claims, row=person)
    return entry if entry.names else None


def _said(claim: Claim) -> str:
    return str(getattr(claim.value, "text", claim.value))


def shown(
    claims: Sequence[Claim], permissions: Permissions, most: Reveal, told_of: Collection[str] | None = None
) -> Shown:
    """What may be told of a person whom both sides hold, at ``most`` what agreement and keeper let.

    ``told_of``: the claims that a release lets be told, where less than consent allows.
    """
    linkable = [one for one in claims if one.property in NAMES and permissions.allows("link", one.source)]
    if most == "nothing":
        return Shown("nothing", withheld=("its keeper decided so",))
    if not linkable:
        return Shown("nothing", withheld=("no source of a name allows linking before them on this day",))
    if most == "held":
        return Shown("held")
    leaving = Leaving.of(permissions, claims)
    told: dict[str, list[str]] = {}
    withheld = []
    for one in claims:
        if one.property not in (*NAMES, *FACTS):
            continue
        use: Use = "name" if one.property in NAMES else "quote"
        if (told_of is None or one.id in told_of) and leaving.allows(use, one):
            told.setdefault(one.property, []).append(_said(one))
        else:
            withheld.append(f"{one.property}: {one.source} does not allow it")
    if not told:
        return Shown("held", withheld=tuple(withheld))
    return Shown("fields", {key: tuple(dict.fromkeys(values)) for key, values in told.items()}, tuple(withheld))


def narrower(one: Reveal, other: Reveal) -> Reveal:
    """The one that reveals less."""
    return REVEALS[min(REVEALS.index(one), REVEALS.index(other))]
