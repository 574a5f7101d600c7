"""A log's keys over time: rotation, revocation, and what was signed before either.

The changes are notes of their own. Each is sealed as an entry of the log it is about, so the list of keys is under the
same cosigned checkpoints as everything else. A private key is never in a note, never in a backup of another member,
and never in escrow: a lost one is revoked.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Self, cast, get_args

from corroborate.custody import statements
from corroborate.custody.enrolment import COUNTERSIGNERS, Enrolment, same_words, voices_under
from corroborate.custody.notes import ED25519, Checkpoint, Note, Signer, Verifier
from corroborate.custody.policy import Policy, Witnessed
from corroborate.errors import InvalidValue, NotAllowed, NotVerified

Why = Literal["rotation", "revocation"]
_HEAD = "corroborate key change v1"


@dataclass(frozen=True, slots=True)
class KeyChange:
    """From one key of a log to the next. ``size`` is the cut-off: checkpoints up to it stand under the old key."""

    why: Why
    old: Verifier
    new: Verifier
    size: int
    at: datetime

    def __post_init__(self) -> None:
        if self.why not in get_args(Why) or {self.old.kind, self.new.kind} != {ED25519} or self.size < 0:
            raise InvalidValue("this is no change of a log's key")
        if self.old.name != self.new.name or self.old.public == self.new.public:
            raise InvalidValue("a log keeps its name when its key changes, and takes another key")

    def text(self) -> str:
        return statements.write(
            _HEAD,
            [("why", self.why), ("old", str(self.old)), ("new", str(self.new)), ("size", str(self.size)),
             ("at", statements.write_time(self.at))],
        )  # fmt: skip

    def check_second(self, key: Verifier) -> None:
        """Whoever countersigns stands by another member's new key; its own key under such a note would name an heir."""
        if self.why == "rotation":
            raise NotAllowed(
                "this is a planned change of the key of {name}, which nobody countersigns: its old key signs it",
                name=self.old.name,
            )
        if key.public in (self.old.public, self.new.public) or key.name == self.old.name:
            raise NotAllowed("this note is about your own key: others countersign it, and you do not")

    @classmethod
    def parse(cls, text: str) -> Self:
        why, old, new, size, at = statements.read(text, _HEAD, ("why", "old", "new", "size", "at"))
        if not (size.isascii() and size.isdigit() and str(int(size[:20])) == size):
            raise InvalidValue("{size!r} is no size of a log", size=size[:20])
        return cls(cast("Why", why), Verifier.parse(old), Verifier.parse(new), int(size), statements.read_time(at))


def rotate(old: Signer, new: Signer, size: int, at: datetime) -> bytes:
    """A planned change, signed by both keys: the old one names its successor, the new one takes over."""
    change = KeyChange("rotation", old.verifier(), new.verifier(), size, at)
    return statements.signed(change.text(), old, new)


def revoke(old: Verifier, new: Signer, size: int, at: datetime) -> bytes:
    """An old key that is lost or in other hands; only the new one signs, and two members must countersign."""
    return statements.signed(KeyChange("revocation", old, new.verifier(), size, at).text(), new)


def is_change(note: bytes) -> bool:
    """Whether a signed note is about a change of key."""
    return Note.parse(note).text.startswith(_HEAD + "\n")


def countersign(note: bytes, signer: Signer, heard: str) -> bytes:
    """Sign for another member's revocation, whose new key's words were heard from its owner. NotVerified otherwise."""
    change = KeyChange.parse(Note.parse(note).text)
    statements.require(statements.signers(note, [change.new]), change.new, "for its own key")
    if not same_words(change.new, heard):
        raise NotVerified("these are not the words of the new key of {name}", name=change.new.name)
    return statements.countersigned(note, signer, KeyChange)


