"""In which states a run of an estimate is."""

WAITING, RUNNING, DONE, REFUSED = "waiting", "running", "done", "refused"
CANCELLED, INTERRUPTED, FAILED, SAME = "cancelled", "interrupted", "failed", "same"
UNDER_WAY = (WAITING, RUNNING)
