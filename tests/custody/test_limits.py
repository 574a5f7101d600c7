"""Where each limit lies, to the byte: what is as long as allowed is read, and one more is refused."""

from datetime import timedelta

import pytest

from corroborate.custody import (
    COSIGNATURE_V1,
    Checkpoint,
    Note,
    Policy,
    Proof,
    Request,
    check_inclusion,
    leaf_hash,
    seal,
)
from corroborate.custody.merkle import Tree, check_consistency
from corroborate.custody.notes import LARGEST
from corroborate.custody.proofs import MOST
from corroborate.custody.tiles import bundle, read_bundle, tile_path
from corroborate.custody.times import read_token
from corroborate.errors import InvalidValue, NotVerified

from .worlds import AT, FIRST, OWNER, signed, tree_of

NOTE = signed(tree_of(7), FIRST)
POLICY = f"log {OWNER.verifier()}\nquorum none\n".encode()
ZERO = b"A" * 43 + b"=\n"


def padded(start: bytes, length: int, end: bytes = b"") -> bytes:
    return start + b"a" * (length - len(start) - len(end)) + end


LIMITS = {
    "note": (Note.parse, LARGEST, b"text ", b"\n\n" + OWNER.line("other").encode()),
    "policy": (Policy.parse, LARGEST, POLICY + b"#", b""),
    "proof": (Proof.parse, 2 * LARGEST, b"c2sp.org/tlog-proof@v1\nindex 4\n\n", b""),
    "request": (Request.parse, 2 * LARGEST, b"old 0\n\n", b""),
    "token": (lambda raw: read_token(raw, NOTE), LARGEST, b"", b""),
}


@pytest.mark.parametrize("what", LIMITS)
def test_a_file_of_the_greatest_length_is_read_and_one_byte_more_is_too_long(what):
    read, limit, start, end = LIMITS[what]
    assert read(padded(start, limit, end))
    with pytest.raises(InvalidValue, match=f"of {limit + 1} bytes is too long"):
        read(padded(start, limit + 1, end))


def test_a_proof_has_at_most_63_hashes():
    assert MOST == 63
    for head, parse in ((b"c2sp.org/tlog-proof@v1\nindex 4\n", Proof.parse), (b"old 7\n", Request.parse)):
        parse(head + ZERO * 63 + b"\n" + NOTE)
        with pytest.raises(InvalidValue, match="a proof of 64 hashes"):
            parse(head + ZERO * 64 + b"\n" + NOTE)


def test_an_index_and_a_size_have_at_most_19_digits():
    assert Proof.parse(b"c2sp.org/tlog-proof@v1\nindex " + b"9" * 19 + b"\n\n" + NOTE).index == 10**19 - 1
    assert Request.parse(b"old " + b"9" * 19 + b"\n\n" + NOTE).old == 10**19 - 1
    for wrong in (b"c2sp.org/tlog-proof@v1\nindex " + b"9" * 20, b"old " + b"9" * 20):
        with pytest.raises(InvalidValue):
            (Request if wrong.startswith(b"old") else Proof).parse(wrong + b"\n\n" + NOTE)


def test_an_entry_has_at_most_65535_bytes_and_a_bundle_is_read_to_its_last_byte():
    entries = [b"", b"x" * 65_535]
    written = bundle(entries)
    assert written[:2] == b"\0\0"  # tlog-tiles: a length in two bytes, big end first
    assert written[2:4] == b"\xff\xff"
    assert read_bundle(written, 2) == entries
    for short in (written[:-1], written[:3], b""):
        with pytest.raises(InvalidValue, match="ends in the middle"):
            read_bundle(short, 2)
    with pytest.raises(InvalidValue, match="65536 bytes is longer"):
        bundle([b"x" * 65_536])


# The specification's examples (tlog-tiles, section "Merkle Tree"), and both sides of each thousand.
PATHS = {
    (0, 0, 256): "tile/0/000", (0, 5, 256): "tile/0/005", (1, 999, 256): "tile/1/999",
    (0, 1000, 256): "tile/0/x001/000",
    (0, 1_234_067, 256): "tile/0/x001/x234/067", ("entries", 273, 112): "tile/entries/273.p/112",
    (2, 999_999, 255): "tile/2/x999/999.p/255", (0, 1_000_000, 1): "tile/0/x001/x000/000.p/1",
}  # fmt: skip


@pytest.mark.parametrize("place", PATHS)
def test_tiles_lie_where_the_specification_says(place):
    assert tile_path(*place) == PATHS[place]


def test_a_seal_is_the_digest_that_the_reference_gives():
    # docs/reference/custody-files.md; printf 'corroborate/seal/v1\n<salt>\0\0\0\0\0\0\0\006record' | sha256sum
    sealed = seal(b"record", b"0123456789abcdef0123456789abcdef")
    assert sealed.entry.hex() == "aa4e03fad8b9c0cfda681c419ae4b121fc7f7cc3d4076a2a050f69dc8cb9f156"


def test_proofs_about_an_empty_log_or_beyond_its_end_are_refused():
    tree = tree_of(3)
    for index, size in ((0, 0), (3, 3), (-1, 3), (0, 4)):
        with pytest.raises(InvalidValue, match=f"no leaf {index} in a tree of {size} out of 3"):
            tree.inclusion(index, size)
    for old, size in ((0, 3), (0, 0), (3, 2), (2, 4), (-1, 3)):
        with pytest.raises(InvalidValue, match=f"no proof from size {old} to {size}"):
            tree.consistency(old, size)
    for size in (-1, 4):
        with pytest.raises(InvalidValue, match=f"3 leaves, not {size}"):
            tree.root(size)
    for index, size in ((-1, 3), (3, 3), (0, 0)):
        with pytest.raises(NotVerified, match=f"no entry {index} in a log of {size}"):
            check_inclusion(leaf_hash(b""), index, size, [], tree.root())
    for old, size in ((0, 3), (-1, 3), (4, 3)):
        with pytest.raises(NotVerified, match=f"from size {old} to {size}"):
            check_consistency(old, size, [], tree.root(), tree.root())
    assert tree.consistency(3) == []
    assert Tree().size == 0


def test_a_cosignature_s_time_is_whole_seconds_and_is_signed():
    text = Checkpoint("o", 3, bytes(32)).text()
    lines = {FIRST.cosignature_line(text, AT + timedelta(microseconds=part)) for part in (0, 999_999)}
    assert len(lines) == 1
    note = Note.parse((text + "\n" + lines.pop()).encode())
    assert note.check([FIRST.verifier(COSIGNATURE_V1)]) == {FIRST.verifier(COSIGNATURE_V1): AT}
