"""What the templates of supporters say of codes."""

from django import template

from corroborate_node.core.wording import Words

register = template.Library()


@register.filter
def sheet_state(state: str, words: Words) -> str:
    return words["waits_to_be_taken" if state == "read" else f"sheet_{state}"]
