"""Joint statements and the sign-on round: a member's name stands only under the exact bytes it signed.

A state machine without I/O: an event in, a new round out. A sign-on is a signed note, so it travels as a file and
anybody can check it with nothing but the member's verifier key and the text.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal, Self

from corroborate.custody import Note, Signer, Verifier
from corroborate.errors import InvalidValue, NotAllowed, NotVerified
from corroborate.values import Digest

Choice = Literal["with us", "abstains", "withdraws"]
CHOICES: tuple[Choice, ...] = ("with us", "abstains", "withdraws")
State = Literal["signed", "lapsed", "abstains", "withdrawn", "silent"]
# The first line keeps a sign-on from ever being read as a checkpoint, and the reverse.
_HEADER = "corroborate sign-on v1"
_SIGN_ON = re.compile(
    rf"{_HEADER}\nstatement (?P<statement>[a-z0-9][a-z0-9._-]*)\nlanguage (?P<language>[a-z]{{2,3}})\n"
    r"sha256 (?P<digest>[0-9a-f]{64})\nchoice (?P<choice>with us|abstains|withdraws)\n"
    r"at (?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\n"
)


@dataclass(frozen=True, slots=True)
class Version:
    """One exact text of a statement in one language. Nothing is normalised: a changed comma is another text."""

    statement: str  # name of the statement: lower-case letters, digits, dots, dashes
    number: int
    text: bytes
    language: str = "en"  # ISO 639-1

    @property
    def digest(self) -> Digest:
        return Digest.of(self.text)


@dataclass(frozen=True, slots=True)
class SignOn:
    """What a member signed: which text, with which choice, when by its own clock."""

    member: str  # name of the member's key
    statement: str
    language: str
    digest: Digest
    choice: Choice
    at: datetime
    note: bytes

    @classmethod
    def read(cls, note: bytes, members: Mapping[str, Verifier]) -> Self:
        """Read and check a sign-on. ``members``: key name -> verifier key. Raises NotVerified, InvalidValue."""
        parsed = Note.parse(note)
        found = _SIGN_ON.fullmatch(parsed.text)
        if found is None:
            raise InvalidValue("this note is no sign-on")
        signed = list(parsed.check(members.values()))
        if len(parsed.signatures) != 1 or len(signed) != 1:
            names = ", ".join(signature.name for signature in parsed.signatures)
            raise NotVerified(f"the sign-on is signed by {names}, and by no key of a member that we know")
        at = datetime.strptime(found["at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        choice = next(one for one in CHOICES if one == found["choice"])
        return cls(signed[0].name, found["statement"], found["language"], Digest(found["digest"]), choice, at, note)


def sign(signer: Signer, version: Version, choice: Choice, at: datetime) -> bytes:
    """A member's sign-on to one exact text, as a note. Nobody else's key can make it."""
    text = (
        f"{_HEADER}\nstatement {version.statement}\nlanguage {version.language}\nsha256 {version.digest}\n"
        f"choice {choice}\nat {at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}\n"
    )
    if _SIGN_ON.fullmatch(text) is None:
        raise InvalidValue(f"{version.statement!r} in {version.language!r} is no name of a statement and language")
    return f"{text}\n{signer.line(text)}".encode()


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands, or does not, beside one member's name."""

    member: str
    state: State
    digest: Digest | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """A sign-on round: versions in order, members by key name, what was received in order of arrival."""

    members: Mapping[str, Verifier]
    versions: tuple[Version, ...] = ()
    received: tuple[SignOn, ...] = ()
    deadline: datetime | None = None

    @property
    def current(self) -> Version:
        if not self.versions:
            raise NotAllowed("the round has no text yet")
        return self.versions[-1]

    def propose(self, version: Version) -> "Round":
        """Put a text up. Any other bytes than the last make a new version, and sign-ons to the last fall away."""
        if self.versions:
            if version.statement != self.current.statement or version.language != self.current.language:
                raise NotAllowed(f"the round is about {self.current.statement} in {self.current.language}")
            if version.digest == self.current.digest:
                raise NotAllowed("this text is the one that already stands")
            if version.number != self.current.number + 1:
                raise NotAllowed(f"version {version.number} does not follow version {self.current.number}")
        return replace(self, versions=(*self.versions, version))

    def receive(self, note: bytes, at: datetime) -> "Round":
        """Take a sign-on in that arrived at a time. Refused: an unknown key, another text, after the deadline, older
        than what the member said last."""
        one = SignOn.read(note, self.members)
        if one.statement != self.current.statement or one.language != self.current.language:
            raise NotAllowed(f"the sign-on is to {one.statement} in {one.language}, not to {self.current.statement}")
        if one.choice != "withdraws":
            if one.digest != self.current.digest:
                raise NotAllowed(
                    f"{one.member} signed another text ({one.digest.hex[:12]}…) than the one that stands "
                    f"({self.current.digest.hex[:12]}…)"
                )
            if self.deadline is not None and at > self.deadline:
                raise NotAllowed(f"the round closed at {self.deadline:%Y-%m-%d %H:%M} UTC")
        last = self._last(one.member)
        if last is not None and one.at <= last.at:
            raise NotAllowed(f"{one.member} has said something later, at {last.at:%Y-%m-%d %H:%M:%S} UTC")
        return replace(self, received=(*self.received, one))

    def _last(self, member: str) -> SignOn | None:
        return next((one for one in reversed(self.received) if one.member == member), None)

    def standing(self) -> tuple[Standing, ...]:
        """Every member, in the order of the register. A member who has not spoken is silent, never assumed."""
        return tuple(self._of(member) for member in self.members)

    def _of(self, member: str) -> Standing:
        last = self._last(member)
        if last is None:
            return Standing(member, "silent")
        if last.choice == "withdraws":
            return Standing(member, "withdrawn", last.digest, last.at)
        if last.digest != self.current.digest:
            return Standing(member, "lapsed", last.digest, last.at)
        return Standing(member, "signed" if last.choice == "with us" else "abstains", last.digest, last.at)


def compare(before: str, after: str) -> tuple[str, ...]:
    """What changed between two texts, word by word: lines of ``- …`` and ``+ …`` with what stands around them."""
    old, new = (re.findall(r"\s+|\w+|[^\w\s]", text) for text in (before, after))
    changes = []
    for kind, a, b, c, d in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind != "equal":
            around = "".join(old[max(0, a - 8) : a]).replace("\n", " ").strip()
            changes.append(f"after “{around}”: - {''.join(old[a:b])!r} + {''.join(new[c:d])!r}")
    return tuple(changes)
