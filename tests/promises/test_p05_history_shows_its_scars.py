"""Promise 5. An append-only log, co-signed by other members, makes silent change visible, offline, to a stranger."""

import hashlib
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.custody import (
    COSIGNATURE_V1,
    Checkpoint,
    Description,
    Item,
    Policy,
    Seen,
    Signer,
    Tree,
    check_consistency,
    check_inclusion,
    cosign,
    leaf_hash,
    package_files,
    read_entries,
    seal,
    write_log,
    write_package,
)  # fmt: skip
from corroborate.custody.verify import verify
from corroborate.errors import CorroborateError, NotAllowed, NotVerified

WHEN = datetime(2014, 2, 17, 9, tzinfo=UTC)
ABOUT = Description("Three records", "Invented Group", WHEN, "corroborate 0.1.0", "all sources agreed", invented=True)
OWNER, FIRST, SECOND = (Signer(f"{name}.example/log", bytes([number]) * 32) for number, name in enumerate("abc", 1))


def checkpoint_of(tree, *witnesses, owner=OWNER):
    text = Checkpoint(owner.name, tree.size, tree.root()).text()
    return (text + "\n" + owner.line(text) + "".join(one.cosignature_line(text, WHEN) for one in witnesses)).encode()


def policy(quorum=2):
    return Policy(OWNER.verifier(), {one.name[0]: one.verifier(COSIGNATURE_V1) for one in (FIRST, SECOND)}, quorum)


def make(records=(b'{"a":1}', b'{"b":2}', b'{"c":3}'), withheld=()):
    seals = [seal(record, hashlib.sha256(record).digest()) for record in records]
    tree = Tree([leaf_hash(one.entry) for one in seals])
    items = [
        Item(f"claim_{at}.json", at, one.commitment, None if at in withheld else record, one.salt)
        for at, (record, one) in enumerate(zip(records, seals, strict=True))
    ]
    return package_files(items, tree, checkpoint_of(tree, FIRST, SECOND), policy(), OWNER, ABOUT)


@pytest.fixture
def package(tmp_path):
    write_package(tmp_path / "package", make())
    return tmp_path / "package"


def test_a_whole_package_is_valid(package):
    result = verify(package, policy().text().encode())
    assert result["verdict"] == "valid", result
    assert result["checked"]["items"] == 3
    assert set(result["checked"]["witnessed"]) == {"b", "c"}


def test_the_verifier_in_the_package_stands_alone(package, tmp_path):
    (tmp_path / "known.txt").write_text(policy().text(), encoding="utf-8")
    command = [sys.executable, "-I", str(package / "verify.py"), str(package), "--policy", str(tmp_path / "known.txt")]
    assert subprocess.run(command[:-2], cwd=tmp_path, capture_output=True).returncode == 3  # nobody confirmed its keys
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 0
    shutil.rmtree(package / "__pycache__", ignore_errors=True)
    item = package / "data/items/claim_1.json"
    item.write_bytes(item.read_bytes().replace(b"2", b"3"))
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert "data/items/claim_1.json" in done.stdout


def test_every_flipped_byte_is_noticed_and_its_file_named(package):
    for path in sorted(package.rglob("*")):
        if not path.is_file():
            continue
        whole, name = path.read_bytes(), path.relative_to(package).as_posix()
        stride = 1 if len(whole) < 700 else len(whole) // 97
        for at in range(0, len(whole), stride):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            result = verify(package, policy().text().encode())
            assert result["verdict"] == "invalid" or (
                name.startswith(("manifest", "tagmanifest")) and result["failures"]
            ), (name, at)
            assert result["verdict"] != "valid"
            assert result["failures"]
        path.write_bytes(whole)
    assert verify(package, policy().text().encode())["verdict"] == "valid"


@pytest.mark.parametrize("cut", [0, 1, 5])
def test_a_truncated_file_is_noticed(package, cut):
    for path in [p for p in package.rglob("*") if p.is_file()]:
        whole = path.read_bytes()
        path.write_bytes(whole[:cut] if cut else whole[:-1])
        assert verify(package)["verdict"] != "valid", path
        path.write_bytes(whole)


def test_a_lost_item_makes_it_incomplete_and_is_named(package):
    (package / "data/items/claim_0.json").unlink()
    result = verify(package)
    assert result["verdict"] == "incomplete"
    assert any("claim_0.json" in line for line in result["failures"])


def test_an_added_file_is_noticed(package):
    (package / "data/items/claim_9.json").write_text("{}")
    assert verify(package)["verdict"] == "invalid"


def test_two_items_that_change_places_are_noticed_even_with_manifests_made_anew(package):
    files = make()
    files["data/items/claim_0.json"], files["data/items/claim_1.json"] = (
        files["data/items/claim_1.json"], files["data/items/claim_0.json"],
    )  # fmt: skip
    forged = remake(files)
    shutil.rmtree(package)
    write_package(package, forged)
    result = verify(package)
    assert result["verdict"] == "invalid"
    assert any("claim_0.json" in line for line in result["failures"])


