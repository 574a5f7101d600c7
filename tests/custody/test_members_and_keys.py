"""Enrolment, rotation and revocation: who must have signed, and what an old key's signatures are still worth."""

import itertools
from datetime import timedelta

import pytest
from tests.member_keys import beneath

from corroborate.custody import COSIGNATURE_V1, Note, Policy, Signer
from corroborate.custody.enrolment import Enrolment, admit, countersign, fingerprint_words, propose, same_words
from corroborate.custody.keys import KeyChange, KeyHistory, is_change, revoke, rotate
from corroborate.custody.keys import countersign as countersign_change
from corroborate.custody.roster import Departure
from corroborate.custody.statements import countersigned, plain, read_time, signed
from corroborate.custody.words import WORDS
from corroborate.errors import CorroborateError, InvalidValue, NotAllowed, NotVerified

from .worlds import AT, FIRST, OWNER, SECOND, THIRD, tree_of
from .worlds import signed as checkpoint

NEW = Signer(OWNER.name, bytes([50]) * 32)
THIEF = Signer(OWNER.name, bytes([51]) * 32)


def member(signer: Signer, voice: str = "") -> Enrolment:
    return Enrolment(f"Organisation of {signer.name}", voice or signer.name, signer.verifier(), AT)


ROSTER = [member(FIRST), member(SECOND), member(THIRD)]


def words(signer: Signer) -> str:
    return " ".join(fingerprint_words(signer.verifier()))


