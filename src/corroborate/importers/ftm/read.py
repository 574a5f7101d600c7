"""FollowTheMoney: entities a line each, statements a line each, or a folder of CSV files, one a schema.

An event does not say who of those involved was the victim; we ask, not guess. Where we wrote the event, links of the
roles *victim* and *perpetrator* say it.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

from corroborate.errors import InputRefused
from corroborate.importers.exports import Export, ExportAct, ExportPerson, ExportSource, with_roles
from corroborate.records.schema import ftm
from corroborate.tables import File
from corroborate.translation import Sentence
from corroborate.values import JSON

_PEOPLE = ("Person", "Organization", "Company", "PublicBody", "LegalEntity")
_DOCUMENTS = (
    "Document",
    "HyperText",
    "PlainText",
    "Pages",
    "Image",
    "Video",
    "Audio",
    "Email",
    "Folder",
    "Article",
    "Table",
    "Workbook",
    "Package",
)
_LINKS = {
    "Family": ("person", "relative", "relationship"),
    "Associate": ("person", "associate", "relationship"),
    "Membership": ("member", "organization", "role"),
    "UnknownLink": ("subject", "object", "role"),
    "Documentation": ("document", "entity", "role"),
    "Employment": ("employee", "employer", "role"),
    "Ownership": ("owner", "asset", "role"),
    "Representation": ("client", "agent", "role"),
    "Mention": ("document", "resolved", "name"),
}
_PERSON = ("name", "alias", "sex", "birth_date")  # properties of the schema that have a place of their own
_LARGEST = 256 << 20
_PROSE = ("summary", "description", "notes", "bodyText", "indexText", "biography", "appearance", "address", "full")
Entity = Mapping[str, Any]


def recognises(file: File) -> bool:
    with file.open() as opened:
        line = opened.read(1 << 16).split(b"\n")[0].strip().removeprefix(b"\xef\xbb\xbf")
    if not line.startswith(b"{"):
        return _is_statements(line) or _is_csv(line)
    try:
        found = json.loads(line)
    except ValueError:
        return b'"schema"' in line and b'"properties"' in line
    return isinstance(found, dict) and ({"id", "schema", "properties"} <= set(found) or set(found) >= _STATED)


_STATED = {"entity_id", "prop", "value", "dataset"}


def _headings(line: bytes) -> set[str]:
    return set(next(csv.reader([line.decode("utf-8", errors="replace")]), []))


def _is_statements(line: bytes) -> bool:
    return b"entity_id" in line and _headings(line) >= _STATED


def _is_csv(line: bytes) -> bool:
    """What ``ftm export-csv`` writes: every property of a schema is a column, also those in which nothing stands."""
    if not line.lstrip(b'"').startswith(b"id"):
        return False
    headings = _headings(line)
    return headings >= {"id", "alephUrl", "indexText"} or headings >= {"id", "document", "resolved"}


def read(file: File) -> Export:
    """Entities of ``*.ftm.json``, ``entities.full.jsonl``, ``targets.nested.json``; statements as CSV, pack or JSON
    lines; a CSV of one schema, with those of the other schemas beside it."""
    read_too: list[Path] = []
    entities, notices = _entities(file, read_too)
    people = [_person(one) for one in entities.values() if one["schema"] in _PEOPLE]
    sources = [_source(one) for one in entities.values() if one["schema"] in _DOCUMENTS]
    inside: dict[str, list[str]] = {}  # in nested entities an event stands inside a person, and names only the others
    for key, one in entities.items():
        for event in _all(one, "eventsInvolved"):
            inside.setdefault(event, []).append(key)
    roles = _roles(entities)
    acts = [_act(one, entities, inside, roles) for one in entities.values() if one["schema"] == "Event"]
    links = [
        _link(one, entities) for one in entities.values() if one["schema"] in _LINKS and not _says_a_role(one, entities)
    ]
    known = {*_PEOPLE, *_DOCUMENTS, *_LINKS, "Event", "Address", "Note"}
    others = sorted({str(one["schema"]) for one in entities.values()} - known)
    if any(act.involved for act in acts):
        notices.append(
            Sentence(
                "an event of FollowTheMoney names who was involved, not who was victim and who was perpetrator: "
                "say it before the acts are taken in"
            )
        )
    if others:
        notices.append(Sentence("entities that were not read: {listed}", listed=", ".join(others)))
    said = Export("ftm", tuple(people), tuple(acts), tuple(sources), tuple(links), tuple(notices), tuple(read_too))
    return with_roles(said)


def _entities(file: File, read_too: list[Path]) -> tuple[dict[str, Entity], list[str]]:
    if file.size > _LARGEST:
        raise InputRefused(
            "{name} has {size:,} bytes; the limit is {largest:,}: divide it into parts",
            name=file.name,
            size=file.size,
            largest=_LARGEST,
        )
    with file.open() as opened:
        line = opened.readline(1 << 16).strip().removeprefix(b"\xef\xbb\xbf")
    notices: list[str] = []
    if _is_csv(line):
        found = _of_csv(file, notices, read_too)
    elif _is_statements(line):
        found = _of_statements(csv.DictReader(io.StringIO(file.read().decode("utf-8-sig"), newline="")))
    elif b'"entity_id"' in line and b'"properties"' not in line:
        found = _of_statements(_lines(file, json.loads))
    else:
        found = _of_lines(file, notices)
    _take_notes(found)
    return found, notices


def _lines(file: File, read_line: Callable[[bytes], Any]) -> Iterator[Any]:
    with file.open() as opened:
        for number, line in enumerate(opened, start=1):
            if not line.strip():
                continue
            try:
                yield read_line(line)
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                raise InputRefused(
                    "{name}: line {number} is no entity of FollowTheMoney ({error})",
                    name=file.name,
                    number=number,
                    error=error,
                ) from error


def _of_lines(file: File, notices: list[str]) -> dict[str, Entity]:
    found: dict[str, Entity] = {}
    nested = False
    for entities in _lines(file, lambda line: list(_flat(json.loads(line), 0))):
        for one, inner in entities:
            nested = nested or inner
            if one["id"] not in found or not inner:
                found[one["id"]] = one
    if nested:
        notices.append(Sentence("entities inside others were read as entities of their own"))
    return found


def _of_statements(rows: Iterable[Mapping[str, Any]]) -> dict[str, Entity]:
    """Statements of an entity gathered; the one that says only that there is an entity is no property of it."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        schema, _, named = str(row["prop"] or "").rpartition(":")
        key = str(row.get("canonical_id") or row["entity_id"])
        schema = schema or str(row.get("schema") or "")
        one = found.setdefault(key, {"id": key, "schema": schema, "properties": {}})
        if schema in _PEOPLE and one["schema"] == "LegalEntity":
            one["schema"] = schema  # said more exactly by another statement
        if named != "id" and row["value"] not in (None, ""):
            values = one["properties"].setdefault(named, [])
            if str(row["value"]) not in values:
                values.append(str(row["value"]))
    return dict(found)


