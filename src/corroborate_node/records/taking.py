"""From the rows of a member's list to what a vault takes in: people, their sources with consent, and claims."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from corroborate.importers import PersonRow, claims
from corroborate.records import USES, Audience, Claim, Consent, Entity, Source, Use
from corroborate.records.consent import READ, written
from corroborate.records.sources import SourceKind
from corroborate.values import new_id

Entropy = Callable[[int], bytes]
OWN: frozenset[Use] = frozenset({"hold", "link", "count"})


@dataclass(frozen=True, slots=True)
class Taking:
    """The arguments of :func:`corroborate_node.records.actions.receive`, and which person each row became."""

    entities: tuple[Entity, ...]
    sources: tuple[Source, ...]
    consents: tuple[Consent, ...]
    claims: tuple[Claim, ...]
    people: dict[int, str]  # row -> entity id


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
) -> Taking:
    """Make a person, a source and claims of each row.

    A row's source is what the list says in that row. It derives from the witness or report that the row names, else
    from the list as a whole, so all rows of one witness share one root. Consent of a row: its own vault may hold, link
    and count it; everybody may see it where the row itself says so; where the list was given under such an agreement
    (``agreed``) the coalition may link it, and numbers from it may be published. A row that says nothing allows no
    more.
    """
    new = {kind: ids(kind, at, entropy) for kind in ("person", "act", "source", "consent", "claim")}
    invented = any(row.invented for row in rows)
    whole = Source(next(new["source"]), "list", title, invented=invented)
    origins: dict[tuple[str, str], Source] = {}
    entities, sources, consents, said = [], [whole], [], []
    people: dict[int, str] = {}
    today = at.date()
    for row in rows:
        before = whole
        for kind, named in (("document", row.cited), ("witness", row.witness)):
            if named:
                key = (kind, named)
                if key not in origins:
                    origins[key] = Source(next(new["source"]), _kind(kind), named, invented=row.invented)
                before = origins[key]
                break
        source = Source(next(new["source"]), "document", f"{title}, row {row.row}", (before.id,), row.invented)
        sources.append(source)
        person = people[row.row] = next(new["person"])
        for uses, audience in allowed_by(row, agreed):
            consents.append(
                Consent(
                    next(new["consent"]), source.id, uses, audience, today, subject=person, asked=READ,
                    words=written(row.consent.words),
                )
            )  # fmt: skip
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
    return Taking(tuple(entities), (*sources, *origins.values()), tuple(consents), tuple(said), people)


def allowed_by(row: PersonRow, agreed: bool) -> Iterator[tuple[frozenset[Use], Audience]]:
    """What a row allows. Where it says no to more than publication, no agreement over the whole list widens it."""
    agreed = agreed and row.consent.agreed
    yield OWN, "coalition" if agreed else "own"
    if agreed:
        yield frozenset({"count"}), "public"
    if row.publish:
        yield frozenset(USES), "public"


def _kind(kind: str) -> SourceKind:
    return "witness" if kind == "witness" else "document"
