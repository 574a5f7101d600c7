"""A backup in one file that other programs read too: a tar of what opens it and of what is locked.

    README.txt     what this is and how it is opened without this program
    slots.json     what opens it: the slots of the vault at that time, each with the master key under one secret
    content.age    a tar of the vault's files, encrypted to the vault's backup key (age, X25519)
    manifest.age   what is in it, with a digest of each file, encrypted to the same key

The backup key comes from the master key (HKDF), so whatever opens the vault opens its backups, and nothing else does.
Everything is streamed: neither side holds more than a part of a file in memory.
"""

import io
import json
import os
import queue
import tarfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any

import pyrage

from corroborate.errors import CorroborateError, InputRefused, NotVerified, unwritten
from corroborate.sealed.slots import SEED, AnySlot, derive, read_slots, write_slots
from corroborate.translation import Sentence

ENDING = ".backup"
READ = 1 << 18  # bytes asked for at once
_BLOCK = tarfile.BLOCKSIZE
_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"  # of Bech32 (BIP 173), in which age writes its keys
_SLOTS, _CONTENT, _MANIFEST, _README = "slots.json", "content.age", "manifest.age", "README.txt"
_LARGEST = 1 << 28  # bytes of a manifest, and of slots: a foreign file must not exhaust the machine
_NOTHING = Sentence("Give a file that `corroborate backup` wrote. Nothing was changed.")
_SAID = """\
A backup of a vault of Corroborate. It is locked.

With the program:    corroborate restore FILE NEW-FOLDER
It opens with the passphrase, security key or shares that opened the vault on the day it was made.

Without it: slots.json holds the vault's master key under the passphrase (Argon2id, then AES-256-GCM).
HKDF-SHA-256 of the master key, info "corroborate/v1/backups", gives the age key (AGE-SECRET-KEY-1...) of the
two other files:    age -d -i KEY content.age | tar x
"""


@dataclass(frozen=True, slots=True)
class Part:
    """A file to go into a backup. ``name``: below the vault's folder. ``content``: gives its bytes, all ``size``."""

    name: str
    size: int
    content: Callable[[], Iterator[bytes]]


def identity_of(master: bytes, purpose: str = "backups") -> "pyrage.x25519.Identity":
    """The age key that opens a vault's backups, from the vault's master key; or one for another purpose."""
    return pyrage.x25519.Identity.from_str(_bech32("age-secret-key-", derive(master, purpose)).upper())


