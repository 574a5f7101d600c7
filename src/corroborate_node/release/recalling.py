"""What was taken back after it left: the releases that it touches, and a signed note for whoever received them.

The note names records by their ids, which the receiver of a package has, and nobody by name. Who has a dossier or a
release.json is told by numbers: which of the people in its list, and whether its figures count what was taken back.
"""

from collections.abc import Iterable, Sequence

from corroborate.custody import statements
from corroborate.disclosure import Release
from corroborate.errors import InvalidValue
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import in_cases
from corroborate_node.core.storing import storing
from corroborate_node.files import queries as files
from corroborate_node.records import queries
from corroborate_node.records.rows import NAMES
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

    Called within the act that withdraws: whole with it, or not at all; and before it erases, for the numbers that a
    receiver finds its people by are found by their names.
    """
    if reason == "withdrawn":
        records = [*records, *_read_from(records)]
    made, counts = 0, counted(records)
    carried = touched(records)
    for number in sorted(counts | set(carried)):
        row, gone = known(number), carried.get(number, [])
        if row.given.exists():
            note = _signed(desk, row, sorted(gone), reason, figures=number in counts)
            models.Recall.objects.create(release=row, reason=reason, records=len(gone), note=note, at=desk.at)
            made += 1
        if reason == "withdrawn":
            models.Release.objects.filter(number=number).update(content=None)
    return made


def _read_from(records: Sequence[str]) -> list[str]:
    """The sealed files, and copies of them, that withdrawn sources were read from: they go whole, or not at all."""
    found: set[str] = set()
    sources = [one for one in records if one.startswith("source_")]
    for start in range(0, len(sources), BATCH):
        found.update(files.read_from(sources[start : start + BATCH]))
    return sorted(found)


def recalls_waiting(desk: Desk) -> int:
    """How many releases have a note that nobody handed over yet, of those that a desk may know of."""
    return int(in_cases(desk, models.Recall).filter(sent=None).values("release_id").distinct().count())


def places(row: models.Release, gone: Sequence[str]) -> tuple[list[int], int]:
    """At which numbers, from 1, people of whom something was taken back stand in a release's list; and how many do."""
    if row.content is None:
        return [], 0
    persons = Release.from_json(bytes(row.content)).persons
    whose = set(row.records.filter(record__in=gone).exclude(person="").values_list("person", flat=True))
    named = row.records.filter(person__in=whose, use="name", kind="claim", why="").values_list("record", flat=True)
    names = {queries.words_of(one) for one in queries.claims_among(list(named)) if one.property in NAMES}
    numbers = [at for at, one in enumerate(persons, 1) if names & {each.text for each in one.names}]
    return numbers, len(persons)


def _signed(desk: Desk, row: models.Release, gone: Sequence[str], reason: str, *, figures: bool) -> bytes:
    numbers, people = places(row, gone)
    fields = [
        ("log", desk.vault.signer.name),
        ("release", row.id),
        ("number", str(row.number)),
        ("reason", reason),
        ("at", statements.write_time(desk.at)),
        *(("person", f"{one} of {people}") for one in numbers),
        *([("figures", "may count what was taken back: do not use them")] if figures else []),
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
        raise InvalidValue("nothing of release {number} was taken back since it was given", number=number)
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
