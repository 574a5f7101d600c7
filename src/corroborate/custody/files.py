"""What a log asks of a disk, call by call, so that a test can make any single call fail.

Three fillings: a folder (:class:`Disk`), memory that can lose its power (:class:`Memory`), and either of them with
one fault at one call (:class:`Faulty`). The rule of writing is :func:`put`: nothing is acknowledged before it is
durable, and a file is whole or not there.
"""

import errno
import os
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Literal, Protocol

from corroborate.errors import unwritten

NEW = ".new"  # of a file that is not yet what its name says
SECTOR = 512  # bytes that a disk writes whole


class Files(Protocol):
    """Files by path, with `/` between folders. Every method may raise OSError; a lost file is FileNotFoundError."""

    def read(self, path: str) -> bytes: ...

    def write(self, path: str, content: bytes) -> None:
        """Make or overwrite a file, and its folders. Neither is durable before it is synced."""
        ...

    def sync(self, path: str) -> None:
        """Return once the file's content would survive a loss of power."""
        ...

    def rename(self, old: str, new: str) -> None:
        """Put a file in another's place, at once."""
        ...

    def sync_folder(self, path: str) -> None:
        """Return once the names in a folder (``""``: the topmost) would survive a loss of power."""
        ...

    def remove(self, path: str) -> None: ...


class Disk:
    """A folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, path: str) -> bytes:
        return (self._folder / path).read_bytes()

    def write(self, path: str, content: bytes) -> None:
        target = self._folder / path
        if not target.parent.is_dir():
            target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb", buffering=0) as file:
            left = memoryview(content)
            while left:  # a disk that is nearly full takes less than it was given
                left = left[file.write(left) :]

    def sync(self, path: str) -> None:
        self._sync(self._folder / path, os.O_RDWR)

    def rename(self, old: str, new: str) -> None:
        (self._folder / old).replace(self._folder / new)

    def sync_folder(self, path: str) -> None:
        self._sync(self._folder / path, os.O_RDONLY)

    def remove(self, path: str) -> None:
        (self._folder / path).unlink()

    @staticmethod
    def _sync(path: Path, flags: int) -> None:
        descriptor = os.open(path, flags)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@dataclass(slots=True)
class _Content:
    """One file's bytes as the system shows them, and as they lie on the medium."""

    now: bytes
    durable: bytes | None = None


class Memory:
    """Files in memory, with a page cache between them and the medium: :meth:`lose_power` throws it away."""

    def __init__(self) -> None:
        self._now: dict[str, _Content] = {}
        self._durable: dict[str, _Content] = {}

    def read(self, path: str) -> bytes:
        try:
            return self._now[path].now
        except KeyError:
            raise FileNotFoundError(errno.ENOENT, "no such file", path) from None

    def write(self, path: str, content: bytes) -> None:
        # A truncated and rewritten file is the same file: what is durable of it may be the old bytes.
        found = self._now.setdefault(path, _Content(b""))
        found.now = bytes(content)

    def sync(self, path: str) -> None:
        self.read(path)
        self._now[path].durable = self._now[path].now

    def rename(self, old: str, new: str) -> None:
        self.read(old)
        self._now[new] = self._now.pop(old)

    def sync_folder(self, path: str) -> None:
        mine = {name for name in {*self._now, *self._durable} if _folder(name) == path}
        for name in mine:
            if name in self._now:
                self._durable[name] = self._now[name]
            else:
                self._durable.pop(name)

    def remove(self, path: str) -> None:
        self.read(path)
        del self._now[path]

    def paths(self) -> list[str]:
        return sorted(self._now)

    def lose_power(self, chance: random.Random) -> "Memory":
        """What may be found afterwards: any of the changes of names that were not synced, and of each file that was
        not synced its old bytes, a beginning, or a mixture of old, new and empty sectors."""
        found = Memory()
        names = dict(self._durable)
        for name in sorted({*self._now, *self._durable}):
            if self._now.get(name) is not self._durable.get(name) and chance.random() < 0.5:
                if name in self._now:
                    names[name] = self._now[name]
                else:
                    names.pop(name, None)
        for name, content in names.items():
            survived = _Content(_torn(content, chance))
            survived.durable = survived.now
            found._now[name] = found._durable[name] = survived
        return found


def _folder(path: str) -> str:
    parent = str(PurePosixPath(path).parent)
    return "" if parent == "." else parent


