"""Whatever bytes a package is made of, the verifier gives a verdict: never a traceback, and never "valid"."""

import io
import json
import random
import struct
import zipfile
import zlib
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corroborate.custody import verify as verifier
from corroborate.custody.verify import (
    Bad,
    Policy,
    check_names,
    check_stamp,
    consistency_roots,
    der,
    inclusion_root,
    read_checkpoint,
    read_proof,
    signatures,
    verify,
)  # fmt: skip

MANY = settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
LINES = st.lists(
    st.one_of(
        st.sampled_from(["", "extra ", "extra AA==", "index 0", "index 01", "index 99", "c2sp.org/tlog-proof@v1",
                         "log x", "witness a b", "group g any a", "group g 2 a a", "quorum none", "quorum g",
                         "\u2014 a AAAAAAAA",
                         "origin", "3", "-1", "AAAA", "A" * 43 + "="]),
        st.text(max_size=20),
    ),
    max_size=8,
)  # fmt: skip
TEXTS = st.one_of(st.binary(max_size=300), LINES.map(lambda lines: "\n".join(lines).encode("utf-8", "surrogatepass")))


def only_ours(function, *arguments):
    """A value, or our own error."""
    try:
        return function(*arguments)
    except Bad:
        return None


@MANY
@given(TEXTS)
def test_of_any_bytes_each_parser_makes_a_value_or_our_own_error(content):
    only_ours(read_proof, content)
    only_ours(Policy, content)
    only_ours(signatures, content, [])
    only_ours(der, content)
    only_ours(check_stamp, content, b"")
    only_ours(read_checkpoint, content.decode("utf-8", "replace"))


@MANY
@given(st.lists(st.text(max_size=12), max_size=4))
def test_of_any_names_some_are_refused_and_none_breaks_the_check(names):
    only_ours(check_names, names)


@MANY
@given(st.integers(-1, 40), st.integers(-1, 40), st.lists(st.binary(min_size=32, max_size=32), max_size=8))
def test_of_any_proof_a_root_comes_out_or_our_own_error(index, size, proof):
    only_ours(inclusion_root, b"entry", index, size, proof)
    only_ours(consistency_roots, index, size, proof, b"x" * 32)


class Files:
    """Where a damaged copy of the package is made from."""

    whole: ClassVar[dict[str, bytes]] = {}


@pytest.fixture(scope="module", autouse=True)
def _made(coalition):
    Files.whole = coalition.make(coalition.Log([coalition.record(1), coalition.record(2)]))
    Files.remake, Files.judge, Files.owner = coalition.remake, coalition.judge, coalition.OWNER


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_content_in_the_place_of_any_file_gets_a_verdict_that_is_not_valid(data):
    """Also where the packer itself signs it."""
    name = data.draw(st.sampled_from(sorted(Files.whole)))
    content = data.draw(TEXTS)
    files = {**Files.whole, name: content}
    if data.draw(st.booleans()) and name != "signature.note":
        files = Files.remake(files, Files.owner)
        read = ("data/index", "data/policy", "data/items", "data/proofs", "bagit.txt")
        if not name.startswith(read):  # what a packer may write as it likes, or what remake makes anew
            assert Files.judge(files)["verdict"] in ("valid", "invalid", "incomplete")
            return
    if content != Files.whole[name]:
        assert Files.judge(files)["verdict"] == "invalid"


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["items", "version", "path", "proof", "commitment", "packages", "created", "scope", "x"]),
            inner, max_size=4,
        ),
    ),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(JSON, st.sampled_from(["", "items", "packages", "created", "organisation", "invented", "scope"]))
def test_any_index_that_a_packer_signs_gets_a_verdict_and_a_report(value, where):
    index = json.loads(Files.whole["data/index.json"])
    if where:
        index[where] = value
    files = {**Files.whole, "data/index.json": json.dumps(index if where else value).encode()}
    result = Files.judge(Files.remake(files, Files.owner))
    assert where not in ("", "items", "packages") or result["verdict"] == "invalid" or value in ([],)
    verifier.report(result)
    json.dumps(result)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(JSON)
