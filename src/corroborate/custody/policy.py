"""Whose signatures count: the log's own key, and a quorum of witnesses (C2SP tlog-policy)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from corroborate.custody.notes import Checkpoint, Note, Verifier
from corroborate.errors import InvalidValue, NotVerified


@dataclass(frozen=True, slots=True)
class Policy:
    """One log, its witnesses by organisation, and how many organisations must have cosigned."""

    log: Verifier
    witnesses: Mapping[str, Verifier]
    quorum: int

    def __post_init__(self) -> None:
        keys = [self.log.public, *(key.public for key in self.witnesses.values())]
        if len(set(keys)) != len(keys):
            raise InvalidValue(
                "a key stands twice in the policy: a log cannot witness itself, nor a witness count twice"
            )
        if not 0 <= self.quorum <= len(self.witnesses):
            raise InvalidValue(f"{self.quorum} of {len(self.witnesses)} witnesses cannot be asked for")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``log VKEY``, ``witness NAME VKEY``, ``group NAME COUNT NAME…`` and ``quorum NAME``."""
        logs: list[Verifier] = []
        witnesses: dict[str, Verifier] = {}
        groups: dict[str, tuple[int, list[str]]] = {}
        quorum = "none"
        for line in text.splitlines():
            match line.split("#")[0].split():
                case []:
                    continue
                case ["log", key]:
                    logs.append(Verifier.parse(key))
                case ["witness", name, key]:
                    witnesses[name] = Verifier.parse(key)
                case ["group", name, count, *names] if set(names) <= set(witnesses):
                    number = {"all": str(len(names)), "any": "1"}.get(count, count)
                    if not re.fullmatch(r"\d+", number, re.ASCII):
                        raise InvalidValue(f"{count!r} is no number of witnesses")
                    groups[name] = (int(number), names)
                case ["quorum", name]:
                    quorum = name
                case _:
                    raise InvalidValue(f"the policy's line {line!r} is not understood")
        if len(logs) != 1:
            raise InvalidValue(f"the policy names {len(logs)} logs, not one")
        if quorum == "none":
            return cls(logs[0], witnesses, 0)
        if quorum not in groups:
            raise InvalidValue(f"the policy has no group {quorum!r}")
        least, names = groups[quorum]
        return cls(logs[0], {name: witnesses[name] for name in names}, least)

    def text(self) -> str:
        lines = [f"log {self.log}", *(f"witness {name} {key}" for name, key in self.witnesses.items())]
        if self.quorum:
            lines += [f"group members {self.quorum} {' '.join(self.witnesses)}", "quorum members"]
        else:
            lines.append("quorum none")
        return "\n".join(lines) + "\n"

    def check(self, note: bytes) -> "Witnessed":
        """Check a checkpoint's signatures. Raises NotVerified when the log's own or the quorum is missing."""
        signed = Note.parse(note)
        checkpoint = Checkpoint.parse(signed.text)
        if checkpoint.origin != self.log.name:
            raise NotVerified(f"the checkpoint is of {checkpoint.origin}, the policy is for {self.log.name}")
        found = signed.check([self.log, *self.witnesses.values()])
        if self.log not in found:
            raise NotVerified(f"{self.log.name} has not signed this checkpoint")
        times = {name: at for name, key in self.witnesses.items() if key in found and (at := found[key]) is not None}
        if len(times) < self.quorum:
            raise NotVerified(f"{len(times)} witnesses have cosigned; the policy asks for {self.quorum}")
        return Witnessed(checkpoint, times)


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A checkpoint that fulfils a policy, and when each witness saw it."""

    checkpoint: Checkpoint
    times: Mapping[str, datetime]
