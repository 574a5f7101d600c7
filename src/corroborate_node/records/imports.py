"""Imports: what came in with which file. Each can be listed, looked into and undone, as if it had not been."""

import csv
import io
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from corroborate.client import shapes
from corroborate.errors import CorroborateError, InputRefused, InvalidValue, NotAllowed
from corroborate.importers import Table, unswept
from corroborate.importers.again import digest_of_cells
from corroborate.importers.apart import read_table_apart
from corroborate.tables import File, Limits
from corroborate.values import JSON, canonical, new_id
from corroborate_node.core.acts import act
from corroborate_node.core.desk import Desk
from corroborate_node.core.queries import visible
from corroborate_node.core.storing import destroy_keys, insert, insert_values, storing
from corroborate_node.log.sealing import seal_all, unsalt
from corroborate_node.records import actions, documents, models, queries, rereading
from corroborate_node.records.batches import Part, allowed_by
from corroborate_node.records.coming import Coming
from corroborate_node.records.coming_records import RecordsComing

KIND = "import"
MEMBER = "member"  # in the place of a program that wrote a file: it came from another member
AGAIN = Limits(file_bytes=1 << 30, unpacked_bytes=4 << 30, seconds=600, memory=4 << 30)


@dataclass(frozen=True, slots=True)
class Given:
    """The file that comes in. ``choices``: how it was read, what a person chose over the guess."""

    file: File
    digest: str  # SHA-256, in hexadecimal
    choices: Mapping[str, JSON]


@dataclass(frozen=True, slots=True)
class Done:
    """What was taken in. ``number``: of the import; 0 where nothing of the list is new or changed."""

    number: int
    list: str
    claims: int
    sources: int
    size: int  # of the log
    counted: Mapping[str, int]


@act(
    "import.receive",
    "record.receive",
    ways=("command import", "page imports-check"),
    objects=lambda coming, *_: [coming.list],
)
@unswept()
def receive(desk: Desk, coming: Coming, given: Given, cases: Sequence[str] = ()) -> Done:
    """Take in what a list adds and changes, with the file itself, sealed: all of it or nothing."""
    narrower = {source: set(allowed_by(entry, agreed=True)) for source, entry in coming.limits.items()}
    further = rereading.no_longer(narrower)
    if not coming.adds and not coming.allows and not further:
        return Done(0, coming.list, 0, 0, 0, coming.counted)
    with documents.keeping(desk) as keep, storing():
        cases = list(dict.fromkeys([*cases, *_filed_with(coming.list)]))
        row = _row(desk, coming.list, given, "", coming.counted)
        claims = sources = 0
        for block in coming.blocks():
            done = actions.receive(desk, block.entities, block.sources, block.consents, block.claims, cases)
            claims, sources = claims + done.claims, sources + done.sources
            if (
                row._state.adding
            ):  # after its list, before what points to it: else each further row is looked for in vain
                row.save(force_insert=True)
            _came(row, block.parts)
        granted = rereading.allow_anew(desk, coming.allows)
        rereading.end(desk, further)
        row.counted = {**coming.counted, "fresh": coming.fresh, "claims": claims}
        row.shape, row.granted = coming.shape, list(granted)
        row.choices = {**row.choices, "numbers": coming.numbers}
        with given.file.open() as content:
            kept = keep(content, given.file.name, given.file.size)
        if kept.digest != given.digest:
            raise InputRefused(
                "{name} changed while it was read: import it again, when nobody writes to it", name=given.file.name
            )
        _keep(desk, kept, coming.list)
        row.file = kept
        size = _recorded(desk, row)
    return Done(row.number, coming.list, claims, sources, size, coming.counted)


@act(
    "import.receive-records", "record.receive", ways=("command import",), objects=lambda coming, *_: [coming.laid.whole]
)
def receive_records(
    desk: Desk, coming: RecordsComing, given: Given, program: str, cases: Sequence[str] = ()
) -> tuple[Done, tuple[str, ...]]:
    """The same of the export of a program, or of documents. Also: files that are not what their export says."""
    laid = coming.laid
    if not laid.sources:
        return Done(0, coming.list, 0, 0, 0, coming.counted), ()
    with storing():
        cases = list(dict.fromkeys([*cases, *_filed_with(coming.list)]))
        done = documents.receive(desk, laid, cases)
        rereading.end(desk, rereading.no_longer(coming.allows))
        row = _row(desk, coming.list, given, program, {**coming.counted, "fresh": coming.fresh, "claims": done.claims})
        size = _recorded(desk, row, laid.parts)
    return Done(row.number, coming.list, done.claims, len(laid.sources), size, coming.counted), done.changed


def _filed_with(list_: str) -> list[str]:
    """Open cases in which a list is filed: so are its further rows."""
    return list(models.Filed.objects.filter(source_id=list_, case__closed=None).values_list("case_id", flat=True))


