"""How common the keys and words of a question are, counted to a limit, so that the rarest is looked for first.

Nobody is shown these numbers: they count rows of every case. All are asked in one statement, whatever their number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, Q, QuerySet, Value

from corroborate.languages.finding import stems
from corroborate_node.core.storing import begins
from corroborate_node.finding.models import NameKey, Said, Word
from corroborate_node.records.models import NamePart

COMMON = 1_000  # rows that are counted of each; what has more is common


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a model that have a word or key."""

    model: type[Model]
    where: Q


def words(kind: str, word: str) -> Rows:
    """What is said of one kind in which a word of a question stands."""
    return Rows(Said, with_word(kind, word))


def with_word(kind: str, word: str) -> Q:
    """That a word of a question stands in what is said."""
    return Q(phrase_id__in=Word.objects.filter(reads("word", word), kind=kind).values("phrase_id"))


def reads(column: str, word: str) -> Q:
    """A word of a text that a word of a question asks: the same, or one that begins with it."""
    if word.endswith("*"):
        return begins(column, word[:-1])
    return begins(column, word) if stems(word) else Q(**{column: word})


def key(key_: str) -> Rows:
    """Names under a key."""
    return Rows(NameKey, Q(key=key_))


def part(letters: str) -> Rows:
    """Names with two letters, or with one that begins a pair of letters."""
    return Rows(NamePart, Q(part=letters) if len(letters) > 1 else begins("part", letters))


def counted(asked: Sequence[Rows], limit: int = COMMON) -> list[int]:
    """How many there are of each, at most ``limit``."""
    each, values = list[str](), list[Any]()
    for one in asked:
        rows: QuerySet[Any] = one.model._base_manager.filter(one.where).values_list(Value(1))[:limit]
        try:
            sql, given = rows.query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            each.append("0")
            continue
        each.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted_rows)")  # noqa: S608 - what was asked goes in as values
        values += given
    if not each:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(each)}", values)
        return [int(number) for number in cursor.fetchone()]


__all__ = ["COMMON", "Rows", "counted", "key", "part", "reads", "with_word", "words"]
