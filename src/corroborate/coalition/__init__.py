"""The coalition: members each their own master, statements they sign byte for byte, demands and what came of them."""

from corroborate.coalition.demands import STATUSES, Demand, Event, demands, timeline
from corroborate.coalition.members import Member, read_members, register
from corroborate.coalition.statements import Choice, Round, SignOn, Standing, Version, compare, sign

__all__ = [
    "STATUSES",
    "Choice",
    "Demand",
    "Event",
    "Member",
    "Round",
    "SignOn",
    "Standing",
    "Version",
    "compare",
    "demands",
    "read_members",
    "register",
    "sign",
    "timeline",
]
