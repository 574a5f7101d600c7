"""Whatever is thrown at a parser of ours, only our own errors come out, and what it takes it writes back the same."""

import random
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corroborate.custody import Checkpoint, Note, Policy, Proof, Request, Verifier, add_checkpoint, request_for
from corroborate.custody.tiles import bundle, read_bundle
from corroborate.errors import CorroborateError

from .worlds import AT, FIRST, OWNER, SECOND, entries, policy, signed, tree_of

TREE = tree_of(9)
NOTE = signed(TREE, FIRST, SECOND)
PROOF = Proof(4, tuple(TREE.inclusion(4)), NOTE, bytes(range(32))).text()
REQUEST = request_for(NOTE, 7, TREE.consistency(7))


def _text(parse: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda content: parse(content.decode("utf-8", "surrogateescape"))


PARSERS: dict[str, tuple[Callable[[bytes], object], bytes]] = {
    "note": (Note.parse, NOTE),
    "checkpoint": (_text(Checkpoint.parse), NOTE.split(b"\n\n")[0] + b"\n"),
    "policy": (Policy.parse, policy().text().encode()),
    "proof": (Proof.parse, PROOF),
    "request": (Request.parse, REQUEST),
    "key": (_text(Verifier.parse), str(OWNER.verifier()).encode()),
    "bundle": (lambda content: read_bundle(content, 4), bundle(entries(4))),
}
PIECES = [
    b"\n", b"\n\n", b" ", b"+", b"=", b"\xe2\x80\x94 ", b"\r", b"\0", b"\xff", b"0", b"-1", b"9" * 20,
    b"A" * 44 + b"\n", b"quorum none\n", b"\xe2\x80\xa8", b"\xc2\x85", b"old 0\n", b"\xd9\xa1", b"group g any g\n",
]  # fmt: skip


def mutated(seed: bytes, chance: random.Random) -> bytes:
    content = bytearray(seed)
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(content) + 1)
        match chance.randrange(5):
            case 0 if content:
                content[at % len(content)] ^= 1 << chance.randrange(8)
            case 1:
                content[at:at] = chance.choice(PIECES)
            case 2:
                del content[at : at + chance.randrange(1, 20)]
            case 3:
                other = chance.randrange(len(content) + 1)
                content[at:at] = content[min(at, other) : max(at, other)][:200]
            case _:
                content[at : at + 1] = bytes([chance.randrange(256)])
    return bytes(content)


def attempt(parse: Callable[[bytes], object], content: bytes) -> bool:
    try:
        parse(content)
    except CorroborateError:
        return False
    return True


@pytest.mark.parametrize("name", PARSERS)
def test_ten_thousand_changes_of_a_good_file_raise_our_own_errors_only(name):
    parse, seed = PARSERS[name]
    assert attempt(parse, seed)
    chance = random.Random(name)
    taken = sum(attempt(parse, mutated(seed, chance)) for _ in range(10_000))
    assert taken < 10_000  # the changes do reach what a parser refuses


@pytest.mark.parametrize("name", PARSERS)
@settings(max_examples=200)
@given(content=st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
@example(content=b"")
def test_any_bytes_raise_our_own_errors_only(name, content):
    attempt(PARSERS[name][0], content)


@pytest.mark.long
@pytest.mark.parametrize("name", PARSERS)
@settings(max_examples=10_000)
@given(content=st.binary(max_size=2000))
def test_any_bytes_at_length(name, content):
    attempt(PARSERS[name][0], content)


def test_no_changed_note_proof_or_policy_passes_for_another():
    """What still parses after a change says the same, or no longer verifies."""
    chance, entry, rules = random.Random(5), entries(9)[4], policy()
    Proof.parse(PROOF).check(entry, rules)
    for _ in range(10_000):
        content = mutated(PROOF, chance)
        try:
            proof = Proof.parse(content)
            found = proof.check(entry, rules)
        except CorroborateError:
            continue
        # Only what nobody signs may differ: the extra data, and lines of unknown keys.
        assert (found.checkpoint.size, found.checkpoint.root, proof.index) == (9, TREE.root(), 4)


def test_any_request_is_answered():
    from .test_witness import watched

    chance = random.Random(6)
    for _ in range(5_000):
        outcome = add_checkpoint(mutated(REQUEST, chance), watched(7), FIRST, AT)
        assert outcome.answer.status in (200, 400, 403, 404, 409, 422)
        if outcome.answer.status == 200:
            assert outcome.effects[0].seen.root == TREE.root()


def test_proofs_are_read_as_they_were_written():
    for index in range(9):
        proof = Proof(index, tuple(TREE.inclusion(index)), NOTE)
        assert Proof.parse(proof.text()) == proof
        assert proof.check(entries(9)[index], policy()).times.keys() == {"b", "c"}
    assert Proof.parse(PROOF).extra == bytes(range(32))
    assert Proof.parse(Proof(0, (), signed(tree_of(1))).text()).hashes == ()


@pytest.mark.parametrize(
    "head",
    [b"", b"c2sp.org/tlog-proof@v2\nindex 4\n", b"c2sp.org/tlog-proof@v1\n", b"c2sp.org/tlog-proof@v1\nindex 04\n",
     b"c2sp.org/tlog-proof@v1\nindex 4\nAAAA\n", b"c2sp.org/tlog-proof@v1\nextra *\nindex 4\n",
     b"c2sp.org/tlog-proof@v1\nindex 4\nextra AAAA\n", b"c2sp.org/tlog-proof@v1\r\nindex 4\n",
     b"c2sp.org/tlog-proof@v1\nindex \xd9\xa1\n", b"c2sp.org/tlog-proof@v1\nindex 4\n" + (b"A" * 43 + b"=\n") * 64,
     b"c2sp.org/tlog-proof@v1\n" + b"x" * (1 << 22)],
)  # fmt: skip
def test_what_is_no_proof_is_refused(head):
    with pytest.raises(CorroborateError):
        Proof.parse(head + b"\n" + NOTE)
