"""Multiple systems estimation: how many people nobody documented, with doubt that can be trusted."""

from corroborate.estimation.combining import over_linkage, side_by_side
from corroborate.estimation.estimate import Settings, estimate
from corroborate.estimation.results import Estimate, Progress, Summary
from corroborate.estimation.sensitivity import Point
from corroborate.estimation.stratified import by_strata
from corroborate.estimation.tables import methods_of, overlap_of
from corroborate.estimation.two_lists import chapman
from corroborate.vocabulary.assumptions import ASSUMPTIONS, ASSUMPTIONS_IN

__all__ = [
    "ASSUMPTIONS",
    "ASSUMPTIONS_IN",
    "Estimate",
    "Point",
    "Progress",
    "Settings",
    "Summary",
    "by_strata",
    "chapman",
    "estimate",
    "methods_of",
    "over_linkage",
    "overlap_of",
    "side_by_side",
]
