"""The form of a draft: one page, in parts, each row of a part a form of its own. What was typed goes in and comes out
as :mod:`corroborate.importers.by_hand` reads it; every cell may be empty while somebody types."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, cast, get_args

from django import forms
from django.utils.datastructures import MultiValueDict

from corroborate.importers.by_hand import (
    ACT_PARTS,
    ACT_STANCES,
    BETWEEN,
    OF_ACT,
    OF_CONSENT,
    OF_KIN,
    OF_MEETING,
    OF_MISSING,
    OF_PERSON,
    OF_POST,
    OF_PROCEEDING,
    OF_SOURCE,
    OF_SPAN,
    PERSON_KINDS,
    ROWS,
    SURE,
    Problem,
)
from corroborate.records import AUDIENCES, RIGHTS, USES, Basis
from corroborate.records.sources import SourceKind
from corroborate.vocabulary.proceedings import PROCEEDING_KINDS, STEPS
from corroborate_node.core.configuration import LARGEST_UPLOAD
from corroborate_node.core.forms import Day, Hidden, Line, Spoken, Text, Upload
from corroborate_node.core.wording import Words

SOURCE_KINDS = tuple(one for one in get_args(SourceKind) if one != "list")
MOST: Mapping[str, int] = {  # rows of a draft, in the order of the page
    "acts": 40,
    "people": 60,
    "held": 30,
    "missing": 20,
    "kin": 30,
    "posts": 30,
    "proceedings": 20,
}
BASES: tuple[str, ...] = get_args(Basis)
NEW = "new"  # somebody who is not here, although there are people of that name
_ROW = re.compile(r"(people|acts|held|missing|kin|posts|proceedings)-(\d{1,3})-([a-z_]+)")
_CHOICES = ("kind", "basis", "stance", "right", "known", "did", "sure", "step")
_DATALISTS = {
    "what": "violations",
    "whom": "somebody",
    "by": "somebody",
    "witnesses": "somebody",
    "who": "somebody",
    "of": "somebody",
    "names": "somebody",
    "heard_from": "somebody",
    "whose": "somebody",
    "filed_by": "somebody",
    "against": "somebody",
}
FIRST = {  # what stands on a row; the rest of it is folded away until somebody opens it
    "people": ("names", "known", "speaks", "kind", "count", "sex", "birth", "from"),
    "acts": ("what", "whom", "when", "where", "by", "unit", "witnesses", "basis", "at"),
    "held": OF_SPAN,
    "missing": ("who", "what", "when", "where", "unit", "last_seen", "searched", "basis", "at"),
    "kin": OF_KIN,
    "posts": OF_POST,
    "proceedings": OF_PROCEEDING[:10],
}


def _field(part: str, name: str) -> forms.Field:
    if name in AUDIENCES:
        return forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    if name in _CHOICES:
        return forms.ChoiceField(required=False)
    if name == "speaks":
        return forms.BooleanField(required=False)
    if name in ("begins", "ends"):
        return Day(required=False)
    if name in ("words", "promised") or (part == "missing" and name in ("how", "searched", "answered")):
        return Text(rows=2, required=False)
    lists = _DATALISTS | {"what": "", "of": "proceedings", "about": "crimes"} if part == "proceedings" else _DATALISTS
    attrs = {"list": lists[name]} if lists.get(name) else {}
    return Line(required=False, most=2_000, attrs=attrs)


class _PartForm(Spoken):
    """A part of a draft, or a row of one. Nothing in it is required yet."""

    part: ClassVar[str] = ""

    def __init__(
        self, words: Words, typed: Mapping[str, Any], prefix: str, alike: Sequence[tuple[str, str]] = ()
    ) -> None:
        self.alike = alike
        # A draft of an earlier version may say that an act was seen: it stands there until somebody says it otherwise.
        self.earlier = ("seen",) if typed.get("stance") == "seen" else ()
        given = MultiValueDict({f"{prefix}-{name}": _listed(name, value) for name, value in typed.items()})
        super().__init__(words, given, prefix=prefix)
        for field in self.fields.values():
            vars(field)["needed"] = True  # that every cell may be empty needs no word beside each

    def key_of(self, name: str) -> str:
        return f"{self.part}_{name}"

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        frame = Words(words.language, "core")
        every: dict[str, list[tuple[str, str]]] = {
            "basis": [("", words["not_said"]), *((one, frame[f"how_{one}"]) for one in BASES if one != "unknown")],
            "did": [("", words["not_said"]), *((one, frame[f"value_{one}"]) for one in ACT_PARTS if one)],
            "sure": [("", words["not_said"]), *((one, frame[f"value_{one}"]) for one in SURE if one)],
            "step": [("", words["not_said"]), *((one, frame[f"value_step_{one}"]) for one in STEPS)],
            "stance": [(one, words[f"stance_{one}"]) for one in (*ACT_STANCES, *self.earlier)],
            "right": [(one, frame[f"right_{one}"]) for one in RIGHTS],
            "known": [("", words["somebody_new"]), (NEW, words["somebody_else"]), *self.alike],
        }
        kinds = {
            "source": [(one, words[f"source_{one}"]) for one in SOURCE_KINDS],
            "people": [(one, words[f"known_as_{one or 'told'}"]) for one in PERSON_KINDS],
            "proceedings": [
                ("", words["not_said"]),
                *((one, frame[f"value_proceeding_{one}"]) for one in PROCEEDING_KINDS),
            ],
        }
        every["kind"] = kinds.get(self.part, [])
        uses = [(str(one), frame[f"use_{one}"]) for one in USES]
        return {
            name: uses if name in AUDIENCES else every[name]
            for name in self.fields
            if name in AUDIENCES or name in every
        }

    def typed(self) -> dict[str, Any]:
        """What stands in it, empty cells left out."""
        said = {name: self[name].data for name in self.fields}
        return {name: value for name, value in said.items() if value not in (None, "", [], False)}

    def words_of(self, name: str) -> str:
        """What stands in a field, as somebody reads it: choices by their words."""
        said, field = self[name].data, self.fields[name]
        if said in (None, "", [], False):
            return ""
        if isinstance(field, forms.ChoiceField):
            choices = dict(cast("list[tuple[str, str]]", field.choices))
            return ", ".join(str(choices.get(one, one)) for one in (said if isinstance(said, list) else [said]))
        return self.spoken["ticked"] if said is True or isinstance(field, forms.BooleanField) else str(said)

    def first(self) -> list[forms.BoundField]:
        return [self[name] for name in FIRST[self.part] if name in self.fields]

    def rest(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in FIRST[self.part]]

    @property
    def opened(self) -> bool:
        """Whether what is folded away is to be seen: something stands there, or is wrong."""
        return any(one.data not in (None, "", [], False, "for") or one.errors for one in self.rest())


def _listed(name: str, value: Any) -> list[Any]:
    """What stands in a cell, as a form takes it: uses that a file wrote with signs between them are several."""
    if name in AUDIENCES:
        parts = value if isinstance(value, list) else [value]
        return [use for one in parts for use in BETWEEN.split(str(one).strip().replace(",", ";")) if use]
    if isinstance(value, list) and name not in AUDIENCES:
        return ["; ".join(str(one) for one in value)]
    return [value]


def _part(part: str, fields: Sequence[str]) -> type[_PartForm]:
    of = {name: _field(part, name) for name in fields}
    return type(f"{part.title()}Form", (_PartForm,), {"part": part, **of})


_SOURCE = [one for one in OF_SOURCE if one not in ("id", "heard_before")] + list(OF_MEETING)
FORMS: Mapping[str, type[_PartForm]] = {
    "source": _part("source", _SOURCE),
    "consent": _part("consent", (*AUDIENCES, *OF_CONSENT)),
    "people": _part("people", OF_PERSON),
    "acts": _part("acts", OF_ACT),
    "held": _part("held", OF_SPAN),
    "missing": _part("missing", OF_MISSING),
    "kin": _part("kin", OF_KIN),
    "posts": _part("posts", OF_POST),
    "proceedings": _part("proceedings", OF_PROCEEDING),
}


class DraftForm(Spoken):
    """What a page hands on with a draft, and the case in which its source is filed."""

    version = Hidden(required=False)
    looked = Hidden(required=False)  # digest of what its reader saw before it is recorded
    case = forms.ChoiceField(required=False)

    def __init__(
        self, words: Words, cases: Sequence[tuple[str, str]], *args: Any, must: bool = False, **more: Any
    ) -> None:
        self._cases = cases if must else [("", words["no_case"]), *cases]
        super().__init__(words, *args, **more)
        if not cases and not must:
            del self.fields["case"]

    def is_multipart(self) -> bool:
        return True  # a file that lies in the page is sent along

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        return {"case": list(self._cases)}


class BeginForm(Spoken):
    """Of what kind the source is; or which source that is here tells more, or whom it is about."""

    called: ClassVar = {"kind": "source_kind"}
    kind = forms.ChoiceField(required=False)
    source = Hidden(required=False)
    person = Hidden(required=False)

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        return {"kind": [(one, words[f"source_{one}"]) for one in SOURCE_KINDS]}


class SubmitForm(Spoken):
    """To whom a draft goes to be read."""

    reviewer = forms.ChoiceField(required=False)

    def __init__(self, words: Words, reviewers: Sequence[str], *args: Any, **more: Any) -> None:
        self._reviewers = [("", words["anybody"]), *((one, one) for one in reviewers)]
        super().__init__(words, *args, **more)

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        return {"reviewer": self._reviewers}


class ReviewForm(Spoken):
    """What somebody says of a draft, of which row, to whom; and who is to read it."""

    text = Text(rows=3, required=False)
    place = forms.ChoiceField(required=False)
    to = forms.ChoiceField(required=False)
    reviewer = forms.ChoiceField(required=False)
    looked = Hidden(required=False)
    remark = Hidden(required=False)
    called: ClassVar = {"text": "remark", "to": "remark_to"}

    def __init__(self, words: Words, reviewers: Sequence[str], places: Sequence[tuple[str, str]], *args: Any) -> None:
        people = [(one, one) for one in reviewers]
        self._choices = {
            "place": [("", words["whole"]), *places],
            "to": [("", words["anybody"]), *people],
            "reviewer": [("", words["anybody"]), *people],
        }
        super().__init__(words, *args)

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        return self._choices


class DoubleForm(Spoken):
    """Which source two people are to code, and who they are."""

    source = Line()
    first = forms.ChoiceField()
    second = forms.ChoiceField()
    called: ClassVar = {"source": "double_source", "first": "double_first", "second": "double_second"}

    def __init__(self, words: Words, coders: Sequence[str], *args: Any, **more: Any) -> None:
        self._coders = [(one, one) for one in coders]
        super().__init__(words, *args, **more)

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        return {"first": self._coders, "second": self._coders}


class ResolveForm(Spoken):
    """Whose coding stands of each place, with whose people, and why."""

    why = Text(rows=3)
    base = forms.ChoiceField()
    called: ClassVar = {"why": "resolve_why", "base": "resolve_base"}

    def __init__(self, words: Words, places: Sequence[str], names: Sequence[str], *args: Any) -> None:
        self._names = [("first", names[0]), ("second", names[1])]
        self.places = list(places)
        super().__init__(words, *args)
        for number, place in enumerate(places):
            field = forms.ChoiceField(choices=[*self._names, ("both", words["both"]), ("neither", words["neither"])])
            field.label = f"{words['f_resolve_place']} {place}"
            self.fields[f"place-{number}"] = field

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        return {"base": self._names}

    def chosen(self) -> list[str]:
        return [str(self.cleaned_data[f"place-{number}"]) for number in range(len(self.places))]


class AttachForm(Spoken):
    """A file that is kept with the source."""

    file = Upload(largest=LARGEST_UPLOAD)
    passages = forms.BooleanField(required=False)


class AskedForm(forms.Form):
    """Whose name somebody types."""

    q = forms.CharField(max_length=200)


class Parts:
    """All parts of a draft as forms: from what was kept, or from what was sent."""

    def __init__(self, words: Words, typed: Mapping[str, Any], alike: Mapping[int, Sequence[tuple[str, str]]]) -> None:
        self.source = FORMS["source"](words, typed.get("source", {}), "source")
        self.consent = FORMS["consent"](words, typed.get("consent", {}), "consent")
        self.rows = {
            part: [
                FORMS[part](words, row, f"{part}-{number}", alike.get(number, ()) if part == "people" else ())
                for number, row in enumerate(typed.get(part, []))
            ]
            for part in ROWS
        }
        if "id" in typed.get("source", {}):  # what it is called and what it is stands already
            for name in ("kind", "title", "language"):
                del self.source.fields[name]
        self.words = words

    def spare(self, part: str) -> _PartForm:
        """An empty row, after those that there are."""
        return FORMS[part](self.words, {}, f"{part}-{len(self.rows[part])}")

    def wrong(self, problems: Sequence[Problem]) -> list[tuple[str, str, str]]:
        """Put each problem beside its field; where it is, what it is called, and what is said."""
        return [self._placed(one, beside=True) for one in problems]

    def noted(self, notes: Sequence[Problem]) -> list[tuple[str, str, str]]:
        """The same of what is no problem, and stands at the top alone."""
        return [self._placed(one, beside=False) for one in notes]

    def _placed(self, one: Problem, *, beside: bool) -> tuple[str, str, str]:
        said = self.words[f"p_{one.code}"].format(words=one.words)
        rows = self.rows.get(one.part)
        heading = self.words[f"part_{one.part}"] + ("" if rows is None else f" {one.row + 1}")
        of = [getattr(self, one.part)] if rows is None else rows
        form = of[one.row] if one.row < len(of) else None
        if form is None or one.field not in form.fields:
            return f"part-{one.part}", heading, said
        if beside:
            form.add_error(one.field, said)
        return form[one.field].auto_id, f"{heading}, {form.fields[one.field].label}", said


def sent(data: Any, kept: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """What a form of the page sent, as it is kept; rows with nothing in them are left out. ``kept``: of the draft: the
    source that is here already stays what it is."""
    numbers: dict[str, set[int]] = {part: set() for part in ROWS}
    for name in data:
        if (row := _ROW.fullmatch(name)) is not None:
            numbers[row[1]].add(int(row[2]))
    typed: dict[str, Any] = {part: _sent(data, FORMS[part], part, words) for part in ("source", "consent")}
    if before := kept.get("source", {}).get("id"):
        typed["source"]["id"] = before
    for part, found in numbers.items():
        rows = (_sent(data, FORMS[part], f"{part}-{number}", words) for number in sorted(found)[: MOST[part]])
        typed[part] = [row for row in rows if _says(row)]
    return {part: value for part, value in typed.items() if value}


def _says(row: Mapping[str, Any]) -> bool:
    return any(name not in ("stance", "basis", "kind", "did", "sure") for name in row)


def _sent(data: Any, form: type[_PartForm], prefix: str, words: Words) -> dict[str, Any]:
    one = form(words, {}, prefix)
    one.data = data
    return one.typed()


def rows_of(typed: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The people of a draft, by the number of their row."""
    yield from enumerate(typed.get("people", []))
