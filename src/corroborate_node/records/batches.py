"""From the rows of a member's list to what a vault takes in: people, their sources with consent, and claims."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from itertools import islice
from types import MappingProxyType

from corroborate.importers import PersonRow, claims
from corroborate.importers.again import RowNow
from corroborate.importers.witnesses import is_one_witness
from corroborate.records import USES, Audience, Claim, Consent, Entity, Source, Use
from corroborate.records.consent import READ, written
from corroborate.records.sources import SourceKind
from corroborate.values import new_id

Entropy = Callable[[int], bytes]
OWN: frozenset[Use] = frozenset({"hold", "link", "count"})
_VARIANT = {digit: "89ab"[int(digit, 16) % 4] for digit in "0123456789abcdef"}  # RFC 9562, section 4.1
_KINDS = ("person", "act", "source", "consent", "claim")
ROWS = 1_000  # of a list, laid out and stored at once: what is held in memory does not grow with the list


@dataclass(frozen=True, slots=True)
class Part:
    """By what a row or record is known again: digests of all that it says and of its key, the entity that it is about,
    and the first version of it where this is a later one."""

    source: str
    content: str
    key: str
    about: str
    first: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """The arguments of :func:`corroborate_node.records.actions.receive`, and which person each row became."""

    entities: tuple[Entity, ...]
    sources: tuple[Source, ...]
    consents: tuple[Consent, ...]
    claims: tuple[Claim, ...]
    people: dict[int, str]  # row -> entity id
    parts: tuple[Part, ...] = ()


def together(takings: Iterable[Batch]) -> Batch:
    """All of them as one."""
    every = list(takings)
    return Batch(
        tuple(one for each in every for one in each.entities),
        tuple(one for each in every for one in each.sources),
        tuple(one for each in every for one in each.consents),
        tuple(one for each in every for one in each.claims),
        {row: person for each in every for row, person in each.people.items()},
        tuple(one for each in every for one in each.parts),
    )


def ids(kind: str, at: datetime, entropy: Entropy) -> Iterator[str]:
    """New ids without end."""
    milliseconds = int(at.timestamp() * 1000)
    while True:
        block = entropy(10 * 256)
        for start in range(0, len(block), 10):
            yield new_id(kind, milliseconds=milliseconds, randomness=block[start : start + 10])


def ids_together(kind: str, at: datetime, entropy: Entropy, label: bytes) -> Iterator[str]:
    """The same of records that are stored together. ``label``: two bytes with which all of them go on after their time,
    so that they lie together in the indexes of a database, whose pages are then each written once. It says which
    records came in one block of many, and of their order nothing."""
    first = new_id(kind, milliseconds=int(at.timestamp() * 1000), randomness=label + entropy(8))
    begin, digits = first[:-16], 16
    while True:
        block = entropy(digits // 2 * 256).hex()
        for start in range(0, len(block), digits):
            yield f"{begin}{_VARIANT[block[start]]}{block[start + 1 : start + digits]}"


def from_rows(
    rows: Sequence[PersonRow],
    title: str,
    *,
    recorder: str,
    at: datetime,
    agreed: bool = False,
    entropy: Entropy = os.urandom,
    now: Mapping[int, RowNow] = MappingProxyType({}),
) -> Batch:
    """Make a person, a source and claims of each row, all of them as one batch."""
    laying = Laying(title, recorder, at, agreed, entropy, now)
    return laying.block(rows, laying.whole_of(any(row.invented for row in rows)), first=True)


@dataclass(frozen=True)
class Laying:
    """How rows of a list become a person, a source and claims each.

    A row's source is what the list says in that row. It derives from the witness or report that the row names, else
    from the list as a whole, so all rows of one witness share one root. A witness who is somebody else in each row
    (*his wife*) is no source beside it: her words are kept as told. Consent of a row: its own vault may hold, link
    and count it; everybody may see it where the row itself says so; where the list was given under such an agreement
    (``agreed``) the coalition may link it, and numbers from it may be published. A row that says nothing allows no
    more.

    ``now``: by what each row is known again. ``origins``: those that rows of the list go back to already; those of
    rows that are laid out are added to them.
    """

    title: str
    recorder: str
    at: datetime
    agreed: bool = False
    entropy: Entropy = os.urandom
    now: Mapping[int, RowNow] = field(default_factory=dict)
    origins: Mapping[tuple[str, str], Source] = field(default_factory=dict)

    def _new(self) -> dict[str, Iterator[str]]:
        """Ids for one block."""
        label = self.entropy(2)
        return {kind: ids_together(kind, self.at, self.entropy, label) for kind in _KINDS}

    @cached_property
    def _found(self) -> dict[tuple[str, str], Source]:
        return dict(self.origins)

    def whole_of(self, invented: bool) -> Source:
        """The list as a source of its own, where it is new. ``invented``: whether any of its rows is."""
        return Source(next(ids("source", self.at, self.entropy)), "list", self.title, invented=invented)

    def blocks(self, rows: Sequence[PersonRow], whole: Source, *, first: bool) -> Iterator[Batch]:
        """The rows, so many at once, each block made when it is asked for. ``first``: the list itself is new, and
        comes with the first block, even where it has no rows."""
        left = iter(rows)
        while (block := tuple(islice(left, ROWS))) or first:
            yield self.block(block, whole, first=first)
            first = False

    def block(self, rows: Iterable[PersonRow], whole: Source, *, first: bool) -> Batch:
        new, made_here = self._new(), list[Source]()
        entities, sources, consents, said = [], [whole] if first else [], [], []
        people: dict[int, str] = {}
        parts = []
        for given in rows:
            row, (kind, named) = _witness_of(given)
            if named and (kind, named) not in self._found:
                self._found[kind, named] = Source(next(new["source"]), kind, named, invented=row.invented)
                made_here.append(self._found[kind, named])
            before = self._found[kind, named] if named else whole
            source = Source(next(new["source"]), "document", "", (before.id,), row.invented, whole.id, row.row)
            sources.append(source)
            person = people[row.row] = next(new["person"])
            known = self.now.get(row.row)
            parts.append(Part(source.id, known.content if known else "", known.key if known else "", person))
            consents += consents_of_row(row, source.id, person, self.agreed, self.at, new["consent"])
            made = claims(
                row,
                person=person,
                act_ids=new["act"],
                claim_ids=new["claim"],
                source=source.id,
                recorder=self.recorder,
                recorded_at=self.at,
            )
            acts = dict.fromkeys(one.subject for one in made if one.subject != person)
            entities += [Entity(person, "person"), *(Entity(act, "act") for act in acts)]
            said += made
        parts += [Part(one.id, "", "", "") for one in ([whole] if first else []) + made_here]
        return Batch(tuple(entities), (*sources, *made_here), tuple(consents), tuple(said), people, tuple(parts))


def _witness_of(row: PersonRow) -> tuple[PersonRow, tuple[SourceKind, str]]:
    """What a row goes back to beside its list: a report, or a witness; empty where it names none, or one who is
    somebody else in each row, whose words are then kept as told."""
    if row.cited:
        return row, ("document", row.cited)
    if row.witness and not is_one_witness(row.witness):
        return replace(row, told=(*row.told, ("witness", row.witness))), ("witness", "")
    return row, ("witness", row.witness or "")


def consents_of_row(
    row: PersonRow, source: str, person: str, agreed: bool, at: datetime, new: Iterator[str]
) -> list[Consent]:
    """What a row allows of what it says, with its words."""
    return [
        Consent(
            next(new), source, uses, audience, at.date(), subject=person, asked=READ, words=written(row.consent.words)
        )
        for uses, audience in allowed_by(row, agreed)
    ]


def allowed_by(row: PersonRow, agreed: bool) -> Iterator[tuple[frozenset[Use], Audience]]:
    """What a row allows. Where it says no to more than publication, no agreement over the whole list widens it."""
    agreed = agreed and row.consent.agreed
    yield OWN, "coalition" if agreed else "own"
    if agreed:
        yield frozenset({"count"}), "public"
    if row.publish:
        yield frozenset(USES), "public"
