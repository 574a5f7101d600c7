"""Uwazi: entities of templates, as CSV (what its button gives) or JSON (what its API gives), and back into its CSV.

The CSV that it gives and the one that it takes differ: ranges have a tilde in the one and a colon in the other, labels
stand in the one and names of properties in the other. Both are read.
"""

import csv
import io
import json
import re
from calendar import monthrange
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from corroborate.errors import InputRefused
from corroborate.importers.exports import Export, ExportAct, ExportPerson, ExportSource, with_roles
from corroborate.tables import File, guessed
from corroborate.translation import Sentence
from corroborate.values import JSON

_LARGEST = 256 << 20
_STATES = {"Published", "Unpublished"}  # always in English, whatever the language of the rest


def recognises(file: File) -> bool:
    with file.open() as opened:
        begins = opened.read(1 << 16)
    if begins.lstrip().startswith(b"{"):
        return b'"sharedId"' in begins and b'"metadata"' in begins
    if begins.startswith((b"PK", b"\xd0\xcf")):
        return False
    try:
        rows = csv.reader(io.StringIO(begins.decode("utf-8-sig", errors="ignore"), newline=""))
        heading, first = next(rows), next(rows)
    except (csv.Error, StopIteration):
        return False
    return _is_taken_in(heading) or (len(heading) == len(first) > 6 and first[-1] in _STATES)


def _is_taken_in(heading: Sequence[str]) -> bool:
    """A CSV that Uwazi takes in: titles first, and names that only properties of Uwazi have."""
    own = any(re.search(r"_geolocation$|__[a-z]{2}$", one) for one in heading)
    return bool(heading) and re.fullmatch(r"title(__[a-z]{2})?", heading[0]) is not None and own


def read(file: File) -> Export:
    if file.size > _LARGEST:
        raise InputRefused(
            "{name} has {size:,} bytes; the limit is {largest:,}", name=file.name, size=file.size, largest=_LARGEST
        )
    content, read_too = file.read(), tuple[Path, ...]()
    if content.lstrip().startswith(b"{"):
        entities, notices = _of_api(content, file.name)
    else:
        people = file.path.with_suffix(".people.csv") if file.path is not None else None
        read_too = (people,) if people is not None and people.is_file() else ()
        beside = "".join(one.read_text(encoding="utf-8") for one in read_too) or None
        entities, notices = _of_csv(guessed(content, file.name).text or "", file.name, beside)
    return with_roles(replace(_export(entities, notices), read_too=read_too))


# --- one shape for both -----------------------------------------------------------------------------------------------

Entity = Mapping[str, Any]  # title, template, published, and each property's list of values


@cache
def _words() -> Mapping[str, frozenset[str]]:
    text = resources.files(__package__).joinpath("words.yaml").read_text(encoding="utf-8")
    return {field: frozenset(words) for field, words in yaml.load(text, Loader=yaml.CSafeLoader).items()}


def _field(label: str) -> str | None:
    folded = re.sub(r"[\s_]+", " ", label).strip().lower()
    return next((field for field, words in _words().items() if folded in words), None)