def _torn(content: _Content, chance: random.Random) -> bytes:
    if content.durable == content.now:
        return content.now
    old, new = content.durable or b"", content.now
    match chance.randrange(4):
        case 0:
            return old
        case 1:
            return new
        case 2:
            return new[: chance.randrange(len(new) + 1)]
        case _:
            sectors = range(0, len(new), SECTOR)
            parts = [chance.choice((old, new, bytes(len(new))))[at : at + SECTOR] for at in sectors]
            return b"".join(parts)


FaultKind = Literal["no space", "error", "short write", "torn page", "lost power"]


class LostPower(BaseException):
    """Of a test: the machine stopped here. No error of ours, so nothing may catch it and go on."""


@dataclass(slots=True)
class Faulty:
    """Other files with one fault, at the call number ``at`` that changes anything (the first is 0)."""

    inner: Files
    kind: FaultKind
    at: int
    calls: int = field(default=0, init=False)

    def _fails(self) -> bool:
        self.calls += 1
        return self.calls - 1 == self.at

    def _fail(self, path: str) -> None:
        if self.kind == "lost power":
            raise LostPower
        code = errno.ENOSPC if self.kind in ("no space", "short write") else errno.EIO
        raise OSError(code, os.strerror(code), path)

    def read(self, path: str) -> bytes:
        return self.inner.read(path)

    def write(self, path: str, content: bytes) -> None:
        if not self._fails():
            return self.inner.write(path, content)
        if self.kind == "short write":
            self.inner.write(path, content[: len(content) // 2])
        if self.kind == "torn page":
            self.inner.write(path, content[:SECTOR] + bytes(max(0, len(content) - SECTOR)))
        return self._fail(path)

    def sync(self, path: str) -> None:
        self._or_fail(path, lambda: self.inner.sync(path))

    def rename(self, old: str, new: str) -> None:
        self._or_fail(new, lambda: self.inner.rename(old, new))

    def sync_folder(self, path: str) -> None:
        self._or_fail(path, lambda: self.inner.sync_folder(path))

    def remove(self, path: str) -> None:
        self._or_fail(path, lambda: self.inner.remove(path))

    def _or_fail(self, path: str, call: Callable[[], None]) -> None:
        if self._fails():
            self._fail(path)
        call()


_AT_ONCE = 16  # files that wait for the medium together


def _sync_each(files: Files, paths: Sequence[str]) -> None:
    """Return once the content of all of them would survive a loss of power. A folder's files are waited for together:
    the medium then makes many durable with one write of its own journal, where each by itself waits for one."""
    if not isinstance(files, Disk) or len(paths) < _AT_ONCE:
        for path in paths:
            files.sync(path)
        return
    with ThreadPoolExecutor(_AT_ONCE) as waiting:
        for _ in waiting.map(files.sync, paths):  # raises what any of them raised
            pass


def put(files: Files, contents: Mapping[str, bytes]) -> None:
    """Write files, each whole or not at all; all are durable on return. Raises StorageFull.

    Temporary file, fsync, rename, fsync of each folder and of those above it, which may be new as well. After a
    failure some files may be new and none is torn; what failed is written again from its start, for an fsync that
    failed once says nothing when it is asked again.
    """
    written: list[str] = []
    try:
        for path, content in contents.items():
            written.append(path + NEW)
            files.write(path + NEW, content)
        _sync_each(files, written)
        for path in contents:
            files.rename(path + NEW, path)
        folders = {str(folder) for path in contents for folder in PurePosixPath(path).parents}
        for folder in sorted(folders, key=lambda name: (-name.count("/"), name)):
            files.sync_folder("" if folder == "." else folder)
    except OSError as error:
        for path in written:
            try:
                files.remove(path)
            except OSError:  # renamed already, or the disk is gone: what is left is no file of the log
                continue
        name = next(iter(contents), "")
        raise unwritten(PurePosixPath(name).name, error) from error


def write_file(path: Path, content: bytes) -> None:
    """Write one file whole or not at all: temporary file, fsync, rename, fsync of the folder. Raises StorageFull."""
    put(Disk(path.parent), {path.name: content})


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """One file that is written in parts, whole or not at all: as :func:`write_file`. An error within leaves nothing."""
    before = path.with_name(path.name + NEW)
    try:
        with before.open("wb") as file:
            yield file
        disk = Disk(path.parent)
        disk.sync(before.name)
        disk.rename(before.name, path.name)
        disk.sync_folder("")
    except OSError as error:
        raise unwritten(path.name, error) from error
    finally:
        before.unlink(missing_ok=True)
