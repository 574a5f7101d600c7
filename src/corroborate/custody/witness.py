"""What a witness does with a checkpoint (C2SP tlog-witness, `add-checkpoint`): event in, state and effects out.

No clock, no network, no disk: the node answers over HTTP, the command answers on a stick, a simulation in memory, and
all three call :func:`add_checkpoint`. The caller reads the state, calls, and stores the effects **in one transaction**
before it gives the answer away; else two requests at once could roll the state back (section "add-checkpoint", end).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Self

from corroborate.custody.merkle import EMPTY_ROOT, check_consistency, consistent_roots
from corroborate.custody.notes import LARGEST, Checkpoint, Note, Signer, Verifier
from corroborate.custody.proofs import read_hashes, write_hashes
from corroborate.errors import InvalidValue, NotAllowed, NotVerified

SIZE_TYPE = "text/x.tlog.size"
NOTE_TYPE = "text/plain; charset=utf-8"
_OLD = re.compile(r"old (0|[1-9]\d{0,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest checkpoint of one log that this witness has cosigned. Size 0 without a note: none yet."""

    size: int = 0
    root: bytes = EMPTY_ROOT
    note: bytes = b""  # as the log signed it, with this witness's cosignature


@dataclass(frozen=True, slots=True)
class Watched:
    """A log that this witness cosigns: the keys it signs with now, what was seen, and keys that it had before.

    What an earlier key signed is still evidence; a new checkpoint under it is refused.
    """

    keys: tuple[Verifier, ...]
    seen: Seen = Seen()
    earlier: tuple[Verifier, ...] = ()

    @property
    def origin(self) -> str:
        return self.keys[0].name


@dataclass(frozen=True, slots=True)
class Request:
    """An `add-checkpoint` request: the size cosigned before, the proof from there, the checkpoint's note."""

    old: int
    proof: tuple[bytes, ...]
    note: bytes

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Read a request's body. Raises InvalidValue."""
        if len(content) > 2 * LARGEST:
            raise InvalidValue("a request of {number} bytes is too long", number=len(content))
        head, gap, note = content.partition(b"\n\n")
        try:
            first, *lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError as error:
            raise InvalidValue("the head of the request is not plain text") from error
        found = _OLD.fullmatch(first)
        if not gap or found is None:
            raise InvalidValue("a request begins with a line such as `old 0`, and an empty line before the checkpoint")
        return cls(int(found[1]), read_hashes(lines), note)

    def text(self) -> bytes:
        return f"old {self.old}\n{write_hashes(self.proof)}\n".encode() + self.note


@dataclass(frozen=True, slots=True)
class SplitView:
    """Two checkpoints of one log that cannot both be true, each signed by its key: proof that it showed two histories.

    ``proof``: empty when both are of one size; otherwise the consistency proof that leads to the newer root and to
    another older root than the one that was signed.
    """

    origin: str
    older: bytes
    newer: bytes
    proof: tuple[bytes, ...] = ()

    def check(self, keys: Sequence[Verifier]) -> None:
        """Whether a stranger may rely on it. Raises NotVerified."""
        first, second = (_signed(note, keys) for note in (self.older, self.newer))
        if first is None or second is None or {first.origin, second.origin} != {self.origin}:
            raise NotVerified(
                "{origin} has not signed both checkpoints: they prove nothing against it", origin=self.origin
            )
        if not _contradict(first, second, self.proof):
            raise NotVerified("the two checkpoints may both be true: they prove nothing")


@dataclass(frozen=True, slots=True)
class Remember:
    """Effect: store what was seen of a log, before the answer leaves."""

    origin: str
    seen: Seen


@dataclass(frozen=True, slots=True)
class Suspect:
    """Effect: a signed checkpoint whose log did not show that it goes on from the one seen. An open question."""

    origin: str
    older: bytes
    newer: bytes


Effect = Remember | SplitView | Suspect
Status = Literal[200, 400, 403, 404, 409, 422]


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, or the file that goes back on the stick."""

    status: Status
    body: bytes
    content_type: str = NOTE_TYPE


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to store, and then what to answer."""

    answer: Answer
    effects: tuple[Effect, ...] = ()


