"""Forms of the campaign: of members, statements, decisions and answers."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar, Literal

from django import forms

from corroborate.coalition import decisions, memberships, statements
from corroborate.coalition.countries import code_of, countries_named, region_of
from corroborate.coalition.packets import Packet
from corroborate.errors import InvalidValue
from corroborate.translation import COMPLETE, Sentence, in_language
from corroborate_node.coalition.campaign.rounds.lines import SHOWN
from corroborate_node.core.forms import Day, Hidden, Line, Secret, Since, Spoken, Text, Upload, Uploads, When, Whole
from corroborate_node.core.wording import Words, readers_language

LARGEST_FILE = 25 << 20  # bytes of an upload
MOST_ALSO = 10_000  # characters of a member's names in other languages
MOST_LISTED = 300  # members in a list to choose from; of more, the name is typed
MOST_FOUND = 2_000  # members read from one statement
MOST_LINES = 3_000  # lines of a statement that a page shows
LONGEST_STATEMENT = 1 << 20  # characters of a statement; the library says how long one may be
_SHORT_NAME = {"pattern": r"[a-z0-9][a-z0-9._\-]*"}
Choices = list[tuple[str, str]]


class Member(forms.ChoiceField):
    """One of the members that the page lists. Of whom nothing may be recorded, the act says with its reason."""

    def valid_value(self, value: Any) -> bool:
        return True


class Country(forms.ChoiceField):
    """A country of the list. One that is typed, or sent by a program, may be its name in any language, or its code."""

    def to_python(self, value: Any) -> str:
        given = super().to_python(value).strip()
        return code_of(given) or given.upper()


class DetailsForm(Spoken):
    """What the register says of a member."""

    called: ClassVar = {"languages": "languages_spoken"}
    name = Line(most=300)
    kind = forms.ChoiceField(required=False)
    country = Country(required=False)
    region = Line(required=False)
    abbreviation = Line(required=False)
    languages = Line(required=False)
    field = Line(required=False)
    site = Line(required=False)
    contact = Line(required=False)
    affiliation = Line(required=False)
    capacity = forms.ChoiceField(required=False)
    also_called = Text(required=False, most=MOST_ALSO)

    def choices(self, words: Words) -> dict[str, Choices]:
        return {
            "country": [("", "–"), *countries_named(words.language)],
            "kind": [(one, words[one]) for one in ("organisation", "individual")],
            "capacity": [("", words["nobody"]), ("personal", words["personal"]), ("on behalf", words["on_behalf"])],
        }

    @staticmethod
    def of(details: memberships.Details) -> dict[str, str]:
        """What stands, as the form shows it."""
        return {
            "name": details.name, "kind": details.kind, "country": details.country, "region": details.region,
            "abbreviation": details.abbreviation, "languages": ", ".join(details.languages),
            "field": details.field_of_work, "site": details.site, "contact": details.contact,
            "affiliation": details.affiliation, "capacity": details.capacity,
            "also_called": "\n".join(details.also_called),
        }  # fmt: skip


def details(given: Mapping[str, Any]) -> memberships.Details:
    """What was typed of a member. Raises InvalidValue."""
    kind: Literal["organisation", "individual"] = "individual" if given["kind"] == "individual" else "organisation"
    affiliation = given.get("affiliation", "")
    country = given.get("country", "").upper()
    return memberships.Details(
        name=given["name"], kind=kind, country=country, region=given.get("region") or region_of(country),
        abbreviation=given.get("abbreviation", ""),
        languages=tuple(given.get("languages", "").replace(",", " ").split()),
        field_of_work=given.get("field", ""), site=given.get("site", ""), contact=given.get("contact", ""),
        affiliation=affiliation,
        capacity=given.get("capacity", "") if kind == "individual" and affiliation else "",
        also_called=names_typed(given.get("also_called", "")),
    )  # fmt: skip


def names_typed(lines: str) -> tuple[str, ...]:
    """Names, one a line."""
    return tuple(dict.fromkeys(name for line in lines.splitlines() if (name := " ".join(line.split()))))


class AddressForm(Spoken):
    """Where a member is reached, and what it is called in other languages, as its own account says."""

    contact = Line()
    also_called = Text(required=False, most=MOST_ALSO)


class BesideForm(Spoken):
    """What a page showed of what waits beside a member's name."""

    shown = Hidden(most=64)


class AdmitForm(DetailsForm):
    role = forms.ChoiceField(required=False)
    joined = Since()
    founding = forms.BooleanField(required=False)

    def __init__(self, words: Words, *args: Any, **kwargs: Any) -> None:
        super().__init__(words, *args, **kwargs)
        self.fields["joined"].help_text = "2011, 2011-12, 2011-12-17"

    def choices(self, words: Words) -> dict[str, Choices]:
        return {**super().choices(words), "role": [(one, words[one]) for one in memberships.ROLES]}


