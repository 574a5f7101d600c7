"""Template filters: values as people read them."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from django import template

from corroborate.errors import InvalidValue
from corroborate.records import Reference, Term, read_value
from corroborate.records.schema import of_field, properties
from corroborate.registers.cells import SEVERAL
from corroborate.translation import in_language, label_of, number_in, of_json
from corroborate.vocabulary import load
from corroborate.vocabulary.proceedings import PROCEEDING_KINDS, STEPS
from corroborate_node.core.desk import Desk
from corroborate_node.core.wording import Words, readers_language

register = template.Library()
CODED = (
    "f",
    "m",
    "named",
    "partial",
    "unnamed",
    "group",
    "perpetrator",
    "witness",
    "carried_out",
    "gave_order",
    "gave_help",
    "in_charge",
    "surely_them",
    "probably_them",
    "possibly_them",
    *(f"proceeding_{one}" for one in PROCEEDING_KINDS),
    *(f"step_{one}" for one in STEPS),
)  # values that are the program's words, not a source's
TOLD = (
    "after",
    "heard from",
    "section",
    "ended",
    "from",
    "to",
    "returned",
)  # headings of what is recorded by hand in words
_LANGUAGE = {"Hang": "ko", "Hani": "ja", "Kana": "ja", "Latn": "en"}


@register.filter
def shown(value: dict[str, Any] | None, words: Words) -> str:
    """A stored value in the reader's words; a withdrawn one says so."""
    if value is None:
        return words["withdrawn_value"]
    read = read_value(value)
    if isinstance(read, Term):
        try:
            label = load(read.vocabulary)[read.id].label
        except InvalidValue:
            return read.id
        return label_of(label, words.language)
    if isinstance(read, Reference):
        return read.entity
    text = str(getattr(read, "text", read))
    return words[f"value_{text}"] if text in CODED else _headed(text, words.language)


def _headed(text: str, tongue_: str) -> str:
    """Words that stand under the field of a list, with that field in the reader's words."""
    field, colon, rest = text.partition(": ")
    if colon and field in TOLD:
        return f"{Words(tongue_, 'core')[f'told_{field}']}: {rest}"
    known = of_field(field) if colon else None
    return text if known is None else f"{known.in_language(tongue_)}: {rest}"


@cache
def _labels(tongue_: str) -> dict[str, str]:
    """What may have been done, in a language, by its name in English."""
    return {one.label["en"]: label_of(one.label, tongue_) for one in load("violations").entries.values()}


def in_register(cell: str, words: Words) -> tuple[str, str]:
    """A cell of a register as its reader reads it, and in which language: registers are written in English, as files
    for programs are."""
    labels = _labels(words.language)
    found = [labels.get(one) or (words[f"value_{one}"] if one in CODED else "") for one in cell.split(SEVERAL)]
    if all(found):
        return "; ".join(found), words.language
    return _headed(cell, words.language), tongue(cell)


@register.filter
def told(text: str, words: Words) -> str:
    """Words of a source, with the field of its list that they stood in, in the reader's words."""
    return _headed(text, words.language)


@register.filter
def in_words(kept: object, words: Words) -> str:
    """A sentence of the library, as it was kept, in the reader's language."""
    return in_language(of_json(kept), words.language)


@register.filter
def language(value: dict[str, Any] | None) -> str:
    """BCP 47 tag of a stored value, for the ``lang`` attribute."""
    if value and value.get("type") == "name":
        return _LANGUAGE.get(str(value.get("script")), "und")
    text = str((value or {}).get("text", ""))
    if any("가" <= c <= "힣" for c in text):
        return "ko"
    return "ja" if any("一" <= c <= "龥" or "ぁ" <= c <= "ヿ" for c in text) else "en"


@register.filter
def spoken_in(value: dict[str, Any] | None, words: Words) -> str:
    """The language in which a value is shown: the reader's for the program's own words, else the source's."""
    if value is None or value.get("type") == "term" or value.get("text") in CODED:
        return words.language
    return language(value)


@register.filter
def tongue(text: str) -> str:
    """The same for plain text."""
    return language({"type": "text", "text": text})


@register.filter
def met(name: str, words: Words) -> str:
    """What is kept of how something was told, in the reader's words."""
    return words[f"met_{name}"]


@register.filter(name="of")
def of_key(known: object, key: str) -> object:
    """What stands under a key, or None; of a page that gives nothing: None."""
    return known.get(key) if isinstance(known, dict) else None


@register.filter
def titled(property_: str, words: Words) -> str:
    """What a claim says of somebody, in words."""
    known = properties().get(property_)
    return known.in_language(words.language) if known else property_.replace("_", " ").capitalize()


@register.filter
def called(kind: str, words: Words) -> str:
    """The kind of a source."""
    return words[f"kind_{kind}"]


@register.filter
def how(basis: str, words: Words) -> str:
    """How the source knew."""
    return words[f"how_{basis}"]


@register.filter
def can(seat: Desk, permission: str) -> bool:
    """Whether who reads a page may do something: what it offers leads to no refusal."""
    return seat.may(permission)


@register.filter
def minute(at: datetime | str) -> str:
    """A time as every page prints it, whether it was kept as one or as text (ISO 8601)."""
    try:
        read = datetime.fromisoformat(at) if isinstance(at, str) else at
    except ValueError:
        return str(at)
    return f"{read.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


@register.filter
def people(number: float | None) -> str:
    """Whole people, thousands set apart as the reader's language does."""
    return "" if number is None else number_in(f"{number:,.0f}", readers_language())


@register.filter
def decimal(number: float | None, places: int) -> str:
    """A number with so many places after its point, as the reader's language writes them."""
    return "" if number is None else number_in(f"{number:,.{places}f}", readers_language())
