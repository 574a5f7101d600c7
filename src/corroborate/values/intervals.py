"""A number with its doubt."""

from dataclasses import dataclass

from corroborate.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class Interval:
    """Low, middle and high of one estimate. Unit: that of the function that made it."""

    low: float
    estimate: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.estimate <= self.high:
            raise InvalidValue(
                "{low}, {estimate}, {high} are not in order", low=self.low, estimate=self.estimate, high=self.high
            )
