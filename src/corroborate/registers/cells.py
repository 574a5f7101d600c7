"""What registers have in common: claims by whom they are about, and the words of a cell."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from corroborate.records import Claim, Reference, Term
from corroborate.vocabulary import load

Rows = tuple[Sequence[str], Sequence[Sequence[object]]]  # heading, rows
Said = Mapping[str, Sequence[Claim]]  # of one subject, by property
SEVERAL: Final = "; "


def words(claim: Claim) -> str:
    """What a claim says, as a cell has it."""
    value = claim.value
    if isinstance(value, Term):
        return load(value.vocabulary)[value.id].label["en"]
    return value.entity if isinstance(value, Reference) else str(getattr(value, "text", value))


def pointed(of: Said, name: str) -> list[str]:
    """Ids of whom or what the claims of a property point at."""
    return [one.value.entity for one in of.get(name, ()) if isinstance(one.value, Reference)]


def joined(cells: Iterable[str]) -> str:
    """Several values in the order of their words: the order of records would be the same before every reader."""
    return SEVERAL.join(sorted({one for one in cells if one}))


__all__ = ["SEVERAL", "Rows", "Said", "joined", "pointed", "words"]
