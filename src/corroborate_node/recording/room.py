"""What the room of a documenter tells the rest of the node."""

from corroborate_node.core.rooms import Link, Room
from corroborate_node.recording import actions, queries

ROOM = Room(
    "recording",
    links=(Link("record", "/record", 2, 3, on="vault", permission="record.enter", waiting=queries.number),),
    sealed_addresses=queries.addresses,
    taken_back=actions.taken_back,
)
