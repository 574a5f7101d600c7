"""Overlap tables that other programs wrote are one table, and are written back so that each reads it again."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from corroborate.errors import CorroborateError, InvalidValue
from corroborate.tables import overlap_text
from corroborate.values import OverlapTable
from corroborate.values.overlap_shapes import SHAPES
from corroborate_cli.main import group

FILES = Path(__file__).parent / "files"
EXPECTED = json.loads((FILES.parent / "expected.json").read_text(encoding="utf-8"))["links"][0]
THREE = {(1, 0, 0): 54, (0, 1, 0): 463, (0, 0, 1): 907, (1, 1, 0): 15, (1, 0, 1): 19, (0, 1, 1): 56, (1, 1, 1): 7}
FOUR = {tuple(map(int, pattern)): people for pattern, people in EXPECTED["patterns"].items()}


def read(path: Path) -> OverlapTable:
    return OverlapTable.read(overlap_text(path))


@pytest.mark.parametrize("path", sorted(FILES.glob("three.*")), ids=lambda path: path.name)
def test_three_lists_of_1521_people_are_the_same_table_whoever_wrote_them(path):
    more = 1000 if "thousands" in path.name else 0  # that file prints "1,907", and means it
    assert read(path).counts == THREE | {(0, 0, 1): 907 + more}


@pytest.mark.parametrize(
    "name",
    ["lcmcr.tabular.csv", "r.as.data.frame.table.csv", "r.one-row-a-person.factors.csv", "r.write.csv.patterns.csv",
     "r.write.csv.patterns.norownames.csv", "r.write.csv2.patterns.csv", "r.write.table.patterns.txt"],
)  # fmt: skip
def test_four_lists_that_r_wrote_are_read(name):
    table = read(FILES / name)
    assert list(table.lists) == EXPECTED["lists"]
    assert dict(table.counts) == FOUR
    assert table.documented == EXPECTED["observed"]


@pytest.mark.parametrize(
    "name", ["r.logicals-and-NA.csv", "data.table.fwrite.csv", "readr.write_csv.logicals-and-NA.csv",
             "readr.write_excel_csv.bom.csv"],
)  # fmt: skip
def test_logicals_are_lists_and_what_describes_a_person_is_passed_over_and_said(name):
    table = read(FILES / name)
    assert (list(table.lists), table.documented) == (EXPECTED["lists"], 12)
    assert "name, yy, w" in " ".join(table.notes)


def test_verdata_s_lists_are_told_from_what_it_imputed():
    table = read(FILES / "verdata-desaparicion-R1.csv")
    assert table.documented == 60
    assert all(name.startswith("in_") for name in table.lists)
    assert "left out" in " ".join(table.notes)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("lcmcr.posterior.csv", "estimates"), ("lcmcr.quantiles.csv", "estimates"), ("lcmcr.posterior.txt", "column"),
        ("r.write.csv.estimates.csv", "estimates"), ("r.write.csv2.estimates.csv", "estimates"),
        ("r.latin1.estimates.csv", "estimates"), ("r.mangled-headers.csv", "person"), ("r.estimates.rds", "R's own"),
    ],
)  # fmt: skip
def test_what_is_no_overlap_is_refused_by_what_it_is(name, says):
    with pytest.raises(CorroborateError, match=says):
        read(FILES / name)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("A;B;count\n1;2;5\n", "not 0 or 1"),
        ("A,B,count\n1,2,5\n", "not 0 or 1"),
        ("A;B;count\n1;0;x\n", "no whole number"),
        ("replica,in_1,in_2\nR1,1,0\nR2,1,1\nR1,0,1\n", "several replicates"),
        ("match_group_id,in_1,in_2\ng1,1,0\ng1,1,1\ng2,0,1\n", "more than one row"),
        ("A,B\n1,2\n2,2\n2,1\n", "codes of R's factors"),
        ("name,A,B\nx,1,NA\ny,0,1\nz,1,1\n", "no two columns"),
    ],
)
def test_a_table_that_could_be_misread_is_refused(text, says):
    with pytest.raises(InvalidValue, match=says):
        OverlapTable.read(text)


@pytest.mark.parametrize("shape", SHAPES)
@given(counts=st.dictionaries(st.tuples(*[st.integers(0, 1)] * 3).filter(any), st.integers(1, 40), min_size=2))
def test_what_is_written_for_another_program_is_read_back(shape, counts):
    table = OverlapTable(("LA", "NG", "PF"), counts)
    if table.documented < 3 or any(table.on(name) == 0 for name in table.lists):
        return
    read_back = OverlapTable.read(table.shaped(shape))
    assert {pattern: people for pattern, people in read_back.counts.items() if people} == counts
    assert shape == "verdata" or read_back.lists == table.lists


def test_strata_of_another_program_s_table_are_read():
    text = 'place;A;B;Freq\n"North";1;0;5\n"South";1;1;2\n'
    assert {key: one.documented for key, one in OverlapTable.read_strata(text, ["place"]).items()} == {
        ("North",): 5, ("South",): 2,
    }  # fmt: skip


def test_a_workbook_of_patterns_is_read_and_written_for_lcmcr_by_the_command(tmp_path):
    book = Workbook()
    for row in (["Overlaps of 2024"], ["LA", "NG", "PF", "Freq"], *([*pattern, n] for pattern, n in THREE.items())):
        book.active.append(row)
    book.save(tmp_path / "table.xlsx")
    out = tmp_path / "lcmcr.csv"
    done = CliRunner().invoke(group, ["overlap", str(tmp_path / "table.xlsx"), "--as", "lcmcr", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert out.read_text().splitlines()[:2] == ['"LA","NG","PF","Freq"', '"0","0","1",907']


@pytest.mark.parametrize("cell", ['"1,907"', "1 907", "1'907"])
def test_a_count_with_marks_between_its_thousands_is_that_count_and_is_said(cell):
    table = OverlapTable.read(f"LA,NG,count\n1,0,54\n0,1,463\n1,1,{cell}\n")
    assert table.counts[(1, 1)] == 1907
    assert "was read as 1907" in " ".join(table.notes)
