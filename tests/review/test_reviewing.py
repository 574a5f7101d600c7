"""What a reviewer is shown first, what is called alike, and how far two reviewers agree."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.errors import InvalidValue
from corroborate.records import Claim, Judgement, Text
from corroborate.records.reviewing import (
    VERDICTS,
    Stake,
    agreements,
    cohen,
    contrasts,
    marked,
    shift_of_estimate,
    worth,
)
from corroborate.values import DateSpan, PartialDate, new_id, read_name

AT = datetime(2026, 11, 24, tzinfo=UTC)


def identifier(kind, number):
    return new_id(kind, milliseconds=number, randomness=bytes(10))


def claim(property_, value):
    value = read_name(value) if property_ in ("name", "alias") else Text(value) if isinstance(value, str) else value
    return Claim(
        identifier("claim", 1), identifier("person", 1), property_, value, identifier("source", 1), "row 1", "document",
        "test", AT,
    )  # fmt: skip


def compared(left, right):
    sides = [[claim(*one) for one in side] for side in (left, right)]
    return {one.property: one.likeness for one in contrasts(*sides)}


@pytest.mark.parametrize(
    ("property_", "left", "right", "likeness"),
    [
        ("name", "리영수", "리영수", "same"),
        ("name", "리영수", "Yi Yŏng-su", "alike"),
        ("name", "李英洙", "이영수", "alike"),
        ("name", "리영수", "박금순", "differs"),
        ("origin", "성진", "Kimchaek", "alike"),
        ("origin", "회령", "청진", "differs"),
        ("facility", "22호", "Camp 22", "alike"),
        ("birth_date", PartialDate(1964), PartialDate(1964, 3), "alike"),
        ("birth_date", PartialDate(1964), PartialDate(1963), "differs"),
        ("event_date", DateSpan(date(1990, 1, 1), date(1999, 12, 31)), PartialDate(1998, 5, 2), "alike"),
    ],
)
def test_what_two_sources_say_is_alike_across_scripts_former_names_and_exactness(property_, left, right, likeness):
    assert compared([(property_, left)], [(property_, right)])[property_] == likeness
    assert compared([(property_, right)], [(property_, left)])[property_] == likeness


def test_an_alias_that_is_the_others_name_is_alike_and_a_nickname_is_no_difference():
    found = compared([("name", "金田和夫"), ("alias", "柳鳳賢")], [("name", "류봉현"), ("alias", "키다리")])
    assert found == {"name": "alike", "alias": "alike"}
    found = compared([("name", "류봉현")], [("name", "류봉현"), ("alias", "키다리")])
    assert found == {"name": "same", "alias": "one side"}


def test_what_one_side_says_alone_is_no_difference():
    assert compared([("sex", "f")], []) == {"sex": "one side"}


@given(st.text(max_size=12), st.text(max_size=12))
def test_marked_pieces_are_the_text(one, other):
    assert "".join(piece for piece, _ in marked(one, other)) == one
    assert not any(changed for _, changed in marked(one, one))


def test_the_differing_syllable_is_marked():
    assert marked("권은복", "권란복") == (("권", False), ("은", True), ("복", False))


probabilities = st.floats(0, 1)
stakes = st.builds(Stake, st.floats(0, 10), st.floats(0, 1e4), st.floats(0, 100))


@given(probabilities, stakes)
def test_a_pair_is_worth_what_hangs_on_it_times_the_chance_to_be_overturned(probability, stake):
    found = worth(probability, stake)
    assert 0 <= found <= (stake.documented + stake.estimate + stake.victims) / 2
    assert found == worth(1 - probability, stake) or abs(found - worth(1 - probability, stake)) < 1e-6
    assert worth(0, stake) == worth(1, stake) == 0


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 499))
def test_the_shift_of_the_estimate_is_the_difference_of_two_chapman_estimates(a, b, both):
    both = min(a, b, both)
    if both + 1 <= min(a, b):
        chapman = [(a + 1) * (b + 1) / (m + 1) - 1 for m in (both, both + 1)]
        assert shift_of_estimate(a, b, both) == pytest.approx(chapman[0] - chapman[1])


def test_a_probability_that_is_none_is_refused():
    with pytest.raises(InvalidValue):
        worth(1.2, Stake())


def table(*rows):
    return {(a, b): rows[i][j] for i, a in enumerate(VERDICTS) for j, b in enumerate(VERDICTS)}


def test_kappa_and_its_error_are_the_published_ones():
    """Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, table 18.1: .68, s.e. .087."""
    kappa, error = cohen(table((75, 1, 4), (5, 4, 1), (0, 0, 10)))
    assert (round(kappa, 2), round(error, 3)) == (0.68, 0.088)  # .0877; the book cuts it off


def test_about_95_in_100_intervals_of_kappa_hold_the_true_one():
    chance, held = np.random.default_rng(1960), 0
    shares = np.array([[0.5, 0.06, 0.04], [0.05, 0.2, 0.03], [0.02, 0.02, 0.08]])
    true, _ = cohen(table(*(shares * 10_000).astype(int).tolist()))
    for _ in range(400):
        drawn = chance.multinomial(150, shares.ravel()).reshape(3, 3)
        kappa, error = cohen(table(*drawn.tolist()))
        held += abs(kappa - true) <= 1.96 * error
    assert 365 <= held <= 395


def judgement(number, pair, verdict, by, *, withdrawn=None):
    left, right = identifier("person", pair), identifier("person", pair + 1000)
    at = AT + timedelta(seconds=number)
    return Judgement(identifier("jud", number), left, right, verdict, by, "why", at, withdrawn)


def test_agreement_counts_pairs_that_both_judged_and_neither_took_back():
    said = [judgement(at, at, verdict, "a") for at, verdict in enumerate(["same", "same", "different", "unsure"])]
    said += [judgement(10 + at, at, verdict, "b") for at, verdict in enumerate(["same", "different", "different"])]
    said.append(judgement(20, 3, "unsure", "b", withdrawn=AT + timedelta(days=1)))
    (found,) = agreements(said)
    assert (found.reviewers, found.pairs, found.agreed) == (("a", "b"), 3, 2)
    assert found.low < found.kappa < found.high


def test_two_reviewers_who_always_say_same_have_no_kappa():
    said = [judgement(at, at % 5, "same", "ab"[at // 5]) for at in range(10)]
    (found,) = agreements(said)
    assert (found.pairs, found.agreed, found.kappa) == (5, 5, None)
