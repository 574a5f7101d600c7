"""Reviewed vocabularies: each entry has an id, labels, a source, and whether that source was seen or recalled.

The YAML files beside this one are for reading and correcting by a lawyer; nothing but this room reads them.
"""

from corroborate.vocabulary.reading import NAMES, Entry, Vocabulary, country_names, entry_called, load
from corroborate.vocabulary.sources import Link, links_of, words_of

__all__ = [
    "NAMES",
    "Entry",
    "Link",
    "Vocabulary",
    "country_names",
    "entry_called",
    "links_of",
    "load",
    "words_of",
]
