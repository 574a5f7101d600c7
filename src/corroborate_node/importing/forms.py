"""Forms of an import: the files, what each column is taken for, and consent narrowed by value."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django import forms

from corroborate.importers.headings import fields
from corroborate.languages.calendars import CALENDARS
from corroborate_node.core.configuration import LARGEST_UPLOAD
from corroborate_node.core.forms import Line, Spoken, Uploads
from corroborate_node.core.wording import Words
from corroborate_node.importing.choosing import AS_TOLD, NARROWINGS, Choices

MOST_COLUMNS = 200  # that the page offers to change; those after them stay as they were guessed
ACCEPTED = (
    ".csv,.tsv,.txt,.xlsx,.xlsm,.xls,.xlsb,.ods,.json,.jsonl,.zip,.xml,.sql,.wacz,.pdf,.docx,.eml,.srt,.vtt,.md,"
    "image/*,audio/*,video/*"
)
ENCODINGS = (
    "utf-8",
    "utf-16",
    "cp949",
    "johab",
    "cp932",
    "euc_jp",
    "iso2022_jp",
    "gb18030",
    "big5",
    "cp1252",
    "cp1250",
    "cp1251",
    "koi8-r",
    "cp1255",
    "cp1256",
    "cp874",
    "cp1258",
)


class GiveForm(Spoken):
    """One file or several, and in which case they belong."""

    file = Uploads(largest=LARGEST_UPLOAD, accept=ACCEPTED)
    case = forms.ChoiceField(required=False)

    def __init__(self, words: Words, cases: Sequence[tuple[str, str]], *args: Any, must: bool, **kwargs: Any) -> None:
        self._cases = [*(() if must else (("", words["no_case"]),)), *cases]
        super().__init__(words, *args, **kwargs)
        if not cases:
            del self.fields["case"]

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        return {"case": self._cases}

    def clean_file(self) -> list[tuple[str, bytes]]:
        given: list[tuple[str, bytes]] = self.cleaned_data["file"]
        if not given:
            raise forms.ValidationError(self.fields["file"].error_messages["missing"])
        return given


class ColumnsForm(Spoken):
    """How a list is read: its title and habits, then a choice for each column, with samples from the list."""

    called: ClassVar = {"title": "list_title"}
    title = Line(most=200)
    encoding = forms.ChoiceField(required=False)
    sheet = forms.ChoiceField(required=False)
    dates = forms.ChoiceField(required=False)
    calendar = forms.ChoiceField(required=False)
    key = forms.ChoiceField(required=False)
    agreed = forms.BooleanField(required=False)
    _same: ClassVar = ("title", "encoding", "sheet", "dates", "calendar", "agreed")

    def __init__(
        self,
        words: Words,
        kept: Choices,
        shown: Mapping[str, str],
        samples: Mapping[str, Sequence[str]],
        sheets: Sequence[str],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        self._kept, self._shown = kept, shown
        self._sheets = list(dict.fromkeys([*sheets, *([kept.sheet] if kept.sheet else [])]))
        self._columns = list(shown)[:MOST_COLUMNS]
        initial = {name: getattr(kept, name) for name in self._same} | {"key": next(iter(kept.key), "")}
        super().__init__(words, *args, initial=initial, **kwargs)
        taken_for = [(AS_TOLD, words["as_told"]), *((one, words.get(f"field_{one}", one)) for one in fields())]
        for at, column in enumerate(self._columns):
            field = forms.ChoiceField(choices=taken_for, initial=shown[column], label=column)
            field.help_text = " · ".join(samples.get(column, ())) or words["empty_column"]
            self.fields[f"column-{at}"] = field
        if len(self._sheets) < 2:
            del self.fields["sheet"]

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        guess = ("", words["by_itself"])
        return {
            "encoding": [guess, *((one, one) for one in ENCODINGS)],
            "sheet": [("", words["all_sheets"]), *((one, one) for one in self._sheets)],
            "dates": [guess, ("day", words["day_first"]), ("month", words["month_first"])],
            "key": [("", words["no_key"]), *((one, one) for one in self._shown)],
            "calendar": [("", words["our_calendar"]), *((c.word, words.get(f"c_{c.word}", c.word)) for c in CALENDARS)],
        }

    def chosen(self) -> Choices:
        """The choices as they now are. What is the same as the guess is no choice."""
        given = self.cleaned_data
        columns = dict(self._kept.columns)
        for at, column in enumerate(self._columns):
            if given[f"column-{at}"] != self._shown[column]:
                columns[column] = given[f"column-{at}"]
        same = {name: given.get(name, "") for name in self._same}
        key = (given["key"],) if given.get("key") else ()
        return replace(self._kept, **same, columns=columns, key=key)


class ExportForm(Spoken):
    """What the export of a program, or a document, is called, and whether it came with leave."""

    called: ClassVar = {"title": "list_title"}
    title = Line(most=200)
    agreed = forms.BooleanField(required=False)

    def __init__(self, words: Words, kept: Choices, *args: Any, **kwargs: Any) -> None:
        self._kept = kept
        super().__init__(words, *args, initial={"title": kept.title, "agreed": kept.agreed}, **kwargs)

    def chosen(self) -> Choices:
        return replace(self._kept, title=self.cleaned_data["title"], agreed=self.cleaned_data["agreed"])


class ConsentForm(Spoken):
    """For each word of consent: as it was read, or narrower."""

    def __init__(
        self,
        words: Words,
        consents: Sequence[Mapping[str, Any]],
        *args: Any,
        again: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(words, *args, **kwargs)
        self._values = [one for one in consents if "more" not in one]
        rules = [("", words["as_read"]), *((one, words[f"narrow_{one}"]) for one in NARROWINGS)]
        for at, one in enumerate(self._values):
            label = f"{one['heading'] or words['field_notes']}: {one['words'][:120]}"
            field = forms.ChoiceField(required=False, choices=rules, label=label)
            answer = words[f"answer_{one['answer'].replace(' ', '_')}"]
            field.help_text = words["consent_rows"].format(answer=answer, rows=one["rows"], named=one["named"])
            self.fields[f"value-{at}"] = field
        self._ask(words, again or {})

    def _ask(self, words: Words, again: Mapping[str, Any]) -> None:
        """What a person must say first: whether the list came before, or that she looked for rows withdrawn since."""
        if again.get("question") in ("withdrawn", "other_person"):
            self.fields["looked"] = forms.BooleanField(label=words[f"looked_{again['question']}"])
        elif again.get("question"):
            same = words["the_same_list"].format(called=again["called"])
            answers = [("same", same), ("new", words["another_list"])]
            self.fields["again"] = forms.ChoiceField(
                choices=answers, label=words["came_before_or_not"], widget=forms.RadioSelect
            )
        self._again = again.get("say", "")

    def narrowing(self, kept: Choices) -> Choices:
        said = self.cleaned_data.get("again")
        kept = replace(
            kept,
            again=self._again if said == "same" else kept.again,
            new=said == "new" or kept.new,
            looked=bool(self.cleaned_data.get("looked")) or kept.looked,
        )
        chosen = {
            (one["heading"], one["words"]): self.cleaned_data[f"value-{at}"]
            for at, one in enumerate(self._values)
            if self.cleaned_data[f"value-{at}"]
        }
        return replace(kept, narrowed=chosen)
