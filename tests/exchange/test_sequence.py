"""Whoever receives a member's bundles finds out, from the bundles alone, what was lost, doubled, late or sent by an
older copy of its sender, in whatever order they come."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.errors import InvalidValue
from corroborate.exchange.sequence import Came, Chain, Double, Held, Late, Missing, New, Place, WentBack, arrive

AT = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


def sent(number: int, *, story: str = "", after: tuple[Came, ...] = ()) -> tuple[Came, ...]:
    """Bundles that one sender makes one after the other, its log growing by ten with each, after those it knows of."""
    made = list(after)
    for at in range(len(after) + 1, len(after) + number + 1):
        before = made[-1].digest if made else ""
        digest = hashlib.sha256(f"{story}{at}{before}".encode()).hexdigest()
        made.append(Came(Place(at, before), digest, 10 * at, AT + timedelta(days=at)))
    return tuple(made)


def arrivals(bundles: list[Came]) -> tuple[Chain, list[object]]:
    chain, said = Chain(), []
    for one in bundles:
        chain, effects = arrive(chain, one)
        said += effects
    return chain, said


@st.composite
def journeys(draw: st.DrawFn) -> tuple[tuple[Came, ...], list[Came]]:
    """What was sent, and what of it came: in any order, some never, some several times."""
    all_ = sent(draw(st.integers(1, 12)))
    return all_, draw(st.lists(st.sampled_from(all_), min_size=1, max_size=30))


@given(journeys())
def test_an_honest_sender_raises_no_alarm_whatever_happens_on_the_way(journey):
    _, said = arrivals(journey[1])
    assert not [one for one in said if isinstance(one, WentBack)]


@given(journeys())
def test_each_bundle_is_new_once_and_a_double_ever_after(journey):
    _, came = journey
    _, said = arrivals(came)
    assert sorted(one.number for one in said if isinstance(one, New)) == sorted({one.place.number for one in came})
    assert sum(isinstance(one, Double) for one in said) == len(came) - len(set(came))


@given(journeys())
def test_what_is_missing_is_what_did_not_come_below_the_newest(journey):
    _, came = journey
    chain, said = arrivals(came)
    here = {one.place.number for one in came}
    assert set(chain.missing) == set(range(1, max(here))) - here
    # whoever only listened to what was said knows the same
    open_: set[int] = set()
    for one in said:
        if isinstance(one, Missing):
            open_ |= set(one.numbers)
        elif isinstance(one, Late):
            assert one.number in open_
            open_.discard(one.number)
            assert set(one.missing) == open_
    assert open_ == set(chain.missing)


@given(journeys(), st.randoms())
def test_the_order_in_which_they_came_changes_nothing_in_the_end(journey, chance):
    _, came = journey
    other = list(came)
    chance.shuffle(other)
    assert arrivals(came)[0] == arrivals(other)[0]


@given(st.integers(2, 8), st.integers(1, 6), st.data())
def test_a_sender_that_was_set_back_and_went_on_is_found_out_in_any_order(before, after, data):
    """It made some bundles, was restored from a copy that knew fewer of them, and made others."""
    first = sent(before)
    known = data.draw(st.integers(0, before - 1))
    second = sent(after, story="again", after=first[:known])[known:]
    came = data.draw(st.permutations([*first, *second]))
    _, said = arrivals(came)
    assert [one for one in said if isinstance(one, WentBack)]


def test_a_sender_that_was_set_back_is_found_out_though_what_it_sent_before_was_lost():
    """Bundle 3 is lost with the stick; the sender is restored, and sends another third, with a shorter log."""
    one, two, _ = sent(3)
    third = Came(Place(3, two.digest), "f" * 64, 15, AT + timedelta(days=9))
    _, said = arrivals([one, two, third])
    assert said[-1] == WentBack(3, "log", 15, 20)


def test_a_log_shorter_than_we_cosigned_is_an_alarm_only_where_the_bundle_was_made_after_that():
    (one,) = sent(1)
    held = Held(50, one.at - timedelta(hours=1))
    assert arrive(Chain(), one, held)[1] == (New(1), WentBack(1, "witnessed", 10, 50))
    long_on_its_way = Held(50, one.at + timedelta(hours=1))
    assert arrive(Chain(), one, long_on_its_way)[1] == (New(1),)


def test_two_is_missing_when_three_comes_and_three_before_two_is_healed():
    one, two, three = sent(3)
    assert arrivals([one, three])[1][-1] == Missing((2,))
    chain, said = arrivals([one, three, two])
    assert said[-1] == Late(2, ())
    assert chain.missing == ()


@pytest.mark.parametrize(("number", "before"), [(0, ""), (1, "a" * 64), (2, ""), (2, "x" * 64), (10**10, "a" * 64)])
def test_a_place_that_cannot_be_is_refused(number, before):
    with pytest.raises(InvalidValue):
        Place(number, before)
