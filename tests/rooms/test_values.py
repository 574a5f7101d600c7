"""Values cannot be wrong, and print as they were given."""

from datetime import date
from types import MappingProxyType

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from corroborate.errors import InvalidValue
from corroborate.values import (
    DateSpan,
    Digest,
    Interval,
    Name,
    OverlapTable,
    Packed,
    PartialDate,
    canonical,
    new_id,
    read_name,
)

YEARS = st.integers(1, 9999)


@given(st.dates(min_value=date(1000, 1, 1)), st.sampled_from([4, 7, 10]))
def test_a_partial_date_prints_as_it_was_given(day: date, length: int):
    text = day.isoformat()[:length]
    read = PartialDate.parse(text)
    assert str(read) == text
    assert read.earliest <= day <= read.latest


@pytest.mark.parametrize("text", ["1997-13", "1997-02-30", "97", "1997-3", "March 1997", "", "0000"])
def test_what_is_no_date_is_refused(text: str):
    with pytest.raises(InvalidValue):
        PartialDate.parse(text)


def test_a_day_of_no_month_is_refused():
    with pytest.raises(InvalidValue, match="of no month"):
        PartialDate(1997, None, 3)


def test_february_ends_on_the_29th_in_a_leap_year():
    assert PartialDate(1980, 2).latest == date(1980, 2, 29)


def test_a_span_cannot_end_before_it_begins():
    with pytest.raises(InvalidValue):
        DateSpan(date(1978, 2, 1), date(1978, 1, 1))


def test_an_interval_is_in_order():
    with pytest.raises(InvalidValue):
        Interval(2, 1, 3)


@pytest.mark.parametrize(
    ("text", "script"),
    [("리영숙", "Hang"), ("李英淑", "Hani"), ("リ・ヨンスク", "Kana"), ("Ri Yong Suk", "Latn")],
)
def test_a_name_knows_its_script(text: str, script: str):
    assert read_name(text).script == script


def test_decomposed_hangul_is_read_as_the_same_name():
    assert read_name("리영숙") == read_name(" 리영숙 ")


def test_an_empty_name_is_refused():
    with pytest.raises(InvalidValue):
        Name("", "Zyyy")


@given(st.integers(0, 2**48 - 1), st.binary(min_size=10, max_size=10))
def test_an_id_is_a_uuid_of_version_7_that_sorts_by_time(milliseconds: int, randomness: bytes):
    made = new_id("claim", milliseconds=milliseconds, randomness=randomness)
    assert made[len("claim_") + 12] == "7"
    assert made[len("claim_") + 16] in "89ab"
    assert int(made[6:18], 16) == milliseconds


def test_canonical_json_is_that_of_rfc_8785():
    # RFC 8785, section 3.2.3: order by UTF-16 code units.
    value = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew",
        "1": "One",
        "\U0001f600": "Smiley",
    }
    text = canonical(value).decode()
    assert [text.index(name) for name in ("Carriage", "One", "Euro", "Smiley", "Hebrew")] == sorted(
        text.index(name) for name in ("Carriage", "One", "Euro", "Smiley", "Hebrew")
    )


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(_JSON)
def test_canonical_json_is_byte_for_byte_what_another_implementation_writes(value):
    try:
        theirs = rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError):
        with pytest.raises(InvalidValue):
            canonical(value)
    else:
        assert canonical(value) == theirs


@pytest.mark.parametrize("value", [2**53, float("nan"), {"a": float("inf")}, ["\ud800"], {1: "a"}])
def test_what_readers_of_json_would_read_differently_is_refused(value):
    with pytest.raises(InvalidValue):
        canonical(value)


def test_a_digest_is_that_of_fips_180():
    assert Digest.of(b"abc").hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


patterns = st.integers(2, 5).flatmap(
    lambda n: st.dictionaries(st.tuples(*[st.integers(0, 1)] * n).filter(any), st.integers(0, 10**6), min_size=1).map(
        lambda counts: OverlapTable(tuple("ABCDE"[:n]), counts)
    )
)


@given(patterns)
def test_an_overlap_table_comes_back_from_csv(table: OverlapTable):
    assert OverlapTable.parse(table.to_csv()) == table


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("A,B\n1,0\n", "last column"),
        ("A,B,count\n1,0\n", "line 2 has 2 cells"),
        ("A,B,count\n1,0,-4\n", "negative"),
        ("A,B,count\n0,0,4\n", "no list"),
        ("A,B,count\n2,0,4\n", "0 or 1"),
        ("A,A,count\n1,0,4\n", "differ"),
        ("A,B,count\n1,0,many\n", "no whole number"),
    ],
)
def test_a_broken_overlap_table_is_refused(text: str, says: str):
    with pytest.raises(InvalidValue, match=says):
        OverlapTable.parse(text)


@given(st.integers(0, 620), st.integers(-700, 700), st.integers(-700, 700), st.sampled_from([None, 1, 3, -1]))
def test_what_is_packed_is_equal_to_what_was_given(length: int, start: int, stop: int, step: int | None):
    given_ = [
        (DateSpan(date(1990, 1, 1), date(1990, 1, 1 + at % 20), bool(at % 2)), read_name(f"Kim Il {at}"), {"at": at})
        for at in range(length)
    ]
    packed = Packed(given_)
    assert len(packed) == length
    assert list(packed) == given_
    assert packed == given_
    assert packed != [*given_, None]
    assert packed[start:stop:step] == tuple(given_[start:stop:step])
    if -length <= start < length:
        assert packed[start] == given_[start]
    else:
        with pytest.raises(IndexError):
            packed[start]


def test_a_packed_value_that_a_program_cannot_change_cannot_be_changed_when_it_is_read_back():
    packed = Packed([MappingProxyType({"birth": "spring of 1997"})] * 300)
    assert type(packed[0]) is MappingProxyType
    assert dict(packed[299]) == {"birth": "spring of 1997"}
