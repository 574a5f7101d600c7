"""Bayanat takes people in as a sheet with a mapping: a row a person, and the same columns again for each event.

A day that a date does not say is filled with today's, so dates leave as days, marked as estimated, with what is known
in the comment; "no" in that column is appended to the comment, so it stays empty.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence

from corroborate.importers.exports import Export, ExportAct, ExportPerson, ExportSource, with_roles
from corroborate.translation import Sentence
from corroborate.values import JSON

_PERSON = ("Origin", "Full name", "Name in Arabic", "Other name", "Sex", "ID", "Note", "Source")
_EVENT = ("Event", "Event type", "Event place", "From", "To", "Estimated", "Comments")
_SEXES = {"male": "Male", "female": "Female", "m": "Male", "f": "Female"}
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_KNOWN, _BY, _BORN, _NAMED, _ROLE = "Date as known: ", "By: ", "Born: ", "Also called: ", "Role: "
BEGINS = ",".join(_PERSON).encode()


def sheet(export: Export) -> tuple[str, tuple[str, ...]]:
    """The sheet of actors, and what it cannot hold."""
    acts = [act for act in export.acts if act.share is not False]
    lost: list[str] = [
        Sentence("that {key} must not be shared: it was left out", key=act.key)
        for act in export.acts
        if act.share is False
    ]
    names = {one.key: one.name for one in export.people}
    titles = names | {one.key: one.title or one.key for one in export.sources}
    of: dict[str, list[ExportAct]] = {one.key: [] for one in export.people}
    for act in acts:
        for key in act.victims:
            of.setdefault(key, []).append(act)
        if not act.victims:
            lost.append(Sentence("{key}: the sheet has rows of people, and the act names no victim", key=act.key))
        if act.lat is not None:
            lost.append(f"{act.key}: the point {act.lat}, {act.lon}")
        lost += [
            Sentence("{key}: that {names} was involved, in a part not said", key=act.key, names=names.get(one, one))
            for one in act.involved
        ]
    lost += [
        Sentence(
            "the relation {kind} of {first} and {second}", kind=one.get("type"), first=one.get("a"), second=one.get("b")
        )
        for one in export.links
    ]
    lost += [
        Sentence("of the source {title} its title alone stands there", title=one.title or one.key)
        for one in export.sources
    ]
    most = max((len(events) for events in of.values()), default=0)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*_PERSON, *(f"{name} {number + 1}" for number in range(most) for name in _EVENT)])
    for person in export.people:
        events = of[person.key]
        writer.writerow(
            [
                *_row(person, events, titles),
                *(cell for act in events for cell in _event(act, names)),
                *[""] * (len(_EVENT) * (most - len(events))),
            ]
        )
    return out.getvalue(), tuple(lost)


def mapping(events: int) -> str:
    """Which column is which field, as Bayanat saves it."""
    fields: dict[str, JSON] = {
        "originid": ["Origin"],
        "name": ["Full name"],
        "name_ar": ["Name in Arabic"],
        "nickname": ["Other name"],
        "sex": ["Sex"],
        "type": "Person",
        "sources": ["Source"],
        "id_number": [{"type": "1", "number": "ID"}],
        "description": [{"sep": None, "data": ["Note"]}],
        "events": [
            {
                "title": [f"Event {at}"],
                "dtype": [f"Event type {at}"],
                "location": [f"Event place {at}"],
                "from_date": [f"From {at}"],
                "to_date": [f"To {at}"],
                "estimated": [f"Estimated {at}"],
                "comments": [f"Comments {at}"],
            }
            for at in range(1, events + 1)
        ],
    }
    return json.dumps({"name": "People", "data": {"map": fields, "vmap": {"originid": True}}}, ensure_ascii=False)


def events_of(text: str) -> int:
    """How many events a sheet has columns for."""
    return (len(next(csv.reader(io.StringIO(text, newline="")))) - len(_PERSON)) // len(_EVENT)


def _row(person: ExportPerson, acts: Sequence[ExportAct], titles: Mapping[str, str]) -> Iterator[str]:
    names = [person.name, *person.other_names]
    arabic = next((name for name in names if _ARABIC.search(name)), "")
    others = [name for name in names[1:] if name != arabic]
    notes = [f"{_NAMED}{name}" for name in others[1:]]
    notes += [f"{_BORN}{person.birth}"] if person.birth else []
    notes += [f"{_ROLE}{person.role}"] if not acts and person.role != "other" else []
    notes += [f"{name}: {value}" for name, value in _words(person.more) if name != "id_number"]
    told = dict.fromkeys(titles.get(key, key) for act in acts for key in act.sources)
    yield from (
        person.key,
        person.name,
        arabic if arabic != person.name else "",
        others[0] if others else "",
        _SEXES.get((person.sex or "").lower(), person.sex or ""),
    )
    yield str(person.more.get("id_number") or "")
    yield "\n".join(notes)
    yield ",".join(f'"{title}"' if re.search(r'[,"]|\s', title) else title for title in told)


def _event(act: ExportAct, names: Mapping[str, str]) -> Iterator[str]:
    days = [_day(act.date), _day(act.date_end)]
    exact = all(date is None or len(date) == 10 for date in (act.date, act.date_end))
    comments = [str(act.more.get("narrative") or act.more.get("summary") or "")]
    comments += [f"{_BY}{names[key]} ({key})" if key in names else f"{_BY}{key}" for key in act.perpetrators]
    if not exact:
        comments.append(f"{_KNOWN}{act.date or ''}/{act.date_end or ''}")
    comments += [f"{name}: {value}" for name, value in _words(act.more) if name not in ("narrative", "summary")]
    yield from (act.key, act.type or "", act.place or "", *days, "" if exact else "yes")
    yield "\n".join(one for one in comments if one)


def _words(more: Mapping[str, JSON]) -> Iterator[tuple[str, str]]:
    for name, value in more.items():
        if name != "schema" and value not in (None, "", [], {}, False):
            values = value if isinstance(value, list) else [value]
            yield name, "; ".join(str(one) for one in values)


def _day(date: str | None) -> str:
    return "" if not date else f"{date}-01-01"[:10] if len(date) == 4 else f"{date}-01"[:10]


# --- read again -------------------------------------------------------------------------------------------------------


def read_sheet(text: str) -> Export:
    """A sheet that :func:`sheet` wrote."""
    people: list[ExportPerson] = []
    acts: dict[str, ExportAct] = {}
    told: dict[str, ExportSource] = {}
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    known = frozenset(row["Origin"] for row in rows)
    for row in rows:
        people.append(_person(row))
        sources = tuple(_titles(row["Source"]))
        for title in sources:
            told.setdefault(title, ExportSource(title, title))
        for at in range(1, 1 + (len(row) - len(_PERSON)) // len(_EVENT)):
            if not row[f"Event {at}"]:
                continue
            act = _act({name: row[f"{name} {at}"] for name in _EVENT}, row["Origin"], sources, known)
            before = acts.get(act.key)
            acts[act.key] = act if before is None else _with(before, act)
    return with_roles(Export("bayanat", tuple(people), tuple(acts.values()), tuple(told.values())))


def _with(one: ExportAct, other: ExportAct) -> ExportAct:
    return ExportAct(
        one.key,
        one.type,
        one.date,
        one.date_end,
        one.place,
        None,
        None,
        (*one.victims, *other.victims),
        one.perpetrators,
        one.sources,
        (),
        None,
        one.more,
    )


def _person(row: Mapping[str, str]) -> ExportPerson:
    notes = [line.partition(": ") for line in row["Note"].splitlines()]
    said: dict[str, list[str]] = {}
    for name, _, value in notes:
        said.setdefault(f"{name}: ", []).append(value)
    others = [row["Other name"], row["Name in Arabic"], *said.pop(_NAMED, [])]
    birth = next(iter(said.pop(_BORN, [])), None)
    said.pop(_ROLE, None)
    more: dict[str, JSON] = {name.removesuffix(": "): "; ".join(values) for name, values in said.items()}
    if row["ID"]:
        more["id_number"] = row["ID"]
    return ExportPerson(
        row["Origin"],
        row["Full name"],
        tuple(name for name in others if name),
        row["Sex"].lower() or None,
        birth,
        "other",
        more,
    )


def _key(words: str, known: frozenset[str]) -> str:
    """The key that stands after a name, where somebody of the sheet has it."""
    found = re.search(r" \(([^()]+)\)$", words)
    return found[1] if found is not None and found[1] in known else words


def _act(cells: Mapping[str, str], victim: str, sources: tuple[str, ...], known_keys: frozenset[str]) -> ExportAct:
    lines = cells["Comments"].splitlines()
    known = next((line.removeprefix(_KNOWN) for line in lines if line.startswith(_KNOWN)), None)
    date, _, end = known.partition("/") if known else (cells["From"], "", cells["To"])
    by = [_key(line.removeprefix(_BY), known_keys) for line in lines if line.startswith(_BY)]
    rest = [line for line in lines if not line.startswith((_KNOWN, _BY))]
    return ExportAct(
        cells["Event"],
        cells["Event type"] or None,
        date or None,
        end or None,
        cells["Event place"] or None,
        None,
        None,
        (victim,),
        tuple(by),
        sources,
        (),
        None,
        {"narrative": "\n".join(rest)},
    )


def _titles(cell: str) -> Iterator[str]:
    """Titles between commas, those with blanks or commas between quotation marks, as Bayanat reads them."""
    for found in re.finditer(r'"((?:[^"]|"(?!,|$))*)"(?:,|$)|([^,]+)(?:,|$)', cell):
        yield found[1] if found[1] is not None else found[2]
