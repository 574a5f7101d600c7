"""What the records tell the rest of the node."""

from corroborate_node.core.rooms import Room
from corroborate_node.records import checks, documents, queries

ROOM = Room(
    "records",
    checks=checks.checks,
    invented=queries.invented,
    cases=queries.case_choices,
    sealed_addresses=documents.sealed_addresses,
    opened=documents.opened_again,
    taken_back=documents.taken_back,
)
