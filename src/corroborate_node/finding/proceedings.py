"""The register of proceedings in its reader's words: those that are published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corroborate.public_record.proceedings import name_of_state
from corroborate.registers.proceedings import NOTHING_LATER, Asked, Row, StepTold, ordered, published
from corroborate.translation import label_of
from corroborate.vocabulary import Link
from corroborate_node.core.wording import Words


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
    """A row as its reader reads it."""

    row: Row
    kind: str
    state: str
    body: Said
    what: Said
    became: str
    became_words: Said
    steps: tuple[Happened, ...]
    links: tuple[Link, ...]

    @property
    def address(self) -> str:
        return f"/proceedings/{self.row.id}"


def every(user: Any) -> tuple[Row, ...]:
    """All rows that somebody may see."""
    return published()


def rows(user: Any, asked: Asked, *, latest_first: bool = False) -> tuple[Row, ...]:
    return ordered(every(user), asked, latest_first=latest_first)


def one(user: Any, id_: str) -> Row | None:
    return next((row for row in every(user) if row.id == id_), None)


def listed(row: Row, language: str) -> Listed:
    """A row in a language. What nobody put into it stands in the language that it is in."""
    words = Words(language, "core")
    return Listed(
        row,
        words[f"value_proceeding_{row.kind}"],
        state_in(row.state, language),
        _said(row.bodies, language),
        _said(row.what, language),
        became_in(row.became, words),
        _said(row.became_words, language),
        tuple(Happened(each, words[f"value_step_{each.step}"]) for each in row.steps),
        row.links,
    )


def became_in(became: str, words: Words) -> str:
    return words["nothing_later"] if became == NOTHING_LATER else words[f"value_step_{became}"]


def state_in(code: str, language: str) -> str:
    names = name_of_state(code)
    return label_of(names, language) if names else code


def _said(told: Mapping[str, str], language: str) -> Said:
    if not told:
        return Said("", language)
    return Said(told[language], language) if told.get(language) else Said(told["en"], "en")


def states(told: Sequence[Row], language: str) -> list[tuple[str, str]]:
    """The States of some rows, by their names."""
    found = {row.state: state_in(row.state, language) for row in told if row.state}
    return sorted(found.items(), key=lambda one: one[1])


__all__ = ["Happened", "Listed", "Said", "became_in", "every", "listed", "one", "rows", "state_in", "states"]
