"""What the room of imports tells the rest of the node."""

from corroborate_node.core.rooms import Link, Room
from corroborate_node.importing import erasing, queries
from corroborate_node.importing.running import JOB

ROOM = Room(
    "importing",
    links=(Link("imports", "/imports", 2, 5, on="vault", permission="record.receive", waiting=queries.waiting),),
    sealed_addresses=queries.addresses,
    opened=erasing.left_over,
    taken_back=erasing.taken_back,
    jobs=(JOB,),
)