def _signed(note: bytes, keys: Sequence[Verifier]) -> Checkpoint | None:
    """The checkpoint, if one of the keys signed it. A key's line that does not hold raises NotVerified."""
    parsed = Note.parse(note)
    return Checkpoint.parse(parsed.text) if parsed.check(keys) else None


def _contradict(first: Checkpoint, second: Checkpoint, proof: Sequence[bytes]) -> bool:
    if first.size == second.size:
        return first.root != second.root
    if not 0 < first.size < second.size:
        return False
    try:
        old_root, root = consistent_roots(first.size, second.size, proof, first.root)
    except NotVerified:
        return False
    return root == second.root and old_root != first.root


def compare(older: bytes, newer: bytes, proof: Sequence[bytes], keys: Sequence[Verifier]) -> SplitView | Suspect | None:
    """What two notes of one log say of it: nothing, that it lied, or that it must still show how they fit.

    ``proof``: consistency from the smaller to the larger size, where the reader has one. Raises InvalidValue and
    NotVerified for a note that is none, or that the log's key did not sign: such a note says nothing of the log.
    """
    pair = []
    for note in (older, newer):
        checkpoint = _signed(note, keys)
        if checkpoint is None or checkpoint.origin != keys[0].name:
            raise NotVerified("this checkpoint is not signed by {name}", name=keys[0].name)
        pair.append((checkpoint.size, note, checkpoint))
    (_, older, first), (_, newer, second) = sorted(pair, key=lambda one: one[0])
    if _contradict(first, second, proof):
        return SplitView(first.origin, older, newer, () if first.size == second.size else tuple(proof))
    if first.size in (0, second.size):
        return None
    try:
        check_consistency(first.size, second.size, proof, first.root, second.root)
    except NotVerified:
        return Suspect(first.origin, older, newer)
    return None


def add_checkpoint(content: bytes, logs: Mapping[str, Watched], witness: Signer, at: datetime) -> Outcome:
    """Answer a request. ``logs``: the watched ones by origin; this witness's own organisation is never among them.

    The numbered steps are the specification's, in its order.
    """
    try:
        request = Request.parse(content)
        note = Note.parse(request.note)
        checkpoint = Checkpoint.parse(note.text)
    except InvalidValue as error:
        return _refused(400, str(error))
    # 1. A log that we know.
    log = logs.get(checkpoint.origin)
    if log is None:
        return _refused(404, f"no log {checkpoint.origin} is watched here")
    if any(key.public == witness.verifier().public for key in log.keys):
        return _refused(404, "a log's own key cannot witness it")
    # 2. Signed by its key; a line of that key that does not hold spoils the note.
    try:
        if not note.check(log.keys):
            return _refused(403, f"{checkpoint.origin} has not signed this checkpoint")
    except NotVerified as error:
        return _refused(403, str(error))
    # 3. The old size is not beyond the new one.
    if request.old > checkpoint.size:
        return _refused(400, f"the old size {request.old} is beyond the checkpoint's {checkpoint.size}")
    # From here on the log stands by its checkpoint: where it is refused, what does not fit is kept as evidence.
    # 4. The old size is the one that we cosigned last.
    if request.old != log.seen.size:
        return Outcome(Answer(409, f"{log.seen.size}\n".encode(), SIZE_TYPE), _evidence(request, checkpoint, log))
    # 5. An empty log has the empty tree's root.
    if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        return _refused(422, "an empty log has another root than RFC 6962 gives it")
    # 6. From nothing no proof is needed, and none is taken: it would prove nothing.
    if request.old == 0:
        if request.proof:
            return _refused(422, "a proof from an empty log proves nothing and must not be there")
    # 7. The proof leads from the old root to the new one; at one size both are the same and the proof is empty.
    else:
        try:
            check_consistency(request.old, checkpoint.size, request.proof, log.seen.root, checkpoint.root)
        except NotVerified as error:
            return _refused(422, str(error), _evidence(request, checkpoint, log))
    # 8. Remember, then answer.
    line = witness.cosignature_line(note.text, at).encode()
    kept = _own_lines(request.note, log.keys) + line
    return Outcome(Answer(200, line), (Remember(checkpoint.origin, Seen(checkpoint.size, checkpoint.root, kept)),))


