"""What a secretariat sends to those it asks: a calendar file and the text of an e-mail, to be copied by hand."""

import re
from datetime import UTC, date, datetime, timedelta

from corroborate.coalition.final import word
from corroborate.coalition.lifecycle import REMINDERS, Statement
from corroborate.coalition.memberships import Membership
from corroborate.errors import NotAllowed

_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def title_of(state: Statement) -> str:
    """The first line of the text that stands."""
    return state.round.current.text.decode().partition("\n")[0]


def _deadline(state: Statement) -> datetime:
    if state.phase != "open" or state.round.deadline is None:
        raise NotAllowed("no round is open, so there is no deadline to send")
    return state.round.deadline


def invitation(state: Statement, member: str, language: str, *, reminder: bool = False) -> tuple[str, str]:
    """Subject and body of the e-mail to one member. Raises NotAllowed when no round is open."""
    deadline = f"{_deadline(state).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    title = title_of(state)
    current = state.round.current
    subject = word("remind_subject" if reminder else "invite_subject", language)
    body = word("invite_body", language).format(
        member=member, title=title, number=current.number, deadline=deadline, digest=current.digest.hex
    )
    return subject.format(deadline=deadline, title=title), body + "\n"


def about_key(one: Membership, hub: str, on: date, language: str) -> tuple[str, str]:
    """Subject and body of the letter that tells a member what became of its key. Raises NotAllowed without one."""
    coming = one.coming(on)
    if one.introduced is not None:
        key, what, day = one.introduced.key, "key_waits", on
    elif coming is not None:
        (key, day), what = coming, "key_coming" if one.heir(on) is None else "key_frozen"
    elif one.ending is not None and (ends := one.key(on)) is not None:
        key, what, day = ends, "key_ending", on
    elif one.keys:
        key, day, until = one.keys[-1]
        what = "key_new" if until is None else "key_ended"
    else:
        raise NotAllowed("{name} has no key to tell it of", name=one.details.name)
    name = one.details.name
    said = word(what, language).format(day=day)
    body = word("key_body", language).format(member=name, what=said, digits=key.fingerprint, hub=hub)
    return word("key_subject", language).format(hub=hub, member=name), body + "\n"


def about_contact(member: str, hub: str, waits: bool, language: str) -> tuple[str, str]:
    """Subject and body of the letter that tells a member at its old address that another one is in the register, or
    waits there."""
    body = word("contact_waits" if waits else "contact_changed", language).format(member=member, hub=hub)
    return word("contact_subject", language).format(hub=hub, member=member), body + "\n"


def calendar(state: Statement, at: datetime, language: str) -> bytes:
    """The deadline as an iCalendar file (RFC 5545), the reminders as its alarms."""
    deadline = _deadline(state).astimezone(UTC)
    current = state.round.current
    summary = word("calendar", language).format(title=title_of(state))
    alarms = [
        line
        for before in REMINDERS
        for line in (
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{summary.translate(_ESCAPED)}",
            f"TRIGGER:-PT{int(before.total_seconds() // 3600)}H",
            "END:VALARM",
        )
    ]
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Corroborate//statement//EN", "BEGIN:VEVENT",
        f"UID:{current.statement}.{current.digest.hex[:16]}@corroborate.invalid",
        f"DTSTAMP:{_stamp(at)}", f"DTSTART:{_stamp(deadline - timedelta(minutes=30))}", f"DTEND:{_stamp(deadline)}",
        f"SUMMARY:{summary.translate(_ESCAPED)}", f"DESCRIPTION:SHA-256 {current.digest.hex}",
        *alarms, "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _folded(line: str) -> str:
    """At most 75 octets a line, never within a character (RFC 5545, section 3.1)."""
    parts, part = [], ""
    for letter in line:
        if len((part + letter).encode()) > 74:
            parts.append(part)
            part = ""
        part += letter
    return "\r\n ".join([*parts, part])


def file_name(text: str) -> str:
    """A safe part of a file's name."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-.") or "statement"
