"""Whoever gave a consent takes part of it back: that ends in every circle that includes it, and nothing grows."""

from datetime import date, timedelta
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from corroborate.records import USES, Consent, Permissions
from corroborate.records.consent import allowed_to, narrowed

DAY = date(2026, 11, 24)
SOURCE = "src_" + "0" * 32
BODIES = ("a court", "a commission")
CIRCLES = [("own", ""), ("coalition", ""), *(("named body", one) for one in BODIES), ("public", "")]
days = st.integers(-30, 30).map(lambda number: DAY + timedelta(days=number))


def new_ids():
    return (f"consent_{number:032x}" for number in count(10_000))


@st.composite
def consents(draw: st.DrawFn) -> list[Consent]:
    found = []
    for number in range(draw(st.integers(0, 4))):
        audience, body = draw(st.sampled_from(CIRCLES))
        found.append(
            Consent(
                f"consent_{number:032x}",
                SOURCE,
                frozenset(draw(st.sets(st.sampled_from(USES)))),
                audience,
                draw(days),
                ends=draw(st.none() | days),
                withdrawn=draw(st.none() | days),
                body=body,
                conditions=draw(st.sampled_from(["", "", "after the trial"])),
            )
        )
    return found


taken_back = st.sets(st.tuples(st.sampled_from(CIRCLES), st.sampled_from(USES)), max_size=4).map(
    lambda found: [(audience, body, use) for (audience, body), use in found]
)


def after(given_, taken):
    """What stands then: what did not end, and what is left of what did."""
    done = narrowed(given_, taken, DAY, new_ids())
    return [one for one in given_ if one.id not in done.ended] + list(done.left)


def allows(given_, circle, use, on):
    return Permissions.of(given_, circle[0], on, circle[1]).allows(use, SOURCE)


@settings(max_examples=400)
@given(consents(), taken_back, st.integers(0, 40))
def test_nothing_grows_and_what_is_taken_back_is_gone_on_every_day_to_come(given_, taken, later):
    on, then = DAY + timedelta(days=later), after(given_, taken)
    for circle in [*CIRCLES, ("named body", "a third"), ("coalition", BODIES[0])]:
        for use in USES:
            assert allows(given_, circle, use, on) or not allows(then, circle, use, on)
    for audience, body, use in taken:
        assert not allows(then, (audience, body), use, on)
        assert not allows(then, ("public", ""), use, on)


@settings(max_examples=400)
@given(consents(), taken_back, st.integers(0, 40))
def test_what_was_not_taken_back_stays_as_wide_as_it_can_be_said(given_, taken, later):
    """But for bodies that no consent names: to say *every body but one* is not possible."""
    on, then = DAY + timedelta(days=later), after(given_, taken)
    named = [one for one in CIRCLES if one[0] != "named body" or one in allowed_to(given_, DAY)]
    for circle in named:
        for use in USES:
            ended = {one[:2] for one in taken if one[2] == use}
            includes = {("own", ""), circle} | (set(CIRCLES) if circle[0] == "public" else set())
            if not ended & includes and allows(given_, circle, use, on):
                assert allows(then, circle, use, on), (circle, use)


def test_a_name_that_ends_for_everybody_goes_on_for_the_coalition_and_for_the_body_that_was_named():
    wide = Consent("consent_" + "1" * 32, SOURCE, frozenset({"name", "count"}), "public", DAY)
    court = Consent("consent_" + "2" * 32, SOURCE, frozenset({"count"}), "named body", DAY, body="a court")
    then = after([wide, court], [("public", "", "name")])
    assert not allows(then, ("public", ""), "name", DAY)
    assert allows(then, ("coalition", ""), "name", DAY)
    assert allows(then, ("named body", "a court"), "name", DAY)
    assert not allows(then, ("named body", "a commission"), "name", DAY)
    assert allows(then, ("named body", "a commission"), "count", DAY)  # everybody may still count
