"""The export of a program, or a document, that somebody gives on a page: what it holds, and how it is taken in."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from corroborate.importers import without_words
from corroborate.importers.exports import Export
from corroborate.importers.programs import programs
from corroborate.tables import File
from corroborate.translation import as_json
from corroborate_node.core.desk import Desk
from corroborate_node.importing import finding, models
from corroborate_node.importing.choosing import Choices
from corroborate_node.records import imports
from corroborate_node.records.coming import Question
from corroborate_node.records.coming_records import AskedOfRecords, RecordsComing, of_documents, of_export
from corroborate_node.records.export_batches import Laid, Terms, from_export


def titled(program: str) -> str:
    """What people call a program; empty for documents and media, which no program wrote."""
    known = programs().get(program)
    return "" if known is None or program == "documents" else known.title


def laid_out(desk: Desk, upload: models.Upload, content: bytes, export: Export, choices: Choices) -> Laid:
    file = File(upload.name, content=content)
    return from_export(export, file, Terms(choices.title, desk.by, desk.at, choices.agreed, entropy=desk.entropy))


def coming(desk: Desk, upload: models.Upload, laid: Laid, program: str, choices: Choices) -> RecordsComing:
    """What it adds to what stands here. Raises Question."""
    asked = AskedOfRecords(choices.title, choices.again, choices.new, choices.looked)
    if not laid.whole:
        return of_documents(desk, laid, asked, upload.digest)
    return of_export(desk, laid, program, asked, upload.digest)


def found(desk: Desk, upload: models.Upload, program: str, laid: Laid, choices: Choices) -> dict[str, Any]:
    """What a check finds, as JSON. Words of the export stand in it."""
    kinds: dict[str, list[list[object]]] = {}
    counts = Counter[str]()
    for key, doubt in laid.doubts:
        kind = without_words(doubt)
        counts[kind] += 1
        if len(places := kinds.setdefault(kind, [])) < finding.PLACES:
            places.append([key, as_json(doubt)])
    try:
        came = coming(desk, upload, laid, program, choices)
        again = {"counted": dict(came.counted), "fresh": came.fresh, "gone": 0}
    except Question as asked:
        again = finding.asked_first(asked)
    return {
        "program": program,
        "rows": sum(1 for one in laid.sources if one.part_of) or len(laid.sources),
        "numbers": laid.numbers(),
        "notices": [*map(as_json, laid.notices)],
        "doubts": [
            {"kind": as_json(kind), "rows": number, "places": kinds[kind]} for kind, number in counts.most_common()
        ],
        "again": again,
    }


def taken(
    desk: Desk, upload: models.Upload, content: bytes, program: str, laid: Laid, choices: Choices
) -> Mapping[str, Any]:
    """Take it in, within the transaction of the caller; the report, without words of the export."""
    given = imports.Given(File(upload.name, content=content), upload.digest, {"agreed": choices.agreed})
    cases = (upload.case,) if upload.case else ()
    came = coming(desk, upload, laid, program, choices)
    done, changed = imports.receive_records(desk, came, given, program, cases)
    doubts = Counter(without_words(doubt) for _, doubt in laid.doubts)
    return {
        "program": program,
        "numbers": laid.numbers(),
        "taken": done.counted["new"] + done.counted["changed"],
        "claims": done.claims,
        "log_size": done.size,
        "list": done.list,
        "import": done.number,
        "again": {**done.counted, "fresh": came.fresh},
        "not_as_said": len(changed),
        "doubts_of": [[as_json(kind), number] for kind, number in doubts.most_common()],
    }
