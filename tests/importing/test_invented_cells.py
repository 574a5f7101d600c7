"""Cells as documenters and survivors write them, each with the value it should have, which was written down before the
program was asked: kin as the subject, denials, hearsay, threats, what was seen; families, couples; dates in prose."""

import csv
from pathlib import Path

import pytest
from tests.importing.test_cells import by_line, dry_run, invented

CELLS = Path(__file__).parent / "cells/invented"


def table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((CELLS / f"{name}.csv").open(encoding="utf-8")))


def within(term: str, wanted: str) -> bool:
    """A term, or a narrower one; wanted are several, apart by blanks."""
    return any(term == one or term.startswith(f"{one}.") for one in wanted.split())


def test_what_is_told_of_kin_and_by_hearsay_is_done_to_nobody_else(tmp_path):
    mine = table("violations")
    rows = by_line(dry_run(tmp_path, ["Name", "Violation"], [[invented(n), r["cell"]] for n, r in enumerate(mine)]))
    for line, wanted in enumerate(mine, start=2):
        acts = rows[line].get("violations", [])
        done = [act["term"] for act in acts if act["said"] == "for"]
        if wanted["said"] == "none":
            assert not done, wanted
            assert rows[line]["unread"], wanted
            continue
        said = [act["term"] for act in acts if act["said"] == wanted["said"]]
        assert said, wanted
        for terms in wanted["terms"].split("+") if wanted["terms"] else ():
            assert any(within(term, terms) for term in said), wanted
        if wanted["said"] != "for":
            assert not [term for term in done if term != "integrity.threat"], wanted


def test_people_families_and_couples_are_told_apart(tmp_path):
    mine = table("names")
    found = dry_run(tmp_path, ["Name", "Sex"], [[r["cell"], "f"] for r in mine])
    rows, refused = by_line(found), {one["line"] for one in found["rejected"]}
    for line, wanted in enumerate(mine, start=2):
        if wanted["kind"] == "none":
            assert line in refused, wanted
            continue
        person = rows[line]["person"]
        assert person["kind"] == wanted["kind"], wanted
        assert not wanted["name"] or wanted["name"] in person["names"], wanted
        assert not wanted["count"] or str(person["count"]) == wanted["count"], wanted


def spans(tmp_path, name: str, heading: str, field: str, ends: tuple[str, str]) -> None:
    mine = table(name)
    rows = by_line(dry_run(tmp_path, ["Name", heading], [[invented(n), r["cell"]] for n, r in enumerate(mine)]))
    for line, wanted in enumerate(mine, start=2):
        found = rows[line].get(field) or {}
        assert tuple("" if found.get(end) is None else str(found[end]) for end in ends) == (
            wanted[ends[0]], wanted[ends[1]],
        ), wanted  # fmt: skip
        if wanted["approximate"]:
            assert found["approximate"] == (wanted["approximate"] == "yes"), wanted
        if not found:
            assert {"field": field, "words": wanted["cell"]} in rows[line]["unread"], wanted


def test_dates_in_prose(tmp_path):
    spans(tmp_path, "dates", "Date of arrest", "event_date", ("earliest", "latest"))


def test_ages_in_words(tmp_path):
    spans(tmp_path, "ages", "Age", "age", ("lowest", "highest"))


@pytest.mark.parametrize(
    ("heads", "cells", "name"),
    [
        (["Фамилия", "Имя", "Отчество"], ["Иванов", "Иван", "Петрович"], "Иванов Иван"),
        (["Apellidos", "Nombre"], ["García López", "María"], "García López María"),
        (["Nom", "Prénom"], ["Diallo", "Awa"], "Diallo Awa"), (["성", "이름"], ["김", "철수"], "김 철수"),
        (["성", "이름"], ["김", "김철수"], "김철수"), (["Surname", "Name"], ["Okello", "James"], "Okello James"),
        (["Surname", "Name"], ["Okello", "James Okello"], "James Okello"),
        (["Full name", "Surname"], ["James Okello", "Okello"], "James Okello"),
    ],
)  # fmt: skip
def test_a_surname_in_a_column_of_its_own_is_part_of_the_name(tmp_path, heads, cells, name):
    """Without it, everybody of a list is called by a first name alone."""
    assert dry_run(tmp_path, heads, [cells])["rows"][0]["person"]["names"] == [name]


def test_from_is_a_time_where_to_stands_beside_it_and_a_home_where_it_stands_alone(tmp_path):
    row = dry_run(
        tmp_path, ["Name", "Violation", "From", "To"], [["Fictman Alpha", "torture", "2019-06-14", "2019-07-02"]]
    )
    assert row["rows"][0]["event_date"]["earliest"] == "2019-06-14"
    assert row["rows"][0]["told"] == [{"heading": "To", "words": "2019-07-02"}]
    alone = dry_run(tmp_path, ["Name", "From"], [["Fictman Alpha", "Hoeryong"]])
    assert alone["rows"][0]["place"] == "Hoeryong"


@pytest.mark.parametrize(
    ("cell", "term"),
    [
        ("친구의 밀고로 체포됨", "liberty.arbitrary_arrest"),
        ("형의 밀고 때문에 고문당함", "integrity.torture"),
        ("密告により逮捕", "liberty.arbitrary_arrest"),
        ("友人の密告で拘束された", "liberty.arbitrary_detention"),
        ("密告を受けて処刑された", "life.execution"),
    ],
)
def test_a_denunciation_as_the_cause_is_no_act_of_its_own(tmp_path, cell, term):
    (row,) = dry_run(tmp_path, ["Name", "Violation"], [[invented(0), cell]])["rows"]
    assert row["violations"] == [{"term": term, "said": "for"}]
