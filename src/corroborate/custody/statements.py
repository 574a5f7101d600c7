"""Notes that members sign about keys: a head, then lines of ``word value``, each word in its place.

The head keeps such a note from being read as a checkpoint, a sign-on or a bundle, and the reverse.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Protocol, Self

from corroborate.custody.notes import Note, Signer, Verifier
from corroborate.errors import InvalidValue, NotVerified

_TIME = "%Y-%m-%dT%H:%M:%SZ"


def plain(text: str, what: str) -> str:
    """A text that fits on a line and reads the same everywhere: NFC, no control characters, at most 200 letters."""
    if (
        not 0 < len(text) <= 200
        or text != text.strip()
        or not unicodedata.is_normalized("NFC", text)
        or any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") for letter in text)
    ):
        raise InvalidValue("{words!r} cannot stand in a signed note as {what}", words=text[:60], what=what)
    return text


def write_time(at: datetime) -> str:
    return at.astimezone(UTC).strftime(_TIME)


def read_time(text: str) -> datetime:
    try:
        found = datetime.strptime(text, _TIME).replace(tzinfo=UTC)
    except ValueError as error:
        raise InvalidValue("{words!r} is no time such as 2026-11-24T09:30:00Z", words=text[:40]) from error
    if write_time(found) != text:
        raise InvalidValue("{words!r} has another spelling", words=text[:40])
    return found


def write(head: str, values: Iterable[tuple[str, str]]) -> str:
    return head + "\n" + "".join(f"{word} {value}\n" for word, value in values)


def read(text: str, head: str, words: Sequence[str]) -> list[str]:
    """The values of a note's lines. Raises InvalidValue unless exactly these words stand there, in this order."""
    first, *lines = text.removesuffix("\n").split("\n")
    parts = [line.partition(" ") for line in lines]
    if first != head or tuple(word for word, _, _ in parts) != tuple(words) or not all(value for _, _, value in parts):
        raise InvalidValue("this is no note of the kind {head!r}", head=head)
    return [value for _, _, value in parts]


def signed(text: str, *signers: Signer) -> bytes:
    return f"{text}\n{''.join(one.line(text) for one in signers)}".encode()


class Countersignable(Protocol):
    """A kind of note that takes the signatures of others than whoever wrote it."""

    @classmethod
    def parse(cls, text: str) -> Self: ...

    def text(self) -> str: ...

    def check_second(self, key: Verifier) -> None:
        """Raises NotAllowed for a key whose signature would say more than that its owner stands by this note."""


def countersigned(note: bytes, signer: Signer, kind: type[Countersignable]) -> bytes:
    """The note with one more signature, if it is one of this kind, to the letter.

    All that a member says stands under one key: to sign a text of another kind that somebody sent would be to say it,
    be it a sign-on, an heir to the key or a checkpoint. Raises InvalidValue for another kind, or when the signer's
    signature stands there already; NotAllowed where this key has nothing to countersign.
    """
    parsed = Note.parse(note)
    found = kind.parse(parsed.text)
    if found.text() != parsed.text:
        raise InvalidValue("this note is written otherwise than its kind is: it is not signed")
    key = signer.verifier()
    found.check_second(key)
    if any((one.name, one.key_id) == (key.name, key.id) for one in parsed.signatures):
        raise InvalidValue("{name} has signed this note already", name=signer.name)
    return note + signer.line(parsed.text).encode()


def signers(note: bytes, known: Iterable[Verifier]) -> set[Verifier]:
    """Those of the known keys that signed. Raises NotVerified when a known key's signature does not hold."""
    return set(Note.parse(note).check(known))


def require(signed_by: set[Verifier], key: Verifier, what: str) -> None:
    if key not in signed_by:
        raise NotVerified("{name} has not signed {what}", name=key.name, what=what)
