"""Forms of cases: opened, filled, closed; of corrections; and of passages that are coded."""

from collections.abc import Sequence
from typing import Any, ClassVar, get_args

from django import forms

from corroborate.records import Basis
from corroborate.records.marking import STANCES
from corroborate.records.schema import kinds, properties
from corroborate.vocabulary import load
from corroborate_node.core.forms import Hidden, Line, Spoken, Text
from corroborate_node.core.wording import Words


class NewCaseForm(Spoken):
    """A case under a name that names nobody."""

    name = Line(most=150)

    def __init__(self, words: Words, *args: Any, **kwargs: Any) -> None:
        super().__init__(words, *args, **kwargs)
        self.fields["name"].help_text = words["name_nobody"]


class CaseForm(Spoken):
    """The sources that go into a case, or out of it; and whether it is open."""

    called: ClassVar = {"source": "sources"}
    case = Hidden()
    source = Line(required=False, most=100_000)

    def __init__(self, words: Words, *args: Any, **kwargs: Any) -> None:
        super().__init__(words, *args, **kwargs)
        self.fields["source"].help_text = words["ids"]


class CorrectionForm(Spoken):
    """What is right, and how somebody knows."""

    called: ClassVar = {"to": "what_is_right"}
    to = Line(most=20_000)
    because = Text()


NEW = ("new-person", "new-party")  # somebody who is not here yet
_OF_VIOLATION = ("no_violation", "witnessed", "threatened")  # said by the stance of a violation


def _sayable() -> list[str]:
    """Properties of people and acts that words can say, what was done first."""
    named = dict.fromkeys(one.name for kind in ("act", "person") for one in kinds()[kind].properties)
    said = [one for one in named if properties()[one].type != "entity" and one not in _OF_VIOLATION]
    return ["violation", *(one for one in said if one not in ("violation", "victim_kind"))]


class CodingForm(Spoken):
    """Words of a passage, whom they are about and what they say."""

    called: ClassVar = {
        "words": "marked_words",
        "value": "coded_value",
        "property": "coded_property",
        "basis": "coded_basis",
        "term": "coded_term",
    }
    words = Text(rows=2, required=False)
    who = Line(required=False)
    about = forms.ChoiceField(required=False)
    property = forms.ChoiceField()
    term = forms.ChoiceField(required=False)
    value = Line(required=False, most=20_000)
    stance = forms.ChoiceField()
    basis = forms.ChoiceField()

    def __init__(self, words: Words, *args: Any, **kwargs: Any) -> None:
        super().__init__(words, *args, **kwargs)
        self.fields["basis"].initial = "document"

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        """What can be said, and how: in the reader's words."""
        frame, terms = Words(words.language, "core"), load("violations").entries.values()
        return {
            "about": [(one, words[one.replace("-", "_")]) for one in NEW],
            "property": [(one, properties()[one].in_language(words.language)) for one in _sayable()],
            "term": [("", "—"), *((one.id, one.in_language(words.language)) for one in terms)],
            "stance": [(one, words[f"stance_{one}"]) for one in STANCES],
            "basis": [(one, frame[f"how_{one}"]) for one in get_args(Basis)],
        }

    def asked_for(self) -> str:
        """The name that was typed, whether the rest of the form is right or not."""
        return str(self.data.get("who", ""))[:500].strip()

    def offer(self, known: Sequence[tuple[str, str]]) -> None:
        """People and acts that are here, to choose from; the one that is chosen among them."""
        self.fields["about"] = forms.ChoiceField(
            required=False,
            label=self.fields["about"].label,
            choices=[*known, *self.choices(self.spoken)["about"]],
        )

    def again(self, known: Sequence[tuple[str, str]]) -> "CodingForm":
        """The same form with everything that was typed, and nothing of it called wrong yet."""
        typed = {name: self.data.get(name, "") for name in self.fields}
        form = CodingForm(
            Words(self.spoken.language, "people"), initial=typed | {"about": known[0][0] if known else ""}
        )
        form.offer(known)
        return form


class PreferForm(Spoken):
    """Why one of claims that differ is preferred."""

    called: ClassVar = {"because": "prefer_because"}
    because = Text()


class TakeBackEntryForm(Spoken):
    """Which part of an entry is taken back, or put back; empty: all of it."""

    part = Hidden(required=False)


class AskedPartForm(forms.Form):
    """Of which part a page asks whether it is to be taken back; ``all``: the entry."""

    part = forms.CharField(max_length=80)


class TakeBackForm(Spoken):
    """Which coding is taken back."""

    coding = Hidden()
