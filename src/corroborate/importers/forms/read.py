"""Submissions of a form with its repeat groups: each submission is a case, each repeat a victim, a perpetrator or more
about one of them. Lists of entities of ODK Central are lists of people."""

import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree import ElementTree

import yaml

from corroborate.errors import InputRefused
from corroborate.importers.exports import Export, ExportAct, ExportPerson, Role, with_roles
from corroborate.importers.forms import interviews, questions
from corroborate.tables import File, Limits, Row
from corroborate.tables.reading import open_table
from corroborate.tables.sheets import Sheet
from corroborate.tables.workbooks import workbook
from corroborate.translation import Sentence
from corroborate.values import JSON

_LARGEST = 256 << 20  # bytes, unpacked
_SMALL = 4 << 20  # bytes of one submission
_SHEET = 31  # signs of a sheet's name
_NOT_ON_A_SHEET = re.compile(r"[\[\]:*?/\\]")
Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Group:
    """The rows of the form itself, or of one repeat group, each with its key and the key of its parent."""

    name: str
    rows: tuple[tuple[str, str, Cells], ...]  # key, parent's key, cells


def recognises(file: File) -> bool:
    with file.open() as opened:
        begins = opened.read(1 << 16)
    if begins.startswith(b"PK\x03\x04"):
        try:
            return _is_of_a_form(file)
        except (zipfile.BadZipFile, zlib.error, InputRefused, OSError, RuntimeError, EOFError, KeyError, ValueError):
            return False
    if begins.lstrip().startswith(b"{"):
        of_map = b'"FeatureCollection"' in begins[:200] and b'"_submission_time"' in begins
        return of_map or (b'"_xform_id_string"' in begins and b'"results"' in begins)
    if begins.lstrip().startswith(b"<"):
        return _SUBMISSION.match(begins) is not None
    if begins.startswith(b"__id,label,"):
        return True
    head = begins.split(b"\n")[0]
    if not (b"_submission_time" in head and b"_uuid" in head and b"_index" in head):
        return False
    # a form that asks about one person is a list like any other
    headings = re.split(rb"[;,\t]", head.replace(b'"', b""))
    return not any(set(_words()["name"]) & set(_ends(one.decode("utf-8", "ignore"))) for one in headings)


_SUBMISSION = re.compile(rb'\s*(?:<\?xml[^>]*>\s*)?<(\w+)\b[^>]*\bid="[^"]+"[^>]*>.*<(?:\w+:)?instanceID>', re.S)


def _is_of_a_form(file: File) -> bool:
    with zipfile.ZipFile(file.open()) as members:
        names = [one for one in members.namelist() if not one.startswith("__MACOSX")]
        if names and all(name.endswith((".csv", "/")) or name.startswith("media/") for name in names):
            with members.open(next(name for name in names if name.endswith(".csv"))) as first:
                head = first.read(1 << 14).split(b"\n")[0]
            return b"KEY" in head and (b"SubmissionDate" in head or b"PARENT_KEY" in head)
        parts = [one for one in names if one.startswith("xl/worksheets/") or one == "xl/sharedStrings.xml"]
        if "xl/workbook.xml" not in names or not any(b"_parent_index" in _begins(members, one) for one in parts):
            return False
    sheets = workbook(file, Limits()).sheets
    return (
        bool(sheets) and {"_index", "_uuid"} <= set(next(iter(sheets[0].lines()), _NOTHING).cells) and len(sheets) > 1
    )


def _begins(members: zipfile.ZipFile, name: str) -> bytes:
    with members.open(name) as part:
        return part.read(1 << 16)


class _Nothing:
    cells: tuple[str, ...] = ()


_NOTHING = _Nothing()


