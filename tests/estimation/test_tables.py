"""Overlap tables as people write them: what is read, what is said, what is refused, by line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.errors import InvalidValue
from corroborate.values import OverlapTable

GOOD = "A,B,count\n1,0,5\n0,1,4\n1,1,2\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A,B,count\n1,0,-5\n", "line 2: the count -5 of pattern 1,0 is negative"),
        ("A,B,count\n1,0,2.5\n", "line 2: '2.5' is no whole number of people"),
        ("A,B,count\n1,0,\n", "line 2: '' is no whole number"),
        ("A,B,count\n1,0,1e3\n", "'1e3' is no whole number"),
        ("A,B,count\n1,0,٣\n", "is no whole number"),
        ("A,B,count\n1,2,5\n", "the column B holds '2', which is not 0 or 1"),
        ("A,B,count\nyes,0,5\n", "the column A holds 'yes'"),
        ("A,year,count\n1,1999,5\n", "--stratify-by"),
        ("A,B,count\n1,0,5\n0,0,3\n", "line 3: people on no list cannot have been counted"),
        ("A,B,count\n1,0,5,7\n", "line 2 has 4 cells, the heading 3"),
        ("A,B,count\n1,0,99999999999999999999\n", "more than have ever lived"),
        ("A,B\n1,0\n", "the last column must be `count`"),
        ("A,A,count\n1,0,5\n", "list names must be there and differ"),
        (",B,count\n1,0,5\n", "list names must be there and differ"),
        ("", "empty"),
        ("\n \n", "empty"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line_and_its_reason(text, said):
    with pytest.raises(InvalidValue) as refusal:
        OverlapTable.parse(text)
    assert said in str(refusal.value)


def test_patterns_on_two_lines_are_added_up_and_said():
    table = OverlapTable.parse(GOOD + "1,0,6\n")
    assert table.counts[(1, 0)] == 11
    assert any("added up: 10" in note for note in table.notes)


def test_patterns_that_are_not_there_are_zero_and_said():
    table = OverlapTable.parse("A,B,C,count\n1,0,0,5\n1,1,0,3\n")
    assert any("5 of 7 patterns are not in the table" in note for note in table.notes)
    assert OverlapTable.parse(GOOD).notes == ()


def test_zero_counts_blank_lines_and_a_byte_order_mark_are_no_trouble():
    assert OverlapTable.parse("\ufeffA,B,count\n\n 1 , 0 ,5\n0,1,0\n1,1,2\n").documented == 7


@given(st.dictionaries(st.tuples(*[st.integers(0, 1)] * 3).filter(any), st.integers(0, 10**9)))
def test_what_was_written_is_read_back(counts):
    table = OverlapTable(("A", "B", "C"), counts)
    assert OverlapTable.parse(table.to_csv()) == table


@given(st.dictionaries(st.tuples(*[st.integers(0, 1)] * 3).filter(any), st.integers(0, 999)))
def test_leaving_a_list_out_loses_those_on_it_alone_and_nobody_else(counts):
    table = OverlapTable(("A", "B", "C"), counts)
    assert table.without("B").documented == table.documented - counts.get((0, 1, 0), 0)


def test_strata_are_read_by_their_columns_blanks_kept():
    text = "place,A,B,year,count\nNorth,1,0,1999,5\nNorth,1,1,1999,2\n,1,0,1999,1\nSouth,0,1,,3\n"
    strata = OverlapTable.parse_strata(text, ["place", "year"])
    assert {key: one.documented for key, one in strata.items()} == {
        ("", "1999"): 1, ("North", "1999"): 7, ("South", ""): 3,
    }  # fmt: skip
    assert strata["North", "1999"].lists == ("A", "B")
    with pytest.raises(InvalidValue, match="no column sex to stratify by: there are place, A, B, year"):
        OverlapTable.parse_strata(text, ["sex"])