def test_any_history_that_a_packer_signs_gets_a_verdict(value):
    content = json.dumps({"checkpoints": value}).encode()
    files = Files.remake({**Files.whole, "data/history.json": content}, Files.owner)
    note = next(c for n, c in Files.whole.items() if n.startswith("data/proofs")).partition(b"\n\n")[2]
    assert Files.judge(files, checkpoints=[note])["verdict"] == "valid"
    older = Files.make_older() if hasattr(Files, "make_older") else None
    if older:
        assert Files.judge(files, checkpoints=[older])["verdict"] != "valid"


@pytest.fixture(scope="module", autouse=True)
def _older(coalition):
    log = coalition.Log([coalition.record(1), coalition.record(2)])
    Files.make_older = lambda: log.checkpoint(1)
    yield
    del Files.make_older


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400))
def test_any_bytes_as_a_zip_file_get_a_verdict(content):
    assert verify(io.BytesIO(content))["verdict"] == ("incomplete" if content.startswith(verifier.AGE) else "invalid")
    assert verify(io.BytesIO(b"PK\x03\x04" + content + b"PK\x05\x06" + bytes(18)))["verdict"] == "invalid"


def test_a_zip_file_with_bytes_changed_anywhere_gets_a_verdict(coalition):
    """Twenty at once, five hundred times: headers, directory and content."""
    chance, whole = random.Random(1948), coalition.zipped(Files.whole).getvalue()
    for _ in range(500):
        content = bytearray(whole)
        for _ in range(20):
            content[chance.choice([chance.randrange(len(whole)), len(whole) - 1 - chance.randrange(2000)])] = (
                chance.randrange(256)
            )
        assert verify(io.BytesIO(bytes(content)))["verdict"] in ("valid", "invalid", "incomplete")


def made_zip(*entries, **options):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", **options) as archive:
        for name, content, change in entries:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            change(entry)
            archive.writestr(entry, content)
    packed.seek(0)
    return packed


def unchanged(entry):
    return None


@pytest.mark.parametrize(
    ("entries", "word"),
    [
        ([("bomb", bytes(50_000_000), unchanged)], "fill a disk"),
        ([("../out", b"x", unchanged)], "leads out"),
        ([("/etc/passwd", b"x", unchanged)], "leads out"),
        ([("a\\b", b"x", unchanged)], "characters"),
        ([("link", b"/etc", lambda e: setattr(e, "external_attr", 0o120777 << 16))], "a link"),
        ([("pipe", b"", lambda e: setattr(e, "external_attr", 0o010644 << 16))], "special file"),
        ([("a", b"x", lambda e: setattr(e, "compress_type", zipfile.ZIP_BZIP2))], "compressed in a way"),
        ([("a.txt", b"x", unchanged), ("A.TXT", b"y", unchanged)], "too much like"),
        ([("\u00e1", b"x", unchanged), ("a\u0301", b"y", unchanged)], "too much like"),
        ([("a", b"x", unchanged), ("a/b", b"y", unchanged)], "too much like"),
        ([("a/", b"x", unchanged)], "a folder with a content"),
        ([], "missing"),
    ],
)  # fmt: skip
def test_a_zip_file_made_to_harm_is_refused_before_it_is_unpacked(entries, word):
    result = verify(made_zip(*entries))
    assert result["verdict"] == "invalid"
    assert word in result["failures"][0]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_file_with_two_files_of_one_name_is_refused():
    assert "two files of one name" in verify(made_zip(("a", b"x", unchanged), ("a", b"y", unchanged)))["failures"][0]


def test_a_zip_file_whose_two_directories_differ_is_refused(coalition):
    """The entry's own header calls it otherwise than the directory at the end does."""
    whole = coalition.plain_zip(Files.whole).getvalue()
    at = whole.index(b"data/policy.txt")
    result = verify(io.BytesIO(whole[:at] + b"data/qolicy.txt" + whole[at + 15 :]))
    assert result["verdict"] == "invalid"
    assert any("data/policy.txt" in failure for failure in result["failures"])


