"""Dates as lists write them: published conversions between calendars, and doubts that are said."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.languages.dates import age_system, born_from_age, read_age, read_date
from corroborate.values import DateSpan, PartialDate


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1978.3.12", "1978-03-12"),
        ("1978-03-12", "1978-03-12"),
        ("1978년 3월 12일", "1978-03-12"),
        ("昭和53年8月12日", "1978-08-12"),  # Showa 1 is 1926
        ("S53.8.12", "1978-08-12"),
        ("昭和五十三年", "1978"),
        ("大正6年", "1917"),
        ("明治35年", "1902"),
        ("平成12年", "2000"),
        ("주체 67", "1978"),  # Juche 1 is 1912
        ("주체67(1978)년 3월", "1978-03"),
        ("단기 4283", "1950"),  # counted from 2333 BC
        ("一九七八年", "1978"),
        ("昭和64年1月7日", "1989-01-07"),
        ("19780312", "1978-03-12"),
        ("78.3.12", "1978-03-12"),
        ("Mar 12, 1978", "1978-03-12"),
        ("(1978)", "1978"),
        ("c. 1978", "1978"),
        ("１９７８", "1978"),
        ("12 March 1978", "1978-03-12"),
        ("28561", "1978-03-12"),  # Excel's 1900 system
        ("78년", "1978"),
        ("05년", "2005"),
    ],
)
def test_dates(text, expected):
    assert str(read_date(text, latest=2020).value) == expected


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("78년 봄", date(1978, 3, 1), date(1978, 5, 31)),
        ("Autumn 1997", date(1997, 9, 1), date(1997, 11, 30)),
        ("70년대 말", date(1977, 1, 1), date(1979, 12, 31)),
        ("1970s", date(1970, 1, 1), date(1979, 12, 31)),
        ("昭和64年", date(1989, 1, 1), date(1989, 1, 7)),  # it exists seven days
        ("平成元年", date(1989, 1, 8), date(1989, 12, 31)),
        ("昭和50年代", date(1975, 1, 1), date(1984, 12, 31)),
        ("1970年代後半", date(1975, 1, 1), date(1979, 12, 31)),
        ("1978~1980", date(1978, 1, 1), date(1980, 12, 31)),
        ("1978 봄", date(1978, 3, 1), date(1978, 5, 31)),
        ("97년 겨울", date(1997, 1, 1), date(1998, 2, 28)),
        ("大正末", date(1923, 1, 1), date(1926, 12, 31)),
    ],
)
def test_spans(text, first, last):
    assert read_date(text, latest=2020).value == DateSpan(first, last)


@pytest.mark.parametrize(
    "text", ["3/12/78", "78년", "1978(?)", "음 1958.5.7", "28561", "90년대", "昭和64年1月8日", "주체67(1979)년"]
)
def test_a_doubt_is_said(text):
    assert read_date(text, latest=2020).notes


@pytest.mark.parametrize("text", ["", "미상", "不明", "n/k"])
def test_unknown_is_unknown_and_no_error(text):
    assert read_date(text, latest=2020).value is None


@pytest.mark.parametrize("text", ["2-Mar", "고난의 행군 때", "1978.13.40", "昭和99年"])
def test_what_cannot_be_read_is_left_out_and_named(text):
    reading = read_date(text, latest=2020)
    assert reading.value is None
    assert any(text in note for note in reading.notes)


@given(st.dates(date(1900, 1, 1), date(2020, 12, 31)))
def test_every_day_is_read_back_from_each_exact_form(day):
    for text in (day.isoformat(), f"{day.year}.{day.month}.{day.day}", f"{day.year}년 {day.month}월 {day.day}일",
                 f"{day.year}年{day.month}月{day.day}日"):  # fmt: skip
        assert read_date(text, latest=2020).value == PartialDate(day.year, day.month, day.day)


@given(st.text(max_size=20))
def test_no_text_breaks_the_reader(text):
    read_date(text, latest=2020)
    read_age(text)


def test_a_counted_age_is_a_year_above_the_calendar_s():
    assert born_from_age(40, 1978, "counting") == DateSpan(date(1939, 1, 1), date(1939, 12, 31))
    assert born_from_age(39, 1978, "international") == DateSpan(date(1938, 1, 1), date(1939, 12, 31))
    span = born_from_age(40, 1978, "unknown")
    assert (span.earliest.year, span.latest.year) == (1937, 1939)


@pytest.mark.parametrize(
    ("text", "age", "system"),
    [
        ("54세", 54, "unknown"), ("만 54세", 54, "international"), ("満12", 12, "international"),
        ("数え十三歳", 13, "counting"), ("세는나이 30", 30, "counting"), ("約30歳", 30, "unknown"),
        ("36살쯤", 36, "unknown"), ("40대", None, "unknown"), ("-5살", None, "unknown"),
    ],
)  # fmt: skip
def test_ages_and_how_they_are_counted(text, age, system):
    assert (read_age(text), age_system(text)) == (age, system)
