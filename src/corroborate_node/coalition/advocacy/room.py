"""What the room of demands and actions tells the rest of the node."""

from corroborate_node.coalition.advocacy import queries
from corroborate_node.core.rooms import Link, Room

ROOM = Room(
    "advocacy",
    links=(
        Link("demands", "/demands", 5, 30),
        Link("actions", "/actions", 5, 40),
        Link("states", "/states", 5, 50),
    ),
    for_release=queries.for_release,
)