class ReadMembersForm(Spoken):
    called: ClassVar = {"statement": "statement_file"}
    statement = Upload(largest=LARGEST_FILE)


class RangeForm(Spoken):
    """A statement's text, line by line, and between which of them the names stand. The button of a line is sent after
    what the page handed on, and counts."""

    range = Hidden(required=False, initial="yes", most=5)
    text = Hidden(most=LONGEST_STATEMENT)
    first = Hidden(required=False, most=7)
    last = Hidden(required=False, most=7)

    def __init__(self, words: Words, *args: Any, **kwargs: Any) -> None:
        super().__init__(words, *args, **kwargs)
        self.fields["text"].strip = False  # type: ignore[attr-defined]

    @property
    def lines(self) -> list[str]:
        """As a reader counts them; empty where they are too many for a page."""
        lines = _one_end(str(self["text"].value() or "")).split("\n")
        return lines if len(lines) <= MOST_LINES else []

    @property
    def asked(self) -> tuple[str, int | None, int | None]:
        """The text, and the first and last line of its names. Raises InvalidValue."""
        if not self.is_valid():
            raise InvalidValue("the text of the statement did not come with the page: read the file again")
        text, first, last = (str(self.cleaned_data[key]) for key in ("text", "first", "last"))
        if any(one and not (one.isascii() and one.isdecimal()) for one in (first, last)):
            raise InvalidValue("a line is a number")
        return _one_end(text), int(first) if first else None, int(last) if last else None


def _one_end(text: str) -> str:
    """Browsers send each end of a line as two characters."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class FoundForm(Spoken):
    """One of the members that were read from a statement: corrected by a person before it is taken in."""

    name = Line(most=300, size=30)
    kind = forms.ChoiceField()
    country = Line(required=False, most=60, size=12)
    affiliation = Line(required=False, size=20)
    abbreviation = Hidden(required=False)
    flag = Hidden(required=False, most=2_000)

    def __init__(self, words: Words, number: int, *args: Any, **kwargs: Any) -> None:
        self.number = number
        super().__init__(words, *args, **kwargs)
        for key, field in self.fields.items():
            field.widget.attrs["aria-label"] = f"{words.get(key, key)} {number + 1}"

    def add_prefix(self, field_name: str) -> str:
        return f"{field_name}-{self.number}"

    def choices(self, words: Words) -> dict[str, Choices]:
        return {"kind": [(one, words[one]) for one in ("organisation", "individual")]}

    def clean_country(self) -> str:
        """Its code; typed as a name in any language, or as the code. Never cut short."""
        typed = str(self.cleaned_data["country"])
        code = code_of(typed) or typed.upper()
        if code and code not in dict(countries_named()):
            raise _refused(Sentence("{typed!r} is no country of the list", typed=typed))
        return code


def _refused(why: Sentence) -> forms.ValidationError:
    return forms.ValidationError(in_language(why, readers_language()))


class TicksForm(forms.Form):
    """Which rows of a page are ticked."""

    take = forms.MultipleChoiceField(required=False, choices=[(str(at), "") for at in range(MOST_FOUND)])


class TakeForm(Spoken):
    """Since when those who are taken in belong."""

    confirmed = Hidden(required=False, initial="yes")
    rows = Hidden(required=False, most=5)
    joined = Since()
    founding = forms.BooleanField(required=False)

    def __init__(self, words: Words, *args: Any, **kwargs: Any) -> None:
        super().__init__(words, *args, **kwargs)
        self.fields["joined"].help_text = "2011, 2011-12, 2011-12-17"

    @property
    def many(self) -> int:
        """Rows of the page that sent it."""
        text = str(self["rows"].value() or "0")
        return min(int(text), MOST_FOUND) if text.isascii() and text.isdecimal() else 0


class Nothing(Spoken):
    """A button that says all."""


class KeyForm(Spoken):
    """The file by which a key shows that it is in its owner's hands."""

    called: ClassVar = {"proof": "key_file"}
    proof = Upload(largest=LARGEST_FILE)


class HeardForm(Spoken):
    """The words of a key, as its owner read them out: not shown here, so that they are heard and not copied."""

    called: ClassVar = {"heard": "words_heard"}
    heard = Line(most=400, size=60, attrs={"autocomplete": "off"})


class LeaveForm(Spoken):
    called: ClassVar = {"on": "left_on"}
    on = Day()


class FlagForm(Spoken):
    flag = Hidden(most=2_000)


class NameForm(Spoken):
    """The name that whoever is second to it has read."""

    name = Hidden(most=2_000)