def read(file: File) -> Export:
    """A KoboToolbox XLSX, CSV, GeoJSON or JSON of its API; an ODK Central ZIP, submission or list of entities."""
    notices: list[str] = []
    with file.open() as opened:
        begins = opened.read(1 << 10)
    if begins.startswith(b"__id,label,"):
        return _of_entities(file)
    if begins.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(file.open()) as members:
            is_workbook = "xl/workbook.xml" in members.namelist()
        groups = _of_workbook(file, notices) if is_workbook else _of_odk(file, notices)
    elif begins.lstrip().startswith(b"{"):
        groups = _of_map(file, notices) if b'"FeatureCollection"' in begins[:200] else _of_api(file)
    elif begins.lstrip().startswith(b"<"):
        groups = _of_submission(file)
    else:
        table = open_table(file)
        rows = [(row.cells.get("_index", ""), "", row.cells) for row in table.rows if isinstance(row, Row)]
        groups = [_Group(file.name, tuple(rows))]
        notices.append(
            Sentence("a CSV of a form holds no repeat groups: victims and perpetrators are not in it; export XLSX")
        )
    if interviews.are_interviews(groups):
        return interviews.export_of(groups, notices)
    read_too: list[Path] = []
    groups = _in_words(file, groups, notices, read_too)
    return with_roles(replace(_export(groups, notices), read_too=tuple(read_too)))


def _in_words(file: File, groups: list[_Group], notices: list[str], read_too: list[Path]) -> list[_Group]:
    """Names of questions and choices as their words, where the form lies beside the export. A question whose name is
    known already keeps it."""
    headings = {heading for one in groups for _, _, cells in one.rows[:3] for heading in cells if heading[:1] != "_"}
    names = headings | {heading.rpartition(mark)[2] for heading in headings for mark in "/-"}
    form = questions.beside(file, frozenset(names))
    if form is None or len(names & (set(form.labels) | set(form.worded))) < 2:
        return groups
    if file.path is not None:
        read_too.append(file.path.with_name(form.name))
    notices.append(
        Sentence("the words of questions and choices are those of the form {name} in the same folder", name=form.name)
    )
    return [
        _Group(_title(form, one.name), tuple((key, parent, _said(form, cells)) for key, parent, cells in one.rows))
        for one in groups
    ]


def _title(form: questions.Form, group: str) -> str:
    return group if _role_of(group) is not None else (form.labels.get(group) or group)


def _said(form: questions.Form, cells: Cells) -> Cells:
    said = form.said(cells)
    return {form.heading(heading, _is_known(heading)): cell for heading, cell in said.items()}


def _is_known(heading: str) -> bool:
    ends = set(_ends(heading)) | set(_ends(heading.rpartition("/")[0]))
    return heading.startswith("_") or any(isinstance(words, list) and ends & set(words) for words in _words().values())


def _of_entities(file: File) -> Export:
    """A list of entities is a list of people: their label is their name, the properties are the form's own."""
    text = file.read().decode("utf-8-sig")
    people = []
    for row in csv.DictReader(io.StringIO(text, newline="")):
        cells = {name: cell for name, cell in row.items() if name and isinstance(cell, str)}
        known = {"name", "other_name", "sex", "birth"}
        more: dict[str, JSON] = {
            name: cell for name, cell in cells.items()
            if cell and not name.startswith("__") and name != "label"
            and not any(set(_ends(name)) & set(_words()[field]) for field in known)
        }  # fmt: skip
        other = _cell(cells, "other_name")
        people.append(ExportPerson(cells["__id"], cells["label"], (other,) if other else (), _sex(_cell(cells, "sex")),
                                 _cell(cells, "birth") or None, "other", more))  # fmt: skip
    return Export(
        "forms", tuple(people), notices=(Sentence("a list of entities tells of nothing that was done to anybody"),)
    )


# --- groups -----------------------------------------------------------------------------------------------------------


def _of_workbook(file: File, notices: list[str]) -> list[_Group]:
    book = workbook(file, Limits(), formulas_as_typed=True)  # an answer that begins with = is written as a formula
    main = book.sheets[0].name or ""
    names = {one.name or "" for one in book.sheets}
    groups = [_group_of(sheet, main, names) for sheet in book.sheets if not sheet.hidden]
    notices += book.notices
    return groups


