"""What the pages of people tell the rest of the node."""

from corroborate_node.core.rooms import Link, Room
from corroborate_node.people import remarks

ROOM = Room(
    "people",
    links=(
        Link("people", "/persons", 2, 20, on="vault", permission="identity.read"),
        Link("cases", "/cases", 2, 25, on="vault", permission="record.read"),
    ),
    waits=remarks.waits,
)
