"""The form with which a member posts a bundle from a page."""

from typing import Any, ClassVar

from django import forms

from corroborate_node.core.configuration import LARGEST_UPLOAD
from corroborate_node.core.forms import Spoken, Upload
from corroborate_node.core.wording import Words


class EntryForm(Spoken):
    """Which bundle a button of the page is about."""

    entry = forms.CharField(max_length=80)


class PostForm(Spoken):
    """A bundle and the member that it is for."""

    called: ClassVar = {"to": "receiver", "file": "bundle"}

    to = forms.ChoiceField()
    file = Upload(largest=LARGEST_UPLOAD, accept=".age")

    def __init__(self, words: Words, members: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        self.members = members
        super().__init__(words, *args, **kwargs)

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        return {"to": [("", words["choose"]), *self.members]}
