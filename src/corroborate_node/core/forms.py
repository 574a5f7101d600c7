"""Forms: what was typed, as values. Every error names its field, and nothing typed is lost, secrets aside.

A form is handed the words of the reader's language. A field's label is the word ``f_KEY``, or ``KEY`` where there is no
such word; its help is ``h_KEY``. The key is the field's own name unless ``called`` gives another.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar, NoReturn

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.utils import ErrorDict
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from corroborate.errors import CorroborateError, InvalidValue
from corroborate.translation import known
from corroborate.values import PartialDate
from corroborate.values.moments import moment, zone_of
from corroborate_node.core.wording import LANGUAGES, Words

LONGEST_LINE, LONGEST_TEXT = 500, 100_000  # characters of a field that says nothing else
_ERRORS = {  # Django's codes -> words of core
    "required": "field_needed",
    "invalid": "field_unreadable",
    "invalid_choice": "field_no_choice",
    "invalid_list": "field_no_choice",
    "max_length": "field_too_long",
    "min_length": "field_too_short",
    "max_value": "field_unreadable",
    "min_value": "field_unreadable",
    "missing": "field_no_file",
    "empty": "field_empty_file",
    "not_a_day": "field_no_day",
    "not_a_time": "field_no_time",
    "not_a_zone": "field_no_zone",
    "no_such_time": "field_no_such_time",
    "not_a_number": "field_no_number",
}
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?", re.ASCII)
# Clocks that people choose from; a script adds the reader's own, and any other zone may be sent
ZONES = (
    "UTC",
    "Pacific/Honolulu",
    "America/Los_Angeles",
    "America/Denver",
    "America/Mexico_City",
    "America/Chicago",
    "America/Bogota",
    "America/New_York",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires",
    "Europe/London",
    "Africa/Lagos",
    "Europe/Berlin",
    "Europe/Paris",
    "Africa/Johannesburg",
    "Africa/Cairo",
    "Europe/Kyiv",
    "Asia/Jerusalem",
    "Africa/Nairobi",
    "Asia/Damascus",
    "Asia/Baghdad",
    "Europe/Istanbul",
    "Europe/Minsk",
    "Europe/Moscow",
    "Asia/Tehran",
    "Asia/Kabul",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Dhaka",
    "Asia/Yangon",
    "Asia/Bangkok",
    "Asia/Shanghai",
    "Asia/Taipei",
    "Asia/Manila",
    "Asia/Seoul",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
)


class Spoken(forms.Form):
    """A form in the reader's language. ``auto_id``: how the ids of its fields begin, where a page has several forms."""

    called: ClassVar[Mapping[str, str]] = {}  # field -> key of its words

    def __init__(self, words: Words, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "auto_id": "%s", **kwargs})
        self.spoken = words  # no field is called so: many forms have one called "words"
        self.refusal: tuple[str, str, str] = ("", "", "")  # what, what to do, the language of the first
        around = Words(words.language, "core")
        for name, field in self.fields.items():
            key = self.key_of(name)
            field.label = words.get(f"f_{key}", words.get(key, ""))
            field.help_text = words.get(f"h_{key}", "")
            if isinstance(field.widget, OnClock):
                field.widget.zone_label = f"{field.label}: {around['time_zone']}"
            field.error_messages.update({code: around[word] for code, word in _ERRORS.items()})
        for name, choices in self.choices(words).items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def key_of(self, name: str) -> str:
        """The key of a field's words."""
        return self.called.get(name, name)

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        """By field: values and their words."""
        return {}

    def refuse(self, error: CorroborateError, field: str | None = None) -> None:
        """What a rule said, at the top of the form, with what to do. ``field``: beside it as well."""
        remedy = "" if isinstance(error, InvalidValue) else error.remedy
        language = self.spoken.language if known(error.sentence, self.spoken.language) else "en"
        self.refusal = (error.sentence, remedy, language)
        if not hasattr(self, "cleaned_data"):
            self.cleaned_data = {}
        self.add_error(field, error.worded(self.spoken.language))

    @property
    def field_errors(self) -> list[tuple[forms.BoundField, list[str]]]:
        return [(self[name], [*map(str, said)]) for name, said in _errors(self).items() if name in self.fields]


def _errors(form: forms.Form) -> ErrorDict:
    return form.errors


class Line(forms.CharField):
    """A line, stripped of space around it. ``needed``: a rule asks for it, not the field."""

    def __init__(
        self, *, most: int = LONGEST_LINE, size: int | None = None, attrs: Any = None, needed: bool = False, **more: Any
    ) -> None:
        self.needed = needed
        attrs = {"dir": "auto", **({"size": size} if size else {}), **(attrs or {})}
        super().__init__(max_length=most, widget=forms.TextInput(attrs=attrs), **more)


class Text(forms.CharField):
    """Lines, as they were typed."""

    def __init__(self, *, rows: int = 4, most: int = LONGEST_TEXT, **more: Any) -> None:
        super().__init__(
            max_length=most, strip=False, widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}), **more
        )


class Secret(forms.CharField):
    """A passphrase: as it was typed, never shown again, and kept by no browser unless ``kind`` says what it is."""

    def __init__(self, *, kind: str = "off", least: int | None = None, **more: Any) -> None:
        attrs = {"autocomplete": kind}
        widget = forms.PasswordInput(attrs=attrs)
        super().__init__(max_length=LONGEST_LINE, min_length=least, strip=False, widget=widget, **more)


