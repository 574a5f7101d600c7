"""What the pages of finding tell the rest of the node."""

from corroborate_node.core.rooms import Link, Room
from corroborate_node.finding import indexing

ROOM = Room(
    "finding",
    links=(Link("search", "/search", 1, 15, on="vault", permission="record.read"),),
    opened=indexing.opened,
    taken_in=indexing.taken_in,
    taken_back=indexing.taken_back,
)
