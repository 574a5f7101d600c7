"""What a program's export says, brought into one shape: who, what was done to whom, by whom it is told, and what else.

A reader of one program turns its files into an :class:`Export`; from there on all programs are alike.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from corroborate.errors import InputRefused
from corroborate.importers.coding import coding_table
from corroborate.importers.headings import BESIDES
from corroborate.tables import Rejected, Row, Table
from corroborate.translation import Sentence
from corroborate.values import JSON

Role = Literal["victim", "perpetrator", "source", "other"]


@dataclass(frozen=True, slots=True)
class ExportPerson:
    """A person or group. Dates are as exact as the file has them: 1994, 1979-11, 1987-03-09."""

    key: str
    name: str
    other_names: tuple[str, ...] = ()
    sex: str | None = None
    birth: str | None = None
    role: Role = "other"
    more: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExportAct:
    """One event with what was done. Victims and perpetrators are keys of people; sources keys or words."""

    key: str
    type: str | None
    date: str | None = None
    date_end: str | None = None
    place: str | None = None
    lat: float | None = None
    lon: float | None = None
    victims: tuple[str, ...] = ()
    perpetrators: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    involved: tuple[str, ...] = ()  # people of whom the export does not say whether they were victims
    share: bool | None = None  # whether the source allows it to be shared; None: not asked
    more: Mapping[str, JSON] = field(default_factory=dict)
    victims_told: bool = True  # False where the export leaves victims out, so that none named is not none known


@dataclass(frozen=True, slots=True)
class ExportSource:
    """A document, interview, page or file that is told from."""

    key: str
    title: str | None
    type: str | None = None
    date: str | None = None
    url: str | None = None
    more: Mapping[str, JSON] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Export:
    """All that one export holds. ``links`` do not fit elsewhere; ``notices`` say what was decided, lost or not read;
    ``read_too``: files beside it that were read with it."""

    format: str
    people: tuple[ExportPerson, ...] = ()
    acts: tuple[ExportAct, ...] = ()
    sources: tuple[ExportSource, ...] = ()
    links: tuple[Mapping[str, JSON], ...] = ()
    notices: tuple[str, ...] = ()
    read_too: tuple[Path, ...] = ()

    def as_json(self) -> dict[str, JSON]:
        """Stable keys; people and sources of an act by their names."""
        names = {one.key: one.name for one in self.people} | {one.key: one.title or one.key for one in self.sources}

        def said(keys: Sequence[str]) -> list[JSON]:
            return [names.get(key, key) for key in keys]

        return {
            "format": self.format,
            "people": [
                {"key": one.key, "name": one.name, "other_names": list(one.other_names), "sex": one.sex,
                 "birth": one.birth, "role": one.role, **one.more}
                for one in self.people
            ],
            "acts": [
                {"key": one.key, "type": one.type, "date": one.date, "date_end": one.date_end, "place": one.place,
                 "terms": list(_terms(one.type)), "lat": one.lat, "lon": one.lon, "victims": said(one.victims),
                 "perpetrators": said(one.perpetrators), "sources": said(one.sources),
                 "involved": said(one.involved), "share": one.share, **one.more}
                for one in self.acts
            ],
            "sources": [
                {"key": one.key, "title": one.title, "type": one.type, "date": one.date, "url": one.url, **one.more}
                for one in self.sources
            ],
            "links": [
                {name: value for name, value in one.items() if not name.endswith("_key")} for one in self.links
            ],
            "notices": list(self.notices),
        }  # fmt: skip


def _terms(words: str | None) -> tuple[str, ...]:
    """What a program calls an act, as terms of our vocabulary."""
    return tuple(act.term for act in coding_table().read(words or "").acts if act.said == "for")


def with_roles(export: Export) -> Export:
    """People get the role that the acts give them: a victim of one act, else a perpetrator, else a source."""
    roles: dict[str, Role] = {}
    for act in export.acts:
        for role, keys in (("source", act.sources), ("perpetrator", act.perpetrators), ("victim", act.victims)):
            for key in keys:
                if role == "victim" or key not in roles or (role == "perpetrator" and roles[key] == "source"):
                    roles[key] = role  # type: ignore[assignment]
    return replace(export, people=tuple(replace(one, role=roles.get(one.key, one.role)) for one in export.people))


PARTS: tuple[Role, ...] = ("victim", "perpetrator", "source")


def with_parts(export: Export, parts: Mapping[str, Role]) -> Export:
    """The export with what a person says of those whose part in an act it does not say.

    ``parts``: a name, a key, or a kind with ``schema:`` before it (``schema:Organization``), or ``*`` for all others;
    the first of these that somebody has is theirs. Raises InputRefused for one that nobody has.
    """
    if not parts:
        return export
    people = {one.key: one for one in export.people}
    called: dict[str, Role] = {}
    used = set()
    for key in dict.fromkeys(key for act in export.acts for key in act.involved):
        one = people.get(key)
        names = (key, *((one.name, *one.other_names, f"schema:{one.more.get('schema', '')}") if one else ()), "*")
        if (known := next((name for name in names if name in parts), None)) is not None:
            called[key] = parts[known]
            used.add(known)
    if unused := set(parts) - used - {"*"}:
        waiting = dict.fromkeys(people[key].name for act in export.acts for key in act.involved if key in people)
        raise InputRefused(
            "{listed}: nobody of that name waits for their part; there are {listed2}",
            listed=", ".join(sorted(unused)),
            listed2=", ".join(waiting) or Sentence("none: the export says of everybody what they were"),
        )
    return with_roles(replace(export, acts=tuple(_parted(act, called) for act in export.acts)))


def _parted(act: ExportAct, called: Mapping[str, Role]) -> ExportAct:
    of = {part: tuple(key for key in act.involved if called.get(key) == part) for part in PARTS}
    if not any(of.values()):
        return act
    said: list[JSON] = [f"{part}: {key}" for part in PARTS for key in of[part]]
    return replace(
        act,
        more={**act.more, Sentence("parts said when it was taken in, not by the export"): said},
        victims=tuple(dict.fromkeys((*act.victims, *of["victim"]))),
        perpetrators=tuple(dict.fromkeys((*act.perpetrators, *of["perpetrator"]))),
        sources=tuple(dict.fromkeys((*act.sources, *of["source"]))),
        involved=tuple(key for key in act.involved if key not in called),
    )


COLUMNS = ("name", "alias", "sex", "birth", "event date", "event place", "violation", "perpetrator", "witness",
           "consent", "notes", "passport", "id")  # fmt: skip


def as_table(export: Export) -> Table:
    """The export as rows about people, one for each victim of each act, so that all importers go one way from here.

    An act without a victim is a row without a name. Where an export tells of acts, somebody who is the victim of none
    is no victim: a perpetrator and a source stand in the rows of their acts, and of the others it is said that the
    export does not tell. An export that tells of no act at all is a list of people.
    """
    told = _other_words(export)
    columns = (*COLUMNS, *(f"{BESIDES}{name}" for name in told))
    rows = tuple(
        Row(number, dict(zip(columns, cells, strict=True)), None, number)
        for number, cells in enumerate(_rows(export, told), start=1)
    )
    victims = {key for act in export.acts for key in act.victims}
    others = [one for one in export.people if one.key not in victims and one.role in ("other", "victim")]
    rejected = tuple(
        Rejected(at, Sentence("is of somebody of whom the export does not say that anything was done to them"),
                 (one.name, *one.other_names), None, at)
        for at, one in enumerate(others if export.acts else (), start=len(rows) + 1)
    )  # fmt: skip
    return Table(columns, rows, "utf-8", export.notices, rejected)


_NARRATIVES = ("narrative", "summary")
_NOT_BESIDES = frozenset((*_NARRATIVES, "schema", "published", "id_number", "passportNumber", "idNumber"))


def _other_words(export: Export) -> tuple[str, ...]:
    """What acts and people say that has no column: nothing of it is dropped."""
    said = [one.more for one in export.acts] + [one.more for one in export.people]
    names = dict.fromkeys(name for more in said for name, value in more.items() if value not in (None, "", [], {}))
    return tuple(name for name in names if name not in _NOT_BESIDES)


def _rows(export: Export, told: Sequence[str]) -> Iterator[list[str]]:
    people = {one.key: one for one in export.people}
    titles = {one.key: one.title or one.key for one in export.sources}

    def words(keys: Sequence[str]) -> str:
        return "; ".join(people[key].name if key in people else titles.get(key, key) for key in keys)

    for act in export.acts:
        if not act.victims and (act.involved or not act.victims_told):
            continue  # whose act it was is not said, so nobody is made its victim
        consent = "" if act.share is None else ("yes" if act.share else "no")
        when = act.date or ""
        if act.date_end and act.date_end != act.date:
            when = f"{when} - {act.date_end}"
        notes = "\n".join(str(act.more[name]) for name in _NARRATIVES if act.more.get(name))
        for key in act.victims or ("",):
            person = people.get(key)
            besides = {**(person.more if person is not None else {}), **act.more}
            yield [*_person(person), when, act.place or "", act.type or "", words(act.perpetrators),
                   words(act.sources), consent, notes, _number(person), act.key,
                   *(_plain(besides.get(name)) for name in told)]  # fmt: skip
    for one in export.people if not export.acts else ():
        if one.role in ("victim", "other"):
            yield [
                *_person(one),
                "",
                "",
                "",
                "",
                "",
                "",
                "",
                _number(one),
                one.key,
                *(_plain(one.more.get(name)) for name in told),
            ]


_NUMBERS = ("id_number", "passportNumber", "idNumber")


def _number(one: ExportPerson | None) -> str:
    return "; ".join(_plain(one.more[name]) for name in _NUMBERS if one.more.get(name)) if one is not None else ""


def _plain(value: JSON) -> str:
    if value is None or value in ([], {}):
        return ""
    if isinstance(value, list):
        return "; ".join(_plain(one) for one in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _person(one: ExportPerson | None) -> list[str]:
    if one is None:
        return ["", "", "", ""]
    return [one.name, "; ".join(one.other_names), one.sex or "", one.birth or ""]
