"""Template filters: values as people read them."""

from typing import Any

from django import template

from corroborate.coalition import ANSWERS, KINDS, STATUSES
from corroborate.errors import InvalidValue
from corroborate.records import Reference, Term, read_value
from corroborate.site.words import countries
from corroborate.vocabulary import load

register = template.Library()
_LANGUAGE = {"Hang": "ko", "Hani": "ja", "Kana": "ja", "Latn": "en"}
PROPERTIES = {
    "name": "Name", "alias": "Other name", "nickname": "Nickname", "sex": "Sex", "birth_date": "Born",
    "origin": "From", "event_date": "Taken", "event_place": "Taken at", "facility": "Held at",
    "occupation": "Occupation", "fate": "Fate", "kin": "Kin", "testimony": "Testimony", "victim": "To whom",
    "violation": "What was done", "no_violation": "What is denied", "date": "When", "place": "Where",
    "perpetrator": "By whom",
}  # fmt: skip


@register.filter
def shown(value: dict[str, Any] | None) -> str:
    """A stored value in words; a withdrawn one says so."""
    if value is None:
        return "withdrawn by its source"
    read = read_value(value)
    if isinstance(read, Term):
        try:
            return load(read.vocabulary)[read.id].label["en"]
        except InvalidValue:
            return read.id
    if isinstance(read, Reference):
        return read.entity
    return {"f": "female", "m": "male"}.get(str(getattr(read, "text", read)), str(getattr(read, "text", read)))


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
def tongue(text: str) -> str:
    """The same for plain text."""
    return language({"type": "text", "text": text})


@register.filter
def titled(property_: str) -> str:
    return PROPERTIES.get(property_, property_.replace("_", " ").capitalize())


@register.filter
def became(status: str) -> str:
    """What became of a demand, in words."""
    return STATUSES.get(status, status)


@register.filter
def answered(answer: str) -> str:
    """How a request for access was answered."""
    return ANSWERS.get(answer, answer)


@register.filter
def initiative(kind: str) -> str:
    """The kind of a member's action."""
    return KINDS.get(kind, kind)


@register.filter
def country(code: str) -> str:
    """The name of a country (ISO 3166-1)."""
    return countries()[code]["en"] if code in countries() else code


@register.filter
def how(basis: str) -> str:
    """How the source knew."""
    return {"unknown": "how it is known is not said", "inferred": "inferred", "document": "from a document"}.get(
        basis, f"{basis} it" if basis == "saw" else basis
    )


@register.filter
def people(number: float | None) -> str:
    """Whole people, thousands set apart."""
    return "" if number is None else f"{number:,.0f}"
