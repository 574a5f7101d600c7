"""What members have on paper and on sticks already: no later version may write or read it in another way.

The digests and words were worked out beside the project, with `sha256sum` and the order of the list of words.
"""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from corroborate.custody import COSIGNATURE_V1, Checkpoint, Note, Seat, policy_of
from corroborate.custody.enrolment import Enrolment, fingerprint_words, propose, same_words
from corroborate.custody.keys import KeyChange, is_change, revoke, rotate
from corroborate.custody.notes import Signer
from corroborate.custody.recovery import answers_needed, continuation, status_of
from corroborate.custody.statements import plain, read_time, write_time
from corroborate.errors import InvalidValue

from .worlds import AT, FIRST, OWNER, SECOND, THIRD, signed, tree_of

OWNER_KEY = "a.example/log+99092c5d+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c"
OWNER_WORDS = "medal dinner pond ruby eraser pagoda judge outline almond pencil autumn iron"
OWNER_DIGITS = "5993 0861 0933 0253 2005 3810 5107 3580 5220 3625"
NEW = Signer(OWNER.name, bytes([50]) * 32)


def test_a_key_its_words_and_its_digits():
    key = OWNER.verifier()
    assert (str(key), " ".join(fingerprint_words(key)), key.fingerprint) == (OWNER_KEY, OWNER_WORDS, OWNER_DIGITS)
    number = int(hashlib.sha256(OWNER_KEY.encode()).hexdigest(), 16)
    assert OWNER_DIGITS.replace(" ", "") == str(number % 10**40).zfill(40)


@pytest.mark.parametrize("heard", [OWNER_WORDS.upper(), OWNER_WORDS.replace(" ", ", "), OWNER_WORDS.replace(" ", "-"),
                                   OWNER_WORDS.replace(" ", "\n"), OWNER_DIGITS, OWNER_DIGITS.replace(" ", "-"),
                                   OWNER_DIGITS.replace(" ", "")])  # fmt: skip
def test_words_and_digits_are_the_same_however_they_were_taken_down(heard):
    assert same_words(OWNER.verifier(), heard)
    assert not same_words(OWNER.verifier(), heard + heard[-1])
    assert not same_words(FIRST.verifier(), heard)


def test_the_digits_of_a_key_may_begin_with_zeros():
    keys = [Signer("z", number.to_bytes(32, "big")).verifier() for number in range(1, 200)]
    assert any(key.fingerprint.startswith("0") for key in keys)
    for key in keys:
        assert [len(group) for group in key.fingerprint.split(" ")] == [4] * 10


def test_an_enrolment():
    text = Enrolment("Organisation of A", "A", OWNER.verifier(), AT).text()
    assert text == (
        f"corroborate enrolment v1\norganisation Organisation of A\nvoice A\nkey {OWNER_KEY}\nat 2014-02-17T09:00:00Z\n"
    )
    note = propose(Enrolment.parse(text), OWNER)
    assert note.decode().startswith(f"{text}\n\u2014 a.example/log ")
    assert Enrolment.parse(text).cosigner == OWNER.verifier(COSIGNATURE_V1)
    assert Enrolment.parse(text).seat == Seat(OWNER.verifier(COSIGNATURE_V1), "A")


@pytest.mark.parametrize("why", ["rotation", "revocation"])
def test_a_change_of_key(why):
    note = rotate(OWNER, NEW, 7, AT) if why == "rotation" else revoke(OWNER.verifier(), NEW, 7, AT)
    text = Note.parse(note).text
    new = NEW.verifier()
    assert text == (
        f"corroborate key change v1\nwhy {why}\nold {OWNER_KEY}\nnew {new}\nsize 7\nat 2014-02-17T09:00:00Z\n"
    )
    assert KeyChange.parse(text) == KeyChange(why, OWNER.verifier(), new, 7, AT)
    assert [line.split(" ")[1] for line in note.decode().split("\n\n")[1].splitlines()] == [OWNER.name] * (
        2 if why == "rotation" else 1
    )
    assert is_change(note)
    assert not is_change(signed(tree_of(3)))


def test_a_change_of_key_at_the_beginning_of_a_log_and_at_a_great_size():
    for size in (0, 10**18):
        assert KeyChange.parse(Note.parse(rotate(OWNER, NEW, size, AT)).text).size == size
    with pytest.raises(InvalidValue, match="no change"):
        rotate(OWNER, NEW, -1, AT)
    for old, new in ((4, 1), (1, 4), (4, 4)):
        with pytest.raises(InvalidValue, match="no change"):
            KeyChange("rotation", OWNER.verifier(old), NEW.verifier(new), 1, AT)


