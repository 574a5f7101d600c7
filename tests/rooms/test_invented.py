"""The invented world is what its specification says, and the same each time."""

import csv
import io

import numpy as np
import pytest

from corroborate.coalition import register
from corroborate.errors import InvalidValue
from corroborate.importers import person_entries, read_table
from corroborate.importers.people import checked_mapping
from corroborate.invented import HEADINGS, LISTS, make_world, write_lists
from corroborate.invented.lists import hangul, latin
from corroborate.invented.world import LISTED, PAIRS


@pytest.fixture(scope="module")
def world():
    return make_world(2011, 6000)


@pytest.fixture(scope="module")
def lists(world, tmp_path_factory):
    return write_lists(world, tmp_path_factory.mktemp("lists"))


def truth(lists, name):
    return list(csv.DictReader(io.StringIO((lists.folder / "truth" / f"{name}.csv").read_text(encoding="utf-8"))))


def test_as_many_people_are_listed_as_the_specification_says(world):
    for name, listed in zip(LISTS, world.inclusion.sum(axis=0), strict=True):
        assert abs(listed - LISTED[name]) < 0.08 * LISTED[name]


def test_about_half_of_the_people_are_on_no_list(world):
    assert 0.42 <= (~world.inclusion.any(axis=1)).mean() <= 0.6


def test_lists_depend_on_one_another_unless_asked_not_to(world):
    def odds(of, stratum, one, other):
        inside = np.array([p.stratum == stratum for p in of.people])
        a, b = of.inclusion[inside, LISTS.index(one)], of.inclusion[inside, LISTS.index(other)]
        cells = [(a & b).sum(), (~a & ~b).sum(), (a & ~b).sum(), (~a & b).sum()]
        return cells[0] * cells[1] / (cells[2] * cells[3])

    apart = make_world(7, 20_000, independent=True)
    for one, other in [pair for pair, ratio in PAIRS.items() if ratio > 1 and pair != ("B", "C")]:
        assert odds(world, "K1", one, other) > 2
        assert 0.8 < odds(apart, "K1", one, other) < 1.25


def test_no_list_can_hold_whom_its_makers_cannot_know(world):
    never = np.array([p.stratum in ("K1", "K2", "P") for p in world.people])
    assert not world.inclusion[never, LISTS.index("B")].any()


def test_nobody_invented_bears_the_name_of_a_real_member():
    real = {name.name.lower() for name in register()}
    for person in make_world(3, 500).people:
        family, given = latin(person, "stripped")
        assert f"{given} {family}".lower() not in real


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(world, lists, tmp_path):
    again = write_lists(make_world(2011, 6000), tmp_path / "again")
    for path in sorted(lists.folder.rglob("*.*")):
        assert path.read_bytes() == (again.folder / path.relative_to(lists.folder)).read_bytes(), path.name
    other = write_lists(make_world(2012, 6000), tmp_path / "other")
    assert (other.folder / "a.csv").read_bytes() != (lists.folder / "a.csv").read_bytes()


def test_every_row_is_marked_as_invented_and_every_file_has_its_own_encoding(lists):
    for name, encoding in {"A": "cp949", "B": "cp932", "C": "utf-8-sig", "D": "utf-8"}.items():
        table = read_table(lists.files[name])
        assert table.encoding == encoding
        assert table.columns == HEADINGS[name]
        assert all(row.cells[table.columns[-1]] for row in table.rows)


def test_faults_come_at_the_rates_of_the_specification(world, lists):
    faults = truth(lists, "faults")

    def share(name, kind, of):
        return sum(f["list"] == name and f["kind"] == kind for f in faults) / of

    records = truth(lists, "records")
    rows = {name: sum(r["list"] == name for r in records) for name in LISTS}
    assert share("A", "hanja missing", rows["A"]) == pytest.approx(0.45, rel=0.15)
    assert share("D", "name incomplete", rows["D"]) == pytest.approx(0.38, rel=0.15)
    assert share("C", "order", rows["C"]) == pytest.approx(0.22, rel=0.15)
    assert share("A", "year", rows["A"]) == pytest.approx(0.35, rel=0.15)
    assert share("C", "absent", rows["C"]) == pytest.approx(0.06 + 0.18 + 0.30 * 0.98, rel=0.15)
    people = {p.id: p for p in world.people}
    eligible = [
        r
        for r in records
        if r["list"] == "A" and r["person"] != "none" and hangul(people[r["person"]])[0] in "리림류량로"
    ]
    assert share("A", "initial sound", len(eligible)) == pytest.approx(0.30, abs=3 * (0.3 * 0.7 / len(eligible)) ** 0.5)


def test_the_truth_names_whom_each_row_is_about(world, lists):
    records = truth(lists, "records")
    for at, name in enumerate(LISTS):
        people = {r["person"] for r in records if r["list"] == name} - {"none"}
        assert people == {p.id for p, on in zip(world.people, world.inclusion[:, at], strict=True) if on}


def test_the_importer_takes_nearly_every_row_and_says_why_not_the_others(lists):
    for name, path in lists.files.items():
        table = read_table(path)
        reading = person_entries(table, checked_mapping(table, {}), name, latest=2020)
        assert len(reading.entries) > 0.98 * lists.rows[name]
        assert len(reading.entries) + len(reading.rejected) == lists.rows[name]
        assert all(one.reason for one in reading.rejected)
        assert all(entry.invented for entry in reading.entries)


@pytest.mark.parametrize("size", [0, 49, 10_000_000])
def test_a_size_that_makes_no_world_is_refused(size):
    with pytest.raises(InvalidValue):
        make_world(1, size)
