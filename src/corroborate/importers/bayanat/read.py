"""Bayanat: its actors, bulletins and incidents as JSON, an actor or incident of its API, or the CSV of actors.

An event of an actor happened to that actor. Who documents enters it a second time under the bulletin that tells of it:
where both files lie in one folder, the two are one act with that source.
"""

import csv
import html
import io
import json
import re
from ast import literal_eval
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from corroborate.errors import InputRefused
from corroborate.importers.bayanat.sheet import BEGINS, events_of, mapping, read_sheet, sheet
from corroborate.importers.exports import Export, ExportAct, ExportPerson, ExportSource, with_roles
from corroborate.tables import File
from corroborate.translation import Sentence
from corroborate.values import JSON

_LARGEST = 256 << 20
Record = Mapping[str, Any]
_KINDS = ("actors", "bulletins", "incidents")
_JSON = re.compile(
    rb'\s*\{\s*(?:"(?:actors|bulletins|incidents)"\s*:\s*\[\s*\{\s*)?"class"\s*:\s*"(?:actor|bulletin|incident)"'
)
_NO_DATES = Sentence(
    "Bayanat keeps no birth dates; the roles of relations are numbers whose words are in its own tables"
)


def recognises(file: File) -> bool:
    with file.open() as opened:
        begins = opened.read(4096)
    return bool(_JSON.match(begins)) or _is_csv(begins) or begins.startswith(BEGINS)


def _is_csv(begins: bytes) -> bool:
    """The first column has no name; a CSV without any incident is two quotation marks."""
    line = begins.split(b"\n")[0].strip()
    return line.startswith((b",id,name,name_ar,", b",id,title,title_ar,")) or begins.strip() == b'""'


def _is_of_api(begins: bytes) -> bool:
    """One record, which begins with its class."""
    return re.match(rb'\s*\{\s*"class"', begins) is not None


def read(file: File) -> Export:
    if file.size > _LARGEST:
        raise InputRefused(
            "{name} has {size:,} bytes; the limit is {largest:,}", name=file.name, size=file.size, largest=_LARGEST
        )
    with file.open() as opened:
        begins = opened.read(4096)
    if begins.startswith(BEGINS):
        return read_sheet(file.read().decode("utf-8"))
    if _is_csv(begins):
        return _of_csv(file)
    notices: list[str] = [_NO_DATES]
    read_too: list[Path] = []
    records = _records(file)
    if not _is_of_api(begins):
        records |= dict(_beside(file, records, read_too))
    notices += [Sentence("{name} of the same folder was read with it", name=path.name) for path in read_too]
    return replace(_of_records(file.name, records, notices), read_too=tuple(read_too))


def _records(file: File) -> dict[str, list[Record]]:
    try:
        said = json.loads(file.read())
    except ValueError as error:
        raise InputRefused(
            "{name} is broken ({error}): Bayanat writes two exports of one second into one file; export it again",
            name=file.name,
            error=error,
        ) from error
    if isinstance(said, dict) and isinstance(said.get("class"), str):  # one record, as the API gives it
        return {f"{said['class']}s": [said]}
    return {name: list(said[name]) for name in _KINDS if name in said}


def _beside(file: File, known: Mapping[str, object], read_too: list[Path]) -> Iterator[tuple[str, list[Record]]]:
    """The exports of the other kinds in the same folder: a kind a file."""
    if file.path is None or len(known) != 1 or "incidents" in known:
        return
    for path in sorted(file.path.parent.glob("*.json")):
        if path == file.path or path.stat().st_size > _LARGEST:
            continue
        with path.open("rb") as opened:
            begins = opened.read(200)
        kind = re.match(rb'\s*\{\s*"(actors|bulletins|incidents)"\s*:', begins)
        if kind is None or not _JSON.match(begins) or kind[1].decode() in known:
            continue
        read_too.append(path)
        yield kind[1].decode(), _records(File.of(path))[kind[1].decode()]


