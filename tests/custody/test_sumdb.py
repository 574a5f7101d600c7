"""Go's golang.org/x/mod/sumdb reads our logs, and we read its: another program, another language, other authors."""

import base64
import json
import os
import random
import subprocess
from pathlib import Path

import pytest

from corroborate.custody import COSIGNATURE_V1, Checkpoint, Log, Note, Verifier, write_log
from corroborate.errors import CorroborateError

from .test_parsers import mutated
from .worlds import FIRST, OWNER, SECOND, entries, signed, tree_of

SOURCES = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb")


@pytest.fixture(scope="module")
def sumdb(tool, tmp_path_factory):
    go = tool("go")
    if not SOURCES.is_dir():
        message = "needs golang-golang-x-mod-dev, which this machine has not"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    folder = tmp_path_factory.mktemp("go")
    # The libraries of the system's packages, and no network.
    environment = {
        **os.environ,
        "GO111MODULE": "off",
        "GOPATH": str(SOURCES.parents[4]),
        "GOFLAGS": "",
        "GOPROXY": "off",
    }
    environment.setdefault("GOCACHE", str(folder / "cache"))
    source = Path(__file__).parent / "sumdb" / "main.go"
    built = subprocess.run(
        [go, "build", "-o", str(folder / "sumdb"), str(source)], env=environment, capture_output=True, text=True
    )
    assert built.returncode == 0, built.stderr

    def run(*arguments: str, given: str = "") -> str:
        done = subprocess.run([str(folder / "sumdb"), *arguments], input=given, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 700])
def test_sumdb_reads_our_tiles_notes_cosignatures_and_makes_the_same_proofs(sumdb, tmp_path, size):
    tree = tree_of(size)
    write_log(tmp_path, entries(size), signed(tree, FIRST, SECOND))
    cosigners = [str(one.verifier(COSIGNATURE_V1)) for one in (FIRST, SECOND)]
    found = json.loads(sumdb("read", str(tmp_path), str(OWNER.verifier()), *cosigners))
    assert (found["size"], found["signed"], found["unverified"]) == (size, [OWNER.name, FIRST.name, SECOND.name], 0)
    ours = Log.at(tmp_path).tree()
    for index, proof in found["inclusion"].items():
        assert [base64.b64encode(one).decode() for one in ours.inclusion(int(index))] == proof
    for old, proof in found["consistency"].items():
        assert [base64.b64encode(one).decode() for one in ours.consistency(int(old))] == proof


@pytest.mark.parametrize("size", [1, 256, 70_000 // 100])
def test_we_read_a_log_that_sumdb_wrote(sumdb, tmp_path, size):
    key = Verifier.parse(sumdb("write", str(tmp_path), "go.example/log", str(size)).strip())
    note = Note.parse((tmp_path / "checkpoint").read_bytes())
    assert key in note.check([key])
    assert Checkpoint.parse(note.text).size == Log.at(tmp_path).check() == size
    assert list(Log.at(tmp_path).entries(0, 1)) == [b"record 0 of another program\n"]


def test_both_take_and_refuse_the_same_notes(sumdb):
    note, chance = signed(tree_of(3), FIRST), random.Random(11)
    given = [note, *(mutated(note, chance) for _ in range(3000))]
    theirs = json.loads(
        sumdb("notes", str(OWNER.verifier()), given=json.dumps([base64.b64encode(one).decode() for one in given]))
    )

    def ours(content: bytes) -> bool:
        try:
            return OWNER.verifier() in Note.parse(content).check([OWNER.verifier()])
        except CorroborateError:
            return False

    different = [one for one, there in zip(given, theirs, strict=True) if ours(one) != there]
    # We are stricter in one thing: a second spelling of the same signature, with spare bits set, is refused.
    for one in different:
        with pytest.raises(CorroborateError, match="canonical"):
            Note.parse(one)
    assert theirs[0]
    assert ours(note)
