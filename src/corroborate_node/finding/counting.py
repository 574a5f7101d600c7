"""How common the keys and words of a question are, counted to a limit, so that the rarest is looked for first.

Nobody is shown these numbers: they count rows of every case. All are asked in one statement, whatever their number.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from corroborate.languages.finding import stems

COMMON = 1_000  # rows that are counted of each; what has more is common
_END = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a table that have a word or key. ``table`` and ``where`` are the program's own words."""

    table: str
    where: str
    values: tuple[str, ...]


def words(kind: str, word: str) -> Rows:
    """Rows of one kind in which a word of a question stands."""
    first, last = span(word)
    if last is None:
        return Rows("finding_word", "word = %s AND kind = %s", (first, kind))
    return Rows("finding_word", "word >= %s AND word < %s AND kind = %s", (first, last, kind))


def span(word: str) -> tuple[str, str | None]:
    """A word of a question as it is looked for: itself, or (with the second) all from one word to another."""
    if word.endswith("*"):
        return word[:-1], word[:-1] + _END
    return (word, word + _END) if stems(word) else (word, None)


def key(key_: str) -> Rows:
    """Names under a key."""
    return Rows("finding_namekey", "key = %s", (key_,))


def part(letters: str) -> Rows:
    """Names with two letters, or with one that begins a pair of letters."""
    if len(letters) > 1:
        return Rows("evidence_namepart", "part = %s", (letters,))
    return Rows("evidence_namepart", "part >= %s AND part < %s", (letters, letters + _END))


def counted(asked: Sequence[Rows], limit: int = COMMON) -> list[int]:
    """How many there are of each, at most ``limit``."""
    if not asked:
        return []
    # tables and conditions are those above; what was asked goes in as values
    each = (f"(SELECT COUNT(*) FROM (SELECT 1 FROM {one.table} WHERE {one.where} LIMIT {limit:d}))" for one in asked)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(each)}", [value for one in asked for value in one.values])
        return [int(number) for number in cursor.fetchone()]


__all__ = ["COMMON", "Rows", "counted", "key", "part", "span", "words"]
