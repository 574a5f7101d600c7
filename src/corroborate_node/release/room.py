"""What the room of releases tells the rest of the node."""

from corroborate_node.core.rooms import Link, Room
from corroborate_node.release import recalling

ROOM = Room(
    "release",
    links=(
        Link("releases", "/releases", 4, 60, permission="release.read"),
        Link("verify", "/verify", 4, 20),
    ),
    taken_back=recalling.taken_back,
)
