"""The two jobs of an upload: checking every row, and taking them in. What is taken in is whole or not at all."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import get_user_model

from corroborate.errors import InputRefused
from corroborate.importers import Reading
from corroborate_node.core import opened
from corroborate_node.core.actors import actor_of
from corroborate_node.core.desk import Desk
from corroborate_node.core.jobs import Progress
from corroborate_node.core.rooms import Job
from corroborate_node.core.storing import storing
from corroborate_node.importing import choosing, erasing, finding, models, queries, states
from corroborate_node.log import actions as log
from corroborate_node.records import actions as records
from corroborate_node.records import taking


def _carry_out(progress: Progress) -> Mapping[str, Any]:
    """One of the two jobs: the fields with which the row ends."""
    upload = models.Upload.objects.get(id=progress.id)
    choices = choosing.Choices.from_json(upload.choices)
    progress.say("reading", 0.02)
    table = choosing.table_of(upload.name, queries.content(upload), choices)
    progress.say("understanding", 0.3)
    reading = choosing.read(table, choices, datetime.now(UTC).year)
    about = finding.found(table, reading)
    progress.say("understanding", 0.6)
    if upload.phase == "check":
        return {"state": states.CHECKED, "found": about, "told": False}
    return _take(progress, upload, choices, reading, about)


def _take(
    progress: Progress,
    upload: models.Upload,
    choices: choosing.Choices,
    reading: Reading,
    about: Mapping[str, Any],
) -> Mapping[str, Any]:
    """Whoever asked takes the rows in, by the permission that they have now; the row says so in the same transaction,
    so that what was cancelled before is not taken in, and what was taken in is never called cancelled."""
    entries, out = choosing.narrowed(reading, choices)
    if not entries:
        raise InputRefused("no row is left to take in")
    at = datetime.now(UTC).replace(microsecond=0)
    desk = Desk(opened.current(), actor_of(_user(upload.by)), at)
    taken = taking.from_rows(entries, choices.title, recorder=upload.by, at=at, agreed=choices.agreed)
    cases = (upload.case,) if upload.case else ()
    progress.say("taking_in", 0.7)
    with storing():
        done = records.receive(desk, taken.entities, taken.sources, taken.consents, taken.claims, cases)
        counted = {"claims": done.claims, "sources": done.sources, "log_size": done.size}
        kept = finding.report(about, choices, out, counted) | {"list": taken.sources[0].id}
        ended = {"state": states.DONE, "step": "", "share": 1.0, "ended": at, "told": False, "found": None}
        plain = replace(choices, narrowed={}).as_json()
        waiting = models.Upload.objects.filter(id=upload.id, state=states.RUNNING)
        if not waiting.update(report=kept, choices=plain, **ended):
            progress.still()  # cancelled meanwhile: nothing of it is taken in
    erasing.erase(upload)
    log.checkpoint(desk.system("imports"))
    return {}


def _user(name: str) -> Any:
    return get_user_model().objects.filter(username=name).first()


JOB = Job("imports", lambda: models.Upload, _carry_out)
