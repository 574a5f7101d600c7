"""What is chosen of records that a member sent."""

from collections.abc import Sequence
from typing import Any

from django import forms

from corroborate_node.core.forms import Spoken
from corroborate_node.core.wording import Words

ALL, TICKED = "all", "ticked"


class AcceptForm(Spoken):
    """All of it, or the sources that are ticked; of some kinds. ``must``: whether a case has to be chosen."""

    take = forms.ChoiceField(widget=forms.RadioSelect)
    sources = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    kinds = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    case = forms.ChoiceField(required=False)

    def __init__(
        self,
        words: Words,
        sources: Sequence[tuple[str, str]],
        kinds: Sequence[str],
        cases: Sequence[tuple[str, str]],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        self.offered = {
            "sources": [*sources],
            "kinds": [(one, words[f"kind_{one}"]) for one in kinds],
            "case": [("", words["no_case"]), *cases],
        }
        super().__init__(words, *args, **kwargs)
        self.fields["take"].initial = ALL
        if len(kinds) < 2:
            del self.fields["kinds"]
        if not cases:
            del self.fields["case"]

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        return {"take": [(ALL, words["take_all"]), (TICKED, words["take_ticked"])], **self.offered}
