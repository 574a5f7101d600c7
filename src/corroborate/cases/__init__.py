"""Cases: findings against the elements of crimes, by independent roots."""

from corroborate.cases.corroboration import Account, Corroboration, Difference, Level, Likeness, accounts, corroborated
from corroborate.cases.findings import STANDARD, Finding, Lineup, Spoken, Support, findings, support_of
from corroborate.cases.independence import TIES, Fewest, HangsOn, Origins, Tie, TieKind, fewest, hangs_on, origins

__all__ = [
    "STANDARD",
    "TIES",
    "Account",
    "Corroboration",
    "Difference",
    "Fewest",
    "Finding",
    "HangsOn",
    "Level",
    "Likeness",
    "Lineup",
    "Origins",
    "Spoken",
    "Support",
    "Tie",
    "TieKind",
    "accounts",
    "corroborated",
    "fewest",
    "findings",
    "hangs_on",
    "origins",
    "support_of",
]
