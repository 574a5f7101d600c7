"""Rows about people: which column says what, what each cell means, and the claims that follow."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources

import yaml

from corroborate.errors import InputRefused
from corroborate.importers.tables import Rejected, Row, Table
from corroborate.languages.dates import age_system, born_from_age, read_age, read_date
from corroborate.records import Basis, Claim, Reference, Term, Text, Value
from corroborate.records.consent import NOTHING_SAID, RowConsent, column_asks, row_consent
from corroborate.values import DateSpan, Name, PartialDate, read_name

_SEXES = {
    "m": "m", "male": "m", "man": "m", "남": "m", "남자": "m", "男": "m", "1": "m",
    "f": "f", "female": "f", "woman": "f", "여": "f", "여자": "f", "녀": "f", "녀자": "f", "女": "f", "2": "f",
}  # fmt: skip
_BASES: dict[str, Basis] = {
    "보았다": "saw", "같이 있었다": "saw", "들었다": "heard", "saw": "saw", "heard": "heard", "document": "document",
    "目撃": "saw", "伝聞": "heard",
}  # fmt: skip
_NO_NAME = re.compile(r"[○〇?？X*]|모$|씨네|^Mr\.|^Mrs\.|부부|\bX\b")
_FATES = {"사망": "dead", "死亡": "dead", "dead": "dead", "생존": "alive", "生存": "alive", "alive": "alive"}


@cache
def _yaml(name: str) -> dict[str, list[str]]:
    text = resources.files(__package__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {k: [str(v) for v in vs] for k, vs in yaml.safe_load(text).items()}
    return found


def _heading(text: str) -> str:
    return re.sub(r"[\s_.]+", "", unicodedata.normalize("NFKC", text).lower())


def guess_mapping(columns: Iterable[str]) -> dict[str, str]:
    """Field -> column, from headings in English, Korean and Japanese. A column serves one field."""
    known = {_heading(word): field for field, words in reversed(_yaml("headings").items()) for word in words}
    mapping: dict[str, str] = {}
    for column in columns:
        field = known.get(_heading(column)) or ("consent" if column_asks(column) else None)
        if field and field not in mapping:
            mapping[field] = column
    return mapping


def checked_mapping(table: Table, changes: Mapping[str, str]) -> dict[str, str]:
    """The guessed mapping with a person's changes. Raises InputRefused for fields and columns that do not exist."""
    fields = _yaml("headings")
    if unknown := sorted(set(changes) - set(fields)):
        raise InputRefused(f"no field {', '.join(unknown)}; there are {', '.join(fields)}")
    if missing := sorted(set(changes.values()) - set(table.columns)):
        raise InputRefused(f"no column {', '.join(missing)}; the file has {', '.join(table.columns)}")
    mapping = {f: c for f, c in guess_mapping(table.columns).items() if c not in changes.values()} | dict(changes)
    if not {"name", "family", "given", "hanja"} & set(mapping):
        raise InputRefused(
            f"none of the columns is known to hold a name: {', '.join(table.columns)}. Say which: --map name=COLUMN"
        )
    return mapping


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One row about one person, every field as exact as its cell."""

    list: str
    row: int
    names: tuple[Name, ...]
    complete: bool  # whether the first name is whole, or a syllable of it is missing
    sex: str | None  # f or m
    birth: PartialDate | DateSpan | None
    place: str | None
    event: PartialDate | DateSpan | None
    facility: str | None
    occupation: str | None
    violations: tuple[str, ...]  # ids of the vocabulary
    fate: str | None
    witness: str | None
    cited: str | None
    basis: Basis
    kin: str | None
    publish: bool | None  # None: the row does not say, which is no
    invented: bool
    notes: tuple[str, ...]  # doubts about cells
    family: str | None = None  # where the list keeps the parts of a name apart
    given: str | None = None
    region: str | None = None
    birth_text: str | None = None  # the cell as it is
    kin_named: tuple[tuple[str, str], ...] = ()  # (father, mother or spouse; as written), by columns of their own
    consent: RowConsent = NOTHING_SAID  # what the row says of consent, with its words and doubts


@dataclass(frozen=True, slots=True)
class Reading:
    """What a table gave: people, rows not taken, and the mapping used."""

    entries: tuple[PersonRow, ...]
    rejected: tuple[Rejected, ...]
    mapping: Mapping[str, str]


def person_entries(table: Table, mapping: Mapping[str, str], list_name: str, *, latest: int) -> Reading:
    """Read every row as a person. ``latest``: the latest year a date in the list can have. A row without any name is
    rejected with its reason; a cell that cannot be read is left out and noted, and the row is taken."""
    entries: list[PersonRow] = []
    rejected = list(table.rejected)
    for row in table.rows:
        entry = _person(row, _of_sheet(tuple(row.cells), tuple(mapping.items())), list_name, latest)
        if isinstance(entry, str):
            rejected.append(Rejected(row.number, entry, tuple(row.cells.values())))
        else:
            entries.append(entry)
    return Reading(tuple(entries), tuple(sorted(rejected, key=lambda one: one.row)), dict(mapping))


@cache
def _of_sheet(columns: tuple[str, ...], mapping: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """The mapping for a sheet whose columns are not those of the first: what it names otherwise is guessed."""
    own = {field: column for field, column in mapping if column in columns}
    elsewhere = {field for field, column in mapping if column not in columns}
    return own | {f: c for f, c in guess_mapping(columns).items() if f in elsewhere and c not in own.values()}


def _person(row: Row, mapping: Mapping[str, str], list_name: str, latest: int) -> PersonRow | str:
    def cell(field: str) -> str:
        return row.cells.get(mapping.get(field, ""), "")

    written = cell("name") or " ".join(part for part in (cell("family"), cell("given")) if part)
    forms = [written, cell("hanja"), cell("reading"), cell("alias")]
    names = tuple(dict.fromkeys(read_name(unicodedata.normalize("NFC", form)) for form in forms if form.strip()))
    if not names:
        return "has no name"
    lost = [name.text for name in names if name.script == "Zyyy"]
    names = tuple(name for name in names if name.script != "Zyyy")
    if not names:
        return f"has no letters in its name: {written!r}"
    notes = [f"{text!r} is no name: its letters were lost before the file came here" for text in lost]
    event = read_date(cell("event_date"), latest=latest)
    notes += event.notes
    birth = _birth(cell, event.years, latest, notes)
    text = unicodedata.normalize("NFKC", cell("sex")).strip().lower()
    if text and text not in _SEXES:
        notes.append(f"{cell('sex')!r} is no sex that we can read")
    consent = _consent(row, mapping)
    if not consent.taken:
        return f"may not be held: {'; '.join(consent.doubts)}"
    notes += consent.doubts
    return PersonRow(
        list_name, row.number, names, _NO_NAME.search(written) is None and bool(written), _SEXES.get(text), birth,
        _place(cell("place")), event.value, cell("facility") or None, cell("occupation") or None,
        coded(cell("violation")), _FATES.get(cell("fate").lower()), cell("witness") or None, cell("cited") or None,
        _BASES.get(cell("basis"), "unknown"), cell("kin") or None, consent.publish,
        bool(cell("invented")), tuple(notes), cell("family").strip() or None, cell("given").strip() or None,
        cell("region").strip() or None, cell("birth").strip() or None,
        tuple((field, name) for field in ("father", "mother", "spouse") if (name := cell(field).strip())),
        consent,
    )  # fmt: skip


def _consent(row: Row, mapping: Mapping[str, str]) -> RowConsent:
    """What all columns about consent say together, with what the notes and columns that nobody reads refuse."""
    fields = {column: field for field, column in mapping.items()}
    asked, free = [], []
    for column, words in row.cells.items():
        field = fields.get(column)
        asks = column_asks(column)
        if field == "consent" or (field is None and asks):
            asked.append((column, words, asks))
        elif field in (None, "notes"):
            free.append(words)
    return row_consent(asked, free)


def _place(text: str) -> str | None:
    return re.sub(r"에서 온$|출신$|の近く$", "", text.strip()).strip() or None


def _birth(
    cell: Callable[[str], str], event: tuple[int, int] | None, latest: int, notes: list[str]
) -> PartialDate | DateSpan | None:
    text = cell("birth")
    age = read_age(text) if re.search(r"[세살歳才]", text) else None
    if age is None and text:
        reading = read_date(text, latest=latest)
        notes += reading.notes
        if reading.value is not None:
            return reading.value
    if age is None:
        text = cell("age")
        age = read_age(text)
    if age is None or event is None or event[0] != event[1]:
        if age is not None:
            notes.append(f"an age of {age} at an unknown time says no birth year")
        return None
    return born_from_age(age, event[0], age_system(text))


def coded(text: str) -> tuple[str, ...]:
    """Violations that a cell's words are coded as, in the order of the coding table; longest words first."""
    found, rest = [], unicodedata.normalize("NFKC", text).lower()
    words = [(unicodedata.normalize("NFKC", w).lower(), v) for v, ws in _yaml("coding").items() for w in ws]
    for word, violation in sorted(words, key=lambda pair: -len(pair[0])):
        if word in rest:
            rest = rest.replace(word, " ")
            found.append(violation)
    order = list(_yaml("coding"))
    return tuple(sorted(set(found), key=order.index))


