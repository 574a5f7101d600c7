"""Whose signatures count: a log's own keys, and a quorum of witnesses in groups (C2SP tlog-policy).

Stricter than the specification in three places: a key is never both a log's and a witness's, names are UTF-8, and all
logs of a policy carry one name (a log keeps its name when its key changes).
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from corroborate.custody.notes import COSIGNATURE_V1, ED25519, Checkpoint, Note, Verifier
from corroborate.errors import InvalidValue, NotVerified
from corroborate.translation import Sentence

MEMBERS = "members"  # the group that a plain number of witnesses stands for
NONE = "none"
LARGEST = 1 << 20  # bytes of a policy
_LINE = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f]*")
_NAME = re.compile(r"[^ \t\n]+")


@dataclass(frozen=True, slots=True)
class Group:
    """At least ``least`` of some witnesses or groups."""

    least: int
    members: tuple[str, ...]

    def __post_init__(self) -> None:
        if not 1 <= self.least <= len(self.members):
            raise InvalidValue(
                "{least} of {number} witnesses cannot be asked for", least=self.least, number=len(self.members)
            )


@dataclass(frozen=True, slots=True)
class Policy:
    """A log, its witnesses, and which of them must have cosigned.

    ``quorum``: a number of the witnesses (0: none), or the name of a witness or group. ``earlier``: keys that the log
    had before the one it has now, under the same name.
    """

    log: Verifier
    witnesses: Mapping[str, Verifier]
    quorum: int | str = 0
    groups: Mapping[str, Group] = field(default_factory=dict)  # each after those that it names
    earlier: tuple[Verifier, ...] = ()

    def __post_init__(self) -> None:
        for key in self.logs:
            if key.kind != ED25519 or key.name != self.log.name:
                raise InvalidValue("{name} signs a log with a key of another kind, or is another log", name=key.name)
        for name, key in self.witnesses.items():
            if key.kind == ED25519:
                raise InvalidValue("the key of witness {name} is no key for cosignatures", name=name)
        publics = [key.public for key in (*self.logs, *self.witnesses.values())]
        if len(set(publics)) != len(publics):
            raise InvalidValue(
                "a key stands twice in the policy: a log cannot witness itself, nor a witness count twice"
            )
        if isinstance(self.quorum, int):
            self._number(self.quorum)
        self._named()

    def _number(self, quorum: int) -> None:
        """A number of all witnesses becomes a group of that name."""
        if not 0 <= quorum <= len(self.witnesses) or self.groups:
            raise InvalidValue(
                "{quorum} of {number} witnesses cannot be asked for", quorum=quorum, number=len(self.witnesses)
            )
        groups = {MEMBERS: Group(quorum, tuple(self.witnesses))} if quorum else {}
        object.__setattr__(self, "groups", groups)
        object.__setattr__(self, "quorum", MEMBERS if quorum else NONE)

    def _named(self) -> None:
        """Sections "Defining a witness group" and "Defining the quorum"."""
        known = set(self.witnesses)
        used = set[str]()
        for name in (*self.witnesses, *self.groups):
            if name == NONE or _NAME.fullmatch(name) is None or _LINE.fullmatch(name) is None:
                raise InvalidValue("{name!r} is no name in a policy", name=name)
        for name, group in self.groups.items():
            if name in known:
                raise InvalidValue("the name {name!r} is given twice", name=name)
            for member in group.members:
                if member not in known:
                    raise InvalidValue(
                        "group {name!r} names {member!r}, which does not stand before it", name=name, member=member
                    )
                if member in used:
                    raise InvalidValue(
                        "{member!r} is in two groups, or twice in one: it would count twice", member=member
                    )
                used.add(member)
            known.add(name)
        if self.quorum != NONE and self.quorum not in known:
            raise InvalidValue("the policy has no group {quorum!r}", quorum=self.quorum)

    @property
    def logs(self) -> tuple[Verifier, ...]:
        """All keys under which a checkpoint of this log may stand."""
        return (self.log, *self.earlier)

    @classmethod
    def parse(cls, text: str | bytes) -> Self:
        """Read ``log VKEY [URL]``, ``witness NAME VKEY [URL]``, ``group NAME COUNT NAME…`` and ``quorum NAME``."""
        logs: list[Verifier] = []
        witnesses: dict[str, Verifier] = {}
        groups: dict[str, Group] = {}
        quorums: list[str] = []
        for line in _lines(text):
            words = line.replace("\t", " ").split(" ")
            match [word for word in words if word]:
                case ["log", key] | ["log", key, _]:
                    logs.append(Verifier.parse(key))
                case ["witness", name, key] | ["witness", name, key, _] if _new(name, witnesses, groups):
                    witnesses[name] = Verifier.parse(key)
                case ["group", name, count, *members] if members and _new(name, witnesses, groups):
                    if not set(members) <= {*witnesses, *groups}:
                        raise InvalidValue("group {name!r} names a witness that does not stand before it", name=name)
                    groups[name] = Group(_count(count, len(members)), tuple(members))
                case ["quorum", name] if name == NONE or name in witnesses or name in groups:
                    quorums.append(name)
                case _:
                    raise InvalidValue("the policy's line {line!r} is not understood", line=line[:80])
        if len(quorums) != 1:
            raise InvalidValue("the policy has {number} lines for a quorum, not one", number=len(quorums))
        if not logs:
            raise InvalidValue("the policy names no log")
        return cls(logs[0], witnesses, quorums[0], groups, tuple(logs[1:]))

    def text(self) -> str:
        """The file that :meth:`parse` reads."""
        lines = [f"log {key}" for key in self.logs]
        lines += [f"witness {name} {key}" for name, key in self.witnesses.items()]
        lines += [f"group {name} {group.least} {' '.join(group.members)}" for name, group in self.groups.items()]
        return "\n".join([*lines, f"quorum {self.quorum}"]) + "\n"

    def fulfilled(self, cosigned: Collection[str]) -> bool:
        """Whether these witnesses are a quorum."""
        have = {name for name in cosigned if name in self.witnesses}
        for name, group in self.groups.items():
            if sum(member in have for member in group.members) >= group.least:
                have.add(name)
        return self.quorum == NONE or self.quorum in have

    def check(self, note: bytes) -> "Witnessed":
        """Check a checkpoint's signatures. Raises NotVerified when the log's own or the quorum is missing."""
        signed = Note.parse(note)
        checkpoint = Checkpoint.parse(signed.text)
        if checkpoint.origin != self.log.name:
            raise NotVerified(
                "the checkpoint is of {origin}, the policy is for {name}", origin=checkpoint.origin, name=self.log.name
            )
        found = signed.check([*self.logs, *self.witnesses.values()])
        if not found.keys() & set(self.logs):
            raise NotVerified("{name} has not signed this checkpoint", name=self.log.name)
        times = {name: at for name, key in self.witnesses.items() if key in found and (at := found[key]) is not None}
        if not self.fulfilled(times):
            raise NotVerified(
                (
                    "{number} witness has cosigned; the policy asks for {asked}",
                    "{number} witnesses have cosigned; the policy asks for {asked}",
                ),
                number=len(times),
                asked=self.asked,
            )
        return Witnessed(checkpoint, times)

    @property
    def asked(self) -> str:
        """The quorum in words: ``3 of 5``, or how the groups are called."""
        group = self.groups.get(str(self.quorum))
        if group is None:
            return "nobody" if self.quorum == NONE else str(self.quorum)
        return Sentence("{least} of {all}", least=group.least, all=len(group.members))


def _new(name: str, *taken: Collection[str]) -> bool:
    if any(name in names for names in taken):
        raise InvalidValue("the policy gives the name {name!r} twice", name=name)
    return True


def _count(text: str, members: int) -> int:
    if text in ("all", "any"):
        return members if text == "all" else 1
    if re.fullmatch(r"[1-9]\d{0,5}", text, re.ASCII) is None:
        raise InvalidValue("{words!r} is no number of witnesses", words=text[:20])
    return int(text)


def _lines(text: str | bytes) -> list[str]:
    """Section "Character set": lines end with a newline; a tab is the only other control character."""
    if len(text) > LARGEST:
        raise InvalidValue("a policy of {number} bytes is too long", number=len(text))
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError as error:
            raise InvalidValue("the policy is not UTF-8") from error
    lines = [line.strip(" \t") for line in text.split("\n")]
    for line in lines:
        if _LINE.fullmatch(line) is None:
            raise InvalidValue("the policy's line {line!r} holds control characters", line=line[:80])
    return [line for line in lines if line and not line.startswith("#")]


def needed(organisations: int, faulty: int) -> int:
    """How many of n witnessing organisations are a quorum when f of them may lie: more than (n + f) / 2.

    Two quorums then share at least f + 1 organisations, so one honest one would have had to sign both of two histories
    (dissemination quorums: Malkhi and Reiter, Byzantine quorum systems, 1998).
    """
    if not 0 <= faulty < organisations:
        raise InvalidValue(
            "no quorum of {organisations} organisations withstands {faulty} that lie",
            organisations=organisations,
            faulty=faulty,
        )
    return (organisations + faulty) // 2 + 1


@dataclass(frozen=True, slots=True)
class Seat:
    """A witness's key, and who stands behind it: all seats of one organisation or person are one group."""

    key: Verifier  # for cosignatures
    group: str


