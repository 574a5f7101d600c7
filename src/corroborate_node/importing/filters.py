"""Template filters of the import pages: codes in the reader's words."""

from django import template

from corroborate_node.core.wording import Words

register = template.Library()


@register.filter
def kind_of_victim(kind: str, words: Words) -> str:
    return words[f"kind_{kind}"]


@register.filter
def field_of_list(field: str | None, words: Words) -> str:
    return words["as_told"] if field is None else words.get(f"field_{field}", field)