def _of_csv(text: str, name: str, beside: str | None) -> tuple[list[Entity], list[str]]:
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if rows and _is_taken_in(rows[0]):
        return _taken_in(rows, name, beside)
    if not rows or len(rows[0]) < 7:
        raise InputRefused("{name} is no CSV that Uwazi exported: it has no column of templates", name=name)
    heading = rows[0]
    fields = [None if at < 3 or at >= len(heading) - 3 else _field(label) for at, label in enumerate(heading)]
    fields = _by_shape(fields, rows[1:])
    unread = [label for at, label in enumerate(heading[3:-3], start=3) if fields[at] is None]
    notices: list[str] = (
        [Sentence("columns that were kept as words: {listed}", listed=", ".join(unread))] if unread else []
    )
    notices.append(
        Sentence("Uwazi's CSV has no identifiers and one language: the same export again cannot be matched to it")
    )
    order = _order(rows[1:], notices)
    entities: list[Entity] = []
    nameless = 0
    for number, row in enumerate(rows[1:], start=2):
        _of_the_heading(name, number, row, heading)
        attachments = _parts(row[-2])
        known = [one for one in attachments if not one.endswith("/undefined")]
        nameless += len(attachments) - len(known)
        entity: dict[str, Any] = {
            "key": f"row {number}",
            "title": row[0],
            "template": row[2],
            "published": row[-1] != "Unpublished",
            "documents": _parts(row[-3]),
            "attachments": known,
            "words": {},
        }
        for field, label, cell in zip(fields, heading, row, strict=True):
            if field is not None:
                entity[field] = [_in_order(part, order) for part in _parts(cell)]
            elif cell and label in unread:
                entity["words"][_key(label)] = _typed([_in_order(part, order) for part in _parts(cell)])
        entities.append(entity)
    if nameless:
        notices.append(
            Sentence(
                (
                    "{nameless} attachment is an address, which Uwazi's CSV leaves out: its API has it",
                    "{nameless} attachments are addresses, which Uwazi's CSV leaves out: its API has them",
                ),
                nameless=nameless,
            )
        )
    return entities, notices


_SHAPES = {  # of the cells of a property that each case has, whatever it is called
    "when": re.compile(r"[\d/.-]*~[\d/.-]*"),
    "point": re.compile(r"-?\d{1,3}\.\d+\|-?\d{1,3}\.\d+"),
    "press": re.compile(r"[^|]*\|https?://\S+"),
}


def _by_shape(fields: Sequence[str | None], rows: Sequence[Sequence[str]]) -> list[str | None]:
    """Fields with those that only their cells tell: a period, a point, a link. Of two that could be it, none is."""
    found = list(fields)
    for field, shape in _SHAPES.items():
        if field in found:
            continue
        cells = {at: [row[at] for row in rows if at < len(row) and row[at]] for at in range(3, len(found) - 3)}
        like = [at for at, said in cells.items() if found[at] is None and said and all(map(shape.fullmatch, said))]
        if len(like) == 1:
            found[like[0]] = field
    return found


def _taken_in(rows: Sequence[Sequence[str]], name: str, beside: str | None) -> tuple[list[Entity], list[str]]:
    """What Uwazi takes in, as we write it: cases, and people in a file beside it."""
    heading = rows[0]
    suffix = heading[0].removeprefix("title")  # the first title's language is that of the rest
    bare = [one.removesuffix(suffix) if suffix else one for one in heading]
    made: list[Entity] = []
    for number, row in enumerate(rows[1:], start=2):
        _of_the_heading(name, number, row, heading)
        cells = dict(zip(bare, map(_typed_in, row), strict=True))
        entity: dict[str, Any] = {
            "key": cells.get(_KEY) or f"row {number}",
            "title": cells["title"],
            "template": "cases",
            "published": True,
            "words": {},
        }
        entity["documents"], entity["attachments"] = _parts(cells.get("file", "")), _parts(cells.get("attachments", ""))
        titles = {label[-2:]: cell for label, cell in cells.items() if label.startswith("title__") and cell}
        if titles:
            entity["titles"] = titles
        for label, cell in cells.items():
            field = _field(label)
            if field is not None:
                entity[field] = _parts(cell)
            elif cell and label == "Notes":
                entity["words"]["notes"] = cell
            elif cell and label not in ("title", "file", "attachments", _KEY) and not label.startswith("title__"):
                entity["words"][_key(label)] = _typed(_parts(cell))
        made.append(entity)
    made += [_person_taken_in(one) for one in csv.DictReader(io.StringIO(beside or "", newline=""))]
    return made, []


def _person_taken_in(row: Mapping[str, str]) -> Entity:
    entity: dict[str, Any] = {
        "key": row[_KEY],
        "title": row["title"],
        "template": "people",
        "published": True,
        "documents": [],
        "attachments": [],
        "words": {},
        "sex": _parts(row["Sex"]),
        "other_names": _parts(row["Other names"]),
        "name": row["Name"],
        "birth": _parts(row["Born as known"]),
    }
    if row.get("Notes"):
        entity["words"]["notes"] = row["Notes"]
    return entity