def test_the_first_record_of_a_log_that_goes_on():
    old = signed(tree_of(9), FIRST)
    assert json.loads(continuation(old, "b", 7, datetime(2026, 1, 1, tzinfo=UTC))) == {
        "version": 1, "continues": OWNER.name, "as": "b", "size": 9, "root": tree_of(9).root().hex(),
        "checkpoint": old.decode(), "lost_from": 7, "at": "2026-01-01T00:00:00+00:00",
    }  # fmt: skip


def test_a_policy_of_several_organisations():
    seats = [Seat(FIRST.verifier(COSIGNATURE_V1), "B"), Seat(SECOND.verifier(COSIGNATURE_V1), "C"),
             Seat(THIRD.verifier(COSIGNATURE_V1), "C")]  # fmt: skip
    found = policy_of(OWNER.verifier(), "A", seats)
    assert found.text() == (
        f"log {OWNER_KEY}\nwitness w1 {seats[0].key}\nwitness w2.1 {seats[1].key}\nwitness w2.2 {seats[2].key}\n"
        "group g2 1 w2.1 w2.2\ngroup members 2 w1 g2\nquorum members\n"
    )
    one_may_lie = policy_of(OWNER.verifier(), "A", [seats[0], seats[1]], faulty=1)
    assert one_may_lie.asked == "2 of 2"
    assert policy_of(OWNER.verifier(), "A", [seats[0]]).asked == "1 of 1"


def test_a_time_is_written_in_utc_to_the_second():
    seoul = timezone(timedelta(hours=9))
    assert write_time(datetime(2026, 11, 24, 18, 30, 59, 999_999, seoul)) == "2026-11-24T09:30:59Z"
    assert read_time("2026-11-24T09:30:59Z") == datetime(2026, 11, 24, 9, 30, 59, tzinfo=UTC)
    for other in ("2026-11-24T9:30:59Z", "2026-11-24 09:30:59Z", "2026-11-24T09:30:59+00:00", "2026-02-30T09:30:59Z"):
        with pytest.raises(InvalidValue):
            read_time(other)


@pytest.mark.parametrize("letter", ["\x00", "\u00ad", "\u200b", "\u2028", "\u2029", "\ud800"])
def test_a_name_holds_no_letter_that_nobody_sees(letter):
    with pytest.raises(InvalidValue, match="as a voice"):
        plain(f"a{letter}b", "a voice")
    assert plain("가" * 200, "a voice") == "가" * 200
    assert plain("a", "a voice") == "a"
    with pytest.raises(InvalidValue):
        plain("가" * 201, "a voice")


def test_how_many_must_answer_and_that_the_newest_answer_counts():
    # Any quorum of 3 and any 3 answers of 5 organisations share one.
    assert [answers_needed(5, quorum) for quorum in range(6)] == [5, 5, 4, 3, 2, 1]
    assert answers_needed(5, 4, 1) == 3
    notes = {"B": signed(tree_of(3)), "C": signed(tree_of(5)), "D": signed(tree_of(4)), "E": None}
    found = status_of(tree_of(5), OWNER.verifier(), notes, 4)
    assert (found.state, found.newest) == ("free", notes["C"])
    assert status_of(tree_of(5), OWNER.verifier(), notes, 5).state == "asking"
    assert status_of(tree_of(5), OWNER.verifier(), {"B": None}, 1).newest is None
    behind = status_of(tree_of(4), OWNER.verifier(), notes, 4)
    assert (behind.state, behind.newest) == ("behind", notes["C"])
    forked = status_of(tree_of(5), OWNER.verifier(), {"B": signed(tree_of(5, b"other"))}, 1)
    assert (forked.state, forked.newest) == ("forked", signed(tree_of(5, b"other")))


def test_a_signature_line():
    text = Checkpoint(OWNER.name, 0, bytes(32)).text()
    assert text == "a.example/log\n0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
    line = OWNER.line(text)
    assert line.startswith("\u2014 a.example/log mQksX")  # the key's id 99092c5d leads the signature
    assert Note.parse(f"{text}\n{line}".encode()).signatures[0].key_id == bytes.fromhex("99092c5d")
