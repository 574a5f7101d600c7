"""The forms of a tie between two sources, of evidence beside an element, and of a judgement."""

from typing import ClassVar, get_args

from django import forms

from corroborate.cases import TieKind
from corroborate.cases.law import LAWS
from corroborate.cases.matrix import CONCLUSIONS, STANCES, WEIGHTS
from corroborate.coalition.stands import CHOICES
from corroborate.disclosure import SURE, TO
from corroborate.translation import label_of
from corroborate.vocabulary import load
from corroborate_node.core.forms import Day, Hidden, Line, Spoken, Text, Upload
from corroborate_node.core.wording import Words


class TieForm(Spoken):
    """That a source does not know independently of another."""

    kind = forms.ChoiceField()
    other = Line(most=100, attrs={"list": "sources", "autocomplete": "off"})
    because = Text(rows=2)

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        return {"kind": [(one, words[f"tie_{one}"]) for one in get_args(TieKind)]}


class UntieForm(Spoken):
    """Which tie is taken back."""

    tie = Hidden(most=80)


class AskedCaseForm(forms.Form):
    """In which case a page is looked at; empty: the whole vault."""

    case = forms.CharField(required=False, max_length=80)


class AskedLawForm(forms.Form):
    """Under which law a page lines claims up; empty: article 7."""

    law = forms.ChoiceField(required=False, choices=[(one, one) for one in LAWS])


class AssessForm(Spoken):
    """How somebody judges an element."""

    conclusion = forms.ChoiceField()
    standard = forms.ChoiceField()
    reasons = Text(rows=5)
    contrary = Text(rows=3, required=False)
    gaps = Text(rows=3, required=False)

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        entries = load("standards").entries.values()
        ordered = sorted(entries, key=lambda one: int(one.more["rank"]))
        return {
            "conclusion": [(one, words[f"conclusion_{one}"]) for one in CONCLUSIONS],
            "standard": [(one.id, label_of(one.label, words.language)) for one in ordered],
        }


class WeighForm(Spoken):
    """How a claim speaks to an element."""

    called: ClassVar = {"because": "weigh_because"}
    claim = Line(most=100)
    speaks = forms.ChoiceField()
    weight = forms.ChoiceField()
    because = Text(rows=2)

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        return {
            "speaks": [(one, words[f"speaks_{one}"]) for one in STANCES],
            "weight": [(one, words[f"weight_{one}"]) for one in WEIGHTS],
        }


class ReleaseFileForm(Spoken):
    """The release.json of a dossier, whose findings a member reads."""

    called: ClassVar = {"file": "release_file"}
    file = Upload(largest=40 << 20, accept=".json,application/json")


class NotesForm(Spoken):
    """What members signed under findings."""

    called: ClassVar = {"file": "notes_file"}
    file = Upload(largest=4 << 20)


class StandForm(Spoken):
    """What this organisation says of one finding. ``read``: the finding as it was shown, sealed by this node."""

    called: ClassVar = {"words": "stand_words"}
    read = Hidden(most=2_000)
    choice = forms.ChoiceField()
    words = Text(rows=2, required=False)

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        return {"choice": [(one, words[f"stand_{one}"]) for one in CHOICES]}


class SetAsideForm(Spoken):
    """Which evidence is set aside, or which own judgement is taken back."""

    id = Hidden(most=80)


class AskedWhoForm(forms.Form):
    """Of whom a decision is to be made, where a register led to the page."""

    who = forms.CharField(required=False, max_length=80)


class NamingForm(Spoken):
    """That somebody may be named: to whom, why, with what caution, until when."""

    called: ClassVar = {"because": "naming_because", "body": "naming_body", "until": "naming_until"}
    who = Line(most=80)
    audience = forms.ChoiceField()
    body = Line(required=False, most=200)
    sure = forms.ChoiceField()
    because = Text(rows=3)
    until = Day(required=False)

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        told = {"public": "to_public", "named body": "to_body"}
        return {
            "audience": [(one, words[told[one]]) for one in TO],
            "sure": [(one, words[f"sure_{one}"]) for one in SURE],
        }
