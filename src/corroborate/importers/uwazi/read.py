"""Uwazi: entities of templates, as CSV (what its button gives) or JSON (what its API gives), and back into its CSV."""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any

import yaml

from corroborate.errors import InputRefused
from corroborate.importers.exports import Export, ToldAct, ToldPerson, ToldSource, with_roles
from corroborate.tables import File, guessed
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
    return len(heading) == len(first) > 6 and first[-1] in _STATES


def read(file: File) -> Export:
    if file.size > _LARGEST:
        raise InputRefused(f"{file.name} has {file.size:,} bytes; the limit is {_LARGEST:,}")
    content = file.read()
    if content.lstrip().startswith(b"{"):
        entities, notices = _of_api(content, file.name)
    else:
        entities, notices = _of_csv(guessed(content, file.name).text or "", file.name)
    return with_roles(_export(entities, notices))


# --- one shape for both -----------------------------------------------------------------------------------------------

Entity = Mapping[str, Any]  # title, template, published, and each property's list of values


@cache
def _words() -> Mapping[str, frozenset[str]]:
    text = resources.files(__package__).joinpath("words.yaml").read_text(encoding="utf-8")
    return {field: frozenset(words) for field, words in yaml.safe_load(text).items()}


def _field(label: str) -> str | None:
    folded = re.sub(r"[\s_]+", " ", label).strip().lower()
    return next((field for field, words in _words().items() if folded in words), None)


def _of_csv(text: str, name: str) -> tuple[list[Entity], list[str]]:
    rows = list(csv.reader(io.StringIO(text, newline="")))
    if not rows or len(rows[0]) < 7:
        raise InputRefused(f"{name} is no CSV that Uwazi exported: it has no column of templates")
    heading = rows[0]
    fields = [None if at < 3 or at >= len(heading) - 3 else _field(label) for at, label in enumerate(heading)]
    unread = [label for at, label in enumerate(heading[3:-3], start=3) if fields[at] is None]
    notices = [f"columns that were kept as words: {', '.join(unread)}"] if unread else []
    notices.append("Uwazi's CSV has no identifiers and one language: the same export again cannot be matched to it")
    entities: list[Entity] = []
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(heading):
            raise InputRefused(f"{name}: line {number} has {len(row)} cells, the heading {len(heading)}")
        entity: dict[str, Any] = {"key": f"row {number}", "title": row[0], "template": row[2],
                                  "published": row[-1] != "Unpublished", "documents": _parts(row[-3]),
                                  "attachments": _parts(row[-2]), "words": {}}  # fmt: skip
        for field, label, cell in zip(fields, heading, row, strict=True):
            if field is not None:
                entity[field] = _parts(cell)
            elif cell and label in unread:
                entity["words"][label] = cell
        entities.append(entity)
    return entities, notices


def _parts(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]


def _of_api(content: bytes, name: str) -> tuple[list[Entity], list[str]]:
    try:
        rows = json.loads(content)["rows"]
        by_id: dict[str, Entity] = {}
        for row in rows:  # a row a language: the first stands for the entity
            by_id.setdefault(str(row["sharedId"]), _entity(row))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputRefused(f"{name} is no answer of Uwazi's API: {error}") from error
    languages = len(rows) - len(by_id)
    notices = [f"{languages} rows are other languages of entities that were read"] if languages else []
    return list(by_id.values()), notices


def _entity(row: Mapping[str, Any]) -> Entity:
    entity: dict[str, Any] = {
        "key": row["sharedId"], "title": row["title"], "template": row["template"],
        "published": bool(row.get("published", True)), "words": {},
        "documents": [one.get("originalname") or one.get("filename") for one in row.get("documents", [])],
        "attachments": [one.get("originalname") or one.get("url") for one in row.get("attachments", [])],
    }  # fmt: skip
    for name, values in row["metadata"].items():
        field = _field(name)
        cells = [_said(one) for one in values or []]
        if field is None:
            entity["words"][name] = "|".join(cell for cell in cells if cell)
        elif field not in entity or cells:
            entity[field] = [cell for cell in cells if cell]
    return entity


def _said(one: Mapping[str, Any]) -> str:
    """A value of the API as its CSV would write it."""
    value = one.get("value")
    if isinstance(value, dict):
        if "from" in value or "to" in value:
            return f"{_day(value.get('from'))}~{_day(value.get('to'))}"
        if "lat" in value:
            return f"{value['lat']}|{value['lon']}"
        return f"{value.get('label') or ''}|{value.get('url') or ''}"
    if one.get("label"):
        parent = one.get("parent")
        return f"{parent['label']}::{one['label']}" if isinstance(parent, dict) else str(one["label"])
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
    names = {one.name: one.key for one in people}
    sources: dict[str, ToldSource] = {}
    acts = []
    for case in cases:
        for name in (*case.get("victims", ()), *case.get("perpetrators", ())):
            if name not in names:
                names[name] = f"person/{len(names) + 1}"
                people.append(ToldPerson(names[name], name))
        acts.append(_act(case, names, sources))
    apart = [one["title"] for one in others if not {"sex", "birth", "other_names"} & set(one)]
    if apart:
        notices.append(f"entities that are neither people nor cases were not read: {', '.join(apart[:5])}")
    hidden = sum(not one["published"] for one in entities)
    if hidden:
        notices.append(f"{hidden} entities are not published in Uwazi: they are taken in as not to be shared")
    return Export("uwazi", tuple(people), tuple(acts), tuple(sources.values()), (), tuple(notices))


