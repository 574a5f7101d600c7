"""Forms: what was typed, as the library's values. Every error names its field, and nothing typed is lost.

A form is handed the words of the reader's language; a field's label is the word ``f_KEY``, its help ``h_KEY``. The key
is the field's own name unless ``called`` gives another.
"""

from typing import Any, ClassVar

from django import forms

from corroborate.coalition import ANSWERS, KINDS, STATUSES, demands, timeline
from corroborate.vocabulary import country_names
from corroborate.vocabulary.order import in_reading_order
from corroborate_node.coalition.advocacy.filters import name_of, worded
from corroborate_node.core.forms import Day, Hidden, Since, Spoken
from corroborate_node.core.wording import Words

SHORT, LONG = 200, 2_000
_LANGUAGES = ("en", "ko", "ja", "es", "fr")


def countries_of(words: Words) -> list[tuple[str, str]]:
    """Codes and names, by name in the reader's language."""
    return in_reading_order(((code, name_of(code, words)) for code in country_names()), words.language)


def _demands(words: Words) -> list[tuple[str, str]]:
    return [(one.id, worded(one, words)) for one in demands()]


def _events(words: Words) -> list[tuple[str, str]]:
    known = reversed(timeline())
    return [(one.id, f"{one.date} {one.labels.get(words.language, one.what)}") for one in known]


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ActionForm(Spoken):
    kind = forms.ChoiceField()
    title = forms.CharField(max_length=SHORT)
    members = forms.CharField(max_length=LONG, widget=_area(2))
    begins = Day()
    ends = Day(required=False)
    language = forms.ChoiceField()
    country = forms.ChoiceField(required=False)
    place = forms.CharField(max_length=SHORT, required=False)
    demands = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    text = forms.CharField(max_length=LONG, widget=_area(4), required=False)
    address = forms.CharField(
        max_length=LONG, required=False, widget=forms.TextInput(attrs={"placeholder": "https://…"})
    )

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        return {
            "kind": [(one, words[one]) for one in KINDS],
            "language": [(one, words[f"tongue_{one}"]) for one in _LANGUAGES],
            "country": [("", words["not_stated"]), *countries_of(words)],
            "demands": _demands(words),
        }


class ReadingForm(Spoken):
    called: ClassVar[dict[str, str]] = {"by": "judge"}
    criterion = forms.ChoiceField()
    status = forms.ChoiceField()
    by = forms.CharField(max_length=SHORT)
    on = Since()
    evidence = forms.MultipleChoiceField(required=False, widget=forms.SelectMultiple(attrs={"size": 6}))
    event_on = forms.CharField(max_length=10, required=False)
    event_what = forms.CharField(max_length=LONG, required=False)
    event_source = forms.CharField(max_length=LONG, required=False)
    note = forms.CharField(max_length=LONG, required=False, widget=_area(2))

    def __init__(self, words: Words, criteria: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        self.criteria = criteria
        super().__init__(words, *args, **kwargs)

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        statuses = [("", words["choose"]), *((one, words[one]) for one in STATUSES)]
        return {"criterion": self.criteria, "status": statuses, "evidence": _events(words)}


class AccessForm(Spoken):
    called: ClassVar[dict[str, str]] = {"by": "asker", "what": "said"}
    on = Since()
    by = forms.CharField(max_length=SHORT)
    what = forms.CharField(max_length=LONG)
    answer = forms.ChoiceField()
    source = forms.CharField(max_length=LONG)

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        return {"answer": [(one, words[one]) for one in ANSWERS]}


class VotesForm(Spoken):
    file = forms.FileField()


class CommitmentForm(Spoken):
    called: ClassVar[dict[str, str]] = {"what": "commitment"}
    what = forms.CharField(max_length=LONG)
    on = Since()
    source = forms.CharField(max_length=LONG)
    demand = forms.ChoiceField(required=False)
    kept = forms.ChoiceField()

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        kept = [(one, words[f"kept_{one}"]) for one in ("open", "kept", "broken")]
        return {"demand": [("", words["none"]), *_demands(words)], "kept": kept}


class ParagraphForm(Spoken):
    called: ClassVar[dict[str, str]] = {"text": "paragraph"}
    text = forms.CharField(max_length=LONG, widget=_area(5), required=False)


class ContactForm(Spoken):
    name = forms.CharField(max_length=SHORT)
    role = forms.CharField(max_length=SHORT, required=False)
    reach = forms.CharField(max_length=SHORT, required=False)
    keep = forms.BooleanField(required=False)
    coalition = forms.BooleanField(required=False)
    until = Day(required=False)


class LettersForm(Spoken):
    called: ClassVar[dict[str, str]] = {"text": "common"}
    text = forms.CharField(max_length=20_000, widget=_area(12))
    states = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)

    def __init__(self, words: Words, states: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        self.known = states
        super().__init__(words, *args, **kwargs)

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        return {"states": self.known}


class Nothing(Spoken):
    """A button that says all."""


class PairForm(Spoken):
    """Two entries of which a person says whether they are one event."""

    first = Hidden(required=False)
    second = Hidden(required=False)


class ConfirmForm(Spoken):
    """What the page showed of the action that somebody says is right."""

    shown = Hidden(required=False)


class ForgetForm(Spoken):
    """The contact that is erased."""

    contact = Hidden(required=False)
