"""Forms of an estimate: from lists of the vault, or from a table that is given. What cannot be estimated is refused by
:class:`corroborate_node.estimates.options.Options`, in the reader's language where it has the sentence."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.html import format_html

from corroborate.errors import InvalidValue
from corroborate_node.core.filters import people, tongue
from corroborate_node.core.forms import Hidden, Line, Spoken, Upload, Whole
from corroborate_node.core.wording import Words
from corroborate_node.estimates import comparing
from corroborate_node.estimates.options import LARGEST, OPEN_TO, STRATA, Options, strata_columns

LONGEST = 200  # characters of a title
MOST = 10**12 - 1  # of a seed or a year that is typed; which of them can be used is said by Asked


class Level(forms.Field):
    """A share such as 0.95, with a point or a comma. Nothing typed: 0.95."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "size": 6})

    def to_python(self, value: Any) -> float:
        try:
            return float(str(value or "").strip().replace(",", ".") or "0.95")
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["not_a_number"]) from error


class _EstimateForm(Spoken):
    called: ClassVar = {"title": "name"}
    title = Line(required=False, most=LONGEST)
    audience = forms.ChoiceField(required=False)
    seed = Whole(required=False, most=MOST, initial="0")
    level = Level(required=False, initial="0.95")

    def __init__(self, words: Words, *args: Any, **kwargs: Any) -> None:
        super().__init__(words, *args, **kwargs)
        self.said: dict[str, str] = {}  # why it was refused, as a program is told
        self.fields["audience"].help_text = words["audience_hint"]
        self.fields["seed"].help_text = words["repeat_hint"]

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        return {"audience": [(one, words[f"a_{one}"]) for one in OPEN_TO]}

    def asked(self) -> Options:
        """What is asked for. Raises InvalidValue."""
        raise NotImplementedError

    @property
    def as_it_was(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"audience": given["audience"] or "own", "seed": given["seed"] or 0, "level": given["level"]}


class ListsForm(_EstimateForm):
    """Of lists of the vault, with a period and strata."""

    called: ClassVar = {**_EstimateForm.called, "by": "strata"}
    lists = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    since = Whole(required=False, most=MOST)
    until = Whole(required=False, most=MOST)
    by = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    joining = forms.ChoiceField(required=False, widget=forms.RadioSelect, initial="judged")
    field_order = ("title", "lists", "since", "until", "by", "joining", "audience", "seed", "level")

    def __init__(self, words: Words, lists: Sequence[Any], *args: Any, **kwargs: Any) -> None:
        self.here = lists
        super().__init__(words, *args, **kwargs)
        self.fields["lists"].initial = [one.id for one in lists]
        for name, hint in (("lists", "lists_hint"), ("since", "period_hint"), ("by", "strata_hint")):
            self.fields[name].help_text = words[hint]

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        shown = '<span lang="{}">{}</span> <span class="quiet">{} {}</span>'
        return {
            **super().choices(words),
            "lists": [
                (one.id, format_html(shown, tongue(one.title), one.title, people(one.rows), words["rows"]))
                for one in self.here
            ],
            "by": [(one, comparing.stratum(one, words)) for one in STRATA],
            "joining": [("judged", words["j_judged"]), ("drawn", words["j_drawn"])],
        }

    def asked(self) -> Options:
        given = self.cleaned_data
        return Options(
            tuple(given["lists"]), by=tuple(given["by"]), since=given["since"] or None, until=given["until"] or None,
            joining=given["joining"] or "judged", **self.as_it_was,
        )  # fmt: skip


class TableForm(_EstimateForm):
    """Of an overlap table in CSV."""

    table = Upload(required=False, needed=True, largest=LARGEST, accept=".csv,text/csv")
    table_by = Line(required=False)
    field_order = ("title", "table", "table_by", "audience", "seed", "level")

    def __init__(self, words: Words, *args: Any, **kwargs: Any) -> None:
        super().__init__(words, *args, **kwargs)
        for name in ("table", "table_by"):
            self.fields[name].widget.attrs["id"] = name

    def asked(self) -> Options:
        given = self.cleaned_data
        name, text = self._table()
        by = tuple(part.strip() for part in given["table_by"].split(",") if part.strip())
        if not by and (columns := strata_columns(text)):
            raise InvalidValue(
                "the columns {listed} hold more than 0 and 1: name them as strata, or correct them",
                listed=", ".join(columns),
            )
        return Options(table=text, table_name=name, by=by, **self.as_it_was)

    def _table(self) -> tuple[str, str]:
        if self.cleaned_data["table"] is None:
            raise InvalidValue("choose lists of this vault, or give an overlap table: one of the two")
        name, content = self.cleaned_data["table"]
        try:
            return name[:LONGEST], content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InvalidValue("the table is no CSV file in UTF-8") from error


class FromForm(forms.Form):
    """Which of the two forms was sent."""

    source = Hidden(required=False, most=10)

    def add_prefix(self, field_name: str) -> str:
        return "from" if field_name == "source" else field_name


class WithdrawForm(Spoken):
    """Why a sealed estimate is taken back."""

    called: ClassVar = {"why": "withdraw_why"}
    why = Line(most=200)

    def __init__(self, words: Words, *args: Any, **kwargs: Any) -> None:
        super().__init__(words, *args, **kwargs)
        self.fields["why"].help_text = words["withdraw_means"]
