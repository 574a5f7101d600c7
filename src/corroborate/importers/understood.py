"""What a dry run says of a file, as programs read it: columns, rows with what was understood, rows not taken."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from corroborate.importers.people import PersonRow, Reading
from corroborate.values import Amount, DateSpan, PartialDate


def understood(reading: Reading) -> dict[str, Any]:
    """The reading as JSON. What a field does not say is absent; ``consent`` is always there."""
    return {
        "columns": [{"heading": column.heading, "field": column.field} for column in reading.columns],
        "rows": [_row(entry) for entry in reading.entries],
        "rejected": [{"sheet": one.sheet, "line": one.line, "why": one.reason} for one in reading.rejected],
    }


def notes_beside_a_yes(reading: Reading) -> list[tuple[PersonRow, list[str]]]:
    """Rows whose name may be published, and which have notes: no program understands all that a note can say."""
    notes_of = notes_beside(reading)
    return [(entry, notes) for entry in reading.entries if (notes := notes_of(entry))]


def notes_beside(reading: Reading) -> Callable[[PersonRow], list[str]]:
    """The notes of a row whose name may be published; of any other, none."""
    headings = {column.heading for column in reading.columns if column.field == "notes"}

    def of(entry: PersonRow) -> list[str]:
        if not entry.consent.name_public:
            return []
        return [words for heading, words in entry.told if heading in headings]

    return of


def _row(entry: PersonRow) -> dict[str, Any]:
    facts: dict[str, Any] = {"sheet": entry.sheet, "line": entry.line, "person": _person(entry)}
    for name, value in (("birth", entry.birth), ("event_date", entry.event)):
        if (
            name in entry.words
            and value is not None
            and not any(u.field == name for u in entry.unread[:1] if value is None)
        ):
            facts[name] = _date(value, name in entry.approximate, entry.words[name])
    if entry.age is not None:
        age = entry.age
        facts["age"] = {
            "lowest": age.lowest,
            "highest": age.ends,
            "approximate": age.approximate,
            "words": age.words,
        }
    facts["sex"] = entry.sex
    facts["violations"] = [{"term": act.term, "said": act.said} for act in entry.acts]
    plain: Mapping[str, str | None] = {
        "place": entry.place,
        "facility": entry.facility,
        "witness": entry.witness,
        "fate": entry.fate,
        "occupation": entry.occupation,
        "region": entry.region,
        "kin": entry.kin,
        **entry.texts,
    }
    facts |= {name: text for name, text in plain.items() if text is not None}
    facts["consent"] = {"name_public": entry.consent.name_public, "taken": entry.consent.taken}
    facts["told"] = [{"heading": heading, "words": words} for heading, words in entry.told]
    facts["unread"] = [{"field": one.field, "words": one.words} for one in entry.unread]
    facts["doubts"] = list(entry.notes)
    return facts


def _person(entry: PersonRow) -> dict[str, Any]:
    written = {name.script: name for name in reversed(entry.names)}
    hanja = entry.words.get("hanja") or (written["Hani"].text if "Hani" in written and "Hang" in written else None)
    others = entry.others
    said = {} if entry.amount is None else {"counted": _amount(entry.amount)}
    beside = {} if others is None or others.amount is None else {"counted": _amount(others.amount)}
    return {
        "kind": entry.kind,
        "names": [name.called for name in entry.names],
        "count": entry.count,
        "hanja": hanja,
        "reading": entry.words.get("reading"),
        "kin": entry.described,
        "others": {"kind": "group", "count": others.count, **beside} if others else None,
        **said,
    }


def _amount(amount: Amount) -> dict[str, Any]:
    """A number of people that is not exact. A highest of null: the source names no end."""
    return {
        "lowest": amount.lowest,
        "highest": amount.highest,
        "approximate": amount.approximate,
        "words": amount.words,
    }


def _date(value: PartialDate | DateSpan, approximate: bool, words: str) -> dict[str, Any]:
    def end(day: date) -> str | None:
        return None if day in (date.min, date.max) else day.isoformat()

    about = approximate or (isinstance(value, DateSpan) and value.approximate)
    return {"earliest": end(value.earliest), "latest": end(value.latest), "approximate": about, "words": words}
