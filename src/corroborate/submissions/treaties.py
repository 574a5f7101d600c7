"""Which State is bound by which treaty, and hears complaints of single people under it."""

from dataclasses import dataclass

from corroborate.errors import InvalidValue
from corroborate.vocabulary import country_names, load

BOUND = ("party", "member")


@dataclass(frozen=True, slots=True)
class Bond:
    """A State and a treaty. ``complaints``: yes, no, unknown, or empty where the treaty knows none."""

    state: str  # ISO 3166-1 alpha-2
    treaty: str
    status: str  # party, signed, not, member, not_a_member
    date: str
    complaints: str
    disputed: bool  # sources contradict each other
    checked: str

    @property
    def bound(self) -> bool:
        return self.status in BOUND


def states() -> tuple[str, ...]:
    """The States whose treaties the register holds."""
    return tuple(dict.fromkeys(str(entry.more["state"]) for entry in load("treaties").entries.values()))


def bond(state: str, treaty: str) -> Bond:
    """Raises InvalidValue for a State or treaty that the register does not hold: nothing is guessed."""
    entry = load("treaties").entries.get(f"{state}.{treaty}")
    if entry is None:
        raise InvalidValue(
            "the register does not say whether {state} is bound by {treaty}: look it up (treaties.un.org); it holds "
            "{listed}",
            state=country_names().get(state, {}).get("en", state),
            treaty=treaty,
            listed=", ".join(states()),
        )
    more = entry.more
    return Bond(
        state,
        treaty,
        str(more["status"]),
        str(more.get("date", "")),
        str(more.get("complaints", "")),
        bool(more.get("disputed")),
        entry.checked,
    )


def bound_by(treaty: str) -> tuple[str, ...]:
    """The States of the register that a treaty binds."""
    return tuple(state for state in states() if bond(state, treaty).bound)
