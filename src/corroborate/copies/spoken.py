"""A transcript as somebody types it beside a recording, and as WebVTT, which any player shows.

    [00:01:05] Hana: What did you see?
    [00:01:09] They came at night.
    There were four of them.

A line that begins with a time code begins a segment; lines after it without one belong to it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corroborate.copies.regions import seconds, time_code
from corroborate.errors import InvalidValue

MOST = 20_000  # segments
_BEGINS = re.compile(r"\s*\[?((?:\d{1,3}:)?\d{1,3}:\d\d(?:[.,]\d{1,3})?)\]?[ \t]*(.*)")
_SPEAKER = re.compile(r"([^\s:：.,?!][^:：.,?!\n]{0,38})[:：][ \t]+(.*)")
_LAST = 5.0  # seconds of a last segment, whose end nobody typed


@dataclass(frozen=True, slots=True)
class Segment:
    """What is said from a second on, and by whom as the transcript names them."""

    at: float
    text: str
    speaker: str = ""

    @property
    def locator(self) -> str:
        return time_code(int(self.at))


def segments(typed: str) -> tuple[Segment, ...]:
    """A typed transcript. Raises InvalidValue with the line that is wrong."""
    found: list[tuple[float, list[str]]] = []
    for number, line in enumerate(typed.splitlines(), 1):
        begins = _BEGINS.fullmatch(line)
        if begins is not None:
            at = seconds(begins[1])
            if found and at < found[-1][0]:
                raise InvalidValue("line {number} goes back in time: {line}", number=number, line=line.strip()[:60])
            found.append((at, [begins[2]]))
        elif line.strip():
            if not found:
                raise InvalidValue("line {number} stands before any time code: begin it as [00:00:00]", number=number)
            found[-1][1].append(line)
    if len(found) > MOST:
        raise InvalidValue("no more than {most} segments are one transcript", most=MOST)
    return tuple(one for at, lines in found if (one := _segment(at, lines)) is not None)


def _segment(at: float, lines: Sequence[str]) -> Segment | None:
    words = "\n".join(line.strip() for line in lines).strip()
    if not words:
        return None
    named = _SPEAKER.fullmatch(words.split("\n", 1)[0])
    if named is None:
        return Segment(at, words)
    rest = words.split("\n", 1)[1:]
    return Segment(at, "\n".join([named[2].strip(), *rest]).strip() or words, named[1].strip())


def as_typed(passages: Sequence[tuple[str, str, str]]) -> str:
    """Passages of a file of subtitles or text (place, words, speaker) as somebody would type them; those without a
    time code stand at the beginning of what they follow."""
    lines, at = [], "00:00:00"
    for where, words, speaker in passages:
        found = re.match(r"(?:\d{1,3}:)?\d{1,3}:\d\d", where)
        at = time_code(seconds(found.group())) if found else at
        said = f"{speaker}: {words}" if speaker else words
        lines.append(f"[{at}] {said}")
    return "\n".join(lines)


def vtt(said: Sequence[Segment]) -> str:
    """As WebVTT: each segment ends where the next one begins."""
    ends = [*(one.at for one in said[1:]), (said[-1].at + _LAST) if said else 0.0]
    cues = []
    for one, end in zip(said, ends, strict=True):
        words = "\n".join(line for line in _escaped(one.text).splitlines() if line.strip())
        voice = f"<v {_escaped(one.speaker)}>" if one.speaker else ""
        cues.append(f"{_clock(one.at)} --> {_clock(max(end, one.at + 0.001))}\n{voice}{words}\n")
    return "WEBVTT\n\n" + "\n".join(cues)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clock(at: float) -> str:
    code = time_code(at)
    return code if "." in code else f"{code}.000"


__all__ = ["Segment", "as_typed", "segments", "vtt"]
