"""Consent, in one room: what words say, what a source allows, and whether something may be done on a day."""

from corroborate.records.consent.giving import AUDIENCES, USES, Audience, Consent, Use, allows
from corroborate.records.consent.reading import (
    NOTHING_SAID,
    Answer,
    Asks,
    Reading,
    RowConsent,
    column_asks,
    read_consent,
    refusal_in,
    row_consent,
)

__all__ = [
    "AUDIENCES",
    "NOTHING_SAID",
    "USES",
    "Answer",
    "Asks",
    "Audience",
    "Consent",
    "Reading",
    "RowConsent",
    "Use",
    "allows",
    "column_asks",
    "read_consent",
    "refusal_in",
    "row_consent",
]
