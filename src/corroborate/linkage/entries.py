"""What linkage knows of a person: names and a few facts, never a source, a witness or a consent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from corroborate.languages.names import SURE, NameForm, heard_key, list_shares, name_forms, partial_name, plain
from corroborate.languages.places import Spot, facility_key, place_key, spot
from corroborate.values import script_of


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """One row of one list. Years are earliest and latest; a missing fact is None."""

    list: str
    row: int
    names: tuple[str, ...]
    complete: bool = True  # whether the first name is whole
    sex: str | None = None  # f or m
    birth: tuple[int, int] | None = None
    place: str | None = None
    event: tuple[int, int] | None = None
    facility: str | None = None
    born_on: str | None = None  # eight digits, year first, as the source has them even where no calendar does
    family: str | None = None  # where the list keeps them apart; else the order is found out
    given: str | None = None
    region: str | None = None  # state, province
    occupation: str | None = None
    household: str | None = None  # whatever says that rows of a list are one household or one arrest


@dataclass(frozen=True, slots=True)
class NameFeatures:
    """What is compared of a person's names."""

    keys: tuple[str, ...] = ()  # likely forms of the whole name
    weak: tuple[str, ...] = ()  # those, and the less likely ones
    heard: tuple[str, ...] = ()  # katakana: how a Japanese ear has a Korean name
    sounded: tuple[str, ...] = ()  # how a Japanese ear would have it
    key: str | None = None  # the likeliest
    family: str | None = None
    given: str | None = None
    part: str | None = None  # given name with ? for what is missing
    hanja: str | None = None

    @property
    def named(self) -> bool:
        """Whether any part of the given name is known."""
        return bool(self.given or self.part or self.keys)


_Shares = tuple[tuple[str, float], ...]
_Named = tuple[tuple[str, ...], bool, str | None, str | None]


def _first(names: _Named) -> tuple[str, bool]:
    """The first name as one text, and whether it is whole; kept apart, a comma says which is the family's."""
    texts, complete, family, given = names
    if family and given:
        apart = f"{family}, {given}" if script_of(family) == "Latn" else f"{family} {given}"
        return apart, complete
    return (texts[0] if texts else ""), complete and not (family or given)


def name_features(names: _Named, shares: _Shares) -> NameFeatures:
    """Read a person's names in the light of how their list romanises."""
    table = dict(shares)
    first, whole = _first(names)
    forms: list[NameForm] = list(name_forms(first, table)) if whole else []
    hanja = None
    for text in names[0][1:] if first else names[0]:
        more = name_forms(text, table)
        # a nickname reads as a name too: beside a first name in Hangul, other Hangul must share its surname or be none
        forms += [f for f in more if not f.key.startswith("k:") or script_of(text) != "Hang" or not forms]
    for form in forms:
        if form.key.startswith("h:"):
            hanja = hanja or form.key[2:]
    parted = [f for f in forms if f.given]
    best = next((f for f in parted if f.key.startswith("k:")), None) or (parted[0] if parted else None)
    sure = dict.fromkeys(f.key for f in forms if f.probability >= SURE and not f.key.startswith("m:"))
    weak = dict.fromkeys(f.key for f in forms if not f.key.startswith("m:"))
    heard = dict.fromkeys(f.key for f in forms if f.key.startswith("m:"))
    sounded = dict.fromkeys(
        heard_key(f.family, f.given)
        for f in forms
        if f.key.startswith("k:") and f.family and f.given and f.probability >= SURE
    )
    family, given, part = (best.family, best.given, None) if best else (None, None, None)
    if best is None:
        family, given, part = _partial(names, first)
        for text in names[0][1:] if family is None else ():
            found = partial_name(text)
            if found:
                family, part = found.family, found.given
                break
    return NameFeatures(
        tuple(sure), tuple(weak), tuple(heard), tuple(sounded), (best.key if best else None) or next(iter(sure), None),
        family, given, part, hanja,
    )  # fmt: skip


