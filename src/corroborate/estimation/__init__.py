"""Multiple systems estimation: how many people nobody documented, with doubt that can be trusted."""

from corroborate.estimation.estimate import ASSUMPTIONS, Estimate, Summary, estimate
from corroborate.estimation.sensitivity import Point
from corroborate.estimation.two_lists import chapman

__all__ = ["ASSUMPTIONS", "Estimate", "Point", "Summary", "chapman", "estimate"]
