"""A log on disk as C2SP tlog-tiles. Tiles go before the checkpoint, each by rename."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from corroborate.custody.merkle import Tree, leaf_hash, node_hash
from corroborate.errors import InvalidValue, StorageFull

WIDTH = 256


def tile_path(level: int | str, index: int, width: int = WIDTH) -> str:
    """``tile/0/x001/x234/067``, and ``.p/W`` for a tile of less than 256."""
    text = f"{index % 1000:03}"
    while index >= 1000:
        index //= 1000
        text = f"x{index % 1000:03}/{text}"
    return f"tile/{level}/{text}" + (f".p/{width}" if width < WIDTH else "")


def write_file(path: Path, content: bytes) -> None:
    """Write whole or not at all: temporary file, fsync, rename, fsync of the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".new")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise StorageFull(f"{path.name} could not be written: {error.strerror}") from error
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _hash_tiles(leaves: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    level, hashes = 0, list(leaves)
    while hashes:
        for index in range(0, len(hashes), WIDTH):
            part = hashes[index : index + WIDTH]
            yield tile_path(level, index // WIDTH, len(part)), b"".join(part)
        hashes = [_tile_root(hashes[at : at + WIDTH]) for at in range(0, len(hashes) - WIDTH + 1, WIDTH)]
        level += 1


def _tile_root(hashes: Sequence[bytes]) -> bytes:
    while len(hashes) > 1:
        hashes = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
    return hashes[0]


def _bundles(entries: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    for index in range(0, len(entries), WIDTH):
        part = entries[index : index + WIDTH]
        content = b"".join(len(entry).to_bytes(2, "big") + entry for entry in part)
        yield tile_path("entries", index // WIDTH, len(part)), content


def write_log(folder: Path, entries: Sequence[bytes], checkpoint: bytes) -> None:
    """Write entry bundles and hash tiles that are not there yet, and the checkpoint last."""
    leaves = [leaf_hash(entry) for entry in entries]
    for name, content in [*_bundles(entries), *_hash_tiles(leaves)]:
        path = folder / name
        if not path.exists() or path.stat().st_size != len(content):
            write_file(path, content)
    write_file(folder / "checkpoint", checkpoint)


def read_entries(folder: Path, size: int) -> list[bytes]:
    """The first ``size`` entries of a log, from its bundles."""
    entries: list[bytes] = []
    for index in range((size + WIDTH - 1) // WIDTH):
        width = min(WIDTH, size - index * WIDTH)
        path = next(
            (
                p
                for p in (folder / tile_path("entries", index, width), folder / tile_path("entries", index))
                if p.exists()
            ),
            None,
        )
        if path is None:
            raise InvalidValue(f"the log lacks {tile_path('entries', index, width)}")
        content, at = path.read_bytes(), 0
        for _ in range(width):
            length = int.from_bytes(content[at : at + 2], "big")
            entries.append(content[at + 2 : at + 2 + length])
            at += 2 + length
        if at > len(content):
            raise InvalidValue(f"{path.name} ends in the middle of an entry")
    return entries


def read_tree(folder: Path, size: int) -> Tree:
    return Tree([leaf_hash(entry) for entry in read_entries(folder, size)])
