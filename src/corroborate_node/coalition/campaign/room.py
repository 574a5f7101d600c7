"""What the room of members and statements tells the rest of the node."""

from corroborate_node.coalition.campaign import actions, queries
from corroborate_node.core.rooms import Link, Room, Scope

ROOM = Room(
    "campaign",
    links=(
        Link("members", "/members", 2, 10),
        Link("statements", "/statements", 2, 20),
        Link("sign", "/sign", 2, 60, on="vault"),
    ),
    sealed_addresses=queries.sealed_addresses,
    for_release=queries.for_release,
    scopes={"representative": Scope(queries.choices_of_members, actions.represent, queries.represented_name)},
)
