"""How many, as exact as the source."""

from dataclasses import dataclass

from corroborate.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of people, both ends included. ``highest``: None where the source names no end. ``approximate``: the
    source says *about*, or uses a word (several, dozens) whose ends are its usual ones and no bounds. ``words``: as
    they were."""

    lowest: int
    highest: int | None
    approximate: bool = False
    words: str = ""

    def __post_init__(self) -> None:
        if self.lowest < 0 or (self.highest is not None and self.highest < self.lowest):
            raise InvalidValue("{lowest} to {highest} is no number", lowest=self.lowest, highest=self.highest)

    @property
    def named(self) -> int | None:
        """The one number that the source names; None where it names two, or an end, or none."""
        return self.lowest if self.lowest == self.highest else None

    @property
    def exact(self) -> bool:
        """Whether it is one number, and the source says no *about*."""
        return self.named is not None and not self.approximate

    def __str__(self) -> str:
        number = str(self.lowest) if self.highest == self.lowest else f"{self.lowest}-{self.highest}"
        return ("~" if self.approximate else "") + (f"{self.lowest}+" if self.highest is None else number)
