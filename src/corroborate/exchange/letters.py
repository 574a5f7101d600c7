"""What members tell one another beside bundles: where to send them (addresses), and that they came (receipts).

Both are signed notes of ours, each under a head of its own, so that neither is read as a checkpoint or a key change.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

import pyrage

from corroborate.custody import Note, Signer, Verifier, statements
from corroborate.errors import InvalidValue, NotVerified
from corroborate.translation import Sentence
from corroborate.values import Digest, checked_id

_ADDRESS, _RECEIPT = "corroborate address v1", "corroborate receipt v1"
_ANSWER = "corroborate receipt v2"  # which says also what the receiver erased
_RECALL = "corroborate recall v1"


@dataclass(frozen=True, slots=True)
class Address:
    """The age key to which a member's bundles are encrypted."""

    origin: str  # name of the member's log
    key: str  # age1…
    at: datetime

    def __post_init__(self) -> None:
        if re.search(r"[\s\x00-\x1f]", self.origin) or not self.origin:
            raise InvalidValue("{origin!r} is no name of a log", origin=self.origin[:60])
        try:
            pyrage.x25519.Recipient.from_str(self.key)
        except pyrage.RecipientError as error:
            raise InvalidValue("{key!r} is no age public key", key=self.key[:70]) from error

    def text(self) -> str:
        return statements.write(
            _ADDRESS, [("log", self.origin), ("key", self.key), ("at", statements.write_time(self.at))]
        )

    @classmethod
    def parse(cls, text: str) -> Self:
        origin, key, at = statements.read(text, _ADDRESS, ("log", "key", "at"))
        return cls(origin, key, statements.read_time(at))


@dataclass(frozen=True, slots=True)
class Answered:
    """What the receiver of a recall did with it. ``note``: SHA-256 of the recall; ``sources``, ``claims``: of its own
    vault that it erased, or of a correction that count no more."""

    note: Digest
    sources: int
    claims: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a bundle came whole, and when, by its receiver's clock. ``digest``: SHA-256 of the age file. ``answers``: of
    each recall in it, what was done."""

    bundle: str
    digest: Digest
    at: datetime
    answers: tuple[Answered, ...] = ()

    def text(self) -> str:
        fields = [("bundle", self.bundle), ("digest", str(self.digest)), ("at", statements.write_time(self.at))]
        fields += [("erased", f"{one.note} {one.sources} {one.claims}") for one in self.answers]
        return statements.write(_ANSWER if self.answers else _RECEIPT, fields)

    @classmethod
    def parse(cls, text: str) -> Self:
        head, words = _RECEIPT, ["bundle", "digest", "at"]
        if text.startswith(_ANSWER + "\n"):
            head, words = _ANSWER, [*words, *["erased"] * (text.count("\n") - 4)]
        bundle, digest, at, *answers = statements.read(text, head, words)
        return cls(
            checked_id(bundle), Digest(digest), statements.read_time(at), tuple(_answered(one) for one in answers)
        )


def _answered(words: str) -> Answered:
    found = re.fullmatch(r"([0-9a-f]{64}) (\d{1,9}) (\d{1,9})", words)
    if found is None:
        raise InvalidValue("{words!r} says not what was erased", words=words[:90])
    return Answered(Digest(found[1]), int(found[2]), int(found[3]))


@dataclass(frozen=True, slots=True)
class Recall:
    """What a sender takes back of a release, by ids: withdrawn, to be erased; or corrected, to be used no more."""

    origin: str
    release: str
    number: int
    reason: str
    at: datetime
    records: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        head, *lines = text.removesuffix("\n").split("\n")
        parts = [line.partition(" ")[::2] for line in lines]
        said = dict(parts[:5])
        if head != _RECALL or [word for word, _ in parts[:5]] != ["log", "release", "number", "reason", "at"]:
            raise InvalidValue("this is no note of a recall")
        if unknown := {word for word, _ in parts[5:]} - {"person", "figures", "erase"}:
            raise InvalidValue("the recall has a line we do not know: {line!r}", line=min(unknown)[:60])
        if said["reason"] not in ("withdrawn", "corrected", "consent") or not re.fullmatch(r"\d{1,9}", said["number"]):
            raise InvalidValue("this is no note of a recall")
        return cls(
            said["log"],
            checked_id(said["release"]),
            int(said["number"]),
            said["reason"],
            statements.read_time(said["at"]),
            tuple(checked_id(value) for word, value in parts[5:] if word == "erase"),
        )


def read_recall(note: bytes, keys: Sequence[Verifier]) -> Recall:
    """A recall that its sender signed with a key that it has, or had. Raises NotVerified."""
    found = Recall.parse(Note.parse(note).text)
    if found.origin not in {one.name for one in statements.signers(note, keys)}:
        raise NotVerified("{origin} has not signed {what}", origin=found.origin, what="its recall")
    return found


def signed(letter: Address | Receipt, signer: Signer) -> bytes:
    """The note. An address is signed by the log that it names."""
    if isinstance(letter, Address) and letter.origin != signer.name:
        raise InvalidValue("{name} gives no address for {origin}", name=signer.name, origin=letter.origin)
    return statements.signed(letter.text(), signer)


def read_address(note: bytes, members: Mapping[str, Verifier]) -> Address:
    """An address that a member signed with the key it has now. ``members``: by log. Raises NotVerified."""
    found = Address.parse(Note.parse(note).text)
    if found.origin not in members:
        raise NotVerified("{origin} is not enrolled here", origin=found.origin)
    key = members[found.origin]
    if key not in statements.signers(note, [key]):
        error = NotVerified("{name} has not signed {what}", name=key.name, what="its address")
        error.remedy = Sentence(
            "Where its key changed since, ask {name} for its address again (corroborate exchange address).",
            name=key.name,
        )
        raise error
    return found


def read_receipt(
    note: bytes, members: Mapping[str, Verifier], replaced: Sequence[Verifier] = ()
) -> tuple[str, Receipt]:
    """A receipt, and the log of the one member that signed it. ``replaced``: keys that members had. Raises
    NotVerified: a receipt of such a key may say that something was erased, and be another's."""
    found = Receipt.parse(Note.parse(note).text)
    by = statements.signers(note, members.values())
    if not by and (before := statements.signers(note, replaced)):
        name = before.pop().name
        error = NotVerified("the receipt is signed with a key that {name} has replaced", name=name)
        error.remedy = Sentence(
            "Ask {name} to receive the bundle once more: nothing is done again, and a new receipt is written.",
            name=name,
        )
        raise error
    if len(by) != 1:
        raise NotVerified("the receipt is not signed by exactly one member with the key it has now")
    return by.pop().name, found
