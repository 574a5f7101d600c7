"""The questions of an interview as a form (XLSForm) for KoboToolbox and ODK Collect: those of the page Record, in its
words and in all its languages, so that what is typed on a telephone comes back as what is typed here."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from django import forms as fields
from openpyxl import Workbook

from corroborate.importers.by_hand import ROWS
from corroborate.importers.forms.interviews import FORM, LEFT_OUT, PARTS, PICKED, name_of
from corroborate.records import AUDIENCES
from corroborate.tables.written import saved
from corroborate.translation import LANGUAGES
from corroborate.values import Digest
from corroborate.vocabulary import load
from corroborate_node.core.forms import Day, Text
from corroborate_node.core.wording import Words
from corroborate_node.recording.forms import FORMS

_MADE = datetime(2026, 11, 30, tzinfo=UTC)
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "source": ("title",),
    "consent": ("own",),
    "people": ("names",),
    "acts": ("whom",),
    "held": ("who", "facility"),
    "missing": ("who",),
    "kin": ("of", "is", "who"),
    "posts": ("who",),
    "proceedings": ("body", "step"),
}
_ASKED_IF = {  # question -> when it is asked
    ("people", "count"): "${people_kind} = 'group'",
    ("acts", "heard_from"): "${acts_basis} = 'heard'",
    ("consent", "body"): "${consent_named_body} != ''",
}
Said = Sequence[str]  # in each of LANGUAGES
_NOTHING = tuple("" for _ in LANGUAGES)
_PICKED_FIRST = ("acts", "what")  # a term of the vocabulary is asked for before the words


def _named(kind: str) -> list[str]:
    return [f"{kind}::{name} ({code})" for code, name in LANGUAGES]


def workbook() -> bytes:
    """The form as XLSX, the same bytes each time. What only a vault can answer is left out: whether it is somebody who
    is here. Its version says what it asks: servers take a changed form under another version alone."""
    form = _Form()
    book = Workbook()
    survey = book.active
    survey.title = "survey"
    asked = ("required", "relevant", "constraint", *_named("constraint_message"), "appearance")
    survey.append(["type", "name", *_named("label"), *_named("hint"), *asked])
    rows = list(form.survey())
    for row in rows:
        survey.append(row)
    choices = book.create_sheet("choices")
    choices.append(["list_name", "name", *_named("label")])
    for name, listed in form.lists.items():
        for value, said in listed:
            choices.append([name, value, *said])
    settings = book.create_sheet("settings")
    settings.append(["form_title", "form_id", "version", "default_language"])
    code, language = LANGUAGES[0]
    version = Digest.of(repr([rows, form.lists]).encode()).hex[:8]
    settings.append([form.tongues[0]["form_title"], FORM, version, f"{language} ({code})"])
    return saved(book, _MADE)


class _Form:
    """The rows of the form, and the lists that its questions choose from."""

    def __init__(self) -> None:
        self.tongues = [Words(code, "recording") for code, _ in LANGUAGES]
        self.lists: dict[str, list[tuple[str, Said]]] = {"yes_no": [("yes", self._spoken("ticked"))]}

    def _spoken(self, key: str) -> Said:
        return [one.get(key, "") for one in self.tongues]

    def survey(self) -> Iterator[list[str]]:
        """All rows of the sheet *survey*, in its order of columns."""
        yield _row("note", "where_it_lies", self._spoken("form_note"))
        for part, names in PARTS.items():
            kind = "repeat" if part in ROWS else "group"
            yield _row(f"begin_{kind}", part, self._spoken(f"part_{part}"))
            if any(hint := self._spoken(f"hint_{part}")):
                yield _row("note", f"{part}_note", hint)
            pages = [FORMS[part](one, {}, part) for one in self.tongues]
            for name in names:
                if (part, name) == _PICKED_FIRST:
                    yield self._violations()
                if (part, name) not in LEFT_OUT:
                    yield self._question(part, name, [one.fields[name] for one in pages])
            yield _row(f"end_{kind}", part)

    def _violations(self) -> list[str]:
        self.lists["violations"] = [
            (one.id, [one.in_language(code) for code, _ in LANGUAGES]) for one in load("violations").entries.values()
        ]
        return _row("select_one violations", PICKED, self._spoken("form_picked"), look="minimal autocomplete")

    def _question(self, part: str, name: str, in_each: Sequence[fields.Field]) -> list[str]:
        """A field of the page, as it is called in each language."""
        must_hold = (part, name) == ("consent", "own")
        needed = "${acts_picked} = ''" if (part, name) == _PICKED_FIRST else ""
        return _row(
            self._type(part, name, in_each),
            name_of(part, name),
            [str(one.label) for one in in_each],
            [str(one.help_text or "") for one in in_each],
            needed="yes" if name in _NEEDED[part] else needed,
            asked=_ASKED_IF.get((part, name), ""),
            rule="selected(., 'hold')" if must_hold else "",
            wrong=self._spoken("p_no_hold") if must_hold else _NOTHING,
            look="multiline" if isinstance(in_each[0], Text) else "",
        )

    def _type(self, part: str, name: str, in_each: Sequence[fields.Field]) -> str:
        """How a form asks it; what it chooses from is put among the lists."""
        field = in_each[0]
        if isinstance(field, fields.BooleanField):
            return "select_one yes_no"
        if isinstance(field, Day):
            return "date"
        if (part, name) == ("people", "count"):
            return "integer"
        if not isinstance(field, fields.ChoiceField):
            return "text"
        listed = "uses" if name in AUDIENCES else (f"{part}_{name}" if name == "kind" else name)
        pairs = [[pair for pair in getattr(one, "choices", ()) if pair[0]] for one in in_each]
        self.lists[listed] = [
            (str(value).replace(" ", "_"), [str(said[at][1]) for said in pairs])
            for at, (value, _) in enumerate(pairs[0])
        ]
        return f"select_multiple {listed}" if name in AUDIENCES else f"select_one {listed}"


def _row(
    type_: str,
    name: str,
    said: Said = _NOTHING,
    hint: Said = _NOTHING,
    *,
    needed: str = "",
    asked: str = "",
    rule: str = "",
    wrong: Said = _NOTHING,
    look: str = "",
) -> list[str]:
    return [type_, name, *said, *hint, needed, asked, rule, *wrong, look]


__all__ = ["workbook"]
