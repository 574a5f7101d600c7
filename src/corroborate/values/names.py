"""A person's name as a source wrote it."""

import unicodedata
from dataclasses import dataclass, field
from typing import Literal

from corroborate.errors import InvalidValue

Script = Literal[
    "Hang", "Hani", "Kana", "Latn", "Cyrl", "Arab", "Grek", "Hebr", "Armn", "Geor", "Deva", "Beng", "Thai", "Khmr",
    "Ethi", "Mymr", "Zyyy",
]  # fmt: skip
Order = Literal["family-given", "given-family", "unknown"]
Role = Literal["family", "given", "father's", "patronymic", "particle", "title", "placeholder", "word"]

_RANGES: tuple[tuple[int, int, Script], ...] = (
    (0x1100, 0x11FF, "Hang"), (0x3130, 0x318F, "Hang"), (0xAC00, 0xD7FF, "Hang"),
    (0x3040, 0x30FF, "Kana"), (0xFF66, 0xFF9F, "Kana"),
    (0x3400, 0x9FFF, "Hani"), (0xF900, 0xFAFF, "Hani"), (0x20000, 0x323AF, "Hani"),
    (0x0041, 0x024F, "Latn"), (0x1E00, 0x1EFF, "Latn"), (0xFF21, 0xFF5A, "Latn"),
    (0x0400, 0x052F, "Cyrl"), (0x0600, 0x06FF, "Arab"),
    (0x0750, 0x077F, "Arab"), (0xFB50, 0xFDFF, "Arab"), (0xFE70, 0xFEFF, "Arab"), (0x0370, 0x03FF, "Grek"),
    (0x1F00, 0x1FFF, "Grek"), (0x0590, 0x05FF, "Hebr"), (0x0530, 0x058F, "Armn"), (0x10A0, 0x10FF, "Geor"),
    (0x1C90, 0x1CBF, "Geor"), (0x0900, 0x097F, "Deva"), (0x0980, 0x09FF, "Beng"), (0x0E00, 0x0E7F, "Thai"),
    (0x1780, 0x17FF, "Khmr"), (0x1200, 0x139F, "Ethi"), (0x1000, 0x109F, "Mymr"),
)  # fmt: skip


def script_of(text: str) -> Script:
    """ISO 15924 code of the first letter that has one of our scripts, else ``Zyyy``."""
    if "가" <= text[:1] <= "힣":  # the two that nearly all names begin with
        return "Hang"
    if "A" <= text[:1] <= "Z" or "a" <= text[:1] <= "z":
        return "Latn"
    for letter in text:
        point = ord(letter)
        for first, last, script in _RANGES:
            if first <= point <= last and letter.isalpha():
                return script
    return "Zyyy"


@dataclass(frozen=True, slots=True)
class NamePart:
    """A word of a name and what it is to the name. ``placeholder``: it stands for a word that is not known."""

    text: str
    role: Role


@dataclass(frozen=True, slots=True)
class Name:
    """A name in one script. The text stays as written but for Unicode's NFC and outer spaces."""

    text: str
    script: Script
    order: Order = "unknown"
    parts: tuple[NamePart, ...] = field(default=(), compare=False)  # in the order written; empty: not taken apart
    printed: str = field(default="", compare=False)  # the cell it stands in, where that says more than the name

    def __post_init__(self) -> None:
        if not self.text or self.text != unicodedata.normalize("NFC", self.text).strip():
            raise InvalidValue("{words!r} is empty, or not in Unicode's NFC without outer spaces", words=self.text)

    @property
    def called(self) -> str:
        """The words that are known of it: ``김`` of 김○○."""
        known = [part.text for part in self.parts if part.role not in ("title", "placeholder")]
        return " ".join(known) if known and len(known) < len(self.parts) else self.text

    def __str__(self) -> str:
        return self.text


def read_name(text: str, order: Order | None = None) -> Name:
    """Take a name from a cell: NFC, trimmed; Korean, Chinese and Japanese scripts put the family first."""
    text = unicodedata.normalize("NFC", text).strip()
    script = script_of(text)
    return Name(text, script, order or ("family-given" if script in ("Hang", "Hani", "Kana") else "unknown"))
