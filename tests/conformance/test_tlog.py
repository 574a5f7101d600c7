"""Vectors from outside: transparency-dev/merkle, C2SP's signed-note, tessera's test log."""

import base64
import json

import pytest

from corroborate.custody import (
    Checkpoint,
    Note,
    Tree,
    Verifier,
    check_consistency,
    check_inclusion,
    leaf_hash,
    tile_path,
)
from corroborate.errors import CorroborateError


def _bytes(text):
    return base64.b64decode(text) if text else b""


def test_inclusion_proofs_of_transparency_dev(shared):
    vectors = json.loads(shared("tlog/merkle_some.json").read_text())["inclusion"]
    assert len(vectors) > 10
    for vector in vectors:
        proof = [_bytes(part) for part in vector["proof"] or []]
        given = (_bytes(vector["leafHash"]), vector["leafIdx"], vector["treeSize"], proof, _bytes(vector["root"]))
        if vector["wantErr"]:
            with pytest.raises(CorroborateError):
                check_inclusion(*given)
        else:
            check_inclusion(*given)


def test_consistency_proofs_of_transparency_dev_and_none_from_nothing(shared):
    vectors = json.loads(shared("tlog/merkle_some.json").read_text())["consistency"]
    assert len(vectors) > 10
    for vector in vectors:
        proof = [_bytes(part) for part in vector["proof"] or []]
        given = (vector["size1"], vector["size2"], proof, _bytes(vector["root1"]), _bytes(vector["root2"]))
        if vector["wantErr"] or vector["size1"] == 0:
            with pytest.raises(CorroborateError):
                check_consistency(*given)
        else:
            check_consistency(*given)


def test_the_signed_note_of_the_specification(shared):
    example = json.loads(shared("tlog/notes_some.json").read_text())["c2sp_example"]
    key = Verifier.parse(example["vkey"])
    assert str(key) == example["vkey"]
    assert key in Note.parse(example["note"].encode()).check([key])


def test_tile_paths_of_the_specification(shared):
    for number, path in json.loads(shared("tlog/notes_some.json").read_text())["tile_paths"].items():
        assert tile_path(0, int(number)) == f"tile/0/{path}"


def test_the_log_of_tessera_is_read_and_proved(shared):
    log = json.loads(shared("tlog/tessera_some.json").read_text())
    files = {name: base64.b64decode(text) for name, text in log["files_base64"].items()}
    key = Verifier.parse(log["vkey"])
    roots = {}
    for size in (5, 15):
        note = Note.parse(files[f"checkpoint.{size}"])
        assert key in note.check([key])
        roots[size] = Checkpoint.parse(note.text).root
    bundle, entries, at = files["tile/entries/000.p/15"], [], 0
    while at < len(bundle):
        length = int.from_bytes(bundle[at : at + 2], "big")
        entries.append(bundle[at + 2 : at + 2 + length])
        at += 2 + length
    tree = Tree([leaf_hash(entry) for entry in entries])
    assert b"".join(tree.leaf(index) for index in range(15)) == files["tile/0/000.p/15"]
    assert (tree.root(5), tree.root()) == (roots[5], roots[15])
    check_consistency(5, 15, tree.consistency(5), roots[5], roots[15])
