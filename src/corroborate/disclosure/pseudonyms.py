"""What a reader calls those of whom a release tells: the same in each release to it, and to another reader another.

A name is the id under a key that the vault alone has, so that two readers who lay their copies side by side find no
name in both, and nobody who guesses or learns an id makes a name of it. Sealed records in a package are not renamed:
a proof is of the very bytes that were sealed, ids and all.
"""

import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from corroborate.disclosure.shown import Release
from corroborate.disclosure.standing import reader_of
from corroborate.errors import InvalidValue
from corroborate.records import Claim, Reference, Source

LEAST_KEY = 32  # bytes


@dataclass(frozen=True, slots=True, repr=False)
class Pseudonyms:
    """Names for one reader. ``key``: a secret of whoever makes the release, the same for all its releases."""

    key: bytes
    reader: str

    def __post_init__(self) -> None:
        if len(self.key) < LEAST_KEY:
            raise InvalidValue("the key of pseudonyms has {count} bytes: too few", count=len(self.key))

    @classmethod
    def of_release(cls, key: bytes, made: Release) -> "Pseudonyms":
        return cls(key, reader_of(made))

    def of(self, id_: str) -> str:
        """What the reader is told instead of an id: of the same kind, and without the time that ids tell."""
        name = hmac.digest(self.key, f"{self.reader}\0{id_}".encode(), "sha256").hex()[:32]
        return f"{id_.partition('_')[0]}_{name}"

    def claims(self, given: Iterable[Claim]) -> Iterator[Claim]:
        """The same claims, in which each id is a name, in the order of the names: in the order of records, line by
        line, two readers could lay their copies side by side."""
        renamed = (
            replace(
                one,
                id=self.of(one.id),
                subject=self.of(one.subject),
                source=self.of(one.source),
                value=Reference(self.of(one.value.entity)) if isinstance(one.value, Reference) else one.value,
            )
            for one in given
        )
        yield from sorted(renamed, key=lambda one: (one.subject, one.id))

    def sources(self, given: Mapping[str, Source]) -> dict[str, Source]:
        """The same sources, by their names."""
        renamed = (
            replace(
                one,
                id=self.of(one.id),
                part_of=self.of(one.part_of) if one.part_of else "",
                derives_from=tuple(self.of(each) for each in one.derives_from),
            )
            for one in given.values()
        )
        return {one.id: one for one in sorted(renamed, key=lambda one: one.id)}


__all__ = ["Pseudonyms"]
