"""From the words in which a register names its sources to addresses that a reader can open.

A register says ``A/HRC/25/63 para 1; OHCHR COI page``. A United Nations symbol has one address; publications.yaml knows
others by how they are named; an address that is written out is taken as it stands. What is no source for a reader (a
file of the compilers, a private copy, "own knowledge") is left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from corroborate.vocabulary.reading import load

SYMBOLS = "https://undocs.org/"
_SYMBOL = re.compile(r"(?<![\w/.])((?:A|S|E|CRC|CEDAW|CCPR|CAT|CED)/[A-Z0-9][A-Za-z0-9.]*(?:[/-][A-Za-z0-9.]+)*)")
_WRITTEN = re.compile(r"https?://[^\s;,)\]]+")
_BARE = re.compile(r"(?<![\w@./-])((?:[a-z0-9-]+\.)+(?:com|org|net|kr|jp|gov|int|info|edu)(?:/[^\s;,)\]]*)?)(?![\w.])")
_NOBODYS = re.compile(
    r"\b(?:\w+\.(?:csv|kml|json)\b|github\.com/Ahmet|copy in github|own knowledge|cover pages|searches in|kukimedi"
    r"|vpn\.supremacy|symbol (?:also )?in|to check|to verify|docs/research)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Link:
    """What a reader opens: its title, and its address."""

    title: str
    address: str


def links_of(source: str, symbol: str = "") -> tuple[Link, ...]:
    """The addresses that a source names, each once, in its order; ``symbol``: of the document itself, which comes
    first."""
    found: dict[str, Link] = {}
    for piece in (symbol, *source.split(";")):
        for link in _of_piece(piece.strip()):
            found.setdefault(link.address, link)
    return tuple(found.values())


def words_of(source: str) -> str:
    """The words of a source for a reader: without files of the compilers and private copies."""
    kept = (piece.strip() for piece in re.sub(r"\((?:[^()]*github[^()]*)\)", "", source).split(";"))
    return "; ".join(
        piece.strip("() ") if piece.count("(") != piece.count(")") else piece
        for piece in kept
        if piece and not _NOBODYS.search(piece)
    )


def _of_piece(piece: str) -> Iterator[Link]:
    rest = piece
    for name, link in _named():
        if name in rest:
            yield link
            rest = rest.replace(name, " ")
    if _NOBODYS.search(rest):
        return
    for match in _WRITTEN.finditer(rest):
        yield Link(_host(match.group()), match.group())
    rest = _WRITTEN.sub(" ", rest)
    for match in _SYMBOL.finditer(rest):
        yield Link(match.group(1), SYMBOLS + match.group(1))
    for match in _BARE.finditer(_SYMBOL.sub(" ", rest)):
        yield Link(_host(match.group(1)), f"https://{match.group(1).rstrip('.')}")


def _host(address: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", address).partition("/")[0]


@cache
def _named() -> tuple[tuple[str, Link], ...]:
    """Longest name first, so that no part of one is taken for another."""
    found = [
        (str(name), Link(entry.label["en"], str(entry.more["address"])))
        for entry in load("publications").entries.values()
        for name in entry.more["names"]
    ]
    return tuple(sorted(found, key=lambda one: -len(one[0])))
