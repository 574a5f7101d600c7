"""Forms of coming in, of accounts and of the journal."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms

from corroborate.sealed import LEAST
from corroborate_node.core.forms import Hidden, Line, Secret, Spoken
from corroborate_node.core.wording import Words


class NextForm(forms.Form):
    """Where to go on."""

    next = forms.CharField(required=False, max_length=2_000)


class LogInForm(Spoken):
    called: ClassVar = {"username": "account_name", "password": "passphrase"}
    username = Line(attrs={"autocomplete": "username", "autofocus": True})
    password = Secret(kind="current-password")
    next = Hidden(required=False, most=2_000)


class ConfirmForm(Spoken):
    """The passphrase of the account that is logged in."""

    called: ClassVar = {"password": "passphrase"}
    username = Hidden(required=False)  # for a browser that keeps passphrases, to find the one of this account
    password = Secret(kind="current-password")
    next = Hidden(required=False, most=2_000)

    def __init__(self, words: Words, *args: Any, **kwargs: Any) -> None:
        super().__init__(words, *args, **kwargs)
        self.fields["username"].widget.attrs["autocomplete"] = "username"


class ChooseForm(Spoken):
    called: ClassVar = {"new": "new_passphrase", "again": "and_again"}
    new = Secret(kind="new-password", least=LEAST)
    again = Secret(kind="new-password", least=LEAST)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "new" in given and "again" in given and given["new"] != given["again"]:
            self.add_error("again", self.spoken["not_twice"])
        return given


class SessionForm(Spoken):
    session = Hidden()


Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class AccountChoices:
    """What an account can be given: roles, whom it acts for, and cases to which it is limited."""

    roles: Choices
    scopes: Choices
    cases: Choices


class AccountForm(Spoken):
    """An account with its roles, the member that it acts for, and what it sees."""

    called: ClassVar = {"role": "roles", "scope": "acts_for", "case": "sees_cases"}
    account = Line(most=150)
    role = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    scope = forms.ChoiceField(required=False)
    sees = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    case = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, words: Words, given: AccountChoices, *args: Any, known: bool = False, **kwargs: Any) -> None:
        self.given = given
        super().__init__(words, *args, **kwargs)
        if known:
            self.fields["account"].widget = forms.HiddenInput()
        if not given.scopes:
            del self.fields["scope"]
        if not given.cases:
            del self.fields["sees"], self.fields["case"]

    def choices(self, words: Words) -> dict[str, Choices]:
        return {
            "role": self.given.roles,
            "scope": [("", words["nobody"]), *self.given.scopes],
            "sees": [("whole", words["sees_whole"]), ("cases", words["sees_cases"])],
            "case": self.given.cases,
        }


class VouchForm(Spoken):
    """The account whose holder one vouches for."""

    account = Line(most=150)

    def __init__(self, words: Words, *args: Any, **kwargs: Any) -> None:
        super().__init__(words, *args, **kwargs)
        self.fields["account"].help_text = words["vouch_who"]


class JournalForm(Spoken):
    called: ClassVar = {"about": "about_object", "by": "by_whom", "asked": "was_asked"}
    about = Line(required=False)
    by = Line(required=False)
    asked = Line(required=False)


class WhyForm(Spoken):
    account = forms.ChoiceField(required=False)
    permission = forms.ChoiceField(required=False)

    def __init__(self, words: Words, accounts: list[str], permissions: list[tuple[str, str]], *args: Any,
                 **kwargs: Any) -> None:  # fmt: skip
        self.known_accounts, self.permissions = accounts, permissions
        super().__init__(words, *args, **kwargs)
        if not accounts:
            del self.fields["account"]

    def choices(self, words: Words) -> dict[str, list[tuple[str, str]]]:
        found = {"permission": [("", words["every_permission"]), *self.permissions]}
        return {**found, "account": [(one, one) for one in self.known_accounts]} if self.known_accounts else found
