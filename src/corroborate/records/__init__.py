"""Claims, sources, consent, entities: pure data and rules.

The atom is the claim: who said what about whom, where it stands, on what basis, and who recorded it.
"""

from corroborate.records.claims import Basis, Claim, Reference, Term, Text, Value, read_value, shared, write_value
from corroborate.records.consent import AUDIENCES, RIGHTS, USES, Audience, Consent, Leaving, Permissions, Right, Use
from corroborate.records.judgements import Clusters, Judgement, Verdict
from corroborate.records.sources import Entity, Source, roots_of

__all__ = [
    "AUDIENCES",
    "RIGHTS",
    "USES",
    "Audience",
    "Basis",
    "Claim",
    "Clusters",
    "Consent",
    "Entity",
    "Judgement",
    "Leaving",
    "Permissions",
    "Reference",
    "Right",
    "Source",
    "Term",
    "Text",
    "Use",
    "Value",
    "Verdict",
    "read_value",
    "roots_of",
    "shared",
    "write_value",
]
