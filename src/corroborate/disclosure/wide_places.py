"""Which places may be told to everybody: those that hold many people, never a home, a burial or a witness's place.

A place of an act is free words in most lists ("her house behind the school in Musan"). The words go to everybody only
where each part of them is a country, a province, a county or town, or a camp or prison that the vocabulary lists.
"""

import re
import unicodedata
from functools import cache, lru_cache

from corroborate.coalition.countries import code_of
from corroborate.languages.places import is_facility, is_place
from corroborate.vocabulary import load

# The properties that say where something happened or somebody was held, or what became of them, in somebody's words
PLACES = ("place", "event_place", "facility", "fate")
FATES = ("dead", "alive", "missing", "detained")  # as importers read them: of other words nobody knows where they lead
_BETWEEN = re.compile(r"\s*[,，、;/·()（）]\s*")


def leads_home(property_: str, text: str) -> bool:
    """Whether what a property says may lead to a home, a grave or a hiding place. Of other properties: False."""
    if property_ not in PLACES:
        return False
    return text.strip() not in FATES if property_ == "fate" else not told_widely(text)


def told_widely(text: str) -> bool:
    """Whether a place's words lead to nobody's home: all of them name a wide place or a facility that is listed."""
    parts = [part for part in _BETWEEN.split(_folded(text)) if part]
    return bool(parts) and all(_known(part) for part in parts)


@lru_cache(maxsize=50_000)
def _known(part: str) -> bool:
    if _wide(part) or is_facility(part):
        return True
    words = part.split()
    # "함경북도 회령시", "Chongjin North Hamgyong": a row of known names, each of one to three words
    return any(_wide(" ".join(words[:at])) and _known(" ".join(words[at:])) for at in range(1, min(4, len(words))))


def _wide(part: str) -> bool:
    return is_place(part) or code_of(part) is not None or part.casefold() in _named()


@cache
def _named() -> frozenset[str]:
    """Provinces and facilities by any whole name that public sources give them."""
    return frozenset(
        _folded(name).casefold()
        for entry in load("places").entries.values()
        if entry.more["kind"] != "facility_class"
        for name in (*entry.label.values(), *(entry.more.get("spellings") or ()))
    )


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
