"""Promise 1: a member's name stands only under the exact bytes it signed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.coalition import Round, Version, compare, sign
from corroborate.custody import Signer
from corroborate.errors import CorroborateError, NotAllowed, NotVerified

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
SIGNERS = {name: Signer(name, bytes([at]) * 32) for at, name in enumerate(("seoul", "niigata", "geneva"), start=1)}
TEXT = b"Let monitors in, tell the families and release all who are held.\n"


def opened(text: bytes = TEXT, deadline: datetime | None = None) -> Round:
    members = {name: signer.verifier() for name, signer in SIGNERS.items()}
    return Round(members, deadline=deadline).propose(Version("joint", 1, text))


def states(at: Round) -> dict[str, str]:
    return {one.member: one.state for one in at.standing()}


def test_nothing_is_signed_by_default():
    assert set(states(opened()).values()) == {"silent"}


def test_a_changed_comma_asks_for_new_sign_ons_and_shows_the_old_ones_fallen():
    first = opened()
    first = first.receive(sign(SIGNERS["seoul"], first.current, "with us", AT), AT)
    first = first.receive(sign(SIGNERS["niigata"], first.current, "abstains", AT), AT)
    second = first.propose(Version("joint", 2, TEXT.replace(b"families and", b"families, and")))
    assert states(first) == {"seoul": "signed", "niigata": "abstains", "geneva": "silent"}
    assert states(second) == {"seoul": "lapsed", "niigata": "lapsed", "geneva": "silent"}
    with pytest.raises(NotAllowed, match="another text"):
        second.receive(sign(SIGNERS["geneva"], first.current, "with us", AT), AT)
    again = second.receive(sign(SIGNERS["seoul"], second.current, "with us", AT + timedelta(days=1)), AT)
    assert states(again)["seoul"] == "signed"


@given(st.integers(0, len(TEXT) - 1), st.integers(1, 255))
def test_no_other_byte_string_carries_the_name(place: int, change: int):
    other = bytearray(TEXT)
    other[place] ^= change
    signed = sign(SIGNERS["seoul"], Version("joint", 1, TEXT), "with us", AT)
    with pytest.raises(NotAllowed, match="another text"):
        opened(bytes(other)).receive(signed, AT)


@given(st.data())
def test_a_sign_on_with_any_byte_changed_is_refused(data):
    at = opened()
    note = bytearray(sign(SIGNERS["seoul"], at.current, "with us", AT))
    place = data.draw(st.integers(0, len(note) - 1))
    note[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CorroborateError):
        at.receive(bytes(note), AT)


def test_nobody_signs_for_another():
    at = opened()
    stranger = Signer("seoul", b"\x09" * 32)
    with pytest.raises(NotVerified):
        at.receive(sign(stranger, at.current, "with us", AT), AT)


def test_an_older_word_never_overrules_a_later_one():
    at = opened()
    early = sign(SIGNERS["seoul"], at.current, "with us", AT)
    at = at.receive(sign(SIGNERS["seoul"], at.current, "withdraws", AT + timedelta(hours=1)), AT)
    with pytest.raises(NotAllowed, match="later"):
        at.receive(early, AT)
    assert states(at)["seoul"] == "withdrawn"


def test_after_the_deadline_nobody_joins_and_everybody_may_still_leave():
    at = opened(deadline=AT)
    late = AT + timedelta(seconds=1)
    with pytest.raises(NotAllowed, match="closed"):
        at.receive(sign(SIGNERS["seoul"], at.current, "with us", AT), late)
    at = at.receive(sign(SIGNERS["niigata"], at.current, "withdraws", late), late)
    assert states(at)["niigata"] == "withdrawn"


def test_a_checkpoint_is_never_taken_for_a_sign_on():
    at = opened()
    text = "log.example/seoul\n0\n" + "A" * 43 + "=\n"
    with pytest.raises(CorroborateError, match="no sign-on"):
        at.receive(f"{text}\n{SIGNERS['seoul'].line(text)}".encode(), AT)


def test_comparison_shows_the_comma():
    assert compare("the families and release", "the families, and release") == ("after “the families”: - '' + ','",)
