"""What the log tells the rest of the node."""

from corroborate_node.core.rooms import Background, Link, Room
from corroborate_node.log import fixity

ROOM = Room(
    "log",
    links=(Link("log", "/log", 3, 10, permission="log.read"),),
    background=(Background("The check of everything", lambda: fixity.PAUSE, fixity.run),),
)
