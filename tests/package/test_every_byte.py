"""Every byte of a small package counts: flipped, cut, swapped or spliced, it is noticed and the file is named."""

import io
import zipfile

import pytest

from corroborate.custody.verify import verify

READ = ("data/proofs", "data/index", "data/policy", "data/items", "data/history", "signature", "bagit", "bag-info")


@pytest.fixture(scope="module")
def files(coalition):
    return coalition.make(coalition.Log([coalition.record(1), coalition.record(2)]))


def flipped(content, at, bit):
    return content[:at] + bytes([content[at] ^ bit]) + content[at + 1 :]


def assert_named(result, name, at):
    assert result["verdict"] == "invalid", (name, at, result)
    assert any(name in failure for failure in result["failures"]), (name, at, result["failures"])


def test_the_package_as_it_was_is_valid(files, coalition):
    assert coalition.judge(files)["verdict"] == "valid"


def test_every_flipped_byte_is_noticed_and_its_file_named(files, coalition):
    """Each byte of what a verifier reads; of files that are only hashed, a hundred places each."""
    for name, content in files.items():
        step = 1 if name.startswith(READ) else max(1, len(content) // 100)
        for at in range(0, len(content), step):
            changed = {**files, name: flipped(content, at, 1 << at % 8)}
            assert_named(coalition.judge(changed), name, at)


@pytest.mark.long
@pytest.mark.parametrize("bit", [1, 4, 32, 128, 255])
def test_every_byte_of_every_file_flipped_in_five_ways_is_noticed_and_named(files, coalition, bit):
    for name, content in files.items():
        for at in range(len(content)):
            assert_named(coalition.judge({**files, name: flipped(content, at, bit)}), name, at)


def test_a_cut_file_is_noticed_and_named(files, coalition):
    for name, content in files.items():
        for length in {0, 1, len(content) // 2, len(content) - 1}:
            assert_named(coalition.judge({**files, name: content[:length]}), name, length)


def test_a_longer_file_is_noticed_and_named(files, coalition):
    for name, content in files.items():
        for more in (b"\n", b" ", b"\0", content):
            assert_named(coalition.judge({**files, name: content + more}), name, more)


def test_a_lost_file_is_never_valid_and_is_named(files, coalition):
    for name in files:
        result = coalition.judge({other: content for other, content in files.items() if other != name})
        assert result["verdict"] != "valid"
        assert any(name in failure for failure in result["failures"]), (name, result)


def test_a_lost_record_or_proof_alone_makes_it_incomplete(files, coalition):
    for name in files:
        if name.startswith(("data/items/", "data/proofs/")):
            result = coalition.judge({other: content for other, content in files.items() if other != name})
            assert (result["verdict"], len(result["failures"])) == ("incomplete", 1)


def test_any_two_files_that_change_places_are_noticed_and_named(files, coalition):
    names = list(files)
    for at, one in enumerate(names):
        for other in names[at + 1 :]:
            result = coalition.judge({**files, one: files[other], other: files[one]})
            assert result["verdict"] == "invalid"
            assert any(one in f or other in f for f in result["failures"]), (one, other, result["failures"])


@pytest.mark.parametrize(
    "name", ["data/items/more.json", "more.txt", "data/more.txt", "data/proofs/more", "__pycache__/x"]
)
def test_an_added_file_is_noticed_and_named(files, coalition, name):
    assert_named(coalition.judge({**files, name: b"{}"}), name, 0)


def test_parts_of_another_package_of_the_same_member_are_noticed_and_named(files, coalition):
    """Spliced file by file, also where both packages are genuine and of one log."""
    other = coalition.make(coalition.Log([coalition.record(1), coalition.record(2), coalition.record(3)]))
    for name in files:
        if name in other and other[name] != files[name]:
            assert_named(coalition.judge({**files, name: other[name]}), name, 0)


def test_a_flipped_byte_of_a_zip_file_never_gives_other_bytes_a_valid_verdict(coalition):
    """Names, times and flags of a ZIP file are no part of a package: "valid" stands for the same bytes only."""
    log = coalition.Log([coalition.record(1)])
    small = {n: c for n, c in coalition.make(log, withheld=()).items() if n != "verify.py"}
    small = coalition.remake(small, coalition.OWNER)  # a package without its verifier is lawful, and much smaller
    whole = coalition.zipped(small).getvalue()
    policy = coalition.elsewhere(small)
    assert verify(io.BytesIO(whole), policy)["verdict"] == "valid"
    for at in range(0, len(whole), 7):
        changed = io.BytesIO(flipped(whole, at, 1 << at % 8))
        changed.name = "package.zip"
        result = verify(changed, policy)
        if result["verdict"] == "valid":
            with zipfile.ZipFile(changed) as archive:
                read = {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}
            assert read == small, at


def test_a_cut_zip_file_is_refused(files, coalition):
    whole = coalition.zipped(files).getvalue()
    for length in (0, 1, 21, 22, len(whole) // 2, len(whole) - 1):
        assert verify(io.BytesIO(whole[:length]))["verdict"] == "invalid"
