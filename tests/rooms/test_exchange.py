"""A bundle opens for its receivers alone, and anything but what the sender signed is refused."""

import io
import subprocess
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.custody import Signer
from corroborate.errors import InvalidValue, NotVerified
from corroborate.exchange import Place, pass_bundle, passing, read_bundle, write_bundle
from corroborate.exchange.bundles import LEAST, padded
from corroborate.values import Digest

AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
ID = "bundle_" + "0" * 32
SENDER, STRANGER = Signer("a.example", b"\x01" * 32), Signer("z.example", b"\x02" * 32)
FILES = {"claims/목록.jsonl": "이름\n".encode(), "empty": b"", "overlap.csv": b"a,b,count\n1,1,12\n"}
OURS, OTHERS = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()


def _bundle(signer: Signer = SENDER) -> bytes:
    return write_bundle(FILES, signer, [str(OURS.to_public())], AT, ID)


def test_the_receiver_reads_what_the_sender_packed():
    bundle = read_bundle(_bundle(), str(OURS), [SENDER.verifier()])
    assert (bundle.id, bundle.sender, bundle.at, bundle.files) == (ID, "a.example", AT, FILES)


def test_checkpoints_travel_with_every_bundle_and_stay_apart_from_its_files():
    notes = (b"one\n", b"other\n")
    content = write_bundle(FILES, SENDER, [str(OURS.to_public())], AT, ID, notes)
    bundle = read_bundle(content, str(OURS), [SENDER.verifier()])
    assert (bundle.files, bundle.checkpoints) == (FILES, notes)
    assert read_bundle(_bundle(), str(OURS), [SENDER.verifier()]).checkpoints == ()
    for files, some in (({"checkpoints/x": b""}, ()), (FILES, [b""] * 1001)):
        with pytest.raises(InvalidValue, match="checkpoints"):
            write_bundle(files, SENDER, [str(OURS.to_public())], AT, ID, some)


def test_nobody_else_opens_it():
    with pytest.raises(NotVerified, match="does not open"):
        read_bundle(_bundle(), str(OTHERS), [SENDER.verifier()])


def test_a_stranger_s_signature_is_refused():
    with pytest.raises(NotVerified, match=r"signed by z\.example"):
        read_bundle(_bundle(STRANGER), str(OURS), [SENDER.verifier()])


def test_a_copy_of_a_bundle_taken_in_before_is_refused():
    with pytest.raises(NotVerified, match="taken in before"):
        read_bundle(_bundle(), str(OURS), [SENDER.verifier()], seen={(SENDER.name, ID)})


def test_a_bundle_meant_for_another_cannot_be_passed_on():
    packed = pyrage.decrypt(_bundle(), [OURS])
    passed_on = pyrage.encrypt(packed, [OTHERS.to_public()])
    with pytest.raises(NotVerified, match="did not mean"):
        read_bundle(passed_on, str(OTHERS), [SENDER.verifier()])


@pytest.mark.parametrize("at", [20, 200, -20])
def test_a_flipped_byte_of_the_age_file_is_refused(at: int):
    changed = bytearray(_bundle())
    changed[at] ^= 1
    with pytest.raises(NotVerified):
        read_bundle(bytes(changed), str(OURS), [SENDER.verifier()])


@pytest.mark.parametrize("change", ["other bytes", "one more", "one less"])
def test_files_other_than_the_manifest_s_are_refused(change: str):
    """Somebody with a receiver's key can pack anew, but not sign anew."""
    with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(_bundle(), [OURS]))) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    if change == "other bytes":
        entries["overlap.csv"] = entries["overlap.csv"].replace(b"12", b"21")
    elif change == "one more":
        entries["more"] = b""
    else:
        del entries["empty"]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    with pytest.raises(NotVerified, match=r"manifest"):
        read_bundle(pyrage.encrypt(packed.getvalue(), [OURS.to_public()]), str(OURS), [SENDER.verifier()])


@pytest.mark.parametrize("path", ["../up", "/etc/x", "a//b", "a\\b", "manifest.note", "", "a\nb"])
def test_paths_that_leave_the_folder_are_never_packed(path: str):
    with pytest.raises(InvalidValue):
        write_bundle({path: b""}, SENDER, [str(OURS.to_public())], AT, ID)


def test_a_bundle_without_receivers_is_refused():
    with pytest.raises(InvalidValue, match="receiver"):
        write_bundle(FILES, SENDER, [], AT, ID)