def _refused(status: Status, why: str, effects: tuple[Effect, ...] = ()) -> Outcome:
    return Outcome(Answer(status, (why + "\n").encode()), effects)


def _evidence(request: Request, checkpoint: Checkpoint, log: Watched) -> tuple[Effect, ...]:
    """What a refused checkpoint, signed by the log, says against it beside the one that was cosigned before."""
    if not log.seen.note:
        return ()
    seen = Checkpoint(log.origin, log.seen.size, log.seen.root)
    pairs = sorted(
        [(seen.size, log.seen.note, seen), (checkpoint.size, request.note, checkpoint)], key=lambda one: one[0]
    )
    (_, older, first), (_, newer, second) = pairs
    if _contradict(first, second, request.proof):
        return (SplitView(log.origin, older, newer, () if first.size == second.size else request.proof),)
    # A request with another old size came without the proof that we need: that alone says nothing against the log.
    return (Suspect(log.origin, older, newer),) if request.old == log.seen.size else ()


def _own_lines(note: bytes, keys: Sequence[Verifier]) -> bytes:
    """The note with the log's signatures and nobody else's: what others put under it is not ours to pass on."""
    text, _, lines = note.decode().rpartition("\n\n")
    known = {(key.name, key.id) for key in keys}
    given = zip(lines.split("\n"), Note.parse(note).signatures, strict=False)  # an empty piece after the last line end
    kept = [line + "\n" for line, signature in given if (signature.name, signature.key_id) in known]
    return f"{text}\n\n{''.join(kept)}".encode()


def request_for(note: bytes, old: int, proof: Sequence[bytes]) -> bytes:
    """What a log sends to a witness that cosigned it at size ``old`` (0: never)."""
    return Request(old, tuple(proof), note).text()


def read_answer(answer: bytes, note: bytes, witnesses: Sequence[Verifier]) -> list[str]:
    """The cosignatures in a witness's answer that hold, as lines; those of unknown keys are passed over.

    Raises InvalidValue when it is no answer, NotVerified when a known witness's line does not hold.
    """
    lines = []
    try:
        given = [line + "\n" for line in answer.decode("utf-8").split("\n") if line]
    except UnicodeDecodeError as error:
        raise InvalidValue("the answer is not UTF-8") from error
    for line in given:
        following = Note.parse(note + line.encode())
        added = following.signatures[-1]
        for key in witnesses:
            if (key.name, key.id) == (added.name, added.key_id):
                key.check(following.text, added.raw)
                lines.append(line)
    return lines


def cosign(
    note: bytes, proof: Sequence[bytes], *, log: Verifier, seen: Seen, witness: Signer, at: datetime
) -> tuple[Seen, str]:
    """Check one log's checkpoint against what was seen; return what is seen now and the cosignature's line.

    The same rules as :func:`add_checkpoint`, for a caller that knows the log. Raises NotAllowed and NotVerified.
    """
    if witness.verifier().public == log.public:
        raise NotAllowed("a log's own key cannot witness it")
    if Checkpoint.parse(Note.parse(note).text).origin != log.name:
        raise NotVerified("no log {origin} is known here", origin=Checkpoint.parse(Note.parse(note).text).origin)
    size = Checkpoint.parse(Note.parse(note).text).size
    if size < seen.size:
        raise NotVerified(
            ("{name} shows {size} entry; it had {size2} before", "{name} shows {size} entries; it had {size2} before"),
            name=log.name,
            size=size,
            size2=seen.size,
        )
    outcome = add_checkpoint(request_for(note, seen.size, proof), {log.name: Watched((log,), seen)}, witness, at)
    for effect in outcome.effects:
        if isinstance(effect, Remember):
            return effect.seen, outcome.answer.body.decode()
    raise NotVerified(outcome.answer.body.decode().strip())