def _of_records(name: str, records: Mapping[str, list[Record]], notices: list[str]) -> Export:
    actors, bulletins, incidents = (records.get(kind, []) for kind in _KINDS)
    try:
        people = [_person(one) for one in actors]
        sources = {one.key: one for one in _sources(actors, bulletins)}
        acts = _joined([act for actor in actors for act in _acts(actor)], _acts_in(bulletins), actors, notices)
        if not actors and not bulletins:  # what happened in it, and to whom is not said
            acts = [replace(act, key=f"incident/{one['id']}, {act.key}") for one in incidents for act in _acts(one)]
        same = _called_alike(sources)
        acts = [replace(act, sources=tuple(same.get(key, key) for key in act.sources)) for act in acts]
        links = [*_links(actors), *map(_incident, incidents)]
    except (KeyError, TypeError, AttributeError) as error:
        raise InputRefused(
            "{name} is no export of Bayanat that we know: {error!r} is not in it", name=name, error=error
        ) from error
    known = {one.key for one in people}
    ends = [(link.get(f"{end}_key"), link.get(end)) for link in links for end in ("a", "b")]
    ends += [
        (f"actor/{link['actor']['id']}", _name_of(link["actor"]))
        for one in (*bulletins, *incidents)
        for link in one.get("actor_relations") or []
    ]
    for key, called in ends:
        if isinstance(key, str) and key.startswith("actor/") and key not in known and isinstance(called, str):
            known.add(key)
            people.append(ExportPerson(key, called))
    return with_roles(
        Export(
            "bayanat",
            tuple(people),
            tuple(acts),
            tuple(one for key, one in sources.items() if key not in same),
            tuple(links),
            tuple(notices),
        )
    )


def _acts_in(bulletins: Sequence[Record]) -> list[ExportAct]:
    """The events of bulletins, one that several tell of once, with all of them as its sources."""
    found: dict[str, ExportAct] = {}
    for bulletin in bulletins:
        for act in _acts(bulletin, sources=(f"bulletin/{bulletin['id']}",)):
            before = found.get(act.key)
            found[act.key] = (
                act
                if before is None
                else replace(
                    before,
                    sources=(*before.sources, *act.sources),
                    involved=tuple(dict.fromkeys((*before.involved, *act.involved))),
                )
            )
    return list(found.values())


def _joined(
    acts: list[ExportAct], told: list[ExportAct], actors: Sequence[Record], notices: list[str]
) -> list[ExportAct]:
    """Acts with the bulletins that tell of them. An event under a bulletin is that of an actor where kind, dates and
    place are the same and no other actor has such a one, or the actor is said to stand in the bulletin."""
    named = {
        (f"actor/{one['id']}", f"bulletin/{link['bulletin']['id']}")
        for one in actors
        for link in one.get("bulletin_relations") or []
    }
    sources: dict[str, list[str]] = {}
    alone = []
    for event in told:
        same = [act for act in acts if _seen_as(act) == _seen_as(event)]
        if len(same) > 1:
            same = [act for act in same if any((act.victims[0], source) in named for source in event.sources)]
        if not same:
            alone.append(event)
        for act in same:
            sources.setdefault(act.key, []).extend(event.sources)
    if sources:
        notices.append(
            Sentence(
                (
                    (
                        "{number} act stands under an actor and again under a bulletin: it is one act, and "
                        "the bulletin its source"
                    ),
                    (
                        "{number} acts stand under an actor and again under a bulletin: each is one act, and "
                        "the bulletin its source"
                    ),
                ),
                number=len(sources),
            )
        )
    elif told:
        notices.append(Sentence("an act that hangs on a person and again on a bulletin is two events in Bayanat"))
    made = [replace(act, sources=tuple(dict.fromkeys(sources[act.key]))) if act.key in sources else act for act in acts]
    return [*made, *alone]


