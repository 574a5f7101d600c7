"""Same or different: recorded, reasoned, and taken back without a trace in the data."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from corroborate.errors import InvalidValue
from corroborate.values import checked_id

Verdict = Literal["same", "different", "unsure"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one person, or a stated rule, said of two entries, and why."""

    id: str
    left: str
    right: str
    verdict: Verdict
    by: str
    why: str
    at: datetime
    withdrawn: datetime | None = None

    def __post_init__(self) -> None:
        for part in (self.id, self.left, self.right):
            checked_id(part)
        if self.left == self.right:
            raise InvalidValue("{left} cannot be judged against itself", left=self.left)
        if not self.by or not self.why:
            raise InvalidValue("judgement {id} lacks who judged or why", id=self.id)


@dataclass(frozen=True, slots=True)
class Clusters:
    """Entries judged the same person. Derived from judgements each time, so undoing one gives back what was."""

    members: tuple[frozenset[str], ...]
    conflicts: tuple[Judgement, ...]  # "different" said of two entries that others join

    @classmethod
    def of(cls, entries: Sequence[str], judgements: Iterable[Judgement]) -> "Clusters":
        """Connected components of "same" over all entries, in the order of the entries."""
        parent = {entry: entry for entry in entries}

        def root(entry: str) -> str:
            while parent[entry] != entry:
                parent[entry] = parent[parent[entry]]
                entry = parent[entry]
            return entry

        current = [judgement for judgement in judgements if judgement.withdrawn is None]
        for judgement in current:
            if judgement.verdict == "same":
                parent[root(judgement.right)] = root(judgement.left)
        groups: dict[str, list[str]] = {}
        for entry in entries:
            groups.setdefault(root(entry), []).append(entry)
        conflicts = tuple(j for j in current if j.verdict == "different" and root(j.left) == root(j.right))
        return cls(tuple(frozenset(group) for group in groups.values()), conflicts)
