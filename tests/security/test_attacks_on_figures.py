"""What two files laid side by side, or opened in a spreadsheet, must not tell or do."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from corroborate.coalition.supporters import Supporter, write_supporters
from corroborate.disclosure import Release, differences
from corroborate.disclosure.differences import without
from corroborate.disclosure.shown import PeopleShown
from corroborate.values.rows import csv_text

FIRST = Release(
    "t", "c", "public", "", date(2026, 1, 1), False, people=PeopleShown(120, 100, None, None, 30, 50, 20)
)  # fmt: skip


def test_that_one_source_took_its_leave_back_between_two_releases_is_flagged_and_withheld():
    later = replace(FIRST, people=PeopleShown(120, 100, None, None, 30, 49, 21))
    found = {one.figure: (one.earlier, one.later) for one in differences(FIRST, later)}
    assert found == {"people: taken back": (20, 21), "people: unnamed": (50, 49)}
    told = without(later, frozenset(found)).people
    assert (told.people, told.named, told.unnamed, told.taken_back) == (100, None, None, None)


def test_ten_more_or_none_more_is_not_flagged():
    later = replace(FIRST, people=PeopleShown(130, 110, None, None, 30, 50, 30))
    assert list(differences(FIRST, later)) == []
    assert without(later, frozenset()).people == later.people


def test_one_person_more_is_flagged_and_its_number_stays_for_a_person_to_decide():
    later = replace(FIRST, people=PeopleShown(121, 101, None, None, 30, 50, 20))
    found = [one.figure for one in differences(FIRST, later)]
    assert found == ["people: people"]
    assert without(later, frozenset(found)).people.people == 101


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﬩", " =", "\u200b=", "\u00a0＝"])
def test_no_cell_is_a_formula_also_behind_full_width_signs_and_what_nobody_sees(sign):
    (row,) = list(csv.reader(io.StringIO(csv_text(["a"], [[f"{sign}1+1"]]).decode())))[1:]
    assert row[0] == f"'{sign}1+1"


def test_a_supporters_name_in_full_width_signs_is_no_formula_either():
    sheet = write_supporters([(Supporter("＝1＋1 Kim"), datetime(2026, 1, 1, tzinfo=UTC), False)]).decode()
    assert next(csv.DictReader(io.StringIO(sheet)))["Your name"] == "'＝1＋1 Kim"


@pytest.mark.parametrize("cell", ["Kim", "1-2", "a=b", "", "  ", "김별"])
def test_other_cells_stay_as_they_are(cell):
    (row,) = list(csv.reader(io.StringIO(csv_text(["a", "b"], [[cell, "x"]]).decode())))[1:]
    assert row[0] == cell
