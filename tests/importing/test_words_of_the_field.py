"""Cells and headings as lists of many countries have them, with the value that each should have, which was written down
before the program was asked. Every row is invented.

A row's ``said`` may be several (space between): whichever of them is right. ``any`` asks only that nothing is lost.
"""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.importing.test_cells import by_line, dry_run, invented

from corroborate.vocabulary import load

CELLS = Path(__file__).parent / "cells/field"
Wrong = list[tuple[str, object]]


def table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((CELLS / f"{name}.csv").open(encoding="utf-8")))


def _within(term: str, wanted: str) -> bool:
    return any(term == one or term.startswith(f"{one}.") for one in wanted.split())


def _told_right(row: Mapping[str, str], read: Mapping) -> bool:
    acts = [(act["term"], act["said"]) for act in read.get("violations", [])]
    done = [term for term, said in acts if said == "for" and term != "integrity.threat"]
    if row["said"] == "any":
        return bool(acts or read["unread"])
    return any(_said(row, said, acts, done, read) for said in row["said"].split())


def _said(row: Mapping[str, str], said: str, acts: list, done: list, read: Mapping) -> bool:
    if said == "none":
        return not done and bool(read["unread"])
    if said != "for" and done:
        return False
    groups = row["terms"].split("+") if row["terms"] else []
    told = [term for term, how in acts if how == said]
    everything = [term for group in groups for term in group.split()]
    if said == "for" and any(not _within(term, " ".join(everything)) for term in done):
        return row["terms"] == ""
    return bool(told) and all(any(_within(term, group) for term in told) for group in groups)


def wrong_violations(tmp_path: Path) -> Iterator[tuple[str, object]]:
    mine = table("violations")
    rows = by_line(dry_run(tmp_path, ["Name", "Violation"], [[invented(n), r["cell"]] for n, r in enumerate(mine)]))
    for line, wanted in enumerate(mine, start=2):
        if not _told_right(wanted, rows[line]):
            yield wanted["cell"], (wanted["said"], wanted["terms"], rows[line]["violations"], rows[line]["unread"])


def wrong_headings(tmp_path: Path) -> Iterator[tuple[str, object]]:
    mine = table("headings")
    found = dry_run(tmp_path, ["Name", *(row["heading"] for row in mine)], [["Fictman Alpha", *("" for _ in mine)]])
    fields = {one["heading"]: one["field"] for one in found["columns"]}
    for row in mine:
        if fields[row["heading"]] != (None if row["field"] == "none" else row["field"]):
            yield row["heading"], (row["field"], fields[row["heading"]])


def wrong_names(tmp_path: Path) -> Iterator[tuple[str, object]]:
    mine = table("names")
    found = dry_run(tmp_path, ["Name", "Place of arrest"], [[row["cell"], "Hoeryong"] for row in mine])
    rows = by_line(found)
    for line, wanted in enumerate(mine, start=2):
        kinds = wanted["kind"].split()
        if line not in rows:
            if "none" not in kinds:
                yield wanted["cell"], (wanted, "left out")
            continue
        person = rows[line]["person"]
        count = "" if person["count"] is None else str(person["count"])
        right = person["kind"] in kinds and (not wanted["name"] or wanted["name"] in person["names"])
        if not right or (wanted["kind"] in ("group", "unnamed") and count != wanted["count"]):
            yield wanted["cell"], (wanted, person)


def _wrong_spans(tmp_path: Path, name: str, heading: str, field: str, ends: tuple[str, str]) -> Iterator:
    mine = table(name)
    rows = by_line(dry_run(tmp_path, ["Name", heading], [[invented(n), r["cell"]] for n, r in enumerate(mine)]))
    for line, wanted in enumerate(mine, start=2):
        if wanted["approximate"] == "any":
            continue
        found = rows[line].get(field) or {}
        said = tuple("" if found.get(end) is None else str(found[end]) for end in ends)
        about = not wanted["approximate"] or found.get("approximate") == (wanted["approximate"] == "yes")
        if said != (wanted[ends[0]], wanted[ends[1]]) or not about:
            yield wanted["cell"], (wanted, found)


def wrong_dates(tmp_path: Path) -> Iterator[tuple[str, object]]:
    return _wrong_spans(tmp_path, "dates", "Date of arrest", "event_date", ("earliest", "latest"))


def wrong_ages(tmp_path: Path) -> Iterator[tuple[str, object]]:
    return _wrong_spans(tmp_path, "ages", "Age", "age", ("lowest", "highest"))


@pytest.mark.parametrize("wrong", [wrong_violations, wrong_headings, wrong_names, wrong_dates, wrong_ages])
def test_what_lists_of_the_field_say_is_understood(tmp_path, wrong):
    assert not list(wrong(tmp_path))


def _unreached(tmp_path: Path) -> Iterator[tuple[str, str, object]]:
    """Terms with a phrase of each language that does not reach them."""
    cells = [(row["term"], row[language]) for row in table("terms") for language in ("en", "ko", "ja", "es")]
    rows = by_line(dry_run(tmp_path, ["Name", "Violation"], [[invented(n), c] for n, (_, c) in enumerate(cells)]))
    for line, (term, cell) in enumerate(cells, start=2):
        said = "threatened" if term == "integrity.threat" else "for"
        if {"term": term, "said": said} not in rows[line]["violations"]:
            yield term, cell, rows[line]["violations"]


def test_every_term_can_be_reached_in_english_korean_japanese_and_spanish(tmp_path):
    assert {row["term"] for row in table("terms")} == set(load("violations").entries)
    assert not list(_unreached(tmp_path))
