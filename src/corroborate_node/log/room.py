"""What the log tells the rest of the node."""

from corroborate_node.core.rooms import Background, Link, Room
from corroborate_node.log import fixity, rollback

ROOM = Room(
    "log",
    links=(
        Link("log", "/log", 6, 10, permission="log.read"),
        Link("witnesses", "/witnesses", 6, 12, permission="log.read"),
        Link("alarms", "/alarms", 6, 14, permission="log.read"),
        Link("keys", "/keys", 6, 35, permission="key.keep"),
    ),
    before=lambda desk: rollback.may_sign(desk.vault, desk.at),
    background=(Background("The check of everything", lambda: fixity.PAUSE, fixity.run),),
)
