"""What was typed comes back as values, with each error beside its field and nothing lost but secrets."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import corroborate_node.api  # noqa: F401 - sets Django up, without a vault
from corroborate.errors import InvalidValue
from corroborate.values import PartialDate
from corroborate_node.core.components import MARGIN, WIDTH, doubt
from corroborate_node.core.forms import Day, Line, Secret, Since, Spoken, Text, When, Whole
from corroborate_node.core.wording import Words


class Told(Spoken):
    called = {"name": "account_name", "word": "passphrase"}  # noqa: RUF012 - read alone
    name = Line()
    text = Text(required=False)
    word = Secret(required=False)
    day = Day(required=False)
    since = Since(required=False)
    when = When(required=False)
    many = Whole(required=False, most=9)


def told(language="ko", **typed):
    return Told(Words(language, "core"), typed)


def test_what_was_typed_comes_back_as_values_each_as_exact_as_it_was():
    form = told(name=" 김 ", text=" a \n", day="2026-03-01", since="1998-04", when="2026-03-01 18:00", many="7")
    assert form.is_valid(), form.errors
    given = form.cleaned_data
    assert (given["name"], given["text"]) == ("김", " a \n")
    assert (str(given["day"]), given["since"]) == ("2026-03-01", PartialDate(1998, 4))
    assert (given["when"], given["many"]) == (datetime(2026, 3, 1, 18, tzinfo=UTC), 7)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("day", "2026-13-01"),
        ("since", "spring"),
        ("when", "noon"),
        ("many", "10"),
        ("many", "x"),
        ("many", "²"),
        ("name", ""),
    ],
)
def test_an_error_stands_beside_its_field_in_the_readers_language(field, typed):
    form = told("ja", **{"name": "김", field: typed})
    assert not form.is_valid()
    assert list(form.errors) == [field]
    assert all(any("ぁ" <= letter <= "ん" for letter in text) for text in form.errors[field])


def test_what_a_rule_refuses_is_said_and_what_was_typed_stays_secrets_aside():
    form = told(name="김영희", word="a secret of mine")
    assert form.is_valid()
    form.refuse(InvalidValue("this name is taken"))
    assert form.refusal == ("this name is taken", "", "en")
    shown = "".join(str(field) for field in form)
    assert "김영희" in shown
    assert "a secret of mine" not in shown
    assert 'autocomplete="off"' in str(form["word"])


@given(st.lists(st.floats(0, 1e9), min_size=6, max_size=6))
def test_a_doubt_bar_keeps_order_and_stays_in_its_picture(numbers):
    least, low, median, high, band_low, band_high = sorted(numbers)
    at = doubt(least, low, median, high, band_low, band_high)
    places = [at.least, at.low, at.median, at.high, at.from_, at.to]
    assert places == sorted(places)
    assert all(MARGIN <= one <= WIDTH - MARGIN for one in places)
