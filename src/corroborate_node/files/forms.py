"""Forms of copies: what is taken out, or a copy that was made elsewhere."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from corroborate.copies import Kind
from corroborate_node.core.forms import Hidden, Line, Spoken, Text, Upload
from corroborate_node.core.wording import Words
from corroborate_node.files.copies import GIVEN, LARGEST
from corroborate_node.files.transcribing import LONGEST


class CopyForm(Spoken):
    """What is to be taken out of a copy."""

    called: ClassVar = {"name": "copy_name"}
    out = Text(required=False, rows=6, most=100_000)
    tone = forms.BooleanField(required=False)
    name = Line(required=False, most=150)

    def __init__(self, words: Words, kind: Kind, *args: Any, **kwargs: Any) -> None:
        super().__init__(words, *args, **kwargs)
        sound = kind.shown == "sound"
        self.fields["out"].label = words["f_stretches" if sound else "f_regions"]
        self.fields["out"].help_text = words["h_stretches" if sound else "h_regions"]
        self.fields["out"].widget.attrs |= {"spellcheck": "false", "autocomplete": "off", "dir": "ltr"}
        if not sound:
            del self.fields["tone"]


class GivenForm(Spoken):
    """A copy that was made elsewhere, and what it is."""

    called: ClassVar = {"kind": "copy_kind"}
    kind = forms.ChoiceField()
    file = Upload(largest=LARGEST)

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        return {"kind": [(one, words[f"copy_{one}"]) for one in GIVEN]}


class TranscriptForm(Spoken):
    """A transcript as it is typed; or a file of subtitles or text that is to be read into it."""

    called: ClassVar = {"file": "subtitles", "source": "of_source"}
    text = Text(required=False, rows=18, most=LONGEST)
    source = forms.ChoiceField()
    file = Upload(largest=LARGEST, required=False, accept=".srt,.vtt,.txt")

    def __init__(self, words: Words, sources: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        self._sources = list(sources)
        super().__init__(words, *args, **kwargs)
        if len(self._sources) == 1:
            self.fields["source"].widget = forms.HiddenInput()
            self.fields["source"].initial = self._sources[0][0]

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        return {"source": self._sources}


class EraseForm(Spoken):
    """Which copy is to be erased."""

    copy = Hidden()


__all__ = ["CopyForm", "EraseForm", "GivenForm", "TranscriptForm"]
