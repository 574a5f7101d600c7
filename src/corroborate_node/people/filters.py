"""Template filters of this room."""

from typing import Any

from django import template

from corroborate_node.core.wording import Words
from corroborate_node.people import titles

register = template.Library()


@register.filter
def said_short(value: dict[str, Any] | None, words: Words) -> str:
    """A value as a heading says it: what a date between two days means, in the reader's words."""
    return titles.said_of(value, words)
