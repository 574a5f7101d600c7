"""Claims, sources, consent, entities: pure data and rules.

The atom is the claim: who said what about whom, where it stands, on what basis, and who recorded it.
"""

from corroborate.records.claims import Basis, Claim, Reference, Term, Text, Value, read_value, write_value
from corroborate.records.consent import AUDIENCES, USES, Audience, Consent, Use, allows
from corroborate.records.judgements import Clusters, Judgement, Verdict
from corroborate.records.sources import Entity, Source, roots_of

__all__ = [
    "AUDIENCES",
    "USES",
    "Audience",
    "Basis",
    "Claim",
    "Clusters",
    "Consent",
    "Entity",
    "Judgement",
    "Reference",
    "Source",
    "Term",
    "Text",
    "Use",
    "Value",
    "Verdict",
    "allows",
    "read_value",
    "roots_of",
    "write_value",
]
