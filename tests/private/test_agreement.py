"""An agreement binds both sides to every letter; what is not theirs, or over, is refused with a reason."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.private.conftest import AT, DAY, ONE, OTHER, UNIT, signed, terms

from corroborate.custody import Signer
from corroborate.errors import CorroborateError, InvalidValue, NotAllowed, NotVerified
from corroborate.linkage import private

STRANGER = Signer("stranger", bytes([9]) * 32)


def test_both_sides_have_the_same_secret_and_the_unit_has_another(agreement):
    assert agreement.one.key("filter") == agreement.other.key("filter")
    assert agreement.one.key("filter") != agreement.one.key("diffusion")
    with pytest.raises(NotAllowed, match="unit is no side"):
        private.agreed(agreement.note, UNIT, DAY)


def test_another_letter_gives_another_secret(agreement):
    assert signed(reveal="fields").one.key("filter") != agreement.one.key("filter")
    assert signed(nearness=300).one.key("filter") != agreement.one.key("filter")


def test_an_agreement_reads_as_it_was_written(agreement):
    read = private.read_agreement(agreement.note)
    assert private.Agreement.parse(read.text()) == read == agreement.one.agreement


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_no_changed_byte_of_an_agreement_is_taken(agreement, at, flip):
    changed = bytearray(agreement.note)
    changed[at % len(changed)] ^= flip
    with pytest.raises(CorroborateError):
        private.agreed(bytes(changed), ONE, DAY)


def test_one_signature_is_not_enough():
    offer = private.offer(terms(), ONE)
    half = private.accept(offer, ONE.verifier(), OTHER, DAY)
    with pytest.raises(NotVerified, match="not signed by one"):
        private.agreed(half, OTHER, DAY)
    with pytest.raises(NotVerified, match="not signed by the other side"):
        private.agreed(offer, ONE, DAY)


def test_an_offer_by_another_key_is_refused():
    with pytest.raises(NotVerified, match="not signed by the key of one"):
        private.accept(private.offer(terms(), STRANGER), ONE.verifier(), OTHER, DAY)


def test_an_acceptance_by_a_stranger_is_refused():
    offer = private.offer(terms(), ONE)
    with pytest.raises(NotVerified, match="not signed by the key of other"):
        private.countersign(private.accept(offer, ONE.verifier(), STRANGER, DAY), OTHER.verifier(), offer, ONE, DAY)


def test_terms_that_were_changed_on_the_way_are_not_countersigned():
    ours = private.offer(terms(reveal="held"), ONE)
    wider = private.offer(terms(reveal="fields"), ONE)
    accepted = private.accept(wider, ONE.verifier(), OTHER, DAY)
    with pytest.raises(NotVerified, match="not the ones that we offered"):
        private.countersign(accepted, OTHER.verifier(), ours, ONE, DAY)


def test_an_agreement_ends(agreement):
    private.agreed(agreement.note, ONE, agreement.one.agreement.ends)
    with pytest.raises(NotAllowed, match=r"ended on 2026-12-24.*make a new one"):
        private.agreed(agreement.note, ONE, agreement.one.agreement.ends + timedelta(days=1))
    with pytest.raises(NotAllowed, match="begins on"):
        private.agreed(agreement.note, ONE, DAY - timedelta(days=1))


def test_a_side_cannot_be_the_linkage_unit():
    with pytest.raises(InvalidValue, match="could try every name"):
        terms(unit=private.card(ONE))


def test_our_own_offer_is_not_ours_to_accept():
    with pytest.raises(NotAllowed, match="our own offer"):
        private.accept(private.offer(terms(), ONE), ONE.verifier(), ONE, DAY)


@pytest.mark.parametrize("text", ["bits=1", "bits=1024 bits=1024", "", "sent=2048", "bits=1024 sent=x"])
def test_a_schema_that_says_less_or_more_is_refused(text):
    with pytest.raises(InvalidValue):
        private.Schema.parse(text)


def test_the_other_side_is_held_to_the_key_we_know(agreement):
    private.agreed(agreement.note, ONE, AT.date(), other=OTHER.verifier())
    with pytest.raises(NotVerified, match="another key"):
        private.agreed(agreement.note, ONE, AT.date(), other=STRANGER.verifier())
