"""Whether the names under a release's statements stand there as their members signed, for whoever has their keys.

A release is signed by whoever made it, and by nobody whose name it shows: a name is its member's word only where the
member's own note says exactly that.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from corroborate.coalition.declarations import NAME, Keys
from corroborate.coalition.final import FORMAT_BEFORE, LANGUAGE, Entry, Final, is_html, verify_statement
from corroborate.coalition.likeness import skeleton
from corroborate.coalition.speakers import Speakers
from corroborate.coalition.statements import LONGEST_NAME, SignOn, key_name
from corroborate.custody import Verifier
from corroborate.disclosure.shown import FinalShown, SignOnShown, StatementShown
from corroborate.errors import CorroborateError, NotVerified
from corroborate.values import Digest
from corroborate.values.signs import broken

Proof = Literal["valid", "unknown", "another name", "on paper", "unproved"]
_CHOICES = {"signed": "with us", "abstains": "abstains", "withdrawn": "withdraws"}


@dataclass(frozen=True, slots=True)
class NameChecked:
    """One name under one statement. ``proof``: ``valid`` where a given key signed it; ``another name`` where that key
    is called otherwise than the member is shown; ``unknown`` where none that was given did; ``unproved`` where there is
    no note. ``key``: how the key is called that signed; ``by``: that key."""

    statement: str
    member: str
    state: str
    proof: Proof
    key: str = ""
    by: Verifier | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What a statement of a release proves. ``doubts``: of its final texts, what the reader's keys do not prove."""

    names: tuple[NameChecked, ...]
    doubts: tuple[str, ...] = ()

    @property
    def proved(self) -> bool:
        return not self.doubts and all(one.proof == "valid" for one in self.names)


def check_names(made: StatementShown, given: Iterable[Verifier] = ()) -> Checked:
    """Each name that says something, against its note, and each final text against its page.

    ``given``: keys that the reader trusts; without any, the keys that the release itself names. Raises NotVerified
    where a text is not the one whose digest stands with it, a member signed something else than is shown, stands
    twice, or is shown by a key that is another's.
    """
    _check_form(made)
    for version in made.versions:
        if Digest.of(version.text.encode()).hex != version.digest:
            raise NotVerified(
                "version {number} of {statement} is not the text whose digest stands beside it",
                number=version.number,
                statement=made.name,
            )
    trusted = list(given)
    doubts = [doubt for final in made.finals for doubt in _check_final(made, final, trusted)]
    doubts += _other_keys(made, trusted)
    labels = [one.member for one in made.sign_ons]
    if len(set(labels)) != len(labels):
        raise NotVerified("a member stands twice under {statement}", statement=made.name)
    said = [one for one in made.sign_ons if one.state != "silent"]
    notes = [one.note for one in said if one.note]
    if len(set(notes)) != len(notes):
        raise NotVerified("one note stands for two members under {statement}", statement=made.name)
    speakers, known = Speakers(), Keys.of(enumerated(trusted))
    names = tuple(_checked(made, one, known if trusted else None, speakers) for one in said)
    doubts += [
        f"{one.shown} said why it withdrew, and the list of names drops that: “{why}”"
        for one in said
        if one.state == "withdrawn" and not one.words and (why := _why(one.note))
    ]
    if wrong := speakers.failures(trusted or None):
        raise NotVerified("{statement}: {why}", statement=made.name, why=wrong[0])
    return Checked(names, tuple(doubts))


def _why(note: str) -> str:
    """The words of a sign-on's note, as they stand in it."""
    lines = note.partition("\n\n")[0].splitlines()
    return next((line.removeprefix("words ") for line in lines if line.startswith("words ")), "")


def _check_form(made: StatementShown) -> None:
    """A statement has a text, and a name and a language that files may bear; who is silent says nothing at all."""
    if not made.versions:
        raise NotVerified("{statement} is shown without its text", statement=made.name[:80])
    tongues = (made.language, *(final.language for final in made.finals))
    if re.fullmatch(NAME, made.name) is None or any(LANGUAGE.fullmatch(tongue) is None for tongue in tongues):
        raise NotVerified("{statement!r} is no name of a statement, or its language none", statement=made.name[:80])
    for one in made.sign_ons:
        if max(len(one.shown), len(one.member)) > LONGEST_NAME or broken(one.shown) or broken(one.member):
            raise NotVerified("{member!r} is no name of a member", member=one.shown[:80])
        if one.state == "silent" and (one.words or one.note or one.at or one.digest or one.on_paper):
            raise NotVerified(
                "{member} is shown as silent under {statement}, and as saying something",
                member=one.shown,
                statement=made.name,
            )


def _other_keys(made: StatementShown, trusted: list[Verifier]) -> list[str]:
    """Keys that a release gives as a member's, where the reader has others of that name."""
    known, names = set(trusted), {key.name for key in trusted}
    looks = {skeleton(name) for name in names}
    found = []
    for one in made.sign_ons:
        key = Verifier.parse(one.verifier) if trusted and one.verifier else None
        if key is not None and key not in known and names & {key.name, key_name(one.shown)}:
            found.append(f"another key than yours is given as that of {one.shown}: {key.fingerprint}")
        label = skeleton(one.member)
        if label in looks and label != skeleton(one.shown):
            found.append(f"{one.shown} stands there under the name of {one.member} too")
    return found