def _group_of(sheet: Sheet, main: str, names: Collection[str]) -> _Group:
    lines = sheet.lines()
    heading = [cell.strip() for cell in next(lines, _NOTHING).cells]
    rows = []
    for line in lines:
        cells = dict(zip(heading, (cell.strip() for cell in line.cells), strict=False))
        above = _sheet_called(cells.get("_parent_table_name") or main, names)
        parent = f"{above}/{cells.get('_parent_index', '')}"
        rows.append((f"{sheet.name}/{cells.get('_index', '')}", parent if sheet.name != main else "", cells))
    return _Group(sheet.name or "", tuple(rows))


def _sheet_called(title: str, names: Collection[str]) -> str:
    """The sheet of a group. KoboToolbox writes the title of a form whole beside a row, and on the sheet without the
    signs that a sheet's name cannot have, cut to its length."""
    if title in names:
        return title
    written = re.sub(r"^'|'$", "_", _NOT_ON_A_SHEET.sub("_", title))
    return written if len(written) <= _SHEET else written[: _SHEET - 3] + "..."


def _of_odk(file: File, notices: list[str]) -> list[_Group]:
    groups = []
    try:
        with zipfile.ZipFile(file.open()) as members:
            if sum(one.file_size for one in members.infolist() if one.filename.endswith(".csv")) > _LARGEST:
                raise InputRefused(
                    "{name} would unpack to more than {largest} MB", name=file.name, largest=_LARGEST >> 20
                )
            names = [one for one in members.namelist() if one.endswith(".csv") and not one.startswith("__MACOSX")]
            tables = {name: members.read(name).decode("utf-8-sig") for name in names}
    except (zipfile.BadZipFile, zlib.error, UnicodeDecodeError, RuntimeError, EOFError) as error:
        raise InputRefused(
            "{name} is no ZIP of ODK Central that can be read: {error}", name=file.name, error=error
        ) from error
    main = min(tables, key=len) if tables else ""
    for name, text in tables.items():
        rows = []
        for cells in csv.DictReader(io.StringIO(text, newline="")):
            given = {key or "": value or "" for key, value in cells.items() if isinstance(value, str | None)}
            came, expected = given.get("AttachmentsPresent", ""), given.get("AttachmentsExpected", "")
            if came.isdigit() and expected.isdigit() and int(came) < int(expected):
                notices.append(
                    Sentence(
                        (
                            "{key}: of {expected} file {came} arrived at the server",
                            "{key}: of {expected} files {came} arrived at the server",
                        ),
                        key=given.get("KEY"),
                        expected=expected,
                        came=came,
                    )
                )
            if given.get("ReviewState") in ("rejected", "hasIssues"):
                notices.append(
                    Sentence(
                        "{key} is marked as {state} in its review: look at it",
                        key=given.get("KEY"),
                        state=given["ReviewState"],
                    )
                )
            if given.get("Status", "").startswith("missing encrypted"):
                notices.append(
                    Sentence(
                        "{key} is encrypted and was not decrypted before the export: it was left out",
                        key=given.get("KEY"),
                    )
                )
                continue
            rows.append((given.get("KEY", ""), given.get("PARENT_KEY", ""), given))
        title = PurePosixPath(name).stem
        groups.append(
            _Group(title if name == main else title.removeprefix(PurePosixPath(main).stem + "-"), tuple(rows))
        )
    return sorted(groups, key=lambda one: one.name != PurePosixPath(main).stem)


