"""What a witness answers (C2SP tlog-witness), in the specification's order, and what it keeps as evidence."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.custody import (
    COSIGNATURE_V1,
    Checkpoint,
    Note,
    Remember,
    Request,
    Seen,
    Signer,
    SplitView,
    Suspect,
    Watched,
    add_checkpoint,
    check_consistency,
    compare,
    cosign,
    read_answer,
    request_for,
)
from corroborate.custody.merkle import EMPTY_ROOT
from corroborate.errors import InvalidValue, NotAllowed, NotVerified

from .worlds import AT, FIRST, OWNER, SECOND, WITNESSES, policy, signed, tree_of

KEYS = (OWNER.verifier(),)


def watched(size: int = 0, salt: bytes = b"", fork: int = 0) -> dict[str, Watched]:
    """A witness that cosigned the log at a size."""
    if size == 0:
        return {OWNER.name: Watched(KEYS)}
    tree = tree_of(size, salt, fork)
    return {OWNER.name: Watched(KEYS, Seen(size, tree.root(), signed(tree)))}


def ask(size: int, old: int, state: dict[str, Watched], salt: bytes = b"", fork: int = 0):
    tree = tree_of(size, salt, fork)
    proof = tree.consistency(old) if 0 < old <= size else []
    return add_checkpoint(request_for(signed(tree), old, proof), state, FIRST, AT)


def test_a_first_checkpoint_is_cosigned_and_remembered():
    outcome = ask(5, 0, watched())
    assert (outcome.answer.status, outcome.answer.content_type) == (200, "text/plain; charset=utf-8")
    (effect,) = outcome.effects
    assert isinstance(effect, Remember)
    assert (effect.origin, effect.seen.size, effect.seen.root) == (OWNER.name, 5, tree_of(5).root())
    # What it keeps, and serves to monitors, has the log's signature and its own.
    assert set(Note.parse(effect.seen.note).check([*KEYS, FIRST.verifier(COSIGNATURE_V1)])) == {
        OWNER.verifier(), FIRST.verifier(COSIGNATURE_V1)
    }  # fmt: skip


@given(st.integers(1, 80), st.integers(0, 80), st.integers(0, 40))
def test_whatever_grows_honestly_is_cosigned_and_the_answer_is_what_the_log_reads(first, more, again):
    state = watched()
    for size in (first, first + more, first + more + again):
        outcome = ask(size, state[OWNER.name].seen.size, state)
        assert outcome.answer.status == 200
        (effect,) = outcome.effects
        assert isinstance(effect, Remember)
        state = {OWNER.name: Watched(KEYS, effect.seen)}
        note = signed(tree_of(size))
        (line,) = read_answer(outcome.answer.body, note, [FIRST.verifier(COSIGNATURE_V1)])
        assert len(policy(1).check(note + line.encode()).times) == 1


@given(st.integers(2, 60), st.integers(1, 60), st.data())
def test_rewriting_the_past_and_signing_it_anew_is_refused_by_every_witness(size, more, data):
    fork = data.draw(st.integers(0, size - 1))  # the first entry that was changed
    for witness in WITNESSES:
        tree = tree_of(size + more, b"rewritten", fork)
        outcome = add_checkpoint(request_for(signed(tree), size, tree.consistency(size)), watched(size), witness, AT)
        assert outcome.answer.status == 422
        assert not any(isinstance(effect, Remember) for effect in outcome.effects)
        (effect,) = outcome.effects
        if size & (size - 1):  # the proof itself shows the other past
            assert isinstance(effect, SplitView)
            effect.check(KEYS)
        else:
            assert isinstance(effect, Suspect)


STATUSES = [
    ("no request", lambda: add_checkpoint(b"", watched(), FIRST, AT), 400),
    ("unknown log", lambda: ask(5, 0, {}), 404),
    ("own log", lambda: add_checkpoint(request_for(signed(tree_of(3)), 0, ()), watched(), OWNER, AT), 404),
    ("another key", lambda: add_checkpoint(
        request_for(signed(tree_of(3), owner=Signer(OWNER.name, bytes([8]) * 32)), 0, ()), watched(), FIRST, AT), 403),
    ("old beyond new", lambda: ask(3, 5, watched(5)), 400),
    ("old beyond new, before it is compared with what was seen", lambda: ask(3, 5, watched(7)), 400),
    ("old is not what was seen", lambda: ask(9, 5, watched(7)), 409),
    ("old is nothing, and something was seen", lambda: ask(9, 0, watched(7)), 409),
    ("the same size again", lambda: ask(7, 7, watched(7)), 200),
    ("another root at the same size", lambda: ask(7, 7, watched(7, b"x")), 422),
    ("another past", lambda: ask(9, 7, watched(7, b"x")), 422),
    ("empty log", lambda: ask(0, 0, watched()), 200),
]  # fmt: skip


@pytest.mark.parametrize(("case", "outcome", "status"), STATUSES, ids=[one[0] for one in STATUSES])
def test_statuses(case, outcome, status):
    found = outcome()
    assert found.answer.status == status
    assert any(isinstance(effect, Remember) for effect in found.effects) == (status == 200)


def test_a_conflict_answers_with_the_size_that_was_seen():
    answer = ask(9, 0, watched(7)).answer
    assert (answer.body, answer.content_type) == (b"7\n", "text/x.tlog.size")


def test_a_proof_from_nothing_is_refused():
    note = signed(tree_of(5))
    for proof in ([bytes(32)], [EMPTY_ROOT], tree_of(5).consistency(3)):
        assert add_checkpoint(request_for(note, 0, proof), watched(), FIRST, AT).answer.status == 422
    with pytest.raises(NotVerified):
        check_consistency(0, 5, [], EMPTY_ROOT, tree_of(5).root())


def test_an_empty_log_with_a_root_of_its_own_is_refused():
    text = Checkpoint(OWNER.name, 0, bytes(32)).text()
    note = f"{text}\n{OWNER.line(text)}".encode()
    assert add_checkpoint(request_for(note, 0, ()), watched(), FIRST, AT).answer.status == 422


def test_a_log_s_line_that_does_not_hold_spoils_the_note_even_beside_a_good_one():
    import base64

    note = signed(tree_of(3))
    newer = Signer(OWNER.name, bytes([8]) * 32)
    bad = f"\u2014 {OWNER.name} {base64.b64encode(newer.verifier().id + bytes(64)).decode()}\n".encode()
    logs = {OWNER.name: Watched((newer.verifier(), OWNER.verifier()))}
    assert add_checkpoint(request_for(note + bad, 0, ()), logs, FIRST, AT).answer.status == 403
    assert add_checkpoint(request_for(note, 0, ()), logs, FIRST, AT).answer.status == 200


def test_the_order_of_answers_is_the_specification_s():
    """Every combination of faults: the first in the specification's order decides."""
    faults = ("unknown", "unsigned", "old beyond", "not seen", "proof")
    expected = {"unknown": 404, "unsigned": 403, "old beyond": 400, "not seen": 409, "proof": 422}
    for chosen in itertools.product([False, True], repeat=len(faults)):
        wrong = [name for name, is_there in zip(faults, chosen, strict=True) if is_there]
        owner = Signer(OWNER.name, bytes([8]) * 32) if "unsigned" in wrong else OWNER
        tree = tree_of(9)
        old = 11 if "old beyond" in wrong else 6 if "not seen" in wrong else 7
        state = {} if "unknown" in wrong else watched(7)
        proof = [bytes(32)] if "proof" in wrong else tree.consistency(7)
        status = add_checkpoint(request_for(signed(tree, owner=owner), old, proof), state, FIRST, AT).answer.status
        assert status == (expected[wrong[0]] if wrong else 200), wrong