def _typed_in(cell: str) -> str:
    """A cell as it was before it was kept from being a formula."""
    return cell[1:] if re.match(r"'[=+@]", cell) else cell


def _of_the_heading(name: str, number: int, row: Sequence[object], heading: Sequence[object]) -> None:
    """Raises InputRefused for a row that has not as many cells as the heading."""
    if len(row) != len(heading):
        raise InputRefused(
            "{name}: line {number} has {number2} cells, the heading {number3}",
            name=name,
            number=number,
            number2=len(row),
            number3=len(heading),
        )


def _parts(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]


def _key(label: str) -> str:
    return re.sub(r"\W+", "_", label).strip("_").lower()


def _typed(parts: Sequence[str]) -> JSON:
    """The values of a property without a field: numbers, days and periods as such, else the words as they are."""
    if parts and all(re.fullmatch(r"-?\d+", part) for part in parts):
        return int(parts[0]) if len(parts) == 1 else [int(part) for part in parts]
    if parts and all("~" in part or re.fullmatch(r"[\d-]*:[\d-]*", part) for part in parts):
        return [list(_range(part)) for part in parts]
    if len(parts) > 1 and all(_iso(part) for part in parts):
        return [_iso(part) for part in parts]
    return "|".join(parts)


_NUMBERS = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


def _order(rows: Sequence[Sequence[str]], notices: list[str]) -> str:
    """Whether days or months come first: an option of the export, the same in the whole file."""
    found = [(int(one[1]), int(one[2])) for row in rows for cell in row[1:-3] for one in _NUMBERS.finditer(cell)]
    days = any(first > 12 for first, _ in found)
    months = any(second > 12 for _, second in found)
    if found and days == months:
        notices.append(
            Sentence(
                "whether the day or the month comes first is nowhere in the file: of such dates the year is "
                "kept; export again as YYYY-MM-DD"
            )
        )
        return "unknown"
    return "days" if days else "months"


def _in_order(part: str, order: str) -> str:
    def day(found: re.Match[str]) -> str:
        if order == "unknown":
            return found[3]
        day, month = (found[1], found[2]) if order == "days" else (found[2], found[1])
        return f"{found[3]}-{int(month):02}-{int(day):02}"

    return _NUMBERS.sub(day, part) if re.fullmatch(r"[\d/.~: -]+", part) else part


