"""Where sealed bytes lie: a folder, memory, or a bucket (``buckets.py``). All pass the same tests."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import obstore
from obstore.store import LocalStore

from corroborate.errors import NO_ROOM, InvalidValue, NotWritten, StorageFull, unwritten

READ = 1 << 16  # bytes asked for at once


@dataclass(frozen=True, slots=True)
class Look:
    """What a store says of itself. ``advice``: nothing is wrong, yet something should be done."""

    state: Literal["good", "advice", "wrong"]
    words: str


class ObjectStore(Protocol):
    """Whole objects by path. Knows nothing of what they hold. One that is elsewhere raises StoreAway when it does not
    answer, or refuses."""

    def put(self, path: str, parts: Iterable[bytes]) -> None:
        """Write an object whole or not at all. Raises StorageFull."""
        ...

    def get(self, path: str) -> Iterator[bytes]:
        """Its bytes in parts. Raises InvalidValue when nothing is there."""
        ...

    def part(self, path: str, start: int, stop: int) -> bytes:
        """Its bytes from one place to before another, fewer where it ends. Raises InvalidValue for none."""
        ...

    def look(self) -> Look:
        """Whether it is there, and erases what it is told to erase. What a crash left half-written goes."""
        ...

    def has(self, path: str) -> bool: ...

    def delete(self, path: str) -> None:
        """Remove it; nothing happens when it is not there."""
        ...

    def paths(self) -> list[str]:
        """All paths in order."""
        ...


class FolderStore:
    """Objects as files under a folder, each put in place by rename."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._store = LocalStore(prefix=folder, mkdir=True)

    def put(self, path: str, parts: Iterable[bytes]) -> None:
        try:
            obstore.put(self._store, path, iter(parts), use_multipart=True)
        except OSError as error:
            raise unwritten(f"the sealed file {path}", error) from error
        except obstore.exceptions.BaseError as error:  # the store's own; it gives the operating system's words alone
            words = str(error).splitlines()[0]
            full = any(os.strerror(code) in str(error) for code in NO_ROOM)
            raise (StorageFull if full else NotWritten)(
                f"the sealed file {path} could not be written: {words}"
            ) from error

    def get(self, path: str) -> Iterator[bytes]:
        try:
            found = obstore.get(self._store, path)
        except FileNotFoundError as error:
            raise InvalidValue("no sealed file {path}", path=path) from error
        for part in found.stream(min_chunk_size=READ):
            yield bytes(part)

    def part(self, path: str, start: int, stop: int) -> bytes:
        try:
            with (self._folder / path).open("rb") as file:
                file.seek(start)
                return file.read(stop - start)
        except FileNotFoundError as error:
            raise InvalidValue("no sealed file {path}", path=path) from error

    def has(self, path: str) -> bool:
        return (self._folder / path).is_file()

    def delete(self, path: str) -> None:
        if self.has(path):
            obstore.delete(self._store, path)

    def paths(self) -> list[str]:
        return sorted(found["path"] for batch in obstore.list(self._store) for found in batch)

    def look(self) -> Look:
        return Look("good", "the folder of the vault")


class MemoryStore:
    """Objects in memory: for a simulation, and for what must never touch a disk."""

    def __init__(self) -> None:
        self._objects: dict[str, bytes] = {}

    def put(self, path: str, parts: Iterable[bytes]) -> None:
        self._objects[path] = b"".join(parts)

    def get(self, path: str) -> Iterator[bytes]:
        if path not in self._objects:
            raise InvalidValue("no sealed file {path}", path=path)
        content = self._objects[path]
        for at in range(0, len(content), READ):
            yield content[at : at + READ]

    def part(self, path: str, start: int, stop: int) -> bytes:
        if path not in self._objects:
            raise InvalidValue("no sealed file {path}", path=path)
        return self._objects[path][start:stop]

    def has(self, path: str) -> bool:
        return path in self._objects

    def delete(self, path: str) -> None:
        self._objects.pop(path, None)

    def paths(self) -> list[str]:
        return sorted(self._objects)

    def look(self) -> Look:
        return Look("good", "memory")
