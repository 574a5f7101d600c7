"""Findings as they stand now, computed by the page and the command alike."""

from typing import Any

from corroborate.cases import Finding, findings
from corroborate.records import Clusters
from corroborate_node.core import opened
from corroborate_node.core.queries import may
from corroborate_node.log import queries as log
from corroborate_node.records import queries

_known: dict[tuple[str, int], tuple[Finding, ...]] = {}  # the newest alone: by vault and the log's size


def found(user: Any) -> tuple[Finding, ...]:
    """What a user may see of :func:`assessed`; no user, nothing."""
    return assessed() if may(user, "finding.read") else ()


def assessed() -> tuple[Finding, ...]:
    """This vault's claims against the elements of crimes. Kept in memory until the log grows: whatever changes them, a
    claim, a judgement, a withdrawal, is an entry there."""
    key = (str(opened.current().folder), log.log_size())
    if key not in _known:
        people = [one.id for one in queries.entities() if one.kind == "person"]
        clusters = Clusters.of(people, queries.judgements())
        same = {one: min(members) for members in clusters.members for one in members}
        made = findings(queries.claims(), queries.sources(), same)
        _known.clear()
        _known[key] = made
    return _known[key]
