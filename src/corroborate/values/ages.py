"""Ages as exact as their source."""

from dataclasses import dataclass

from corroborate.errors import InvalidValue

OLDEST = 125  # years; nobody is known to have been older than 122


@dataclass(frozen=True, slots=True)
class Age:
    """Completed years since birth (the international count), both ends included. ``approximate``: the source says
    *about*. ``words``: the cell as it was. An end that the source leaves open (*over 60*) is ``OLDEST``."""

    lowest: int
    highest: int
    approximate: bool = False
    words: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.lowest <= self.highest <= OLDEST:
            raise InvalidValue("{lowest} to {highest} is no age of a person", lowest=self.lowest, highest=self.highest)

    @property
    def ends(self) -> int | None:
        """The highest age, or None where that end is open."""
        return None if self.lowest < self.highest == OLDEST else self.highest

    def __str__(self) -> str:
        if self.ends is None:
            return ("~" if self.approximate else "") + f"{self.lowest}+"
        years = str(self.lowest) if self.lowest == self.highest else f"{self.lowest}-{self.highest}"
        return ("~" if self.approximate else "") + years
