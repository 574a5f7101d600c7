"""Two codings of one source by hand, laid beside each other: what agrees, what differs, and how far, field by field.

Two acts are of one unit where both coders gave them the same place in the source (minute, page, line), or, where one
has none, the same victim. Within a unit a field is compared as the set of what was said in it. People, times in
detention, disappearances, kin, posts and steps of proceedings are compared likewise, each by whom or what its
rows are about.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from corroborate.importers.by_hand import OF_ACT, ROWS, Codes
from corroborate.languages.dates import read_date
from corroborate.languages.finding import folded
from corroborate.records.agreement import Alpha, alpha

FIELDS = tuple(one for one in OF_ACT if one not in ("at", "words"))  # a place makes the unit; words are free
_SEVERAL = re.compile(r"\s*[;；,，、،\n]\s*")
Rows = Sequence[Mapping[str, Any]]
BY: Mapping[
    str, tuple[str, ...]
] = {  # part beside the acts -> the fields that say which rows of two coders are one unit
    "people": ("names",),
    "held": ("who", "facility"),
    "missing": ("who",),
    "kin": ("of", "who"),
    "posts": ("who", "unit"),
    "proceedings": ("body", "reference", "step"),
}
_FREE = (
    "described",
    "how",
    "searched",
    "answered",
    "last_seen",
    "since",
    "came_back",
)  # words that each puts otherwise


@dataclass(frozen=True, slots=True)
class Unit:
    """What both coders said of one place of a source: rows of their acts by their numbers. Empty: nothing."""

    place: str
    first: tuple[int, ...]
    second: tuple[int, ...]
    differs: tuple[str, ...]  # fields in which the two say otherwise


@dataclass(frozen=True, slots=True)
class Compared:
    """``units``: in the order of the first coding, then what the second alone has. ``fields``: α of each field that
    somebody filled in, and of *act*: whether anything is coded there at all."""

    units: tuple[Unit, ...]
    fields: Mapping[str, Alpha]


def compared(first: Rows, second: Rows, codes: Codes, *, on: date) -> Compared:
    """Lay two codings beside each other. ``codes``: words of what was done -> terms; ``on``: today, the latest day."""
    by_place = (_by_unit(first), _by_unit(second))
    places = list(dict.fromkeys([*by_place[0], *by_place[1]]))
    said: dict[str, list[tuple[object, object]]] = {name: [] for name in FIELDS}
    units = []
    for place in places:
        rows = tuple(of.get(place, ()) for of in by_place)
        differs = []
        for name in FIELDS:
            pair = tuple(
                frozenset(_category(name, coding[at].get(name), codes, on) for at in rows[side])
                for side, coding in enumerate((first, second))
            )
            if any(any(each) for each in pair):  # a field that neither filled in says nothing of agreement
                said[name].append((pair[0], pair[1]))
                if pair[0] != pair[1]:
                    differs.append(name)
        units.append(Unit(_shown(place, first, second, rows), rows[0], rows[1], tuple(differs)))
    fields = {name: alpha(pairs) for name, pairs in said.items() if pairs}
    return Compared(tuple(units), fields)


@dataclass(frozen=True, slots=True)
class Differing:
    """What two coders said otherwise beside the acts: of which row, in which field, in their own words."""

    part: str
    unit: str
    field: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Beside:
    """``fields``: α by part and field (``held.from``), and of *part.row* whether both have a row for it."""

    fields: Mapping[str, Alpha]
    differ: tuple[Differing, ...]


def beside(first: Mapping[str, Any], second: Mapping[str, Any], codes: Codes, *, on: date) -> Beside:
    """Lay what two coders typed beside the acts next to each other. A row that one of them has not is a difference."""
    said: dict[str, list[tuple[object, object]]] = {}
    differ: list[Differing] = []
    for part, by in BY.items():
        coded = tuple(_by_fields(one.get(part) or (), by) for one in (first, second))
        for unit in dict.fromkeys([*coded[0], *coded[1]]):
            rows = tuple(of.get(unit, []) for of in coded)
            shown = next(" · ".join(str(each[0].get(one) or "") for one in by).strip(" ·") for each in rows if each)
            pair = (bool(rows[0]), bool(rows[1]))
            said.setdefault(f"{part}.row", []).append(pair)
            if not all(pair):
                differ.append(Differing(part, shown, "", *("✓" if one else "–" for one in pair)))
                continue
            for field in ROWS[part]:
                if field in ("at", *by, *_FREE):
                    continue
                values = [frozenset(_category(field, row.get(field), codes, on) for row in of) - {""} for of in rows]
                if any(values):
                    said.setdefault(f"{part}.{field}", []).append((values[0], values[1]))
                if values[0] != values[1]:
                    words = ("; ".join(str(row.get(field) or "–") for row in of) for of in rows)
                    differ.append(Differing(part, shown, field, *words))
    return Beside({name: alpha(pairs) for name, pairs in said.items()}, tuple(differ))


def _by_fields(rows: Rows, by: Sequence[str]) -> dict[tuple[str, ...], list[Mapping[str, Any]]]:
    found: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        key = tuple(folded(_SEVERAL.split(str(row.get(field) or ""))[0]) for field in by)
        found.setdefault(key, []).append(row)
    return found


def _by_unit(rows: Rows) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for number, row in enumerate(rows):
        place = folded(str(row.get("at") or row.get("whom") or number))
        found[place] = (*found.get(place, ()), number)
    return found


def _shown(place: str, first: Rows, second: Rows, rows: tuple[tuple[int, ...], ...]) -> str:
    row = first[rows[0][0]] if rows[0] else second[rows[1][0]]
    return str(row.get("at") or row.get("whom") or place)


def _category(name: str, cell: object, codes: Codes, on: date) -> object:
    """What stands in a cell, so that the same said otherwise is the same; empty for nothing."""
    words = "; ".join(map(str, cell)) if isinstance(cell, list | tuple) else str(cell or "").strip()
    if name == "stance" and words in ("", "for"):
        return "for"
    reader = _READERS.get(name)
    return (reader(words, codes, on) if words and reader else None) or folded(words)


def _coded(words: str, codes: Codes, _on: date) -> object:
    return tuple(sorted({one.term for one in codes(words)}))


def _day(words: str, _codes: Codes, on: date) -> object:
    return str(read_date(words, latest=on.year).value or "")


def _people(words: str, _codes: Codes, _on: date) -> object:
    return tuple(sorted({folded(one) for one in _SEVERAL.split(words) if one}))


_READERS: Mapping[str, Callable[[str, Codes, date], object]] = {
    "what": _coded,
    "when": _day,
    "whom": _people,
    "by": _people,
    "witnesses": _people,
    "from": _day,
    "to": _day,
    "returned": _day,
    "birth": _day,
}


def chosen(first: Rows, second: Rows, units: Sequence[Unit], choices: Sequence[str]) -> list[Mapping[str, Any]]:
    """The rows that a third person chose: of each unit ``first``, ``second``, ``both`` or ``neither``."""
    found: list[Mapping[str, Any]] = []
    for unit, choice in zip(units, choices, strict=True):
        if choice in ("first", "both"):
            found += [first[at] for at in unit.first]
        if choice in ("second", "both"):
            found += [second[at] for at in unit.second]
    return found


__all__ = ["BY", "FIELDS", "Beside", "Compared", "Differing", "Unit", "beside", "chosen", "compared"]