class LetterForm(Spoken):
    """A letter of authority, and the second person who has seen it. No browser keeps their name or passphrase."""

    called: ClassVar = {
        "person": "name", "person_role": "role", "since": "from", "scan": "scan_file", "second": "second_person",
    }  # fmt: skip
    person = Line(most=300)
    person_role = Line(required=False)
    since = Day()
    scan = Upload(largest=LARGEST_FILE)
    second = Line(attrs={"autocomplete": "off"})
    second_passphrase = Secret()


class SteeringForm(Spoken):
    called: ClassVar = {"since": "from", "until": "to"}
    since = Day()
    until = Day(required=False)


class StanceForm(Spoken):
    """What an organisation is asked to take a stance on."""

    called: ClassVar = {"on": "stance_about", "subject": "stance_id"}
    on = forms.ChoiceField()
    subject = Line()

    def choices(self, words: Words) -> dict[str, Choices]:
        return {"on": [(one, words[f"of_{one}"]) for one in ("campaign", "statement", "finding", "publication")]}


class SignatoryForm(Spoken):
    called: ClassVar = {"person": "name", "person_role": "role"}
    person = Line(most=300)
    person_role = Line(required=False)


# Statements


class StatementForm(Spoken):
    called: ClassVar = {"name": "short_name"}
    name = Line(attrs=_SHORT_NAME)
    text_language = Line(most=3, size=3, initial="en")
    text = Text(rows=14, most=LONGEST_STATEMENT)


class DraftForm(Spoken):
    text = Text(rows=14, most=LONGEST_STATEMENT)


class CommentForm(Spoken):
    version = Hidden(required=False, most=9)
    comment = Text(most=10_000)


class SuggestForm(Spoken):
    """Other words for a passage: copied from the text, as it stands there."""

    called: ClassVar = {"words": "suggested_words"}
    version = Hidden(required=False, most=9)
    passage = Text(rows=3, most=10_000)
    words = Text(rows=3, most=10_000, required=False)
    why = Line(required=False, most=2_000)


class DecideForm(Spoken):
    suggestion = Hidden()


class ResolveForm(Spoken):
    comment = Hidden()


class OpenForm(Spoken):
    deadline = When()
    embargo = When(required=False)
    grouping = forms.ChoiceField(required=False)

    def choices(self, words: Words) -> dict[str, Choices]:
        return {"grouping": [(one, words[f"by_{one}"]) for one in ("country", "kind", "joined", "alphabet")]}


class ExtendForm(Spoken):
    deadline = When()


class TranslateForm(Spoken):
    called: ClassVar = {"language": "text_language"}
    language = Line(most=3, size=3)
    translator = Line()
    text = Text(rows=14, most=LONGEST_STATEMENT)


class _OfMember(Spoken):
    """A form about one of many members: chosen from a list, or typed by name where there are more than a list shows."""

    called: ClassVar = {"member": "name", "member_name": "name"}

    def __init__(self, words: Words, members: Collection[str], known: memberships.Register, *args: Any,
                 **kwargs: Any) -> None:  # fmt: skip
        self.known, few = known, len(members) <= MOST_LISTED
        self.members = [(one, known[one].details.name) for one in members] if few else []
        super().__init__(words, *args, **kwargs)
        del self.fields["member_name" if few else "member"]
        self.order_fields(["member", "member_name"])

    def choices(self, words: Words) -> dict[str, Choices]:
        return {"member": self.members}

    def clean_member_name(self) -> str:
        """The label of a member that was typed by its name; of two with one name the label itself is typed."""
        typed = str(self.cleaned_data["member_name"])
        found = [label for label, one in self.known.members.items() if one.details.name == typed]
        if len(found) > 1:
            raise _refused(
                Sentence(
                    "{number} members are called {typed!r}: give one of {labels} as in its address",
                    number=len(found),
                    typed=typed,
                    labels=", ".join(found),
                )
            )
        if not found and typed not in self.known.members:
            raise _refused(Sentence("no member is called {typed!r}", typed=typed))
        return found[0] if found else typed


class QuoteForm(_OfMember):
    called: ClassVar = {**_OfMember.called, "quote_role": "role", "words": "words_said"}
    member = Member()
    member_name = Line(most=300)
    spokesperson = Line(most=300)
    quote_role = Line(required=False)
    words = Text(most=20_000)


class PaperForm(_OfMember):
    """A letter on paper: what it says is never taken for granted."""

    called: ClassVar = {**_OfMember.called, "signed": "signed_on", "scan": "scan_file", "letter": "letter_words",
                              "digits": "letter_digits"}  # fmt: skip
    member = Member()
    member_name = Line(most=300)
    choice = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    digits = Line(most=80)
    letter = Line(required=False, most=2_000)
    signed = Day()
    scan = Upload(largest=LARGEST_FILE)

    def choices(self, words: Words) -> dict[str, Choices]:
        return {**super().choices(words), "choice": [(one, _said(one, words)) for one in statements.CHOICES]}


class ConfirmPaperForm(Spoken):
    member = Hidden()
    shown = Hidden(required=False)


