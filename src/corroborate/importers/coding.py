"""Words of lists as terms of the vocabulary of violations."""

import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

import yaml

Said = Literal["for", "against", "seen", "another", "threatened"]


@dataclass(frozen=True, slots=True)
class Act:
    term: str
    said: Said = "for"
    kin: str = ""


@dataclass(frozen=True, slots=True)
class Coding:
    acts: tuple[Act, ...]
    unread: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    heard: bool = False


class CodingTable:
    def selected(self, heading: str, text: str) -> Coding | None:
        return None

    def read(self, text: str) -> Coding:
        found, rest = [], unicodedata.normalize("NFKC", text).lower()
        raw = yaml.safe_load(resources.files(__package__).joinpath("coding.yaml").read_text(encoding="utf-8"))
        words = [(unicodedata.normalize("NFKC", w).lower(), v) for v, ws in raw.items() for w in ws]
        for word, violation in sorted(words, key=lambda pair: -len(pair[0])):
            if word in rest:
                rest = rest.replace(word, " ")
                found.append(Act(violation))
        return Coding(tuple(found), () if found else (text,))


@cache
def coding_table() -> CodingTable:
    return CodingTable()
