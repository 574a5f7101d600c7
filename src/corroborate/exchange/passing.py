"""A ZIP of stored entries that passes once, as it is encrypted or decrypted: it is not held whole, and nothing of it
lies on a disk in the clear.
"""

import io
import struct
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyrage

from corroborate.errors import NotVerified
from corroborate.sealed.backups import decrypted
from corroborate.values import Digest
from corroborate.values.digests import Digesting

Parts = bytes | Iterable[bytes]
EPOCH = (1980, 1, 1, 0, 0, 0)  # of every entry: a bundle's time stands in its manifest alone
SHORT = 1 << 26  # bytes: what is shorter is read whole, of longer ones the end, where a ZIP lists its entries
HELD = 1 << 30  # bytes that are held of a longer one
AT_ONCE = 1 << 20  # bytes
_HEAD = struct.Struct("<26xHH")  # of an entry: how long its name and what follows it are


# --- written ----------------------------------------------------------------------------------------------------------


class _Passing(io.RawIOBase):
    """What a ZIP writer wrote since it was asked last. It cannot go back, so sizes stand behind each entry."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._kept += content
        return len(content)

    def taken(self) -> bytes:
        found, self._kept = bytes(self._kept), bytearray()
        return found


def zipped(
    files: Mapping[str, Parts],
    last: Callable[[Mapping[str, tuple[Digest, int]]], bytes],
    names: tuple[str, str],
    length: Callable[[int], int] | None,
) -> Iterator[bytes]:
    """A ZIP of these files. ``names``: of the entry that comes after them, which ``last`` makes of their digests and
    sizes, and of the filling: zeros, until the ZIP is as long as ``length`` says for its length without them."""
    out, found = _Passing(), dict[str, tuple[Digest, int]]()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            content, seen = files[path], Digesting()
            long = not isinstance(content, bytes) or len(content) > zipfile.ZIP64_LIMIT >> 1
            with archive.open(zipfile.ZipInfo(path, EPOCH), "w", force_zip64=long) as entry:
                for part in _pieces(content):
                    seen.add(part)
                    entry.write(part)
                    yield out.taken()
            found[path] = seen.digest(), seen.size
        archive.writestr(zipfile.ZipInfo(names[0], EPOCH), last(found))
        yield out.taken()
        if length is not None:
            with archive.open(zipfile.ZipInfo(names[1], EPOCH), "w") as entry:
                for part in _zeros(_missing(archive, names[1], length)):
                    entry.write(part)
                    yield out.taken()
    yield out.taken()


def _pieces(content: Parts) -> Iterator[bytes]:
    for part in [content] if isinstance(content, bytes) else content:
        for at in range(0, len(part), AT_ONCE):
            yield part[at : at + AT_ONCE]


def _zeros(size: int) -> Iterator[bytes]:
    for at in range(0, size, AT_ONCE):
        yield bytes(min(AT_ONCE, size - at))


def _missing(archive: zipfile.ZipFile, name: str, length: Callable[[int], int]) -> int:
    """How many zeros the filling has. ``archive`` stands where its entry begins."""
    begins = archive.start_dir
    entries = [*((one.filename, one.file_size, one.header_offset) for one in archive.filelist), (name, 0, begins)]

    def whole(zeros: int) -> int:
        ends = begins + 30 + len(name) + zeros + 16  # its head, and its sizes behind it
        return ends + _listing(entries, ends)

    wanted = length(whole(0))
    zeros = wanted - whole(0)
    return max(0, zeros - (whole(zeros) - wanted))  # beyond 2 GiB a ZIP ends with a line more


def _listing(entries: Sequence[tuple[str, int, int]], at: int) -> int:
    """Bytes with which a ZIP ends: its list of entries, which begins ``at`` so many, and what says where that is."""
    most, listed = zipfile.ZIP64_LIMIT, 0
    for name, size, begins in entries:
        more = 16 * (size > most) + 8 * (begins > most)
        listed += 46 + len(name.encode()) + (4 + more if more else 0)
    return listed + 22 + (76 if at > most else 0)


# --- read -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Large:
    """A file in a bundle that is not held: where it begins in what is decrypted, its size and its SHA-256."""

    begins: int
    size: int
    digest: Digest
    zeros: bool  # and nothing else


@dataclass(frozen=True, slots=True)
class Found:
    """The entries of a ZIP: what is held, and what is too long for it."""

    held: Mapping[str, bytes]
    large: Mapping[str, Large]


class _End(io.RawIOBase):
    """A file of which the end alone is here."""

    def __init__(self, size: int, end: bytes) -> None:
        self._size, self._end, self._at = size, end, 0

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = max(0, offset + (0, self._at, self._size)[whence])
        return self._at

    def read(self, size: int = -1) -> bytes:
        begins = self._at - (self._size - len(self._end))
        if begins < 0:
            raise zipfile.BadZipFile("its list of entries is longer than is read")
        found = self._end[begins:] if size < 0 else self._end[begins : begins + size]
        self._at += len(found)
        return found


@dataclass(frozen=True, slots=True)
class Source:
    """A bundle, as bytes or as a file, and the key that opens it. It is decrypted once for each time it is asked."""

    content: bytes | Path
    identity: "pyrage.x25519.Identity"

    def found(self, largest: int, whole: Callable[[str], bool]) -> Found:
        """Its entries, of ``largest`` bytes together at most; of a long one these are held of which ``whole`` says so.
        Raises NotVerified."""
        size, end = self._end()
        with _of_a_stranger():
            with zipfile.ZipFile(_End(size, end)) as archive:
                entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > largest:
                raise NotVerified("the bundle unpacks to more than {most} GB", most=-(-largest >> 30))
            if len({entry.filename for entry in entries}) != len(entries):
                raise NotVerified("the bundle holds one path twice")
            if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
                raise NotVerified("the bundle holds compressed files, which we never write")
            if size <= SHORT:
                with zipfile.ZipFile(io.BytesIO(end)) as archive:
                    return Found({entry.filename: archive.read(entry) for entry in entries}, {})
            if sum(entry.file_size for entry in entries if whole(entry.filename)) > HELD:
                raise NotVerified("the bundle unpacks to more than {most} GB", most=HELD >> 30)
            return self._passed(sorted(entries, key=lambda one: one.header_offset), whole)

    def _passed(self, entries: Sequence[zipfile.ZipInfo], whole: Callable[[str], bool]) -> Found:
        held, large = dict[str, bytes](), dict[str, Large]()
        with self._plain() as plain:
            at = 0
            for entry in entries:
                _skipped(plain, entry.header_offset - at)
                name, more = _HEAD.unpack(b"".join(_taken(plain, _HEAD.size)))
                _skipped(plain, name + more)
                at = entry.header_offset + _HEAD.size + name + more
                if whole(entry.filename):
                    held[entry.filename] = b"".join(_taken(plain, entry.file_size))
                else:
                    seen, zeros = Digesting(), True
                    for part in _taken(plain, entry.file_size):
                        seen.add(part)
                        zeros = zeros and not part.strip(b"\0")
                    large[entry.filename] = Large(at, entry.file_size, seen.digest(), zeros)
                at += entry.file_size
        return Found(held, large)

    def _end(self) -> tuple[int, bytes]:
        """How long what is decrypted is, and its end."""
        kept, here, size = deque[bytes](), 0, 0
        with self._plain() as plain:
            while part := plain.read(AT_ONCE):
                kept.append(part)
                size, here = size + len(part), here + len(part)
                while here - len(kept[0]) >= SHORT:
                    here -= len(kept.popleft())
        return size, b"".join(kept)

    def each(self, files: Mapping[str, Large]) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Files that were not held, in parts, each to be read before the next. Raises NotVerified where one is not what
        was found before."""
        with self._plain() as plain:
            at = 0
            for path, one in sorted(files.items(), key=lambda each: each[1].begins):
                _skipped(plain, one.begins - at)
                yield path, _as_found(plain, one)
                at = one.begins + one.size

    @contextmanager
    def _plain(self) -> Iterator[IO[bytes]]:
        content = self.content
        with (
            io.BytesIO(content) if isinstance(content, bytes) else content.open("rb") as file,
            decrypted(file, self.identity, _changed) as plain,
        ):
            yield plain


def _changed() -> NotVerified:
    return NotVerified("the bundle does not open with this key, or was changed on its way")


def _as_found(plain: IO[bytes], one: Large) -> Iterator[bytes]:
    seen = Digesting()
    for part in _taken(plain, one.size):
        seen.add(part)
        yield part
    if seen.digest() != one.digest:
        raise _changed()


def _taken(plain: IO[bytes], size: int) -> Iterator[bytes]:
    """So many bytes, in parts. Raises NotVerified where they end before."""
    while size > 0:
        part = plain.read(min(size, AT_ONCE))
        if not part:
            raise _changed()
        size -= len(part)
        yield part


def _skipped(plain: IO[bytes], size: int) -> None:
    if size < 0:
        raise NotVerified("the entries of the bundle lie over one another")
    for _ in _taken(plain, size):
        pass


@contextmanager
def _of_a_stranger() -> Iterator[None]:
    """Of other versions, encrypted, cut short: whatever a stranger made that ends in an error of the reader's."""
    try:
        yield
    except (zipfile.BadZipFile, ValueError, RuntimeError, EOFError, struct.error, zlib.error) as error:
        raise NotVerified("what the age file holds is no bundle: {error}", error=error) from error