def _of_api(content: bytes, name: str) -> tuple[list[Entity], list[str]]:
    try:
        rows = json.loads(content)["rows"]
        by_id: dict[str, dict[str, Any]] = {}
        for row in rows:  # a row a language: the first stands for the entity
            one = by_id.setdefault(str(row["sharedId"]), _entity(row))
            if row.get("language") and row["title"] != one["title"]:
                one.setdefault("titles", {})[row["language"]] = row["title"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputRefused("{name} is no answer of Uwazi's API: {error}", name=name, error=error) from error
    languages = len(rows) - len(by_id)
    notices: list[str] = (
        [
            Sentence(
                (
                    "{languages} row is another language of an entity that was read",
                    "{languages} rows are other languages of entities that were read",
                ),
                languages=languages,
            )
        ]
        if languages
        else []
    )
    return list(by_id.values()), notices


def _entity(row: Mapping[str, Any]) -> dict[str, Any]:
    entity: dict[str, Any] = {
        "key": row["sharedId"],
        "title": row["title"],
        "template": row["template"],
        "published": bool(row.get("published", True)),
        "words": {},
        "documents": [one.get("originalname") or one.get("filename") for one in row.get("documents", [])],
        "attachments": [one.get("url") or one.get("originalname") for one in row.get("attachments", [])],
    }
    for name, values in row["metadata"].items():
        field = _field(name)
        cells = [_said(one) for one in values or []]
        if field is None:
            entity["words"][_key(name)] = _typed([cell for cell in cells if cell])
        elif field not in entity or cells:
            entity[field] = [cell for cell in cells if cell]
    return entity


def _said(one: Mapping[str, Any]) -> str:
    """A value of the API as its CSV would write it."""
    value = one.get("value")
    if one.get("inheritedValue"):
        value = one["inheritedValue"][0].get("value")
    elif "inheritedType" in one:
        return ""
    elif one.get("label"):
        parent = one.get("parent")
        return f"{parent['label']}::{one['label']}" if isinstance(parent, dict) else str(one["label"])
    if isinstance(value, dict):
        if "from" in value or "to" in value:
            return f"{_day(value.get('from'))}:{_day(value.get('to'))}"
        if "lat" in value:
            return f"{value['lat']}|{value['lon']}"
        return f"{value.get('label') or ''}|{value.get('url') or ''}"
    return (
        _day(value)
        if isinstance(value, int | float) and abs(value) > 10_000
        else str(value if value is not None else "")
    )


def _day(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).date().isoformat()


def _export(entities: Sequence[Entity], notices: list[str]) -> Export:
    cases = [one for one in entities if any(one.get(field) for field in ("acts", "victims", "when"))]
    templates = {one["template"] for one in cases}
    others = [one for one in entities if one["template"] not in templates]
    people = [_person(one) for one in others if {"sex", "birth", "other_names"} & set(one)]
    names = {one["title"]: one["key"] for one in others if {"sex", "birth", "other_names"} & set(one)}
    sources: dict[str, ExportSource] = {}
    acts = []
    for case in cases:
        births = dict(zip(case.get("victims", ()), case.get("victims_birth", ()), strict=False))
        if len(case.get("victims_birth", ())) != len(case.get("victims", ())):
            births = {}  # the positions no longer match
        for name in (*case.get("victims", ()), *case.get("perpetrators", ())):
            if name not in names:
                names[name] = f"person/{len(names) + 1}"
                people.append(ExportPerson(names[name], name, birth=_iso(births.get(name, "")) or None))
        acts.append(_act(case, names, sources))
    apart = [one["title"] for one in others if not {"sex", "birth", "other_names"} & set(one)]
    if apart:
        notices.append(
            Sentence("entities that are neither people nor cases were not read: {listed}", listed=", ".join(apart[:5]))
        )
    hidden = sum(not one["published"] for one in entities)
    if hidden:
        notices.append(
            Sentence(
                (
                    "{hidden} entity is not published in Uwazi: it is taken in as not to be shared",
                    "{hidden} entities are not published in Uwazi: they are taken in as not to be shared",
                ),
                hidden=hidden,
            )
        )
    if any(_may_be_meant(one) for case in cases for one in case.get("when", ())):
        notices.append(
            Sentence(
                "a period begins or ends on 1970-01-01, which Uwazi writes for a day that is not known: it is "
                "read so, and kept in its words; look"
            )
        )
    return Export("uwazi", tuple(people), tuple(acts), tuple(sources.values()), (), tuple(notices))


def _person(one: Entity) -> ExportPerson:
    sex = next(iter(one.get("sex", ())), "").lower()
    more: dict[str, JSON] = {} if one["published"] else {"published": False}
    birth = next(iter(one.get("birth", ())), "")
    return ExportPerson(
        one["key"],
        one.get("name") or one["title"],
        tuple(one.get("other_names", ())),
        sex or None,
        _iso(birth) or None,
        "other",
        more | dict(one["words"]),
    )


def _act(case: Entity, names: Mapping[str, str], sources: dict[str, ExportSource]) -> ExportAct:
    link = case.get("press", ())
    link = ["|".join(link)] if len(link) == 2 and link[1].startswith("http") else link
    told = []
    for one in (*link, *case.get("told_by", ())):
        label, _, url = one.partition("|")
        sources.setdefault(url or label, ExportSource(url or label, label or url, "link", None, url or None))
        told.append(url or label)
    start, end = _range(next(iter(case.get("when", ())), ""))
    if exact := next(iter(case.get("exact", ())), ""):
        start, end = exact, None
    lat, lon = _point(case.get("point", ()))
    more: dict[str, JSON] = {"title": case["title"], "published": case["published"], **case["words"]}
    if unsure := [one for one in case.get("when", ()) if _may_be_meant(one)]:
        more["when"] = "|".join(unsure)
    for name in ("summary", "case_id", "documents", "attachments", "titles"):
        if case.get(name):
            more[name] = "|".join(case[name]) if name in ("summary", "case_id") else case[name]
    types = "; ".join(one.rpartition("::")[2] for one in case.get("acts", ()))
    return ExportAct(
        case["key"],
        types or None,
        start,
        end,
        next(iter(case.get("place", ())), None),
        lat,
        lon,
        tuple(names[one] for one in case.get("victims", ())),
        tuple(names[one] for one in case.get("perpetrators", ())),
        tuple(told),
        (),
        None if case["published"] else False,
        more,
    )


_NO_DAY = "1970-01-01"  # what the exporter writes for an end, or a beginning, that is not known


def _range(text: str) -> tuple[str | None, str | None]:
    """From and to. With a tilde the exporter wrote it: an end on the first day of 1970 is none, and no more is such a
    beginning. What it wrote is kept where that day might be meant (:func:`_may_be_meant`)."""
    start, mark, end = text.partition("~") if "~" in text else text.partition(":")
    first, last = _iso(start), _iso(end)
    if mark == "~":
        first, last = ("" if first == _NO_DAY else first), ("" if last == _NO_DAY else last)
    return first or None, (last or None) if mark else None


def _may_be_meant(text: str) -> bool:
    """Whether a period that begins or ends on the first day of 1970 may do so indeed."""
    start, mark, end = text.partition("~")
    first, last = _iso(start), _iso(end)
    return mark == "~" and _NO_DAY in (first, last) and not (first and last and last < first)


def _iso(text: str) -> str:
    text = text.strip()
    if found := re.fullmatch(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})", text):
        return f"{int(found[1]):04}-{int(found[2]):02}-{int(found[3]):02}"
    return text if re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text) else ""