class CloseForm(Spoken):
    """``shown``: the mark of who had asked to close the round when the page was opened."""

    shown = Hidden(required=False)


class MailForm(Spoken):
    """The password of the account that sends; it is not kept."""

    mail_password = Secret(required=False)

    def __init__(self, words: Words, account: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(words, *args, **kwargs)
        password = self.fields["mail_password"]
        if account:
            password.label, password.required = f"{password.label} ({account})", True
        else:
            password.widget = forms.HiddenInput()


class LinesForm(Spoken):
    """Which members of a round are shown."""

    show = forms.ChoiceField(required=False)
    country = forms.ChoiceField(required=False)

    def __init__(self, words: Words, countries: Choices, *args: Any, **kwargs: Any) -> None:
        self.countries = countries
        super().__init__(words, *args, **kwargs)

    def choices(self, words: Words) -> dict[str, Choices]:
        return {
            "show": [(one, words[f"shown_{one}"]) for one in SHOWN],
            "country": [("", words["any_country"]), *self.countries],
        }


class AnswersForm(Spoken):
    called: ClassVar = {"answers": "answers_file"}
    answers = Uploads(largest=LARGEST_FILE)


# Decisions


class ProposalForm(Spoken):
    called: ClassVar = {
        "name": "short_name", "text": "proposal_text", "objections": "objections_borne", "closes": "closing_time",
    }  # fmt: skip
    name = Line(attrs=_SHORT_NAME)
    title = Line()
    text = Text(rows=8, most=LONGEST_STATEMENT)
    rule = forms.ChoiceField()
    objections = Whole(required=False, initial="0")
    quorum = Whole(required=False, initial="1")
    closes = When()

    def choices(self, words: Words) -> dict[str, Choices]:
        return {"rule": [(one, words[f"rule_{one}"]) for one in ("consensus", "majority", "steering")]}


class HearForm(Spoken):
    """What was said in a meeting: nobody has a position by default."""

    called: ClassVar = {"member": "name"}
    member = Member()
    position = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    reason = Line(required=False)

    def __init__(self, words: Words, members: Choices, *args: Any, **kwargs: Any) -> None:
        self.members = members
        super().__init__(words, *args, **kwargs)

    def choices(self, words: Words) -> dict[str, Choices]:
        return {"member": self.members, "position": [(one, _said(one, words)) for one in decisions.POSITIONS]}


class CompareForm(Spoken):
    """Two versions of one text."""

    def __init__(self, words: Words, versions: Sequence[int], *args: Any, **kwargs: Any) -> None:
        super().__init__(words, *args, **kwargs)
        for name in ("from", "to"):
            self.fields[name] = forms.ChoiceField(
                label=words[name], required=False, choices=[(one, str(one)) for one in versions]
            )


# On a member's own vault


class RequestForm(Spoken):
    """A request of a hub, as its file."""

    called: ClassVar = {"request": "request_file"}
    request = Upload(largest=LARGEST_FILE)


class AnswerForm(Spoken):
    """The choices that a request gives, and what may be approved beside it. None of them is made beforehand."""

    called: ClassVar = {"choice": "our_choice"}
    choice = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    reason = Line(required=False, most=2_000, size=60)

    def __init__(self, words: Words, packet: Packet, *args: Any, **kwargs: Any) -> None:
        self.packet = packet
        super().__init__(words, *args, **kwargs)
        for at, one in enumerate(packet.others):
            spoken = one.fields.get("language", "")
            what = dict(COMPLETE).get(spoken, spoken) if one.kind == "translation" else one.fields["spokesperson"]
            label = f"{words[f'approve_{one.kind}']}: {what}"
            self.fields[f"approves-{at}"] = forms.BooleanField(required=False, label=label)
        if packet.first.kind == "sign-on":
            self.fields["reason"].label = words["own_words"]
        elif packet.first.kind != "position as asked":
            del self.fields["reason"]
        self.order_fields(["choice", *(f"approves-{at}" for at in own_language_first(packet, words)), "reason"])

    def choices(self, words: Words) -> dict[str, Choices]:
        return {"choice": [(one, _said(one, words)) for one in self.packet.first.choices]}

    @property
    def approved(self) -> list[int]:
        """Places of what is approved, among the packet's others."""
        return [at for at in range(len(self.packet.others)) if self.cleaned_data.get(f"approves-{at}")]


def own_language_first(packet: Packet, words: Words) -> list[int]:
    """Places of what may be approved, the translations into the reader's own language before the others."""
    others = packet.others
    return sorted(range(len(others)), key=lambda at: others[at].fields.get("language") != words.language)


def _said(choice: str, words: Words) -> str:
    try:
        return words[choice]
    except KeyError as error:
        raise InvalidValue("{choice!r} is no choice that these pages know", choice=choice) from error
