"""Records as lines of JSON between the demonstration's processes: what a member hands its coalition in clear text here,
and in an encrypted bundle outside a demonstration."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from corroborate.records import Claim, Consent, Source, read_value


def claim_of(record: Mapping[str, Any]) -> Claim:
    """What :meth:`Claim.record` wrote."""
    return Claim(
        record["id"], record["subject"], record["property"], read_value(record["value"]), record["source"],
        record["locator"], record["basis"], record["recorder"], datetime.fromisoformat(record["recorded_at"]),
    )  # fmt: skip


def source_of(record: Mapping[str, Any]) -> Source:
    """What :meth:`Source.canonical` wrote, parsed."""
    of = record.get("part_of", ""), record.get("number", 0)
    return Source(record["id"], record["kind"], record["title"], tuple(record["derives_from"]), record["invented"], *of)


def consent_of(record: Mapping[str, Any]) -> Consent:
    """What :meth:`Consent.canonical` wrote, parsed."""
    return Consent.from_record(record)
