"""What a witness does with a checkpoint (C2SP tlog-witness): the new tree must begin with the one it signed before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from corroborate.custody.merkle import EMPTY_ROOT, check_consistency
from corroborate.custody.notes import Checkpoint, Note, Signer, Verifier
from corroborate.errors import NotAllowed, NotVerified


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest checkpoint of one log that this witness has cosigned. Size 0: none yet."""

    size: int = 0
    root: bytes = EMPTY_ROOT


def cosign(
    note: bytes, proof: Sequence[bytes], *, log: Verifier, seen: Seen, witness: Signer, at: datetime
) -> tuple[Seen, str]:
    """Check a checkpoint against what was seen, and return what is seen now and the cosignature's line.

    Order of answers as in tlog-witness: unknown log, bad signature, old size beyond the new, then consistency.
    """
    if witness.verifier().public == log.public:
        raise NotAllowed("a log's own key cannot witness it")
    signed = Note.parse(note)
    checkpoint = Checkpoint.parse(signed.text)
    if checkpoint.origin != log.name:
        raise NotVerified(f"no log {checkpoint.origin} is known here")
    if log not in signed.check([log]):
        raise NotVerified(f"{log.name} has not signed this checkpoint")
    if checkpoint.size < seen.size:
        raise NotVerified(f"{log.name} shows {checkpoint.size} entries; it had {seen.size} before")
    if seen.size == 0:
        if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
            raise NotVerified("an empty log has another root than RFC 6962 gives it")
    else:
        check_consistency(seen.size, checkpoint.size, proof, seen.root, checkpoint.root)
    return Seen(checkpoint.size, checkpoint.root), witness.cosignature_line(signed.text, at)
