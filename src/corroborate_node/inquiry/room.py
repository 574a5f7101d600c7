"""What the room of findings tells the rest of the node."""

from corroborate_node.core.rooms import Link, Room

ROOM = Room(
    "inquiry",
    links=(Link("findings", "/findings", 3, 40),),
)
