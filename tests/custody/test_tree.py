"""The tree of RFC 6962 by its published roots, its proofs by each other, and seals that confirm no guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.custody import (
    Checkpoint,
    Tree,
    Watched,
    check_consistency,
    check_inclusion,
    check_seal,
    leaf_hash,
    read_entries,
    read_tree,
    seal,
    write_log,
)
from corroborate.custody.enrolment import Enrolment
from corroborate.custody.files import Faulty, LostPower, Memory
from corroborate.custody.tiles import Log
from corroborate.errors import InvalidValue, NotVerified

from .worlds import AT, FIRST, OWNER, entries, signed, tree_of

# The eight leaves and their roots of the certificate-transparency project's test (merkle_tree_test.cc).
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def test_the_published_roots():
    tree = Tree([leaf_hash(bytes.fromhex(one)) for one in LEAVES])
    assert {size: tree.root(size).hex() for size in ROOTS} == ROOTS


@given(st.integers(0, 300), st.integers(0, 40))
def test_leaves_added_one_by_one_or_all_at_once_give_one_tree(size, more):
    leaves = [leaf_hash(one) for one in entries(size + more)]
    bulk, grown = Tree(leaves), Tree(leaves[:size])
    assert [grown.append(leaf) for leaf in leaves[size:]] == list(range(size, size + more))
    assert grown.root() == bulk.root()
    for index in {0, size // 2, size + more - 1} & set(range(size + more)):
        assert grown.inclusion(index) == bulk.inclusion(index)
        assert grown.leaf(index) == leaves[index]


@given(st.integers(1, 200), st.data())
def test_a_proof_holds_for_its_own_index_size_and_leaf_alone(size, data):
    tree = tree_of(size)
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size + 3))
    proof, leaf = tree.inclusion(index), tree.leaf(index)
    check_inclusion(leaf, index, size, proof, tree.root())
    if other != index:
        with pytest.raises(NotVerified):
            check_inclusion(leaf, other, size, proof, tree.root())
    for wrong in ([*proof, bytes(32)], proof[:-1], [*proof[:-1], bytes(32)]):
        if wrong != proof:
            with pytest.raises(NotVerified):
                check_inclusion(leaf, index, size, wrong, tree.root())


@given(st.integers(2, 200), st.data())
def test_a_consistency_proof_cut_or_lengthened_is_refused(size, data):
    tree, old = tree_of(size), data.draw(st.integers(1, size - 1))
    proof = tree.consistency(old)
    check_consistency(old, size, proof, tree.root(old), tree.root())
    for wrong in ([*proof, bytes(32)], proof[:-1], []):
        with pytest.raises(NotVerified):
            check_consistency(old, size, wrong, tree.root(old), tree.root())
    with pytest.raises(NotVerified, match="two roots of one size"):
        check_consistency(size, size, [], tree.root(old), tree.root())


def test_a_seal_holds_for_its_record_and_salt_alone_and_all_entries_look_alike():
    sealed = seal(b"record", bytes(range(32)))
    check_seal(b"record", sealed)
    for record, salt in ((b"other", bytes(range(32))), (b"record", bytes(32))):
        with pytest.raises(NotVerified):
            check_seal(record, type(sealed)(salt, sealed.commitment))
    # Neither the length nor the equality of records shows in the log.
    assert {len(seal(bytes(n), bytes([n]) * 32).entry) for n in (0, 1, 100, 255)} == {32}
    assert seal(b"record", bytes(32)).entry != sealed.entry
    with pytest.raises(InvalidValue, match="32 bytes"):
        seal(b"record", b"short")


def test_a_log_s_folder_is_written_and_read(tmp_path):
    write_log(tmp_path, entries(300), signed(tree_of(300)))
    assert read_entries(tmp_path, 300) == entries(300)
    assert read_tree(tmp_path, 256).root() == tree_of(256).root()
    (tmp_path / "tile/0/001.p/44").write_bytes(b"short")
    with pytest.raises(InvalidValue, match="shorter"):
        Log.at(tmp_path).tree().root()


def test_tiles_that_fit_one_another_and_not_the_signed_root_are_noticed():
    files = Memory()
    Log(files).bring_up(signed(tree_of(5)), lambda start, end: entries(5)[start:end])
    other = signed(tree_of(5, b"other"))
    files.write("checkpoint", other)
    with pytest.raises(NotVerified, match="do not give the root"):
        Log(files).check()


def test_a_fault_strikes_the_call_it_was_told_and_no_other():
    files = Faulty(Memory(), "lost power", 3)
    files.write("a", b"1")
    files.sync("a")
    files.rename("a", "b")
    with pytest.raises(LostPower):
        files.remove("b")
    files.remove("b")
    with pytest.raises(FileNotFoundError):
        files.read("b")


def test_a_watched_log_is_known_by_its_newest_key_and_an_enrolment_names_a_log_s_key():
    assert Watched((OWNER.verifier(),)).origin == OWNER.name
    with pytest.raises(InvalidValue, match="key of a log"):
        Enrolment("O", "O", FIRST.verifier(4), AT)
    assert Checkpoint.parse(Checkpoint("o", 3, bytes(32)).text()) == Checkpoint("o", 3, bytes(32))
    assert OWNER.sign_bytes(b"x") == OWNER.sign_bytes(b"x")


def test_a_checkpoint_that_the_entries_do_not_give_is_never_put_in_place():
    files = Memory()
    log, right = Log(files), entries(300)
    log.bring_up(signed(tree_of(200)), lambda start, end: right[start:end])
    before = files.read("checkpoint")
    for wrong in (entries(300, b"other", fork=200), entries(300, b"other")):
        with pytest.raises(NotVerified, match="does not hold the entries"):
            log.bring_up(signed(tree_of(300)), lambda start, end, wrong=wrong: wrong[start:end])
        assert files.read("checkpoint") == before
    asked = []

    def ask(start, end):
        asked.append((start, end))
        return right[start:end]

    log.rebuild(before, ask)
    asked.clear()
    log.bring_up(signed(tree_of(300)), ask)
    assert (log.check(), asked) == (300, [(200, 300)])  # what is there already is not asked for again
    with pytest.raises(NotVerified, match="beyond the 200"):
        log.bring_up(before, ask)
    assert list(log.entries(0, 300)) == right
    assert list(log.entries(255, 258)) == right[255:258]
    for start, end in ((0, 301), (-1, 3), (5, 4)):
        with pytest.raises(InvalidValue, match="has 300 entries"):
            list(log.entries(start, end))
