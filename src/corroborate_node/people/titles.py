"""What people, groups, acts, times in detention, posts and units are called on a page, so that each can be told from
another."""

from collections.abc import Iterable, Sequence
from typing import Any

from corroborate.records import read_value
from corroborate.values import DateSpan
from corroborate_node.core.filters import shown
from corroborate_node.core.wording import Words
from corroborate_node.people.days import understood
from corroborate_node.records import documents, queries

_OF_ACT = ("violation", "no_violation", "date", "place", "facility")
_OF_DETENTION = ("facility", "section", "begin", "end")
_OF = {  # kind of entity -> the properties that tell it from another
    "act": _OF_ACT,
    "detention": _OF_DETENTION,
    "post": ("title", "begin", "end"),
    "unit": ("name",),
    "proceeding": ("court", "reference", "step"),
}
_MOST = 500  # of a page


def names(user: Any, claims: Sequence[Any], others: Sequence[str] = ()) -> dict[str, Any]:
    """For the claims of a page: ``names`` of everybody whom they are about or point to, and ``nameless``: those of them
    without a name, with how many they are and in which words they are told of. ``others``: ids of more people."""
    people = {one for claim in claims for one in (claim.subject_id, claim.target) if one} | {*others}
    named = queries.names_of(user, people) | documents.parties_named(user, people)
    without = [one for one in people if one.startswith(("person_", "party_")) and one not in named]
    found = queries.nameless_shown(user, without) if without else {}
    return {
        "names": named,
        "nameless": {id_: one for id_, one in found.items() if one.words or one.count},
        "told_of": told_of(user, people),
    }


def told_of(user: Any, entities: Iterable[str]) -> dict[str, list[Any]]:
    """By act, time in detention, post and unit: the claims that count and tell it from another, in their order."""
    asked = sorted(one for one in entities if one.partition("_")[0] in _OF)[:_MOST]
    if not asked:
        return {}
    wanted = {name for one in asked for name in _OF[one.partition("_")[0]]}
    rows = queries.claims_among_seen(user).filter(subject_id__in=asked, property__in=wanted, superseded=False)
    found: dict[str, list[Any]] = {}
    for row in rows.exclude(value=None).order_by("id"):
        if row.property in _OF[row.subject_id.partition("_")[0]]:
            found.setdefault(row.subject_id, []).append(row)
    return {id_: in_order(made) for id_, made in found.items()}


def in_order(claims: Sequence[Any]) -> list[Any]:
    """Claims about one entity in the order in which they tell it from another, what is said twice once."""
    order = _OF[claims[0].subject_id.partition("_")[0]]
    known = {(one.property, str(one.value)): one for one in reversed(claims) if one.property in order}
    return sorted(known.values(), key=lambda one: (order.index(one.property), one.id))


def of(claims: Sequence[Any], words: Words) -> str:
    """An act, a time in detention, a post or a unit, by what is said of it; empty for whoever is called by a name."""
    properties = _OF.get(claims[0].subject_id.partition("_")[0], ())
    said = [said_of(one.value, words) for name in properties for one in claims if one.property == name]
    return ", ".join(dict.fromkeys(said))


def said_of(value: dict[str, Any] | None, words: Words) -> str:
    """A value as a heading says it: of a date between two days, what these mean."""
    read = None if value is None else read_value(value)
    if isinstance(read, DateSpan):
        return understood(read, Words(words.language, "people"))
    return shown(value, Words(words.language, "core"))