def _partial(names: _Named, first: str) -> tuple[str | None, str | None, str | None]:
    _, _, family, given = names
    if family or given:
        alone = (family or given or "").strip()
        text = plain(alone) if script_of(alone) == "Latn" else alone.replace(" ", "")
        return (text or None, None, None) if family else (None, text or None, None)
    found = partial_name(first)
    return (found.family, None, found.given) if found else (None, None, None)


_TEXT, _LIST, _INT, _REAL = pa.string(), pa.list_(pa.string()), pa.int32(), pa.float32()
SCHEMA = pa.schema([
    ("unique_id", pa.int32()), ("list", pa.int16()),
    ("keys", _LIST), ("weak", _LIST), ("heard", _LIST), ("sounded", _LIST),
    ("key", _TEXT), ("family", _TEXT), ("given", _TEXT), ("part", _TEXT), ("hanja", _TEXT), ("named", pa.bool_()),
    ("sex", _TEXT), ("born_on", _TEXT), ("birth_first", _INT), ("birth_last", _INT),
    ("place", _TEXT), ("province", _TEXT),
    ("lat", _REAL), ("lon", _REAL), ("event_first", _INT), ("event_last", _INT), ("facility", _TEXT), ("region", _TEXT),
    ("occupation", _TEXT),
])  # fmt: skip


def columns(lists: Mapping[str, Sequence[PersonEntry]]) -> pa.Table:
    """What is compared, one row an entry, lists in the order of their names and rows in the order given.

    Names and places are read once each, however often they occur.
    """
    entries = [entry for name in sorted(lists) for entry in lists[name]]
    owner = [name for name in sorted(lists) for _ in lists[name]]
    shares: dict[str, _Shares] = {}
    for name, rows in lists.items():
        latin = dict.fromkeys(_first((r.names, r.complete, r.family, r.given))[0] for r in rows if r.complete)
        shares[name] = tuple(sorted(list_shares(latin).items()))
    seen: dict[tuple[_Named, _Shares], int] = {}
    at = [
        seen.setdefault(((e.names, e.complete, e.family, e.given), shares[n]), len(seen))
        for e, n in zip(entries, owner, strict=True)
    ]  # fmt: skip
    read = [name_features(*one) for one in seen]
    take = pa.array(at, pa.int32())

    def of_name(field: str, kind: pa.DataType) -> pa.Array:
        values = [getattr(one, field) or None for one in read]
        return pa.array(values, kind).take(take)

    def of_text(field: str, meaning: Any, kind: pa.DataType = _TEXT) -> pa.Array:
        coded = pa.array([getattr(e, field) for e in entries], _TEXT).dictionary_encode()
        values = pa.array([meaning(v.as_py()) for v in coded.dictionary], kind)
        return values.take(coded.indices)

    def years(field: str, end: int) -> pa.Array:
        return pa.array([None if (v := getattr(e, field)) is None else v[end] for e in entries], _INT)

    def spotted(attribute: str) -> Any:
        def read_spot(text: str) -> Any:
            found: Spot | None = spot(text)
            return getattr(found, attribute) if found else None

        return read_spot

    number = {name: at for at, name in enumerate(sorted(lists))}
    made = {
        "unique_id": pa.array(np.arange(len(entries)), pa.int32()),
        "list": pa.array([number[name] for name in owner], pa.int16()),
        **{name: of_name(name, _LIST) for name in ("keys", "weak", "heard", "sounded")},
        **{name: of_name(name, _TEXT) for name in ("key", "family", "given", "part", "hanja")},
        "named": pa.array([one.named for one in read], pa.bool_()).take(take),
        "sex": pa.array([e.sex for e in entries], _TEXT),
        "born_on": pa.array([e.born_on for e in entries], _TEXT),
        "birth_first": years("birth", 0), "birth_last": years("birth", 1),
        "place": of_text("place", place_key), "province": of_text("place", spotted("province")),
        "lat": of_text("place", spotted("lat"), _REAL), "lon": of_text("place", spotted("lon"), _REAL),
        "event_first": years("event", 0), "event_last": years("event", 1),
        "facility": of_text("facility", facility_key), "region": of_text("region", place_key),
        "occupation": of_text("occupation", place_key),
    }  # fmt: skip
    return pa.table(made, schema=SCHEMA)