def _point(parts: Sequence[str]) -> tuple[float | None, float | None]:
    numbers = re.findall(r"-?\d+(?:\.\d+)?", "|".join(parts))
    return (float(numbers[0]), float(numbers[1])) if len(numbers) >= 2 else (None, None)


# --- back -------------------------------------------------------------------------------------------------------------

_KEY = "Key"  # a text property, by which a row is known again
_CASES = (
    "title",
    "Acts",
    "When",
    "Exact to",
    "Where_geolocation",
    "Place",
    "Summary",
    "Press",
    "Told by",
    "Victims",
    "Perpetrators",
    "Notes",
    _KEY,
)
_PEOPLE = ("title", "Name", "Other names", "Sex", "Date of birth", "Born as known", "Notes", _KEY)
_PLACED = frozenset(("title", "summary", "narrative", "published", "schema", "documents", "attachments", "titles"))


def write(export: Export) -> tuple[str, tuple[str, ...]]:
    """Uwazi's import CSV of the cases, and what it cannot hold.

    Ranges go in with a colon, though they come out with a tilde; the point goes into the property, not under its label;
    people are titles, whose own rows are in :func:`beside`.
    """
    titles = _titles(export)
    sources = {one.key: one for one in export.sources} | {
        one.key: ExportSource(one.key, one.name) for one in export.people
    }
    lost: list[str] = [
        Sentence(
            "the relation {kind} of {first} and {second}", kind=one.get("type"), first=one.get("a"), second=one.get("b")
        )
        for one in export.links
    ]
    rows: list[Sequence[str]] = [_CASES]
    for act in export.acts:
        if act.share is False:
            lost.append(Sentence("{key}: not to be shared, and left out", key=act.key))
        else:
            rows.append(_row(act, titles, sources, lost))
    return _written(rows), tuple(lost)


