"""Forms of grants: what a member gives whom, what somebody answers, what a reader comes in with and asks."""

from collections.abc import Sequence
from typing import Any, ClassVar, cast

from django import forms

from corroborate_node.core.forms import Day, Hidden, Line, Secret, Spoken, Text
from corroborate_node.core.wording import Words
from corroborate_node.grants.granting import MOST_ANSWER, MOST_NAME, MOST_PURPOSE
from corroborate_node.grants.visiting import MOST_QUESTION

WITHOUT, WITH = "without", "with"


class GrantForm(Spoken):
    """Who of which body reads what, for what, from when until when. Nothing says who people are unless it is chosen.

    ``cases``: id and name of those that may be chosen; ``whole``: whether the whole vault may be.
    """

    reader = Line(most=MOST_NAME)
    institution = Line(most=MOST_NAME)
    purpose = Text(rows=3, most=MOST_PURPOSE)
    case = forms.ChoiceField(required=False)
    identities = forms.ChoiceField(widget=forms.RadioSelect, initial=WITHOUT)
    begins = Day()
    ends = Day()
    taking = forms.BooleanField(required=False)

    def __init__(
        self, words: Words, *args: Any, cases: Sequence[tuple[str, str]] = (), whole: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(words, *args, **kwargs)
        if not cases and whole:
            del self.fields["case"]
            return
        field = cast(forms.ChoiceField, self.fields["case"])
        field.choices = [*([("", words["whole"])] if whole else []), *cases]
        field.required = not whole

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        return {"identities": [(WITHOUT, words["no_identity"]), (WITH, words["with_identity"])]}


class AnswerForm(Spoken):
    """An answer to a reader's question."""

    called: ClassVar = {"text": "answer"}
    question = Hidden(most=20)
    text = Text(rows=3, most=MOST_ANSWER)

    def clean_question(self) -> int:
        said = self.cleaned_data["question"]
        return int(said) if said.isascii() and said.isdecimal() else 0


class OpenForm(Spoken):
    """The word that came another way than the link."""

    word = Secret(kind="one-time-code")


class AskForm(Spoken):
    """What a reader wants to know, of an item or in general."""

    called: ClassVar = {"text": "question"}
    text = Text(rows=3, most=MOST_QUESTION)
    item = Line(most=40, required=False)


class TakeForm(Spoken):
    """As what it is taken along."""

    form = forms.ChoiceField(choices=[("package", "package"), ("dossier", "dossier")])


__all__ = ["WITH", "WITHOUT", "AnswerForm", "AskForm", "GrantForm", "OpenForm", "TakeForm"]
