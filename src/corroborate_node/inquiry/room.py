"""What the room of findings tells the rest of the node."""

from collections.abc import Sequence

from corroborate_node.core.desk import Desk
from corroborate_node.core.rooms import Link, Room
from corroborate_node.inquiry import assessing, checks, naming, standing, tying
from corroborate_node.records.actions import WITHDRAWN


def _taken_back(_desk: Desk, records: Sequence[str], reason: str) -> None:
    """What people wrote of a record goes with it when it is withdrawn; what is only corrected may come back."""
    if reason == WITHDRAWN:
        tying.taken_back(records)
        assessing.taken_back(records)
        naming.taken_back(records)


ROOM = Room(
    "inquiry",
    links=(Link("findings", "/findings", 3, 40, waiting=assessing.waiting, permission="finding.read"),),
    ties=tying.current,
    stands=standing.last,
    namings=naming.current,
    waits=naming.waits,
    checks=checks.checks,
    taken_back=_taken_back,
)
