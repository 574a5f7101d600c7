"""What the mailbox tells the rest of the node."""

from corroborate_node.coalition.mailbox import actions, queries
from corroborate_node.core.rooms import Background, Link, Room

ROOM = Room(
    "mailbox",
    links=(Link("mailbox", "/mailbox", 5, 60, on="hub", permission="mailbox.read"),),
    background=(Background("The mailbox", lambda: actions.PAUSE, actions.run, always=True),),
    waits=queries.waits,
)
