"""What the room of bundles tells the rest of the node."""

from corroborate_node.core.rooms import Link, Room

ROOM = Room(
    "exchange",
    links=(Link("received", "/received", 2, 8, on="vault", permission="bundle.receive"),),
)
