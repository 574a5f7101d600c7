"""Template filters of the room of findings."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template

from corroborate.cases import Difference
from corroborate.cases.findings import people_told
from corroborate.translation import in_language, label_of
from corroborate.vocabulary import Entry
from corroborate_node.core.wording import Words

register = template.Library()


@register.filter
def tie_word(words: Words, kind: str) -> str:
    """What a source's tie to another is called, from its side."""
    return words[f"tie_{kind}"]


@register.filter
def back_word(words: Words, kind: str) -> str:
    """The same from the other's side; of what has no direction it is the same."""
    return words.get(f"back_{kind}", words[f"tie_{kind}"])


@register.filter
def entry_in(entry: Entry, language: str) -> str:
    """What an entry of a vocabulary is called in the reader's language."""
    return label_of(entry.label, language)


@register.filter
def in_readers_words(said: str, words: Words) -> str:
    """A sentence in the reader's language."""
    return in_language(said, words.language)


@register.filter
def people_in(row: Mapping[str, Any], words: Words) -> str:
    """How many people a finding counts, and groups beside them; one that an earlier version kept names no groups."""
    return in_language(people_told(row["victims"], row.get("groups", ())), words.language)


@register.filter
def stand_word(words: Words, choice: str) -> str:
    """What a member said of a finding."""
    return words[f"stand_{choice}"]


@register.filter
def side_word(words: Words, side: str) -> str:
    """Who, what, where or when."""
    return words[f"side_{side}"]


@register.filter
def likeness_word(words: Words, kind: str) -> str:
    """Of what kind a difference is."""
    return words[f"like_{kind}"]


@register.filter
def law_word(words: Words, law: str) -> str:
    """What a law is called."""
    return words[f"law_{law}"]


@register.filter
def doubt_word(words: Words, doubt: str) -> str:
    """What makes an element doubtful."""
    return words[f"doubt_{doubt}"]


@register.filter
def doubts_in(doubts: Iterable[str], words: Words) -> str:
    """What makes an element doubtful, in a line; that one origin carries it is said beside it."""
    return ", ".join(words[f"doubt_{one}"] for one in doubts if one not in ("one_origin", "nothing_for"))


@register.filter
def conclusion_word(words: Words, conclusion: str) -> str:
    """What somebody concluded."""
    return words[f"conclusion_{conclusion}"]


@register.filter
def speaks_word(words: Words, stance: str) -> str:
    """How evidence speaks to an element."""
    return words[f"speaks_{stance}"]


@register.filter
def weight_word(words: Words, weight: str) -> str:
    """With what weight."""
    return words[f"weight_{weight}"]


@register.filter
def sides_in(sides: Iterable[str], words: Words) -> str:
    """On which sides accounts agree, in words."""
    return ", ".join(words[f"side_{one}"] for one in sides) or "–"


@register.filter
def kinds_in(differences: Iterable[Difference], words: Words) -> str:
    """Of which kinds some differences are, each once, in words."""
    return ", ".join(words[f"like_{kind}"] for kind in dict.fromkeys(one.kind for one in differences)) or "–"
