"""What the room of grants tells the rest of the node."""

from collections.abc import Sequence

from corroborate_node.core.desk import Desk
from corroborate_node.core.rooms import Link, Room
from corroborate_node.grants import granting, queries, reading


def _taken_back(desk: Desk, records: Sequence[str], reason: str) -> None:
    granting.taken_back(desk, records, reason)
    reading.forget()


ROOM = Room(
    "grants",
    links=(Link("grants", "/grants", 4, 70, on="vault", permission="grant.read"),),
    taken_back=_taken_back,
    waits=queries.waits,
)
