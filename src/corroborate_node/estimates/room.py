"""What the room of estimates tells the rest of the node."""

from corroborate_node.core.rooms import Link, Room
from corroborate_node.estimates import actions, queries

ROOM = Room(
    "estimates",
    links=(
        Link("estimate", "/estimates", 1, 50, on="vault", permission="estimate.read"),
        Link("estimate", "/estimate", 1, 50, on="hub", permission="estimate.read"),
    ),
    checks=lambda _vault, _at: queries.checks(),
    opened=actions.interrupted,
)