def _row(desk: Desk, list_: str, given: Given, program: str, counted: Mapping[str, JSON]) -> models.Import:
    last = models.Import.objects.aggregate(last=Max("number"))["last"] or 0
    return models.Import(
        id=new_id(KIND, milliseconds=int(desk.at.timestamp() * 1000), randomness=desk.entropy(10)),
        number=last + 1,
        list_id=list_ or None,
        name=given.file.name,
        digest=given.digest,
        program=program,
        choices=dict(given.choices),
        counted=dict(counted),
        by=desk.by,
        at=desk.at,
    )


def of_member(desk: Desk, name: str, digest: str, parts: Sequence[Part], counted: Mapping[str, JSON]) -> models.Import:
    """Keep what another member let us have as an import, within the act that takes it in. ``name``: whose, and of which
    release; ``digest``: of the bundle."""
    last = models.Import.objects.aggregate(last=Max("number"))["last"] or 0
    row = models.Import(
        id=new_id(KIND, milliseconds=int(desk.at.timestamp() * 1000), randomness=desk.entropy(10)),
        number=last + 1,
        name=name,
        digest=digest,
        program=MEMBER,
        counted=dict(counted),
        by=desk.by,
        at=desk.at,
    )
    _recorded(desk, row, parts)
    return row


def _recorded(desk: Desk, row: models.Import, parts: Sequence[Part] = ()) -> int:
    """Store and seal an import, with what came with it and is not stored yet; the size of the log."""
    row.save(force_insert=row._state.adding)
    _came(row, parts)
    return seal_all([(KIND, row.id, sealed_bytes(row))], desk.at, desk.entropy)


def _came(row: models.Import, parts: Sequence[Part]) -> None:
    """Store what came with an import. The import itself may be stored after it, in the same transaction."""
    insert_values(
        models.Imported,
        ("source_id", "by_id", "content", "key", "about", "first"),
        ((one.source, row.id, one.content, one.key, one.about, one.first) for one in parts),
    )


def sealed_bytes(row: models.Import) -> bytes:
    """The bytes of an import that are sealed."""
    return canonical(
        {
            "version": 1,
            "id": row.id,
            "number": row.number,
            "list": row.list_id or "",
            "file": row.name,
            "sha256": row.digest,
            "by": row.by,
            "at": row.at.isoformat(),
        }
    )


def _keep(desk: Desk, kept: models.KeptFile, list_: str) -> None:
    insert(models.KeptFile, [kept])
    insert(models.FileOf, [models.FileOf(file_id=kept.id, source_id=list_)])
    seal_all([("file", kept.id, documents.file_bytes(kept))], desk.at, desk.entropy)


# --- listed -----------------------------------------------------------------------------------------------------------


def imports_seen(user: Any) -> QuerySet[models.Import]:
    """Newest first, each with ``title``: what its list is called for who may see that, and
    ``current_sources``: how many of its sources stand."""
    current_sources = Count("sources", filter=Q(sources__source__withdrawn=None))
    found: QuerySet[models.Import] = (
        visible(user, models.Import).select_related("list").annotate(current_sources=current_sources)
    )
    return found.order_by("-number")


def import_seen(user: Any, number: int) -> models.Import:
    """Raises InvalidValue."""
    found: models.Import | None = imports_seen(user).filter(number=number).first()
    if found is None:
        raise InvalidValue("there is no import {number} here; `corroborate imports list` shows them", number=number)
    return found


@dataclass(frozen=True, slots=True)
class Came:
    """A row or record that an import added, or that it changed: its source, what it is called, whom it is about, and
    how many claims of it stand."""

    source: str
    called: str
    about: str
    changed: bool
    withdrawn: bool
    claims: int


def came_with(user: Any, row: models.Import) -> list[Came]:
    """What an import added and changed, as somebody may see it, in the order in which it came."""
    shown = queries.sources_seen(user).filter(came__by=row).select_related("came")
    parts = shown.annotate(told=Count("claims", filter=Q(claims__superseded=False) & ~Q(claims__value=None)))
    return [
        Came(one.id, one.shown, one.came.about, bool(one.came.first), one.withdrawn is not None, one.told)
        for one in parts.order_by("number", "id")
    ]


def people_of(number: int) -> dict[int, str]:
    """Number of a row in its list -> whom it is about, of the rows that an import added."""
    came = models.Imported.objects.filter(by__number=number, source__number__isnull=False, first="").exclude(about="")
    found = came.order_by("source__number").values_list("source__number", "about")
    return {number: person for number, person in found if number is not None}