def test_others_lines_are_not_passed_on():
    note = signed(tree_of(5), SECOND)
    (effect,) = add_checkpoint(request_for(note, 0, ()), watched(), FIRST, AT).effects
    assert isinstance(effect, Remember)
    assert SECOND.name.encode() not in effect.seen.note


def test_equivocation_is_kept_whatever_the_answer_is():
    tree = tree_of(7, b"other")
    outcome = add_checkpoint(request_for(signed(tree), 3, tree.consistency(3)), watched(7), FIRST, AT)
    assert outcome.answer.status == 409
    (effect,) = outcome.effects
    assert isinstance(effect, SplitView)
    effect.check(KEYS)


def test_an_old_size_that_was_wrong_accuses_nobody():
    assert ask(9, 0, watched(7)).effects == ()
    assert ask(9, 5, watched(7)).effects == ()


# -- two readers --


def test_two_readers_who_were_shown_two_histories_find_out_when_they_compare():
    for first, second in ((7, 7), (7, 9), (6, 40)):
        one, other = tree_of(first), tree_of(second, b"other", fork=2)
        found = compare(signed(one), signed(other), (), KEYS)
        # Of one size it is a proof; of two it is a question that an honest log can answer and this one cannot.
        assert isinstance(found, SplitView if first == second else Suspect)
        if isinstance(found, Suspect):
            answered = compare(signed(other), signed(one), other.consistency(first), KEYS)
            assert isinstance(answered, SplitView)
            answered.check(KEYS)