class Hidden(forms.CharField):
    """What a page hands on with a form, such as the id of a record."""

    def __init__(self, *, most: int = LONGEST_LINE, **more: Any) -> None:
        super().__init__(max_length=most, widget=forms.HiddenInput, **more)


class Day(forms.Field):
    """A day of the calendar (2026-03-01)."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")  # a browser drops every other form of it

    def to_python(self, value: Any) -> date | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["not_a_day"]) from error


class Since(forms.Field):
    """A year, a month or a day, as exact as it is known (2011, 2011-12, 2011-12-17)."""

    widget = forms.TextInput(attrs={"size": 12})

    def to_python(self, value: Any) -> PartialDate | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return PartialDate.parse(text)
        except InvalidValue as error:
            raise forms.ValidationError(self.error_messages["not_a_day"]) from error


class OnClock(forms.Widget):
    """A day and a time, and beside it on whose clock. A script of the page puts the reader's own zone there; without
    one it is UTC until another is chosen."""

    zone_label = ""  # in the reader's language

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[str, str]:
        return str(data.get(name) or "").strip(), str(data.get(f"{name}_zone") or "").strip()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        given = isinstance(value, tuple)
        text, zone = value if given else (str(value or ""), "")
        about = {key: one for key, one in (attrs or {}).items() if key != "id"}
        id_ = (attrs or {}).get("id", name)
        day = forms.DateTimeInput({"type": "datetime-local", "id": id_}).render(name, text.replace(" ", "T"), about)
        zones = [(one, one) for one in dict.fromkeys([*ZONES, *([zone] if zone else [])])]
        mark = {"id": f"{id_}_zone", "aria-label": self.zone_label} | ({} if given else {"data-zone": ""})
        return format_html("{} {}", day, forms.Select(mark, zones).render(f"{name}_zone", zone or "UTC"))


class When(forms.Field):
    """A day and a time of it on the clock of a zone that is named beside it (2026-03-01T18:00, Asia/Seoul), in UTC. A
    program may send an offset with it."""

    widget = OnClock

    def clean(self, value: Any) -> datetime | None:
        text, zone = value if isinstance(value, tuple) else (str(value or ""), "")
        if not text:
            return None if not self.required else self._refuse("required")
        try:
            zone_of(zone)
        except InvalidValue:
            return self._refuse("not_a_zone")
        try:
            return moment(text, zone)
        except InvalidValue:
            return self._refuse("not_a_time" if _TIME.fullmatch(text) is None else "no_such_time")

    def _refuse(self, code: str) -> NoReturn:
        raise forms.ValidationError(self.error_messages[code])


class Whole(forms.Field):
    """A whole number from 0 to ``most``."""

    def __init__(self, *, most: int = 100_000, **more: Any) -> None:
        self.most = most
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 8}), **more)

    def to_python(self, value: Any) -> int | None:
        text = str("" if value is None else value).strip()
        if not text:
            return None
        if not text.isascii() or not text.isdecimal() or len(text) > 12 or int(text) > self.most:
            raise forms.ValidationError(self.error_messages["not_a_number"])
        return int(text)


class Upload(forms.FileField):
    """A file of at most ``largest`` bytes, as its name and its bytes. ``needed``: a rule asks for it, not the field."""

    def __init__(self, *, largest: int, accept: str = "", needed: bool = False, **more: Any) -> None:
        self.largest, self.needed = largest, needed
        widget = forms.FileInput(attrs={"accept": accept} if accept else {})
        super().__init__(widget=widget, allow_empty_file=True, **more)

    def clean(self, data: Any, initial: Any = None) -> tuple[str, bytes] | None:
        found: UploadedFile[Any] | None = super().clean(data, initial)
        if found is None:
            return None
        if (found.size or 0) > self.largest:
            raise forms.ValidationError(f"> {self.largest >> 20} MB. {self.error_messages['max_length']}")
        return found.name or "file", found.read()


class ManyFiles(forms.FileInput):
    allow_multiple_selected = True


class Uploads(Upload):
    """Several files of at most ``largest`` bytes each."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.widget = ManyFiles(attrs={"multiple": True})

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, list | tuple) else [data]
        return [Upload.clean(self, one, initial) for one in given if one or self.required]


class PressedForm(forms.Form):
    """Which button of a page was pressed, where it has several."""

    act = forms.CharField(required=False, max_length=60)

    def __init__(self, name: str, *args: Any) -> None:
        super().__init__(*args)
        self.fields[name] = self.fields.pop("act")


def pressed(request: HttpRequest, name: str = "act") -> str:
    """The button that sent a form: the value of its ``name``. Empty where nothing was sent, or nothing says it."""
    if request.method != "POST":
        return ""
    sent = PressedForm(name, request.POST)
    return str(sent.cleaned_data[name]) if sent.is_valid() else ""


class LanguageForm(forms.Form):
    """In which language the reader wants pages, and where to go back to."""

    language = forms.ChoiceField(choices=LANGUAGES)
    back = forms.CharField(required=False, max_length=2_000)
