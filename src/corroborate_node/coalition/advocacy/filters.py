"""Template filters of demands, actions and States: what the library keeps as a key, in the reader's words."""

from collections.abc import Mapping
from functools import cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from corroborate import coalition
from corroborate.vocabulary import country_names
from corroborate_node.core.filters import tongue
from corroborate_node.core.wording import Words

register = template.Library()


@register.filter
def worded(one: coalition.Demand | coalition.Criterion, words: Words) -> str:
    """A demand or a criterion in the reader's language, where the register has it."""
    return one.labels.get(words.language, one.what)


@register.filter
def event_shown(one: coalition.Event | coalition.Access, words: Words) -> SafeString:
    """What a dated event was, in the reader's language where the timeline has it; else as somebody wrote it."""
    known = timeline_labels().get(one.event if isinstance(one, coalition.Access) else one.id, {})
    label = known.get(words.language) if known.get("en") == one.what else None
    return format_html('<span lang="{}">{}</span>', words.language if label else tongue(one.what), label or one.what)


@register.filter
def citation(one: coalition.Demand, words: Words) -> str:
    """What a reader can copy, in the reader's language."""
    return one.cited(words.language)


@cache
def timeline_labels() -> Mapping[str, Mapping[str, str]]:
    return {one.id: one.labels for one in coalition.timeline()}


@register.filter
def spoken(key: str, words: Words) -> str:
    """What became of a demand, how a request was answered, what kind of action it was."""
    return words.get(key, key)


@register.filter
def commitment_state(kept: str, words: Words) -> str:
    """How a commitment stands."""
    return words[f"kept_{kept}"]


@register.filter("country")
def name_of(code: str, words: Words) -> str:
    """The name of a country (ISO 3166-1)."""
    one = country_names().get(code)
    return one.get(words.language, one["en"]) if one else code
