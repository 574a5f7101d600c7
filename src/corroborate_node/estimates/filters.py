"""Template filters of the estimate pages: codes in the reader's words."""

from django import template

from corroborate_node.core.wording import Words
from corroborate_node.estimates import comparing

register = template.Library()


@register.filter
def chosen_state(state: str, words: Words) -> str:
    return words[f"st_{state}"]


@register.filter
def stratum(name: str, words: Words) -> str:
    return comparing.stratum(name, words)


@register.filter
def audience(name: str, words: Words) -> str:
    return words[f"a_{name}"]
