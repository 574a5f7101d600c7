"""What linkage knows of a person: names and a few facts, never a source, a witness or a consent."""

from dataclasses import dataclass

from corroborate.languages.names import name_keys, on_key
from corroborate.languages.places import facility_key, place_key
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


@dataclass(frozen=True, slots=True)
class Features:
    """The columns that are compared."""

    unique_id: int
    keys: tuple[str, ...]
    key: str | None  # the one whose frequency counts: the Korean skeleton, else the Japanese
    hanja: str | None
    family: str | None
    given: str | None
    sex: str | None
    birth_first: int | None
    birth_last: int | None
    place: str | None
    event_first: int | None
    event_last: int | None
    facility: str | None


def features(entries: tuple[PersonEntry, ...]) -> list[Features]:
    """One row of columns an entry, in order."""
    return [_features(at, entry) for at, entry in enumerate(entries)]


def _features(at: int, entry: PersonEntry) -> Features:
    keys: set[str] = set()
    hanja = None
    for name in entry.names if entry.complete else ():
        keys |= name_keys(name)
        if script_of(name) == "Hani":
            hanja = hanja or name.replace(" ", "")
            if (reading := on_key(name.replace(" ", ""))) is not None:
                keys.add(reading)
    korean = sorted(k for k in keys if k.startswith("k:"))
    first = name_keys(entry.names[0]) if entry.names and entry.complete else frozenset()
    own = sorted(k for k in first if k.startswith("k:")) or korean or sorted(k for k in keys if k[:2] in ("j:", "o:"))
    parts = own[0][2:].split("-") if own and own[0].startswith("k:") else []
    birth, event = entry.birth or (None, None), entry.event or (None, None)
    return Features(
        unique_id=at,
        keys=tuple(sorted(k for k in keys if not k.startswith("m:"))),
        key=own[0] if own else None,
        hanja=hanja,
        family=parts[0] if parts else None,
        given="-".join(parts[1:]) or None,
        sex=entry.sex,
        birth_first=birth[0],
        birth_last=birth[1],
        place=place_key(entry.place) if entry.place else None,
        event_first=event[0],
        event_last=event[1],
        facility=facility_key(entry.facility) if entry.facility else None,
    )
