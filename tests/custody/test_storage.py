"""A log's files survive any one failed call, a loss of power at any moment, and damage: nothing acknowledged is lost.

The database is a list here; that entry and record are one transaction is shown in `test_crashes.py` with the real one.
"""

import errno
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corroborate.custody import Checkpoint, Note, Tree, leaf_hash
from corroborate.custody.files import Disk, Faulty, Files, LostPower, Memory, put
from corroborate.custody.tiles import STRETCH, Log, bundle, read_bundle, tile_path
from corroborate.errors import InvalidValue, NotVerified, StorageFull

from .worlds import AT, OWNER, entries, signed, tree_of

SIZES = (3, 255, 256, 300, 770)
ALL = entries(SIZES[-1])
NOTES = {size: signed(tree_of(size)) for size in SIZES}


def between(start: int, end: int) -> list[bytes]:
    return ALL[start:end]


def grow(files: Files, done: list[int]) -> None:
    """A log that is published at each size; ``done`` gets the sizes that were acknowledged."""
    log = Log(files)
    for size in SIZES:
        if size > max(done, default=0):
            log.bring_up(NOTES[size], between)
            done.append(size)


def calls() -> int:
    counting = Faulty(Memory(), "error", -1)
    grow(counting, [])
    return counting.calls


CALLS = calls()