@given(st.integers(0, 50), st.integers(0, 50))
def test_an_honest_log_is_never_accused(first, second):
    first, second = sorted((first, second))
    proof = tree_of(second).consistency(first) if first else []
    assert compare(signed(tree_of(first)), signed(tree_of(second)), proof, KEYS) is None
    assert compare(signed(tree_of(second)), signed(tree_of(first)), proof, KEYS) is None


@given(st.integers(1, 50), st.integers(1, 50), st.lists(st.binary(min_size=32, max_size=32), max_size=8))
def test_no_proof_made_up_by_another_accuses_an_honest_log(first, second, proof):
    found = compare(signed(tree_of(first)), signed(tree_of(second)), proof, KEYS)
    assert not isinstance(found, SplitView)


def test_a_proof_against_a_log_must_stand_by_itself():
    first, second = signed(tree_of(7)), signed(tree_of(7, b"other"))
    SplitView(OWNER.name, first, second).check(KEYS)
    for older, newer in ((first, first), (first, signed(tree_of(9))), (first, signed(tree_of(0)))):
        with pytest.raises(NotVerified, match="may both be true"):
            SplitView(OWNER.name, older, newer).check(KEYS)
    forged = signed(tree_of(7, b"other"), owner=Signer(OWNER.name, bytes([8]) * 32))
    for wrong in (SplitView(OWNER.name, first, forged), SplitView("x", first, second)):
        with pytest.raises(NotVerified, match="has not signed both"):
            wrong.check(KEYS)
    with pytest.raises(NotVerified, match="is not signed by"):
        compare(first, forged, (), KEYS)


# -- requests and answers as files --


def test_a_request_is_read_as_it_was_written():
    note = signed(tree_of(9))
    for old, proof in ((0, ()), (7, tuple(tree_of(9).consistency(7)))):
        found = Request.parse(request_for(note, old, proof))
        assert (found.old, found.proof, found.note) == (old, proof, note)


NOTE = signed(tree_of(9))
HASH = b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"


@pytest.mark.parametrize(
    "content",
    [b"", b"old 0\n", b"old 00\n\n" + NOTE, b"old -1\n\n" + NOTE, b"old  0\n\n" + NOTE, b"old 0 \n\n" + NOTE,
     b"old 0\r\n\r\n" + NOTE, b"size 0\n\n" + NOTE, b"old \xd9\xa1\n\n" + NOTE, b"old 7\nAAAA\n\n" + NOTE,
     b"old 7\n" + HASH * 64 + b"\n" + NOTE, b"old 0\n\nno note", b"old 0\n\n" + b"x" * (1 << 22),
     b"old 0\n\ntext\n\n\xe2\x80\x94 a AAAAAAAA\n"],
)  # fmt: skip
def test_what_is_no_request_is_answered_with_400(content):
    assert add_checkpoint(content, watched(), FIRST, AT).answer.status == 400


