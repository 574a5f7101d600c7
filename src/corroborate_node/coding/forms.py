"""The form of some words: which violation they mean, and how they tell it."""

from django import forms

from corroborate.importers.coding import Act
from corroborate_node.coding.choosing import STANCES, acts_of
from corroborate_node.coding.limits import LONGEST
from corroborate_node.core.forms import Hidden, Line, Spoken
from corroborate_node.core.wording import Words


class WordsForm(Spoken):
    """Words, and what they mean."""

    words = Line(most=LONGEST)
    violation = Line(required=False, most=LONGEST, attrs={"list": "violations", "autocomplete": "off"})
    stance = forms.ChoiceField(required=False)

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        return {"stance": [(one, words[f"stance_{one}"]) for one in STANCES]}

    def beside(self) -> "WordsForm":
        """The form in a row of a table, above which its help stands."""
        for field in self.fields.values():
            field.help_text = ""
        return self

    def acts(self) -> tuple[Act, ...]:
        """Raises InvalidValue."""
        typed = str(self.cleaned_data["violation"]).replace(";", ",").split(",")
        return acts_of(typed, self.cleaned_data["stance"] or STANCES[0])


class ChosenForm(Spoken):
    """Words that stand on the page, for a button beside them."""

    words = Hidden(most=LONGEST)


class AskedForm(forms.Form):
    """Which words a page is about."""

    words = forms.CharField(max_length=LONGEST)
