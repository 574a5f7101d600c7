"""Forms of the open pages, and of the secretariat's page of supporters."""

from typing import Any, ClassVar

from django import forms

from corroborate.coalition import supporters as rules
from corroborate.coalition.countries import countries_named
from corroborate.coalition.reading import LARGEST_TEXT
from corroborate.coalition.statements import said_words
from corroborate_node.core.forms import Line, Spoken, Upload
from corroborate_node.core.wording import LANGUAGES, Words

Choices = dict[str, list[tuple[str, str]]]


class OwnForm(Spoken):
    """What somebody of the public says of itself."""

    called: ClassVar = {"words": "supporter_words", "kind": "supporter_kind"}
    name = Line(most=120, attrs={"autocomplete": "name"})
    kind = forms.ChoiceField()
    country = forms.ChoiceField(required=False)
    affiliation = Line(most=200, required=False)
    words = Line(most=rules.LONGEST_WORDS, required=False)
    shown = forms.BooleanField(required=False)

    def choices(self, words: Words) -> Choices:
        return {
            "kind": [("individual", words["individual"]), ("organisation", words["organisation"])],
            "country": [("", "–"), *countries_named(words.language)],
        }

    def value(self, language: str) -> rules.Supporter:
        """Raises InvalidValue."""
        given = self.cleaned_data
        said = {key: given[key] for key in ("name", "kind", "country", "affiliation", "shown")}
        return rules.Supporter(**said, words=said_words(given["words"]), language=language)


class SupportForm(OwnForm):
    """The same with the address to which the letter goes. ``agreed`` is asked: silence is no consent."""

    address = Line(most=254, attrs={"autocomplete": "email", "inputmode": "email"})
    agreed = forms.BooleanField()
    field_order = ("name", "kind", "address")


class CodeForm(Spoken):
    code = Line(most=60, attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"})


class CallForm(Spoken):
    page = Line(most=200, attrs={"inputmode": "url"})


class SheetForm(Spoken):
    called: ClassVar = {"language": "letters_language"}
    sheet = Upload(largest=LARGEST_TEXT, accept=".csv,.tsv,.xlsx")
    language = forms.ChoiceField()

    def choices(self, words: Words) -> Choices:
        return {"language": [(code, name) for code, name in LANGUAGES if code in rules.LETTERS]}


class EraseForm(Spoken):
    address = Line(most=254, attrs={"autocomplete": "off"})


class Nothing(Spoken):
    """A button alone."""

    def __init__(self, words: Words, *args: Any, **kwargs: Any) -> None:
        super().__init__(words, *args, **kwargs)
