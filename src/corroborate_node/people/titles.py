"""What people, groups, acts and times in detention are called on a page, so that each can be told from another."""

from collections.abc import Sequence
from typing import Any

from corroborate_node.core.filters import shown
from corroborate_node.core.wording import Words
from corroborate_node.records import documents, queries

_OF_ACT = ("violation", "no_violation", "date", "place", "facility")
_OF_DETENTION = ("facility", "begin", "end")


def names(user: Any, claims: Sequence[Any], others: Sequence[str] = ()) -> dict[str, Any]:
    """For the claims of a page: ``names`` of everybody whom they are about or point to, and ``nameless``: those of them
    without a name, with how many they are and in which words they are told of. ``others``: ids of more people."""
    people = {one for claim in claims for one in (claim.subject_id, claim.target) if one} | {*others}
    named = queries.names_of(user, people) | documents.parties_named(user, people)
    without = [one for one in people if one.startswith(("person_", "party_")) and one not in named]
    found = queries.nameless_shown(user, without) if without else {}
    return {"names": named, "nameless": {id_: one for id_, one in found.items() if one.words or one.count}}


def of(claims: Sequence[Any], words: Words) -> str:
    """An act or a time in detention, by what is said of it; empty for whoever is called by a name."""
    frame = Words(words.language, "core")
    properties = {"act": _OF_ACT, "detention": _OF_DETENTION}.get(claims[0].subject_id.partition("_")[0], ())
    said = [shown(one.value, frame) for name in properties for one in claims if one.property == name]
    return ", ".join(dict.fromkeys(said))
