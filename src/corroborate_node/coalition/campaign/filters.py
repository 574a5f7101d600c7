"""Template filters of the campaign's pages: states and choices in the reader's words."""

from datetime import datetime
from typing import Any

from django import template

from corroborate.coalition.countries import country_name
from corroborate.translation import COMPLETE
from corroborate_node.core.wording import Words

register = template.Library()


@register.filter
def phase(value: str, words: Words) -> str:
    return words[f"phase_{value}"]


@register.filter
def response_state(value: str, words: Words) -> str:
    return words[f"state_{value}"]


@register.filter
def chosen(value: str, words: Words) -> str:
    return words[value]


@register.filter
def request_field(value: str, words: Words) -> str:
    """What a field of a request is called; one that a newer hub sends, as it sends it."""
    return words.get(f"field_{value}", words.get(value, value))


@register.filter
def outcome(value: str, words: Words) -> str:
    return words[f"outcome_{value}"]


@register.filter
def happened(value: str, words: Words) -> str:
    return words[f"happened_{value}"]


@register.filter
def corrected(value: str, words: Words) -> str:
    """What a correction changed, as its form calls it."""
    return words[{"field_of_work": "field", "languages": "languages_spoken"}.get(value, value)]


@register.filter
def notice(one: Any, words: Words) -> str:
    """A notice in a line. What it is about is a name, a date or a number, as the library gave it."""
    key = "asked_again" if one.what == "reminder" else f"notice_{one.what}"
    said, about = words[key], _readable(one.about)
    return said.format(about=about) if "{about}" in said else f"{said}: {about}" if about else said


def _readable(about: str) -> str:
    """A time as the pages print times; anything else as it is."""
    try:
        return f"{datetime.fromisoformat(about):%Y-%m-%d %H:%M} UTC" if "T" in about else about
    except ValueError:
        return about


@register.filter
def listed(value: Any) -> str:
    """Codes with spaces between, whether they come from a form or from the register."""
    return value if isinstance(value, str) else " ".join(value or ())


@register.filter
def mailed(value: str, words: Words) -> str:
    return words[f"mailed_{value}"]


_REQUESTS = {
    "sign-on": "sign",
    "translation": "translation",
    "quote": "quote",
    "stance": "stance",
    "stance on a text": "stance",
    "signatory": "signatory",
    "key": "key",
    "departure": "departure",
}


@register.filter
def outcome_word(value: str, words: Words) -> str:
    """What became of a suggestion."""
    return words[f"suggestion_{value}"]


@register.filter
def version_word(number: int, words: Words) -> str:
    """A version by its number, in the order of words of the reader's language."""
    return words["version_n"].format(number=number)


@register.filter
def language_name(code: str) -> str:
    """A language by its own name, where the pages speak it; by its code otherwise."""
    return dict(COMPLETE).get(code, code)


@register.filter
def country_in(code: str, words: Words) -> str:
    """A country by its name in the reader's language; nothing where none is known."""
    return country_name(code, words.language) if code else ""


@register.filter
def line_filter(value: str, words: Words) -> str:
    """Which members of a round are shown."""
    return words[f"shown_{value}"]


@register.filter
def request_kind(kind: str, words: Words) -> str:
    """What a hub asks of a member."""
    return words[f"kind_{_REQUESTS.get(kind, 'position')}"]


@register.filter
def proved(proof: Any, words: Words) -> str:
    """Why a key is taken for a member's own."""
    return words["how_unknown" if proof is None else f"how_{proof.how}"]


@register.filter
def decoded(note: bytes) -> str:
    """A signed note as the text that it is."""
    return note.decode("utf-8", "replace")


@register.filter
def awaited(what: str, words: Words) -> str:
    """What waits for somebody on the first page of a hub."""
    return words.get(what, words["to_confirm"])
