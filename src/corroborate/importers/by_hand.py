"""What a documenter records by hand, from an interview or a paper: who told it, what they allow, whom it is about, who
did what to whom, who was held where, who was made to disappear, who is whose kin, who held which post, what is before
a court or an authority.

Every cell is read as a cell of a list is, so that the same words mean the same whichever way they come in. What cannot
be read stays in its words and is said. Nothing is guessed of who somebody is: whoever is not said to be somebody who is
here is somebody new.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Literal, cast, get_args

from corroborate.errors import CorroborateError, InvalidValue
from corroborate.importers.coding import Act
from corroborate.importers.headings import guess_mapping
from corroborate.importers.people import PersonRow, person_entries
from corroborate.importers.recording import facts_of
from corroborate.languages.dates import read_date
from corroborate.languages.finding import folded
from corroborate.records import AUDIENCES, RIGHTS, USES, Audience, Basis, Right, Term, Text, Use, Value
from corroborate.records.marking import SAID, Stance
from corroborate.records.sources import EntityKind, SourceKind
from corroborate.tables import Row, Table
from corroborate.values import PartialDate, checked_id, read_name
from corroborate.vocabulary import load
from corroborate.vocabulary.proceedings import PROCEEDING_KINDS, STEPS, engaged, state_called

Typed = Mapping[str, Any]
Codes = Callable[[str], Sequence[Act]]  # words of what was done -> the acts that they tell; none: nobody coded them
OF_SOURCE = ("kind", "id", "title", "heard_before", "language", "at")
OF_MEETING = ("met", "present", "place", "how", "asked", "promised")
OF_CONSENT = ("body", "begins", "ends", "conditions", "whose", "right", "given_by", "asked", "language")
OF_PERSON = (
    "names",
    "known",
    "kind",
    "count",
    "sex",
    "birth",
    "age",
    "from",
    "occupation",
    "nationality",
    "fate",
    "described",
    "speaks",
    "basis",
    "at",
)
OF_ACT = (
    "what",
    "stance",
    "whom",
    "when",
    "where",
    "facility",
    "by",
    "did",
    "sure",
    "unit",
    "rank",
    "witnesses",
    "after",
    "words",
    "basis",
    "heard_from",
    "at",
)
OF_SPAN = ("who", "facility", "section", "from", "to", "ended", "basis", "at")
# Of a disappearance or an abduction: what the form of the United Nations' Working Group on Enforced or Involuntary
# Disappearances asks (vocabulary/procedures.yaml, wgeid.case), and what became of whoever came back.
OF_MISSING = (
    "who",
    "what",
    "when",
    "where",
    "last_seen",
    "unit",
    "by",
    "how",
    "searched",
    "answered",
    "taken_in",
    "held_in",
    "since",
    "returned",
    "came_back",
    "basis",
    "at",
)
OF_KIN = ("of", "is", "who", "basis", "at")
OF_POST = ("who", "title", "unit", "under", "from", "to", "basis", "at")
# A step of a proceeding before a court or an authority. ``of``: the one that it is a later step of: published, or here.
OF_PROCEEDING = (
    "kind",
    "body",
    "state",
    "reference",
    "step",
    "when",
    "what",
    "filed_by",
    "against",
    "sure",
    "unit",
    "about",
    "of",
    "basis",
    "at",
)
ROWS: Final[Mapping[str, tuple[str, ...]]] = {
    "people": OF_PERSON,
    "acts": OF_ACT,
    "held": OF_SPAN,
    "missing": OF_MISSING,
    "kin": OF_KIN,
    "posts": OF_POST,
    "proceedings": OF_PROCEEDING,
}
DISAPPEARED = "liberty.enforced_disappearance"
# What somebody had done in an act, and how sure it is that it was they. Empty: nobody said it.
ACT_PARTS = ("", "carried_out", "gave_order", "gave_help", "in_charge")
SURE = ("", "surely_them", "probably_them", "possibly_them")
PERSON_KINDS = ("", "victim", "other", "group")  # empty: by what is told of them
_CELLS = {  # field -> the heading under which it is read
    "sex": "sex",
    "birth": "birth",
    "age": "age",
    "from": "place",
    "occupation": "occupation",
    "nationality": "nationality",
    "fate": "fate",
}
# What a row of acts can say of it. That somebody saw it is no such thing: it was done, and whoever saw it is named.
ACT_STANCES: Final[tuple[Stance, ...]] = ("for", "against", "threatened")
_SAYS: Final[Mapping[str, str]] = {  # what the words of an act say beside it -> what is wrong with them in such a row
    "against": "denied",
    "seen": "seen_words",
    "threatened": "threat_words",
    "another": "another",
}
_UNIT = re.compile(  # words that name no person, but those to whom one belonged
    r"보위부|보위성|안전부|안전성|보안서|보안성|보안원들|국가보위|경비대|인민군|군부대|검찰|교화소|수용소|保衛部|警察|軍隊|"
    r"\b(police|army|ministry|security|guards|soldiers|department|bureau|policía|ejército|ministerio|soldados)\b",
    re.IGNORECASE,
)
_NOBODY = "A B"  # the reader of lists takes no row without a name; it is taken out again
_NO = ("", "no", "false")
_OF_MISSING: Final[Mapping[str, str]] = {  # field -> property of the act that stands in its words
    "where": "place",
    "unit": "perpetrator_unit",
    "last_seen": "last_seen",
    "how": "circumstances",
    "searched": "searched",
    "answered": "answered",
    "taken_in": "state_taken",
    "held_in": "state_held",
    "since": "seen_since",
    "came_back": "returned_how",
}
_OF_PROCEEDING: Final[Mapping[str, str]] = {  # field -> property that stands in its words
    "body": "court",
    "state": "court_state",
    "reference": "reference",
    "what": "sought",
}
_TOLD_AS = {
    "place": "event_place",
    "perpetrator_unit": "unit",
    "perpetrator_rank": "rank",
}  # property -> field of a list
BETWEEN = re.compile(r"\s*[;；\n]\s*")
_OF_SEVERAL = re.compile(r"\s*[;；,，、،\n]\s*")


@dataclass(frozen=True, slots=True)
class Link:
    """Somebody or something else of the same entry, by its key."""

    key: str


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that is said of a subject."""

    property: str
    value: Value | Link
    locator: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom or what an entry tells of. ``known``: the id of somebody who is here; otherwise it is new."""

    key: str
    kind: EntityKind
    said: tuple[Said, ...] = ()
    known: str = ""
    called: str = ""  # as the entry calls them


@dataclass(frozen=True, slots=True)
class Origin:
    """Where it comes from. ``known``: a source that is here. ``heard_before``: the source that this one goes back to,
    such as the first interview of the same witness."""

    kind: SourceKind
    title: str
    known: str = ""
    heard_before: str = ""


@dataclass(frozen=True, slots=True)
class Meeting:
    """How it was told: kept beside the record, and never part of a claim. Empty where it was not."""

    met: str = ""
    present: str = ""
    place: str = ""
    how: str = ""  # recorded by voice, by notes, …
    asked: str = ""  # which questions, in which order
    promised: str = ""  # what was promised to whoever told it, and by when
    language: str = ""


@dataclass(frozen=True, slots=True)
class Agreed:
    """A consent that was given with it. ``whose``: the key of the person whose it is; empty: the source's own."""

    uses: frozenset[Use]
    audience: Audience
    begins: date | None
    ends: date | None
    body: str
    whose: str
    right: Right
    given_by: str
    asked: str
    language: str
    conditions: str