def remake(files):
    """What a forger who holds no key can do: all manifests made anew."""
    payload = {name: content for name, content in files.items() if name.startswith("data/")}
    tags = {
        n: c for n, c in files.items() if n not in payload and not n.startswith("tagmanifest") and n != "signature.note"
    }
    for algorithm in ("sha256", "sha512"):
        lines = [f"{hashlib.new(algorithm, payload[name]).hexdigest()}  {name}\n" for name in sorted(payload)]
        tags[f"manifest-{algorithm}.txt"] = "".join(lines).encode()
    out = {**payload, **tags, "signature.note": files["signature.note"]}
    for algorithm in ("sha256", "sha512"):
        lines = [f"{hashlib.new(algorithm, tags[name]).hexdigest()}  {name}\n" for name in sorted(tags)]
        out[f"tagmanifest-{algorithm}.txt"] = "".join(lines).encode()
    return out


def test_items_of_another_package_do_not_pass(package):
    files, other = make(), make((b'{"x":1}', b'{"y":2}', b'{"z":3}'))
    files["data/items/claim_0.json"] = other["data/items/claim_0.json"]
    files["data/proofs/claim_0.json.tlog-proof"] = other["data/proofs/claim_0.json.tlog-proof"]
    shutil.rmtree(package)
    write_package(package, remake(files))
    assert verify(package)["verdict"] == "invalid"


def test_withheld_items_stay_proven_and_unread(tmp_path):
    files = make(withheld={1})
    assert not any(b'{"b":2}' in content for content in files.values())
    write_package(tmp_path / "p", files)
    result = verify(tmp_path / "p", policy().text().encode())
    assert (result["verdict"], result["checked"]["items"], result["checked"]["withheld"]) == ("valid", 2, 1)


def test_a_policy_from_outside_with_other_keys_refuses(package):
    other = Policy(OWNER.verifier(), {"x": Signer("x.example/w", bytes(32)).verifier(COSIGNATURE_V1)}, 1)
    assert verify(package, other.text().encode())["verdict"] == "invalid"


def test_a_zip_of_the_package_gives_the_same_verdict(package, tmp_path):
    archive = shutil.make_archive(str(tmp_path / "sent"), "zip", package.parent, package.name)
    assert verify(archive, policy().text().encode())["verdict"] == "valid"


def test_a_zip_bomb_and_a_path_that_leads_out_are_refused(tmp_path):
    for name, content in (("bomb", b"\0" * 50_000_000), ("../out", b"x")):
        path = tmp_path / "made.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
            made.writestr(name, content)
        assert verify(path)["verdict"] == "invalid"


def test_too_few_witnesses_are_refused():
    tree = Tree([leaf_hash(b"x")])
    with pytest.raises(NotVerified, match="policy asks for 2"):
        policy().check(checkpoint_of(tree, FIRST))


def test_a_log_cannot_witness_itself():
    with pytest.raises(CorroborateError, match="cannot witness itself"):
        Policy(OWNER.verifier(), {"self": OWNER.verifier(COSIGNATURE_V1)}, 1)
    with pytest.raises(NotAllowed):
        cosign(checkpoint_of(Tree([])), (), log=OWNER.verifier(), seen=Seen(), witness=OWNER, at=WHEN)


def test_a_witness_refuses_a_log_that_changed_its_past():
    tree = Tree([leaf_hash(bytes([n])) for n in range(7)])
    seen, _ = cosign(checkpoint_of(tree), (), log=OWNER.verifier(), seen=Seen(), witness=FIRST, at=WHEN)
    changed = Tree([leaf_hash(bytes([n + (n == 3)])) for n in range(9)])
    with pytest.raises(NotVerified):
        cosign(checkpoint_of(changed), changed.consistency(7), log=OWNER.verifier(), seen=seen, witness=FIRST, at=WHEN)
    with pytest.raises(NotVerified, match="had 7 before"):
        shorter = Tree([leaf_hash(bytes([n])) for n in range(5)])
        cosign(checkpoint_of(shorter), (), log=OWNER.verifier(), seen=seen, witness=FIRST, at=WHEN)


@given(st.integers(1, 130), st.data())
def test_proofs_hold_for_their_own_entry_and_for_no_other(size, data):
    leaves = [leaf_hash(n.to_bytes(2, "big")) for n in range(size)]
    tree = Tree(leaves)
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size - 1))
    proof = tree.inclusion(index)
    check_inclusion(leaves[index], index, size, proof, tree.root())
    if other != index:
        with pytest.raises(NotVerified):
            check_inclusion(leaves[other], index, size, proof, tree.root())
    old = data.draw(st.integers(1, size))
    check_consistency(old, size, tree.consistency(old), tree.root(old), tree.root())


def test_a_log_comes_back_from_disk(tmp_path):
    entries = [seal(bytes([n % 256, n // 256]), bytes(32)).entry for n in range(700)]
    for size in (300, 700):
        note = checkpoint_of(Tree([leaf_hash(entry) for entry in entries[:size]]))
        write_log(tmp_path, entries[:size], note)
    assert read_entries(tmp_path, 700) == entries
    assert read_entries(tmp_path, 290) == entries[:290]
    assert (tmp_path / "checkpoint").read_bytes() == note
    assert (tmp_path / "tile/0/001").stat().st_size == 256 * 32


@pytest.mark.parametrize(
    "content",
    [
        b"text\n\n",
        b"text\r\n\n\xe2\x80\x94 a aaaaaaaa\n",
        b"\xff\n\n\xe2\x80\x94 a aaaaaaaa\n",
        b"a\n\n- a aaaaaaaa\n",
        b"x" * (1 << 21),
    ],
)  # fmt: skip
def test_what_two_readers_might_read_differently_is_no_note(content):
    from corroborate.custody import Note

    with pytest.raises(CorroborateError):
        Note.parse(content)
