"""In which state an upload is: those of any job, and what lies between two jobs."""

from corroborate_node.core.jobs import CANCELLED, DONE, FAILED, INTERRUPTED, RUNNING, UNDER_WAY, WAITING

OPEN, CHECKED, DISCARDED = "open", "checked", "discarded"
ENDED = (DONE, DISCARDED)  # nothing more happens; the file that waited here is erased

__all__ = [
    "CANCELLED",
    "CHECKED",
    "DISCARDED",
    "DONE",
    "ENDED",
    "FAILED",
    "INTERRUPTED",
    "OPEN",
    "RUNNING",
    "UNDER_WAY",
    "WAITING",
]
