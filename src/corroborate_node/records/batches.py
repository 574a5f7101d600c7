"""From the rows of a member's list to what a vault takes in: people, their sources with consent, and claims."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
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


def from_rows(
    rows: Sequence[PersonRow],
    title: str,
    *,
    recorder: str,
    at: datetime,
    agreed: bool = False,
    entropy: Entropy = os.urandom,
    now: Mapping[int, RowNow] = MappingProxyType({}),
    into: Source | None = None,
    origins: Mapping[tuple[str, str], Source] = MappingProxyType({}),
) -> Batch:
    """Make a person, a source and claims of each row.

    A row's source is what the list says in that row. It derives from the witness or report that the row names, else
    from the list as a whole, so all rows of one witness share one root. A witness who is somebody else in each row
    (*his wife*) is no source beside it: her words are kept as told. Consent of a row: its own vault may hold, link
    and count it; everybody may see it where the row itself says so; where the list was given under such an agreement
    (``agreed``) the coalition may link it, and numbers from it may be published. A row that says nothing allows no
    more.

    ``now``: by what each row is known again. ``into``: the list, where it stands already, and ``origins``: those of its
    rows.
    """
    new = {kind: ids(kind, at, entropy) for kind in ("person", "act", "source", "consent", "claim")}
    whole = into or Source(next(new["source"]), "list", title, invented=any(row.invented for row in rows))
    found, made_here = dict(origins), list[Source]()
    entities, sources, consents, said = [], [] if into else [whole], [], []
    people: dict[int, str] = {}
    parts = []
    for given in rows:
        row, (kind, named) = _witness_of(given)
        if named and (kind, named) not in found:
            found[kind, named] = Source(next(new["source"]), kind, named, invented=row.invented)
            made_here.append(found[kind, named])
        before = found[kind, named] if named else whole
        source = Source(next(new["source"]), "document", "", (before.id,), row.invented, whole.id, row.row)
        sources.append(source)
        person = people[row.row] = next(new["person"])
        known = now.get(row.row)
        parts.append(Part(source.id, known.content if known else "", known.key if known else "", person))
        consents += consents_of_row(row, source.id, person, agreed, at, new["consent"])
        made = claims(
            row,
            person=person,
            act_ids=new["act"],
            claim_ids=new["claim"],
            source=source.id,
            recorder=recorder,
            recorded_at=at,
        )
        acts = dict.fromkeys(one.subject for one in made if one.subject != person)
        entities += [Entity(person, "person"), *(Entity(act, "act") for act in acts)]
        said += made
    parts += [Part(one.id, "", "", "") for one in ([] if into else [whole]) + made_here]
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