def of_a_store(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Bytes that one object store gives, for another to take: read in a thread of their own, a few parts ahead, for a
    store does not read while it writes."""
    waiting: queue.Queue[bytes | BaseException | None] = queue.Queue(maxsize=4)
    ended = threading.Event()

    def hand(one: bytes | BaseException | None) -> None:
        while not ended.is_set():
            with suppress(queue.Full):
                waiting.put(one, timeout=0.5)
                return

    def work() -> None:
        try:
            for part in parts:
                hand(part)
            hand(None)
        except (CorroborateError, OSError) as error:
            hand(error)

    threading.Thread(target=work, name="reading a store", daemon=True).start()
    try:
        while (one := waiting.get()) is not None:
            if isinstance(one, BaseException):
                raise one
            yield one
    finally:
        ended.set()


def _bech32(prefix: str, content: bytes) -> str:
    """BIP 173: groups of five bits, and a checksum of six letters."""
    bits = "".join(f"{byte:08b}" for byte in content)
    bits += "0" * (-len(bits) % 5)
    groups = [int(bits[at : at + 5], 2) for at in range(0, len(bits), 5)]
    spread = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    check = _polymod([*spread, *groups, *[0] * 6]) ^ 1
    groups += [(check >> 5 * (5 - at)) & 31 for at in range(6)]
    return prefix + "1" + "".join(_ALPHABET[one] for one in groups)


def _polymod(values: Iterable[int]) -> int:
    generators, check = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3), 1
    for value in values:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for at, generator in enumerate(generators):
            check ^= generator if top >> at & 1 else 0
    return check


class _Reader(io.RawIOBase):
    """Bytes of an iterator, as a file that is read once. What its source raised is kept: the reading library may lose
    it on the way."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts, self._rest, self._at = iter(parts), b"", 0
        self.failed: BaseException | None = None

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        try:
            while self._at >= len(self._rest) and (following := next(self._parts, None)) is not None:
                self._rest, self._at = following, 0
        except BaseException as error:
            self.failed = error
            raise
        taken = self._rest[self._at :] if size < 0 else self._rest[self._at : self._at + size]
        self._at += len(taken)
        return taken


class _Writer(io.RawIOBase):
    """A file that keeps what went wrong when it was written: the writing library may lose it on the way."""

    def __init__(self, file: IO[bytes] | io.RawIOBase) -> None:
        self._file = file
        self.failed: BaseException | None = None

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int | None:
        try:
            return self._file.write(content)
        except BaseException as error:
            self.failed = error
            raise


def encrypted(file: IO[bytes] | io.RawIOBase, recipients: Sequence[Any], parts: Iterable[bytes]) -> None:
    """Write parts to a file in the age format. Raises what the parts or the file raised."""
    reader, writer = _Reader(parts), _Writer(file)
    try:
        pyrage.encrypt_io(reader, writer, recipients)
    finally:
        if (failed := reader.failed or writer.failed) is not None:
            raise failed


def packed(parts: Iterable[Part]) -> Iterator[bytes]:
    """A tar (POSIX.1-2001) of files, without owners and times. Raises InputRefused where a file changed its size."""
    for part in parts:
        info = tarfile.TarInfo(part.name)
        info.size, info.mode = part.size, 0o600
        yield info.tobuf(tarfile.PAX_FORMAT)
        left = part.size
        for content in part.content():
            left -= len(content)
            yield content
        if left:
            raise InputRefused("{name} was written while it was read", name=part.name).advising(
                Sentence("Run it again.")
            )
        yield b"\0" * (-part.size % _BLOCK)
    yield b"\0" * (2 * _BLOCK)


def write(
    file: IO[bytes], slots: Sequence[AnySlot], master: bytes, parts: Iterable[Part], manifest: Callable[[], Any]
) -> None:
    """Write a backup to a file that is open and empty. ``manifest``: what is in it, asked when the parts were read.

    Raises StorageFull where the file could not be written, and what the parts raise.
    """
    recipient = identity_of(master).to_public()
    try:
        for name, text in ((_README, _SAID), (_SLOTS, write_slots(slots))):
            content = text.encode()
            member(file, name, partial(file.write, content))
        member(file, _CONTENT, lambda: encrypted(file, [recipient], packed(parts)))
        about = json.dumps(manifest(), ensure_ascii=False).encode()
        member(file, _MANIFEST, lambda: encrypted(file, [recipient], [about]))
        ended(file)
    except OSError as error:
        raise unwritten(Sentence("the backup"), error) from error


def ended(file: IO[bytes]) -> None:
    """The end of the outer tar, and of writing it."""
    file.write(b"\0" * (2 * _BLOCK))
    file.flush()
    os.fsync(file.fileno())


def member(file: IO[bytes], name: str, write_it: Callable[[], object]) -> None:
    """One file of the outer tar, whose size is known when it is written: its head is put in place then."""
    head = file.tell()
    file.write(b"\0" * _BLOCK)
    write_it()
    end = file.seek(0, io.SEEK_END)
    info = tarfile.TarInfo(name)
    info.size, info.mode = end - head - _BLOCK, 0o600
    file.seek(head)
    file.write(info.tobuf(tarfile.GNU_FORMAT))  # whose head is one block, whatever the size
    file.seek(end)
    file.write(b"\0" * (-end % _BLOCK))


def slots_of(path: Path) -> tuple[AnySlot, ...]:
    """What opens a backup. Raises InputRefused where the file is none."""
    with _outer(path, _SLOTS) as file:
        return read_slots(file.read(_LARGEST).decode("utf-8", "replace"))


def manifest_of(path: Path, master: bytes) -> dict[str, Any]:
    """What is in a backup. Raises InputRefused, NotVerified."""
    with _outer(path, _MANIFEST) as file:
        try:
            content = pyrage.decrypt(file.read(_LARGEST), [identity_of(master)])
            found: dict[str, Any] = json.loads(content)
        except (pyrage.DecryptError, OSError, ValueError) as error:
            raise _changed(path) from error
    return found


def _changed(path: Path) -> NotVerified:
    error = NotVerified(
        "{name} does not open with this key, or was cut or changed since it was written", name=path.name
    )
    error.remedy = "Take another backup, the newest before it. Nothing was written."
    return error


@contextmanager
def _outer(path: Path, name: str) -> Iterator[IO[bytes]]:
    """One file of the outer tar."""
    try:
        with tarfile.open(path, "r:") as outer:
            found = outer.extractfile(name)
            if found is None:
                raise KeyError(name)
            yield found
    except (tarfile.TarError, KeyError) as error:
        raise InputRefused("{name} is no backup of a vault, or is cut off", name=path.name).advising(
            _NOTHING
        ) from error
    except OSError as error:
        raise InputRefused("{name} cannot be read: {why}", name=path.name, why=error.strerror or str(error)).advising(
            _NOTHING
        ) from error


def contents(path: Path, master: bytes) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The files in a backup, in the order in which they were written, each to be read before the next is asked for.

    Raises InputRefused where the file is no backup, NotVerified where anything of it was changed or is missing.
    """
    with _outer(path, _CONTENT) as file:
        yield from unpacked(file, identity_of(master), partial(_changed, path))


def unpacked(
    file: IO[bytes], identity: Any, changed: Callable[[], NotVerified]
) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The files of a tar in an age file, each to be read before the next is asked for. ``changed``: what is raised
    where anything of it is not as it was written."""
    with decrypted(file, identity, changed) as plain:
        try:
            with tarfile.open(fileobj=plain, mode="r|") as inner:
                for info in inner:
                    if not info.isreg() or not _inside(info.name):
                        raise InputRefused(
                            "a backup holds {name!r}, which is no file of a vault", name=info.name
                        ).advising(_NOTHING)
                    found = inner.extractfile(info)
                    if found is None:
                        raise changed()
                    yield info.name, _parts(found, changed)
        except tarfile.TarError as error:
            raise changed() from error


def _parts(file: IO[bytes], changed: Callable[[], NotVerified]) -> Iterator[bytes]:
    try:
        while part := file.read(READ):
            yield part
    except tarfile.TarError as error:
        raise changed() from error


def _inside(name: str) -> bool:
    """Whether a name stays in the folder that it is written into, on every system."""
    parts = PurePosixPath(name).parts
    return bool(parts) and name == "/".join(parts) and not {"..", "."} & set(parts) and not set(name) & set("\\:\0")


@contextmanager
def decrypted(file: IO[bytes], identity: Any, changed: Callable[[], NotVerified]) -> Iterator[IO[bytes]]:
    """What an age file holds, as a stream: a thread decrypts while the other side reads."""
    out, into = os.pipe()
    failed: list[BaseException] = []

    def work() -> None:
        try:
            with os.fdopen(into, "wb", buffering=READ) as writer:
                pyrage.decrypt_io(file, writer, [identity])
        except BrokenPipeError:
            pass  # whoever reads has stopped
        except (pyrage.DecryptError, OSError, ValueError) as error:
            failed.append(error)

    thread = threading.Thread(target=work, name="decrypting", daemon=True)
    with os.fdopen(out, "rb", buffering=READ) as plain:
        thread.start()
        try:
            yield plain
            while plain.read(READ):  # to the end: what is authentic is known there
                pass
        except tarfile.TarError as error:
            raise changed() from error
    thread.join()
    if failed:
        raise changed() from failed[0]


__all__ = [
    "ENDING",
    "SEED",
    "Part",
    "contents",
    "decrypted",
    "encrypted",
    "ended",
    "identity_of",
    "manifest_of",
    "member",
    "of_a_store",
    "packed",
    "slots_of",
    "unpacked",
    "write",
]