def _other_names(made: StatementShown, page: Final) -> list[str]:
    """Members of whom a final text says what the statement beside it does not. Raises NotVerified where the two say
    different things of one member."""
    told = [one for one in made.sign_ons if one.state != "silent"]
    parts = (("signed", page.signed), ("withdrawn", page.withdrawn), ("abstains", page.abstained))
    met, odd = set[str](), set[str]()
    for state, entries in parts:
        for entry in entries:
            one = _same_member(told, entry)
            if one is None:
                odd.add(entry.label)
            elif (one.state, one.note) != (state, entry.note):
                raise NotVerified(
                    "of {member} the final text of {statement} says something else than this release",
                    member=entry.signatory.name,
                    statement=made.name,
                )
            else:
                met.add(one.member)
    states = ("signed", "withdrawn") if page.format == FORMAT_BEFORE else ("signed", "withdrawn", "abstains")
    shown = {one.member for one in told if one.state in states and (one.state != "abstains" or one.words)}
    # a page shows who took back this text, and the list also who took back an earlier version of it
    met |= {one.member for one in told if one.state == "withdrawn" and one.digest != made.current.digest}
    return [
        f"{label} stands in one of the final text and the list of names, and not in the other"
        for label in sorted(odd | (shown ^ met))
    ]


def _same_member(told: list[SignOnShown], entry: Entry) -> SignOnShown | None:
    """Of whom a final text speaks, in the list of names: by its label there, or by a name that is written alike. A list
    may call a member as its key is called, and a page as the register does."""
    looks = skeleton(entry.signatory.name)
    same = [one for one in told if one.member == entry.label]
    same += [one for one in told if looks in (skeleton(one.shown), skeleton(one.member))]
    return same[0] if same else None


def _check_final(made: StatementShown, final: FinalShown, trusted: list[Verifier]) -> tuple[str, ...]:
    """The page that a site hands on holds, and what is shown of it is what it holds: its words, who approved them.
    Returns what on it is not proved."""
    found = verify_statement(final.html.encode(), trusted or None)
    if found.verdict == "invalid":
        raise NotVerified(
            "the final text of {statement} ({language}) does not hold: {why}",
            statement=made.name,
            language=final.language,
            why=found.failures[0],
        )
    if not is_html(final.html.encode()):  # a browser would draw what is words there
        raise NotVerified(
            "the final text of {statement} ({language}) is no page", statement=made.name, language=final.language
        )
    page = Final.from_block(final.html)
    same = (page.number, page.signed_language) == (made.current.number, made.language)
    held = (page.statement, page.signed_text, page.language, page.title, page.text, page.translator, page.approved_by)
    told = (final.language, final.title, final.text, final.translator, final.official)
    if not same or held != (made.name, made.current.text, *told):
        raise NotVerified(
            "what this release says of the final text of {statement} ({language}) is not what that page holds",
            statement=made.name,
            language=final.language,
        )
    return tuple(f"{final.language}: {doubt}" for doubt in (*found.failures, *_other_names(made, page)))


def title_is_signed(made: StatementShown) -> bool:
    """Whether the title over the names is the signed text's own first line."""
    return made.title == made.current.text.partition("\n")[0]


def _checked(made: StatementShown, one: SignOnShown, trusted: Keys | None, speakers: Speakers) -> NameChecked:
    if one.on_paper or not one.note:
        speakers.show(one.member, one.shown)
        return NameChecked(made.name, one.shown, one.state, "on paper" if one.on_paper else "unproved")
    own = [Verifier.parse(one.verifier)] if one.verifier and trusted is None else []
    try:
        said = SignOn.read(one.note.encode(), trusted or Keys.of(enumerated(own)))
    except NotVerified:
        speakers.show(one.member, one.shown)
        return NameChecked(made.name, one.shown, one.state, "unknown")
    except CorroborateError as error:
        raise _otherwise(made, one) from error
    if not _says(made, one, said) or said.key is None:
        raise _otherwise(made, one)
    speakers.add(one.member, one.shown, said.key)
    proof: Proof = "valid" if key_name(one.shown) == said.key.name else "another name"
    return NameChecked(made.name, one.shown, one.state, proof, said.key.name, said.key)


def enumerated(keys: Iterable[Verifier]) -> list[tuple[str, Verifier]]:
    """Keys under labels that tell them apart: a member may have had two of one name."""
    return [(f"{key.name} {number}", key) for number, key in enumerate(keys)]


def _says(made: StatementShown, one: SignOnShown, said: SignOn) -> bool:
    """Whether a note says what stands beside the name: of this statement and version, with these words, then."""
    same = (said.statement, said.digest.hex, f"{said.at:%Y-%m-%dT%H:%M:%SZ}") == (made.name, one.digest, one.at)
    under_it = said.digest.hex == made.current.digest
    if one.state in ("lapsed", "withdrawn") and one.words not in ("", said.words):  # they are shown without words
        return False
    if said.digest.hex not in {version.digest for version in made.versions}:
        return False  # of another statement of this name
    if one.state == "lapsed":
        return same and not under_it and said.choice != "withdraws"
    if one.state == "withdrawn":
        return same and said.choice == "withdraws"
    return (
        same
        and under_it
        and said.language == made.language
        and said.choice == _CHOICES.get(one.state)
        and said.words == one.words
    )


def _otherwise(made: StatementShown, one: SignOnShown) -> NotVerified:
    return NotVerified(
        "{member} signed something else than this release says under {statement}", member=one.shown, statement=made.name
    )


__all__ = ["Checked", "NameChecked", "Proof", "check_names", "title_is_signed"]
