"""What the records tell the rest of the node."""

from collections.abc import Sequence

from corroborate_node.core.desk import Desk
from corroborate_node.core.rooms import Room
from corroborate_node.records import actions, after_backup, checks, documents, entering, imports, queries, remarks


def _taken_back(desk: Desk, ids: Sequence[str], reason: str) -> None:
    documents.taken_back(desk, ids, reason)
    imports.taken_back(desk, ids, reason)
    if reason == actions.CONSENT:
        after_backup.noted(desk, ids)
    if reason == actions.WITHDRAWN:
        sources = [one for one in ids if one.startswith("source_")]
        entering.erased(sources)
        remarks.erased(sources)


ROOM = Room(
    "records",
    checks=checks.checks,
    invented=queries.invented,
    cases=queries.case_choices,
    sealed_addresses=documents.sealed_addresses,
    opened=documents.opened_again,
    taken_back=_taken_back,
)
