"""Document numbers that both sides have, by private set intersection: found exactly, and nothing else crosses."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.private.conftest import AT, ONE, OTHER, Chance, identifier

from corroborate.errors import InvalidValue, NotVerified
from corroborate.linkage import private
from corroborate.linkage.private import intersection

SIDES = {"one": ONE, "other": OTHER}


def carried(agreement, kind, table, signer, to):
    """A file of points as the other side reads it."""
    both = {"one": agreement.one, "other": agreement.other}
    receiver = next(one for one in both[to].agreement.parties if one.key != signer.verifier())
    content = private.write_sent(
        kind, table, agreement.one.agreement, identifier=identifier(kind), at=AT, signer=signer, to=receiver
    )
    half = private.private_half(SIDES[to], agreement.one.agreement.id)
    return private.read_sent(
        content, kind, agreement.one.agreement, half=half, senders=[private.Sender(signer.verifier())]
    )


def both_ways(agreement, ours, theirs):
    one, points = intersection.enter(ours, agreement.one, Chance(1))
    other, points_other = intersection.enter(theirs, agreement.other, Chance(2))
    offer, offer_other = (
        carried(agreement, "offer", points, ONE, "other"),
        carried(agreement, "offer", points_other, OTHER, "one"),
    )
    back = carried(agreement, "answer", intersection.answer(offer, other), OTHER, "one")
    back_other = carried(agreement, "answer", intersection.answer(offer_other, one), ONE, "other")
    return intersection.common(one, back, offer_other), intersection.common(other, back_other, offer)


numbers = st.lists(st.integers(0, 30).map(lambda n: f"CB-{n:07}"), unique=True, max_size=8)


@settings(max_examples=8)
@given(numbers, numbers)
def test_both_sides_find_exactly_the_numbers_that_both_have(agreement, ours, theirs):
    mine, others = both_ways(agreement, ours, theirs)
    assert {ours[at] for at in mine} == {theirs[at] for at in others} == set(ours) & set(theirs)


def test_a_number_is_the_same_however_it_is_spaced(agreement):
    assert both_ways(agreement, ["cb 12-345"], ["CB12345", "CB99"]) == ((0,), (0,))


def test_sizes_are_rounded(agreement):
    entered, points = intersection.enter(["1", "2", "3"], agreement.one, Chance(1))
    assert points.num_rows == len(entered.whose) == 20


def test_points_lie_on_the_curve_and_never_on_its_twist(agreement):
    salt = agreement.one.key("intersection")
    made = [int.from_bytes(intersection.point_of(str(n), salt), "little") for n in range(50)]
    p = 2**255 - 19
    for u in made:
        v2 = (u**3 + 486662 * u**2 + u) % p
        root = pow(v2, (p + 3) // 8, p)
        assert v2 in (root * root % p, root * root * pow(2, (p - 1) // 2, p) % p)


def test_points_that_could_tell_our_secret_are_refused(agreement):
    entered, _ = intersection.enter(["1"], agreement.one, Chance(1))
    twist = next(u for u in range(2, 99) if not intersection._on_curve(u)).to_bytes(32, "little")
    small = (325606250916557431795983626356110631294008115727848805560023387167927233504).to_bytes(32, "little")
    for bad in (bytes(32), (1).to_bytes(32, "little"), twist, small, b"\xff" * 32):
        table = pa.table({"point": pa.array([bad], pa.binary(32))})
        with pytest.raises(NotVerified, match=r"not on the curve|small order"):
            intersection.answer(carried(agreement, "offer", table, OTHER, "one"), entered)


def test_an_answer_that_is_short_or_repeats_is_refused(agreement):
    entered, points = intersection.enter(["1", "2"], agreement.one, Chance(1))
    offer = carried(agreement, "offer", points, OTHER, "one")
    good = intersection.answer(offer, entered)
    with pytest.raises(NotVerified, match="came back of"):
        intersection.common(entered, carried(agreement, "answer", good.slice(0, 5), OTHER, "one"), offer)
    twice = pa.table({"point": pa.concat_arrays([good["point"].chunk(0).slice(0, 1)] * 20)})
    with pytest.raises(NotVerified, match="came back twice"):
        intersection.common(entered, carried(agreement, "answer", twice, OTHER, "one"), offer)


def test_a_number_entered_twice_or_empty_is_refused(agreement):
    for wrong in (["CB 1", "cb-1"], [" - "]):
        with pytest.raises(InvalidValue, match="enter each once"):
            intersection.enter(wrong, agreement.one, Chance(1))