def policy_of(
    log: Verifier, own: str, seats: Iterable[Seat], faulty: int = 0, earlier: Sequence[Verifier] = ()
) -> Policy:
    """The policy of a log of the organisation ``own``, whose own seats never count.

    Witnesses and groups are numbered in the order given, because an organisation's name may hold spaces.
    """
    by_group: dict[str, list[Verifier]] = {}
    for seat in seats:
        if seat.group != own:
            by_group.setdefault(seat.group, []).append(seat.key)
    witnesses: dict[str, Verifier] = {}
    groups: dict[str, Group] = {}
    top: list[str] = []
    for number, keys in enumerate(by_group.values(), 1):
        names = [f"w{number}" if len(keys) == 1 else f"w{number}.{seat}" for seat in range(1, len(keys) + 1)]
        witnesses.update(zip(names, keys, strict=True))
        if len(names) > 1:
            groups[f"g{number}"] = Group(1, tuple(names))
        top.append(names[0] if len(names) == 1 else f"g{number}")
    groups[MEMBERS] = Group(needed(len(top), faulty), tuple(top))
    return Policy(log, witnesses, MEMBERS, groups, tuple(earlier))


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A checkpoint that fulfils a policy, and when each witness saw it."""

    checkpoint: Checkpoint
    times: Mapping[str, datetime]


__all__ = ["COSIGNATURE_V1", "Group", "Policy", "Seat", "Witnessed", "needed", "policy_of"]
