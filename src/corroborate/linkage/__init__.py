"""Linkage: the same person in several lists, scripts and spellings."""

from corroborate.linkage.entries import PersonEntry
from corroborate.linkage.linking import Linkage, Options, ScoredPair, dedupe, link, waterfall
from corroborate.linkage.quality import Quality, quality

__all__ = ["Linkage", "Options", "PersonEntry", "Quality", "ScoredPair", "dedupe", "link", "quality", "waterfall"]
