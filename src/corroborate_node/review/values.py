"""What review takes in and tells: values that every module here may know, and that know none of them."""

from dataclasses import dataclass

from corroborate.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Proposed:
    """A pair that a linkage proposes: two people of this vault."""

    left: str
    right: str
    probability: float
    weight: float | None = None
    lists: tuple[str, str] = ("", "")  # where the two stand, for what a match does to the estimate

    def __post_init__(self) -> None:
        if self.left == self.right:
            raise InvalidValue("{left} is proposed as a pair with itself", left=self.left)
        if not 0 <= self.probability <= 1:
            raise InvalidValue("{probability} is no probability", probability=self.probability)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Pairs taken in: new ones, ones that were here, and ones with an entry that is not in this vault."""

    new: int
    before: int
    elsewhere: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pair that nobody has judged."""

    pair: int
    left: str
    right: str
    left_names: tuple[str, ...]
    right_names: tuple[str, ...]
    probability: float
    worth: float