@dataclass(frozen=True, slots=True)
class Entry:
    """All of it, ready to be recorded."""

    told: Origin
    meeting: Meeting
    consents: tuple[Agreed, ...]
    subjects: tuple[Subject, ...]


PROBLEMS: Final[Mapping[str, str]] = {  # code -> what is wrong and what to do; a page has them in its reader's words
    "fields": "{words}",
    "no_rows": "this is no list of rows",
    "nobody": "nobody is named yet, and nothing that was done",
    "source_kind": "{words!r} is no kind of source that is recorded by hand",
    "source_id": "{words!r} is no id of a source, such as source_…",
    "no_title": "say what this source is called: a code or number, and no name",
    "use": f"{{words!r}} is no use; there are {', '.join(USES)}",
    "no_hold": "whoever told this has not allowed you to keep it (use: hold): ask them, or discard it",
    "right": f"{{words!r}} is no right; there are {', '.join(RIGHTS)}",
    "body": "a named body needs its name and what it may do, both or neither",
    "day": "{words!r} is no day: write it as 2026-03-01",
    "whose": "{words!r} is nobody among the people of this entry",
    "choice": "{words!r} is none of the choices that there are",
    "person_id": "{words!r} is no id of a person: person_… or party_…",
    "no_names": "say how they are called, or in which words they are told of",
    "no_name": "{words!r} is no name, nor words that tell of somebody",
    "twice": "{words!r} stands here twice: tell the two apart, such as by an age or a place in brackets",
    "count": "{words!r}: how many people is a number; write it in digits, or leave it out",
    "party": "{words!r} is said to be somebody to whom nothing was done: change that, or whom it was done to",
    "no_what": "say what was done",
    "no_whom": "say to whom: by name, as a group, or in words such as *her brother*",
    "denied": "{words!r} says that it was not done: choose that it is denied",
    "seen": "who saw it and whom it happened to are easily mixed up: write whom it happened to under whom, and who saw "
    "it under witnesses; where whoever tells it saw it themselves, choose basis: saw. It is an act like any other",
    "seen_words": "{words!r} says that it was seen: write what was done, whom it happened to under whom, and who saw "
    "it under witnesses; where whoever tells it saw it themselves, choose basis: saw",
    "threat_words": "{words!r} says that it was threatened or feared: choose that",
    "another": "{words!r} tells of somebody else: write what was done, and that person under whom",
    "not_heard": "what was heard from somebody is known by hearing: choose that, or leave the name out",
    "held": "a time in detention needs who was held, and where",
    "kin": "say of one person who is what to them",
    "missing": "say who was made to disappear",
    "not_missing": "{words!r} is neither a disappearance nor an abduction: write it as an act",
    "post": "a post needs whoever held it, and what it was or in which unit",
    "proceeding": "say before which court or authority, or to which proceeding it belongs",
    "no_step": "say what happened in it",
    "court_state": "{words!r} is no State: write its name, or a code such as KR, JP, US; EU for the European Union",
    "about": "{words!r} is no crime, and no element of one, that findings are lined up against",
    "proceeding_id": "{words!r} is no proceeding: proc.… of one that is published, or proceeding_… of one that is here",
    "under": "say of which unit {words!r} is the superior",
    "read_as": "{words}",
    "date": "{words!r} is no date that can be read: its words are kept",
    "uncoded": "{words!r} is no act that we know: its words are kept, and wait for a coder",
    "threat": "no act is made of this: it is told of {words} that they were threatened with it",
    "unit": "{words!r} seems to be no person: to whom somebody belonged is written under unit",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What cannot be recorded as it is. ``where``: the part, the number of its row from 0, the field."""

    part: str
    row: int
    field: str
    code: str  # a key of PROBLEMS
    words: str = ""  # that it is about, as they were typed

    @property
    def text(self) -> str:
        return PROBLEMS[self.code].format(words=self.words)

    def __str__(self) -> str:
        row = f" {self.row + 1}" if self.part in ROWS else ""
        return f"{self.part}{row}, {self.field}: {self.text}"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was typed, as an entry; None while something stands in the way. ``notes``: what is kept in its words.
    ``new``: whom acts name and no row of people did; they stand in the entry."""

    entry: Entry | None
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]
    new: tuple[str, ...]

    @property
    def counted(self) -> dict[str, int]:
        """What the entry makes, how many of each; acts, those that it denies and threats even where there are none.
        ``known``: people of it who are here already; no threat is an act."""
        made = dict.fromkeys(("person", "group", "party", "known", "act", "denied", "threat", "detention", "post"), 0)
        made["proceeding"] = 0
        for one in self.entry.subjects if self.entry else ():
            if one.known and one.kind == "proceeding":
                continue
            said = {each.property for each in one.said}
            told = {str(getattr(each.value, "text", "")) for each in one.said if each.property == "told"}
            kind: str = "known" if one.known else one.kind
            if kind == "person" and any(
                each.property == "victim_kind" and each.value == Text("group") for each in one.said
            ):
                kind = "group"
            if kind == "act" and "no_violation" in said:
                kind = "denied"
            if kind in made:
                made[kind] += 1
            made["threat"] += "threatened" in said or any(each.startswith("threatened: ") for each in told)
        return {
            name: number for name, number in made.items() if number or name in ("person", "act", "denied", "threat")
        }