def _of_csv(file: File, notices: list[str], read_too: list[Path]) -> dict[str, Entity]:
    """A CSV has one schema, which is its name; what its entities point to stands in the files beside it."""
    files = [file]
    if file.path is not None:
        beside = sorted(path for path in file.path.parent.glob("*.csv") if path != file.path and path.is_file())
        read_too += [path for path in beside if path.stat().st_size <= _LARGEST and _is_csv(_first_line(path))]
        files += [File.of(path) for path in read_too]
    if len(files) > 1:
        notices.append(
            Sentence("read with it, from the same folder: {listed}", listed=", ".join(one.name for one in files[1:]))
        )
    found: dict[str, Entity] = {}
    for one in files:
        schema = PurePath(one.name).stem
        for row in csv.DictReader(io.StringIO(one.read().decode("utf-8-sig"), newline="")):
            cells = {name: value for name, value in row.items() if name and isinstance(value, str) and value}
            key = cells.pop("id", "")
            found[key] = {
                "id": key,
                "schema": schema,
                "properties": {name: [value] if name in _PROSE else value.split("; ") for name, value in cells.items()},
            }
    return found


def _first_line(path: Path) -> bytes:
    with path.open("rb") as opened:
        return opened.readline(1 << 16).strip()


def _take_notes(entities: dict[str, Entity]) -> None:
    """A note is said of another entity: its words stand with what it is about."""
    for one in [one for one in entities.values() if one["schema"] == "Note"]:
        words = ": ".join((*_all(one, "name"), *_all(one, "description")))
        for key in _all(one, "entity"):
            if key in entities and words:
                entities[key]["properties"].setdefault("notes", []).append(words)


def _flat(entity: Entity, depth: int) -> Iterator[tuple[Entity, bool]]:
    """An entity with the entities that stand inside it, each of which leaves its id in its place."""
    if depth > 12:
        raise ValueError("entities stand inside one another without end")
    properties: dict[str, list[str]] = {}
    for name, values in dict(entity["properties"]).items():
        properties[name] = []
        for value in values:
            if isinstance(value, dict):
                properties[name].append(str(value["id"]))
                yield from ((one, True) for one, _ in _flat(value, depth + 1))
            else:
                properties[name].append(str(value))
    yield {"id": str(entity["id"]), "schema": str(entity["schema"]), "properties": properties}, False


def _all(entity: Entity, name: str) -> tuple[str, ...]:
    return tuple(entity["properties"].get(name, ()))


