"""Linkage: the same person in several lists, scripts and spellings.

``link`` and ``dedupe`` take tables of pandas, polars, DuckDB or Arrow (:mod:`corroborate.linkage.tables`).
"""

from corroborate.linkage.calibration import (
    Calibration,
    calibrate,
    error_of_reviewers,
    expected_calibration_error,
    reliability,
)
from corroborate.linkage.card import Card, read_card
from corroborate.linkage.charts import alone, cluster_chart, m_and_u, waterfall_chart, weakest
from corroborate.linkage.draws import draws
from corroborate.linkage.engine import Engine
from corroborate.linkage.engines import ENGINES
from corroborate.linkage.entries import PersonEntry
from corroborate.linkage.linking import Conflict, Linkage, Options, ScoredPair, Weight, card_of, waterfall
from corroborate.linkage.quality import Quality, quality
from corroborate.linkage.report import Summary, html_report, summary
from corroborate.linkage.strata import STRATA, by_strata
from corroborate.linkage.tables import FIELDS, Linked, dedupe, entries_of_table, link

__all__ = [
    "ENGINES",
    "FIELDS",
    "STRATA",
    "Calibration",
    "Card",
    "Conflict",
    "Engine",
    "Linkage",
    "Linked",
    "Options",
    "PersonEntry",
    "Quality",
    "ScoredPair",
    "Summary",
    "Weight",
    "alone",
    "by_strata",
    "calibrate",
    "card_of",
    "cluster_chart",
    "dedupe",
    "draws",
    "entries_of_table",
    "error_of_reviewers",
    "expected_calibration_error",
    "html_report",
    "link",
    "m_and_u",
    "quality",
    "read_card",
    "reliability",
    "summary",
    "waterfall",
    "waterfall_chart",
    "weakest",
]
