"""One record by its id, whatever kind it is, as somebody may see it."""

from dataclasses import dataclass
from typing import Any

from corroborate_node.records import queries

KINDS = ("person", "act")


@dataclass(frozen=True, slots=True)
class Record:
    """A person, an act or a source, with the claims about it, those that point to it, or those it told."""

    id: str
    kind: str
    title: str  # empty where nobody may be named, or nothing is
    withdrawn: bool
    claims: tuple[Any, ...]


def record(who: Any, id_: str) -> Record | None:
    """The record, or None where there is none that somebody may see."""
    source = queries.sources_seen(who).filter(id=id_).first()
    if source is not None:
        gone = source.withdrawn is not None
        return Record(id_, source.kind, source.shown, gone, tuple(queries.claims_of(who, id_)))
    for kind in KINDS:
        if queries.entities_seen(who, kind).filter(id=id_).exists():
            title = queries.names_of(who, [id_]).get(id_, "") if kind == "person" else ""
            claims = (*queries.claims_about(who, id_), *queries.claims_pointing_to(who, id_))
            return Record(id_, kind, title, bool(claims) and all(one.value is None for one in claims), claims)
    return None
