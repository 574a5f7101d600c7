"""The order in which a log is written, what a loss of power may leave of it, and what each fault does and does not."""

import errno
import random
from functools import partial
from pathlib import Path

import pytest

from corroborate.custody.files import SECTOR, Disk, Faulty, LostPower, Memory, put, write_file
from corroborate.errors import StorageFull

OLD, NEW = b"o" * (2 * SECTOR + 7), b"n" * (3 * SECTOR + 9)


class Heard(Memory):
    """Memory that remembers what was asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[str, str]] = []

    def write(self, path: str, content: bytes) -> None:
        self.calls.append(("write", path))
        super().write(path, content)

    def sync(self, path: str) -> None:
        self.calls.append(("sync", path))
        super().sync(path)

    def rename(self, old: str, new: str) -> None:
        self.calls.append(("rename", f"{old} {new}"))
        super().rename(old, new)

    def sync_folder(self, path: str) -> None:
        self.calls.append(("folder", path))
        super().sync_folder(path)


def test_files_are_written_then_made_durable_then_named_and_their_folders_last_from_the_deepest_up():
    files = Heard()
    put(files, {"tile/0/x001/002": b"2", "tile/entries/000": b"0", "checkpoint": b"c"})
    names = ["tile/0/x001/002", "tile/entries/000", "checkpoint"]
    assert files.calls == [
        *(("write", f"{name}.new") for name in names),
        *(("sync", f"{name}.new") for name in names),
        *(("rename", f"{name}.new {name}") for name in names),
        *(("folder", name) for name in ("tile/0/x001", "tile/0", "tile/entries", "", "tile")),
    ]
    assert files.paths() == sorted(names)


def left(kind: str, seed: int) -> Memory:
    """One file of two, written anew and not yet synced, or synced and its name not, when the power went."""
    files = Memory()
    put(files, {"a/old": OLD, "kept": b"kept"})
    if kind == "content":
        files.write("a/old", NEW)
    elif kind == "name":
        files.write("a/new", NEW)
        files.sync("a/new")
    elif kind == "rename":
        files.write("a/old.new", NEW)
        files.sync("a/old.new")
        files.rename("a/old.new", "a/old")
    else:
        files.remove("a/old")
    return files.lose_power(random.Random(seed))


def of(files: Memory, name: str) -> bytes | None:
    return files.read(name) if name in files.paths() else None


def test_what_was_synced_survives_a_loss_of_power_whole_and_stays():
    for kind in ("content", "name", "rename", "remove"):
        for seed in range(50):
            after = left(kind, seed)
            assert after.read("kept") == b"kept"
            again = after.lose_power(random.Random(seed + 1))
            assert {name: again.read(name) for name in again.paths()} == {
                name: after.read(name) for name in after.paths()
            }


def test_a_name_that_was_not_synced_is_there_or_not_and_its_content_whole():
    assert {of(left("name", seed), "a/new") for seed in range(50)} == {None, NEW}
    assert {of(left("rename", seed), "a/old") for seed in range(50)} == {OLD, NEW}
    assert {of(left("remove", seed), "a/old") for seed in range(50)} == {OLD, None}


def test_a_content_that_was_not_synced_is_old_new_cut_or_torn_at_a_sector():
    found = {of(left("content", seed), "a/old") for seed in range(400)}
    assert {OLD, NEW} <= found
    assert None not in found
    cut = {one for one in found if one is not None and NEW.startswith(one)}
    assert len(cut) > 20
    torn = {one for one in found - cut - {OLD} if one is not None}
    assert torn
    for one in torn:
        for at in range(0, len(NEW), SECTOR):
            sector = one[at : at + SECTOR]
            assert any(
                whole.startswith(sector) or sector == whole for whole in (NEW[at:], OLD[at:], bytes(SECTOR))
            ) or (
                len(one) < len(NEW)  # old sectors are fewer: what follows moves up
            )
    assert any(set(one) == {*b"n", *b"o", 0} for one in torn)


def test_memory_gives_what_a_disk_gives(tmp_path):
    for files in (Memory(), Disk(tmp_path)):
        files.write("a/b/c", b"1")
        files.write("a/b/c", b"22")
        files.sync("a/b/c")
        files.rename("a/b/c", "a/d")
        files.sync_folder("a")
        files.sync_folder("")
        assert files.read("a/d") == b"22"
        files.remove("a/d")
        for call in (files.read, files.remove, files.sync, partial(files.rename, new="x")):
            with pytest.raises(FileNotFoundError) as found:
                call("a/d")
            assert found.value.errno == errno.ENOENT
            assert str(found.value.filename).endswith("a/d")
            assert found.value.strerror == "No such file or directory" or isinstance(files, Memory)


def test_a_large_file_is_written_whole(tmp_path):
    content = random.Random(3).randbytes(3 << 20)
    write_file(tmp_path / "large", content)
    assert (tmp_path / "large").read_bytes() == content
    write_file(tmp_path / "large", b"")
    assert (tmp_path / "large").read_bytes() == b""
    assert [one.name for one in tmp_path.iterdir()] == ["large"]


FAULTS = {
    "no space": (errno.ENOSPC, None),
    "error": (errno.EIO, None),
    "short write": (errno.ENOSPC, NEW[: len(NEW) // 2]),
    "torn page": (errno.EIO, NEW[:SECTOR] + bytes(len(NEW) - SECTOR)),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_leaves_of_a_write_what_its_name_says(kind):
    code, there = FAULTS[kind]
    inner = Memory()
    files = Faulty(inner, kind, 1)
    files.write("first", b"1")
    with pytest.raises(OSError) as found:
        files.write("a", NEW)
    assert (found.value.errno, found.value.filename) == (code, "a")
    assert of(inner, "a") == there
    files.write("b", b"2")
    assert (inner.read("first"), inner.read("b"), files.calls) == (b"1", b"2", 3)


@pytest.mark.parametrize("at", range(3))
def test_a_fault_at_another_call_does_nothing_of_it(at):
    inner = Memory()
    inner.write("a", b"1")
    calls = [lambda f: f.sync("a"), lambda f: f.rename("a", "b"), lambda f: f.remove("b")]
    files = Faulty(inner, "error", at)
    for number, call in enumerate(calls):
        before = inner.paths()
        if number == at:
            with pytest.raises(OSError) as found:
                call(files)
            assert found.value.filename == ("a" if at == 0 else "b")
            assert inner.paths() == before
        call(files) if number != at else call(inner)
    assert inner.paths() == []


def test_power_is_lost_before_anything_is_written():
    inner = Memory()
    with pytest.raises(LostPower):
        Faulty(inner, "lost power", 0).write("a", NEW)
    assert inner.paths() == []


@pytest.mark.parametrize("at", range(6))
def test_what_could_not_be_written_is_named_with_the_reason_and_leaves_no_half(at):
    inner = Memory()
    put(inner, {"log/a": OLD})
    files = Faulty(inner, "no space", at)
    with pytest.raises(StorageFull, match=r"^a could not be written: No space left on device$"):
        put(files, {"log/a": NEW, "log/b": NEW})
    assert inner.read("log/a") in (OLD, NEW)
    assert set(inner.paths()) <= {"log/a", "log/b"}
    put(files, {"log/a": NEW, "log/b": NEW})
    assert (inner.read("log/a"), inner.read("log/b")) == (NEW, NEW)


def test_a_folder_that_cannot_be_made_is_an_error_that_names_the_file(tmp_path):
    Path(tmp_path / "a").write_bytes(b"a file")
    with pytest.raises(StorageFull, match=r"^b could not be written: "):
        write_file(tmp_path / "a" / "b", b"")