def _called_alike(sources: Mapping[str, ExportSource]) -> dict[str, str]:
    """Sources of profiles that are a bulletin by their title: a bulletin's own source is called as it is."""
    bulletins = {one.title: key for key, one in sources.items() if one.type == "bulletin"}
    return {
        key: bulletins[one.title] for key, one in sources.items() if one.type == "source" and one.title in bulletins
    }


def _seen_as(act: ExportAct) -> tuple[object, ...]:
    return act.type, act.date, act.date_end, act.place


def _of_csv(file: File) -> Export:
    """The CSV of actors: who they are and what their events are called, without dates and places."""
    text = file.read().decode("utf-8-sig")
    if not text.startswith(",id,name,"):
        raise InputRefused(
            "{name}: Bayanat's CSV of bulletins and incidents leaves out what they say and when; "
            "request the export as JSON",
            name=file.name,
        )
    csv.field_size_limit(_LARGEST)
    people, acts = [], []
    for row in csv.DictReader(io.StringIO(text, newline="")):
        cells = {name: value.removeprefix("'") for name, value in row.items() if name and value}
        names = list(
            dict.fromkeys(cells[one] for one in ("name", "name_ar", "nickname", "nickname_ar") if one in cells)
        )
        if not names:
            continue
        key = f"actor/{cells['id']}"
        read_already = {"id", "name", "name_ar", "nickname", "nickname_ar", "sex", "type", "age", "id_numbers"}
        more: dict[str, JSON] = {"type": cells.get("type"), "age": cells.get("age")}
        more |= {name: _plain(value) for name, value in cells.items() if name not in read_already}
        if number := re.search(r'"number": "([^"]+)"', cells.get("id_numbers", "")):
            more["id_number"] = number[1]
        people.append(
            ExportPerson(key, names[0], tuple(names[1:]), (cells.get("sex") or "").lower() or None, None, "other", more)
        )
        told = tuple(
            title
            for name, cell in cells.items()
            if name.startswith("related_bulletins")
            for title in (cell.partition("-")[2],)
            if title
        )
        for name, cell in cells.items():
            event, mark, title = cell.partition("-")  # titles may hold more hyphens
            if (name == "events" or name.startswith("events.")) and mark and event.isdigit():
                acts.append(ExportAct(f"event/{event}", title, victims=(key,), sources=told or _items(cells)))
    notices = (_NO_DATES, Sentence("the CSV leaves out dates, places and descriptions: request the export as JSON"))
    return with_roles(Export("bayanat", tuple(people), tuple(acts), (), (), notices))


def _items(cells: Mapping[str, str]) -> tuple[str, ...]:
    """A list as Python prints it, of words alone."""
    try:
        found = literal_eval(cells.get("profile_1_sources", "[]")[:10_000])
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return ()
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()


def _name_of(one: Record) -> str | None:
    return one.get("name") or one.get("name_ar") or None


def _person(one: Record) -> ExportPerson:
    names = [one.get("name"), one.get("name_ar"), one.get("nickname"), one.get("nickname_ar")]
    written = list(dict.fromkeys(name for name in names if name))
    more: dict[str, JSON] = {"type": one.get("type"), "age": one.get("age")}
    numbers = [number.get("number") for number in one.get("id_number") or [] if isinstance(number, dict)]
    if numbers:
        more["id_number"] = numbers[0] if len(numbers) == 1 else numbers
    sex = (one.get("sex") or "").lower() or None
    return ExportPerson(
        f"actor/{one['id']}",
        written[0] if written else f"actor {one['id']}",
        tuple(written[1:]),
        sex,
        None,
        "other",
        more,
    )


def _sources(actors: list[Record], bulletins: list[Record]) -> Iterator[ExportSource]:
    related = [link["bulletin"] for actor in actors for link in actor.get("bulletin_relations") or []]
    for one in [*bulletins, *related]:
        when = (one.get("publish_date") or one.get("documentation_date") or "")[:10]
        text = _plain(one.get("description") or "")
        more: dict[str, JSON] = {"description": text} if text else {}
        yield ExportSource(
            f"bulletin/{one['id']}", one.get("title"), "bulletin", when or None, _address(one.get("source_link")), more
        )
    for actor in actors:
        for profile in actor.get("actor_profiles") or []:
            for one in profile.get("sources") or []:
                yield ExportSource(f"source/{one['id']}", one.get("title"), "source")


