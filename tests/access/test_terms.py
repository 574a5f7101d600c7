"""When a grant holds: rules without a clock. What shuts is stronger than what opens."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.disclosure import LONGEST_GRANT, GrantTerms, grant_state
from corroborate.errors import InvalidValue

DAY = date(2026, 11, 30)
days = st.integers(-400, 400).map(lambda one: DAY + timedelta(one))


@given(st.integers(0, LONGEST_GRANT), days, st.booleans(), st.booleans(), st.booleans())
def test_it_is_open_on_its_days_alone_and_only_where_nothing_shuts_it(length, on, waits, revoked, stands):
    terms = GrantTerms(DAY, DAY + timedelta(length))
    found = grant_state(terms, on, waits=waits, revoked=revoked, stands=stands)
    inside = terms.begins <= on <= terms.until
    assert (found == "open") is (inside and stands and not waits and not revoked)


@given(st.integers(0, 300), st.lists(st.one_of(st.none(), st.integers(0, 300)), max_size=4))
def test_it_never_ends_later_than_what_it_stands_on(length, ends):
    terms = GrantTerms(DAY, DAY + timedelta(length))
    days_of = [None if one is None else DAY + timedelta(one) for one in ends]
    assert terms.within(days_of).until == min([terms.until, *(one for one in days_of if one is not None)])


def test_what_ended_before_it_begins_gives_no_grant():
    with pytest.raises(InvalidValue, match="ends before it begins"):
        GrantTerms(DAY, DAY + timedelta(5)).within([DAY - timedelta(1)])


def test_nobody_reads_for_more_than_a_year_under_one_grant():
    with pytest.raises(InvalidValue, match="366 days at most"):
        GrantTerms(DAY, DAY + timedelta(LONGEST_GRANT + 1))
