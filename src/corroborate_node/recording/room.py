"""What the room of a documenter tells the rest of the node."""

from corroborate_node.core.rooms import Link, Room
from corroborate_node.recording import actions, queries, review_views

ROOM = Room(
    "recording",
    links=(
        Link("record", "/record", 2, 3, on="vault", permission="record.enter", waiting=queries.number),
        Link("reviews", "/record/reviews", 2, 4, on="vault", permission="draft.review", waiting=queries.number_for_me),
    ),
    waits=review_views.waits,
    sealed_addresses=queries.addresses,
    taken_back=actions.taken_back,
)
