"""Whether a sealed file goes whole: a copy of which something was taken out, or a file as it was given.

No program reads a file for whom it names or what it tells of a body. So a file goes when a release names it, a second
person reads it, and each source that was read from it allows as much as the file may tell.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from corroborate.disclosure.items import Deciding, use_of, why_not
from corroborate.disclosure.shown import Decided
from corroborate.errors import InvalidValue
from corroborate.records import Claim, Consent, Reference, Use

FILE = "file"  # the kind of what was decided of one
REDACTED = "redacted"


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file that a vault keeps: which sources were read from it and, of a copy, what it is and what it was made of.

    ``made_of``: the file that it was made of, and what that one was made of, the nearest first; none for an original.
    """

    id: str
    sources: tuple[str, ...]
    kind: str = ""
    made_of: tuple[str, ...] = ()

    @property
    def use(self) -> Use:
        """What it needs of its sources: whatever is not redacted may name everybody whom they name."""
        return "quote" if self.kind == REDACTED else "name"


def decided_files(
    deciding: Deciding, wanted: frozenset[str], files: Iterable[SealedFile], claims: Sequence[Claim]
) -> Iterator[Decided]:
    """What becomes of each file that a release names. Raises InvalidValue for a copy beside what it was made of."""
    asked = sorted((one for one in files if one.id in wanted), key=lambda one: one.id)
    told: dict[str, list[Claim]] = {source: [] for file in asked for source in file.sources}
    for claim in claims if told else ():
        if claim.source in told:
            told[claim.source].append(claim)
    for file in asked:
        if both := wanted.intersection(file.made_of):
            raise InvalidValue(
                "{copy} is a copy made of {original}: a release gives the one or the other, never both",
                copy=file.id,
                original=min(both),
            )
        yield _decided(deciding, file, [one for source in file.sources for one in told[source]])


def _decided(deciding: Deciding, file: SealedFile, claims: Sequence[Claim]) -> Decided:
    permissions, use = deciding.leaving.permissions, file.use
    why, ending = "" if file.sources else "unasked", None
    for source in file.sources:
        consent = permissions.under(use, source)
        if consent is None:
            why = why_not(permissions.by_source.get(source, ()), use, permissions)
            break
        ending = consent if ending is None else _sooner(ending, consent)
    if not why and use == "name":
        why = _refused(deciding, claims)
    if not why and permissions.audience == "public" and use == "name":
        why = "public"
    if not why and not deciding.names:
        why = "second"
    if why or ending is None:
        return Decided(file.id, FILE, use, why=why, of_body=True)
    return Decided(file.id, FILE, use, ending.id, ending.ends, of_body=True)


def _refused(deciding: Deciding, claims: Sequence[Claim]) -> str:
    """Why what was read from a file keeps it here whole: it names somebody who is not to be named, or tells what was
    done to the body of somebody who was not asked."""
    for claim in claims:
        about = {claim.subject, claim.value.entity if isinstance(claim.value, Reference) else ""}
        if about & deciding.unnamed:
            return "taken back"
    return "" if all(deciding.leaving.allows(use_of(one), one) for one in claims) else "body"


def _sooner(one: Consent, other: Consent) -> Consent:
    """The consent that ends first."""
    if one.ends is None or (other.ends is not None and other.ends < one.ends):
        return other if other.ends is not None else one
    return one
