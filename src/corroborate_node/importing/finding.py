"""What a check of a whole list finds, for whoever decides: consent by value, doubts by kind with their cells, what
would be added and what is left out. And the report that is kept of it, without the words of the list."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from corroborate.importers import PersonRow, Reading, Rejected, Table, notes_beside_a_yes, without_words
from corroborate.records.consent import column_asks, read_consent
from corroborate.translation import as_json
from corroborate_node.importing.choosing import Choices
from corroborate_node.records.coming import Question

PLACES = 40  # cells shown of one kind of doubt, and rows of one reason
VALUES = 100  # distinct words of consent that are shown, the most frequent first
COUNTED = ("named", "partial", "unnamed", "group")


def found(table: Table, reading: Reading) -> dict[str, Any]:
    """As JSON. Words of the list stand in it."""
    beside = notes_beside_a_yes(reading)
    kinds = Counter[str](entry.kind for entry in reading.entries)
    return {
        "rows": len(table.rows) + len(table.rejected),
        "good": len(reading.entries),
        "kinds": {kind: kinds[kind] for kind in COUNTED},
        "encoding": table.encoding,
        "columns": [[one.heading, one.field] for one in reading.columns],
        "notices": [*map(as_json, table.notices)],
        "unread": sum(len(entry.unread) for entry in reading.entries),
        "consents": _consents(reading),
        "beside": [{"sheet": one.sheet, "line": one.line or one.row, "notes": notes} for one, notes in beside[:PLACES]],
        "beside_all": len(beside),
        "doubts": _doubts(table, reading.entries),
        "left": _left(reading.rejected),
    }


def asked_first(question: Question) -> dict[str, Any]:
    """What a person must say before a list or an export is taken in, as JSON."""
    return {
        "question": question.kind,
        "say": question.again,
        "called": question.called,
        "lines": list(question.lines[:PLACES]),
    }


def _consents(reading: Reading) -> list[dict[str, Any]]:
    """Each word that rows say of consent, how the cell alone is read, and how many rows say it."""
    said = Counter(one for entry in reading.entries for one in dict.fromkeys(entry.consent.words))
    named = Counter(one for entry in reading.entries if entry.publish for one in dict.fromkeys(entry.consent.words))
    shown = []
    for (heading, cell), rows in said.most_common(VALUES):
        read = read_consent(heading, cell) if heading and column_asks(heading) is not None else None
        shown.append(
            {
                "heading": heading,
                "words": cell,
                "rows": rows,
                "named": named[heading, cell],
                "answer": read.answer if read is not None else "no",
            }
        )
    return [*shown, {"more": len(said) - VALUES}] if len(said) > VALUES else shown


def _doubts(table: Table, entries: Sequence[PersonRow]) -> list[dict[str, Any]]:
    """By kind: a doubt without the words that it quotes. Beside it the cells that it is about, by line."""
    rows = {row.number: row for row in table.rows}
    kinds: dict[str, list[dict[str, Any]]] = {}
    counts = Counter[str]()
    for entry in entries:
        for kind in dict.fromkeys(map(without_words, entry.notes)):
            counts[kind] += 1
            places = kinds.setdefault(kind, [])
            if len(places) < PLACES:
                cells = rows[entry.row].cells if entry.row in rows else {}
                told = [[heading, cells.get(heading, "")] for heading in entry.doubtful]
                places.append({"sheet": entry.sheet, "line": entry.line or entry.row, "cells": told})
    return [{"kind": as_json(kind), "rows": rows, "places": kinds[kind]} for kind, rows in counts.most_common()]


def _left(rejected: Sequence[Rejected]) -> list[dict[str, Any]]:
    counts = Counter(without_words(one.reason) for one in rejected)
    places: dict[str, list[dict[str, Any]]] = {}
    for one in rejected:
        kept = places.setdefault(without_words(one.reason), [])
        if len(kept) < PLACES:
            kept.append({"sheet": one.sheet, "line": one.line or one.row, "cells": [["", cell] for cell in one.cells]})
    return [{"kind": as_json(kind), "rows": rows, "places": places[kind]} for kind, rows in counts.most_common()]


def report(about: Mapping[str, Any], choices: Choices, out: int, done: Mapping[str, int]) -> dict[str, Any]:
    """What is kept when the list is taken in: counts, headings and lines. ``out``: rows left out by a narrowing."""
    rules = Counter(choices.narrowed.values())
    return {
        **{key: about[key] for key in ("rows", "kinds", "encoding", "columns", "unread")},
        "taken": about["good"] - out,
        "out": out,
        "narrowed": dict(rules),
        "agreed": choices.agreed,
        "doubts": [_without_cells(one) for one in about["doubts"]],
        "left": [_without_cells(one) for one in about["left"]],
        **done,
    }


def _without_cells(one: Mapping[str, Any]) -> dict[str, Any]:
    return {**one, "places": [{key: place[key] for key in ("sheet", "line")} for place in one["places"]]}
