"""Occupations under one key, whatever language a list writes; and the kind of work they are."""

import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources

import yaml

from corroborate.languages.names import plain

_BEFORE = re.compile(r"^(?:former|ex|retired|전직|전|元)[\s-]+|^元(?=\S\S)|\((?:former|전|元)\)$")


def _folded(text: str) -> str:
    text = _BEFORE.sub("", unicodedata.normalize("NFKC", text).strip().lower())
    return plain(text) or re.sub(r"[\s·・()]+", "", text)


@cache
def _table() -> dict[str, tuple[str, str]]:
    """Word -> the first word of its line, and its group."""
    text = resources.files(__package__).joinpath("occupations.yaml").read_text(encoding="utf-8")
    groups: dict[str, list[list[str]]] = yaml.load(text, Loader=yaml.CSafeLoader)
    return {
        _folded(word): (_folded(line[0]), group)
        for group, lines in reversed(groups.items())
        for line in reversed(lines)
        for word in line
    }


@lru_cache(maxsize=50_000)
def _known(text: str) -> tuple[str, str] | None:
    """The line of the table that a text is, and its group; one that ends in a known word is of that word's group."""
    folded, table = _folded(text), _table()
    if folded in table:
        return table[folded]
    if folded.endswith("s") and folded[:-1] in table:
        return table[folded[:-1]]
    # "primary school teacher", 소학교교원: the work is said last in all three languages
    ends = (folded[at:] for at in range(1, len(folded) - 1) if not folded.isascii() or folded[at - 1] == " ")
    return next(((folded, table[end][1]) for end in ends if end in table), None)


def occupation_key(text: str) -> str:
    """The first word of an occupation that we know (광부 for miner, 鉱夫), else the text without marks and case."""
    known = _known(text)
    return known[0] if known else _folded(text)


def trade(text: str) -> str | None:
    """The kind of work: ``mining`` for miner and for coal miner. None for an occupation that we do not know."""
    known = _known(text)
    return known[1] if known else None
