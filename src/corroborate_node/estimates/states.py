"""In which states a run of an estimate is."""

from corroborate_node.core.jobs import CANCELLED, DONE, FAILED, INTERRUPTED, RUNNING, UNDER_WAY, WAITING

REFUSED, SAME = "refused", "same"

__all__ = ["CANCELLED", "DONE", "FAILED", "INTERRUPTED", "REFUSED", "RUNNING", "SAME", "UNDER_WAY", "WAITING"]
