"""The one door out: what an audience may see on a day, as a frozen value that publications read."""

from corroborate.disclosure.door import SMALL, Campaign, Evidence, release
from corroborate.disclosure.shown import (
    CellShown,
    DemandShown,
    EstimateShown,
    EventShown,
    FindingShown,
    MemberShown,
    PersonShown,
    PointShown,
    Release,
    SignOnShown,
    StatementShown,
)

__all__ = [
    "SMALL",
    "Campaign",
    "CellShown",
    "DemandShown",
    "EstimateShown",
    "EventShown",
    "Evidence",
    "FindingShown",
    "MemberShown",
    "PersonShown",
    "PointShown",
    "Release",
    "SignOnShown",
    "StatementShown",
    "release",
]
