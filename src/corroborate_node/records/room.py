"""What the records tell the rest of the node."""

from corroborate_node.core.rooms import Room
from corroborate_node.records import checks, queries

ROOM = Room(
    "records",
    checks=checks.checks,
    invented=queries.invented,
    cases=queries.case_choices,
)
