"""Violations as a person types them: an id of the vocabulary, or what it is called in any language."""

from collections.abc import Sequence
from functools import cache
from typing import Final, get_args

from corroborate.errors import InvalidValue
from corroborate.importers.coding import Act
from corroborate.languages.telling import Said, folded
from corroborate.vocabulary import load

NONE = "none"  # the words tell no act
STANCES: Final[tuple[str, ...]] = (*get_args(Said), NONE)


@cache
def _called() -> dict[str, str]:
    """What a term may be called -> its id."""
    entries = load("violations").entries.values()
    return {folded(word): one.id for one in entries for word in (*one.label.values(), one.id)}


def shown(language: str) -> list[tuple[str, str]]:
    """Every term: what it is called, and its id."""
    return [(one.in_language(language), one.id) for one in load("violations").entries.values()]


def term_of(typed: str) -> str:
    """The term that somebody typed. Raises InvalidValue, and says which ones are near."""
    plain = folded(typed)
    if (known := _called().get(plain)) is not None:
        return known
    near = sorted({term for word, term in _called().items() if plain and plain in word})
    if len(near) == 1:
        return near[0]
    hint = f": perhaps {', '.join(near[:6])}" if near else ""
    raise InvalidValue("{typed!r} is no violation of the vocabulary{hint}", typed=typed, hint=hint)


def acts_of(typed: Sequence[str], stance: str) -> tuple[Act, ...]:
    """Acts by the terms that somebody typed and how they are told. Raises InvalidValue."""
    told = next((one for one in get_args(Said) if one == stance), None)
    if told is None and stance != NONE:
        raise InvalidValue("{stance!r} is none of {listed}", stance=stance, listed=", ".join(STANCES))
    terms = tuple(dict.fromkeys(term_of(one) for one in typed if one.strip()))
    if told is None:
        if terms:
            raise InvalidValue("words that tell no act have no violation: leave it out, or say how it is told")
        return ()
    if not terms:
        raise InvalidValue("say which violation the words mean, or that they tell no act")
    return tuple(Act(term, told) for term in terms)
