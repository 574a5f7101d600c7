"""The process that estimates: tables come in as one line of JSON, progress and the result go out as others.

It knows no vault, no key and no person, only counts; it ends with whoever started it, and writes nothing to a disk.
"""

import json
import os
import signal
import sys
import threading
import time
from functools import partial
from typing import Any

from corroborate.errors import CorroborateError, NotEstimable
from corroborate.translation import Sentence, places
from corroborate.values import OverlapTable

_BETWEEN = 0.2  # seconds between two words of progress


def _say(word: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(word, ensure_ascii=False) + "\n")
    sys.stdout.flush()


class _Throttled:
    """Passes progress on, not more often than anybody reads it."""

    def __init__(self) -> None:
        self._last = 0.0

    def __call__(self, method: str, share: float) -> None:
        now = time.monotonic()
        if now - self._last >= _BETWEEN:
            self._last = now
            _say({"step": method, "share": round(min(max(share, 0.0), 1.0), 3)})


def estimated(job: dict[str, Any], told: Any = lambda method, share: None) -> dict[str, Any]:
    """What `corroborate estimate` says of the same tables, columns, seed and level; a refusal with its remedy."""
    from corroborate.estimation import Progress, Settings, by_strata, estimate, over_linkage, side_by_side
    from corroborate.estimation.audit import UNAUDITED

    how = Settings(job["seed"], job["level"])
    tables = [(one["name"], one["csv"]) for one in job["tables"]]

    def heard(of: int) -> Any:
        before: list[str] = []

        def each(name: str, one: Progress) -> None:
            if name not in before:
                before.append(name)
            told(one.method, (len(before) - 1 + (one.number - 1 + one.share) / one.of) / of)

        return each

    try:
        if job["by"]:
            strata = OverlapTable.parse_strata(tables[0][1], job["by"])
            found = by_strata(strata, job["by"], how, lambda done, of: told(f"{done} / {of}", done / of))
        elif len(tables) == 1:
            found = estimate(OverlapTable.parse(tables[0][1]), settings=how, told=partial(heard(1), tables[0][0]))
        else:
            read = {name: OverlapTable.parse(csv) for name, csv in tables}
            together = over_linkage if job["drawn"] else side_by_side
            found = together(read, how, heard(len(read)))
    except CorroborateError as error:
        return _refused(error.sentence, error.remedy)
    if not found.single:
        peaks = "; ".join(one.said() for one in found.modes)
        several = Sentence("the overlaps allow several numbers, far apart: {peaks}", peaks=peaks)
        return _refused(several, NotEstimable.remedy)
    shown = found.as_json()
    said = {**shown, "warnings": [UNAUDITED, *found.warnings]}  # no page takes an audit in yet
    return {**said, "places": places(said)}


def _refused(why: Sentence, remedy: str) -> dict[str, Any]:
    said = {"refused": why, "remedy": remedy}
    return {**said, "places": places(said)}


def _end_with_the_caller() -> None:
    """The input is open as long as the caller lives and wants the result. Workers of strata go with this process."""
    sys.stdin.read()
    os.killpg(os.getpgrp(), signal.SIGKILL)


def main() -> None:
    job = json.loads(sys.stdin.readline())
    if os.getpgrp() == os.getpid():  # a group of its own, so that only what is ours ends
        threading.Thread(target=_end_with_the_caller, daemon=True).start()
    _say({"result": estimated(job, _Throttled())})


if __name__ == "__main__":
    main()
