"""An estimate as a job: the vault's people are counted here, and estimated in a process that is handed counts alone."""

from collections.abc import Mapping
from typing import Any

from corroborate.errors import NotEstimable
from corroborate.translation import places
from corroborate_node.core.jobs import Progress
from corroborate_node.core.rooms import Job
from corroborate_node.core.storing import storing
from corroborate_node.estimates import models, queries, states
from corroborate_node.estimates.options import Options

_COUNTED = 0.2  # of all the work, where counting ends


def _carry_out(progress: Progress) -> Mapping[str, Any]:
    """Count and estimate: the fields with which the run's row ends."""
    run = models.Run.objects.get(id=progress.id)
    asked = Options.from_json(run.asked)
    try:
        if not run.tables and (first := _count(run, asked, progress)) is not None:
            return {"state": states.SAME, "same_as": first}
    except NotEstimable as error:
        said = {"refused": error.sentence, "remedy": error.remedy}
        return {"state": states.REFUSED, "result": said, "counted": run.counted | {"places": places(said)}}
    job = {
        "tables": run.tables, "by": list(asked.by), "drawn": asked.joining == "drawn", "seed": asked.seed,
        "level": asked.level,
    }  # fmt: skip
    result = progress.asked_of("corroborate_node.estimates.estimating", job, before=_COUNTED)
    found = {**run.counted.get("places", {}), **result.pop("places", {})}
    state = states.REFUSED if "refused" in result else states.DONE
    return {"state": state, "result": result, "counted": run.counted | {"places": found}}


def _count(run: models.Run, asked: Options, progress: Progress) -> models.Run | None:
    """Keep the tables that the vault's own lists make; the run that had the same before, if one had."""
    from corroborate_node.estimates import overlaps  # linkage takes a second to load

    found = overlaps.counted(asked, run.at.date(), lambda step, share: progress.say(step, _COUNTED * share))
    key = queries.key_of(asked, found.tables)
    if (first := queries.first_of(key, run.id)) is not None:
        return first
    run.tables, run.counted, run.key = (
        list(found.tables),
        {**found.about, "places": places([found.about, list(found.tables)])},
        key,
    )
    with storing():
        run.save(update_fields=["tables", "counted", "key"])
    return None


JOB = Job("estimates", lambda: models.Run, _carry_out)
