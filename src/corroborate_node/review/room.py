"""What the room of review tells the rest of the node."""

from corroborate_node.core.rooms import Link, Room
from corroborate_node.review import held, queries

ROOM = Room(
    "review",
    links=(Link("review", "/review", 1, 30, on="vault", permission="pair.read", waiting=queries.count_waiting),),
    taken_back=held.withdrawn,
)
