"""Bayanat: its JSON of actors, bulletins or incidents. An event of an actor happened to that actor."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from corroborate.errors import InputRefused
from corroborate.importers.exports import Export, ToldAct, ToldPerson, ToldSource, with_roles
from corroborate.tables import File
from corroborate.values import JSON

_LARGEST = 256 << 20
Record = Mapping[str, Any]


def recognises(file: File) -> bool:
    with file.open() as opened:
        begins = opened.read(4096)
    return bool(re.match(rb'\s*\{\s*"(?:actors|bulletins|incidents)"\s*:\s*\[\s*\{\s*"class"', begins))


def read(file: File) -> Export:
    if file.size > _LARGEST:
        raise InputRefused(f"{file.name} has {file.size:,} bytes; the limit is {_LARGEST:,}")
    try:
        said = json.loads(file.read())
        actors, bulletins, incidents = (list(said.get(name, [])) for name in ("actors", "bulletins", "incidents"))
        people = [_person(one) for one in actors]
        sources = {one.key: one for one in _sources(actors, bulletins)}
        acts = [act for actor in actors for act in _acts(actor)]
        acts += [act for one in bulletins for act in _acts(one, sources=(f"bulletin/{one['id']}",))]
        links = [*_links(actors), *(_incident(one) for one in incidents)]
    except ValueError as error:
        raise InputRefused(
            f"{file.name} is broken ({error}): Bayanat writes two exports of one second into one file; export it again"
        ) from error
    except (KeyError, TypeError, AttributeError) as error:
        raise InputRefused(f"{file.name} is no export of Bayanat that we know: {error!r} is not in it") from error
    known = {one.key for one in people}
    for link in links:
        for end in ("a", "b"):
            key, name = link.get(f"{end}_key"), link.get(end)
            if isinstance(key, str) and key.startswith("actor/") and key not in known and isinstance(name, str):
                known.add(key)
                people.append(ToldPerson(key, name))
    notices = [
        "Bayanat keeps no birth dates; the roles of relations are numbers whose words are in its own tables",
        "an act that hangs on a person and again on a bulletin is two events in Bayanat",
    ]
    shown = tuple({name: value for name, value in one.items() if not name.endswith("_key")} for one in links)
    return with_roles(Export("bayanat", tuple(people), tuple(acts), tuple(sources.values()), shown, tuple(notices)))


def _person(one: Record) -> ToldPerson:
    names = [one.get("name"), one.get("name_ar"), one.get("nickname"), one.get("nickname_ar")]
    written = list(dict.fromkeys(name for name in names if name))
    more: dict[str, JSON] = {"type": one.get("type"), "age": one.get("age")}
    numbers = [number.get("number") for number in one.get("id_number") or [] if isinstance(number, dict)]
    if numbers:
        more["id_number"] = numbers[0] if len(numbers) == 1 else numbers
    sex = (one.get("sex") or "").lower() or None
    return ToldPerson(f"actor/{one['id']}", written[0] if written else f"actor {one['id']}", tuple(written[1:]), sex,
                      None, "other", more)  # fmt: skip


def _sources(actors: list[Record], bulletins: list[Record]) -> Iterator[ToldSource]:
    related = [link["bulletin"] for actor in actors for link in actor.get("bulletin_relations") or []]
    for one in [*bulletins, *related]:
        when = (one.get("publish_date") or one.get("documentation_date") or "")[:10]
        text = _plain(one.get("description") or "")
        more: dict[str, JSON] = {"description": text} if text else {}
        yield ToldSource(f"bulletin/{one['id']}", one.get("title"), "bulletin", when or None,
                         one.get("source_link") or None, more)  # fmt: skip
    for actor in actors:
        for profile in actor.get("actor_profiles") or []:
            for one in profile.get("sources") or []:
                yield ToldSource(f"source/{one['id']}", one.get("title"), "source")


def _plain(text: str) -> str:
    return html.unescape(re.sub(r"<br ?/?>|</p>\s*<p>", "\n", text).replace("<p>", "").replace("</p>", "")).strip()


def _acts(one: Record, sources: tuple[str, ...] = ()) -> Iterator[ToldAct]:
    """The events of an actor (who is its victim) or of a bulletin (whose victim it does not say)."""
    is_actor = one.get("class") == "actor"
    if is_actor:
        sources = tuple(dict.fromkeys(f"source/{source['id']}" for profile in one.get("actor_profiles") or []
                                      for source in profile.get("sources") or []))  # fmt: skip
    for event in one.get("events") or []:
        place = event.get("location") or {}
        date, end = (event.get("from_date") or "")[:10], (event.get("to_date") or "")[:10]
        more: dict[str, JSON] = {"narrative": event.get("comments") or ""}
        if event.get("estimated"):
            more["estimated"] = True
        kind = (event.get("eventtype") or {}).get("title") or event.get("title")
        yield ToldAct(
            f"event/{event['id']}", kind, date or None, end or None, place.get("title"), place.get("lat"),
            place.get("lng"), (f"actor/{one['id']}",) if is_actor else (), (), sources,
            () if is_actor else ("bulletin",), None, more,
        )  # fmt: skip


def _links(actors: list[Record]) -> Iterator[dict[str, JSON]]:
    for actor in actors:
        name, key = actor.get("name") or actor.get("name_ar"), f"actor/{actor['id']}"
        for link in actor.get("actor_relations") or []:
            yield {"type": "actor-actor", "a": name, "a_key": key, "b": link["actor"].get("name"),
                   "b_key": f"actor/{link['actor']['id']}", "comment": link.get("comment")}  # fmt: skip
        for link in actor.get("bulletin_relations") or []:
            yield {
                "type": "actor-bulletin",
                "a": name,
                "b": link["bulletin"].get("title"),
                "comment": link.get("comment"),
            }
        for link in actor.get("incident_relations") or []:
            yield {
                "type": "actor-incident",
                "a": name,
                "b": link["incident"].get("title"),
                "comment": link.get("comment"),
            }


def _incident(one: Record) -> dict[str, JSON]:
    when = next(((event.get("from_date") or "")[:10] for event in one.get("events") or []), None)
    return {"type": "incident", "title": one.get("title"), "date": when,
            "actors": [link["actor"].get("name") for link in one.get("actor_relations") or []],
            "bulletins": [link["bulletin"].get("title") for link in one.get("bulletin_relations") or []]}  # fmt: skip