def test_a_zip_file_that_says_it_is_small_and_is_not_is_refused(coalition):
    """The size in the directory is a lie: what is read stops there, and then the digest differs."""
    content = zlib.compress(bytes(5_000_000))
    whole = bytearray(made_zip(("bagit.txt", bytes(5_000_000), unchanged)).getvalue())
    at = whole.index(struct.pack("<L", 5_000_000), len(content) // 2)
    whole[at : at + 4] = struct.pack("<L", 10)
    assert verify(io.BytesIO(bytes(whole)))["verdict"] == "invalid"


def test_an_encrypted_zip_file_is_refused(coalition):
    whole = bytearray(coalition.plain_zip(Files.whole).getvalue())
    at = whole.index(b"PK\x01\x02")
    whole[at + 8] |= 1
    assert "encrypted within" in verify(io.BytesIO(bytes(whole)))["failures"][0]


def test_what_a_computer_adds_to_a_zip_file_is_no_part_of_it(coalition):
    more = {"__MACOSX/._x": b"x", "package/.DS_Store": b"y"}
    files = {f"package/{name}": content for name, content in Files.whole.items()}
    result = verify(coalition.plain_zip({**files, **more}), coalition.elsewhere(files))
    assert result["verdict"] == "valid", result
    assert result["checked"]["notes"] == [
        f"{name}: left there by an operating system, no part of the package" for name in (".DS_Store", "__MACOSX/._x")
    ]


def test_records_of_any_depth_and_numbers_of_any_length_end_in_a_verdict(coalition):
    for content in (b"[" * 200_000, b'{"a":' * 100_000, b"1" * 5000, b'{"id":1e999}', b"\xff", b"", b'"\\ud800"'):
        log = coalition.Log([coalition.record(1)])
        log = coalition.Log([content.ljust(1)])
        from corroborate.custody import Item

        made = Item("claim_x.json", 0, log.seals[0].commitment, log.records[0], log.salts[0])
        result = coalition.judge(coalition.make(log, items=[made]))
        assert result["verdict"] in ("valid", "invalid")
        verifier.report(result)


def test_a_record_longer_than_a_megabyte_is_hashed_and_not_read(coalition):
    from corroborate.custody import Item

    long = b'{"id":"other","text":"' + b"x" * (1 << 20) + b'"}'
    log = coalition.Log([coalition.record(1)])
    log = coalition.Log([long])
    made = Item("claim_x.json", 0, log.seals[0].commitment, long, log.salts[0])
    assert coalition.judge(coalition.make(log, items=[made]))["verdict"] == "valid"


def test_a_text_file_longer_than_any_is_refused_unread(coalition, monkeypatch):
    """The limit is lowered here, so that the test needs no gigabyte."""
    policy = Files.whole["data/policy.txt"] + b"# more\n" * 2000
    files = coalition.remake({**Files.whole, "data/policy.txt": policy}, coalition.OWNER)
    assert coalition.judge(files)["verdict"] == "valid"
    monkeypatch.setattr(verifier, "LARGEST_TEXT", 10_000)
    result = coalition.judge(files)
    assert result["verdict"] == "invalid"
    assert any("longer than it could be" in failure for failure in result["failures"])
    monkeypatch.setattr(verifier, "LARGEST_TEXT", 300)
    assert "longer than it could be" in coalition.judge(Files.whole)["failures"][0]


def test_more_files_than_any_package_has_are_refused(coalition, tmp_path, monkeypatch):
    monkeypatch.setattr(verifier, "MOST_FILES", 5)
    assert "than any package" in coalition.judge(Files.whole)["failures"][0]
    for number in range(7):
        (tmp_path / str(number)).write_bytes(b"")
    assert "more files than any package" in verify(tmp_path)["failures"][0]


def test_folders_within_folders_without_end_are_refused(tmp_path):
    deep = tmp_path.joinpath(*"x" * 45)
    deep.mkdir(parents=True)
    assert "without end" in verify(tmp_path)["failures"][0]


def test_a_file_that_cannot_be_read_is_named(coalition, tmp_path):
    assert "cannot be read" in verify(tmp_path / "nothing")["failures"][0]
    whole = bytearray(coalition.plain_zip(Files.whole).getvalue())
    at = whole.index(b"invented words 1")
    whole[at] ^= 1
    failures = verify(io.BytesIO(bytes(whole)))["failures"]
    assert any("cannot be read (Bad CRC-32" in failure and "data/items/claim" in failure for failure in failures)
    at = whole.index(b"BagIt-Version")
    whole[at] ^= 1
    assert verify(io.BytesIO(bytes(whole)))["failures"][0].startswith("bagit.txt: cannot be read")


KEYS = st.sampled_from(["OWNER", "FIRST", "SECOND", "STRANGER"])


@settings(max_examples=500, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_packer_and_verifier_read_every_policy_alike(data):
    """Two programs that share no code: what one takes the other takes, and both ask for the same cosignatures."""
    from corroborate.custody import COSIGNATURE_V1
    from corroborate.custody import Policy as Packers
    from corroborate.errors import CorroborateError

    signers = {name: getattr(Files, name) for name in ("OWNER", "FIRST", "SECOND", "STRANGER")}
    lines = [f"log {signers['OWNER'].verifier()}"]
    names = ["a", "b", "c", "g", "h", "none"]
    for _ in range(data.draw(st.integers(0, 3))):
        name, key = data.draw(st.sampled_from(names)), signers[data.draw(KEYS)]
        kind = data.draw(st.sampled_from([COSIGNATURE_V1] * 9 + [1]))
        lines.append(f"witness {name} {key.verifier(kind)}{data.draw(st.sampled_from(['', ' https://w.example']))}")
    for _ in range(data.draw(st.integers(0, 2))):
        count = data.draw(st.sampled_from(["all", "any", "1", "2", "0", "01", "x"]))
        members = data.draw(st.lists(st.sampled_from(names), max_size=3))
        lines.append(" ".join(["group", data.draw(st.sampled_from(names)), count, *members]))
    lines += [f"quorum {data.draw(st.sampled_from(names))}" for _ in range(data.draw(st.sampled_from([1, 1, 1, 0, 2])))]
    text = data.draw(st.sampled_from(["\n", "\n\n", "\n# said\n", " \n\t"])).join(lines) + "\n"
    try:
        ours = Packers.parse(text)
    except CorroborateError:
        ours = None
    theirs = only_ours(Policy, text.encode())
    assert (ours is None) == (theirs is None), text
    if ours is None or theirs is None:
        return
    note = Files.log.checkpoint(witnesses=[signers[one] for one in data.draw(st.lists(KEYS, max_size=3))])
    try:
        ours.check(note)
        taken = True
    except CorroborateError:
        taken = False
    assert (only_ours(theirs.checkpoint, note, "a.example/log") is not None) == taken, (text, note)


@pytest.fixture(scope="module", autouse=True)
def _signers(coalition):
    Files.log = coalition.Log([coalition.record(1)])
    for name in ("OWNER", "FIRST", "SECOND", "STRANGER"):
        setattr(Files, name, getattr(coalition, name))


def test_ten_thousand_changes_of_each_good_file_raise_our_own_errors_only(coalition):
    """Policy, proof, note, checkpoint, manifest, index and ZIP directory: bytes changed, cut, doubled and moved."""
    from types import SimpleNamespace

    chance = random.Random(1948)
    manifest = "manifest-sha256.txt"

    def listed(content):
        bag = SimpleNamespace(kept={manifest: content}, sizes={})
        return verifier.Bag._manifest(bag, manifest, "sha256", payload=True)

    def indexed(content):
        bag = SimpleNamespace(text=lambda _name: content)
        return verifier._index(bag, {})

    def opened(content):
        try:
            return verifier.Zip(io.BytesIO(content), verifier.LARGEST_PACKAGE)
        except verifier.ZIP_FAULTS:
            return None

    proof = next(c for n, c in Files.whole.items() if n.startswith("data/proofs"))
    note = proof.partition(b"\n\n")[2]
    small = {name: content for name, content in Files.whole.items() if name.startswith(("bag", "data/p"))}
    readers = [
        (Policy, Files.whole["data/policy.txt"]), (read_proof, proof), (lambda c: signatures(c, []), note),
        (lambda c: read_checkpoint(c.decode("utf-8", "replace")), note.split(b"\n\n")[0] + b"\n"),
        (listed, Files.whole[manifest]), (indexed, Files.whole["data/index.json"]),
        (opened, coalition.plain_zip(small).getvalue()),
    ]  # fmt: skip
    for read, good in readers:
        assert read(good)
        for _ in range(10_000):
            only_ours(read, changed(good, chance))


def changed(good, chance):
    content = bytearray(good)
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(content) + 1)
        end = min(len(content), at + chance.randrange(1, 40))
        kind = chance.randrange(4)
        if kind == 0 and at < len(content):
            content[at] = chance.randrange(256)
        elif kind == 1:
            del content[at:end]
        elif kind == 2:
            content[at:at] = content[at:end]
        else:
            content[at:at] = chance.choice([b"\n", b"\n\n", b"  ", b'"', b"{", b"PK\x01\x02", b"\xff", b"-1", b"null"])
    return bytes(content)