def _person(one: Entity) -> ToldPerson:
    sex = next(iter(one.get("sex", ())), "").lower()
    more: dict[str, JSON] = {} if one["published"] else {"published": False}
    birth = next(iter(one.get("birth", ())), "")
    return ToldPerson(one["key"], one["title"], tuple(one.get("other_names", ())), sex or None,
                      _iso(birth) or None, "other", more | dict(one["words"]))  # fmt: skip


def _act(case: Entity, names: Mapping[str, str], sources: dict[str, ToldSource]) -> ToldAct:
    link = case.get("press", ())
    link = ["|".join(link)] if len(link) == 2 and link[1].startswith("http") else link
    told = []
    for one in link:
        label, _, url = one.partition("|")
        sources.setdefault(url or label, ToldSource(url or label, label or url, "link", None, url or None))
        told.append(url or label)
    start, end = _range(next(iter(case.get("when", ())), ""))
    lat, lon = _point(case.get("point", ()))
    more: dict[str, JSON] = {"title": case["title"], "published": case["published"], **case["words"]}
    for name in ("summary", "case_id", "documents", "attachments"):
        if case.get(name):
            more[name] = case[name] if name in ("documents", "attachments") else " ".join(case[name])
    types = "; ".join(one.rpartition("::")[2] for one in case.get("acts", ()))
    return ToldAct(
        case["key"], types or None, start, end, next(iter(case.get("place", ())), None), lat, lon,
        tuple(names[one] for one in case.get("victims", ())), tuple(names[one] for one in case.get("perpetrators", ())),
        tuple(told), (), None if case["published"] else False, more,
    )  # fmt: skip


def _range(text: str) -> tuple[str | None, str | None]:
    """From and to. The exporter writes a range without an end as ~1970-01-01, which is no end where it lies before."""
    start, mark, end = text.partition("~") if "~" in text else text.partition(":")
    first, last = _iso(start), _iso(end)
    if first and last and last < first:
        last = ""
    return first or None, (last or None) if mark else None


def _iso(text: str) -> str:
    text = text.strip()
    if found := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text):
        first, second, year = (int(part) for part in found.groups())
        day, month = (first, second) if second <= 12 else (second, first)
        return f"{year:04}-{month:02}-{day:02}"
    if found := re.fullmatch(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})", text):
        return f"{int(found[1]):04}-{int(found[2]):02}-{int(found[3]):02}"
    return text if re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text) else ""


def _point(parts: Sequence[str]) -> tuple[float | None, float | None]:
    numbers = re.findall(r"-?\d+(?:\.\d+)?", "|".join(parts))
    return (float(numbers[0]), float(numbers[1])) if len(numbers) >= 2 else (None, None)


# --- back -------------------------------------------------------------------------------------------------------------


def write(export: Export) -> tuple[str, tuple[str, ...]]:
    """Uwazi's import CSV of the cases, and what it cannot hold.

    Ranges go in with a colon, though they come out with a tilde; the point goes into the property, not under its label;
    people are titles that it makes where it finds none.
    """
    names = {one.key: one.name for one in export.people}
    sources = {one.key: one for one in export.sources}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ["title", "Acts", "When", "Where_geolocation", "Place", "Summary", "Press", "Victims", "Perpetrators"]
    )
    lost = (
        ["sexes, births and other names of people: import them under a template of their own"] if export.people else []
    )
    for act in export.acts:
        if act.share is False:
            lost.append(f"{act.key}: not to be shared, and left out")
            continue
        found = [sources[key] for key in act.sources if key in sources]
        press = next((f"{one.title}|{one.url}" for one in found if one.url), "")
        point = f"{act.lat}|{act.lon}" if act.lat is not None and act.lon is not None else ""
        title = str(act.more.get("title") or act.type or act.key)
        told = str(act.more.get("summary") or act.more.get("narrative") or "")
        cells = [title, (act.type or "").replace("; ", "|"), _when(act), point, act.place or "", told, press,
                 "|".join(names.get(key, key) for key in act.victims),
                 "|".join(names.get(key, key) for key in act.perpetrators)]  # fmt: skip
        writer.writerow([f"'{cell}" if cell[:1] in ("=", "+", "@") else cell for cell in cells])
        if act.date and len(act.date) < 10:
            lost.append(f"{act.key}: that {act.date} is no day; it went in as a range")
        lost += [f"{act.key}: the source {one.title}" for one in found[1:] if one.url]
    return out.getvalue(), tuple(lost)


def _when(act: ToldAct) -> str:
    if not act.date:
        return ""
    start, end = act.date, act.date_end or ""
    if len(start) == 4:
        start, end = f"{start}-01-01", end or f"{start}-12-31"
    elif len(start) == 7:
        last = (datetime(int(start[:4]) + (start[5:] == "12"), int(start[5:]) % 12 + 1, 1) - timedelta(days=1)).date()
        start, end = f"{start}-01", end or last.isoformat()
    return f"{start}:{end}"
