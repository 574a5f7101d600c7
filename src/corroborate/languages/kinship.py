"""Kin whom a list names beside a person: who they are to the person, and their names as written."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, get_args

import yaml

from corroborate.languages.names import SURE, name_forms, plain
from corroborate.values import script_of

Relation = Literal["father", "mother", "parent", "spouse", "sibling", "child", "kin"]
RELATIONS: tuple[Relation, ...] = get_args(Relation)


_UNKNOWN = frozenset(("미상", "불명", "모름", "없음", "不明", "不詳", "なし", "unknown",
                      "n/k", "none", "nk", "not known", "-"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kin:
    """A person named beside another. ``kin``: nothing says what they are to each other."""

    relation: Relation
    name: str


@cache
def _words() -> dict[str, tuple[Relation, Relation]]:
    """Word -> what the person named is, and what it is when the word is turned round (`son of`)."""
    text = resources.files(__package__).joinpath("kinship.yaml").read_text(encoding="utf-8")
    table: dict[str, Any] = yaml.safe_load(text)
    return {
        str(word): (_relation(name), _relation(row["turned"])) for name, row in table.items() for word in row["words"]
    }


def _relation(text: str) -> Relation:
    return RELATIONS[RELATIONS.index(text)]


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    longest = sorted(_words(), key=lambda word: (-len(word), word))
    any_ = "|".join(map(re.escape, longest))
    characters = "|".join(word for word in longest if script_of(word) == "Hani")
    return (
        re.compile(rf"(?:the\s+)?({any_})\s+of\s+(.+)", re.I),  # son of Ri Yong-su
        re.compile(rf"(.+?)(?:의|の)\s*({any_})"),  # 리영수의 아들, 李英洙の長男
        re.compile(rf"({any_})(?:'s name)?(?:\s*[:：=・(]\s*|\s+)(.+?)\)?", re.I),  # 父: 李英洙, 아버지 리영수
        re.compile(rf"({characters})([^\x00-\x7f]{{2,}})"),  # 父李英洙
    )


def read_kin(text: str) -> tuple[Kin, ...]:
    """The people whom a cell names as kin: ``아버지 리영수``, ``son of Ri Yong-su; brother Yong-ho``, ``父 李英洙``.

    A relation alone (``兄``: what the reporter is) names nobody. A name alone is somebody beside the person.
    """
    found: list[Kin] = []
    wide = unicodedata.normalize("NFKC", text)
    for part in re.split(r"[;、/\n]|(?<=[^\x00-\x7f])\s*[,·]", wide):
        one = _one(part.strip(" .,"))
        if one is not None and one not in found:
            found.append(one)
    return tuple(found)


def named_kin(columns: Iterable[tuple[str, str]], told: str | None = None) -> tuple[Kin, ...]:
    """Kin of a row: what columns of their own say (``("father", "리영수")``), and what a cell tells in words."""
    named = [Kin(_relation(relation), name) for relation, name in columns]
    return tuple(dict.fromkeys([*named, *read_kin(told or "")]))


def _one(part: str) -> Kin | None:
    words = _words()
    if not part or part.lower() in words:
        return None
    of, turned, plainly, joined = (pattern.fullmatch(part) for pattern in _patterns())
    if of:
        return Kin(words[of[1].lower()][1], of[2].strip())
    if turned:
        return Kin(words[turned[2]][1], turned[1].strip())
    if (said := plainly or joined) is not None:
        return Kin(words[said[1].lower()][0], said[2].strip())
    whole = any(not key.startswith("w:") for key in kin_keys(part))
    return Kin("kin", part) if whole else None


def kin_keys(name: str) -> tuple[str, ...]:
    """Keys under which writings of a kin's name meet; of a given name alone (``Mahmoud``), its letters. None for a
    cell that says that the name is not known."""
    if unicodedata.normalize("NFKC", name).strip(" .").lower() in _UNKNOWN:
        return ()
    keys = tuple(sorted(f.key for f in name_forms(name) if f.probability >= SURE and not f.key.startswith("m:")))
    if keys:
        return keys
    letters = plain(name).replace(" ", "") if script_of(name) == "Latn" else re.sub(r"\s+", "", name)
    alone = re.fullmatch(r"[a-z]{3,}|[^\W\d_]{2,4}", letters)
    return (f"w:{letters}",) if alone else ()