def _address(words: str | None) -> str | None:
    """The form asks for an address, and NA is what is entered where there is none."""
    return words if words and words.strip().lower() not in ("na", "n/a", "-", "none") else None


def _plain(text: str) -> str:
    return html.unescape(re.sub(r"<br ?/?>|</p>\s*<p>", "\n", text).replace("<p>", "").replace("</p>", "")).strip()


def _acts(one: Record, sources: tuple[str, ...] = ()) -> Iterator[ExportAct]:
    """The events of an actor (who is its victim) or of a bulletin (whose victim it does not say)."""
    is_actor = one.get("class") == "actor"
    named = () if is_actor else tuple(f"actor/{link['actor']['id']}" for link in one.get("actor_relations") or [])
    if is_actor:
        sources = tuple(
            dict.fromkeys(
                f"source/{source['id']}"
                for profile in one.get("actor_profiles") or []
                for source in profile.get("sources") or []
            )
        )
    for event in one.get("events") or []:
        place = event.get("location") or {}
        date, end = (event.get("from_date") or "")[:10], (event.get("to_date") or "")[:10]
        more: dict[str, JSON] = {"narrative": event.get("comments") or ""}
        if event.get("estimated"):
            more["estimated"] = True
        kind = (event.get("eventtype") or {}).get("title") or event.get("title")
        yield ExportAct(
            f"event/{event['id']}",
            kind,
            date or None,
            end or None,
            place.get("title"),
            place.get("lat"),
            place.get("lng"),
            (f"actor/{one['id']}",) if is_actor else (),
            (),
            sources,
            named,
            None,
            more,
            victims_told=is_actor,
        )


def _links(actors: list[Record]) -> Iterator[dict[str, JSON]]:
    for actor in actors:
        name, key = actor.get("name") or actor.get("name_ar"), f"actor/{actor['id']}"
        for link in actor.get("actor_relations") or []:
            yield {
                "type": "actor-actor",
                "a": name,
                "a_key": key,
                "b": _name_of(link["actor"]),
                "b_key": f"actor/{link['actor']['id']}",
                "comment": link.get("comment"),
                "related_as": link.get("related_as"),
            }
        for link in actor.get("bulletin_relations") or []:
            yield {
                "type": "actor-bulletin",
                "a": name,
                "a_key": key,
                "b": link["bulletin"].get("title"),
                "comment": link.get("comment"),
                "related_as": link.get("related_as"),
            }
        for link in actor.get("incident_relations") or []:
            yield {
                "type": "actor-incident",
                "a": name,
                "a_key": key,
                "b": link["incident"].get("title"),
                "comment": link.get("comment"),
                "related_as": link.get("related_as"),
            }


def _incident(one: Record) -> dict[str, JSON]:
    when = next(((event.get("from_date") or "")[:10] for event in one.get("events") or []), None)
    return {
        "type": "incident",
        "title": one.get("title"),
        "date": when,
        "actors": [_name_of(link["actor"]) for link in one.get("actor_relations") or []],
        "related_as": [link.get("related_as") for link in one.get("actor_relations") or []],
        "bulletins": [link["bulletin"].get("title") for link in one.get("bulletin_relations") or []],
    }


# --- back -------------------------------------------------------------------------------------------------------------


def write(export: Export) -> tuple[str, tuple[str, ...]]:
    """The sheet of actors that Bayanat takes in, and what it cannot hold; :func:`beside` is its mapping."""
    return sheet(export)


def beside(export: Export) -> Mapping[str, str]:
    """The mapping of the sheet's columns to Bayanat's fields."""
    return {"mapping.json": mapping(events_of(sheet(export)[0]))}