def beside(export: Export) -> Mapping[str, str]:
    """The people, under a template of their own; those of cases that must not be shared alone are left out."""
    hidden = {key for act in export.acts if act.share is False for key in _people_of(act)}
    shown = {key for act in export.acts if act.share is not False for key in _people_of(act)}
    titles = _titles(export)
    rows: list[Sequence[str]] = [_PEOPLE]
    for one in export.people:
        if (one.key in hidden and one.key not in shown) or one.more.get("published") is False:
            continue
        day = one.birth if one.birth and len(one.birth) == 10 else ""
        rows.append(
            (
                titles[one.key],
                one.name,
                "|".join(one.other_names),
                one.sex or "",
                day,
                one.birth or "",
                _notes(one.more),
                one.key,
            )
        )
    return {"people": _written(rows)}


def _people_of(act: ExportAct) -> tuple[str, ...]:
    return (*act.victims, *act.perpetrators, *act.sources, *act.involved)


def _titles(export: Export) -> Mapping[str, str]:
    """People are known by their titles in Uwazi: two of one name would become one, and get their keys beside it."""
    often = Counter(one.name for one in export.people)
    return {one.key: one.name if often[one.name] == 1 else f"{one.name} [{one.key}]" for one in export.people}


def _written(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in rows:
        writer.writerow([f"'{cell}" if cell[:1] in ("=", "+", "@") else cell for cell in row])
    return out.getvalue()


def _row(act: ExportAct, titles: Mapping[str, str], sources: Mapping[str, ExportSource], lost: list[str]) -> list[str]:
    told = [sources[key] for key in act.sources if key in sources]
    press = next((one for one in told if one.url), None)
    words = [one.title or one.key for one in told if one is not press]
    words += [key for key in act.sources if key not in sources]
    point = f"{act.lat}|{act.lon}" if act.lat is not None and act.lon is not None else ""
    lost += [
        Sentence("{key}: the date or address of the source {title}", key=act.key, title=one.title)
        for one in told
        if one.date or (one.url and one is not press)
    ]
    files = [one for name in ("documents", "attachments", "media") for one in _several(act.more.get(name))]
    lost += [Sentence("{key}: the file {one}: attach it there by hand", key=act.key, one=one) for one in files]
    lost += [
        Sentence("{key}: that {titles} was involved in a way not known", key=act.key, titles=titles.get(key, key))
        for key in act.involved
    ]
    return [
        str(act.more.get("title") or act.type or act.key),
        (act.type or "").replace("; ", "|"),
        _when(act),
        (act.date or "") if act.date and not act.date_end and len(act.date) < 10 else "",
        point,
        act.place or "",
        str(act.more.get("summary") or act.more.get("narrative") or ""),
        f"{press.title}|{press.url}" if press is not None else "",
        "|".join(words),
        "|".join(titles.get(key, key) for key in act.victims),
        "|".join(titles.get(key, key) for key in act.perpetrators),
        _notes(act.more),
        act.key,
    ]


def _several(value: JSON) -> list[JSON]:
    return value if isinstance(value, list) else [value] if value else []


def _when(act: ExportAct) -> str:
    """A range of days; that of a month or a year alone stands beside it as it was known."""
    if not act.date:
        return f":{_last_day(act.date_end)}" if act.date_end else ""
    end = act.date_end or (act.date if len(act.date) < 10 else "")
    return f"{_first_day(act.date)}:{_last_day(end)}"


def _notes(more: Mapping[str, JSON]) -> str:
    """What has no property of its own there, a line each."""
    lines = []
    for name, value in more.items():
        if name in _PLACED or value in (None, "", [], {}, False):
            continue
        values = value if isinstance(value, list) else [value]
        lines += [str(one) if name == "notes" else f"{name}: {one}" for one in values]
    return "\n".join(lines)


def _first_day(text: str) -> str:
    return f"{text}-01-01" if len(text) == 4 else (f"{text}-01" if len(text) == 7 else text)


def _last_day(text: str) -> str:
    if len(text) == 4:
        return f"{text}-12-31"
    return f"{text}-{monthrange(int(text[:4]), int(text[5:]))[1]}" if len(text) == 7 else text
