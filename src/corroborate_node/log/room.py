"""What the log tells the rest of the node."""

from corroborate_node.core.rooms import Background, Link, Room
from corroborate_node.log import fixity, rollback, scheduled, withdrawals

ROOM = Room(
    "log",
    links=(
        Link("log", "/log", 6, 10, permission="log.read"),
        Link("witnesses", "/witnesses", 6, 12, permission="log.read"),
        Link("alarms", "/alarms", 6, 14, permission="log.read"),
        Link("keys", "/keys", 6, 35, permission="key.keep", waiting=scheduled.waiting),
    ),
    before=lambda desk: rollback.may_sign(desk.vault, desk.at),
    checks=scheduled.checks,
    taken_back=withdrawals.taken_back,
    background=(
        Background("The check of everything", lambda: fixity.PAUSE, fixity.run),
        Background("The backup", scheduled.pause, scheduled.run, always=True),
    ),
)
