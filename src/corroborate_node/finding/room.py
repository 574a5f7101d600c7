"""What the pages of finding tell the rest of the node."""

from corroborate_node.core.rooms import Link, Room
from corroborate_node.finding import indexing, saving


def _opened() -> None:
    indexing.opened()
    saving.opened()


ROOM = Room(
    "finding",
    links=(
        Link("search", "/search", 1, 15, on="vault", permission="record.read"),
        Link("places", "/places", 2, 22, on="vault", permission="record.read"),
        Link("registers", "/registers", 2, 23, on="vault", permission="record.read"),
    ),
    opened=_opened,
    taken_in=indexing.taken_in,
    taken_back=indexing.taken_back,
)
