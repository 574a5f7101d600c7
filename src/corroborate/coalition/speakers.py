"""Whose keys speak on a page or in a release: of each member its keys, and the names under which it is shown.

Whoever publishes writes the names. A name is its member's only where the key that signed bears it, or where the reader
knows that the key is theirs; everything else is said, and never taken for granted.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from corroborate.coalition.likeness import skeleton
from corroborate.coalition.statements import key_name
from corroborate.custody import Verifier

_T = TypeVar("_T")
Trusted = Mapping[str, Verifier] | Iterable[Verifier]  # keys that a reader has, under names of its own or the keys'


def named(trusted: Trusted) -> tuple[tuple[str, Verifier], ...]:
    """Trusted keys, each with its name. One name may have several keys: a member's before, and its key of now."""
    if isinstance(trusted, Mapping):
        return tuple(trusted.items())
    return tuple((key.name, key) for key in trusted)


@dataclass(slots=True)
class Speakers:
    """Members as they are labelled, each with the keys that signed for it and the names that it is shown under."""

    keys: dict[str, list[Verifier]] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)

    def add(self, label: str, name: str, key: Verifier) -> None:
        _once(self.keys.setdefault(label, []), key)
        self.show(label, name)

    def show(self, label: str, name: str) -> None:
        """A name that no key stands behind: on paper, or without a note."""
        _once(self.names.setdefault(label, []), name)

    def otherwise(self) -> list[tuple[str, Verifier]]:
        """Names that are not what the key of the member is called, each with that key."""
        return [
            (name, key)
            for label, held in sorted(self.keys.items())
            for key in held
            for name in self.names[label]
            if key.name != key_name(name)
        ]

    def _alike(self) -> list[list[str]]:
        """Names that no reader tells apart, each of another member."""
        looks: dict[str, list[str]] = {}
        for names in self.names.values():
            for name in names:
                _once(looks.setdefault(_look(name), []), name)
        return [alike for alike in looks.values() if len(alike) > 1]

    def failures(self, trusted: Trusted | None) -> list[str]:
        """One member under several names, one key for several members, and keys that the reader does not trust."""
        found = [f"{label} is shown under several names" for label, names in self.names.items() if len(names) > 1]
        shown = Counter(key_name(name) for names in self.names.values() for name in names)
        found += [f"{name} is shown as two members" for name, count in shown.items() if count > 1]
        speakers: dict[bytes, list[str]] = {}
        for label, held in sorted(self.keys.items()):
            for key in held:
                speakers.setdefault(key.public, []).append(label)
        found += [f"one key speaks for {' and '.join(labels)}" for labels in speakers.values() if len(labels) > 1]
        if trusted is None:
            return found
        pairs = named(trusted)
        known = {key for _, key in pairs}
        for label, held in sorted(self.keys.items()):
            for key in held:
                if key not in known:
                    found.append(f"{label}: its key ({key.name}, {key.id.hex()}) is none that you trust")
        return found + [
            f"{name} is shown by the key of {key.name}, and has another that you trust"
            for name, key in self.otherwise()
            if key in known and _has_another(name, key, pairs)
        ]

    def doubts(self, trusted: Trusted | None) -> list[str]:
        """Two names that look alike; a member with two keys, of which one may be somebody else's. Where the reader gave
        keys by name: a name that its key does not bear, and one that nothing but the publisher's word stands behind
        although the reader has a key of that name, or of one that looks like it."""
        alike = [f"{' and '.join(names)} look alike, and stand as two members" for names in self._alike()]
        if trusted is None:
            return alike + [
                f"{label} speaks with {len(held)} keys: compare the fingerprint of each"
                for label, held in sorted(self.keys.items())
                if len(held) > 1
            ]
        called = {_look(name) for name, _ in named(trusted)}
        return [
            *(f"{name} is shown by the key of {key.name}: ask whether it is theirs" for name, key in self.otherwise()),
            *(
                f"{name} has a key that you gave, and did not sign with it here"
                for label, names in self.names.items()
                for name in names
                if label not in self.keys and _look(name) in called
            ),
            *alike,
        ]


def _look(name: str) -> str:
    """What a name looks like; one of signs alone, which look like nothing, is itself."""
    return skeleton(name) or key_name(name)


def _has_another(name: str, key: Verifier, pairs: Iterable[tuple[str, Verifier]]) -> bool:
    """Whether the reader has keys under this name, or one that looks like it, of which this is none."""
    held = [one for called, one in pairs if _look(called) == _look(name)]
    return bool(held) and key not in held


def _once(held: list[_T], one: _T) -> None:
    if one not in held:
        held.append(one)


__all__ = ["Speakers", "Trusted", "named"]
