"""What a proceeding before a court or an authority can be, what can happen in one, and whose courts there are."""

from collections.abc import Mapping
from typing import Final, Literal, get_args

from corroborate.vocabulary.reading import country_names, load

ProceedingKind = Literal["judgment", "complaint", "warrant", "sanction", "trial"]
PROCEEDING_KINDS: Final[tuple[str, ...]] = get_args(ProceedingKind)
# In the order of choices. None of them says that anybody did what they are accused of.
STEPS: Final = (
    "announced",
    "filed",
    "unseen",  # was to be filed; whether it was is not known
    "answered",
    "issued",  # a warrant
    "decided",
    "convicted",
    "deferred",  # a sentence
    "awarded",
    "dismissed",
    "appealed",
    "sent_back",
    "appeal_dismissed",
    "final",
    "attached",
    "refused",  # enforcement
    "unenforced",
    "enforced",
    "listed",
    "renewed",
    "lifted",
    "withdrawn",
)


def name_of_state(code: str) -> Mapping[str, str]:
    """Language -> what a State, or the European Union, is called; nothing for a code of neither."""
    unions: Mapping[str, Mapping[str, str]] = load("proceedings").more["unions"]
    return unions.get(code) or country_names().get(code) or {}


def state_called(words: str) -> str:
    """The code of a State, or of the European Union, by its code or its name in some language; empty for another."""
    asked = words.strip().casefold()
    every = {**country_names(), **load("proceedings").more["unions"]}
    codes = (code for code, names in every.items() if asked in (code.casefold(), *map(str.casefold, names.values())))
    return next(codes, "") if asked else ""


def engaged(words: str) -> bool:
    """Whether some words are the id of a crime, a mode of liability or an element of one."""
    found = {**load("crimes").entries, **load("other_law").entries}
    return words in found or any(words == one["id"] for entry in found.values() for one in entry.more["elements"])


__all__ = ["PROCEEDING_KINDS", "STEPS", "ProceedingKind", "engaged", "name_of_state", "state_called"]
