"""What was taken back after it left: the releases that it touches, and a signed note for whoever received them.

The note names records by their ids, which the receiver has, and nobody by name.
"""

from collections.abc import Iterable, Sequence

from corroborate.custody import statements
from corroborate.errors import InvalidValue
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import in_cases
from corroborate_node.core.storing import storing
from corroborate_node.release import models
from corroborate_node.release.making import about, known, seen

HEAD = "corroborate recall v1"
BATCH = 500  # ids in one question


def touched(records: Sequence[str]) -> dict[int, list[str]]:
    """Releases in which some of these records were to go, by number, with those records."""
    found: dict[int, list[str]] = {}
    for start in range(0, len(records), BATCH):
        part = models.ReleasedRecord.objects.filter(record__in=records[start : start + BATCH], why="")
        for number, record in part.values_list("release_id", "record").distinct():
            found.setdefault(number, []).append(record)
    return found


def counted(records: Sequence[str]) -> set[int]:
    """Releases that show numbers in which some of these records may be counted, though none of them was to go."""
    found: set[int] = set()
    for start in range(0, len(records), BATCH):
        part = models.ReleasedRecord.objects.filter(record__in=records[start : start + BATCH])
        found.update(part.values_list("release_id", flat=True))
    told = models.Release.objects.filter(number__in=found).values_list("number", "told")
    return {number for number, shown in told if any(one["use"] == "count" for one in shown.get("goes", []))}


def taken_back(desk: Desk, records: Sequence[str], reason: str) -> int:
    """Erase what releases show of records that were withdrawn, and prepare the note to receivers; how many notes.

    Called within the act that withdraws: whole with it, or not at all.
    """
    made = 0
    if reason == "withdrawn":
        models.Release.objects.filter(number__in=counted(records)).update(content=None)
    for number, gone in sorted(touched(records).items()):
        row = known(number)
        if reason == "withdrawn":
            models.Release.objects.filter(number=number).update(content=None)
        if row.given.exists():
            note = _signed(desk, row, sorted(gone), reason)
            models.Recall.objects.create(release=row, reason=reason, records=len(gone), note=note, at=desk.at)
            made += 1
    return made


def recalls_waiting(desk: Desk) -> int:
    """How many releases have a note that nobody handed over yet, of those that a desk may know of."""
    return int(in_cases(desk, models.Recall).filter(sent=None).values("release_id").distinct().count())


def _signed(desk: Desk, row: models.Release, gone: Sequence[str], reason: str) -> bytes:
    fields = [
        ("log", desk.vault.signer.name),
        ("release", row.id),
        ("number", str(row.number)),
        ("reason", reason),
        ("at", statements.write_time(desk.at)),
        *(("erase", one) for one in gone),
    ]
    return statements.signed(statements.write(HEAD, fields), desk.vault.signer)


def waiting() -> Iterable[models.Recall]:
    """Notes that were not handed over yet, oldest first."""
    return models.Recall.objects.filter(sent=None).select_related("release").order_by("id")


@act("release.recall", ways=("command release",), objects=lambda number, **_: about(number), kind="export")
def recall(desk: Desk, number: int) -> list[bytes]:
    """The notes to the receivers of a release, which are handed over now."""
    found = list(seen(desk, number).recalls.order_by("id"))
    if not found:
        raise InvalidValue(f"nothing of release {number} was taken back since it was given")
    with storing():
        models.Recall.objects.filter(release_id=number, sent=None).update(sent=desk.at)
    return [bytes(one.note) for one in found]


@act("release.answered", "release.recall", ways=("command release",), objects=lambda number: [f"release/{number}"])
def answered(desk: Desk, number: int) -> int:
    """Note that the receiver of a release answered a recall; how many notes were open."""
    with storing():
        return int(
            models.Recall.objects.filter(release_id=number, answered=None).exclude(sent=None).update(answered=desk.at)
        )