def test_every_size_of_a_log_is_read_back_and_proved_from_its_tiles():
    files = Memory()
    for size in SIZES:
        Log(files).bring_up(NOTES[size], between)
        log, tree = Log(files), Tree([leaf_hash(one) for one in ALL[:size]])
        assert log.check() == size
        assert list(log.entries(0, size)) == ALL[:size]
        assert list(log.entries(1, size - 1)) == ALL[1 : size - 1]
        for index in {0, size // 2, size - 1}:
            assert log.tree().inclusion(index) == tree.inclusion(index)
        assert log.tree().consistency(size // 2 or 1) == tree.consistency(size // 2 or 1)


@given(st.lists(st.integers(1, 600), min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_any_way_of_growing_gives_the_tree_of_the_whole(steps, _chance):
    files, size = Memory(), 0
    log, root = Log(files), Tree().root()
    for step in steps:
        root = log.extend(size, root, entries(size + step)[size:])
        size += step
    assert root == tree_of(size).root()
    log.publish(signed(tree_of(size)))
    assert log.check() == size


def test_a_log_that_grows_by_more_than_is_written_at_once_is_the_log_of_all_its_entries():
    size = STRETCH + 300
    every = [at.to_bytes(4, "big") for at in range(size)]
    asked: list[int] = []

    def entries_between(start: int, end: int) -> list[bytes]:
        asked.append(end - start)
        return every[start:end]

    files = Memory()
    root = Log(files).extend(0, Tree().root(), every[:7])
    root = Log(files).grow(7, root, size, entries_between)
    tree = Tree([leaf_hash(one) for one in every])
    assert root == tree.root()
    assert max(asked) <= STRETCH
    Log(files).publish(signed(tree))
    assert Log(files).check() == size


def test_a_log_does_not_grow_over_entries_that_are_not_there():
    files = Memory()
    with pytest.raises(NotVerified, match="from 0 to 300 only 299 are there"):
        Log(files).grow(0, Tree().root(), 300, lambda start, end: entries(300)[start : end - 1])
    assert files.paths() == []


@pytest.mark.parametrize("count", [3, 200])
def test_of_many_files_written_together_each_is_whole(tmp_path, count):
    contents = {f"tile/{at % 3}/{at:03}": bytes([at]) * at for at in range(count)}
    put(Disk(tmp_path), contents)
    assert {one: (tmp_path / one).read_bytes() for one in contents} == contents
    assert not list(tmp_path.rglob("*.new"))


@pytest.mark.parametrize("kind", ["no space", "error", "short write", "torn page"])
def test_one_failed_call_at_any_index_loses_nothing_and_the_next_try_goes_through(kind):
    for at in range(CALLS):
        files, done = Memory(), list[int]()
        with pytest.raises(StorageFull):
            grow(Faulty(files, kind, at), done)
        log = Log(files)
        if done:  # what was acknowledged stands, whole, before anything is repaired
            assert log.size() >= done[-1]
        assert log.check() == log.size()
        grow(files, done)
        assert log.check() == SIZES[-1], (kind, at)


def test_power_lost_at_any_call_leaves_what_was_acknowledged():
    chance = random.Random(1975)
    for at in range(CALLS):
        for _ in range(5):
            files, done = Memory(), list[int]()
            with pytest.raises(LostPower):
                grow(Faulty(files, "lost power", at), done)
            after = files.lose_power(chance)
            log = Log(after)
            assert log.size() >= max(done, default=0), at
            assert log.check() == log.size()
            grow(after, [log.size()])
            assert log.check() == SIZES[-1]


@pytest.mark.long
def test_power_lost_at_any_call_many_times():
    chance = random.Random(2014)
    for _ in range(5_000 // CALLS + 1):
        for at in range(CALLS):
            files, done = Memory(), list[int]()
            with pytest.raises(LostPower):
                grow(Faulty(files, "lost power", at), done)
            log = Log(files.lose_power(chance))
            assert log.size() >= max(done, default=0)
            assert log.check() == log.size()


def test_a_torn_or_removed_tile_is_never_signed_over_and_is_made_anew_from_the_database():
    whole = Memory()
    Log(whole).bring_up(NOTES[300], between)
    for path in [one for one in whole.paths() if one != "checkpoint"]:
        for change in ("torn", "short", "gone"):
            files = Memory()
            for other in whole.paths():
                files.write(other, whole.read(other))
            content = files.read(path)
            if change == "gone":
                files.remove(path)
            else:
                files.write(path, content[:-1] if change == "short" else bytes([content[0] ^ 1]) + content[1:])
            with pytest.raises((InvalidValue, NotVerified)):
                Log(files).check()
            Log(files).bring_up(NOTES[770], between)
            # A full tile far from the edge is not read while the log grows: a check names it, a rebuild mends it.
            Log(files).rebuild(NOTES[770], between)
            assert Log(files).check() == 770


def test_damage_at_the_edge_is_noticed_before_anything_is_signed():
    files = Memory()
    Log(files).bring_up(NOTES[300], between)
    edge = tile_path(0, 1, 44)
    files.write(edge, bytes(44 * 32))
    with pytest.raises(NotVerified, match="do not lead to the root"):
        Log(files).extend(300, tree_of(300).root(), [b"new"])
    bundle_path = tile_path("entries", 1, 44)
    Log(files).rebuild(NOTES[300], between)
    files.write(bundle_path, bundle([b"x"] * 44))
    with pytest.raises(NotVerified, match="are not those of the tiles"):
        Log(files).extend(300, tree_of(300).root(), [b"new"])


def test_files_that_are_ahead_of_the_database_are_not_rolled_back():
    files = Memory()
    Log(files).bring_up(NOTES[300], between)
    with pytest.raises(NotVerified, match="beyond the 256"):
        Log(files).bring_up(NOTES[256], between)
    assert Log(files).size() == 300


def test_a_database_with_other_entries_publishes_nothing():
    files = Memory()
    with pytest.raises(NotVerified, match="does not hold the entries"):
        Log(files).rebuild(NOTES[300], lambda start, end: entries(300, b"other")[start:end])
    assert Log(files).checkpoint() is None
    assert Log(files).size() == Log(files).check() == 0


def test_a_checkpoint_that_cannot_be_read_is_written_anew():
    files = Memory()
    Log(files).bring_up(NOTES[255], between)
    files.write("checkpoint", b"\xff torn")
    with pytest.raises(InvalidValue):
        Log(files).size()
    Log(files).bring_up(NOTES[256], between)
    assert Log(files).check() == 256


class _Unreadable(Memory):
    def read(self, path: str) -> bytes:
        raise OSError(errno.EIO, "Input/output error", path)


def test_a_disk_that_cannot_be_read_is_said_so():
    with pytest.raises(InvalidValue, match="Input/output"):
        Log(_Unreadable()).checkpoint()
    with pytest.raises(InvalidValue, match="Input/output"):
        Log(_Unreadable()).tree(3).root()


def test_asking_beyond_the_log_is_refused():
    files = Memory()
    Log(files).bring_up(NOTES[3], between)
    with pytest.raises(InvalidValue, match="has 3 entries"):
        list(Log(files).entries(0, 4))
    for wrong in (lambda: tree_of(3).root(4), lambda: tree_of(3).inclusion(3), lambda: tree_of(3).consistency(0)):
        with pytest.raises(InvalidValue):
            wrong()


def test_entries_are_framed_by_their_length_and_none_is_too_long():
    some = [b"", b"a", bytes(0xFFFF)]
    assert read_bundle(bundle(some), 3) == some
    assert read_bundle(bundle(some), 2) == some[:2]
    with pytest.raises(InvalidValue, match="longer"):
        bundle([bytes(0x10000)])
    for cut in range(len(bundle([b"ab", b"c"]))):
        with pytest.raises(InvalidValue, match="middle"):
            read_bundle(bundle([b"ab", b"c"])[:cut], 2)


def test_a_folder_keeps_what_memory_keeps(tmp_path: Path):
    for files in (Disk(tmp_path / "log"), Memory()):
        put(files, {"checkpoint": b"1", "tile/0/000": b"2"})
        put(files, {"checkpoint": b"3"})
        assert (files.read("checkpoint"), files.read("tile/0/000")) == (b"3", b"2")
        files.remove("checkpoint")
        for wrong in (lambda f=files: f.read("checkpoint"), lambda f=files: f.remove("checkpoint")):
            with pytest.raises(FileNotFoundError):
                wrong()
    with pytest.raises(StorageFull, match="tile could not be written"):
        put(Disk(tmp_path / "log"), {"tile": b"a file where a folder is"})
    assert sorted(p.name for p in (tmp_path / "log").rglob("*") if p.is_file()) == ["000"]


def test_memory_forgets_only_what_was_not_synced():
    chance, seen = random.Random(7), set()
    for _ in range(200):
        files = Memory()
        put(files, {"a": b"old"})
        files.write("a", b"new")
        files.write("b", b"never synced")
        files.remove("a") if chance.random() < 0.2 else None
        after = files.lose_power(chance)
        seen.add(after.read("a") if "a" in after.paths() else None)
    assert {b"old", b"new", None} <= seen


def test_the_published_checkpoint_is_the_one_that_was_given():
    files = Memory()
    note = signed(tree_of(3), at=AT)
    Log(files).bring_up(note, between)
    assert Log(files).checkpoint() == note
    assert Checkpoint.parse(Note.parse(note).text).origin == OWNER.name