def distance(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, row[0] = row[0], at
        for place, there in enumerate(other, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (letter != there))
    return row[-1]


def test_the_words_cannot_be_taken_for_one_another():
    assert len(WORDS) == len(set(WORDS)) == 512
    assert len({word[:4] for word in WORDS}) == 512
    assert all(word.isascii() and word.islower() and word.isalpha() and 4 <= len(word) <= 9 for word in WORDS)
    assert min(distance(a, b) for a, b in itertools.combinations(WORDS, 2) if abs(len(a) - len(b)) < 2) >= 2


def test_a_key_s_words_and_digits_stay_what_they_are():
    # Frozen: members have them on paper.
    assert len(fingerprint_words(OWNER.verifier())) == 12
    assert same_words(OWNER.verifier(), words(OWNER))
    assert same_words(OWNER.verifier(), words(OWNER).upper().replace(" ", ", "))
    assert same_words(OWNER.verifier(), OWNER.verifier().fingerprint)
    assert same_words(OWNER.verifier(), OWNER.verifier().fingerprint.replace(" ", ""))
    for wrong in ("", words(NEW), " ".join(words(OWNER).split()[:11]), " ".join(reversed(words(OWNER).split()))):
        assert not same_words(OWNER.verifier(), wrong)


def test_a_newcomer_is_admitted_when_two_other_members_heard_its_words():
    note = propose(member(OWNER), OWNER)
    for at, witness in enumerate((FIRST, SECOND)):
        with pytest.raises(NotAllowed, match=f"{at} other member"):
            admit(note, ROSTER)
        note = countersign(note, witness, words(OWNER))
    assert admit(note, ROSTER) == member(OWNER)
    assert Enrolment.parse(member(OWNER).text()) == member(OWNER)
    assert member(OWNER).seat.key.kind == COSIGNATURE_V1


def test_nobody_signs_for_a_key_whose_words_were_not_heard():
    note = propose(member(THIEF), THIEF)  # the right name, another key
    with pytest.raises(NotVerified, match="not the words"):
        countersign(note, FIRST, words(OWNER))


def test_signatures_of_oneself_of_strangers_and_of_one_voice_twice_do_not_count():
    note = propose(member(OWNER), OWNER)
    strangers = beneath(beneath(note, Signer("x", bytes([9]) * 32)), Signer("y", bytes([10]) * 32))
    with pytest.raises(NotAllowed, match="0 other"):
        admit(strangers, ROSTER)
    one_voice = [member(FIRST, "B"), member(SECOND, "B"), member(THIRD, "C")]
    both = beneath(beneath(note, FIRST), SECOND)
    with pytest.raises(NotAllowed, match="1 other"):
        admit(both, one_voice)
    own_voice = [member(FIRST, member(OWNER).voice), member(SECOND), member(THIRD)]
    with pytest.raises(NotAllowed, match="1 other"):
        admit(both, own_voice)


def test_a_name_or_key_that_is_enrolled_is_not_enrolled_again():
    again = Enrolment("Other", "Other", Signer("other.example", FIRST.seed).verifier(), AT)
    for enrolment, signer in ((member(FIRST), FIRST), (again, Signer("other.example", FIRST.seed))):
        note = beneath(beneath(propose(enrolment, signer), SECOND), THIRD)
        with pytest.raises(NotAllowed, match="enrolled already"):
            admit(note, ROSTER)


def test_an_enrolment_is_signed_by_the_key_it_names():
    with pytest.raises(NotAllowed):
        propose(member(OWNER), FIRST)
    forged = signed(member(OWNER).text(), FIRST, SECOND, THIRD)
    with pytest.raises(NotVerified, match="has not signed"):
        admit(forged, ROSTER)
    with pytest.raises(NotVerified, match="has not signed"):
        countersign(forged, SECOND, words(OWNER))


def test_the_first_members_found_the_coalition_together():
    assert admit(propose(member(FIRST), FIRST), []) == member(FIRST)
    second = propose(member(SECOND), SECOND)
    with pytest.raises(NotAllowed, match="it takes 1"):
        admit(second, [member(FIRST)])
    assert admit(countersign(second, FIRST, words(SECOND)), [member(FIRST)])


@pytest.mark.parametrize("name", ["", " a", "a\nb", "a\u202eb", "A\u030a", "x" * 201, "a\x7f"])
def test_names_that_would_break_or_disguise_a_line_are_refused(name):
    with pytest.raises(InvalidValue):
        plain(name, "a name")
    with pytest.raises(InvalidValue):
        Enrolment(name, "voice", OWNER.verifier(), AT)


@pytest.mark.parametrize(
    "change",
    [("v1", "v2"), ("organisation ", "organization "), ("\nat ", "\nat  "), ("Z\n", "Z\nmore x\n"), ("Z", "+00:00")],
)
def test_a_statement_of_another_form_is_refused(change):
    with pytest.raises(InvalidValue):
        Enrolment.parse(member(OWNER).text().replace(*change))


@pytest.mark.parametrize("text", ["", "2026", "2026-13-01T00:00:00Z", "2026-1-01T00:00:00Z", "2026-01-01T00:00:00"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(InvalidValue):
        read_time(text)


# -- keys over time --

HISTORY = KeyHistory(OWNER.verifier())
LATER = AT + timedelta(days=10)


def policy_of(*witnesses: Signer, quorum: int = 2) -> Policy:
    return Policy(NEW.verifier(), {w.name[0]: w.verifier(COSIGNATURE_V1) for w in witnesses}, quorum)


RULES = policy_of(FIRST, SECOND, THIRD)


def test_a_rotation_is_signed_by_both_keys():
    history = HISTORY.after(rotate(OWNER, NEW, 7, LATER))
    assert history.newest == NEW.verifier()
    assert history.keys == (NEW.verifier(), OWNER.verifier())
    text = KeyChange("rotation", OWNER.verifier(), NEW.verifier(), 7, LATER).text()
    assert KeyChange.parse(text).text() == text
    for signers in ((OWNER,), (NEW,), (FIRST, SECOND)):
        with pytest.raises(NotVerified, match="has not signed"):
            HISTORY.after(signed(text, *signers))


def test_after_a_rotation_the_old_key_signs_no_more_and_what_it_signed_stands():
    history = HISTORY.after(rotate(OWNER, NEW, 7, LATER))
    assert history.check(checkpoint(tree_of(7), FIRST, SECOND), RULES).checkpoint.size == 7
    assert history.check(checkpoint(tree_of(9), FIRST, SECOND, owner=NEW), RULES).checkpoint.size == 9
    with pytest.raises(NotVerified, match="replaced at 7"):
        history.check(checkpoint(tree_of(8), FIRST, SECOND), RULES)
    with pytest.raises(NotVerified, match="any of its keys"):
        history.check(checkpoint(tree_of(8), FIRST, SECOND, owner=THIEF), RULES)
    with pytest.raises(NotVerified, match="policy asks"):
        history.check(checkpoint(tree_of(7), FIRST), RULES)


def revoked() -> KeyHistory:
    note = beneath(beneath(revoke(OWNER.verifier(), NEW, 7, LATER), FIRST), SECOND)
    return HISTORY.after(note, ROSTER, "owner")


def test_a_revoked_key_s_checkpoints_stand_by_the_time_of_their_cosignatures():
    before, after = LATER - timedelta(days=1), LATER + timedelta(days=1)
    history = revoked()
    assert history.check(checkpoint(tree_of(7), FIRST, SECOND, at=before), RULES)
    # With the stolen key a thief signs another past of the same size; no witness will have seen it before.
    with pytest.raises(NotVerified, match="was revoked"):
        history.check(checkpoint(tree_of(7, b"forged"), FIRST, SECOND, at=after), RULES)
    with pytest.raises(NotVerified, match="replaced at 7"):
        history.check(checkpoint(tree_of(8), FIRST, SECOND, at=before), RULES)
    with pytest.raises(NotVerified, match="was revoked"):  # nobody witnessed it at all
        history.check(checkpoint(tree_of(7)), policy_of(FIRST, SECOND, quorum=0))


def test_nobody_signs_for_a_new_key_whose_words_were_not_heard():
    note = revoke(OWNER.verifier(), NEW, 7, LATER)
    assert is_change(note)
    assert not is_change(propose(member(OWNER), OWNER))
    for wrong in (words(OWNER), words(THIEF), ""):
        with pytest.raises(NotVerified, match="not the words of the new key"):
            countersign_change(note, FIRST, wrong)
    with pytest.raises(NotVerified, match="has not signed"):  # the heir itself stands behind no such note
        countersign_change(signed(Note.parse(note).text, SECOND), FIRST, words(NEW))
    both = countersign_change(countersign_change(note, FIRST, words(NEW)), SECOND, words(NEW))
    assert HISTORY.after(both, ROSTER, "owner").newest == NEW.verifier()


def test_a_thief_of_the_old_key_cannot_name_an_heir():
    note = revoke(OWNER.verifier(), THIEF, 7, LATER)
    for signers in ((), (OWNER,), (FIRST,), (FIRST, OWNER)):
        forged = note
        for one in signers:
            forged = beneath(forged, one)
        with pytest.raises(NotAllowed, match="it takes 2"):
            HISTORY.after(forged, ROSTER, "owner")
    own = [member(FIRST, "owner"), member(SECOND, "owner"), member(THIRD)]
    with pytest.raises(NotAllowed, match="0 other"):
        HISTORY.after(beneath(beneath(note, FIRST), SECOND), own, "owner")


def test_a_key_does_not_come_back_and_a_chain_is_followed_in_order():
    history = HISTORY.after(rotate(OWNER, NEW, 7, LATER))
    with pytest.raises(NotAllowed, match="does not come back"):
        history.after(rotate(NEW, OWNER, 9, LATER))
    with pytest.raises(NotVerified, match="another key now"):
        history.after(rotate(OWNER, THIEF, 9, LATER))
    with pytest.raises(NotVerified, match="cut-off"):
        history.after(rotate(NEW, THIEF, 6, LATER))
    third = history.after(rotate(NEW, THIEF, 12, LATER))
    assert third.check(checkpoint(tree_of(10), FIRST, SECOND, owner=NEW), RULES)
    with pytest.raises(NotVerified, match="replaced at 7"):
        third.check(checkpoint(tree_of(10), FIRST, SECOND), RULES)


@pytest.mark.parametrize(
    "change", [("why rotation", "why whim"), ("size 7", "size 07"), ("size 7", "size -7"), ("size 7", "size \u0667")]
)
def test_what_is_no_change_of_a_key_is_refused(change):
    text = Note.parse(rotate(OWNER, NEW, 7, LATER)).text
    with pytest.raises(InvalidValue):
        KeyChange.parse(text.replace(*change))


def test_a_change_to_another_name_or_to_itself_is_refused():
    for new in (FIRST, OWNER):
        with pytest.raises(CorroborateError):
            rotate(OWNER, new, 7, LATER)


def test_a_cosignature_of_the_moment_of_the_revocation_is_not_older_than_it():
    history, second = revoked(), timedelta(seconds=1)
    assert history.check(checkpoint(tree_of(7), FIRST, SECOND, at=LATER - second), RULES)
    with pytest.raises(NotVerified, match="was revoked"):
        history.check(checkpoint(tree_of(7), FIRST, SECOND, at=LATER), RULES)


def test_a_quorum_must_be_older_than_the_revocation_and_not_one_witness_of_it():
    text = Note.parse(checkpoint(tree_of(7))).text
    lines = [FIRST.cosignature_line(text, AT), SECOND.cosignature_line(text, LATER + timedelta(days=1))]
    note = checkpoint(tree_of(7)) + "".join(lines).encode()
    with pytest.raises(NotVerified, match="was revoked"):
        revoked().check(note, RULES)


def test_cut_offs_may_stand_still_and_every_earlier_key_is_held_to_its_own():
    history = HISTORY.after(rotate(OWNER, NEW, 7, LATER)).after(rotate(NEW, THIEF, 7, LATER))
    assert list(history.keys) == [THIEF.verifier(), NEW.verifier(), OWNER.verifier()]
    assert history.newest == THIEF.verifier()
    with pytest.raises(NotVerified, match="cut-off"):
        history.after(rotate(THIEF, Signer(OWNER.name, bytes([52]) * 32), 6, LATER))
    for owner in (OWNER, NEW):
        assert history.check(checkpoint(tree_of(7), FIRST, SECOND, owner=owner), RULES)
        with pytest.raises(NotVerified, match="replaced at 7"):
            history.check(checkpoint(tree_of(8), FIRST, SECOND, owner=owner), RULES)


def test_nobody_countersigns_a_revocation_unheard_or_one_that_its_own_key_did_not_sign():
    from corroborate.custody.keys import countersign as countersign_change

    note = revoke(OWNER.verifier(), NEW, 7, LATER)
    assert countersign_change(note, FIRST, words(NEW)) == beneath(note, FIRST)
    for heard in ("", words(OWNER), words(THIEF)):
        with pytest.raises(NotVerified, match=r"not the words of the new key of a\.example/log"):
            countersign_change(note, FIRST, heard)
    with pytest.raises(NotVerified, match="has not signed for its own key"):
        countersign_change(signed(Note.parse(note).text, FIRST), SECOND, words(NEW))


def test_a_countersignature_stands_under_a_kind_of_note_to_the_letter_and_never_under_ones_own():
    class Lax(Departure):
        """A kind that reads more than it writes."""

        @classmethod
        def parse(cls, text):
            return cls(OWNER.verifier(), AT)

    departure = Departure(OWNER.verifier(), AT).text()
    assert countersigned(signed(departure, FIRST), SECOND, Departure) == signed(departure, FIRST, SECOND)
    with pytest.raises(InvalidValue, match="written otherwise"):
        countersigned(signed("corroborate sign-on v1\nchoice with us\n", FIRST), SECOND, Lax)
    with pytest.raises(InvalidValue, match="no note of the kind"):
        countersigned(signed("corroborate sign-on v1\nchoice with us\n", FIRST), SECOND, Departure)
    with pytest.raises(NotAllowed, match="your own seat"):
        countersigned(signed(departure, FIRST), OWNER, Departure)
    with pytest.raises(NotAllowed, match="enrolment is your own"):
        countersigned(signed(member(OWNER).text(), FIRST), OWNER, Enrolment)
    with pytest.raises(InvalidValue, match="already"):
        countersigned(signed(departure, FIRST), FIRST, Departure)
    for why, key, said in (("rotation", FIRST, "nobody countersigns"), ("revocation", OWNER, "about your own key")):
        change = KeyChange(why, OWNER.verifier(), NEW.verifier(), 7, AT).text()
        with pytest.raises(NotAllowed, match=said):
            countersigned(signed(change, NEW), key, KeyChange)


def test_whose_checkpoint_of_a_key_that_was_given_up_speaks_for_its_log():
    """A thief has every key that was given up: nothing that it alone signs later is held against the log's owner."""

    def nobody(_change: KeyChange) -> bool:
        return False

    def everybody(_change: KeyChange) -> bool:
        return True

    before, after = LATER - timedelta(days=1), LATER + timedelta(days=1)
    rotated, lost = HISTORY.after(rotate(OWNER, NEW, 7, LATER)), revoked()
    bare, late = checkpoint(tree_of(7, b"other")), checkpoint(tree_of(8))
    for history in (rotated, lost):
        assert history.ended(checkpoint(tree_of(8), owner=NEW)) is None
        assert history.ended(late) == history.changes[0]
        assert history.of_its_time(checkpoint(tree_of(8), owner=NEW), None, held=nobody)  # the key of today
        assert history.ended(signed(Note.parse(late).text, THIEF)) is None  # signed with none of its keys
        # both keys: the newest is looked at
        assert history.ended(beneath(late, NEW)) is None
    # a planned change: up to its cut-off the key stood; beyond it, what the reader held or a quorum saw before it
    assert rotated.of_its_time(bare, None, held=nobody)
    assert not rotated.of_its_time(late, None, held=nobody)
    assert rotated.of_its_time(late, None, held=everybody)
    # a revocation: over its cut-off nothing; up to it, what the reader held or a quorum cosigned before
    assert not lost.of_its_time(late, RULES, held=everybody)
    assert not lost.of_its_time(bare, None, held=nobody)
    assert lost.of_its_time(bare, None, held=everybody)
    assert not lost.of_its_time(bare, RULES, held=nobody)
    seen = checkpoint(tree_of(7), FIRST, SECOND, at=before)
    assert lost.of_its_time(seen, RULES, held=nobody)
    for forged in (
        checkpoint(tree_of(7, b"forged"), FIRST, SECOND, at=after),
        checkpoint(tree_of(7, b"forged"), FIRST, SECOND, at=LATER),
        checkpoint(tree_of(7, b"forged"), FIRST, at=before),
    ):
        assert not lost.of_its_time(forged, RULES, held=nobody)
