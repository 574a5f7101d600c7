"""Forms of the review: a verdict with its reason, and which queue a reviewer goes through."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.html import format_html

from corroborate_node.core.forms import Hidden, Spoken, Text
from corroborate_node.core.wording import Words

VERDICTS = ("same", "different", "unsure")


class JudgeForm(Spoken):
    """Same, different or unsure; the verdict is the button that was pressed."""

    queue = Hidden(required=False, most=10)
    why = Text(rows=2, required=False, most=2_000)

    def __init__(self, words: Words, *args: Any, **kwargs: Any) -> None:
        super().__init__(words, *args, **kwargs)
        self.fields["why"].widget.attrs["data-key"] = "r"
        self.fields["why"].label = format_html("{} <kbd>r</kbd>", words["why"])


class PartForm(Spoken):
    """Who is somebody else than the person of a page, and why."""

    called: ClassVar = {"others": "part_others", "why": "part_why"}
    others = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    why = Text(rows=3, most=2_000)

    def __init__(self, words: Words, joined: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        self._joined = list(joined)
        super().__init__(words, *args, **kwargs)

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        return {"others": self._joined}


class QueueForm(forms.Form):
    queue = forms.CharField(required=False, max_length=10)
