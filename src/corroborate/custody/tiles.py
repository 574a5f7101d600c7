"""A log on disk as C2SP tlog-tiles: hash tiles and entry bundles first, the checkpoint last.

Each function's docstring names the clause of the specification it follows. Tiles are the log's public face; the
vault's database holds the same entries with their salts, and the tiles can be made from it anew.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from corroborate.custody.files import Disk, Files, put, write_file
from corroborate.custody.merkle import EMPTY_ROOT, HashTree, Tree, leaf_hashes, parents
from corroborate.custody.notes import Checkpoint, Note
from corroborate.errors import InvalidValue, NotVerified

WIDTH = 256
HEIGHT = 8  # levels of the tree in a tile: 2**8 == WIDTH
STRETCH = WIDTH * WIDTH  # entries written at once: a full tile of full tiles
HASH = 32  # bytes
LONGEST = 0xFFFF  # bytes of an entry: its length stands before it in two bytes
CHECKPOINT = "checkpoint"


def tile_path(level: int | str, index: int, width: int = WIDTH) -> str:
    """``tile/0/x001/x234/067``, and ``.p/W`` for a tile of less than 256 (section "Merkle Tree")."""
    text = f"{index % 1000:03}"
    while index >= 1000:
        index //= 1000
        text = f"x{index % 1000:03}/{text}"
    return f"tile/{level}/{text}" + (f".p/{width}" if width < WIDTH else "")


def bundle(entries: Sequence[bytes]) -> bytes:
    """Section "Log entries": each entry after its length in two bytes, big end first."""
    for entry in entries:
        if len(entry) > LONGEST:
            raise InvalidValue(
                "an entry of {number} bytes is longer than a log's {longest}", number=len(entry), longest=LONGEST
            )
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def read_bundle(content: bytes, width: int) -> list[bytes]:
    """The first ``width`` entries of a bundle. Raises InvalidValue when it holds fewer."""
    entries, at = [], 0
    for _ in range(width):
        length = int.from_bytes(content[at : at + 2], "big")
        if at + 2 + length > len(content):
            raise InvalidValue("an entry bundle ends in the middle of an entry")
        entries.append(content[at + 2 : at + 2 + length])
        at += 2 + length
    return entries


def _tile_root(hashes: Sequence[bytes]) -> bytes:
    while len(hashes) > 1:
        hashes = parents(hashes)
    return hashes[0]


class TileTree(HashTree):
    """A tree of ``size`` leaves read from tiles, each tile once. Nothing in it is trusted before its root is checked.

    Raises InvalidValue for a tile that is missing or of another length.
    """

    def __init__(self, files: "_Readable", size: int) -> None:
        self._files, self._size = files, size
        self._tile = lru_cache(maxsize=1024)(self._read)

    @property
    def size(self) -> int:
        return self._size

    def _read(self, level: int, index: int) -> list[bytes]:
        width = min(WIDTH, (self._size >> HEIGHT * level) - index * WIDTH)
        content = _read_wide(self._files, level, index, width)
        if len(content) < width * HASH:
            raise InvalidValue(
                ("{tile_path} is shorter than {width} hash", "{tile_path} is shorter than {width} hashes"),
                tile_path=tile_path(level, index, width),
                width=width,
            )
        return [content[at : at + HASH] for at in range(0, width * HASH, HASH)]

    def node(self, level: int, index: int) -> bytes:
        tile_level, height = divmod(level, HEIGHT)
        tile, at = divmod(index << height, WIDTH)
        return _tile_root(self._tile(tile_level, tile)[at : at + (1 << height)])

    def edge(self, level: int) -> list[bytes]:
        """The hashes of the last, partial tile of a level; empty where the last one is full."""
        index, width = divmod(self._size >> HEIGHT * level, WIDTH)
        return self._tile(level, index) if width else []


def _read_wide(files: "_Readable", level: int | str, index: int, width: int) -> bytes:
    """A tile of a width, or the full one in its place: a log may drop a partial tile once the full one is there."""
    for name in dict.fromkeys((tile_path(level, index, width), tile_path(level, index))):
        try:
            return files.read(name)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise InvalidValue("{name} cannot be read: {strerror}", name=name, strerror=error.strerror) from error
    raise InvalidValue("the log lacks {tile_path}", tile_path=tile_path(level, index, width))


def _grown(edges: Iterator[list[bytes]], size: int, leaves: list[bytes]) -> Iterator[tuple[str, bytes]]:
    """Hash tiles that come with new leaves: partial and full ones of each level that changes."""
    level, new = 0, leaves
    while new:
        hashes = next(edges) + new
        first = size // WIDTH
        full = []
        for at in range(0, len(hashes), WIDTH):
            part = hashes[at : at + WIDTH]
            yield tile_path(level, first + at // WIDTH, len(part)), b"".join(part)
            if len(part) == WIDTH:
                full.append(_tile_root(part))
        size, level, new = size // WIDTH, level + 1, full


class Log:
    """A log's files: what stands there, and what comes after it. The caller signs; this class holds no key.

    :meth:`extend` writes tiles, :meth:`publish` the checkpoint. Tiles beyond the published size are not yet part of
    the log: they are written again whenever they are needed, because nobody knows whether they became durable.
    """

    def __init__(self, files: Files) -> None:
        self._files = files

    @classmethod
    def at(cls, folder: Path) -> "Log":
        return cls(Disk(folder))

    def checkpoint(self) -> bytes | None:
        """The published note, or None where nothing was published yet. Raises InvalidValue when it cannot be read."""
        try:
            return self._files.read(CHECKPOINT)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise InvalidValue("the checkpoint cannot be read: {strerror}", strerror=error.strerror) from error

    def size(self) -> int:
        """Entries under the published checkpoint."""
        note = self.checkpoint()
        return 0 if note is None else Checkpoint.parse(Note.parse(note).text).size

    def tree(self, size: int | None = None) -> TileTree:
        return TileTree(self._files, self.size() if size is None else size)

    def extend(self, size: int, root: bytes, entries: Sequence[bytes]) -> bytes:
        """Write the tiles of the log of ``size`` with ``entries`` after it, durably; return the new root.

        ``root``: the one that was signed at ``size``; tiles that lead to another are refused with NotVerified, so
        that a damaged tile is never signed. With no entries nothing is written.
        """
        before = TileTree(self._files, size)
        if before.root() != root:
            raise NotVerified("the tiles on disk do not lead to the root signed at size {size}", size=size)
        if not entries:
            return root
        leaves = leaf_hashes(entries)
        edges = (before.edge(level) for level in range(64))
        files = dict(_grown(edges, size, leaves))
        first, width = divmod(size, WIDTH)
        held = read_bundle(_read_wide(self._files, "entries", first, width), width) if width else []
        if leaf_hashes(held) != before.edge(0):
            raise NotVerified("the entries before {size} are not those of the tiles", size=size)
        whole = [*held, *entries]
        for at in range(0, len(whole), WIDTH):
            part = whole[at : at + WIDTH]
            files[tile_path("entries", first + at // WIDTH, len(part))] = bundle(part)
        after = TileTree(_Overlaid(self._files, files), size + len(entries))
        new = after.root()
        put(self._files, files)
        return new

    def grow(self, size: int, root: bytes, to: int, entries: "Entries") -> bytes:
        """:meth:`extend` up to the size ``to``, whole tiles of tiles at a time: what is held in memory does not grow
        with the number of entries. Raises NotVerified where fewer are there."""
        while size < to:
            end = min(size - size % STRETCH + STRETCH, to)
            new = entries(size, end)
            if len(new) != end - size:
                raise NotVerified(
                    "of the entries from {size} to {end} only {number} are there", size=size, end=end, number=len(new)
                )
            size, root = end, self.extend(size, root, new)
        return root

    def publish(self, note: bytes) -> None:
        """Put the checkpoint in place, durably. To be called when :meth:`extend` has returned and the note is kept."""
        put(self._files, {CHECKPOINT: note})

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        """Entries from start to end of the published log, bundle by bundle."""
        size = self.size()
        if not 0 <= start <= end <= size:
            raise InvalidValue(
                ("the log has {size} entry, not {end}", "the log has {size} entries, not {end}"), size=size, end=end
            )
        for index in range(start // WIDTH, (end + WIDTH - 1) // WIDTH):
            width = min(WIDTH, size - index * WIDTH)
            found = read_bundle(_read_wide(self._files, "entries", index, width), width)
            yield from found[max(0, start - index * WIDTH) : end - index * WIDTH]

    def check(self) -> int:
        """Recompute everything from the entries up: bundles, every hash tile, the root. Return the size.

        Raises NotVerified or InvalidValue with the first tile that is not what it must be. Memory: the tree's hashes.
        """
        note = self.checkpoint()
        if note is None:
            return 0
        checkpoint = Checkpoint.parse(Note.parse(note).text)
        size, level = checkpoint.size, 0
        hashes = leaf_hashes(self.entries(0, size))
        while hashes:
            full = []
            for at in range(0, len(hashes), WIDTH):
                part = hashes[at : at + WIDTH]
                if _read_wide(self._files, level, at // WIDTH, len(part))[: HASH * len(part)] != b"".join(part):
                    raise NotVerified(
                        "{tile_path} is not what its entries give", tile_path=tile_path(level, at // WIDTH, len(part))
                    )
                if len(part) == WIDTH:
                    full.append(_tile_root(part))
            level, hashes = level + 1, full
        if self.tree(size).root() != checkpoint.root:
            raise NotVerified("the entries on disk do not give the root that was signed")
        return size

    def bring_up(self, note: bytes, entries: "Entries") -> None:
        """Bring the files up to a signed checkpoint: tiles that are not there yet, and the checkpoint last.

        Takes up from the published checkpoint where that one fits, and writes all tiles anew where it does not (a
        crash, a tile that was damaged or removed). Files that are ahead of the note are left alone: NotVerified.
        """
        wanted = Checkpoint.parse(Note.parse(note).text)
        try:
            size = self.size()
        except InvalidValue:
            return self.rebuild(note, entries)
        if size > wanted.size:
            raise NotVerified(
                (
                    "the log's folder is at {size} entry, beyond the {size2} of this checkpoint",
                    "the log's folder is at {size} entries, beyond the {size2} of this checkpoint",
                ),
                size=size,
                size2=wanted.size,
            )
        try:
            root = self.tree(size).root()
            fits = self.grow(size, root, wanted.size, entries) == wanted.root
        except (InvalidValue, NotVerified):
            fits = False  # what is there is damaged
        return self.publish(note) if fits else self.rebuild(note, entries)

    def rebuild(self, note: bytes, entries: "Entries") -> None:
        """Write all tiles anew from the entries that the database holds, then the checkpoint.

        Raises NotVerified, and writes no checkpoint, when they do not give the note's root.
        """
        wanted = Checkpoint.parse(Note.parse(note).text)
        if self.grow(0, EMPTY_ROOT, wanted.size, entries) != wanted.root:
            raise NotVerified("the database does not hold the entries of the checkpoint")
        self.publish(note)


Entries = Callable[[int, int], Sequence[bytes]]  # the entries from one index to another, out of the database


class _Readable(Protocol):
    def read(self, path: str) -> bytes: ...


class _Overlaid:
    """Files as they will be once ``new`` is written."""

    def __init__(self, files: _Readable, new: Mapping[str, bytes]) -> None:
        self._files, self._new = files, new

    def read(self, path: str) -> bytes:
        return self._new[path] if path in self._new else self._files.read(path)


def write_log(folder: Path, entries: Sequence[bytes], checkpoint: bytes) -> None:
    """:meth:`Log.bring_up` for a folder, and entries that are all at hand."""
    Log.at(folder).bring_up(checkpoint, lambda start, end: entries[start:end])


def read_entries(folder: Path, size: int) -> list[bytes]:
    """The first ``size`` entries of a log, from its bundles."""
    files, entries = Disk(folder), list[bytes]()
    for index in range((size + WIDTH - 1) // WIDTH):
        width = min(WIDTH, size - index * WIDTH)
        entries += read_bundle(_read_wide(files, "entries", index, width), width)
    return entries


def read_tree(folder: Path, size: int) -> Tree:
    return Tree(leaf_hashes(read_entries(folder, size)))


__all__ = [
    "Log",
    "TileTree",
    "bundle",
    "read_bundle",
    "read_entries",
    "read_tree",
    "tile_path",
    "write_file",
    "write_log",
]