def test_an_answer_gives_the_known_witnesses_lines_and_a_bad_one_is_refused():
    text = Note.parse(NOTE).text
    known = [FIRST.verifier(COSIGNATURE_V1)]
    both = (FIRST.cosignature_line(text, AT) + SECOND.cosignature_line(text, AT)).encode()
    assert read_answer(both, NOTE, known) == [FIRST.cosignature_line(text, AT)]
    with pytest.raises(NotVerified):
        read_answer(FIRST.cosignature_line(text + "other\n", AT).encode(), NOTE, known)
    for wrong in (b"\xff", b"7\n", b"\xe2\x80\x94 a\n"):
        with pytest.raises(InvalidValue):
            read_answer(wrong, NOTE, known)


def test_cosigning_a_known_log_keeps_to_the_same_rules():
    tree = tree_of(9)
    seen, line = cosign(signed(tree_of(7)), (), log=OWNER.verifier(), seen=Seen(), witness=FIRST, at=AT)
    assert line.startswith("\u2014 " + FIRST.name)
    again, _ = cosign(signed(tree), tree.consistency(7), log=OWNER.verifier(), seen=seen, witness=FIRST, at=AT)
    assert again.size == 9
    with pytest.raises(NotAllowed):
        cosign(NOTE, (), log=OWNER.verifier(), seen=Seen(), witness=OWNER, at=AT)
    for note in (
        signed(tree, owner=SECOND),
        signed(tree, owner=Signer(OWNER.name, bytes([8]) * 32)),
        signed(tree_of(5)),
    ):
        with pytest.raises(NotVerified):
            cosign(note, (), log=OWNER.verifier(), seen=seen, witness=FIRST, at=AT)


# -- what is kept, and what is said --


@pytest.mark.parametrize(("seen", "shown", "old"), [(4, 9, 4), (7, 7, 7), (7, 9, 7), (7, 5, 3), (9, 4, 9)])
def test_evidence_holds_both_notes_as_they_were_signed_the_smaller_log_first(seen, shown, old):
    """A stranger reads them without the witness: what it had cosigned, and what it was shown."""
    state, tree = watched(seen), tree_of(shown, b"other", fork=1)
    proof = tuple(tree.consistency(old)) if old <= shown else ()
    outcome = add_checkpoint(request_for(signed(tree), old, proof), state, FIRST, AT)
    assert outcome.answer.status in (400, 409, 422)
    notes = [note for _, note in sorted([(seen, signed(tree_of(seen))), (shown, signed(tree))])]
    if old > shown:
        assert outcome.effects == ()
    elif seen & (seen - 1) == 0 and seen != shown:
        assert outcome.effects == (Suspect(OWNER.name, *notes),)
    elif old == seen:
        assert outcome.effects == (SplitView(OWNER.name, *notes, () if seen == shown else proof),)
    else:  # no proof leads from what was seen: a question is kept only where the log was asked for one
        assert outcome.effects == ()


@pytest.mark.parametrize(("first", "second"), [(6, 6), (6, 9), (4, 9)])
def test_what_two_readers_keep_is_the_same_whoever_compares(first, second):
    one, other = signed(tree_of(first)), signed(tree_of(second, b"other", fork=2))
    proof = tuple(tree_of(second, b"other", fork=2).consistency(first))
    unproven = SplitView(OWNER.name, one, other) if first == second else Suspect(OWNER.name, one, other)
    shown = SplitView(OWNER.name, one, other, () if first == second else proof) if first != 4 else unproven
    for older, newer in ((one, other), (other, one)) if first != second else ((one, other),):
        assert compare(older, newer, (), KEYS) == unproven
        assert compare(older, newer, proof, KEYS) == shown


def test_a_log_that_was_never_seen_and_an_empty_one_leave_no_evidence():
    seen = {OWNER.name: Watched(KEYS, Seen(0, EMPTY_ROOT, signed(tree_of(0))))}
    assert ask(5, 3, seen).effects == ()
    assert ask(5, 0, seen).answer.status == 200
    assert compare(signed(tree_of(0)), signed(tree_of(5)), (), KEYS) is None
    assert ask(7, 7, {OWNER.name: Watched(KEYS, Seen(7, tree_of(7, b"x").root()))}).effects == ()


