"""Linkage: the same person in several lists, scripts and spellings."""

from corroborate.linkage.entries import PersonEntry
from corroborate.linkage.linking import Linkage, Options, Quality, ScoredPair, dedupe, link, quality

__all__ = ["Linkage", "Options", "PersonEntry", "Quality", "ScoredPair", "dedupe", "link", "quality"]
