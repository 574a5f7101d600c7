"""Rows about people: what each cell of a row means. What is not understood keeps its words and is said."""

import csv
import gc
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Literal, cast

from corroborate.errors import InputRefused
from corroborate.importers.coding import Act, Coding, CodingTable, coding_table
from corroborate.importers.headings import (
    NAME_FIELDS,
    SEVERAL,
    Column,
    columns_of,
    fields,
    guess_mapping,
    says_name_alone,
)
from corroborate.languages.ages import read_years
from corroborate.languages.calendars import Calendar
from corroborate.languages.dates import DateReading, age_system, born_from_age, decided_day_first, read_age, read_date
from corroborate.languages.numbers import read_amount
from corroborate.languages.persons import Others, Person, folded, read_person
from corroborate.languages.reviewed import reviewed
from corroborate.languages.sexes import NOT_SAID, read_sex
from corroborate.records import Basis
from corroborate.records.consent import NOTHING_SAID, RowConsent, column_asks, row_consent
from corroborate.tables import Rejected, Row, Table
from corroborate.translation import Sentence, Unquoted, together
from corroborate.values import Age, Amount, DateSpan, Name, Packed, PartialDate
from corroborate.values.rows import defused

VictimKind = Literal["named", "partial", "unnamed", "group"]
_NO_NAME = re.compile(r"부부|씨네")
_QUOTED = re.compile(r"""(?<!\w)(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")  # as each doubt quotes a cell
_BESIDE = re.compile(rf" \((?:{_QUOTED.pattern})\)")
_PLACES = ("place", "birth_place", "event_place", "facility", "region")
_TEXTS = (
    "occupation",
    "perpetrator",
    "unit",
    "rank",
    "nationality",
    "religion",
    "ethnicity",
    "reason",
    "sentence",
    "songbun",
    "relation",
)
_VICTIM_SAYS = ("event_date", "violation", "place", "facility", "event_place", "count", "fate", "perpetrator", "kin")
"""A row without a name that says one of these tells of somebody; without, it tells of nobody."""


@cache
def _answers(name: str) -> Mapping[str, str]:
    """Word -> answer, of a column that asks for one of a few."""
    table = reviewed(__package__, "answers")[name]
    return {folded(str(word)): answer for answer, words in table.items() for word in words}


@dataclass(frozen=True, slots=True)
class Unread:
    """Words that were not understood, and in which field: kept with the record, and queued for a person."""

    field: str
    words: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One row about one victim, every field as exact as its cell."""

    list: str
    row: int
    names: tuple[Name, ...]
    complete: bool  # whether the first name is whole, or a part of it is missing
    sex: str | None  # f or m
    birth: PartialDate | DateSpan | None
    place: str | None
    event: PartialDate | DateSpan | None
    facility: str | None
    occupation: str | None
    violations: tuple[str, ...]  # ids of the vocabulary, done to this person
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
    line: int = 0
    sheet: str | None = None
    kind: VictimKind = "named"
    count: int | None = 1  # how many people the row stands for; None: a group of unknown size
    described: str | None = None  # by kin: wife of Ri Chol Su
    others: Others | None = None  # beside the person
    age: Age | None = None
    acts: tuple[Act, ...] = ()  # everything that the row tells of acts: done, denied, seen, done to another, threatened
    texts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # birth_place, perpetrator, unit, …
    words: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # field -> the cell as it was
    approximate: frozenset[str] = frozenset()  # date fields whose source says *about*
    unread: tuple[Unread, ...] = ()
    told: tuple[tuple[str, str], ...] = ()  # heading and words of notes, and of columns without a field of their own
    consent: RowConsent = NOTHING_SAID  # what the row says of consent, with its words and doubts
    doubtful: tuple[str, ...] = ()  # headings of the columns that the doubts are about
    amount: Amount | None = None  # how many the row stands for, where its words name no exact number

    @property
    def at_least(self) -> int:
        """The smallest number of people that the row can stand for; 0 where nothing is said of it."""
        return self.count or 0 if self.amount is None else self.amount.lowest

    @property
    def linkable(self) -> bool:
        """Whether the row tells of one person by a name or a part of one."""
        return self.kind in ("named", "partial")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a table gave: people, rows not taken, and what each column was taken for."""

    entries: Sequence[PersonRow]
    rejected: tuple[Rejected, ...]
    mapping: Mapping[str, str]
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Habits:
    """What is known of a list beside its cells. ``day_first``: None where its columns decide."""

    day_first: bool | None = None
    calendar: Calendar | None = None
    coding: CodingTable | None = None  # None: the one that the program brings


def checked_mapping(table: Table, changes: Mapping[str, str]) -> dict[str, str]:
    """The guessed mapping with a person's changes. Raises InputRefused for fields and columns that do not exist, and
    for a column that is named for two fields."""
    if unknown := sorted(set(changes) - set(fields())):
        raise InputRefused(
            "no field {listed}; there are {listed2}", listed=", ".join(unknown), listed2=", ".join(fields())
        )
    if missing := sorted(set(changes.values()) - set(table.columns)):
        raise InputRefused(
            "no column {listed}; the file has {listed2}", listed=", ".join(missing), listed2=", ".join(table.columns)
        )
    named = list(changes.values())
    if twice := sorted({column for column in named if named.count(column) > 1}):
        both = ", ".join(f for f, c in changes.items() if c == twice[0])
        raise InputRefused(
            "the column {twice} is named for {both}: a column serves one field. Say which", twice=twice[0], both=both
        )
    mapping = {f: c for f, c in guess_mapping(table.columns).items() if c not in changes.values()} | dict(changes)
    if not set(NAME_FIELDS) & set(mapping):
        raise InputRefused(
            "none of the columns is known to hold a name: {listed}. Say which: --map name=COLUMN",
            listed=", ".join(table.columns),
        )
    return mapping


def person_entries(
    table: Table, mapping: Mapping[str, str], list_name: str, *, latest: int, habits: Habits | None = None
) -> Reading:
    """Read every row as a victim. ``latest``: the latest year a date in the list can have. A row that tells of nobody
    is rejected with its reason; a cell that cannot be read keeps its words, is noted, and the row is taken."""
    columns = columns_of(table.columns, mapping)
    reader = _Reader(list_name, latest, columns, table.rows, habits or Habits())
    entries = Packed[PersonRow]()
    rejected = list(table.rejected)
    with unswept():
        for row in table.rows:
            entry = reader.person(row)
            if isinstance(entry, str):
                why = together((entry, *row.doubts))
                rejected.append(Rejected(row.number, why, tuple(row.cells.values()), row.sheet, row.line))
            else:
                entries.append(entry)
    return Reading(entries, tuple(sorted(rejected, key=lambda one: one.row)), dict(mapping), columns)


@contextmanager
def unswept() -> Iterator[None]:
    """Python's search for circles of values waits: rows make none, and it would walk all that were read, again and
    again: a quarter of the time. What is no longer used is let go of all the same."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


_NOTHING: list[tuple[str, str]] = []  # nobody changes it


class _Cells:
    """The cells of one row by field, and what reading them adds: doubts and words that were not understood."""

    __slots__ = ("_filled", "about", "doubts", "unread", "words")

    def __init__(self, row: Row, by_field: Mapping[str, Sequence[str]]) -> None:
        cells = row.cells
        self._filled = {
            name: filled
            for name, columns in by_field.items()
            if (filled := [(column, text) for column in columns if (text := cells.get(column, ""))])
        }
        self.doubts: list[str] = []
        self.about: dict[str, None] = {}  # headings of the columns that doubts are about
        self.unread: list[Unread] = []
        self.words: dict[str, str] = {}

    def __call__(self, name: str) -> str:
        """The first filled cell of a field."""
        filled = self._filled.get(name)
        if filled is None:
            return ""
        text = self.words[name] = filled[0][1]
        return text

    def all(self, name: str) -> list[tuple[str, str]]:
        """Every filled cell of a field, with its heading."""
        return self._filled.get(name, _NOTHING)

    def queue(self, name: str, words: str, doubt: str) -> None:
        self.unread.append(Unread(name, words))
        self.doubt(name, doubt)

    def doubt(self, name: str, *doubts: str) -> None:
        """Doubts about what the cells of a field say together."""
        self.doubts += doubts
        if doubts:
            self.about |= dict.fromkeys(column for column, _ in self.all(name))

    def doubt_in(self, heading: str, *doubts: str) -> None:
        """Doubts about the cell of one column."""
        self.doubts += doubts
        if doubts:
            self.about[heading] = None


class _Reader:
    """Reads the rows of one list; what its columns decide together is found once."""

    def __init__(self, name: str, latest: int, columns: Sequence[Column], rows: Sequence[Row], habits: Habits) -> None:
        self._list, self._latest, self._calendar = name, latest, habits.calendar
        self._coding = habits.coding or coding_table()
        self._by_field: dict[str, list[str]] = {}
        for column in columns:
            if column.field is not None:
                self._by_field.setdefault(column.field, []).append(column.heading)
        self._texts = tuple(name for name in (*_PLACES, *_TEXTS) if name in self._by_field)
        self._again = tuple(
            name
            for name, headings in self._by_field.items()
            if name not in SEVERAL and name not in ("family", "given") and len(headings) > 1
        )  # of which a row may say more than the one that counts
        self._free = [column.heading for column in columns if column.field is None]
        dated: dict[str, list[str]] = {
            heading: [] for name in ("birth", "event_date") for heading in self._by_field.get(name, ())
        }
        if habits.day_first is None and dated:
            for row in rows:  # one walk for all of them: a long list is unpacked by walking through it
                for heading, cells in dated.items():
                    cells.append(row.cells.get(heading, ""))
        self._day_first = {
            heading: decided_day_first(cells) if habits.day_first is None else habits.day_first
            for heading, cells in dated.items()
        }

    def person(self, row: Row) -> PersonRow | str:
        """A row's victim, or why the row is not taken."""
        cells = _Cells(row, self._by_field)
        person = self._named(cells)
        if isinstance(person, str):
            return person
        consent = self._consent(row, person)
        if not consent.taken:
            return Sentence("may not be held: {listed}", listed=together(consent.doubts))
        cells.doubts += row.doubts
        cells.doubts += consent.doubts
        if consent.doubts:
            cells.about |= dict.fromkeys(self._saying(row, consent))
        dates = {name: self._date(cells, name) for name in ("birth", "event_date")}
        age = self._age(cells, person)
        coding = self._acts(cells)
        texts = {name: text for name in self._texts if (text := cells(name))}
        kind, amount = self._how_many(cells, person)
        count = person.count if amount is None else amount.named
        approximate = frozenset(name for name, reading in dates.items() if reading.approximate)
        born = self._born(cells, dates, age)
        facility = texts.pop("facility", None)
        occupation, region = texts.pop("occupation", None), texts.pop("region", None)
        place = texts.pop("place", None)
        kin_named = tuple((name, text.strip()) for name in ("father", "mother", "spouse") if (text := cells(name)))
        kin = "; ".join(text for _, text in cells.all("kin")) or None
        done = tuple(dict.fromkeys(act.term for act in coding.acts if act.said == "for"))
        witness = "; ".join(text for _, text in cells.all("witness")) or None
        basis = cast("Basis", _answers("basis").get(folded(cells("basis")), "unknown"))
        family, given = cells("family").strip() or None, cells("given").strip() or None
        fate, sex = self._fate(cells), self._sex(cells) or person.sex
        return PersonRow(
            self._list, row.number, person.names, kind == "named", sex, born, _place(place),
            dates["event_date"].value, facility, occupation, done, fate, witness, cells("cited") or None, basis if
            basis != "unknown" or not coding.heard else "heard", kin, consent.publish, bool(cells("invented")),
            tuple(dict.fromkeys((*person.doubts, *cells.doubts))), family, given, region, cells("birth") or None,
            kin_named, row.line, row.sheet, kind, count, person.kin, person.others, age, coding.acts,
            MappingProxyType(texts), MappingProxyType(cells.words), approximate, tuple(cells.unread), self._told(row,
            cells, person), consent, tuple(dict.fromkeys((*self._naming(cells, person), *cells.about))),
            None if amount is None or amount.exact else amount,
        )  # fmt: skip

    def _named(self, cells: _Cells) -> Person | str:
        """Who the row is about, from every column that holds a name."""
        name, family, given = cells("name"), cells("family"), cells("given")
        written = self._whole_name(cells) or name or " ".join(part for part in (family, given) if part)
        others = [text for _, text in cells.all("name")[1:]]
        parts = zip(cells.all("family")[1:], cells.all("given")[1:], strict=False)
        others += [f"{of_family}, {of_given}" for (_, of_family), (_, of_given) in parts]
        others += [text for f in ("hanja", "reading", "alias", "nickname") for _, text in cells.all(f)]
        persons = [read_person(unicodedata.normalize("NFC", text)) for text in (written, *others) if text.strip()]
        if name and "#" in name and persons[0].kind == "none" and not any(one.names for one in persons[1:]):
            return Sentence("tells of nobody: {name!r} stands for a name", name=name)
        with_names = [one for one in persons if one.names]
        if not persons:
            if any(cells(name) for name in _VICTIM_SAYS):
                return Person("unnamed")
            return "has no name"
        first = persons[0]
        if not with_names:
            if first.kind == "none":
                if re.fullmatch(r"[?？\s]+", written):
                    return Sentence("has no letters in its name: {written!r}", written=written)
                return Sentence("tells of nobody: {written!r} stands for a name", written=written)
            return first
        return _joined(first, persons, written)

    def _whole_name(self, cells: _Cells) -> str:
        """A column *Name* beside one for the surname holds what is left of the name: the other part belongs to it."""
        name, family, given = cells("name").strip(), cells("family").strip(), cells("given").strip()
        if not name or bool(family) == bool(given) or not says_name_alone(cells.all("name")[0][0]):
            return ""
        part = family or given
        whole, within = folded(name), folded(part)
        if within in whole.split() or (not within.isascii() and whole.startswith(within) and len(whole) > len(within)):
            return ""  # the whole name, with a part of it again beside it
        return f"{family} {name}" if family else f"{name} {given}"

    def _how_many(self, cells: _Cells, person: Person) -> tuple[VictimKind, Amount | None]:
        """The kind of victim, and how many the row stands for: a column for the number counts where no name does. None:
        as many as the name says."""
        kind = person.kind if person.kind != "none" else "unnamed"
        text = cells("count")
        told = person.amount and replace(person.amount, words=cells.words.get("name", person.amount.words))
        if not text:
            return kind, told
        amount = _amount(text)
        if amount is None or amount.highest == 0:
            cells.queue("count", text, Sentence("{words!r} is no number of people that we can read", words=text))
            return kind, told
        if kind in ("named", "partial"):
            if amount.highest != 1:
                count = str(amount)
                cells.doubt("count", Sentence("one name and {count} victims: the others are not named", count=count))
            return kind, None
        amount = replace(amount, lowest=max(1, amount.lowest))  # the row tells of somebody
        return ("group" if amount.highest != 1 else "unnamed"), amount

    def _date(self, cells: _Cells, name: str) -> DateReading:
        """The first of a field's cells that says a date; another one that says another date is doubted."""
        found = DateReading(None)
        for heading, text in cells.all(name):
            if name == "birth" and re.search(r"[세살歳才]", text) and read_years(text) is not None:
                cells.words.setdefault("birth", text)
                continue
            reading = read_date(
                text, latest=self._latest, day_first=self._day_first.get(heading), calendar=self._calendar
            )
            cells.doubt_in(heading, *reading.notes)
            if reading.value is None:
                cells.unread.append(Unread(name, text))
            elif found.value is None:
                cells.words[name] = text
                found = reading
            elif not (found.value.earliest <= reading.value.latest and reading.value.earliest <= found.value.latest):
                cells.doubt_in(heading, f"{heading} says another date: {text!r}")
        return found

    def _age(self, cells: _Cells, person: Person) -> Age | None:
        text = cells("age")
        beside = "" if text else person.age or ""
        age = read_years(text or beside)
        if text and age is None:
            cells.queue("age", text, Sentence("{words!r} is no age that we can read", words=text))
        if beside and age is not None:
            cells.words["age"] = beside
        return age

    def _born(self, cells: _Cells, dates: Mapping[str, DateReading], age: Age | None) -> PartialDate | DateSpan | None:
        """The date of birth as told; else the years that an age at the time of the event can mean."""
        birth, event = dates["birth"].value, dates["event_date"].value
        if birth is not None:
            if event is not None and birth.earliest > event.latest and event.latest != date.min:
                cells.doubt(
                    "birth",
                    Sentence(
                        "birth ({birth}) after the event ({event}): one of them is wrong", birth=birth, event=event
                    ),
                )
            return birth
        text = cells("birth") if re.search(r"[세살歳才]", cells("birth")) else cells("age")
        years = read_age(text) if text else None
        if years is None and age is None:
            return None
        at = dates["event_date"].years
        if at is None or at[0] != at[1]:
            cells.doubt(
                "age",
                Sentence(
                    "an age of {which} at an unknown time says no birth year", which=years if years is not None else age
                ),
            )
            return None
        if years is not None:
            return born_from_age(years, at[0], age_system(text))
        if age is None:
            return None
        earliest = date.min if age.ends is None else date(at[0] - age.ends - 1, 1, 1)
        return DateSpan(earliest, date(at[0] - age.lowest, 12, 31), age.approximate)

    def _sex(self, cells: _Cells) -> str | None:
        text = cells("sex")
        sex = read_sex(text) if text else None
        if text and sex is None:
            plain = folded(text)
            if plain in NOT_SAID:
                cells.unread.append(Unread("sex", text))
            else:
                cells.queue("sex", text, Sentence("{words!r} is no sex that we can read", words=text))
        return sex

    def _fate(self, cells: _Cells) -> str | None:
        text = cells("fate")
        fate = _answers("fate").get(folded(text).strip(" .")) if text else None
        if text and fate is None and folded(text) not in NOT_SAID:
            cells.unread.append(Unread("fate", text))
        return fate

    def _acts(self, cells: _Cells) -> Coding:
        """What the columns for violations tell. A column of a select-multiple question (``violations/torture``) says
        yes or no to what its heading names."""
        acts: list[Act] = []
        heard = False
        for heading, text in cells.all("violation"):
            cells.words.setdefault("violation", text)
            coding = self._coding.selected(heading, text) or self._coding.read(text)
            acts += coding.acts
            heard = heard or coding.heard
            cells.doubt_in(heading, *coding.doubts)
            cells.unread += [Unread("violation", words) for words in coding.unread]
        return Coding(tuple(dict.fromkeys(acts)), (), (), heard)

    def _consent(self, row: Row, person: Person) -> RowConsent:
        """What all columns about consent say together, with what the notes and columns that nobody reads refuse."""
        asked = [
            (column, row.cells.get(column, ""), column_asks(column)) for column in self._by_field.get("consent", ())
        ]
        free = [row.cells.get(column, "") for column in (*self._by_field.get("notes", ()), *self._free)]
        free += person.beside
        return row_consent(asked, free) if asked or any(free) else NOTHING_SAID

    def _saying(self, row: Row, consent: RowConsent) -> list[str]:
        """Headings of the columns whose words count for or against consent; notes among them, by their words."""
        said = {heading for heading, _ in consent.words if heading}
        words = {cell for heading, cell in consent.words if not heading}
        free = (*self._by_field.get("notes", ()), *self._free)
        return [one for one in row.cells if one in said or (one in free and row.cells[one] in words)]

    def _naming(self, cells: _Cells, person: Person) -> list[str]:
        """Headings of the columns that name the person, where a doubt is about the name."""
        return [heading for name in NAME_FIELDS for heading, _ in cells.all(name)] if person.doubts else []

    def _told(self, row: Row, cells: _Cells, person: Person) -> tuple[tuple[str, str], ...]:
        """Words that no field of their own holds: notes, columns without a field, further columns of a field that takes
        one, and what stands beside a name."""
        told = [*cells.all("notes")]
        told += [(heading, text) for heading in self._free if (text := row.cells.get(heading, ""))]
        for name in self._again:
            told += cells.all(name)[1:]
        if (fate := cells("fate")) and folded(fate) in NOT_SAID:
            told.append(("fate", fate))
        told += [("beside the name", words) for words in (*person.beside, *([person.born] if person.born else []))]
        return tuple(told)


_NUMBERED = re.compile(
    r"(?:총|전체|합계|계|total|n|no\.?|#|x|×|计|計|全|victims?|count|집단|단체)\s?[:=.]?\s?(\d{1,6})\D{0,12}", re.I
)


def _amount(text: str) -> Amount | None:
    """How many people a cell of a column for the number says."""
    told = _NUMBERED.fullmatch(text.strip())
    return read_amount(text) or (Amount(int(told[1]), int(told[1]), False, text.strip()) if told else None)


def _joined(first: Person, persons: Sequence[Person], written: str) -> Person:
    """One person from several columns that name it; the first decides what kind of victim it is."""
    lost = [one for one in persons if one.kind == "none"]
    names = tuple({name.text: name for one in persons for name in one.names}.values())
    best = first if first.names else next(one for one in persons if one.names)
    kind = (
        "named"
        if any(one.kind == "named" for one in persons) and first.kind in ("named", "none", "unnamed")
        else best.kind
    )
    if _NO_NAME.search(written) and kind == "named":
        kind = "partial"
    doubts = tuple(dict.fromkeys(doubt for one in persons for doubt in one.doubts))
    if lost and re.fullmatch(r"[?？\s]+", written):
        doubts += (
            Sentence("{written!r} is no name: its letters were lost before the file came here", written=written),
        )
    pick = [one for one in persons if one.kind != "none"]
    return Person(
        kind,
        names,
        best.count,
        next((p.kin for p in pick if p.kin), None),
        next((p.others for p in pick if p.others), None),
        next((p.sex for p in pick if p.sex), None),
        next((p.age for p in pick if p.age), None),
        next((p.born for p in pick if p.born), None),
        tuple(w for p in pick for w in p.beside),
        doubts,
        best.amount,
    )


def _place(text: str | None) -> str | None:
    return re.sub(r"에서 온$|출신$|の近く$", "", text.strip()).strip() or None if text else None


def coded(text: str) -> tuple[str, ...]:
    """Violations that a cell tells as done, in the order of the vocabulary."""
    return tuple(dict.fromkeys(act.term for act in coding_table().read(text).acts if act.said == "for"))


def without_words(said: str) -> str:
    """A doubt, or a reason for which a row is left out, without the words of the list that it quotes.

    They may name people, and a screen, a recording of it or a log keeps them when the list is long erased: the line and
    the column say where they stand.
    """
    if isinstance(said, Sentence):
        return said.without_quoted(Unquoted("the cell"))
    return _QUOTED.sub("the cell", _BESIDE.sub("", said))


def rejected_csv(rejected: Iterable[Rejected]) -> str:
    """``rejected.csv``: row, reason, line, sheet. Nothing of what the row says: that stands in the list itself."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["row", "reason", "line", "sheet"])
    for one in rejected:
        sheet = one.sheet or ""
        writer.writerow([one.row, without_words(one.reason), one.line or "", defused(sheet)])
    return out.getvalue()