@pytest.mark.parametrize(("case", "outcome", "status"), STATUSES, ids=[one[0] for one in STATUSES])
def test_a_refusal_says_why_in_one_line_of_text(case, outcome, status):
    answer = outcome().answer
    text = answer.body.decode()
    assert text.endswith("\n")
    assert "\n" not in text[:-1]
    if status == 409:
        assert text.strip().isdigit()
        assert answer.content_type == "text/x.tlog.size"
    else:
        assert answer.content_type == "text/plain; charset=utf-8"
        assert text.startswith("\u2014 ") if status == 200 else len(text.split()) > 3
        assert status == 200 or not text[:2].isupper()
        assert status != 404 or "log" in text


def test_a_witness_keeps_the_log_s_line_before_its_own_and_answers_with_its_own_alone():
    note = signed(tree_of(5), SECOND)
    outcome = add_checkpoint(request_for(note, 0, ()), watched(), FIRST, AT)
    own = FIRST.cosignature_line(Note.parse(note).text, AT)
    assert outcome.answer.body.decode() == own
    (effect,) = outcome.effects
    assert isinstance(effect, Remember)
    assert effect.seen.note == signed(tree_of(5), FIRST)
    assert effect.seen == Seen(5, tree_of(5).root(), signed(tree_of(5), FIRST))


def test_a_log_with_two_keys_may_sign_with_either_and_the_witness_s_own_key_is_none_of_them():
    newer = Signer(OWNER.name, bytes([8]) * 32)
    logs = {OWNER.name: Watched((newer.verifier(), OWNER.verifier()))}
    for owner in (newer, OWNER):
        assert add_checkpoint(request_for(signed(tree_of(3), owner=owner), 0, ()), logs, FIRST, AT).answer.status == 200
    for witness in (newer, OWNER):
        asked = request_for(signed(tree_of(3), owner=newer), 0, ())
        assert add_checkpoint(asked, logs, Signer("w", witness.seed), AT).answer.status == 404


def test_what_is_cosigned_through_either_door_is_the_same():
    for size, old in ((5, 0), (9, 5), (9, 9)):
        tree, seen = tree_of(size), watched(old)[OWNER.name].seen
        proof = tuple(tree.consistency(old)) if old else ()
        (effect,) = add_checkpoint(request_for(signed(tree), old, proof), watched(old), FIRST, AT).effects
        found, line = cosign(signed(tree), proof, log=OWNER.verifier(), seen=seen, witness=FIRST, at=AT)
        assert isinstance(effect, Remember)
        assert (found, line) == (effect.seen, FIRST.cosignature_line(Note.parse(signed(tree)).text, AT))
    for wrong, words in (
        (signed(tree_of(9), owner=SECOND), r"no log c\.example/log is known"),
        (signed(tree_of(5)), "shows 5 entries; it had 7 before"),
        (signed(tree_of(9, b"x")), "does not begin with"),
    ):
        proof = tree_of(9, b"x").consistency(7)
        with pytest.raises(NotVerified, match=words):
            cosign(wrong, proof, log=OWNER.verifier(), seen=watched(7)[OWNER.name].seen, witness=FIRST, at=AT)


def test_an_answer_s_lines_are_each_checked_and_given_in_their_order():
    text = Note.parse(NOTE).text
    known = [one.verifier(COSIGNATURE_V1) for one in WITNESSES]
    lines = [one.cosignature_line(text, AT) for one in (SECOND, FIRST)]
    assert read_answer("".join(lines).encode(), NOTE, known) == lines
    assert read_answer(b"", NOTE, known) == []
    with pytest.raises(NotVerified):
        read_answer((lines[0] + FIRST.cosignature_line(text + "x\n", AT)).encode(), NOTE, known)


def test_every_line_of_the_log_s_own_keys_is_kept_and_in_its_order():
    newer = Signer(OWNER.name, bytes([8]) * 32)
    text = Note.parse(NOTE).text
    note = f"{text}\n{SECOND.line(text)}{newer.line(text)}{OWNER.line(text)}".encode()
    logs = {OWNER.name: Watched((newer.verifier(), OWNER.verifier()))}
    (effect,) = add_checkpoint(request_for(note, 0, ()), logs, FIRST, AT).effects
    assert isinstance(effect, Remember)
    own = FIRST.cosignature_line(text, AT)
    assert effect.seen.note.decode() == f"{text}\n{newer.line(text)}{OWNER.line(text)}{own}"