def said(row: models.Import) -> shapes.ImportSaid:
    """An import as programs read it, without the digest of a file that was erased: whoever has a copy would know."""
    return {
        "import": row.number,
        "id": row.id,
        "list": "" if row.list is None else row.list.title,
        "source": row.list_id,
        "file": row.name,
        "sha256": row.digest if row.name else "",
        "program": row.program or None,
        "by": row.by,
        "at": row.at.isoformat(),
        "rows": {one: row.counted[one] for one in ("new", "changed", "same", "withdrawn") if one in row.counted},
        "claims": row.counted.get("claims"),
        "sources_current": getattr(row, "current_sources", None),
        "undone": None if row.undone is None else row.undone.isoformat(),
    }


def rows_said(came: Iterable[Came]) -> list[shapes.RowCame]:
    """What came with an import as programs read it."""
    return [
        {
            "source": one.source,
            "called": one.called,
            "about": one.about or None,
            "changed": one.changed,
            "withdrawn": one.withdrawn,
            "claims": one.claims,
        }
        for one in came
    ]


def chosen_before(user: Any, shape: str) -> models.Import | None:
    """The newest import of a file with the same headings for which a person changed how it is read."""
    for row in visible(user, models.Import).filter(shape=shape, undone=None).order_by("-number"):
        if any(row.choices.get(one) for one in ("columns", "dates", "calendar")):
            found: models.Import = row
            return found
    return None


