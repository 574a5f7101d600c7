"""FollowTheMoney: one entity a line. An event does not say who of those involved was the victim; we ask, not guess."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from corroborate.errors import InputRefused
from corroborate.importers.exports import Export, ToldAct, ToldPerson, ToldSource
from corroborate.records.schema import ftm
from corroborate.tables import File
from corroborate.values import JSON

_PEOPLE = ("Person", "Organization", "Company", "PublicBody", "LegalEntity")
_DOCUMENTS = ("Document", "HyperText", "PlainText", "Pages", "Image", "Video", "Audio", "Email", "Folder", "Article",
              "Table", "Workbook", "Package")  # fmt: skip
_LINKS = {"Family": ("person", "relative", "relationship"), "Associate": ("person", "associate", "relationship"),
          "Membership": ("member", "organization", "role"), "UnknownLink": ("subject", "object", "role"),
          "Documentation": ("document", "entity", "role"), "Employment": ("employee", "employer", "role"),
          "Ownership": ("owner", "asset", "role"), "Representation": ("client", "agent", "role"),
          "Mention": ("document", "resolved", "name")}  # fmt: skip
_LARGEST = 256 << 20
Entity = Mapping[str, Any]


def recognises(file: File) -> bool:
    with file.open() as opened:
        line = opened.read(1 << 16).split(b"\n")[0].strip()
    if not line.startswith(b"{") or b'"schema"' not in line:
        return False
    try:
        found = json.loads(line)
    except ValueError:
        return b'"properties"' in line
    return isinstance(found, dict) and {"id", "schema", "properties"} <= set(found)


def read(file: File) -> Export:
    """Entities of ``*.ftm.json``, ``entities.full.jsonl`` and ``targets.nested.json``."""
    entities, nested = _entities(file)
    people = [_person(one) for one in entities.values() if one["schema"] in _PEOPLE]
    sources = [_source(one) for one in entities.values() if one["schema"] in _DOCUMENTS]
    inside: dict[str, list[str]] = {}  # in nested entities an event stands inside a person, and names only the others
    for key, one in entities.items():
        for event in _all(one, "eventsInvolved"):
            inside.setdefault(event, []).append(key)
    acts = [_act(one, entities, inside) for one in entities.values() if one["schema"] == "Event"]
    links = [_link(one, entities) for one in entities.values() if one["schema"] in _LINKS]
    read_too = {*_PEOPLE, *_DOCUMENTS, *_LINKS, "Event", "Address"}
    others = sorted({str(one["schema"]) for one in entities.values()} - read_too)
    notices = ["an event of FollowTheMoney names who was involved, not who was victim and who was perpetrator: "
               "say it before the acts are taken in"] if acts else []  # fmt: skip
    if others:
        notices.append(f"entities that were not read: {', '.join(others)}")
    if nested:
        notices.append("entities inside others were read as entities of their own")
    return Export("ftm", tuple(people), tuple(acts), tuple(sources), tuple(links), tuple(notices))


def _entities(file: File) -> tuple[dict[str, Entity], bool]:
    if file.size > _LARGEST:
        raise InputRefused(f"{file.name} has {file.size:,} bytes; the limit is {_LARGEST:,}: divide it into parts")
    found: dict[str, Entity] = {}
    nested = False
    with file.open() as opened:
        for number, line in enumerate(opened, start=1):
            if not line.strip():
                continue
            try:
                entity = json.loads(line)
                for one, inner in _flat(entity, 0):
                    nested = nested or inner
                    if one["id"] not in found or not inner:
                        found[one["id"]] = one
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                raise InputRefused(f"{file.name}: line {number} is no entity of FollowTheMoney ({error})") from error
    return found, nested


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


def _person(entity: Entity) -> ToldPerson:
    names = _all(entity, ftm("name"))
    other = (*names[1:], *_all(entity, ftm("alias")), *_all(entity, ftm("nickname")), *_all(entity, "previousName"))
    described = (ftm("nationality"), ftm("occupation"), ftm("birth_place"))
    kept = (*described, "passportNumber", "notes", "country", "deathDate", "idNumber")
    more: dict[str, JSON] = {name: list(_all(entity, name)) for name in kept if _all(entity, name)}
    more["schema"] = str(entity["schema"])
    return ToldPerson(str(entity["id"]), names[0] if names else str(entity["id"]), tuple(dict.fromkeys(other)),
                      _first(entity, ftm("sex")), _first(entity, ftm("birth_date")), "other", more)  # fmt: skip


def _source(entity: Entity) -> ToldSource:
    kept = ("fileName", "mimeType", "contentHash", "publisher", "author", "language", "bodyText", "pictured")
    more: dict[str, JSON] = {name: list(_all(entity, name)) for name in kept if _all(entity, name)}
    more["schema"] = str(entity["schema"])
    when = _first(entity, "publishedAt", "authoredAt", "date")
    return ToldSource(str(entity["id"]), _first(entity, "title", "fileName", "name"), str(entity["schema"]),
                      when[:10] if when else None, _first(entity, "sourceUrl"), more)  # fmt: skip


def _act(entity: Entity, entities: Mapping[str, Entity], inside: Mapping[str, list[str]]) -> ToldAct:
    address = entities.get(_first(entity, "addressEntity") or "")
    involved = tuple(dict.fromkeys((*_all(entity, "involved"), *inside.get(str(entity["id"]), ()))))
    where = (_first(address, "latitude"), _first(address, "longitude")) if address else (None, None)
    more: dict[str, JSON] = {}
    for name in ("summary", "recordId", "name", "notes"):
        if values := _all(entity, name):
            more[name] = values[0]
    return ToldAct(
        str(entity["id"]), _first(entity, "keywords", "name"), _first(entity, "date", "startDate"),
        _first(entity, "endDate"), _first(entity, "location"), _number(where[0]), _number(where[1]), (), (),
        _all(entity, "proof"), involved, None, more,
    )  # fmt: skip


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _link(entity: Entity, entities: Mapping[str, Entity]) -> Mapping[str, JSON]:
    left, right, role = _LINKS[str(entity["schema"])]

    def end(name: str) -> str | None:
        key = _first(entity, name)
        return _name_of(entities[key]) if key is not None and key in entities else key

    return {"type": str(entity["schema"]), "a": end(left), "b": end(right), "role": _first(entity, role),
            "from_": _first(entity, "startDate"), "to": _first(entity, "endDate")}  # fmt: skip


# --- back -------------------------------------------------------------------------------------------------------------


def write(export: Export) -> tuple[str, tuple[str, ...]]:
    """Entities as JSON lines, and what FollowTheMoney cannot hold."""
    lines = [*map(_entity_of_person, export.people), *map(_entity_of_source, export.sources)]
    lost: list[str] = []
    for act in export.acts:
        lines += _entities_of_act(act)
        if act.victims or act.perpetrators:
            lost.append(f"who of those involved in {act.key} was victim and who was perpetrator")
        if act.share is False:
            lost.append(f"that {act.key} must not be shared: it was left out")
            lines = [one for one in lines if one["id"] not in (act.key, f"{act.key}-place")]
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in lines), tuple(lost)


def _properties(**given: object) -> dict[str, list[str]]:
    properties: dict[str, list[str]] = {}
    for name, value in given.items():
        values = [value] if isinstance(value, str | float) else list(value or ())  # type: ignore[call-overload]
        if values := [str(one) for one in values if one not in (None, "")]:
            properties[name] = values
    return properties


def _entity_of_person(one: ToldPerson) -> dict[str, Any]:
    kept = {name: value for name, value in one.more.items() if name != "schema" and isinstance(value, list)}
    said = {"name": one.name, "alias": one.other_names, "sex": one.sex, "birth_date": one.birth}
    properties = _properties(**{ftm(name): value for name, value in said.items()}, **kept)
    return {"id": one.key, "schema": one.more.get("schema", "Person"), "properties": properties}


def _entity_of_source(one: ToldSource) -> dict[str, Any]:
    kept = {name: value for name, value in one.more.items() if name != "schema" and isinstance(value, list)}
    properties = _properties(title=one.title, sourceUrl=one.url, date=one.date, **kept)
    return {"id": one.key, "schema": one.more.get("schema", "Document"), "properties": properties}


def _entities_of_act(act: ToldAct) -> list[dict[str, Any]]:
    involved = tuple(dict.fromkeys((*act.involved, *act.victims, *act.perpetrators)))
    dates = {"startDate": act.date, "endDate": act.date_end} if act.date_end else {"date": act.date}
    kept = {name: act.more[name] for name in ("summary", "recordId", "name") if isinstance(act.more.get(name), str)}
    properties = _properties(
        keywords=act.type, location=act.place, involved=involved, proof=act.sources, **dates, **kept
    )
    made: list[dict[str, Any]] = []
    if act.lat is not None and act.lon is not None:
        properties["addressEntity"] = [f"{act.key}-place"]
        made.append({"id": f"{act.key}-place", "schema": "Address",
                     "properties": _properties(full=act.place, latitude=act.lat, longitude=act.lon)})  # fmt: skip
    return [*made, {"id": act.key, "schema": "Event", "properties": properties}]
