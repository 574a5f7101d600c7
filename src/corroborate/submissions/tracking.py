"""A submission as a folder: the text that was sent, and what became of it. It needs no vault, and travels whole."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from corroborate.custody import write_file
from corroborate.errors import InputRefused, InvalidValue
from corroborate.submissions.checks import Earlier, Filing, people_named
from corroborate.submissions.forms import Form
from corroborate.submissions.rules import rules_of
from corroborate.values import Digest

TEXT, FILE = "submission.txt", "submission.json"


@dataclass(frozen=True, slots=True)
class Tracked:
    """``digest``: SHA-256 of the exact text. Days are ISO 8601; empty: not yet."""

    procedure: str
    body: str
    title: str
    made: str
    digest: str
    people: tuple[str, ...] = ()
    state: str = ""
    deadline: str = ""
    sent: str = ""
    approved_by: str = ""
    reference: str = ""
    answered: str = ""
    answer: str = ""
    answer_due: str = ""

    def as_earlier(self) -> Earlier:
        return Earlier(self.procedure, self.people)


def tracked(asked: Form, answers: Mapping[str, str], filing: Filing) -> Tracked:
    """What is kept of a text that is about to be written."""
    last = rules_of(asked.id).last_day(filing.on, filing.deadline)
    return Tracked(
        asked.id,
        asked.body,
        asked.title,
        filing.on.isoformat(),
        "",
        people_named(asked, answers),
        filing.state,
        "" if last is None else last.isoformat(),
    )


def start(folder: Path, tracked: Tracked, text: str) -> Path:
    """Write text and record into a new folder. Raises InputRefused for one that is there."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputRefused("{folder} is there already: a submission is never written over another", folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    write_file(folder / TEXT, text.encode())
    _keep(folder, replace(tracked, digest=Digest.of(text.encode()).hex))
    return folder


def tracked_in(folder: Path) -> Tracked:
    """Raises InvalidValue for a folder that is no submission, or whose text was changed since it was made."""
    try:
        told = json.loads((folder / FILE).read_bytes())
        text = (folder / TEXT).read_bytes()
        found = Tracked(**{**told, "people": tuple(told["people"])})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InvalidValue("{folder} holds no submission: {error}", folder=folder, error=error) from error
    if Digest.of(text).hex != found.digest:
        raise InvalidValue("{file} was changed since it was made: make a new submission", file=folder / TEXT)
    return found


def mark_sent(folder: Path, on: date, by: str, reference: str = "", answer_due: date | None = None) -> Tracked:
    """That exactly this text was sent, who approved it, and the body's reference."""
    found = tracked_in(folder)
    if found.sent and found.sent != on.isoformat():
        raise InvalidValue("{folder} was sent on {sent} already", folder=folder, sent=found.sent)
    due = "" if answer_due is None else answer_due.isoformat()
    made = replace(found, sent=on.isoformat(), approved_by=by, reference=reference or found.reference, answer_due=due)
    return _keep(folder, made)


def mark_answered(folder: Path, on: date, answer: str) -> Tracked:
    """What the body answered. Raises InvalidValue where nothing was sent."""
    found = tracked_in(folder)
    if not found.sent:
        raise InvalidValue("{folder} was not sent yet: say first when (submission sent)", folder=folder)
    return _keep(folder, replace(found, answered=on.isoformat(), answer=answer))


def _keep(folder: Path, tracked: Tracked) -> Tracked:
    told: Mapping[str, Any] = asdict(tracked)
    write_file(folder / FILE, json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n")
    return tracked


def calendar_of(submissions: Sequence[tuple[str, Tracked]], stamp: date) -> bytes:
    """Last days for filing and for answers as one calendar file (RFC 5545); ``stamp``: the day it is made."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Corroborate//Submissions//EN", "CALSCALE:GREGORIAN"]
    for name, one in submissions:
        for kind, day, what in (
            ("file", "" if one.sent else one.deadline, f"Last day to file: {one.title}"),
            ("answer", "" if one.answered else one.answer_due, f"Answer due: {one.title} {one.reference}".strip()),
        ):
            if day:
                uid = Digest.of(f"{name} {one.digest} {kind}".encode()).hex[:32]
                lines += [
                    "BEGIN:VEVENT",
                    f"UID:{uid}@corroborate.invalid",
                    f"DTSTAMP:{stamp:%Y%m%d}T000000Z",
                    f"DTSTART;VALUE=DATE:{day.replace('-', '')}",
                    f"SUMMARY:{_escaped(what)}",
                    "END:VEVENT",
                ]
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in _folded(line)).encode()


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", " ")


def _folded(line: str) -> list[str]:
    """Lines of at most 75 bytes, the rest indented by a space, no letter cut."""
    parts: list[str] = []
    current = ""
    for letter in line:
        if len((current + letter).encode()) > (75 if not parts else 74):
            parts.append(current)
            current = ""
        current += letter
    return [part if at == 0 else f" {part}" for at, part in enumerate([*parts, current])]
