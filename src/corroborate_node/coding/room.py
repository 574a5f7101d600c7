"""What the room of words tells the rest of the node."""

from corroborate_node.coding import queries, waiting
from corroborate_node.core.rooms import Link, Room

ROOM = Room(
    "coding",
    links=(Link("words", "/words", 2, 7, on="vault", permission="word.code", waiting=queries.number),),
    opened=waiting.opened,
    taken_in=waiting.taken_in,
    taken_back=waiting.taken_back,
)