def _first(entity: Entity, *names: str) -> str | None:
    return next((value for name in names for value in _all(entity, name)), None)


def _name_of(entity: Entity) -> str:
    return _first(entity, "name", "title", "fileName") or str(entity["id"])


def _more(entity: Entity, *read_already: str) -> dict[str, JSON]:
    """Every property that has no place of its own, so that nothing of an entity is lost; ids of what points back to
    it are left out, since they stand where they come from."""
    back = (
        "eventsInvolved",
        "familyPerson",
        "familyRelative",
        "associates",
        "associations",
        "membershipMember",
        "noteEntities",
        "mentionedBy",
        "documentedBy",
        "unknownLinkFrom",
        "unknownLinkTo",
        "addressEntity",
        "documentedEntities",
        "mentionedEntities",
        "membershipOrganization",
        "images",
        "indexText",
    )
    leave = {*read_already, *back, "key", "role", "type", "share"}
    more: dict[str, JSON] = {
        name: list(values) for name, values in entity["properties"].items() if values and name not in leave
    }
    return more | {"schema": str(entity["schema"])}


def _person(entity: Entity) -> ExportPerson:
    names = _all(entity, ftm("name"))
    other = (*names[1:], *_all(entity, ftm("alias")), *_all(entity, ftm("nickname")), *_all(entity, "previousName"))
    said = [ftm(one) for one in (*_PERSON, "nickname")]
    more = _more(entity, *said, "previousName", "other_names")
    return ExportPerson(
        str(entity["id"]),
        names[0] if names else "",
        tuple(dict.fromkeys(other)),
        _first(entity, ftm("sex")),
        _first(entity, ftm("birth_date")),
        "other",
        more,
    )


def _source(entity: Entity) -> ExportSource:
    when = _first(entity, "publishedAt", "authoredAt", "date")
    more = _more(entity, "title", "sourceUrl", "publishedAt", "authoredAt", "date", "url")
    return ExportSource(
        str(entity["id"]),
        _first(entity, "title", "fileName", "name"),
        str(entity["schema"]),
        when[:10] if when else None,
        _first(entity, "sourceUrl"),
        more,
    )


def _says_a_role(entity: Entity, entities: Mapping[str, Entity]) -> bool:
    event = entities.get(_first(entity, "object") or "")
    return (
        entity["schema"] == "UnknownLink"
        and event is not None
        and event["schema"] == "Event"
        and _first(entity, "role") in ("victim", "perpetrator")
    )


