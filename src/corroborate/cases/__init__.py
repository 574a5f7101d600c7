"""Cases: findings against the elements of crimes, by independent roots."""

from corroborate.cases.findings import STANDARD, Finding, Support, findings

__all__ = ["STANDARD", "Finding", "Support", "findings"]