# --- undone -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing an import erased. ``corrections``: made by hand since, on what goes; ``consents``: given by it to
    rows that stood before, withdrawn."""

    number: int
    withdrawn: actions.Withdrawn
    corrections: int
    consents: int


def would_go(desk: Desk, number: int) -> Undone:
    """What :func:`undo` would erase. Raises InvalidValue, NotAllowed as that does."""
    desk.require("source.withdraw")
    row = _undoable(desk, number)
    gone = actions.falling(_sources_of(row))
    erased = [
        one
        for start in range(0, len(gone), queries.BATCH)
        for one in queries.erased_with(gone[start : start + queries.BATCH])
    ]
    people = dict.fromkeys(person for _, _, about in erased for person in about)
    withdrawn = actions.Withdrawn(gone, len(erased), tuple(people), (), (*gone, *(claim for claim, _, _ in erased)))
    return Undone(number, withdrawn, _corrections(gone), len(row.granted))


def _undone_ids(done: Undone) -> list[str]:
    return [f"imports/{done.number}", f"claims/{done.withdrawn.claims}", *done.withdrawn.sources]


@act("import.undo", "source.withdraw", ways=("command imports undo", "page imports-undo"), of_effects=_undone_ids)
def undo(desk: Desk, number: int, on: date) -> Undone:
    """Take an import back as if it had not been: erase all that came with it, and its file. Seals stay, without salts.

    Consents that it gave to rows which stood before are withdrawn; those that it took away stay away: the list is read
    again for them. Raises InvalidValue where a later import of the same list stands, or it was undone before.
    """
    row = _undoable(desk, number)
    gone = _sources_of(row)
    with storing():
        corrections = _corrections(gone)
        _forget_file(row)
        _forget_name(row)
        models.Import.objects.filter(id=row.id).update(undone=desk.at, undone_by=desk.by)
        withdrawn = (
            actions.withdraw_all(desk, gone, on, apart=_of_other_members(row, gone))
            if gone
            else actions.Withdrawn((), 0, (), (), ())
        )
        consents = actions.end_consents(row.granted, on)
        given = models.Consent.objects.filter(source_id__in=withdrawn.sources)
        given.update(blocked=queries.UNDONE)  # nobody took a leave back: the file should not have come
        models.Imported.objects.filter(by=row, source_id__in=withdrawn.sources).delete()
        said: dict[str, JSON] = {"version": 1, "undone": row.id, "by": desk.by, "at": desk.at.isoformat()}
        seal_all([(KIND, row.id, canonical(said))], desk.at, desk.entropy)
        documents.sweep_after(desk)
    return Undone(number, withdrawn, corrections, consents)


def _of_other_members(row: models.Import, gone: Sequence[str]) -> set[str]:
    """What other members let us have stays, though it came as a version of what is undone."""
    if row.program != MEMBER:
        return set()
    others = models.FromMember.objects.values_list("source_id", flat=True)
    return set(others) - set(gone)


def _undoable(desk: Desk, number: int) -> models.Import:
    row = import_seen(desk, number)
    if row.undone is not None:
        raise NotAllowed("import {number} was undone already, on {undone:%Y-%m-%d}", number=number, undone=row.undone)
    if row.list_id:
        later = models.Import.objects.filter(list_id=row.list_id, number__gt=number, undone=None).order_by("-number")
        if (last := later.first()) is not None:
            raise NotAllowed(
                "the same list came again with import {number}, which rests on this one: undo it first",
                number=last.number,
            )
    seen = visible(desk, models.Imported).filter(by=row).count()
    if seen != models.Imported.objects.filter(by=row).count():
        raise NotAllowed("some of what came with it belongs to cases that your account does not see")
    return row


def _sources_of(row: models.Import) -> list[str]:
    """Sources that came with an import and stand."""
    return list(
        models.Imported.objects.filter(by=row, source__withdrawn=None)
        .order_by("source_id")
        .values_list("source_id", flat=True)
    )


def _corrections(sources: Sequence[str]) -> int:
    return sum(
        models.Correction.objects.filter(
            old__source_id__in=sources[start : start + queries.BATCH], taken_back=None
        ).count()
        for start in range(0, len(sources), queries.BATCH)
    )


def _forget_file(row: models.Import) -> None:
    """The file of an import goes, or the copy in its place."""
    documents.forget(models.KeptFile.objects.filter(id=row.file_id or ""))


# --- a withdrawn row leaves the file ----------------------------------------------------------------------------------


def taken_back(desk: Desk, ids: Sequence[str], reason: str) -> None:
    """With a withdrawn row, its line leaves each kept file of its list: in place of the file stands a copy without it,
    and the file is erased. Of what the row or record was known by nothing stays."""
    if reason != actions.WITHDRAWN:
        return
    sources = [one for one in ids if one.startswith("source_")]
    gone = set(sources)
    left: dict[str, dict[str, str]] = defaultdict(dict)
    came = set[str]()
    for start in range(0, len(sources), queries.BATCH):
        part = models.Imported.objects.filter(source_id__in=sources[start : start + queries.BATCH])
        rows = part.filter(by__program="").exclude(content="")
        for list_, content, by in rows.values_list("source__part_of_id", "content", "by_id"):
            if list_ and list_ not in gone:
                left[list_][content] = by
        part.update(content="", key="", about="")
        came.update(part.values_list("by_id", flat=True))
        came.update(
            models.Import.objects.filter(list_id__in=sources[start : start + queries.BATCH]).values_list(
                "id", flat=True
            )
        )
    for list_, contents in left.items():
        _leave_files(desk, list_, contents)
    for one in models.Import.objects.filter(id__in=came).exclude(name=""):
        current_sources = models.Imported.objects.filter(by=one, source__withdrawn=None).values_list(
            "source_id", flat=True
        )
        # the file of a list holds rows that came before, and is read again by what was chosen for it
        if one.list_id in gone or (one.program and gone.issuperset(current_sources)):
            _forget_name(one)


def _forget_name(row: models.Import) -> None:
    """What a file was called may name somebody."""
    unsalt(KIND, [row.id])
    models.Import.objects.filter(id=row.id).update(name="", choices={})
    destroy_keys([row.id])


def _leave_files(desk: Desk, list_: str, contents: Mapping[str, str]) -> None:
    """``contents``: digest of each row that goes -> the import that brought it. Where the file of that import does not
    show the row, nobody knows where in it she stands: then all of it goes."""
    with documents.keeping(desk) as keep:
        for came in models.Import.objects.filter(list_id=list_, undone=None).exclude(file=None).select_related("file"):
            file = came.file
            if file is None or file.leaves or not file.address:
                continue
            whole = file.digest == came.digest  # else a copy of ours, which is read as any CSV file
            choices = came.choices if whole else {"numbers": came.choices.get("numbers", "")}
            content = _without(desk, file, choices, contents)
            if content is None and came.id not in contents.values():
                continue
            documents.forget(models.KeptFile.objects.filter(id=file.id))
            kept = None
            if content:
                kept = keep(io.BytesIO(content), f"{PurePath(file.name).stem}.csv", len(content))
                _keep(desk, kept, list_)
            models.Import.objects.filter(id=came.id).update(file=kept)


def _without(desk: Desk, file: models.KeptFile, choices: Mapping[str, Any], contents: Collection[str]) -> bytes | None:
    """A file as CSV without some rows; None where it has none of them; nothing where no row is left, or where it cannot
    be read any more: then all of it goes."""
    try:
        given = File(file.name, content=b"".join(desk.vault.files.get(file.address)))
        table = read_table_apart(
            given, encoding=choices.get("encoding") or None, sheet=choices.get("sheet") or None, limits=AGAIN
        )
    except CorroborateError:
        return b""
    numbers = str(choices.get("numbers", ""))
    kept = [row for row in table.rows if digest_of_cells(row.cells, numbers) not in contents]
    if len(kept) == len(table.rows):
        return None
    return _csv(table, kept) if kept else b""


def _csv(table: Table, rows: Iterable[Any]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([row.cells.get(column, "") for column in table.columns] for row in rows)
    return out.getvalue().encode("utf-8-sig")


__all__ = [
    "Came",
    "Done",
    "Given",
    "Undone",
    "came_with",
    "chosen_before",
    "import_seen",
    "imports_seen",
    "receive",
    "undo",
    "would_go",
]