def claims(
    entry: PersonRow, *, person: str, act_ids: Iterator[str], claim_ids: Iterator[str], source: str, recorder: str,
    recorded_at: datetime,
) -> list[Claim]:  # fmt: skip
    """The claims of one row: facts about the person, and an act for each violation. Ids come from the caller."""
    made: list[Claim] = []

    def claim(subject: str, property_: str, value: Value) -> None:
        made.append(
            Claim(
                next(claim_ids),
                subject,
                property_,
                value,
                source,
                f"row {entry.row}",
                entry.basis,
                recorder,
                recorded_at,
            )
        )

    for at, name in enumerate(entry.names):
        claim(person, "name" if at == 0 else "alias", name)
    facts: tuple[tuple[str, str | PartialDate | DateSpan | None], ...] = (
        ("sex", entry.sex), ("birth_date", entry.birth), ("origin", entry.place), ("event_date", entry.event),
        ("facility", entry.facility), ("occupation", entry.occupation), ("fate", entry.fate), ("kin", entry.kin),
    )  # fmt: skip
    told = "; ".join(f"{field}: {name}" for field, name in entry.kin_named)
    if told:
        claim(person, "kin", Text(told))
    for property_, value in facts:
        if value is not None:
            claim(person, property_, Text(value) if isinstance(value, str) else value)
    for violation in entry.violations:
        act = next(act_ids)
        claim(act, "victim", Reference(person))
        claim(act, "violation", Term("violations", violation))
        if entry.event is not None:
            claim(act, "date", entry.event)
        if entry.facility is not None:
            claim(act, "facility", Text(entry.facility))
    return made


def rejected_csv(rejected: Iterable[Rejected]) -> str:
    """``rejected.csv``: row, reason, cells. Cells that a spreadsheet would run as a formula are defused."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["row", "reason", "cells"])
    for one in rejected:
        writer.writerow([one.row, one.reason, *(f"'{c}" if c[:1] in ("=", "+", "-", "@") else c for c in one.cells)])
    return out.getvalue()