def _of_api(file: File) -> list[_Group]:
    if file.size > _LARGEST:
        raise InputRefused(
            "{name} has {size:,} bytes; the limit is {largest:,}", name=file.name, size=file.size, largest=_LARGEST
        )
    try:
        results = json.loads(file.read())["results"]
    except (ValueError, KeyError, TypeError) as error:
        raise InputRefused("{name} is no answer of KoboToolbox's API: {error}", name=file.name, error=error) from error
    made: dict[str, list[tuple[str, str, Cells]]] = {"": []}

    def take(group: str, parent: str, row: Mapping[str, Any]) -> None:
        key = f"{group}/{len(made.setdefault(group, []))}"
        flat = {
            name: str(value) for name, value in row.items() if not isinstance(value, list | dict) and value is not None
        }
        status = row.get("_validation_status")
        if isinstance(status, dict) and status.get("uid"):
            flat["_validation_status"] = str(status["uid"])
        made[group].append((key, parent, flat))
        for name, value in row.items():
            if isinstance(value, list) and not name.startswith("_") and all(isinstance(one, dict) for one in value):
                for one in value:
                    take(name.rpartition("/")[2], key, one)

    for one in results:
        take("", "", one)
    return [_Group(name, tuple(rows)) for name, rows in made.items()]


def _of_map(file: File, notices: list[str]) -> list[_Group]:
    """A map holds the submissions that have a point, and no repeat groups."""
    if file.size > _LARGEST:
        raise InputRefused(
            "{name} has {size:,} bytes; the limit is {largest:,}", name=file.name, size=file.size, largest=_LARGEST
        )
    rows = []
    for number, one in enumerate(json.loads(file.read())["features"]):
        cells = {name: str(value) for name, value in one["properties"].items() if value is not None}
        point = one.get("geometry") or {}
        if point.get("type") == "Point":  # longitude comes first in a map
            cells |= {"_map_longitude": str(point["coordinates"][0]), "_map_latitude": str(point["coordinates"][1])}
        rows.append((f"{number}", "", cells))
    notices.append(Sentence("a map of a form holds submissions with a point alone, and no repeat groups: victims and "
                   "perpetrators are not in it; export XLSX"))  # fmt: skip
    return [_Group("", tuple(rows))]


def _of_submission(file: File) -> list[_Group]:
    """One submission as XML: elements that stand several times, or are called as people are, are its repeats."""
    if file.size > _SMALL:
        raise InputRefused(
            "{name} has {size:,} bytes; one submission has at most {small:,}",
            name=file.name,
            size=file.size,
            small=_SMALL,
        )
    content = file.read()
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise InputRefused("{name} declares entities of its own, which no form does: it was not read", name=file.name)
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - it declares no entity, and is small
    except ElementTree.ParseError as error:
        raise InputRefused("{name} is no submission that can be read: {error}", name=file.name, error=error) from error
    made: dict[str, list[tuple[str, str, Cells]]] = {"": []}

    def take(group: str, parent: str, element: ElementTree.Element) -> None:
        key = f"{group}/{len(made.setdefault(group, []))}"
        cells: dict[str, str] = {}
        made[group].append((key, parent, cells))
        gather(element, "", cells, key)

    def gather(element: ElementTree.Element, path: str, cells: dict[str, str], key: str) -> None:
        names = [_bare(one.tag) for one in element]
        for one, name in zip(element, names, strict=True):
            if len(one) and (names.count(name) > 1 or _role_of(name) in ("victim", "perpetrator")):
                take(name, key, one)
            elif len(one):
                gather(one, f"{path}{name}/", cells, key)
            elif one.text and one.text.strip():
                cells[f"{path}{name}"] = one.text.strip()

    take("", "", root)
    return [_Group(name, tuple(rows)) for name, rows in made.items()]


def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]


# --- meaning ----------------------------------------------------------------------------------------------------------


