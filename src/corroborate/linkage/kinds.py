"""How a victim is known from the cell of a name: named, partial, unnamed or a group. Only named people are linked by
their names; an unnamed one or a group is linked with nobody and stands in no overlap table as a person.
"""

import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources
from typing import Literal

import yaml

from corroborate.languages.names import partial_name

Kind = Literal["named", "partial", "unnamed", "group"]
_CIRCLES = re.compile(r"[○〇◯●◌]|[*＊]{1,3}")
_PLACEHOLDER = re.compile(r"(?:^|[\s.,])[Xx]{1,3}(?=$|[\s.,])")
_SURNAME_ONLY = re.compile(
    r"(?:[가-힣]|남궁|황보|제갈|사공|선우|서문|독고|동방)\s?(?:모|씨네.*|씨|某)|(?:Mr|Mrs|Ms)\.?\s+\S+|[一-鿿]{1,2}某+|.*부부"
)
_WORD = re.compile(r"[^\W\d_]+|\d+")
_WHOLE = re.compile(
    r"신원\s?미상|신원\s?불명|성명\s?불상|성명\s?미상|이름\s?모름|이름\s?미상|무명|신원미확인|氏名不詳|氏名不明|姓名不詳|身元不明|不明|不詳|不详|无名|無名|身份不明|未知|姓名不详|名前不明|名称不明"
)
_COUNTED = re.compile(
    r"\d+\s?(?:명|인|名|人|구|体|具)|여러\s?(?:명|사람)|수십\s?명|数名|数人|数十人|多人|若干名|일가족|一家"
)


@cache
def _words() -> dict[str, frozenset[str]]:
    text = resources.files("corroborate.languages").joinpath("unnamed.yaml").read_text(encoding="utf-8")
    return {key: frozenset(plain_words(str(value))) for key, value in yaml.safe_load(text).items()}


def plain_words(text: str) -> list[str]:
    """Words and numbers without marks, lower case."""
    bare = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).lower())
    bare = unicodedata.normalize("NFC", "".join(c for c in bare if not unicodedata.combining(c) or c >= "ऀ"))
    return _WORD.findall(bare)


@lru_cache(maxsize=400_000)
def kind_of(text: str) -> Kind:
    """How a person is known by the text of a name.

    A part is missing (*partial*) where a circle or stars stand for it, where X stands as a word of its own, or 모 behind
    a surname alone: inside a longer word both are letters (Alexander Mora, 김선모).
    """
    text = unicodedata.normalize("NFKC", text).strip()
    known = _words()
    words = plain_words(text)
    if _WHOLE.search(text):
        return "group" if _COUNTED.search(text) else "unnamed"
    if words and all(any(word in each for each in known.values()) or word.isdigit() for word in words):
        if any(word in known["several"] for word in words) or any(w.isdigit() or w in known["numbers"] for w in words):
            return "group"
        if any(word in known["unknown"] or word in known["somebody"] for word in words):
            return "unnamed"
    if _CIRCLES.search(text) or _PLACEHOLDER.search(text) or _SURNAME_ONLY.fullmatch(text):
        return "partial"
    return "partial" if "?" in text and partial_name(text) is not None else "named"
