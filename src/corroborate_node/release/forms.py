"""Forms of the door: what is asked of a new release, and a package to be verified."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from corroborate.records import AUDIENCES
from corroborate.translation import Sentence, in_language
from corroborate_node.core.configuration import LARGEST_UPLOAD
from corroborate_node.core.forms import Day, Line, Spoken, Text
from corroborate_node.core.wording import Words


class ReleaseForm(Spoken):
    """To whom, of which case, until when, and whether anybody is named. There is no audience by default.

    ``cases``: id and name of those that may be chosen; ``whole``: whether one of the whole vault may be asked for.
    """

    called: ClassVar = {"no_names": "name_nobody"}
    audience = forms.ChoiceField()
    body = Line(required=False)
    title = Line(required=False)
    case = forms.ChoiceField(required=False)
    until = Day(required=False)
    no_names = forms.BooleanField(required=False)
    sealed = Text(required=False, rows=2)
    alone = forms.BooleanField(required=False)

    def __init__(
        self, words: Words, *args: Any, cases: Sequence[tuple[str, str]] = (), whole: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(words, *args, **kwargs)
        if not cases and whole:
            del self.fields["case"]
            return
        field = self.fields["case"]
        field.choices = [*([("", words["whole_vault"])] if whole else []), *cases]  # type: ignore[attr-defined]
        field.required = not whole

    def clean_sealed(self) -> frozenset[str]:
        """Ids of files: each line is one, or the address of its page."""
        lines = [one.strip().rstrip("/").rpartition("/")[2] for one in self.cleaned_data["sealed"].splitlines()]
        return frozenset(one for one in lines if one)

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        known = [(one, words[f"audience_{one}".replace(" ", "_")]) for one in AUDIENCES]
        return {"audience": [("", words["choose"]), *known]}


class PackageForm(Spoken):
    """A package as it came, and a policy that the reader trusts. Neither is read into the form: a package is large."""

    package = forms.FileField(allow_empty_file=True)
    policy = forms.FileField(required=False, allow_empty_file=True)

    def __init__(self, words: Words, *args: Any, **kwargs: Any) -> None:
        super().__init__(words, *args, **kwargs)
        largest = LARGEST_UPLOAD >> 20
        package, policy = self.fields["package"], self.fields["policy"]
        package.widget.attrs["accept"] = ".zip,application/zip"
        policy.widget.attrs["accept"] = ".txt,text/plain"
        package.label = in_language(
            Sentence("The package, as a ZIP file of at most {largest} MB: choose it, or drop it here", largest=largest),
            words.language,
        )
        policy.label = in_language(
            Sentence("A policy that you trust, if you have one: the list of keys that came to you by another way"),
            words.language,
        )
        needed = in_language(
            Sentence("Choose a ZIP file of at most {largest} MB. Larger ones: corroborate verify.", largest=largest),
            words.language,
        )
        package.error_messages.update({"required": needed, "missing": needed, "invalid": needed})
