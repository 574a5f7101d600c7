"""What the room of releases tells the rest of the node."""

from corroborate_node.core.rooms import Link, Room

ROOM = Room(
    "release",
    links=(Link("verify", "/verify", 3, 20),),
)
