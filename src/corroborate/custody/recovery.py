"""What a vault may sign after it came back from a backup, and how a log goes on whose entries are lost.

A vault that signs from an old backup signs a second history, and every witness will hold the proof of it. So a
restored vault asks first: what did you cosign last of mine? Answers of n - k + 1 + f of n organisations meet every
quorum of k in at least one that tells the truth (f may lie), so the newest cosigned checkpoint is among them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from corroborate.custody.merkle import HashTree
from corroborate.custody.notes import Checkpoint, Note, Verifier
from corroborate.errors import InvalidValue, NotVerified
from corroborate.translation import Sentence
from corroborate.values import JSON, canonical

State = Literal["free", "asking", "behind", "forked"]


def answers_needed(organisations: int, quorum: int, faulty: int = 0) -> int:
    """How many organisations must say what they cosigned last."""
    if not 0 <= faulty < organisations or not 0 <= quorum <= organisations:
        raise InvalidValue(
            "no quorum of {quorum} among {organisations} organisations of which {faulty} lie",
            quorum=quorum,
            organisations=organisations,
            faulty=faulty,
        )
    return min(organisations, organisations - quorum + 1 + faulty)


@dataclass(frozen=True, slots=True)
class RestoreStatus:
    """Whether this vault may sign, and the newest checkpoint of its own that others showed it.

    ``asking``: too few have answered. ``behind``: others hold entries that this vault has not. ``forked``: others hold
    other entries than this vault. In both the log cannot go on; see :func:`continuation`.
    """

    state: State
    found: str
    newest: bytes | None = None

    @property
    def may_sign(self) -> bool:
        return self.state == "free"


def status_of(tree: HashTree, key: Verifier, answers: Mapping[str, bytes | None], needed: int) -> RestoreStatus:
    """Judge a restored vault. ``answers``: by organisation, its newest note of our log, or None for "never seen".

    A note that our own key did not sign is no answer. Raises NotVerified then, with whose it was.
    """
    newest: tuple[int, bytes] | None = None
    for organisation, note in answers.items():
        if note is None:
            continue
        parsed = Note.parse(note)
        checkpoint = Checkpoint.parse(parsed.text)
        if checkpoint.origin != key.name or not parsed.check([key]):
            raise NotVerified("what {organisation} sent is no checkpoint of ours", organisation=organisation)
        if checkpoint.size <= tree.size and tree.root(checkpoint.size) != checkpoint.root:
            return RestoreStatus(
                "forked",
                Sentence(
                    "{organisation} holds other entries than this vault below {size}",
                    organisation=organisation,
                    size=checkpoint.size,
                ),
                note,
            )
        if newest is None or checkpoint.size > newest[0]:
            newest = checkpoint.size, note
    if newest is not None and newest[0] > tree.size:
        return RestoreStatus(
            "behind",
            Sentence(
                (
                    "{newest} entry was cosigned; this vault holds {size}",
                    "{newest} entries were cosigned; this vault holds {size}",
                ),
                newest=newest[0],
                size=tree.size,
            ),
            newest[1],
        )
    if len(answers) < needed:
        return RestoreStatus(
            "asking",
            Sentence(
                (
                    "{number} organisation has answered; it takes {needed}",
                    "{number} organisations have answered; it takes {needed}",
                ),
                number=len(answers),
                needed=needed,
            ),
        )
    return RestoreStatus("free", "the newest cosigned checkpoint is here", None if newest is None else newest[1])


def continuation(old: bytes, new_origin: str, lost_from: int, at: datetime) -> bytes:
    """The first record of a log that goes on from one whose entries are lost: canonical JSON, to be sealed as entry 0.

    ``old``: the newest cosigned checkpoint of the old log. ``lost_from``: the first index that is lost or other here.
    """
    checkpoint = Checkpoint.parse(Note.parse(old).text)
    if new_origin == checkpoint.origin:
        raise InvalidValue("a log that lost entries goes on under a new name: its old name has one history")
    record: dict[str, JSON] = {
        "version": 1,
        "continues": checkpoint.origin,
        "as": new_origin,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
        "checkpoint": old.decode(),
        "lost_from": lost_from,
        "at": at.isoformat(),
    }
    return canonical(record)