@dataclass(frozen=True, slots=True)
class KeyHistory:
    """All keys that a log has had, from its enrolment on."""

    first: Verifier
    changes: tuple[KeyChange, ...] = ()

    @property
    def newest(self) -> Verifier:
        return self.changes[-1].new if self.changes else self.first

    @property
    def keys(self) -> tuple[Verifier, ...]:
        """The newest first."""
        return (*(change.new for change in reversed(self.changes)), self.first)

    def after(self, note: bytes, roster: Sequence[Enrolment] = (), voice: str = "") -> "KeyHistory":
        """The history with one more change. ``roster``: the members, each with its key of today; ``voice``: of the
        log's owner.

        1. It follows the newest key, and no key comes back.  2. The cut-off does not go back.  3. The new key has
        signed.  4. A rotation is signed by the old key as well; a revocation by two members of other voices, because
        whoever stole the old key would otherwise be its heir. Raises NotVerified and NotAllowed.
        """
        after = self.replayed(note)
        if after.changes[-1].why == "revocation":
            self._countersigned(note, roster, voice)
        return after

    def replayed(self, note: bytes) -> "KeyHistory":
        """Steps 1 to 3, and of a rotation 4: for a note whose countersignatures were counted when it came in.

        Those who countersigned may have other keys now, and their word of then stands.
        """
        change = KeyChange.parse(Note.parse(note).text)
        if change.old != self.newest:
            raise NotVerified("{name} has another key now than the one that this note replaces", name=change.old.name)
        if any(change.new.public == key.public for key in self.keys):
            raise NotAllowed("a key that was replaced does not come back")
        if self.changes and change.size < self.changes[-1].size:
            raise NotVerified("the cut-off lies before that of the change before")
        signed = statements.signers(note, [change.old, change.new])
        statements.require(signed, change.new, "for its own key")
        if change.why == "rotation":
            statements.require(signed, change.old, "for its successor")
        return replace(self, changes=(*self.changes, change))

    def _countersigned(self, note: bytes, roster: Sequence[Enrolment], voice: str) -> None:
        own = [name for member in roster if member.key.name == self.first.name for name in member.names]
        voices = voices_under(note, [voice, self.first.name, *own], roster)
        if voices < COUNTERSIGNERS:
            raise NotAllowed(
                (
                    "{number} other member has signed this revocation; it takes {countersigners}",
                    "{number} other members have signed this revocation; it takes {countersigners}",
                ),
                number=voices,
                countersigners=COUNTERSIGNERS,
            )

    def ended(self, note: bytes) -> KeyChange | None:
        """The change that ended the key which signed a checkpoint; None where it stands, or signed with none of them.
        Where several keys signed, the newest is looked at. Raises NotVerified for a line that does not hold."""
        found = Note.parse(note).check(self.keys)
        signer = next((key for key in self.keys if key in found), None)
        return next((change for change in self.changes if change.old == signer), None)

    def of_its_time(self, note: bytes, policy: Policy | None, *, held: Callable[[KeyChange], bool]) -> bool:
        """Whether a checkpoint speaks for its log: whoever has a key that was given up can sign whatever it likes.

        What a key signed while it stood does: under a planned change everything up to its cut-off. Beyond it, and for a
        revoked key up to it, the reader held the checkpoint before the change (``held``), or a quorum had cosigned it.
        Over the cut-off of a revocation, which two others countersigned, nothing does.
        """
        change = self.ended(note)
        if change is None:
            return True
        within = Checkpoint.parse(Note.parse(note).text).size <= change.size
        if change.why == "rotation" and within:
            return True
        if change.why == "revocation" and not within:
            return False
        return held(change) or self._cosigned(note, change, policy)

    @staticmethod
    def _cosigned(note: bytes, change: KeyChange, policy: Policy | None) -> bool:
        if policy is None:
            return False
        try:
            _before(replace(policy, log=change.old, earlier=()).check(note).times, change, policy)
        except NotVerified:
            return False
        return True

    def check(self, note: bytes, policy: Policy) -> Witnessed:
        """Check a checkpoint under the key that its size and its witnesses' times call for.

        ``policy``: whose witnesses count. What a replaced key signed stands up to its cut-off, and if the key was
        revoked only when the quorum's cosignatures are older than the revocation: the thief may have the key, but not
        the witnesses' past. Raises NotVerified.
        """
        signed = Note.parse(note)
        size = Checkpoint.parse(signed.text).size
        signer = next((key for key in self.keys if key in signed.check(self.keys)), None)
        if signer is None:
            raise NotVerified("{name} has not signed this checkpoint with any of its keys", name=self.first.name)
        witnessed = replace(policy, log=signer, earlier=()).check(note)
        for change in self.changes:
            if change.old != signer:
                continue
            if size > change.size:
                raise NotVerified(
                    (
                        "the key that signed was replaced at {size} entry; this checkpoint has {size2}",
                        "the key that signed was replaced at {size} entries; this checkpoint has {size2}",
                    ),
                    size=change.size,
                    size2=size,
                )
            if change.why == "revocation":
                _before(witnessed.times, change, policy)
        return witnessed


def _before(times: Mapping[str, datetime], change: KeyChange, policy: Policy) -> None:
    older: Collection[str] = [name for name, at in times.items() if at < change.at]
    if not older or not policy.fulfilled(older):
        raise NotVerified("the key that signed was revoked, and no quorum had cosigned before that")