def test_the_age_program_of_others_opens_it(tool: Callable[..., str], tmp_path: Path):
    (tmp_path / "key").write_text(f"{OURS}\n")
    (tmp_path / "bundle.age").write_bytes(_bundle())
    opened = subprocess.run(
        [tool("age"), "-d", "-i", tmp_path / "key", tmp_path / "bundle.age"], capture_output=True, check=True
    )
    with zipfile.ZipFile(io.BytesIO(opened.stdout)) as archive:
        assert archive.read("overlap.csv") == FILES["overlap.csv"]


PLACE = {str(OURS.to_public()): Place(7, "ab" * 32), str(OTHERS.to_public()): Place(1)}


def test_each_receiver_is_told_which_of_its_bundles_it_is_and_which_came_before():
    content = write_bundle(FILES, SENDER, PLACE, AT, ID)
    for whose in (OURS, OTHERS):
        bundle = read_bundle(content, str(whose), [SENDER.verifier()])
        assert bundle.place == PLACE[str(whose.to_public())]
        assert bundle.files == FILES
    assert read_bundle(_bundle(), str(OURS), [SENDER.verifier()]).place is None, "the first version had no numbers"


@pytest.mark.parametrize("sizes", [(0, 30_000), (100_000, 100_700), (2_960_000, 3_005_000)])
def test_the_length_of_a_bundle_does_not_tell_which_of_two_like_it_is_sent(sizes: tuple[int, int]):
    keys = {str(OURS.to_public()): Place(1)}
    one, other = (len(write_bundle({"a": bytes(size)}, SENDER, keys, AT, ID)) for size in sizes)
    # age itself puts a line of random length into its head (grease)
    assert abs(one - other) < 300
    assert one < max(1.125 * sizes[1], LEAST) + 3000


@given(st.integers(1, 1 << 30))
def test_filling_up_costs_an_eighth_at_most_and_is_steady(length: int):
    assert length <= padded(length) <= max(LEAST, length * 1.12)
    assert padded(padded(length)) == padded(length)
    assert padded(length) <= padded(length + 1)


def test_a_filling_that_holds_something_is_refused():
    """Else a sender could slip content past the manifest that it signed."""
    with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(write_bundle(FILES, SENDER, PLACE, AT, ID), [OURS]))) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in (entries | {"filling": b"\0slipped in"}).items():
            archive.writestr(name, content)
    with pytest.raises(NotVerified, match="zeros"):
        read_bundle(pyrage.encrypt(packed.getvalue(), [OURS.to_public()]), str(OURS), [SENDER.verifier()])


def test_three_hundred_megabytes_are_written_and_read_without_being_held(tmp_path: Path):
    """A film that was 2 GB long took 8.7 GB of memory to send."""
    size, each = 300, 1 << 20
    parts = {"film.mp4": (bytes([at % 251]) * each for at in range(size)), "small.txt": b"beside it"}
    out = tmp_path / "long.age"
    tracemalloc.start()
    with out.open("wb") as file:
        digest = pass_bundle(file, parts, SENDER, PLACE, AT, ID)
    bundle = read_bundle(out, str(OURS), [SENDER.verifier()], whole=("small",))
    read = {}
    for path, content in bundle.contents([*parts]):
        read[path] = len(content) if isinstance(content, bytes) else sum(len(part) for part in content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert read == {"film.mp4": size * each, "small.txt": 9}
    assert most < 180 << 20, f"{most >> 20} MB were held"
    assert digest == Digest.of(out.read_bytes())
    assert out.stat().st_size < padded(size * each) * 1.001


@pytest.mark.parametrize("change", ["filling", "cut"])
def test_a_long_bundle_is_held_to_its_manifest_as_a_short_one(change: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(passing, "SHORT", 2000)
    content = write_bundle(FILES, SENDER, PLACE, AT, ID)
    bundle = read_bundle(content, str(OURS), [SENDER.verifier()])
    assert {path: b"".join(parts) for path, parts in bundle.contents([*FILES])} == FILES
    with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(content, [OURS]))) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    if change == "filling":
        entries["filling"] = entries["filling"][:-1] + b"x"
    else:
        entries["overlap.csv"] = entries["overlap.csv"][:-1]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, part in entries.items():
            archive.writestr(name, part)
    with pytest.raises(NotVerified, match=r"zeros|manifest"):
        read_bundle(pyrage.encrypt(packed.getvalue(), [OURS.to_public()]), str(OURS), [SENDER.verifier()])
