"""Bytes as letters: UTF-8 and UTF-16 by their form, code pages by what their letters say."""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from corroborate.errors import InputRefused

# Korean and Japanese code pages decode much of each other's text into nonsense; plausibility decides.
_CANDIDATES = ("cp949", "cp932", "euc_jp")
_LARGE = 32 << 20  # bytes; UTF-8 above it is read from the disk as it is needed


@dataclass(frozen=True, slots=True)
class Letters:
    """The text of a file (None: it is UTF-8, and so large that it is read from the disk as it is needed), how it was
    read, and a question where two readings make sense."""

    text: str | None
    encoding: str
    notices: tuple[str, ...] = ()
    unsure: str = ""


def decoded(path: Path, encoding: str | None = None) -> Letters:
    """Read the letters of a file. Raises InputRefused."""
    if encoding is None and path.stat().st_size > _LARGE and _is_utf_8(path):
        return Letters(None, "utf-8")
    text, used, notices = _decode(path, path.read_bytes(), encoding)
    return Letters(text, used, tuple(notices))


def _is_utf_8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while piece := file.read(1 << 20):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _decode(path: Path, content: bytes, encoding: str | None) -> tuple[str, str, list[str]]:
    if encoding is not None:
        try:
            return content.decode(encoding).removeprefix("\ufeff"), encoding, []
        except LookupError as error:
            raise InputRefused(f"there is no encoding {encoding!r}") from error
        except UnicodeError as error:
            line = content[: getattr(error, "start", 0)].count(b"\n") + 1
            raise InputRefused(f"{path.name} is not {encoding}: line {line} has a byte it does not know") from error
    wide = _utf_16(content)
    if wide is not None:
        return wide, "utf-16", []
    if b"\x00" in content[:4096]:
        raise InputRefused(f"{path.name} is no text: it holds bytes that no list has")
    marked = content.startswith(codecs.BOM_UTF8)
    content = content.removeprefix(codecs.BOM_UTF8)
    odd, even = _not_utf_8(content)
    if not odd:
        return content.decode("utf-8"), "utf-8-sig" if marked else "utf-8", []
    if marked or even:  # chance hardly ever makes a line of a code page's letters valid UTF-8
        return _mixed(path, content, odd)
    scored = [(score, name) for name in _CANDIDATES if (score := _plausible(content, name)) is not None]
    if not scored:
        return _mixed(path, content, odd)
    best = max(scored)[1]
    return content.decode(best), best, [f"read as {best}, as far as its letters tell; --encoding says otherwise"]


def _not_utf_8(content: bytes) -> tuple[list[int], int]:
    """Lines that are not UTF-8, and how many are UTF-8 with letters beyond ASCII."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return [], 0
    odd, even = [], 0
    for number, line in enumerate(content.split(b"\n")):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            odd.append(number)
        else:
            even += not line.isascii()
    return odd, even


def _utf_16(content: bytes) -> str | None:
    """UTF-16 by its mark, or without one when every second byte of its separators is zero."""
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not marked and (b"\x00" not in content[:4096] or len(content) % 2):
        return None
    guesses = ("utf-16",) if marked else ("utf-16-le", "utf-16-be")
    for name in guesses:
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if marked or ("\n" in text and not re.search(r"[\x00-\x08\x0e-\x1f]", text)):
            return text
    return None


def _plausible(content: bytes, encoding: str) -> float | None:
    """Share of non-ASCII letters that everyday Korean or Japanese has; None when it does not decode."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    foreign = [c for c in text if ord(c) > 0x7F]
    if encoding == "cp949":
        # the 2,350 syllables of KS X 1001 are everyday Korean; the 8,822 others are what Japanese bytes turn into
        common = {c for c in set(foreign) if "가" <= c <= "힣" and len(c.encode("euc_kr", "replace")) == 2}
        good = 2 * sum(c in common for c in foreign) + sum("一" <= c <= "龥" for c in foreign)
        good -= 2 * sum(("가" <= c <= "힣" and c not in common) or "ぁ" <= c <= "ヿ" for c in foreign)
    else:
        good = sum("ぁ" <= c <= "ヿ" or "一" <= c <= "龥" for c in foreign) - sum("｡" <= c <= "ﾟ" for c in foreign)
        good += sum("ぁ" <= c <= "ヿ" for c in foreign)
    return good / max(1, len(foreign))


def _mixed(path: Path, content: bytes, odd: list[int]) -> tuple[str, str, list[str]]:
    """Line by line: UTF-8 where it is, else the code page that fits the other lines best. A line that fits none
    keeps the sign of a lost letter, and its row is rejected below."""
    lines = content.split(b"\n")
    scores: dict[str, float] = {}
    for name in _CANDIDATES:
        each = [_plausible(lines[number], name) for number in odd]
        scores[name] = sum(score for score in each if score is not None)
    best = max(_CANDIDATES, key=lambda name: scores[name])
    lost = sum(_plausible(lines[number], best) is None for number in odd)
    if 2 * lost > len(lines):
        raise InputRefused(
            f"{path.name} is in no encoding that we know (UTF-8, CP949, CP932, EUC-JP, UTF-16); say it with --encoding"
        )
    strange = set(odd)
    text = "\n".join(
        line.decode(best, errors="replace") if number in strange else line.decode() for number, line in enumerate(lines)
    )
    notices = [f"{len(odd)} lines are in {best}, the others in UTF-8"]
    if lost:
        notices.append(f"{lost} lines are in no encoding that we know; their rows are rejected")
    return text, f"utf-8 and {best}", notices