def read(typed: Typed, codes: Codes, *, on: date) -> Reading:
    """Read what was typed: parts ``source``, ``consent`` and the rows of :data:`ROWS`. ``on``: today, the latest day
    that anything can have happened."""
    return _Reader(typed, codes, on).read()


def cells_of(row: object, fields: Sequence[str]) -> dict[str, str]:
    """The cells of a typed row as words; what is a list is written with semicolons. Raises InvalidValue for a field
    that such a row has not."""
    if not isinstance(row, Mapping):
        raise InvalidValue("{row!r} is no row of fields: {known}", row=row, known=", ".join(fields))
    if unknown := [str(one) for one in row if one not in fields]:
        raise InvalidValue(
            "there is no field {named!r} here; there are {known}", named=unknown[0], known=", ".join(fields)
        )
    return {name: _words(row.get(name)) for name in fields}


def _words(cell: object) -> str:
    if isinstance(cell, list | tuple):
        return "; ".join(_word(one) for one in cell)
    return _word(cell)


def _word(cell: object) -> str:
    if cell is None or cell is False:
        return ""
    if isinstance(cell, list | tuple | Mapping):
        raise InvalidValue("a field holds words, or a list of them, and no list within a list")
    return "yes" if cell is True else str(cell).strip()


class _Reader:
    def __init__(self, typed: Typed, codes: Codes, on: date) -> None:
        self.typed, self.codes, self.on = typed, codes, on
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []
        self.subjects: dict[str, Subject] = {}
        self.by_name: dict[str, str] = {}  # folded name -> key
        self.undecided: set[str] = set()  # whether something was done to them
        self.others: set[str] = set()  # had another part, or told of it
        self.speakers: list[str] = []
        self.units: dict[str, str] = {}  # folded name of a unit -> key
        self.new: list[str] = []
        self.where = ("", 0)  # the part and row that are being read

    def read(self) -> Reading:
        told = self._told()
        for number, row in self._rows("people"):
            self._person(number, row)
        rows = [(part, *one) for part in ROWS if part != "people" for one in self._rows(part)]
        for part, number, row in rows:
            self.where = (part, number)
            _READERS[part](self, number, row)
        self._parties()
        consents = list(self._consents())
        if told is not None and not self.subjects and not told.known:
            self._problem("people", 0, "names", "nobody")
        entry = None
        if told is not None and not self.problems:
            entry = Entry(told, self._meeting(), tuple(consents), tuple(self.subjects.values()))
        return Reading(entry, tuple(self.problems), tuple(self.notes), tuple(self.new))

    def _problem(self, part: str, row: int, field: str, code: str, words: str = "") -> None:
        self.problems.append(Problem(part, row, field, code, words))

    def _note(self, field: str, code: str, words: str) -> None:
        self.notes.append(Problem(*self.where, field, code, words))

    def _cells(self, part: str, number: int, row: object, fields: Sequence[str]) -> dict[str, str]:
        try:
            return cells_of(row, fields)
        except InvalidValue as error:
            self._problem(part, number, "", "fields", str(error))
            return dict.fromkeys(fields, "")

    def _rows(self, part: str) -> Iterator[tuple[int, dict[str, str]]]:
        given = self.typed.get(part) or []
        if not isinstance(given, list | tuple):
            self._problem(part, 0, "", "no_rows")
            return
        for number, row in enumerate(given):
            cells = self._cells(part, number, row, ROWS[part])
            if any(
                value
                for name, value in cells.items()
                if name not in ("basis", "stance", "kind", "known", "did", "sure")
            ):
                yield number, cells

    # --- where it comes from ------------------------------------------------------------------------------------------

    def _source(self) -> dict[str, str]:
        return self._cells("source", 0, self.typed.get("source") or {}, (*OF_SOURCE, *OF_MEETING))

    def _told(self) -> Origin | None:
        cells = self._source()
        kind = cells["kind"] or "witness"
        if kind not in get_args(SourceKind) or kind == "list":
            self._problem("source", 0, "kind", "source_kind", kind)
            return None
        for field in ("id", "heard_before"):
            if cells[field] and not _is_id(cells[field], "source"):
                self._problem("source", 0, field, "source_id", cells[field])
        if not cells["title"] and not cells["id"]:
            self._problem("source", 0, "title", "no_title")
        return Origin(cast("SourceKind", kind), cells["title"], cells["id"], cells["heard_before"])

    def _meeting(self) -> Meeting:
        cells = self._source()
        return Meeting(**{one: cells[one] for one in OF_MEETING}, language=cells["language"])

    @property
    def _place(self) -> str:
        """Where in the source what has no place of its own stands."""
        cells = self._source()
        return cells["at"] or {"witness": "interview", "": "interview"}.get(cells["kind"], cells["kind"])

    # --- what is allowed ----------------------------------------------------------------------------------------------

    def _consents(self) -> Iterator[Agreed]:
        given = self.typed.get("consent") or {}
        cells = self._cells("consent", 0, given, (*AUDIENCES, *OF_CONSENT))
        asked = {one: BETWEEN.split(cells[one].replace(",", ";")) for one in AUDIENCES if cells[one]}
        if unknown := [use for uses in asked.values() for use in uses if use not in USES]:
            self._problem("consent", 0, "own", "use", unknown[0])
            return
        if "hold" not in asked.get("own", ()) and not self._source()["id"]:
            self._problem("consent", 0, "own", "no_hold")
            return
        begins, ends = (self._day(one, cells[one]) for one in ("begins", "ends"))
        whose = self._whose(cells["whose"])
        if cells["right"] and cells["right"] not in RIGHTS:
            self._problem("consent", 0, "right", "right", cells["right"])
            return
        if bool(cells["body"]) != ("named body" in asked):
            self._problem("consent", 0, "body", "body")
            return
        right = next(one for one in RIGHTS if one == (cells["right"] or "unknown"))
        same = {one: cells[one] for one in ("given_by", "asked", "language", "conditions")}
        for audience, uses in asked.items():
            body = cells["body"] if audience == "named body" else ""
            yield Agreed(frozenset(cast("list[Use]", uses)), audience, begins, ends, body, whose, right, **same)

    def _day(self, field: str, words: str) -> date | None:
        try:
            return date.fromisoformat(words) if words else None
        except ValueError:
            self._problem("consent", 0, field, "day", words)
            return None

    def _whose(self, name: str) -> str:
        if not name:
            return self.speakers[0] if len(self.speakers) == 1 else ""
        key = self._key_of(name)
        if key is None:
            self._problem("consent", 0, "whose", "whose", name)
        return key or ""

    # --- people -------------------------------------------------------------------------------------------------------

    def _person(self, number: int, cells: dict[str, str]) -> None:
        self.where = ("people", number)
        key = f"people {number + 1}"
        names = [one for one in BETWEEN.split(cells["names"]) if one]
        if cells["kind"] not in PERSON_KINDS:
            self._problem("people", number, "kind", "choice", cells["kind"])
        if cells["known"] and not _is_id(cells["known"], "person", "party"):
            self._problem("people", number, "known", "person_id", cells["known"])
        if not names and not cells["known"]:
            self._problem("people", number, "names", "no_names")
            return
        for name in names:
            if self.by_name.setdefault(folded(name), key) != key:
                self._problem("people", number, "names", "twice", name)
        said = list(self._facts(number, cells, names))
        kind: EntityKind = "party" if cells["kind"] == "other" or cells["known"].startswith("party_") else "person"
        self.subjects[key] = Subject(key, kind, tuple(said), cells["known"], names[0] if names else cells["known"])
        if cells["kind"] == "":
            self.undecided.add(key)
        if cells["speaks"].casefold() not in _NO:
            self.speakers.append(key)
            self.others.add(key)

    def _facts(self, number: int, cells: dict[str, str], names: Sequence[str]) -> Iterator[Said]:
        where, basis = cells["at"] or self._place, self._basis("people", number, cells["basis"])

        def said(property_: str, value: Value) -> Said:
            return Said(property_, value, where, basis)

        row = self._row(number, cells, names[0] if names and cells["kind"] != "group" else "")
        if row is not None:
            for at, read_as in enumerate(row.names):
                yield said("name" if at == 0 else "alias", read_as)
            for property_, value in facts_of(row):
                yield said(property_, value)
            for field, note in self._doubts(cells, row):
                self._note(field, "read_as", note)
        if cells["kind"] == "group":
            yield said("victim_kind", Text("group"))
            count = cells["count"]
            if count and not (count.isascii() and count.isdecimal() and int(count)):
                self._problem("people", number, "count", "count", count)
            yield said("count", Text(count or "unknown"))
            yield said("described", Text("; ".join(names)))
        else:
            for name in names[1:]:
                yield said("alias", read_name(name))
        if cells["described"]:
            yield said("described", Text(cells["described"]))

    def _doubts(self, cells: dict[str, str], row: PersonRow) -> Iterator[tuple[str, str]]:
        """Doubts about a row of people, each at the field whose words, read alone, raise it; else at the names."""
        alone = {
            field: _read({"name": _NOBODY, heading: cells[field]}, self.on)
            for field, heading in _CELLS.items()
            if cells[field] and row.notes
        }
        for note in row.notes:
            yield next((field for field, one in alone.items() if one and note in one.notes), "names"), note

    def _row(self, number: int, cells: dict[str, str], name: str) -> PersonRow | None:
        """The cells about somebody, read as those of a list. Somebody who is here already needs no name again."""
        given = {"name": name} | {heading: cells[field] for field, heading in _CELLS.items() if cells[field]}
        if not any(given.values()):
            return None
        unnamed = not name
        if unnamed:
            given["name"] = _NOBODY
        row = _read(given, self.on)
        if row is None:
            self._problem("people", number, "names", "no_name", name)
            return None
        return replace(row, names=(), kind="named") if unnamed else row

    def _key_of(self, name: str) -> str | None:
        if name in self.subjects:
            return name
        if (key := self.by_name.get(folded(name))) is not None:
            return key
        return next((one.key for one in self.subjects.values() if name and name == one.known), None)

    def _people(self, part: str, number: int, field: str, words: str) -> list[str]:
        """Keys of whom a cell names. Whoever stands in no row of people is somebody new."""
        if not words:
            return []
        if self._key_of(words) is not None:
            return [str(self._key_of(words))]
        keys = []
        for name in filter(None, _OF_SEVERAL.split(words)):
            key = self._key_of(name)
            if key is None:
                key = self._somebody(part, number, field, name)
            if key is not None:
                keys.append(key)
        return list(dict.fromkeys(keys))

    def _somebody(self, part: str, number: int, field: str, name: str) -> str | None:
        key = f"new {len(self.new) + 1}"
        if _is_id(name, "person", "party"):
            kind: EntityKind = "person" if name.startswith("person_") else "party"
            self.subjects[key] = Subject(key, kind, (), name, name)
            return key
        row = _read({"name": name}, self.on)
        if row is None:
            self._problem(part, number, field, "no_name", name)
            return None
        said = [Said("name", one, self._place, "unknown") for one in row.names]
        said += [Said(property_, value, self._place, "unknown") for property_, value in facts_of(row)]
        self.subjects[key] = Subject(key, "person", tuple(said), "", name)
        self.by_name[folded(name)] = key
        self.undecided.add(key)
        self.new.append(name)
        return key

    def _victims(self, keys: Sequence[str]) -> None:
        """Something was done to them: they are people who are counted and matched."""
        self.undecided -= set(keys)
        for key in keys:
            one = self.subjects[key]
            if one.kind == "party":
                self._problem(*self.where, "whom", "party", one.called)

    def _parties(self) -> None:
        """Of whom is told only that they had another part, or told of it, are parties: nobody counts them."""
        for key in self.undecided & self.others:
            if not self.subjects[key].known:
                self.subjects[key] = replace(self.subjects[key], kind="party")

    # --- acts ---------------------------------------------------------------------------------------------------------

    def _basis(self, part: str, number: int, words: str) -> Basis:
        if words and words not in get_args(Basis):
            self._problem(part, number, "basis", "choice", words)
        return cast("Basis", words or "unknown")

    def _date(self, field: str, words: str) -> tuple[Value | None, Text | None]:
        """A date, and its words where they say more than the date does."""
        if not words:
            return None, None
        reading = read_date(words, latest=self.on.year)
        value = reading.value
        if value is not None and value.earliest > self.on:
            value = None
        if value is None:
            self._note(field, "date", words)
        for doubt in reading.notes if reading.approximate and isinstance(value, PartialDate) else ():
            self._note(field, "read_as", doubt)
        return value, None if value is not None and str(value) == words else Text(f"date: {words}")

    def _act(self, number: int, cells: dict[str, str]) -> None:
        stance = next((one for one in ACT_STANCES if one == (cells["stance"] or "for")), None)
        if stance is None:
            self._problem("acts", number, "stance", "seen" if cells["stance"] == "seen" else "choice", cells["stance"])
            return
        if not cells["what"]:
            self._problem("acts", number, "what", "no_what")
            return
        victims = self._people("acts", number, "whom", cells["whom"])
        terms = self._terms(cells["what"], stance)
        where, basis = cells["at"] or self._place, self._basis("acts", number, cells["basis"])
        if stance == "threatened":
            self._threat(number, victims, terms, cells, where, basis)
            return
        key = f"act {number + 1}"
        if not victims:
            self._problem("acts", number, "whom", "no_whom")
        self._victims(victims)
        said: list[tuple[str, Value | Link]] = [("victim", Link(one)) for one in victims]
        said += [(SAID[stance], Term("violations", one)) for one in terms]
        if not terms:
            said.append(("told", Text(f"violation: {cells['what']}")))
        said += self._around(number, cells)
        said += [("told_by", Link(one)) for one in self.speakers]
        made = tuple(Said(property_, value, where, basis) for property_, value in said)
        self.subjects[key] = Subject(key, "act", made, "", cells["what"])
        self._involved(key, cells, where, basis)

    def _terms(self, words: str, stance: Stance) -> list[str]:
        try:
            acts = [one for part in filter(None, BETWEEN.split(words)) for one in self.codes(part)]
        except CorroborateError as error:
            self._problem(*self.where, "what", "fields", str(error))
            return []
        for says in dict.fromkeys(one.said for one in acts if one.said != stance):
            if says in _SAYS:
                field = "stance" if says in ("against", "threatened") and self.where[0] == "acts" else "what"
                self._problem(*self.where, field, _SAYS[says], words)
        if not acts:
            self._note("what", "uncoded", words)
        return list(dict.fromkeys(one.term for one in acts))

    def _around(self, number: int, cells: dict[str, str]) -> Iterator[tuple[str, Value]]:
        value, words = self._date("when", cells["when"])
        if value is not None:
            yield "date", value
        if words is not None:
            yield "told", words
        for field, property_ in (
            ("where", "place"),
            ("facility", "facility"),
            ("unit", "perpetrator_unit"),
            ("rank", "perpetrator_rank"),
            ("words", "testimony"),
        ):
            if cells[field]:
                yield property_, Text(cells[field])
        for field, heading in (("after", "after"), ("heard_from", "heard from")):
            if cells[field]:
                yield "told", Text(f"{heading}: {cells[field]}")
        if cells["heard_from"] and cells["basis"] not in ("", "heard"):
            self._problem("acts", number, "basis", "not_heard")

    def _threat(
        self, number: int, people: Sequence[str], terms: Sequence[str], cells: dict[str, str], where: str, basis: Basis
    ) -> None:
        """What somebody was threatened with: said of that person, and no act of its own. What is told around it stands
        in words, under the field of a list that holds the same."""
        if not people:
            self._problem("acts", number, "whom", "no_whom")
        self._victims(people)
        around = list(self._around(number, cells))
        for key in people:
            said: list[Said] = [Said("threatened", Term("violations", one), where, basis) for one in terms]
            if not terms:
                said.append(Said("told", Text(f"threatened: {cells['what']}"), where, basis))
            for property_, value in around:
                words = value.text if isinstance(value, Text) else str(value)
                told = words if property_ in ("told", "testimony") else f"{_TOLD_AS.get(property_, property_)}: {words}"
                said.append(Said("told", Text(told), where, basis))
            one = self.subjects[key]
            self.subjects[key] = replace(one, said=(*one.said, *said))
        if people:
            called = ", ".join(self.subjects[key].called for key in people)
            self._note("stance", "threat", called)

    def _involved(self, act: str, cells: dict[str, str], where: str, basis: Basis) -> None:
        beside = tuple(self._said_of_part(cells, where, basis))
        for field, degree in (("by", "perpetrator"), ("witnesses", "witness")):
            for at, key in enumerate(self._people(*self.where, field, cells.get(field, "")), start=1):
                one = f"{act} {degree} {at}"
                if field == "by" and _UNIT.search(self.subjects[key].called):
                    self._note("by", "unit", self.subjects[key].called)
                self.others.add(key)
                said = (
                    Said("act", Link(act), where, basis),
                    Said("person", Link(key), where, basis),
                    Said("degree", Text(degree), where, basis),
                )
                self.subjects[one] = Subject(one, "involvement", said + (beside if field == "by" else ()))
                if degree == "perpetrator":
                    named = Said("perpetrator", Text(self.subjects[key].called), where, basis)
                    self.subjects[act] = replace(self.subjects[act], said=(*self.subjects[act].said, named))

    def _said_of_part(self, cells: dict[str, str], where: str, basis: Basis) -> Iterator[Said]:
        """What whoever is said to have done it did in it, and how sure that is."""
        for field, choices, property_ in (("did", ACT_PARTS, "took_part"), ("sure", SURE, "caution")):
            if cells.get(field, "") not in choices:
                self._problem(*self.where, field, "choice", cells[field])
            elif cells.get(field):
                yield Said(property_, Text(cells[field]), where, basis)

    # --- held, missing, kin, posts ------------------------------------------------------------------------------------

    def _span(self, number: int, cells: dict[str, str]) -> None:
        people = self._people("held", number, "who", cells["who"])
        if not people or not cells["facility"]:
            field = "facility" if people else "who"
            self._problem("held", number, field, "held")
            return
        self._victims(people)
        where, basis = cells["at"] or self._place, self._basis("held", number, cells["basis"])
        (begin, begin_words), (end, end_words) = self._date("from", cells["from"]), self._date("to", cells["to"])
        said: list[tuple[str, Value | Link | None]] = [
            ("facility", Text(cells["facility"])),
            ("begin", begin),
            ("end", end),
        ]
        for heading, words in (("from", begin_words), ("to", end_words)):
            said += [("told", Text(f"{heading}: {words.text.removeprefix('date: ')}"))] if words else []
        said += [(one, Text(cells[one])) for one in ("section", "ended") if cells[one]]
        for at, key in enumerate(people, start=1):
            span = f"held {number + 1} {at}"
            made = [Said("person", Link(key), where, basis)]
            made += [Said(name, value, where, basis) for name, value in said if value is not None]
            self.subjects[span] = Subject(span, "detention", tuple(made), "", cells["facility"])
            one = self.subjects[key]
            held = Said("facility", Text(cells["facility"]), where, basis)
            if not any(each.property == "facility" and each.value == held.value for each in one.said):
                self.subjects[key] = replace(one, said=(*one.said, held))

    def _kin(self, number: int, cells: dict[str, str]) -> None:
        people = self._people("kin", number, "of", cells["of"])
        if len(people) != 1 or not cells["is"]:
            self._problem("kin", number, "is" if people else "of", "kin")
            return
        where, basis = cells["at"] or self._place, self._basis("kin", number, cells["basis"])
        words = f"{cells['is']}: {cells['who']}" if cells["who"] else cells["is"]
        one = self.subjects[people[0]]
        self.subjects[one.key] = replace(one, said=(*one.said, Said("kin", Text(words), where, basis)))

    def _missing(self, number: int, cells: dict[str, str]) -> None:
        """A disappearance or an abduction: an act like any other, with what was done to find whoever it happened to."""
        victims = self._people("missing", number, "who", cells["who"])
        if not victims:
            self._problem("missing", number, "who", "missing")
            return
        self._victims(victims)
        terms = self._terms(cells["what"], "for") if cells["what"] else [DISAPPEARED]
        if terms and not all(_is_disappearance(one) for one in terms):
            self._problem("missing", number, "what", "not_missing", cells["what"])
        said: list[tuple[str, Value | Link | None]] = [("victim", Link(one)) for one in victims]
        said += [("violation", Term("violations", one)) for one in terms]
        said += [] if terms else [("told", Text(f"violation: {cells['what']}"))]
        for field, property_, heading in (("when", "date", "date"), ("returned", "returned", "returned")):
            value, words = self._date(field, cells[field])
            said.append((property_, value))
            said += [("told", Text(f"{heading}: {words.text.removeprefix('date: ')}"))] if words else []
        said += [(property_, Text(cells[field])) for field, property_ in _OF_MISSING.items() if cells[field]]
        said += [("told_by", Link(one)) for one in self.speakers]
        where, basis = cells["at"] or self._place, self._basis("missing", number, cells["basis"])
        key = f"missing {number + 1}"
        made = tuple(Said(property_, value, where, basis) for property_, value in said if value is not None)
        self.subjects[key] = Subject(key, "act", made, "", cells["what"] or cells["who"])
        self._involved(key, cells, where, basis)

    def _post(self, number: int, cells: dict[str, str]) -> None:
        """Who held which post in which unit, from when until when, and which unit stood over that one."""
        people = self._people("posts", number, "who", cells["who"])
        if not people or not (cells["title"] or cells["unit"]):
            self._problem("posts", number, "title" if people else "who", "post")
            return
        if cells["under"] and not cells["unit"]:
            self._problem("posts", number, "unit", "under", cells["under"])
            return
        where, basis = cells["at"] or self._place, self._basis("posts", number, cells["basis"])
        (begin, begin_words), (end, end_words) = self._date("from", cells["from"]), self._date("to", cells["to"])
        said: list[tuple[str, Value | Link | None]] = []
        if cells["unit"]:
            unit = self._unit(cells["unit"], where, basis)
            if cells["under"]:
                over = Said("part_of", Link(self._unit(cells["under"], where, basis)), where, basis)
                one = self.subjects[unit]
                self.subjects[unit] = one if over in one.said else replace(one, said=(*one.said, over))
            said.append(("held_by", Link(unit)))
        said += [("title", Text(cells["title"]) if cells["title"] else None), ("begin", begin), ("end", end)]
        for heading, words in (("from", begin_words), ("to", end_words)):
            said += [("told", Text(f"{heading}: {words.text.removeprefix('date: ')}"))] if words else []
        for at, key in enumerate(people, start=1):
            self.others.add(key)
            post = f"post {number + 1}" if len(people) == 1 else f"post {number + 1} {at}"
            made = [Said("person", Link(key), where, basis)]
            made += [Said(name, value, where, basis) for name, value in said if value is not None]
            self.subjects[post] = Subject(post, "post", tuple(made), "", cells["title"] or cells["unit"])

    def _proceeding(self, number: int, cells: dict[str, str]) -> None:
        """A step before a court or an authority: what, by whom, against whom. Who is accused is no more than that."""
        if not self._fit_for_proceeding(number, cells):
            return
        where, basis = cells["at"] or self._place, self._basis("proceedings", number, cells["basis"])
        key = f"proceeding {number + 1}"
        said: list[tuple[str, Value | Link | None]] = [
            ("proceeding_kind", Text(f"proceeding_{cells['kind']}") if cells["kind"] else None),
            *((name, Text(cells[field]) if cells[field] else None) for field, name in _OF_PROCEEDING.items()),
            ("step", Text(f"step_{cells['step']}")),
        ]
        value, words = self._date("when", cells["when"])
        said += [("step_date", value), ("told", words)]
        for field in ("filed_by", "against"):
            for one in self._people("proceedings", number, field, cells[field]):
                self.others.add(one)
                said.append((field, Link(one)))
                if field == "against" and _UNIT.search(self.subjects[one].called):
                    self._note("against", "unit", self.subjects[one].called)
        if cells["unit"]:
            said += [("against", Link(self._unit(one, where, basis))) for one in BETWEEN.split(cells["unit"]) if one]
        said.append(("caution", Text(cells["sure"]) if cells["sure"] else None))
        said += [("engages", Text(one)) for one in _OF_SEVERAL.split(cells["about"]) if one]
        if cells["of"].startswith("proceeding_"):
            before = f"of {cells['of']}"
            self.subjects.setdefault(before, Subject(before, "proceeding", (), cells["of"], cells["of"]))
            said.append(("part_of", Link(before)))
        elif cells["of"]:
            said.append(("follows", Text(cells["of"])))
        made = tuple(Said(name, value, where, basis) for name, value in said if value is not None)
        self.subjects[key] = Subject(key, "proceeding", made, "", cells["reference"] or cells["body"] or cells["of"])

    def _fit_for_proceeding(self, number: int, cells: dict[str, str]) -> bool:
        """Whether a row tells of a step; what is wrong with it is said of its fields."""
        before = len(self.problems)
        of = cells["of"]
        if not (cells["body"] or of):
            self._problem("proceedings", number, "body", "proceeding")
        if not cells["step"]:
            self._problem("proceedings", number, "step", "no_step")
        for field, known in (("kind", ("", *PROCEEDING_KINDS)), ("step", ("", *STEPS)), ("sure", SURE)):
            if cells[field] not in known:
                self._problem("proceedings", number, field, "choice", cells[field])
        if cells["state"] and not state_called(cells["state"]):
            self._problem("proceedings", number, "state", "court_state", cells["state"])
        for one in filter(None, _OF_SEVERAL.split(cells["about"])):
            if not engaged(one):
                self._problem("proceedings", number, "about", "about", one)
        if of and of not in load("proceedings").entries and not _is_id(of, "proceeding"):
            self._problem("proceedings", number, "of", "proceeding_id", of)
        return len(self.problems) == before

    def _unit(self, name: str, where: str, basis: Basis) -> str:
        """The key of a unit; one of a name is one unit within an entry."""
        key = self.units.setdefault(folded(name), f"unit {len(self.units) + 1}")
        if key not in self.subjects:
            self.subjects[key] = Subject(key, "unit", (Said("name", read_name(name), where, basis),), "", name)
        return key


