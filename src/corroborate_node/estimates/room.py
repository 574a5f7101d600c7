"""What the room of estimates tells the rest of the node."""

from corroborate_node.core.rooms import Link, Room
from corroborate_node.estimates import queries
from corroborate_node.estimates.running import JOB

ROOM = Room(
    "estimates",
    links=(
        Link("estimate", "/estimates", 3, 50, on="vault", permission="estimate.read"),
        Link("estimate", "/estimate", 3, 50, on="hub", permission="estimate.read"),
    ),
    checks=lambda _vault, _at: queries.checks(),
    jobs=(JOB,),
)