@cache
def _words() -> Mapping[str, Any]:
    text = resources.files(__package__).joinpath("words.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return found


def _folded(heading: str) -> str:
    return re.sub(r"[\s_]+", " ", heading).strip().lower()


def _ends(heading: str) -> list[str]:
    """A heading, and what is left of it without the groups that it stands in."""
    return [_folded(heading), *(_folded(heading.rpartition(mark)[2]) for mark in "/-" if mark in heading)]


def _cell(cells: Cells, field: str) -> str:
    words = set(_words()[field])
    fitting = (cell for head, cell in cells.items() if cell and head[:1] != "_" and words & set(_ends(head)))
    return next(fitting, "")


def _is(text: str, group: str) -> bool:
    return text.strip().lower() in _words()[group]


def _chosen(cells: Cells) -> list[str] | None:
    """Choices that have a column each; None where the export joins them in one."""
    columns = [(heading.rpartition("/"), cell) for heading, cell in cells.items() if "/" in heading]
    asked = [(choice, cell) for (group, _, choice), cell in columns if set(_ends(group)) & set(_words()["acts"])]
    return [choice for choice, cell in asked if cell in questions.CHOSEN] if asked else None


def _acts_of(cells: Cells) -> str:
    """What was done: by the columns of the single choices where there are any, since joined labels cannot be split."""
    joined = _cell(cells, "acts")
    # names of choices have no blanks in them; labels have, and those that are joined by blanks stay as they are
    names = all(re.fullmatch(r"[a-z0-9_.-]+", one) for one in joined.split())
    return "; ".join(_chosen(cells) or (joined.split() if names else [joined]))


def _joined_labels(cells: Cells) -> bool:
    return _chosen(cells) is None and " " in _acts_of(cells) and "; " not in _acts_of(cells)


def _role_of(group: str) -> Role | None:
    name = _folded(group.rpartition("/")[2])
    for role, words in _words()["roles"].items():
        if name in words:
            found: Role = role
            return found
    return None


def _sex(text: str) -> str | None:
    return "female" if _is(text, "female") else ("male" if _is(text, "male") else (text or None))


def _export(groups: Sequence[_Group], notices: list[str]) -> Export:
    main, *repeats = groups
    people: list[ExportPerson] = []
    by_case: dict[str, dict[str, list[str]]] = {}
    sources: dict[str, str] = {}
    for group in repeats:
        role = _role_of(group.name)
        if role is None or role == "other":
            continue
        for key, parent, cells in group.rows:
            if name := _cell(cells, "name"):
                other = _cell(cells, "other_name")
                people.append(ExportPerson(key, name, (other,) if other else (), _sex(_cell(cells, "sex")),
                                         _cell(cells, "birth") or None, role, _words_of(key, repeats)))  # fmt: skip
                by_case.setdefault(parent, {}).setdefault(role, []).append(key)
    unread = [one.name for one in repeats if _role_of(one.name) is None and not _belongs(one, repeats)]
    if unread:
        notices.append(
            Sentence(
                "repeat groups whose role is not known were not read as people: {listed}", listed=", ".join(unread)
            )
        )
    acts = []
    if not any(one.endswith("in the same folder") for one in notices) and any(
        _joined_labels(cells) for _, _, cells in main.rows
    ):
        notices.append(
            Sentence("labels of several choices are joined by blanks and cannot be told apart: export single columns")
        )
    has_victims = any(_role_of(one.name) == "victim" for one in repeats)
    for key, _, cells in main.rows:
        if told := _cell(cells, "source"):
            if told not in sources:
                sources[told] = f"source/{len(sources) + 1}"
                people.append(ExportPerson(sources[told], told, role="source"))
            by_case.setdefault(key, {})["source"] = [*by_case.get(key, {}).get("source", []), sources[told]]
        acts.append(replace(_act(key, cells, by_case.get(key, {})), victims_told=has_victims))
    return Export("forms", tuple(people), tuple(acts), (), (), tuple(notices))


def _belongs(group: _Group, repeats: Sequence[_Group]) -> bool:
    keys = {key for one in repeats if one is not group for key, _, _ in one.rows}
    return any(parent in keys for _, parent, _ in group.rows)


def _words_of(key: str, repeats: Sequence[_Group]) -> Mapping[str, JSON]:
    """What repeats inside a repeat say of one person: injuries, for one."""
    more: dict[str, list[JSON]] = {}
    for group in repeats:
        for _, parent, cells in group.rows:
            if parent == key:
                words = [cell for heading, cell in cells.items() if cell and not heading.startswith("_")
                         and heading not in ("KEY", "PARENT_KEY")]  # fmt: skip
                more.setdefault(group.name, []).extend(words)
    return {name: values for name, values in more.items() if values}


def _act(key: str, cells: Cells, known: Mapping[str, Sequence[str]]) -> ExportAct:
    date, precision = _cell(cells, "date"), _cell(cells, "precision")
    date = date[:7] if _is(precision, "month") else (date[:4] if _is(precision, "year") else date)
    consent = _cell(cells, "consent")
    victims, perpetrators, sources = (tuple(known.get(role, ())) for role in ("victim", "perpetrator", "source"))
    lat, lon = _point(cells)
    said = {"reference": _cell(cells, "reference"), "narrative": _cell(cells, "narrative")}
    said["validation"] = _validation(cells)
    more: dict[str, JSON] = {name: words for name, words in said.items() if words}
    more |= _others(cells)
    return ExportAct(
        key, _acts_of(cells) or None, date or None, _cell(cells, "date_end") or None, _cell(cells, "place") or None,
        lat, lon, victims, perpetrators, sources, (),
        False if _is(consent, "refused") else (True if _is(consent, "agreed") else None), more,
    )  # fmt: skip


_ASKERS = frozenset(("start", "end", "today", "deviceid", "phonenumber", "username", "subscriberid", "simserial",
                     "KEY", "PARENT_KEY", "meta-instanceID", "instanceID", "DeviceID", "SubmitterID", "SubmitterName",
                     "SubmissionDate", "Status", "ReviewState", "Edits", "FormVersion", "AttachmentsPresent",
                     "AttachmentsExpected", "formhub/uuid", "meta/instanceID", "__version__"))  # fmt: skip
"""What the program knows of its own, of whoever asked and of the device: it stays in the file."""


def _others(cells: Cells) -> dict[str, JSON]:
    """Answers without a field, with their headings, and the names of pictures and recordings."""
    media = [
        f"{cell} ({cells[f'{heading}_URL']})" for heading, cell in cells.items() if cell and f"{heading}_URL" in cells
    ]
    read_already = {
        "reference",
        "acts",
        "date",
        "date_end",
        "precision",
        "place",
        "point",
        "source",
        "consent",
        "narrative",
    }
    words = set().union(*(_words()[field] for field in read_already))
    others: dict[str, JSON] = {
        heading: cell for heading, cell in cells.items()
        if cell and heading[:1] != "_" and heading not in _ASKERS and not heading.endswith("_URL")
        and f"{heading}_URL" not in cells and not words & set(_ends(heading))
        and not words & set(_ends(heading.rpartition("/")[0])) and not _POINT.search(heading)
    }  # fmt: skip
    return others | ({"media": list[JSON](media)} if media else {})


_POINT = re.compile(r"[_-](latitude|longitude|altitude|accuracy|precision)$", re.I)


def _validation(cells: Cells) -> str:
    said = cells.get("_validation_status") or cells.get("ReviewState") or ""
    return re.sub(r"^validation_status_", "", said.lower()).replace(" ", "_") if "_validation_status" in cells else said


def _point(cells: Cells) -> tuple[float | None, float | None]:
    found: dict[str, float] = {}
    for heading, cell in cells.items():
        ending = _POINT.search(heading)
        if ending and cell and ending[1].lower() in ("latitude", "longitude"):
            try:
                found.setdefault(ending[1].lower(), float(cell))
            except ValueError:
                continue
    if not found and (point := _cell(cells, "point").split()) and len(point) >= 2:
        return float(point[0]), float(point[1])
    return found.get("latitude"), found.get("longitude")
