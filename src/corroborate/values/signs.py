"""Signs by which a line shows other words than its bytes hold: what nobody sees, and what turns the order of letters.

Two names that look alike would be two names, and a title could be read as its opposite (CVE-2021-42574). The joiners of
Persian and of the scripts of India stay where they join.
"""

import re
import unicodedata

from corroborate.errors import InvalidValue

# never part of a word: embeddings and overrides, isolates, zero width, fillers that draw nothing, tags, annotations
NEVER = (
    "\u2028-\u2029\u202a-\u202e\u2066-\u2069\u200b\u2060-\u2064\u206a-\u206f\ufeff\u00ad\u034f\u115f\u1160\u3164\uffa0\u17b4\u17b5"
    "\u180e\ufff9-\ufffb\U000e0000-\U000e00ff\u2800\ufe03-\ufe0d\U00013430-\U0001345f\U00016fe4"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
)
# Selectors of a form: of a Chinese character as a family writes it, of a Mongolian letter, of a symbol. Elsewhere they
# draw nothing.
_FORMS = (
    ("\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff", "\ufe00-\ufe02\U000e0100-\U000e01ef"),
    ("\u1807\u1820-\u18aa", "\u180b-\u180d\u180f"),
    ("\u00a9\u00ae\u203c\u2049\u2100-\u27bf\u2900-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff", "\ufe0e\ufe0f"),
)
HIDES = re.compile("|".join([f"[{NEVER}]", *(f"(?<![{after}])[{selects}]" for after, selects in _FORMS)]))
UNSEEN = re.compile(f"[{NEVER}\u200c-\u200f\u061c{''.join(selects for _, selects in _FORMS)}]")
_NO_LINE = ("Cc", "Zl", "Zp")  # categories of what a line does not hold: controls, ends of lines and paragraphs
_MARKS = "\u200e\u200f\u061c"  # of direction: a line that is a title or a name needs none
_DIRECTIONS = re.compile(f"[{_MARKS}]")
_JOINERS = "\u200c\u200d"
_JOINING = re.compile(  # Arabic to Myanmar and Khmer: scripts whose words hold joiners
    "[\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u17ff\u1800-\u18af\ufb50-\ufdff\ufe70-\ufefc]"
)


# The lines between which a page of ours carries what signs it: words that held one would be read as a second block.
_BLOCK = re.compile(r"[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]{3,}\s*(?:BEGIN|END)\s+CORROBORATE\b", re.IGNORECASE)


def blocks(text: str) -> int:
    """Where the mark of a signature block stands in words, or -1."""
    found = _BLOCK.search(text)
    return -1 if found is None else found.start()


def unseen(text: str) -> int:
    """Where the first sign stands that nobody sees and by which words are read as others, or -1. A mark of direction is
    one (it turns "48 – 12" round) unless it stands beside a letter of that direction, and beside no digit: there it
    changes nothing but what a letter of that script changes too."""
    found = HIDES.search(text)
    marks = (at.start() for at in _DIRECTIONS.finditer(text) if _turns(text, at.start()))
    return min([at for at in (-1 if found is None else found.start(), next(marks, -1)) if at >= 0], default=-1)


def _turns(text: str, at: int) -> bool:
    beside = [text[where] for where in (at - 1, at + 1) if 0 <= where < len(text)]
    own = ("L",) if text[at] == "\u200e" else ("R", "AL")
    letters = any(one.isalpha() and unicodedata.bidirectional(one) in own for one in beside)
    return not letters or any(one.isnumeric() for one in beside)


def hiding(text: str) -> str:
    """The first sign in a title or a name that hides, or an empty string."""
    for at, letter in enumerate(text):
        joins = letter in _JOINERS and 0 < at < len(text) - 1 and _JOINING.match(text[at - 1]) is not None
        unseen = letter in _MARKS or (letter in _JOINERS and not joins) or HIDES.match(text, at)
        if unseen or unicodedata.category(letter) in _NO_LINE:
            return letter
    return ""


def broken(line: str) -> bool:
    """Whether what should be one line is more, or holds what nobody sees. Joiners may stand in it, and marks of
    direction beside a letter of that direction, unlike in a title: see :func:`hiding`."""
    return unseen(line) >= 0 or any(unicodedata.category(one) in _NO_LINE for one in line)


MOST_MARKS = 30  # over one letter, as Unicode's stream-safe form has it (UAX 15)


def stacked(text: str) -> int:
    """Where more marks stand over one letter than any script writes, or -1. To put them in order takes time that grows
    with the square of their number: asked before a stranger's text is normalised."""
    run = 0
    for at, letter in enumerate(text):
        run = run + 1 if letter > "\u02ff" and unicodedata.combining(letter) else 0
        if run > MOST_MARKS:
            return at
    return -1


def checked_line(text: str) -> str:
    """A title or a name as it is shown, where nothing in it hides. Raises InvalidValue."""
    if found := hiding(text):
        raise InvalidValue(
            "{text!r} holds a sign that nobody sees (U+{code:04X}): it would be read as other words than it holds",
            text=text[:80],
            code=ord(found),
        )
    return text


__all__ = ["UNSEEN", "blocks", "broken", "checked_line", "hiding", "stacked", "unseen"]
