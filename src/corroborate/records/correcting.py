"""A claim that was recorded wrongly, and what stands instead: the same source and place, another value.

What the source said is not changed by it: who misread a page, misheard a name or chose the wrong term corrects their
own record. Another source that says otherwise is another claim, and no correction.
"""

from corroborate.errors import InvalidValue
from corroborate.languages.dates import read_date
from corroborate.records.claims import Reference, Term, Text, Value
from corroborate.values import DateSpan, Name, PartialDate, checked_id, read_name
from corroborate.vocabulary import load


def corrected(old: Value, words: str, *, latest: int) -> Value:
    """The value that words say, of the kind that stood there. ``latest``: the latest year that a date can have.

    Raises InvalidValue for words that are no such value, or the same one.
    """
    words = words.strip()
    if not words:
        raise InvalidValue("a correction says what is right: its words are empty")
    new = _read(old, words, latest)
    if new == old:
        raise InvalidValue("the claim says that already: there is nothing to correct")
    return new


def _read(old: Value, words: str, latest: int) -> Value:
    match old:
        case Name():
            return read_name(words)
        case PartialDate() | DateSpan():
            reading = read_date(words, latest=latest)
            if reading.value is None:
                raise InvalidValue("these words are no date that we can read; write it as 1997, 1997-03 or 1997-03-12")
            return reading.value
        case Term():
            return Term(old.vocabulary, load(old.vocabulary)[words].id)
        case Reference():
            return Reference(checked_id(words))
        case Text():
            return Text(words, old.language)
