"""Template filters of demands, actions and States: what the library keeps as a key, in the reader's words."""

from django import template

from corroborate import coalition
from corroborate.vocabulary import country_names
from corroborate_node.core.wording import Words

register = template.Library()


@register.filter
def worded(one: coalition.Demand | coalition.Criterion, words: Words) -> str:
    """A demand or a criterion in the reader's language, where the register has it."""
    return one.labels.get(words.language, one.what)


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
