"""A time as people type it: on which clock, and what is refused because no clock shows it once."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.errors import InvalidValue
from corroborate.values.moments import moment

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("2026-03-01T21:00", "Asia/Seoul"),
        ("2026-03-01 21:00+09:00", ""),
        ("2026-03-01T21:00 Asia/Seoul", "America/New_York"),  # what the time itself says comes first
        ("2026-03-01 12:00", ""),
        ("2026-03-01 12:00 UTC", "Asia/Seoul"),
        ("2026-03-01T12:00:00Z", "Asia/Seoul"),
        ("2026-03-01 9:00", "America/Argentina/Buenos_Aires"),
        ("2026-03-01T17:45", "Asia/Kathmandu"),
        ("2026-03-01T21:00", "UTC+9"),
    ],
)
def test_one_instant_as_it_is_typed_in_many_places(text, zone):
    assert moment(text, zone) == NOON


@pytest.mark.parametrize(
    ("text", "zone", "said"),
    [
        ("2026-03-08T02:30", "America/New_York", "does not come, or comes twice"),
        ("2026-11-01T01:30", "America/New_York", "does not come, or comes twice"),
        ("2026-03-01T12:00", "Asia/Pyongjang", "no time zone"),
        ("2026-03-01T12:00", "../../etc/passwd", "no time zone"),
        ("2026-03-01T12:00", "+19:00", "no time zone"),
        ("2026-02-30T12:00", "", "no time"),
        ("2026-03-01T25:00", "", "no time"),
        ("next week", "", "no time"),
        ("0001-01-01T00:00", "Asia/Seoul", "no time"),
    ],
)
def test_what_no_clock_shows_once_is_refused(text, zone, said):
    with pytest.raises(InvalidValue, match=said):
        moment(text, zone)


def test_the_hour_that_comes_twice_is_told_apart_by_its_offset():
    assert moment("2026-11-01T01:30-04:00", "America/New_York") < moment("2026-11-01T01:30-05:00", "America/New_York")


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)), st.sampled_from(["Asia/Seoul", "Asia/Tokyo", "UTC"]))
def test_where_clocks_are_not_changed_every_minute_comes_once(naive, zone):
    typed = naive.replace(second=0, microsecond=0)
    shown = moment(f"{typed:%Y-%m-%dT%H:%M}", zone)
    assert shown.utcoffset().total_seconds() == 0
