"""What the room of members and statements tells the rest of the node."""

from corroborate_node.coalition.campaign import actions, queries
from corroborate_node.coalition.campaign.answering import answers
from corroborate_node.core.rooms import Link, Room, Scope

ROOM = Room(
    "campaign",
    links=(
        Link("members", "/members", 5, 10),
        Link("statements", "/statements", 5, 20),
        Link("decisions", "/decisions", 5, 22, on="hub"),
        Link("hand_in", "/hand-in", 5, 24, on="hub", permission="note.hand_in"),
        Link("sign", "/sign", 5, 60, on="vault", permission="answer.sign", waiting=answers.how_many_wait),
    ),
    sealed_addresses=queries.sealed_addresses,
    for_release=queries.for_release,
    scopes={
        "representative": Scope(
            queries.choices_of_members,
            actions.represent,
            queries.represented_name,
            queries.represented_id,
            queries.names_of_members,
            queries.called_members,
        )
    },
)
