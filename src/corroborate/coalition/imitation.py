"""Words that a reader would take for a page's own: for its headings, its lists of names, what stands under a quote.

A page that is drawn of whatever its publisher and one of its members write has to say where such words stand. Nobody is
accused: a text may list whom it thanks. But whoever reads is told that these names signed nothing there.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from corroborate.coalition.countries import code_of, country_name
from corroborate.coalition.likeness import skeleton
from corroborate.vocabulary import country_names

_LINE = 200  # letters of a line that a reader takes for a heading or an entry of a list, and for no sentence
_LONGEST = 2000  # letters of a line that may list names and nothing else
_BETWEEN = re.compile(r"[,;:/|()、，；：（）·•“”\"«»]|\s(?:and|y|e|et|und|및|と|&)\s|\s[-–—]\s")
_BEFORE = re.compile(r"^[\W\d_]*(?:the )?", re.IGNORECASE)  # before an entry: a dash, a number, a star
_ENDS = (".", "!", "?", "。", "！", "？", "…")


def looks(names: Iterable[str]) -> Mapping[str, str]:
    """Names by what they look like."""
    return {skeleton(name): name for name in names}


def _even(line: str) -> str:
    """Without the marks over letters, which count for nothing in a likeness, and take long to put in order."""
    return " ".join("".join(one for one in line if not unicodedata.combining(one)).split())


def is_heading(line: str, headings: Iterable[str]) -> bool:
    """Whether a line looks like one of these headings, given by what they look like."""
    even = _even(line)
    return len(even) <= _LINE and skeleton(even) in headings


def listed(line: str, names: Mapping[str, str]) -> tuple[str, ...]:
    """Those of these names that a line gives as a list does, and not as a sentence does."""
    even = _even(line)
    if len(even) > _LONGEST:
        return ()
    if whole := next((names[look] for one in (even, _BEFORE.sub("", even)) if (look := skeleton(one)) in names), ""):
        return (whole,)
    _, colon, after = even.partition(":")
    parts = [part for part in _BETWEEN.split(after if colon and after.strip() else even) if part and part.strip()]
    found = [names.get(skeleton(_BEFORE.sub("", part)), "") for part in parts]
    is_list = len(even) <= _LINE and not even.endswith(_ENDS)
    return tuple(filter(None, found)) if is_list or all(found) else ()


def within(line: str, names: Mapping[str, str]) -> str:
    """The first of these names that stands in a line beside other words; one that stands there alone does not count."""
    for part in _BETWEEN.split(_even(line)[:_LONGEST]):
        look = skeleton(part or "")
        if found := next((name for one, name in names.items() if len(one) > 3 and one in look and one != look), ""):
            return found
    return ""


def closes(words: str) -> bool:
    """Whether words end the quotation marks that the page sets around them, so that the rest is read as its own."""
    depth = 0
    for one in words:
        depth += (one == "“") - (one == "”")
        if depth < 0:
            return True
    return False


def is_country(printed: str) -> bool:
    """Whether what is printed beside a name as its country is one."""
    names = country_names().get(printed, {}) or any(printed in one.values() for one in country_names().values())
    return bool(names) or code_of(printed) is not None or country_name(printed) != printed


__all__ = ["closes", "is_country", "is_heading", "listed", "looks", "within"]
