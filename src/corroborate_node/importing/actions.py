"""What somebody does with a list on the pages: give it, choose, check, take in, cancel, discard."""

import io

from corroborate.errors import InputRefused, NotAllowed
from corroborate.values import new_id
from corroborate_node.core.acts import act
from corroborate_node.core.configuration import LARGEST_UPLOAD
from corroborate_node.core.desk import Desk
from corroborate_node.core.jobs import jobs
from corroborate_node.core.storing import storing
from corroborate_node.importing import erasing, models, states
from corroborate_node.importing.choosing import Choices
from corroborate_node.importing.running import JOB
from corroborate_node.records import cases as filing

_NAME = 200  # letters kept of a file's name


def _of(upload: models.Upload, *_: object) -> list[str]:
    return [upload.id]


@act("import.give", "record.receive", ways=("page imports",), of_effects=lambda upload: [upload.id], whole=False)
def give(desk: Desk, name: str, content: bytes, case: str = "") -> models.Upload:
    """Put a file where it waits, encrypted, until somebody decides. Nothing of it is taken in yet.

    Raises InputRefused for an empty or too large one, NotAllowed on a hub and for a case that the account has not.
    """
    if desk.vault.hub:
        raise NotAllowed("a hub holds no records; import into the vault of the member whose records they are")
    if not content:
        raise InputRefused("{name} is empty: 0 bytes. Save it again where it was made", name=name)
    if len(content) > LARGEST_UPLOAD:
        raise InputRefused(
            "{name} is larger than {largest_upload} MB: use `corroborate import` for it",
            name=name,
            largest_upload=LARGEST_UPLOAD >> 20,
        )
    cases = filing.open_now(desk, [case] if case else [])
    filing.for_import(desk, cases)
    digest, address = desk.vault.files.put(io.BytesIO(content))
    shown = name.replace("\n", "␤").replace("\r", "␍")[-_NAME:]
    title = shown.rpartition(".")[0] or shown
    with storing():
        return models.Upload.objects.create(
            id=new_id("import", milliseconds=int(desk.at.timestamp() * 1000), randomness=desk.entropy(10)),
            name=shown,
            size=len(content),
            digest=digest.hex,
            address=address,
            case=cases[0] if cases else "",
            state=states.OPEN,
            choices=Choices(title).as_json(),
            by=desk.by,
            at=desk.at,
        )


@act("import.choose", "record.receive", ways=("page imports-columns",), objects=_of)
def choose(desk: Desk, upload: models.Upload, choices: Choices) -> None:
    """Change what a list is taken for. What a check found before counts no longer."""
    _may_change(upload)
    upload.choices, upload.state, upload.found, upload.phase = choices.as_json(), states.OPEN, None, ""
    upload.save(update_fields=["choices", "state", "found", "phase"])


@act("import.check", "record.receive", ways=("page imports-columns",), objects=_of, whole=False)
def check(desk: Desk, upload: models.Upload) -> None:
    """Have every row read beside the pages, and taken in by nobody yet."""
    _may_change(upload)
    _asked(desk, upload, "check")


@act("import.take-in", "record.receive", ways=("page imports-check",), objects=_of, whole=False)
def take_in(desk: Desk, upload: models.Upload, choices: Choices) -> None:
    """Have a checked list taken in beside the pages. ``choices``: with consent narrowed by value."""
    if upload.state != states.CHECKED:
        raise NotAllowed("this list is not checked: check it first")
    upload.choices = choices.as_json()
    _asked(desk, upload, "take")


@act("import.cancel", "record.receive", ways=("page imports-cancel",), objects=_of, whole=False)
def cancel(desk: Desk, upload: models.Upload) -> None:
    """End what waits or is under way. What was not taken in whole is not taken in."""
    if not jobs.cancel(JOB, upload.id, desk.at):
        raise NotAllowed("nothing is under way here: it has ended already")


@act("import.discard", "record.receive", ways=("page imports-discard",), objects=_of, whole=False)
def discard(desk: Desk, upload: models.Upload) -> None:
    """Put a list aside that was not taken in, and erase its file."""
    _may_change(upload)
    with storing():
        plain = Choices(upload.choices["title"]).as_json()
        ended = {"state": states.DISCARDED, "ended": desk.at, "told": True, "found": None, "choices": plain, "step": ""}
        models.Upload.objects.filter(id=upload.id).update(**ended)
    erasing.erase(upload)


def _may_change(upload: models.Upload) -> None:
    if upload.state in states.UNDER_WAY:
        raise NotAllowed("work on this list is under way: cancel it first, or wait")
    if upload.state in states.ENDED:
        raise NotAllowed("this list was taken in or discarded: give the file again to begin anew")


def _asked(desk: Desk, upload: models.Upload, phase: str) -> None:
    """``by`` becomes whoever asked: the rows are taken in by them, with their permission."""
    upload.state, upload.phase, upload.by, upload.step, upload.share = states.WAITING, phase, desk.by, "", 0.0
    upload.ended, upload.told = None, True
    with storing():
        upload.save(update_fields=["state", "phase", "by", "step", "share", "ended", "told", "choices"])
    jobs.submit(JOB, upload.id)
