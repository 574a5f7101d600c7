"""The coalition: members each their own master, statements they sign byte for byte, demands and what came of them."""

from corroborate.coalition.actions import KINDS, Action, Proposal, calendar, merged, proposals
from corroborate.coalition.demands import (
    ANSWERS,
    STATUSES,
    Access,
    Criterion,
    Demand,
    Event,
    Reading,
    demands,
    status_of,
    timeline,
)
from corroborate.coalition.members import Member, read_members, register
from corroborate.coalition.statements import Choice, Response, Round, SignOn, Version, compare, sign
from corroborate.coalition.targets import Addressee, Commitment, Contact, Vote, letters, read_votes

__all__ = [
    "ANSWERS",
    "KINDS",
    "STATUSES",
    "Access",
    "Action",
    "Addressee",
    "Choice",
    "Commitment",
    "Contact",
    "Criterion",
    "Demand",
    "Event",
    "Member",
    "Proposal",
    "Reading",
    "Response",
    "Round",
    "SignOn",
    "Version",
    "Vote",
    "calendar",
    "compare",
    "demands",
    "letters",
    "merged",
    "proposals",
    "read_members",
    "read_votes",
    "register",
    "sign",
    "status_of",
    "timeline",
]