def _roles(entities: Mapping[str, Entity]) -> dict[tuple[str, str], list[str]]:
    """Event and role -> the people of whom a link says that they had it."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in entities.values():
        if _says_a_role(one, entities):
            event, role = _first(one, "object") or "", _first(one, "role") or ""
            found.setdefault((event, role), []).extend(_all(one, "subject"))
    return found


def _act(
    entity: Entity,
    entities: Mapping[str, Entity],
    inside: Mapping[str, list[str]],
    roles: Mapping[tuple[str, str], Sequence[str]],
) -> ExportAct:
    key = str(entity["id"])
    address = entities.get(_first(entity, "addressEntity") or "")
    victims, perpetrators = (tuple(roles.get((key, role), ())) for role in ("victim", "perpetrator"))
    involved = dict.fromkeys((*_all(entity, "involved"), *inside.get(key, ())))
    where = (_first(address, "latitude"), _first(address, "longitude")) if address else (None, None)
    more: dict[str, JSON] = {}
    for name in ("summary", "recordId", "name", "notes", "title"):
        if values := _all(entity, name):
            more[name] = values[0] if len(values) == 1 else list(values)
    more = (
        _more(
            entity,
            "keywords",
            "date",
            "startDate",
            "endDate",
            "location",
            "involved",
            "proof",
            "lat",
            "lon",
            "place",
            "victims",
            "perpetrators",
            "sources",
            "date_end",
        )
        | more
    )
    return ExportAct(
        key,
        "; ".join(_all(entity, "keywords")) or _first(entity, "name"),
        _first(entity, "date", "startDate"),
        _first(entity, "endDate"),
        _first(entity, "location"),
        _number(where[0]),
        _number(where[1]),
        victims,
        perpetrators,
        _all(entity, "proof"),
        tuple(one for one in involved if one not in victims and one not in perpetrators),
        None,
        more,
    )


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _link(entity: Entity, entities: Mapping[str, Entity]) -> Mapping[str, JSON]:
    schema = str(entity["schema"])
    left, right, role = _LINKS[schema]

    def end(name: str) -> str | None:
        key = _first(entity, name)
        return _name_of(entities[key]) if key is not None and key in entities else key

    kind = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", schema).lower()
    made: dict[str, JSON] = {
        "type": kind,
        "a": end(left),
        "b": end(right),
        "role": _first(entity, role),
        "from_": _first(entity, "startDate"),
        "to": _first(entity, "endDate"),
        "a_key": _first(entity, left),
        "b_key": _first(entity, right),
    }
    if schema == "Mention":
        made |= {"name": _first(entity, "name"), "resolved": end("resolved")}
    return made


# --- back -------------------------------------------------------------------------------------------------------------


def write(export: Export) -> tuple[str, tuple[str, ...]]:
    """Entities as JSON lines, and what FollowTheMoney cannot hold.

    It has no word for who of those involved was the victim: a link of that role says it, which we read back.
    """
    lines = [*map(_entity_of_person, export.people), *map(_entity_of_source, export.sources)]
    lost: list[str] = []
    for act in export.acts:
        if act.share is False:
            lost.append(Sentence("that {key} must not be shared: it was left out", key=act.key))
        else:
            lines += _entities_of_act(act)
    for number, link in enumerate(export.links, start=1):
        made = _entity_of_link(number, link)
        if made is None:
            lost.append(
                Sentence(
                    "the relation {kind} of {first} and {second}",
                    kind=link.get("type"),
                    first=link.get("a"),
                    second=link.get("b"),
                )
            )
        else:
            lines.append(made)
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in lines), tuple(lost)


def _entity_of_link(number: int, link: Mapping[str, JSON]) -> dict[str, Any] | None:
    kinds = {re.sub(r"(?<=[a-z])(?=[A-Z])", " ", one).lower(): one for one in _LINKS}
    kinds |= {"relationship": "Family", "affiliation": "Membership", "actor-actor": "UnknownLink"}
    schema = kinds.get(str(link.get("type")))
    if schema is None or not link.get("a_key") or not link.get("b_key"):
        return None
    left, right, role = _LINKS[schema]
    said = {
        left: link["a_key"],
        right: link["b_key"],
        role: link.get("role") or link.get("comment"),
        "startDate": link.get("from_"),
        "endDate": link.get("to"),
    }
    return {"id": f"link-{number}", "schema": schema, "properties": _properties(**said)}


def _properties(**given: object) -> dict[str, list[str]]:
    properties: dict[str, list[str]] = {}
    for name, value in given.items():
        values = value if isinstance(value, list | tuple) else [value]
        if values := [str(one) for one in values if one not in (None, "")]:
            properties[name] = values
    return properties


def _entity_of_person(one: ExportPerson) -> dict[str, Any]:
    kept = {name: value for name, value in one.more.items() if name != "schema" and isinstance(value, list)}
    said = zip(_PERSON, (one.name, one.other_names, one.sex, one.birth), strict=True)
    properties = _properties(**{ftm(name): value for name, value in said}, **kept)
    return {"id": one.key, "schema": one.more.get("schema", "Person"), "properties": properties}


def _entity_of_source(one: ExportSource) -> dict[str, Any]:
    kept = {name: value for name, value in one.more.items() if name != "schema" and isinstance(value, list)}
    properties = _properties(title=one.title, sourceUrl=one.url, date=one.date, **kept)
    return {"id": one.key, "schema": one.more.get("schema", "Document"), "properties": properties}


def _entities_of_act(act: ExportAct) -> list[dict[str, Any]]:
    involved = tuple(dict.fromkeys((*act.involved, *act.victims, *act.perpetrators)))
    dates = {"startDate": act.date, "endDate": act.date_end} if act.date_end else {"date": act.date}
    kept = {name: value for name, value in act.more.items() if name in _HELD}
    if "summary" not in kept and isinstance(act.more.get("narrative"), str):
        kept["summary"] = act.more["narrative"]
    if "recordId" not in kept and isinstance(act.more.get("reference"), str):
        kept["recordId"] = act.more["reference"]
    kinds = (act.type or "").split("; ")
    properties = _properties(keywords=kinds, location=act.place, involved=involved, proof=act.sources, **dates, **kept)
    made: list[dict[str, Any]] = []
    if act.lat is not None and act.lon is not None:
        properties["addressEntity"] = [f"{act.key}-place"]
        made.append(
            {
                "id": f"{act.key}-place",
                "schema": "Address",
                "properties": _properties(full=act.place, latitude=act.lat, longitude=act.lon),
            }
        )
    made.append({"id": act.key, "schema": "Event", "properties": properties})
    for role, keys in (("victim", act.victims), ("perpetrator", act.perpetrators)):
        made += [
            {
                "id": f"{act.key}-{role}-{number}",
                "schema": "UnknownLink",
                "properties": _properties(subject=key, object=act.key, role=role),
            }
            for number, key in enumerate(keys, start=1)
        ]
    return made


_HELD = ("summary", "recordId", "name", "notes", "description", "country", "sourceUrl", "important")
