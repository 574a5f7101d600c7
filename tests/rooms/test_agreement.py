"""Krippendorff's α against the examples that he published (2011, *Computing Krippendorff's Alpha-Reliability*)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.records.agreement import alpha


def units(*coders: str):
    """By unit, what each coder said of it; a dot: nothing."""
    return [[value for value in values if value != "."] for values in zip(*coders, strict=True)]


def test_two_observers_of_two_categories():  # section A
    found = alpha(units("0100000010", "1110010000"))
    assert found.value == pytest.approx(0.095, abs=0.0005)
    assert (found.units, found.agreed) == (10, 6)


def test_two_observers_of_many_categories():  # section B
    assert alpha(units("aabbdcccedda", "babbbccceddd")).value == pytest.approx(0.692, abs=0.0005)


def test_four_observers_of_whom_some_said_nothing():  # section C
    found = alpha(units("123321412...", "1233224125.3", ".3332342251.", "12332441251."))
    assert found.value == pytest.approx(0.743, abs=0.0005)
    assert found.units == 11


@given(st.lists(st.sampled_from("abc"), min_size=2, max_size=40).filter(lambda said: len(set(said)) > 1))
def test_who_agree_in_everything_have_one(said):
    assert alpha([(one, one) for one in said]).value == 1


def test_where_nothing_could_differ_there_is_no_alpha():
    assert alpha([("a", "a"), ("a", "a")]).value is None
    assert alpha([("a",), ("b",)]).value is None
