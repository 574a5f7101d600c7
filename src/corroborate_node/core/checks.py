"""What a check of everything says."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. ``advice``: nothing is wrong, yet something should be done."""

    about: str
    state: Literal["good", "advice", "wrong"]
    found: str
