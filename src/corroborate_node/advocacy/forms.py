"""Forms: what was typed, as the library's values. Every error names its field, and nothing typed is lost."""

from typing import Any

from django import forms

from corroborate.coalition import ANSWERS, KINDS, STATUSES, demands, timeline
from corroborate.site.words import countries

SHORT, LONG = 200, 2_000


def _countries() -> list[tuple[str, str]]:
    return [("", "not stated"), *sorted(((code, one["en"]) for code, one in countries().items()), key=lambda o: o[1])]


def _demands() -> list[tuple[str, str]]:
    return [(one.id, one.what) for one in demands()]


def _events() -> list[tuple[str, str]]:
    return [(one.id, f"{one.date} {one.what}"[:120]) for one in reversed(timeline())]


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _date() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"})


class ActionForm(forms.Form):
    kind = forms.ChoiceField(choices=list(KINDS.items()))
    title = forms.CharField(max_length=SHORT)
    members = forms.CharField(
        max_length=LONG,
        widget=_area(2),
        label="Whose it is",
        help_text="Members' names as they write them, one a line.",
    )
    begins = forms.DateField(widget=_date())
    ends = forms.DateField(widget=_date(), required=False, help_text="Empty: the same day.")
    language = forms.ChoiceField(
        choices=[("en", "English"), ("ko", "Korean"), ("ja", "Japanese"), ("es", "Spanish"), ("fr", "French")],
        label="Language of title and text",
    )
    country = forms.ChoiceField(choices=_countries, required=False)
    place = forms.CharField(max_length=SHORT, required=False, help_text="City and house, as far as it is public.")
    demands = forms.MultipleChoiceField(
        choices=_demands, required=False, widget=forms.CheckboxSelectMultiple, label="For the demands"
    )
    text = forms.CharField(max_length=LONG, widget=_area(4), required=False)
    address = forms.CharField(max_length=LONG, required=False, label="Page of the member", help_text="https://…")


class ReadingForm(forms.Form):
    criterion = forms.ChoiceField()
    status = forms.ChoiceField(choices=[("", "choose"), *STATUSES.items()])
    by = forms.CharField(max_length=SHORT, label="Who judges", help_text="A person and their organisation.")
    on = forms.CharField(max_length=10, label="On", help_text="2026, 2026-11 or 2026-11-24.")
    evidence = forms.MultipleChoiceField(
        choices=_events, required=False, label="Events it rests on",
        widget=forms.SelectMultiple(attrs={"size": 6}), help_text="Hold Ctrl or Cmd to choose several.",
    )  # fmt: skip
    event_on = forms.CharField(max_length=10, required=False, label="Another event: when", help_text="2026-11-24")
    event_what = forms.CharField(max_length=LONG, required=False, label="Another event: what happened")
    event_source = forms.CharField(max_length=LONG, required=False, label="Another event: source")
    note = forms.CharField(max_length=LONG, required=False, widget=_area(2))

    def __init__(self, criteria: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["criterion"].choices = criteria  # type: ignore[attr-defined]


class AccessForm(forms.Form):
    on = forms.CharField(max_length=10, label="On", help_text="2026, 2026-11 or 2026-11-24.")
    by = forms.CharField(max_length=SHORT, label="Who asked to be let in")
    what = forms.CharField(max_length=LONG, label="What was asked, and what was said")
    answer = forms.ChoiceField(choices=list(ANSWERS.items()))
    source = forms.CharField(max_length=LONG, help_text="Document symbol or published page.")


class VotesForm(forms.Form):
    file = forms.FileField(
        label="CSV file of votes", help_text="Columns: state, body, resolution, date, vote, source. UTF-8."
    )


class CommitmentForm(forms.Form):
    what = forms.CharField(max_length=LONG, label="What it said it would do")
    on = forms.CharField(max_length=10, label="On", help_text="2026, 2026-11 or 2026-11-24.")
    source = forms.CharField(max_length=LONG, help_text="Document symbol or published page.")
    demand = forms.ChoiceField(choices=lambda: [("", "none"), *_demands()], required=False, label="For the demand")
    kept = forms.ChoiceField(choices=[("open", "open"), ("kept", "kept"), ("broken", "broken")], label="How it stands")


class ParagraphForm(forms.Form):
    text = forms.CharField(
        max_length=LONG, widget=_area(5), required=False, label="What letters to this State say beside the common text"
    )


class ContactForm(forms.Form):
    name = forms.CharField(max_length=SHORT)
    role = forms.CharField(max_length=SHORT, required=False)
    reach = forms.CharField(max_length=SHORT, required=False, label="How to reach them")
    keep = forms.BooleanField(
        required=False, label="This person agreed that their contact is kept in this vault",
        help_text="Without this, nothing is kept. Silence is no.",
    )  # fmt: skip
    coalition = forms.BooleanField(required=False, label="… and that their name is told to the other members")
    until = forms.DateField(widget=_date(), required=False, help_text="Last day of what they agreed to; empty: no end.")


class LettersForm(forms.Form):
    text = forms.CharField(
        max_length=20_000, widget=_area(12), label="The common text",
        help_text="{name}, {state}, {role}, {vote}, {commitments} are filled for each; {local} is that State's own "
        "paragraph. {{ and }} give a brace.",
    )  # fmt: skip
    states = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, label="To")

    def __init__(self, states: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["states"].choices = states  # type: ignore[attr-defined]
