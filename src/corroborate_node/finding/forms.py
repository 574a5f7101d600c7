"""The form of a question, and of a text to be screened."""

from typing import Any, ClassVar

from django import forms

from corroborate.registers.proceedings import BECAME
from corroborate.registers.proceedings import KINDS as PROCEEDINGS
from corroborate.vocabulary import load
from corroborate_node.core.filters import tongue
from corroborate_node.core.forms import Hidden, Line, Since, Spoken, Text
from corroborate_node.core.wording import Words
from corroborate_node.finding.criteria import SOURCE_KINDS
from corroborate_node.finding.doers import KNOWN
from corroborate_node.finding.registers import ORDERS
from corroborate_node.finding.saving import LONGEST
from corroborate_node.records.proceedings import became_in


class Titles(forms.Select):
    """Choices in the words of whoever named them, each said to be in its own language."""

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **more: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, label, *args, **more)
        if value:
            option["attrs"]["lang"] = tongue(str(label))
        return option


class QuestionForm(Spoken):
    """Words, and what the answers must fulfil."""

    called: ClassVar = {"q": "words"}
    q = Line(required=False, most=500)
    violation = forms.ChoiceField(required=False)
    place = Line(required=False, most=200)
    from_ = Since(required=False)
    to = Since(required=False)
    source_kind = forms.ChoiceField(required=False)
    consent = forms.ChoiceField(required=False)
    list_ = forms.ChoiceField(required=False, widget=Titles)

    def __init__(self, words: Words, lists: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        self.lists = lists
        super().__init__(words, *args, **kwargs)

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        any_, around = ("", words["any"]), Words(words.language, "core")
        terms = [(one.id, one.in_language(words.language)) for one in load("violations").entries.values()]
        allowed = [
            (f"{use}:{audience}", f"{around[f'use_{use}']}: {around[f'audience_{audience}']}")
            for use in ("link", "count", "quote", "name")
            for audience in ("coalition", "public")
        ]
        return {
            "violation": [any_, *terms],
            "source_kind": [any_, *((one, around[f"kind_{one}"]) for one in SOURCE_KINDS)],
            "consent": [any_, *allowed],
            "list_": [any_, *self.lists],
        }


class RegisterForm(Spoken):
    """What the rows of a register must fulfil, and their order. ``after``: where its page begins."""

    place = Line(required=False, most=200)
    from_ = Since(required=False)
    to = Since(required=False)
    list_ = forms.ChoiceField(required=False, widget=Titles)
    order = forms.ChoiceField(required=False)
    after = Hidden(required=False, most=120)

    def __init__(self, words: Words, lists: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        self.lists = lists
        super().__init__(words, *args, **kwargs)

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        return {
            "list_": [("", words["any"]), *self.lists],
            "order": [(one, words[f"order_{one}"]) for one in ORDERS],
        }


class DoersForm(Spoken):
    """How it is known that it was they, and which page of it."""

    called: ClassVar = {"known": "known_by", "unit": "unit_named"}
    known = forms.ChoiceField(required=False)
    unit = Line(required=False, most=200)
    page = forms.IntegerField(required=False, min_value=1, max_value=1_000_000, widget=forms.HiddenInput)

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        return {"known": [(one, words[f"known_{one or 'any'}"]) for one in KNOWN]}

    def of(self, register: str) -> "DoersForm":
        """The form as a register asks: of units alone by a part of their name."""
        if register != "units":
            del self.fields["unit"]
        return self


class ProceedingsForm(Spoken):
    """Whose proceedings, of what kind, what became of them, in which years, in which order."""

    called: ClassVar = {
        "state": "of_state",
        "body": "body_named",
        "kind": "kind_of_proceeding",
        "became": "became_column",
        "from_": "from_year",
        "to": "to_year",
    }
    state = forms.ChoiceField(required=False)
    body = Line(required=False, most=200)
    kind = forms.ChoiceField(required=False)
    became = forms.ChoiceField(required=False)
    from_ = forms.IntegerField(required=False, min_value=1, max_value=9999)
    to = forms.IntegerField(required=False, min_value=1, max_value=9999)
    order = forms.ChoiceField(required=False)
    page = forms.IntegerField(required=False, min_value=1, max_value=1_000_000, widget=forms.HiddenInput)

    def __init__(self, words: Words, states: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        self.states = states
        super().__init__(words, *args, **kwargs)

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        any_, around = ("", words["any"]), Words(words.language, "core")
        return {
            "state": [any_, *self.states],
            "kind": [any_, *((one, around[f"value_proceeding_{one}"]) for one in PROCEEDINGS)],
            "became": [any_, *((one, became_in(one, around)) for one in BECAME)],
            "order": [
                (one, words[f"order_time_{one.strip('-')}{'_back' if '-' in one else ''}"]) for one in ORDERS[2:]
            ],
        }


class SaveForm(Spoken):
    """A name under which a question is kept."""

    called: ClassVar = {"name": "saved_as"}
    name = Line(most=LONGEST)
    question = Hidden(most=8_000)  # as an address asks it


class ChosenForm(Spoken):
    """A search that is kept, by its number."""

    search = Hidden(most=12)

    def clean_search(self) -> int:
        text = str(self.cleaned_data["search"])
        return int(text) if text.isascii() and text.isdecimal() else 0


class RenameForm(ChosenForm):
    """Another name for it."""

    called: ClassVar = {"name": "saved_as"}
    name = Line(most=LONGEST)


class ScreenForm(Spoken):
    """A text in which our people may be named."""

    text = Text(rows=12, most=200_000)
