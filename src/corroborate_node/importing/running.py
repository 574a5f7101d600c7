"""The two jobs of an upload: checking every row, and taking them in. What is taken in is whole or not at all."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import get_user_model

from corroborate.errors import InputRefused
from corroborate.importers import Reading, Table
from corroborate.importers.exports import Export
from corroborate.tables import File
from corroborate_node.core import opened
from corroborate_node.core.actors import actor_of
from corroborate_node.core.desk import Desk
from corroborate_node.core.jobs import Progress
from corroborate_node.core.rooms import Job
from corroborate_node.core.storing import storing
from corroborate_node.importing import choosing, erasing, exporting, finding, models, queries, states
from corroborate_node.log import actions as log
from corroborate_node.records import coming, imports

_KEPT = ("columns", "encoding", "sheet", "dates", "calendar", "agreed", "key")  # of the choices, for a next time


def _carry_out(progress: Progress) -> Mapping[str, Any]:
    """One of the two jobs: the fields with which the row ends."""
    upload = models.Upload.objects.get(id=progress.id)
    choices = choosing.Choices.from_json(upload.choices)
    progress.say("reading", 0.02)
    content = queries.content(upload)
    if (export := choosing.export_of(upload.name, content)) is not None:
        return _export(progress, upload, choices, content, *export)
    table = choosing.table_of(upload.name, content, choices)
    progress.say("understanding", 0.3)
    reading = choosing.read(table, choices, datetime.now(UTC).year)
    about = finding.found(table, reading)
    progress.say("understanding", 0.6)
    desk = Desk(opened.current(), actor_of(_user(upload.by)), datetime.now(UTC).replace(microsecond=0))
    if upload.phase == "check":
        found = {**about, "again": _again(desk, upload, choices, table, reading)}
        return {"state": states.CHECKED, "found": found, "told": False}
    entries, out = choosing.narrowed(reading, choices)
    return _take(progress, desk, upload, choices, table, replace(reading, entries=entries), about, out)


def _export(
    progress: Progress, upload: models.Upload, choices: choosing.Choices, content: bytes, program: str, export: Export
) -> Mapping[str, Any]:
    """The same two jobs for what a program wrote, or a document."""
    desk = Desk(opened.current(), actor_of(_user(upload.by)), datetime.now(UTC).replace(microsecond=0))
    progress.say("understanding", 0.3)
    laid = exporting.laid_out(desk, upload, content, export, choices)
    if upload.phase == "check":
        found = exporting.found(desk, upload, program, laid, choices)
        return {"state": states.CHECKED, "found": found, "told": False}
    progress.say("taking_in", 0.7)
    with storing():
        kept = exporting.taken(desk, upload, content, program, laid, choices)
        _ended(progress, upload, choices, kept, desk.at)
    erasing.erase(upload)
    log.checkpoint(desk.system("imports"))
    return {}


def _ended(
    progress: Progress, upload: models.Upload, choices: choosing.Choices, report: Mapping[str, Any], at: datetime
) -> None:
    ended = {"state": states.DONE, "step": "", "share": 1.0, "ended": at, "told": False, "found": None}
    plain = replace(choices, narrowed={}).as_json()
    waiting = models.Upload.objects.filter(id=upload.id, state=states.RUNNING)
    if not waiting.update(report=report, choices=plain, **ended):
        progress.still()  # cancelled meanwhile: nothing of it is taken in


def _again(
    desk: Desk, upload: models.Upload, choices: choosing.Choices, table: Table, reading: Reading
) -> Mapping[str, Any]:
    """What the list would add to what stands here; or what a person must say first."""
    try:
        laid = coming.of_list(desk, table, reading, _asked(desk, choices), upload.digest)
    except coming.Question as question:
        return finding.asked_first(question)
    return {"counted": dict(laid.counted), "fresh": laid.fresh, "gone": len(laid.gone)}


def _asked(desk: Desk, choices: choosing.Choices) -> coming.Asked:
    return coming.Asked(
        choices.title,
        desk.by,
        desk.at,
        choices.agreed,
        choices.again,
        choices.new,
        choices.key,
        choices.looked,
    )


def _take(
    progress: Progress,
    desk: Desk,
    upload: models.Upload,
    choices: choosing.Choices,
    table: Table,
    reading: Reading,
    about: Mapping[str, Any],
    out: int,
) -> Mapping[str, Any]:
    """Whoever asked takes the rows in, by the permission that they have now; the row says so in the same transaction,
    so that what was cancelled before is not taken in, and what was taken in is never called cancelled."""
    if not reading.entries:
        raise InputRefused("no row is left to take in")
    laid = coming.of_list(desk, table, reading, _asked(desk, choices), upload.digest)
    cases = (upload.case,) if upload.case else ()
    file = File(upload.name, content=queries.content(upload))
    chosen = {key: value for key, value in choices.as_json().items() if key in _KEPT}
    progress.say("taking_in", 0.7)
    with storing():
        done = imports.receive(desk, laid, imports.Given(file, upload.digest, chosen), cases)
        counted = {"claims": done.claims, "sources": done.sources, "log_size": done.size}
        kept = finding.report(about, choices, out, counted)
        kept |= {
            "taken": done.counted["new"] + done.counted["changed"],
            "list": done.list,
            "import": done.number,
            "again": {**done.counted, "fresh": laid.fresh},
        }
        _ended(progress, upload, choices, kept, desk.at)
    erasing.erase(upload)
    log.checkpoint(desk.system("imports"))
    return {}


def _user(name: str) -> Any:
    return get_user_model().objects.filter(username=name).first()


JOB = Job("imports", lambda: models.Upload, _carry_out)
