"""Proofs that travel by themselves (C2SP tlog-proof): index, hashes, checkpoint, and for a seal its salt."""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from corroborate.custody.merkle import check_inclusion, leaf_hash
from corroborate.custody.notes import LARGEST, decode_base64
from corroborate.custody.policy import Policy, Witnessed
from corroborate.custody.seals import seal
from corroborate.errors import InvalidValue

MOST = 63  # hashes in a proof: a log has fewer than 2**63 entries
_HEAD = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9]\d{0,18})", re.ASCII)


def read_hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    """Hashes of 32 bytes in base64, one a line, at most 63 (tlog-proof, tlog-witness)."""
    if len(lines) > MOST:
        raise InvalidValue("a proof of {number} hashes is longer than any log needs", number=len(lines))
    hashes = tuple(decode_base64(line) for line in lines)
    if any(len(one) != 32 for one in hashes):
        raise InvalidValue("a hash in the proof is not 32 bytes long")
    return hashes


def write_hashes(hashes: Sequence[bytes]) -> str:
    return "".join(base64.b64encode(one).decode() + "\n" for one in hashes)


@dataclass(frozen=True, slots=True)
class Proof:
    """That an entry stands at an index of a log. ``extra`` is not authenticated: for a seal it is the salt."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes  # a signed note
    extra: bytes = b""

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Read a ``.tlog-proof``. Raises InvalidValue for anything that two readers might read differently."""
        if len(content) > 2 * LARGEST:
            raise InvalidValue("a proof of {number} bytes is too long", number=len(content))
        head, gap, note = content.partition(b"\n\n")
        try:
            lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError as error:
            raise InvalidValue("the head of the proof is not plain text") from error
        if not gap or lines.pop(0) != _HEAD:
            raise InvalidValue("this is no tlog-proof of version 1")
        extra = decode_base64(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else b""
        found = _INDEX.fullmatch(lines.pop(0)) if lines else None
        if found is None:
            raise InvalidValue("the proof has no line for the index")
        return cls(int(found[1]), read_hashes(lines), note, extra)

    def text(self) -> bytes:
        extra = f"extra {base64.b64encode(self.extra).decode()}\n" if self.extra else ""
        return f"{_HEAD}\n{extra}index {self.index}\n{write_hashes(self.hashes)}\n".encode() + self.checkpoint

    def check(self, entry: bytes, policy: Policy) -> Witnessed:
        """Raises NotVerified unless the checkpoint fulfils the policy and the entry stands at the index."""
        witnessed = policy.check(self.checkpoint)
        checkpoint = witnessed.checkpoint
        check_inclusion(leaf_hash(entry), self.index, checkpoint.size, self.hashes, checkpoint.root)
        return witnessed

    def check_record(self, record: bytes, policy: Policy) -> Witnessed:
        """The same for a sealed record that travels with its proof: the salt of its seal is ``extra``."""
        return self.check(seal(record, self.extra).entry, policy)
