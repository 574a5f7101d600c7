"""The register of proceedings in its reader's words: those that are published, and for who may see who people are those
that our own people have, from what claims say.

All that claims say of them is read at once and kept until the log grows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corroborate.cases.law import entries, law_of
from corroborate.records import Claim, Reference
from corroborate.records.schema import place_of
from corroborate.registers.doers import Caution
from corroborate.registers.proceedings import NOTHING_LATER, Asked, Row, StepTold, ordered, published, rows_of
from corroborate.translation import label_of
from corroborate.vocabulary import Link
from corroborate.vocabulary.proceedings import name_of_state
from corroborate_node.core.filters import tongue
from corroborate_node.core.queries import limited, may
from corroborate_node.core.wording import Words
from corroborate_node.log.kept import UntilTheLogGrows
from corroborate_node.records import queries, rows

_SOMEBODY = ("filed_by", "against")


@dataclass(frozen=True, slots=True)
class Said:
    """Words, and the language that they are in."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Happened:
    """A step in its reader's words."""

    of: StepTold
    text: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A row as its reader reads it. ``engages``: addresses and titles of the crimes and elements that it is about."""

    row: Row
    kind: str
    state: str
    body: Said
    what: Said
    became: str
    became_words: Said
    steps: tuple[Happened, ...]
    links: tuple[Link, ...]
    sure: tuple[str, ...]
    engages: tuple[tuple[str, str], ...]

    @property
    def address(self) -> str:
        return f"/proceedings/{self.row.id}"

    @property
    def cautions(self) -> tuple[Caution, ...]:
        return self.row.cautions


_rows = UntilTheLogGrows[tuple[Row, ...]]()


def every(user: Any) -> tuple[Row, ...]:
    """All rows that somebody may see."""
    if not may(user, "identity.read"):
        return published()
    if limited(user):
        return _read(user)
    return _rows.of("proceedings", lambda: _read(user))


def _read(user: Any) -> tuple[Row, ...]:
    claims = queries.current_among_seen(user)
    found: dict[str, dict[str, list[Claim]]] = {}

    def take(told: Any) -> list[Claim]:
        made = [rows.claim(one) for one in told.order_by("id")]
        for one in made:
            found.setdefault(one.subject, {}).setdefault(one.property, []).append(one)
        return made

    told = take(claims.filter(subject__kind="proceeding"))
    people = {one.value.entity for one in told if one.property in _SOMEBODY and isinstance(one.value, Reference)}
    for part in queries.batched(sorted(people), queries.BATCH):
        take(claims.filter(subject_id__in=part, property__in=("name", "alias")))
    return rows_of(found)


def told(user: Any, asked: Asked, *, latest_first: bool = False) -> tuple[Row, ...]:
    """The rows that fit, in an order of time."""
    return ordered(every(user), asked, latest_first=latest_first)


def one(user: Any, id_: str) -> Row | None:
    """A row by its id, or by that of any record that tells of it."""
    return next((row for row in every(user) if id_ == row.id or id_ in row.records), None)


def about(user: Any, element: str, case: str = "") -> tuple[Row, ...]:
    """Those of which a vault was told that are about an element of a crime, or the crime, in the order of time.
    ``case``: told by a source that is filed there."""
    return _beside(user, lambda row: any(f"{element}.".startswith(f"{one}.") for one in row.engages), case)


def in_case(user: Any, case: str) -> tuple[Row, ...]:
    """Those that a source tells of which is filed in a case, in the order of time."""
    return _beside(user, lambda row: True, case)


def _beside(user: Any, fits: Callable[[Row], bool], case: str) -> tuple[Row, ...]:
    mine = [row for row in every(user) if row.told and fits(row)]
    if case:
        filed = queries.sources_of_case(case) if mine else frozenset()
        mine = [row for row in mine if filed.intersection(row.sources)]
    return ordered(mine, Asked())


def claims_of(user: Any, row: Row) -> list[Any]:
    """What is recorded of a proceeding, by record."""
    asked = list(row.records)
    found = queries.current_among_seen(user).filter(subject_id__in=asked)
    return sorted(found, key=lambda claim: (claim.subject_id, place_of(claim.property), claim.id))


def listed(row: Row, language: str) -> Listed:
    """A row in a language. What nobody put into it stands in the language that it is in."""
    words = Words(language, "core")
    kind = words.get(f"value_proceeding_{row.kind}", row.kind)
    what = _said(row.what, language)
    return Listed(
        row,
        kind,
        state_in(row.state, language),
        _said(row.bodies, language),
        what if what.text else Said(row.reference or kind or row.id, language),
        became_in(row.became, words),
        _said(row.became_words, language),
        tuple(Happened(each, words.get(f"value_step_{each.step}", each.step)) for each in row.steps),
        row.links,
        tuple(words.get(f"value_{one}", one) for one in row.sure),
        tuple((address_of(one), title_of(one, language)) for one in row.engages),
    )


def title_of(engaged: str, language: str) -> str:
    """A crime by its title; an element by that of its crime and its number."""
    crime = next((one for one in entries().values() if f"{engaged}.".startswith(f"{one.id}.")), None)
    if crime is None:
        return engaged
    title = crime.in_language(language)
    return title if engaged == crime.id else f"{title}, {engaged.removeprefix(crime.id).lstrip('.')}"


def address_of(engaged: str) -> str:
    """The page of an element's finding, or of the law that a crime stands in."""
    crime = entries().get(engaged)
    return f"/findings/{engaged}" if crime is None else f"/findings?law={law_of(crime)}"


def became_in(became: str, words: Words) -> str:
    return words["nothing_later"] if became == NOTHING_LATER else words[f"value_step_{became}"]


def state_in(code: str, language: str) -> str:
    names = name_of_state(code)
    return label_of(names, language) if names else code


def _said(told: Mapping[str, str], language: str) -> Said:
    """What stands under a language; what a source told, which stands under none, is in its own."""
    if own := told.get(""):
        return Said(own, tongue(own))
    if not told:
        return Said("", language)
    return Said(told[language], language) if told.get(language) else Said(told["en"], "en")


def states(of: Sequence[Row], language: str) -> list[tuple[str, str]]:
    """The States of some rows, by their names."""
    found = {row.state: state_in(row.state, language) for row in of if row.state}
    return sorted(found.items(), key=lambda one: one[1])


__all__ = [
    "Happened",
    "Listed",
    "Said",
    "about",
    "became_in",
    "claims_of",
    "every",
    "in_case",
    "listed",
    "one",
    "state_in",
    "states",
    "title_of",
    "told",
]