_READERS: Final[Mapping[str, Callable[[_Reader, int, dict[str, str]], None]]] = {
    "acts": _Reader._act,
    "held": _Reader._span,
    "missing": _Reader._missing,
    "kin": _Reader._kin,
    "posts": _Reader._post,
    "proceedings": _Reader._proceeding,
}


def _read(given: Mapping[str, str], on: date) -> PersonRow | None:
    """Cells under their headings, read as a row of a list; None where it tells of nobody."""
    columns = tuple(given)
    table = Table(columns, (Row(1, dict(given), None, 1),), "utf-8", (), ())
    entries = person_entries(table, guess_mapping(columns), "", latest=on.year).entries
    return entries[0] if entries else None


def _is_disappearance(term: str) -> bool:
    """Whether a violation is a disappearance, or one of its kinds."""
    entries = load("violations").entries
    while term and term != DISAPPEARED:
        term = str(entries[term].more.get("parent") or "")
    return term == DISAPPEARED


def _is_id(words: str, *kinds: Literal["person", "party", "source", "proceeding"]) -> bool:
    try:
        return checked_id(words).partition("_")[0] in kinds
    except InvalidValue:
        return False


__all__ = [
    "ACT_STANCES",
    "BETWEEN",
    "PROBLEMS",
    "ROWS",
    "Agreed",
    "Entry",
    "Link",
    "Meeting",
    "Origin",
    "Problem",
    "Reading",
    "Said",
    "Subject",
    "read",
]
