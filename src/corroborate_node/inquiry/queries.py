"""Findings as they stand now, computed by the page and the command alike."""

from typing import Any

from corroborate.cases import Finding, findings
from corroborate.records import Clusters
from corroborate_node.core import opened
from corroborate_node.core.queries import limited, may
from corroborate_node.log import queries as log
from corroborate_node.records import queries

_known: dict[tuple[str, int], tuple[Finding, ...]] = {}  # the newest alone: by vault and the log's size


def found(user: Any) -> tuple[Finding, ...]:
    """What a user may see of :func:`assessed`; no user, nothing. For an account that is limited to cases: what the
    claims of these cases alone say, where they count as independent only if they are so in the whole vault."""
    if not may(user, "finding.read"):
        return ()
    if not limited(user):
        return assessed()
    return findings(queries.claims_seen(user), queries.sources(), _same())


def assessed() -> tuple[Finding, ...]:
    """This vault's claims against the elements of crimes. Kept in memory until the log grows: whatever changes them, a
    claim, a judgement, a withdrawal, is an entry there."""
    key = (str(opened.current().folder), log.log_size())
    if key not in _known:
        made = findings(queries.claims(), queries.sources(), _same())
        _known.clear()
        _known[key] = made
    return _known[key]


def _same() -> dict[str, str]:
    """Who was judged to be whom."""
    people = [one.id for one in queries.entities() if one.kind == "person"]
    clusters = Clusters.of(people, queries.judgements())
    return {one: min(members) for members in clusters.members for one in members}
