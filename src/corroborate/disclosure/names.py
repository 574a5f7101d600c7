"""Whether the names under a release's statements stand there as their members signed, for whoever has their keys.

A release is signed by whoever made it, and by nobody whose name it shows: a name is its member's word only where the
member's own note says exactly that.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from corroborate.coalition.declarations import Keys
from corroborate.coalition.final import Final, verify_statement
from corroborate.coalition.statements import SignOn
from corroborate.custody import Verifier
from corroborate.disclosure.shown import FinalShown, SignOnShown, StatementShown
from corroborate.errors import CorroborateError, NotVerified
from corroborate.values import Digest

Proof = Literal["valid", "unknown", "on paper", "unproved"]
_CHOICES = {"signed": "with us", "abstains": "abstains", "withdrawn": "withdraws"}


@dataclass(frozen=True, slots=True)
class NameChecked:
    """One name under one statement. ``proof``: ``valid`` where a given key signed it; ``unknown`` where none that was
    given did; ``unproved`` where there is no note. ``key``: how the key is called that signed."""

    statement: str
    member: str
    state: str
    proof: Proof
    key: str = ""


def check_names(made: StatementShown, given: Iterable[Verifier] = ()) -> tuple[NameChecked, ...]:
    """Each name that says something, against its note. ``given``: keys that the reader trusts; without any, the keys
    that the release itself names. Raises NotVerified where a text is not the one whose digest stands with it, or a
    member signed something else than is shown."""
    for version in made.versions:
        if Digest.of(version.text.encode()).hex != version.digest:
            raise NotVerified(
                "version {number} of {statement} is not the text whose digest stands beside it",
                number=version.number,
                statement=made.name,
            )
    for final in made.finals:
        _check_final(made, final)
    trusted = list(given)
    return tuple(_checked(made, one, trusted) for one in made.sign_ons if one.state != "silent")


def _check_final(made: StatementShown, final: FinalShown) -> None:
    """The page that a site hands on holds, and what is shown of it is what it holds: its words, who approved them."""
    content = final.html.encode()
    found = verify_statement(content)
    if found.verdict == "invalid":
        raise NotVerified(
            "the final text of {statement} ({language}) does not hold: {why}",
            statement=made.name,
            language=final.language,
            why=found.failures[0],
        )
    page = Final.from_block(final.html)
    names = {one.label: one.signatory.name for one in page.signed}
    approved = tuple(names.get(label, label) for label, _, _ in page.approvals)
    held = (page.statement, page.signed_text, page.language, page.title, page.text, page.translator, approved)
    told = (final.language, final.title, final.text, final.translator, final.official)
    if held != (made.name, made.current.text, *told):
        raise NotVerified(
            "what this release says of the final text of {statement} ({language}) is not what that page holds",
            statement=made.name,
            language=final.language,
        )


def title_is_signed(made: StatementShown) -> bool:
    """Whether the title over the names is the signed text's own first line."""
    return made.title == made.current.text.partition("\n")[0]


def _checked(made: StatementShown, one: SignOnShown, trusted: list[Verifier]) -> NameChecked:
    if one.on_paper:
        return NameChecked(made.name, one.shown, one.state, "on paper")
    if not one.note:
        return NameChecked(made.name, one.shown, one.state, "unproved")
    keys = trusted or ([Verifier.parse(one.verifier)] if one.verifier else [])
    try:
        said = SignOn.read(one.note.encode(), Keys.of([(key.name, key) for key in keys]))
    except NotVerified:
        return NameChecked(made.name, one.shown, one.state, "unknown")
    except CorroborateError as error:
        raise _otherwise(made, one) from error
    if not _says(made, one, said):
        raise _otherwise(made, one)
    return NameChecked(made.name, one.shown, one.state, "valid", said.member)


def _says(made: StatementShown, one: SignOnShown, said: SignOn) -> bool:
    """Whether a note says what stands beside the name: of this statement and version, with these words, then."""
    same = (said.statement, said.digest.hex, f"{said.at:%Y-%m-%dT%H:%M:%SZ}") == (made.name, one.digest, one.at)
    under_it = said.digest.hex == made.current.digest
    if one.state == "lapsed":
        return same and not under_it and said.choice != "withdraws"
    if one.state == "withdrawn":
        return same and said.choice == "withdraws"
    return same and under_it and said.choice == _CHOICES.get(one.state) and said.words == one.words


def _otherwise(made: StatementShown, one: SignOnShown) -> NotVerified:
    return NotVerified(
        "{member} signed something else than this release says under {statement}", member=one.shown, statement=made.name
    )


__all__ = ["NameChecked", "Proof", "check_names", "title_is_signed"]
