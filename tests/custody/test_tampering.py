"""Each line of each signed file of the log × edit, delete, double, reorder, replay, sign by another: refused or named.

What a dishonest member would try who holds its own key but not the others'.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from tests.member_keys import beneath

from corroborate.custody import Note, Policy, Proof, Signer, Watched, add_checkpoint, request_for
from corroborate.custody.enrolment import Enrolment, admit, propose
from corroborate.custody.keys import KeyHistory, revoke, rotate
from corroborate.errors import CorroborateError

from .test_members_and_keys import NEW, ROSTER, THIEF, member
from .test_witness import watched
from .worlds import AT, FIRST, OWNER, SECOND, THIRD, entries, policy, signed, tree_of

TREE = tree_of(9)
CHECKPOINT = signed(TREE, FIRST, SECOND)
ENTRY, PROOF = entries(9)[4], Proof(4, tuple(TREE.inclusion(4)), CHECKPOINT).text()


def enrolment() -> bytes:
    return beneath(beneath(propose(member(OWNER), OWNER), FIRST), SECOND)


def revocation() -> bytes:
    return beneath(beneath(revoke(OWNER.verifier(), NEW, 7, AT), FIRST), SECOND)


def answered(content: bytes) -> None:
    """A witness's answer as an error, so that it stands in the same table."""
    outcome = add_checkpoint(content, watched(7), FIRST, AT)
    if outcome.answer.status != 200:
        raise CorroborateError(str(outcome.answer.status))


FILES: dict[str, tuple[bytes, Callable[[bytes], object]]] = {
    "checkpoint": (CHECKPOINT, policy().check),
    "enrolment": (enrolment(), lambda note: admit(note, ROSTER)),
    "rotation": (rotate(OWNER, NEW, 7, AT), KeyHistory(OWNER.verifier()).after),
    "revocation": (revocation(), lambda note: KeyHistory(OWNER.verifier()).after(note, ROSTER, "owner")),
    "proof": (PROOF, lambda content: Proof.parse(content).check(ENTRY, policy())),
    "request": (request_for(signed(TREE), 7, TREE.consistency(7)), answered),
}  # fmt: skip


def changes(content: bytes) -> Iterator[tuple[str, bytes]]:
    lines = content.decode().splitlines(keepends=True)
    for at, line in enumerate(lines):
        rest = lines[:at], lines[at + 1 :]
        middle = len(line) // 2
        edited = line[:middle] + ("x" if line[middle : middle + 1] != "x" else "y") + line[middle + 1 :]
        yield f"line {at} edited", "".join([*rest[0], edited, *rest[1]]).encode()
        yield f"line {at} deleted", "".join([*rest[0], *rest[1]]).encode()
        if not line.startswith("\u2014"):  # a signature that stands twice is one signature
            yield f"line {at} doubled", "".join([*rest[0], line, line, *rest[1]]).encode()
        if at and not (line.startswith("\u2014") and lines[at - 1].startswith("\u2014")) and line != lines[at - 1]:
            swapped = [*lines[: at - 1], line, lines[at - 1], *lines[at + 1 :]]
            yield f"line {at} before the one above it", "".join(swapped).encode()


@pytest.mark.parametrize("name", FILES)
def test_no_line_of_a_signed_file_can_be_changed(name):
    content, check = FILES[name]
    check(content)
    tried = 0
    for how, changed in changes(content):
        with pytest.raises(CorroborateError):
            check(changed)
            pytest.fail(f"{name}: {how}, and it passed")  # reached only when nothing was raised
        tried += 1
    assert tried >= 15


@pytest.mark.parametrize("name", ["checkpoint", "enrolment", "rotation", "revocation"])
def test_a_file_signed_by_another_under_the_same_name_is_refused(name):
    content, check = FILES[name]
    text = Note.parse(content).text
    for impostor in (THIEF, THIRD, Signer(FIRST.name, bytes([90]) * 32)):
        with pytest.raises(CorroborateError):
            check(f"{text}\n{impostor.line(text)}".encode())


def test_a_signature_is_worth_nothing_under_another_text():
    """Splice: each note's text over each other note's signatures."""
    notes = {name: FILES[name] for name in ("checkpoint", "enrolment", "rotation", "revocation")}
    for name, (content, check) in notes.items():
        text = content.split(b"\n\n")[0]
        for other, (foreign, _) in notes.items():
            if other != name:
                with pytest.raises(CorroborateError):
                    check(text + b"\n\n" + foreign.split(b"\n\n", 1)[1])


def test_replays_are_refused_or_change_nothing():
    # An older checkpoint: the witness says what it saw last. The same one again: the same answer, nothing new.
    state = watched(9)
    assert add_checkpoint(request_for(signed(tree_of(7)), 7, ()), state, FIRST, AT).answer.status == 409
    again = add_checkpoint(request_for(CHECKPOINT, 9, ()), state, FIRST, AT)
    assert again.answer.status == 200
    assert again.effects[0].seen.size == 9
    # A change of key, and an enrolment, once more.
    history = KeyHistory(OWNER.verifier()).after(FILES["rotation"][0])
    with pytest.raises(CorroborateError):
        history.after(FILES["rotation"][0])
    with pytest.raises(CorroborateError):
        admit(enrolment(), [*ROSTER, admit(enrolment(), ROSTER)])


def test_a_cosignature_under_an_older_checkpoint_does_not_count_under_a_newer_one():
    older, newer = signed(tree_of(7), FIRST, SECOND), signed(TREE)
    with pytest.raises(CorroborateError):
        policy().check(newer + older.split(b"\n\n", 1)[1].split(b"\n", 1)[1])


def test_a_dishonest_owner_can_neither_vote_for_itself_nor_under_two_names():
    own = [Signer(f"{OWNER.name}/{n}", bytes([70 + n]) * 32) for n in range(3)]
    note = signed(TREE, *own)
    with pytest.raises(CorroborateError):
        policy().check(note)
    with pytest.raises(CorroborateError):
        Policy(OWNER.verifier(), {"a": own[0].verifier(4), "b": own[0].verifier(4)}, 2)
    seats = [Enrolment("Same", "Same", one.verifier(), AT).seat for one in own]
    from corroborate.custody import policy_of

    rules = policy_of(OWNER.verifier(), "Owner", [*seats, member(SECOND).seat, member(THIRD).seat])
    with pytest.raises(CorroborateError):
        rules.check(note)  # three seats of one voice are one of three, and it takes two


def test_a_witness_that_signs_a_time_of_its_choice_moves_no_other_s():
    late = AT + timedelta(days=400)
    text = Note.parse(CHECKPOINT).text
    mixed = f"{text}\n{OWNER.line(text)}{FIRST.cosignature_line(text, late)}{SECOND.cosignature_line(text, AT)}"
    assert policy().check(mixed.encode()).times == {"b": late, "c": AT}


def test_the_witness_forgets_nothing_it_was_shown_under_another_key_of_the_log():
    state = {OWNER.name: Watched((NEW.verifier(),), watched(7)[OWNER.name].seen, (OWNER.verifier(),))}
    other = tree_of(9, b"other")
    outcome = add_checkpoint(request_for(signed(other, owner=NEW), 7, other.consistency(7)), state, FIRST, AT)
    assert outcome.answer.status == 422
    outcome.effects[0].check((NEW.verifier(), OWNER.verifier()))
