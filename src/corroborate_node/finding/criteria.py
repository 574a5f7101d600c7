"""A question: its words, and what the records that answer it must fulfil."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import get_args

from corroborate.errors import InvalidValue
from corroborate.records import AUDIENCES, USES
from corroborate.records.sources import SourceKind
from corroborate.values import PartialDate
from corroborate.vocabulary import load

SOURCE_KINDS: tuple[str, ...] = get_args(SourceKind)
KINDS = ("people", "acts", "places", "sources", "passages")  # in which answers are grouped
LONGEST = 500  # letters of a question
_KEYS = ("q", "violation", "place", "from", "to", "source-kind", "consent", "list")


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is asked for. An empty field asks nothing."""

    words: str = ""
    violation: str = ""  # id of the vocabulary; what stands below it too
    place: str = ""  # a county, a province with its counties, or the words of a place or facility
    first: date | None = None  # what happened, or may have, on or after this day
    last: date | None = None
    source_kind: str = ""
    consent: tuple[str, str] | None = None  # a use and an audience, which the source of a record allows today
    listed: str = ""  # id of a list: what it and its rows told

    @property
    def filtered(self) -> bool:
        """Whether anything but words is asked."""
        return any((self.violation, self.place, self.first, self.last, self.source_kind, self.consent, self.listed))

    @property
    def empty(self) -> bool:
        return not self.words and not self.filtered


def criteria_of(given: Mapping[str, str]) -> Criteria:
    """Read a question. Keys: ``q violation place from to source-kind consent list``. Raises InvalidValue, with what
    would have been right."""
    said = {key: value.strip() for key, value in given.items() if value.strip()}
    words = said.get("q", "")
    if len(words) > LONGEST:
        raise InvalidValue(
            "a question has {longest} letters at most; this one has {number}", longest=LONGEST, number=len(words)
        )
    violation, kind = _violation(said.get("violation", "")), said.get("source-kind", "")
    if kind and kind not in SOURCE_KINDS:
        raise InvalidValue("no kind {kind!r} of source; there are {listed}", kind=kind, listed=", ".join(SOURCE_KINDS))
    first, last = _day(said.get("from", ""), last=False), _day(said.get("to", ""), last=True)
    if first and last and last < first:
        raise InvalidValue(
            "{to} is before {the_from}: the period would hold no day", to=said["to"], the_from=said["from"]
        )
    return Criteria(
        words,
        violation,
        said.get("place", ""),
        first,
        last,
        kind,
        _consent(said.get("consent", "")),
        said.get("list", ""),
    )


def as_given(given: Mapping[str, str]) -> dict[str, str]:
    """What is kept of a question that is saved: what it asks, and nothing else. Raises InvalidValue as :func:`asked`
    does, and for a question that asks nothing."""
    if criteria_of(given).empty:
        raise InvalidValue("there is nothing to save: write words, or choose a filter")
    return {key: given[key].strip() for key in _KEYS if given.get(key, "").strip()}


def _violation(text: str) -> str:
    """The id of a violation by its id, or by its label in any language."""
    entries = load("violations").entries
    if not text or text in entries:
        return text
    named = [one.id for one in entries.values() if text.casefold() in (each.casefold() for each in one.label.values())]
    if named:
        return named[0]
    near = [one.id for one in entries.values() if text.casefold() in one.label["en"].casefold() or text in one.id][:6]
    if near:
        raise InvalidValue("no violation {words!r}; near it: {listed}", words=text, listed=", ".join(near))
    raise InvalidValue(
        "no violation {words!r}; ids are such as {listed}", words=text, listed=", ".join(list(entries)[:3])
    )


def _day(text: str, *, last: bool) -> date | None:
    if not text:
        return None
    day = PartialDate.parse(text)
    return day.latest if last else day.earliest


def _consent(text: str) -> tuple[str, str] | None:
    if not text:
        return None
    use, _, audience = text.partition(":")
    if use not in USES or audience not in AUDIENCES:
        raise InvalidValue(
            "{words!r} is no consent to ask for: a use ({listed}), a colon, an audience "
            "({listed2}), such as quote:public",
            words=text,
            listed=", ".join(USES),
            listed2=", ".join(AUDIENCES),
        )
    return use, audience
