"""A member stands under a finding, abstains, or dissents, under its own key: under exactly the finding that it read.

Beside the finding stands what each member said last. When the finding changes by one figure, its digest is another, and
the name stands under it no more until the member speaks again: it is shown as said of an earlier version.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, cast, get_args

from corroborate.coalition.declarations import Keys, Kind, declare, kind_of, read_declaration
from corroborate.coalition.imitation import check_quoted
from corroborate.custody import Signer
from corroborate.errors import InvalidValue
from corroborate.values import Digest

Choice = Literal["stands", "abstains", "dissents", "withdraws"]
KINDS: Final[tuple[Kind, ...]] = ("finding", "finding as shown")  # of notes; the first is an earlier version's
CHOICES: Final[tuple[Choice, ...]] = get_args(Choice)


@dataclass(frozen=True, slots=True)
class Stand:
    """What one member said of one finding in a dossier for one reader. ``digest``: of the finding that it read."""

    member: str
    finding: str  # id of the element, or of the line of a report
    reader: str  # for whom the dossier is: an audience, and the body's name where it is for one
    digest: Digest
    choice: Choice
    words: str
    at: datetime  # by the member's own clock
    note: bytes
    whole: bool = True  # it was signed with the release's title and the dissent beside it; an earlier version did not
    revoked: bool = False  # the key that signed it was revoked since: whoever has that key may have signed it


def stand(signer: Signer, finding: str, reader: str, digest: Digest, choice: Choice, words: str, at: datetime) -> bytes:
    """Sign what a member says of a finding. Raises InvalidValue: who dissents says as to what."""
    said = " ".join(words.split())
    if choice == "dissents" and not said:
        raise InvalidValue("say as to what your organisation dissents, and why: it stands beside the finding")
    check_quoted(signer.name, said)
    fields = {"finding": finding, "reader": reader, "sha256": digest.hex, "choice": choice, "words": said}
    return declare(signer, "finding as shown", fields, at)


def read_stand(note: bytes, keys: Keys) -> Stand:
    """Read and check a note. Raises NotVerified for a key that no member has, InvalidValue for what is none."""
    whole = is_whole(note)
    one = read_declaration(note, "finding as shown" if whole else "finding", keys)
    return Stand(
        one.member,
        one.fields["finding"],
        one.fields["reader"],
        Digest(one.fields["sha256"]),
        cast(Choice, one.choice),
        one.fields["words"],
        one.at,
        note,
        whole,
    )


def is_whole(note: bytes) -> bool:
    """Whether a note binds all that is shown with a finding, and is none of an earlier version."""
    return kind_of(note) == "finding as shown"


def standing(given: Iterable[Stand]) -> tuple[Stand, ...]:
    """What each member said last of each finding before each reader; nothing where it took its word back."""
    return tuple(one for one in last_words(given) if one.choice != "withdraws")


def last_words(given: Iterable[Stand]) -> tuple[Stand, ...]:
    """The same, where it took its word back as well.

    ``given`` in the order of receipt: of two of the same second the later received counts. An old note that is sent
    again changes nothing. A word under a key that was revoked since comes before every other, whatever it is dated.
    """
    last: dict[tuple[str, str, str], Stand] = {}
    for one in given:
        key = (one.member, one.finding, one.reader)
        if key not in last or _order(last[key]) <= _order(one):
            last[key] = one
    return tuple(sorted(last.values(), key=lambda one: (one.finding, one.reader, one.member)))


def _order(one: Stand) -> tuple[bool, datetime]:
    return not one.revoked, one.at


__all__ = [
    "CHOICES",
    "KINDS",
    "Choice",
    "Stand",
    "is_whole",
    "last_words",
    "read_stand",
    "stand",
    "standing",
]
