"""What the room of estimates tells the rest of the node."""

from corroborate_node.core.rooms import Link, Room
from corroborate_node.estimates import queries
from corroborate_node.estimates.running import JOB

ROOM = Room(
    "estimates",
    links=(Link("estimate", "/estimates", 1, 50, on="vault"), Link("estimate", "/estimate", 1, 50, on="hub")),
    checks=lambda _vault, _at: queries.checks(),
    jobs=(JOB,),
)
